"""Grouped events, against SciPy's beta-binomial and a simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from snippets.framing import units

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
shares = st.floats(0, 1)


@pytest.mark.parametrize("rate", [0.002, 0.01, 0.6])
@pytest.mark.parametrize("items", [1, 3, 48])
@pytest.mark.parametrize("rho", [0.01, 0.1, 0.3, 0.9])
def test_clustered_rates_are_the_beta_binomials(rate, items, rho):
    a, b = rate * (1 - rho) / rho, (1 - rate) * (1 - rho) / rho
    assert units.none_of(rate, items, rho) == pytest.approx(betabinom.pmf(0, items, a, b))


@quick
@given(shares, st.integers(0, 60))
def test_ends_of_the_correlation(rate, items):
    assert units.none_of(rate, items) == pytest.approx((1 - rate) ** items)
    assert units.at_least_one(rate, items, 1.0) == pytest.approx(rate if items else 0.0)


@quick
@given(shares, st.integers(1, 30), shares, shares)
def test_clustering_hits_fewer_groups(rate, items, one, other):
    low, high = sorted((one, other))
    assert units.at_least_one(rate, items, high) <= units.at_least_one(rate, items, low) + 1e-9
    assert rate - 1e-9 <= units.at_least_one(rate, items, low) <= min(1.0, rate * items) + 1e-9


def test_passed_before_caught_agrees_with_a_simulation():
    rng = np.random.default_rng(5)
    own = rng.beta(0.6 * 0.7 / 0.3, 0.4 * 0.7 / 0.3, 200_000)
    caught = rng.uniform(size=(200_000, 3)) < own[:, None]
    passed = np.where(caught.any(axis=1), caught.argmax(axis=1), 3)
    assert units.passed_before_caught(0.6, 3, 0.3) == pytest.approx(passed.mean(), abs=0.01)
    assert units.passed_before_caught(0.6, 3) == pytest.approx(0.4 + 0.16 + 0.064)
    assert units.passed_before_caught(0.6, 3, 1.0) == pytest.approx(1.2)


def test_edges_and_bad_input():
    assert units.none_of(0.5, 0) == 1.0
    assert units.passed_before_caught(0.5, 0) == 0
    with pytest.raises(ValueError, match="rate is"):
        units.none_of(1.2, 3)
    with pytest.raises(ValueError, match="correlation is"):
        units.none_of(0.2, 3, -0.1)
    with pytest.raises(ValueError, match="items is"):
        units.none_of(0.2, -1)
    with pytest.raises(ValueError, match="tries is"):
        units.passed_before_caught(0.2, -1)
