"""k-means with a start, an empty-cluster rule and a stop. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:seeds]
def squared(X: Array, centers: Array) -> Array:
    """Squared distances (n, k), a center at a time: O(n·k·d), memory n·(k + d)."""
    return np.stack([((X - c) ** 2).sum(axis=1) for c in centers], axis=1)


def seeds(X: Array, k: int, rng: np.random.Generator) -> Array:
    """k-means++: each next center a row, drawn by squared distance to the nearest."""
    if not 1 <= k <= len(np.unique(X, axis=0)):
        raise ValueError("k must be between 1 and the number of different rows")
    chosen = [X[rng.integers(len(X))]]
    while len(chosen) < k:
        near = squared(X, np.array(chosen)).min(axis=1)
        chosen.append(X[rng.choice(len(X), p=near / near.sum())])
    return np.array(chosen)


# --8<-- [end:seeds]


# --8<-- [start:lloyd]
def kmeans(
    X: Array, centers: Array, most: int = 300
) -> tuple[Array, NDArray[np.int64], list[float]]:
    """Centers (k, d), labels (n,) and the inertia of each round, from given centers.

    A tie goes to the lower center. An empty cluster moves to the row farthest
    from all centers that are in use. Stops when no label changes. O(n·k·d) a round.
    """
    if len(centers) > len(np.unique(X, axis=0)):
        raise ValueError("more centers than different rows")
    labels, inertia = np.full(len(X), -1), []
    centers = np.array(centers, dtype=float)  # integers would cut the means
    for _ in range(most):
        distance = squared(X, centers)
        new = distance.argmin(axis=1)
        inertia.append(float(distance.min(axis=1).sum()))
        if np.array_equal(new, labels):
            break
        labels, full = new, np.unique(new)
        for j in full:
            centers[j] = X[labels == j].mean(axis=0)
        if len(full) < len(centers):
            near = squared(X, centers[full]).min(axis=1)
            for j in set(range(len(centers))) - set(full):
                centers[j] = X[near.argmax()]
                near = np.minimum(near, squared(X, centers[[j]])[:, 0])
    return centers, labels, inertia


# --8<-- [end:lloyd]
