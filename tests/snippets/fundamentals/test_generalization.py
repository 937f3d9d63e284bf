"""The figures on the cards by simulation, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.linear_model import Ridge, lars_path

from snippets.fundamentals import generalization as card


@pytest.mark.parametrize("degree", [1, 3, 9])
def test_bias_and_variance_by_refitting(degree: int) -> None:
    rng = np.random.default_rng(degree)
    x = np.linspace(-1, 1, card.ROWS)
    truth = np.sin(np.pi * x)
    fits = np.array(
        [
            np.polyval(np.polyfit(x, truth + card.NOISE * rng.standard_normal(card.ROWS), degree), x)
            for _ in range(1_500)
        ]
    )
    error = card.polynomial(degree)
    assert ((fits.mean(axis=0) - truth) ** 2).mean() == pytest.approx(error.bias2, abs=0.002)
    assert fits.var(axis=0).mean() == pytest.approx(error.variance, rel=0.05)
    assert error.total == pytest.approx(error.bias2 + error.variance + card.NOISE**2)


def test_the_best_degree_is_neither_the_smallest_nor_the_largest() -> None:
    totals = [card.polynomial(degree).total for degree in range(1, 12)]
    assert min(range(11), key=totals.__getitem__) + 1 == 3
    assert card.polynomial(9).bias2 < card.polynomial(3).bias2 < card.polynomial(1).bias2


def test_noise_is_fitted_by_its_share_of_rows() -> None:
    rng = np.random.default_rng(1)
    seen, fresh, elsewhere = [], [], []
    for _ in range(300):
        x = rng.standard_normal((200, 50))
        label, again = rng.standard_normal((2, 200))
        fit = x @ np.linalg.lstsq(x, label, rcond=None)[0]
        seen.append(((label - fit) ** 2).mean())
        fresh.append(((again - fit) ** 2).mean())
        rows = rng.standard_normal((200, 50))
        weights = np.linalg.lstsq(x, label, rcond=None)[0]
        elsewhere.append(((rng.standard_normal(200) - rows @ weights) ** 2).mean())
    assert np.mean(seen) == pytest.approx(card.train_error(50, 200), abs=0.02)
    assert np.mean(fresh) == pytest.approx(card.new_label_error(50, 200), abs=0.02)
    assert np.mean(elsewhere) == pytest.approx(card.new_row_error(50, 200), abs=0.03)


def test_ridge_keeps_what_scikit_learn_keeps() -> None:
    column = np.full((40, 1), 0.5)
    column[::2] *= -1
    strength = float((column**2).sum())
    fit = Ridge(alpha=3, fit_intercept=False).fit(column, 2 * column[:, 0])
    assert float(fit.coef_[0]) / 2 == pytest.approx(card.ridge_keeps(strength, 3))


def test_steps_by_taking_them() -> None:
    weight = 0.0
    for _ in range(7):
        weight += 0.02 * 5 * (1 - weight)
    assert card.steps_keep(5, 0.02, 7) == pytest.approx(weight)


def test_the_lasso_takes_first_what_lars_takes_first() -> None:
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(400):
        first = rng.standard_normal(100)
        second = 0.99 * first + math.sqrt(1 - 0.99**2) * rng.standard_normal(100)
        columns = np.column_stack([first, second])
        columns /= np.sqrt((columns**2).sum(axis=0))
        wrong += int(lars_path(columns, first + rng.standard_normal(100), method="lasso", max_iter=1)[1][0] == 1)
    assert wrong / 400 == pytest.approx(card.lasso_pair(0.99, 100), abs=0.07)
    assert card.lasso_pair(0.99, 400) < card.lasso_pair(0.99, 100)


def test_the_best_of_fifty_by_drawing_them() -> None:
    rng = np.random.default_rng(2)
    best = rng.binomial(500, 0.2, (4_000, 50)).min(axis=1) / 500
    assert 0.2 - best.mean() == pytest.approx(card.best_of_noise(50, 500, 0.2), abs=0.002)


def test_models_that_err_alike_deceive_less() -> None:
    rng = np.random.default_rng(4)
    best = (math.sqrt(0.6) * rng.standard_normal((20_000, 1)) + math.sqrt(0.4) * rng.standard_normal((20_000, 50))).max(
        axis=1
    )
    drawn = best.mean() * math.sqrt(0.2 * 0.8 / 500)
    assert drawn == pytest.approx(card.best_of_noise(50, 500, 0.2, alike=0.6), abs=0.0005)


def test_a_useless_twin_can_look_stable_by_refitting() -> None:
    rng = np.random.default_rng(6)
    stable = 0
    for _ in range(600):
        first = rng.standard_normal(100)
        second = 0.99 * first + math.sqrt(1 - 0.99**2) * rng.standard_normal(100)
        label = first + rng.standard_normal(100)
        at = rng.integers(0, 100, (100, 100))
        lead = [np.abs((c[at] * label[at]).sum(axis=1)) / np.sqrt((c[at] ** 2).sum(axis=1)) for c in (first, second)]
        stable += int((lead[1] > lead[0]).mean() > 0.8)
    assert stable / 600 == pytest.approx(card.twin_looks_stable(), abs=0.035)
    assert 0 < card.twin_looks_stable() < card.lasso_pair(0.99, 100)


def test_random_trials() -> None:
    n = card.trials_for(0.05)
    assert 1 - 0.95**n >= 0.95 > 1 - 0.95 ** (n - 1)


def test_an_average_of_alike_models() -> None:
    rng = np.random.default_rng(3)
    shared, own = rng.standard_normal((20_000, 1)), rng.standard_normal((20_000, 10))
    models = math.sqrt(0.6) * shared + math.sqrt(0.4) * own
    assert models.mean(axis=1).var() == pytest.approx(card.ensemble_variance(10, 0.6), rel=0.05)
    assert card.ensemble_variance(1, 0.6) == pytest.approx(1)


def test_learning_curves_invert() -> None:
    assert card.excess_after(card.data_for(0.5, 0.35), 0.35) == pytest.approx(0.5)
