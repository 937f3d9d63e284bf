"""Which of several actions is cheapest at which probability. Serves docs/chapters/framing.md."""

from collections.abc import Mapping
from typing import NamedTuple

from snippets.metrics._inputs import finite


# --8<-- [start:bands]
class Price(NamedTuple):
    """What an action costs on a negative and a positive item."""

    negative: float
    positive: float


class Band(NamedTuple):
    """From here to the next band this action is the cheapest."""

    low: float
    action: str


def cheapest_bands(prices: Mapping[str, Price]) -> list[Band]:
    """Split the probabilities among the actions by expected cost.

    Each costs (1 − p)·negative + p·positive, a line in p, so the
    cheapest cost is a lower envelope. Walk it from 0: next comes
    the first line to cross the present one from above. An action
    that is nowhere cheapest has no band; of equal ones the first
    named stays. Needs an action and finite prices. O(k²).
    """
    if not prices:
        raise ValueError("prices is empty: no action to choose")
    for action, price in prices.items():
        finite(price, f"prices[{action!r}]")
    start = {a: price.negative for a, price in prices.items()}
    slope = {a: prices[a].positive - start[a] for a in prices}
    now = min(prices, key=lambda a: prices[a])  # at 0, then at 1
    bands = [Band(0.0, now)]
    while True:
        flatter = [a for a in prices if slope[a] < slope[now]]
        ahead = []  # where each of them crosses the present line
        for a in flatter:
            gap = start[a] - start[now]
            low = gap / (slope[now] - slope[a])
            ahead.append((low, slope[a], a))
        low, _, following = min(
            ahead,
            key=lambda one: one[:2],
            default=(1.0, 0.0, now),
        )
        if low >= 1.0:
            return bands
        now = following
        bands.append(Band(low, now))


# --8<-- [end:bands]
