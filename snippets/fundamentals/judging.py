"""Figures of the cards on measures and decisions. Serves docs/chapters/fundamentals/judging.md.

What chapters compute already is taken from their modules. Fairness is computed here, on the two segments of Payments from
the page on classification: equal models, equal prices, base rates that differ by a factor of sixteen.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from scipy.optimize import minimize_scalar

from snippets.cases import payments
from snippets.experiments import worked_observational
from snippets.metrics import calibration, confusion, worked

NORMAL = NormalDist()


# Measures


def precision_of_two(threshold: float) -> float:
    """Precision on two payments, a good one with score 0.9 and a fraud with 0.8; NaN when nothing is flagged."""
    return confusion.precision(confusion.confusion_counts([0, 1], [0.9, 0.8], threshold))


def auc_of_segment_alone() -> float:
    """AUC of a score that knows only whether a customer is new: one half, and half of the gap in new customers' shares."""
    new = worked.NEW
    frauds = new.share * new.fraud_rate / payments.fraud_rate
    good = new.share * (1 - new.fraud_rate) / (1 - payments.fraud_rate)
    return (1 + frauds - good) / 2


def halved_line() -> float:
    """Dollars a day that break-even costs more on a score which is half of every true probability."""
    line = 2 * worked.break_even_probability()
    return worked.at_probability(line).cost - worked.at_break_even().cost


def sharpened(probability: float, factor: float = 2.0) -> float:
    """What a model says whose log-odds are so many times too far from zero."""
    odds = math.pow(probability / (1 - probability), factor)
    return odds / (1 + odds)


def price_of_saying(score: Literal["brier", "log loss"], said: float, true: float) -> float:
    """By what share the expected score of a constant forecast is worse than that of the true probability."""

    def expected(p: float) -> float:
        if score == "brier":
            return true * (1 - p) ** 2 + (1 - true) * p**2
        return -true * math.log(p) - (1 - true) * math.log(1 - p)

    return expected(said) / expected(true) - 1


def one_zero(clip: float) -> float:
    """Log loss of 1,000 rows with two frauds, all foretold rightly but one fraud, which gets 0 before the clip."""
    return calibration.log_loss([1, 1] + [0] * 998, [0.0, 1.0] + [0.0] * 998, clip)


def base_rate_loss() -> float:
    """Log loss on the same rows of saying 0.2 % to each."""
    return calibration.log_loss([1, 1] + [0] * 998, [0.002] * 1_000)


# Fairness

Criterion = Literal["one risk line", "equal precision", "equal error rates", "equal share flagged"]
SEGMENTS = (worked.RETURNING, worked.NEW)


def forced_false_alarms(base_rate: float, precision: float, recall: float) -> float:
    """Share of a group's negatives that are flagged, by its base rate, precision and recall (Chouldechova 2017)."""
    return base_rate / (1 - base_rate) * (1 - precision) / precision * recall


def auc_if_perfect(spread: float, base_rate: float = 0.2) -> float:
    """AUC of the true risk itself, where log-odds are normal with this standard deviation and risks average the base rate."""
    z = np.linspace(-8, 8, 2_001)
    weight = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()

    def risks(middle: float) -> np.ndarray:
        return 1 / (1 + np.exp(-middle - spread * z))

    risk = risks(worked.bisect(lambda middle: bool(weight @ risks(middle) >= base_rate), -40.0, 40.0))
    positive, negative = weight * risk / base_rate, weight * (1 - risk) / (1 - base_rate)
    return float(positive @ (np.cumsum(negative) - negative / 2))


def flagged(segment: worked.Segment, cut: float) -> float:
    """Share of a segment's payments above a cut of the model's scale."""
    rate = segment.fraud_rate
    return rate * worked.MODEL.recall(cut) + (1 - rate) * worked.MODEL.false_positive_rate(cut)


def precise(segment: worked.Segment, cut: float) -> float:
    """Share of fraud among a segment's payments above a cut."""
    return segment.fraud_rate * worked.MODEL.recall(cut) / flagged(segment, cut)


def cut_for(criterion: Criterion, level: float, segment: worked.Segment) -> float:
    """The cut at which a segment's risk at the line, precision, false-positive rate or flagged share is this level."""
    if criterion == "one risk line":
        return worked.MODEL.cut_at(level, segment.fraud_rate)
    if criterion == "equal precision":
        return worked.bisect(lambda cut: precise(segment, cut) >= level, -20.0, 20.0)
    if criterion == "equal error rates":
        return -NORMAL.inv_cdf(level)
    return worked.bisect(lambda cut: flagged(segment, cut) <= level, -20.0, 20.0)


@cache
def cheapest(criterion: Criterion) -> tuple[worked.Day, worked.Day]:
    """The days of returning and of new customers under the cheapest pair of cuts that meets a criterion.

    One number, the common level, is chosen to minimize the dollars of both. The model has one ROC curve in both segments, so
    equal false-positive rates are equal recalls too.
    """

    def days(log_odds: float) -> tuple[worked.Day, worked.Day]:
        level = 1 / (1 + math.exp(-log_odds))
        returning, new = (worked.segment_day(s, cut_for(criterion, level, s)) for s in SEGMENTS)
        return returning, new

    best = minimize_scalar(lambda x: sum(day.cost for day in days(x)), bounds=(-9.0, 3.0), method="bounded")
    return days(float(best.x))


def bill() -> float:
    """Dollars a day of both segments' errors under one line for the risk."""
    return sum(day.cost for day in cheapest("one risk line"))


def found(auc: float) -> float:
    """Recall at 1 % false positives of a model with normal scores and this AUC."""
    return worked.at_rate(payments.false_positive_rate, worked.detector_from_auc(auc)).recall


def dearer(criterion: Criterion) -> float:
    """Dollars a day that a criterion costs more than one line for the risk, each at its cheapest."""
    return sum(day.cost for day in cheapest(criterion)) - bill()


def wrongly_declined(criterion: Criterion, segment: Literal["returning", "new"]) -> float:
    """Share of a segment's good payments that are declined under a criterion at its cheapest."""
    at = ("returning", "new").index(segment)
    return worked.segment_false_positive_rate(SEGMENTS[at], cheapest(criterion)[at])


def risk_at_line(criterion: Criterion, segment: Literal["returning", "new"]) -> float:
    """Chance of fraud from which a segment's payments are declined under a criterion at its cheapest."""
    return cheapest(criterion)[("returning", "new").index(segment)].probability


# Decisions


def p_when_touching() -> float:
    """Two-sided p-value of the difference when the 95 % intervals of two independent, equally sure estimates just touch."""
    return 2 * NORMAL.cdf(-math.sqrt(2) * NORMAL.inv_cdf(0.975))


def false_finds(working: float, power: float, alpha: float = 0.05) -> float:
    """Share of significant results in which nothing is going on, if this share of the changes works and has this power."""
    lucky = (1 - working) * alpha
    return lucky / (lucky + working * power)


def picked_correlation(share: float) -> float:
    """Correlation of two independent, equally spread normal qualities among the top share of their sum.

    Picking narrows the sum and leaves the difference alone: (v - 1) / (v + 1), with v the variance that is left of the sum.
    """
    cut = NORMAL.inv_cdf(1 - share)
    mean = NORMAL.pdf(cut) / share
    left = 1 - mean * (mean - cut)
    return (left - 1) / (left + 1)


def worse_and_level() -> float:
    """By how much the second text may be worse on every day and still read level, pooled, when its share moves from 50 to 90 %."""
    return 1 - 1 / (1 + worked_observational.pooled_lift(0.5, 0.9))
