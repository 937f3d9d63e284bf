"""Coding rounds as ML plumbing. Serves docs/chapters/coding/index.md."""
