"""Calibration: measured by bins and proper scores, mended by Platt and by isotonic regression.

Serves docs/chapters/metrics/classification.md.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from snippets.metrics._inputs import (
    FloatArray,
    Labels,
    Numbers,
    binary,
    finite,
    fractions,
    row_count,
    same_length,
    whole,
)
from snippets.metrics.confusion import labeled

Binning: TypeAlias = Literal["width", "mass"]


def sorted_pairs(y_true: Labels, probabilities: Numbers) -> list[tuple[float, int]]:
    """Give (probability, label) pairs in order of probability, checked.

    Labels 0 or 1 and probabilities between 0 and 1, of length n. No item, unequal lengths or a value out of
    range raises `ValueError`. O(n log n).
    """
    labels, shares = binary(y_true, "y_true"), fractions(probabilities, "probabilities")
    row_count(y_true=labels, probabilities=shares)
    return sorted(zip(shares, labels, strict=True))


# --8<-- [start:ece]
class Bin(NamedTuple):
    """Forecasts taken together: what was said on average, and what came true."""

    items: int
    mean_probability: float
    positive_share: float


def pooled(pairs: list[tuple[float, int]]) -> Bin:
    """One point of the diagram from (probability, label) pairs. O(n)."""
    forecast, outcome = sum(p for p, _ in pairs), sum(y for _, y in pairs)
    return Bin(len(pairs), forecast / len(pairs), outcome / len(pairs))


def reliability_bins(
    y_true: Labels,
    probabilities: Numbers,
    bins: int = 10,
    by: Binning = "width",
) -> list[Bin]:
    """The points of a reliability diagram, from low to high probability.

    By "width", bin i holds [i/bins, (i+1)/bins), the last one 1.0 too; by "mass",
    each holds about n/bins items, and equal forecasts stay together. Bins that get no
    item are left out. No item or a value out of range raises. O(n log n).
    """
    pairs = sorted_pairs(y_true, probabilities)
    edges = [i / bins for i in range(1, whole(bins, "bins", least=1))]
    if by not in ("width", "mass"):
        raise ValueError(f"by is {by!r}: 'width' or 'mass' is needed")
    members: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    below = 0
    for value, tied in groupby(pairs, key=itemgetter(0)):
        group = list(tied)
        by_mass = below * bins // len(pairs)
        members[by_mass if by == "mass" else bisect_right(edges, value)] += group
        below += len(group)
    return [pooled(group) for group in members.values()]


def expected_calibration_error(
    y_true: Labels,
    probabilities: Numbers,
    bins: int = 10,
    by: Binning = "width",
) -> float:
    """The average gap between what was said and what came true, over the items.

    Bins as in `reliability_bins`; the answer depends on their number and kind, so say
    both. 0 is also reached by a model that says the base rate to everyone.
    """
    found = reliability_bins(y_true, probabilities, bins, by)
    gaps = [b.items * abs(b.mean_probability - b.positive_share) for b in found]
    return sum(gaps) / sum(b.items for b in found)


# --8<-- [end:ece]


def brier_score(y_true: Labels, probabilities: Numbers) -> float:
    """Mean squared difference between the probability and what happened, 0 at best and 1 at worst.

    Labels 0 or 1 and probabilities between 0 and 1, of length n. No item or a value out of range raises
    `ValueError`. O(n log n), for the shared check sorts. Strictly proper: only the true probability minimizes it.
    """
    pairs = sorted_pairs(y_true, probabilities)
    return math.fsum((p - y) ** 2 for p, y in pairs) / len(pairs)


class BrierParts(NamedTuple):
    """The Brier score taken apart: reliability − resolution + uncertainty + remainder."""

    reliability: float
    resolution: float
    uncertainty: float
    remainder: float


def brier_parts(y_true: Labels, probabilities: Numbers, bins: int | None = None, by: Binning = "width") -> BrierParts:
    """Split the Brier score into miscalibration (less is better), resolution (more is better) and the task's own noise.

    Labels 0 or 1 and probabilities between 0 and 1, of length n. With `bins=None` items with the same forecast
    form a group, and the split is exact: the remainder is zero up to rounding. With bins, a group's forecast is
    its mean, and what that hides stands in the remainder: the forecasts' variance within bins minus twice their
    covariance with the outcome. One class gives uncertainty 0. No item raises `ValueError`. O(n log n).
    Murphy's decomposition; for what bins leave over see *Two Extra Components in the Brier Score*, Weather and
    Forecasting 23.
    """
    pairs = sorted_pairs(y_true, probabilities)
    if bins is None:
        groups = [pooled(list(tied)) for _, tied in groupby(pairs, key=itemgetter(0))]
    else:
        groups = reliability_bins(y_true, probabilities, bins, by)
    n, base = len(pairs), sum(label for _, label in pairs) / len(pairs)
    reliability = math.fsum(g.items * (g.mean_probability - g.positive_share) ** 2 for g in groups) / n
    resolution = math.fsum(g.items * (g.positive_share - base) ** 2 for g in groups) / n
    uncertainty = base * (1 - base)
    remainder = brier_score(y_true, probabilities) - (reliability - resolution + uncertainty)
    return BrierParts(reliability, resolution, uncertainty, remainder)


def log_loss(y_true: Labels, probabilities: Numbers, clip: float = 1e-15) -> float:
    """Mean negative log of the probability given to what happened, in nats; 0 at best.

    Labels 0 or 1 and probabilities between 0 and 1, of length n. Probabilities are first clipped to
    [clip, 1 − clip], so one confident mistake costs about 34.5 nats and not infinity; `clip=0` lets it cost
    infinity. `clip` lies from 0 up to, not including, one half. No item or a value out of range raises
    `ValueError`. O(n log n), for the shared check sorts.
    """
    if not 0 <= clip < 0.5:
        raise ValueError(f"clip is {clip}: at least 0 and less than one half is needed")
    pairs = sorted_pairs(y_true, probabilities)
    given = [min(max(p, clip), 1 - clip) if y else 1 - min(max(p, clip), 1 - clip) for p, y in pairs]
    return math.fsum(-math.log(share) if share else math.inf for share in given) / len(pairs)


class Sigmoid(NamedTuple):
    """A calibration map: probability = 1 / (1 + exp(−(slope · score + intercept)))."""

    slope: float
    intercept: float

    def __call__(self, score: float) -> float:
        """Give the probability for one finite score; far scores go to 0 or 1 without overflow. O(1)."""
        return float(_logistic(np.asarray(self.slope * score + self.intercept)))


def _logistic(x: FloatArray) -> FloatArray:
    tail = np.exp(-np.abs(x))  # never overflows
    return np.asarray(np.where(x >= 0, 1.0, tail) / (1.0 + tail))


def _cross_entropy(x: FloatArray, targets: FloatArray) -> float:
    return float(np.sum(np.logaddexp(0.0, x) - targets * x))


def platt_targets(y_true: Labels) -> FloatArray:
    """Labels softened toward one half, as Platt does, so that separable data cannot ask for infinite slopes.

    With P positives and N negatives a positive's target is (P + 1) / (P + 2) and a negative's 1 / (N + 2). Labels
    0 or 1, of length n, which may be 0; the result has shape (n,). O(n). Defined in Platt 1999.
    """
    labels = np.asarray(binary(y_true, "y_true"), dtype=np.float64)
    positives = float(labels.sum())
    return np.where(labels == 1, (positives + 1) / (positives + 2), 1 / (labels.size - positives + 2))


def fit_platt(y_true: Labels, scores: Numbers, steps: int = 100) -> Sigmoid:
    """Fit the sigmoid that turns scores into probabilities, on data the model was not trained on.

    Logistic regression on the score alone, with Platt's softened targets, by Newton's method with step halving;
    scores are standardized first, so their unit and size do not matter. Labels 0 or 1 and finite scores, of
    length n. Equal scores, or one class, give slope 0. No item raises `ValueError`, and so does not converging in
    `steps`. O(n · steps), some ten steps as a rule. The method of Platt 1999, with Newton's method as is now usual.
    """
    labels, values = labeled(y_true, scores)
    row_count(y_true=labels, scores=values)
    targets, raw = platt_targets(labels), np.asarray(values)
    scale = float(np.abs(raw).max()) or 1.0  # squares cannot overflow, and equal scores have a spread of exactly 0
    center, spread = float((raw / scale).mean()), float((raw / scale).std())
    x = (raw / scale - center) / spread if spread else np.zeros_like(raw)
    features = np.column_stack([x, np.ones_like(x)])
    weights = np.array([0.0, math.log(targets.mean() / (1 - targets.mean()))])
    for _ in range(steps):
        p = _logistic(features @ weights)
        gradient = features.T @ (p - targets)
        if np.abs(gradient).max() <= 1e-10 * len(values):
            slope = float(weights[0]) / spread if spread else 0.0
            return Sigmoid(slope / scale, float(weights[1]) - slope * center)
        hessian = features.T @ (features * (p * (1 - p))[:, None]) + 1e-12 * np.eye(2)
        move = np.linalg.solve(hessian, gradient)
        size = 1.0
        while _cross_entropy(features @ (weights - size * move), targets) > _cross_entropy(features @ weights, targets):
            size /= 2
        weights = weights - size * move
    raise ValueError(f"no convergence in {steps} steps")


# --8<-- [start:pav]
def pool_adjacent_violators(values: Numbers, weights: Numbers) -> list[float]:
    """The non-decreasing sequence closest to the values in weighted squared error.

    Finite values and weights above 0, both of length n; none gives none. A value
    starts a block; while the block before it is higher, the two merge into their mean.
    Every value is merged at most once, so O(n).
    """
    means, masses = finite(values, "values"), finite(weights, "weights")
    if same_length(values=means, weights=masses) and min(masses) <= 0:
        raise ValueError("weights must be above 0")
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, mass in zip(means, masses, strict=True):
        mean, weight, length = value, mass, 1
        while blocks and blocks[-1][0] > mean:
            before, heft, size = blocks.pop()
            mean = (mean * weight + before * heft) / (weight + heft)
            weight, length = weight + heft, length + size
        blocks.append((mean, weight, length))
    return [mean for mean, _, length in blocks for _ in range(length)]


# --8<-- [end:pav]


class Isotonic(NamedTuple):
    """A non-decreasing calibration map: straight lines between knots, level outside them."""

    scores: tuple[float, ...]
    values: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """Give the fitted value for one score, by linear interpolation. O(log knots)."""
        return float(np.interp(score, self.scores, self.values))


def fit_isotonic(scores: Numbers, targets: Numbers, weights: Numbers | None = None) -> Isotonic:
    """Fit the non-decreasing map from scores to targets with least weighted squared error.

    Three columns of finite numbers of length n; weights above 0, equal if left out; targets may be labels. Items
    with equal scores are first pooled to their weighted mean, so the map is a function and input order does not
    matter. One distinct score gives a constant. No item, unequal lengths or a bad value raises `ValueError`.
    O(n log n). Isotonic regression by pool-adjacent-violators.
    """
    xs, ys = finite(scores, "scores"), finite(targets, "targets")
    ws = finite([1.0] * len(xs) if weights is None else weights, "weights")
    row_count(scores=xs, targets=ys, weights=ws)
    if min(ws) <= 0:
        raise ValueError("weights must be above 0")
    knots, means, masses = [], [], []
    for score, tied in groupby(sorted(zip(xs, ys, ws, strict=True)), key=itemgetter(0)):
        group = [(y, w) for _, y, w in tied]
        mass = math.fsum(w for _, w in group)
        knots.append(score)
        means.append(math.fsum(y * w for y, w in group) / mass)
        masses.append(mass)
    return Isotonic(tuple(knots), tuple(pool_adjacent_violators(means, masses)))
