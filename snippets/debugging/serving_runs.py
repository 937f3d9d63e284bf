"""Broken runs that show in production: stale, dead and rescaled features, scores that changed their meaning.

Serves docs/chapters/debugging/broken-runs.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from snippets.cases import payments
from snippets.debugging.checks import (
    distinct_values,
    log_odds_gap,
    population_stability,
    quantile_ratios,
    row_diff,
)
from snippets.debugging.data import NAMES, SHIFT, dollars, payment_rows, top_recall
from snippets.debugging.learn import auc, fit_logistic, predict
from snippets.metrics._inputs import FloatArray

BREAK_EVEN = payments.false_decline_cost / (payments.false_decline_cost + payments.missed_fraud_cost)


@cache
def fraud_model() -> FloatArray:
    """The healthy fraud model of these runs, trained on a set of payments."""
    train = payment_rows(71)
    return fit_logistic(train.x, train.y)


def as_table(x: FloatArray, rows: FloatArray) -> Mapping[Hashable, Mapping[str, Any]]:
    """Some rows as a mapping from row number to named features, as logs hold them."""
    return {int(row): dict(zip(NAMES, x[int(row)].tolist(), strict=True)) for row in rows}


# Run: a count that was true last night

KEPT_FROM_YESTERDAY = 0.6  # share of cards whose count is the same as at midnight, given


class StaleRun(NamedTuple):
    """A fraud model served from a table that is filled at night."""

    offline: float  # recall in the analysts' queue
    production: float
    stability: dict[str, float]  # population stability index of each feature, training against serving
    differing: dict[str, float]  # share of 200 rows that differ, by feature
    as_of_midnight: float  # share of those 200 whose served count is what the card had at midnight


@cache
def stale_run(fault: bool) -> StaleRun:
    """Serve the count of the card's payments; with the fault, as the nightly job left it."""
    train, day = payment_rows(71), payment_rows(72)
    rng = np.random.default_rng(73)
    column = NAMES.index("card_velocity")
    same = (rng.random(len(day.y)) < KEPT_FROM_YESTERDAY) & (day.y == 0)
    midnight = np.where(same, day.x[:, column], rng.normal(size=len(day.y)))
    served = day.x.copy()
    if fault:
        served[:, column] = midnight
    scores = predict(fraud_model(), served)
    rows = np.arange(200).astype(float)
    return StaleRun(
        top_recall(day.y, predict(fraud_model(), day.x)),
        top_recall(day.y, scores),
        {name: population_stability(train.x[:, i], served[:, i]) for i, name in enumerate(NAMES)},
        row_diff(as_table(day.x, rows), as_table(served, rows)),
        float(np.mean(served[:200, column] == midnight[:200])),
    )


@cache
def trained_on_midnight() -> float:
    """Recall in the queue of a model that was trained on the count as of midnight, and is served that."""
    column = NAMES.index("card_velocity")

    def as_of_midnight(seed: int) -> tuple[FloatArray, FloatArray]:
        x, y = payment_rows(seed)
        rng = np.random.default_rng(seed + 1_000)
        same = (rng.random(len(y)) < KEPT_FROM_YESTERDAY) & (y == 0)
        x = x.copy()
        x[:, column] = np.where(same, x[:, column], rng.normal(size=len(y)))
        return x, y

    w = fit_logistic(*as_of_midnight(71))
    x, y = as_of_midnight(72)
    return top_recall(y, predict(w, x))


def demo_stale_run() -> None:
    """Print the monitors and the two recalls."""
    run = stale_run(True)
    print("feature        PSI     (alert: 0.1)")
    for name, value in run.stability.items():
        print(f"{name:14} {value:.4f}  ok")
    print("recall, 1,800 reviews a day")
    print(f"  offline     {run.offline:.1%}")
    print(f"  production  {run.production:.1%}")


def demo_stale_check() -> None:
    """Print the row-wise difference of 200 payments."""
    broken, healthy = stale_run(True), stale_run(False)
    print("of 200 rows   broken  healthy")
    print("served differs from training")
    for name in ("card_velocity", "amount", "device_risk"):
        print(f"{name:13} {broken.differing[name]:6.1%}   {healthy.differing[name]:6.1%}")
    print("card_velocity as of midnight")
    print(f"{'':13} {broken.as_of_midnight:6.1%}   {healthy.as_of_midnight:6.1%}")


# Run: a column that is there and says nothing


class DeadRun(NamedTuple):
    """One line of the nightly monitor."""

    rows: int
    nulls: float
    mean_score: float
    alerts: int  # payments above break-even, scaled to a day
    caught: int  # frauds among them, known 90 days later
    distinct: dict[str, int]


@cache
def dead_run(fault: bool, day: int = 0) -> DeadRun:
    """Score a day; with the fault, one column is joined by a key that no longer matches, and its gaps are filled with 0."""
    rows = payment_rows(80 + day)
    x = rows.x.copy()
    if fault:
        x[:, NAMES.index("device_risk")] = 0.0
    scores = predict(fraud_model(), x)
    scale = payments.daily_volume / len(x)
    return DeadRun(
        len(x),
        float(np.isnan(x).mean()),
        float(scores.mean()),
        round(float((scores >= BREAK_EVEN).sum()) * scale),
        round(float(rows.y[scores >= BREAK_EVEN].sum()) * scale),
        distinct_values({name: x[:, i] for i, name in enumerate(NAMES)}),
    )


def demo_dead_run() -> None:
    """Print four nights of the monitor; the change is released before the third."""
    print("night schema nulls   score  alerts/day")
    for night in range(4):
        run = dead_run(night >= 2, night)
        print(f"{night + 1:5} ok     {run.nulls:.1%}  {run.mean_score:.4%}  {run.alerts:10,}")


def demo_dead_check() -> None:
    """Print how many values each column takes, before and after."""
    print("distinct     night 2  night 3")
    before, after = dead_run(False, 1).distinct, dead_run(True, 2).distinct
    for name in NAMES:
        print(f"{name:13} {before[name]:7,} {after[name]:8,}".rstrip())


# Run: one client sends another unit

CLIENTS = ("web", "android 9.3", "ios 9.3", "ios 9.4")
CLIENT_SHARES = (0.45, 0.30, 0.20, 0.05)  # given


class UnitRun(NamedTuple):
    """A day by client."""

    share: dict[str, float]  # of payments
    flagged: dict[str, float]  # share above break-even
    fraud: dict[str, float]  # share of fraud, known 90 days later
    ratios: list[float]  # quantiles of the amount, the new client over all others
    attack_ratios: list[float]  # the same if the new client were under attack instead


@cache
def unit_run(fault: bool) -> UnitRun:
    """Score a day; with the fault, the newest client sends the amount in cents."""
    day = payment_rows(90)
    client = np.random.default_rng(91).choice(len(CLIENTS), len(day.y), p=CLIENT_SHARES)
    newest = client == len(CLIENTS) - 1
    amount = dollars(day.x[:, 0])
    sent = np.where(newest, 100 * amount, amount) if fault else amount
    x = day.x.copy()
    x[:, 0] = np.log(sent / 25.0) / 0.95
    flagged = predict(fraud_model(), x) >= BREAK_EVEN
    attacked = np.random.default_rng(92).random(int(newest.sum())) < 0.15
    attack = np.where(attacked, amount[newest] * np.exp(0.95 * SHIFT[0]), amount[newest])
    return UnitRun(
        {name: float((client == i).mean()) for i, name in enumerate(CLIENTS)},
        {name: float(flagged[client == i].mean()) for i, name in enumerate(CLIENTS)},
        {name: float(day.y[client == i].mean()) for i, name in enumerate(CLIENTS)},
        quantile_ratios(sent[newest], sent[~newest]),
        quantile_ratios(attack, amount[~newest]),
    )


def declined_of_newest() -> float:
    """Payments a day that the rule declines on the newest client, at its given share of the volume."""
    return unit_run(True).flagged[CLIENTS[-1]] * CLIENT_SHARES[-1] * payments.daily_volume


def newest_a_day() -> float:
    """Payments a day on the newest client, at its given share of the volume."""
    return CLIENT_SHARES[-1] * payments.daily_volume


def demo_unit_run() -> None:
    """Print the share flagged, by client."""
    run = unit_run(True)
    print("client       payments  flagged")
    for name in CLIENTS:
        print(f"{name:12} {run.share[name]:7.1%}  {run.flagged[name]:6.2%}")


def demo_unit_check() -> None:
    """Print the ratios of the amount's quantiles, newest client over the others."""
    print("ios 9.4/others  p10   p50   p90")
    for name, ratios in (
        ("this run", unit_run(True).ratios),
        ("healthy", unit_run(False).ratios),
        ("15 % attacks", unit_run(True).attack_ratios),
    ):
        print(f"{name:13}" + " ".join(f"{ratio:5.{1 if ratio > 10 else 2}f}" for ratio in ratios))


# Two runs: scores that are too high

KEPT = 0.05  # share of good payments kept for training, given
WEIGHT = 20.0  # weight of a fraud in the loss, given


class ScoreRun(NamedTuple):
    """A fraud model on a day of payments as they are."""

    auc: float
    flagged: int  # above break-even, scaled to a day
    caught: int
    mean_score: float
    gap: float  # log-odds said minus seen, of the score that is served
    raw_gap: float  # the same before any correction
    said_and_seen: tuple[float, float]  # mean score and share of fraud, for scores between 0.7 and 0.9


@cache
def score_run(weighted: bool, corrected: bool, sampled: bool = True) -> ScoreRun:
    """Train on a sample of good payments, with weights or without, and correct for the sampling or not."""
    train, day = payment_rows(71), payment_rows(72)
    keep = (train.y == 1) | (np.random.default_rng(101).random(len(train.y)) < (KEPT if sampled else 1.0))
    weights = np.where(train.y[keep] == 1, WEIGHT if weighted else 1.0, 1.0)
    w = fit_logistic(train.x[keep], train.y[keep], weights)
    raw = predict(w, day.x)
    odds = raw / (1 - raw) * (KEPT if corrected else 1.0)
    served = odds / (1 + odds)
    flagged, scale = served >= BREAK_EVEN, payments.daily_volume / len(day.y)
    band = (served > 0.7) & (served < 0.9)
    return ScoreRun(
        auc(day.y, served),
        round(float(flagged.sum()) * scale),
        round(float(day.y[flagged].sum()) * scale),
        float(served.mean()),
        log_odds_gap(day.y, served),
        log_odds_gap(day.y, raw),
        (float(served[band].mean()), float(day.y[band].mean())),
    )


def healthy_score() -> ScoreRun:
    """The model trained on all payments, without weights or correction."""
    return score_run(False, False, False)


def sampled_score() -> ScoreRun:
    """The model trained on one good payment in twenty, uncorrected."""
    return score_run(False, False)


def weighted_score() -> ScoreRun:
    """The model trained on one good payment in twenty, with frauds weighted 20, corrected for the sampling alone."""
    return score_run(True, True)


def demo_sampled_run() -> None:
    """Print what the release notes show of the new model, a day on payments as they are."""
    print("         AUC  flagged/day  of it fraud")
    for name, run in (("old", healthy_score()), ("new", sampled_score())):
        print(f"{name:5} {run.auc:6.3f} {run.flagged:12,} {run.caught:12,}")


def demo_weighted_run() -> None:
    """Print the same for the model whose sampling is corrected."""
    run = weighted_score()
    print("correction: on (odds × 0.05)")
    print(f"AUC                    {run.auc:.3f}")
    print(f"score 0.7–0.9: said    {run.said_and_seen[0]:.1%}")
    print(f"               seen    {run.said_and_seen[1]:.1%}")
    print(f"flagged a day         {run.flagged:,}")
    print(f"of it fraud            {run.caught:,}")


def demo_gap_check() -> None:
    """Print the gap in log-odds of three models, before and after the correction in the artifact."""
    print("said − seen    raw  served")
    for name, run in (
        ("first run", sampled_score()),
        ("second run", weighted_score()),
        ("both mended", score_run(False, True)),
    ):
        print(f"{name:12} {run.raw_gap:5.2f}  {run.gap:6.2f}")
    print(f"ln 20 = {np.log(20):.2f}, ln 400 = {np.log(400):.2f}")
