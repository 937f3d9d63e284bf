"""CUPED, against least squares in statsmodels and against repeated draws."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.experiments.cuped import cuped, plain

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def drawn(seed, n=60, m=45, rho=0.6, effect=1.0):
    rng = np.random.default_rng(seed)
    x = rng.gamma(2.0, size=n), rng.gamma(2.0, size=m)
    y = [rho * v + rng.normal(size=v.size) for v in x]
    return y[0], y[1] + effect, x[0], x[1]


# --8<-- [start:least-squares]
@quick
@given(st.integers(0, 10**6), st.integers(3, 40), st.integers(3, 40))
def test_difference_is_the_arms_coefficient_in_least_squares(seed, n, m):
    control, treated, before_c, before_t = drawn(seed, n, m)
    arm, before = np.repeat([0.0, 1.0], [n, m]), np.concatenate([before_c, before_t])
    design = np.column_stack([np.ones(n + m), arm, before])
    fit = sm.OLS(np.concatenate([control, treated]), design).fit()
    found = cuped(control, treated, before_c, before_t)
    assert found.difference == pytest.approx(fit.params[1], rel=1e-7, abs=1e-9)
    assert found.theta == pytest.approx(fit.params[2], rel=1e-7, abs=1e-9)


# --8<-- [end:least-squares]


def test_error_is_close_to_the_robust_one_of_least_squares():
    control, treated, before_c, before_t = drawn(4, 4000, 3000)
    arm, before = np.repeat([0.0, 1.0], [4000, 3000]), np.concatenate([before_c, before_t])
    design = np.column_stack([np.ones(7000), arm, before])
    fit = sm.OLS(np.concatenate([control, treated]), design).fit(cov_type="HC2")
    assert cuped(control, treated, before_c, before_t).error == pytest.approx(fit.bse[1], rel=0.01)


def test_error_is_the_spread_over_repeated_draws_and_shrinks_as_promised():
    rho, found, simple = 0.8, [], []
    for seed in range(1500):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(2, 200))
        y = rho * x + np.sqrt(1 - rho**2) * rng.normal(size=(2, 200))
        found.append(cuped(y[0], y[1], x[0], x[1]))
        simple.append(plain(y[0], y[1]).difference)
    spread = np.std([f.difference for f in found])
    assert np.mean([f.error for f in found]) == pytest.approx(spread, rel=0.05)
    assert (spread / np.std(simple)) ** 2 == pytest.approx(1 - rho**2, rel=0.12)
    assert abs(np.mean([f.difference for f in found])) < 3.5 * spread / np.sqrt(1500)


def test_a_covariate_that_the_treatment_moves_takes_the_effect_away():
    rng = np.random.default_rng(2)
    clicks = rng.poisson(30, 200_000), rng.poisson(33, 200_000)
    bought = [rng.binomial(c, 0.1) for c in clicks]  # the whole effect, +0.3, runs through clicks
    assert plain(*bought).difference == pytest.approx(0.3, abs=0.03)
    after = cuped(*bought, *clicks)
    assert abs(after.difference) < 0.03
    assert after.error < plain(*bought).error


def test_plain_is_welch():
    control, treated, *_ = drawn(9)
    found = plain(control, treated)
    expected = stats.ttest_ind(treated, control, equal_var=False)
    assert found.difference / found.error == pytest.approx(expected.statistic)
    assert found.theta == 0.0


def test_constants_and_shifts_of_the_covariate_change_nothing():
    control, treated, before_c, before_t = drawn(1)
    found = cuped(control, treated, before_c, before_t)
    moved = cuped(control, treated, before_c + 100, before_t + 100)
    assert moved.difference == pytest.approx(found.difference)
    assert moved.error == pytest.approx(found.error)
    flat = cuped(control, treated, np.full(60, 7.0), np.full(45, 7.0))
    assert flat == plain(control, treated)
    tenth = cuped(control, treated, np.full(60, 0.1), np.full(45, 0.1))  # its mean isn't 0.1 in binary
    assert tenth == plain(control, treated)


def test_the_effect_does_not_leak_into_theta():
    control, treated, before_c, before_t = drawn(3)
    assert cuped(control, treated + 50, before_c, before_t).theta == pytest.approx(
        cuped(control, treated, before_c, before_t).theta
    )


@pytest.mark.parametrize(
    "arrays",
    [
        ([], [1, 2], [], [1, 2]),
        ([1], [1, 2], [1], [1, 2]),
        ([1, 2], [1, 2], [1, 2, 3], [1, 2]),
        ([1, 2], [[1, 2]], [1, 2], [[1, 2]]),
    ],
)
def test_too_few_users_or_unequal_lengths_raise(arrays):
    with pytest.raises(ValueError, match="two users"):
        cuped(*arrays)


def test_a_user_without_a_past_must_be_filled():
    for arrays in (([1, 2], [1, 2], [np.nan, 2], [1, 2]), ([1, 2], [1, np.nan], [1, 2], [1, 2])):
        with pytest.raises(ValueError, match="without a past"):
            cuped(*arrays)
