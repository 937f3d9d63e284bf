"""Wrong on purpose: five training loops and an encoder, each with one fault. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from snippets.coding.training import Array, Parameters, predict


# --8<-- [start:axis]
def predict_by_column(at: Parameters, x: Array) -> Array:
    """Probabilities (rows, classes) for x (rows, features)."""
    z = x @ at["w"] + at["b"]
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p: Array = e / e.sum(axis=0, keepdims=True)
    return p


# --8<-- [end:axis]


# --8<-- [start:bias]
def step_one_part(at: Parameters, x: Array, y: Array, rate: float) -> Parameters:
    """One step of gradient descent on the mean cross-entropy of a batch."""
    error = predict(at, x)
    error[np.arange(len(y)), y] -= 1
    error /= len(y)
    return {**at, "w": at["w"] - rate * x.T @ error}


# --8<-- [end:bias]


# --8<-- [start:sum]
def step_by_total(at: Parameters, x: Array, y: Array, rate: float) -> Parameters:
    """One step of gradient descent on the mean cross-entropy of a batch."""
    error = predict(at, x)
    error[np.arange(len(y)), y] -= 1
    return {"w": at["w"] - rate * x.T @ error, "b": at["b"] - rate * error.sum(axis=0)}


# --8<-- [end:sum]


# --8<-- [start:apart]
def order_each(rng: np.random.Generator, x: Array, y: Array) -> tuple[Array, Array]:
    """The rows and their labels in a new order."""
    return x[rng.permutation(len(y))], y[rng.permutation(len(y))]


# --8<-- [end:apart]


# --8<-- [start:leak]
def rows_with_means(x: Array, y: Array) -> Array:
    """The features, and the mean label of each row's group of two rows."""
    group = np.arange(len(y)) // 2
    means = np.bincount(group, weights=y) / np.bincount(group)
    return np.column_stack([x, means[group]])


# --8<-- [end:leak]


# --8<-- [start:hash]
def columns_of(values: Iterable[str | None], least: int = 1) -> dict[str | None, int]:
    """Column of each value that training saw `least` times; 1 is missing, 0 the rest."""
    count = Counter(value for value in values if value is not None)
    known = {value for value, n in count.items() if n >= least}
    return {None: 1} | {value: place for place, value in enumerate(known, start=2)}


# --8<-- [end:hash]


# --8<-- [start:range]
def out_of_range(values: list[float | None], low: float, high: float) -> int:
    """How many values are missing or outside the limits, ends included in them."""
    return sum(value is None or value < low or value > high for value in values)


# --8<-- [end:range]
