"""What losses ask for, against scikit-learn, SciPy, minimizing the loss itself, and simulation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.special import rel_entr
from sklearn.linear_model import HuberRegressor, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import log_loss, ndcg_score
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

from snippets.cases import payments
from snippets.debugging.checks import base_rate_entropy
from snippets.fundamentals import losses as card
from snippets.metrics import worked
from snippets.metrics.regression import pinball_loss
from snippets.metrics.threshold import break_even


def least(loss, low: float, high: float) -> float:
    """Where a function of one number is smallest, by a library."""
    return float(optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-9}).x)


# Supervised learning


@pytest.mark.parametrize("moved", [0, 0.5, 1, -0.25])
def test_a_line_for_a_square_by_fitting_it(moved: float) -> None:
    x = (np.arange(20_000) + 0.5) / 20_000
    line = LinearRegression().fit(x[:, None], x**2)
    used = x + moved
    assert np.mean((line.predict(used[:, None]) - used**2) ** 2) == pytest.approx(card.line_error(moved), rel=1e-4)


def test_beyond_the_old_rows_all_residuals_have_one_sign() -> None:
    x = (np.arange(20_000) + 0.5) / 20_000
    line = LinearRegression().fit(x[:, None], x**2)
    beyond = 1 + x / 2
    assert (beyond**2 > line.predict(beyond[:, None])).all()
    assert len(set(np.sign(x**2 - line.predict(x[:, None])))) == 2


def test_a_parabola_is_exact_beyond_the_old_rows_and_a_tree_stays_flat() -> None:
    x = ((np.arange(2_000) + 0.5) / 2_000)[:, None]
    beyond = 1 + x / 2
    parabola = LinearRegression().fit(np.c_[x, x**2], x[:, 0] ** 2)
    assert parabola.predict(np.c_[beyond, beyond**2]) == pytest.approx(beyond[:, 0] ** 2)
    assert len(set(DecisionTreeRegressor().fit(x, x[:, 0] ** 2).predict(beyond))) == 1


# Squared, absolute, Huber

PAYMENTS = stats.lognorm(card.SIGMA, scale=card.MEAN * math.exp(-(card.SIGMA**2) / 2))


def test_payments_have_the_mean_of_the_case() -> None:
    assert PAYMENTS.mean() == pytest.approx(card.MEAN) == payments.mean_payment
    assert PAYMENTS.median() == pytest.approx(card.median())
    assert np.log(PAYMENTS.ppf([0.1587, 0.8413])).std() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("delta", [5, 20, 100])
def test_huber_by_scikit_learn(delta: float) -> None:
    y = PAYMENTS.ppf((np.arange(40_000) + 0.5) / 40_000)
    by_hand = least(
        lambda c: np.where(abs(y - c) < delta, (y - c) ** 2 / 2, delta * (abs(y - c) - delta / 2)).mean(), 0, 100
    )
    assert by_hand == pytest.approx(card.huber(delta), rel=1e-3)


def test_huber_regressor_cuts_at_a_share_of_the_scale_it_fits() -> None:
    """The library's delta is epsilon times a scale of its own, so the constant agrees only at that delta."""
    y = PAYMENTS.ppf((np.arange(4_000) + 0.5) / 4_000)
    fit = HuberRegressor(epsilon=1.35, alpha=0.0).fit(np.zeros((4_000, 1)), y)
    assert fit.intercept_ == pytest.approx(card.huber(1.35 * fit.scale_), rel=0.01)


def test_huber_protects_from_wrong_labels_not_from_wrong_inputs() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal(1_000)
    y = 2 * x + rng.standard_normal(1_000)
    labels, inputs = np.r_[np.full(10, 100.0), y[10:]], np.r_[np.full(10, 100.0), x[10:]]
    wrong_labels = HuberRegressor(alpha=0, max_iter=1_000).fit(x[:, None], labels)
    wrong_inputs = HuberRegressor(alpha=0, max_iter=1_000).fit(inputs[:, None], y)
    assert wrong_labels.coef_[0] == pytest.approx(2, abs=0.1)
    assert wrong_inputs.coef_[0] == pytest.approx(0, abs=0.1)


def test_huber_goes_from_the_median_to_the_mean() -> None:
    values = [card.huber(delta) for delta in (0.01, 5, 20, 100, 10_000)]
    assert values == sorted(values)
    assert values[0] == pytest.approx(card.median(), rel=1e-3)
    assert values[-1] == pytest.approx(card.MEAN, rel=1e-3)


def test_what_the_largest_hold() -> None:
    cut = PAYMENTS.ppf(0.99)
    assert PAYMENTS.expect(lambda y: y, lb=cut) / PAYMENTS.mean() == pytest.approx(card.top_share(0.01), rel=1e-4)


def test_how_far_chance_moves_a_total() -> None:
    rng = np.random.default_rng(0)
    totals = rng.lognormal(0, card.SIGMA, (4_000, 1_000)).sum(axis=1) / math.exp(card.SIGMA**2 / 2) / 1_000
    assert (abs(totals - 1) <= card.total_noise(1_000)).mean() == pytest.approx(0.95, abs=0.012)
    assert card.total_noise(1_000) == pytest.approx(2 * card.total_noise(4_000))


def test_the_mean_of_the_exponential_of_log_residuals_undoes_the_median() -> None:
    assert math.exp(card.SIGMA**2 / 2) == pytest.approx(card.MEAN / card.median())


# Quantile loss


def test_pinball_of_normal_labels() -> None:
    y = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000).tolist()
    for asked, predicted in ((0.99, 0.98), (0.9, 0.95), (0.5, 0.5)):
        level = float(stats.norm.ppf(predicted))
        loss = pinball_loss(y, [level] * len(y), asked)
        assert loss == pytest.approx(card.pinball(asked, predicted), rel=2e-3)
    assert card.pinball_excess(0.99, 0.99) == 0 < card.pinball_excess(0.99, 0.98)


def test_misses_of_a_quantile_read_off_rows() -> None:
    rng = np.random.default_rng(0)
    read = np.sort(rng.random((8_000, 1_000)), axis=1)[:, 989]  # uniform labels: the share above is 1 − the value
    assert np.quantile(1 - read, [0.025, 0.975]) == pytest.approx(card.miss_range(1_000, 0.99), rel=0.03)


@given(
    st.floats(-100, 100),
    st.lists(st.floats(-100, 100), min_size=2, max_size=5),
    st.data(),
)
def test_sorting_crossed_quantiles_never_raises_the_summed_loss(y: float, crossed: list[float], data) -> None:
    levels = sorted(data.draw(st.lists(st.floats(0.01, 0.99), min_size=len(crossed), max_size=len(crossed))))

    def total(predictions: list[float]) -> float:
        return sum(pinball_loss([y], [q], level) for q, level in zip(predictions, levels, strict=True))

    assert total(sorted(crossed)) <= total(crossed) + 1e-9


@pytest.mark.parametrize(("shift", "spread", "signs"), [(0.5, 1, (1, 1)), (-0.5, 1, (-1, -1)), (0, 0.7, (1, -1))])
def test_two_coverages_tell_a_center_from_a_spread(shift: float, spread: float, signs: tuple[int, int]) -> None:
    over = [stats.norm.cdf(shift + spread * stats.norm.ppf(level)) - level for level in (0.1, 0.9)]
    assert tuple(np.sign(over)) == signs


@pytest.mark.parametrize("spread", [0.7, 1.5])
def test_the_same_quantile_of_fresh_residuals_mends_the_coverage_over_all_but_not_by_slice(spread: float) -> None:
    rng = np.random.default_rng(0)
    slices = rng.integers(0, 2, (2, 100_000))
    fresh, later = np.where(slices, spread, 1.0) * rng.standard_normal((2, 100_000))
    offset = np.quantile(fresh - 0.5, 0.9)  # the model says 0.5 to everybody
    covered = later <= 0.5 + offset
    assert covered.mean() == pytest.approx(0.9, abs=0.005)
    assert abs(covered[slices[1] == 1].mean() - covered[slices[1] == 0].mean()) > 0.05


# Cross-entropy


def test_the_yardstick_is_the_loss_of_the_base_rate() -> None:
    y = [1] * 2 + [0] * 998
    assert log_loss(y, [0.002] * 1_000) == pytest.approx(base_rate_entropy(0.002))
    assert log_loss([1, 0], [1e-6, 1e-9]) * 2 == pytest.approx(card.surprise(1e-6), rel=1e-6)
    assert card.rows_for(1e-6, 0.002) * base_rate_entropy(0.002) == pytest.approx(card.surprise(1e-6))


def test_a_known_error_rate_caps_a_row() -> None:
    for label in (0, 1):
        for output in (0.0, 0.5, 1.0):
            mixed = (1 - 2e-4) * output + 1e-4
            assert log_loss([label], [mixed], labels=[0, 1]) <= card.mixed_cap(1e-4) + 1e-9
    assert log_loss([1], [1e-4], labels=[0, 1]) == pytest.approx(card.mixed_cap(1e-4))


def test_recalibration_wins_back_overconfidence_and_little_of_wrong_labels() -> None:
    """A fifth as many wrong labels as frauds: 5 % at most; logits stretched by 1.6: more than half."""
    rng = np.random.default_rng(0)
    rows = 100_000
    logits = rng.normal(-8.5, 2.2, rows)
    y = (rng.random(rows) < 1 / (1 + np.exp(-logits))).astype(int)
    wrong = np.where(rng.random(rows) < 0.2 * y.mean(), 1 - y, y)
    half = rows // 2

    def won_back(z: np.ndarray, labels: np.ndarray) -> float:
        fit = LogisticRegression(C=1e6).fit(z[:half, None], labels[:half])
        after = log_loss(labels[half:], fit.predict_proba(z[half:, None])[:, 1])
        return 1 - after / log_loss(labels[half:], 1 / (1 + np.exp(-z[half:])))

    assert abs(won_back(logits, wrong)) < 0.05
    assert won_back(1.6 * (logits + 8.5) - 8.5, y) > 0.5


@pytest.mark.parametrize("probability", [0.001, 0.3, 0.9])
def test_pulls_by_differences(probability: float) -> None:
    logit, step = card.log_odds(probability), 1e-5

    def p(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    by_log = (-math.log(p(logit + step)) + math.log(p(logit - step))) / (2 * step)
    by_square = ((1 - p(logit + step)) ** 2 - (1 - p(logit - step)) ** 2) / (2 * step)
    assert -by_log == pytest.approx(card.pull_log(probability), rel=1e-6)
    assert -by_square == pytest.approx(card.pull_squared(probability), rel=1e-6)


# Hinge


@pytest.mark.parametrize("p", [0.001, 0.05, 0.1, 0.49, 0.51, 0.9])
@pytest.mark.parametrize("weights", [(1, 1), (150, 15)])
def test_the_best_score_of_the_hinge_is_a_sign(p: float, weights: tuple[float, float]) -> None:
    best = min(np.linspace(-4, 4, 801), key=lambda score: card.hinge(score, p, *weights))
    assert best == pytest.approx(card.hinge_score(p, *weights), abs=1e-9)


def test_the_step_moves_to_the_break_even() -> None:
    costs = worked.costs()
    edge = break_even(costs)
    assert card.hinge_score(edge * 0.99, costs.fn, costs.fp) == -1
    assert card.hinge_score(edge * 1.01, costs.fn, costs.fp) == 1
    assert card.hinge_score(0.5) == 0  # anything from −1 to 1 does as well


def test_the_best_score_of_log_loss_is_the_log_odds() -> None:
    for p in (0.001, 0.1, 0.7):
        best = least(lambda s, p=p: p * np.log1p(np.exp(-s)) + (1 - p) * np.log1p(np.exp(s)), -20, 20)
        assert best == pytest.approx(card.log_odds(p), abs=1e-5)


def test_a_hinge_that_can_take_both_steps_ranks_nothing() -> None:
    """Two groups with one column each, 10 % and 0.1 % positives: both end at −1, the logistic's at their log-odds."""
    x = np.repeat(np.eye(2), 1_000, axis=0)
    y = np.r_[np.arange(1_000) < 100, np.arange(1_000) < 1].astype(int)
    hinge = LinearSVC(C=1, loss="hinge", fit_intercept=False, max_iter=200_000, tol=1e-8).fit(x, y)
    logistic = LogisticRegression(C=1e6, fit_intercept=False, tol=1e-10).fit(x, y)
    assert hinge.coef_[0] == pytest.approx([-1, -1], abs=0.01)
    assert logistic.coef_[0] == pytest.approx([card.log_odds(0.1), card.log_odds(0.001)], abs=0.02)


def test_a_linear_hinge_model_ranks_nothing_where_no_chance_reaches_a_half() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((20_000, 1))
    chance = np.minimum(1 / (1 + np.exp(3 - x[:, 0])), 0.45)
    y = (rng.random(20_000) < chance).astype(int)
    fit = LinearSVC(loss="hinge", intercept_scaling=10, max_iter=20_000).fit(x, y)
    assert fit.coef_[0, 0] == pytest.approx(0, abs=1e-6)
    assert fit.intercept_[0] == pytest.approx(-1, abs=1e-6)
    assert LogisticRegression().fit(x, y).coef_[0, 0] > 0.8


def test_hinge_and_log_loss_draw_nearly_the_same_line_where_classes_hardly_overlap() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 2_000)
    x = rng.standard_normal((2_000, 3)) + np.outer(2 * y - 1, [1.5, 1.0, 0.0])
    lines = [
        np.r_[fit.coef_[0], fit.intercept_] / np.linalg.norm(fit.coef_[0])
        for fit in (LinearSVC(loss="hinge", max_iter=50_000).fit(x, y), LogisticRegression().fit(x, y))
    ]
    assert lines[0] == pytest.approx(lines[1], abs=0.06)


# Weighted and focal


def test_weighted_log_loss_by_scikit_learn() -> None:
    y = np.r_[np.ones(2), np.zeros(998)].astype(int)
    fit = LogisticRegression(C=1e6, class_weight={0: 1, 1: 499}, fit_intercept=False).fit(np.ones((1_000, 1)), y)
    assert fit.predict_proba([[1.0]])[0, 1] == pytest.approx(card.weighted(0.002, 499), abs=1e-4)
    assert card.balanced_weight(0.002) == pytest.approx(499)
    shift = [card.log_odds(card.weighted(p, 499)) - card.log_odds(p) for p in (0.001, 0.3, 0.95)]
    assert shift == pytest.approx([math.log(499)] * 3)


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("p", [0.002, 1 / 11, 0.5, 0.9])
def test_focal_by_minimizing_it(p: float, gamma: float) -> None:
    best = least(lambda q: -p * (1 - q) ** gamma * math.log(q) - (1 - p) * q**gamma * math.log(1 - q), 1e-9, 1 - 1e-9)
    assert card.focal(p, gamma) == pytest.approx(best, abs=1e-4)
    assert card.focal_truth(card.focal(p, gamma), gamma) == pytest.approx(p)


def test_both_keep_the_order_of_an_exact_fit_and_a_formula_undoes_each() -> None:
    for p in (0.002, 1 / 11, 0.9):
        assert card.focal_truth(card.focal(p)) == pytest.approx(p)
        odds = card.weighted(p, 499) / (1 - card.weighted(p, 499)) / 499
        assert odds / (1 + odds) == pytest.approx(p)
    said = [card.weighted(p / 100, 499) for p in range(1, 100)]
    assert said == sorted(set(said))


def test_focal_keeps_the_order_and_pulls_to_the_middle() -> None:
    outputs = [card.focal(p / 100) for p in range(1, 100)]
    assert outputs == sorted(outputs)
    assert all(p / 100 < q < 0.5 for p, q in zip(range(1, 50), outputs[:49], strict=True))
    assert all(0.5 < q < p / 100 for p, q in zip(range(51, 100), outputs[50:], strict=True))


# Ranking


@given(st.sets(st.integers(1, card.PAGE), min_size=1, max_size=6))
def test_lost_pairs_by_counting_them(places: set[int]) -> None:
    unwanted = set(range(1, card.PAGE + 1)) - places
    lost = sum(other < place for place in places for other in unwanted)
    assert card.lost_pairs(sorted(places)) == lost
    assert card.pairs(len(places), card.PAGE) == len(list(itertools.product(places, unwanted)))


def test_worth_by_scikit_learn() -> None:
    ideal = card.worth((1, 2))
    scores = [np.arange(card.PAGE, 0, -1.0)]
    for places in (card.ENDS, card.MIDDLE):
        wanted = [[float(place in places) for place in range(1, card.PAGE + 1)]]
        assert ndcg_score(wanted, scores) == pytest.approx(card.worth(places) / ideal)
    assert card.lost_pairs(card.ENDS) > card.lost_pairs(card.MIDDLE)
    assert card.worth(card.ENDS) > card.worth(card.MIDDLE)


def test_a_constant_added_to_a_query_leaves_pairs_and_softmax() -> None:
    scores, wanted = np.array([0.3, -1.0, 2.0]), 0
    for loss in (
        lambda s: sum(math.log1p(math.exp(s[other] - s[wanted])) for other in (1, 2)),
        lambda s: float(np.log(np.exp(s).sum()) - s[wanted]),
    ):
        assert loss(scores) == pytest.approx(loss(scores + 1))


# Contrastive


def contrastive(users: np.ndarray, items: np.ndarray, temperature: float) -> float:
    scores = users @ items.T / temperature
    return float(np.mean(np.logaddexp.reduce(scores, axis=1) - np.diag(scores)))


@pytest.mark.parametrize("temperature", [1.0, 0.3])
def test_no_vectors_get_below_the_floor_and_a_simplex_reaches_it(temperature: float) -> None:
    size = 5
    simplex = np.eye(size) - 1 / size
    simplex /= np.linalg.norm(simplex, axis=1, keepdims=True)
    floor = card.contrastive_floor(temperature, size)
    assert contrastive(simplex, simplex, temperature) == pytest.approx(floor)

    def at(flat: np.ndarray) -> float:
        vectors = flat.reshape(2, size, size)
        vectors = vectors / np.linalg.norm(vectors, axis=2, keepdims=True)
        return contrastive(vectors[0], vectors[1], temperature)

    rng = np.random.default_rng(0)
    found = [optimize.minimize(at, rng.standard_normal(2 * size * size)).fun for _ in range(3)]
    assert min(found) == pytest.approx(floor, rel=1e-3)
    assert min(found) >= floor - 1e-9


def test_alike_scores_cost_the_log_of_the_batch() -> None:
    same = np.ones((7, 1))
    assert contrastive(same, same, 0.05) == pytest.approx(card.at_chance(7))


def test_copies_in_a_batch() -> None:
    rng = np.random.default_rng(1)
    seen = (rng.random((4_000, card.BATCH - 1)) < 0.001).any(axis=1).mean()
    assert seen == pytest.approx(card.twin_in_batch(0.001), abs=0.025)
    assert card.twin_in_batch(0.5, batch=2) == 0.5  # the one other row


def test_in_batch_negatives_take_the_log_of_the_draw_rate() -> None:
    """One user, three items bought equally often given the user but drawn 1000 : 1 : 1 as negatives."""
    bought, drawn = np.full(3, 1 / 3), np.array([1_000, 1, 1]) / 1_002
    temperature, batch = 0.05, 3  # a positive and two negatives
    draws = list(itertools.product(range(3), repeat=batch - 1))
    chance = [math.prod(drawn[i] for i in draw) for draw in draws]

    def loss(scores: np.ndarray) -> float:
        return sum(
            b * c * (np.logaddexp.reduce(scores[[i, *draw]] / temperature) - scores[i] / temperature)
            for (i, b), (draw, c) in itertools.product(enumerate(bought), zip(draws, chance, strict=True))
        )

    best = optimize.minimize(loss, np.zeros(3), tol=1e-12).x
    assert best[1] - best[0] == pytest.approx(card.popularity_gap(1_000, temperature), rel=0.01)


# Likelihood and MAP


def test_rates_of_few_views() -> None:
    assert card.shown_at_least(2, 10, 0.04) == pytest.approx(stats.binom.sf(1, 10, 0.04))
    assert card.posterior_mean(1, 2, 4, 96) == pytest.approx(stats.beta(5, 97).mean())


@pytest.mark.parametrize(("successes", "trials", "a", "b"), [(0, 5, 1, 1), (1, 2, 4, 96), (3, 9, 2, 2)])
def test_the_peak_depends_on_how_the_rate_is_written(successes: int, trials: int, a: float, b: float) -> None:
    after = stats.beta(successes + a, trials - successes + b)
    by_rate = least(lambda p: -after.logpdf(p), 1e-12, 1 - 1e-12)
    assert by_rate == pytest.approx(card.map_rate(successes, trials, a, b), abs=1e-5)

    def density(z: float) -> float:
        p = 1 / (1 + math.exp(-z))
        return -(after.logpdf(p) + math.log(p * (1 - p)))  # the change of variable

    by_log_odds = 1 / (1 + math.exp(-least(density, -20, 20)))
    assert by_log_odds == pytest.approx(card.map_by_log_odds(successes, trials, a, b), abs=1e-5)


def test_the_same_penalty_on_a_mean_loss_doubles_with_the_rows() -> None:
    """d/(d + nλ) stays on a mean loss as rows come; on the sum d/(d + λ) goes to 1."""
    for rows in (100, 200, 400):
        strength = float(rows)  # a column of ±1
        x = np.resize([1.0, -1.0], rows)
        mean = least(lambda w, x=x: np.mean((x - w * x) ** 2) + 0.5 * w * w, -3, 3)
        total = least(lambda w, x=x: np.sum((x - w * x) ** 2) + 50 * w * w, -3, 3)
        assert mean == pytest.approx(1 / 1.5, abs=1e-6)
        assert total == pytest.approx(strength / (strength + 50), abs=1e-6)


def test_map_with_a_normal_prior_is_ridge_and_with_a_laplace_prior_lasso() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 2))
    noise, prior = 1.5, 0.5
    y = x @ [0.6, 0.0] + noise * rng.standard_normal(60)

    def found(log_prior) -> np.ndarray:
        def minus(w: np.ndarray) -> float:
            return float(-stats.norm(0, noise).logpdf(y - x @ w).sum() - log_prior(w).sum())

        return optimize.minimize(minus, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x

    ridge = Ridge(alpha=noise**2 / prior**2, fit_intercept=False).fit(x, y)
    assert found(stats.norm(0, prior).logpdf) == pytest.approx(ridge.coef_, abs=1e-4)
    lasso = Lasso(alpha=noise**2 / 0.1 / 60, fit_intercept=False, tol=1e-10).fit(x, y)  # the library's loss is a mean
    assert found(stats.laplace(0, 0.1).logpdf) == pytest.approx(lasso.coef_, abs=1e-4)


# KL divergence


@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any), st.lists(st.integers(1, 9), min_size=3, max_size=3)
)
def test_kl_by_scipy(p: list[int], q: list[int]) -> None:
    first, second = np.array(p) / sum(p), np.array(q) / sum(q)
    assert card.kl(first, second) == pytest.approx(rel_entr(first, second).sum(), abs=1e-12)


def test_what_the_model_excludes_is_infinite_in_one_direction() -> None:
    assert card.kl([0.5, 0.5], [1, 0]) == math.inf
    assert card.kl([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))
    assert card.kl([1, 0], [1, 0]) == 0  # what neither has costs nothing


def test_an_intent_frozen_on_one_answer_is_small_in_the_mean_over_prompts() -> None:
    """A hundred prompts, one frozen on an answer that had 1 %, the others untouched."""
    reference = np.r_[0.01, np.full(9, 0.11)]
    penalties = [0.0] * 99 + [card.kl(np.eye(10)[0], reference)]
    assert np.mean(penalties) == pytest.approx(0.01 * card.kl([1, 0], [0.01, 0.99])) == pytest.approx(0.046, abs=5e-4)


def test_dropping_half_of_many_answers_costs_the_same() -> None:
    rng = np.random.default_rng(0)
    reference = rng.dirichlet(np.ones(40))
    kept = np.where(np.arange(40) < 20, reference, 0)
    share = kept.sum()
    assert card.kl(kept / share, reference) == pytest.approx(-math.log(share))


def test_both_directions_by_search() -> None:
    def forward(at) -> float:
        return card.kl_density(card.log_peaks(), card.log_normal(at[0], math.exp(at[1])))

    covering = optimize.minimize(forward, [0.5, 0.0], method="Nelder-Mead").x
    assert covering[0] == pytest.approx(0, abs=1e-3)
    assert math.exp(covering[1]) == pytest.approx(card.covering_spread(), rel=1e-3)

    mean, spread = card.seeking()
    best = card.kl_density(card.log_normal(mean, spread), card.log_peaks())
    for other in ((mean + 0.05, spread), (mean - 0.05, spread), (mean, spread * 1.05), (mean, spread / 1.05)):
        assert card.kl_density(card.log_normal(*other), card.log_peaks()) > best
    assert card.kl_density(card.log_normal(0, card.covering_spread()), card.log_peaks()) > best
    assert best == pytest.approx(math.log(2), abs=0.01)


def test_the_valley_by_drawing() -> None:
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(200_000) + card.APART * rng.choice([-1, 1], 200_000)
    assert truth.std() == pytest.approx(card.covering_spread(), rel=0.01)
    assert (abs(truth) < 1).mean() == pytest.approx(card.truth_between(), abs=0.002)
    covered = card.covering_spread() * rng.standard_normal(200_000)
    assert (abs(covered) < 1).mean() == pytest.approx(card.between(0, card.covering_spread()), abs=0.005)
