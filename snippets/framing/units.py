"""One event, several units: what happens to a rate when rows are grouped. Serves docs/chapters/framing.md."""

from snippets.metrics._inputs import fraction, whole


# --8<-- [start:units]
def none_of(rate: float, items: int, correlation: float = 0.0) -> float:
    """Chance that an event of this rate hits no item of one group.

    Independent items give (1 − rate)^items. With a correlation between
    0 and 1, each group has its own rate, drawn from a beta distribution
    with this mean: the beta-binomial. At 1 a group is hit whole or not
    at all. No item gives 1. O(items).
    """
    rate = fraction(rate, "rate")
    rho = fraction(correlation, "correlation")
    chance = 1.0
    for seen in range(whole(items, "items")):
        # after `seen` misses the group's own rate looks lower
        lower = (1 - rho) / (1 - rho + seen * rho) if seen else 1.0
        chance *= 1 - rate * lower
    return chance


def at_least_one(
    rate: float,
    items: int,
    correlation: float = 0.0,
) -> float:
    """Chance that at least one item is hit: the group's rate."""
    return 1 - none_of(rate, items, correlation)


def passed_before_caught(
    recall: float,
    tries: int,
    correlation: float = 0.0,
) -> float:
    """Expected tries that get through until the first catch ends it.

    The j-th try gets through when none of the first j was caught. No try
    gives 0.
    """
    firsts = range(1, whole(tries, "tries") + 1)
    return sum(none_of(recall, first, correlation) for first in firsts)


# --8<-- [end:units]
