"""The figures on concept cards, each from a formula or a small exact model. Serves docs/chapters/fundamentals/index.md."""
