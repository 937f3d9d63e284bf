"""The page's numbers, recomputed another way: SciPy, statsmodels, simulation, integrals."""

import math

import numpy as np
import pytest
from scipy import integrate, stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import power_proportions_2indep, proportion_confint

from snippets.cases import marketplace
from snippets.experiments import figures_analyzing
from snippets.experiments import worked_analyzing as w
from snippets.experiments.sequential import Look


def test_premises_agree_with_the_case():
    user_days = 0.1 * 2_000_000 * 14
    assert w.active_days() == user_days / 800_000
    assert w.mean_purchases() * 800_000 == pytest.approx(0.1 * marketplace.purchases_per_day * 14)
    assert tuple(sum(c[arm] for c in w.PLATFORMS.values()) for arm in (0, 1)) == (w.CONTROL, w.TREATED)
    assert sum(w.ENTRIES[e][0] for e in w.ENTRIES) == 504_000
    assert sum(w.ENTRIES[e][1] for e in w.ENTRIES) == 496_000
    assert w.mean_purchases() < w.SPREAD**2  # users differ in their rates


def test_the_visible_effect_has_80_percent_power():
    size = w.visible() * w.mean_purchases() / w.SPREAD
    assert NormalIndPower().power(size, 400_000, 0.05) == pytest.approx(0.8, abs=1e-4)
    assert w.triggered_visible() == pytest.approx(w.visible() / math.sqrt(0.15))
    assert w.diluted_visible() == pytest.approx(w.visible() / 0.15)


def test_the_sheet_by_a_welch_test_from_its_summaries():
    found = stats.ttest_ind_from_stats(
        w.BOUGHT_T / w.TREATED, 0.5, w.TREATED, w.BOUGHT_C / w.CONTROL, 0.5, w.CONTROL, equal_var=False
    )
    assert w.sheet_p() == pytest.approx(found.pvalue, rel=0.05)
    back = stats.ttest_ind_from_stats(
        w.BOUGHT_T / w.CONTROL, 0.5, w.CONTROL, w.BOUGHT_C / w.CONTROL, 0.5, w.CONTROL, equal_var=False
    )
    assert w.sheet_p(w.missing()) == pytest.approx(back.pvalue, rel=0.02)
    assert w.split_p() == pytest.approx(stats.chisquare([w.CONTROL, w.TREATED]).pvalue)
    assert w.without_old_app_p() == pytest.approx(stats.chisquare([351_490, 351_270]).pvalue)
    assert w.lost_buyers_hide() == pytest.approx((w.BOUGHT_T + 3200) / w.CONTROL / (w.BOUGHT_C / w.CONTROL) - 1)
    assert w.old_app_short() == pytest.approx(2980 / 50_110)


def test_aa_alarms_by_simulated_users():
    rng = np.random.default_rng(4)
    shape, p = w.mean_purchases() ** 2 / w.between(), []
    for _ in range(1500):
        bought = rng.poisson(rng.gamma(shape, w.mean_purchases() / shape, (2, 2000))).sum(axis=1)
        p.append(abs(bought[0] - bought[1]) / math.sqrt(bought.sum()) > 1.96)  # as independent counts
    assert np.mean(p) == pytest.approx(w.aa_alarms(), abs=0.03)
    assert w.design_effect() == pytest.approx(0.25 / 0.1575)
    # power of a test of one share against 5 % with that many replays, to either side
    n, q = w.aa_runs(), w.aa_alarms()
    cut = 0.05 + 1.96 * math.sqrt(0.05 * 0.95 / n)
    assert stats.norm.sf((cut - q) / math.sqrt(q * (1 - q) / n)) == pytest.approx(0.8, abs=0.01)


def test_correlations_by_simulated_users():
    rng = np.random.default_rng(5)
    shape = w.mean_purchases() ** 2 / w.between()
    rate = rng.gamma(shape, w.mean_purchases() / shape, 400_000)
    y, before = rng.poisson(rate), rng.poisson(rate)
    eight, clicks = before + rng.poisson(3 * rate), rng.poisson(rate * 0.35 / 0.012)
    assert y.std() == pytest.approx(w.SPREAD, rel=0.01)
    for x, left in ((before, w.variance_left(14)), (eight, w.variance_left(56)), (clicks, w.clicks_variance_left())):
        assert 1 - np.corrcoef(x, y)[0, 1] ** 2 == pytest.approx(left, abs=0.01)
    assert 1 - np.corrcoef(rate, y)[0, 1] ** 2 == pytest.approx(w.best_variance_left(), abs=0.01)
    assert w.rho_to_halve() ** 2 == pytest.approx(0.5)


def test_the_figures_draws_hold_the_truth_but_for_the_last():
    found = w.draws()
    inside = [abs(d.effect.difference - w.EFFECT) < w.Z * d.effect.error for d in found]
    assert inside == [True, True, True, True, False]
    left = [(d.effect.error / found[0].effect.error) ** 2 for d in found[1:4]]
    assert left == pytest.approx([w.variance_left(14), w.variance_left(56), w.clicks_variance_left()], abs=0.02)


def test_cap_by_simulated_spending_and_by_integral():
    rng = np.random.default_rng(6)
    n = 1_500_000
    spent = np.where(rng.random(n) < w.BUYERS, rng.lognormal(w.spending_log_mean(), w.SIGMA, n), 0.0)
    assert spent.mean() == pytest.approx(w.mean_purchases() * marketplace.mean_price, rel=0.01)
    assert (spent > w.cap()).mean() == pytest.approx(0.001, rel=0.08)
    capped = np.minimum(spent, w.cap())
    assert 1 - capped.mean() / spent.mean() == pytest.approx(w.money_cut(), abs=0.004)
    assert 2.8016 * capped.std() / capped.mean() * math.sqrt(4 / w.USERS) == pytest.approx(
        w.money_visible(True), rel=0.015
    )
    law = stats.lognorm(w.SIGMA, scale=math.exp(w.spending_log_mean()))
    second = w.BUYERS * law.expect(lambda s: s * s)
    assert w.moment(2) == pytest.approx(second, rel=1e-4)
    assert w.variance_cut() == pytest.approx(1 - (w.money_visible(True) / w.money_visible(False)) ** 2)


def test_rules_keep_their_alpha_and_reach_their_power():
    assert w.alarms("one look") == pytest.approx(0.05, abs=2e-4)
    assert w.alarms("every day, 1.96") == pytest.approx(w.simulated_alarms(), abs=0.01)
    for rule in ("O'Brien–Fleming", "Pocock"):
        assert w.alarms(rule, w.days_needed(rule)) == pytest.approx(0.05, abs=2e-4)
    for rule in w.RULES:
        days = w.days_needed(rule)
        assert w.power(rule, days) >= 0.7999
        assert days == 14 or w.power(rule, days - 1) < 0.7999
    assert w.alarms("always valid", 25) < 0.05


def test_days_and_overstatement_by_simulated_tests():
    rng = np.random.default_rng(7)
    for rule in ("O'Brien–Fleming", "always valid"):
        days = w.days_needed(rule)
        t = np.arange(1, days + 1) / 14
        walk = rng.normal(w.FIXED / 14, math.sqrt(1 / 14), (40_000, days)).cumsum(axis=1)
        z = walk / np.sqrt(t)
        passed = np.abs(z) > np.asarray(w.bounds(rule, days))
        day = np.where(passed.any(axis=1), passed.argmax(axis=1), days - 1)
        won = passed.any(axis=1) & (z[np.arange(40_000), day] > 0)
        estimate = walk[np.arange(40_000), day] / t[day] / w.FIXED
        assert (day + 1).mean() == pytest.approx(w.mean_days(rule), abs=0.1)
        assert estimate[won].mean() == pytest.approx(w.overstated(rule), abs=0.02)


def test_day_five():
    assert w.two_sided(w.z_seen()) == pytest.approx(w.P_SEEN)
    assert w.effect_seen() / w.early_error() == pytest.approx(w.z_seen())
    assert w.least_early_win() < w.effect_seen()
    rng = np.random.default_rng(9)
    z = rng.standard_normal((60_000, 5)).cumsum(axis=1) / np.sqrt(np.arange(1, 6))
    assert (np.abs(z) > 1.96).any(axis=1).mean() == pytest.approx(w.alarms_by(), abs=0.006)
    assert w.needed_p("Pocock") == pytest.approx(2 * stats.norm.sf(w.bounds("Pocock")[4]))
    assert w.needed_p("O'Brien–Fleming") < w.needed_p("Pocock") < w.P_SEEN < w.always_valid_seen()
    bounds = [2 * stats.norm.sf(b) for b in w.bounds("Pocock")]
    assert (round(bounds[0], 3), round(bounds[-1], 3)) == (0.006, 0.012)
    posterior = w.effect_seen() / w.early_error() ** 2 / (1 / w.early_error() ** 2 + 1 / w.PRIOR**2)
    assert w.expected_on_day_five() == pytest.approx(posterior)
    assert w.waiting_cost() == pytest.approx(90_000 * posterior * 2.76 * 9 * 0.95)


def test_families():
    assert w.any_of(20) == pytest.approx(1 - 0.95**20)
    assert w.any_of(20, 0.5) < w.any_of(20)
    for tests in (3, 20):
        z = stats.norm.isf(0.025 / tests)
        assert w.bonferroni_users(tests) == pytest.approx(((z + stats.norm.isf(0.2)) / 2.8016) ** 2, rel=1e-4)
    assert 1 < w.shared_control_users(3) < w.bonferroni_users(3)
    assert w.all_of(3) == pytest.approx(0.512)
    assert w.blocked() == pytest.approx(1 - stats.binom.pmf(0, 10, 0.05))
    seen = NormalIndPower().power(
        1.0, 2 * (stats.norm.isf(0.05) + stats.norm.isf(0.2)) ** 2, 0.005, alternative="larger"
    )
    assert w.harm_seen_corrected() == pytest.approx(seen, abs=1e-6)


def test_slices_and_weeks():
    normal = stats.norm
    exact = integrate.quad(lambda x: x * 20 * normal.pdf(x) * normal.cdf(x) ** 19, -10, 10)[0]
    assert w.expected_best() == pytest.approx(exact, abs=1e-4)
    rng = np.random.default_rng(10)
    shown = 0.02 + w.slice_error() * rng.standard_normal((20_000, 20))
    assert (shown < 0).sum(axis=1).mean() == pytest.approx(w.negative_slices(0.02), abs=0.05)
    assert w.best_slice() == pytest.approx(exact * w.slice_error(), abs=1e-5)
    precision = 1 / w.BETWEEN_SLICES**2 + 1 / w.slice_error() ** 2
    assert w.shrunken() == pytest.approx(0.08 / w.slice_error() ** 2 / precision)
    shape = w.mean_purchases() ** 2 / w.between()
    rate = rng.gamma(shape, w.mean_purchases() / shape, 400_000) / 2
    first, second = rng.poisson(rate), rng.poisson(rate)
    mean = w.mean_purchases() / 2
    assert first.std() / mean * math.sqrt(4 / w.USERS) == pytest.approx(w.week_error(), rel=0.01)
    assert (first - second).std() / mean * math.sqrt(4 / w.USERS) == pytest.approx(w.fall_error(), rel=0.01)
    assert w.fall_power() == pytest.approx(
        NormalIndPower().power(0.01 / w.fall_error() * math.sqrt(2), 1, 0.05), abs=1e-6
    )
    enough = w.fall_error() / math.sqrt(w.fall_users())
    assert NormalIndPower().power(0.01 / enough * math.sqrt(2), 1, 0.05) == pytest.approx(0.8, abs=1e-4)


def test_the_novelty_briefs_figures_agree():
    assert w.fall_seen() > 1.96 * w.fall_error()
    assert w.fresh_gap() > 1.96 * w.fresh_error()
    assert w.half_points(w.fall_error()) == pytest.approx(w.points(1.959964 * w.fall_error()))
    assert math.hypot(w.arm_change_error(), w.arm_change_error()) == pytest.approx(w.fall_error())
    assert w.arms_agree() == pytest.approx(w.WEEKS[2], abs=5e-4)
    assert w.fresh_error() == pytest.approx(math.hypot(w.week_error(), w.week_error()))


def test_the_launch_in_money():
    assert w.fees_for(0.003) == pytest.approx(270 * 2.76)
    assert w.disputes_cost() == pytest.approx(1080)
    n = 63_000
    low, high = proportion_confint(1260, n)
    assert w.dispute_half_width() == pytest.approx((high - low) / 2 * math.sqrt(2), rel=1e-6)
    assert w.disputes_for(0.02) * 90_000 * 12 == pytest.approx(w.fees_for(0.02))
    assert w.launch_value() == pytest.approx(745.2 - 1080 - 400)
    assert w.break_even_effect() * 90_000 * 2.76 == pytest.approx(1480)
    assert w.launch_half_width() ** 2 == pytest.approx(
        w.fees_for(0.014) ** 2 + (90_000 * 12 * w.dispute_half_width()) ** 2
    )
    assert w.wide_half_width() == pytest.approx(w.launch_half_width() / math.sqrt(10))
    assert w.purchases_per_click() == pytest.approx(1.003 / 1.031 - 1)
    assert w.expected_flat() < w.UPKEEP
    truth = w.PRIOR * np.random.default_rng(13).standard_normal(2_000_000)
    likely = stats.norm.pdf(w.FLAT, truth, w.FLAT_HALF / 1.96)
    assert likely[truth > w.break_even_effect()].sum() / likely.sum() == pytest.approx(
        w.chance_that_it_pays(), abs=0.002
    )
    # a harm of 0.15 points is about what is significant half of the time
    assert power_proportions_2indep(w.dispute_half_width(), 0.02, n).power == pytest.approx(0.5, abs=0.03)


def test_winners_by_simulated_experiments():
    rng = np.random.default_rng(12)
    truth = w.PRIOR * rng.standard_normal(1_000_000)
    shown = truth + w.relative_error() * rng.standard_normal(1_000_000)
    won = shown > w.Z * w.relative_error()
    assert shown[won].mean() == pytest.approx(w.shipped_estimate(), rel=0.01)
    assert truth[won].mean() == pytest.approx(w.shipped_truth(), rel=0.02)
    assert (truth[won] < 0).mean() == pytest.approx(w.shipped_harmful(), abs=0.006)
    assert w.kept_of(w.relative_error()) == pytest.approx(w.shipped_truth() / w.shipped_estimate())


def test_the_redirect_prompt():
    assert w.entry_p("web, from mail") < 1e-100
    assert min(w.entry_p("app"), w.entry_p("web, direct")) > 0.5
    assert w.entry_missing() == pytest.approx(8000 / 60_900)
    assert w.entry_effect_left() == pytest.approx(1.019 * 496 / 504 - 1)
    assert w.split_p_of(10_000, 0.504) == pytest.approx(stats.chisquare([5040, 4960]).pvalue)
    assert w.excess(10_000) == pytest.approx(100 * math.sqrt(stats.chi2.isf(0.001, 1) / 40_000))


def test_a_look_is_two_chances_and_an_estimate():
    assert all(isinstance(look, Look) for look in w.looks("Pocock", 1.0))


@pytest.mark.parametrize("demo", [w.demo_srm, w.demo_rules])
def test_demos_print(demo, capsys):
    demo()
    assert capsys.readouterr().out.count("\n") >= 4


def test_figures():
    """What the text alternatives say."""
    (axes,) = figures_analyzing.covariates().axes
    shown = [(bar.lines[0].get_xdata()[0], bar.lines[2][0].get_segments()[0]) for bar in axes.containers]
    said = [(1.75, 1.40), (1.86, 1.30), (2.15, 1.20), (2.33, 1.13), (0.26, 1.09)]
    for (middle, ends), (effect, half) in zip(shown, said, strict=True):
        assert middle == pytest.approx(effect, abs=0.005)
        assert (ends[1][0] - ends[0][0]) / 2 == pytest.approx(half, abs=0.005)
    (axes,) = figures_analyzing.stopping_bounds().axes
    obrien, pocock, mixture = (np.asarray(line.get_ydata()) for line in axes.lines[:3])
    assert (round(obrien[2], 1), round(obrien[-1], 1)) == (4.7, 2.1)
    assert (round(pocock[0], 2), round(pocock[-1], 2)) == (2.76, 2.50)
    assert (round(mixture[0], 1), round(mixture[-1], 1)) == (4.2, 3.0)
