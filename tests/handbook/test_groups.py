"""Tests that share a costly fixture stay with one worker; when they don't, nothing fails and the run takes minutes more."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("kept")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest, worker_id: str) -> None:
    """By the suffix that pytest-xdist appends; pytest 9.2 loses it (pytest-xdist issue 1386)."""
    assert worker_id == "master" or request.node.nodeid.endswith("@kept")
