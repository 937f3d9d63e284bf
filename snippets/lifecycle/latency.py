"""Tails of latency: fan-out, stages in a row, hedged requests. Serves docs/chapters/lifecycle.md.

Times are milliseconds. Calls and stages are independent unless said otherwise, which is the assumption to attack first: one
garbage collection, one full queue or one cold cache makes them slow together.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from snippets.lifecycle._inputs import inside, not_negative, positive, whole

NORMAL = NormalDist()


def meets_slow(calls: int, slow: float = 0.01) -> float:
    """Share of requests that meet at least one slow call among `calls` parallel ones.

    `slow` is the share of single calls above some time, 0.01 at their p99. The calls
    are independent. 0 calls give 0. O(1). Dean and Barroso 2013.
    """
    return float(1 - (1 - inside(slow, "slow")) ** whole(calls, "calls", least=0))


def quantile_needed(calls: int, slow: float = 0.01) -> float:
    """Quantile of one call that must be in time so that at most `slow` requests are not.

    One call or more, independent. O(1).
    """
    return float((1 - inside(slow, "slow")) ** (1 / whole(calls, "calls")))


def nearest_rank(values: Sequence[float], quantile: float) -> float:
    """The smallest value with at least this share of all values at or below it.

    No interpolation: the answer is a time that a request took. No value, or a NaN, raises `ValueError`; a quantile of 1 is the
    largest value. O(n log n).
    """
    if not 0 < quantile <= 1:
        raise ValueError(f"quantile is {quantile}: it must lie above 0 and at most at 1")
    if not len(values) or any(math.isnan(value) for value in values):
        raise ValueError("values is empty or has a NaN: no rank")
    return sorted(values)[math.ceil(quantile * len(values) - 1e-9) - 1]


@dataclass(frozen=True)
class Stage:
    """A stage whose latency is lognormal, given by its median and its 99th percentile in milliseconds."""

    median: float
    p99: float

    def __post_init__(self) -> None:
        """Refuse a 99th percentile that is not above the median."""
        if not 0 < self.median < self.p99 < math.inf:
            raise ValueError(f"median {self.median} and p99 {self.p99}: 0 < median < p99 is needed")

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm."""
        return math.log(self.p99 / self.median) / NORMAL.inv_cdf(0.99)

    def slower(self, milliseconds: float) -> float:
        """Share of calls that take longer."""
        if milliseconds <= 0:
            return 1.0
        return NORMAL.cdf(-math.log(milliseconds / self.median) / self.spread)

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of calls ends."""
        return self.median * math.exp(self.spread * NORMAL.inv_cdf(inside(share, "share")))


def quantile_of_sum(
    slower: Sequence[Callable[[float], float]],
    quantile: float,
    step: float = 0.1,
    longest: float = 1_000.0,
) -> float:
    """The quantile of a sum of independent times, each given by its tail.

    `slower[i](t)` is the share of stage i above t milliseconds. Each stage becomes a
    histogram of bins `step` wide up to `longest`, and the histograms are convolved.
    The result is good to about one step per stage. Mass beyond `longest` counts as
    slow; where the quantile lies in it, the result is infinite. No stage gives 0.
    O(stages × (longest / step)²).
    """
    edges = np.arange(0.0, longest + step, step)
    total: NDArray[np.float64] = np.array([1.0])
    for tail in slower:
        share = -np.diff([tail(float(edge)) for edge in edges])
        total = np.convolve(total, share)[: edges.size]
    reached = np.cumsum(total) >= inside(quantile, "quantile")
    if not reached.any():
        return math.inf
    # a bin's mass sits half a step above its lower edge, once for each stage
    return float(np.argmax(reached) * step + len(slower) * step / 2)


# --8<-- [start:hedge]
def hedged_slower(slower: Callable[[float], float], hedge_after: float, limit: float) -> float:
    """Share of requests above the limit if a second copy is sent after `hedge_after`.

    The first answer wins. The copy is independent of the first: true for a replica
    with a queue of its own, false for the same overloaded shard. The extra load is
    `slower(hedge_after)`. Milliseconds; O(1). Dean and Barroso 2013.
    """
    wait = not_negative(hedge_after, "hedge_after")
    first = slower(positive(limit, "limit"))
    return first * slower(limit - wait) if limit > wait else first


# --8<-- [end:hedge]


def hedged_quantile(
    slower: Callable[[float], float], hedge_after: float, quantile: float, longest: float = 1e4
) -> float:
    """Milliseconds within which this share of hedged requests ends, by 60 halvings up to `longest`; infinite beyond it."""
    target = 1 - inside(quantile, "quantile")
    low, high = 0.0, positive(longest, "longest")
    if hedged_slower(slower, hedge_after, high) > target:
        return math.inf
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if hedged_slower(slower, hedge_after, middle) > target else (low, middle)
    return high
