"""What a decision rule is worth, and when a model pays for its team. Serves docs/chapters/framing.md."""

import math
from typing import NamedTuple

from snippets.metrics._inputs import finite, fraction
from snippets.metrics.threshold import Costs, break_even


# --8<-- [start:value]
class Rule(NamedTuple):
    """What a rule flags: shares of the positives and of the negatives."""

    recall: float
    false_positive_rate: float


def saved(rule: Rule, items: float, base_rate: float, costs: Costs) -> float:
    """Money that flagging by this rule saves, against letting every item pass.

    A flagged positive saves `fn − tp`, a flagged negative costs `fp − tn`. Below zero
    the rule does harm. The perfect rule is `Rule(1, 0)`: the ceiling. O(1).
    """
    finite(costs, "costs")
    positives = items * fraction(base_rate, "base_rate")
    caught = positives * fraction(rule.recall, "recall")
    alarms = (items - positives) * fraction(rule.false_positive_rate, "false_positive_rate")
    return caught * (costs.fn - costs.tp) - alarms * (costs.fp - costs.tn)


def required_lift(costs: Costs, base_rate: float) -> float:
    """How many times the base rate an item's probability must reach before acting pays.

    At most 1: act on everything, no model needed. Infinite at a base rate of 0. O(1).
    """
    rate = fraction(base_rate, "base_rate")
    return break_even(costs) / rate if rate else math.inf


def break_even_volume(gain_per_item: float, yearly_cost: float) -> float:
    """Items a day at which a gain on each pays a fixed cost a year.

    Infinite when there is no gain, however small the cost. O(1).
    """
    return yearly_cost / 365 / gain_per_item if gain_per_item > 0 else math.inf


# --8<-- [end:value]
