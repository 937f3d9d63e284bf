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
    days: int = 28,
    burn: int = 0,
    window: int = 1,
    drift: float = 0.0,
) -> float:
    """Relative gain that one test reads; sales per day for a whole launch.

    `arrivals` holds the new goods a day of each region (two at least),
    each with its own stock in its steady state. A buyer in the treated
    arm buys `1 + gain` times as readily. `drift` is the standard
    deviation of a region's demand, and of its new goods, around last
    month's; sales are held against what last month promised. The first
    `burn` days of a test, or of a switchback's window, don't count.
    O(days · regions).
    """
    regions = len(arrivals)
    buy, leave = stock.sold / stock.days, (1 - stock.sold) / stock.days
    start = arrivals * stock.days
    demand, supply = np.exp(rng.normal(0, drift, (2, regions)))
    live = rng.poisson(start)
    half = rng.permutation(regions) % 2 == 0
    sold = np.zeros((2, regions))
    hoped = np.zeros((2, regions))
    for day in range(days):
        if design == "switchback" and day % window == 0:
            half = rng.permutation(regions) % 2 == 0
        if design == "user":
            treated = np.full(regions, 0.5)
        elif design in ("everybody", "nobody"):
            treated = np.full(regions, float(design == "everybody"))
        else:
            treated = half.astype(float)
        ready = buy * demand * (np.maximum(live, 1) / start) ** (stock.pull - 1)
        rates = np.stack(
            [
                ready * (1 - treated),
                ready * treated * (1 + gain),
                np.full(regions, leave),
            ]
        )
        total = rates.sum(axis=0)
        gone = rng.binomial(live, 1 - np.exp(-total))
        first = rng.binomial(gone, rates[0] / total)
        second = rng.binomial(gone - first, rates[1] / (rates[1] + leave))
        live = live - gone + rng.poisson(arrivals * supply)
        age = day % window if design == "switchback" else day
        if age >= burn:
            sold += np.stack([first, second])
            hoped += arrivals * stock.sold * np.stack([1 - treated, treated])
    if design in ("everybody", "nobody"):
        return float(sold.sum()) / (days - burn)
    control, change = sold.sum(axis=1) / hoped.sum(axis=1)
    return float(change / control - 1)


# --8<-- [end:simulate]
