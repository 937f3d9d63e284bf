"""The funnel in three languages, against all triples; and the one that looks at each step's first time."""

from datetime import UTC, datetime, timedelta
from itertools import product

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.funnel import funnel, funnel_frame
from snippets.coding.retention import Event
from snippets.coding.wrong_events import funnel_of_firsts

brief = settings(quick, max_examples=25)

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
kinds = st.sampled_from(("view", "cart", "buy", "view", "cart", "buy", "help"))
logs = hostile(Event, kind=kinds, user_id=st.sampled_from(("a", "a", "b", None)))


def steps(*pairs):
    """Events of one user: (hours after noon, kind)."""
    return [Event("a", NOON + timedelta(hours=h), kind) for h, kind in pairs]


def over_night(*pairs):
    """The same from the day before New York's clocks go back."""
    later = datetime(2026, 10, 31, 16, tzinfo=UTC) - NOON
    return [e._replace(happened_at=e.happened_at + later) for e in steps(*pairs)]


# --8<-- [start:three]
@brief
@example(steps((0, "view"), (0, "cart"), (0, "buy")))  # one instant
@example(steps((0, "view"), (1, "cart"), (24, "buy")))  # the last moment
@example(steps((0, "view"), (23, "cart"), (25, "buy")))  # within a day of the cart only
@example(steps((0, "view"), (20, "view"), (23, "cart"), (25, "buy")))  # second view
@example(steps((0, "view"), (1, "cart"), (20, "view"), (22, "buy")))  # a view between
@example(steps((0, "cart"), (1, "buy"), (2, "view")))
@example(over_night((0, "view"), (1, "cart"), (24.5, "buy")))  # a day has 25 hours
@example(over_night((0, "view"), (24.5, "cart")))
@example([Event(None, NOON, "view"), Event("b", NOON, "help")])
@given(logs)
def test_three_languages_one_answer(events):
    same(
        plain=funnel(events),
        pandas=funnel_frame(frame(events, Event)),
        sql=run("coding/sql/funnel.sql:funnel", events=events),
    )


# --8<-- [end:three]


@quick
@given(logs)
def test_it_finds_what_trying_all_triples_finds(events):
    for user, done in funnel(events):
        own = [(e.happened_at.astimezone(UTC), e.kind) for e in events]
        own = [pair for pair, e in zip(own, events, strict=True) if e.user_id == user]
        at = {
            kind: [t for t, k in own if k == kind] for kind in ("view", "cart", "buy")
        }
        day = timedelta(hours=24)
        two = any(v <= c <= v + day for v, c in product(at["view"], at["cart"]))
        three = any(
            v <= c <= b <= v + day
            for v, c, b in product(at["view"], at["cart"], at["buy"])
        )
        assert done == (3 if three else 2 if two else 1 if at["view"] else 0)


# --8<-- [start:firsts]
def test_the_first_of_each_step_is_not_a_path():
    path = steps((0, "view"), (1, "cart"), (2, "buy"))
    back = [*steps((0, "buy"), (1, "view")), Event(None, NOON, "view")]
    for usual in ([], path[:1], path[:2], path, path[:1] + path[2:], back, path * 2):
        assert funnel_of_firsts(usual) == funnel(usual)
    later = steps((90, "view"), (91, "cart"), (92, "buy"))
    returning = path[:1] + later  # a look on Monday, the whole path on Friday
    assert funnel(returning) == [("a", 3)]
    assert funnel_of_firsts(returning) == [("a", 1)]


# --8<-- [end:firsts]
