"""Which of several actions is cheapest at which probability. Serves docs/chapters/framing.md."""

from collections.abc import Mapping
from typing import NamedTuple

from snippets.metrics._inputs import finite


# --8<-- [start:bands]
class Price(NamedTuple):
    """What an action costs on a negative and on a positive item, in one currency."""

    negative: float
    positive: float


class Band(NamedTuple):
    """From this probability on, this action is the cheapest, until the next band."""

    low: float
    action: str


def cheapest_bands(prices: Mapping[str, Price]) -> list[Band]:
    """Split the probabilities from 0 to 1 among the actions by expected cost.

    Each action costs (1 − p)·negative + p·positive, a straight line in p, so the
    cheapest cost is a lower envelope. Walk it from 0: the next action is the first line
    to cross the present one from above. An action that is nowhere cheapest has no band;
    of equal ones the first named stays. Needs an action and finite prices. O(k²).
    """
    if not prices:
        raise ValueError("prices is empty: there is nothing to choose from")
    for action, price in prices.items():
        finite(price, f"prices[{action!r}]")
    slope = {action: price.positive - price.negative for action, price in prices.items()}
    now = min(prices, key=lambda action: prices[action])  # cheapest at 0, then at 1
    bands = [Band(0.0, now)]
    while True:
        flatter = [action for action in prices if slope[action] < slope[now]]
        crossing = {
            action: (prices[action].negative - prices[now].negative) / (slope[now] - slope[action])
            for action in flatter
        }
        following = min(flatter, key=lambda a: (crossing[a], slope[a]), default=now)
        low = crossing.get(following, 1.0)
        if low >= 1.0:
            return bands
        now = following
        bands.append(Band(low, now))


# --8<-- [end:bands]
