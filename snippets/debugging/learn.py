"""The small learner behind every broken run: NumPy, a seed, a few dozen lines. Serves docs/chapters/debugging/broken-runs.md.

Rows are examples, columns are features; labels are 0 or 1. Nothing here guards its input: these are the runs that break.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.metrics._inputs import FloatArray

TINY = 1e-12


def sigmoid(z: FloatArray) -> FloatArray:
    """Log-odds to probability, elementwise, without overflow at either end. O(n)."""
    half = np.tanh(np.asarray(z) / 2) / 2
    return np.asarray(0.5 + half, dtype=np.float64)


def with_ones(x: FloatArray) -> FloatArray:
    """The columns and a last one of ones, whose weight is the intercept. O(n)."""
    return np.column_stack([x, np.ones(len(x))])


def mean_log_loss(y: FloatArray, p: FloatArray) -> float:
    """Mean cross-entropy in nats of labels `y` under probabilities `p`, both of length n ≥ 1. O(n)."""
    p = np.clip(p, TINY, 1 - TINY)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def auc(y: FloatArray, scores: FloatArray) -> float:
    """Chance that a random positive scores above a random negative, ties half, by mean ranks. O(n log n).

    The same number as `snippets.metrics.curves.roc_auc`, fast enough for 200,000 rows. One class gives NaN.
    """
    positive = np.asarray(y) == 1
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    m = int(positive.sum())
    if m in (0, len(positive)):
        return float("nan")
    above = float(mean_rank[place][positive].sum()) - m * (m + 1) / 2
    return above / (m * (len(positive) - m))


def fit_logistic(
    x: FloatArray, y: FloatArray, weights: FloatArray | None = None, ridge: float = 1.0, steps: int = 40
) -> FloatArray:
    """Logistic regression by Newton's method: the weights, intercept last.

    `x` is n × d, `y` and the row weights are of length n; the intercept is not penalized. O(steps · n · d²).
    """
    data = with_ones(x)
    share = np.ones(len(y)) if weights is None else weights
    penalty = np.full(data.shape[1], ridge)
    penalty[-1] = TINY
    rate = float(np.clip(np.average(y, weights=share), 1e-6, 1 - 1e-6))
    w = np.zeros(data.shape[1])
    w[-1] = np.log(rate / (1 - rate))
    for _ in range(steps):
        p = sigmoid(data @ w)
        gradient = data.T @ (share * (p - y)) + penalty * w
        curvature = data.T @ (data * (share * p * (1 - p))[:, None]) + np.diag(penalty)
        move = np.linalg.solve(curvature, gradient)
        w = w - move / max(1.0, float(np.abs(move).max()))  # far steps are shortened: no weight moves by more than 1
        if np.abs(move).max() < 1e-8:
            break
    return w


def predict(w: FloatArray, x: FloatArray) -> FloatArray:
    """Probabilities of a model from `fit_logistic` for the rows of `x`. O(n · d)."""
    return sigmoid(with_ones(x) @ w)


def batches(n: int, size: int, rng: np.random.Generator | None) -> Iterator[NDArray[np.int64]]:
    """One epoch of row numbers in batches: shuffled with a generator, in file order without one. O(n)."""
    order = np.arange(n) if rng is None else rng.permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


class Step(NamedTuple):
    """One step of stochastic gradient descent, as a log shows it."""

    step: int
    loss: float  # on this batch, before the step
    accuracy: float


# --8<-- [start:sgd]
def sgd_logistic(
    x: FloatArray,
    y: FloatArray,
    rate: float,
    size: int,
    epochs: int,
    rng: np.random.Generator | None,
) -> tuple[FloatArray, list[Step]]:
    """Logistic regression by mini-batch descent from zero: weights and log.

    Labels 0 or 1, at least one row; no generator means file order.
    O(epochs · n · d).
    """
    data = with_ones(x)
    w = np.zeros(data.shape[1])
    log: list[Step] = []
    for _ in range(epochs):
        for rows in batches(len(y), size, rng):
            xs, ys = data[rows], y[rows]
            p = sigmoid(xs @ w)
            right = float(((p >= 0.5) == ys).mean())
            log.append(Step(len(log), mean_log_loss(ys, p), right))
            w = w - rate * xs.T @ (p - ys) / len(ys)
    return w, log


# --8<-- [end:sgd]


class Epoch(NamedTuple):
    """Losses of a network after one epoch."""

    train: float
    validation: float


class Network(NamedTuple):
    """Two layers: d inputs, h rectified units, one log-odds."""

    first: FloatArray  # (d + 1) × h
    second: FloatArray  # h + 1

    def __call__(self, x: FloatArray) -> FloatArray:
        """Probabilities for the rows of `x`. O(n · d · h)."""
        return sigmoid(with_ones(np.maximum(with_ones(x) @ self.first, 0.0)) @ self.second)


def fit_network(
    train: tuple[FloatArray, FloatArray],
    validation: tuple[FloatArray, FloatArray],
    hidden: int,
    rate: float,
    epochs: int,
    seed: int,
    size: int = 32,
    decay: float = 0.0,
) -> tuple[Network, list[Epoch]]:
    """Train a two-layer network by mini-batch descent with momentum 0.9; the network and its curves.

    `decay` is weight decay on both layers. O(epochs · n · d · h).
    """
    x, y = train
    rng = np.random.default_rng(seed)
    first = rng.normal(0, np.sqrt(2 / x.shape[1]), (x.shape[1] + 1, hidden))
    second = rng.normal(0, np.sqrt(1 / hidden), hidden + 1)
    second[-1] = 0.0
    push1, push2 = np.zeros_like(first), np.zeros_like(second)
    data, curves = with_ones(x), []
    for _ in range(epochs):
        for rows in batches(len(y), size, rng):
            inner = np.maximum(data[rows] @ first, 0.0)
            error = (sigmoid(with_ones(inner) @ second) - y[rows]) / len(rows)
            back = np.outer(error, second[:-1]) * (inner > 0)
            push2 = 0.9 * push2 - rate * (with_ones(inner).T @ error + decay * second)
            push1 = 0.9 * push1 - rate * (data[rows].T @ back + decay * first)
            first, second = first + push1, second + push2
        net = Network(first, second)
        curves.append(Epoch(mean_log_loss(y, net(x)), mean_log_loss(validation[1], net(validation[0]))))
    return Network(first, second), curves
