"""Code of the data-audit chapter: labels, leaks, splits. Serves docs/chapters/data-audit/index.md."""
