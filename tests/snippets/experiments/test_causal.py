"""Weights, differences and hidden causes, against statsmodels, full enumeration and draws."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.treatment.treatment_effects import TreatmentEffect

from snippets.experiments import causal

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def users(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    e = 1 / (1 + np.exp(-(x - 0.5)))
    t = (rng.random(n) < e).astype(float)
    y = x + (1 + x) * t + rng.normal(size=n)
    return x, e, t, y


@pytest.mark.parametrize(("whose", "group"), [("all", "all"), ("treated", 1), ("untreated", 0)])
def test_weighted_means_agree_with_statsmodels(whose, group):
    x, _, t, y = users(2_000, 1)
    design = sm.add_constant(x)
    fitted = sm.Logit(t, design).fit(disp=0)
    outcome = sm.OLS(y, design)
    theirs = TreatmentEffect(outcome, t, results_select=sm.Probit(t, design).fit(disp=0))
    chance = theirs.prob_select
    assert len(fitted.params) == 2
    assert causal.ipw(t, y, chance, whose).effect == pytest.approx(
        theirs.ipw(return_results=False, effect_group=group)[0], abs=1e-8
    )


@pytest.mark.parametrize("whose", ["all", "treated", "untreated", "overlap"])
def test_estimate_and_error_over_drawn_logs(whose):
    found = []
    for seed in range(300):
        _, e, t, y = users(600, seed)
        found.append(causal.ipw(t, y, e, whose))
    x, e, _, _ = users(400_000, 1_000)
    weight = {"all": 1 + 0 * e, "treated": e, "untreated": 1 - e, "overlap": e * (1 - e)}[whose]
    truth = (weight * (1 + x)).sum() / weight.sum()
    effects = np.array([f.effect for f in found])
    assert effects.mean() == pytest.approx(truth, abs=4 * effects.std() / math.sqrt(300) + 0.02)
    claimed = np.sqrt(np.mean([f.error**2 for f in found]))
    assert claimed == pytest.approx(effects.std(), rel=0.25)


def test_a_coin_gives_the_difference_of_means_and_all_rows_count():
    t, y = [1, 0, 1, 0], [3.0, 1.0, 5.0, 1.0]
    for whose in ("all", "treated", "untreated", "overlap"):
        got = causal.ipw(t, y, [0.5] * 4, whose)
        assert got[0] == pytest.approx(3)
        assert got[2:] == pytest.approx((2, 2))
        assert got.error == pytest.approx(math.sqrt(2 / 4))


def test_normalized_weights_do_not_care_what_is_counted():
    _, e, t, y = users(500, 3)
    one, other = causal.ipw(t, y, e), causal.ipw(t, 100 - y, e)
    assert other.effect == pytest.approx(-one.effect)
    assert other.error == pytest.approx(one.error)


@pytest.mark.parametrize("chance", [[0.0, 0.5], [0.5, 1.0], [0.5], [float("nan"), 0.5]])
def test_chances_that_nobody_can_weigh_raise(chance):
    with pytest.raises(ValueError, match="chances strictly"):
        causal.ipw([1, 0], [1, 1], chance)


def test_an_arm_without_rows_raises():
    for t in ([1, 1], [0, 0]):
        with pytest.raises(ValueError, match="a treated and a control row"):
            causal.ipw(t, [1, 2], [0.5, 0.5])


def test_did_is_the_two_way_regression_and_its_error_welchs():
    rng = np.random.default_rng(4)
    weeks, regions, treated = 6, 9, 3
    y = rng.normal(size=(regions, 2 * weeks)) + rng.normal(size=(regions, 1))
    on = np.zeros_like(y)
    on[:treated, weeks:] = 1
    region, week = np.indices(y.shape)
    dummies = np.hstack([np.eye(regions)[region.ravel()], np.eye(2 * weeks)[week.ravel()][:, 1:], on.reshape(-1, 1)])
    slope = sm.OLS(y.ravel(), dummies).fit().params[-1]
    change = y[:, weeks:].mean(axis=1) - y[:, :weeks].mean(axis=1)
    got = causal.did(change, np.arange(regions) < treated)
    welch = stats.ttest_ind(change[:treated], change[treated:], equal_var=False)
    assert got.effect == pytest.approx(slope)
    assert got.effect / got.error == pytest.approx(welch.statistic)


def test_p_agrees_with_scipys_permutation_test_and_the_drawn_one_with_the_full():
    rng = np.random.default_rng(5)
    change = rng.normal(size=12)
    change[:4] += 1
    on = np.arange(12) < 4

    def gap(a, b, axis):
        return np.abs(a.mean(axis=axis) - b.mean(axis=axis))

    theirs = stats.permutation_test(
        (change[on], change[~on]), gap, alternative="greater", n_resamples=np.inf, vectorized=True
    )
    full = causal.did(change, on)
    assert full.p == pytest.approx(theirs.pvalue)
    assert causal.did(change, on, most=400).p == pytest.approx(full.p, abs=0.08)
    big = causal.did(np.r_[np.full(10, 9.0), np.zeros(30)] + rng.normal(size=40), np.arange(40) < 10)
    assert big.p == pytest.approx(1 / 20_000)


@quick
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=8), st.integers(1, 3))
def test_p_is_never_below_one_in_all_ways_and_ties_count(change, k):
    n = len(change)
    got = causal.did(change, [i < k for i in range(n)])
    assert 1 / math.comb(n, k) - 1e-12 <= got.p <= 1
    assert causal.did([7.0] * n, [i < k for i in range(n)]).p == 1


def test_one_unit_on_a_side_has_no_error_and_none_raises():
    assert causal.did([1.0, 2.0, 3.0], [True, False, False]).error == math.inf
    assert causal.did([1.0, 2.0, 3.0], [True, True, False]).error == math.inf
    for on in ([True, True], [False, False], [True]):
        with pytest.raises(ValueError, match="one change a unit"):
            causal.did([1.0, 2.0], on)


@quick
@given(st.floats(1, 20), st.floats(0.2, 3))
def test_a_cause_of_e_value_strength_just_explains(ratio, down_to):
    strength = causal.e_value(ratio, down_to)
    assert causal.bias_factor(strength, strength) == pytest.approx(max(ratio / down_to, down_to / ratio))


def test_published_e_value_and_bad_ratios():
    assert causal.e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert causal.e_value(1 / 3.9) == pytest.approx(7.26, abs=0.005)
    assert causal.e_value(1.0) == 1
    with pytest.raises(ValueError, match="positive"):
        causal.e_value(0)
    with pytest.raises(ValueError, match="at least 1"):
        causal.bias_factor(0.9, 2)


@quick
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.05, 0.5), st.floats(1, 2))
def test_no_hidden_cause_moves_the_ratio_by_more_than_its_bias_factor(with_on, with_off, base, times):
    on, off = max(with_on, with_off), min(with_on, with_off)
    seen = (1 + (times - 1) * on) / (1 + (times - 1) * off)  # no effect at all: base cancels
    assert seen <= causal.bias_factor(on / off, times) + 1e-9
