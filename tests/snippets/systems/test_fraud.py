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


def test_the_delay_meets_the_cases_three_points_and_starts_late() -> None:
    for age, share in ((30, 0.1), (45, 0.5), (75, 0.9)):
        assert fraud.share_in_by(age) == pytest.approx(share)
        assert fraud.share_in_straight(age) == pytest.approx(share)
    shares = [fraud.share_in_by(age) for age in range(-1, 200)]
    assert shares == sorted(shares)
    assert shares[0] == shares[1] == 0
    assert fraud.share_in_by(10) < 1e-4 < fraud.share_in_straight(10)


def test_known_chargebacks_by_simulation() -> None:
    """Delays are drawn, some frauds are never reported, and whatever is in by the day is counted."""
    rng = np.random.default_rng(3)
    days = 45
    born = np.repeat(np.arange(days), 20_000)
    z = rng.standard_normal(born.size)
    width = np.where(z < 0, math.log(45 / 30), math.log(75 / 45)) / stats.norm.ppf(0.9)
    delay = 45 * np.exp(z * width)
    share = ((born + delay <= days) & (rng.random(born.size) < 0.95)).mean()
    assert fraud.known_after(days) / (days * fraud.ATTACK) == pytest.approx(share, abs=0.002)
    assert fraud.naive_rate(days, 0.1) == pytest.approx(share / 10, abs=0.0002)
    straight = np.interp(rng.random(born.size), (0, 0.1, 0.5, 0.9, 1), (0, 30, 45, 75, 90))
    share = 0.95 * (born + straight <= days).mean()
    assert fraud.naive_rate(days, share=fraud.share_in_straight) == pytest.approx(share, abs=0.002)


def test_first_days_are_the_first() -> None:
    day = fraud.first_day_with(20)
    assert fraud.known_after(day) >= 20 > fraud.known_after(day - 1)
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
    wide = fraud.precision_interval(60, ring=4)
    assert wide[1] - wide[0] == pytest.approx(2 * (high - low), rel=0.03)


def test_leaving_out_a_challenge_is_priced_payment_by_payment() -> None:
    band = worked.fitted_bands()["challenge"]
    good, bad = 0.005 * band.good, 0.005 * band.fraud
    assert fraud.unchallenged_frauds() == pytest.approx(bad)
    cost = bad * (150 - 45 - 0.05) - good * (0.05 + 0.08 * 6)
    assert fraud.unchallenged_cost() == pytest.approx(cost)
    assert fraud.good_among_failed() == pytest.approx(0.08 * good / (0.08 * good + 0.7 * bad))


def test_a_perfect_model_reads_low_on_raw_chargebacks() -> None:
    rng = np.random.default_rng(8)
    reported = rng.binomial(1_000_000, 0.95)
    friendly = reported * 0.12 / 0.88
    assert fraud.raw_ratio() == pytest.approx(1_000_000 / (reported + friendly), abs=0.002)


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
    assert fraud.point_of_auc() == pytest.approx(costs[0] - fraud.fallback_cost(0.98), rel=1e-6)
    assert fraud.point_of_auc() > fraud.aging_cost()
    assert fraud.challenge_saves() == pytest.approx(
        worked.at_break_even().cost - worked.cost_of_approve_or_challenge(), rel=1e-6
    )
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
        gains = [fraud.gain_of_review(p, amount) for p in (0.1, 0.4, 0.8)]
        assert max(gains) == gains[1]
    assert fraud.gain_of_review(0.1, 900) > fraud.gain_of_review(0.5, 40)


def test_visible_rise_is_where_a_poisson_count_stands_out() -> None:
    mean = fraud.hourly("challenge")
    limit = mean * (1 + fraud.visible_rise("challenge"))
    assert stats.poisson.sf(limit, mean) < 1e-4
    assert fraud.visible_rise("challenge", share=0.25) == pytest.approx(2 * fraud.visible_rise("challenge"))
    assert fraud.visible_rise("decline", 24) == pytest.approx(fraud.visible_rise("decline") / math.sqrt(24))


@pytest.mark.parametrize("share", [0.5, 0.05])
def test_length_of_a_comparison_by_simulation(share: float) -> None:
    """Reported frauds fall in one arm, friendly chargebacks in neither; the rates' difference is seen in four of five runs."""
    change = 0.1
    days = fraud.days_to_compare(change, share=share)
    rng = np.random.default_rng(5)
    real = worked.frauds_passed() * 0.95
    friendly = real * 0.12 / 0.88
    a = rng.poisson((real + friendly) * (1 - share) * days, 20_000)
    b = rng.poisson((real * (1 - change) + friendly) * share * days, 20_000)
    z = (a / (1 - share) - b / share) / np.sqrt(a / (1 - share) ** 2 + b / share**2)
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.02)


def test_what_makes_a_comparison_longer() -> None:
    days = fraud.days_to_compare(0.1)
    assert fraud.days_to_compare(0.1, power=0.9) > days
    rng = np.random.default_rng(6)
    amounts = rng.lognormal(0, fraud.AMOUNT_SIGMA, 2_000_000)
    assert fraud.amount_spread() == pytest.approx((amounts**2).mean() / amounts.mean() ** 2, rel=0.05)
    assert fraud.days_to_compare(0.1, spread=fraud.amount_spread()) == pytest.approx(days * fraud.amount_spread())
    assert fraud.days_worded(0.2) == "1 day"
    assert fraud.days_worded(0.1) == "6 days"


def test_hiring_stops_where_the_next_analyst_does_not_pay() -> None:
    best = fraud.analysts_that_pay(10)
    assert fraud.analyst_margin(10, best / 20) <= 0 < fraud.analyst_margin(10, (best - 1) / 20)
    assert fraud.analyst_margin() < 0, "at today's volume nobody is missing"
    one_more = fraud.world_cost(10) - fraud.world_cost(10, 21 / 20)
    assert fraud.analyst_margin(10) == pytest.approx(one_more - 90, rel=0.03)


def test_workers_keep_the_limit_that_the_reads_leave() -> None:
    """An M/M/c queue, simulated: enough with the workers found, not with one fewer."""

    def late(workers: int) -> float:
        rng = np.random.default_rng(9)
        arrival = np.cumsum(rng.exponential(1 / payments.peak_per_second, 200_000))
        service = rng.exponential(0.015, arrival.size)
        free = np.zeros(workers)
        waits = np.empty(arrival.size)
        for i, now in enumerate(arrival):
            first = int(free.argmin())
            free[first] = max(now, free[first]) + service[i]
            waits[i] = free[first] - now
        return float((waits > 0.075).mean())

    assert late(fraud.workers()) < 0.01 < late(fraud.workers() - 1)


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
