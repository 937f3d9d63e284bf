"""Figures of the cards on learning without labels. Serves docs/chapters/fundamentals/unlabeled.md.

Closed forms where there are any. Where a method is fitted, it is fitted to the distribution itself: integrals or quantiles, no sample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, ncx2

from snippets.cases import marketplace, payments
from snippets.coding.kmeans import kmeans
from snippets.metrics.prevalence import ppv
from snippets.metrics.worked import bisect

Array = NDArray[np.float64]

NORMAL = NormalDist()


# k-means


@cache
def quantizer(k: int) -> tuple[float, ...]:
    """The best k centers for a normal column with spread 1, by alternating cells and means to the end."""
    centers = [NORMAL.inv_cdf((j + 0.5) / k) for j in range(k)]
    for _ in range(2_000):
        centers = [(_density(low) - _density(high)) / (_below(high) - _below(low)) for low, high in _cells(centers)]
    return tuple(centers)


def _cells(centers: Sequence[float]) -> list[tuple[float, float]]:
    """Where each center is the nearest: from halfway to its left neighbor to halfway to its right one."""
    cuts = [-math.inf, *((a + b) / 2 for a, b in pairwise(centers)), math.inf]
    return list(pairwise(cuts))


def _density(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def left_over(k: int) -> float:
    """Share of a normal column's variance that the best k centers leave: there is one group, and it still falls.

    At the best centers each is its cell's mean, so what they explain is the mean square of a row's center.
    """
    centers = quantizer(k)
    cells = zip(centers, _cells(centers), strict=True)
    return 1 - sum(center**2 * (_below(high) - _below(low)) for center, (low, high) in cells)


def silhouette_of_halves() -> float:
    """Mean silhouette of a normal column cut at its mean: there is one group, and halves look well apart.

    Of a row at x > 0: a is its mean distance to its own half, b to the other one; the silhouette is (b − a) / b, since a ≤ b.
    """
    x = np.array([NORMAL.inv_cdf(0.5 + (i + 0.5) / 4_000) for i in range(2_000)])
    middle = math.sqrt(2 / math.pi)  # mean of a half
    within = 2 * np.array([_below(row) for row in x]) - 1
    own = x * (2 * within - 1) - middle + 4 * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return float((1 - own / (x + middle)).mean())


@cache
def noise_at_the_cut(fitted: bool, rows: int = 200, columns: int = 100) -> float:
    """How many times as dense pure noise lies at the cut between two centers as at the centers, on the line between them.

    Ten draws, the best of five starts; for the rows that the centers were fitted to, or for as many new ones. Counted within a quarter of the way to a center.
    """
    at_cut = at_centers = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x, new = rng.standard_normal((2, rows, columns))
        (a, b), _, _ = min((kmeans(x, x[start : start + 2]) for start in range(5)), key=lambda end: end[2][-1])
        along = (
            ((x if fitted else new) - (a + b) / 2) @ (b - a) / (np.linalg.norm(b - a) ** 2 / 2)
        )  # centers at −1 and 1
        at_cut += int((np.abs(along) < 0.25).sum())
        at_centers += int((np.abs(np.abs(along) - 1) < 0.25).sum())
    return 2 * at_cut / at_centers


def explained_by_cut(cut: float, share: float, away: float) -> float:
    """Squared error that two centers save when they cut two normal groups of spread 1 here.

    The second group holds `share` of the rows and lies `away` to the right of the first.
    """
    left = (1 - share) * _below(cut) + share * _below(cut - away)
    total = share * away
    part = share * away * _below(cut - away) - (1 - share) * _density(cut) - share * _density(cut - away)
    return part**2 / left + (total - part) ** 2 / (1 - left) - total**2


def cuts_the_large_group(share: float, away: float) -> bool:
    """Whether the best two centers cut the large group near its middle instead of between the groups."""
    grid = np.linspace(-2, away + 2, 801)
    saved = [explained_by_cut(float(cut), share, away) for cut in grid]
    return bool(grid[int(np.argmax(saved))] < away / 4)


@cache
def distance_to_be_seen(share: float) -> float:
    """How many standard deviations away a small group must lie before two centers separate it from the large one."""
    return bisect(lambda away: not cuts_the_large_group(share, away), 2.0, 40.0)


# Hierarchical and density


def links_each(rows: float, false_link: float) -> float:
    """False links of a row: each of the other rows with this chance."""
    return (rows - 1) * false_link


def pairs(rows: int) -> float:
    """Pairs of so many rows, what a linkage by all distances has to compute."""
    return rows * (rows - 1) / 2


def largest_component(links: float) -> float:
    """Share of rows in the one large connected group when each row has so many random links; 0 up to one link.

    The share s solves s = 1 − e^(−links·s): a row is outside if none of its links leads into it (Erdős and Rényi).
    """
    if links <= 1:
        return 0.0
    return bisect(lambda share: share >= 1 - math.exp(-links * share), 1e-9, 1.0)


def chained(false_link: float, part: float = 1.0) -> float:
    """Share of the live listings, or of a part of them drawn at random, that false links tie into one group."""
    return largest_component(links_each(marketplace.live_listings * part, false_link))


def false_link_for(links: float) -> float:
    """The chance of a false link at which a live listing has so many of them."""
    return links / (marketplace.live_listings - 1)


def pairs_within(factor: float, columns: int) -> float:
    """Share of pairs nearer than `factor` times the median distance, for rows of independent normal columns."""
    return float(chi2.cdf(factor**2 * chi2.ppf(0.5, columns), columns))


# Gaussian mixtures


class Mixture(NamedTuple):
    """Normal components: weights, means, spreads, and the mean log-likelihood of a row."""

    weights: Array
    means: Array
    spreads: Array
    likelihood: float


def expectation_maximization(x: Array, means: Array, rounds: int = 400, mass: Array | None = None) -> Mixture:
    """x (n,), starting means (k,) -> a mixture fitted by EM, from equal weights and the spread of all rows.

    `mass` (n,), with sum 1, weighs the rows; without it all weigh the same. A round costs O(n·k) and never lowers the likelihood.
    No floor under a spread: rows that repeat may break it.
    """
    mass = np.full(len(x), 1 / len(x)) if mass is None else mass
    means = np.asarray(means, dtype=float)
    spreads, weights = np.full(len(means), math.sqrt(_variance(x, mass))), np.full(len(means), 1 / len(means))
    for _ in range(rounds):
        shares = _joint(x, weights, means, spreads)
        shares *= (mass / shares.sum(axis=1))[:, None]
        weights = shares.sum(axis=0)
        means = x @ shares / weights
        spreads = np.sqrt((shares * (x[:, None] - means) ** 2).sum(axis=0) / weights)
    return Mixture(weights, means, spreads, float(mass @ np.log(_joint(x, weights, means, spreads).sum(axis=1))))


def _variance(x: Array, mass: Array) -> float:
    return float(mass @ (x - mass @ x) ** 2)


def _joint(x: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Weight times density of each component at each row: (n, k)."""
    z = (x[:, None] - means) / spreads
    return np.asarray(weights * np.exp(-z * z / 2) / (spreads * math.sqrt(2 * math.pi)))


@cache
def two_for_a_skew(spread: float) -> tuple[Mixture, float]:
    """The two-normal mixture nearest to a log-normal column of median 1, and what it gains a row over one normal, in nats."""
    z = np.linspace(-6, 6, 801)
    x, mass = np.exp(spread * z), np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    two = expectation_maximization(x, np.exp(spread * np.array([-0.5, 1.3])), mass=mass)
    one = -0.5 * math.log(2 * math.pi * math.e * _variance(x, mass))
    return two, two.likelihood - one


def bic_price(parameters: int, rows: int) -> float:
    """Nats of likelihood that so many more parameters must gain to lower BIC."""
    return parameters * math.log(rows) / 2


def rows_until_bic(gain: float, parameters: int) -> int:
    """Rows from which so many more parameters lower BIC, if each row gains so many nats."""
    rows = 2
    while rows * gain <= bic_price(parameters, rows):
        rows += 1
    return rows


def gain_of_a_small_group(share: float, away: float) -> float:
    """Nats a row by which the true two groups of spread 1 beat one normal of the same mean and variance."""
    x = np.linspace(-10, away + 10, 20_001)
    parts = (np.array([1 - share, share]), np.array([0.0, away]), np.ones(2))
    truth = _joint(x, *parts).sum(axis=1)
    mean, spread = share * away, math.sqrt(1 + share * (1 - share) * away**2)
    one = _joint(x, np.ones(1), np.array([mean]), np.array([spread])).sum(axis=1)
    return float(np.trapezoid(truth * np.log(truth / one), x))


def spike(times: float) -> float:
    """Nats that the likelihood rises when a component that sits on one row gets narrower by this factor."""
    return math.log(times)


# Principal components


def kept_angle(strength: float, columns: int, rows: int) -> float:
    """Squared cosine between the first sample component and the true one, in the limit of many rows and columns.

    All columns have variance 1; one direction has `strength` more. Below √(columns / rows) nothing of it is found.
    """
    ratio = columns / rows
    if strength**2 <= ratio:
        return 0.0
    return (1 - ratio / strength**2) / (1 + ratio / strength)


def noise_top(columns: int, rows: int) -> float:
    """Variance along the first component of pure noise, in variances of a column, in the same limit."""
    return (1 + math.sqrt(columns / rows)) ** 2


def auc_of_gap(gap: float) -> float:
    """AUC of a column whose classes are normal and so many standard deviations apart."""
    return NORMAL.cdf(gap / math.sqrt(2))


# Neighbor maps


def _squared(x: Array) -> Array:
    return np.asarray(((x[:, None] - x[None]) ** 2).sum(axis=-1))


def tsne_similarities(x: Array, perplexity: float) -> Array:
    """x (n, d) -> what t-SNE keeps of it: (n, n), rows that sum to 1, before they are made symmetric. O(n²·d).

    Each row's bell is as wide as it takes to have this perplexity, e to the entropy: about so many neighbors.
    """
    distance = _squared(x)
    kept = np.zeros_like(distance)
    for i, row in enumerate(distance):
        others = np.delete(row, i)

        def shares(log_width: float, others: Array = others) -> Array:
            weight = np.exp(-(others - others.min()) / math.exp(log_width))
            return np.asarray(weight / weight.sum())

        def wide(log_width: float) -> bool:
            p = shares(log_width)
            return -float((p[p > 0] * np.log(p[p > 0])).sum()) >= math.log(perplexity)

        kept[i, np.arange(len(x)) != i] = shares(bisect(wide, -20.0, 20.0))
    return kept


def umap_similarities(x: Array, k: int) -> Array:
    """x (n, d) -> what UMAP keeps of it: (n, n) weights of each row's k nearest, before they are made symmetric.

    1 for the nearest, then e^(−(d − nearest) / width), the width such that a row's weights sum to log₂ k. O(n²·d).
    """
    distance = np.sqrt(_squared(x))
    kept = np.zeros_like(distance)
    for i, row in enumerate(distance):
        near = np.argsort(row, kind="stable")[1 : k + 1]
        beyond = row[near] - row[near[0]]

        def enough(log_width: float, beyond: Array = beyond) -> bool:
            return float(np.exp(-beyond / math.exp(log_width)).sum()) >= math.log2(k)

        kept[i, near] = np.exp(-beyond / math.exp(bisect(enough, -20.0, 20.0)))
    return kept


GROUP, PERPLEXITY, NEIGHBORS = 40, 10.0, 15
NEAR, FAR, WIDER = 25.0, 100.0, 5.0  # where the third group lies, and how wide the second is, in spreads of the first


def groups(moved: bool) -> Array:
    """Three groups of 40 rows in two columns, (120, 2); or the same rows, the second group widened and the third moved off."""
    shape = np.random.default_rng(0).standard_normal((3, GROUP, 2))
    if moved:
        shape[1] *= WIDER
    shape[1, :, 0] += 2 * NEAR
    shape[2, :, 1] += FAR if moved else NEAR
    return np.asarray(shape.reshape(-1, 2))


@cache
def similarity_changed(method: str = "tsne") -> float:
    """Share of all similarities that change when the second group becomes five times as wide and the third lies four times as far."""

    def keep(x: Array) -> Array:
        return tsne_similarities(x, PERPLEXITY) if method == "tsne" else umap_similarities(x, NEIGHBORS)

    before, after = keep(groups(moved=False)), keep(groups(moved=True))
    return float(np.abs(before - after).sum() / (2 * before.sum()))


def tsne_layout(similarities: Array, rounds: int = 400, seed: int = 0) -> Array:
    """Similarities (n, n) -> a map (n, 2), by gradient descent with momentum from a small random start.

    Attraction is exaggerated in the first quarter, as usual. It sees nothing of the rows but these similarities. O(rounds·n²).
    """
    n = len(similarities)
    p = (similarities + similarities.T) / (2 * n)
    y, step = 1e-2 * np.random.default_rng(seed).standard_normal((n, 2)), np.zeros((n, 2))
    for t in range(rounds):
        near = 1 / (1 + _squared(y))
        np.fill_diagonal(near, 0)
        pull = (p * (8 if t < rounds / 4 else 1) - near / near.sum()) * near
        step = 0.8 * step - 10 * 4 * (pull.sum(axis=1)[:, None] * y - pull @ y)
        y = y + step
    return np.asarray(y - y.mean(axis=0))


# Autoencoders

SEEN, CODE = 20, 2  # columns, numbers in the code
WIDE = 3.0  # spread along each direction that the code keeps; 1 along the others


def error_auc(outside: float) -> float:
    """AUC of the reconstruction error for oddities that lie so far off the code's plane, against usual rows.

    The error of a usual row is χ² with as many degrees as directions are lost; an oddity's is noncentral.
    """
    return _chi2_auc(SEEN - CODE, outside)


def code_auc(inside: float) -> float:
    """AUC of the distance within the code, in its own spreads, for oddities so many of them out along the plane."""
    return _chi2_auc(CODE, inside)


@cache
def _chi2_auc(degrees: int, shift: float) -> float:
    """Chance that a noncentral χ² exceeds a central one of the same degrees."""
    levels = (np.arange(20_000) + 0.5) / 20_000
    return float(ncx2.sf(chi2.ppf(levels, degrees), degrees, shift**2).mean()) if shift else 0.5


def nats_in_code(variance: float, noise: float, beta: float = 1.0) -> float:
    """What a linear variational autoencoder keeps of a direction with this variance, in nats; 0 below beta times the noise.

    It minimizes D / (2·noise) + beta·rate with rate = ½ ln(variance / D), D the squared error left: the best D is beta·noise.
    """
    return max(0.0, 0.5 * math.log(variance / (beta * noise)))


# Anomaly detection


def found_among(columns: int, shift: float = 4.0, false_alarms: float = 0.001) -> float:
    """Share of oddities found by the distance from the mean, when they are odd in one of so many independent normal columns."""
    return float(ncx2.sf(chi2.ppf(1 - false_alarms, columns), columns, shift**2))


def perfect_precision(flagged: float, rate: float = payments.fraud_rate) -> float:
    """Precision of a perfect ranking that must flag this share of the rows."""
    return min(1.0, rate / flagged)


def precision_of(columns: int, rate: float = payments.fraud_rate, false_alarms: float = 0.001) -> float:
    """Precision of the same detector's alarms where this share of the rows is odd."""
    return ppv(found_among(columns, false_alarms=false_alarms), 1 - false_alarms, rate)


# Matrix factorization


def one_taste_score(clicked: float, weight_unseen: float, alpha: float) -> float:
    """What weighted least squares scores an item for users who all have the factor 1, without a penalty.

    Clicks have label 1 and weight 1 + alpha; all others are 0 with weight 1. `clicked` and `weight_unseen` are the shares of users
    who clicked and who count as "did not click".
    """
    return clicked * (1 + alpha) / (clicked * (1 + alpha) + weight_unseen)


def young_score(shown: float, rate: float = 0.1, alpha: float = 10.0, only_shown: bool = False) -> float:
    """Score of an item shown to this share of users and clicked by `rate` of those; with or without the users who never saw it."""
    everybody = shown if only_shown else 1.0
    return one_taste_score(shown * rate, everybody - shown * rate, alpha)
