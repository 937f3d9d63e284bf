"""Daily actives, retention and the label in three languages; and the share that takes the young for lost."""

from datetime import UTC, date, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding import retention as r
from snippets.coding.retention import Event, bought_soon, daily_actives, day_7
from snippets.coding.wrong_events import day_7_share

brief = settings(quick, max_examples=20)

SINCE = date(2026, 10, 30)
DAY = timedelta(days=1)
EVENING = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)  # 1 November, 20:30 in New York
FIRST = date(2026, 11, 1)

starts = st.sampled_from((SINCE, date(2026, 3, 7)))
spans = st.sampled_from((-1, 0, 6, 7, 8, 9, 29, 30, 31, 32, 33))
moments = st.builds(
    lambda at, days: at + days * DAY,
    st.sampled_from((EVENING, EVENING + timedelta(hours=14), EVENING - 239 * DAY)),
    st.sampled_from((0, 0, 1, 6, 7, 8, 29, 30, 31)),
)
logs = hostile(
    Event, happened_at=moments, kind=st.sampled_from(("view", "buy")), max_size=12
)
exact = [
    Event("a", EVENING, "buy"),
    Event("a", EVENING, "buy"),
    Event("a", EVENING + 7 * DAY, "view"),
    Event("a", EVENING + 7 * DAY, "view"),
    Event("a", EVENING + 30 * DAY, "buy"),
    Event("b", EVENING, "view"),
    Event("b", EVENING + 31 * DAY, "buy"),
    Event(None, EVENING, "view"),
]


@brief
@example(exact, SINCE, 9)  # day 7 of November 1 is the last day
@example(exact, SINCE, 8)  # … is tomorrow
@example(exact, SINCE, 32)  # day 30
@example(exact, SINCE, 31)
@given(logs, starts, spans)
def test_three_languages_one_answer(events, since, days):
    through = since + days * DAY
    table, spine = frame(events, Event), {"since": since, "through": through}
    same(
        plain=daily_actives(events, since, through),
        pandas=r.daily_actives_frame(table, since, through),
        sql=run("coding/sql/retention.sql:actives", spine, events=events),
    )
    same(
        plain=day_7(events, since, through),
        pandas=r.day_7_frame(table, since, through),
        sql=run("coding/sql/retention.sql:day-7", spine, events=events),
    )
    same(
        plain=bought_soon(events, through),
        pandas=r.bought_soon_frame(table, through),
        sql=run("coding/sql/retention.sql:label", {"through": through}, events=events),
    )


# --8<-- [start:answers-stay]
@quick
@given(logs, starts, st.integers(0, 40), st.integers(0, 40))
def test_an_answer_once_given_stays(events, since, days, more):
    early, late = since + days * DAY, since + (days + more) * DAY
    known = [e for e in events if e.happened_at.astimezone(r.ZONE).date() <= early]
    for then, now in zip(
        day_7(known, since, early), day_7(events, since, late), strict=False
    ):
        assert then[:2] == now[:2] and then[2] in (None, now[2])
    labels = {user: label for user, _, label in bought_soon(events, late)}
    for user, _, label in bought_soon(known, early):
        assert label in (None, labels[user])


# --8<-- [end:answers-stay]


# --8<-- [start:age]
@quick
@given(logs, starts, st.integers(0, 40))
def test_age_alone_decides_who_is_missing(events, since, days):
    def missing(log):
        labels = bought_soon(log, since + days * DAY)
        return [user for user, _, label in labels if label is None]

    latest_first = sorted(events, key=lambda e: e.happened_at, reverse=True)
    first = {event.user_id: event for event in latest_first}  # the last one stays
    assert missing(events) == missing(list(first.values()))


# --8<-- [end:age]


# --8<-- [start:young]
def test_the_young_are_not_lost():
    def right(events, through):
        rows = day_7(events, FIRST, through)
        asked = sum(new for _, new, back in rows if back is not None)
        return sum(back or 0 for *_, back in rows) / asked if asked else None

    came = [Event(user, EVENING, "view") for user in "abcd"]
    came += [Event(user, EVENING + 7 * DAY, "view") for user in "ab"]
    old = FIRST + 7 * DAY
    for usual in ([], came[:4], came):
        assert day_7_share(usual, old) == right(usual, old)
    young = [Event(user, EVENING + 5 * DAY, "view") for user in "efgh"]
    assert right(came + young, old) == 0.5
    assert day_7_share(came + young, old) == 0.25


# --8<-- [end:young]


def test_by_hand():
    a, b = Event("a", EVENING, "view"), Event("b", EVENING + DAY, "buy")
    guest = Event(None, EVENING, "view")
    assert daily_actives([a, a, b, guest], FIRST - DAY, FIRST + 2 * DAY) == [
        (FIRST - DAY, 0),
        (FIRST, 1),
        (FIRST + DAY, 1),
        (FIRST + 2 * DAY, 0),
    ]
    assert bought_soon([b], date(2027, 1, 1)) == [
        ("b", FIRST + DAY, 0)
    ]  # day 0 is input
    assert bought_soon([], FIRST) == day_7([], FIRST, FIRST - DAY) == []
    assert daily_actives([], FIRST, FIRST) == [(FIRST, 0)]
    seventh = FIRST + 7 * DAY  # two of `exact` are new on the first day, one is back
    assert day_7(exact, FIRST, seventh)[0] == (FIRST, 2, 1)
    assert day_7(exact, FIRST, seventh - DAY)[0] == (FIRST, 2, None)
    last = FIRST + 30 * DAY  # a bought on days 0 and 30, b on day 31
    assert bought_soon(exact, last) == [("a", FIRST, 1), ("b", FIRST, 0)]
    assert bought_soon(exact, last - DAY) == [("a", FIRST, None), ("b", FIRST, None)]
