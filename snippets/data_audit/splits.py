"""Splits that stand for somebody: time, group, both. Serves docs/chapters/data-audit/splits.md."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.metrics._inputs import FloatArray


# --8<-- [start:splits]
class Split(NamedTuple):
    """Positions of the training and of the validation rows."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]


def time_split(at: FloatArray, start: float, gap: float, window: float) -> Split:
    """Validate from `start` on; train on the `window` before it, a `gap` left out.

    The gap is the label's age at which it counts as final: a row younger than that
    has no label yet when the model of `start` is trained. `at` of shape (n,), any
    order; a negative gap raises `ValueError`. Either side may be empty. O(n).
    """
    if gap < 0:
        raise ValueError(f"gap is {gap}: training would run into validation")
    train = (at < start - gap) & (at >= start - gap - window)
    return Split(np.flatnonzero(train), np.flatnonzero(at >= start))


def group_split(groups: NDArray[Any], held_out: NDArray[Any]) -> Split:
    """Validate on the rows of some groups (users, regions, devices), train on the rest.

    Raises `ValueError` where a side has no row: a split by region with one region is
    none. O(n log n).
    """
    out = np.isin(groups, held_out)
    if out.all() or not out.any():
        raise ValueError("one side of the split is empty")
    return Split(np.flatnonzero(~out), np.flatnonzero(out))


def both_splits(a: Split, b: Split) -> Split:
    """Later *and* unseen: the rows that are on the same side in both. O(n log n)."""
    validation = np.intersect1d(a.validation, b.validation)
    return Split(np.intersect1d(a.train, b.train), validation)


# --8<-- [end:splits]


def gap_before(label_days: float, shipping_days: float = 0.0) -> float:
    """Days to leave out before a validation block: until labels are final, and until a trained model serves."""
    return label_days + shipping_days


def gap_after(label_days: float, feature_days: float) -> float:
    """Days to leave out after a validation block when later rows train too: its labels' window plus their features' window."""
    return label_days + feature_days


def touches(train_at: float, validation_at: float, label_days: float, feature_days: float) -> bool:
    """Whether a later training row's feature window reaches back into the window that a validation label is made of.

    The label of a row at s is made from (s, s + label_days], the features of a row at t from [t − feature_days, t). They
    share events if t − feature_days < s + label_days. For training rows after the validation row only. O(1).
    """
    return train_at - feature_days < validation_at + label_days
