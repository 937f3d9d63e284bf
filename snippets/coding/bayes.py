"""Naive Bayes of numbers and of words, in log space. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:gaussian]
def gaussian(X: Array, y: NDArray[np.int64], queries: Array) -> Array:
    """Log posterior (m, classes in sorted order) of queries (m, d), from X (n, d).

    Variances divide by n and get 1e-9 of the largest column's variance added, so a
    column constant in a class can't divide by 0; all columns constant: the prior.
    O((n + m·classes)·d).
    """
    floor = 1e-9 * X.var(axis=0).max() if np.ptp(X, axis=0).any() else 1.0
    joint = []
    for c in np.unique(y):
        own = X[y == c]
        mean, var = own.mean(axis=0), own.var(axis=0) + floor
        density = -0.5 * (np.log(2 * np.pi * var) + (queries - mean) ** 2 / var)
        joint.append(np.log(len(own) / len(X)) + density.sum(axis=1))
    scores = np.stack(joint, axis=1)
    return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)


# --8<-- [end:gaussian]


# --8<-- [start:words]
def scores(
    texts: Sequence[Sequence[str]],
    labels: Sequence[str],
    query: Sequence[str],
    alpha: float = 1.0,
) -> dict[str, float]:
    """Log of prior times word probabilities, by class; add-alpha smoothing.

    A word no text had is skipped: the vocabulary is fixed at training. alpha must be
    above 0. O(words + classes·(texts + query)); an empty query gives the log prior,
    no texts nothing.
    """
    counts = {label: Counter[str]() for label in labels}
    for words, label in zip(texts, labels):
        counts[label].update(words)
    vocabulary = set().union(*counts.values())
    known = [word for word in query if word in vocabulary]
    found = {}
    for label, own in counts.items():
        total = own.total() + alpha * len(vocabulary)
        found[label] = log(labels.count(label) / len(labels))
        found[label] += sum(log((own[word] + alpha) / total) for word in known)
    return found


# --8<-- [end:words]
