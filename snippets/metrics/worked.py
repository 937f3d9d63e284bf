"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/metrics/classification.md.

Most are closed forms over one assumption, said on the page: on some scale of the score, good payments are standard normal
and frauds are normal with the same spread and a higher mean (or a mixture of such). Every rate then follows from the normal
distribution, with no sampling noise. The few simulated numbers name their seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.cases import assistant, payments
from snippets.metrics._inputs import FloatArray
from snippets.metrics.calibration import brier_score, expected_calibration_error, fit_isotonic
from snippets.metrics.confusion import accuracy, confusion_counts, precision, recall
from snippets.metrics.curves import roc_auc
from snippets.metrics.prevalence import ppv, undo_downsampling
from snippets.metrics.threshold import (
    Costs,
    best_threshold_by_cost,
    break_even,
    threshold_by_capacity,
    total_cost,
)

NORMAL = NormalDist()
KEPT = 0.05  # share of good payments that the retrained model of the debugging prompt saw


def bisect(rises: Callable[[float], bool], low: float, high: float) -> float:
    """Find where a condition that is false at `low` and true at `high` begins to hold, to 60 halvings."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) else (middle, high)
    return (low + high) / 2


# Detectors in closed form


@dataclass(frozen=True)
class Detector:
    """A model whose score is N(0, 1) on negatives and a mixture of N(mean, 1) on positives.

    `parts` holds (weight, mean) pairs; the weights add up to 1. The score is a strictly increasing function of the
    probability, so a cut on one is a cut on the other. A cut is a number on the score's scale; what lies above is flagged.
    """

    parts: tuple[tuple[float, float], ...]

    def recall(self, cut: float) -> float:
        """Share of the positives above the cut."""
        return sum(weight * NORMAL.cdf(mean - cut) for weight, mean in self.parts)

    def false_positive_rate(self, cut: float) -> float:
        """Share of the negatives above the cut."""
        return NORMAL.cdf(-cut)

    def auc(self) -> float:
        """Chance that a random positive scores above a random negative."""
        return sum(weight * NORMAL.cdf(mean / math.sqrt(2)) for weight, mean in self.parts)

    def odds(self, cut: float, prevalence: float) -> float:
        """Odds that an item with exactly this score is positive, by Bayes' rule."""
        ratio = sum(weight * math.exp(mean * cut - mean * mean / 2) for weight, mean in self.parts)
        return ratio * prevalence / (1 - prevalence)

    def probability(self, cut: float, prevalence: float) -> float:
        """Probability that an item with exactly this score is positive."""
        odds = self.odds(cut, prevalence)
        return odds / (1 + odds)

    def cut_at(self, probability: float, prevalence: float) -> float:
        """The cut where that probability is reached."""
        return bisect(lambda cut: self.odds(cut, prevalence) >= probability / (1 - probability), -20.0, 20.0)


def detector_from_auc(auc: float) -> Detector:
    """The detector with one kind of positive and this area under its ROC curve."""
    return Detector(((1.0, math.sqrt(2) * NORMAL.inv_cdf(auc)),))


MODEL = detector_from_auc(0.97)  # the fraud model of the page
RING = Detector(((0.6, 3.6), (0.4, 1.8)))  # sharp on six frauds in ten, dull on the rest


class Day(NamedTuple):
    """An expected day of Payments under one threshold, when every flagged payment is declined."""

    probability: float  # of fraud, at the threshold
    caught: float  # frauds flagged
    missed: float  # frauds approved
    declined: float  # good payments flagged

    @property
    def alerts(self) -> float:
        """Payments flagged."""
        return self.caught + self.declined

    @property
    def precision(self) -> float:
        """Share of the flagged that are fraud."""
        return self.caught / self.alerts

    @property
    def recall(self) -> float:
        """Share of frauds that are flagged."""
        return self.caught / (self.caught + self.missed)

    @property
    def false_positive_rate(self) -> float:
        """Share of good payments that are flagged."""
        return self.declined / payments.good_per_day

    @property
    def accuracy(self) -> float:
        """Share of right decisions."""
        return 1 - (self.missed + self.declined) / payments.daily_volume

    @property
    def cost(self) -> float:
        """Dollars a day: missed frauds and declined good payments at their prices."""
        return self.missed * payments.missed_fraud_cost + self.declined * payments.false_decline_cost

    @property
    def saved(self) -> float:
        """Dollars a day less than approving everything; below zero when the model costs more than it saves."""
        return payments.loss_without_model - self.cost

    def f_beta(self, beta: float = 1.0) -> float:
        """F-beta of the day's expected counts."""
        weight = beta * beta
        return (1 + weight) * self.caught / ((1 + weight) * self.caught + weight * self.missed + self.declined)


def at_cut(cut: float, model: Detector = MODEL) -> Day:
    """An expected day with the threshold at this cut of the model's scale."""
    caught = payments.frauds_per_day * model.recall(cut)
    return Day(
        probability=model.probability(cut, payments.fraud_rate),
        caught=caught,
        missed=payments.frauds_per_day - caught,
        declined=payments.good_per_day * model.false_positive_rate(cut),
    )


def at_probability(probability: float, model: Detector = MODEL) -> Day:
    """An expected day of the AUC 0.97 model when everything above this calibrated probability is declined."""
    return at_cut(model.cut_at(probability, payments.fraud_rate), model)


def at_rate(rate: float = payments.false_positive_rate, model: Detector = MODEL) -> Day:
    """An expected day with the threshold that flags this share of good payments, 1 % unless said otherwise."""
    return at_cut(-NORMAL.inv_cdf(rate), model)


def at_alerts(alerts: float = payments.review_capacity, model: Detector = MODEL) -> Day:
    """An expected day with the threshold that flags this many payments, as many as can be reviewed unless said otherwise."""
    return at_cut(bisect(lambda cut: at_cut(cut, model).alerts <= alerts, -10.0, 10.0), model)


def at_recall(share: float, model: Detector = MODEL) -> Day:
    """An expected day with the threshold that finds this share of the frauds."""
    return at_cut(bisect(lambda cut: model.recall(cut) <= share, -10.0, 10.0), model)


@cache
def at_best_f(beta: float = 1.0, model: Detector = MODEL) -> Day:
    """An expected day with the threshold that makes F-beta as large as it gets."""
    low, high = 0.0, 6.0  # one peak, found by golden section
    shrink = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        left, right = high - shrink * (high - low), low + shrink * (high - low)
        if at_cut(left, model).f_beta(beta) < at_cut(right, model).f_beta(beta):
            low = left
        else:
            high = right
    return at_cut((low + high) / 2, model)


def costs() -> Costs:
    """The prices of Payments' two errors, in the form the threshold functions take."""
    return Costs(fp=payments.false_decline_cost, fn=payments.missed_fraud_cost)


def break_even_probability() -> float:
    """The fraud probability at which declining and approving cost the same, from the prices of the two errors."""
    return break_even(costs())


def at_break_even() -> Day:
    """An expected day of the AUC 0.97 model with its threshold at the break-even probability."""
    return at_probability(break_even_probability())


def f_beta_that_agrees() -> float:
    """The beta whose best threshold happens to be the break-even probability."""
    return bisect(lambda beta: at_best_f(beta).probability <= break_even_probability(), 0.5, 10.0)


def extra_cost_of_inherited_threshold() -> float:
    """Dollars a day that the 1 % false-positive rate costs more than the break-even threshold."""
    return at_rate().cost - at_break_even().cost


def extra_fraud_loss_at_break_even() -> float:
    """Dollars a day of fraud loss that moving from the 1 % false-positive rate to break-even adds."""
    return (at_break_even().missed - at_rate().missed) * payments.missed_fraud_cost


def false_declines_saved_at_break_even() -> float:
    """Dollars a day of false declines that moving from the 1 % false-positive rate to break-even saves."""
    return (at_rate().declined - at_break_even().declined) * payments.false_decline_cost


def cost_of_rough_prices() -> tuple[float, float]:
    """Share by which a day costs more when the miss was priced at half, and at twice, its true cost."""
    half, twice = (break_even(Costs(payments.false_decline_cost, f * payments.missed_fraud_cost)) for f in (0.5, 2.0))
    best = at_break_even().cost
    return at_probability(half).cost / best - 1, at_probability(twice).cost / best - 1


def marginal_cost_of_recall(low: float, high: float) -> float:
    """Further good payments declined for each further fraud caught, between two shares of frauds found."""
    start, end = at_recall(low), at_recall(high)
    return (end.declined - start.declined) / (end.caught - start.caught)


def extra_cost_of_f1() -> float:
    """Dollars a day that the threshold with the largest F1 costs more than the break-even threshold."""
    return at_best_f().cost - at_break_even().cost


def lift_at_rate() -> float:
    """Precision at the 1 % false-positive rate over the fraud rate, which is the precision of a random pick."""
    return at_rate().precision / payments.fraud_rate


def good_declined_per_fraud() -> float:
    """Good payments declined for each fraud caught at the 1 % false-positive rate, over all that is declined."""
    return at_rate().declined / at_rate().caught


def good_share_of_declined() -> float:
    """Share of the declined that are good at the 1 % false-positive rate, which is one minus the precision."""
    return 1 - at_rate().precision


def most_that_good_share_can_add() -> float:
    """How much complaints can grow, at most, if only the share of the declined who are good rises, to all of them."""
    return 1 / good_share_of_declined() - 1


def payments_per_fraud_at_margin() -> float:
    """Payments per fraud among those right at the threshold of the 1 % false-positive rate."""
    return 1 / at_rate().probability


def random_share_of_alerts() -> float:
    """Frauds among as many random alerts of the 1 % false-positive rate as can be reviewed in a day."""
    return payments.review_capacity * at_rate().precision


def recall_ceiling_of_review() -> float:
    """Largest share of frauds that the reviews of a day could find if every reviewed payment were fraud."""
    return payments.review_capacity / payments.frauds_per_day


def price_of_exploration(share: float = 0.01) -> float:
    """Dollars a day for letting a random 1 % of the declines at break-even through, frauds paid less good payments won."""
    day = at_break_even()
    return share * (day.caught * payments.missed_fraud_cost - day.declined * payments.false_decline_cost)


# Costs that depend on the amount


def false_decline_cost_at(amount: float) -> float:
    """Dollars that declining one good payment of this amount costs."""
    return payments.false_decline_cost - payments.lost_margin + amount * payments.margin


def missed_fraud_cost_at(amount: float) -> float:
    """Dollars that approving one fraud of this amount costs."""
    return payments.missed_fraud_cost - payments.goods_lost + amount * (1 - payments.margin)


def break_even_at(amount: float) -> float:
    """The fraud probability at which declining and approving a payment of this amount cost the same."""
    return break_even(Costs(fp=false_decline_cost_at(amount), fn=missed_fraud_cost_at(amount)))


# Four actions instead of two

ACTIONS = ("approve", "challenge", "review", "decline")


def crossing(first: str, second: str, review_price: float = 0.0) -> float:
    """The fraud probability at which two actions cost the same, each being a straight line in the probability."""

    def ends(action: str) -> tuple[float, float]:
        extra = review_price if action == "review" else 0.0
        return payments.expected_cost(action, 0.0) + extra, payments.expected_cost(action, 1.0) + extra

    (a0, a1), (b0, b1) = ends(first), ends(second)
    return (b0 - a0) / ((b0 - a0) - (b1 - a1))


class Band(NamedTuple):
    """The payments of a day that get one action."""

    low: float  # probability of fraud from which on
    high: float  # up to which
    good: float
    fraud: float

    @property
    def total(self) -> float:
        """Payments in the band."""
        return self.good + self.fraud


def bands(review_price: float = 0.0, model: Detector = MODEL) -> dict[str, Band]:
    """The payments of an expected day by their cheapest action, review being charged an extra price."""
    edges = [crossing(a, b, review_price) for a, b in pairwise(ACTIONS)]
    cuts = [-math.inf, *(model.cut_at(edge, payments.fraud_rate) for edge in edges), math.inf]
    edges = [0.0, *edges, 1.0]
    above = [(1.0, 1.0), *((model.false_positive_rate(c), model.recall(c)) for c in cuts[1:-1]), (0.0, 0.0)]
    return {
        action: Band(
            low=edges[i],
            high=edges[i + 1],
            good=payments.good_per_day * (above[i][0] - above[i + 1][0]),
            fraud=payments.frauds_per_day * (above[i][1] - above[i + 1][1]),
        )
        for i, action in enumerate(ACTIONS)
    }


def cost_of(chosen: dict[str, Band]) -> float:
    """Dollars a day of four bands, without any price put on the queue."""
    return sum(
        band.good * payments.expected_cost(action, 0.0) + band.fraud * payments.expected_cost(action, 1.0)
        for action, band in chosen.items()
    )


@cache
def review_shadow_price() -> float:
    """Dollars a further review would be worth, which is the extra price at which the queue just fits the analysts."""
    return bisect(lambda price: bands(price)["review"].total <= payments.review_capacity, 0.0, 8.0)


def free_bands() -> dict[str, Band]:
    """The four bands when analysts can take any number of reviews."""
    return bands()


def fitted_bands() -> dict[str, Band]:
    """The four bands when the review queue has to fit the analysts."""
    return bands(review_shadow_price())


def cost_with_four_actions() -> float:
    """Dollars a day with approve, challenge, review and decline, each where it is cheapest and the queue fits."""
    return cost_of(fitted_bands())


def cost_of_approve_or_challenge() -> float:
    """Dollars a day with approve and challenge alone, each where it is cheaper."""
    edge = crossing("approve", "challenge")
    day = at_probability(edge)
    approved = payments.good_per_day - day.declined
    return cost_of(
        {"approve": Band(0.0, edge, approved, day.missed), "challenge": Band(edge, 1.0, day.declined, day.caught)}
    )


def reviews_per_analyst() -> float:
    """Reviews a day of one analyst."""
    return payments.review_capacity / payments.reviewers


def gain_per_analyst() -> float:
    """Dollars a day that one further analyst's reviews would save beyond their cost, at the margin."""
    return reviews_per_analyst() * review_shadow_price()


def auc_that_saves_as_much() -> float:
    """The AUC at which approve or decline alone, at break-even, would cost no more than the four actions do at 0.97."""

    def cost(auc: float) -> float:
        return at_probability(break_even_probability(), detector_from_auc(auc)).cost

    return bisect(lambda auc: cost(auc) <= cost_with_four_actions(), MODEL.auc(), 0.999)


def cost_if_giving_up_is_dear() -> float:
    """Dollars a day of the same four bands if an abandoned challenge cost as much as a false decline."""
    return cost_with_four_actions() + good_customers_lost_to_challenges() * (
        payments.false_decline_cost - payments.lost_margin
    )


def cost_if_frauds_pass_twice_as_often() -> float:
    """Dollars a day of the same four bands if frauds passed the challenge twice as often as the case says."""
    further = fitted_bands()["challenge"].fraud * payments.challenge_pass_rate
    return cost_with_four_actions() + further * payments.missed_fraud_cost


def good_customers_lost_to_challenges() -> float:
    """Good customers a day who give up at the challenge."""
    return fitted_bands()["challenge"].good * payments.challenge_abandon_rate


def good_customers_refused() -> float:
    """Good customers a day who are turned away under four actions, by decline and by analysts."""
    chosen = fitted_bands()
    return chosen["decline"].good + chosen["review"].good * payments.review_false_decline_rate


def frauds_passed() -> float:
    """Frauds a day that get through under four actions, approved or past a challenge or an analyst."""
    chosen = fitted_bands()
    return (
        chosen["approve"].fraud
        + chosen["challenge"].fraud * payments.challenge_pass_rate
        + chosen["review"].fraud * payments.review_miss_rate
    )


# Two models whose curves cross


def average_precision_of(model: Detector, prevalence: float = payments.fraud_rate) -> float:
    """Average precision of a detector, as the integral of precision over recall on a fine grid of cuts."""
    cuts = [8.0 - 14.0 * i / 7000 for i in range(7001)]
    points = [(model.recall(cut), model.false_positive_rate(cut)) for cut in cuts]
    area = points[0][0]  # beyond the first cut precision is 1 to many digits
    for (before, _), (after, rate) in pairwise(points):
        area += (after - before) * after * prevalence / (after * prevalence + rate * (1 - prevalence))
    return area


@cache
def average_precisions() -> tuple[float, float]:
    """Average precision of the even model and of the one that is sharp on rings, at 0.2 % fraud."""
    return average_precision_of(MODEL), average_precision_of(RING)


@cache
def average_precision_when_balanced() -> float:
    """Average precision of the same AUC 0.97 model on a test set with as many frauds as good payments."""
    return average_precision_of(MODEL, 0.5)


def crossing_rate() -> float:
    """The false-positive rate at which the two models find the same share of frauds."""
    cut = bisect(lambda cut: RING.recall(cut) >= MODEL.recall(cut), 0.0, 4.0)
    return MODEL.false_positive_rate(cut)


def crossing_alerts() -> float:
    """Alerts a day at which the two models find the same share of frauds."""
    return at_rate(crossing_rate()).alerts


def recall_by_type() -> tuple[float, float]:
    """Share of the ring frauds and of the other frauds that the ring model finds in the analysts' queue."""
    cut = bisect(lambda cut: at_cut(cut, RING).alerts <= payments.review_capacity, -10.0, 10.0)
    ring, rest = (NORMAL.cdf(mean - cut) for _, mean in RING.parts)
    return ring, rest


@cache
def ring_share_that_ties() -> float:
    """Share of frauds from rings at which the ring model finds no more in the analysts' queue than the even one."""
    (_, ring), (_, rest) = RING.parts
    even = at_alerts().recall

    def leads(share: float) -> bool:
        return at_alerts(model=Detector(((share, ring), (1 - share, rest)))).recall >= even

    return bisect(leads, 0.0, 1.0)


def frauds_gained_in_queue() -> float:
    """Frauds a day that the model with the lower AUC finds more in the analysts' queue."""
    return at_alerts(model=RING).caught - at_alerts().caught


# Rarity


def precision_at(prevalence: float, found: float | None = None, rate: float = payments.false_positive_rate) -> float:
    """Precision at a prevalence, with the recall and false-positive rate of the inherited threshold unless given."""
    return ppv(at_rate(rate).recall if found is None else found, 1 - rate, prevalence)


def chargeback_share_by(days: int) -> float:
    """Share of the chargebacks that are in after so many days, straight between the case's percentiles."""
    known = (0, payments.chargeback_days_p10, payments.chargeback_days_p50, payments.chargeback_days_p90)
    return float(np.interp(days, (*known, payments.label_maturity_days), (0.0, 0.1, 0.5, 0.9, 1.0)))


# A score that is right on average and wrong in each segment


class Segment(NamedTuple):
    """A part of the payments: its share of volume and its fraud rate."""

    share: float
    fraud_rate: float


RETURNING, NEW = Segment(0.80, 0.0005), Segment(0.20, 0.008)


def probability_in(segment: Segment, pooled: float) -> float:
    """What a pooled probability means in a segment, its odds moved by the ratio of the prior odds."""
    prior = segment.fraud_rate / (1 - segment.fraud_rate)
    odds = pooled / (1 - pooled) * prior / (payments.fraud_rate / (1 - payments.fraud_rate))
    return odds / (1 + odds)


def segment_day(segment: Segment, cut: float) -> Day:
    """An expected day of one segment with the threshold at this cut."""
    volume = payments.daily_volume * segment.share
    frauds = volume * segment.fraud_rate
    caught = frauds * MODEL.recall(cut)
    return Day(
        MODEL.probability(cut, segment.fraud_rate),
        caught,
        frauds - caught,
        (volume - frauds) * MODEL.false_positive_rate(cut),
    )


def segment_at_pooled(segment: Segment) -> Day:
    """An expected day of one segment under the break-even threshold of a score that ignores the segment."""
    return segment_day(segment, MODEL.cut_at(break_even_probability(), payments.fraud_rate))


def segment_at_own(segment: Segment) -> Day:
    """An expected day of one segment when its own calibrated probability meets the break-even threshold."""
    return segment_day(segment, MODEL.cut_at(break_even_probability(), segment.fraud_rate))


def segment_false_positive_rate(segment: Segment, day: Day) -> float:
    """Share of a segment's good payments that are declined on such a day."""
    return day.declined / (payments.daily_volume * segment.share * (1 - segment.fraud_rate))


def segment_rate_at_own(segment: Segment) -> float:
    """Share of a segment's good payments that are declined when its own calibrated probability meets break-even."""
    return segment_false_positive_rate(segment, segment_at_own(segment))


def segment_rate_ratio() -> float:
    """How many times as often good new customers are declined as good returning ones, each segment calibrated."""
    return segment_rate_at_own(NEW) / segment_rate_at_own(RETURNING)


def saved_by_segment_calibration() -> float:
    """Dollars a day saved by calibrating within the two segments at one and the same probability threshold."""
    return sum(segment_at_pooled(s).cost - segment_at_own(s).cost for s in (RETURNING, NEW))


# A score that means less after resampling


def sampled_fraud_rate() -> float:
    """Fraud rate of a training set that keeps all frauds and one good payment in twenty."""
    frauds, good = payments.fraud_rate, (1 - payments.fraud_rate) * KEPT
    return frauds / (frauds + good)


def inflated(probability: float) -> float:
    """What a model trained on one good payment in twenty says where the true probability is this."""
    return probability / (probability + (1 - probability) * KEPT)


def deflated(score: float) -> float:
    """The true probability behind a score of the model that saw one good payment in twenty."""
    return undo_downsampling(score, KEPT)


def log_odds_offset() -> float:
    """How much the sampling adds to every log-odds, the logarithm of twenty."""
    return -math.log(KEPT)


def at_unmoved_threshold() -> Day:
    """An expected day when the break-even threshold is kept on scores inflated by the sampling."""
    return at_probability(deflated(break_even_probability()))


@cache
def mean_score(kept: float = KEPT) -> float:
    """Mean score over a production day of the model that saw this share of good payments, one in twenty unless given."""

    def scored(cut: float) -> float:
        odds = MODEL.odds(cut, payments.fraud_rate) / kept
        return odds / (1 + odds)

    total, step = 0.0, 0.001
    mean = MODEL.parts[0][1]
    for i in range(-8000, 12000):
        cut = (i + 0.5) * step
        good = (1 - payments.fraud_rate) * NORMAL.pdf(cut)
        fraud = payments.fraud_rate * NORMAL.pdf(cut - mean)
        total += step * (good + fraud) * scored(cut)
    return total


def prediction_ratio() -> float:
    """Mean score over observed fraud rate for the model that saw one good payment in twenty."""
    return mean_score() / payments.fraud_rate


# AUC with ties


def auc_of_rounded(decimals: int) -> float:
    """AUC of the AUC 0.97 model when its probability is stored with so many decimals, ties counting half."""
    unit = 10**decimals
    edges = [-math.inf, *(MODEL.cut_at((k + 0.5) / unit, payments.fraud_rate) for k in range(unit)), math.inf]
    flagged = [(1.0, 1.0), *((MODEL.false_positive_rate(c), MODEL.recall(c)) for c in edges[1:-1]), (0.0, 0.0)]
    area = 0.0
    for (rate, found), (next_rate, next_found) in pairwise(flagged):
        area += (rate - next_rate) * (found + next_found) / 2
    return area


def share_rounded_to_zero(decimals: int) -> float:
    """Share of good payments whose probability is stored as zero."""
    return 1 - at_probability(0.5 / 10**decimals).false_positive_rate


def auc_by_hand() -> float:
    """AUC of three positives (0.8, 0.6, 0.6) and two negatives (0.6, 0.2), four pairs right and two tied."""
    return roc_auc([1, 1, 1, 0, 0], [0.8, 0.6, 0.6, 0.6, 0.2])


def pairs_in_ten_million() -> float:
    """Pairs of a fraud and a good payment among ten million payments."""
    return 1e7 * payments.fraud_rate * 1e7 * (1 - payments.fraud_rate)


# Medical triage

VISITS, ILL = 2_000, 0.015
CHECK_MINUTES = 3.0
TRIAGE_ROC = {0.90: 0.947, 0.95: 0.894, 0.98: 0.80, 0.99: 0.715}  # the prompt's curve: sensitivity to specificity


class Shift(NamedTuple):
    """An expected day of triage."""

    sensitivity: float
    specificity: float
    found: float
    missed: float
    false_flags: float

    @property
    def flags(self) -> float:
        """Patients flagged."""
        return self.found + self.false_flags

    @property
    def precision(self) -> float:
        """Share of the flagged who are ill."""
        return self.found / self.flags


def triage(sensitivity: float, specificity: float) -> Shift:
    """An expected day of triage with this sensitivity and specificity."""
    ill, well = VISITS * ILL, VISITS * (1 - ILL)
    found, false = ill * sensitivity, well * (1 - specificity)
    return Shift(sensitivity, specificity, found, ill - found, false)


def triage_at(sensitivity: float) -> Shift:
    """An expected day of triage with the classifier's threshold at this sensitivity, a point of the prompt's ROC curve."""
    return triage(sensitivity, TRIAGE_ROC[sensitivity])


def flags_per_patient(low: float, high: float) -> float:
    """Further patients flagged for each further patient found, between two sensitivities."""
    start, end = triage_at(low), triage_at(high)
    return (end.flags - start.flags) / (end.found - start.found)


def triage_two_steps(first: float, sensitivity: float, specificity: float) -> Shift:
    """An expected day when a second check, with these rates among the flagged, sees everyone who is flagged."""
    one = triage_at(first)
    found = one.found * sensitivity
    false = one.false_flags * (1 - specificity)
    return Shift(
        first * sensitivity,
        1 - (1 - one.specificity) * (1 - specificity),
        found,
        VISITS * ILL - found,
        false,
    )


def nurse_hours(first: float) -> float:
    """Hours a day for a check of three minutes on every patient flagged at this sensitivity."""
    return triage_at(first).flags * CHECK_MINUTES / 60


def days_over(mean: float, places: int) -> float:
    """Share of days with more arrivals than places, when they come one by one at random with this mean (Poisson)."""
    return 1 - sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(places + 1))


def needed_second_sensitivity(first: float, floor: float) -> float:
    """Sensitivity the second check needs among the flagged ill to keep a floor on the whole."""
    return floor / first


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95 % Wilson interval for a share of hits among trials."""
    z = NORMAL.inv_cdf(0.975)
    share, extra = hits / trials, z * z / trials
    center = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(share * (1 - share) / trials + extra / (4 * trials))
    return center - half, center + half


def lower_end_of_path(second: float = 0.97) -> float:
    """Lower end of the classifier's 95 % interval (297 found of 300) times the second check's sensitivity."""
    return wilson(297, 300)[0] * second


def days_to_see_a_miss(audit_share: float, sensitivity: float = 0.99) -> float:
    """Days until a random audit of this share of unflagged patients meets one missed illness, on average."""
    return 1 / (triage_at(sensitivity).missed * audit_share)


def misses_among_cleared(first: float = 0.99, second: float = 0.97) -> float:
    """Share of the path's misses that the first step flagged and the second check cleared."""
    return first * (1 - second) / (1 - first * second)


# The assistant's gate


class Gate(NamedTuple):
    """A row of the gate's table: the share answered, and how much of that is right."""

    answered: float
    right: float


GATES = {0.0: Gate(1.00, 0.76), 0.5: Gate(0.86, 0.84), 0.7: Gate(0.72, 0.91), 0.9: Gate(0.48, 0.96)}
GRADED = 2_000


def gate_break_even() -> float:
    """Probability of being right above which answering is cheaper than handing over."""
    return 1 - assistant.handover_cost / assistant.wrong_answer_cost


def gate_break_even_if_wrong_costs(dollars: float) -> float:
    """Probability of being right above which answering is cheaper, when a wrong answer costs this much."""
    return max(0.0, 1 - assistant.handover_cost / dollars)


def gate_cost(gate: float) -> float:
    """Dollars a question at a gate, from wrong answers, handovers and the answers' own cost."""
    answered, right = GATES[gate]
    wrong = answered * (1 - right) * assistant.wrong_answer_cost
    return wrong + (1 - answered) * assistant.handover_cost + assistant.answer_cost


def gate_wrong(gate: float) -> float:
    """Wrong answers a day at a gate."""
    return assistant.questions_per_day * GATES[gate].answered * (1 - GATES[gate].right)


def gate_handovers(gate: float) -> float:
    """Questions a day handed over at a gate."""
    return assistant.questions_per_day * (1 - GATES[gate].answered)


def right_between(low: float, high: float) -> float:
    """Share of right answers among questions with confidence between two gates of the table."""
    more, less = GATES[low], GATES[high]
    return (more.answered * more.right - less.answered * less.right) / (more.answered - less.answered)


def graded_between(low: float, high: float) -> tuple[float, float]:
    """95 % Wilson interval for the right answers between two gates, from the graded questions that fall there."""
    trials = round(GRADED * (GATES[low].answered - GATES[high].answered))
    return wilson(round(trials * right_between(low, high)), trials)


def right_if_answered(share: float) -> float:
    """Share of right answers when this share of questions is answered, straight between two rows of the table."""
    rows = sorted(GATES.values())
    return float(np.interp(share, [row.answered for row in rows], [row.answered * row.right for row in rows])) / share


def answered_when_right(share: float) -> float:
    """Share of questions that can be answered if this share of the answers has to be right, by the same lines."""
    fewest = min(row.answered for row in GATES.values())
    return bisect(lambda answered: right_if_answered(answered) <= share, fewest, 1.0)


def answered_when_wrong_per_asked(share: float) -> float:
    """Share of questions that can be answered if this share of all questions may get a wrong answer, by the same lines."""
    return bisect(lambda answered: answered * (1 - right_if_answered(answered)) >= share, 0.48, 1.0)


def gate_load(gate: float) -> float:
    """Questions a day that end with an agent at a gate: those handed over, and wrong answers, which come back."""
    return gate_handovers(gate) + gate_wrong(gate)


def gate_overflow() -> float:
    """Questions a day that gate 0.7 leaves to the agents beyond what they can take."""
    return gate_load(0.7) - assistant.handover_capacity


def freed_by_band() -> float:
    """Questions a day that stay away from agents if the band between gates 0.5 and 0.7 is answered: its right answers."""
    return gate_load(0.7) - gate_load(0.5)


def band_extra_per_freed() -> float:
    """Dollars more that it costs to answer in the band between gates 0.5 and 0.7, for each question it keeps from agents."""
    extra = (1 - right_between(0.5, 0.7)) * assistant.wrong_answer_cost - assistant.handover_cost
    return extra / right_between(0.5, 0.7)


def agents_for_overflow() -> float:
    """Further agents needed to take all that gate 0.7 leaves to them."""
    return gate_overflow() / (assistant.agent_minutes / assistant.handover_minutes)


def everything_extra() -> float:
    """Dollars a day that answering every question costs more than gate 0.7."""
    return assistant.questions_per_day * (gate_cost(0.0) - gate_cost(0.7))


def right_after_judge(measured: float, passes_right: float = 0.95, passes_wrong: float = 0.20) -> float:
    """True share of right answers behind a judge's pass rate, corrected for what the judge passes by mistake."""
    return (measured - passes_wrong) / (passes_right - passes_wrong)


def judged(right: float, passes_right: float = 0.95, passes_wrong: float = 0.20) -> float:
    """Pass rate that a judge reports when this share of answers is right."""
    return right * passes_right + (1 - right) * passes_wrong


def dearer_challenge_edge() -> float:
    """The fraud probability from which on a challenge is worth it, if an abandoned challenge cost as much as a false decline."""
    good = payments.challenge_fee + payments.challenge_abandon_rate * payments.false_decline_cost
    fraud = payments.challenge_fee + payments.challenge_pass_rate * payments.missed_fraud_cost
    return good / (good - fraud + payments.missed_fraud_cost)


# Simulated payments: what finite data add to the closed forms


class Sample(NamedTuple):
    """Simulated payments: labels (1 is fraud), scores on the detector's scale, true probabilities; each of shape (n,)."""

    labels: NDArray[np.int64]
    scores: FloatArray
    probabilities: FloatArray


def simulate(good: int, frauds: int, seed: int, model: Detector = MODEL) -> Sample:
    """Draw so many good and fraudulent payments; the true probabilities assume Payments' fraud rate."""
    rng = np.random.default_rng(seed)
    weights, means = zip(*model.parts, strict=True)
    kinds = rng.choice(len(means), size=frauds, p=weights)
    scores = np.concatenate([rng.standard_normal(good), rng.standard_normal(frauds) + np.array(means)[kinds]])
    labels = np.repeat([0, 1], [good, frauds])
    ratio = np.sum([w * np.exp(m * scores - m * m / 2) for w, m in model.parts], axis=0)
    odds = ratio * payments.fraud_rate / (1 - payments.fraud_rate)
    return Sample(labels, scores, odds / (1 + odds))


@cache
def tenth_of_a_day() -> Sample:
    """A tenth of a day of simulated payments (99,800 good, 200 fraud; seed 7)."""
    return simulate(round(payments.good_per_day / 10), round(payments.frauds_per_day / 10), 7)


def resampled(p: FloatArray) -> FloatArray:
    """What a model trained on one good payment in twenty says in place of the true probabilities."""
    return p / (p + (1 - p) * KEPT)


def demo_accuracy() -> None:
    """Print what accuracy says of four policies on simulated payments."""
    # --8<-- [start:accuracy]
    y, _, p = tenth_of_a_day()  # 99,800 good payments and 200 frauds, simulated
    print("decline at    accuracy  precision  recall     cost")
    for threshold in (math.inf, 0.5, 1 / 11, 0.0276):
        c = confusion_counts(y, p, threshold)
        print(
            f"p ≥ {threshold:<8.3g}  {accuracy(c):8.3%}  {precision(c):9.1%}"
            f"  {recall(c):6.1%}  {total_cost(c, costs()):7,.0f}"
        )
    # --8<-- [end:accuracy]


def demo_threshold() -> None:
    """Print the thresholds that a formula, a search and a capacity choose on the same simulated payments."""
    # --8<-- [start:threshold]
    y, _, p = tenth_of_a_day()
    price = Costs(fp=15.0, fn=150.0)
    found = best_threshold_by_cost(y, p, price)
    for name, threshold in {
        "break-even": break_even(price),
        "search": found.threshold,
        "capacity": threshold_by_capacity(p, 180),
    }.items():
        c = confusion_counts(y, p, threshold)
        print(f"{name:10}  p ≥ {threshold:.4f}  {c.tp + c.fp:3} alerts  ${total_cost(c, price):,.0f}")
    # --8<-- [end:threshold]


@cache
def regret_of_search(frauds: int, draws: int = 40) -> float:
    """Dollars a day lost, on average over 40 draws, by searching the threshold on so many simulated frauds."""
    good = round(frauds * (1 - payments.fraud_rate) / payments.fraud_rate)
    lost = 0.0
    for seed in range(draws):
        y, z, _ = simulate(good, frauds, seed)
        top = z > 1.5  # far below any sensible cut; what lies lower only slows the search
        lost += at_cut(best_threshold_by_cost(y[top], z[top], costs()).threshold).cost - at_break_even().cost
    return lost / draws


@cache
def calibration_rows() -> dict[str, tuple[float, float, float]]:
    """Expected calibration error, Brier score and AUC of four forecasts of the same simulated payments."""
    y, _, p = tenth_of_a_day()
    forecasts = {
        "base rate for all": np.full(len(p), payments.fraud_rate),
        "calibrated": p,
        "1 in 20 kept": resampled(p),
        "twice too low": p / 2,
    }
    return {name: (expected_calibration_error(y, f), brier_score(y, f), roc_auc(y, f)) for name, f in forecasts.items()}


def brier_skill() -> float:
    """Share of the base rate's Brier score that the calibrated model removes on the simulated tenth of a day."""
    rows = calibration_rows()
    return 1 - rows["calibrated"][1] / rows["base rate for all"][1]


def demo_ece() -> None:
    """Print what three numbers say of four forecasts."""
    print("forecast             ECE, 10 bins    Brier     AUC")
    for name, (gap, brier, auc) in calibration_rows().items():
        print(f"{name:20} {gap:12.5f}  {brier:7.5f}  {auc:6.3f}")


@cache
def ece_of_perfect(items: int, bins: int, draws: int = 40) -> float:
    """Mean calibration error that a perfect forecaster is given on so many items and bins, over 40 simulated draws."""
    total = 0.0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        p = rng.random(items)
        total += expected_calibration_error((rng.random(items) < p).astype(int), p, bins)
    return total / draws


GRID = np.linspace(-6.0, 9.0, 3001)  # cells of the score's scale, for fits that need no single items


def ring_cells() -> tuple[FloatArray, FloatArray]:
    """Share of the good payments and of the frauds in each cell of the ring model's scale."""
    good = np.exp(-(GRID**2) / 2)
    fraud = np.sum([weight * np.exp(-((GRID - mean) ** 2) / 2) for weight, mean in RING.parts], axis=0)
    return good / good.sum(), fraud / fraud.sum()


def sigmoid_cut(good: FloatArray, fraud: FloatArray, soften: bool = True) -> float:
    """The cut at which the sigmoid fitted to payments counted by cell reaches break-even; Platt's targets if softened."""
    frauds, all_good = float(fraud.sum()), float(good.sum())
    high, low = ((frauds + 1) / (frauds + 2), 1 / (all_good + 2)) if soften else (1.0, 0.0)
    features, weights = np.column_stack([GRID, np.ones_like(GRID)]), np.array([2.0, -9.0])
    for _ in range(30):  # Newton's method
        p = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ ((good + fraud) * p - high * fraud - low * good)
        weights = weights - np.linalg.solve(features.T @ (features * ((good + fraud) * p * (1 - p))[:, None]), slope)
    wanted = break_even_probability()
    return float((math.log(wanted / (1 - wanted)) - weights[1]) / weights[0])


@cache
def regret_of_calibration(frauds: int, method: str, draws: int) -> float:
    """Dollars a day lost at break-even, on average, by a calibration map fitted on so many simulated frauds.

    The score is that of the model that is sharp on rings, whose true calibration curve is no sigmoid; each fraud comes
    with 499 good payments. `method` is platt or isotonic.
    """
    best = at_probability(break_even_probability(), RING).cost
    wanted = break_even_probability()
    lost = 0.0
    for seed in range(draws):
        if method == "platt":
            rng = np.random.default_rng(seed)
            good, fraud = ring_cells()
            drawn = rng.multinomial(frauds * 499, good), rng.multinomial(frauds, fraud)
            cut = sigmoid_cut(drawn[0].astype(np.float64), drawn[1].astype(np.float64))
        else:
            y, z, _ = simulate(frauds * 499, frauds, seed, RING)
            top = z > 1.5  # the map is local: far below break-even it changes nothing here
            knots, values = fit_isotonic(z[top], y[top])
            cut = next((knot for knot, value in zip(knots, values, strict=True) if value >= wanted), math.inf)
        lost += at_cut(cut, RING).cost - best
    return lost / draws


def bias_of_platt() -> float:
    """Dollars a day that the sigmoid costs on the ring model's score however many frauds it is fitted on."""
    good, fraud = ring_cells()
    cut = sigmoid_cut(good * (1 - payments.fraud_rate), fraud * payments.fraud_rate, soften=False)
    return at_cut(cut, RING).cost - at_probability(break_even_probability(), RING).cost


def demo_recalibrate() -> None:
    """Print what a calibration map costs, by the number of frauds it was fitted on."""
    print("frauds   Platt  isotonic   (dollars a day above the cheapest threshold)")
    for frauds, draws in ((20, 100), (200, 40), (2000, 20)):
        platt, isotonic = (regret_of_calibration(frauds, method, draws) for method in ("platt", "isotonic"))
        print(f"{frauds:6,}  {platt:6,.0f}  {isotonic:8,.0f}")
