"""Target encoding from known labels: three languages, and the version that trusts the past."""

from datetime import UTC, datetime, timedelta

import pytest
from equal import frame, hostile, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.encoding import Labeled, fraud_rates, fraud_rates_frame
from snippets.coding.wrong_time import rates_of_past_rows

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
rows = hostile(
    Labeled,
    number="payment_id",
    late={"known_at": "paid_at"},
    merchant=st.sampled_from(["a", "b", "", None]),
)
NAMELESS = [
    Labeled(0, "", NOON, NOON, True),
    Labeled(1, "", NOON + DAY, None, None),
    Labeled(2, None, NOON + DAY, None, None),
]


@quick
@example(NAMELESS, 1.0)  # an empty name is a name; a missing one is none
@given(rows, st.sampled_from([1.0, 20.0]))
def test_three_languages_one_answer(payments, weight):
    same(
        plain=fraud_rates(payments, 0.25, weight),
        pandas=fraud_rates_frame(frame(payments, Labeled), 0.25, weight),
        sql=run(
            "coding/sql/encoding.sql:rates",
            {"prior": 0.25, "weight": weight},
            payments=payments,
        ),
    )


# --8<-- [start:own-label]
@quick
@given(rows)
def test_no_row_moves_with_its_own_label(payments):
    told = fraud_rates(payments, 0.25, 2.0)  # ids are 0, 1, 2, …: places
    for place, row in enumerate(payments):
        flipped = payments.copy()
        flipped[place] = row._replace(fraud=not row.fraud)
        assert fraud_rates(flipped, 0.25, 2.0)[place] == told[place]


# --8<-- [end:own-label]


# --8<-- [start:past-rows]
def test_a_past_payment_is_not_a_known_label():
    def paid(number, day, wait, fraud):
        at = NOON + day * DAY
        return Labeled(number, "m", at, at + wait * DAY, fraud)

    told_at_once = [paid(1, 0, 0, True), paid(2, 1, 0, False), paid(3, 2, 0, False)]
    twins = [paid(1, 0, 0, True), paid(2, 0, 0, True)]  # of one instant
    guests = [row._replace(merchant=None) for row in told_at_once]
    for usual in ([], told_at_once, twins, guests):
        assert rates_of_past_rows(usual, 0.0, 1.0) == fraud_rates(usual, 0.0, 1.0)
    slow = [paid(1, 0, 90, True), paid(2, 1, 90, False), paid(3, 91, 90, False)]
    assert fraud_rates(slow, 0.0, 1.0) == [(1, 0.0), (2, 0.0), (3, 0.5)]
    assert rates_of_past_rows(slow, 0.0, 1.0)[1] == (2, 0.5)  # 89 days too early


# --8<-- [end:past-rows]


@quick
@given(rows)
def test_past_rows_are_right_where_labels_are_known_at_once(payments):
    """What the page says of the usual tests: ties, guests and empty names included."""
    at_once = [row._replace(known_at=row.paid_at) for row in payments]
    assert rates_of_past_rows(at_once, 0.25, 2.0) == fraud_rates(at_once, 0.25, 2.0)


def test_no_merchant_and_no_label():
    row = Labeled(1, None, NOON, NOON + DAY, True)
    later = Labeled(2, None, NOON + 2 * DAY, None, None)
    assert fraud_rates([row, later], 0.1, 5.0) == [
        (1, pytest.approx(0.1)),
        (2, pytest.approx(0.1)),
    ]
    unlabeled = [
        Labeled(1, "m", NOON, None, None),
        Labeled(2, "m", NOON + DAY, None, True),
    ]
    assert rates_of_past_rows(unlabeled, 0.1, 5.0)[1] == (2, pytest.approx(0.1))
