"""One pass over sorted scores: against scikit-learn and every threshold, and the version that splits ties."""

import math
import warnings

import numpy as np
import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.metrics import (
    f1_score,
    precision_recall_curve,
    precision_score,
    recall_score,
)

from snippets.coding.thresholds import (
    Point,
    at,
    best_f1,
    best_f1_arrays,
    cheapest,
    rates,
    sweep,
)
from snippets.coding.wrong_numerics import best_f1_running

score = st.sampled_from([-math.inf, -1.0, -0.0, 0.0, 0.3, 0.5, 2.0, math.inf])
rows = st.lists(st.tuples(st.integers(0, 1), score), max_size=12)


def columns(pairs):
    return [label for label, _ in pairs], [value for _, value in pairs]


# --8<-- [start:every-threshold]
@quick
@given(rows)
def test_the_pass_finds_what_trying_every_threshold_finds(pairs):
    labels, scores = columns(pairs)
    tried = [
        [int(s >= threshold) for s in scores]
        for threshold in sorted(set(scores), reverse=True)
    ]
    f1 = [f1_score(labels, said, zero_division=0.0) for said in tried]
    found = best_f1(labels, scores)
    if not any(labels):
        assert found is None
    else:
        assert rates(found, sum(labels))[2] == pytest.approx(max(f1))
        assert found.flagged == sum(tried[int(np.argmax(np.round(f1, 9)))])


# --8<-- [end:every-threshold]


@quick
@given(rows)
def test_points_are_the_curve_of_scikit_learn(pairs):
    labels, scores = columns(pairs)
    if not any(labels) or not all(map(math.isfinite, scores)):
        return
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    points = sweep(labels, scores)
    assert [p.threshold for p in points[1:]] == thresholds[::-1].tolist()
    ours = [rates(point, sum(labels))[:2] for point in points]
    assert [p for p, _ in ours[1:]] == pytest.approx(precision[:-1][::-1].tolist())
    assert [r for _, r in ours] == pytest.approx(recall[::-1].tolist())
    assert (ours[0][0], precision[-1]) == (None, 1.0)  # none flagged: theirs says 1


@quick
@given(rows.filter(bool), score | st.floats())
def test_any_threshold_is_what_scikit_learn_scores(pairs, threshold):
    labels, scores = columns(pairs)
    said = [int(value >= threshold) for value in scores]
    ours = rates(at(sweep(labels, scores), threshold), sum(labels))
    theirs = (precision_score, recall_score, f1_score)
    for mine, function in zip(ours, theirs, strict=True):
        other = function(labels, said, zero_division=math.nan)
        assert mine == pytest.approx(None if math.isnan(other) else other)


@quick
@example([(1, 0.5), (0, 0.5)])
@given(rows)
def test_arrays_say_the_same(pairs):
    labels, scores = columns(pairs)
    found = best_f1_arrays(np.array(labels, dtype=int), np.array(scores))
    assert found == best_f1(labels, scores)


@quick
@given(rows, st.sampled_from([0, 1, 5]), st.sampled_from([0, 1, 7]))
def test_cheapest_is_the_least_of_all_costs(pairs, false_alarm, miss):
    labels, scores = columns(pairs)

    def cost(flags):
        alarms = sum(f and not y for f, y in zip(flags, labels, strict=True))
        misses = sum(y and not f for f, y in zip(flags, labels, strict=True))
        return alarms * false_alarm + misses * miss

    tried = [cost([False] * len(labels))]
    for threshold in sorted(set(scores), reverse=True):
        tried.append(cost([s >= threshold for s in scores]))
    found = cheapest(labels, scores, false_alarm, miss)
    at = [
        s >= found.threshold if found.threshold is not None else False for s in scores
    ]
    assert cost(at) == min(tried)
    assert sum(at) == found.flagged
    assert found == sweep(labels, scores)[tried.index(min(tried))]


# --8<-- [start:edges]
def test_edges():
    never = Point(None, 0, 0)
    assert sweep([], []) == [never]
    assert rates(never, 0) == (None, None, None)
    assert rates(never, 3) == (None, 0.0, 0.0)
    assert rates(Point(0.5, 2, 0), 0) == (0.0, None, 0.0)
    assert best_f1([0, 0], [0.1, 0.9]) is None
    assert cheapest([0, 0], [0.1, 0.9], 1, 10) == never
    assert at(sweep([1, 0], [0.9, 0.5]), 0.7) == Point(0.9, 1, 1)
    assert best_f1([1, 0], [math.inf, 1.0]) == Point(math.inf, 1, 1)
    assert best_f1([1, 0, 1], [0.9, 0.5, 0.5]) == Point(0.5, 3, 2)  # not 2
    with pytest.raises(ValueError, match="NaN"):
        sweep([1, 0], [math.nan, 0.5])


# --8<-- [end:edges]


def test_more_edges():
    with pytest.raises(ValueError, match="zip"):
        sweep([1], [])
    with pytest.raises(ValueError, match="NaN"):
        best_f1_arrays(np.array([1]), np.array([np.nan]))
    with pytest.raises(ValueError, match="NaN"):
        best_f1_running([1], [math.nan])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert best_f1_arrays(np.array([1, 0]), np.array([np.inf, -np.inf]))
    counts = np.array([3, 2, 0], dtype=np.uint8)  # whose negative wraps
    assert best_f1_arrays(np.array([1, 0, 0]), counts) == Point(3, 1, 1)
    with pytest.raises(ValueError, match="shapes"):
        best_f1_arrays(np.array([1, 0, 1]), np.array([0.5, 0.4]))


def test_prices_that_tie_need_whole_cents():
    """Three misses of 10 cost one false alarm of 30: of equals, flag fewer. In dollars as floats they don't tie, and 0 × inf is no cost."""
    labels, scores = [1, 1, 1, 0], [0.5] * 4
    assert cheapest(labels, scores, 30, 10) == Point(None, 0, 0)
    for alarm, miss in ((0.3, 0.1), (1, math.inf), (1, math.nan)):
        with pytest.raises(ValueError, match="cents"):
            cheapest(labels, scores, alarm, miss)


# --8<-- [start:ties]
def test_a_threshold_that_no_score_allows():
    for usual in ([0.9, 0.8, 0.4, 0.1], [0.1, 0.2, 0.3, 0.4], [-1.0, 0.0, 7.0, 2.0]):
        assert best_f1_running([1, 0, 1, 0], usual) == best_f1([1, 0, 1, 0], usual)
    labels, scores = [1, 0, 0, 0], [0.6, 0.6, 0.6, 0.6]
    assert best_f1(labels, scores) == Point(0.6, 4, 1)  # F1 0.4
    assert best_f1_running(labels, scores) == Point(0.6, 1, 1)  # "F1 1.0"


# --8<-- [end:ties]


@quick
@given(st.lists(st.tuples(st.integers(0, 1), score), unique_by=lambda row: row[1]))
def test_without_ties_the_two_agree(pairs):
    labels, scores = columns(pairs)
    assert best_f1_running(labels, scores) == best_f1(labels, scores)
