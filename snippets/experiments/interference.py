"""Two arms and one stock: what a test shows, what launching brings. Serves docs/chapters/experiments/designing.md."""

import math
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Design: TypeAlias = Literal["user", "region", "switchback", "everybody", "nobody"]


# --8<-- [start:market]
class Stock(NamedTuple):
    """Goods of one kind that sell once, or are taken down.

    `days` live on average and `sold` the share that sells, both before
    the change. `pull` says how sales answer to stock: 1 if half the
    stock sells half as much, 0 if buyers take something else.
    """

    days: float
    sold: float
    pull: float = 1.0

    def lasting(self) -> float:
        """Share of a small gain that stays once everybody has it."""
        return 1 / (1 + self.pull * self.sold / (1 - self.sold))

    def memory(self) -> float:
        """Days in which the stock does 63 % of its way to the new level."""
        return self.days / (1 - self.sold + self.pull * self.sold)

    def after(self, first: float, last: float) -> float:
        """Mean share of the gain, from day `first` to day `last`, where
        everybody (or everybody of a region) has the change from day 0.
        """
        m, stays = self.memory(), self.lasting()
        fading = m * (math.exp(-first / m) - math.exp(-last / m))
        return stays + (1 - stays) * fading / (last - first)

    def sold_within(self, days: float, faster: float = 0.0) -> float:
        """Share of new goods sold within so many days, when buyers buy
        `1 + faster` times as readily from the first day on."""
        buy = self.sold / self.days * (1 + faster)
        rate = buy + (1 - self.sold) / self.days
        return buy / rate * (1 - math.exp(-rate * days))


# --8<-- [end:market]


# --8<-- [start:simulate]
def simulate(
    design: Design,
    stock: Stock,
    gain: float,
    arrivals: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    runs: int = 1,
    days: int = 28,
    burn: int = 0,
    window: int = 1,
    drift: float = 0.0,
) -> NDArray[np.float64]:
    """Relative gains that `runs` tests read; sales per day for a launch.

    `arrivals` holds the new goods a day of each region (two at least),
    each with its own stock in its steady state. A buyer in the treated
    arm buys `1 + gain` times as readily. `drift` is the standard
    deviation of a region's demand, and of its new goods, around last
    month's; sales are held against what last month promised. The first
    `burn` days of a test, or of a switchback's window, don't count.
    O(runs · days · regions).
    """
    shape = (runs, len(arrivals))
    buy, leave = stock.sold / stock.days, (1 - stock.sold) / stock.days
    start = arrivals * stock.days
    demand, supply = np.exp(rng.normal(0, drift, (2, *shape)))
    live = rng.poisson(start, shape)
    coins = np.tile(np.arange(shape[1]) % 2.0, (runs, 1))
    half = rng.permuted(coins, axis=1)
    sold = np.zeros((2, runs))
    hoped = np.zeros((2, runs))
    for day in range(days):
        if design == "switchback" and day % window == 0:
            half = rng.permuted(coins, axis=1)
        fixed = {"user": 0.5, "everybody": 1.0, "nobody": 0.0}
        treated = np.full(shape, fixed[design]) if design in fixed else half
        ready = buy * demand * (np.maximum(live, 1) / start) ** (stock.pull - 1)
        control, change = ready * (1 - treated), ready * treated * (1 + gain)
        total = control + change + leave
        gone = rng.binomial(live, 1 - np.exp(-total))
        first = rng.binomial(gone, control / total)
        second = rng.binomial(gone - first, change / (change + leave))
        live = live - gone + rng.poisson(arrivals * supply)
        age = day % window if design == "switchback" else day
        if age >= burn:
            sold += first.sum(axis=1), second.sum(axis=1)
            promised = arrivals * stock.sold
            hoped += promised @ (1 - treated).T, promised @ treated.T
    if design in ("everybody", "nobody"):
        reads: NDArray[np.float64] = sold.sum(axis=0) / (days - burn)
    else:
        before, after = sold / hoped
        reads = after / before - 1
    return reads


# --8<-- [end:simulate]
