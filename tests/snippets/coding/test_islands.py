"""Streaks in three languages, and what a streak is."""

from datetime import UTC, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.islands import ZONE, Visit, streaks, streaks_frame

brief = settings(quick, max_examples=25)

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
moments = st.builds(
    lambda days, hours: NOON + timedelta(days=days, hours=hours),
    st.integers(0, 6),
    st.sampled_from((0, 1, 15, 16, 17)),  # 3:00 to 5:00 UTC: around midnight
)
logs = hostile(Visit, visited_at=moments, max_size=12)


@brief
@example([Visit("a", NOON), Visit("a", NOON), Visit("a", NOON + DAY)])
@example([Visit("a", NOON), Visit("b", NOON + DAY), Visit(None, NOON + 2 * DAY)])
@example([Visit("a", NOON), Visit("a", NOON + 2 * DAY)])
@given(logs)
def test_three_languages_one_answer(visits):
    same(
        plain=streaks(visits),
        pandas=streaks_frame(frame(visits, Visit)),
        sql=run("coding/sql/islands.sql:streaks", visits=visits),
    )


# --8<-- [start:property]
@quick
@given(logs)
def test_streaks_cover_the_days_and_do_not_touch(visits):
    known = [v for v in visits if v.user_id is not None]
    days = {(v.user_id, v.visited_at.astimezone(ZONE).date()) for v in known}
    covered = [
        (user, first + n * DAY)
        for user, first, last, length in streaks(visits)
        for n in range((last - first).days + 1)
    ]
    assert len(covered) == len(set(covered)) and set(covered) == days
    for user, first, last, length in streaks(visits):
        assert length == (last - first).days + 1
        assert not {(user, first - DAY), (user, last + DAY)} & days


# --8<-- [end:property]


@brief
@example([Visit("a", NOON), Visit("a", NOON + 2 * DAY), Visit("b", NOON)], 2)
@example([Visit("a", NOON), Visit("a", NOON + DAY), Visit(None, NOON)], 1)
@example([Visit("a", NOON), Visit("a", NOON + 4 * DAY)], 1)
@given(logs, st.integers(-1, 9))
def test_gaps_are_the_days_no_streak_covers(visits, more):
    through = NOON.date() + more * DAY
    days = [
        (user, first + n * DAY)
        for user, first, last, length in streaks(visits)
        for n in range(length)
        if first + n * DAY <= through
    ]
    away = []
    for user in sorted({user for user, _ in days}):
        own = [day for who, day in days if who == user]
        for day, following in zip(own, [*own[1:], None], strict=True):
            stop = through if following is None else following - DAY
            if stop > day:
                away.append((user, day + DAY, stop, following is None))
    found = run("coding/sql/islands.sql:gaps", {"through": through}, visits=visits)
    same(plain=away, sql=found)


def test_a_gap_by_hand():
    visits = [Visit("a", NOON), Visit("a", NOON + 3 * DAY)]
    first, through = NOON.date() + DAY, NOON.date() + 4 * DAY
    found = run("coding/sql/islands.sql:gaps", {"through": through}, visits=visits)
    assert found == [
        ("a", first, first + DAY, False),
        ("a", through, through, True),
    ]
