"""The delta method, against drawn experiments, the jackknife and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.experiments import ratio, worked_designing

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@pytest.fixture
def users():
    return worked_designing.draw_users(4_000, np.random.default_rng(3))


def test_against_clustered_errors_of_statsmodels(users):
    searches, clicks = users
    # a regression of a constant on rows, clustered by user, is the same ratio
    rows = np.concatenate([np.r_[np.ones(c), np.zeros(n - c)] for n, c in zip(searches, clicks, strict=True)])
    groups = np.repeat(np.arange(len(searches)), searches)
    fit = sm.OLS(rows, np.ones(len(rows))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    ours = ratio.ratio(clicks, searches)
    assert ours.value == pytest.approx(fit.params[0])
    assert ours.error == pytest.approx(fit.bse[0], rel=1e-3)


def test_against_new_users_again_and_again():
    rng = np.random.default_rng(4)
    found, errors, textbook = [], [], []
    for _ in range(300):
        searches, clicks = worked_designing.draw_users(2_000, rng)
        found.append(clicks.sum() / searches.sum())
        errors.append(ratio.ratio(clicks, searches).error)
        textbook.append(ratio.naive(clicks, searches).error)
    assert np.mean(errors) == pytest.approx(np.std(found, ddof=1), rel=0.1)
    assert (np.std(found) / np.mean(textbook)) ** 2 == pytest.approx(worked_designing.understated("clicks"), rel=0.2)


def test_one_row_a_user_is_the_textbook():
    tops = np.r_[np.ones(30), np.zeros(70)]
    assert ratio.ratio(tops, np.ones(100)).error == pytest.approx(ratio.naive(tops, np.ones(100)).error, rel=0.01)


def test_a_mean_is_a_ratio_with_ones_below():
    values = np.random.default_rng(5).gamma(1, 30, 500)
    assert ratio.ratio(values, np.ones(500)).error == pytest.approx(values.std(ddof=1) / np.sqrt(500))


def test_lift_against_draws():
    rng = np.random.default_rng(6)
    a, b = rng.normal(1.1, 0.02, 100_000), rng.normal(1.0, 0.03, 100_000)
    ours = ratio.lift(ratio.Estimate(1.1, 0.02), ratio.Estimate(1.0, 0.03))
    assert ours.value == pytest.approx(0.1)
    assert ours.error == pytest.approx((a / b).std(), rel=0.01)


@quick
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=2, max_size=30), st.integers(2, 5))
def test_users_twice_as_busy_change_nothing_but_the_textbook(pairs, factor):
    tops, bottoms = (np.array(column) for column in zip(*pairs, strict=True))
    one, more = ratio.ratio(tops, bottoms), ratio.ratio(tops * factor, bottoms * factor)
    assert more == pytest.approx(one)


def test_degenerate():
    with pytest.raises(ValueError, match="two users"):
        ratio.ratio([1], [2])
    with pytest.raises(ValueError, match="positive sum"):
        ratio.ratio([0, 0], [0, 0])
    with pytest.raises(ValueError, match="unequal"):
        ratio.ratio([1, 2], [2])
    with pytest.raises(ValueError, match="empty"):
        ratio.ratio([], [])
    assert ratio.ratio([0, 0], [1, 2]) == (0.0, 0.0)
