"""Figures of the cards on data. Serves docs/chapters/fundamentals/data.md.

Closed forms where one exists, each for the small model that its card names. What other chapters compute already, the cards take
from there; two functions look at those chapters' simulated worlds in a new way.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.data_audit import planted
from snippets.data_audit.model import fit_logistic, log_odds, logistic, neighbor_share, rank_auc
from snippets.monitoring import worked as monitored

NORMAL = NormalDist()


def flag_alone(filled: float) -> float:
    """AUC of a flag that is set for this share of the positives and for no negative, ties counted half."""
    return filled + (1 - filled) / 2


def flag_added(auc: float, filled: float) -> float:
    """AUC of a model of this AUC once such a flag, independent of its score, puts the flagged positives on top."""
    return filled + (1 - filled) * auc


def user_in_training(rows: int, held_out: float) -> float:
    """Chance that the user of a validation row has a training row too, if each of their rows is held out at random."""
    return 1 - math.pow(held_out, rows - 1)


def correlation_of_chosen(share: float) -> float:
    """Correlation of two independent normal marks among the `share` with the highest sum, strictly between 0 and 1.

    The cut leaves the difference of the marks alone and narrows their sum to 1 + cλ − λ², with λ the mean above the cut c.
    """
    cut = NORMAL.inv_cdf(1 - share)
    mean = NORMAL.pdf(cut) / share
    narrowed = 1 + cut * mean - mean * mean
    return (narrowed - 1) / (narrowed + 1)


class Filled(NamedTuple):
    """Least squares of a label on a filled column and a bystander; all are of variance 1, and the label is the column itself."""

    cause: float  # coefficient of the column that makes the label: 1 if nothing is missing
    bystander: float  # coefficient of a column that only correlates with it: 0 if nothing is missing

    def explained(self, missing: float, correlation: float) -> float:
        """Share of the label's variance that is not noise which the two explain."""
        return self.cause * (1 - missing) + self.bystander * correlation


def filled_with_mean(missing: float, correlation: float) -> Filled:
    """Coefficients if a share of the cause's values, lost at random, is filled with its mean.

    From the normal equations: the filled column keeps the share 1 − missing of its variance and of both covariances.
    """
    kept = 1 - missing
    rest = 1 - kept * correlation**2
    return Filled((1 - correlation**2) / rest, missing * correlation / rest)


def explained_if_predicted(missing: float, correlation: float) -> float:
    """Share of the same variance explained if the lost values are predicted from the bystander."""
    return 1 - missing + missing * correlation**2


def half_width(share: float, count: int) -> float:
    """Half of a 95 % interval for a share of so many independent cases, by the normal approximation."""
    return NORMAL.inv_cdf(0.975) * math.sqrt(share * (1 - share) / count)


def vote_error(error: float, votes: int) -> float:
    """Share of wrong labels if an odd number of labelers who err independently vote."""
    least = votes // 2 + 1
    return sum(math.comb(votes, k) * error**k * (1 - error) ** (votes - k) for k in range(least, votes + 1))


def clean_rows(error: float, chance: float = 0.5) -> float:
    """Rows with right labels that one row is worth whose label is flipped so often, where the positive's chance is this.

    By information about the chance: a flip shrinks what a feature moves to 1 − 2e of it and brings its own noise. For rows that
    say little about their label, that is (1 − 2e)².
    """
    flipped = error + (1 - 2 * error) * chance
    return (1 - 2 * error) ** 2 * chance * (1 - chance) / (flipped * (1 - flipped))


def odds_in_band(change: str, low: float, high: float) -> float:
    """Odds of fraud over the odds that the launch model says, where it says `low` to `high`, on monitoring's changed day."""
    day = monitored.world(change)
    linear = sum(weight * day.columns[name] for name, weight in monitored.WEIGHTS.items())
    said = logistic(np.asarray(linear + monitored.launch_offset()))
    band = (said >= low) & (said < high)
    seen, meant = float(day.truth[band].mean()), float(said[band].mean())
    return seen / (1 - seen) * (1 - meant) / meant


def copies_to_flip(memorizer: float, plain: float) -> float:
    """Share of validation rows with a copy in training at which a memorizing model looks as accurate as the better plain one.

    The memorizer is right on every copy, and the plain model gains nothing from them.
    """
    return (plain - memorizer) / (1 - memorizer)


class Twins(NamedTuple):
    """AUC of two models on validation rows with a copy in training and on those without."""

    memorizer: float
    memorizer_alone: float
    plain: float
    plain_alone: float


@cache
def with_twins(draws: int = 8) -> Twins:
    """Nearest neighbors and a logistic regression on planted payments of which a third are logged twice: means of 8 draws."""
    found = []
    for seed in range(draws):
        copied = planted.with_copies(np.random.default_rng(seed))
        train, check = copied.blind
        keys = {copied.x[row].tobytes() for row in train}
        twin = np.array([copied.x[row].tobytes() in keys for row in check])
        near = neighbor_share(copied.x[train], copied.y[train], copied.x[check])
        line = log_odds(fit_logistic(copied.x[train], copied.y[train]), copied.x[check])
        label = copied.y[check]
        found.append([rank_auc(label[rows], score[rows]) for score in (near, line) for rows in (twin, ~twin)])
    return Twins(*(float(mean) for mean in np.mean(found, axis=0)))


def noise_explained(levels: int, rows: int) -> float:
    """Share of the label's variance that group means explain on their own rows if the groups say nothing, on average."""
    return (levels - 1) / (rows - 1)


def rows_to_believe(rate: float, spread: float) -> float:
    """Rows of a group at which its own rate weighs as much as the rate of all, for true rates with this standard deviation.

    The variance of a label within groups over that between them, rate (1 − rate) / spread² − 1: the best linear guess.
    """
    return rate * (1 - rate) / spread**2 - 1


def own_weight(rows: int, rate: float, spread: float) -> float:
    """Weight of a group's own rate in that guess, from so many of its rows."""
    return rows / (rows + rows_to_believe(rate, spread))


def steps_to(left: float, ratio: float) -> float:
    """Steps of gradient descent until this share of the slower coefficient's error is left.

    Two uncorrelated columns, one with a spread `ratio` times the other's; the step is one over the larger curvature.
    """
    return math.log(left) / math.log1p(-1 / ratio**2)


def spread_with_error(rows: int, size: float) -> float:
    """Expected standard deviation of a standard column in which one of so many values is off by `size` instead."""
    return math.sqrt((rows - 1 + size**2) / rows * (1 - 1 / rows))


def two_marks(people: int = 400, share: float = 0.1, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Two independent normal marks (people, 2) and who is chosen (people,), the `share` with the highest sum."""
    marks = np.random.default_rng(seed).standard_normal((people, 2))
    order = np.argsort(-marks.sum(axis=1))
    chosen = np.zeros(people, dtype=bool)
    chosen[order[: round(share * people)]] = True
    return marks, chosen
