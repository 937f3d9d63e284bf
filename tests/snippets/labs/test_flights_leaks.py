"""The second lab's columns against plain loops and pandas, and its check red and green."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.labs import flights_leaks as leaks

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
rows = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from("ab"), st.one_of(st.none(), st.integers(0, 25)), st.integers(0, 1)),
    min_size=1,
    max_size=20,
)


def columns(table):
    cut, key, known, value = zip(*table, strict=True)
    return (
        np.array(cut, dtype=np.int64),
        np.array(key, dtype=object),
        np.array([np.nan if k is None else k for k in known], dtype=float),
        np.array(value, dtype=float),
    )


@quick
@given(rows, st.integers(1, 30), st.sampled_from([0.0, 2.0]))
def test_past_mean_equals_a_plain_loop(table, window, weight):
    expected = []
    for cut, key, _, _ in table:
        seen = [v for _, k, known, v in table if k == key and known is not None and cut - window < known <= cut]
        total, count = sum(seen) + weight * 0.3, len(seen) + weight
        expected.append(total / count if count else np.nan)
    found = leaks.past_mean(*columns(table), window=window, prior=0.3, weight=weight)
    assert found == pytest.approx(expected, nan_ok=True)


@quick
@given(rows)
def test_mean_by_equals_pandas(table):
    _, key, _, value = columns(table)
    chosen = np.arange(len(key)) % 2 == 0
    plain = pd.Series(value).where(chosen).groupby(key).transform("mean").fillna(0.3)
    small = leaks.mean_by(key, value, chosen, 0.3, 1e-12)
    assert small == pytest.approx(plain.to_numpy(), abs=1e-9)


def test_the_last_leg_by_two_clocks():
    tail = pd.Series(["N1", "N1", "N2", None])
    left, landed = np.array([0.0, 400.0, 0.0, 0.0]), np.array([350.0, 900.0, np.nan, np.nan])
    delay, cut = np.array([90.0, 5.0, 7.0, 8.0]), np.array([-120, 280, 300, 300])
    assert leaks.last_leg(cut, tail, left, delay) == pytest.approx([np.nan, 90, 7, np.nan], nan_ok=True)
    assert np.isnan(leaks.last_leg(cut, tail, landed, delay)).all()  # still in the air at 280
    assert leaks.last_leg(cut + 100, tail, landed, delay)[1] == 90
    assert np.isnan(leaks.last_leg(cut + 5_000, tail, landed, delay)).all()  # too old
    assert np.isnan(leaks.last_leg(cut, pd.Series([None] * 4), left, delay)).all()


def test_landing_is_departure_and_flight_and_taxi():
    table = pd.DataFrame(
        {
            "time_hour": ["2013-01-01T10:00:00Z"] * 2,
            "minute": [5, 5],
            "dep_delay": [10.0, np.nan],
            "air_time": [60.0, np.nan],
        }
    )
    found = leaks.landing(table)
    start = int(pd.Timestamp("2013-01-01T10:05:00Z").timestamp()) // 60
    assert found[0] == start + 10 + 60 + leaks.TAXI
    assert np.isnan(found[1])


def test_the_check_is_red_on_all_rows_and_green_on_past_rows():
    rng = np.random.default_rng(0)
    n = 400
    key, cut = rng.integers(0, 8, n), np.sort(rng.integers(0, 10_000, n))
    known, value = cut + rng.integers(100, 400, n).astype(float), rng.integers(0, 2, n).astype(float)
    sample = rng.choice(n, 60, replace=False)

    def everything(rows, seen):
        return leaks.mean_by(key[rows], value[rows], seen, 0.3, 2)

    def past(rows, seen):
        return leaks.past_mean(
            cut[rows], key[rows], np.where(seen, known[rows], np.nan), value[rows], prior=0.3, weight=2
        )

    assert leaks.moves(everything, key, cut, known, sample) > 0.9
    assert leaks.moves(past, key, cut, known, sample) == 0


def test_noted_reads_numbers_and_pairs(tmp_path: Path):
    file = tmp_path / "notes.json"
    file.write_text(json.dumps({"auc": 0.5, "range": [0.1, 0.2]}), encoding="utf-8")
    assert leaks.noted("auc", file) == 0.5
    assert leaks.noted("range", file) == (0.1, 0.2)
