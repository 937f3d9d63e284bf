"""Wrong on purpose: models that pass the tests most people write. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from snippets.coding.kmeans import squared
from snippets.coding.trees import best_split

Array = NDArray[np.float64]


# --8<-- [start:gradient]
def slope(w: Array, X: Array, y: Array, penalty: float) -> Array:
    """Gradient of mean log loss plus penalty/2·‖w without intercept‖²."""
    A = np.c_[np.ones(len(y)), X]
    z = A @ w
    miss = np.exp(-np.logaddexp(0, -z)) - y
    down: Array = A.T @ miss / len(y) + penalty * w
    return down


# --8<-- [end:gradient]


# --8<-- [start:means]
def lloyd(X: Array, centers: Array, rounds: int = 100) -> Array:
    """Centers after k-means from given centers, an empty cluster never lost."""
    for _ in range(rounds):
        labels = squared(X, centers).argmin(axis=1)
        member = np.eye(len(centers))[labels]
        size = np.maximum(member.sum(axis=0), 1)  # no division by zero
        centers = member.T @ X / size[:, None]
    return centers


# --8<-- [end:means]


# --8<-- [start:split]
def best_gain(x: Array, y: Array) -> float:
    """The largest drop of squared error by one cut `x <= cut`; 0 if none helps."""
    if len(y) < 2:
        return 0.0
    order = np.argsort(x, kind="stable")
    sums = np.cumsum(y[order] - y.mean())[:-1]
    left = np.arange(1, len(y))
    gain = sums**2 * (1 / left + 1 / (len(y) - left))
    return float(gain.max())


# --8<-- [end:split]


# --8<-- [start:product]
def most_likely(
    texts: Sequence[Sequence[str]],
    labels: Sequence[str],
    query: Sequence[str],
    alpha: float = 1.0,
) -> str:
    """The class of largest posterior; the smallest name on a tie."""
    counts = {label: Counter[str]() for label in sorted(set(labels))}
    for words, label in zip(texts, labels):
        counts[label].update(words)
    vocabulary = set().union(*counts.values())
    known = [word for word in query if word in vocabulary]
    joint = {}
    for label, own in counts.items():
        total = own.total() + alpha * len(vocabulary)
        prior = labels.count(label) / len(labels)
        joint[label] = prior * prod((own[word] + alpha) / total for word in known)
    return max(joint, key=joint.__getitem__)


# --8<-- [end:product]


# --8<-- [start:leaf]
def next_scores(X: Array, y: Array, score: Array, rate: float) -> Array:
    """Log-odds (n,) after one more boosted stump on log loss; y is 0 or 1."""
    miss = y - np.exp(-np.logaddexp(0, -score))
    split = best_split(X, miss)
    if split is None:
        return score
    left = X[:, split.feature] <= split.cut
    leaf = np.where(left, miss[left].mean(), miss[~left].mean())
    moved: Array = score + rate * leaf
    return moved


# --8<-- [end:leaf]
