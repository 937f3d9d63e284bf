"""Wrong on purpose: numbers that look right on the input that anybody tries. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snippets.coding.thresholds import Point


# --8<-- [start:ties]
def best_f1_running(labels: Sequence[int], scores: Sequence[float]) -> Point | None:
    """The point of highest F1; of equals the one that flags least; no positive: None."""
    if any(math.isnan(score) for score in scores):
        raise ValueError("a score is NaN")
    positives = sum(labels)
    best, best_f1, hits = None, 0.0, 0
    ranked = sorted(zip(scores, labels, strict=True), reverse=True)
    for flagged, (score, label) in enumerate(ranked, start=1):
        hits += label
        f1 = 2 * hits / (flagged + positives)
        if f1 > best_f1:
            best, best_f1 = Point(score, flagged, hits), f1
    return best


# --8<-- [end:ties]


# --8<-- [start:clip]
def binary_loss_clipped(label: int, logit: float) -> float:
    """−log of the probability that sigmoid(logit) gives to the label, in nats."""
    margin = logit if label else -logit
    power = math.exp(-abs(margin))
    less = power / (1 + power)  # the probability of the less likely class
    return -math.log1p(-less) if margin > 0 else -math.log(max(less, 1e-15))


# --8<-- [end:clip]


# --8<-- [start:means]
def mean_by_batch(parts: Iterable[tuple[float, int]]) -> float | None:
    """The mean of all real values, from each batch's sum and number of real values."""
    means = [total / count for total, count in parts if count]
    return sum(means) / len(means) if means else None


# --8<-- [end:means]


# --8<-- [start:expanded]
def squared_expanded(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Squared Euclidean distances of floats: (q, d) and (n, d) give (q, n)."""
    lengths = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)
    return np.asarray(np.maximum(lengths - 2 * a @ b.T, 0.0))


# --8<-- [end:expanded]
