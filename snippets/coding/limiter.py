"""A token bucket: a rate with a burst, for requests or for LLM tokens. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

from collections.abc import Callable


# --8<-- [start:bucket]
class Bucket:
    """Lets through `rate` a second on average and `burst` at once.

    In any t seconds at most burst + rate × t, less what was given back in them. O(1) a
    call and no thread: tokens are reckoned when asked for.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        """A full bucket; `clock` in seconds, as `time.monotonic`."""
        self.rate, self.burst, self.clock = rate, burst, clock
        self.tokens, self.last = burst, clock()

    def take(self, cost: float = 1.0) -> bool:
        """Whether it may pass; takes the cost when it may, nothing when not.

        Raises ValueError for a cost that no waiting would cover.
        """
        if not 0 <= cost <= self.burst:
            raise ValueError(f"a cost of {cost} never fits a burst of {self.burst}")
        now = max(self.clock(), self.last)  # a clock set back gives nothing
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now
        if cost > self.tokens:
            return False
        self.tokens -= cost
        return True

    def give_back(self, unused: float) -> None:
        """What was reserved and not used; negative when more was used: a debt."""
        self.tokens = min(self.burst, self.tokens + unused)


# --8<-- [end:bucket]
