"""Labels with a maturity window: three languages, and the version that counts early positives."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from equal import frame, hostile, moments, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.labels import Chargeback, Paid, labels, labels_frame
from snippets.coding.wrong_time import label_when_known

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


CLOCK_CHANGE = datetime(2026, 10, 31, 23, 45, tzinfo=ZoneInfo("America/New_York"))


def utc(at):
    return at and at.astimezone(UTC)


DAY_LATER = CLOCK_CHANGE.astimezone(UTC) + DAY


@quick
@example(
    [Paid(0, CLOCK_CHANGE)],
    [Chargeback(0, DAY_LATER + timedelta(minutes=1))],
    DAY_LATER + DAY,
    1,
    0,
)
@example(
    [Paid(0, CLOCK_CHANGE)], [Chargeback(0, DAY_LATER)], DAY_LATER, 1, 0
)  # both at their ends
@example([Paid(0, CLOCK_CHANGE)], [Chargeback(0, CLOCK_CHANGE)], DAY_LATER, 1, 0)
@example([Paid(0, CLOCK_CHANGE)], [], DAY_LATER + 2 * DAY, 1, 2)  # old enough, just
@example([Paid(0, CLOCK_CHANGE)], [], DAY_LATER + 2 * DAY - DAY / 24, 1, 2)
@example(
    [Paid(0, CLOCK_CHANGE)], [Chargeback(0, DAY_LATER + DAY)], DAY_LATER + 2 * DAY, 1, 2
)  # the wait is longer, the window isn't
@given(
    hostile(Paid, number="payment_id"),
    hostile(Chargeback),
    moments(),
    st.sampled_from([1, 3, 40]),
    st.sampled_from([0, 0, 2, 35]),
)
def test_three_languages_one_answer(payments, chargebacks, as_of, days, delay):
    same(
        plain=labels(payments, chargebacks, as_of, days, delay),
        pandas=labels_frame(
            frame(payments, Paid), frame(chargebacks, Chargeback), as_of, days, delay
        ),
        sql=run(
            "coding/sql/labels.sql:labels",
            {"as_of": as_of, "days": days, "delay": delay},
            payments=payments,
            chargebacks=chargebacks,
        ),
    )


# --8<-- [start:label-when-known]
def test_a_positive_that_is_early_is_no_label_yet():
    old, young = Paid(1, NOON - 120 * DAY), Paid(2, NOON - 20 * DAY)
    early, late = Chargeback(1, NOON - 50 * DAY), Chargeback(1, NOON - 5 * DAY)
    before = Chargeback(1, NOON - 121 * DAY)
    for usual in ([], [early], [early, early], [late], [before]):
        args = ([old, young], usual, NOON, 90)
        assert label_when_known(*args) == labels(*args)
    file = [Chargeback(2, NOON - 1 * DAY)]
    assert labels([old, young], file, NOON, 90) == [(1, 0), (2, None)]
    assert label_when_known([old, young], file, NOON, 90) == [(1, 0), (2, 1)]


# --8<-- [end:label-when-known]


@quick
@given(
    hostile(Paid, number="payment_id"),
    hostile(Chargeback),
    moments(),
    st.sampled_from([1, 3, 40]),
)
def test_the_wrong_labels_differ_on_young_payments_only(
    payments, chargebacks, as_of, days
):
    """What the page says of the usual tests."""
    right = labels(payments, chargebacks, as_of, days)
    wrong = label_when_known(payments, chargebacks, as_of, days)
    assert all(b in (a, (a[0], 1)) for a, b in zip(right, wrong, strict=True))
    assert [a for a in right if a[1] is not None] == [
        b for a, b in zip(right, wrong, strict=True) if a[1] is not None
    ]


# --8<-- [start:never-changes]
@quick
@example([Paid(0, NOON)], [Chargeback(0, NOON + DAY)], NOON + DAY, NOON + 9 * DAY, 1, 3)
@given(
    hostile(Paid, number="payment_id"),
    hostile(Chargeback),
    moments(),
    moments(),
    st.sampled_from([1, 3, 40]),
    st.sampled_from([0, 1, 7]),
)
def test_a_label_never_changes(payments, chargebacks, one, other, days, delay):
    def told(now):  # a line filed on Monday is in Monday's file + delay
        file = [
            c for c in chargebacks if c.filed_at and c.filed_at + delay * DAY <= now
        ]
        return dict(labels(payments, file, now, days, delay))

    chargebacks = [c._replace(filed_at=utc(c.filed_at)) for c in chargebacks]
    before, after = (told(now) for now in sorted(map(utc, (one, other))))
    assert all(
        label == after[key] for key, label in before.items() if label is not None
    )


# --8<-- [end:never-changes]


def test_a_file_that_is_behind_needs_a_longer_wait():
    paid, file = [Paid(1, NOON)], [Chargeback(1, NOON + 85 * DAY)]  # in it on day 95
    assert labels(paid, [], NOON + 91 * DAY, 90) == [(1, 0)]  # too early: a day-95 1
    assert labels(paid, file, NOON + 98 * DAY, 90) == [(1, 1)]
    for day in range(90, 100):
        assert labels(paid, [], NOON + day * DAY, 90, 10) == [(1, None)]
    assert labels(paid, file, NOON + 100 * DAY, 90, 10) == [(1, 1)]


def test_without_a_word_the_file_is_complete():
    payments = [Paid(1, NOON)]
    assert labels(payments, [], NOON + 90 * DAY, 90) == [(1, 0)]
    same(
        plain=labels(payments, [], NOON + 90 * DAY, 90),
        pandas=labels_frame(
            frame(payments, Paid), frame([], Chargeback), NOON + 90 * DAY, 90
        ),
        sql=[(1, 0)],
    )


def test_both_ends_count():
    paid = [Paid(1, NOON)]
    assert labels(paid, [Chargeback(1, NOON + 90 * DAY)], NOON + 90 * DAY, 90) == [
        (1, 1)
    ]
    assert labels(paid, [Chargeback(1, NOON + 91 * DAY)], NOON + 99 * DAY, 90) == [
        (1, 0)
    ]
    assert labels(
        paid, [Chargeback(1, NOON)], NOON + 90 * DAY - timedelta(microseconds=1), 90
    ) == [(1, None)]
