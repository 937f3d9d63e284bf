"""Thresholds, against trying every threshold by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from snippets.metrics import threshold
from snippets.metrics.confusion import Counts, confusion_counts, precision, recall
from snippets.metrics.threshold import Costs, OperatingPoint

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
score = st.integers(-4, 4).map(lambda i: i / 4)
rows = st.lists(st.tuples(st.integers(0, 1), score), min_size=1, max_size=25)
money = st.integers(-20, 100).map(float)
prices = st.builds(Costs, fp=money, fn=money, tp=money, tn=money)


def split(pairs):
    return [a for a, _ in pairs], [b for _, b in pairs]


def every_threshold(scores):
    return [math.inf, *sorted(set(scores), reverse=True)]


@quick
@given(rows)
def test_operating_points_count_what_each_threshold_flags(pairs):
    y, s = split(pairs)
    points = threshold.operating_points(y, s)
    assert [point.threshold for point in points] == every_threshold(s)
    for point in points:
        assert point.counts == confusion_counts(y, s, point.threshold)


def test_operating_points_of_nothing():
    assert threshold.operating_points([], []) == [OperatingPoint(math.inf, Counts(0, 0, 0, 0))]


@quick
@given(rows, prices)
def test_the_cheapest_threshold_is_cheapest_and_flags_least_among_equals(pairs, costs):
    y, s = split(pairs)

    def bill(t):  # independent of total_cost: one item at a time
        flagged = np.array(s) >= t
        table = np.array([[costs.tn, costs.fp], [costs.fn, costs.tp]])
        return float(table[np.array(y), flagged.astype(int)].sum())

    best = threshold.best_threshold_by_cost(y, s, costs)
    least = min(bill(t) for t in every_threshold(s))
    assert bill(best.threshold) == least
    assert best.threshold == next(t for t in every_threshold(s) if bill(t) == least)
    assert threshold.total_cost(best.counts, costs) == least
    assert threshold.expected_cost(y, s, best.threshold, costs) == pytest.approx(least / len(y))


def test_ties_go_together():
    # flagging only one of the two tied items would cost nothing; no threshold can do that
    best = threshold.best_threshold_by_cost([1, 0], [0.7, 0.7], Costs(fp=3, fn=2))
    assert best == OperatingPoint(math.inf, Counts(tp=0, fp=0, fn=1, tn=1))
    assert threshold.best_threshold_by_cost([1, 0], [0.7, 0.7], Costs(fp=2, fn=3)).threshold == 0.7
    assert threshold.best_threshold_by_cost([1, 0], [0.7, 0.7], Costs(fp=2, fn=2)).threshold == math.inf


def test_one_class():
    assert threshold.best_threshold_by_cost([0, 0], [0.9, 0.1], Costs(1, 9)).threshold == math.inf
    assert threshold.best_threshold_by_cost([1, 1], [0.9, 0.1], Costs(1, 9)).threshold == 0.1


def test_cost_of_the_best_threshold_on_calibrated_scores_sits_at_break_even():
    rng = np.random.default_rng(7)
    p = rng.uniform(size=20_000)
    y = (rng.uniform(size=p.size) < p).astype(int)
    costs = Costs(fp=5, fn=20)
    assert threshold.best_threshold_by_cost(y, p, costs).threshold == pytest.approx(
        threshold.break_even(costs), abs=0.05
    )


@quick
@given(prices, st.floats(0, 1))
def test_break_even_parts_acting_from_passing(costs, p):
    if costs.fp < costs.tn or costs.fn < costs.tp or costs.fp - costs.tn + costs.fn - costs.tp == 0:
        with pytest.raises(ValueError, match="costs leave no decision"):
            threshold.break_even(costs)
        return
    t = threshold.break_even(costs)
    assert 0 <= t <= 1
    act = p * costs.tp + (1 - p) * costs.fp
    let_pass = p * costs.fn + (1 - p) * costs.tn
    if p > t + 1e-9:
        assert act < let_pass
    if p < t - 1e-9:
        assert act > let_pass


def test_break_even_in_the_plain_case_and_with_a_benefit():
    assert threshold.break_even(Costs(fp=5, fn=45)) == 0.1
    assert threshold.break_even(Costs(fp=5, fn=40, tp=-5)) == 0.1  # catching one also earns 5
    assert threshold.break_even(Costs(fp=0, fn=1)) == 0.0
    assert threshold.break_even(Costs(fp=1, fn=0)) == 1.0


@pytest.mark.parametrize("costs", [Costs(1e308, 1e308), Costs(1e308, 1, tn=-1e308)])
def test_break_even_refuses_costs_that_overflow(costs):
    with pytest.raises(ValueError, match="costs leave no decision"):
        threshold.break_even(costs)


@quick
@given(st.lists(score, max_size=25), st.integers(0, 30))
def test_capacity_is_kept_and_used_as_far_as_ties_allow(scores, room):
    t = threshold.threshold_by_capacity(scores, room)
    flagged = sum(s >= t for s in scores)
    assert flagged <= room
    lower = [s for s in set(scores) if s < t]
    if lower:
        assert sum(s >= max(lower) for s in scores) > room
    if not scores or not room:
        assert t == math.inf


def test_capacity_with_a_tie_at_the_edge():
    assert threshold.threshold_by_capacity([0.9, 0.8, 0.8, 0.1], 3) == 0.8
    assert threshold.threshold_by_capacity([0.9, 0.8, 0.8, 0.1], 2) == 0.9
    assert threshold.threshold_by_capacity([0.8, 0.8], 1) == math.inf
    assert threshold.threshold_by_capacity([0.8, 0.8], 5) == 0.8


@quick
@given(st.lists(st.lists(score, max_size=8), min_size=1, max_size=4), st.integers(0, 6))
def test_daily_capacity_is_the_lowest_threshold_that_suits_every_day(days, room):
    t = threshold.threshold_by_daily_capacity(days, room)
    candidates = every_threshold([s for day in days for s in day])
    fits = [c for c in candidates if all(sum(s >= c for s in day) <= room for day in days)]
    assert t == min(fits)
    assert threshold.threshold_by_daily_capacity([days[0]], room) == threshold.threshold_by_capacity(days[0], room)


def test_daily_capacity_may_lie_below_a_days_own_threshold():
    assert threshold.threshold_by_daily_capacity([[0.9, 0.5], [0.7]], 1) == 0.7


@quick
@given(rows.filter(lambda pairs: any(a for a, _ in pairs)), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0]))
def test_recall_target_is_met_by_the_highest_threshold(pairs, target):
    y, s = split(pairs)
    point = threshold.threshold_for_recall(y, s, target)
    fits = [t for t in every_threshold(s) if recall(confusion_counts(y, s, t)) >= target]
    assert point == OperatingPoint(max(fits), confusion_counts(y, s, max(fits)))


def test_recall_target_that_is_a_rounded_decimal():
    # 0.07 * 100 is 7.000000000000001, so a product with the target would ask for an eighth: compare the ratio
    y, s = [1] * 100, [float(i) for i in range(100)]
    for k in range(101):
        assert threshold.threshold_for_recall(y, s, k / 100).counts.tp == k


@quick
@given(rows, st.sampled_from([0.1, 0.5, 2 / 3, 0.9, 1.0]))
def test_precision_floor_with_most_recall(pairs, floor):
    y, s = split(pairs)
    point = threshold.threshold_for_precision(y, s, floor)
    tables = [(t, confusion_counts(y, s, t)) for t in every_threshold(s)]
    fits = [(t, c) for t, c in tables if c.tp and precision(c) >= floor]
    if not fits:
        assert point is None
        return
    most = max(c.tp for _, c in fits)
    assert point == OperatingPoint(*max((t, c) for t, c in fits if c.tp == most))


def test_precision_is_not_monotone_so_the_scan_goes_on_past_a_dip():
    y, s = [1, 0, 0, 1, 1, 1, 1], [7, 6, 5, 4, 3, 2, 1]
    point = threshold.threshold_for_precision(y, s, 0.7)
    assert point is not None
    assert (point.threshold, point.counts.tp) == (1, 5)
    assert threshold.threshold_for_precision([0, 0], [1, 2], 0.5) is None
    assert threshold.threshold_for_precision([], [], 0.5) is None


def test_scikit_learn_sees_the_same_precision_and_recall():
    rng = np.random.default_rng(3)
    y, s = rng.integers(0, 2, 200), rng.integers(0, 20, 200) / 20
    p, r, t = sk.precision_recall_curve(y, s)
    points = threshold.operating_points(y, s)[:0:-1]
    assert [point.threshold for point in points] == t.tolist()
    assert [precision(point.counts) for point in points] == pytest.approx(p[:-1])
    assert [recall(point.counts) for point in points] == pytest.approx(r[:-1])


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match="are empty"):
        threshold.best_threshold_by_cost([], [], Costs(1, 1))
    with pytest.raises(ValueError, match="are empty"):
        threshold.expected_cost([], [], 0.5, Costs(1, 1))
    for bad in (Costs(math.nan, 1), Costs(math.inf, 1)):
        with pytest.raises(ValueError, match=r"costs\[0\]"):
            threshold.best_threshold_by_cost([1], [0.5], bad)
        with pytest.raises(ValueError, match=r"costs\[0\]"):
            threshold.expected_cost([1], [0.5], 0.5, bad)
        with pytest.raises(ValueError, match=r"costs\[0\]"):
            threshold.break_even(bad)
    with pytest.raises(ValueError, match=r"scores\[0\] is nan"):
        threshold.operating_points([1], [math.nan])
    with pytest.raises(ValueError, match=r"scores\[0\] is nan"):
        threshold.threshold_by_capacity([math.nan], 1)
    with pytest.raises(ValueError, match="capacity is -1"):
        threshold.threshold_by_capacity([0.5], -1)
    with pytest.raises(ValueError, match="days is empty"):
        threshold.threshold_by_daily_capacity([], 3)
    with pytest.raises(ValueError, match=r"days\[1\]\[0\] is nan"):
        threshold.threshold_by_daily_capacity([[0.1], [math.nan]], 3)
    with pytest.raises(ValueError, match="y_true has no positive"):
        threshold.threshold_for_recall([0, 0], [0.1, 0.2], 0.5)
    with pytest.raises(ValueError, match=r"target is 1\.1"):
        threshold.threshold_for_recall([1], [0.1], 1.1)
    with pytest.raises(ValueError, match="floor is 0"):
        threshold.threshold_for_precision([1], [0.1], 0.0)
    with pytest.raises(ValueError, match="floor is nan"):
        threshold.threshold_for_precision([1], [0.1], math.nan)
