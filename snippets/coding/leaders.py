"""The k best of a stream, and its running median: two uses of a heap. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, heappushpop, heapreplace
from typing import TypeVar

T = TypeVar("T")


# --8<-- [start:top-k]
def top_k(scored: Iterable[tuple[float, T]], k: int) -> list[tuple[float, T]]:
    """The k highest scores, highest first; of equal scores the earlier comes first.

    Fewer than k rows come back whole. Raises ValueError for a score that is NaN.
    O(n log k) time at worst, O(k) memory.
    """
    heap: list[tuple[float, int, T]] = []  # the worst of the best is at 0
    for arrival, (score, item) in enumerate(scored):
        if math.isnan(score):
            raise ValueError(f"row {arrival}: a score that is NaN has no place")
        entry = (score, -arrival, item)  # arrivals differ: items never compared
        if len(heap) < k:
            heappush(heap, entry)
        elif heap and entry > heap[0]:
            heapreplace(heap, entry)
    return [(score, item) for score, _, item in sorted(heap, reverse=True)]


# --8<-- [end:top-k]


# --8<-- [start:median]
def medians(values: Iterable[float]) -> Iterator[float]:
    """The median after each value. O(log n) a value, O(n) memory."""
    low: list[float] = []  # the lower half, negated: its largest is at 0
    high: list[float] = []  # the upper half, never longer than the lower
    for value in values:
        heappush(high, -heappushpop(low, -value))
        if len(high) > len(low):
            heappush(low, -heappop(high))
        yield -low[0] if len(low) > len(high) else (high[0] - low[0]) / 2


# --8<-- [end:median]
