"""k nearest neighbors in blocks, with ties that don't depend on row order. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


# --8<-- [start:knn]
def knn(X: Array, y: Labels, queries: Array, k: int, block: int = 256) -> Labels:
    """Class of each query (m, d) by its k nearest of X (n, d), columns scaled as in X.

    All rows as near as the k-th vote; a tied vote goes to the smallest label. y holds
    0, 1, …. k outside 1…n: ValueError. O(m·n·(d + classes)) time, O(block·n) memory.
    """
    if not 1 <= k <= len(X):
        raise ValueError("k must be between 1 and the number of rows")
    spread = np.sort(X, axis=0).std(axis=0)  # sorted: no digit depends on row order
    scale = np.where(np.ptp(X, axis=0) == 0, 1.0, spread)  # std of 0.1s isn't 0
    votes = np.eye(y.max() + 1)[y]
    told = np.empty(len(queries), dtype=np.int64)
    for start in range(0, len(queries), block):
        part = queries[start : start + block]
        apart = np.zeros((len(part), len(X)))
        for j, unit in enumerate(scale):  # a column at a time: d times less memory
            apart += ((part[:, j, None] - X[:, j]) / unit) ** 2
        limit = np.partition(apart, k - 1, axis=1)[:, k - 1 : k]
        told[start : start + block] = ((apart <= limit) @ votes).argmax(axis=1)
    return told


# --8<-- [end:knn]
