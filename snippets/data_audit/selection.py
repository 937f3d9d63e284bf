"""Labels that the system's own decisions withhold, and weights that bring them back. Serves docs/chapters/data-audit/labels.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from snippets.metrics._inputs import same_length


# --8<-- [start:ipw]
class Weighted(NamedTuple):
    """An estimate from rows kept with known chances."""

    total: float  # of the quantity over all rows, kept or not
    error: float  # its standard error
    effective: float  # equally weighted rows that would be as good for a mean


def weighted_total(values: Sequence[float], chances: Sequence[float]) -> Weighted:
    """The total over all rows from those that were kept, each by its chance to be kept.

    A row kept with chance c stands for 1 / c rows: itself and those like it that
    were not. Needs every row's chance above 0 *before* the draw. A chance outside
    (0, 1] raises `ValueError`; a kind of row with chance 0 never shows up here, and
    no weight can speak for it. O(n). The estimator of Horvitz and Thompson.
    """
    same_length(values=values, chances=chances)
    for position, chance in enumerate(chances):
        if not 0 < chance <= 1:
            raise ValueError(f"chances[{position}] is {chance}, not in (0, 1]")
    weights = [1 / c for c in chances]
    total = math.fsum(w * v for w, v in zip(weights, values, strict=True))
    kept = list(zip(values, chances, strict=True))
    variance = math.fsum((1 - c) * (v / c) ** 2 for v, c in kept)
    spread = math.fsum(w * w for w in weights)
    effective = math.fsum(weights) ** 2 / spread if spread else 0.0
    return Weighted(total, math.sqrt(variance), effective)


# --8<-- [end:ipw]
