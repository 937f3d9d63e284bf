"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/data-audit/splits.md."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.data_audit.model import fit_logistic, log_odds, logistic, rank_auc
from snippets.data_audit.shift import adversarial_auc, effective_rows, importance_weights, weighted_auc
from snippets.data_audit.splits import Split, both_splits, gap_after, group_split, time_split
from snippets.metrics._inputs import FloatArray

# Given on the page: a year of payments of a small shop, and the two months after it
NOW, MATURE, WINDOW, HORIZON = 360.0, 90.0, 120.0, 60.0  # days
USERS, NEW_USERS, REGIONS = 150, 150, 5
ROWS, LATER = 6_000, 6_000
DRAWS = 24


class Shop(NamedTuple):
    """A history and the time after it. Regions 0 to 4 are old; region 5 opens at day 360, with new users only."""

    at: FloatArray  # days
    user: NDArray[np.int64]
    region: NDArray[np.int64]
    x: FloatArray  # (n, 3)
    y: FloatArray


def shop(rng: np.random.Generator) -> Shop:
    """Fraud depends on a steady feature, one whose meaning turns over the year, one that differs by region, and the user."""
    n = ROWS + LATER
    at = np.concatenate([rng.uniform(0, NOW, ROWS), rng.uniform(NOW, NOW + HORIZON, LATER)])
    user = np.concatenate([rng.integers(0, USERS, ROWS), rng.integers(0, USERS + NEW_USERS, LATER)])
    home = rng.integers(0, REGIONS, USERS + NEW_USERS)
    home[USERS + NEW_USERS * 2 // 3 :] = REGIONS  # a third of the new users live where the shop opens
    region = home[user]
    x = rng.normal(size=(n, 3))
    turning = 1.2 - 1.6 * at / NOW
    local = rng.normal(0.6, 0.6, REGIONS + 1)
    risk = rng.normal(0.0, 1.3, USERS + NEW_USERS)
    z = -2.2 + 0.7 * x[:, 0] + turning * x[:, 1] + local[region] * x[:, 2] + risk[user]
    return Shop(at, user, region, x, (rng.random(n) < logistic(z)).astype(float))


def design(s: Shop) -> FloatArray:
    """The three features and a column for each user of the history; a new user has none."""
    return np.column_stack([s.x, np.eye(USERS + NEW_USERS)[s.user][:, :USERS]])


def fit_and_score(s: Shop, x: FloatArray, train: NDArray[np.int64], *asked: NDArray[np.int64]) -> list[float]:
    """AUC on each set of asked rows of a model of these training rows."""
    beta = fit_logistic(x[train], s.y[train], ridge=1.0)
    return [rank_auc(s.y[rows], log_odds(beta, x[rows])) for rows in asked]


@cache
def split_table() -> dict[str, float]:
    """What each split promises, and what production then gives: areas under the ROC curve, means of 24 seeded draws."""
    found: dict[str, list[float]] = {}
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        s = shop(rng)
        x = design(s)
        past, later = s.at < NOW, s.at >= NOW
        old_user = s.user < USERS
        at = np.where(past, s.at, np.inf)  # nothing of production takes part in a split
        start = NOW - HORIZON
        ripe = Split(*(rows[past[rows]] for rows in time_split(s.at, start, MATURE, WINDOW)))
        hasty = Split(*(rows[past[rows]] for rows in time_split(s.at, start, 0.0, WINDOW)))
        strangers = rng.permutation(USERS)[: USERS // 3]
        history = np.flatnonzero(past)
        shuffled = rng.permutation(history)
        size = len(ripe.train)
        parts = {
            "random": Split(shuffled[:size], shuffled[size:]),
            "users": _inside(group_split(s.user, np.append(strangers, np.arange(USERS, USERS + NEW_USERS))), past),
            "regions": _inside(group_split(s.region, np.array([seed % REGIONS, REGIONS])), past),
            "time without gap": hasty,
            "time": ripe,
        }
        parts["time and users"] = both_splits(parts["time"], parts["users"])
        parts["time and regions"] = both_splits(parts["time"], parts["regions"])
        for name, (train, check) in parts.items():
            if len(train) > size:
                train = rng.permutation(train)[:size]
            of_training, of_check = fit_and_score(s, x, train, train, check)
            found.setdefault(name, []).append(of_check)
            if name == "random":
                found.setdefault("random, training rows", []).append(of_training)
        final = np.flatnonzero((at < NOW - MATURE) & (at >= NOW - MATURE - WINDOW))
        asked = {
            "production": later,
            "production, known users": later & old_user,
            "production, new users": later & ~old_user & (s.region < REGIONS),
            "production, new region": later & (s.region == REGIONS),
        }
        scores = fit_and_score(s, x, final, *(np.flatnonzero(rows) for rows in asked.values()))
        for name, score in zip(asked, scores, strict=True):
            found.setdefault(name, []).append(score)
    return {name: float(np.mean(scores)) for name, scores in found.items()} | {
        f"se {name}": float(np.std(scores, ddof=1) / np.sqrt(len(scores))) for name, scores in found.items()
    }


def _inside(split: Split, rows: NDArray[np.bool_]) -> Split:
    return Split(*(part[rows[part]] for part in split))


class TwoSided(NamedTuple):
    """The same validation block judged by models of earlier rows, and of rows from both sides: areas under the ROC curve."""

    before: float
    both: float
    error: float  # standard error of the difference over draws


@cache
def two_sided(draws: int = DRAWS) -> TwoSided:
    """Days 150 to 210 from days 0 to 59 alone, and from half of those and as many of days 330 to 359: seeded draws.

    Both keep every gap: 90 days before the block, 120 after it.
    """
    found = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        s = shop(rng)
        block = np.flatnonzero((s.at >= 150) & (s.at < 210))
        before = rng.permutation(np.flatnonzero(s.at < 150 - MATURE))
        after = rng.permutation(np.flatnonzero((s.at >= 210 + gap_after(MATURE, 30)) & (s.at < NOW)))
        half = len(before) // 2
        mixed = np.concatenate([before[:half], after[: len(before) - half]])
        x = design(s)
        found.append((*fit_and_score(s, x, before, block), *fit_and_score(s, x, mixed, block)))
    a, b = np.array(found).T
    return TwoSided(float(a.mean()), float(b.mean()), float(np.std(b - a, ddof=1) / np.sqrt(draws)))


# Does validation look like production


class Comparison(NamedTuple):
    """What an adversarial classifier says, what it leaves, and what happened to the score."""

    adversarial: float  # AUC of history against production
    left: float  # share of validation rows that importance weighting leaves effective
    validation: float  # AUC
    weighted: float  # AUC on validation, weighted to look like production
    production: float  # AUC


SHIFTS = ("nothing", "row number", "mix", "meaning")
COMPARED = 3_000  # rows of training, of validation and of production each


@cache
def comparison(kind: str, draws: int = 8) -> Comparison:
    """History against production when so much changed: means over 8 seeded draws of 3,000 rows a side."""
    found = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        n = COMPARED
        x = rng.normal(size=(3 * n, 2))
        late = np.arange(3 * n) >= 2 * n
        slope = np.where(late & (kind == "meaning"), -0.2, 1.4)
        if kind == "mix":  # production is more like the group in which the first feature says less
            x[late, 1] += 0.8
        z = -1.5 + slope * x[:, 0] * (x[:, 1] < 0.4) + 0.3 * x[:, 0] + 0.3 * x[:, 1]
        y = (rng.random(3 * n) < logistic(z)).astype(float)
        train, check, later = (slice(k * n, (k + 1) * n) for k in range(3))
        beta = fit_logistic(x[train], y[train])
        said = log_odds(beta, x)
        seen = np.column_stack([x, np.arange(3 * n)]) if kind == "row number" else x
        weights = importance_weights(seen[check], seen[later])
        found.append(
            Comparison(
                adversarial_auc(seen[check], seen[later]),
                effective_rows(weights) / n,
                rank_auc(y[check], said[check]),
                weighted_auc(y[check], said[check], weights),
                rank_auc(y[later], said[later]),
            )
        )
    return Comparison(*(float(np.mean(column)) for column in zip(*found, strict=True)))
