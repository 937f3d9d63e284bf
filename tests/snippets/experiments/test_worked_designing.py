"""Numbers of designing.md, against drawn users and other formulas."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest

from snippets.cases import marketplace
from snippets.experiments import worked_designing as worked


@pytest.fixture(scope="module")
def people():
    """Two weeks of 400,000 people: searches, clicks, purchases, dollars."""
    rng = np.random.default_rng(11)
    n = 400_000
    days = rng.binomial(14, rng.beta(0.3, 1.5, n))
    searches = days + rng.negative_binomial(np.maximum(days, 1), 1 / 3) * (days > 0)
    p = 0.35
    own = rng.beta(p * 4.6875, (1 - p) * 4.6875, n)
    bought = rng.poisson(rng.gamma(1, marketplace.search_purchase_rate, n) * searches)
    scale = np.log(1 + worked.PRICE_SPREAD**2)
    prices = rng.lognormal(np.log(30) - scale / 2, np.sqrt(scale), bought.sum())
    dollars = np.bincount(np.repeat(np.arange(n), bought), prices, n)
    came = days > 0
    return searches[came], rng.binomial(searches, own)[came], bought[came], dollars[came]


def variance_over_textbook(tops, bottoms):
    value = tops.sum() / bottoms.sum()
    return ((tops - value * bottoms) ** 2).sum() / bottoms.sum() / (value * (1 - value))


def test_who_comes(people):
    searches = people[0]
    assert len(searches) / 400_000 == pytest.approx(worked.visitors() / 12e6, rel=0.01)
    assert searches.mean() == pytest.approx(worked.searches_per_visitor(), rel=0.01)
    assert worked.searches_a_visit_day() * worked.VISITING.day_moments(1)[0] * 12e6 == pytest.approx(
        marketplace.searches_per_day
    )


def test_understated_against_people(people):
    searches, clicks, bought, _ = people
    assert variance_over_textbook(clicks, searches) == pytest.approx(worked.understated("clicks"), rel=0.05)
    assert variance_over_textbook(bought, searches) == pytest.approx(worked.understated("purchases"), rel=0.05)


def test_spreads_per_visitor_against_people(people):
    _, _, bought, dollars = people
    share = (bought > 0).mean()
    assert share == pytest.approx(worked.buyers_share(), rel=0.02)
    assert np.sqrt((1 - share) / share) == pytest.approx(worked.spread_per_visitor("buyers"), rel=0.02)
    assert dollars.std() / dollars.mean() == pytest.approx(worked.spread_per_visitor("fees"), rel=0.05)
    assert bought.std() / bought.mean() == pytest.approx(worked.spread_per_visitor("orders"), rel=0.03)


def test_ratios_of_money_against_people(people):
    """By user: fees per search and the fee less disputes, over purchases per search."""
    searches, _, bought, dollars = people
    rng = np.random.default_rng(16)
    netted = 3.0 * bought - 12.0 * rng.binomial(bought, 0.02)

    def relative_variance(tops):
        return ((tops - tops.sum() / searches.sum() * searches) ** 2).sum() / tops.sum() ** 2

    alone = relative_variance(bought)
    assert worked.fees_over_purchases() == pytest.approx(relative_variance(dollars) / alone, rel=0.08)
    assert worked.netted_over_purchases(14) == pytest.approx(relative_variance(netted) / alone, rel=0.02)


def test_purchases_anywhere_against_people(people):
    rng = np.random.default_rng(24)
    searches = people[0]
    bought = rng.binomial(searches, np.minimum(rng.gamma(1, 0.015, len(searches)), 1))
    assert worked.anywhere_factor(14) == pytest.approx(bought.var() / bought.mean(), rel=0.02)
    search_alone = worked.spread_per_visitor("orders") ** 2 * 0.012 * worked.searches_per_visitor()
    assert worked.anywhere_factor(14) - 1 == pytest.approx((search_alone - 1) * 0.015 / 0.012)


def test_searches_per_visitor_against_people(people):
    searches = people[0]
    seen = 2.8016 * 2 * searches.std() / searches.mean() / np.sqrt(worked.visitors())
    assert worked.searches_visible(14) == pytest.approx(seen, rel=0.02)
    # more weeks don't help: the plan's rule "what any length sees"
    assert all(0.0019 < worked.searches_visible(7 * week) < 0.0021 for week in range(1, 9))


def test_one_premise_decides_whether_the_test_can_be_run(monkeypatch):
    factor, year = worked.factor_at(2), worked.visible_at(2, 364)
    monkeypatch.setattr(worked, "PURCHASE_SPREAD", 2.0)
    assert worked.understated("purchases") == pytest.approx(factor)
    assert worked.visible("purchases", 364) == pytest.approx(year)
    assert all(worked.visible("purchases", 7 * week) > 0.005 for week in range(1, 53))


def test_what_fewer_searches_launch_by_draws():
    """Two metrics and a switch between them, estimates drawn; nothing more is sold."""
    rng = np.random.default_rng(22)
    searches, ratio = rng.normal(0, 1, (2, 400_000))
    for fall in (0.0, 0.001, 0.002):
        moved = -fall + searches * worked.searches_visible() / 2.8016
        reads = fall + ratio * worked.error(days=28)
        switched = np.abs(moved) > 1.96 * worked.searches_visible() / 2.8016
        launched = np.where(switched, reads + moved > worked.launch_line(28, "orders"), reads > worked.launch_line(28))
        assert worked.launched_by_fewer_searches(fall) == pytest.approx(launched.mean(), abs=0.002)
    # the error of purchases per visitor is that of the ratio and of searches together
    both = np.hypot(worked.error(days=28), worked.searches_visible() / 2.8016)
    assert worked.error("orders", 28) == pytest.approx(both, rel=0.01)


def test_the_share_of_buyers_against_thinned_purchases(people):
    bought = people[2]
    rng = np.random.default_rng(12)
    fewer = rng.binomial(bought, 0.9)
    follow = (1 - (fewer > 0).mean() / (bought > 0).mean()) / 0.1
    assert worked.buyers_follow() == pytest.approx(follow, abs=0.05)


def test_visible_is_what_the_power_says():
    assert worked.chance_to_see(worked.visible("purchases")) == pytest.approx(0.8, abs=1e-4)
    assert worked.error() == pytest.approx(worked.visible("purchases") / 2.8016, rel=1e-4)


def test_what_is_worth_launching():
    from snippets.systems import search_ranking

    assert worked.per_percent() == pytest.approx(search_ranking.worth_of_change(0.01))
    assert worked.pays_from() * 100 * worked.per_percent() == pytest.approx(250)
    assert worked.visible("purchases", 28) > worked.launch_line(28) >= worked.line(28) > worked.breaks_even()
    assert worked.weeks(worked.worth_launching()) == 4
    assert worked.weeks(worked.worth_launching(), "buyers") is None
    assert worked.weeks(worked.worth_launching(), "orders") == 5
    assert (
        worked.visible_purchases("purchases", 21) > worked.worth_launching() > worked.visible_purchases("purchases", 28)
    )
    assert worked.days_by_root(worked.visible("purchases")) == pytest.approx(14)


def test_the_launch_rule_against_draws():
    from snippets.experiments import worked_analyzing

    assert worked.ARCHIVE == worked_analyzing.PRIOR
    rng = np.random.default_rng(17)
    error, effect = worked.error(days=28), worked.worth_launching()
    # at the line, the mean of the true changes behind such an estimate pays the running cost
    true = rng.normal(0, worked.ARCHIVE, 2_000_000)
    seen = true + rng.normal(0, error, len(true))
    near = np.abs(seen - worked.launch_line(28)) < 1e-4
    assert true[near].mean() == pytest.approx(worked.breaks_even(), rel=0.01)
    estimates = rng.normal(effect, error, 200_000)
    low = estimates - 1.959964 * error
    shrunk = worked.kept(error) * estimates
    assert worked.launches(effect) == pytest.approx(((low > 0) & (shrunk > worked.breaks_even())).mean(), abs=0.004)
    assert worked.launches_if_lower_end_pays(effect) == pytest.approx((low > worked.breaks_even()).mean(), abs=0.004)


def test_what_is_earned_once_and_the_bar_of_a_short_life():
    days = np.arange(20_000)
    gain = worked.worth_launching() * 100 * worked.per_percent()
    daily = np.array([worked.WHOLE.after(day, day + 1) for day in days[:2_000]])
    assert worked.earned_once(worked.worth_launching()) == pytest.approx(
        gain * (daily - worked.WHOLE.lasting()).sum(), rel=1e-3
    )
    year = worked.worth_for(365) * 100 * worked.per_percent() * daily[:365].mean()
    assert year == pytest.approx(worked.COST_A_DAY + worked.TROUBLE)
    assert all(worked.visible("purchases", 7 * week) > worked.worth_for(365) for week in range(1, 13))


def test_search_keeps_more_of_its_own_gain_than_the_shop():
    """Two hazards on one stock, in the steady state."""
    sell, leave, part, gain = 0.75, 0.25, 0.8, 1e-5
    stock = (sell + leave) / (sell * (1 - part + part * (1 + gain)) + leave)
    own = stock * (1 + gain) - 1
    everything = stock * (1 - part + part * (1 + gain)) - 1
    assert own / gain == pytest.approx(worked.own_lasting(), abs=1e-3)
    assert everything / (part * gain) == pytest.approx(worked.WHOLE.lasting(), abs=1e-3)


def test_a_small_test_and_prices():
    assert worked.chance_to_see(0.003) == pytest.approx(0.27, abs=0.01)
    assert worked.reported_times(0.003) == pytest.approx(1.91, abs=0.01)
    assert worked.price_of_share(0.5) == 1
    assert worked.price_of_power() == pytest.approx(1.34, abs=0.01)
    assert worked.users_for_crossing() == pytest.approx(1.5625)
    assert worked.winners_without_a_change("clicks") > 0.3


def test_days():
    low, high = worked.nine_days()
    assert low < worked.shown(14, 3) < high
    assert sum(worked.WEEK) == pytest.approx(1)


def test_regions():
    assert worked.region_effect() == pytest.approx(13.75, abs=0.05)
    assert worked.region_visible(56) > 0.97 * worked.region_visible(14)
    assert worked.region_visible(14, worked.STEADY) < worked.region_visible() / 2


def test_regions_against_their_own_month_by_draws():
    rng = np.random.default_rng(18)
    shape = (1_500, worked.REGIONS)
    past = rng.normal(0, 0.05, shape)
    level = worked.STEADY * past + np.sqrt(1 - worked.STEADY**2) * rng.normal(0, 0.05, shape)
    month = past + rng.normal(0, worked.region_noise(28), shape)
    for days in (14, 56):
        weeks = level + rng.normal(0, worked.region_noise(days), shape)
        seen = np.corrcoef(month.ravel(), weeks.ravel())[0, 1]
        assert worked.region_seen_correlation(days) == pytest.approx(seen, abs=0.005)
        left = weeks - (weeks * month).mean() / (month * month).mean() * month
        error = (left[:, :100].mean(axis=1) - left[:, 100:].mean(axis=1)).std()
        assert worked.region_visible(days, worked.STEADY) == pytest.approx(2.8016 * error, rel=0.05)


def test_a_switchback_has_a_best_window():
    off = {hours: worked.switchback(hours).off for hours in (0.5, 1, 3, 6, 12, 24)}
    assert min(off, key=off.__getitem__) == 3
    assert worked.switchback(3, 1).off < off[3]
    assert worked.switchback(2, 1).off < worked.switchback(3, 1).off
    # bias stays while noise falls: the best window without a burn grows with the weeks
    off = {hours: worked.switchback(hours, 0, 4).off for hours in (2, 3, 4, 6)}
    assert min(off, key=off.__getitem__) == 4
    powers = [worked.switchback_power(2, weeks) for weeks in (2, 3, 4)]
    assert powers == pytest.approx([0.69, 0.85, 0.935], abs=0.005)


def test_phones():
    users, late = worked.phones("user"), worked.phones("region", 14)
    assert users.reads == pytest.approx(0.05, abs=0.001)
    a = worked.phones_sold_a_day() * 14
    assert users.error == pytest.approx(1.05 * np.sqrt(1 / a + 1 / (1.05 * a)), rel=0.06)
    assert late.reads == pytest.approx(worked.phones_late(), abs=0.0012)
    assert late.error > 2 * users.error
    assert worked.phones_truth() == pytest.approx(0.0025)
    # the same market cut finer: demand and supply drift out, the counting stays
    fine = worked.interference.simulate(
        "region", worked.PHONES, 0.05, np.full(900, 3_000 / 900), np.random.default_rng(20), runs=60, burn=14
    )
    assert fine.std() == pytest.approx(worked.counting_error(14), rel=0.25)
    assert worked.phone_markets_needed() == pytest.approx((2.8016 * late.error / 0.0064) ** 2, rel=0.01)


def test_phones_followed_against_draws():
    rng = np.random.default_rng(13)
    n = worked.PHONES_A_DAY * worked.COHORT_DAYS // worked.PHONE_REGIONS
    lifts = []
    for _ in range(600):
        buy = 0.95 / 8 * np.exp(rng.normal(0, worked.PHONE_DRIFT, 40)) * np.repeat([1.05, 1.0], 20)
        rate = buy + 0.05 / 8
        sold = rng.binomial(n, buy / rate * (1 - np.exp(-56 * rate)))
        lifts.append(sold[:20].sum() / sold[20:].sum() - 1)
    assert worked.phones_followed().reads == pytest.approx(np.mean(lifts), abs=2e-4)
    assert worked.phones_followed().error == pytest.approx(np.std(lifts), rel=0.1)
    assert worked.phones_worth() == pytest.approx(worked.phones_seeming() / 20)


def cohorts(pull, runs, noise, step=0.25):
    """Twelve weeks of 40 regions in small steps: share sold of those listed in four weeks, and all sales, treated over control."""
    rng = np.random.default_rng(23)
    demand, supply = np.exp(rng.normal(0, worked.PHONE_DRIFT * noise, (2, runs, 40)))
    buy = 0.95 / 8 * demand * np.repeat([1.05, 1.0], 20)
    old, new = np.full((runs, 40), 600.0), np.zeros((runs, 40))
    listed, followed, sales = np.zeros((3, runs, 40))
    for k in range(round(84 / step)):
        rate = buy * np.maximum((old + new) / 600, 0.02) ** (pull - 1)
        stay = np.exp(-(rate + 0.05 / 8) * step)
        part = rate / (rate + 0.05 / 8) * (1 - stay)
        followed, sales = followed + part * new, sales + part * (old + new)
        old, new = old * stay, new * stay
        if k * step < 28:
            new, listed = new + 75 * supply * step, listed + 75 * supply * step
        else:
            old = old + 75 * supply * step
    halves = [x.reshape(runs, 2, 20).sum(axis=2) for x in (followed, listed, sales)]
    treated, control = (halves[0] / halves[1]).T
    return treated / control - 1, halves[2][:, 0] / halves[2][:, 1] - 1


def test_phones_if_sales_follow_stock_and_if_not():
    for pull, share, sales in (
        (1.0, worked.phones_followed(), worked.phones_sales()),
        (0.0, worked.phones_followed_if_not(), worked.phones_sales_if_not()),
    ):
        read_share, read_sales = cohorts(pull, 1, 0.0, 0.02)
        assert share.reads == pytest.approx(read_share[0], abs=7e-4)  # here the first are followed longer
        assert sales.reads == pytest.approx(read_sales[0], abs=5e-4)  # 5 % is no small gain
        spread_share, spread_sales = (x.std() for x in cohorts(pull, 2_000, 1.0, 0.25))
        counted = worked.listing_split_error() ** 2  # phones drawn: not in the flows above
        assert share.error == pytest.approx(np.sqrt(spread_share**2 + counted), rel=0.12)
        assert sales.error == pytest.approx(np.hypot(spread_sales, worked.counting_error(84)), rel=0.05)
    assert worked.sold_if_not(0.0) == pytest.approx(worked.PHONES.sold_within(56), abs=1e-4)
    assert pytest.approx(160) == worked.ELSEWHERE.memory()


def test_prompts():
    # the line is what pays after shrinking, a little above significance even after one week
    rng = np.random.default_rng(14)
    true = rng.normal(0, worked.HOME_ARCHIVE, 2_000_000)
    for days in (7, 14, 21):
        assert worked.home_line(days) > 1.96 / 2.8016 * worked.home_visible(days)
        seen = true + rng.normal(0, worked.home_error(days), len(true))
        near = np.abs(seen - worked.home_line(days)) < 4e-4
        assert true[near].mean() == pytest.approx(worked.home_breaks_even(), rel=0.02)
    draws = rng.normal(worked.home_to_find(), worked.home_visible(14) / 2.8016, 200_000)
    assert worked.home_passes(worked.home_to_find(), 14) == pytest.approx(
        (draws > worked.home_line(14)).mean(), abs=0.005
    )
    for days in (7, 14, 21):
        seen = true + rng.normal(0, worked.home_error(days), len(true))
        each = np.where(seen > worked.home_line(days), true * 25 * worked.home_per_percent() - 150, 0).mean()
        assert worked.home_value_a_year(days) == pytest.approx(365 / (days + 7) * each, rel=0.02)
    assert worked.home_third_week() == pytest.approx(
        50 * (worked.home_passes(worked.home_to_find(), 21) - worked.home_passes(worked.home_to_find(), 14))
    )
    assert worked.home_pays_back() * worked.home_third_week() == pytest.approx(7 * 50 / 2)
    loses, launched = worked.home_loses_launched()
    assert loses == pytest.approx(150 - 0.0015 * 100 * worked.home_per_percent())
    assert launched < 0.1
    assert worked.home_factor(56) == pytest.approx(1.78)
    tenth = [worked.home_visible(7 * week, 0.1) <= worked.home_visible(14) for week in range(1, 20)]
    assert worked.home_weeks_for_a_tenth() == tenth.index(True) + 1 == 8
    assert worked.home_calculator_days() < 7
    assert worked.home_clears(worked.home_breaks_even()) == pytest.approx(0)
    assert worked.home_clears(worked.home_to_find()) == pytest.approx(50)
    assert worked.home_first_year() < worked.home_to_find()
    assert worked.variance_from_winners(0.05) == pytest.approx(1)
    assert worked.variance_from_winners(worked.winners_without_a_change("clicks")) == pytest.approx(
        worked.understated("clicks")
    )
    assert worked.danish_days() > 100
    assert worked.danish_adjusted_days() == pytest.approx(0.84 * worked.danish_days())
    assert worked.all_languages_days() < 1
    assert worked.danish_power() < 0.3
    assert worked.danish_reported() > 1.8
    assert worked.danish_worth() == pytest.approx(27)
    assert worked.users_for_buyers(0.01, 0.1) > 2.7 * worked.users_for_buyers(0.01)
    assert worked.fees_over_purchases() > 2.5


def test_demos():
    out = io.StringIO()
    with redirect_stdout(out):
        worked.demo_switchback()
        worked.demo_ratio()
        worked.demo_phones()
    assert "what lasts" in out.getvalue()


def test_further_lines():
    assert 14 < worked.calculator_days() < worked.days_by_root(worked.worth_launching())
    assert worked.disputes_visible() < worked.disputes_visible(21) < 0.1 < worked.disputes_visible(14, 0.01)
    assert worked.disputes_visible(1, 0.01) == pytest.approx(
        2.8016 * np.sqrt(0.98 / 0.02 * (1 / 0.01 + 1 / 0.99) / 72_000), rel=1e-4
    )
    assert worked.verdict_days() == (35, 49)
    assert worked.disputes_cost() == pytest.approx(1728)
    assert worked.price_of_alpha() == pytest.approx(1.21, abs=0.01)
    assert 0.99 < worked.whole_switched_daily() < 1
    assert worked.weeks_by_search(worked.worth_launching()) == 3
    shuffled = np.random.default_rng(21).binomial(1_000, 0.05, 400_000)
    assert worked.aa_alarms_a_year(0.07) == pytest.approx(2_600 * (shuffled > 70).mean(), rel=0.1)
    both = worked.aa_alarms_a_year(0.07, 0.03) - worked.aa_alarms_a_year(0.07)
    assert both == pytest.approx(2_600 * (shuffled < 30).mean(), rel=0.2)
    assert worked.by_search_saves("clicks") == pytest.approx(1 - 1 / worked.understated("clicks"))
    assert worked.danish_offline() == pytest.approx(690, abs=5)
    assert worked.danish_harm(3) == pytest.approx(180)
    assert worked.half_of_all().lasting() == pytest.approx(0.4)


def test_last_lines():
    assert worked.danish_days_at(0.05) == pytest.approx(worked.danish_days())
    assert worked.danish_days_at(0.2) == pytest.approx(worked.danish_days() * (2.1232 / 2.8016) ** 2, rel=1e-3)
    assert worked.danish_differ() == pytest.approx(55, abs=1)
    assert worked.by_hand() == pytest.approx(30_072)
    assert worked.phones_once() == pytest.approx(0.95 * 0.05 * 8 * 2_850 * 11.76)
    assert worked.danish_line() == pytest.approx(2.1, abs=0.05)
    assert worked.listing_split_error() < worked.phones_followed().error
    assert worked.quieter() > 8
    assert worked.phones_ceiling() == pytest.approx(150 * 11.76)
    assert worked.phones_must_last() * 2_850 * 11.76 == pytest.approx(420)


def test_what_the_danish_guard_misses_against_draws():
    rng = np.random.default_rng(19)
    p, m, n = 0.60, 150 * 28, 300 * 91
    for points in (2, 3):
        first = rng.binomial(m, p - points / 100, 20_000) / m - rng.binomial(m, p, 20_000) / m
        error = np.sqrt(2 * p * (1 - p) / m)
        assert worked.danish_missed(points) == pytest.approx((first > -1.96 * error).mean(), abs=0.02)
        on, off = round(0.9 * n), round(0.1 * n)
        second = rng.binomial(on, p - points / 100, 20_000) / on - rng.binomial(off, p, 20_000) / off
        later = np.sqrt(p * (1 - p) * (1 / on + 1 / off))
        both = (first / error**2 + second / later**2) / (1 / error**2 + 1 / later**2)
        limit = 1.96 / np.sqrt(1 / error**2 + 1 / later**2)
        assert worked.danish_missed(points, later=True) == pytest.approx((both > -limit).mean(), abs=0.02)
    assert worked.danish_label_day(28) == 31
    assert worked.danish_label_day(worked.danish_days()) == 114
    assert worked.danish_forgone() < worked.danish_worth() * 365 / 6


def test_disputes_can_eat_what_no_guardrail_sees():
    assert worked.disputes_eat() < worked.disputes_visible()
    assert worked.netted_visible(28) > worked.worth_launching() > worked.netted_visible(35)


def test_the_root_of_time_promises_too_much():
    assert worked.visible_by_root(7, 56) == pytest.approx(worked.fresh_visible("purchases", 56))
    assert worked.visible_by_root(14, 21) < worked.visible("purchases", 21)
