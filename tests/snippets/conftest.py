"""Hypothesis, the same on every machine; and a clock that isn't UTC, so that code that leans on the machine's zone fails."""

import os
import time

from hypothesis import HealthCheck, settings

settings.register_profile("book", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("book")

os.environ["TZ"] = "Asia/Kolkata"
if hasattr(time, "tzset"):  # not on Windows
    time.tzset()
