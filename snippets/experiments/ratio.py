"""A ratio metric with its standard error by the delta method. Serves docs/chapters/experiments/designing.md."""

import math
from typing import NamedTuple

import numpy as np

from snippets.metrics._inputs import Numbers, row_count


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    error: float


# --8<-- [start:delta]
def ratio(tops: Numbers, bottoms: Numbers) -> Estimate:
    """Sum of tops over sum of bottoms, one pair for each randomized user.

    The delta method: what a user adds to the ratio's error is
    top − ratio · bottom, so the error is that of its sum, over the
    bottoms' sum. Two users at least and bottoms that add to more than 0,
    else `ValueError`. O(n). Deng et al. 2018.
    """
    n = row_count(tops=list(tops), bottoms=list(bottoms))
    y, x = np.asarray(tops, float), np.asarray(bottoms, float)
    if n < 2 or not x.sum() > 0:
        raise ValueError("two users and a positive sum of bottoms are needed")
    value = y.sum() / x.sum()
    left = y - value * x  # adds to 0
    error = math.sqrt(n / (n - 1) * (left**2).sum()) / x.sum()
    return Estimate(float(value), error)


def lift(treated: Estimate, control: Estimate) -> Estimate:
    """Relative change, treated over control less 1, arms independent."""
    change = treated.value / control.value
    noise = math.hypot(treated.error / treated.value, control.error / control.value)
    return Estimate(change - 1, change * noise)


# --8<-- [end:delta]


def naive(tops: Numbers, bottoms: Numbers) -> Estimate:
    """The same share with the textbook error √(p(1 − p)/n), which takes every row for independent. O(n)."""
    value, rows = ratio(tops, bottoms).value, float(np.sum(bottoms))
    return Estimate(value, math.sqrt(value * (1 - value) / rows))
