"""Estimates for a design on a whiteboard, as code you could write in the room. Serves docs/chapters/lifecycle.md."""
