"""Figures of the cards on losses and likelihood. Serves docs/chapters/fundamentals/losses.md.

Each is what a loss asks for when nothing else is in the way: no sampling noise, no optimizer, the distribution known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from snippets.cases import marketplace, payments
from snippets.debugging.checks import base_rate_entropy
from snippets.debugging.worked import binomial_tail
from snippets.experiments.chance import class_missing
from snippets.metrics.ranking import dcg
from snippets.metrics.worked import bisect

Array = NDArray[np.float64]

NORMAL = NormalDist()


# Supervised learning


def line_error(moved: float) -> float:
    """Mean squared error of the best line for x², fitted on an interval of length 1 and used on one that lies so far on.

    With t from the middle of the first interval, x² misses its line by t² − 1/12. Rows are uniform, labels have no noise.
    """
    return 1 / 180 + moved**2 / 3 + moved**4


# Squared, absolute, Huber

MEAN = payments.mean_payment
SIGMA = 1.0  # spread of the logarithm of a payment


def _limited(cap: float) -> float:
    """Mean of a payment cut at `cap`."""
    if cap <= 0:
        return cap
    z = (math.log(cap / MEAN) + SIGMA**2 / 2) / SIGMA
    return MEAN * NORMAL.cdf(z - SIGMA) + cap * (1 - NORMAL.cdf(z))


def median() -> float:
    """The constant with the least absolute error for log-normal payments of the case's mean."""
    return MEAN * math.exp(-(SIGMA**2) / 2)


@cache
def huber(delta: float) -> float:
    """The constant with the least Huber loss for the same payments: residuals cut at ±delta average zero."""
    return bisect(lambda c: _limited(c + delta) - _limited(c - delta) <= delta, 0.0, 10 * MEAN)


def top_share(share: float) -> float:
    """What part of all dollars the largest payments, this share of them, hold."""
    return NORMAL.cdf(SIGMA - NORMAL.inv_cdf(1 - share))


def total_noise(rows: int, confidence: float = 0.95) -> float:
    """By what share the total of so many payments lies off its expectation, at most, in this share of samples (normal approximation)."""
    return NORMAL.inv_cdf((1 + confidence) / 2) * math.sqrt(math.expm1(SIGMA**2) / rows)


# Quantile loss


def pinball(asked: float, given: float) -> float:
    """Expected pinball loss at one level of a prediction at another, for normal labels, in standard deviations."""
    q = NORMAL.inv_cdf(given)
    return NORMAL.pdf(q) + q * (given - asked)


def pinball_excess(asked: float, given: float) -> float:
    """By what share the pinball loss rises when the quantile of another level is predicted, for normal labels."""
    return pinball(asked, given) / pinball(asked, asked) - 1


def miss_range(rows: int, level: float, confidence: float = 0.95) -> tuple[float, float]:
    """Range of the true share of misses when a quantile is read off so many sorted rows.

    The k-th smallest of n lies above a share of new rows that is Beta(k, n + 1 − k), whatever the distribution.
    """
    k = round(rows * level)
    low, high = beta.ppf([(1 - confidence) / 2, (1 + confidence) / 2], rows + 1 - k, k)
    return float(low), float(high)


# Cross-entropy


def surprise(probability: float) -> float:
    """What one row costs when this probability was given to what happened, in nats."""
    return -math.log(probability)


def rows_for(probability: float, rate: float = payments.fraud_rate) -> float:
    """How many average rows of the base-rate model one row costs whose label was given this probability."""
    return surprise(probability) / base_rate_entropy(rate)


def mixed_cap(error: float) -> float:
    """The most that a row can cost when the model's probability q is mixed as (1 − 2ε) q + ε, ε the labels' error rate."""
    return surprise(error)


def pull_log(probability: float) -> float:
    """Gradient of log loss by the logit, in size, where the label was given this probability."""
    return 1 - probability


def pull_squared(probability: float) -> float:
    """The same of the squared error of the probability: the sigmoid's slope comes in."""
    return 2 * (1 - probability) ** 2 * probability


# Hinge


def hinge(score: float, probability: float, positive: float = 1.0, negative: float = 1.0) -> float:
    """Expected hinge loss of a score where positives have this probability, with a weight for each class."""
    return positive * probability * max(0.0, 1 - score) + negative * (1 - probability) * max(0.0, 1 + score)


def hinge_score(probability: float, positive: float = 1.0, negative: float = 1.0) -> float:
    """The score with the least expected hinge loss: +1 or −1, by which weighted class is likelier; 0 for a tie, one of many."""
    lead = positive * probability - negative * (1 - probability)
    return float(np.sign(lead))


def log_odds(probability: float) -> float:
    """The score with the least expected log loss."""
    return math.log(probability / (1 - probability))


# Weighted and focal


def balanced_weight(rate: float = payments.fraud_rate) -> float:
    """Weight of a positive that makes both classes count the same."""
    return (1 - rate) / rate


def weighted(probability: float, weight: float) -> float:
    """What log loss with this weight on positives asks the model to say: the odds are multiplied by the weight."""
    return weight * probability / (weight * probability + 1 - probability)


def focal_truth(output: float, gamma: float = 2.0) -> float:
    """The true probability for which focal loss asks for this output.

    With s(q) the slope of −(1 − q)^γ log q, in size, the least expected loss has p · s(q) = (1 − p) · s(1 − q).
    """

    def slope(q: float) -> float:
        return math.pow(1 - q, gamma) / q - gamma * math.pow(1 - q, gamma - 1) * math.log(q)

    return slope(1 - output) / (slope(output) + slope(1 - output))


@cache
def focal(probability: float, gamma: float = 2.0) -> float:
    """What focal loss asks the model to say where the true probability is this."""
    return bisect(lambda q: focal_truth(q, gamma) >= probability, 1e-9, 1 - 1e-9)


# Ranking losses

PAGE = marketplace.results_per_page
ENDS, MIDDLE = (1, PAGE), (7, 8)  # places of the two listings that a buyer wants, in two orders of a page


def lost_pairs(places: Sequence[int]) -> int:
    """Pairs in which an unwanted listing stands above a wanted one."""
    return sum(place - 1 - above for above, place in enumerate(sorted(places)))


def worth(places: Sequence[int]) -> float:
    """DCG of a page with wanted listings on these places."""
    return dcg([float(place in places) for place in range(1, PAGE + 1)])


def pairs(wanted: int, shown: int) -> int:
    """Pairs of a wanted and an unwanted listing in one search."""
    return wanted * (shown - wanted)


# Contrastive losses

BATCH = 1_024


def at_chance(batch: int = BATCH) -> float:
    """Contrastive loss when all scores are alike, in nats: the log of the batch."""
    return math.log(batch)


def contrastive_floor(temperature: float, batch: int = BATCH) -> float:
    """The least contrastive loss that any unit vectors can have, pairs against all others of a batch, in nats.

    Positives' mean cosine exceeds the negatives' by at most B / (B − 1), as at the corners of a regular simplex; the loss
    is convex in that lead.
    """
    lead = batch / (batch - 1)
    return math.log1p((batch - 1) * math.exp(-lead / temperature))


def twin_in_batch(share: float, batch: int = BATCH) -> float:
    """Chance that an item with this share of all pairs is also among the other rows of its batch, there as a negative."""
    return 1 - class_missing(share, batch - 1)


def popularity_gap(ratio: float, temperature: float) -> float:
    """Cosine that in-batch negatives take from an item drawn so many times as often as another one."""
    return temperature * math.log(ratio)


# Likelihood and MAP


def shown_at_least(successes: int, trials: int, rate: float) -> float:
    """Chance of at least so many successes."""
    return 1 - binomial_tail(trials, rate, successes - 1)


def posterior_mean(successes: int, trials: int, a: float = 1.0, b: float = 1.0) -> float:
    """Mean of a rate after the data, with a Beta(a, b) prior: a + b rows seen before, a of them successes."""
    return (successes + a) / (trials + a + b)


def map_rate(successes: int, trials: int, a: float = 1.0, b: float = 1.0) -> float:
    """Most probable rate after the data, with the same prior; uniform for a = b = 1. For a, b of at least 1, not all 0 over 0."""
    return (successes + a - 1) / (trials + a + b - 2)


def map_by_log_odds(successes: int, trials: int, a: float = 1.0, b: float = 1.0) -> float:
    """Rate at the most probable log-odds, same prior, same data: the change of variable moves the peak to the mean."""
    return posterior_mean(successes, trials, a, b)


# KL divergence

APART = 3.0  # the two peaks stand at ±APART, each a standard normal with half of the mass
GRID = np.linspace(-30, 30, 60_001)


def kl(p: Sequence[float], q: Sequence[float]) -> float:
    """KL(p‖q) of two discrete distributions, in nats: infinite where q has nothing and p something."""
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a and not b:
            return math.inf
        total += a * math.log(a / b) if a else 0.0
    return total


def log_peaks() -> Array:
    """Log density of the two peaks on the grid."""
    return np.logaddexp(-((GRID - APART) ** 2) / 2, -((GRID + APART) ** 2) / 2) - math.log(2 * math.sqrt(2 * math.pi))


def log_normal(mean: float, spread: float) -> Array:
    """Log density of a normal on the grid."""
    return -(((GRID - mean) / spread) ** 2) / 2 - math.log(spread * math.sqrt(2 * math.pi))


def kl_density(log_p: Array, log_q: Array) -> float:
    """KL(p‖q) of two densities on the grid, in nats."""
    return float(np.trapezoid(np.exp(log_p) * (log_p - log_q), GRID))


def covering_spread() -> float:
    """Spread of the normal nearest in KL(truth‖model): it takes the mean and variance of both peaks."""
    return math.sqrt(1 + APART**2)


@cache
def seeking() -> tuple[float, float]:
    """Mean and spread of the normal nearest in KL(model‖truth), found numerically from the right peak."""
    found = minimize(lambda at: kl_density(log_normal(at[0], math.exp(at[1])), log_peaks()), [APART, 0.0])
    return float(found.x[0]), math.exp(float(found.x[1]))


def between(mean: float, spread: float, half: float = 1.0) -> float:
    """Share of a normal's mass within ±half of zero, the valley."""
    model = NormalDist(mean, spread)
    return model.cdf(half) - model.cdf(-half)


def truth_between(half: float = 1.0) -> float:
    """Share of the two peaks' mass in the same valley."""
    return (between(APART, 1.0, half) + between(-APART, 1.0, half)) / 2
