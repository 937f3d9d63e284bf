"""ROC and precision–recall curves and their areas. Serves docs/chapters/metrics/classification.md."""

import math
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from snippets.metrics._inputs import Labels, Numbers, finite, fraction, row_count
from snippets.metrics.confusion import Counts, labeled
from snippets.metrics.threshold import OperatingPoint, operating_points


class RocPoint(NamedTuple):
    """A point of the ROC curve: both rates lie between 0 and 1."""

    threshold: float
    false_positive_rate: float
    recall: float


class PrPoint(NamedTuple):
    """A point of the precision–recall curve: both rates lie between 0 and 1."""

    threshold: float
    recall: float
    precision: float


def _both_classes(y_true: Labels, scores: Numbers) -> list[OperatingPoint]:
    points = operating_points(y_true, scores)
    if not points[0].counts.fn or not points[0].counts.tn:
        raise ValueError("y_true needs at least one positive and one negative")
    return points


def roc_points(y_true: Labels, scores: Numbers) -> list[RocPoint]:
    """The ROC curve: the share of negatives and of positives flagged, at every threshold from `inf` down.

    Labels 0 or 1 and finite scores, of length n. One point for each distinct score after the first, (0, 0): tied
    items share a point, which is why a tie draws a slanted line. No item or one class raises `ValueError`.
    O(n log n). Defined in Fawcett 2006.
    """
    points = _both_classes(y_true, scores)
    _, _, positives, negatives = points[0].counts
    return [RocPoint(point.threshold, point.counts.fp / negatives, point.counts.tp / positives) for point in points]


def trapezoid_area(x: Numbers, y: Numbers) -> float:
    """Area under the straight lines through the points (x, y), taken from left to right.

    Two columns of finite numbers of length n; x must not decrease, else `ValueError`, as for no point. One point
    gives 0. O(n).
    """
    xs, ys = finite(x, "x"), finite(y, "y")
    row_count(x=xs, y=ys)
    if any(left > right for left, right in pairwise(xs)):
        raise ValueError("x must not decrease")
    return math.fsum(
        (right - left) * (low + high) / 2 for (left, right), (low, high) in zip(pairwise(xs), pairwise(ys), strict=True)
    )


# --8<-- [start:auc-ties]
def roc_auc(y_true: Labels, scores: Numbers) -> float:
    """How often a random positive scores above a random negative; a tie counts half.

    Labels 0 or 1 and finite scores, of length n; no item or one class raises. Equal
    scores share their mean rank, then one formula does it (Mann–Whitney). O(n log n).
    """
    labels, values = labeled(y_true, scores)
    positives, negatives = sum(labels), len(labels) - sum(labels)
    if not positives or not negatives:
        raise ValueError("y_true needs at least one positive and one negative")
    ranks_of_positives, below = 0.0, 0
    ranked = sorted(zip(values, labels, strict=True))
    for _, tied in groupby(ranked, key=itemgetter(0)):
        group = [label for _, label in tied]
        mid_rank = below + (len(group) + 1) / 2  # ranks below+1 … below+len
        ranks_of_positives += mid_rank * sum(group)
        below += len(group)
    least = positives * (positives + 1) / 2  # if all positives came last
    return (ranks_of_positives - least) / (positives * negatives)


# --8<-- [end:auc-ties]


def roc_auc_by_trapezoid(y_true: Labels, scores: Numbers) -> float:
    """Area under the ROC curve, by straight lines between its points: the same number as `roc_auc`.

    Labels 0 or 1 and finite scores, of length n; no item or one class raises `ValueError`. It agrees with the
    mean-rank form because half of a tied group's rectangle is what a tie counts. O(n log n).
    """
    points = roc_points(y_true, scores)
    return trapezoid_area([point.false_positive_rate for point in points], [point.recall for point in points])


def pr_points(y_true: Labels, scores: Numbers) -> list[PrPoint]:
    """The precision–recall curve: one point for each distinct score, from the highest down.

    Labels 0 or 1 and finite scores, of length n. Recall does not fall along the list, precision may go either
    way, and the last precision is the share of positives. There is no point for flagging nothing, where precision
    is undefined (scikit-learn adds one at recall 0 and precision 1). No positive raises `ValueError`. O(n log n).
    """
    first, *points = operating_points(y_true, scores)
    positives = first.counts.fn
    if not positives:
        raise ValueError("y_true has no positive: recall is undefined")
    return [
        PrPoint(threshold, counts.tp / positives, counts.tp / (counts.tp + counts.fp)) for threshold, counts in points
    ]


def average_precision(y_true: Labels, scores: Numbers) -> float:
    """Precision averaged over the positives, each at the threshold that first finds it.

    The sum of precision × gain in recall over the points of the curve, with no interpolation. Labels 0 or 1 and
    finite scores, of length n; a model that gives every item one score gets the share of positives. No positive
    raises `ValueError`. O(n log n). Defined as in scikit-learn's `average_precision_score`.
    """
    points = pr_points(y_true, scores)
    recalls = [0.0, *(point.recall for point in points)]
    return math.fsum(
        (after - before) * point.precision for (before, after), point in zip(pairwise(recalls), points, strict=True)
    )


def pr_area_linear(y_true: Labels, scores: Numbers) -> float:
    """Area under the precision–recall curve by straight lines: a number to recognize, not one to report.

    Starts at recall 0 and precision 1, as `auc(recall, precision)` on scikit-learn's curve does. Straight lines
    run through points that no threshold reaches, so the area flatters models with few distinct scores. Labels 0
    or 1 and finite scores, of length n; no positive raises `ValueError`. O(n log n).
    """
    points = pr_points(y_true, scores)
    return trapezoid_area([0.0, *(point.recall for point in points)], [1.0, *(point.precision for point in points)])


def linear_interpolation_excess(y_true: Labels, scores: Numbers) -> float:
    """How much straight-line area under the precision–recall curve adds to average precision.

    `pr_area_linear` minus `average_precision`. Labels 0 or 1 and finite scores, of length n; zero when the
    ranking is perfect, and half of 1 − prevalence when all scores are equal. No positive
    raises `ValueError`. O(n log n).
    """
    return pr_area_linear(y_true, scores) - average_precision(y_true, scores)


def precision_between(start: Counts, end: Counts, share: float) -> PrPoint:
    """The recall and precision you get on average by flagging a random share of the items between two thresholds.

    `start` flags less than `end`, on the same items; `share` lies between 0 and 1. True and false positives both
    grow in a straight line, so precision bends: this is the interpolation that Davis and Goadrich 2006 give in
    place of the straight line. The threshold of the result is NaN, as none leads there; precision is NaN when
    nothing is flagged. Counts of different items, or in the wrong order, raise `ValueError`. O(1).
    """
    part = fraction(share, "share")
    if start.tp + start.fn != end.tp + end.fn or start.fp + start.tn != end.fp + end.tn:
        raise ValueError("start and end do not count the same items")
    if start.tp > end.tp or start.fp > end.fp or not end.tp + end.fn:
        raise ValueError("end must flag all that start flags, with at least one positive among the items")
    tp = start.tp + part * (end.tp - start.tp)
    fp = start.fp + part * (end.fp - start.fp)
    return PrPoint(math.nan, tp / (end.tp + end.fn), tp / (tp + fp) if tp + fp else math.nan)
