"""Whom an action changes, as against who is at risk. Serves docs/chapters/framing.md."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import fraction


# --8<-- [start:campaign]
class Group(NamedTuple):
    """Customers alike: share of all, who leaves without and with it."""

    name: str
    share: float
    without: float
    offered: float

    @property
    def uplift(self) -> float:
        """Share that stays because of the offer; below 0 it harms."""
        return self.without - self.offered


def campaign(
    ranked: Sequence[Group],
    reach: float,
    value: float,
    cost: float,
) -> float:
    """Profit a customer if the first `reach` of a ranking gets it.

    An offer earns uplift × value and costs its cost. A group cut by the
    reach counts in part; a reach beyond all groups offers to all.
    O(groups).
    """
    profit, left = 0.0, fraction(reach, "reach")
    for group in ranked:
        part = min(group.share, left)
        profit += part * (group.uplift * value - cost)
        left -= part
    return profit


# --8<-- [end:campaign]


class Uplift(NamedTuple):
    """An estimate from a randomized trial, and its standard error."""

    estimate: float
    error: float


# --8<-- [start:trial]
def uplift_by_group(
    rows: Iterable[tuple[str, bool, bool]],
) -> dict[str, Uplift]:
    """Uplift by group from a randomized trial's (group, offered, left).

    Share that left without the offer minus share with it; the error is
    that of a difference of two independent shares. A group with an empty
    arm is NaN: no comparison, no estimate. O(rows).
    """
    size, gone = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for group, offered, left in rows:
        size[group, offered] += 1
        gone[group, offered] += left
    found = {}
    for group in dict.fromkeys(group for group, _ in size):
        control, treated = size[group, False], size[group, True]
        if not (control and treated):
            found[group] = Uplift(math.nan, math.nan)
            continue
        p, q = gone[group, False] / control, gone[group, True] / treated
        variance = p * (1 - p) / control + q * (1 - q) / treated
        found[group] = Uplift(p - q, math.sqrt(variance))
    return found


# --8<-- [end:trial]
