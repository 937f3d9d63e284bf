"""A fair sample of a stream of unknown length, plain and weighted. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import heappush, heapreplace
from random import Random
from typing import TypeVar

T = TypeVar("T")


# --8<-- [start:plain]
def reservoir(stream: Iterable[T], k: int, rng: Random) -> list[T]:
    """k items, each set of k equally likely; all of them if there are fewer. O(n), O(k).

    Vitter's algorithm R: item n enters with probability k/n and takes a random place.
    """
    kept: list[T] = []
    for before, item in enumerate(stream):
        if before < k:
            kept.append(item)
        else:
            place = rng.randrange(before + 1)
            if place < k:
                kept[place] = item
    return kept


# --8<-- [end:plain]


# --8<-- [start:weighted]
def weighted_sample(stream: Iterable[tuple[T, float]], k: int, rng: Random) -> list[T]:
    """k items drawn one after the other without replacement, by weight among those left.

    Each item draws a waiting time at rate `weight`, and the k shortest stay (Efraimidis and
    Spirakis). In the order of the draw. Weight 0 is never drawn; ValueError below 0.
    O(n log k) time, O(k) memory.
    """
    heap: list[tuple[float, int, T]] = []  # the longest wait kept is at 0
    for arrival, (item, weight) in enumerate(stream):
        if not 0 <= weight < math.inf:
            raise ValueError(f"row {arrival}: weight {weight}")
        if weight == 0:
            continue
        entry = (-rng.expovariate(weight), arrival, item)
        if len(heap) < k:
            heappush(heap, entry)
        elif heap and entry > heap[0]:
            heapreplace(heap, entry)
    return [item for _, _, item in sorted(heap, reverse=True)]


# --8<-- [end:weighted]
