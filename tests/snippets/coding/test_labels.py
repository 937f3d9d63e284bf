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
DAY_LATER = CLOCK_CHANGE.astimezone(UTC) + DAY


@quick
@example(
    [Paid(0, CLOCK_CHANGE)],
    [Chargeback(0, DAY_LATER + timedelta(minutes=1))],
    DAY_LATER + DAY,
    1,
)
@example(
    [Paid(0, CLOCK_CHANGE)], [Chargeback(0, DAY_LATER)], DAY_LATER, 1
)  # both at their ends
@example([Paid(0, CLOCK_CHANGE)], [Chargeback(0, CLOCK_CHANGE)], DAY_LATER, 1)
@given(
    hostile(Paid, number="payment_id"),
    hostile(Chargeback),
    moments(),
    st.sampled_from([1, 3, 40]),
)
def test_three_languages_one_answer(payments, chargebacks, as_of, days):
    same(
        plain=labels(payments, chargebacks, as_of, days),
        pandas=labels_frame(
            frame(payments, Paid), frame(chargebacks, Chargeback), as_of, days
        ),
        sql=run(
            "coding/sql/labels.sql:labels",
            {"as_of": as_of, "days": days},
            payments=payments,
            chargebacks=chargebacks,
        ),
    )


# --8<-- [start:label-when-known]
def test_a_positive_that_is_early_is_no_label_yet():
    old, young = Paid(1, NOON - 100 * DAY), Paid(2, NOON - 20 * DAY)
    early, late = Chargeback(1, NOON - 50 * DAY), Chargeback(2, NOON - 1 * DAY)
    for usual in ([], [early], [early, early]):
        args = ([old, young], usual, NOON, 90)
        assert label_when_known(*args) == labels(*args)
    assert labels([old, young], [late], NOON, 90) == [(1, 0), (2, None)]
    assert label_when_known([old, young], [late], NOON, 90) == [(1, 0), (2, 1)]


# --8<-- [end:label-when-known]


@quick
@given(
    hostile(Paid, number="payment_id"),
    hostile(Chargeback),
    moments(),
    moments(),
    st.sampled_from([1, 3, 40]),
)
def test_a_label_never_changes_once_it_is_given(
    payments, chargebacks, one, other, days
):
    earlier, later = sorted((one, other), key=lambda at: at.astimezone(UTC))

    def told_by(now):
        known = [
            c
            for c in chargebacks
            if c.filed_at and c.filed_at.astimezone(UTC) <= now.astimezone(UTC)
        ]
        return dict(labels(payments, known, now, days))

    before, after = told_by(earlier), told_by(later)
    assert all(
        label == after[key] for key, label in before.items() if label is not None
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
