"""Corrections and sizes, against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from snippets.monitoring import slices

NAMES = {"bonferroni": "bonferroni", "holm": "holm", "bh": "fdr_bh"}


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_corrections_equal_statsmodels(p: list[float]) -> None:
    for mine, theirs in NAMES.items():
        assert slices.adjusted(p, mine) == pytest.approx(multipletests(p, method=theirs)[1], abs=1e-12)
    assert slices.adjusted(p, "none") == p


def test_corrections_of_nothing_and_of_nonsense() -> None:
    assert slices.adjusted([], "holm") == slices.adjusted([], "bh") == []
    with pytest.raises(ValueError, match="no method"):
        slices.adjusted([0.1], "sidak")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="p_values"):
        slices.adjusted([1.2])


def test_two_rates_equals_statsmodels() -> None:
    assert slices.two_rates(30, 1000, 50, 1100) == pytest.approx(proportions_ztest([30, 50], [1000, 1100])[1])
    assert slices.two_rates(0, 10, 0, 10) == slices.two_rates(10, 10, 10, 10) == 1.0
    with pytest.raises(ValueError, match="more hits"):
        slices.two_rates(11, 10, 0, 10)


def test_the_size_has_the_power_it_promises() -> None:
    n = slices.rows_for_slice(0.012, -0.2, slices=10)
    rng = np.random.default_rng(1)
    found = [
        slices.two_rates(int(rng.binomial(n, 0.012)), n, int(rng.binomial(n, 0.0096)), n) < 0.005 for _ in range(2000)
    ]
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)
    with pytest.raises(ValueError, match="no size"):
        slices.rows_for_slice(0.1, 0.0)
