"""Canaries, against statsmodels, SciPy's multivariate normal, simulation, and binomial tables."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from snippets.lifecycle import release
from snippets.lifecycle.release import Arm, Exposure

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("ratio", [1, 9, 99, math.inf])
def test_the_planned_size_has_the_planned_power(ratio):
    n = release.canary_requests(0.05, 0.07, 0.05, 0.8, ratio)
    rng = np.random.default_rng(3)
    canary = rng.binomial(n, 0.07, 20_000) / n
    if math.isinf(ratio):
        control, error = np.full(20_000, 0.05), math.sqrt(0.05 * 0.95 / n)
    else:
        m = round(ratio * n)
        control = rng.binomial(m, 0.05, 20_000) / m
        pooled = (n * canary + m * control) / (n + m)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    assert ((canary - control) / error > 1.645).mean() == pytest.approx(0.8, abs=0.03)


def test_a_control_group_costs_requests():
    sizes = [release.canary_requests(0.01, 0.02, control_ratio=r) for r in (1, 9, 99, math.inf)]
    assert sizes == sorted(sizes, reverse=True)


arms = st.integers(0, 3_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))).map(lambda pair: Arm(*pair))


@quick
@given(arms.filter(lambda a: a.requests), arms.filter(lambda a: a.requests))
def test_the_interval_is_agresti_and_caffos(control, canary):
    ours = release.difference(control, canary, stats.norm.ppf(0.975))
    theirs = confint_proportions_2indep(
        canary.bad, canary.requests, control.bad, control.requests, method="agresti-caffo", compare="diff"
    )
    # statsmodels clips nothing either
    assert ours == pytest.approx(theirs)


@quick
@given(arms, arms, st.floats(0.001, 0.2))
def test_a_verdict_follows_from_the_interval(control, canary, margin):
    low, high = release.difference(control, canary, 1.645)
    said = release.verdict(control, canary, margin)
    assert said == ("go on" if high < margin else "roll back" if low > 0 else "wait")


def test_verdicts_that_interviewers_ask_about():
    assert release.verdict(Arm(0, 0), Arm(0, 0), 0.01) == "wait"  # nothing seen
    assert release.verdict(Arm(10_000, 50), Arm(100, 0), 0.001) == "wait"  # no error yet is no evidence
    assert release.verdict(Arm(10_000, 50), Arm(100, 20), 0.001) == "roll back"
    assert release.verdict(Arm(10**6, 5_000), Arm(10**5, 500), 0.001) == "go on"
    # surely worse, and surely by less than the margin: accepted
    assert release.verdict(Arm(10**7, 50_000), Arm(10**7, 51_000), 0.001) == "go on"
    with pytest.raises(ValueError, match="0 <= bad <= requests"):
        release.verdict(Arm(1, 2), Arm(1, 0), 0.01)
    with pytest.raises(ValueError, match="margin is 0"):
        release.verdict(Arm(1, 0), Arm(1, 0), 0)


def test_one_look_is_the_plain_test():
    for z in (0.5, 1.645, 2.5):
        assert release.false_alarms(1, z) == pytest.approx(1 - stats.norm.cdf(z), abs=1e-4)


@pytest.mark.parametrize("looks", [2, 3, 5])
def test_more_looks_against_the_multivariate_normal(looks):
    k = np.arange(1, looks + 1)
    correlation = np.sqrt(np.minimum.outer(k, k) / np.maximum.outer(k, k))
    joint = stats.multivariate_normal(np.zeros(looks), correlation)
    assert release.false_alarms(looks, 1.645) == pytest.approx(1 - joint.cdf(np.full(looks, 1.645)), abs=1e-3)


def test_many_looks_against_a_simulation():
    rng = np.random.default_rng(4)
    sums = np.cumsum(rng.normal(size=(100_000, 24)), axis=1) / np.sqrt(np.arange(1, 25))
    assert release.false_alarms(24, 1.645) == pytest.approx((sums > 1.645).any(axis=1).mean(), abs=4e-3)
    line = release.alarm_line(24, 0.05)
    assert (sums > line).any(axis=1).mean() == pytest.approx(0.05, abs=3e-3)


def test_damage_is_the_same_requests_at_every_share_plus_the_reaction():
    bad = Exposure(an_hour=1_000, harm=2, needed=500, reaction=0.5)
    assert bad.hours(1) == 1
    assert bad.damage(1) == 2_000
    assert bad.hours(0.01) == 50.5
    assert bad.damage(0.01) == 1_010
    assert bad.damage(0.5) == pytest.approx(bad.hours(0.5) * 0.5 * bad.an_hour * bad.harm)
    for share in (0, 1.1, math.nan):
        with pytest.raises(ValueError, match="share is"):
            bad.damage(share)


def test_limits_of_a_p99_cover_it():
    rng = np.random.default_rng(6)
    true = stats.expon.ppf(0.99)
    covered = 0
    for _ in range(400):
        low, high = release.quantile_limits(rng.exponential(size=2_000), 0.99)
        covered += low <= true <= high
    assert covered / 400 > 0.93


def test_limits_that_the_sample_does_not_hold():
    low, high = release.quantile_limits(list(range(200)), 0.99)
    assert low < 198
    assert high == math.inf
    assert release.quantile_limits([5.0], 0.5) == (-math.inf, math.inf)
    assert release.quantile_limits(list(range(101)), 0.5, z=0) == (49, 51)
    with pytest.raises(ValueError, match="values is empty"):
        release.quantile_limits([], 0.5)


def test_bad_plans_are_refused_by_name():
    with pytest.raises(ValueError, match="must lie above the rate"):
        release.canary_requests(0.02, 0.02)
    with pytest.raises(ValueError, match="control_ratio is 0"):
        release.canary_requests(0.01, 0.02, control_ratio=0)
    with pytest.raises(ValueError, match="power is 1"):
        release.canary_requests(0.01, 0.02, power=1)
    with pytest.raises(ValueError, match="looks is 0"):
        release.false_alarms(0, 1.6)
    with pytest.raises(ValueError, match="budget is 0"):
        release.alarm_line(2, 0)


def test_a_walk_loses_nobody_and_takes_what_is_known_well():
    for ratio in (9, math.inf):
        stopped, left = release.canary_walk(0.02, 0.01, 5, 100, ratio, 2.0)
        assert sum(stopped) + left.sum() == pytest.approx(1)
    # a step so small that all of it can be bad, and never enough to stop
    stopped, left = release.canary_walk(0.5, 0.4, 1, 2, 9, 6.0)
    assert stopped == [0.0]
    assert left == pytest.approx([0.25, 0.5, 0.25])


@quick
@given(st.integers(1, 400), st.floats(0.001, 0.999), st.data())
def test_the_binomial_is_scipys(trials, chance, data):
    hits = data.draw(st.integers(0, trials))
    assert release.binomial(trials, hits, chance) == pytest.approx(
        stats.binom.pmf(hits, trials, chance), rel=1e-6, abs=1e-12
    )
