"""A split by a sorted sweep, and a tree of splits. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:split]
class Split(NamedTuple):
    """Rows with x[feature] <= cut go left; gain is what the squared error loses."""

    feature: int
    cut: float
    gain: float


def best_split(X: Array, y: Array) -> Split | None:
    """The split of X (n, d) that lowers the squared error of y (n,) most, or None.

    For y of 0 and 1 it is the Gini split: p(1 − p) is the variance. Equal values stay
    together; ties go to the lower feature and cut. O(d·n log n) time, O(n) memory.
    """
    best, top, n = None, 0.0, len(y)
    if n < 2 or np.ptp(y) == 0:
        return None
    slack = 1e-12 * y.var() * n  # gains this close are equal but for rounding
    for feature in range(X.shape[1]):
        order = np.argsort(X[:, feature])
        x, left = X[order, feature], np.arange(1, n)
        sums = np.cumsum(y[order] - y.mean())[:-1]  # of the left side; right is minus
        gain = sums**2 * (1 / left + 1 / (n - left))
        gain[x[1:] == x[:-1]] = 0
        i = int((gain >= gain.max() - slack).argmax())
        if gain[i] > top + slack:
            top, cut = float(gain[i]), x[i] + (x[i + 1] - x[i]) / 2
            best = Split(feature, float(cut if cut < x[i + 1] else x[i]), top)
    return best


# --8<-- [end:split]


# --8<-- [start:tree]
class Node(NamedTuple):
    """A split and what stands on its two sides: a node, or a leaf's mean."""

    split: Split
    left: Node | float
    right: Node | float


def grow(X: Array, y: Array, depth: int) -> Node | float:
    """A tree of at most `depth` splits a path; a leaf is the mean of its y.

    Stops at depth 0, at equal y, or where no single split helps. Empty y: ValueError.
    """
    if len(y) == 0:
        raise ValueError("no rows")
    split = best_split(X, y) if depth else None
    if split is None:
        return float(y.mean())
    left = X[:, split.feature] <= split.cut
    sides = [grow(X[side], y[side], depth - 1) for side in (left, ~left)]
    return Node(split, *sides)


def predict(tree: Node | float, x: Array) -> float:
    """The leaf of one row x (d,), in O(depth)."""
    while isinstance(tree, Node):
        tree = tree.left if x[tree.split.feature] <= tree.split.cut else tree.right
    return tree


# --8<-- [end:tree]
