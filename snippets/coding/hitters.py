"""Items that make up a large share of a stream, in k counters. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

H = TypeVar("H", bound=Hashable)


# --8<-- [start:hitters]
def heavy_hitters(stream: Iterable[H], k: int) -> dict[H, int]:
    """Every item of more than n/(k+1) of the stream's n, and perhaps others.

    A count is too low by at most n/(k+1), never too high (Misra and Gries). O(1) a row,
    since each row taken away was once added; O(k) memory.
    """
    counts: dict[H, int] = {}
    for item in stream:
        if item in counts:
            counts[item] += 1
        elif len(counts) < k:
            counts[item] = 1
        else:  # one of each of k + 1 different items leaves
            for other in list(counts):
                counts[other] -= 1
                if counts[other] == 0:
                    del counts[other]
    return counts


# --8<-- [end:hitters]
