"""The prompts' numbers against statsmodels, SciPy and by hand."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from snippets.cases import marketplace
from snippets.data_audit import worked_prompts as prompts
from snippets.data_audit.worked_labels import declined


def test_loans_per_arm_is_near_statsmodels():
    theirs = NormalIndPower().solve_power(proportion_effectsize(0.04, 0.036), alpha=0.05, power=0.8)
    assert prompts.loans_per_arm() == pytest.approx(theirs, rel=0.01)
    effect = proportion_effectsize(prompts.proxy_rate(0.04), prompts.proxy_rate(0.036))
    assert prompts.proxy_loans() == pytest.approx(NormalIndPower().solve_power(effect, alpha=0.05, power=0.8), rel=0.01)


def test_days_of_brake_and_verdict():
    assert prompts.verdict_day() == 66  # 36 days of loans in each arm, 30 for the last to ripen
    assert prompts.brake_day() == 11
    assert prompts.proxy_rate(1.0) == prompts.FAILS_IF_DEFAULT
    assert prompts.proxy_rate(0.0) == prompts.FAILS_IF_GOOD


def test_unlabeled_rows_move_the_line():
    assert prompts.rate_as_labeled() == pytest.approx(0.04 * 150 / 180)
    p = prompts.loan_break_even()
    assert p * 300 == pytest.approx((1 - p) * 20)
    assert prompts.loan_line_as_trained() * 150 / 180 == pytest.approx(p)
    assert prompts.loss_at_that_line() == pytest.approx(4)


def test_the_plan_of_the_bucket():
    by_hand = sum(share * declined(low, high).cost for low, high, share in prompts.PLAN)
    assert prompts.plan_cost() == pytest.approx(by_hand)
    assert prompts.plan_labels(0) == pytest.approx(30 * 0.02 * declined(1 / 11, 0.2).rows)
    assert prompts.plan_labels(0) == pytest.approx(2 * prompts.uniform_labels_near_line())
    n, p = round(prompts.plan_labels(0)), prompts.band_share(0)
    low, high = stats.binom.interval(0.95, n, p)
    assert (high - low) / 2 / n == pytest.approx(prompts.band_error(0), rel=0.05)
    assert prompts.band_cost_if(prompts.band_share(0)) == pytest.approx(prompts.planned(0).cost)
    assert prompts.band_cost_if(1 / 11) == pytest.approx(0)
    assert prompts.analyst_cost() == pytest.approx(0.01 * declined().rows * 3)


def test_the_plan_knows_the_rule_less_well_than_one_percent_of_everything():
    rng = np.random.default_rng(0)
    bands = [declined(low, high) for low, high, _ in prompts.PLAN]
    draws = [
        rng.binomial(round(prompts.plan_labels(k)), prompts.band_share(k), 50_000) / round(prompts.plan_labels(k))
        for k in range(3)
    ]
    total = sum(band.rows for band in bands)
    rule = sum(band.rows / total * draw for band, draw in zip(bands, draws, strict=True))
    assert prompts.plan_error() == pytest.approx(1.96 * rule.std(), rel=0.03)


def test_a_shuffled_run_stops_honest_builds():
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1], [900, 100])
    areas = [stats.mannwhitneyu(s[y == 1], s[y == 0]).statistic / 90_000 for s in rng.random((3_000, 1_000))]
    assert prompts.shuffled_error() == pytest.approx(np.std(areas), rel=0.05)
    assert prompts.stopped_at(0.03) == pytest.approx(np.mean(np.abs(np.array(areas) - 0.5) > 0.03), abs=0.03)


def test_a_tenth_of_the_traffic():
    assert prompts.cost_of_a_tenth() == pytest.approx(10_800)
    assert prompts.declines_on_a_tenth() == pytest.approx(declined().rows / 10)


def test_new_users_and_what_they_bring():
    assert prompts.new_users() == 100_000
    assert prompts.value_of_new_users() == pytest.approx(200_000 * 0.0045 * marketplace.net_fee)


def test_the_gate():
    assert prompts.missed_by_sample(0.01) == pytest.approx(stats.binom.pmf(0, 300, 0.01))
    assert prompts.stopped_by_tests() == pytest.approx(1 - stats.binom.pmf(0, 200, 0.01))
    assert prompts.builds() == 1_200
    assert prompts.rows_left_without_ids() == pytest.approx(0.83, abs=0.005)


def test_what_random_negatives_and_loose_bands_cost():
    assert prompts.missed_in_negatives() == pytest.approx(200 * 0.002 * 0.1)
    one_band = 0.05**3
    assert prompts.proposed_pairs(0.05) == pytest.approx(7.2e9 * stats.binom.sf(0, 30, one_band), rel=1e-4)
