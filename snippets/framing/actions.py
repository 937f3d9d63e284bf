"""Which of several actions is cheapest at which probability. Serves docs/chapters/framing.md."""

from collections.abc import Mapping
from typing import NamedTuple

from snippets.metrics._inputs import finite


# --8<-- [start:bands]
class Price(NamedTuple):
    """What an action costs on a negative and on a positive item."""

    negative: float
    positive: float


class Band(NamedTuple):
    """From this probability to the next band, this action is cheapest."""

    low: float
    action: str


def cheapest_bands(prices: Mapping[str, Price]) -> list[Band]:
    """Split the probabilities from 0 to 1 among the actions by expected cost.

    Each action costs (1 − p)·negative + p·positive, a straight line in p,
    so the cheapest cost is a lower envelope. Walk it from 0: the next
    action is the first line to cross the present one from above. An action
    that is nowhere cheapest has no band; of equal ones the first named
    stays. Needs an action and finite prices. O(k²).
    """
    if not prices:
        raise ValueError("prices is empty: there is nothing to choose from")
    for action, price in prices.items():
        finite(price, f"prices[{action!r}]")
    start = {action: price.negative for action, price in prices.items()}
    slope = {a: price.positive - start[a] for a, price in prices.items()}
    now = min(prices, key=lambda a: prices[a])  # cheapest at 0, then at 1
    bands = [Band(0.0, now)]
    while True:
        flatter = [a for a in prices if slope[a] < slope[now]]
        ahead = []  # where each of them crosses the present line
        for a in flatter:
            low = (start[a] - start[now]) / (slope[now] - slope[a])
            ahead.append((low, slope[a], a))
        nearest = min(ahead, key=lambda one: one[:2], default=(1.0, 0.0, now))
        if nearest[0] >= 1.0:
            return bands
        now = nearest[2]
        bands.append(Band(nearest[0], now))


# --8<-- [end:bands]
