"""Principal components by the singular value decomposition. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:pca]
class Components(NamedTuple):
    """mean (d,), directions (k, d) of length 1, ratio (k,) of the whole variance."""

    mean: Array
    directions: Array
    ratio: Array


def fit(x: Array, k: int) -> Components:
    """The k directions of largest variance of x (n, d), largest first.

    k is at most min(n, d). Each direction's largest entry is positive; of several
    equal in size, the first. Without any variance the ratios are 0.
    O(n·d·min(n, d)) time, O(n·d) memory.
    """
    if not 1 <= k <= min(x.shape):
        raise ValueError("k must lie between 1 and the smaller side of x")
    if not np.isfinite(x).all():
        raise ValueError("missing or infinite values")
    constant = np.ptp(x, axis=0) == 0  # the mean of 0.1, 0.1, 0.1 is not 0.1
    mean = np.where(constant, x[0], x.mean(axis=0))
    _, singular, rows = np.linalg.svd(x - mean, full_matrices=False)
    size = np.abs(rows)
    tied = size > size.max(axis=1, keepdims=True) - 1e-6  # equal up to rounding
    largest = tied.argmax(axis=1)  # the first of them
    signs = np.sign(rows[np.arange(len(rows)), largest])
    variance = singular**2  # times n - 1: cancels in the ratio
    total = variance.sum() or 1.0
    return Components(mean, (rows * signs[:, None])[:k], variance[:k] / total)


def transform(fitted: Components, x: Array) -> Array:
    """Rows x (m, d) -> (m, k), centered with the mean of the rows fitted on."""
    if x.shape[-1] != len(fitted.mean):  # one column would be spread over all
        raise ValueError("another width than that of the rows fitted on")
    return (x - fitted.mean) @ fitted.directions.T


def restore(fitted: Components, z: Array) -> Array:
    """(m, k) -> (m, d): the nearest rows that k directions can say."""
    return fitted.mean + z @ fitted.directions


# --8<-- [end:pca]
