"""Sample sizes and power, against statsmodels, the exact binomial and draws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

from snippets.experiments import power

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("share", [0.5, 0.1])
@pytest.mark.parametrize(("base", "lift"), [(0.126, 0.05), (0.5, -0.1), (0.012, 0.2)])
def test_shares_agree_with_statsmodels(base, lift, share):
    # theirs pools the variance under the null: some percent apart when arms are unequal
    treated = samplesize_proportions_2indep_onetail(
        base * lift, base, 0.8, ratio=(1 - share) / share, alternative="two-sided"
    )
    assert power.total_users(base, lift, share) == pytest.approx(treated / share, rel=0.12)


# --8<-- [start:exact]
def exact_power(p, q, share):
    n = power.total_users(p, q / p - 1, share)
    treated = round(n * share)
    a = np.arange(n - treated + 1)  # buyers in control
    b = np.arange(treated + 1)[:, None]  # and in treatment
    u, v = a / (n - treated), b / treated
    error = np.sqrt(u * (1 - u) / (n - treated) + v * (1 - v) / treated)
    chance = stats.binom.pmf(a, n - treated, p)
    chance = chance * stats.binom.pmf(b, treated, q)
    seen = np.abs(v - u) > 1.96 * error
    return chance[seen].sum()


@pytest.mark.parametrize(
    ("p", "q", "share"),
    [(0.3, 0.36, 0.5), (0.3, 0.36, 0.1), (0.05, 0.1, 0.5)],
)
def test_the_size_has_the_power_that_was_asked(p, q, share):
    assert exact_power(p, q, share) == pytest.approx(0.8, abs=0.01)


def test_a_tenth_of_the_traffic_costs_nearly_three_times():
    half = power.total_users(0.1, 0.01)
    tenth = power.total_users(0.1, 0.01, share=0.1)
    assert tenth == pytest.approx(2.77 * half, rel=0.01)


# --8<-- [end:exact]


def test_a_small_base_and_a_small_arm_get_more_power_than_asked():
    assert 0.81 < exact_power(0.1, 0.15, 0.1) < 0.83


@quick
@given(st.floats(0.2, 20), st.integers(2_000, 10**7), st.sampled_from([0.5, 0.1, 0.9]))
def test_visible_agrees_with_statsmodels(spread, users, share):
    theirs = NormalIndPower().solve_power(nobs1=users * share, alpha=0.05, power=0.8, ratio=(1 - share) / share)
    assert power.visible(spread, users, share) == pytest.approx(theirs * spread, rel=0.01)


def test_power_agrees_with_statsmodels():
    for effect in (0.0, 0.5, 1.0, 2.8, -2.8):
        theirs = NormalIndPower().power(effect / math.sqrt(2), nobs1=4, alpha=0.05) if effect else 0.05
        # effect size d with n per arm has z = d·√(n/2): here d·√2, so z = effect
        assert power.power_of(effect, 1.0) == pytest.approx(theirs, abs=1e-6)
    assert power.power_of(0.02801585, 0.01) == pytest.approx(0.8, abs=1e-6)


def test_exaggeration_against_draws():
    rng = np.random.default_rng(1)
    for truth in (0.5, 1.35, 2.8):
        seen = rng.normal(truth, 1, 400_000)
        assert power.exaggeration(truth, 1.0) == pytest.approx(seen[seen > 1.959964].mean() / truth, rel=0.01)


def test_false_positives_against_draws():
    assert power.false_positives(1.0) == pytest.approx(0.05)
    rng = np.random.default_rng(2)
    seen = np.abs(rng.normal(0, math.sqrt(4.9), 200_000)) > 1.96
    assert power.false_positives(4.9) == pytest.approx(seen.mean(), abs=0.005)


@quick
@given(st.floats(0.01, 0.4), st.floats(0.01, 0.5), st.floats(0.05, 0.95))
def test_half_and_half_is_near_the_cheapest(base, lift, share):
    assert power.total_users(base, lift, share) >= 0.95 * power.total_users(base, lift)


def test_half_the_effect_costs_four_times():
    assert power.total_users(0.3, 0.01) == pytest.approx(4 * power.total_users(0.3, 0.02), rel=0.02)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: power.total_users(0.0, 0.1), "base is"),
        (lambda: power.total_users(0.6, 0.7), "treated share is"),
        (lambda: power.total_users(0.6, -1.0), "treated share is"),
        (lambda: power.total_users(0.6, 0.1, share=1.0), "share is"),
        (lambda: power.total_users(0.6, 0.0), "lift is 0"),
        (lambda: power.total_users(0.6, 0.1, power=1.0), "power is"),
        (lambda: power.visible(1.0, 0), "users is 0"),
        (lambda: power.visible(1.0, 10, share=0.0), "share is"),
        (lambda: power.power_of(1.0, 1.0, alpha=0.0), "alpha is"),
    ],
)
def test_what_no_test_can_show_raises(call, match):
    with pytest.raises(ValueError, match=match):
        call()
