"""Code of the framing chapter. Serves docs/chapters/framing.md."""
