"""What a decision rule is worth, and when a model pays for its team. Serves docs/chapters/framing.md."""

import math
from typing import NamedTuple

from snippets.metrics._inputs import finite, fraction
from snippets.metrics.threshold import Costs, break_even


# --8<-- [start:value]
class Rule(NamedTuple):
    """What a rule flags: shares of positives and negatives."""

    recall: float
    false_positive_rate: float


def saved(
    rule: Rule,
    items: float,
    base_rate: float,
    costs: Costs,
) -> float:
    """Money that flagging by this rule saves, against passing all.

    A flagged positive saves `fn − tp`, a flagged negative costs
    `fp − tn`. Below zero the rule harms. `Rule(1, 0)` is the ceiling.
    """
    finite(costs, "costs")
    recall = fraction(rule.recall, "recall")
    fpr = fraction(rule.false_positive_rate, "false_positive_rate")
    positives = items * fraction(base_rate, "base_rate")
    caught, alarms = positives * recall, (items - positives) * fpr
    gain, harm = costs.fn - costs.tp, costs.fp - costs.tn
    return caught * gain - alarms * harm


def required_lift(costs: Costs, base_rate: float) -> float:
    """Times the base rate a probability must be before acting pays.

    At most 1: acting on everything pays, and a model can only spare
    the negatives. Infinite at a base rate of 0. O(1).
    """
    rate = fraction(base_rate, "base_rate")
    return break_even(costs) / rate if rate else math.inf


def break_even_volume(
    gain_per_item: float,
    yearly_cost: float,
) -> float:
    """Items a day at which a gain on each pays a fixed cost a year.

    Infinite when there is no gain, however small the cost. O(1).
    """
    if gain_per_item <= 0:
        return math.inf
    return yearly_cost / 365 / gain_per_item


# --8<-- [end:value]
