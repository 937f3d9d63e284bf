"""Precision, recall, F1 and two thresholds in one pass over sorted scores. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:plain]
class Point(NamedTuple):
    """What `score >= threshold` flags; the threshold `None` flags nothing."""

    threshold: float | None
    flagged: int
    hits: int


def sweep(labels: Sequence[int], scores: Sequence[float]) -> list[Point]:
    """All decisions the scores allow, from none flagged to all. O(n log n)."""
    if any(math.isnan(score) for score in scores):
        raise ValueError("a score is NaN")
    rows = zip(scores, labels, strict=True)
    ranked = sorted(rows, key=itemgetter(0), reverse=True)
    points = [Point(None, 0, 0)]
    flagged = hits = 0
    for score, tied in groupby(ranked, key=itemgetter(0)):
        for _, label in tied:  # equal scores go together
            flagged, hits = flagged + 1, hits + label
        points.append(Point(score, flagged, hits))
    return points


def at(points: Sequence[Point], threshold: float) -> Point:
    """The point of any threshold, seen or not: the last that reaches down to it."""
    none, *seen = points
    reached = [p for p in seen if p.threshold is not None and p.threshold >= threshold]
    return reached[-1] if reached else none


def rates(point: Point, positives: int) -> tuple[float | None, ...]:
    """Precision, recall, F1; `None` where the denominator is zero."""
    _, flagged, hits = point
    both = flagged + positives
    return (
        hits / flagged if flagged else None,
        hits / positives if positives else None,
        2 * hits / both if both else None,
    )


def best_f1(labels: Sequence[int], scores: Sequence[float]) -> Point | None:
    """The point of highest F1; of equals the one that flags least; no positive: None."""
    points, positives = sweep(labels, scores), sum(labels)
    if not positives:
        return None
    return max(points, key=lambda point: point.hits / (point.flagged + positives))


def cheapest(
    labels: Sequence[int],
    scores: Sequence[float],
    false_alarm: int,
    miss: int,
) -> Point:
    """The point of least cost, in cents; of equals the one that flags least."""
    if false_alarm % 1 or miss % 1:  # inf too: 0 * inf would be NaN
        raise ValueError("prices are whole cents")
    positives = sum(labels)

    def cost(point: Point) -> int:
        alarms = point.flagged - point.hits
        return alarms * false_alarm + (positives - point.hits) * miss

    return min(sweep(labels, scores), key=cost)


# --8<-- [end:plain]


# --8<-- [start:numpy]
def best_f1_arrays(labels: NDArray[Any], scores: NDArray[Any]) -> Point | None:
    """The same for arrays of shape (n,), labels as integers."""
    if labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("the shapes differ, or a score is NaN")
    positives = labels.sum()
    if not positives:
        return None
    order = np.argsort(scores)[::-1]  # not of -scores: unsigned types wrap
    ranked, hits = scores[order], np.cumsum(labels[order])
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # of each tie
    best = last[np.argmax(hits[last] / (last + 1 + positives))]
    return Point(float(ranked[best]), int(best) + 1, int(hits[best]))


# --8<-- [end:numpy]
