"""Code of the chapter on debugging, by page and topic. Serves docs/chapters/debugging/index.md."""
