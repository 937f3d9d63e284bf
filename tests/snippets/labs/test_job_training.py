"""The job-training lab's code against statsmodels, SciPy, pandas and plain loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from snippets.labs import job_training as lab


@pytest.fixture(scope="module")
def men() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, outcome and who was trained: the chance depends on the columns, and training is worth 3 to everybody."""
    rng = np.random.default_rng(11)
    columns = np.column_stack([rng.normal(size=4000), rng.integers(0, 3, 4000), rng.exponential(size=4000)])
    chance = 1 / (1 + np.exp(2 - columns[:, 0] + 0.5 * columns[:, 1]))
    trained = rng.random(4000) < chance
    y = 2 * columns[:, 0] - columns[:, 1] + columns[:, 2] + 3 * trained + rng.normal(size=4000)
    return columns, y, trained


def test_a_gap_is_welchs() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(2, 1, 40), rng.normal(0, 3, 90)
    difference, error = lab.gap(first, second)
    assert difference / error == pytest.approx(stats.ttest_ind(first, second, equal_var=False).statistic)


def test_scores_are_those_of_maximum_likelihood(men: tuple) -> None:
    columns, _, trained = men
    expected = sm.Logit(trained, sm.add_constant(columns)).fit(disp=0).predict()
    score = lab.scores(columns, trained)
    assert score == pytest.approx(expected, abs=1e-5)
    assert score.sum() == pytest.approx(trained.sum(), abs=1e-3)


def test_weights_make_the_untrained_alike(men: tuple) -> None:
    columns, _, trained = men
    weights = lab.alike(lab.scores(columns, trained), trained)
    assert weights.sum() == pytest.approx(1)
    before = np.abs(columns[~trained].mean(axis=0) - columns[trained].mean(axis=0))
    after = np.abs(weights @ columns[~trained] - columns[trained].mean(axis=0))
    assert before[0] > 0.5
    assert (after < 0.06).all()


def test_nearest_finds_every_tie_as_a_loop_does() -> None:
    rng = np.random.default_rng(4)
    score = rng.choice([0.1, 0.2, 0.35, 0.6, 0.61], 60)
    trained = rng.random(60) < 0.3
    odds = np.log(score / (1 - score))
    rest = odds[~trained]
    for own, found in zip(odds[trained], lab.nearest(score, trained), strict=True):
        closest = min(abs(other - own) for other in rest)
        assert list(found) == [place for place, other in enumerate(rest) if abs(abs(other - own) - closest) < 1e-9]


def test_regression_and_trimmed_equal_statsmodels(men: tuple) -> None:
    columns, y, trained = men
    found = lab.answers(columns, y, trained)
    frame = sm.add_constant(np.column_stack([columns, trained]))
    assert found["regression"] == pytest.approx(sm.OLS(y, frame).fit().params[-1])
    middle = (lab.scores(columns, trained) > 0.1) & (lab.scores(columns, trained) < 0.9)
    assert 0 < middle.sum() < len(y)
    assert found["trimmed"] == pytest.approx(sm.OLS(y[middle], frame[middle]).fit().params[-1])


def test_weights_and_doubly_robust_equal_weighted_least_squares(men: tuple) -> None:
    columns, y, trained = men
    found = lab.answers(columns, y, trained)
    score = lab.scores(columns, trained)
    weight = np.where(trained, 1, score / (1 - score))
    assert found["weights"] == pytest.approx(sm.WLS(y, sm.add_constant(1.0 * trained), weight).fit().params[-1])
    fit = sm.OLS(y[~trained], sm.add_constant(columns[~trained])).fit()
    left = pd.Series(y - fit.predict(sm.add_constant(columns)))
    rest = left[~trained]
    expected = left[trained].mean() - np.average(rest, weights=weight[~trained])
    assert found["doubly robust"] == pytest.approx(expected)


def test_all_five_find_an_effect_that_the_columns_explain(men: tuple) -> None:
    columns, y, trained = men
    found = lab.answers(columns, y, trained)
    assert set(found) == {"regression", "weights", "doubly robust", "one neighbor", "trimmed"}
    assert all(abs(value - 3) < 0.35 for value in found.values())
    assert y[trained].mean() - y[~trained].mean() > 4


def test_a_shift_of_everybody_moves_no_answer(men: tuple) -> None:
    columns, y, trained = men
    first, second = lab.answers(columns, y, trained), lab.answers(columns, y + 100, trained)
    assert second == pytest.approx(first)


def test_doubly_robust_is_right_where_one_of_its_two_models_is_not() -> None:
    rng = np.random.default_rng(8)
    x, noise = rng.normal(size=20_000), rng.normal(size=20_000)
    trained = rng.random(20_000) < 1 / (1 + np.exp(2 - x))
    found = lab.answers(x[:, None], x**2 + trained + noise, trained)  # no line; the score is right
    assert abs(found["doubly robust"] - 1) < 0.1
    assert found["regression"] > 1.4
    trained = rng.random(20_000) < np.where(x > 0, 0.6, 0.05)
    found = lab.answers(x[:, None], 2 * x + trained + noise, trained)  # a line; the score is wrong
    assert abs(found["doubly robust"] - 1) < 0.1
    assert abs(found["weights"] - 1) > 0.2


def test_several_outcomes_at_once(men: tuple) -> None:
    columns, y, trained = men
    both = lab.coefficient(columns, np.column_stack([y, 2 * y]), trained)
    assert both == pytest.approx([lab.coefficient(columns, y, trained), 2 * lab.coefficient(columns, y, trained)])


def test_noted_reads_this_labs_notes() -> None:
    assert lab.noted("trainees") == 185
    assert lab.noted("truth_range") == pytest.approx((479.2, 3109.5), abs=0.1)


def test_the_neighbors_error_is_the_spread_of_repeated_answers() -> None:
    rng = np.random.default_rng(21)
    x = rng.normal(size=600)
    score = 1 / (1 + np.exp(1.5 - x))
    answers, errors, naive = [], [], []
    for _ in range(150):
        trained = rng.random(600) < score
        y = x + rng.normal(size=600)
        matched = np.array([y[~trained][tied].mean() for tied in lab.nearest(score, trained)])
        pairs = y[trained] - matched
        answers.append(pairs.mean())
        naive.append(pairs.std(ddof=1) / trained.sum() ** 0.5)
        errors.append(lab.neighbor_error(score, y, trained))
    assert np.mean(errors) == pytest.approx(np.std(answers), rel=0.08)
    assert np.mean(naive) < 0.92 * np.std(answers)


def test_the_neighbors_error_by_hand() -> None:
    odds = np.array([0.0, 0.1, 0.2, 0.3, 5.0, 0.01, 0.01, 5.1])
    trained = np.array([False] * 5 + [True] * 3)
    y = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 3.0, 5.0, 9.0])
    pairs = np.var([2.0, 4.0, -1.0], ddof=1) / 3  # the first untrained row is used twice, the last once
    noise = np.var([1.0, 2.0, 3.0, 4.0, 10.0], ddof=1)
    found = lab.neighbor_error(1 / (1 + np.exp(-odds)), y, trained)
    assert found == pytest.approx((pairs + (2**2 - 2) * noise / 9) ** 0.5)
