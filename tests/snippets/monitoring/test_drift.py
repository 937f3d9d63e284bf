"""Distances and tests, against SciPy, pandas and simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from snippets.monitoring import drift

counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8)


def both(pairs: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


some = counts.filter(lambda pairs: all(sum(column) for column in both(pairs)))


def test_bins_hold_equal_mass_and_agree_with_pandas() -> None:
    values = np.random.default_rng(1).normal(size=1000)
    edges = drift.quantile_edges(values)
    cut = pd.cut(values, [-np.inf, *edges, np.inf], right=False)
    assert drift.bin_counts(values, edges) == cut.value_counts().tolist() == [100] * 10
    assert drift.bin_counts([], edges) == [0] * 10
    assert drift.bin_counts([1.0, 2.0], []) == [2]


def test_a_value_on_an_edge_and_a_constant_column() -> None:
    assert drift.quantile_edges([3.0] * 5, 4).tolist() == [3.0]
    assert drift.bin_counts([2.9, 3.0, 3.1], [3.0]) == [1, 2]
    with pytest.raises(ValueError, match="reference is empty"):
        drift.quantile_edges([])
    with pytest.raises(ValueError, match="bins"):
        drift.quantile_edges([1.0], 1)


@given(some)
def test_psi_is_the_sum_of_both_divergences(pairs: list[tuple[int, int]]) -> None:
    old, new = both(pairs)
    r, c = np.array(old) + 0.5, np.array(new) + 0.5
    expected = stats.entropy(r, c) + stats.entropy(c, r)
    assert drift.psi(old, new) == pytest.approx(expected, abs=1e-12)
    assert drift.psi(new, old) == pytest.approx(expected, abs=1e-12)


def test_psi_of_empty_bins() -> None:
    assert drift.psi([5, 5, 0], [5, 5, 0], pseudo=0.0) == 0.0
    assert drift.psi([5, 5], [10, 0], pseudo=0.0) == math.inf
    assert 0 < drift.psi([5, 5], [10, 0]) < 2
    for bad in ([0, 0], [-1, 2]):
        with pytest.raises(ValueError, match="current must hold"):
            drift.psi([1, 1], bad)
    with pytest.raises(ValueError, match="unequal lengths"):
        drift.psi([1], [1, 2])


@given(st.floats(0, 200), st.integers(1, 60))
def test_chi_square_tail_equals_scipy(statistic: float, degrees: int) -> None:
    assert drift.chi_square_tail(statistic, degrees) == pytest.approx(stats.chi2.sf(statistic, degrees), abs=1e-12)


@pytest.mark.parametrize(("bins", "m", "n"), [(10, 500, 500), (10, 100_000, 2_000), (20, 1_000, 1_000)])
def test_the_null_of_psi_is_a_scaled_chi_square(bins: int, m: int, n: int) -> None:
    rng = np.random.default_rng(2)
    p = np.full(bins, 1 / bins)
    drawn = [drift.psi(rng.multinomial(m, p), rng.multinomial(n, p)) for _ in range(3000)]
    for chance in (0.5, 0.1, 0.01):
        above = np.mean(np.array(drawn) > drift.psi_threshold(chance, bins, m, n))
        assert above == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 3000))
    assert np.mean(drawn) == pytest.approx((bins - 1) * (1 / m + 1 / n), rel=0.05)


def test_psi_threshold_inverts_and_refuses() -> None:
    assert drift.psi_by_chance(drift.psi_threshold(0.01, 30, 50, 20), 30, 50, 20) == pytest.approx(0.01)
    with pytest.raises(ValueError, match="strictly between"):
        drift.psi_threshold(0.0, 10, 10, 10)


@given(some)
def test_jensen_shannon_equals_scipy(pairs: list[tuple[int, int]]) -> None:
    old, new = both(pairs)
    assert drift.jensen_shannon(old, new) == pytest.approx(jensenshannon(old, new, base=2), abs=1e-7)


def test_jensen_shannon_ends() -> None:
    assert drift.jensen_shannon([1, 0], [0, 3]) == 1.0
    assert drift.jensen_shannon([2, 4], [1, 2]) == 0.0


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.3])
def test_ks_equals_scipy(shift: float) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=400), rng.normal(shift, size=700)
    mine, theirs = drift.kolmogorov_smirnov(a, b), stats.ks_2samp(a, b)
    assert mine.statistic == pytest.approx(theirs.statistic)
    n = 400 * 700 / 1100
    assert mine.p_value == pytest.approx(stats.kstwobign.sf(math.sqrt(n) * theirs.statistic), abs=1e-9)
    assert mine.p_value == pytest.approx(theirs.pvalue, abs=0.05)


def test_ks_of_equal_samples_and_of_none() -> None:
    assert drift.kolmogorov_smirnov([1, 2, 3], [1, 2, 3]) == (0.0, 1.0)
    with pytest.raises(ValueError, match="current is empty"):
        drift.kolmogorov_smirnov([1.0], [])
    with pytest.raises(ValueError, match="nan"):
        drift.kolmogorov_smirnov([1.0], [math.nan])


def test_chi_square_equals_scipy_when_nothing_is_rare() -> None:
    old, new = [50, 30, 20], [70, 20, 40]
    theirs = stats.chi2_contingency([old, new], correction=False)
    assert drift.chi_square_test(old, new) == pytest.approx((theirs.statistic, theirs.pvalue))


@given(some)
def test_pooling_keeps_all_rows_and_leaves_nothing_rare(pairs: list[tuple[int, int]]) -> None:
    old, new = both(pairs)
    pooled = drift.pooled_small(old, new)
    assert tuple(map(sum, zip(*pooled, strict=True))) == (sum(old), sum(new))
    share = min(sum(old), sum(new)) / (sum(old) + sum(new))
    if len(pooled) > 1:
        assert all(sum(pair) * share >= 5 for pair in pooled)
        theirs = stats.chi2_contingency(np.array(pooled).T, correction=False)
        assert drift.chi_square_test(old, new) == pytest.approx((theirs.statistic, theirs.pvalue), abs=1e-9)
    else:
        assert drift.chi_square_test(old, new) == (0.0, 1.0)


def test_a_new_category_with_one_row_is_pooled_not_an_alarm() -> None:
    assert drift.chi_square_test([500, 500, 0], [500, 499, 1]).p_value > 0.9
    naive = stats.chi2_contingency([[5000, 0], [99, 1]], correction=False).pvalue
    assert naive < 1e-9
    assert drift.chi_square_test([5000, 0], [99, 1]) == (0.0, 1.0)


def test_pooled_tests_keep_their_level() -> None:
    rng = np.random.default_rng(4)
    p = np.array([0.5, 0.3, 0.15, 0.03, 0.01, 0.005, 0.005])
    ps = [drift.chi_square_test(rng.multinomial(900, p), rng.multinomial(150, p)).p_value for _ in range(2000)]
    assert np.mean(np.array(ps) < 0.05) == pytest.approx(0.05, abs=0.015)


def test_psi_of_a_normal_shift() -> None:
    rng = np.random.default_rng(5)
    old, new = rng.normal(size=400_000), rng.normal(0.5, 1.2, size=400_000)
    edges = drift.quantile_edges(old)
    drawn = drift.psi(drift.bin_counts(old, edges), drift.bin_counts(new, edges))
    assert drift.normal_shift_psi(0.5, spread=1.2) == pytest.approx(drawn, rel=0.03)
    assert drift.normal_shift_psi(0.3, bins=400) == pytest.approx(0.09, rel=0.02)  # many bins: the square of the shift
