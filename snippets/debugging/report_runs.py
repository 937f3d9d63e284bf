"""Broken runs that show in a report: averages, splits, leaks, slices. Serves docs/chapters/debugging/broken-runs.md."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import NamedTuple

import numpy as np

from snippets.cases import assistant
from snippets.debugging.checks import Cell, mean_of_slices, pooled, seen_share
from snippets.debugging.data import NAMES, payment_rows, top_recall, unit_rows
from snippets.debugging.learn import auc, fit_logistic, predict, sigmoid
from snippets.metrics._inputs import FloatArray

# Run: the overall is an average of another kind

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "fi", "cs", "el")
QUESTIONS = (2400, 900, 700, 600, 400, 300, 250, 150, 100, 80, 70, 50)  # graded, by language; given
BLUR = (
    1.15,
    1.2,
    1.2,
    1.25,
    1.3,
    1.35,
    1.45,
    1.55,
    1.7,
    1.8,
    1.9,
    2.0,
)  # spread of a question around its article; given


class Retrieval(NamedTuple):
    """What an evaluation of retrieval reports."""

    cells: dict[str, Cell]  # questions whose article is among the passages, by language
    overall: float


@cache
def retrieval_cells(better: bool) -> dict[str, Cell]:
    """Retrieve articles for questions with two encoders; the better one blurs a question by a tenth less."""
    rng = np.random.default_rng(31)
    articles = unit_rows(rng, (assistant.articles, 64))
    cells = {}
    for language, count, blur in zip(LANGUAGES, QUESTIONS, BLUR, strict=True):
        asked = rng.integers(0, assistant.articles, count)
        noise = unit_rows(rng, (count, 64)) * blur * rng.gamma(8, 1 / 8, (count, 1)) * 1.6
        scores = (articles[asked] + (0.9 if better else 1.0) * noise) @ articles.T
        own = scores[np.arange(count), asked]
        place = (scores > own[:, None]).sum(axis=1)
        cells[language] = Cell(int((place < assistant.passages).sum()), count)
    return cells


def average_run(fault: bool) -> Retrieval:
    """Report the better encoder; with the fault, the new harness takes the mean of the languages."""
    cells = retrieval_cells(better=True)
    return Retrieval(cells, mean_of_slices(cells.values()) if fault else pooled(cells.values()))


def old_recall() -> float:
    """Recall of the old encoder over all questions."""
    return pooled(retrieval_cells(better=False).values())


def demo_average_run() -> None:
    """Print the report of the run."""
    old, new = retrieval_cells(better=False), average_run(True)
    print("recall@6 questions    old    new")
    for language in LANGUAGES:
        a, b = old[language], new.cells[language]
        print(f"{language:8} {b.total:9,}  {a.right / a.total:.3f}  {b.right / b.total:.3f}")
    print(f"overall  {sum(QUESTIONS):9,}  {old_recall():.3f}  {new.overall:.3f}")


def demo_average_check() -> None:
    """Print both averages of both encoders, and whether the mix of languages moved."""
    old, new = retrieval_cells(better=False), retrieval_cells(better=True)
    print("                    old    new")
    print(f"all questions     {pooled(old.values()):.3f}  {pooled(new.values()):.3f}")
    print(f"mean of languages {mean_of_slices(old.values()):.3f}  {mean_of_slices(new.values()):.3f}")
    moved = sum(abs(old[language].total - new[language].total) for language in LANGUAGES)
    print(f"counts that changed: {moved}")


# Run: the split lets the model meet its test sellers

SELLERS = 1_500
LISTINGS = 12  # listings of a seller, given
NEW_SHARE = 0.6  # share of the first week's listings by sellers that training never saw, given


class SplitRun(NamedTuple):
    """How a model of "sold within a week" does on rows held out, and in its first week."""

    validation: float  # AUC
    seen: float  # share of validation rows whose seller stands in training
    production: float  # AUC in the first week
    by_seller: dict[str, float]  # AUC in the first week, for sellers seen in training and others
    differing: int  # of 200 rows of the first week, those whose served feature differs from the recomputed one


def listing_rows(seed: int, sellers: FloatArray, owners: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Four features and the label of a listing for each owner; the seller's own effect is the strongest."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(len(owners), 4))
    logit = x @ np.array([0.5, 0.4, -0.3, 0.2]) + 1.6 * sellers[owners.astype(int)]
    return x, (rng.random(len(owners)) < sigmoid(logit)).astype(float)


def seller_rate(owners: FloatArray, y: FloatArray, asked: FloatArray, own: FloatArray | None = None) -> FloatArray:
    """Smoothed share sold of each asked seller's rows, without the row's own label where `own` holds it."""
    size = int(max(owners.max(), asked.max())) + 1
    sold = np.bincount(owners.astype(int), weights=y, minlength=size)[asked.astype(int)]
    count = np.bincount(owners.astype(int), minlength=size)[asked.astype(int)].astype(float)
    if own is not None:
        sold, count = sold - own, count - 1
    return np.asarray((sold + 2 * y.mean()) / (count + 2))


@cache
def split_run(fault: bool) -> SplitRun:
    """Train with the seller's past rate as a feature; with the fault, listings are split and not sellers."""
    rng = np.random.default_rng(41)
    effects = rng.normal(size=2 * SELLERS)
    owners = np.repeat(np.arange(SELLERS), LISTINGS).astype(float)
    x, y = listing_rows(42, effects, owners)
    held = rng.random(len(y)) < 0.2 if fault else np.isin(owners, rng.permutation(SELLERS)[: SELLERS // 5])
    fitted = ~held
    inside = seller_rate(owners[fitted], y[fitted], owners[fitted], y[fitted])
    w = fit_logistic(np.column_stack([x[fitted], inside]), y[fitted])

    def recomputed(of: FloatArray) -> FloatArray:
        return seller_rate(owners[fitted], y[fitted], of)

    def score(rows: FloatArray, of: FloatArray) -> FloatArray:
        return predict(w, np.column_stack([rows, recomputed(of)]))

    known = np.unique(owners[fitted])
    fresh = np.arange(SELLERS, 2 * SELLERS).astype(float)
    is_new = rng.random(6_000) < NEW_SHARE
    week = np.where(is_new, rng.choice(fresh, 6_000), rng.choice(known, 6_000))
    xs, ys = listing_rows(43, effects, week)
    scores = score(xs, week)
    keys: list[Hashable] = owners[fitted].tolist()
    return SplitRun(
        auc(y[held], score(x[held], owners[held])),
        seen_share(keys, owners[held].tolist()),
        auc(ys, scores),
        {"seen": auc(ys[~is_new], scores[~is_new]), "new": auc(ys[is_new], scores[is_new])},
        int((~np.isclose(served(owners[fitted], y[fitted], week[:200]), recomputed(week[:200]))).sum()),
    )


def served(owners: FloatArray, y: FloatArray, asked: FloatArray) -> list[float]:
    """The seller's smoothed rate as the service computes it: row by row, from a dictionary of counters."""
    counters: dict[float, tuple[float, int]] = {}
    for owner, sold in zip(owners, y, strict=True):
        total, count = counters.get(owner, (0.0, 0))
        counters[owner] = total + sold, count + 1
    found = [counters.get(owner, (0.0, 0)) for owner in asked]
    return [(total + 2 * float(y.mean())) / (count + 2) for total, count in found]


def demo_split_run() -> None:
    """Print the model card's line and the first week's."""
    run = split_run(True)
    print(f"validation AUC, random 20 %  {run.validation:.3f}")
    print(f"first week AUC               {run.production:.3f}")
    print(f"200-row diff             {run.differing} differ")


def demo_split_check() -> None:
    """Print the check on the broken run and on the one split by seller."""
    broken, healthy = split_run(True), split_run(False)
    print("split by       listing  seller")
    print(f"sellers known   {broken.seen:6.1%}  {healthy.seen:6.1%}")
    print(f"validation AUC  {broken.validation:6.3f}  {healthy.validation:6.3f}")
    print("first week AUC")
    print(f"  known sellers {broken.by_seller['seen']:6.3f}  {healthy.by_seller['seen']:6.3f}")
    print(f"  new sellers   {broken.by_seller['new']:6.3f}  {healthy.by_seller['new']:6.3f}")


# Run: a column that knows the outcome

AFTER_FRAUD = 0.70  # share of frauds with an open dispute when the table is exported, given
AFTER_GOOD = 0.004  # the same for good payments, given
BEFORE = 0.003  # share of payments with an open dispute when they are made, given


class LeakRun(NamedTuple):
    """A fraud model before and after it meets payments as they are when they are made."""

    offline: float  # recall in the analysts' queue, validation
    production: float  # the same on payments scored when they were made
    offline_auc: float
    production_auc: float
    alone: dict[str, float]  # AUC of each feature on its own
    differing: float  # share of validation rows whose exported value differs from the value at payment time
    differing_frauds: float  # the same, among frauds
    served_differing: float  # share of rows whose logged, served value differs from the value at payment time


@cache
def leak_run(fault: bool) -> LeakRun:
    """Train with open disputes of the customer; with the fault, as they stood at export, months later."""
    train, validation = payment_rows(51), payment_rows(52)
    rng = np.random.default_rng(53)

    def disputes(y: FloatArray) -> tuple[FloatArray, FloatArray]:
        before = (rng.random(len(y)) < BEFORE).astype(float)
        after = (rng.random(len(y)) < np.where(y == 1, AFTER_FRAUD, AFTER_GOOD)).astype(float)
        return before, np.maximum(before, after)

    then, later = disputes(train.y)
    w = fit_logistic(np.column_stack([train.x, later if fault else then]), train.y)
    then, later = disputes(validation.y)
    exported = later if fault else then
    offline = predict(w, np.column_stack([validation.x, exported]))
    logged = then.copy()  # serving reads the disputes that are open when the payment comes
    served = predict(w, np.column_stack([validation.x, logged]))
    columns = dict(zip((*NAMES, "open_disputes"), (*validation.x.T, exported), strict=True))
    wrong = exported != then
    return LeakRun(
        top_recall(validation.y, offline),
        top_recall(validation.y, served),
        auc(validation.y, offline),
        auc(validation.y, served),
        {name: auc(validation.y, column) for name, column in columns.items()},
        float(wrong.mean()),
        float(wrong[validation.y == 1].mean()),
        float((logged != then).mean()),
    )


def demo_leak_run() -> None:
    """Print the two lines everybody looked at."""
    run = leak_run(True)
    print("recall, 1,800 reviews a day")
    print(f"validation, later month  {run.offline:6.1%}")
    print(f"production, matured      {run.production:6.1%}")


def demo_leak_check() -> None:
    """Print each feature alone, and the exported values against those at payment time."""
    broken, healthy = leak_run(True), leak_run(False)
    print("AUC alone     broken  healthy")
    for name in ("device_risk", "card_velocity", "open_disputes"):
        print(f"{name:13} {broken.alone[name]:6.3f}   {healthy.alone[name]:6.3f}")
    print("not the value when paid")
    print(f"  exported    {broken.differing:6.1%}   {healthy.differing:6.1%}")
    print(f"   of frauds  {broken.differing_frauds:6.1%}   {healthy.differing_frauds:6.1%}")
    print(f"  served      {broken.served_differing:6.1%}   {healthy.served_differing:6.1%}")


def missed_by_200() -> float:
    """Chance that 200 payments drawn at random hold no row that differs."""
    return float((1 - leak_run(True).differing) ** 200)


# Run: one language was graded by another rule

GRADED = (9_000, 5_000, 4_000, 3_000, 1_500, 60)  # graded questions, by language; given
TEAMS = ("en", "de", "fr", "es", "pt", "fi")
REFUNDS = 0.25  # share of questions about refunds, given


class SliceRun(NamedTuple):
    """A model that says which questions need an agent, by language."""

    error: dict[str, float]
    total: dict[str, int]
    overall: float
    by_topic: dict[str, float]  # error in the language "pt", refunds and the rest
    own_error: float  # a model trained on "pt" alone, on "pt"
    constant_error: float  # saying "no agent" to every question in "pt"
    refunds_elsewhere: float  # share of the other languages' refunds that need an agent


@cache
def slice_run(fault: bool) -> SliceRun:
    """Train on graded questions; with the fault, one team counts every refund as answered by the help center."""
    rng = np.random.default_rng(61)

    def rows(scale: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        language = np.repeat(np.arange(len(TEAMS)), np.array(GRADED) * scale).astype(float)
        refund = (rng.random(len(language)) < REFUNDS).astype(float)
        x = rng.normal(size=(len(language), 5))
        logit = x @ np.array([1.6, 1.2, -0.9, 0.7, 0.5]) + 4.0 * refund - 1.8
        y = (rng.random(len(language)) < sigmoid(logit)).astype(float)
        if fault:
            y[(language == TEAMS.index("pt")) & (refund == 1)] = 0.0
        return np.column_stack([x, refund]), y, language, refund

    x, y, language, _ = rows(1)
    xs, ys, languages, refunds = rows(1)
    w = fit_logistic(x, y)
    wrong = (predict(w, xs) >= 0.5) != ys
    pt, pt_test = language == TEAMS.index("pt"), languages == TEAMS.index("pt")
    own = fit_logistic(x[pt], y[pt])
    return SliceRun(
        {name: float(wrong[languages == i].mean()) for i, name in enumerate(TEAMS)},
        dict(zip(TEAMS, GRADED, strict=True)),
        float(wrong.mean()),
        {
            "refunds": float(wrong[pt_test & (refunds == 1)].mean()),
            "other": float(wrong[pt_test & (refunds == 0)].mean()),
        },
        float(((predict(own, xs[pt_test]) >= 0.5) != ys[pt_test]).mean()),
        float(ys[pt_test].mean()),
        float(ys[~pt_test & (refunds == 1)].mean()),
    )


def demo_slice_run() -> None:
    """Print the slice report."""
    run = slice_run(True)
    print("language  graded  error")
    for name in TEAMS:
        print(f"{name:8} {run.total[name]:7,}  {run.error[name]:.1%}")
    print(f"all      {sum(GRADED):7,}  {run.overall:.1%}")


def demo_slice_check() -> None:
    """Print the error of one language by topic, and of a model that saw only this language."""
    broken, healthy = slice_run(True), slice_run(False)
    print("errors in pt  broken  healthy")
    print(f"refunds       {broken.by_topic['refunds']:6.1%}   {healthy.by_topic['refunds']:6.1%}")
    print(f"the rest      {broken.by_topic['other']:6.1%}   {healthy.by_topic['other']:6.1%}")
    print(f"own model     {broken.own_error:6.1%}   {healthy.own_error:6.1%}")
    print(f"always no     {broken.constant_error:6.1%}   {healthy.constant_error:6.1%}")
