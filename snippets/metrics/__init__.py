"""Metrics as code you could write in the room. Serves docs/chapters/metrics/index.md."""
