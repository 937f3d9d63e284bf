"""Five ways to compare trained with untrained men who were not drawn by lot. Serves docs/labs/job-training.ipynb.

Rows are men, `trained` marks those who had the program. The answers are its effect *on them*, in the unit of `y`; those by
regression only when the effect is the same for all, as they weigh men otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from snippets.labs import flights
from snippets.labs.flights import Bools, Floats, Ints

NOTED = Path(__file__).parents[1] / "outputs" / "labs" / "job-training.json"


def gap(first: Floats, second: Floats) -> tuple[float, float]:
    """Difference of two means and its standard error, without assuming equal variances; at least two values in each. O(n)."""
    variance = np.var(first, ddof=1) / len(first) + np.var(second, ddof=1) / len(second)
    return float(np.mean(first) - np.mean(second)), float(variance**0.5)


def scores(columns: Floats, trained: Bools) -> Floats:
    """For each row, the probability of being trained: logistic regression without a penalty, columns standardized first.

    Columns of n rows by k in, none of them constant; both kinds of rows must occur, and must not be separable. O(n k²) a step.
    """
    x = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-8)
    return np.asarray(model.fit(x, trained).predict_proba(x)[:, 1])


# --8<-- [start:alike]
def alike(score: Floats, trained: Bools) -> Floats:
    """Weights that make the untrained resemble the trained: their odds of being trained.

    One weight for each untrained row, adding to 1; scores below 1. O(n).
    """
    odds = score[~trained] / (1 - score[~trained])
    return np.asarray(odds / odds.sum())


# --8<-- [end:alike]


def nearest(score: Floats, trained: Bools) -> list[Ints]:
    """For each trained row, where among the untrained the log-odds lie nearest; several places when tied.

    Log-odds are rounded to six places, so that equal columns are tied whatever the solver's last digit. O(trained · untrained).
    """
    odds = np.log(score / (1 - score)).round(6)
    away = np.abs(odds[~trained] - odds[trained][:, None])
    return [np.flatnonzero(row == row.min()) for row in away]


def neighbor_error(score: Floats, y: Floats, trained: Bools) -> float:
    """Standard error of "one neighbor" by Abadie and Imbens, given the score; at least five untrained rows. O(trained · untrained).

    Pairs differ by their own noise; an untrained man used k times brings his noise k² times, which counting pairs misses. His
    noise is the variance among him and four men of about his log-odds.
    """
    rest, count = y[~trained], int(trained.sum())
    odds = np.log(score / (1 - score))[~trained]
    used, counted, matched = np.zeros(len(rest)), np.zeros(len(rest)), np.zeros(count)
    for place, tied in enumerate(nearest(score, trained)):
        matched[place] = rest[tied].mean()
        used[tied] += 1 / len(tied)
        counted[tied] += 1 / len(tied) ** 2
    order = np.argsort(odds, kind="stable")
    noise = np.zeros(len(rest))
    for place, man in enumerate(order):
        first = min(max(place - 2, 0), len(rest) - 5)
        noise[man] = np.var(rest[order[first : first + 5]], ddof=1)
    pairs = np.var(y[trained] - matched, ddof=1) / count
    return float((pairs + ((used**2 - counted) * noise).sum() / count**2) ** 0.5)


def coefficient(columns: Floats, y: Floats, trained: Bools) -> Any:
    """What least squares gives to `trained` beside the other columns and a constant; for each column of `y`, if it has several. O(n k²)."""
    design = np.column_stack([np.ones(len(y)), columns, trained])
    return np.linalg.lstsq(design, y, rcond=None)[0][-1]


# --8<-- [start:answers]
def answers(columns: Floats, y: Floats, trained: Bools) -> dict[str, float]:
    """Five answers to one question: what training did for the trained.

    Between scores of 0.1 and 0.9 there must be rows of both kinds. O(n k²).
    """
    score = scores(columns, trained)
    weights = alike(score, trained)
    had, rest = y[trained].mean(), y[~trained]
    design = np.column_stack([np.ones(len(y)), columns])
    untrained_fit = np.linalg.lstsq(design[~trained], rest, rcond=None)[0]
    left = y - design @ untrained_fit  # what the fit on untrained rows leaves
    neighbors = [rest[tied].mean() for tied in nearest(score, trained)]
    middle = (score > 0.1) & (score < 0.9)
    found = {
        "regression": coefficient(columns, y, trained),
        "weights": had - weights @ rest,
        "doubly robust": left[trained].mean() - weights @ left[~trained],
        "one neighbor": had - np.mean(neighbors),
        "trimmed": coefficient(columns[middle], y[middle], trained[middle]),
    }
    return {name: float(value) for name, value in found.items()}


# --8<-- [end:answers]


def noted(name: str) -> Any:
    """A number that this lab's notebook noted when it ran."""
    return flights.noted(name, NOTED)
