"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/debugging/index.md.

Minutes, chances and the shares of symptoms are given: one team's guess, said as such on the page.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from snippets.cases import payments
from snippets.debugging.checks import base_rate_entropy, share_explained
from snippets.debugging.ladder import (
    Check,
    best_order_with_needs,
    by_likelihood_and_price,
    expected_minutes,
    given_symptom,
)
from snippets.debugging.learn import Epoch, auc, fit_logistic, fit_network, mean_log_loss, predict, sigmoid
from snippets.metrics import worked as metrics
from snippets.metrics._inputs import FloatArray
from snippets.metrics.uncertainty import wilson_interval

NORMAL = NormalDist()

# The ladder: minutes and chances, given

LADDER = (
    Check("data sanity", 15, 0.24),
    Check("metric code", 10, 0.08),
    Check("baseline", 20, 0.10),
    Check("train/validation gap", 20, 0.16),
    Check("slices", 20, 0.12),
    Check("ablations", 120, 0.05),
    Check("feature importance", 30, 0.05),
    Check("calibration", 20, 0.05),
    Check("production skew", 45, 0.15),
)
RETRAIN = 240.0  # minutes for another model, trained and evaluated; given
RETRAIN_FINDS = 0.05  # chance that the model class was the fault, taken from the ladder's own shares; given

NEEDS = {  # what a rung's number rests on
    "metric code": ("data sanity",),
    "baseline": ("metric code",),
    "train/validation gap": ("baseline",),
    "slices": ("metric code",),
    "ablations": ("train/validation gap",),
    "feature importance": ("train/validation gap",),
    "calibration": ("metric code",),
}

# Training that beats its constant has answered rung 3.
NEEDS_GOOD_TRAINING = {**NEEDS, "train/validation gap": ("metric code",)}

SYMPTOMS: dict[str, dict[str, float]] = {  # chance of the pattern when the fault is one this rung finds; given
    "bad train, bad validation": {
        "data sanity": 0.60,
        "metric code": 0.40,
        "baseline": 0.85,
        "train/validation gap": 0.05,
        "slices": 0.20,
        "ablations": 0.30,
        "feature importance": 0.05,
        "calibration": 0.05,
        "production skew": 0.02,
    },
    "good train, bad validation": {
        "data sanity": 0.15,
        "metric code": 0.30,
        "baseline": 0.10,
        "train/validation gap": 0.75,
        "slices": 0.40,
        "ablations": 0.30,
        "feature importance": 0.20,
        "calibration": 0.10,
        "production skew": 0.03,
    },
    "good offline, bad production": {
        "data sanity": 0.25,
        "metric code": 0.30,
        "baseline": 0.05,
        "train/validation gap": 0.20,
        "slices": 0.40,
        "ablations": 0.40,
        "feature importance": 0.75,
        "calibration": 0.85,
        "production skew": 0.95,
    },
}


def ladder_minutes() -> float:
    """Expected minutes until the fault is found, going up the ladder as it stands."""
    return expected_minutes(LADDER)


def best_minutes() -> float:
    """Expected minutes in the order of chance over minutes, if no rung rested on another."""
    return expected_minutes(by_likelihood_and_price(LADDER))


def best_minutes_with_needs() -> float:
    """Expected minutes in the cheapest order in which each rung comes after those its number rests on."""
    return expected_minutes(best_order_with_needs(LADDER, NEEDS))


def worst_minutes() -> float:
    """Expected minutes in the worst order, which is the best one backward."""
    return expected_minutes(by_likelihood_and_price(LADDER)[::-1])


def per_hour(name: str) -> float:
    """Chance over minutes of this rung, as a rate by the hour."""
    check = next(check for check in LADDER if check.name == name)
    return check.chance / check.minutes * 60


def retrain_first_minutes() -> float:
    """Expected minutes when another model is trained first and the ladder is climbed if that was not it."""
    rest = [check._replace(chance=check.chance * (1 - RETRAIN_FINDS)) for check in LADDER]
    return expected_minutes([Check("another model", RETRAIN, RETRAIN_FINDS), *rest])


def chance_to_come_first() -> float:
    """Chance that a retrain would need to be worth going first: its minutes times the best rung's chance per minute."""
    return RETRAIN * max(check.chance / check.minutes for check in LADDER)


def chance_to_come_before_last() -> float:
    """Chance a retrain would need to go before the rung with the least chance per minute."""
    return RETRAIN * min(check.chance / check.minutes for check in LADDER)


def after(symptom: str) -> list[Check]:
    """The checks with their chances once the pattern is known, in the best order that respects what rests on what."""
    needs = NEEDS if symptom.startswith("bad train") else NEEDS_GOOD_TRAINING
    return best_order_with_needs(given_symptom(LADDER, SYMPTOMS[symptom]), needs)


def minutes_after(symptom: str) -> float:
    """Expected minutes in the best order for the pattern."""
    return expected_minutes(after(symptom))


def ladder_minutes_after(symptom: str) -> float:
    """Expected minutes up the ladder as it stands, when the pattern is known and ignored."""
    return expected_minutes(given_symptom(LADDER, SYMPTOMS[symptom]))


def first_three(symptom: str) -> str:
    """The first three rungs of the best order for the pattern."""
    return ", ".join(check.name for check in after(symptom)[:3])


def in_first_three(symptom: str) -> float:
    """Chance that one of the first three rungs of that order finds the fault."""
    return math.fsum(check.chance for check in after(symptom)[:3])


def minutes_ablations_last() -> float:
    """Expected minutes up the ladder when only the two-hour rung, ablations, is moved to the end."""
    return expected_minutes(sorted(LADDER, key=lambda check: check.name == "ablations"))


def most_a_retrain_saves() -> float:
    """Minutes that a retrain at 5 % saves at most: its chance times all minutes of the ladder."""
    return RETRAIN_FINDS * sum(check.minutes for check in LADDER)


def demo_order() -> None:
    """Print the order that each pattern asks for, with chance and expected minutes."""
    for symptom in SYMPTOMS:
        print(symptom)
        for check in after(symptom)[:4]:
            print(f"  {check.name:21} {check.chance:5.0%} in {check.minutes:3.0f} min")
        print(f"  expected {minutes_after(symptom):.0f} min, up the ladder {ladder_minutes_after(symptom):.0f}")


# What a loss means


def entropy() -> float:
    """Log-loss of saying 0.2 % to every payment, in nats: the entropy of the base rate."""
    return base_rate_entropy(payments.fraud_rate)


def explained(loss: float) -> float:
    """Share of the base rate's entropy that this log-loss removes."""
    return share_explained(loss, payments.fraud_rate)


def share_of_fall_that_is_bias(loss: float) -> float:
    """Share of the way from ln 2 down to this loss that the intercept alone makes."""
    return (math.log(2) - entropy()) / (math.log(2) - loss)


def loss_of_good_model() -> float:
    """Log-loss of the calibrated AUC 0.97 model of the metrics chapter, by numerical integration."""
    return loss_on_kept_labels(0.0)


def starting_loss(classes: int) -> float:
    """Loss of a softmax that starts with equal probabilities: the logarithm of the number of classes."""
    return math.log(classes)


# Worked through: a retrain that lost four frauds in ten

LOST = 0.4  # share of frauds whose label no longer joins, all from one processor; given


@cache
def loss_on_kept_labels(lost: float = LOST) -> float:
    """Log-loss of the AUC 0.97 model, calibrated to labels of which this share of frauds is lost, on such labels.

    A fraud keeps its label with probability 1 − lost, so the model learns that share of the true probability.
    """
    cuts = np.linspace(-8, 12, 4001)
    width = float(cuts[1] - cuts[0])
    mean = metrics.MODEL.parts[0][1]
    p = np.array([metrics.MODEL.probability(float(c), payments.fraud_rate) for c in cuts])
    good = np.exp(-(cuts**2) / 2) / math.sqrt(2 * math.pi)
    fraud = np.exp(-((cuts - mean) ** 2) / 2) / math.sqrt(2 * math.pi)
    density = (1 - payments.fraud_rate) * good + payments.fraud_rate * fraud
    q = (1 - lost) * p
    return float((density * -(q * np.log(q) + (1 - q) * np.log1p(-q))).sum() * width)


def kept_rate(lost: float = LOST) -> float:
    """Share of payments labeled fraud when this share of the frauds has lost its label."""
    return payments.fraud_rate * (1 - lost)


def kept_explained(lost: float = LOST) -> float:
    """Share of the entropy of its own base rate that the model trained on such labels removes."""
    return share_explained(loss_on_kept_labels(lost), kept_rate(lost))


def lost_day(lost: float = LOST) -> metrics.Day:
    """An expected day of the model that learned 1 − lost of every probability, declining above one in eleven."""
    return metrics.at_probability(metrics.break_even_probability() / (1 - lost))


def lost_dollars(lost: float = LOST) -> float:
    """Dollars a day that the lost labels cost, against the same model trained on all of them."""
    return lost_day(lost).cost - metrics.at_break_even().cost


# Signatures: pairs of curves from one network

SIGNATURES = ("healthy", "too small", "too large", "other data", "wrong labels")


class Trial(NamedTuple):
    """A network's curves, and its loss at the end on fresh rows drawn like the training rows."""

    curves: list[Epoch]
    like_training: float


@cache
def signature(name: str) -> Trial:
    """Train a two-layer network for 60 epochs on 600 simulated rows, with one thing wrong."""
    rng = np.random.default_rng(5)
    n = 600
    x = rng.normal(size=(4 * n, 12))
    y = (rng.random(4 * n) < sigmoid(3.0 * x[:, 0] * x[:, 1] + 1.5 * x[:, 2])).astype(float)
    if name == "wrong labels":
        y[: 2 * n] = rng.permutation(y[: 2 * n])  # everything exported for training, the held-out piece too
    training, held_out, rest = slice(0, n), slice(n, 2 * n), slice(2 * n, None)
    shown = x.copy()
    if name == "other data":
        shown[rest, 1] = -shown[rest, 1]  # since the export, the sign of one column means the opposite
    hidden = {"too small": 1, "healthy": 24, "other data": 24}.get(name, 128)
    decay = 0.0 if hidden == 128 else 0.01
    net, curves = fit_network((x[training], y[training]), (shown[rest], y[rest]), hidden, 0.02, 60, seed=9, decay=decay)
    return Trial(curves, mean_log_loss(y[held_out], net(x[held_out])))


def losses_at_end(name: str) -> Epoch:
    """Training and validation loss after the last epoch."""
    return signature(name).curves[-1]


def lowest_validation(name: str) -> float:
    """Lowest validation loss over the epochs, where early stopping would have stopped."""
    return min(epoch.validation for epoch in signature(name).curves)


# Slices


def some_slice_bad_by_chance(slices: int, level: float = 0.05) -> float:
    """Chance that at least one of so many healthy slices fails a test at this level."""
    return 1 - (1 - level) ** slices


def slice_size(rate: float, gap: float, slices: int = 1, level: float = 0.05, power: float = 0.80) -> float:
    """Items a slice needs so that a fall by the gap, from a known rate, is seen with 80 % power, levels shared by Bonferroni."""
    z = NORMAL.inv_cdf(1 - level / slices / 2)
    lower = rate - gap
    spread = z * math.sqrt(rate * (1 - rate)) + NORMAL.inv_cdf(power) * math.sqrt(lower * (1 - lower))
    return (spread / gap) ** 2


def binomial_tail(n: int, rate: float, most: int) -> float:
    """Chance of at most so many successes in n trials."""
    return math.fsum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(most + 1))


@cache
def expected_worst(slices: int, items: int, rate: float) -> float:
    """Expected rate of the worst of so many slices that all have this true rate, exactly by the binomial."""
    above, total = 1.0, 0.0
    for k in range(items + 1):  # E[min] = Σ P(min > k)
        above = max(0.0, 1 - binomial_tail(items, rate, k)) ** slices
        total += above
    return total / items


# Ablations and importance


class Importance(NamedTuple):
    """What three methods say of two columns that carry the same signal, as falls of AUC."""

    permuted: tuple[float, float]  # each shuffled alone
    dropped: tuple[float, float]  # each left out, model trained anew
    both: float  # both left out, trained anew
    full: float


@cache
def twins(correlation: float = 0.98) -> Importance:
    """Two velocity columns that are nearly copies, among three others, on simulated payments at 2 % fraud."""
    rng = np.random.default_rng(17)

    def rows(n: int) -> tuple[FloatArray, FloatArray]:
        y = (rng.random(n) < 0.02).astype(float)
        signal = rng.normal(size=n) + 1.6 * y
        noise = math.sqrt(1 / correlation - 1)
        copies = [signal + noise * rng.normal(size=n) for _ in range(2)]
        others = rng.normal(size=(n, 3)) + y[:, None] * np.array([0.8, 0.6, 0.4])
        return np.column_stack([*copies, others]), y

    (x, y), (xs, ys) = rows(30_000), rows(30_000)
    full = auc(ys, predict(fit_logistic(x, y), xs))

    def shuffled(column: int) -> float:
        moved = xs.copy()
        moved[:, column] = rng.permutation(moved[:, column])
        return full - auc(ys, predict(fit_logistic(x, y), moved))

    def without(*columns: int) -> float:
        left = [i for i in range(x.shape[1]) if i not in columns]
        return full - auc(ys, predict(fit_logistic(x[:, left], y), xs[:, left]))

    return Importance((shuffled(0), shuffled(1)), (without(0), without(1)), without(0, 1), full)


def demo_twins() -> None:
    """Print what shuffling and leaving out say of two columns with one signal."""
    found = twins()
    print(f"AUC {found.full:.3f}      1h    24h   both")
    print(f"shuffled    {found.permuted[0]:5.3f}  {found.permuted[1]:5.3f}")
    print(f"left out    {found.dropped[0]:5.3f}  {found.dropped[1]:5.3f}  {found.both:5.3f}")


@cache
def auc_spread(true_auc: float, frauds: int) -> float:
    """Standard deviation of one fixed model's AUC over test sets with so many frauds and many more good payments.

    Scores are normal with one spread in both classes. A fraud's place is the share of good payments below it, and AUC is
    the mean place, so its variance is that of a place over the frauds.
    """
    shift = math.sqrt(2) * NORMAL.inv_cdf(true_auc)
    cuts = np.linspace(-9, 14, 4601)
    place = np.array([NORMAL.cdf(float(c)) for c in cuts])
    weight = np.exp(-((cuts - shift) ** 2) / 2)
    weight = weight / weight.sum()
    mean = float((weight * place).sum())
    return math.sqrt((float((weight * place**2).sum()) - mean**2) / frauds)


def unpaired_spread(true_auc: float, frauds: int) -> float:
    """Standard deviation of the difference of two such AUCs, each on its own test set."""
    return math.sqrt(2) * auc_spread(true_auc, frauds)


# Production skew


def most_after_clean(rows: int, confidence: float = 0.95) -> float:
    """Largest share of differing rows that so many clean rows leave possible, exactly: 1 − 0.05^(1/n)."""
    return float(1 - (1 - confidence) ** (1 / rows))


def rule_of_three(rows: int) -> float:
    """The same by the rule of three."""
    return 3 / rows


def missed(share: float, rows: int) -> float:
    """Chance that so many random rows hold none of the differing ones."""
    return float((1 - share) ** rows)


def rows_to_see(share: float, confidence: float = 0.95) -> int:
    """Rows needed to see at least one differing row with this chance."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - share))


def graded(right: int, total: int) -> tuple[float, float]:
    """95 % Wilson interval of a share, as a pair."""
    interval = wilson_interval(right, total)
    return interval.low, interval.high
