"""Hypothesis, the same on every machine; and a clock that isn't UTC, so that code that leans on the machine's zone fails."""

import gc
import os
import time
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("book", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("book")

os.environ["TZ"] = "Asia/Kolkata"
if hasattr(time, "tzset"):  # not on Windows
    time.tzset()


@pytest.fixture(autouse=True, scope="module")
def _no_collection_within_a_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """`multipletests(method="holm")` of statsmodels collects garbage at each call: half a second where much is loaded."""
    if "multipletests" not in vars(request.module):
        yield
        return
    with mock.patch.object(gc, "collect"):
        yield
