"""The cheap checks of the ladder, each a few lines that fit on a whiteboard.

Serves docs/chapters/debugging/index.md and docs/chapters/debugging/broken-runs.md.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.debugging.learn import sigmoid
from snippets.metrics._inputs import FloatArray, Numbers


# --8<-- [start:entropy]
def base_rate_entropy(rate: float) -> float:
    """The log-loss, in nats, of saying the base rate to everyone.

    A share from 0 to 1; both ends give 0, for nothing is left to be wrong
    about. Any other number raises. O(1).
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"rate is {rate}: it must lie between 0 and 1")
    return -sum(p * math.log(p) for p in (rate, 1 - rate) if p)


def share_explained(loss: float, rate: float) -> float:
    """Share of the base rate's entropy that a log-loss removes.

    0 is no model, 1 is perfect, below 0 is worse than a constant.
    A rate of 0 or 1 raises. O(1).
    """
    entropy = base_rate_entropy(rate)
    if not entropy:
        raise ValueError("one class only: there is no entropy to remove")
    return 1 - loss / entropy


# --8<-- [end:entropy]


def known_positives(labels: Mapping[Hashable, int], known: Collection[Hashable]) -> float:
    """Share of items known to be positive, from outside the pipeline, that carry label 1. O(known).

    An item that is missing from the labels counts as not carrying it. No known item raises `ValueError`.
    """
    if not known:
        raise ValueError("known is empty: take some from the source system")
    return sum(labels.get(item) == 1 for item in known) / len(known)


def batch_label_means(y: FloatArray, size: int) -> list[float]:
    """Share of positives in each batch, in the order in which training will see them. O(n)."""
    return [float(y[start : start + size].mean()) for start in range(0, len(y), size)]


# --8<-- [start:curvature]
def largest_curvature(x: FloatArray, steps: int = 100) -> float:
    """Largest eigenvalue of xᵀx / n, by power iteration.

    It says how steep squared loss gets: gradient descent with a rate above
    2 divided by it moves away from the minimum. `x` is n × d with the column
    of ones, finite. No row raises. O(steps · n · d).
    """
    if not len(x):
        raise ValueError("x has no row")
    direction = np.ones(x.shape[1])
    size = 0.0
    for _ in range(steps):
        direction = x.T @ (x @ direction) / len(x)
        size = float(np.linalg.norm(direction))
        if not size:
            return 0.0  # all columns are zero
        direction = direction / size
    return size


# --8<-- [end:curvature]


# --8<-- [start:average]
class Cell(NamedTuple):
    """A slice of an evaluation as counts: what was right, out of how many."""

    right: int
    total: int


def pooled(cells: Collection[Cell]) -> float:
    """Right over all: every item weighs the same. NaN without one. O(cells)."""
    total = sum(cell.total for cell in cells)
    return sum(cell.right for cell in cells) / total if total else math.nan


def mean_of_slices(cells: Collection[Cell]) -> float:
    """Mean of the slices' rates: every slice weighs the same.

    An empty slice has no rate and is left out. Counting it as 0 or 1 would
    move the mean for no reason. NaN without a slice that has items. O(cells).
    """
    rates = [cell.right / cell.total for cell in cells if cell.total]
    return sum(rates) / len(rates) if rates else math.nan


# --8<-- [end:average]


def seen_share(train: Collection[Hashable], other: Sequence[Hashable]) -> float:
    """Share of the other rows whose key also stands in the training rows; NaN without a row. O(n)."""
    keys = set(train)
    return sum(key in keys for key in other) / len(other) if other else math.nan


# --8<-- [start:row-diff]
def row_diff(
    training: Mapping[Hashable, Mapping[str, Any]],
    serving: Mapping[Hashable, Mapping[str, Any]],
    tolerance: float = 1e-6,
) -> dict[str, float]:
    """Share of rows in which each feature differs, largest first.

    Both sides map a row's key to its features; only keys on both sides count,
    and none raises. Numbers agree within a relative tolerance, NaN agrees
    with NaN, other values agree when equal, and a feature missing on one
    side differs. O(rows · features).
    """
    keys = training.keys() & serving.keys()
    if not keys:
        raise ValueError("no key on both sides: check the join first")
    absent = object()

    def agree(a: Any, b: Any) -> bool:
        if isinstance(a, float | int) and isinstance(b, float | int):
            near = math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
            return near or (a != a and b != b)
        return bool(a == b)

    differing: dict[str, int] = {}
    for key in keys:
        left, right = training[key], serving[key]
        for name in left.keys() | right.keys():
            same = agree(left.get(name, absent), right.get(name, absent))
            differing[name] = differing.get(name, 0) + (not same)
    ranked = sorted(differing.items(), key=lambda item: (-item[1], item[0]))
    return {name: count / len(keys) for name, count in ranked}


# --8<-- [end:row-diff]


def distinct_values(table: Mapping[str, NDArray[Any]]) -> dict[str, int]:
    """Number of distinct values in each column: 1 is a dead feature, whatever the null count says. O(n log n)."""
    return {name: len(np.unique(values)) for name, values in table.items()}


def quantile_ratios(new: Numbers, old: Numbers, at: Sequence[float] = (0.1, 0.5, 0.9)) -> list[float]:
    """Ratio of the quantiles of two positive samples. Equal ratios are a change of unit, unequal ones a change of shape.

    An empty sample raises `ValueError`. O(n log n).
    """
    if not len(new) or not len(old):
        raise ValueError("a sample is empty")
    return [float(ratio) for ratio in np.quantile(new, at) / np.quantile(old, at)]


# --8<-- [start:log-odds-gap]
def log_odds_gap(y: FloatArray, p: FloatArray) -> float:
    """How far the log-odds must come down for mean forecast to meet mean outcome.

    Labels and probabilities of length n, both classes seen, no probability
    at 0 or 1. exp of it is the factor on the odds: ln 20 means that negatives
    were kept 1 in 20. The mean falls as the gap grows, so halving finds it.
    O(60 · n).
    """
    rate = float(np.mean(y))
    if not 0 < rate < 1 or np.min(p) <= 0 or np.max(p) >= 1:
        raise ValueError("needed: both classes, p strictly between 0 and 1")
    logit = np.log(p) - np.log1p(-p)
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        too_small = float(sigmoid(logit - middle).mean()) < rate
        low, high = (low, middle) if too_small else (middle, high)
    return (low + high) / 2


# --8<-- [end:log-odds-gap]


def population_stability(old: FloatArray, new: FloatArray, bins: int = 10) -> float:
    """Population stability index of two samples over the old one's quantile bins; 0 for equal shares. O(n log n).

    Half a row is added to each bin, so an empty one does not give an infinity.
    """
    edges = np.unique(np.quantile(old, np.linspace(0, 1, bins + 1)[1:-1]))
    a, b = (
        np.bincount(np.searchsorted(edges, sample, side="right"), minlength=len(edges) + 1) + 0.5
        for sample in (old, new)
    )
    a, b = a / a.sum(), b / b.sum()
    return float(((b - a) * np.log(b / a)).sum())
