"""Figures of the cards on models for tables. Serves docs/chapters/fundamentals/models.md.

The models are those of the page on models from scratch; what a formula gives is not simulated.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.spatial import distance

from snippets.coding.boosting import boost
from snippets.coding.neighbors import knn
from snippets.coding.trees import Node, best_split, grow
from snippets.data_audit.model import fit_logistic, log_odds, logistic
from snippets.experiments.chance import after_evidence
from snippets.metrics._inputs import FloatArray

# Linear regression


def slope_given(with_label: float, other_with_label: float, between: float) -> float:
    """Coefficient of a column when another one is in the model too; all three columns standardized, from their correlations.

    Two columns that are copies of each other (correlation 1 or −1) have no answer: ZeroDivisionError.
    """
    return (with_label - other_with_label * between) / (1 - between**2)


def slope_error(with_label: float, other_with_label: float, between: float, rows: int) -> float:
    """Standard error of that coefficient, if errors are independent and spread alike."""
    explained = with_label * slope_given(with_label, other_with_label, between)
    explained += other_with_label * slope_given(other_with_label, with_label, between)
    return math.sqrt((1 - explained) / (rows * (1 - between**2)))


def error_inflation(between: float) -> float:
    """By what a column's twin multiplies the standard error of its coefficient: the root of 1 / (1 − r²)."""
    return 1 / math.sqrt(1 - between**2)


# Logistic regression


@cache
def flag_probability(penalty: float, flagged: int = 5, others: int = 10_000, base: float = 0.02) -> float:
    """What a logistic regression says of a flagged row, when all flagged rows are positive and `base` of the others are.

    The penalty is λ/2 times the squared weight, beside the sum of losses (scikit-learn's C is 1/λ); the intercept is free.
    """
    positives = round(base * others)
    x, y = np.array([[0.0], [0.0], [1.0]]), np.array([0.0, 1.0, 1.0])
    beta = fit_logistic(x, y, penalty, np.array([others - positives, positives, flagged], dtype=float), steps=200)
    return float(logistic(log_odds(beta, np.array([[1.0]])))[0])


def odds_times(probability: float, factor: float) -> float:
    """The probability whose odds are a multiple of another one's."""
    odds = factor * probability / (1 - probability)
    return odds / (1 + odds)


# Decision trees


@cache
def noise_wins(
    columns: int, rows: int = 100, low: float = 0.4, high: float = 0.6, values: int = 0, draws: int = 2_000
) -> float:
    """Share of samples in which a tree's first split takes a column of random numbers, and not the one useful column.

    The useful column is yes or no, half each; positives are `low` and `high` of the rows. The others have as many values
    as rows, or `values` equally frequent ones.
    """
    rng = np.random.default_rng(5)
    yes = np.arange(rows) % 2
    wins = 0
    for _ in range(draws):
        y = (rng.random(rows) < np.where(yes, high, low)).astype(float)
        noise = rng.random((rows, columns)).argsort(axis=0)
        split = best_split(np.column_stack([yes, noise * values // rows if values else noise]).astype(float), y)
        wins += split is not None and split.feature > 0
    return wins / draws


def impurity(*sides: tuple[float, float]) -> float:
    """Gini impurity after a split, weighted by rows; each side is its count of negatives and positives."""
    total = sum(map(sum, sides))
    return sum(2 * a * b / (a + b) for a, b in sides) / total


def split_error(*sides: tuple[float, float]) -> float:
    """Share of rows that a majority vote on each side gets wrong."""
    return sum(min(side) for side in sides) / sum(map(sum, sides))


# Random forests


def split_sees_none(useful: int, columns: int, drawn: int) -> float:
    """Chance that none of the columns drawn for a split is a useful one."""
    return math.comb(columns - useful, drawn) / math.comb(columns, drawn)


def out_of_bag(rows: int) -> float:
    """Chance that a tree was not trained on a row: rows are drawn as often as there are rows, with replacement."""
    return (1 - 1 / rows) ** rows


def sibling_in_bag(group: int) -> float:
    """Chance that a tree which was not trained on a row has seen another row of its group; many rows, drawn with replacement."""
    return 1 - math.exp(-(group - 1))


# Gradient boosting


def left_after(rounds: int, rate: float) -> float:
    """Share of the first residual that is left when each round's tree fits what is left exactly, shrunk by the rate."""
    return math.pow(1 - rate, rounds)


@cache
def boosted_trend(week: int, slope: float = 2.0, weeks: int = 100) -> float:
    """What boosted stumps say for a week, trained on a line over the first `weeks` weeks (300 rounds, rate 0.1)."""
    x = np.arange(1.0, weeks + 1)[:, None]
    start, stumps = boost(x, slope * x[:, 0], 300, 0.1)
    at = np.array([[float(week)]])
    return start + sum(float(stump.add(at)[0]) for stump in stumps)


# Support vector machines


def rows_alike(columns: int, gamma: float, rows: int, least: float = 0.01) -> float:
    """Expected number of training rows whose similarity with a new row is above `least`; columns independent, standard normal."""
    limit = -math.log(least) / gamma  # on the squared distance, which is 2 times a chi-square
    return rows * float(stats.chi2.cdf(limit / 2, columns))


@cache
def nearest_likeness(columns: int, gamma: float, rows: int = 1_000) -> float:
    """Median over training rows of the similarity with the nearest other one, by ten draws; columns independent, standard normal."""
    rng = np.random.default_rng(2)
    nearest = []
    for _ in range(10):
        x = rng.standard_normal((rows, columns))
        apart = distance.cdist(x, x) ** 2
        np.fill_diagonal(apart, np.inf)
        nearest.append(np.median(apart.min(axis=1)))
    return math.exp(-gamma * float(np.mean(nearest)))


def narrow_intercept(majority: float, price: float) -> float:
    """Intercept of a support vector machine in which no two rows are alike, for a class with this share and the price C.

    A row's score is then ±its own weight plus the intercept b. Larger class: weight 1 − b. Smaller: 1 + b, at most C. The
    weights of both classes have one sum.
    """
    smaller = min(price, 2 * majority)
    return 1 - smaller * (1 - majority) / majority


# Nearest neighbors


class Neighborhood(NamedTuple):
    """What useless columns do to the vote of the nearest neighbors."""

    right: float  # share of new rows that the vote gets right
    nearest: float  # distance to the nearest training row over the distance to a typical one, median


@cache
def neighborhood(useless: int, rows: int = 500, near: int = 15, all_useful: bool = False) -> Neighborhood:
    """A label that says whether two columns have one sign, with columns of noise beside them; 15 neighbors, ten draws, 500 new rows each.

    With `all_useful` the label is the sign of the sum of the same columns, and none of them is noise.
    """
    rng = np.random.default_rng(3)
    found = []
    for _ in range(10):
        x = rng.standard_normal((rows + 500, 2 + useless))
        y = ((x.sum(axis=1) if all_useful else x[:, 0] * x[:, 1]) > 0).astype(np.int64)
        told = knn(x[:rows], y[:rows], x[rows:], near)
        apart = distance.cdist(x[rows:], x[:rows])
        found.append((np.mean(told == y[rows:]), np.median(apart.min(axis=1) / np.median(apart, axis=1))))
    right, nearest = np.mean(found, axis=0)
    return Neighborhood(float(right), float(nearest))


def majority_flags(share: float, near: int = 15) -> float:
    """Chance that more than half of the nearest rows are positive, where each is with this chance."""
    return float(stats.binom.sf(near // 2, near, share))


# Naive Bayes


def believed(prior: float, ratio: float, copies: int) -> float:
    """Posterior of naive Bayes when one piece of evidence stands in so many columns: each counts as a witness of its own."""
    return after_evidence(prior, *[ratio] * copies)


# Feature importance


class Credit(NamedTuple):
    """What a forest of full trees says of a useful column and of noise."""

    impurity_noise: float  # share of all impurity gains
    shuffled_useful: float  # fall of accuracy on new rows when the column is shuffled
    shuffled_noise: float
    shuffled_noise_train: float  # the same on the rows of training


def gains(tree: Node | float, columns: int) -> FloatArray:
    """Sum of the gains of a tree's splits by column."""
    total = np.zeros(columns)
    if isinstance(tree, Node):
        total = gains(tree.left, columns) + gains(tree.right, columns)
        total[tree.split.feature] += tree.split.gain
    return total


def leaves(tree: Node | float, x: FloatArray) -> FloatArray:
    """What a tree says of each row of x (n, d), a node at a time."""
    if not isinstance(tree, Node):
        return np.full(len(x), tree)
    left = x[:, tree.split.feature] <= tree.split.cut
    told = np.empty(len(x))
    told[left], told[~left] = leaves(tree.left, x[left]), leaves(tree.right, x[~left])
    return told


@cache
def credit(rows: int = 400, new: int = 20_000, trees: int = 25) -> Credit:
    """A yes-or-no column with 30 or 70 % positives beside one of random numbers; 25 bagged trees grown to the end on 400 rows.

    New rows are scored by their true chance of being positive, which leaves out the noise of drawing labels.
    """
    rng = np.random.default_rng(11)
    x = np.column_stack([rng.integers(0, 2, rows + new), rng.random(rows + new)]).astype(float)
    chance = np.where(x[:, 0] > 0, 0.7, 0.3)
    y = (rng.random(rows) < chance[:rows]).astype(float)
    bags = [rng.integers(0, rows, rows) for _ in range(trees)]
    forest = [grow(x[bag], y[bag], 10_000) for bag in bags]
    total = sum((gains(tree, 2) for tree in forest), np.zeros(2))

    def right(part: FloatArray, positive: FloatArray) -> float:
        share = np.mean([leaves(tree, part) for tree in forest], axis=0)
        return float(np.where(share > 0.5, positive, 1 - positive).mean())

    def fall(part: FloatArray, positive: FloatArray, column: int) -> float:
        moved = part.copy()
        moved[:, column] = rng.permutation(moved[:, column])
        return right(part, positive) - right(moved, positive)

    later, seen = (x[rows:], chance[rows:]), (x[:rows], y)
    return Credit(float(total[1] / total.sum()), fall(*later, 0), fall(*later, 1), fall(*seen, 1))


def linear_attribution(weight: float, value: float, background: float) -> float:
    """Shapley value of a column in a linear model: its weight times its distance from the background's mean."""
    return weight * (value - background)
