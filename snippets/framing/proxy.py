"""What selecting by a proxy brings of the goal, honest and gamed, in closed form. Serves docs/chapters/framing.md."""

from statistics import NormalDist
from typing import NamedTuple

from snippets.metrics._inputs import fraction

NORMAL = NormalDist()


class Selected(NamedTuple):
    """The means of the selected items, in standard deviations above everybody's, and who they are."""

    proxy: float
    goal: float
    gamers: float  # share of the selected that gamed the proxy


# --8<-- [start:selection]
def selection_gain(share: float) -> float:
    """Mean of the top share of standard normal scores: φ(cut) / share.

    The share lies strictly between 0 and 1. A goal that correlates ρ
    with the score, both normal, gains ρ times this among the selected:
    the linear regression of goal on score.
    """
    share = fraction(share, "share", open_ends=True)
    cut = NORMAL.inv_cdf(1 - share)
    return NORMAL.pdf(cut) / share


def select_by_proxy(
    share: float,
    correlation: float,
    gamers: float,
    boost: float,
) -> Selected:
    """Take the top share by a proxy that some raised by `boost` SDs.

    A random share `gamers` of the items shifts its proxy and leaves its
    goal. The cut solves (1 − g)·P(Z > c) + g·P(Z > c − boost) = share
    by bisection; each part of the selected is a truncated normal. O(1).
    """
    wanted = fraction(share, "share", open_ends=True)
    g = fraction(gamers, "gamers")

    def above(cut: float) -> tuple[float, float]:
        return (1 - g) * NORMAL.cdf(-cut), g * NORMAL.cdf(boost - cut)

    low, high = -10.0 - abs(boost), 10.0 + abs(boost)
    for _ in range(80):
        middle = (low + high) / 2
        if sum(above(middle)) > wanted:
            low = middle
        else:
            high = middle
    honest, gamed = above(high)
    # weight × mean of each truncated part, before any boost
    pull = (1 - g) * NORMAL.pdf(high) + g * NORMAL.pdf(high - boost)
    taken = honest + gamed
    proxy = (pull + gamed * boost) / taken
    goal = correlation * pull / taken
    return Selected(proxy, goal, gamed / taken)


# --8<-- [end:selection]
