"""Thresholds chosen by cost, capacity, recall or precision. Serves docs/chapters/metrics/classification.md.

An item is flagged when its score is at or above the threshold. Every threshold returned is a score that was
seen, or `inf`, which flags nothing. Items with equal scores are flagged together or not at all: no threshold
can part them.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from snippets.metrics._inputs import Labels, Numbers, finite, fraction, whole
from snippets.metrics.confusion import Counts, confusion_counts, labeled


# --8<-- [start:by-cost]
class Costs(NamedTuple):
    """What one item costs, by outcome, in one currency; a benefit is negative."""

    fp: float
    fn: float
    tp: float = 0.0
    tn: float = 0.0


class OperatingPoint(NamedTuple):
    """A threshold and the four outcomes it leads to."""

    threshold: float
    counts: Counts


def operating_points(y_true: Labels, scores: Numbers) -> list[OperatingPoint]:
    """Every decision the scores allow: one point for each distinct score.

    From flagging nothing (threshold `inf`) down to flagging all. One sort and one
    pass, O(n log n). No item leaves the first point alone, with four zeros.
    """
    labels, values = labeled(y_true, scores)
    positives, negatives = sum(labels), len(labels) - sum(labels)
    tp = fp = 0
    points = [OperatingPoint(math.inf, Counts(tp, fp, positives, negatives))]
    ranked = sorted(zip(values, labels, strict=True), reverse=True)
    for score, tied in groupby(ranked, key=itemgetter(0)):
        for _, label in tied:  # equal scores go together
            tp, fp = tp + label, fp + 1 - label
        counts = Counts(tp, fp, positives - tp, negatives - fp)
        points.append(OperatingPoint(score, counts))
    return points


def total_cost(counts: Counts, costs: Costs) -> float:
    """What the four outcomes cost together, in the currency of `costs`. O(1)."""
    wrong = counts.fp * costs.fp + counts.fn * costs.fn
    return wrong + counts.tp * costs.tp + counts.tn * costs.tn


def best_threshold_by_cost(
    y_true: Labels,
    scores: Numbers,
    costs: Costs,
) -> OperatingPoint:
    """The cheapest operating point; of equally cheap ones, the one that flags least.

    Labels 0 or 1 and finite scores, of length n. One class is fine: with no positive
    the threshold is `inf`. No item, or a cost that is not finite, raises. O(n log n).
    """
    points = operating_points(y_true, scores)
    if len(points) == 1:
        raise ValueError("y_true and scores are empty: there is nothing to choose from")
    finite(costs, "costs")
    return min(points, key=lambda point: total_cost(point.counts, costs))


# --8<-- [end:by-cost]


def expected_cost(y_true: Labels, scores: Numbers, threshold: float, costs: Costs) -> float:
    """Cost per item when every score at or above the threshold is flagged, in the currency of `costs`.

    Labels 0 or 1 and finite scores, of length n; the threshold may be infinite. No item, a NaN threshold or a
    cost that is not finite raises `ValueError`. O(n).
    """
    counts = confusion_counts(y_true, scores, threshold)
    if not sum(counts):
        raise ValueError("y_true and scores are empty")
    finite(costs, "costs")
    return total_cost(counts, costs) / sum(counts)


# --8<-- [start:break-even]
def break_even(costs: Costs) -> float:
    """The probability above which acting is cheaper than letting the item pass.

    Acting costs p·tp + (1 − p)·fp, passing costs p·fn + (1 − p)·tn. They meet at
    (fp − tn) / ((fp − tn) + (fn − tp)), which is fp / (fp + fn) if being right is free.
    It needs calibrated probabilities. Raises `ValueError` where being wrong is cheaper
    than being right, or nothing is at stake. O(1). Defined in Elkan 2001.
    """
    finite(costs, "costs")
    false_alarm = costs.fp - costs.tn  # what a needless action adds
    miss = costs.fn - costs.tp  # what a missing action adds
    stake = false_alarm + miss
    if false_alarm < 0 or miss < 0 or not 0 < stake < math.inf:
        raise ValueError(f"costs leave no decision to make: {costs}")
    return false_alarm / stake


# --8<-- [end:break-even]


# --8<-- [start:by-capacity]
def threshold_by_capacity(scores: Numbers, capacity: int) -> float:
    """The lowest threshold that flags no more items than can be reviewed.

    Takes one period's finite scores, no labels. A group of equal scores that does not
    fit is left out whole, so less than the capacity may be used. Nothing to flag, or
    no room, gives `inf`; a capacity that is negative or not whole raises. O(n log n).
    """
    room = whole(capacity, "capacity")
    ranked = sorted(finite(scores, "scores"), reverse=True)
    first_left_out = ranked[room] if len(ranked) > room else -math.inf
    return min((score for score in ranked if score > first_left_out), default=math.inf)


# --8<-- [end:by-capacity]


def threshold_by_daily_capacity(days: Sequence[Numbers], capacity: int) -> float:
    """The lowest threshold under which no single day would have overfilled its review queue.

    Takes one list of finite scores for each day (a day may be empty) and the number of items that can be reviewed
    in a day. The threshold must stand above the first score left out on the worst day, so on the others reviewers
    have time left. No score at all gives `inf`; no day raises `ValueError`. O(n log n) for n scores in all.
    """
    room = whole(capacity, "capacity")
    if not days:
        raise ValueError("days is empty")
    ranked = [sorted(finite(day, f"days[{i}]"), reverse=True) for i, day in enumerate(days)]
    highest_left_out = max((day[room] for day in ranked if len(day) > room), default=-math.inf)
    return min((score for day in ranked for score in day if score > highest_left_out), default=math.inf)


def threshold_for_recall(y_true: Labels, scores: Numbers, target: float) -> OperatingPoint:
    """The highest threshold that still finds at least the target share of the positives.

    Labels 0 or 1 and finite scores, of length n; `target` between 0 and 1, where 0 gives `inf`. Recall only grows
    as the threshold falls, so the first point that reaches the target is the answer, and 1 is always reached.
    No positive, or a target out of range, raises `ValueError`. O(n log n).
    """
    share = fraction(target, "target")
    points = operating_points(y_true, scores)
    positives = points[0].counts.fn
    if not positives:
        raise ValueError("y_true has no positive: recall is undefined")
    return next(point for point in points if point.counts.tp / positives >= share)


def threshold_for_precision(y_true: Labels, scores: Numbers, floor: float) -> OperatingPoint | None:
    """The operating point with most recall among those whose precision is at least the floor, or None.

    Labels 0 or 1 and finite scores, of length n; `floor` above 0 and at most 1. Precision does not fall steadily
    with the threshold, so every point is looked at; of points with equal recall the one that flags least is
    taken. None means that no threshold both flags a positive and keeps the floor, as with no positive or no item.
    A floor out of range raises `ValueError`. O(n log n).
    """
    if fraction(floor, "floor") == 0.0:
        raise ValueError("floor is 0: any threshold keeps it")
    kept = [
        point
        for point in operating_points(y_true, scores)
        if point.counts.tp and point.counts.tp / (point.counts.tp + point.counts.fp) >= floor
    ]
    return max(kept, key=lambda point: point.counts.tp, default=None)
