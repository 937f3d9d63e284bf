"""What a test of a metric can promise: its noise, its false alarms, the drop that it finds. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np


# --8<-- [start:noise]
def auc_and_noise(positives: np.ndarray, negatives: np.ndarray) -> tuple[float, float]:
    """AUC and its standard error from the scores of both classes (DeLong).

    Ties count half. Raises ValueError unless each class has two rows. O(n log n).
    """
    if min(len(positives), len(negatives)) < 2:
        raise ValueError("a standard error needs two rows of each class")
    below, above = (
        _shares_below(positives, negatives),
        _shares_below(negatives, positives),
    )
    variance = below.var(ddof=1) / len(positives) + above.var(ddof=1) / len(negatives)
    return float(below.mean()), math.sqrt(variance)


def _shares_below(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each score the share of the others that are lower, equal ones half."""
    ordered = np.sort(others)
    lower = np.searchsorted(ordered, scores, side="left")
    not_higher = np.searchsorted(ordered, scores, side="right")
    return (lower + not_higher) / (2 * len(others))


# --8<-- [end:noise]


# --8<-- [start:line]
def alarm_rate(auc: float, line: float, noise: float) -> float:
    """Share of builds in which a model of this true AUC measures below the line."""
    return NormalDist(auc, noise).cdf(line)


def line_for(auc: float, noise: float, builds: float) -> float:
    """The line that a healthy model falls below once in so many builds."""
    return NormalDist(auc, noise).inv_cdf(1 / builds)


def drop_found(auc: float, line: float, noise: float, power: float = 0.9) -> float:
    """The fall in true AUC that one build notices with this probability.

    `noise` is that of the fallen model, which is larger: nearer to 0.5, more to vary.
    """
    return auc - line + noise * NormalDist().inv_cdf(power)


# --8<-- [end:line]
