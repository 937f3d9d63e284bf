"""Errors of numbers and quantiles, against scikit-learn and NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from snippets.metrics import regression

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
few = settings(max_examples=25, deadline=None, derandomize=True, database=None)
number = st.integers(-100, 100).map(lambda i: i / 4)
rows = st.lists(st.tuples(number, number), min_size=1, max_size=20)
level = st.integers(1, 19).map(lambda i: i / 20)


def split(pairs):
    return [a for a, _ in pairs], [b for _, b in pairs]


@quick
@given(rows, level)
def test_errors_agree_with_scikit_learn(pairs, tau):
    y, p = split(pairs)
    assert regression.mean_absolute_error(y, p) == pytest.approx(sk.mean_absolute_error(y, p))
    assert regression.root_mean_squared_error(y, p) == pytest.approx(sk.root_mean_squared_error(y, p))
    assert regression.pinball_loss(y, p, tau) == pytest.approx(sk.mean_pinball_loss(y, p, alpha=tau))
    assert regression.mean_error(y, p) == pytest.approx(float(np.mean(np.array(p) - np.array(y))), abs=1e-12)


@quick
@given(rows)
def test_how_the_errors_relate(pairs):
    y, p = split(pairs)
    mae, rmse = regression.mean_absolute_error(y, p), regression.root_mean_squared_error(y, p)
    assert abs(regression.mean_error(y, p)) <= mae + 1e-12
    assert mae <= rmse + 1e-12
    assert regression.pinball_loss(y, p, 0.5) == pytest.approx(mae / 2)
    assert regression.mean_absolute_error(p, y) == mae
    assert regression.mean_absolute_error(y, y) == regression.root_mean_squared_error(y, y) == 0.0


@few
@given(st.lists(number, min_size=1, max_size=15), level)
def test_the_best_constant_under_pinball_loss_is_the_quantile(y, tau):
    losses = {c: regression.pinball_loss(y, [c] * len(y), tau) for c in set(y)}
    quantile = float(np.quantile(y, tau, method="inverted_cdf"))
    assert losses[quantile] == pytest.approx(min(losses.values()), abs=1e-12)


def test_the_costs_of_being_early_and_late_choose_the_quantile():
    assert regression.quantile_for_costs(3, 1) == 0.75
    assert regression.quantile_for_costs(0, 1) == 0.0
    assert regression.quantile_for_costs(1, 0) == 1.0
    y = np.random.default_rng(1).exponential(size=4000)

    def bill(promise):
        return float(np.mean(3 * np.maximum(y - promise, 0) + np.maximum(promise - y, 0)))

    best = float(np.quantile(y, regression.quantile_for_costs(3, 1)))
    assert bill(best) < min(bill(best + 0.1), bill(best - 0.1), bill(float(np.median(y))))


def test_pinball_charges_by_side():
    assert regression.pinball_loss([10], [8], 0.9) == pytest.approx(1.8)  # two too low
    assert regression.pinball_loss([10], [12], 0.9) == pytest.approx(0.2)  # two too high
    assert regression.mean_error([10], [12]) == 2.0


@quick
@given(rows)
def test_quantile_coverage_counts_ties_as_covered(pairs):
    y, p = split(pairs)
    assert regression.quantile_coverage(y, p) == float(np.mean(np.array(y) <= np.array(p)))
    assert regression.quantile_coverage(y, y) == 1.0


@quick
@given(st.lists(st.tuples(number, number, number), min_size=1, max_size=20))
def test_interval_coverage(triples):
    y = np.array([t[0] for t in triples])
    low, high = np.sort(np.array([t[1:] for t in triples]), axis=1).T
    assert regression.interval_coverage(y, low, high) == float(np.mean((low <= y) & (y <= high)))


@quick
@given(rows)
def test_wape_is_a_weighted_percentage_error(pairs):
    y, p = split(pairs)
    ours = regression.weighted_absolute_percentage_error(y, p)
    if not any(y):
        assert math.isnan(ours)
        return
    kept = [(a, b) for a, b in pairs if a]
    each = [abs(b - a) / abs(a) for a, b in kept]
    zeros = sum(abs(b) for a, b in pairs if not a)
    weights = [abs(a) for a, _ in kept]
    assert ours == pytest.approx((float(np.average(each, weights=weights)) * sum(weights) + zeros) / sum(weights))
    assert regression.weighted_absolute_percentage_error([2 * a for a in y], [2 * b for b in p]) == pytest.approx(ours)


@quick
@given(st.lists(number, min_size=9, max_size=25), st.integers(1, 7), rows)
def test_mase_is_scaled_by_the_seasonal_naive_error(history, season, pairs):
    y, p = split(pairs)
    ours = regression.mean_absolute_scaled_error(y, p, history, season)
    past = np.array(history)
    naive = float(np.mean(np.abs(past[season:] - past[:-season])))
    if naive:
        assert ours == pytest.approx(sk.mean_absolute_error(y, p) / naive)
    else:
        assert math.isnan(ours)


def test_mase_knows_the_season():
    weekly = [1, 2, 3, 4, 5, 6, 10] * 3
    assert math.isnan(regression.mean_absolute_scaled_error([1], [2], weekly, season=7))
    assert regression.mean_absolute_scaled_error([1], [2], weekly, season=1) < 1
    assert regression.mean_absolute_scaled_error([5], [3], [1, 2, 4], season=1) == pytest.approx(2 / 1.5)


def test_large_numbers():
    assert regression.root_mean_squared_error([0, 0], [3e200, 4e200]) == pytest.approx(5e200 / math.sqrt(2))
    assert regression.mean_absolute_error([1e308, 1e308], [0, 0]) == math.inf
    assert regression.root_mean_squared_error([0], [1e-200]) == 1e-200


@pytest.mark.parametrize(
    "metric",
    [
        regression.errors,
        regression.mean_error,
        regression.mean_absolute_error,
        regression.root_mean_squared_error,
        regression.quantile_coverage,
        regression.weighted_absolute_percentage_error,
        lambda y, p: regression.pinball_loss(y, p, 0.5),
        lambda y, p: regression.mean_absolute_scaled_error(y, p, [1, 2]),
    ],
)
def test_bad_input_is_refused_by_name(metric):
    with pytest.raises(ValueError, match="y_true and y_pred are empty"):
        metric([], [])
    with pytest.raises(ValueError, match="y_true has 1, y_pred has 2"):
        metric([1], [1, 2])
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match=r"y_true\[0\] is"):
            metric([bad], [1])
        with pytest.raises(ValueError, match=r"y_pred\[1\] is"):
            metric([1, 1], [1, bad])


def test_other_bad_input():
    for tau in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="quantile is"):
            regression.pinball_loss([1], [1], tau)
    for costs in [(0, 0), (-1, 2), (2, -1), (1e308, 1e308)]:
        with pytest.raises(ValueError, match="too_low and too_high"):
            regression.quantile_for_costs(*costs)
    with pytest.raises(ValueError, match=r"too_low\[0\] is nan"):
        regression.quantile_for_costs(math.nan, 1)
    with pytest.raises(ValueError, match="low is above high"):
        regression.interval_coverage([1], [2], [1])
    with pytest.raises(ValueError, match="are empty"):
        regression.interval_coverage([], [], [])
    with pytest.raises(ValueError, match=r"high\[0\] is nan"):
        regression.interval_coverage([1], [1], [math.nan])
    with pytest.raises(ValueError, match="history has 2 values"):
        regression.mean_absolute_scaled_error([1], [1], [1, 2], season=2)
    with pytest.raises(ValueError, match="season is 0"):
        regression.mean_absolute_scaled_error([1], [1], [1, 2], season=0)
    with pytest.raises(ValueError, match=r"history\[0\] is nan"):
        regression.mean_absolute_scaled_error([1], [1], [math.nan, 2])
