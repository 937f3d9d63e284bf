"""Batches under a token budget, and a mean that does not see them. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:plain]
def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Positions, short sequences first; rows × longest never exceeds the budget.

    A sequence longer than the budget raises. O(n log n).
    """
    found: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if lengths[i] > budget:
            raise ValueError(f"sequence {i} is longer than the budget")
        if found and (len(found[-1]) + 1) * lengths[i] <= budget:
            found[-1].append(i)  # the newcomer is the longest: sorted
        else:
            found.append([i])
    return found


# --8<-- [end:plain]


# --8<-- [start:numpy]
def pad(
    rows: Sequence[Sequence[float]], fill: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values and mask, both (rows, longest); the mask is true on real values."""
    lengths = np.array([len(row) for row in rows], dtype=int)
    mask = np.arange(lengths.max(initial=0)) < lengths[:, None]
    values = np.full(mask.shape, fill, dtype=float)  # of a fill 0 too
    values[mask] = [value for row in rows for value in row]
    return values, mask


def masked_sum(values: NDArray[Any], mask: NDArray[Any]) -> tuple[float, int]:
    """Sum and number of the real values; what stands in the padding is not read."""
    return float(values[mask].sum()), int(mask.sum())


def mean_of(parts: Iterable[tuple[float, int]]) -> float | None:
    """One division, after the last batch; no real value gives None."""
    total, count = 0.0, 0
    for part, n in parts:
        total, count = total + part, count + n
    return total / count if count else None


# --8<-- [end:numpy]
