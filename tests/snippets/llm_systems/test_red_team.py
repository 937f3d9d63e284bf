"""Bounds and retries, against SciPy and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.llm_systems import red_team

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@quick
@given(st.integers(1, 600), st.data())
def test_the_bound_is_clopper_and_pearsons(n: int, data) -> None:
    k = data.draw(st.integers(0, min(n, 8)))
    assert red_team.upper_bound(k, n) == pytest.approx(1.0 if k == n else stats.beta.ppf(0.95, k + 1, n - k))


def test_the_rule_of_three_and_the_ends() -> None:
    assert red_team.upper_bound(0, 400) == pytest.approx(1 - 0.05 ** (1 / 400))
    assert red_team.upper_bound(0, 400) == pytest.approx(3 / 400, rel=0.01)
    assert red_team.upper_bound(0, 0) == red_team.upper_bound(5, 5) == 1.0
    assert red_team.upper_bound(0, 50, confidence=0.5) < red_team.upper_bound(0, 50)
    with pytest.raises(ValueError, match="more than"):
        red_team.upper_bound(6, 5)


def test_chances() -> None:
    assert red_team.chance_to_see(0.0, 9) == red_team.chance_to_see(0.3, 0) == 0
    assert red_team.chance_to_see(0.01, 50) == pytest.approx(1 - stats.binom.pmf(0, 50, 0.01))
    assert red_team.passes_before_strikes(0.95, 3) == pytest.approx(stats.geom.cdf(3, 0.05))


@quick
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_tries_are_the_fewest_that_reach_the_chance(recall: float, chance: float) -> None:
    n = red_team.tries_for(recall, chance)
    assert red_team.chance_to_see(1 - recall, n) >= chance - 1e-9
    assert n == 1 or red_team.chance_to_see(1 - recall, n - 1) < chance + 1e-9


def test_tries_at_the_ends() -> None:
    assert red_team.tries_for(0.0, 0.9) == 1
    with pytest.raises(ValueError, match="recall is 1"):
        red_team.tries_for(1.0, 0.5)


def test_the_best_of_many_phrasings() -> None:
    draws = np.random.default_rng(3).beta(1, 19, (40_000, 20))
    assert red_team.best_of(0.05, 1) == pytest.approx(0.05)
    assert red_team.best_of(0.05, 20) == pytest.approx(draws.max(axis=1).mean(), rel=0.01)
    assert red_team.best_of(0.05, 100) > red_team.best_of(0.05, 20)
