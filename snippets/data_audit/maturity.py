"""Labels that arrive late: the curve, the share still missing, and a rate from young rows. Serves docs/chapters/data-audit/labels.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import row_count, same_length, whole


# --8<-- [start:curve]
class Arrival(NamedTuple):
    """A positive known today: days from event to label, and from event to today."""

    delay: int
    age: int


def delay_curve(arrivals: Sequence[Arrival], days: int) -> list[float]:
    """Share of the positives known by each age, 0 to `days`, of those known by `days`.

    What is known today was fast enough to be known: a row of age 20 can't show a delay
    of 40. So go backward from the end. Among positives old enough to show a delay of t,
    the share with exactly t, of those with at most t, is how much the curve drops from
    t to t − 1. Nothing known gives zeros; a delay beyond the age raises `ValueError`.
    O(n · days). Known as chain ladder in insurance.
    """
    if bad := next((a for a in arrivals if not 0 <= a.delay <= a.age), None):
        raise ValueError(f"a label can't arrive before its event or after today: {bad}")
    curve = [0.0] * days + [1.0 if arrivals else 0.0]
    for t in range(days, 0, -1):
        by_then = [a for a in arrivals if a.delay <= t <= a.age]
        at_last = sum(a.delay == t for a in by_then)
        curve[t - 1] = curve[t] * (1 - at_last / len(by_then)) if by_then else curve[t]
    return curve


# --8<-- [end:curve]


def naive_curve(arrivals: Sequence[Arrival], days: int) -> list[float]:
    """Share of the arrivals with a delay of at most each age from 0 to `days`: too fast wherever some rows are young. O(n · days)."""
    n = max(1, len(arrivals))
    return [sum(a.delay <= t for a in arrivals) / n for t in range(days + 1)]


# --8<-- [start:matured-rate]
def matured_rate(
    ages: Sequence[float],
    known: int,
    share_by: Callable[[float], float],
) -> float:
    """The positive rate of rows that are partly too young to show their label.

    `known` positives so far, divided not by the rows but by what they could have
    shown: the sum over rows of the share of labels in by that age. Unbiased if these
    rows' labels are as slow as the curve says. Rows too young to show anything give
    NaN. O(n).
    """
    row_count(ages=ages)
    shown = sum(share_by(age) for age in ages)
    return whole(known, "known") / shown if shown > 0 else float("nan")


# --8<-- [end:matured-rate]


def relabeled(labels: Sequence[int], known_at: Sequence[float | None], now: float) -> list[int]:
    """The labels as they stood at `now`: a positive that was not known yet is a 0, as the database said at the time.

    `known_at` holds the moment each label became 1, None for rows that never did. For a backtest, the training rows must
    carry these and not today's labels. O(n).
    """
    same_length(labels=labels, known_at=known_at)
    return [int(label and at is not None and at <= now) for label, at in zip(labels, known_at, strict=True)]
