"""Confusion counts and the rates read from them. Serves docs/chapters/metrics/classification.md."""

import math
from typing import NamedTuple

from snippets.metrics._inputs import Labels, Numbers, binary, finite, fractions, row_count, same_length


# --8<-- [start:counts]
class Counts(NamedTuple):
    """The four outcomes of a yes/no decision, as numbers of items."""

    tp: int  # flagged, and it was positive
    fp: int  # flagged, and it was not
    fn: int  # let pass, and it was positive
    tn: int  # let pass, rightly


def confusion_counts(y_true: Labels, scores: Numbers, threshold: float) -> Counts:
    """Count the four outcomes when every score at or above the threshold is flagged.

    Labels are 0 or 1, scores finite; both of length n. No item gives four zeros.
    The threshold may be infinite: `inf` flags nothing. O(n).
    """
    labels, values = labeled(y_true, scores)
    if math.isnan(threshold):
        raise ValueError("threshold is nan")
    tp = fp = fn = tn = 0
    for label, value in zip(labels, values, strict=True):
        if value >= threshold:
            tp, fp = tp + label, fp + 1 - label
        else:
            fn, tn = fn + label, tn + 1 - label
    return Counts(tp, fp, fn, tn)


def precision(c: Counts, undefined: float = math.nan) -> float:
    """Share of the flagged items that are positive; `undefined` if none is flagged."""
    return c.tp / (c.tp + c.fp) if c.tp + c.fp else undefined


def recall(c: Counts, undefined: float = math.nan) -> float:
    """Share of the positives that are flagged; `undefined` if there is no positive."""
    return c.tp / (c.tp + c.fn) if c.tp + c.fn else undefined


# --8<-- [end:counts]


def labeled(y_true: Labels, scores: Numbers) -> tuple[list[int], list[float]]:
    """Give labels and scores as checked lists of one length n, which may be 0.

    A label other than 0 or 1, a NaN or infinite score, or unequal lengths raise `ValueError`. O(n).
    """
    labels, values = binary(y_true, "y_true"), finite(scores, "scores")
    same_length(y_true=labels, scores=values)
    return labels, values


def counts_from_decisions(y_true: Labels, flagged: Labels) -> Counts:
    """Count the four outcomes from decisions already made, where 1 or True means flagged.

    Two columns of length n, 0 or 1 each; no item gives four zeros; other values raise `ValueError`. O(n).
    """
    return confusion_counts(y_true, [float(decision) for decision in binary(flagged, "flagged")], 0.5)


def accuracy(c: Counts, undefined: float = math.nan) -> float:
    """Share of all decisions that are right; `undefined` (NaN unless you say otherwise) if there is none. O(1)."""
    total = sum(c)
    return (c.tp + c.tn) / total if total else undefined


def false_positive_rate(c: Counts, undefined: float = math.nan) -> float:
    """Share of the negatives that are flagged, 1 − specificity; `undefined` if there is no negative. O(1)."""
    return c.fp / (c.fp + c.tn) if c.fp + c.tn else undefined


def f_beta(c: Counts, beta: float = 1.0, undefined: float = math.nan) -> float:
    """Weighted harmonic mean of precision and recall, in which recall counts `beta` times as much as precision.

    Computed from the counts, (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP), so it is 0, not undefined, when something
    could be found and nothing was: flagging nothing among positives scores 0. With no positive and nothing
    flagged there is nothing to judge and it is `undefined`. `beta` is finite and not negative: 0 gives precision
    (and `undefined` where nothing is flagged); a negative, infinite or NaN `beta` raises `ValueError`. O(1).

    One minus van Rijsbergen's effectiveness measure E (1979).
    """
    if not (beta >= 0.0 and math.isfinite(beta * beta)):
        raise ValueError(f"beta is {beta}: a finite number of at least 0 is needed")
    weight = beta * beta
    found = (1.0 + weight) * c.tp
    judged = found + weight * c.fn + c.fp
    return found / judged if judged else undefined


def prediction_bias(y_true: Labels, probabilities: Numbers) -> float:
    """Mean predicted probability minus the share of positives: above zero, the model predicts too many.

    Labels 0 or 1 and probabilities between 0 and 1, of length n; the result lies between −1 and 1 and is zero for
    any model that is calibrated on average, useless ones included. No item, or a value out of range, raises
    `ValueError`. O(n).
    """
    labels, forecasts = binary(y_true, "y_true"), fractions(probabilities, "probabilities")
    n = row_count(y_true=labels, probabilities=forecasts)
    return math.fsum(forecasts) / n - sum(labels) / n
