"""Mean and variance in one pass, and of two parts together. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


# --8<-- [start:moments]
class Moments(NamedTuple):
    """Count, mean, and the sum of squared distances from the mean (Welford)."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, x: float) -> Moments:
        """With one value more. O(1)."""
        n = self.n + 1
        mean = self.mean + (x - self.mean) / n
        return Moments(n, mean, self.squares + (x - self.mean) * (x - mean))

    def merge(self, other: Moments) -> Moments:
        """Both parts as one (Chan, Golub and LeVeque). O(1)."""
        n = self.n + other.n
        if n == 0:
            return self
        apart = other.mean - self.mean
        mean = self.mean + apart * other.n / n
        between = apart**2 * self.n * other.n / n
        return Moments(n, mean, self.squares + other.squares + between)

    def variance(self) -> float:
        """The sample variance, by n − 1; NaN for fewer than two values."""
        return self.squares / (self.n - 1) if self.n > 1 else math.nan


# --8<-- [end:moments]


def moments(values: Iterable[float]) -> Moments:
    """Of all values, one at a time."""
    so_far = Moments()
    for value in values:
        so_far = so_far.add(value)
    return so_far
