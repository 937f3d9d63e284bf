"""From demand to an order, and back from what was sold. Serves docs/systems/forecasting.md.

Units are pieces of one product in one store on one day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from snippets.metrics._inputs import finite, fractions, row_count
from snippets.metrics.regression import pinball_loss, quantile_for_costs


def demand_chances(mean: float, cv: float) -> list[float]:
    """Chance of 0, 1, 2 … pieces of demand: negative binomial, cut where the tail is below 10⁻¹².

    A Poisson day whose rate misses the forecast `mean` by a gamma factor with standard deviation `cv`; 0 is Poisson.
    Variance mean + (cv · mean)². A mean that isn't above 0, or a `cv` below 0, raises `ValueError`.
    """
    if not 0 < mean < math.inf or not 0 <= cv < math.inf:
        raise ValueError("mean must be above 0 and cv at least 0")
    square = cv * cv
    chances = [math.exp(-math.log1p(square * mean) / square if square else -mean)]
    if not chances[0]:
        raise ValueError("mean must be small enough for a chance of no demand above 0")
    while chances[-1] > 1e-12 or len(chances) < mean:
        n = len(chances) - 1
        chances.append(chances[-1] * mean * (1 + square * n) / (1 + square * mean) / (n + 1))
    return chances


# --8<-- [start:newsvendor]
class Outcome(NamedTuple):
    """A day's expected pieces with an order; `empty` is the chance that all are sold."""

    sold: float
    wasted: float
    lost: float
    empty: float


def order_for(chances: Sequence[float], short: float, over: float) -> int:
    """Order with the least expected cost, for one selling day.

    `short` dollars for a piece that was wanted and missing, `over` for one
    left. The next piece pays while P(demand ≥ it) > over / (short + over),
    so it is the smallest n with P(demand ≤ n) ≥ short / (short + over).
    """
    wanted, total = quantile_for_costs(short, over), 0.0
    for pieces, chance in enumerate(chances):
        total += chance
        if total >= wanted:
            return pieces
    return len(chances) - 1


def expected(chances: Sequence[float], order: int) -> Outcome:
    """Pieces sold, wasted and missed with this order. O(length of chances)."""
    mean = sum(n * chance for n, chance in enumerate(chances))
    sold = sum(min(n, order) * chance for n, chance in enumerate(chances))
    return Outcome(sold, order - sold, mean - sold, sum(chances[order:]))


# --8<-- [end:newsvendor]


# --8<-- [start:rate]
def rate_in_stock(sold: Sequence[float], share: Sequence[float], cv: float) -> float:
    """Demand of a whole day, from days that were cut short by an empty shelf.

    `share` of a usual day's demand passed while the product was in stock: 1 if
    it never ran out. Poisson sales at mean · G · share, where G varies from day
    to day with standard deviation `cv`. Solves score = 0 by halving, a step is
    O(n); nothing sold gives 0. No row, or none in stock, raises `ValueError`.
    """
    units, shares = finite(sold, "sold"), fractions(share, "share")
    row_count(sold=units, share=shares)
    if sum(shares) == 0 or any(n and not w for n, w in zip(units, shares, strict=True)):
        raise ValueError("never in stock, or sold without being in stock")

    def score(mean: float) -> float:  # times the mean; falls as the mean grows
        total, square = 0.0, cv * cv
        for n, w in zip(units, shares, strict=True):
            total += n - mean * w * (1 + square * n) / (1 + square * mean * w)
        return total

    low, high = 0.0, 1.0
    while score(high) > 0:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if score(middle) > 0 else (low, middle)
    return high if sum(units) else 0.0


# --8<-- [end:rate]


# --8<-- [start:backtest]
class Sale(NamedTuple):
    """A day's demand as one report gave it; a late till sends the day again."""

    day: int
    units: float
    known: int  # the night from which the table had this row


Forecast: TypeAlias = Callable[[Mapping[int, float], int], float | None]


def as_known(rows: Iterable[Sale], night: float) -> dict[int, float]:
    """Units by day as the table stood that night; a later report replaces an earlier.

    Two reports of a day in one night: the later in the table. O(n log n).
    """
    table: dict[int, float] = {}
    for row in sorted(rows, key=lambda row: row.known):
        if row.known <= night:
            table[row.day] = row.units
    return table


def backtest(
    rows: Sequence[Sale],
    forecasts: Mapping[str, Forecast],
    nights: Iterable[int],
    ahead: int,
    quantile: float,
) -> dict[str, float]:
    """Mean pinball loss of each forecast, on the nights when all of them answer.

    On each night a forecast gets a copy of the table as known then, and the day
    `ahead` of it. Truth is the last report. No such night gives NaN.
    O(nights · n log n).
    """
    final = as_known(rows, math.inf)
    truth: list[float] = []
    said: dict[str, list[float]] = {name: [] for name in forecasts}
    for night in nights:
        past, target = as_known(rows, night), night + ahead
        answers = {name: f(dict(past), target) for name, f in forecasts.items()}
        if target in final and None not in answers.values():
            truth.append(final[target])
            for name, answer in answers.items():
                said[name].append(float(answer or 0))
    if not truth:
        return dict.fromkeys(forecasts, math.nan)
    return {name: pinball_loss(truth, said[name], quantile) for name in forecasts}


def last_week(past: Mapping[int, float], target: int) -> float | None:
    """Seasonal naive: the same weekday a week before the target, if it is known."""
    return past.get(target - 7)


# --8<-- [end:backtest]
