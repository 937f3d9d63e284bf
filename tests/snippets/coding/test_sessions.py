"""Sessions in three languages; and the session that midnight cuts in two."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from equal import CLOCK_CHANGES, ZONES, frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.sessions import Click, sessions, sessions_frame
from snippets.coding.wrong_events import sessions_by_day

brief = settings(quick, max_examples=25)

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
MINUTE, INSTANT = timedelta(minutes=1), timedelta(microseconds=1)

near = st.builds(
    lambda base, step, more, zone: (base + step * MINUTE + more).astimezone(zone),
    st.sampled_from((*CLOCK_CHANGES, NOON)),
    st.sampled_from((0, 0, 29, 30, 31, 59, 60, 61, 90, 1440)),
    st.sampled_from((0 * INSTANT, INSTANT, -INSTANT)),
    st.sampled_from(ZONES),
)


@brief
@example([Click(0, "a", NOON), Click(1, "a", NOON + 30 * MINUTE)])
@example([Click(0, "a", NOON), Click(1, "a", NOON + 30 * MINUTE + INSTANT)])
@example([Click(0, "a", NOON), Click(1, "a", NOON), Click(0, "a", NOON)])
@example([Click(0, None, NOON), Click(1, "a", NOON), Click(2, "b", NOON)])
@given(hostile(Click, number="click_id", clicked_at=near, again=True, max_size=12))
def test_three_languages_one_answer(clicks):
    same(
        plain=sessions(clicks),
        pandas=sessions_frame(frame(clicks, Click)),
        sql=run("coding/sql/sessions.sql:sessions", clicks=clicks),
    )


# --8<-- [start:property]
@quick
@given(hostile(Click, number="click_id", clicked_at=near, again=True))
def test_gaps_are_long_between_sessions_and_short_inside(clicks):
    found, gap = sessions(clicks), timedelta(minutes=30)
    for (user, _, stop, _), (after, start, _, _) in pairwise(found):
        assert user != after or start - stop > gap
    once = {click.click_id: click for click in clicks if click.user_id is not None}
    assert sum(n for *_, n in found) == len(once)  # each click in exactly one session
    for user, start, stop, n in found:
        own = [c.clicked_at.astimezone(UTC) for c in once.values() if c.user_id == user]
        own = sorted(at for at in own if start <= at <= stop)
        assert (own[0], own[-1], len(own)) == (start, stop, n)
        assert all(later - sooner <= gap for sooner, later in pairwise(own))


# --8<-- [end:property]


# --8<-- [start:midnight]
def test_midnight_is_not_a_gap():
    def at(*minutes):
        return [Click(i, "a", NOON + m * MINUTE) for i, m in enumerate(minutes)]

    guest = Click(9, None, NOON)
    for usual in ([], at(0), [*at(0, 30), guest], at(0, 31), at(0, 10, 10, 600)):
        assert sessions_by_day(usual) == sessions(usual)
    late = at(710, 725)  # 23:50 and 0:05
    assert [n for *_, n in sessions(late)] == [2]
    assert [n for *_, n in sessions_by_day(late)] == [1, 1]


# --8<-- [end:midnight]


def test_by_hand():
    def at(*gaps):
        return [Click(i, "a", NOON + gap) for i, gap in enumerate(gaps)]

    half = 30 * MINUTE
    assert sessions([]) == []
    assert sessions(at(0 * MINUTE)) == [("a", NOON, NOON, 1)]
    assert sessions(at(0 * MINUTE, half)) == [("a", NOON, NOON + half, 2)]
    assert [n for *_, n in sessions(at(0 * MINUTE, half + INSTANT))] == [1, 1]
    mixed = [
        Click(0, "b", NOON + MINUTE),
        *at(0 * MINUTE, half)[1:],
        Click(2, "b", NOON),
    ]
    assert [(user, n) for user, *_, n in sessions(mixed)] == [("a", 1), ("b", 2)]
