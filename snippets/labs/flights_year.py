"""A year of flights through a model that is frozen on the first of April. Serves docs/labs/flights-year.ipynb.

Features, labels and prices are those of `snippets.labs.flights`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from snippets.labs import flights
from snippets.labs.flights import Bools, Floats, Ints
from snippets.metrics.threshold import Costs

NOTED = Path(__file__).parents[1] / "outputs" / "labs" / "flights-year.json"
COSTS = Costs(fp=60, tp=120, fn=400)  # dollars a traveler, the prices of the flights lab: given


def thinned(rows: Bools, most: int) -> Bools:
    """At most so many of the chosen rows, taken evenly over their order, so that models differ by recency and not by size.

    A mask of length n in, one out; none chosen, or fewer than `most`, comes back as it is. O(n).
    """
    chosen = np.flatnonzero(rows)
    if len(chosen) <= most:
        return rows
    kept = np.zeros_like(rows)
    kept[chosen[np.linspace(0, len(chosen) - 1, most).round().astype(int)]] = True
    return kept


# --8<-- [start:level]
def level_shift(log_odds: Floats, late: Bools) -> float:
    """What to add to every log-odds so that the mean probability is the share late.

    One number, fitted by Newton's method: a refit of the level that leaves the order
    of flights alone. No row, or only one outcome, has no such number: 0. O(n).
    """
    share = late.mean() if len(late) else 0.0
    if not 0 < share < 1:
        return 0.0
    shift = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(log_odds + shift)))
        step = float((share - p.mean()) / (p * (1 - p)).mean())
        shift += max(-1.0, min(1.0, step))
    return shift


# --8<-- [end:level]


def saved(probability: Floats, late: Bools, act_above: float) -> float:
    """Dollars saved against doing nothing, a thousand flights, when the desk acts from this probability on.

    No flight gives 0. O(n).
    """
    if not len(late):
        return 0.0
    act = probability >= act_above
    right, wrong = int((act & late).sum()), int((act & ~late).sum())
    return 1000 * ((COSTS.fn - COSTS.tp) * right - (COSTS.fp - COSTS.tn) * wrong) / len(late)


# --8<-- [start:day-z]
def group_means(values: Floats, groups: Ints) -> Floats:
    """Each group's mean, in the groups' order; missing values left out. O(n log n)."""
    _, place = np.unique(groups, return_inverse=True)
    known = ~np.isnan(values)
    total = np.bincount(place[known], weights=values[known], minlength=place.max() + 1)
    return np.asarray(total / np.bincount(place[known], minlength=place.max() + 1))


def week_scores(reference: Floats, current: Floats) -> Floats:
    """How many standard errors each week's mean lies from the reference, counted in days.

    `reference` holds means of days, `current` a row of seven for each week. The spread
    is that between days, so flights of one storm count once. At least two days. O(n).
    """
    spread = float(np.std(reference, ddof=1))
    error = spread * math.sqrt(1 / current.shape[1] + 1 / len(reference))
    return np.asarray((current.mean(axis=1) - reference.mean()) / error)


# --8<-- [end:day-z]


def noted(name: str) -> Any:
    """A number that this lab's notebook noted when it ran."""
    return flights.noted(name, NOTED)
