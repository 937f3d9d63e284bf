"""Least squares solved and least squares descended. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:solved]
def least_squares(X: Array, y: Array) -> tuple[Array, float]:
    """Coefficients (d,) and intercept of the line through X (n, d) and y (n,).

    Rank-deficient X gives the coefficients of smallest norm. O(n·d²) time for n ≥ d,
    O(n·d) memory. No rows: ValueError.
    """
    if len(y) == 0:
        raise ValueError("no rows")
    center = X.mean(axis=0)
    coef = np.linalg.lstsq(X - center, y - y.mean(), rcond=None)[0]
    return coef, float(y.mean() - center @ coef)


# --8<-- [end:solved]


# --8<-- [start:descended]
def descend(
    X: Array, y: Array, tolerance: float = 1e-10, most: int = 100_000
) -> tuple[Array, float]:
    """The same line by gradient descent on scaled columns; O(n·d) a step.

    A constant column gets coefficient 0. No rows: ValueError. Not converged:
    RuntimeError.
    """
    if len(y) == 0:
        raise ValueError("no rows")
    flat = np.ptp(X, axis=0) == 0  # not std == 0: that of ten 0.1s is 1e-17
    center, scale = X.mean(axis=0), np.where(flat, np.inf, X.std(axis=0))
    Z, target = (X - center) / scale, y - y.mean()
    curvature = float(np.linalg.norm(Z, 2)) ** 2 / len(y)
    step = 1 / curvature if curvature else 1.0
    w = np.zeros(X.shape[1])
    for _ in range(most):
        gradient = Z.T @ (Z @ w - target) / len(y)
        if np.abs(gradient).max() <= tolerance * max(target.std(), 1e-300):
            return w / scale, float(y.mean() - center @ (w / scale))
        w -= step * gradient
    raise RuntimeError(f"not converged after {most} steps")


# --8<-- [end:descended]
