"""Small models for experiments on data, not on models. Serves docs/chapters/data-audit/leaks.md.

A linear model that can hardly memorize and a nearest-neighbor model that can do little else: what a leak buys depends on
which of the two reads it.
"""

from __future__ import annotations

import numpy as np

from snippets.metrics._inputs import FloatArray


def rank_auc(y: FloatArray, scores: FloatArray) -> float:
    """Chance that a random positive scores above a random negative, ties counted half.

    Labels 0 or 1 and scores, both of shape (n,). One class alone gives NaN. By ranks, O(n log n).
    """
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count - 1) / 2  # mean rank of each group of ties
    positives = float(np.sum(y))
    negatives = len(y) - positives
    if not positives or not negatives:
        return float("nan")
    return float((middle[place] @ y - positives * (positives + 1) / 2) / (positives * negatives))


def fit_logistic(
    x: FloatArray, y: FloatArray, ridge: float = 1.0, weights: FloatArray | None = None, steps: int = 30
) -> FloatArray:
    """Intercept and coefficients of a logistic regression with an L2 penalty, by Newton's method.

    `x` has shape (n, k), `y` holds 0 or 1, `weights` are row weights (1 without). The penalty is ridge / 2 times the sum of
    squares and spares the intercept; a ridge above 0 keeps separable data finite. Without a row it raises `ValueError`.
    O(steps · n · k²). The result has shape (k + 1,).
    """
    if not len(y):
        raise ValueError("x and y are empty")
    rows = np.column_stack([np.ones(len(x)), x])
    importance = np.ones(len(y)) if weights is None else weights
    penalty = np.full(rows.shape[1], ridge)
    penalty[0] = 1e-9
    beta = np.zeros(rows.shape[1])
    for _ in range(steps):
        p = logistic(rows @ beta)
        gradient = rows.T @ (importance * (p - y)) + penalty * beta
        curvature = (rows * (importance * p * (1 - p))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        beta = beta - step * min(1.0, 4.0 / max(1e-12, float(np.abs(step).max())))  # no leap farther than 4
        if float(np.abs(step).max()) < 1e-8:
            break
    return beta


def logistic(z: FloatArray) -> FloatArray:
    """1 / (1 + exp(−z)) without overflow, of any shape. O(n)."""
    tail = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, tail) / (1.0 + tail))


def log_odds(beta: FloatArray, x: FloatArray) -> FloatArray:
    """What a fitted logistic regression says about rows of shape (n, k), on the log-odds scale. O(n · k)."""
    return np.asarray(beta[0] + x @ beta[1:])


def neighbor_share(x: FloatArray, y: FloatArray, asked: FloatArray, near: int = 15) -> FloatArray:
    """Share of positives among the nearest training rows of each asked row, near ones weighted by inverse squared distance.

    `x` (n, k) and `asked` (m, k) in comparable units; `near` at most n. A copy of an asked row decides alone. O(m · n · k).
    """
    square = (x**2).sum(axis=1)[None, :] + (asked**2).sum(axis=1)[:, None] - 2 * asked @ x.T
    at = np.argpartition(square, near - 1, axis=1)[:, :near]
    weight = 1.0 / (np.maximum(np.take_along_axis(square, at, axis=1), 0.0) + 1e-6)
    return np.asarray((weight * y[at]).sum(axis=1) / weight.sum(axis=1))
