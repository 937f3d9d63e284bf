"""The helper itself: the tables are as hostile as they claim to be, and the comparison can fail."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from equal import ZONES, frame, hostile, moments, plain, quick, rows_of, run, same
from hypothesis import given


class Row(NamedTuple):
    number: int
    key: str | None
    happened_at: datetime
    known_at: datetime
    ended_at: datetime | None
    value: float | None
    flag: bool | None
    tries: int | None


tables = hostile(Row, number="number", late={"known_at": "happened_at"}, again=True)


def test_the_tables_hold_what_they_promise():
    seen: Counter[str] = Counter()

    @quick
    @given(tables)
    def look(rows):
        times = sorted(row.happened_at.astimezone(UTC) for row in rows)
        steps = [(b - a).total_seconds() for a, b in pairwise(times)]
        seen.update({
            "empty": not rows,
            "tie": 0 in steps,
            "an hour": 3600 in steps,
            "a gap of weeks": any(step > 14 * 86400 for step in steps),
            "a microsecond": any(0 < step < 1e-3 for step in steps),
            "twice": len({row.number for row in rows}) < len(rows),
            "late": any(row.known_at > row.happened_at for row in rows),
            "out of order": [row.happened_at for row in rows] != sorted(row.happened_at for row in rows),
            "zones": len({row.happened_at.tzinfo for row in rows}) == len(ZONES),
            "null key": any(row.key is None for row in rows),
            "null value": any(row.value is None for row in rows),
            "null time": any(row.ended_at is None for row in rows),
            "all of one": len(rows) > 3 and len({row.key for row in rows}) == 1,
        })  # fmt: skip

    look()
    assert {name for name, count in seen.items() if count < 1} <= {"all of one"}, seen
    assert (
        min(
            seen[name]
            for name in ("empty", "tie", "twice", "late", "null key", "a gap of weeks")
        )
        >= 1
    )


@quick
@given(tables)
def test_a_frame_holds_the_rows_whatever_their_types(rows):
    made = frame(rows, Row)
    assert len(made) == len(rows)
    assert str(made.dtypes["happened_at"]) == "datetime64[us, UTC]"
    same(rows=rows, frame=made)


@given(moments())
def test_times_know_their_zone(at):
    assert at.tzinfo in ZONES


def test_plain_values():
    assert [
        plain(x) for x in (None, np.nan, pd.NA, pd.NaT, np.int64(3), np.float32(0.5))
    ] == [None] * 4 + [3, 0.5]
    assert plain(pd.Timestamp("2026-01-01T02:00+02:00")) == datetime(
        2026, 1, 1, tzinfo=UTC
    )
    assert plain(datetime(2026, 1, 1)) == datetime(
        2026, 1, 1
    )  # a local day stays as it is
    assert rows_of(pd.DataFrame({"a": [1.0, np.nan]})) == [(1.0,), (None,)]


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ([(1, 2.0)], "python has 2 rows, sql 1"),
        ([(1, 2.0), (2, None), (3, None)], "python has 2 rows, sql 3"),
        ([(1, 2.0), (2, 0.0)], "row 1: python says (2, None), sql says (2, 0.0)"),
        ([(2, None), (1, 2.0)], "row 0"),
        ([(1, 2.0, 3), (2, None, 3)], "2 columns in python, 3 in sql"),
    ],
)
def test_a_difference_is_named(other, says):
    with pytest.raises(AssertionError) as error:
        same(python=[(1, 2.0), (2, None)], sql=other)
    assert says in str(error.value)


def test_a_rounding_is_no_difference():
    same(a=[(0.1 + 0.2, 3)], b=pd.DataFrame({"x": [0.3], "n": [3.0]}))


def test_a_table_that_the_file_does_not_create():
    with pytest.raises(AssertionError, match="creates"):
        run("coding/sql/windows.sql:last-day", nosuch=[])
