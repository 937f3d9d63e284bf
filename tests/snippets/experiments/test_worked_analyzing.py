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
from snippets.experiments import worked_designing as plan
from snippets.experiments.sequential import Look


@pytest.fixture(scope="module")
def people():
    """The plan's people drawn one by one: visits and purchases in the test, in weeks 1 to 3 of it and before, clicks before, the own rates."""
    rng = np.random.default_rng(20)
    n = 500_000
    q, own = rng.beta(0.3, 1.5, n), rng.gamma(1.0, 0.012, n)
    both = 0.35 * 0.65 / 0.04 - 1
    click = rng.beta(0.35 * both, 0.65 * both, n)

    def searches(days):
        visits = rng.binomial(days, q)
        return visits, visits + rng.poisson(2 * rng.standard_gamma(visits))

    found = {"q": q, "own": own}
    for name, days in (("week 1", 7), ("week 2", 7), ("week 3", 7), ("before", 14), ("earlier", 42)):
        visits, made = searches(days)
        found[name + " visits"], found[name] = visits, rng.binomial(made, np.minimum(own, 1))
        if name == "before":
            found["clicks"] = rng.binomial(made, click)
    return found


def test_clicks_and_purchases_of_eight_weeks_by_drawn_people():
    rng = np.random.default_rng(21)
    n = 1_200_000
    q = rng.beta(0.3, 1.5, n)
    both, spread = 0.35 * 0.65 / 0.04 - 1, 2 / (1 + (0.2 / 0.35) ** 2) - 1
    click = rng.beta(0.35 * both, 0.65 * both, n)
    buy = np.minimum(rng.gamma(1 / spread, spread * 0.012 / 0.35, n), 1)

    def period(days):
        visits = rng.binomial(days, q)
        clicks = rng.binomial(visits + rng.poisson(2 * rng.standard_gamma(visits)), click)
        return visits > 0, clicks, rng.binomial(clicks, buy)

    came, _, y = period(14)
    _, clicks, bought = period(56)
    columns = np.column_stack([np.ones(came.sum()), clicks[came], bought[came]])
    for some, left in (
        ([0, 1], w.clicks_variance_left(before_days=56)),
        ([0, 2], w.variance_left(56)),
        ([0, 1, 2], w.both_variance_left(56)),
    ):
        slopes, *_ = np.linalg.lstsq(columns[:, some], y[came], rcond=None)
        assert (y[came] - columns[:, some] @ slopes).var() / y[came].var() == pytest.approx(left, abs=0.004)


def test_premises_agree_with_the_case_and_the_plan(people):
    assert pytest.approx(w.TRAFFIC * plan.visitors(14), rel=0.005) == w.USERS
    assert pytest.approx(w.TRAFFIC * plan.visitors(7), rel=0.005) == w.COHORT
    assert w.active_days() * plan.visitors(14) == pytest.approx(2_000_000 * 14)
    assert w.mean_purchases() * plan.visitors(14) == pytest.approx(6e6 * 0.012 * 14)
    came = people["week 1 visits"] + people["week 2 visits"] > 0
    bought = (people["week 1"] + people["week 2"])[came]
    assert bought.mean() == pytest.approx(w.mean_purchases(), rel=0.01)
    assert bought.std() == pytest.approx(w.spread(), rel=0.02)
    assert tuple(sum(c[arm] for c in w.PLATFORMS.values()) for arm in (0, 1)) == (w.CONTROL, w.TREATED)
    assert sum(w.ENTRIES[e][0] for e in w.ENTRIES) == 504_000
    assert sum(w.ENTRIES[e][1] for e in w.ENTRIES) == 496_000
    assert w.fees_for(0.01) == pytest.approx(72_000 * 0.01 * 2.76)
    assert w.lasting(0.01) * 4 == pytest.approx(w.fees_for(0.01))


def test_information_grows_as_among_drawn_people(people):
    one, two, three = people["week 1"], people["week 1"] + people["week 2"], sum(people[f"week {k}"] for k in (1, 2, 3))
    noise = [
        np.mean(b.astype(float) ** 2) / b.mean() ** 2 for b in (one, two, three)
    ]  # over everybody: absent people count 0
    assert noise[1] / noise[0] == pytest.approx(w.information(7), rel=0.03)
    assert noise[1] / noise[2] == pytest.approx(w.information(21), rel=0.03)
    assert w.information(14) == 1
    # steps are independent: an early estimate covaries with a late one as the late one with itself
    early, late = one / one.mean(), two / two.mean()
    assert np.cov(early, late)[0, 1] == pytest.approx(late.var(), rel=0.04)


def test_the_visible_effect_has_80_percent_power():
    size = w.visible() * w.mean_purchases() / w.spread()
    assert NormalIndPower().power(size, 400_000, 0.05) == pytest.approx(0.8, abs=1e-4)
    assert w.triggered_visible() == pytest.approx(w.visible() / math.sqrt(0.15))
    assert w.diluted_visible() == pytest.approx(w.visible() / 0.15)


def test_the_sheet_by_a_welch_test_from_its_summaries():
    sd = w.spread()
    found = stats.ttest_ind_from_stats(
        w.BOUGHT_T / w.TREATED, sd, w.TREATED, w.BOUGHT_C / w.CONTROL, sd, w.CONTROL, equal_var=False
    )
    assert w.sheet_p() == pytest.approx(found.pvalue, rel=0.1)
    back = stats.ttest_ind_from_stats(
        w.BOUGHT_T / w.CONTROL, sd, w.CONTROL, w.BOUGHT_C / w.CONTROL, sd, w.CONTROL, equal_var=False
    )
    assert w.sheet_p(w.missing()) == pytest.approx(back.pvalue, rel=0.05)
    assert w.split_p() == pytest.approx(stats.chisquare([w.CONTROL, w.TREATED]).pvalue)
    assert w.without_old_app_p() == pytest.approx(stats.chisquare([351_490, 351_270]).pvalue)
    assert w.lost_buyers_hide() == pytest.approx((w.BOUGHT_T + 3200) / w.CONTROL / (w.BOUGHT_C / w.CONTROL) - 1)
    assert w.old_app_short() == pytest.approx(2980 / 50_110)


def test_the_rest_of_the_sheet():
    control, treated = w.rest()
    low, high = w.rest_effect() - w.rest_half_width(), w.rest_effect() + w.rest_half_width()
    assert low < 0 < high
    assert w.rest_effect() == pytest.approx((56_352 / 351_270) / (55_732 / 351_490) - 1)
    # with so many missing the counts seen would still come with 2.5 %
    lost = round(w.rest_may_lack())
    share = (control - lost) / (2 * control - lost)  # treatment's share of who stayed
    assert stats.norm.sf(
        (treated / (control + treated) - share) / math.sqrt(0.25 / (control + treated))
    ) == pytest.approx(0.025, abs=0.002)
    assert w.rest_may_hide() == pytest.approx(lost / control, rel=1e-3)


def test_aa_alarms_by_simulated_users(people):
    rng = np.random.default_rng(4)
    came = people["week 1 visits"] + people["week 2 visits"] > 0
    bought = (people["week 1"] + people["week 2"])[came]
    arms = bought[rng.integers(bought.size, size=(1500, 2, 1000))].sum(axis=2)
    p = np.abs(arms[:, 0] - arms[:, 1]) / np.sqrt(arms.sum(axis=1)) > 1.96  # as independent counts
    assert np.mean(p) == pytest.approx(w.aa_alarms(), abs=0.025)


def test_aa_replays_are_the_fewest():
    n, limit = w.aa_replays()
    alarms = np.arange(limit, n + 1)
    assert stats.binom.pmf(alarms, n, 0.05).sum() <= 0.025
    assert stats.binom.pmf(alarms, n, w.aa_alarms()).sum() >= 0.8
    before = int(stats.binom.isf(0.025, n - 1, 0.05)) + 1
    assert stats.binom.sf(before - 1, n - 1, w.aa_alarms()) < 0.8
    assert stats.binom.sf(5, 101, 0.05) > 0.35  # "more than 5 % alarms" would stop a sound pipeline that often


def test_correlations_by_drawn_people(people):
    came = people["week 1 visits"] + people["week 2 visits"] > 0
    y = (people["week 1"] + people["week 2"])[came]
    eight, rate = people["before"] + people["earlier"], people["q"] * people["own"]
    for x, left in (
        (people["before"], w.variance_left(14)),
        (eight, w.variance_left(56)),
        (people["clicks"], w.clicks_variance_left(0.0)),
        (rate, w.best_variance_left()),
    ):
        assert 1 - np.corrcoef(x[came], y)[0, 1] ** 2 == pytest.approx(left, abs=0.012)
    assert (people["before visits"][came] == 0).mean() == pytest.approx(w.without_a_past(14), abs=0.003)
    assert w.without_a_past(56) < w.without_a_past(14)
    assert w.clicks_at_best() < w.clicks_variance_left() < w.clicks_variance_left(0.0)
    assert w.rho_to_halve() ** 2 == pytest.approx(0.5)


def test_the_figures_draws_hold_the_truth_but_for_the_last():
    found = w.draws()
    inside = [abs(d.effect.difference - w.EFFECT) < w.Z * d.effect.error for d in found]
    assert inside == [True, True, True, True, False]
    left = [(d.effect.error / found[0].effect.error) ** 2 for d in found[1:4]]
    assert left == pytest.approx([w.variance_left(14), w.variance_left(56), w.clicks_variance_left()], abs=0.02)
    assert found[0].effect.error == pytest.approx(w.relative_error(), rel=0.03)


def test_cap_by_simulated_spending_and_by_integral():
    rng = np.random.default_rng(6)
    n = 1_500_000
    spent = np.where(rng.random(n) < w.buyers(), rng.lognormal(w.spending_log_mean(), w.sigma(), n), 0.0)
    assert spent.mean() == pytest.approx(w.mean_purchases() * marketplace.mean_price, rel=0.01)
    assert (spent > w.cap()).mean() == pytest.approx(0.001, rel=0.08)
    capped = np.minimum(spent, w.cap())
    assert 1 - capped.mean() / spent.mean() == pytest.approx(w.money_cut(), abs=0.004)
    assert w.money_visible(False) == pytest.approx(
        plan.visible("fees") * math.sqrt(plan.visitors(14) / w.USERS), rel=1e-6
    )
    assert 2.8016 * capped.std() / capped.mean() * math.sqrt(4 / w.USERS) == pytest.approx(
        w.money_visible(True), rel=0.015
    )
    law = stats.lognorm(w.sigma(), scale=math.exp(w.spending_log_mean()))
    second = w.buyers() * law.expect(lambda s: s * s)
    assert w.moment(2) == pytest.approx(second, rel=1e-4)
    assert w.variance_cut() == pytest.approx(1 - (w.money_visible(True) / w.money_visible(False)) ** 2)


def test_rules_keep_their_alpha_and_reach_their_power():
    assert w.alarms("one look") == pytest.approx(0.05, abs=2e-4)
    assert w.alarms("every day, 1.96") == pytest.approx(w.simulated_alarms(), abs=0.01)
    for rule in ("O'Brien–Fleming", "Pocock"):
        assert w.alarms(rule, w.days_needed(rule), w.WEEK) == pytest.approx(0.05, abs=2e-4)
    for rule in w.RULES:
        days = w.days_needed(rule)
        assert days % 7 == 0
        assert w.power(rule, days) >= 0.7999
        assert days == 14 or w.power(rule, days - 7) < 0.7999
    assert w.alarms("always valid", 35, w.WEEK) < 0.05


def test_days_and_overstatement_by_simulated_tests():
    rng = np.random.default_rng(7)
    for rule in ("O'Brien–Fleming", "always valid"):
        days = w.days_needed(rule)
        t = np.asarray([w.information(k) for k in range(7, days + 1)])
        steps = np.diff(t, prepend=0.0)
        for spread in (0.0, w.PRIOR / w.visible()):
            truth = w.FIXED * (spread * rng.standard_normal((30_000, 1)) if spread else 1.0)
            walk = (truth * steps + np.sqrt(steps) * rng.standard_normal((30_000, t.size))).cumsum(axis=1)
            passed = np.abs(walk / np.sqrt(t)) > np.asarray(w.bounds(rule, days, 7))
            look = np.where(passed.any(axis=1), passed.argmax(axis=1), t.size - 1)
            if spread:
                assert (look + 7).mean() == pytest.approx(w.mean_days_archive(rule), abs=0.1)
                continue
            assert (look + 7).mean() == pytest.approx(w.mean_days(rule), abs=0.12)
            sums = walk[np.arange(30_000), look]
            won = passed.any(axis=1) & (sums > 0)
            assert (sums / t[look])[won].mean() / w.FIXED == pytest.approx(w.overstated(rule), abs=0.02)
    assert w.overstated_daily() < w.overstated_daily(0.5)


def test_day_five():
    assert w.two_sided(w.z_seen()) == pytest.approx(w.P_SEEN)
    assert w.effect_seen() / w.early_error() == pytest.approx(w.z_seen())
    assert w.least_early_win() < w.effect_seen()
    rng = np.random.default_rng(9)
    t = np.asarray(w.times(5))
    z = (rng.standard_normal((60_000, 5)) * np.sqrt(np.diff(t, prepend=0.0))).cumsum(axis=1) / np.sqrt(t)
    assert (np.abs(z) > 1.96).any(axis=1).mean() == pytest.approx(w.alarms_by(), abs=0.006)
    assert w.needed_p("Pocock") == pytest.approx(2 * stats.norm.sf(w.bounds("Pocock")[4]))
    assert w.needed_p("O'Brien–Fleming") < w.needed_p("Pocock") < w.P_SEEN < w.always_valid_seen()
    # the brief's round figures are those of that day
    assert w.effect_seen() == pytest.approx(w.SEEN, abs=5e-4)
    assert w.early_error() == pytest.approx(w.SEEN_ERROR, abs=2e-4)
    assert w.expected_on_day_five() == pytest.approx(0.022 / 5)  # 0.5² is a fifth of 0.5² + 1²
    assert (w.READ, w.CLOSED) == (21, 35)  # 14 days, 7 for credits, 14 for disputes
    assert w.waiting_cost() == pytest.approx(16 * (0.0044 * 198_720 / 4 - 150))
    assert pytest.approx(1.96 * w.relative_error(), abs=5e-4) == w.LATE_HALF


def test_a_repeat_of_what_was_seen():
    assert w.repeated() == pytest.approx(stats.norm.sf(1.959964 - stats.norm.isf(0.015)))
    half = stats.norm.isf(0.015) / 2 * math.sqrt(w.repeat_size())
    assert stats.norm.sf(1.959964 - half) == pytest.approx(0.8, abs=1e-4)


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


def test_slices_and_weeks(people):
    normal = stats.norm
    exact = integrate.quad(lambda x: x * 20 * normal.pdf(x) * normal.cdf(x) ** 19, -10, 10)[0]
    assert w.expected_best() == pytest.approx(exact, abs=1e-4)
    rng = np.random.default_rng(10)
    shown = 0.02 + w.slice_error() * rng.standard_normal((20_000, 20))
    assert (shown < 0).sum(axis=1).mean() == pytest.approx(w.negative_slices(0.02), abs=0.05)
    assert w.best_slice() == pytest.approx(exact * w.slice_error(), abs=1e-5)
    precision = 1 / w.BETWEEN_SLICES**2 + 1 / w.slice_error() ** 2
    assert w.shrunken() == pytest.approx(0.08 / w.slice_error() ** 2 / precision)
    came = people["week 1 visits"] > 0
    weeks = [people[f"week {k}"][came] / people[f"week {k}"][came].mean() for k in (1, 2, 3)]
    assert 4 / w.COHORT * np.cov(weeks) == pytest.approx(w.cohort_noise(), rel=0.07)
    assert people["week 3"][came].mean() / people["week 1"][came].mean() == pytest.approx(w.returns(), abs=0.015)
    assert np.std(weeks[0] - weeks[2]) * math.sqrt(4 / w.COHORT) == pytest.approx(w.fall_error(), rel=0.03)
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
    assert w.fall_p() < 0.05
    assert w.fresh_p() < 0.05
    # what people who return do to the control, times a season of +2.5 %
    assert pytest.approx(1.025 * w.returns() - 1, abs=0.002) == w.UP_CONTROL
    value, half, p = w.one_effect()
    noise = np.zeros((4, 4))
    noise[:3, :3], noise[3, 3] = w.cohort_noise(), w.week_error() ** 2
    root = np.linalg.cholesky(np.linalg.inv(noise)).T  # least squares on whitened estimates
    fit, rest, *_ = np.linalg.lstsq(root @ np.ones((4, 1)), root @ np.array([*w.WEEKS, w.FRESH]), rcond=None)
    assert value == pytest.approx(float(fit[0]))
    assert p == pytest.approx(stats.chi2.sf(float(rest[0]), 3))
    drawn = np.random.default_rng(14).multivariate_normal(np.zeros(4), noise, 100_000)
    weights = np.linalg.inv(noise).sum(axis=0)
    assert 1.96 * (drawn @ weights / weights.sum()).std() == pytest.approx(half, rel=0.02)
    truth = 0.005 * np.random.default_rng(16).standard_normal(2_000_000)  # the archive, weighted by fit
    fit = stats.norm.pdf(value, truth, half / 1.96)
    assert np.average(truth, weights=fit) * 198_720 / 4 - 150 == pytest.approx(w.launched_by_rule(), abs=2)


def test_the_launch_in_money():
    assert w.lasting(0.003) == pytest.approx(216 * 2.76 / 4)
    assert w.disputes_cost() == pytest.approx(864)
    n = 62_800
    low, high = proportion_confint(1256, n)
    assert w.dispute_half_width() == pytest.approx((high - low) / 2 * math.sqrt(2), rel=1e-3)
    assert pytest.approx(w.dispute_half_width(), abs=1e-4) == w.DISPUTES_HALF
    assert pytest.approx(w.relative_error() * 1.96, abs=5e-4) == w.FLAT_HALF
    # a harm that is seen four times in five
    assert power_proportions_2indep(w.disputes_visible(), 0.02, n).power == pytest.approx(0.8, abs=0.05)
    assert w.disputes_visible() == pytest.approx(0.0015 * 2.80159 / 1.95996, rel=1e-4)
    assert w.disputes_for(0.02) * 72_000 * 12 + 150 == pytest.approx(w.lasting(0.02))
    assert w.lasting(w.pays_from()) == pytest.approx(150)
    assert w.must_show() * 0.25 / (0.25 + (100 * w.relative_error()) ** 2) == pytest.approx(w.pays_from())
    assert w.must_show(0.0) == pytest.approx(w.pays_from())
    assert w.launch_value() == pytest.approx(149.04 - 864 - 150)
    assert w.break_even_effect() * 72_000 * 2.76 / 4 == pytest.approx(1014)
    assert w.purchases_per_click() == pytest.approx(1.003 / 1.031 / 1.002 - 1)
    rng = np.random.default_rng(13)
    clicks = (1.003 + 0.013 / 1.96 * rng.standard_normal(200_000)) / (
        (1.031 + 0.004 / 1.96 * rng.standard_normal(200_000)) * (1.002 + 0.003 / 1.96 * rng.standard_normal(200_000))
    )
    assert 1.96 * clicks.std() == pytest.approx(w.purchases_per_click_half(), rel=0.05)


def test_what_the_flat_launch_is_worth_by_simulated_archives():
    rng = np.random.default_rng(15)
    size = 400_000
    gain, harm = w.PRIOR * rng.standard_normal(size), w.DISPUTES_PRIOR * rng.standard_normal(size)
    likely = stats.norm.pdf(w.FLAT, gain, w.FLAT_HALF / w.Z) * stats.norm.pdf(
        w.DISPUTES_UP, harm, w.DISPUTES_HALF / w.Z
    )
    worth = gain * 72_000 * 2.76 / 4 - harm * 72_000 * 12 - 150
    mean = np.average(worth, weights=likely)
    assert mean == pytest.approx(w.expected_value(), abs=4)
    assert math.sqrt(np.average((worth - mean) ** 2, weights=likely)) == pytest.approx(w.value_spread(), rel=0.02)
    assert likely[worth > 0].sum() / likely.sum() == pytest.approx(w.chance_that_it_pays(), abs=0.005)
    half = 1.96 * np.hypot(72_000 * 2.76 / 4 * 0.013 / 1.96, 72_000 * 12 * 0.0015 / 1.96)
    assert half == pytest.approx(w.launch_half_width())
    assert w.measured_disputes() == pytest.approx(w.expected_value() + w.expected_disputes() - 864)
    assert w.booked(w.FLAT, w.FLAT_HALF / w.Z) == pytest.approx(w.expected_flat())
    # the second test: draw the truth as known after the first, test it with eight times the users, launch on the sum
    sd_gain, sd_harm = w.FLAT_HALF / w.Z, w.DISPUTES_HALF / w.Z
    before = 1 / (1 / w.PRIOR**2 + 1 / sd_gain**2), 1 / (1 / w.DISPUTES_PRIOR**2 + 1 / sd_harm**2)
    means = before[0] * w.FLAT / sd_gain**2, before[1] * w.DISPUTES_UP / sd_harm**2
    truth = [m + math.sqrt(v) * rng.standard_normal(size) for m, v in zip(means, before, strict=True)]
    noise = sd_gain / math.sqrt(8), sd_harm / math.sqrt(8)
    after = []
    for t, m, v, e in zip(truth, means, before, noise, strict=True):
        seen = t + e * rng.standard_normal(size)
        after.append((m / v + seen / e**2) / (1 / v + 1 / e**2))
    launch = after[0] * 72_000 * 2.76 / 4 - after[1] * 72_000 * 12 - 150 > 0
    real = truth[0] * 72_000 * 2.76 / 4 - truth[1] * 72_000 * 12 - 150
    assert (real * launch).mean() == pytest.approx(w.wide_test_worth(), abs=1.5)
    assert w.wide_test_cost() == pytest.approx(-10.5 * mean, rel=0.02)


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


@pytest.mark.parametrize("demo", [w.demo_srm])
def test_demos_print(demo, capsys):
    demo()
    assert capsys.readouterr().out.count("\n") >= 4


def test_figures():
    """What the text alternatives say."""
    (axes,) = figures_analyzing.covariates().axes
    shown = [(bar.lines[0].get_xdata()[0], bar.lines[2][0].get_segments()[0]) for bar in axes.containers]
    said = [(1.79, 1.30), (1.77, 1.27), (1.83, 1.22), (1.55, 1.25), (-0.37, 1.19)]
    for (middle, ends), (effect, half) in zip(shown, said, strict=True):
        assert middle == pytest.approx(effect, abs=0.005)
        assert (ends[1][0] - ends[0][0]) / 2 == pytest.approx(half, abs=0.005)
    (axes,) = figures_analyzing.stopping_bounds().axes
    obrien, pocock, mixture = (np.asarray(line.get_ydata()) for line in axes.lines[:3])
    assert (round(obrien[2], 1), round(obrien[-1], 1)) == (4.2, 2.1)
    assert (round(pocock[0], 2), round(pocock[-1], 2)) == (2.68, 2.52)
    assert (round(mixture[0], 1), round(mixture[-1], 1)) == (3.9, 3.0)
