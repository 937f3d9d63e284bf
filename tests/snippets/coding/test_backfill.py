"""The backfill in three languages, and what makes it one: it repeats what each night saw."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.backfill import SHOP, Logged, backfill, backfill_frame, midnight

logs = hostile(Logged, number="payment_id", late={"known_at": "paid_at"}, again=True)
DAY = timedelta(days=1)
MIDNIGHT = midnight(date(2026, 11, 1))


@quick
@example(
    [Logged(0, "a", MIDNIGHT, MIDNIGHT)], date(2026, 10, 31), 8
)  # paid on both ends of a window
@example(
    [Logged(0, "a", MIDNIGHT - DAY, MIDNIGHT)], date(2026, 10, 31), 2
)  # logged at the stroke
@given(
    logs, st.sampled_from([date(2026, 10, 31), date(2026, 3, 7)]), st.integers(-1, 9)
)
def test_three_languages_one_answer(log, first, more):
    last = first + more * DAY
    same(
        plain=backfill(log, first, last),
        pandas=backfill_frame(frame(log, Logged), first, last),
        sql=run(
            "coding/sql/backfill.sql:backfill", {"first": first, "last": last}, log=log
        ),
    )


# --8<-- [start:nights]
def tonight(log, day):
    """The live job: it reads the log that it has, by dates in the shop."""
    week = {day - n * DAY for n in range(1, 8)}
    ids = {
        (p.card, p.payment_id) for p in log if p.paid_at.astimezone(SHOP).date() in week
    }
    return Counter(card for card, _ in ids if card is not None)


@quick
@given(logs, st.sampled_from([date(2026, 11, 2), date(2026, 3, 9)]))
def test_it_repeats_what_each_night_saw(log, first):
    days = [first + n * DAY for n in range(9)]
    replayed = {
        (card, day): n for card, day, n in backfill(log, days[0], days[-1]) if n
    }
    seen = {}
    for day in days:
        copy = [row for row in log if row.known_at.astimezone(UTC) < midnight(day)]
        seen |= {(card, day): n for card, n in tonight(copy, day).items()}
    assert replayed == seen


# --8<-- [end:nights]


def test_days_are_the_shops():
    late_evening = datetime(2026, 11, 2, 3, tzinfo=UTC)  # 1 November, 22:00 in New York
    row = Logged(1, "a", late_evening, late_evening)
    assert backfill([row, row], date(2026, 11, 1), date(2026, 11, 3)) == [
        ("a", date(2026, 11, 1), 0),
        ("a", date(2026, 11, 2), 1),
        ("a", date(2026, 11, 3), 1),
    ]
    assert midnight(date(2026, 11, 2)) - midnight(date(2026, 11, 1)) == 25 * timedelta(
        hours=1
    )
    assert backfill([row], date(2026, 11, 3), date(2026, 11, 1)) == []
    late = row._replace(known_at=late_evening + DAY)
    assert [
        n for _, _, n in backfill([late], date(2026, 11, 2), date(2026, 11, 3))
    ] == [0, 1]
