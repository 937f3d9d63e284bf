"""From users to weeks: who comes in so many days, and which weekdays count. Serves docs/chapters/experiments/designing.md."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import whole


class Visiting(NamedTuple):
    """People who come on a day with a chance of their own, drawn from a beta distribution.

    `people` in all; `a` and `b` shape the beta, whose mean a / (a + b) is the share that comes on a day.
    """

    people: float
    a: float
    b: float

    def visitors(self, days: int) -> float:
        """People who come at least once in so many days. O(1)."""
        days = whole(days, "days")
        a, b = self.a, self.b
        logs = math.lgamma(b + days) - math.lgamma(a + b + days) + math.lgamma(a + b) - math.lgamma(b)
        return self.people * (1 - math.exp(logs))

    def day_moments(self, days: int) -> tuple[float, float]:
        """Mean of the days on which one of all people comes, and mean of their square: a beta-binomial. O(1)."""
        days = whole(days, "days")
        a, b = self.a, self.b
        mean = a / (a + b)
        square = mean * (a + 1) / (a + b + 1)
        return days * mean, days * mean + days * (days - 1) * square


# --8<-- [start:weeks]
def weeks_for(
    effect: float,
    visible: Callable[[int], float],
    most: int = 12,
) -> int | None:
    """Whole weeks until a test sees the effect; `None` if `most` don't.

    `visible(days)` is the smallest change seen in so many days. It is
    asked rather than scaled by 1/√days, since visitors return.
    """
    if not effect > 0:
        raise ValueError(f"effect is {effect}: above 0 is needed")
    for week in range(1, whole(most, "most", least=1) + 1):
        if visible(7 * week) <= effect:
            return week
    return None


def reading(
    days: int,
    first: int,
    weights: Sequence[float],
    effects: Sequence[float],
) -> float:
    """Effect a test of so many days shows when the effect has a week.

    `weights` are the weekdays' shares of the metric, `effects` the
    change on each, both from Monday; `first` is the first day, Monday 0.
    """
    if not (len(weights) == len(effects) == 7 and whole(days, "days")):
        raise ValueError("seven weights and effects and a day are needed")
    run = [(first + day) % 7 for day in range(days)]
    total = sum(weights[day] for day in run)
    return sum(weights[day] * effects[day] for day in run) / total


# --8<-- [end:weeks]
