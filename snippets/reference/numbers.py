"""Numbers worth knowing by heart. Serves docs/reference/numbers.md."""

from __future__ import annotations

import math
from statistics import NormalDist

NORMAL = NormalDist()


def a_second(a_day: float) -> float:
    """Events a second, on average, of so many a day."""
    return a_day / 86_400


def minutes_down(availability: float, days: float = 30) -> float:
    """Minutes in so many days that this availability leaves for being down."""
    return (1 - availability) * days * 24 * 60


def time_in_system(load: float) -> float:
    """Mean time in system over mean service time: one server, random arrivals and service times, at this load below 1."""
    if not 0 <= load < 1:
        raise ValueError(f"load {load} must be at least 0 and below 1")
    return 1 / (1 - load)


def half_width(rows: float, share: float = 0.5) -> float:
    """Half of the textbook 95 % interval of a share over so many independent rows."""
    return 1.96 * math.sqrt(share * (1 - share) / rows)


def points_off(rows: float) -> float:
    """The same in points, for a share of a half, where it is widest."""
    return 100 * half_width(rows)


def an_arm(spread: float, effect: float, power: float = 0.8) -> float:
    """Users in each arm that show a difference of means with this power at a two-sided 5 %."""
    return 2 * ((NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(power)) * spread / effect) ** 2


def any_of(tests: int, alpha: float = 0.05) -> float:
    """Chance that at least one of so many independent tests without an effect falls below alpha."""
    return float(1 - (1 - alpha) ** tests)


def precision(prevalence: float, recall: float, false_positive_rate: float) -> float:
    """Share of true ones among those flagged."""
    hits, alarms = prevalence * recall, (1 - prevalence) * false_positive_rate
    return hits / (hits + alarms)


def log_loss_of_rate(rate: float) -> float:
    """Log loss, in nats, of always predicting the base rate: what a useless model reaches."""
    return -rate * math.log(rate) - (1 - rate) * math.log(1 - rate)


def rate_after_sampling(rate: float, kept: float) -> float:
    """Base rate after this share of the negatives is kept."""
    return rate / (rate + (1 - rate) * kept)


def discount(place: int) -> float:
    """Weight of a place, from 1, in DCG: one over the binary logarithm of place plus one."""
    return 1 / math.log2(place + 1)


def separation(auc: float) -> float:
    """Standard deviations between two normal classes of equal spread with this ROC-AUC."""
    return math.sqrt(2) * NORMAL.inv_cdf(auc)


def weights_gb(parameters: float, number_bytes: float = 2) -> float:
    """Gigabytes of so many parameters."""
    return parameters * number_bytes / 1e9


def training_gb(parameters: float) -> float:
    """Gigabytes of weights and gradients of 2 bytes, and a master copy and two moments of 4: 16 bytes a parameter."""
    return parameters * (2 + 2 + 4 + 4 + 4) / 1e9


def flops_a_token(parameters: float, training: bool = False) -> float:
    """Floating-point operations a token: 2 a parameter forward, 6 with backward; attention over long texts comes on top."""
    return parameters * (6 if training else 2)


def tokens_a_second_at_most(parameters: float, bandwidth: float, number_bytes: float = 2) -> float:
    """Tokens a second of one request, at most: each one reads all weights once, `bandwidth` in bytes a second."""
    return bandwidth / (parameters * number_bytes)


def embeddings_gb(vectors: float, width: int = 1_024, number_bytes: float = 4) -> float:
    """Gigabytes of so many vectors, without an index."""
    return vectors * width * number_bytes / 1e9
