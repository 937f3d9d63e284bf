"""Schema, missing rate and skew, against pandas and by the cases that interviewers ask about."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from snippets.monitoring import contract
from snippets.monitoring.contract import Field

SCHEMA = {
    "amount": Field((int, float), low=0, high=10_000),
    "country": Field(str, allowed=frozenset({"US", "DE"})),
    "note": Field(str, required=False),
}


def test_each_promise_broken_once() -> None:
    rows = [
        {"amount": 5.0, "country": "US", "note": None},
        {"amount": -1, "country": "DE"},
        {"amount": float("nan"), "country": "FR", "note": "x"},
        {"amount": True, "country": 7, "extra": 1},
    ]
    assert contract.broken_promises(rows, SCHEMA) == {
        ("amount", "range"): 1,
        ("amount", "missing"): 1,
        ("amount", "type"): 1,
        ("country", "unknown"): 1,
        ("country", "type"): 1,
        ("extra", "extra"): 1,
    }
    assert contract.broken_promises([], SCHEMA) == {}
    assert contract.broken_promises([{"on": True}], {"on": Field(bool)}) == {}


def test_missing_rate_of_a_large_window_needs_the_spread_of_ordinary_days() -> None:
    # 1.05 % against 1 % of a million: 5 standard errors, and an ordinary day
    assert contract.missing_rate_alarm(10_500, 1_000_000, 0.01, 0.0, 3.93)
    assert not contract.missing_rate_alarm(10_500, 1_000_000, 0.01, 0.001, 3.93)
    assert contract.missing_rate_alarm(60_000, 1_000_000, 0.01, 0.001, 3.93)
    assert not contract.missing_rate_alarm(5_000, 1_000_000, 0.01, 0.0, 3.93)  # fewer missing is no alarm


def test_missing_rate_from_zero_and_of_nothing() -> None:
    assert contract.missing_rate_alarm(0, 0, 0.0, 0.0, 3.93)
    assert not contract.missing_rate_alarm(3, 1000, 0.0, 0.0, 3.93)
    assert contract.missing_rate_alarm(6, 1000, 0.0, 0.0, 3.93)


def test_skew_diff_names_the_unit() -> None:
    rng = np.random.default_rng(1)
    amounts = rng.uniform(1, 100, 50)
    offline = {i: {"amount": a, "country": "US", "dead": 0.0} for i, a in enumerate(amounts)}
    online = {i: {"amount": 100 * a, "country": "US", "dead": 0.0} for i, a in enumerate(amounts)}
    online[3]["country"] = "DE"
    online[4]["amount"] = None
    offline[5]["amount"] = float("nan")
    offline[99] = {"amount": 1.0}  # never served
    found = contract.skew_diff(offline, online, ["amount", "country", "dead", "absent"])
    assert found["amount"] == (48, 1.0, 1, 1, pytest.approx(100))
    assert found["country"][:4] == (50, 1 / 50, 0, 0)
    assert math.isnan(found["country"].ratio)
    assert found["dead"].differing == 0
    assert math.isnan(found["dead"].ratio)
    assert found["absent"].compared == 0
    assert math.isnan(found["absent"].differing)


def test_skew_diff_equals_a_pandas_merge() -> None:
    rng = np.random.default_rng(2)
    left = pd.DataFrame({"key": np.arange(200), "x": rng.integers(0, 5, 200)}).sample(150, random_state=1)
    right = pd.DataFrame({"key": np.arange(200), "x": rng.integers(0, 5, 200)}).sample(150, random_state=2)
    merged = left.merge(right, on="key")
    tables = [{row.key: {"x": int(row.x)} for row in frame.itertuples()} for frame in (left, right)]
    found = contract.skew_diff(tables[0], tables[1], ["x"])["x"]
    assert found.compared == len(merged)
    assert found.differing == pytest.approx((merged["x_x"] != merged["x_y"]).mean())


def test_a_tolerance_forgives_rounding() -> None:
    assert contract.skew_diff({1: {"x": 0.1 + 0.2}}, {1: {"x": 0.3}}, ["x"])["x"].differing == 0
