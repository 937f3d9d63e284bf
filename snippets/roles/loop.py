"""From pass rates of rounds to the odds of a loop, under three ways a committee may decide. Serves docs/chapters/roles.md.

A pass rate is the share of such rounds you would pass, strictly between 0 and 1. Rounds are independent unless a function
takes a correlation.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

NORMAL = NormalDist()


def checked(rates: Sequence[float]) -> list[float]:
    """Give the rates as a list; no rate, or one that is not strictly between 0 and 1, raises `ValueError`. O(n)."""
    if not rates:
        raise ValueError("rates is empty: a loop has at least one round")
    for position, rate in enumerate(rates):
        if not 0.0 < rate < 1.0:
            raise ValueError(f"rates[{position}] is {rate}: it must lie strictly between 0 and 1")
    return list(rates)


# --8<-- [start:rules]
def every_round(rates: Sequence[float]) -> float:
    """Chance of an offer when each round must be passed: the product. O(n)."""
    return math.prod(checked(rates))


def all_but_one(rates: Sequence[float]) -> float:
    """Chance of an offer when one failed round is forgiven, whichever it is. O(n²)."""
    known = checked(rates)
    one_failed = (
        (1 - rate) * math.prod(known[:i] + known[i + 1 :])  # this one alone failed
        for i, rate in enumerate(known)
    )
    return math.prod(known) + sum(one_failed)


def on_average(rates: Sequence[float]) -> float:
    """Chance of an offer when the mean score must reach the bar that each round has.

    A round's score is normal with spread 1 and lies above the bar with its pass
    rate, so it is inv_cdf(rate) above the bar on average. The mean of n independent
    scores has spread 1/√n. One round gives its own rate back. O(n).
    """
    margins = [NORMAL.inv_cdf(rate) for rate in checked(rates)]
    return NORMAL.cdf(sum(margins) / math.sqrt(len(margins)))


# --8<-- [end:rules]


def gate_then_all_but_one(rates: Sequence[float]) -> float:
    """Chance of an offer when the first round must be passed and one of the others may fail. At least two rounds. O(n²)."""
    return checked(rates)[0] * all_but_one(rates[1:])


def gate_then_average(rates: Sequence[float]) -> float:
    """Chance of an offer when the first round must be passed and the mean of the others decides. At least two rounds. O(n)."""
    return checked(rates)[0] * on_average(rates[1:])


RULES = {
    "every round": every_round,
    "all but one": all_but_one,
    "average": on_average,
    "gate, then all but one": gate_then_all_but_one,
    "gate, then average": gate_then_average,
}


def every_round_correlated(rates: Sequence[float], correlation: float, steps: int = 2_000) -> float:
    """Chance of passing every round when scores share a common part: a good or bad day, an interviewer's briefing.

    Any two rounds' normal scores correlate by `correlation`, 0 or more and below 1, else `ValueError`. Given the common
    part the rounds are independent, so the product is averaged over it by the midpoint rule on ±8. O(n · steps).
    """
    known = checked(rates)
    if not 0.0 <= correlation < 1.0:
        raise ValueError(f"correlation is {correlation}: it must be at least 0 and below 1")
    share, rest = math.sqrt(correlation), math.sqrt(1 - correlation)
    margins = [NORMAL.inv_cdf(rate) for rate in known]
    width = 16 / steps
    days = (-8 + (i + 0.5) * width for i in range(steps))
    return sum(
        width * NORMAL.pdf(day) * math.prod(NORMAL.cdf((margin + share * day) / rest) for margin in margins)
        for day in days
    )
