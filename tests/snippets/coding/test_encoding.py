"""Target encoding from known labels: three languages, and the version that trusts the past."""

from datetime import UTC, datetime, timedelta

import pytest
from equal import frame, hostile, quick, run, same
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.encoding import Labeled, fraud_rates, fraud_rates_frame
from snippets.coding.wrong_time import rates_of_past_rows

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
rows = hostile(Labeled, number="payment_id", late={"known_at": "paid_at"})


@quick
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
    for usual in ([], told_at_once[:1], told_at_once):
        assert rates_of_past_rows(usual, 0.0, 1.0) == fraud_rates(usual, 0.0, 1.0)
    slow = [paid(1, 0, 90, True), paid(2, 1, 90, False), paid(3, 91, 90, False)]
    assert fraud_rates(slow, 0.0, 1.0) == [(1, 0.0), (2, 0.0), (3, 0.5)]
    assert rates_of_past_rows(slow, 0.0, 1.0)[1] == (2, 0.5)  # 89 days too early


# --8<-- [end:past-rows]


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
