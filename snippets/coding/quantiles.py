"""Quantiles of a stream in fixed memory, mergeable over machines. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable


# --8<-- [start:sketch]
class Quantiles:
    """Counts in buckets whose ends grow by a factor, so each answer is right within `error`.

    Positive values only, and 0; ValueError for others. Memory grows with the log of
    largest over smallest, not with n. The buckets are those of DDSketch.
    """

    def __init__(self, error: float = 0.01) -> None:
        """No values; `error` is relative."""
        self.growth = (1 + error) / (1 - error)
        self.counts: Counter[int | None] = Counter()  # None is for zero

    def add(self, value: float) -> None:
        """One value. O(1)."""
        if not 0 <= value < math.inf:
            raise ValueError(f"{value} is not a positive number or 0")
        place = math.ceil(math.log(value, self.growth)) if value else None
        self.counts[place] += 1

    def merge(self, other: Quantiles) -> None:
        """What another machine counted with the same error. O(buckets)."""
        if other.growth != self.growth:
            raise ValueError("sketches of different errors don't merge")
        self.counts.update(other.counts)

    def quantile(self, q: float) -> float:
        """A value within `error` of the one at rank ⌊q(n − 1)⌋; NaN without values.

        Raises ValueError unless q is from 0 to 1.
        """
        if not 0 <= q <= 1:
            raise ValueError(f"{q} is not a share: p99 is 0.99")
        left = math.floor(q * (self.counts.total() - 1))
        for place in sorted(self.counts, key=lambda p: -math.inf if p is None else p):
            left -= self.counts[place]
            if left < 0:
                return (
                    0.0 if place is None else 2 * self.growth**place / (self.growth + 1)
                )
        return math.nan


# --8<-- [end:sketch]


def sketch(values: Iterable[float], error: float = 0.01) -> Quantiles:
    """A sketch of all the values."""
    made = Quantiles(error)
    for value in values:
        made.add(value)
    return made
