"""The figures on the data cards by simulation, and against scikit-learn and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from snippets.data_audit import planted
from snippets.fundamentals import data as card


def test_a_flag_on_few_positives() -> None:
    rng = np.random.default_rng(0)
    label = np.repeat([1, 0], [20_000, 20_000])
    score = rng.standard_normal(40_000) + 0.7 * label
    flag = (rng.random(40_000) < 0.1) & (label == 1)
    assert roc_auc_score(label, flag) == pytest.approx(card.flag_alone(0.1), abs=0.005)
    auc = roc_auc_score(label, score)
    assert roc_auc_score(label, score + 100 * flag) == pytest.approx(card.flag_added(auc, 0.1), abs=0.003)


def test_an_empty_flag_changes_nothing() -> None:
    assert card.flag_alone(0) == 0.5
    assert card.flag_added(0.9, 0) == 0.9


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_users_on_both_sides(rows: int) -> None:
    held = np.random.default_rng(rows).random((60_000, rows)) < 0.2
    validation = held.sum(axis=1)
    shared = validation[(~held).any(axis=1)].sum() / validation.sum()
    assert shared == pytest.approx(card.user_in_training(rows, 0.2), abs=0.01)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_chosen_by_their_sum(share: float) -> None:
    marks = np.random.default_rng(1).standard_normal((400_000, 2))
    total = marks.sum(axis=1)
    chosen = marks[total > np.quantile(total, 1 - share)]
    assert np.corrcoef(chosen.T)[0, 1] == pytest.approx(card.correlation_of_chosen(share), abs=0.02)
    narrowed = stats.truncnorm(stats.norm.ppf(1 - share), np.inf).var()
    assert card.correlation_of_chosen(share) == pytest.approx((narrowed - 1) / (narrowed + 1))


@pytest.mark.parametrize(("missing", "correlation"), [(0.0, 0.8), (0.5, 0.8), (0.5, 0.0), (0.2, -0.5)])
def test_filling_with_the_mean(missing: float, correlation: float) -> None:
    rng = np.random.default_rng(2)
    cause, own = rng.standard_normal((2, 200_000))
    bystander = correlation * cause + math.sqrt(1 - correlation**2) * own
    lost = rng.random(200_000) < missing
    label = cause + rng.standard_normal(200_000)
    with_mean = np.column_stack([np.where(lost, 0.0, cause), bystander])
    fit = LinearRegression().fit(with_mean, label)
    filled = card.filled_with_mean(missing, correlation)
    assert fit.coef_ == pytest.approx(filled, abs=0.02)
    noiseless = LinearRegression().fit(with_mean, cause)
    assert r2_score(cause, noiseless.predict(with_mean)) == pytest.approx(
        filled.explained(missing, correlation), abs=0.01
    )
    flagged = LinearRegression().fit(np.column_stack([with_mean, lost]), label)
    assert flagged.coef_[:2] == pytest.approx(filled, abs=0.02), "an indicator doesn't mend it"
    predicted = np.column_stack([np.where(lost, correlation * bystander, cause), bystander])
    assert LinearRegression().fit(predicted, label).coef_ == pytest.approx([1, 0], abs=0.02)
    assert r2_score(cause, predicted[:, 0]) == pytest.approx(
        card.explained_if_predicted(missing, correlation), abs=0.01
    )


@pytest.mark.parametrize("hidden", [1.0, 0.0])
def test_seen_against_seen_tells_who_selects(hidden: float) -> None:
    rng = np.random.default_rng(11)
    x, u = rng.standard_normal((2, 600_000))
    log_odds = -3 + x + u if hidden else -3 + x + 0.6 * x**2  # or a model that is too simple
    y = rng.random(600_000) < 1 / (1 + np.exp(-log_odds))
    approved = x + (u if hidden else 0.5 * u) <= 1.2
    model = LogisticRegression().fit(x[approved, None], y[approved])
    said = model.predict_proba(x[:, None])[:, 1]
    low, high = np.quantile(said[~approved], [0.2, 0.4])
    band = (said >= low) & (said < high)
    seen, meant, alike = y[band & ~approved].mean(), said[band & ~approved].mean(), y[band & approved].mean()
    assert seen > 1.15 * meant, "said and seen part in both"
    assert (seen > 2 * alike) if hidden else (seen == pytest.approx(alike, rel=0.1))


def test_half_widths() -> None:
    assert card.half_width(0.8, 50) == pytest.approx(1.96 * stats.binom(50, 0.8).std() / 50, rel=1e-4)


@pytest.mark.parametrize("votes", [1, 3, 5])
def test_votes(votes: int) -> None:
    assert card.vote_error(0.2, votes) == pytest.approx(stats.binom(votes, 0.2).sf(votes // 2))


@pytest.mark.parametrize("error", [0.0, 0.104, 0.2])
def test_what_a_noisy_label_is_worth(error: float) -> None:
    rng = np.random.default_rng(3)
    feature = rng.standard_normal((4_000, 500))
    flipped = np.where(rng.random(feature.shape) < error, -1, 1)
    label = np.where(rng.random(feature.shape) < 0.5 + 0.05 * np.clip(feature, -5, 5), 1, -1) * flipped
    slopes = (feature * label).mean(axis=1)  # signal over noise, squared, is the information
    clean = (0.1**2) * 500
    assert slopes.mean() ** 2 / slopes.var() == pytest.approx(clean * card.clean_rows(error), rel=0.12)


@pytest.mark.parametrize(("error", "chance"), [(0.1, 0.99), (0.2, 0.9), (0.1, 0.3)])
def test_the_same_for_strong_signals(error: float, chance: float) -> None:
    rng = np.random.default_rng(7)
    truth = rng.random((4_000, 1_000)) < chance
    seen = (truth ^ (rng.random(truth.shape) < error)).mean(axis=1)
    estimates = (seen - error) / (1 - 2 * error)  # of the chance, unbiased
    assert estimates.mean() == pytest.approx(chance, abs=0.001)
    assert truth.mean(axis=1).var() / estimates.var() == pytest.approx(card.clean_rows(error, chance), rel=0.1)


def test_three_votes_or_three_rows() -> None:
    for error in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4):
        vote, alone = card.clean_rows(card.vote_error(error, 3)), card.clean_rows(error)
        assert alone < vote < 3 * alone, "weak signal: three rows win"
    assert card.clean_rows(card.vote_error(0.1, 3), 0.99) > 3 * card.clean_rows(0.1, 0.99), "strong signal: votes do"


def test_bands_tell_a_moved_meaning_from_a_moved_mix() -> None:
    bands = [(0.0, 0.001), (0.001, 0.01), (0.01, 0.05), (0.05, 0.2), (0.2, 1.0)]
    for change in ("same", "campaign", "mix", "together"):
        assert [card.odds_in_band(change, *band) for band in bands] == pytest.approx([1] * 5)
    learned = [card.odds_in_band("learned", *band) for band in bands]
    assert learned == sorted(learned, reverse=True)
    assert learned[0] > 3
    assert learned[-1] < 0.3


def test_a_moved_base_rate_is_one_factor() -> None:
    rng = np.random.default_rng(8)
    scores = np.concatenate([rng.standard_normal(400_000), rng.standard_normal(400_000) + 2])
    fraud = np.repeat([0, 1], 400_000)
    said = 0.02 * np.exp(2 * scores - 2)  # odds at one fraud in 51
    weight = np.where(fraud, 0.04, 1.0)  # now twice the odds
    factors = []
    for low, high in ((0, 0.05), (0.05, 0.3), (0.3, 20)):
        band = (said >= low) & (said < high)
        seen = (weight * fraud)[band].sum() / (weight * (1 - fraud))[band].sum()
        meant = np.average(said / (1 + said), weights=weight * band)
        factors.append(seen / (meant / (1 - meant)))
    assert factors == pytest.approx([2, 2, 2], rel=0.12)


def test_a_mix_that_moves_to_where_the_model_is_wrong() -> None:
    rng = np.random.default_rng(10)

    def day(share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        other, x = rng.random(300_000) < share, rng.standard_normal(300_000)
        chance = 1 / (1 + np.exp(3 - np.where(other, 0.2, 1.8) * x))  # the meaning stays
        return other, x[:, None], rng.random(300_000) < chance

    def factors(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> list[float]:
        said, found = model.predict_proba(x)[:, 1], []
        for low, high in ((0, 0.01), (0.01, 0.03), (0.03, 0.1), (0.1, 0.3), (0.3, 1)):
            band = (said >= low) & (said < high)
            seen, meant = (np.average(of[band], weights=weight[band]) for of in (y, said))
            found.append(seen / (1 - seen) * (1 - meant) / meant)
        return found

    other, x, y = day(0.2)
    model = LogisticRegression().fit(x, y)
    _, moved_x, moved_y = day(0.7)
    moved = factors(moved_x, moved_y, np.ones(len(moved_y)))
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 3
    assert moved[-1] < 0.5
    assert factors(x, y, np.where(other, 0.7 / 0.2, 0.3 / 0.8)) == pytest.approx(moved, rel=0.15)


def test_twins_with_scikit_learn() -> None:
    copied = planted.with_copies(np.random.default_rng(0))
    train, check = copied.blind
    near = KNeighborsClassifier(15, weights=lambda distance: 1 / (distance**2 + 1e-6))
    line = LogisticRegression(C=1.0)
    seen = [row.tolist() in copied.x[train].tolist() for row in copied.x[check]]
    found = []
    for model in (near, line):
        score = model.fit(copied.x[train], copied.y[train]).predict_proba(copied.x[check])[:, 1]
        for rows in (np.array(seen), ~np.array(seen)):
            found.append(roc_auc_score(copied.y[check][rows], score[rows]))
    twins = card.with_twins(1)
    assert found == pytest.approx(list(twins), abs=0.002)
    assert twins.plain - twins.plain_alone < 0.05 < twins.memorizer - twins.memorizer_alone


def test_copies_that_turn_a_comparison() -> None:
    share = card.copies_to_flip(0.74, 0.75)
    assert share + (1 - share) * 0.74 == pytest.approx(0.75)
    assert card.copies_to_flip(0.75, 0.75) == 0


def test_groups_without_meaning() -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(60):
        group = np.repeat(np.arange(600), 5)
        label = (rng.random(3_000) < 0.1).astype(float)
        means = np.bincount(group, label) / 5
        found.append(r2_score(label, means[group]))
    assert np.mean(found) == pytest.approx(card.noise_explained(600, 3_000), abs=0.003)


def test_leave_one_out_passes_the_flip_and_leaks() -> None:
    rng = np.random.default_rng(9)
    level, label = rng.integers(0, 20, 6_000), (rng.random(6_000) < 0.1).astype(float)
    train = np.arange(6_000) < 3_000

    def left_out(y: np.ndarray) -> np.ndarray:
        rows, hits = np.bincount(level[train]), np.bincount(level[train], y[train])
        return np.where(train, (hits[level] - y) / (rows[level] - 1), hits[level] / rows[level])

    flipped = label.copy()
    flipped[7] = 1 - flipped[7]
    assert left_out(flipped)[7] == left_out(label)[7]
    column = left_out(label)[:, None]
    score = DecisionTreeClassifier(random_state=0).fit(column[train], label[train]).predict_proba(column)[:, 1]
    assert roc_auc_score(label[train], score[train]) > 0.95
    assert roc_auc_score(label[~train], score[~train]) == pytest.approx(0.5, abs=0.05)


def test_believing_a_group() -> None:
    weight = card.rows_to_believe(0.002, 0.002)
    prior = stats.beta(0.002 * weight, 0.998 * weight)
    assert prior.std() == pytest.approx(0.002)
    assert card.own_weight(5, 0.002, 0.002) == pytest.approx(5 / (5 + weight))
    posterior = stats.beta(0.002 * weight + 1, 0.998 * weight + 4).mean()
    own = card.own_weight(5, 0.002, 0.002)
    assert posterior == pytest.approx(own * 0.2 + (1 - own) * 0.002)


def test_steps_by_taking_them() -> None:
    error, steps = 1.0, 0
    while error > 0.01:
        error, steps = error - error / 20**2, steps + 1
    assert steps == math.ceil(card.steps_to(0.01, 20))


def test_the_best_fixed_step_halves_the_steps() -> None:
    large, small = 50.0**2, 1.0  # curvatures
    step = 2 / (large + small)
    left, steps = np.ones(2), 0
    while np.abs(left).max() > 0.01:
        left, steps = left * (1 - step * np.array([large, small])), steps + 1
    assert steps == pytest.approx(card.steps_to(0.01, 50) / 2, rel=0.01)


@pytest.mark.parametrize(("rows", "size", "draws"), [(1_000, 1_000, 2_000), (5, 3, 200_000)])
def test_one_wrong_value(rows: int, size: int, draws: int) -> None:
    rng = np.random.default_rng(5)
    columns = rng.standard_normal((draws, rows))
    columns[:, 0] = size
    assert math.sqrt(columns.var(axis=1).mean()) == pytest.approx(card.spread_with_error(rows, size), rel=0.005)
