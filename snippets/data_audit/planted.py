"""Leaks planted on purpose into small made-up payments, and what each buys. Serves docs/chapters/data-audit/leaks.md.

About one payment in ten is fraud here, not one in 500: a premise of this page, so that a few thousand rows suffice. History is
split into training and validation; *production* is what comes later, with each feature as it stands at the moment of the
decision. Every exhibit has the leaky version and its honest twin, on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.data_audit.model import fit_logistic, log_odds, logistic, neighbor_share, rank_auc
from snippets.metrics._inputs import FloatArray

HISTORY, LATER, TRAIN = 3_000, 6_000, 2_000  # rows of history, of production, and of the history that trains
DRAWS = 40  # of exhibits that a linear model reads
FEW = {"copies": 8, "near copies": 8, "user id": 10, "second account": 20}  # draws of the slower ones


class Scores(NamedTuple):
    """Area under the ROC curve on the three sets."""

    train: float
    validation: float
    production: float


class Exhibit(NamedTuple):
    """A leak and its honest twin."""

    leaky: Scores
    honest: Scores


class World(NamedTuple):
    """History, then production below it: features (n, 3), labels (n,), the chance behind each label (n,)."""

    x: FloatArray
    y: FloatArray
    p: FloatArray


def world(rng: np.random.Generator, rows: int = HISTORY + LATER) -> World:
    """Payments with three honest features: amount, velocity and a new device."""
    x = np.column_stack([rng.normal(size=rows), rng.normal(size=rows), (rng.random(rows) < 0.3).astype(float)])
    p = logistic(-3.2 + 0.7 * x[:, 0] + 0.6 * x[:, 1] + 1.0 * x[:, 2])
    return World(x, (rng.random(rows) < p).astype(float), p)


def judged(x: FloatArray, y: FloatArray, train: NDArray[np.int64], validation: NDArray[np.int64]) -> Scores:
    """AUC of a logistic regression on the training rows, the validation rows and all rows of production."""
    beta = fit_logistic(x[train], y[train])
    later = np.arange(HISTORY, len(y))
    return Scores(*(rank_auc(y[rows], log_odds(beta, x[rows])) for rows in (train, validation, later)))


def halves(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """History at random into training and validation rows."""
    order = rng.permutation(HISTORY)
    return order[:TRAIN], order[TRAIN:]


def with_column(x: FloatArray, *columns: FloatArray) -> FloatArray:
    """The features and further columns, each of shape (n,)."""
    return np.column_stack([x, *columns])


class Columns(NamedTuple):
    """The honest features and one more column, (n,): as it stood in the table, and as it stood at the decision."""

    w: World
    leaky: FloatArray
    honest: FloatArray


def in_table(build: Callable[[np.random.Generator], Columns]) -> Callable[[np.random.Generator], Exhibit]:
    """Judge the table with the leaky column and with the honest one, on one split."""

    def judge(rng: np.random.Generator) -> Exhibit:
        w, leaky, honest = build(rng)
        split = halves(rng)
        return Exhibit(judged(with_column(w.x, leaky), w.y, *split), judged(with_column(w.x, honest), w.y, *split))

    return judge


# Leaks in the table: the model itself is damaged


def future_window(rng: np.random.Generator) -> Columns:
    """Attempts in the twelve hours *around* a payment; fraudsters go on after a success."""
    w = world(rng)
    before = rng.poisson(0.6, len(w.y)).astype(float)
    after = rng.poisson(0.6 + 1.4 * w.y).astype(float)
    late = np.arange(len(w.y)) >= HISTORY
    return Columns(w, before + np.where(late, 0.0, after), before)


def after_the_fact(rng: np.random.Generator) -> Columns:
    """Whether support was contacted: 50 % after a fraud, 4 % else, and always later than the decision."""
    w = world(rng)
    contacted = (rng.random(len(w.y)) < np.where(w.y == 1, 0.5, 0.04)).astype(float)
    contacted[HISTORY:] = 0.0
    return Columns(w, contacted, np.zeros(len(w.y)))


def target_derived(rng: np.random.Generator) -> Columns:
    """The refunded amount, which is the fraud's amount for nine frauds in ten and 0 for the rest, and always 0 at decision."""
    w = world(rng)
    refunded = w.y * (rng.random(len(w.y)) < 0.9) * np.exp(0.5 * w.x[:, 0])
    refunded[HISTORY:] = 0.0
    return Columns(w, refunded, np.zeros(len(w.y)))


def late_update(rng: np.random.Generator) -> Columns:
    """Chargebacks on the card, joined by the payment's day (its own counts) or by the day they were known."""
    w = world(rng)
    risk = 0.8 * w.p  # the card's earlier chargebacks, known in time, say a little about risk
    earlier = rng.poisson(risk).astype(float)
    own = w.y * (rng.random(len(w.y)) < 0.6)  # in the table by event day, though filed weeks later
    own[HISTORY:] = 0.0
    return Columns(w, earlier + own, earlier)


class Encoded(NamedTuple):
    """One column in three versions, over history and production: (n,) each."""

    all_rows: FloatArray
    training_rows: FloatArray
    out_of_fold: FloatArray


def encode(code: NDArray[np.int64], y: FloatArray, levels: int, prior: float, weight: float = 2.0) -> FloatArray:
    """Mean label of each level over the given rows, shrunk to the prior as if `weight` more rows had it."""
    total, count = np.bincount(code, y, levels), np.bincount(code, minlength=levels)
    return np.asarray((total + weight * prior) / (count + weight))


def encodings(code: NDArray[np.int64], y: FloatArray, train: NDArray[np.int64], levels: int, folds: int = 5) -> Encoded:
    """Target encodings of one column: from all history, from training rows, and from the other folds' training rows."""
    prior = float(y[train].mean())
    everything = encode(code[:HISTORY], y[:HISTORY], levels, prior)
    training = encode(code[train], y[train], levels, prior)
    fold = np.arange(len(train)) % folds  # training rows are in random order already
    mapped = training[code]
    crossed = mapped.copy()
    for k in range(folds):
        others, mine = train[fold != k], train[fold == k]
        crossed[mine] = encode(code[others], y[others], levels, float(y[others].mean()))[code[mine]]
    return Encoded(everything[code], mapped, crossed)


MERCHANTS = 600


@cache
def target_encoding() -> dict[str, Scores]:
    """One merchant column of 600 levels without any meaning, encoded three ways; means over the draws."""
    found: dict[str, list[Scores]] = {"all rows": [], "training rows": [], "out of fold": [], "left out": []}
    for seed in range(DRAWS):
        rng = np.random.default_rng(100 + seed)
        w = world(rng)
        code = rng.integers(0, MERCHANTS, len(w.y))
        train, validation = halves(rng)
        columns = encodings(code, w.y, train, MERCHANTS)
        for name, column in zip(found, (*columns, np.zeros(len(w.y))), strict=True):
            found[name].append(judged(with_column(w.x, column), w.y, train, validation))
    return {name: averaged(scores) for name, scores in found.items()}


# Leaks in the split: the model is what it is, the estimate is wrong


def neighbors(x: FloatArray, y: FloatArray, train: NDArray[np.int64], *asked: NDArray[np.int64]) -> list[float]:
    """AUC of the nearest-neighbor model on each set of asked rows."""
    return [rank_auc(y[rows], neighbor_share(x[train], y[train], x[rows])) for rows in asked]


def copies(rng: np.random.Generator) -> Exhibit:
    """A third of the payments logged twice, a memorizing model, and a split that does not look."""
    return _copied(rng, neighbors)


def copies_for_a_linear_model(rng: np.random.Generator) -> Exhibit:
    """The same copies, read by a logistic regression of four numbers."""

    def linear(x: FloatArray, y: FloatArray, train: NDArray[np.int64], *asked: NDArray[np.int64]) -> list[float]:
        beta = fit_logistic(x[train], y[train])
        return [rank_auc(y[rows], log_odds(beta, x[rows])) for rows in asked]

    return _copied(rng, linear)


VOCABULARY, CATEGORIES, TITLE = 300, 12, 8  # words, kinds of goods, words in a title
LISTINGS = 1_500


class Listings(NamedTuple):
    """Second-hand listings: the words of each title (n, 8), whether it sold within a week, and the item behind it."""

    words: NDArray[np.int64]
    sold: FloatArray
    item: NDArray[np.int64]


def listings(rng: np.random.Generator) -> Listings:
    """Listings of which a third are put up again with one word changed, and fare nine times in ten as before."""
    kind = rng.integers(0, CATEGORIES, 2 * LISTINGS)
    own = rng.integers(0, VOCABULARY, (CATEGORIES, 30))
    words = own[kind[:, None], rng.integers(0, 30, (len(kind), TITLE))]
    words[:, -2:] = rng.integers(0, VOCABULARY, (len(kind), 2))
    demand = rng.normal(0.0, 0.7, CATEGORIES)
    sold = (rng.random(len(kind)) < logistic(-0.6 + demand[kind])).astype(float)
    again = rng.permutation(LISTINGS)[: LISTINGS // 3]
    changed = words[again].copy()
    changed[np.arange(len(again)), rng.integers(0, TITLE, len(again))] = rng.integers(0, VOCABULARY, len(again))
    repeated = np.where(rng.random(len(again)) < 0.9, sold[again], 1 - sold[again])
    item = np.concatenate([np.arange(len(kind)), again])
    return Listings(np.vstack([words, changed]), np.concatenate([sold, repeated]), item)


def listing_splits(
    goods: Listings, rng: np.random.Generator
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]:
    """Listings split at random, then items split, two thirds for training; the second half of the items is production."""
    history = rng.permutation(np.flatnonzero(goods.item < LISTINGS))
    mine = rng.permutation(LISTINGS)[: LISTINGS * 2 // 3]
    known = np.isin(goods.item[history], mine)
    cut = len(history) * 2 // 3
    return (history[:cut], history[cut:]), (history[known], history[~known])


def titles(goods: Listings, rows: NDArray[np.int64]) -> list[str]:
    """The titles of some listings, as texts of made-up words."""
    return [" ".join(f"w{word}" for word in goods.words[row]) for row in rows]


def near_copies(rng: np.random.Generator) -> Exhibit:
    """Relisted goods, a nearest-neighbor model over title words, listings split against items split."""
    goods = listings(rng)
    x = np.zeros((len(goods.sold), VOCABULARY))
    np.put_along_axis(x, goods.words, 1.0, axis=1)
    later = np.flatnonzero(goods.item >= LISTINGS)
    splits = listing_splits(goods, rng)
    leaky, honest = (neighbors(x, goods.sold, train, train, check, later) for train, check in splits)
    return Exhibit(Scores(*leaky), Scores(*honest))


class Copied(NamedTuple):
    """Rows with their copies, and two splits: one that does not look, one that keeps a row and its copy together."""

    x: FloatArray
    y: FloatArray
    later: NDArray[np.int64]
    blind: tuple[NDArray[np.int64], NDArray[np.int64]]
    seeing: tuple[NDArray[np.int64], NDArray[np.int64]]


def with_copies(rng: np.random.Generator) -> Copied:
    """History with a third of its rows logged twice; production without copies."""
    w = world(rng)
    again = rng.permutation(HISTORY)[: HISTORY // 3]
    x = np.vstack([w.x, w.x[again]])
    y = np.concatenate([w.y, w.y[again]])
    original = np.concatenate([np.arange(len(w.y)), again])
    rows = rng.permutation(np.concatenate([np.arange(HISTORY), np.arange(len(w.y), len(y))]))
    first = original[rows] < HISTORY // 2
    return Copied(
        x, y, np.arange(HISTORY, HISTORY + 1_500), (rows[:TRAIN], rows[TRAIN:]), (rows[~first][:TRAIN], rows[first])
    )


def _copied(rng: np.random.Generator, score: Callable[..., list[float]]) -> Exhibit:
    x, y, later, blind, seeing = with_copies(rng)
    leaky, honest = (score(x, y, train, train, check, later) for train, check in (blind, seeing))
    return Exhibit(Scores(*leaky), Scores(*honest))


USERS = 150


class People(NamedTuple):
    """Payments of users with a lasting risk of their own; production has as many new users as old ones."""

    x: FloatArray
    y: FloatArray
    user: NDArray[np.int64]


def people(rng: np.random.Generator) -> People:
    """History of 150 users, then production of 300."""
    w = world(rng)
    user = np.concatenate([rng.integers(0, USERS, HISTORY), rng.integers(0, 2 * USERS, LATER)])
    risk = rng.normal(0.0, 1.5, 2 * USERS)
    p = logistic(np.log(w.p / (1 - w.p)) + risk[user] - 0.6)
    return People(w.x, (rng.random(len(w.y)) < p).astype(float), user)


def user_id(rng: np.random.Generator) -> Exhibit:
    """A column for each user, rows split at random against users split."""
    w = people(rng)
    x = with_column(w.x, *(np.eye(2 * USERS)[w.user][:, :USERS]).T)
    honest_users = rng.permutation(USERS)[: USERS * 2 // 3]
    known = np.isin(w.user[:HISTORY], honest_users)
    return Exhibit(
        judged(x, w.y, *halves(rng)),
        judged(x, w.y, np.flatnonzero(known), np.flatnonzero(~known)),
    )


PERSONS = 500


def account_splits(rng: np.random.Generator) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], ...]:
    """Account i belongs to person i // 2: accounts split at random, then persons split."""
    accounts = rng.permutation(2 * PERSONS)
    apart = rng.permutation(PERSONS)[: PERSONS * 2 // 3]
    mine = np.isin(np.arange(2 * PERSONS) // 2, apart)
    cut = len(accounts) * 2 // 3
    return (accounts[:cut], accounts[cut:]), (np.flatnonzero(mine), np.flatnonzero(~mine))


def second_account(rng: np.random.Generator) -> Exhibit:
    """Two accounts for each person, three traits of the person as features, accounts split against persons split."""
    traits = rng.normal(size=(PERSONS + 2_000, 3))
    chance = logistic(-2.4 + 0.7 * traits[:, 0] + 1.2 * rng.normal(size=len(traits)))
    bad = (rng.random(len(traits)) < chance).astype(float)
    person = np.concatenate([np.repeat(np.arange(PERSONS), 2), np.arange(PERSONS, len(traits))])
    x, y = traits[person], bad[person]
    later = np.arange(2 * PERSONS, len(person))
    leaky, honest = (neighbors(x, y, train, train, check, later) for train, check in account_splits(rng))
    return Exhibit(Scores(*leaky), Scores(*honest))


# Fitting before splitting


def scaled_before(rng: np.random.Generator) -> Exhibit:
    """Mean and spread taken from all of history, or from the training rows only."""
    w = world(rng)
    train, validation = halves(rng)

    def scaled(rows: NDArray[np.int64]) -> FloatArray:
        return np.asarray((w.x - w.x[rows].mean(axis=0)) / w.x[rows].std(axis=0))

    return Exhibit(
        judged(scaled(np.arange(HISTORY)), w.y, train, validation), judged(scaled(train), w.y, train, validation)
    )


def selected(x: FloatArray, y: FloatArray, keep: int) -> NDArray[np.int64]:
    """The columns most correlated with the label, in size."""
    gap = (x - x.mean(axis=0)) / x.std(axis=0)
    return np.argsort(-np.abs(gap.T @ (y - y.mean())), kind="stable")[:keep]


def selected_before(rng: np.random.Generator) -> Exhibit:
    """Twenty of 2,000 columns of noise, chosen on all 300 rows or on the 200 training rows; there is nothing to find."""
    history, later = 300, 2_000
    x = rng.normal(size=(history + later, 2_000))
    y = (rng.random(history + later) < 0.5).astype(float)
    rows = np.arange(history + later)
    train, validation, production = rows[:200], rows[200:history], rows[history:]
    found = []
    for seen in (rows[:history], train):
        columns = selected(x[seen], y[seen], 20)
        beta = fit_logistic(x[train][:, columns], y[train])
        parts = (train, validation, production)
        found.append(Scores(*(rank_auc(y[r], log_odds(beta, x[r][:, columns])) for r in parts)))
    return Exhibit(*found)


TABLES: dict[str, Callable[[np.random.Generator], Columns]] = {
    "future window": future_window,
    "after the fact": after_the_fact,
    "target-derived": target_derived,
    "late update": late_update,
}
PLANTED: dict[str, Callable[[np.random.Generator], Exhibit]] = {
    **{name: in_table(build) for name, build in TABLES.items()},
    "copies": copies,
    "copies, linear": copies_for_a_linear_model,
    "near copies": near_copies,
    "user id": user_id,
    "second account": second_account,
    "scaled before": scaled_before,
    "selected before": selected_before,
}


def averaged(scores: list[Scores]) -> Scores:
    """The mean of several draws, column by column."""
    return Scores(*(float(np.mean(column)) for column in zip(*scores, strict=True)))


@cache
def exhibit(name: str) -> Exhibit:
    """The named leak and its honest twin: areas under the ROC curve, means over 8 to 40 seeded draws."""
    draws = [PLANTED[name](np.random.default_rng(seed)) for seed in range(FEW.get(name, DRAWS))]
    return Exhibit(averaged([d.leaky for d in draws]), averaged([d.honest for d in draws]))


def said_over_seen(name: str) -> float:
    """Mean probability said in production over the share that was fraud there, for the model with the leaky column (seed 0)."""
    rng = np.random.default_rng(0)
    w, leaky, _ = TABLES[name](rng)
    train, _ = halves(rng)
    x = with_column(w.x, leaky)
    beta = fit_logistic(x[train], w.y[train])
    return float(logistic(log_odds(beta, x[HISTORY:])).mean() / w.y[HISTORY:].mean())
