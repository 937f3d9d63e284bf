"""Planning and reading experiments, and probability, as code you could write in the room. Serves docs/chapters/experiments/index.md."""
