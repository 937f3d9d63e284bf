"""The figures on the cards against scikit-learn, SciPy and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from snippets.coding.trees import grow, predict
from snippets.fundamentals import models as card


def _with_correlations(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Rows of staff, orders and delay with the correlations of the card."""
    wanted = np.array([[1, 0.8, 0.3], [0.8, 1, 0.6], [0.3, 0.6, 1]])
    return np.asarray(rng.standard_normal((rows, 3)) @ np.linalg.cholesky(wanted).T)


def test_the_sign_turns_and_its_error_is_right() -> None:
    rng = np.random.default_rng(0)
    fits = []
    for _ in range(400):
        days = _with_correlations(rng, 1_000)
        fits.append(LinearRegression().fit(days[:, :2], days[:, 2]).coef_[0])
    assert np.mean(fits) == pytest.approx(card.slope_given(0.3, 0.6, 0.8), abs=0.01)
    assert np.std(fits) == pytest.approx(card.slope_error(0.3, 0.6, 0.8, 1_000), rel=0.1)
    days = _with_correlations(rng, 100_000)
    assert LinearRegression().fit(days[:, :1], days[:, 2]).coef_[0] == pytest.approx(0.3, abs=0.01)


def test_a_twin_inflates_the_error() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.standard_normal((2, 200))
    fixed = np.column_stack([first, 0.99 * first + math.sqrt(1 - 0.99**2) * second])
    fixed = (fixed - fixed.mean(axis=0)) / fixed.std(axis=0)
    between = float((fixed[:, 0] * fixed[:, 1]).mean())
    spread = math.sqrt(np.linalg.inv(fixed.T @ fixed)[0, 0] * 200)
    assert spread == pytest.approx(card.error_inflation(between))
    with pytest.raises(ZeroDivisionError):
        card.slope_given(0.3, 0.3, 1)


@pytest.mark.parametrize("penalty", [1, 0.1, 0.01])
def test_the_flag_in_scikit_learn(penalty: float) -> None:
    x, y, count = np.array([[0.0], [0.0], [1.0]]), np.array([0, 1, 1]), [9_800, 200, 5]
    fit = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=1_000).fit(x, y, sample_weight=count)
    assert fit.predict_proba([[1.0]])[0, 1] == pytest.approx(card.flag_probability(penalty), abs=1e-4)


def test_looser_penalties_let_the_flag_grow_without_end() -> None:
    odds = [card.flag_probability(10.0**-power) for power in range(6)]
    assert odds == sorted(odds)
    assert odds[-1] > 0.9999


def test_the_default_tolerance_hides_separation() -> None:
    x, y, count = np.array([[0.0], [0.0], [1.0]]), np.array([0, 1, 1]), [9_800, 200, 5]

    def weight(price: float, tol: float) -> float:
        return float(LogisticRegression(C=price, max_iter=1_000, tol=tol).fit(x, y, sample_weight=count).coef_[0, 0])

    early, late = [[weight(price, tol) for price in (1e3, 1e4)] for tol in (1e-4, 1e-10)]
    assert early[1] - early[0] < 0.3 < 1.5 < late[1] - late[0]


def test_half_rows_are_what_two_half_rows_fit() -> None:
    x, y = np.array([[1.0], [1.0], [0.0], [0.0]]), np.array([1, 0, 1, 0])
    fit = LogisticRegression(C=1e9, tol=1e-12).fit(x, y, sample_weight=[5.5, 0.5, 200, 9_800])
    assert fit.predict_proba([[1.0]])[0, 1] == pytest.approx(5.5 / 6, abs=1e-6)


def test_odds_double() -> None:
    p = card.odds_times(0.02, math.exp(math.log(2)))
    assert p / (1 - p) == pytest.approx(2 * 0.02 / 0.98)


def test_noise_wins_the_first_split_in_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    yes, wins, shuffled = np.arange(100) % 2, 0, 0
    for _ in range(250):
        x = np.column_stack([yes, rng.random(100)])
        y = rng.random(100) < np.where(yes, 0.6, 0.4)
        wins += DecisionTreeClassifier(max_depth=1).fit(x, y).tree_.feature[0] == 1
        shuffled += DecisionTreeClassifier(max_depth=1).fit(x, rng.permutation(y)).tree_.feature[0] == 1
    assert wins / 250 == pytest.approx(card.noise_wins(1), abs=0.08)
    assert shuffled / 250 == pytest.approx(card.noise_wins(1, low=0.5, high=0.5), abs=0.045)


def test_fewer_values_and_more_rows_win_less() -> None:
    assert (
        card.noise_wins(1, values=4)
        < card.noise_wins(1, values=10, draws=500)
        < card.noise_wins(1)
        < card.noise_wins(10)
    )
    assert card.noise_wins(1, rows=1_000, draws=200) < 0.01


def test_gini_prefers_the_finished_side() -> None:
    even, finished = ((300, 100), (100, 300)), ((200, 400), (200, 0))
    assert card.split_error(*even) == card.split_error(*finished) == 0.25
    assert card.impurity(*finished) < card.impurity(*even) < card.impurity((400, 400))
    x = np.repeat([0.0, 0.0, 1.0, 1.0], [200, 400, 200, 0])[:, None]
    tree = DecisionTreeClassifier(max_depth=1).fit(x, np.repeat([0, 1, 0], [200, 400, 200])).tree_
    told = (tree.impurity[1:] * tree.weighted_n_node_samples[1:]).sum() / 800
    assert told == pytest.approx(card.impurity(*finished))


def test_draws_without_a_useful_column() -> None:
    rng = np.random.default_rng(3)
    blind = np.mean([rng.permutation(500)[:22].min() >= 5 for _ in range(8_000)])
    assert blind == pytest.approx(card.split_sees_none(5, 500, 22), abs=0.02)
    assert card.split_sees_none(5, 500, 496) == 0


def test_dilution_is_mended_by_columns_and_slowly_by_trees() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((1_200, 500))
    y = (x[:, :5].sum(axis=1) > 0).astype(int)

    def right(columns: int, trees: int) -> float:
        forest = RandomForestClassifier(trees, max_features=columns, random_state=0).fit(x[:300], y[:300])
        return float(forest.score(x[300:], y[300:]))

    few, many, wide = right(22, 30), right(22, 120), right(167, 30)
    assert few + 0.03 < many < wide


def test_siblings_in_the_bag() -> None:
    rng = np.random.default_rng(5)
    seen = []
    for _ in range(40):
        inside = np.isin(np.arange(1_000), rng.integers(0, 1_000, 1_000)).reshape(200, 5)
        out = inside[~inside[:, 0]]
        seen += list(out[:, 1:].any(axis=1))
    assert np.mean(seen) == pytest.approx(card.sibling_in_bag(5), abs=0.01)
    assert card.sibling_in_bag(1) == 0


def test_rows_out_of_the_bag() -> None:
    rng = np.random.default_rng(17)
    missed = [1_000 - len(np.unique(rng.integers(0, 1_000, 1_000))) for _ in range(60)]
    assert np.mean(missed) / 1_000 == pytest.approx(card.out_of_bag(1_000), abs=0.005)
    assert card.out_of_bag(1) == 0


def test_what_boosting_has_not_added() -> None:
    y = np.array([0.0, 10.0])
    score = np.full(2, 5.0)
    for _ in range(100):
        score = score + 0.01 * (y - score)
    assert (y - score)[1] / 5 == pytest.approx(card.left_after(100, 0.01))
    slope = np.polyfit(score, y, 1)[0]
    assert slope == pytest.approx(1 / (1 - card.left_after(100, 0.01)))


def test_trees_end_where_the_weeks_end() -> None:
    assert card.boosted_trend(100) == card.boosted_trend(130) == card.boosted_trend(10_000)
    assert card.boosted_trend(50) == pytest.approx(100, abs=5)


def test_likeness_by_drawing_rows() -> None:
    rng = np.random.default_rng(6)
    apart = ((rng.standard_normal((4_000, 20)) - rng.standard_normal((4_000, 20))) ** 2).sum(axis=1)
    alike = float((np.exp(-apart / 8) > 0.01).mean())
    assert alike * 1_000 == pytest.approx(card.rows_alike(20, 1 / 8, 1_000), abs=25)
    assert apart.mean() == pytest.approx(40, abs=1)


def test_a_narrow_kernel_learns_by_heart_and_says_one_class() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((800, 20))
    y = (x[:, 0] + x[:, 1] > 0.3).astype(int)
    narrow = SVC(gamma=1).fit(x[:400], y[:400])
    assert narrow.score(x[:400], y[:400]) == 1
    assert len(narrow.support_) > 390
    assert len(set(narrow.predict(x[400:]))) == 1
    noisy = np.where(rng.random(800) < 0.3, 1 - y, y)  # classes that overlap
    wide = SVC(gamma=1 / 20).fit(x[:400], noisy[:400])
    assert len(wide.support_) > 250
    assert wide.score(x[:400], noisy[:400]) < 0.95
    assert len(set(wide.predict(x[400:]))) == 2


@pytest.mark.parametrize("price", [0.5, 1, 10])
def test_the_intercept_of_a_narrow_kernel(price: float) -> None:
    x = np.random.default_rng(14).standard_normal((500, 20))
    y = np.repeat([1, 0], [300, 200])
    fit = SVC(gamma=3, C=price, tol=1e-6).fit(x, y)
    intercept = card.narrow_intercept(0.6, price)
    assert fit.intercept_[0] == pytest.approx(intercept, abs=0.01)
    assert fit.score(x, y) == (0.6 if price < 1 else 1)  # the cheap price leaves the smaller class wrong in training
    assert len(set(fit.predict(-x + 10))) == 1


def test_likeness_of_the_nearest_row_tells_width_from_overlap() -> None:
    x = np.random.default_rng(15).standard_normal((1_000, 20))
    nearest = NearestNeighbors(n_neighbors=2).fit(x).kneighbors(x)[0][:, 1]
    for gamma in (1.0, 0.05):
        told = math.log(card.nearest_likeness(20, gamma))
        assert told == pytest.approx(-gamma * float(np.median(nearest)) ** 2, rel=0.05)
    assert card.nearest_likeness(2, 10) > 0.9  # a large gamma that harms nobody


def test_a_row_outside_the_margin_can_go() -> None:
    rng = np.random.default_rng(8)
    x = rng.standard_normal((60, 2))
    y = (x[:, 0] > 0).astype(int)
    whole = SVC(kernel="linear", tol=1e-8).fit(x, y)
    idle = next(i for i in range(60) if i not in whole.support_)
    rest = np.arange(60) != idle
    assert SVC(kernel="linear", tol=1e-8).fit(x[rest], y[rest]).coef_ == pytest.approx(whole.coef_, abs=1e-5)
    logistic = [LogisticRegression(tol=1e-10).fit(x[at], y[at]).coef_ for at in (rest, rest | True)]
    assert np.abs(logistic[0] - logistic[1]).max() > 1e-4


def test_useless_columns_in_scikit_learn() -> None:
    rng = np.random.default_rng(9)
    right = []
    for _ in range(5):
        x = rng.standard_normal((1_000, 22))
        y = (x[:, 0] * x[:, 1] > 0).astype(int)
        right.append(KNeighborsClassifier(15).fit(x[:500], y[:500]).score(x[500:], y[500:]))
    assert np.mean(right) == pytest.approx(card.neighborhood(20).right, abs=0.03)
    assert card.neighborhood(0).right > 0.93
    assert card.neighborhood(20, near=101).right < card.neighborhood(20).right
    assert card.neighborhood(0).nearest < card.neighborhood(20).nearest


def test_a_crowd_of_useful_columns_has_the_same_ratio() -> None:
    rng = np.random.default_rng(16)
    x = rng.standard_normal((4_500, 22))
    y = x.sum(axis=1) > 0
    right = [
        KNeighborsClassifier(15).fit(x[i : i + 500], y[i : i + 500]).score(x[2_500:], y[2_500:])
        for i in range(0, 2_500, 500)
    ]
    useful = card.neighborhood(20, all_useful=True)
    assert np.mean(right) == pytest.approx(useful.right, abs=0.02)
    assert useful.nearest == card.neighborhood(20).nearest


def test_a_vote_of_fifteen() -> None:
    votes = np.random.default_rng(10).random((40_000, 15)) < 0.2
    assert (votes.sum(axis=1) >= 8).mean() == pytest.approx(card.majority_flags(0.2), abs=0.002)


def test_copies_count_as_witnesses_in_scikit_learn() -> None:
    seen = np.repeat([1, 0, 1, 0], [2_000, 1_000, 1_000, 2_000])  # twice as frequent in class 1
    y = np.repeat([1, 0], 3_000)
    fit = BernoulliNB(alpha=1e-9, class_prior=[0.99, 0.01]).fit(np.repeat(seen[:, None], 10, axis=1), y)
    assert fit.predict_proba(np.ones((1, 10)))[0, 1] == pytest.approx(card.believed(0.01, 2, 10), abs=1e-6)
    assert card.believed(0.01, 2, 1) == pytest.approx(0.0198, abs=1e-4)


def test_the_credit_of_noise_in_scikit_learn() -> None:
    rng = np.random.default_rng(12)
    x = np.column_stack([rng.integers(0, 2, 400), rng.random(400)]).astype(float)
    y = rng.random(400) < np.where(x[:, 0] > 0, 0.7, 0.3)
    forest = RandomForestClassifier(30, max_features=None, random_state=0).fit(x, y)
    assert forest.feature_importances_[1] == pytest.approx(card.credit().impurity_noise, abs=0.05)
    assert card.credit().shuffled_noise_train > 0.2 > card.credit().shuffled_useful > 0.03
    assert abs(card.credit().shuffled_noise) < 0.03


def test_gains_are_of_the_columns_that_split() -> None:
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    assert card.gains(grow(x, x[:, 1], 3), 2) == pytest.approx([0, 1])
    assert card.gains(grow(x, np.ones(4), 3), 2) == pytest.approx([0, 0])


def test_leaves_row_by_row() -> None:
    rng = np.random.default_rng(13)
    x = rng.integers(0, 4, (60, 2)).astype(float)
    tree = grow(x, rng.standard_normal(60), 4)
    assert card.leaves(tree, x) == pytest.approx([predict(tree, row) for row in x])
    assert len(card.leaves(tree, x[:0])) == 0


def test_a_linear_attribution_is_the_mean_over_orders() -> None:
    """Both orders of adding two columns to a linear model, absent ones at the background's mean."""
    weights, row, background = (0.5, -2.0), (3.0, 1.0), (4.0, 0.0)

    def value(*known: int) -> float:
        return sum(w * (row[i] if i in known else background[i]) for i, w in enumerate(weights))

    first = ((value(0) - value()) + (value(0, 1) - value(1))) / 2
    assert card.linear_attribution(0.5, 3, 4) == pytest.approx(first)
