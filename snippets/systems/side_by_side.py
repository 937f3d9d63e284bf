"""A ninth design, worked by what the eight have in common: which elevators to visit before they fail. Serves docs/systems/index.md.

All constants are given in the brief. Probabilities are those of failing within the next two weeks if nobody goes.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from snippets.framing.pilot import z_sum

ELEVATORS = 20_000
FAILURES_A_YEAR = 2.0  # of one elevator, if nobody goes
DAYS = 14  # ahead of which the model looks, and for which a visit helps
FAILURE = 900.0  # dollars
VISIT = 150.0  # dollars
PREVENTED = 0.6  # share of the failures of the next two weeks that a visit prevents
VISITS = 200  # a day, by a fixed plan
FIRST_RISK = 0.45  # of the first hundred on the model's list
SECOND_RISK = 0.25  # of the second hundred
LEFT_ALONE = 0.05  # share of the list kept back at random


def base_risk() -> float:
    """Chance that an elevator drawn at random fails within two weeks, failures being rare and independent."""
    return FAILURES_A_YEAR * DAYS / 365


def break_even() -> float:
    """Risk from which a visit pays."""
    return VISIT / (PREVENTED * FAILURE)


def gain(risk: float, visits: float = 1) -> float:
    """Dollars that visits to elevators of this risk bring, less what they cost."""
    return visits * (risk * PREVENTED * FAILURE - VISIT)


def plan_a_day() -> float:
    """Dollars a day of visits in a fixed order, whatever the risk."""
    return gain(base_risk(), VISITS)


def listed_risk() -> float:
    """Mean risk of all two hundred on the list."""
    return (FIRST_RISK + SECOND_RISK) / 2


def list_a_day(visits: int = VISITS) -> float:
    """Dollars a day when the first `visits` of the list are visited, in hundreds."""
    second = max(0, visits - 100)
    return gain(FIRST_RISK, min(visits, 100)) + gain(SECOND_RISK, second)


def seen_after_visit(risk: float) -> float:
    """Share that still fails, which is all that rows of visited elevators show."""
    return risk * (1 - PREVENTED)


def days_until_known(risk: float = FIRST_RISK, listed: int = 100, power: float = 0.8) -> float:
    """Days of leaving a share alone until the list's risk is told from break-even, at two-sided 5 %."""
    needed = z_sum(power) ** 2 * risk * (1 - risk) / (risk - break_even()) ** 2
    return needed / (LEFT_ALONE * listed)


def prevented_needed(risk: float = FIRST_RISK) -> float:
    """Share of failures that a visit has to prevent to pay for itself at this risk."""
    return VISIT / (FAILURE * risk)


def prevented_interval(alone: int, visited: int) -> tuple[float, float]:
    """95 % interval for what a visit prevents, from machines left alone and visited, by the logarithm of the ratio."""
    seen = seen_after_visit(FIRST_RISK)
    error = math.sqrt((1 - FIRST_RISK) / (alone * FIRST_RISK) + (1 - seen) / (visited * seen))
    factor = math.exp(NormalDist().inv_cdf(0.975) * error)
    ratio = seen / FIRST_RISK
    return 1 - ratio * factor, 1 - ratio / factor


def left_alone_cost() -> float:
    """Dollars a day that leaving a share of the first hundred alone costs."""
    return gain(FIRST_RISK, 100 * LEFT_ALONE)


def fall_in_failures() -> float:
    """Share of the plan's failures that the first hundred prevents beyond it, less those left alone, from the third week on."""
    without = ELEVATORS * FAILURES_A_YEAR / 365
    plan, listed = VISITS * base_risk() * PREVENTED, 100 * (1 - LEFT_ALONE) * FIRST_RISK * PREVENTED
    return (listed - plan) / (without - plan)


def failures_a_year() -> float:
    """Events that a year of logs holds, however many rows it is cut into."""
    return ELEVATORS * FAILURES_A_YEAR


def machine_days() -> float:
    """Rows that a year of logs holds."""
    return ELEVATORS * 365


def rows_a_failure() -> float:
    """Labeled rows that speak of one and the same failure, since each day looks two weeks ahead."""
    return machine_days() * (1 - math.exp(-base_risk())) / failures_a_year()
