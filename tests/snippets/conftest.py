"""Hypothesis, the same on every machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("book", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("book")
