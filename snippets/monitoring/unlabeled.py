"""Quality before the labels: estimated from confidence, from partial labels, from a random bucket. Serves docs/chapters/monitoring.md."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from snippets.metrics._inputs import Numbers, finite, fraction, fractions, row_count, same_length, whole
from snippets.metrics.uncertainty import Interval, z_score


# --8<-- [start:estimated]
class Expected(NamedTuple):
    """Expected counts of a threshold's four outcomes."""

    tp: float
    fp: float
    fn: float
    tn: float


def expected_counts(probabilities: Numbers, threshold: float) -> Expected:
    """What a threshold does, if each probability is true: no label is asked for.

    A row flagged at 0.3 adds 0.3 to the true positives and 0.7 to the false. It is
    as right as the probabilities are calibrated *on this data*. No row gives zeros;
    outside 0 to 1 raises. O(n).
    """
    p = np.asarray(fractions(probabilities, "probabilities"))
    on, off = p[p >= threshold], p[p < threshold]
    counts = on.sum(), (1 - on).sum(), off.sum(), (1 - off).sum()
    return Expected(*(float(count) for count in counts))


def expected_auc(probabilities: Numbers) -> float:
    """AUC of a score, if it is the true probability.

    Each pair weighs p for the positive times 1 − p for the other. Ties count half.
    NaN when all weight is on one class or there is no row. O(n log n).
    """
    return weighted_auc(probabilities, probabilities)


# --8<-- [end:estimated]


def weighted_auc(scores: Numbers, truth: Numbers) -> float:
    """AUC of scores when each row is positive with its own probability `truth`: what it comes to without label noise.

    Ties count half, and pairs of a row with itself are left out. NaN with one class only. O(n log n).
    """
    columns = finite(scores, "scores"), fractions(truth, "truth")
    same_length(scores=columns[0], truth=columns[1])
    s, p = (np.asarray(column, dtype=np.float64) for column in columns)
    values, group = np.unique(s, return_inverse=True)
    up = np.bincount(group, weights=p, minlength=len(values))
    down = np.bincount(group, weights=1 - p, minlength=len(values))
    itself = float((p * (1 - p)).sum())
    pairs = float(up.sum() * down.sum()) - itself
    if pairs <= 1e-12:
        return math.nan
    wins = float(up @ (np.cumsum(down) - down / 2)) - itself / 2
    return wins / pairs


# --8<-- [start:nowcast]
def poisson_interval(count: int, confidence: float = 0.95) -> Interval:
    """An interval for the mean behind one Poisson count, by Byar's approximation.

    Close to the exact one from a count of 1; below, the low end is 0. O(1).
    """
    k, z = whole(count, "count"), z_score(confidence)
    low = k * (1 - 1 / (9 * k) - z / (3 * math.sqrt(k))) ** 3 if k else 0.0
    more = k + 1
    return Interval(low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3)


class Nowcast(NamedTuple):
    """How many labels a cohort will have in the end, and how sure that is."""

    total: float
    interval: Interval


def nowcast(seen: Sequence[int], ages: Sequence[int], share_by: Callable[[int], float]) -> Nowcast:
    """Positives of all cohorts in the end, from those that are in: Σ seen / Σ share.

    `seen` counts each cohort's positives so far, `ages` their days, `share_by(age)` the
    share that past cohorts of that age had. Cohorts of equal size; the ratio of
    sums lets old cohorts speak louder, as they should. The interval is counting
    noise only: an error in `share_by` comes on top. Nothing due yet raises. O(n).
    """
    row_count(seen=seen, ages=ages)
    due = sum(fraction(share_by(age), "share_by(age)") for age in ages)
    if due == 0:
        raise ValueError("no cohort is old enough: nothing can be in yet")
    low, high = poisson_interval(sum(seen))
    scale = len(ages) / due
    return Nowcast(sum(seen) * scale, Interval(low * scale, high * scale))


# --8<-- [end:nowcast]
