"""Odds of a loop, against listing every outcome, SciPy's multivariate normal and simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from snippets.roles import loop

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
rates = st.lists(st.floats(0.02, 0.98), min_size=1, max_size=6)


def outcomes(known):
    """Every pattern of passed and failed rounds with its probability."""
    for passed in itertools.product((True, False), repeat=len(known)):
        yield sum(passed), math.prod(p if ok else 1 - p for p, ok in zip(known, passed, strict=True))


@quick
@given(rates)
def test_counts_of_passed_rounds_agree_with_every_outcome(known):
    n = len(known)
    assert loop.every_round(known) == pytest.approx(sum(p for k, p in outcomes(known) if k == n))
    assert loop.all_but_one(known) == pytest.approx(sum(p for k, p in outcomes(known) if k >= n - 1))


@quick
@given(rates)
def test_the_average_is_a_normal_tail(known):
    mean = sum(norm.ppf(p) for p in known) / len(known)
    assert loop.on_average(known) == pytest.approx(norm.sf(0, loc=mean, scale=1 / math.sqrt(len(known))))


@pytest.mark.parametrize("rule", [loop.every_round, loop.all_but_one, loop.on_average])
@quick
@given(known=rates)
def test_rules_grow_with_each_rate_and_ignore_order(rule, known):
    assert rule(known[::-1]) == pytest.approx(rule(known))
    better = [min(0.99, known[0] + 0.01), *known[1:]]
    assert rule(better) >= rule(known)
    assert 0 < rule(known) <= 1 + 1e-12


def test_one_round():
    assert loop.every_round([0.7]) == 0.7
    assert loop.all_but_one([0.7]) == pytest.approx(1.0)  # the one round may be failed
    assert loop.on_average([0.7]) == pytest.approx(0.7)


def test_the_average_agrees_with_simulated_scores():
    rng = np.random.default_rng(3)
    known = [0.6, 0.75, 0.8]
    scores = rng.normal(size=(200_000, 3)) + norm.ppf(known)
    assert loop.on_average(known) == pytest.approx((scores.mean(axis=1) > 0).mean(), abs=0.004)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_correlated_rounds_against_a_multivariate_normal(correlation):
    known = [0.8, 0.6, 0.7]
    cov = np.full((3, 3), correlation) + (1 - correlation) * np.eye(3)
    expected = multivariate_normal(mean=np.zeros(3), cov=cov, seed=1).cdf(norm.ppf(known))
    assert loop.every_round_correlated(known, correlation) == pytest.approx(expected, abs=1e-4)


def test_without_correlation_it_is_the_product():
    assert loop.every_round_correlated([0.8] * 5, 0.0) == pytest.approx(0.8**5)


@pytest.mark.parametrize("correlation", [-0.1, 1.0, math.nan])
def test_correlation_out_of_range(correlation):
    with pytest.raises(ValueError, match="correlation is"):
        loop.every_round_correlated([0.5], correlation)


@quick
@given(st.lists(st.floats(0.02, 0.98), min_size=2, max_size=5))
def test_after_a_gate_the_rest_decides(known):
    for rule, rest in ((loop.gate_then_all_but_one, loop.all_but_one), (loop.gate_then_average, loop.on_average)):
        assert rule(known) == pytest.approx(known[0] * rest(known[1:]))
        assert loop.every_round(known) - 1e-12 <= loop.gate_then_all_but_one(known) <= known[0] + 1e-12


def test_a_gate_alone_is_no_loop():
    for rule in (loop.gate_then_all_but_one, loop.gate_then_average):
        with pytest.raises(ValueError, match="empty"):
            rule([0.5])


@pytest.mark.parametrize("bad", [0.0, 1.0, 1.2, math.nan])
def test_a_rate_must_lie_between(bad):
    with pytest.raises(ValueError, match=r"rates\[1\] is"):
        loop.every_round([0.5, bad])


def test_no_round():
    with pytest.raises(ValueError, match="empty"):
        loop.on_average([])
