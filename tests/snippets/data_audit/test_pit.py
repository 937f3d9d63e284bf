"""The join with two clocks against a plain loop, pandas and DuckDB."""

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.data_audit.pit import Fact, as_of, by_event_time

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
asked_rows = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12)), max_size=8)
fact_rows = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12), st.integers(0, 6)), max_size=10).map(
    lambda rows: [Fact(e, at, at + late, number) for number, (e, at, late) in enumerate(rows)]
)


@quick
@given(asked_rows, fact_rows, st.integers(0, 12))
def test_it_equals_a_plain_loop(asked, facts, ttl):
    expected = []
    for entity, now in asked:
        readable = [f for f in facts if f.entity == entity and f.known_at <= now and now - f.event_at <= ttl]
        expected.append(max(readable, key=lambda f: (f.event_at, f.known_at, f.value), default=None))
    assert as_of(asked, facts, ttl) == expected


@quick
@given(asked_rows.filter(bool), fact_rows.filter(bool))
def test_it_equals_duckdb(asked, facts):
    """SQL: the best fact after each arrival, then an ASOF join on the time of arrival."""
    rows = pd.DataFrame(asked, columns=["entity", "now"]).assign(place=range(len(asked)))
    table = pd.DataFrame(facts)
    with duckdb.connect() as db:
        db.register("rows_", rows)
        db.register("facts_", table)
        found = db.sql("""
            with best as (
              select entity, known_at, max_by(value, (event_at, known_at, value))
                over (partition by entity order by known_at range unbounded preceding) as value from facts_
            ), one as (select entity, known_at, any_value(value) as value from best group by entity, known_at)
            select place, value from rows_ asof left join one
              on rows_.entity = one.entity and rows_.now >= one.known_at order by place
        """).fetchall()
    assert [None if f is None else f.value for f in as_of(asked, facts, 99)] == [value for _, value in found]


@quick
@given(asked_rows.filter(bool), fact_rows.filter(bool), st.integers(0, 12))
def test_on_event_time_alone_it_equals_merge_asof(asked, facts, ttl):
    left = (
        pd.DataFrame(asked, columns=["entity", "at"]).assign(place=range(len(asked))).sort_values("at", kind="stable")
    )
    right = pd.DataFrame(facts).sort_values(["event_at", "known_at"], kind="stable").rename(columns={"event_at": "at"})
    merged = pd.merge_asof(left, right, on="at", by="entity", tolerance=ttl).sort_values("place")
    expected = [None if pd.isna(v) else int(v) for v in merged["value"]]
    found = by_event_time(asked, facts, ttl)
    assert [None if f is None else f.value for f in found] == expected


def test_a_chargeback_filed_in_march_is_not_known_in_january():
    chargeback = Fact("card", event_at=10, known_at=60, value=1)
    assert by_event_time([("card", 12)], [chargeback], 90) == [chargeback]
    assert as_of([("card", 12), ("card", 60)], [chargeback], 90) == [None, chargeback]


def test_a_correction_replaces_and_old_news_does_not():
    first, corrected, old = Fact("u", 10, 10, "a"), Fact("u", 10, 20, "b"), Fact("u", 5, 30, "c")
    asked = [("u", 9), ("u", 10), ("u", 20), ("u", 30), ("v", 30)]
    assert as_of(asked, [old, corrected, first], 99) == [None, first, corrected, corrected, None]


def test_nothing_and_a_broken_clock():
    assert as_of([], [], 1) == []
    assert as_of([("u", 1)], [], 1) == [None]
    with pytest.raises(ValueError, match="known before it happened"):
        as_of([], [Fact("u", 5, 4, 0)], 1)
