"""One function, a test that covers every line and branch of it, and the test that its mutants asked for."""

import json
from datetime import date, timedelta

import pytest
from handbook.pages import SNIPPETS
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.lapsed import lapsed


# --8<-- [start:weak]
def test_covers_every_line():
    today = date(2026, 3, 31)
    orders = [
        ("ann", date(2026, 1, 5)),
        ("ann", date(2026, 1, 20)),
        ("bob", date(2026, 1, 7)),
        ("eve", date(2026, 1, 9)),
        ("eve", date(2026, 3, 28)),
        ("ann", date(2026, 4, 2)),  # tomorrow's row
    ]
    assert lapsed(orders, today) == ["ann"]


# --8<-- [end:weak]


# --8<-- [start:strong]
def test_each_edge_has_a_customer():
    today = date(2026, 3, 31)
    ago = {days: today - timedelta(days) for days in (-1, 0, 29, 30, 31, 90)}
    orders = [
        *[("on the limit", ago[30]), ("on the limit", ago[90])],
        *[("a day inside", ago[29]), ("a day inside", ago[90])],
        *[("longer away", ago[31]), ("longer away", ago[31])],
        *[("a tie", ago[31]), ("a tie", ago[31])],
        *[("today", ago[90]), ("today", ago[90]), ("today", ago[0])],
        *[("tomorrow", ago[90]), ("tomorrow", ago[90]), ("tomorrow", ago[-1])],
        *[("once", ago[90])],
    ]
    away = ["tomorrow", "a tie", "longer away", "on the limit"]
    assert lapsed(orders, today) == away
    assert lapsed(reversed(orders), today) == away


# --8<-- [end:strong]


# --8<-- [start:property]
days = st.dates(date(2026, 1, 1), date(2026, 4, 2))


@given(st.lists(st.tuples(st.sampled_from("abc"), days)), st.data())
def test_neither_order_nor_the_future_matters(orders, data):
    today = date(2026, 3, 31)
    away = lapsed(orders, today)
    assert lapsed(data.draw(st.permutations(orders)), today) == away
    assert lapsed([(who, day) for who, day in orders if day <= today], today) == away


# --8<-- [end:property]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), days)),
    st.integers(0, 60),
    st.integers(1, 3),
)
@example([], 30, 2)
def test_as_a_table_of_the_slow_way(orders, quiet, least):
    today = date(2026, 3, 31)
    known = [(who, day) for who, day in orders if day <= today]
    slow = []
    for who in {who for who, _ in known}:
        mine = sorted(day for other, day in known if other == who)
        if len(mine) >= least and (today - mine[-1]).days >= quiet:
            slow.append(((today - mine[-1]).days, who))
    assert lapsed(orders, today, quiet, least) == [
        who for _, who in sorted(slow, key=lambda pair: (-pair[0], pair[1]))
    ]


RECORD = json.loads((SNIPPETS / "coding" / "mutants.json").read_text(encoding="utf-8"))
SOURCE = (SNIPPETS / "coding" / "lapsed.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", RECORD, ids=lambda row: row["mutated"][:50])
def test_the_tools_record_of_each_mutant_is_true(row, monkeypatch):
    """Without the tool: its change made in the source, both tests run against what comes out."""
    assert SOURCE.count(row["line"]) == 1, "the function changed since `make mutants`"
    changed: dict[str, object] = {}
    exec(
        compile(SOURCE.replace(row["line"], row["mutated"]), "mutant", "exec"), changed
    )
    monkeypatch.setitem(globals(), "lapsed", changed["lapsed"])
    for test, noticed in (
        (test_covers_every_line, row["weak"]),
        (test_each_edge_has_a_customer, row["strong"]),
    ):
        try:
            test()
        except Exception:
            assert noticed
        else:
            assert not noticed
