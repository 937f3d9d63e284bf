"""Graders compared with each other, and people helped by a judge. Serves docs/chapters/llm-systems/evaluation.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from snippets.metrics._inputs import Labels, binary, row_count, whole
from snippets.metrics.llm import Rate
from snippets.metrics.uncertainty import Interval, z_score


# --8<-- [start:kappa]
class Kappa(NamedTuple):
    """Agreement of two graders beyond chance, with its noise."""

    observed: float  # share of items with the same label
    kappa: float
    interval: Interval


def cohens_kappa(table: Sequence[Sequence[int]], confidence: float = 0.95) -> Kappa:
    """Cohen's kappa and its large-sample interval from a square table of counts.

    Rows are one grader's labels, columns the other's, in the same order. No item, or one
    label throughout, gives NaN: chance explains all. The interval is normal, cut at ±1 and
    rough below some 50 items. O(labels²). Standard error of Fleiss, Cohen and Everitt 1969.
    """
    labels = range(len(table))
    if any(len(row) != len(table) for row in table):
        raise ValueError("the table is not square")
    n = sum(whole(count, "count") for row in table for count in row)
    p = [[count / max(n, 1) for count in row] for row in table]
    rows = [sum(p[i]) for i in labels]
    columns = [sum(p[i][j] for i in labels) for j in labels]
    observed = sum(p[i][i] for i in labels)
    chance = sum(rows[i] * columns[i] for i in labels)
    if not n or chance >= 1:
        return Kappa(observed, math.nan, Interval(math.nan, math.nan))
    kappa = (observed - chance) / (1 - chance)
    spread = -((kappa - chance * (1 - kappa)) ** 2)
    for i in labels:
        for j in labels:
            same = 1 - (rows[i] + columns[i]) * (1 - kappa)
            other = (1 - kappa) * (columns[i] + rows[j])
            spread += p[i][j] * (same if i == j else other) ** 2
    reach = z_score(confidence) * math.sqrt(max(0.0, spread) / n) / (1 - chance)
    return Kappa(observed, kappa, Interval(max(-1.0, kappa - reach), min(1.0, kappa + reach)))


# --8<-- [end:kappa]


# --8<-- [start:helped]
class Helped(NamedTuple):
    """A rate from people's grades, sharpened by a judge."""

    share: float
    interval: Interval
    worth: float  # people's grades that would be as good without the judge


def helped_share(people: Labels, judge: Labels, elsewhere: Rate, confidence: float = 0.95) -> Helped:
    """People's rate, moved by how the judge sees the graded items against all the others.

    `people` and `judge` are 0/1 on the same random items, at least 3; `elsewhere` is what
    the judge flags of items nobody graded. The slope weighs the judge by how well it
    follows people: a useless one gets about 0 and does no harm, and a biased one biases
    nothing. It needs no stable error rates, only that the graded items are a random part.
    O(n). Regression estimator; tuned prediction-powered inference.
    """
    y, f = binary(people, "people"), binary(judge, "judge")
    if (n := row_count(people=y, judge=f)) < 3:
        raise ValueError(f"{n} graded items: at least 3 are needed")
    mean_y, mean_f = sum(y) / n, sum(f) / n
    var_y = sum((a - mean_y) ** 2 for a in y) / (n - 1)
    var_f = sum((b - mean_f) ** 2 for b in f) / (n - 1)
    cov = sum((a - mean_y) * (b - mean_f) for a, b in zip(y, f, strict=True)) / (n - 1)
    weight = elsewhere.total / (elsewhere.total + n)  # few others: trust the judge's mean less
    slope = weight * cov / var_f if var_f and elsewhere.total else 0.0
    q = elsewhere.share if elsewhere.total else mean_f
    share = mean_y + slope * (q - mean_f)
    residual = var_y - 2 * slope * cov + slope**2 * var_f
    variance = residual / n + (slope**2 * q * (1 - q) / elsewhere.total if elsewhere.total else 0.0)
    reach = z_score(confidence) * math.sqrt(variance)
    worth = var_y / variance if variance else math.nan
    return Helped(share, Interval(max(0.0, share - reach), min(1.0, share + reach)), worth)


# --8<-- [end:helped]
