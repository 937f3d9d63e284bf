"""A reliability table with its empty bins, and the error read from it. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:numpy]
class Row(NamedTuple):
    """Forecasts in [low, high), in the last row [low, high]."""

    low: float
    high: float
    items: int
    forecast: float | None
    happened: float | None


def width_edges(bins: int) -> NDArray[Any]:
    """Edges of bins of equal width, shape (bins + 1,)."""
    return np.arange(bins + 1) / bins


def mass_edges(forecasts: NDArray[Any], bins: int) -> NDArray[Any]:
    """Edges at every n/bins-th forecast; a tie is never parted, so bins may be fewer."""
    ranked = np.sort(forecasts)
    cuts = ranked[np.arange(1, bins) * len(ranked) // bins] if len(ranked) else ranked
    return np.unique(np.concatenate([[0.0], cuts, [1.0]]))


def table(
    labels: NDArray[Any], forecasts: NDArray[Any], edges: NDArray[Any]
) -> list[Row]:
    """One row a bin, empty ones too; labels and forecasts of shape (n,)."""
    if not ((forecasts >= 0) & (forecasts <= 1)).all():  # NaN fails both
        raise ValueError("a forecast is not a probability")
    bins = len(edges) - 1
    inner = edges[1:-1].astype(np.result_type(forecasts, np.float16))  # as coarse
    which = np.searchsorted(inner, forecasts, side="right")
    items = np.bincount(which, minlength=bins)
    said = np.bincount(which, weights=forecasts, minlength=bins)
    true = np.bincount(which, weights=labels, minlength=bins)
    return [
        Row(low, high, n, s / n if n else None, t / n if n else None)
        for low, high, n, s, t in zip(
            *(column.tolist() for column in (edges[:-1], edges[1:], items, said, true)),
            strict=True,
        )
    ]


def ece(rows: list[Row]) -> float | None:
    """Mean gap between said and happened, weighted by items; of nothing, None."""
    gaps = [
        row.items * abs(row.forecast - row.happened)
        for row in rows
        if row.forecast is not None and row.happened is not None
    ]
    return sum(gaps) / sum(row.items for row in rows) if gaps else None


# --8<-- [end:numpy]
