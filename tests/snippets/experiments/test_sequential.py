"""Sequential rules, against the multivariate normal distribution in SciPy, published tables and simulated walks."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from snippets.experiments import sequential as seq

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
FIVE = [0.2, 0.4, 0.6, 0.8, 1.0]


def stays_inside(times, bounds):
    """Chance that no |z| passes, from the joint normal distribution of z at the looks."""
    t = np.asarray(times)
    cov = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    b = np.minimum(bounds, 8.0)
    return multivariate_normal(np.zeros(t.size), cov, seed=1, abseps=1e-5).cdf(b, lower_limit=-b)


def test_bounds_are_the_published_ones():
    # five looks, one-sided 0.025 on each side, as group-sequential packages print them
    assert seq.spending_bounds(FIVE, seq.obrien_fleming) == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=2e-3)
    assert seq.spending_bounds(FIVE, seq.pocock) == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=2e-3)


@pytest.mark.parametrize("spend", [seq.obrien_fleming, seq.pocock])
def test_bounds_spend_what_they_should_by_scipy(spend):
    times = [0.3, 0.55, 0.9, 1.0]
    bounds = seq.spending_bounds(times, spend)
    for k in range(1, 5):
        assert 1 - stays_inside(times[:k], bounds[:k]) == pytest.approx(spend(times[k - 1]), abs=3e-5)


def test_one_look_is_the_ordinary_test():
    assert seq.spending_bounds([1.0], seq.pocock) == pytest.approx([norm.isf(0.025)], abs=1e-3)
    (look,) = seq.run([1.0], [norm.isf(0.025)], drift=2.8016)
    assert look.above == pytest.approx(0.8, abs=2e-4)
    # mean of a normal number, given that it is above its bound
    z = norm.isf(0.025) - 2.8016
    assert look.estimate == pytest.approx(2.8016 + norm.pdf(z) / norm.sf(z), abs=2e-3)


def test_recursion_is_what_simulated_walks_do():
    rng = np.random.default_rng(8)
    times, bounds, drift = FIVE, [2.4, 2.3, 2.5, 2.2, 2.0], 1.5
    steps = rng.normal(drift * 0.2, math.sqrt(0.2), (200_000, 5)).cumsum(axis=1)
    z = steps / np.sqrt(times)
    first = np.where((np.abs(z) > bounds).any(axis=1), (np.abs(z) > bounds).argmax(axis=1), -1)
    for k, look in enumerate(seq.run(times, bounds, drift)):
        here = first == k
        up = here & (z[:, k] > 0)
        assert look.above == pytest.approx(up.mean(), abs=0.003)
        assert look.below == pytest.approx((here & ~up).mean(), abs=0.003)
        assert look.estimate == pytest.approx((steps[up, k] / times[k]).mean(), rel=0.01)


def test_nobody_stops_at_an_infinite_bound():
    first, last = seq.run([0.5, 1.0], [math.inf, 1.96])
    assert first.above == first.below == 0.0
    assert math.isnan(first.estimate)
    assert last.above == pytest.approx(0.025, abs=1e-4)


def test_peeking_costs_what_the_joint_distribution_says():
    bounds = [1.959964] * 4
    exact = 1 - stays_inside([k / 4 for k in range(1, 5)], bounds)
    assert seq.false_alarms([0.25, 0.5, 0.75, 1], bounds) == pytest.approx(exact, abs=0.01)
    uneven = [0.4, 0.7, 0.9, 1.0]
    assert seq.false_alarms(uneven, bounds) == pytest.approx(1 - stays_inside(uneven, bounds), abs=0.01)
    assert seq.false_alarms([3.0], bounds[:1]) == pytest.approx(0.05, abs=0.005)
    with pytest.raises(ValueError, match="information"):
        seq.false_alarms([0.5, 0.5], bounds[:2])


def mixed_ratio(z, v, tau):
    """The likelihood ratio of the estimate, averaged over effects from N(0, tau²) on a grid."""
    effects = np.linspace(-8 * tau, 8 * tau, 4001)
    estimate = z * math.sqrt(v)
    ratio = np.exp((2 * estimate * effects - effects**2) / (2 * v))
    weights = norm.pdf(effects, scale=tau)
    return float(ratio @ weights / weights.sum())


@quick
@given(st.floats(-4, 4), st.floats(0.2, 5), st.floats(0.3, 2))
def test_always_valid_p_is_one_over_the_averaged_likelihood_ratio(z, v, tau):
    assert seq.always_valid_p([z], [v], tau)[0] == pytest.approx(min(1, 1 / mixed_ratio(z, v, tau)), rel=1e-4)


@quick
@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(1e-6, 1e6)), max_size=12))
def test_always_valid_p_never_rises_and_stays_a_probability(rows):
    p = seq.always_valid_p([z for z, _ in rows], [v for _, v in rows], 1.0)
    assert len(p) == len(rows)
    assert p == sorted(p, reverse=True)
    assert all(0 <= value <= 1 for value in p)


def test_always_valid_p_keeps_its_promise_over_many_looks():
    rng = np.random.default_rng(3)
    k = np.arange(1, 201)
    z = rng.standard_normal((1500, 200)).cumsum(axis=1) / np.sqrt(k)
    share = np.mean([seq.always_valid_p(row, 14 / k, 2.8)[-1] < 0.05 for row in z])
    assert 0.01 < share < 0.05


@quick
@given(st.floats(0.01, 3), st.floats(0.2, 6), st.floats(0.01, 0.3))
def test_mixture_bound_is_where_the_p_value_is_alpha(t, tau, alpha):
    (bound,) = seq.mixture_bounds([t], tau, alpha)
    assert seq.always_valid_p([bound], [1 / t], tau)[0] == pytest.approx(alpha, rel=1e-9)


@pytest.mark.parametrize("spend", [seq.obrien_fleming, seq.pocock])
def test_all_is_spent_at_the_end_and_no_more_after(spend):
    assert spend(1.0) == pytest.approx(0.05)
    assert spend(1.7) == spend(1.0)
    assert spend(0.2) < spend(0.6) < spend(1.0)


@pytest.mark.parametrize(("z", "variance"), [(1.0, 0.0), (1.0, math.nan), (math.nan, 1.0)])
def test_an_always_valid_look_needs_numbers(z, variance):
    with pytest.raises(ValueError, match="variance above"):
        seq.always_valid_p([2.0, z], [1.0, variance], 1.0)
