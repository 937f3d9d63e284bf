"""Logistic regression with L2, and the check of its gradient. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:loss]
def loss(w: Array, X: Array, y: Array, penalty: float) -> float:
    """Mean log loss plus penalty/2·‖w without intercept‖²; w[0] is the intercept."""
    z = w[0] + X @ w[1:]
    return float(np.mean(np.logaddexp(0, z) - y * z) + penalty / 2 * w[1:] @ w[1:])


def gradient(w: Array, X: Array, y: Array, penalty: float) -> Array:
    """Its derivative, of the shape of w."""
    z = w[0] + X @ w[1:]
    miss = np.exp(-np.logaddexp(0, -z)) - y  # sigmoid without overflow, minus y
    return np.append(miss.mean(), X.T @ miss / len(y) + penalty * w[1:])


# --8<-- [end:loss]


# --8<-- [start:check]
def gap(
    f: Callable[[Array], float], slope: Callable[[Array], Array], w: Array, h: float
) -> float:
    """Largest difference of slope and central differences, relative to the larger."""
    told = slope(w)
    seen = np.array([(f(w + e) - f(w - e)) / (2 * h) for e in h * np.eye(len(w))])
    return float(
        np.abs(told - seen).max() / max(np.abs(told).max(), np.abs(seen).max())
    )


# --8<-- [end:check]


# --8<-- [start:fit]
def fit(X: Array, y: Array, penalty: float, most: int = 100_000) -> Array:
    """(1 + d) weights by full gradient descent; y is 0 or 1, and has both.

    O(n·d) a step. One class, or no penalty on separable data, has no finite answer:
    ValueError, RuntimeError.
    """
    if set(y) != {0, 1}:  # y of −1 and 1 would give weights, and wrong ones
        raise ValueError("y needs both 0 and 1")
    A = np.c_[np.ones(len(y)), X]
    step = 1 / (np.linalg.norm(A, 2) ** 2 / len(y) / 4 + penalty)
    w = np.zeros(A.shape[1])
    for _ in range(most):
        down = gradient(w, X, y, penalty)
        if np.abs(down).max() < 1e-9:
            return w
        w -= step * down
    raise RuntimeError(f"not converged after {most} steps")


# --8<-- [end:fit]
