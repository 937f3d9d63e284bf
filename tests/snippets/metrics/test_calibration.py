"""Calibration, against scikit-learn and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression

from snippets.metrics import calibration
from snippets.metrics.calibration import Bin

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
few = settings(max_examples=25, deadline=None, derandomize=True, database=None)
coarse = st.integers(0, 20).map(lambda i: i / 20)
rows = st.lists(st.tuples(st.integers(0, 1), coarse), min_size=1, max_size=40)
fine_rows = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=40)


def split(pairs):
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_reliability_bins_agree_with_scikit_learn():
    rng = np.random.default_rng(1)
    p = rng.uniform(size=2000)
    y = (rng.uniform(size=p.size) < p**2).astype(int)
    for bins in (1, 7, 10):
        happened, said = calibration_curve(y, p, n_bins=bins)
        ours = calibration.reliability_bins(y, p, bins)
        assert [b.mean_probability for b in ours] == pytest.approx(said.tolist())
        assert [b.positive_share for b in ours] == pytest.approx(happened.tolist())
        assert sum(b.items for b in ours) == p.size
        happened, said = calibration_curve(y, p, n_bins=bins, strategy="quantile")
        ours = calibration.reliability_bins(y, p, bins, by="mass")
        assert [b.mean_probability for b in ours] == pytest.approx(said.tolist(), abs=0.002)
        assert max(b.items for b in ours) - min(b.items for b in ours) <= 1


@quick
@given(rows, st.integers(1, 12), st.sampled_from(["width", "mass"]))
def test_bins_hold_every_item_once_whatever_the_order(pairs, bins, by):
    y, p = split(pairs)
    found = calibration.reliability_bins(y, p, bins, by)
    assert sum(b.items for b in found) == len(pairs)
    assert sum(b.items * b.positive_share for b in found) == pytest.approx(sum(y))
    assert 1 <= len(found) <= bins
    means = [b.mean_probability for b in found]
    assert means == sorted(means)
    assert found == calibration.reliability_bins(y[::-1], p[::-1], bins, by)


@quick
@given(rows, st.integers(1, 12))
def test_equal_width_edges_belong_to_the_bin_above(pairs, bins):
    y, p = split(pairs)
    edges = np.array([i / bins for i in range(1, bins)])
    slots = [int(np.sum(edges <= value)) for value in p]
    expected = [
        Bin(slots.count(slot), *[float(np.mean([c[i] for i in range(len(p)) if slots[i] == slot])) for c in (p, y)])
        for slot in sorted(set(slots))
    ]
    ours = calibration.reliability_bins(y, p, bins)
    assert [b.items for b in ours] == [b.items for b in expected]
    assert [x for b in ours for x in b] == pytest.approx([x for b in expected for x in b])


def test_edges_ends_and_ties():
    found = calibration.reliability_bins([0, 1, 1, 1], [0.0, 0.5, 0.999, 1.0], 2)
    assert [b.items for b in found] == [1, 3]
    assert [b.items for b in calibration.reliability_bins([0, 1], [0.29, 0.28], 100)] == [1, 1]
    # by mass, the tied 0.5s stay together although the ideal cut runs through them
    found = calibration.reliability_bins([0, 1, 0, 1], [0.1, 0.5, 0.5, 0.9], 2, by="mass")
    assert [b.items for b in found] == [3, 1]
    assert len(calibration.reliability_bins([0, 1] * 5, [0.3] * 10, 5, by="mass")) == 1


@quick
@given(rows, st.integers(1, 12), st.sampled_from(["width", "mass"]))
def test_calibration_error_is_an_average_gap(pairs, bins, by):
    y, p = split(pairs)
    error = calibration.expected_calibration_error(y, p, bins, by)
    found = calibration.reliability_bins(y, p, bins, by)
    gaps = np.array([abs(b.mean_probability - b.positive_share) for b in found])
    assert error == pytest.approx(float(np.average(gaps, weights=[b.items for b in found])))
    assert -1e-12 <= error <= gaps.max() + 1e-12
    assert error >= abs(float(np.mean(p)) - float(np.mean(y))) - 1e-9  # never below the bias


def test_calibration_error_that_can_be_done_by_hand():
    y, p = [0, 0, 1, 1, 1], [0.1, 0.2, 0.7, 0.8, 0.9]
    # two bins: |0.15 - 0| for 2 items, |0.8 - 1| for 3
    assert calibration.expected_calibration_error(y, p, 2) == pytest.approx((2 * 0.15 + 3 * 0.2) / 5)
    assert calibration.expected_calibration_error([0, 1], [0.5, 0.5]) == 0.0


@quick
@given(fine_rows)
def test_scores_agree_with_scikit_learn(pairs):
    y, p = split(pairs)
    assert calibration.brier_score(y, p) == pytest.approx(sk.brier_score_loss(y, p, labels=[0, 1]), abs=1e-12)
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    both = np.column_stack([1 - clipped, clipped])
    theirs = sk.log_loss(y, both, labels=[0, 1])
    assert calibration.log_loss(y, p) == pytest.approx(theirs, rel=1e-6, abs=1e-12)


def test_log_loss_at_the_ends():
    assert calibration.log_loss([1, 0], [1.0, 0.0]) == pytest.approx(0.0, abs=1e-14)
    assert calibration.log_loss([1], [0.0]) == pytest.approx(-math.log(1e-15))
    assert calibration.log_loss([0], [1.0]) == pytest.approx(-math.log(1e-15), rel=0.01)
    assert calibration.log_loss([1], [0.0], clip=0) == math.inf
    assert calibration.log_loss([0], [1.0], clip=0) == math.inf
    assert calibration.log_loss([1, 0], [1.0, 0.0], clip=0) == 0.0
    assert calibration.log_loss([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    assert calibration.log_loss([1], [0.01], clip=0.1) == pytest.approx(-math.log(0.1))


@quick
@given(rows)
def test_brier_parts_add_up_exactly_for_discrete_forecasts(pairs):
    y, p = split(pairs)
    parts = calibration.brier_parts(y, p)
    assert parts.remainder == pytest.approx(0.0, abs=1e-12)
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(calibration.brier_score(y, p))
    base = sum(y) / len(y)
    assert parts.uncertainty == pytest.approx(base * (1 - base))
    assert 0 <= parts.resolution <= parts.uncertainty + 1e-12


@quick
@given(fine_rows, st.integers(1, 12), st.sampled_from(["width", "mass"]))
def test_what_binning_leaves_over(pairs, bins, by):
    y, p = split(pairs)
    parts = calibration.brier_parts(y, p, bins, by)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.remainder
    assert total == pytest.approx(calibration.brier_score(y, p))
    left, start = 0.0, 0
    order = sorted(pairs, key=lambda pair: pair[1])
    for group in calibration.reliability_bins(y, p, bins, by):
        labels = np.array([a for a, _ in order[start : start + group.items]])
        values = np.array([b for _, b in order[start : start + group.items]])
        covariance = float(np.mean((values - values.mean()) * (labels - labels.mean())))
        left += group.items * (float(values.var()) - 2 * covariance)
        start += group.items
    assert parts.remainder == pytest.approx(left / len(pairs), abs=1e-12)


def test_brier_parts_of_known_forecasts():
    perfect = calibration.brier_parts([0, 1], [0.0, 1.0])
    assert tuple(perfect) == (0.0, 0.25, 0.25, 0.0)
    base_rate = calibration.brier_parts([0, 1, 0, 0], [0.25] * 4)
    assert tuple(base_rate) == (0.0, 0.0, 0.1875, 0.0)
    one_class = calibration.brier_parts([1, 1], [0.5, 1.0])
    assert one_class.uncertainty == 0.0
    assert one_class.reliability == 0.125


def test_platt_targets_are_softened():
    assert calibration.platt_targets([1, 1, 0]).tolist() == pytest.approx([3 / 4, 3 / 4, 1 / 3])
    assert calibration.platt_targets([]).tolist() == []


@few
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-20, 20)), min_size=1, max_size=40))
def test_platt_reaches_the_minimum_that_scipy_finds(pairs):
    y, s = split(pairs)
    targets, x = calibration.platt_targets(y), np.array(s, dtype=float)

    def loss(weights):
        z = weights[0] * x / 10 + weights[1]
        return float(np.sum(np.logaddexp(0, z) - targets * z))

    fitted = calibration.fit_platt(y, s)
    best = optimize.minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-8})
    ours = loss([10 * fitted.slope, fitted.intercept])
    assert ours <= best.fun + 1e-7
    if len(set(s)) > 1:
        assert [fitted(b) for b in s] == pytest.approx(
            (1 / (1 + np.exp(-(best.x[0] * x / 10 + best.x[1])))).tolist(), abs=1e-4
        )
    # at the minimum, mean probability equals mean target: calibrated on average
    assert np.mean([fitted(b) for b in s]) == pytest.approx(float(targets.mean()), abs=1e-8)


@pytest.mark.parametrize("unit", [1e-150, 1e-6, 1.0, 1e6, 1e300])
def test_platt_does_not_mind_the_unit(unit):
    y, s = [0, 1, 0, 1, 1], [1.0, 2.0, 3.0, 4.0, 5.0]
    plain, scaled = calibration.fit_platt(y, s), calibration.fit_platt(y, [unit * b for b in s])
    assert [scaled(unit * b) for b in s] == pytest.approx([plain(b) for b in s])


def test_platt_on_separable_equal_and_one_class_scores():
    apart = calibration.fit_platt([0, 0, 1, 1], [-2.0, -1.0, 1.0, 2.0])
    assert 0 < apart.slope < 10
    same = calibration.fit_platt([0, 1, 1], [0.1, 0.1, 0.1])  # their mean is not exactly 0.1
    assert same.slope == 0.0
    assert same(0.1) == pytest.approx(float(np.mean([1 / 3, 3 / 4, 3 / 4])))
    zeros = calibration.fit_platt([0, 1], [0.0, 0.0])
    assert (zeros.slope, zeros(5.0)) == (0.0, 0.5)
    positives = calibration.fit_platt([1, 1], [0.2, 0.9])
    assert positives.slope == pytest.approx(0.0, abs=1e-9)
    assert positives(0.5) == pytest.approx(0.75)


def test_the_sigmoid_does_not_overflow():
    sigmoid = calibration.Sigmoid(slope=1.0, intercept=0.0)
    assert sigmoid(1e6) == 1.0
    assert sigmoid(-1e6) == 0.0
    assert sigmoid(0.0) == 0.5


def test_a_newton_step_that_overshoots_is_halved():
    y = [0] * 99 + [1]
    s = [0.0] * 98 + [1e-3, 1e3]
    fitted = calibration.fit_platt(y, s)
    targets = calibration.platt_targets(y)
    assert np.mean([fitted(b) for b in s]) == pytest.approx(float(targets.mean()), abs=1e-8)


def test_too_few_newton_steps_are_reported():
    with pytest.raises(ValueError, match="no convergence in 1 steps"):
        calibration.fit_platt([0, 1, 0, 1], [1.0, 2.0, 3.0, 9.0], steps=1)


@quick
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 5)), min_size=1, max_size=25))
def test_pooling_agrees_with_scikit_learn(pairs):
    values, weights = split(pairs)
    fitted = calibration.pool_adjacent_violators(values, weights)
    model = IsotonicRegression().fit(np.arange(len(values)), values, sample_weight=weights)
    assert fitted == pytest.approx(model.predict(np.arange(len(values))).tolist(), abs=1e-9)
    assert fitted == sorted(fitted)
    assert calibration.pool_adjacent_violators(fitted, weights) == fitted  # doing it twice changes nothing
    assert np.dot(fitted, weights) == pytest.approx(np.dot(values, weights), abs=1e-9)


def test_pooling_by_hand():
    pav = calibration.pool_adjacent_violators
    assert pav([], []) == []
    assert pav([1, 3, 2, 4], [1, 1, 1, 1]) == [1, 2.5, 2.5, 4]
    assert pav([4, 3, 2, 1], [1, 1, 1, 1]) == [2.5] * 4
    assert pav([1, 0], [3, 1]) == [0.75, 0.75]
    assert pav([2, 2, 1, 3], [1, 1, 1, 1]) == pytest.approx([5 / 3] * 3 + [3])


@quick
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 1), st.integers(1, 4)), min_size=1, max_size=30))
def test_isotonic_agrees_with_scikit_learn_ties_and_weights_included(triples):
    x, y, w = ([t[i] for t in triples] for i in range(3))
    fitted = calibration.fit_isotonic(x, y, w)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(x, y, sample_weight=w)
    grid = np.linspace(-2, 10, 49)
    assert [fitted(g) for g in grid] == pytest.approx(theirs.predict(grid).tolist(), abs=1e-9)
    assert fitted.scores == tuple(sorted(set(x)))
    reordered = calibration.fit_isotonic(x[::-1], y[::-1], w[::-1])
    assert reordered.values == pytest.approx(fitted.values)


def test_isotonic_without_weights_and_with_one_score():
    assert calibration.fit_isotonic([3, 1, 2], [1, 0, 1])(1.5) == 0.5
    constant = calibration.fit_isotonic([0.4] * 4, [1, 0, 0, 0])
    assert constant(0.0) == constant(0.4) == constant(9.0) == 0.25


def test_isotonic_calibrates_the_data_it_was_fitted_on():
    rng = np.random.default_rng(2)
    s = rng.normal(size=500)
    y = (rng.uniform(size=s.size) < 1 / (1 + np.exp(-2 * s))).astype(int)
    fitted = calibration.fit_isotonic(s, y)
    p = np.clip([fitted(float(b)) for b in s], 0, 1)
    assert calibration.brier_parts(y, p).reliability == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    "metric",
    [
        calibration.reliability_bins,
        calibration.expected_calibration_error,
        calibration.brier_score,
        calibration.brier_parts,
        calibration.log_loss,
    ],
)
def test_bad_forecasts_are_refused_by_name(metric):
    with pytest.raises(ValueError, match="y_true and probabilities are empty"):
        metric([], [])
    with pytest.raises(ValueError, match="y_true has 1, probabilities has 2"):
        metric([1], [0.5, 0.5])
    for bad in (math.nan, math.inf, -0.1, 1.1):
        with pytest.raises(ValueError, match=r"probabilities\[0\] is"):
            metric([1], [bad])
    with pytest.raises(ValueError, match=r"y_true\[0\] is nan"):
        metric([math.nan], [0.5])


def test_other_bad_input():
    for bins in (0, -1, 2.5):
        with pytest.raises(ValueError, match="bins is"):
            calibration.reliability_bins([1], [0.5], bins)
    with pytest.raises(ValueError, match="by is 'size'"):
        calibration.reliability_bins([1], [0.5], 2, "size")
    for clip in (-0.1, 0.5, math.nan):
        with pytest.raises(ValueError, match="clip is"):
            calibration.log_loss([1], [0.5], clip)
    with pytest.raises(ValueError, match="y_true and scores are empty"):
        calibration.fit_platt([], [])
    with pytest.raises(ValueError, match=r"scores\[0\] is nan"):
        calibration.fit_platt([1], [math.nan])
    with pytest.raises(ValueError, match="scores and targets and weights are empty"):
        calibration.fit_isotonic([], [])
    with pytest.raises(ValueError, match=r"targets\[0\] is nan"):
        calibration.fit_isotonic([1], [math.nan])
    with pytest.raises(ValueError, match="weights has 2"):
        calibration.fit_isotonic([1], [1], [1, 1])
    with pytest.raises(ValueError, match="weights must be above 0"):
        calibration.fit_isotonic([1], [1], [0])
    with pytest.raises(ValueError, match="weights must be above 0"):
        calibration.pool_adjacent_violators([1], [-1])
    with pytest.raises(ValueError, match=r"values\[0\] is nan"):
        calibration.pool_adjacent_violators([math.nan], [1])
    with pytest.raises(ValueError, match="values has 2, weights has 1"):
        calibration.pool_adjacent_violators([1, 2], [1])
