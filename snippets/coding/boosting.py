"""Gradient boosting of stumps for two losses. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.coding.trees import Split, best_split

Array = NDArray[np.float64]


# --8<-- [start:boost]
def newton(miss: Array, curve: Array) -> float:
    """Step of a leaf; 0 where probabilities have rounded to 0 or 1, instead of 0/0."""
    return float(miss.sum() / curve.sum()) if curve.sum() > 1e-150 else 0.0


class Stump(NamedTuple):
    """A split and what to add on its two sides, shrinkage included."""

    split: Split
    left: float
    right: float

    def add(self, X: Array) -> Array:
        """What the stump adds to each row of X (n, d)."""
        goes_left = X[:, self.split.feature] <= self.split.cut
        return np.where(goes_left, self.left, self.right)


def boost(
    X: Array, y: Array, rounds: int, rate: float, logistic: bool = False
) -> tuple[float, list[Stump]]:
    """Start and stumps; a row's score is the start plus what each stump adds.

    Squared error: start at the mean, leaves hold the mean residual. Logistic: y is 0
    or 1, scores are log-odds, leaves take one Newton step. Stops early when no split
    helps. Not both labels, logistic: ValueError. O(rounds·d·n log n).
    """
    if logistic and set(y) != {0, 1}:
        raise ValueError("y needs both 0 and 1")
    mean = float(y.mean())
    start = float(np.log(mean / (1 - mean))) if logistic else mean
    score, stumps = np.full(len(y), start), []
    for _ in range(rounds):
        p = np.exp(-np.logaddexp(0, -score)) if logistic else score
        curve = p * (1 - p) if logistic else np.ones(len(y))
        miss = y - p
        split = best_split(X, miss)
        if split is None:
            break
        left = X[:, split.feature] <= split.cut
        low, high = (newton(miss[side], curve[side]) for side in (left, ~left))
        stumps.append(Stump(split, rate * low, rate * high))
        score = score + stumps[-1].add(X)
    return start, stumps


# --8<-- [end:boost]
