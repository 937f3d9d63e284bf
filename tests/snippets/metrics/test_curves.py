"""Curves and areas, against scikit-learn and against counting pairs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from snippets.metrics import curves
from snippets.metrics.confusion import Counts

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
rows = st.lists(st.tuples(st.integers(0, 1), st.integers(-4, 4).map(lambda i: i / 4)), min_size=2, max_size=30)
both = rows.filter(lambda pairs: len({a for a, _ in pairs}) == 2)
found = rows.filter(lambda pairs: any(a for a, _ in pairs))


def split(pairs):
    return [a for a, _ in pairs], [b for _, b in pairs]


@quick
@given(both)
def test_roc_curve_agrees_with_scikit_learn(pairs):
    y, s = split(pairs)
    fpr, tpr, thresholds = sk.roc_curve(y, s, drop_intermediate=False)
    points = curves.roc_points(y, s)
    assert [point.threshold for point in points] == thresholds.tolist()
    assert [point.false_positive_rate for point in points] == pytest.approx(fpr.tolist())
    assert [point.recall for point in points] == pytest.approx(tpr.tolist())


@quick
@given(both)
def test_three_ways_to_the_area_agree(pairs):
    y, s = split(pairs)
    positives = [b for a, b in pairs if a]
    negatives = [b for a, b in pairs if not a]
    won = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    area = curves.roc_auc(y, s)
    assert area == pytest.approx(won / (len(positives) * len(negatives)))
    assert curves.roc_auc_by_trapezoid(y, s) == pytest.approx(area)
    assert sk.roc_auc_score(y, s) == pytest.approx(area)


@quick
@given(both)
def test_area_knows_order_only_and_turns_with_it(pairs):
    y, s = split(pairs)
    area = curves.roc_auc(y, s)
    assert curves.roc_auc(y, [math.exp(3 * b) for b in s]) == area
    assert curves.roc_auc(y, [-b for b in s]) == pytest.approx(1 - area)
    assert curves.roc_auc([1 - a for a in y], s) == pytest.approx(1 - area)
    assert curves.roc_auc(y * 2, s * 2) == pytest.approx(area)


def test_areas_of_known_rankings():
    assert curves.roc_auc([0, 0, 1, 1], [1, 2, 3, 4]) == 1.0
    assert curves.roc_auc([1, 1, 0, 0], [1, 2, 3, 4]) == 0.0
    assert curves.roc_auc([0, 1, 0, 1, 1], [3, 3, 3, 3, 3]) == 0.5
    assert curves.roc_auc([1, 0], [1e308, -1e308]) == 1.0
    assert curves.roc_auc(np.array([True, False]), np.array([0.2, 0.1])) == 1.0


def test_a_tie_draws_one_slanted_line():
    points = curves.roc_points([1, 0], [0.5, 0.5])
    assert [(p.false_positive_rate, p.recall) for p in points] == [(0, 0), (1, 1)]


@quick
@given(found)
def test_pr_curve_and_average_precision_agree_with_scikit_learn(pairs):
    y, s = split(pairs)
    precision, recall, thresholds = sk.precision_recall_curve(y, s)
    points = curves.pr_points(y, s)[::-1]
    assert [point.threshold for point in points] == thresholds.tolist()
    assert [point.precision for point in points] == pytest.approx(precision[:-1].tolist())
    assert [point.recall for point in points] == pytest.approx(recall[:-1].tolist())
    assert curves.average_precision(y, s) == pytest.approx(sk.average_precision_score(y, s))
    assert curves.pr_area_linear(y, s) == pytest.approx(sk.auc(recall, precision))
    assert curves.linear_interpolation_excess(y, s) == pytest.approx(
        sk.auc(recall, precision) - sk.average_precision_score(y, s), abs=1e-12
    )


@quick
@given(found)
def test_average_precision_lies_between_its_bounds(pairs):
    y, s = split(pairs)
    area = curves.average_precision(y, s)
    assert 0 < area <= 1 + 1e-12
    assert curves.pr_points(y, s)[-1].recall == 1.0
    assert curves.pr_points(y, s)[-1].precision == sum(y) / len(y)
    constant = [0.5] * len(y)
    assert curves.average_precision(y, constant) == pytest.approx(sum(y) / len(y))
    assert curves.linear_interpolation_excess(y, constant) == pytest.approx((1 - sum(y) / len(y)) / 2)


def test_linear_interpolation_flatters_a_useless_model():
    y = [1] * 10 + [0] * 990
    assert curves.average_precision(y, [0.0] * 1000) == pytest.approx(0.01)
    assert curves.pr_area_linear(y, [0.0] * 1000) == pytest.approx(0.505)
    assert curves.linear_interpolation_excess([0, 1], [0, 1]) == 0.0


@quick
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-5, 5)), min_size=1, max_size=10))
def test_trapezoid_agrees_with_numpy(points):
    x, y = sorted(a for a, _ in points), [b for _, b in points]
    assert curves.trapezoid_area(x, y) == pytest.approx(float(np.trapezoid(y, x)))


def test_precision_between_two_thresholds_bends_below_the_straight_line():
    # the example of a jump from 5 of 10 found at precision 0.5 to all found among 1,000
    start, end = Counts(tp=5, fp=5, fn=5, tn=985), Counts(tp=10, fp=990, fn=0, tn=0)
    middle = curves.precision_between(start, end, 0.5)
    assert middle.recall == 0.75
    assert middle.precision == pytest.approx(7.5 / (7.5 + 497.5))
    assert middle.precision < (0.5 + 0.01) / 2
    assert math.isnan(middle.threshold)
    for share, counts in ((0.0, start), (1.0, end)):
        point = curves.precision_between(start, end, share)
        assert point.precision == counts.tp / (counts.tp + counts.fp)
        assert point.recall == counts.tp / (counts.tp + counts.fn)
    assert math.isnan(curves.precision_between(Counts(0, 0, 1, 1), Counts(1, 1, 0, 0), 0.0).precision)


def test_precision_between_is_the_average_of_random_flagging():
    rng = np.random.default_rng(5)
    between = np.array([1] * 20 + [0] * 180)
    picked = [rng.permutation(between)[:100].sum() for _ in range(2000)]
    point = curves.precision_between(Counts(10, 5, 20, 180), Counts(30, 185, 0, 0), 0.5)
    assert point.recall == pytest.approx((10 + np.mean(picked)) / 30, abs=0.01)
    assert point.precision == pytest.approx((10 + np.mean(picked)) / 115, abs=0.01)


@pytest.mark.parametrize("area", [curves.roc_auc, curves.roc_auc_by_trapezoid, curves.roc_points])
@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_roc_needs_both_classes(area, labels):
    with pytest.raises(ValueError, match="y_true needs at least one positive and one negative"):
        area(labels, [0.1, 0.2][: len(labels)])


@pytest.mark.parametrize("area", [curves.average_precision, curves.pr_area_linear, curves.pr_points])
@pytest.mark.parametrize("labels", [[], [0, 0]])
def test_pr_needs_a_positive(area, labels):
    with pytest.raises(ValueError, match="y_true has no positive"):
        area(labels, [0.1, 0.2][: len(labels)])


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("area", [curves.roc_auc, curves.roc_points, curves.average_precision])
def test_scores_must_be_finite(area, bad):
    with pytest.raises(ValueError, match=r"scores\[1\] is"):
        area([0, 1], [0.0, bad])


def test_other_bad_input():
    with pytest.raises(ValueError, match="x must not decrease"):
        curves.trapezoid_area([1, 0], [0, 0])
    with pytest.raises(ValueError, match="are empty"):
        curves.trapezoid_area([], [])
    with pytest.raises(ValueError, match="do not count the same items"):
        curves.precision_between(Counts(0, 0, 1, 1), Counts(1, 2, 0, 0), 0.5)
    with pytest.raises(ValueError, match="do not count the same items"):
        curves.precision_between(Counts(0, 0, 1, 1), Counts(2, 1, 0, 0), 0.5)
    for start, end in [
        (Counts(1, 0, 0, 1), Counts(0, 1, 1, 0)),
        (Counts(0, 1, 1, 0), Counts(1, 0, 0, 1)),
        (Counts(0, 0, 0, 1), Counts(0, 1, 0, 0)),
    ]:
        with pytest.raises(ValueError, match="end must flag all"):
            curves.precision_between(start, end, 0.5)
    with pytest.raises(ValueError, match="share is 2"):
        curves.precision_between(Counts(0, 0, 1, 1), Counts(1, 1, 0, 0), 2)
