"""Hours before a loop, given to rounds by what the next hour adds. Serves docs/chapters/roles.md."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

NORMAL = NormalDist()


# --8<-- [start:allocate]
def allocate(gains: Sequence[Callable[[int], float]], hours: int) -> list[int]:
    """Whole hours for each item, so that the sum of gains is as large as it gets.

    gains[i](h) is what h hours on item i bring. The next hour goes where it adds
    most, the first of equals. That is optimal if each gain is concave, that is if
    no hour adds more than the hour before it; if one is not, it may be far off.
    No item gets an empty list. Negative hours raise. O(hours · items).
    """
    if hours < 0:
        raise ValueError(f"hours is {hours}: it must be at least 0")
    given = [0] * len(gains)
    for _ in range(hours if gains else 0):
        steps = [gain(h + 1) - gain(h) for gain, h in zip(gains, given, strict=True)]
        given[steps.index(max(steps))] += 1
    return given


# --8<-- [end:allocate]


# --8<-- [start:prep]
class Prep(NamedTuple):
    """One round, as you rate yourself: pass rates strictly between 0 and 1."""

    name: str
    today: float  # share of such rounds you would pass now
    reachable: float  # share after as much preparation as helps, at least today's
    halving: float  # hours that close half of the gap between the two, above 0

    def margin(self, hours: float) -> float:
        """Mean score above the bar after so many hours, in spreads of the score.

        The gap halves every `halving` hours: a concave curve, since each hour adds
        less than the one before it.
        """
        low, high = NORMAL.inv_cdf(self.today), NORMAL.inv_cdf(self.reachable)
        return high - (high - low) * math.exp2(-hours / self.halving)

    def rate(self, hours: float) -> float:
        """Pass rate after so many hours."""
        return NORMAL.cdf(self.margin(hours))

    def log_rate(self, hours: float) -> float:
        """Logarithm of it: concave too, so that the greedy plan is optimal."""
        return math.log(self.rate(hours))


def plan_for_every_round(rounds: Sequence[Prep], hours: int) -> list[int]:
    """Hours that make the product of pass rates largest; its logarithm is a sum."""
    return allocate([r.log_rate for r in rounds], hours)


def plan_for_average(rounds: Sequence[Prep], hours: int) -> list[int]:
    """Hours that make the mean score, and so the chance under that rule, largest."""
    return allocate([r.margin for r in rounds], hours)


# --8<-- [end:prep]
