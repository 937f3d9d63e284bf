"""What another policy would have earned, from a log with known chances. Serves docs/chapters/experiments/observational.md."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.ArrayLike


# --8<-- [start:value]
class Value(NamedTuple):
    """A policy's mean reward, its standard error, and two looks at the weights."""

    value: float
    error: float
    effective: float  # equally weighted rows that would be as good
    mean_weight: float  # 1 up to noise, or the log lacks a part of the policy


def weights(logged: Column, wanted: Column, cap: float = math.inf) -> npt.NDArray[np.float64]:
    """Chance of the logged action under the new policy over that under the old one.

    One entry a decision. A logged chance outside (0, 1] raises `ValueError`. O(n).
    """
    old, new = np.asarray(logged, dtype=float), np.asarray(wanted, dtype=float)
    if not (old.shape == new.shape and old.size and ((old > 0) & (old <= 1)).all()):
        raise ValueError("a logged chance in (0, 1] for every decision, and one at least")
    return np.asarray(np.minimum(new / old, cap))


def summary(terms: npt.NDArray[np.float64], mean: float, w: npt.NDArray[np.float64]) -> Value:
    """Mean, error of the terms around it, and the weights' health."""
    spread = float(w @ w)
    effective = float(w.sum()) ** 2 / spread if spread else 0.0
    error = math.sqrt(float(((terms - terms.mean()) ** 2).mean()) / terms.size)
    return Value(mean, error, effective, float(w.mean()))


def ips(reward: Column, logged: Column, wanted: Column, cap: float = math.inf) -> Value:
    """Inverse propensity score: the mean of weight times reward. Unbiased uncapped. O(n)."""
    w = weights(logged, wanted, cap)
    terms = w * np.asarray(reward, dtype=float)
    return summary(terms, float(terms.mean()), w)


def snips(reward: Column, logged: Column, wanted: Column, cap: float = math.inf) -> Value:
    """Self-normalized: divided by the weights' sum; NaN if no logged action is wanted. O(n)."""
    w, r = weights(logged, wanted, cap), np.asarray(reward, dtype=float)
    value = float(w @ r / w.sum()) if w.any() else math.nan
    return summary(w * (r - value) / (w.mean() or math.nan), value, w)


def doubly_robust(
    reward: Column,
    logged: Column,
    wanted: Column,
    model_taken: Column,
    model_new: Column,
    cap: float = math.inf,
) -> Value:
    """A model's value of the new policy, plus the weighted residuals of the log.

    `model_taken` is the predicted reward of the logged action, `model_new` the mean
    prediction under the new policy; fit the model on other rows. O(n). Dudík and others.
    """
    w = weights(logged, wanted, cap)
    r, q, v = (np.asarray(c, dtype=float) for c in (reward, model_taken, model_new))
    terms = v + w * (r - q)
    return summary(terms, float(terms.mean()), w)


# --8<-- [end:value]
