"""What scores say, against SciPy's normal integrals and simulated candidates."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm, pearsonr

from snippets.roles import reliability as rel


def test_spearman_brown_against_the_variance_of_a_mean():
    r = 0.44  # level has variance r, noise 1 − r; the mean of k keeps r and divides the noise
    for k in (1, 2, 4, 9):
        assert rel.spearman_brown(r, k) == pytest.approx(r / (r + (1 - r) / k))


@pytest.mark.parametrize(("r", "k"), [(0.0, 2), (1.0, 2), (math.nan, 2)])
def test_reliability_must_lie_between(r, k):
    with pytest.raises(ValueError, match="reliability is"):
        rel.spearman_brown(r, k)


def test_at_least_one_interview():
    with pytest.raises(ValueError, match="interviews is 0"):
        rel.by_every(0.5, 0, 0.2, 0.2)


@pytest.mark.parametrize("k", [1, 4])
def test_the_mean_against_a_bivariate_normal(k):
    found = rel.by_mean(0.44, k, 0.2, 0.3)
    rho = math.sqrt(rel.spearman_brown(0.44, k))
    both = multivariate_normal(cov=[[1, rho], [rho, 1]]).cdf([-norm.isf(0.2), -norm.isf(0.3)])
    assert found.passed == pytest.approx(0.3, abs=1e-6)
    assert found.found == pytest.approx(both / 0.2, abs=1e-4)
    assert found.right == pytest.approx(both / 0.3, abs=1e-4)
    assert found.cut == pytest.approx(norm.isf(0.3), abs=1e-4)


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(11)
    level = rng.normal(size=200_000)
    scores = math.sqrt(0.44) * level[:, None] + math.sqrt(0.56) * rng.normal(size=(level.size, 5))
    return level > norm.isf(0.2), scores


def test_must_pass_against_simulated_candidates(people):
    good, scores = people
    expected = rel.by_every(0.44, 5, 0.2, 0.2)
    passed = (scores > expected.cut).all(axis=1)
    assert passed.mean() == pytest.approx(0.2, abs=0.005)
    assert passed[good].mean() == pytest.approx(expected.found, abs=0.008)
    held = np.argmin(np.c_[scores > expected.cut, np.zeros(len(scores), bool)], axis=1) + 1
    assert rel.rounds_until_failure(0.44, 5, expected.cut) == pytest.approx(np.minimum(held, 5).mean(), abs=0.02)


def test_a_gate_and_a_mean_against_simulated_candidates(people):
    good, scores = people
    expected = rel.by_gate_then_mean(0.44, 0.5, 3, 0.2, 0.2)
    spread = math.sqrt(0.44 + 0.56 / 3)
    passed = (scores[:, 0] > 0) & (scores[:, 1:4].mean(axis=1) / spread > expected.cut)
    assert passed.mean() == pytest.approx(0.2, abs=0.005)
    assert passed[good].mean() == pytest.approx(expected.found, abs=0.008)


def test_one_round_is_the_same_under_both_rules():
    assert rel.by_every(0.44, 1, 0.2, 0.2) == pytest.approx(rel.by_mean(0.44, 1, 0.2, 0.2))
    assert rel.rounds_until_failure(0.44, 1, 0.0) == pytest.approx(1.0)


def test_a_gate_that_lets_too_few_through():
    with pytest.raises(ValueError, match="no cut lets more than"):
        rel.by_gate_then_mean(0.44, 0.1, 3, 0.2, 0.2)


@pytest.mark.parametrize(("bar", "share"), [(0.0, 0.2), (0.2, 1.0)])
def test_shares_must_lie_between(bar, share):
    with pytest.raises(ValueError, match="share is"):
        rel.by_mean(0.44, 2, bar, share)


@pytest.mark.parametrize(("pairs", "confidence"), [(30, 0.95), (12, 0.8)])
def test_fishers_interval_against_scipy(pairs, confidence):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, pairs))
    result = pearsonr(x, x + y)
    interval = result.confidence_interval(confidence)
    assert rel.correlation_interval(result.statistic, pairs, confidence) == pytest.approx((interval.low, interval.high))


def test_fishers_interval_refuses():
    with pytest.raises(ValueError, match="pairs is 3"):
        rel.correlation_interval(0.4, 3)
    with pytest.raises(ValueError, match="correlation is 1"):
        rel.correlation_interval(1.0, 30)
