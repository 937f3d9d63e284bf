"""The worked numbers of the page on metrics and numerics: one table and nine F1s, four sums that fail, shapes, batches, folds. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

import math
from itertools import groupby
from typing import NamedTuple

import numpy as np

from snippets.cases import payments
from snippets.coding import wrong_numerics as wrong
from snippets.coding.batches import batches, masked_sum, mean_of, pad
from snippets.coding.losses import binary_loss
from snippets.coding.manyclass import F1, f1_averages
from snippets.coding.nearest import squared
from snippets.coding.reliability import ece, mass_edges, table, width_edges
from snippets.coding.splits import Fold, walk_forward
from snippets.coding.thresholds import Point, at, best_f1, cheapest, rates, sweep


class Scored(NamedTuple):
    """A payment that was scored, and whether it was fraud; given on the page."""

    day: str
    score: float
    fraud: int


LOG = (
    Scored("Mon", 0.9, 1),
    Scored("Mon", 0.8, 1),
    Scored("Mon", 0.6, 0),
    Scored("Mon", 0.6, 1),
    Scored("Mon", 0.2, 0),
    Scored("Tue", 0.9, 0),
    Scored("Tue", 0.6, 0),
    Scored("Tue", 0.2, 0),
    Scored("Wed", 0.6, 1),
    Scored("Wed", 0.4, 0),
)
LABELS = [row.fraud for row in LOG]
SCORES = [row.score for row in LOG]


def _f1(hits: int, flagged: int, positives: int, undefined: float = 0.0) -> float:
    return 2 * hits / (flagged + positives) if flagged + positives else undefined


def best() -> Point:
    """What the best F1 of the ten payments flags."""
    found = best_f1(LABELS, SCORES)
    assert found is not None
    return found


def f1() -> float:
    """F1 of the ten payments at the best threshold that their scores allow."""
    value = rates(best(), sum(LABELS))[2]
    assert value is not None
    return value


def f1_strict() -> float:
    """F1 of flagging scores above that threshold, without those at it."""
    threshold = best().threshold
    assert threshold is not None
    flagged = [row for row in LOG if row.score > threshold]
    return _f1(sum(row.fraud for row in flagged), len(flagged), sum(LABELS))


def f1_split_tie() -> float:
    """F1 promised by a pass that puts frauds first among equal scores and may stop between them."""
    point = wrong.best_f1_running(LABELS, SCORES)
    assert point is not None
    return _f1(point.hits, point.flagged, sum(LABELS))


def f1_by_day(no_fraud: float | None = 0.0) -> float:
    """Mean of the three days' F1s at the same threshold; Tuesday has no fraud and counts as given, or not at all."""
    values = []
    for _, rows in groupby(LOG, key=lambda row: row.day):
        day = list(rows)
        flagged = [row for row in day if row.score >= (best().threshold or 0)]
        frauds = sum(row.fraud for row in day)
        if frauds:
            values.append(_f1(sum(r.fraud for r in flagged), len(flagged), frauds))
        elif no_fraud is not None:
            values.append(no_fraud)
    return sum(values) / len(values)


def f1_averaged() -> F1:
    """Macro, micro and weighted F1 over the two classes, fraud and good, at the same threshold."""
    threshold = best().threshold or 0
    truth = ["fraud" if row.fraud else "good" for row in LOG]
    said = ["fraud" if row.score >= threshold else "good" for row in LOG]
    return f1_averages(truth, said, ["fraud", "good"])


def precision() -> float:
    """Precision of the ten payments at the best threshold."""
    return best().hits / best().flagged


def precision_from(threshold: float) -> float:
    """Precision of the ten payments when everything from this score up is flagged."""
    value = rates(at(sweep(LABELS, SCORES), threshold), sum(LABELS))[0]
    assert value is not None
    return value


def cheapest_threshold(false_alarm: int, miss: int) -> Point:
    """The cheapest point of the ten payments at these costs."""
    return cheapest(LABELS, SCORES, false_alarm, miss)


def distinct() -> int:
    """Decisions that the ten scores allow, flagging none among them."""
    return len(sweep(LABELS, SCORES))


def variance_one_pass(offset: float) -> float:
    """Mean of squares minus square of the mean, for 1, 2 and 3 dollars above an offset."""
    values = [offset + step for step in (1.0, 2.0, 3.0)]
    return sum(v * v for v in values) / 3 - (sum(values) / 3) ** 2


def variance_two_pass(offset: float) -> float:
    """Mean squared distance from the mean, for the same three values."""
    values = [offset + step for step in (1.0, 2.0, 3.0)]
    mean = sum(values) / 3
    return sum((v - mean) ** 2 for v in values) / 3


def naive_loss(logit: float) -> float:
    """−log(1 − sigmoid(logit)), typed as it is defined: the loss of a negative."""
    rest = 1 - 1 / (1 + math.exp(-logit))
    return -math.log(rest) if rest > 0 else math.inf


def loss(logit: float) -> float:
    """The same loss from the logit."""
    return binary_loss(0, logit)


def clipped_loss(logit: float) -> float:
    """The same loss from the probability, clipped at 1e-15."""
    return wrong.binary_loss_clipped(0, logit)


def naive_softmax(first: float, second: float) -> float:
    """−log of the first of two softmax probabilities, typed as defined."""
    with np.errstate(all="ignore"):
        powers = np.exp(np.array([first, second]))
        return float(-np.log(powers[0] / powers.sum()))


def lost_cents() -> float:
    """Dollars that a running 32-bit total of 20 million payments of one dollar shows."""
    return float(np.cumsum(np.ones(20_000_000, dtype=np.float32))[-1])


def column_loss() -> float:
    """Mean squared error of perfect forecasts of 1, 2, 3 and 4 whose shape is (4, 1)."""
    truth = np.array([1.0, 2.0, 3.0, 4.0])
    return float(((truth[:, None] - truth) ** 2).mean())


def far_apart(offset: float, expanded: bool) -> float:
    """Squared distance of two points one apart in one coordinate, both an offset from zero."""
    here, there = np.array([[offset, offset]]), np.array([[offset + 1, offset]])
    distance = wrong.squared_expanded if expanded else squared
    return float(distance(here, there)[0, 0])


TOKENS = ((4.0, 4.0), (1.0,) * 8, (1.0,) * 6)  # the losses of three answers, by token


def _parts(groups: list[list[int]]) -> list[tuple[float, int]]:
    return [masked_sum(*pad([TOKENS[i] for i in group], 0.0)) for group in groups]


def token_mean() -> float:
    """Mean loss of the sixteen tokens."""
    found = mean_of(_parts([[0, 1, 2]]))
    assert found is not None
    return found


def batch_means(groups: list[list[int]]) -> float:
    """Mean of the batches' means, the three answers grouped as given."""
    found = wrong.mean_by_batch(_parts(groups))
    assert found is not None
    return found


def padded_mean(groups: list[list[int]]) -> float:
    """Mean over all places of all batches, padding as zero loss."""
    blocks = [pad([TOKENS[i] for i in group], 0.0)[0] for group in groups]
    return sum(float(block.sum()) for block in blocks) / sum(b.size for b in blocks)


def answer_mean() -> float:
    """Mean of the three answers' own mean losses."""
    return sum(sum(row) / len(row) for row in TOKENS) / len(TOKENS)


def padding_share(budget: int, lengths: tuple[int, ...] = (2, 8, 3, 7, 2, 6)) -> float:
    """Share of padding in the batches of six sequences of 2, 8, 3, 7, 2 and 6 tokens."""
    groups = batches(lengths, budget)
    places = sum(len(group) * max(lengths[i] for i in group) for group in groups)
    return 1 - sum(lengths) / places


def edge_slip() -> int:
    """The bin of 0.29 among a hundred of equal width, by multiplying and cutting off."""
    return int(0.29 * 100)


def ece_by(kind: str, bins: int) -> float:
    """ECE of ten forecasts of 0.6, nine of them fraud, and ten of 0.7, four of them fraud."""
    forecasts = np.array([0.6] * 10 + [0.7] * 10)
    labels = np.array([1] * 9 + [0] + [1] * 4 + [0] * 6)
    edges = width_edges(bins) if kind == "width" else mass_edges(forecasts, bins)
    found = ece(table(labels, forecasts, edges))
    assert found is not None
    return found


INTENTS = ["refund"] * 80 + ["login"] * 18 + ["fraud"] * 2
SAID = ["refund"] * 80 + ["login"] * 18 + ["refund"] * 2


def intents(absent: float | None = None) -> F1:
    """Macro, micro and weighted F1 of a hundred tickets of which the two on fraud were called refunds; "legal" is a fourth class without tickets."""
    return f1_averages(INTENTS, SAID, ["refund", "login", "fraud", "legal"], absent)


def stray(absent: float | None = None) -> F1:
    """The same hundred tickets, with one refund called legal."""
    said = ["legal", *SAID[1:]]
    return f1_averages(INTENTS, said, ["refund", "login", "fraud", "legal"], absent)


def folds(horizon: int) -> list[Fold]:
    """Three folds of 30 days, tested from day 180 on; a payment a day, labels final after so many days, seen from day 360."""
    return walk_forward(range(360), [180, 210, 240, 270], horizon, 360)


def unripe() -> int:
    """Training rows of the first fold whose label was not final at its start, if none are left out."""
    return len(folds(0)[0].train) - len(folds(payments.label_maturity_days)[0].train)
