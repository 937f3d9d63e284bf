"""The page's numbers, counted again another way; and its table of nulls, in DuckDB and pandas."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pandas as pd
import pytest
from equal import run

from snippets.coding import worked_events as w
from snippets.coding.medians import Call, median_latency
from snippets.coding.retention import Event, day_7
from snippets.coding.revenue import complete
from snippets.coding.wrong_events import day_7_share

EVENTS = [Event(user, at, "view") for user, at in w.LOG]
SPINE = {"since": date(2026, 11, 1), "through": w.YESTERDAY}


def test_the_share_is_what_the_module_says():
    for rows in (
        day_7(EVENTS, **SPINE),
        run("coding/sql/retention.sql:day-7", SPINE, events=EVENTS),
    ):
        over = [(new, back) for _, new, back in rows if back is not None]
        assert sum(back for _, back in over) / sum(new for new, _ in over) == w.day_7()
    assert day_7_share(EVENTS, w.YESTERDAY) == w.young_as_lost()


def test_each_way_of_counting():
    assert w.day_7() == 0.8
    assert (w.in_utc(), w.by_the_hour(), w.young_as_lost()) == (0.6, 0.4, 0.5)
    assert (w.day_7_or_later(), w.rows_back()) == (1.0, 1.0)
    assert w.with_today() == pytest.approx(4 / 6)
    assert w.hours_left() == 14


def test_by_the_hour_everybody_asked_is_old_enough():
    """The metric in hours asks who is 192 hours old at the report, not whose seventh date is over."""
    report = datetime(2026, 11, 16, w.REPORT_HOUR, tzinfo=w.NEW_YORK).astimezone(UTC)
    ages: dict[str, list[timedelta]] = {}
    for user, at in sorted(w.LOG, key=lambda row: row[1]):
        ages.setdefault(user, []).append(report - at.astimezone(UTC))
    asked = [own for own in ages.values() if own[0] >= 8 * w.DAY]
    back = [own for own in asked if any((own[0] - age).days == 7 for age in own)]
    assert len(asked) == 5 and len(back) / len(asked) == w.by_the_hour()


def test_the_young():
    assert w.reads() == pytest.approx(0.4 * 21 / 28)
    assert w.cell_error() ** 2 == pytest.approx(2 / 9 / 50)
    assert complete(date(2026, 9, 1)) - date(2026, 9, 30) == w.refund_wait() * w.DAY
    r = 1.05
    assert w.reads(0.05) == pytest.approx(0.4 * (r**21 - 1) / (r**28 - 1))


def test_counts():
    users = [
        {*range(1_000), *range(1_000 + 300 * d, 1_300 + 300 * d)} for d in range(30)
    ]
    assert {len(day) for day in users} == {w.daily()}
    assert len(set().union(*users)) == w.monthly()
    assert sum(map(len, users)) == w.added()
    calls = [Call(i, "a", second) for i, second in enumerate(w.CALLS)]
    assert median_latency(calls)[0][2] == w.median_of_all() == 14.0
    assert w.median_answered() == 3.0


def test_nulls_as_the_table_has_them():
    def one(query):
        return duckdb.connect().execute(query).fetchone()[0]

    t = "(values ('a', 1), (null, 2), (null, null)) t(k, v)"
    table = pd.DataFrame({"k": ["a", None, None], "v": [1, 2, None]})
    assert one(f"select count(*) from (select k from {t} group by k)") == 2
    assert table.groupby("k").ngroups == 1
    assert (
        one(f"select count(*) from {t} join {t.replace(' t(', ' u(')} using (k)") == 1
    )
    assert len(table.merge(table, on="k")) == 5
    assert one(f"select count(*) from {t} where k not in ('b', null)") == 0
    assert (~table["k"].isin(["b", None])).sum() == 1
    assert one(f"select count(*) from {t} where k <> 'a'") == 0
    assert (table["k"] != "a").sum() == 2
    assert one(f"select sum(v) from {t} where v > 9") is None
    assert table.loc[table["v"] > 9, "v"].sum() == 0
    assert one(f"select count(v) from {t}") == table["v"].count() == 2
    assert one(f"select count(distinct k) from {t}") == table["k"].nunique() == 1


def test_ranks_as_the_table_has_them():
    rows = duckdb.connect().execute(
        """select row_number() over (order by n desc, item), rank() over (order by n desc),
        dense_rank() over (order by n desc) from (values ('a', 5), ('b', 3), ('c', 3), ('d', 2)) t(item, n) order by item"""
    )
    expected = [(1, 2, 3, 4), (1, 2, 2, 4), (1, 2, 2, 3)]
    assert list(zip(*rows.fetchall(), strict=True)) == expected
    n = pd.Series([5, 3, 3, 2])
    for method, ranks in zip(("first", "min", "dense"), expected, strict=True):
        assert tuple(n.rank(method=method, ascending=False)) == ranks
