"""Numbers and figures of the full designs. Serves docs/systems/fraud.md and the designs beside it."""
