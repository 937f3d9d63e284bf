"""The fraud design's numbers, against sums done another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from snippets.cases import payments
from snippets.metrics import worked
from snippets.systems import fraud


def test_bands_of_the_case_are_those_of_the_classification_page() -> None:
    price, chosen = fraud.fitted(
        payments.review_capacity, payments.daily_volume, payments.fraud_rate, payments.fraud_rate
    )
    assert price == pytest.approx(worked.review_shadow_price(), abs=1e-6)
    for action, band in worked.fitted_bands().items():
        assert chosen[action] == pytest.approx(band, rel=1e-6)


def test_a_day_holds_every_payment_once_whatever_the_scores_believe() -> None:
    day = fraud.day_of(fraud.edges_for(0.5), volume=7_000.0, rate=0.01, believed=0.002)
    assert sum(band.total for band in day.values()) == pytest.approx(7_000)
    assert sum(band.fraud for band in day.values()) == pytest.approx(70)


def test_known_chargebacks_by_simulation() -> None:
    rng = np.random.default_rng(3)
    days = 30
    born = np.repeat(np.arange(days), 20_000)
    delay = np.interp(rng.random(born.size), (0, 0.1, 0.5, 0.9, 1), (0, 30, 45, 75, 90))
    share = (born + delay <= days).mean()
    assert fraud.known_after(days) / (days * fraud.ATTACK) == pytest.approx(share, abs=0.002)
    assert fraud.naive_rate(days, 0.1) == pytest.approx(share / 10, abs=0.0002)


def test_first_days_are_the_first() -> None:
    day = fraud.first_day_with(200)
    assert fraud.known_after(day) >= 200 > fraud.known_after(day - 1)
    line = worked.crossing("approve", "challenge")
    day = fraud.first_day_challenged(0.1)
    assert fraud.naive_rate(day, 0.1) >= line > fraud.naive_rate(day - 1, 0.1)
    assert fraud.damage_after(day) == day * 200 * 150


def test_exploration_is_paid_in_frauds_and_earned_in_good_customers() -> None:
    good, fraudulent = fraud.explored_a_day()
    declined = worked.fitted_bands()["decline"]
    assert fraud.exploration_cost() == pytest.approx(0.02 * (150 * declined.fraud - 15 * declined.good))
    low, high = fraud.precision_interval(60)
    found, seen = round(60 * fraudulent), round(60 * (good + fraudulent))
    interval = stats.binomtest(found, seen).proportion_ci(0.95, "wilson")
    assert (low, high) == pytest.approx((interval.low, interval.high), abs=1e-4)
    assert fraud.lower_cut_pays() < low, "declining pays where it is done"


def test_audits() -> None:
    approved = worked.fitted_bands()["approve"]
    assert fraud.days_per_audit_find() == pytest.approx(approved.total / approved.fraud / fraud.AUDITS)


@pytest.mark.parametrize(("lag", "unseen"), [(0, 1), (1, 1), (5.9, 1), (6, 2), (60, 11), (300, 51)])
def test_payments_of_a_burst_that_were_not_counted_yet(lag: float, unseen: int) -> None:
    times = np.arange(0, 3_000, fraud.BURST_SECONDS)
    assert fraud.unseen_in_burst(lag) == int((times <= lag).sum()) == unseen
    assert fraud.burst_cost(lag) == unseen * 150


def test_fan_out() -> None:
    assert fraud.slow_payments() == pytest.approx(1 - 0.99**5)
    assert fraud.quantile_needed() ** 5 == pytest.approx(0.99)
    assert fraud.reads_at_peak() == pytest.approx(5 * payments.peak_per_second)


def test_a_worse_model_costs_more_and_never_more_than_none() -> None:
    costs = [fraud.fallback_cost(auc) for auc in (0.97, 0.96, 0.9, 0.8)]
    assert costs == sorted(costs)
    assert costs[0] == pytest.approx(worked.cost_with_four_actions(), rel=1e-6)
    assert costs[-1] < payments.loss_without_model
    assert fraud.aging_cost() == pytest.approx(costs[1] - costs[0], rel=1e-6)
    assert fraud.fallback_extra_an_hour() * 24 == pytest.approx(costs[2] - costs[0], rel=1e-6)
    assert fraud.timeout_cost(0.01) == pytest.approx((costs[2] - costs[0]) / 100, rel=1e-6)
    assert fraud.saved_a_year() == pytest.approx(365 * (300_000 - costs[0]), rel=1e-6)
    assert fraud.saved_an_hour() == pytest.approx((300_000 - costs[0]) / 24, rel=1e-6)


def test_gain_of_review_at_the_mean_amounts_agrees_with_the_case() -> None:
    """At one amount for everyone, review gains exactly where it is the cheapest action."""
    for amount in (40.0, 900.0):
        for p in (0.01, 0.2, 0.6):
            gain = fraud.gain_of_review(p, amount)
            margin = 0.15 * amount
            decline = (1 - p) * (margin + 9)
            missed = 0.85 * amount + 31
            challenge = 0.05 + (1 - p) * 0.08 * margin + p * 0.3 * missed
            review = 3 + (1 - p) * 0.05 * (margin + 9) + p * 0.1 * missed
            assert gain == pytest.approx(min(p * missed, challenge, decline) - review)


def test_reviews_gain_most_between_challenge_and_decline() -> None:
    for amount in (40.0, 140.0, 900.0):
        best = fraud.best_probability(amount)
        gains = [fraud.gain_of_review(p, amount) for p in (best - 0.1, best, best + 0.1)]
        assert max(gains) == gains[1]
    assert fraud.gain_of_review(0.1, 900) > fraud.gain_of_review(0.5, 40)


def test_visible_rise_is_where_a_poisson_count_stands_out() -> None:
    mean = fraud.hourly("challenge")
    limit = mean * (1 + fraud.visible_rise("challenge"))
    assert stats.poisson.sf(limit, mean) < 1e-4
    assert fraud.visible_rise("decline", 24) == pytest.approx(fraud.visible_rise("decline") / math.sqrt(24))


def test_length_of_a_comparison_by_simulation() -> None:
    days, change = fraud.days_to_compare(0.1), 0.1
    rng = np.random.default_rng(5)
    mean = worked.frauds_passed() / 2 * days
    a, b = rng.poisson(mean, 20_000), rng.poisson(mean * (1 - change), 20_000)
    assert (np.abs(a - b) / np.sqrt(a + b) > 1.96).mean() == pytest.approx(0.8, abs=0.02)
    assert fraud.days_to_compare(0.1, power=0.9) > days
    assert fraud.days_worded(0.2) == "1 day"
    assert fraud.days_worded(0.1) == "5 days"


def test_other_worlds() -> None:
    assert fraud.world_cost() == pytest.approx(worked.cost_with_four_actions(), rel=1e-6)
    assert fraud.world_cost(10, 10) == pytest.approx(10 * fraud.world_cost(), rel=1e-6)
    assert fraud.world_cost(10) > fraud.world_cost(10, 10)
    assert fraud.world_cost(1, 0.5) > fraud.world_cost()
    assert fraud.world_price(10) > fraud.world_price(1, 0.5) > fraud.world_price()
    assert fraud.world(1, 0.5)[2] == pytest.approx(900 / 1e6)
    assert fraud.uncorrected_cost() > fraud.world_cost(1, 1, fraud.NEW_COUNTRY_RATE)
    assert fraud.uncorrected_cost(payments.fraud_rate) == pytest.approx(fraud.world_cost(), rel=1e-6)
    assert fraud.uncorrected_reviews() > payments.review_capacity


def test_shares_and_budget() -> None:
    seen = worked.fitted_bands()
    assert fraud.review_share_of_frauds() == seen["review"].fraud / payments.frauds_per_day
    assert fraud.approved_fraud_share() == seen["approve"].fraud / payments.frauds_per_day
    assert fraud.budgeted() + fraud.reserve() == payments.score_p99_ms
    assert fraud.reserve() > 0
    assert fraud.busy_cores_a_zone(3) == pytest.approx(0.8680555, rel=1e-6)
