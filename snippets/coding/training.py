"""A softmax classifier in five small functions, and seven checks that a training loop should pass. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Array = np.ndarray
Parameters = dict[str, Array]


# --8<-- [start:model]
def start(features: int, classes: int) -> Parameters:
    """All zeros, so the first prediction is 1/classes each."""
    return {"w": np.zeros((features, classes)), "b": np.zeros(classes)}


def predict(at: Parameters, x: Array) -> Array:
    """Probabilities (rows, classes) for x (rows, features)."""
    z = x @ at["w"] + at["b"]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def step(at: Parameters, x: Array, y: Array, rate: float) -> Parameters:
    """One step of gradient descent on the mean cross-entropy of a batch."""
    error = predict(at, x)
    error[np.arange(len(y)), y] -= 1
    error /= len(y)
    return {"w": at["w"] - rate * x.T @ error, "b": at["b"] - rate * error.sum(axis=0)}


# --8<-- [end:model]


# --8<-- [start:fit]
def shuffle(rng: np.random.Generator, x: Array, y: Array) -> tuple[Array, Array]:
    """Rows and labels in one new order."""
    order = rng.permutation(len(y))
    return x[order], y[order]


class Model(NamedTuple):
    """Four parts, each exchangeable for a wrong one; `rows` is what happens before a split."""

    predict: Callable[[Parameters, Array], Array] = predict
    step: Callable[[Parameters, Array, Array, float], Parameters] = step
    order: Callable[[np.random.Generator, Array, Array], tuple[Array, Array]] = shuffle
    rows: Callable[[Array, Array], Array] = lambda x, y: x

    def loss(self, at: Parameters, x: Array, y: Array) -> float:
        """Mean cross-entropy, in nats."""
        return float(-np.log(self.predict(at, x)[np.arange(len(y)), y]).mean())

    def fit(self, x: Array, y: Array, epochs: int = 200, size: int = 8) -> Parameters:
        """Steps of rate 1 over shuffled batches."""
        rng = np.random.default_rng(0)
        at = start(x.shape[1], int(y.max()) + 1)
        for _ in range(epochs):
            mixed, labels = self.order(rng, x, y)
            for i in range(0, len(y), size):
                at = self.step(at, mixed[i : i + size], labels[i : i + size], 1.0)
        return at


# --8<-- [end:fit]


def data(rows: int = 16, classes: int = 3, seed: int = 1) -> tuple[Array, Array]:
    """Rows that a linear model separates: noise of 0.3 around one corner for each class, and as many classes as asked for."""
    rng = np.random.default_rng(seed)
    y = np.arange(rows) % classes
    return np.eye(classes)[y] + rng.normal(0, 0.3, (rows, classes)), y


# --8<-- [start:checks]
def starts_at_chance(m: Model) -> bool:
    """Before training the loss of k classes is log k."""
    x, y = data()
    return math.isclose(m.loss(start(3, 3), x, y), math.log(3))


def loss_falls(m: Model) -> bool:
    """The check that everybody writes."""
    x, y = data()
    return m.loss(m.fit(x, y, epochs=5), x, y) < m.loss(start(3, 3), x, y)


def overfits(m: Model) -> bool:
    """Sixteen rows, 200 epochs: a model that can't learn them by heart can't learn."""
    x, y = data()
    return m.loss(m.fit(x, y), x, y) < 0.02


def all_move(m: Model) -> bool:
    """One step changes each parameter, on a batch with unequal classes."""
    x, y = data()
    before, after = start(3, 3), m.step(start(3, 3), x[:4], y[:4], 1.0)
    return all((before[name] != after[name]).all() for name in before)


def row_alone(m: Model) -> bool:
    """A row's prediction doesn't depend on its batch."""
    x, y = data()
    at = step(start(3, 3), x, y, 1.0)
    return np.allclose(m.predict(at, x)[:1], m.predict(at, x[:1]))


def twice_is_once(m: Model) -> bool:
    """A batch written twice makes the same step: the loss is a mean."""
    x, y = data()
    once = m.step(start(3, 3), x, y, 1.0)
    twice = m.step(start(3, 3), np.tile(x, (2, 1)), np.tile(y, 2), 1.0)
    return all(np.allclose(once[name], twice[name]) for name in once)


def shuffled_is_chance(m: Model) -> bool:
    """Held-out accuracy on shuffled labels is within four standard errors of chance."""
    rng = np.random.default_rng(3)
    x, y = data(600, seed=2)
    y = rng.permutation(y)
    x = m.rows(x, y)  # whatever is done before the split
    at = m.fit(x[:300], y[:300], epochs=20)
    right = (m.predict(at, x[300:]).argmax(axis=1) == y[300:]).mean()
    return bool(abs(right - 1 / 3) < 4 * math.sqrt(1 / 3 * 2 / 3 / 300))


# --8<-- [end:checks]

CHECKS = (
    starts_at_chance,
    loss_falls,
    overfits,
    all_move,
    row_alone,
    twice_is_once,
    shuffled_is_chance,
)
