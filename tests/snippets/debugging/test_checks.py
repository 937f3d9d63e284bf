"""The cheap checks, against SciPy, NumPy, pandas and the cases an interviewer asks about."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from snippets.debugging import checks
from snippets.debugging.checks import Cell
from snippets.debugging.learn import sigmoid

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
value = st.sampled_from([0.0, 1.0, 2.5, math.nan, "de", "DE", None])
row = st.dictionaries(st.sampled_from("abc"), value, max_size=3)


@pytest.mark.parametrize("rate", [0.0, 0.002, 0.35, 0.5, 1.0])
def test_entropy_of_a_base_rate(rate):
    assert checks.base_rate_entropy(rate) == pytest.approx(entropy([rate, 1 - rate]))


def test_share_explained():
    assert checks.share_explained(checks.base_rate_entropy(0.1), 0.1) == pytest.approx(0.0)
    assert checks.share_explained(0.0, 0.1) == 1.0
    assert checks.share_explained(1.0, 0.5) < 0
    with pytest.raises(ValueError, match="one class only"):
        checks.share_explained(0.1, 0.0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        checks.base_rate_entropy(1.5)


def test_known_positives():
    assert checks.known_positives({"a": 1, "b": 0}, ["a", "b", "gone"]) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="known is empty"):
        checks.known_positives({}, [])


def test_batch_label_means_with_a_short_last_batch():
    assert checks.batch_label_means(np.array([0.0, 1.0, 1.0, 1.0, 0.0]), 2) == [0.5, 1.0, 0.0]


def test_curvature_is_the_largest_eigenvalue():
    x = np.random.default_rng(0).normal(size=(300, 4)) * np.array([1, 2, 3, 10])
    assert checks.largest_curvature(x) == pytest.approx(np.linalg.eigvalsh(x.T @ x / 300)[-1], rel=1e-6)
    assert checks.largest_curvature(np.zeros((3, 2))) == 0.0
    with pytest.raises(ValueError, match="no row"):
        checks.largest_curvature(np.zeros((0, 2)))


@pytest.mark.parametrize(("factor", "stays"), [(0.95, True), (1.05, False)])
def test_two_over_the_curvature_parts_stable_from_wild(factor, stays):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3)) * np.array([1, 1, 5])
    y = rng.normal(size=200)
    rate, w = factor * 2 / checks.largest_curvature(x), np.zeros(3)
    start = float(((x @ w - y) ** 2).mean())
    for _ in range(400):
        w = w - rate * x.T @ (x @ w - y) / 200
    assert (float(((x @ w - y) ** 2).mean()) < start) == stays


def test_averages_and_empty_slices():
    cells = [Cell(90, 100), Cell(1, 10), Cell(0, 0)]
    assert checks.pooled(cells) == 91 / 110
    assert checks.mean_of_slices(cells) == pytest.approx(0.5)
    assert math.isnan(checks.pooled([])) and math.isnan(checks.mean_of_slices([Cell(0, 0)]))


@quick
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda t: Cell(min(t), max(t))), min_size=1))
def test_both_averages_lie_among_the_slices(cells):
    rates = [c.right / c.total for c in cells if c.total]
    for average in (checks.pooled(cells), checks.mean_of_slices(cells)):
        assert math.isnan(average) if not rates else min(rates) - 1e-9 <= average <= max(rates) + 1e-9


def test_seen_share():
    assert checks.seen_share([1, 2], [2, 3, 3, 1]) == 0.5
    assert math.isnan(checks.seen_share([1], []))


@quick
@given(st.dictionaries(st.integers(0, 5), row, max_size=6), st.dictionaries(st.integers(0, 5), row, max_size=6))
def test_row_diff_against_pandas(training, serving):
    both = training.keys() & serving.keys()
    if not both:
        with pytest.raises(ValueError, match="no key on both sides"):
            checks.row_diff(training, serving)
        return
    index = sorted(both)
    left = pd.DataFrame(
        [{"k": k, "f": f, "v": v} for k in index for f, v in training[k].items()], columns=["k", "f", "v"]
    )
    right = pd.DataFrame(
        [{"k": k, "f": f, "v": v} for k in index for f, v in serving[k].items()], columns=["k", "f", "v"]
    )
    merged = left.merge(right, on=["k", "f"], how="outer", indicator=True)
    same = (merged["_merge"] == "both") & ((merged.v_x == merged.v_y) | (merged.v_x.isna() & merged.v_y.isna()))
    none_against_nan = merged.v_x.map(lambda v: v is None) != merged.v_y.map(lambda v: v is None)
    same &= ~none_against_nan
    expected = (~same).groupby(merged.f).sum() / len(index)
    assert checks.row_diff(training, serving) == pytest.approx(expected.to_dict())


def test_row_diff_edges():
    nan = float("nan")
    diff = checks.row_diff(
        {1: {"a": 1.0, "b": nan, "c": "x", "d": 1}, 2: {"a": 1.0, "b": 0.0, "c": "x", "d": 1}},
        {1: {"a": 1.0 + 1e-9, "b": nan, "c": "x"}, 2: {"a": 1.1, "b": nan, "c": "X"}, 3: {}},
    )
    assert diff == {"d": 1.0, "a": 0.5, "b": 0.5, "c": 0.5}
    assert list(diff) == ["d", "a", "b", "c"]


def test_distinct_values_and_quantile_ratios():
    assert checks.distinct_values({"a": np.array([0, 0]), "b": np.array([1, 2])}) == {"a": 1, "b": 2}
    sample = np.array([1.0, 2.0, 5.0, 9.0])
    assert checks.quantile_ratios(100 * sample, sample) == pytest.approx([100, 100, 100])
    with pytest.raises(ValueError, match="empty"):
        checks.quantile_ratios([], sample)
    with pytest.raises(ValueError, match="empty"):
        checks.quantile_ratios(sample, [])


def test_the_gap_in_log_odds():
    rng = np.random.default_rng(3)
    logit = rng.normal(-3, 2, 100_000)
    y = (rng.random(len(logit)) < sigmoid(logit)).astype(float)
    assert checks.log_odds_gap(y, sigmoid(logit)) == pytest.approx(0.0, abs=0.03)
    assert checks.log_odds_gap(y, sigmoid(logit + math.log(20))) == pytest.approx(math.log(20), abs=0.03)
    for labels, p in ((np.zeros(2), [0.1, 0.2]), (np.array([0, 1]), [0.0, 0.2]), (np.array([0, 1]), [0.5, 1.0])):
        with pytest.raises(ValueError, match="strictly between"):
            checks.log_odds_gap(labels, np.array(p))


def test_population_stability():
    rng = np.random.default_rng(4)
    old = rng.normal(size=50_000)
    assert checks.population_stability(old, rng.normal(size=50_000)) < 0.002
    assert checks.population_stability(old, rng.normal(1, 1, 50_000)) > 0.5
    edges = np.quantile(old, np.linspace(0, 1, 11))
    edges[0], edges[-1] = -np.inf, np.inf
    new = rng.normal(0.3, 1, 50_000)
    a, b = np.histogram(old, edges)[0] / 50_000, np.histogram(new, edges)[0] / 50_000
    assert checks.population_stability(old, new) == pytest.approx(((b - a) * np.log(b / a)).sum(), abs=1e-3)
