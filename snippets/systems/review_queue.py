"""A review queue whose items lose value while they wait. Serves docs/systems/moderation.md."""

from __future__ import annotations

import math
from heapq import heappop, heappush


# --8<-- [start:queue]
class ReviewQueue:
    """Posts by the harm a minute of review prevents, which halves every `half_life` hours.

    All values shrink by the same factor, so their order never changes while they wait:
    log2(value) + time / half_life is a key that is computed once. A post that is pushed
    again counts with its last value. Hours on one clock. O(log n) a call, amortized.
    """

    def __init__(self, half_life: float) -> None:
        """An empty queue."""
        self.half_life = half_life
        self.latest: dict[str, int] = {}  # post -> its valid entry
        self.entries = 0
        self.by_value: list[tuple[float, int, str]] = []
        self.by_due: list[tuple[float, int, str]] = []

    def push(self, post: str, value: float, now: float, due: float = math.inf) -> None:
        """Queue a post with its value at this time, and the hour by which it is owed.

        A value that is not positive raises: such a post is not worth a review.
        """
        if not value > 0:
            raise ValueError(f"{post}: value {value}")
        self.entries += 1
        self.latest[post] = self.entries
        key = math.log2(value) + now / self.half_life
        heappush(self.by_value, (-key, self.entries, post))
        if due < math.inf:
            heappush(self.by_due, (due, self.entries, post))

    def pop(self, now: float) -> str | None:
        """The post that is longest overdue, else the most valuable one; None if empty."""
        for heap, limit in ((self.by_due, now), (self.by_value, math.inf)):
            while heap and self.latest.get(heap[0][2]) != heap[0][1]:
                heappop(heap)  # reviewed meanwhile, or pushed again
            if heap and heap[0][0] <= limit:
                post = heappop(heap)[2]
                del self.latest[post]
                return post
        return None


# --8<-- [end:queue]


def demo_queue() -> None:
    """Print the order of four posts pushed at noon and at six, half-life six hours."""
    # --8<-- [start:demo]
    queue = ReviewQueue(half_life=6.0)
    queue.push("noon, $8 a minute", 8.0, now=12.0)
    queue.push("noon, an appeal", 0.1, now=12.0, due=18.5)
    queue.push("six, $5 a minute", 5.0, now=18.0)
    queue.push("six, $3 a minute", 3.0, now=18.0)
    for hour in (18.0, 19.0, 19.0, 19.0, 19.0):
        print(f"{hour:g} h: {queue.pop(hour)}")
    # --8<-- [end:demo]
