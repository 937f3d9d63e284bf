"""The running cases: their figures are consistent with each other and with EDITORIAL.md."""

from dataclasses import FrozenInstanceError, fields

import pytest

from snippets.cases import assistant, marketplace, payments

ALL = (payments, marketplace, assistant)


@pytest.mark.parametrize("case", ALL, ids=lambda c: type(c).__name__)
def test_every_given_figure_is_positive_and_rates_are_shares(case):
    for field in fields(case):
        value = getattr(case, field.name)
        assert value > 0, field.name
        if field.name.endswith(("_rate", "_share")) or field.name == "margin":
            assert value < 1, field.name


@pytest.mark.parametrize("case", ALL, ids=lambda c: type(c).__name__)
def test_every_given_figure_has_its_unit_beside_it_and_every_derived_one_a_sentence(case):
    import inspect

    source = inspect.getsource(type(case))
    for field in fields(case):
        line = next(line for line in source.splitlines() if line.strip().startswith(f"{field.name}:"))
        assert "  # " in line, field.name
    for name, member in inspect.getmembers(type(case), lambda m: isinstance(m, property)):
        assert member.__doc__ and member.__doc__.strip().endswith("."), name


def test_cases_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        payments.fraud_rate = 0.5


def test_payments_says_what_the_editorial_standard_says():
    assert payments.daily_volume == 1_000_000
    assert payments.frauds_per_day == pytest.approx(2_000)
    assert payments.good_per_day == pytest.approx(998_000)
    assert payments.false_alarms_per_day == pytest.approx(9_980)
    assert 30 == payments.chargeback_days_p10 < payments.chargeback_days_p50 < payments.chargeback_days_p90
    assert payments.chargeback_days_p90 < payments.label_maturity_days == 90


def test_payments_prices_add_up():
    assert payments.missed_fraud_cost == pytest.approx(140 * 0.85 + 20 + 11) == pytest.approx(150)
    assert payments.false_decline_cost == pytest.approx(40 * 0.15 + 0.03 * 200 + 0.30 * 10) == pytest.approx(15)
    assert payments.loss_without_model == pytest.approx(2_000 * 150)
    assert payments.value_per_day == pytest.approx(998_000 * 40 + 2_000 * 140)
    assert payments.fraud_value_share == pytest.approx(280_000 / 40_200_000)


def test_payments_reviews_are_scarce():
    assert payments.review_capacity == pytest.approx(20 * 6 * 15)
    assert payments.review_capacity < payments.frauds_per_day < payments.false_alarms_per_day
    assert payments.review_cost == pytest.approx(3)
    assert payments.review_share == pytest.approx(0.0018)
    assert payments.alarms_per_capacity == pytest.approx(9_980 / 1_800)


def test_payments_rates_a_second_and_latency():
    assert payments.payments_per_second * 86_400 == pytest.approx(payments.daily_volume)
    assert payments.peak_per_second == pytest.approx(5 * payments.payments_per_second)
    assert payments.score_p99_ms < payments.checkout_p99_ms


def test_payments_actions_at_certainty():
    good = {a: payments.expected_cost(a, 0.0) for a in ("approve", "challenge", "review", "decline")}
    fraud = {a: payments.expected_cost(a, 1.0) for a in good}
    assert good == pytest.approx({"approve": 0, "challenge": 0.05 + 0.08 * 6, "review": 3 + 0.05 * 15, "decline": 15})
    assert fraud == pytest.approx(
        {"approve": 150, "challenge": 0.05 + 0.3 * 150, "review": 3 + 0.1 * 150, "decline": 0}
    )
    with pytest.raises(ValueError, match="no action 'block'"):
        payments.expected_cost("block", 0.5)


def test_marketplace_flows_balance():
    assert marketplace.live_listings == pytest.approx(12_000_000)
    assert marketplace.cold_share == pytest.approx(1 / marketplace.mean_days_live)
    assert marketplace.purchases_per_day == pytest.approx(marketplace.sold_per_day) == pytest.approx(90_000)
    assert marketplace.searches_per_day == pytest.approx(6_000_000)
    assert marketplace.home_views_per_day == pytest.approx(4_000_000)
    assert marketplace.search_purchase_rate < marketplace.search_click_rate


def test_marketplace_money_and_time():
    assert marketplace.fee == pytest.approx(3)
    assert marketplace.net_fee == pytest.approx(3 - 0.02 * 12)
    assert marketplace.revenue_per_day == pytest.approx(270_000)
    assert marketplace.search_p99_ms == 100
    assert marketplace.searches_per_second == pytest.approx(69.444, abs=1e-3)
    assert marketplace.peak_searches_per_second == pytest.approx(4 * 69.444, abs=1e-2)
    assert marketplace.results_per_page < marketplace.ranked < marketplace.retrieved < marketplace.live_listings
    assert marketplace.attribution_days < marketplace.dispute_days


def test_assistant_prices_and_limits():
    assert assistant.handover_cost == pytest.approx(6)
    assert assistant.wrong_answer_cost == pytest.approx(6 + 12 + 2)
    assert assistant.handover_capacity == pytest.approx(10_000)
    assert assistant.answerable_per_day == pytest.approx(34_000)
    assert assistant.attacks_per_day == pytest.approx(200)


def test_assistant_tokens():
    assert assistant.chunks == pytest.approx(18_000)
    assert assistant.input_tokens == 800 + 400 + 6 * 300 == 3_000
    assert assistant.answer_cost == pytest.approx(0.003 + 0.001 + 0.001)
    assert assistant.first_token_p95_ms < assistant.answer_p95_ms
