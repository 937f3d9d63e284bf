"""Watching a model in production: drift, alerts, quality without labels, slices. Serves docs/chapters/monitoring.md."""
