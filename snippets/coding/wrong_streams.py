"""Wrong on purpose: streams, heaps, caches and limits, each with one fault. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from heapq import heappush, heapreplace
from random import Random
from typing import Any

from snippets.coding.caches import Cache


# --8<-- [start:top-k]
def best(scored: Iterable[tuple[float, Any]], k: int) -> list[tuple[float, Any]]:
    """The k highest scores, highest first; of equal scores the earlier comes first."""
    heap: list[tuple[float, Any]] = []
    for row, (score, item) in enumerate(scored):
        if math.isnan(score):
            raise ValueError(f"row {row}: a score that is NaN has no place")
        if len(heap) < k:
            heappush(heap, (score, item))
        elif heap and (score, item) > heap[0]:
            heapreplace(heap, (score, item))
    return sorted(heap, reverse=True)


# --8<-- [end:top-k]


# --8<-- [start:reservoir]
def sample(stream: Iterable[Any], k: int, rng: Random) -> list[Any]:
    """k items, each set of k equally likely; all of them if there are fewer."""
    kept: list[Any] = []
    for n, item in enumerate(stream, start=1):
        if n <= k:
            kept.append(item)
        else:
            place = rng.randint(0, n)
            if place < k:
                kept[place] = item
    return kept


# --8<-- [end:reservoir]


# --8<-- [start:variance]
def variance(values: Sequence[float]) -> float:
    """The sample variance in one pass: the mean of squares less the square of the mean."""
    n, total, squares = 0, 0.0, 0.0
    for x in values:
        n, total, squares = n + 1, total + x, squares + x * x
    return (squares - total * total / n) / (n - 1) if n > 1 else math.nan


# --8<-- [end:variance]


# --8<-- [start:hitters]
def counts_of(stream: Iterable[Hashable], k: int) -> dict[Hashable, int]:
    """Every item of more than n/(k+1) of the stream's n, and perhaps others."""
    counts: dict[Hashable, int] = {}
    for item in stream:
        if item not in counts and len(counts) == k:
            del counts[min(counts, key=lambda held: counts[held])]
        counts[item] = counts.get(item, 0) + 1
    return counts


# --8<-- [end:hitters]


# --8<-- [start:cache]
class Refreshing(Cache):
    """At most `size` values, each for at most `ttl` seconds after it was put."""

    def get(self, key: Hashable, default: Any = None) -> Any:
        """The value, or the default when it was never put, pushed out or is too old."""
        if key not in self.held or self.clock() - self.held[key][0] >= self.ttl:
            self.held.pop(key, None)
            return default
        value = self.held[key][1]
        self.put(key, value)  # used now
        return value


# --8<-- [end:cache]


# --8<-- [start:bucket]
class Whole:
    """Lets through `rate` a second on average and `burst` at once."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        """A full bucket; `clock` in seconds."""
        self.rate, self.burst, self.clock = rate, burst, clock
        self.tokens, self.last = burst, clock()

    def take(self) -> bool:
        """Whether one may pass."""
        now = max(self.clock(), self.last)
        earned = int((now - self.last) * self.rate)
        self.tokens, self.last = min(self.burst, self.tokens + earned), now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


# --8<-- [end:bucket]
