"""Does validation look like production: a classifier between the two, and weights from it.

Serves docs/chapters/data-audit/splits.md.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from snippets.data_audit.model import fit_logistic, log_odds, rank_auc
from snippets.metrics._inputs import FloatArray

NORMAL = NormalDist()


# --8<-- [start:adversarial]
def origin_scores(ours: FloatArray, theirs: FloatArray, folds: int = 5) -> FloatArray:
    """Log-odds, out of fold, that a row is one of theirs.

    Two tables of shapes (n, k) and (m, k); one result for each row, ours first. Every
    row is scored by a model that did not see it, or noise alone would part the two.
    Fewer rows on a side than folds raises `ValueError`. O(folds · fit).
    """
    if min(len(ours), len(theirs)) < folds:
        raise ValueError(f"{folds} folds need as many rows on each side")
    x = np.vstack([ours, theirs])
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-12)
    is_theirs = np.repeat([0.0, 1.0], [len(ours), len(theirs)])
    fold = np.concatenate([np.arange(len(side)) % folds for side in (ours, theirs)])
    said = np.empty(len(x))
    for k in range(folds):
        beta = fit_logistic(x[fold != k], is_theirs[fold != k])
        said[fold == k] = log_odds(beta, x[fold == k])
    return said


def adversarial_auc(ours: FloatArray, theirs: FloatArray) -> float:
    """How well a classifier parts the two tables: 0.5 not at all, 1 completely."""
    is_theirs = np.repeat([0.0, 1.0], [len(ours), len(theirs)])
    return rank_auc(is_theirs, origin_scores(ours, theirs))


def importance_weights(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Weights that make our rows stand for theirs: the odds of being theirs, mean 1.

    Honest only where both have rows; a region that is theirs alone gets no weight
    from anywhere. Shape (n,). O(folds · fit).
    """
    weight = np.exp(origin_scores(ours, theirs)[: len(ours)])
    return np.asarray(weight / weight.mean())


def effective_rows(weights: FloatArray) -> float:
    """Equally weighted rows that would leave a mean as uncertain: (Σw)² / Σw²."""
    return float(weights.sum() ** 2 / (weights**2).sum())


# --8<-- [end:adversarial]


def rows_left(auc: float) -> float:
    """Share of the rows that importance weighting leaves effective, for one normal feature whose mean moved.

    A move of δ standard deviations gives the AUC Φ(δ / √2), and the weights exp(δx − δ²/2) leave exp(−δ²).
    """
    moved = math.sqrt(2) * NORMAL.inv_cdf(auc)
    return math.exp(-moved * moved)


def weighted_auc(y: FloatArray, scores: FloatArray, weights: FloatArray) -> float:
    """AUC of rows that each stand for `weights` many; with equal weights the plain one. Ties counted half. O(n log n)."""
    names, place = np.unique(scores, return_inverse=True)
    positive = np.bincount(place, y * weights, len(names))
    negative = np.bincount(place, (1 - y) * weights, len(names))
    pairs = positive.sum() * negative.sum()
    return float(positive @ (np.cumsum(negative) - negative / 2) / pairs) if pairs else float("nan")
