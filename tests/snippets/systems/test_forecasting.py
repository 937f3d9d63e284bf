"""The grocer's numbers, against SciPy, brute force and simulations."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.metrics.regression import pinball_loss
from snippets.systems import forecasting as grocer
from snippets.systems import orders
from snippets.systems.orders import (
    Sale,
    as_known,
    backtest,
    demand_chances,
    expected,
    last_week,
    order_for,
    rate_in_stock,
)

means = st.floats(0.05, 60)
cvs = st.one_of(st.just(0.0), st.floats(0.001, 1.0))


# Demand and order


@given(means, cvs)
def test_demand_is_scipys(mean: float, cv: float) -> None:
    ours = demand_chances(mean, cv)
    n = np.arange(len(ours))
    theirs = stats.nbinom.pmf(n, cv**-2, 1 / (1 + cv * cv * mean)) if cv else stats.poisson.pmf(n, mean)
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert sum(ours) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("mean", "cv"), [(0, 0.2), (-1, 0.2), (math.nan, 0.2), (5, -0.1), (5, math.inf), (1e4, 0)])
def test_demand_refuses(mean: float, cv: float) -> None:
    with pytest.raises(ValueError, match="mean must"):
        demand_chances(mean, cv)


@given(means, cvs, st.floats(0.1, 5), st.floats(0.1, 5))
@settings(max_examples=40)
def test_the_order_is_the_cheapest(mean: float, cv: float, short: float, over: float) -> None:
    chances = demand_chances(mean, cv)

    def cost(order: int) -> float:
        return sum(c * (short * max(n - order, 0) + over * max(order - n, 0)) for n, c in enumerate(chances))

    best = order_for(chances, short, over)
    assert cost(best) <= min(cost(max(best - 1, 0)), cost(best + 1)) + 1e-9
    got = expected(chances, best)
    assert short * got.lost + over * got.wasted == pytest.approx(cost(best), abs=1e-6)
    assert got.empty == pytest.approx(sum(chances[best:]))


def test_an_order_where_nothing_left_costs_nothing() -> None:
    assert order_for([0.5, 0.5], 1, 0) == 1
    assert order_for([0.5, 0.4999], 1, 0) == 1, "rounding may keep the sum below 1: the last piece"


# The rate from days cut short


def test_full_days_give_their_mean() -> None:
    assert rate_in_stock([3, 5, 10], [1, 1, 1], 0.0) == pytest.approx(6)
    assert rate_in_stock([3, 5, 10], [1, 1, 1], 0.4) == pytest.approx(6)
    assert rate_in_stock([0, 0], [1, 0.5], 0.3) == 0


def test_without_spread_it_is_sales_over_time() -> None:
    assert rate_in_stock([10, 4], [0.5, 1.0], 0) == pytest.approx(14 / 1.5)


def test_the_rate_is_the_likeliest() -> None:
    sold, share, cv = [18, 12, 18, 7], [0.7, 1.0, 0.4, 1.0], 0.25

    def log_likelihood(mean: float) -> float:
        k = cv**-2
        return sum(n * math.log(mean) - (n + k) * math.log(k + mean * w) for n, w in zip(sold, share, strict=True))

    grid = np.arange(10, 40, 0.001)
    assert rate_in_stock(sold, share, cv) == pytest.approx(
        grid[np.argmax([log_likelihood(m) for m in grid])], abs=0.002
    )


@pytest.mark.parametrize(
    ("sold", "share"), [([], []), ([1], [0]), ([0, 0], [0, 0]), ([5, 0], [0, 1]), ([1, 2], [1]), ([1], [1.5])]
)
def test_the_rate_refuses(sold: list[float], share: list[float]) -> None:
    with pytest.raises(ValueError, match=r"."):
        rate_in_stock(sold, share, 0.2)


def test_customers_one_by_one_agree_with_the_closed_forms() -> None:
    rng = np.random.default_rng(8)
    sold, share = grocer.stopped(rng, 20.0, 0.25, 18, 40_000)
    assert np.mean(sold) == pytest.approx(grocer.day(18, 20.0).sold, rel=0.005)
    assert np.mean(np.array(sold) == 18) == pytest.approx(grocer.empty_share(18), abs=0.01)
    assert np.mean(share) == pytest.approx(grocer.in_stock_share(20.0, 0.25, 18), rel=0.005)
    assert sum(sold) / sum(share) / 20 - 1 == pytest.approx(grocer.per_hour_bias(18), abs=0.005)
    assert rate_in_stock(sold, share, 0.25) == pytest.approx(20, rel=0.01)


def test_the_censored_estimate_is_nearly_unbiased_and_nearly_as_sharp() -> None:
    bias, spread = grocer.estimate_error(18)
    full = grocer.estimate_error(80)
    assert abs(bias) < 0.01
    assert full[1] == pytest.approx(math.sqrt((1 / 20 + 0.25**2) / 28), rel=0.1)
    assert full[1] < spread < 1.3 * full[1]


# The backtest


def constant(level: float) -> orders.Forecast:
    return lambda past, target: level


ROWS = [Sale(day, float(day % 7), day) for day in range(60)]


def test_last_week_is_perfect_on_a_perfect_week() -> None:
    loss = backtest(ROWS, {"naive": last_week, "two": constant(2.0)}, range(20, 50), 2, 0.4)
    assert loss["naive"] == 0
    assert loss["two"] == pytest.approx(pinball_loss([t % 7 for t in range(22, 52)], [2.0] * 30, 0.4))


# --8<-- [start:future]
reports = st.builds(Sale, st.integers(0, 40), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(reports, max_size=60), st.integers(5, 30))
def test_no_forecast_sees_what_was_not_known(table: list[Sale], night: int) -> None:
    seen: list[dict[int, float]] = []

    def spy(past: Mapping[int, float], target: int) -> float:
        seen.append(dict(past))
        return 1.0

    rows = [row._replace(known=row.day + row.known) for row in table]
    changed = [row if row.known <= night else row._replace(units=row.units + 100) for row in rows]
    for version in (rows, changed):
        backtest(version, {"spy": spy}, [night], 2, 0.4)
    assert seen[0] == seen[1] == as_known(rows, night)
    assert all(day <= night for day in seen[0])


# --8<-- [end:future]


def test_a_late_report_replaces_an_early_one() -> None:
    rows = [Sale(1, 5, 1), Sale(1, 9, 3), Sale(2, 4, 2), Sale(2, 6, 2)]
    assert as_known(rows, 0) == {}
    assert as_known(rows, 2) == {1: 5, 2: 6}
    assert as_known(rows, math.inf) == {1: 9, 2: 6}
    assert as_known(rows[::-1], 3)[1] == 9


def test_who_refuses_leaves_the_night_to_nobody() -> None:
    picky: orders.Forecast = lambda past, target: None if target % 2 else 3.0  # noqa: E731
    both = backtest(ROWS, {"picky": picky, "four": constant(4.0)}, range(20, 40), 2, 0.5)
    even = [t % 7 for t in range(22, 42) if t % 2 == 0]
    assert both["four"] == pytest.approx(pinball_loss(even, [4.0] * len(even), 0.5))
    assert math.isnan(backtest(ROWS, {"a": constant(1)}, [], 2, 0.5)["a"])
    assert math.isnan(backtest(ROWS, {"a": constant(1)}, [59], 2, 0.5)["a"])


def test_a_greedy_forecast_harms_only_itself() -> None:
    def greedy(past: Mapping[int, float], target: int) -> float:
        dict.clear(past)  # type: ignore[arg-type]
        return 1.0

    assert backtest(ROWS, {"greedy": greedy, "naive": last_week}, range(20, 50), 2, 0.4)["naive"] == 0


def test_one_day_less_ahead_flatters() -> None:
    honest = grocer.backtest_ratio(grocer.example_rows())
    assert grocer.backtest_ratio(grocer.final_rows(), 1) < grocer.backtest_ratio(grocer.final_rows()) < honest + 0.02
    assert grocer.unaimed_ratio() < honest - 0.05
    assert grocer.by_level({}, 5) is None
    assert grocer.low_last_week({}, 5) is None
    assert grocer.low_last_week({1: 10.0}, 8) == 9
    assert grocer.by_level(dict.fromkeys(range(40), 0.0), 41) is None


# Money


def test_rules_by_simulation() -> None:
    rng = np.random.default_rng(1)
    for rule in grocer.RULES:
        earned = paid = delivered = 0.0
        for products, mean in grocer.SPEEDS.values():
            order, cv = grocer.order_by(rule, mean)
            demand = rng.poisson(mean * rng.gamma(cv**-2, cv**2, 200_000))
            sold = np.minimum(demand, order)
            earned += products * float((1.2 * sold - 1.8 * (order - sold)).mean())
            paid += products * float((1.2 * (demand - sold) + 1.8 * (order - sold)).mean())
            delivered += products * order
        total = grocer.total(rule)
        assert total.profit == pytest.approx(200 * earned, rel=0.01)
        assert total.cost == pytest.approx(200 * paid, rel=0.01)
        assert total.delivered == 200 * delivered
    assert grocer.demand_a_day() == 656_000


def test_shares_and_prices() -> None:
    assert grocer.lines() == 80_000
    assert grocer.ratio() == pytest.approx(0.4)
    assert grocer.saved_a_year() == pytest.approx(
        365 * (grocer.total("people").cost - grocer.total("model, right quantile").cost)
    )
    assert 0 < grocer.share_from_rule() < 1
    steps = [grocer.total(rule).cost for rule in ("people", "people, nothing added", "people, right quantile")]
    saved = steps[0] - grocer.total("model, right quantile").cost
    assert grocer.share_from_habit() == pytest.approx((steps[0] - steps[1]) / saved)
    assert grocer.share_from_quantile() == pytest.approx((steps[1] - steps[2]) / saved)
    assert grocer.at_price(1.2).by_rule / saved == pytest.approx(grocer.share_from_rule())
    assert grocer.at_price(3.0).by_rule == 0, "at this price people's orders are the quantile of their own guess"
    for mean in (20.0, 6.0, 0.8):
        assert stats.nbinom.ppf(0.625, 0.3**-2, 1 / (1 + 0.09 * mean)) == grocer.order_by("people", mean)[0]
    assert grocer.launch_moves() == pytest.approx(560 / 740 - 1)
    assert grocer.implied_price() == pytest.approx(88.2)
    assert grocer.ratio(grocer.implied_price()) == pytest.approx(0.98)
    assert grocer.at_price(1.2).saved == pytest.approx(grocer.saved())
    assert grocer.at_price(1.2).served == pytest.approx(grocer.sold_share("model, right quantile"))
    assert grocer.at_price(1.2).wasted == pytest.approx(grocer.wasted_share("model, right quantile"))
    assert grocer.right_order(20.0, 0.3, short=grocer.people_act_as_if() - 0.01) == 22
    assert grocer.right_order(20.0, 0.3, short=grocer.people_act_as_if() + 0.01) == 23
    assert grocer.right_order(grocer.listed_from() - 0.01, 0) == 0
    assert grocer.right_order(grocer.listed_from() + 0.01, 0) == 1
    slow = grocer.cost(1, 0.8, 0.3) - grocer.cost(0, 0.8, 0.3)
    assert grocer.slow_saved() == pytest.approx(20_000 * slow)
    assert grocer.point_of_error(0.25, 0.0) == 0


def test_a_shelf_life_of_one_day_is_the_newsvendor() -> None:
    closed, drawn = grocer.one_day(), grocer.shelf_life(4)
    assert closed.level == 5
    assert drawn.cost < grocer.shelf_life(3).cost < grocer.shelf_life(2).cost < closed.cost
    for days in (2, 3, 4):
        assert grocer.shelf_life(days, newest_first=True).cost > grocer.shelf_life(days).cost


def test_other_seeds_tell_the_same_of_shelf_life() -> None:
    other = grocer.shelf_life(3, seed=9)
    assert other.empty == pytest.approx(grocer.shelf_life(3).empty, abs=0.04)
    assert other.cost == pytest.approx(grocer.shelf_life(3).cost, rel=0.1)


def test_what_the_newest_first_take() -> None:
    assert 0 < grocer.newest_takes() < 1
    assert grocer.hundred(0.5) == 50


# What sales hide


@given(st.integers(1, 60))
def test_a_history_never_asks_for_more_than_was_there(order: int) -> None:
    assert grocer.backtest_choice(order) == min(order, grocer.right_order(20.0))


def test_spirals() -> None:
    sales = [grocer.spiral("sales", i) for i in range(6)]
    dropped = [grocer.spiral("full days", i) for i in range(9)]
    assert sales == sorted(sales, reverse=True)
    assert all(d <= s for d, s in zip(dropped, sales, strict=False))
    assert dropped[-1] == 0
    assert grocer.spiral("likelihood", 5) == 18
    assert grocer.spiral("per hour", 5) == 17
    assert [grocer.spiral_at_target(i) for i in (0, 1, 5)] == [36, 35, 35]
    assert grocer.fitted_order(0, 0) == 0
    assert grocer.spiral_cost_all("sales", 2) == pytest.approx(
        20_000 * (grocer.profit(18, 20.0) - grocer.profit(13, 20.0))
    )


def test_one_round_by_simulation() -> None:
    """Draw days at an order of 18, fit by moments, order again."""
    rng = np.random.default_rng(2)
    demand = rng.poisson(20 * rng.gamma(16, 1 / 16, 400_000))
    sales = np.minimum(demand, 18)
    assert grocer.fitted_order(float(sales.mean()), float(sales.var())) == grocer.spiral("sales", 1)
    full = sales[sales < 18]
    assert grocer.fitted_order(float(full.mean()), float(full.var())) == grocer.spiral("full days", 1)
    later = np.minimum(demand, grocer.spiral("sales", 2))
    said = np.median(np.minimum(demand, grocer.spiral("sales", 1)))
    said = min(said, grocer.spiral("sales", 2))
    assert grocer.sales_error(2) == pytest.approx(np.abs(later - said).sum() / later.sum(), abs=0.01)


def test_the_ratchet_only_goes_down() -> None:
    steps = [grocer.ratchet(i, series=200) for i in (0, 1, 5, 10)]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] == 18


def test_exploring() -> None:
    assert grocer.explored_lines() == 60
    assert grocer.exploration_cost(0.01) == pytest.approx(10 * grocer.exploration_cost())
    rng = np.random.default_rng(10)
    days = [(n, mean, rng.poisson(mean * rng.gamma(16, 1 / 16, 200_000))) for n, mean in ((100, 20), (200, 6))]
    seen = sum(n * float(np.minimum(d, grocer.upper_order(mean)).mean()) for n, mean, d in days)
    assert grocer.explored_share() == pytest.approx(seen / 3_200, abs=0.002)
    assert grocer.explored_seen() == pytest.approx((days[0][2] < 29).mean(), abs=0.005)
    assert 0.05 / math.sqrt(28) < grocer.explored_precision(0.01) < grocer.explored_precision()
    assert grocer.judged_down(14) == pytest.approx(stats.nbinom.cdf(13, 16, 16 / 36))


def test_what_a_wrong_spread_or_profile_does() -> None:
    assert grocer.misread() == 0
    assert grocer.misread(0.0) == pytest.approx(grocer.per_hour_bias(18), abs=0.003)
    assert grocer.misread(0.15) < 0 < grocer.misread(0.4) < 0.02
    sold, share = grocer.stopped(np.random.default_rng(12), 20.0, 0.25, 18, 20_000)
    bent = rate_in_stock(sold, [w**1.25 for w in share], 0.25) / rate_in_stock(sold, share, 0.25) - 1
    assert grocer.misread(bend=1.25) == pytest.approx(bent, abs=0.004)


def test_promotions() -> None:
    order = stats.nbinom.ppf(0.4, 16, 16 / 56)
    assert grocer.promotion_cancelled() == pytest.approx(grocer.cost(int(order), 20.0) - grocer.cost(18, 20.0))
    assert grocer.promotion_unknown() == pytest.approx(grocer.cost(18, 40.0) - grocer.cost(int(order), 40.0))


# Metrics, sums, leaks, new lines


def test_what_metrics_ask_for_by_draws() -> None:
    rng = np.random.default_rng(3)
    for mean in (20.0, 6.0, 0.8):
        demand = rng.poisson(mean * rng.gamma(16, 1 / 16, 200_000))
        assert grocer.asked_by("WAPE", mean) == pytest.approx(np.median(demand), abs=1)
        assert grocer.asked_by("RMSE", mean) == round(mean)
        some = demand[demand > 0]
        errors = [np.mean(np.abs(some - level) / some) for level in range(30)]
        assert grocer.asked_by("MAPE", mean) == int(np.argmin(errors))
        assert grocer.order_by("model, right quantile", mean)[0] == grocer.right_order(mean)
    assert grocer.metric_loses("RMSE", "fast") == pytest.approx(grocer.cost(20, 20.0) - grocer.cost(18, 20.0))
    assert grocer.other_ratio() == stats.nbinom.ppf(0.9, 16, 16 / 36)


def test_the_quantile_of_a_sum_by_simulation() -> None:
    rng = np.random.default_rng(4)
    own = math.sqrt(0.25**2 - 0.1**2)
    common = rng.gamma(100, 1 / 100, 20_000)
    total = np.zeros(20_000)
    for _ in range(200):
        total += rng.poisson(8 * common * rng.gamma(own**-2, own**2, 20_000))
    assert grocer.level_of_sum() == pytest.approx(np.quantile(total, grocer.ambient_ratio()), rel=0.02)
    assert grocer.sum_of_levels() == 200 * grocer.ambient_level()
    assert grocer.sum_too_high() > 0.7


def test_weather_measured_and_forecast() -> None:
    rng = np.random.default_rng(5)
    surprise = rng.normal(0, 0.2 * math.sqrt(0.5), 200_000) + rng.normal(0, 0.2, 200_000)
    assert grocer.covered() == pytest.approx(np.mean(surprise <= stats.norm.ppf(0.9) * 0.2), abs=0.004)


def test_new_lines_learn() -> None:
    assert grocer.after_days(0) == pytest.approx(0.6)
    assert grocer.after_days(10**6) == pytest.approx(0.25, abs=1e-3)
    assert grocer.new_cost(0) > grocer.new_cost(7) > grocer.new_cost(28) > 0
    assert grocer.new_order(0) < grocer.new_order(28)
    assert grocer.new_order(0, short=16.2) > grocer.new_order(28, short=16.2)
    assert grocer.new_full_shelf() > grocer.new_cost(0)
    assert grocer.country_cost(0) > 100 * grocer.new_cost(0)


# Stores, monitoring, capacity


def test_stores() -> None:
    assert grocer.visible_change(memory=0.0) == pytest.approx(2.801585 * 2 * 0.3 / math.sqrt(200))
    assert grocer.visible_change() / grocer.visible_change(memory=0.0) == pytest.approx(math.sqrt(1 - 0.97**2))
    assert grocer.gain_of_a_point() < grocer.visible_change() < grocer.visible_change(20) < grocer.gain()


def test_the_share_left_by_simulation() -> None:
    rng = np.random.default_rng(6)
    shock = rng.normal(1, 0.05, 3_000)
    days = [(rng.poisson(20 * s * rng.gamma(16, 1 / 16, 2_000)) < 18).mean() for s in shock]
    assert np.mean(days) == pytest.approx(grocer.left_share(), abs=0.01)
    assert np.std(days) == pytest.approx(grocer.left_moves_by(), rel=0.1)
    assert grocer.left_noise_if_independent() < grocer.left_moves_by() / 10
    assert grocer.left_visible(28) == pytest.approx(4 * grocer.left_moves_by() / math.sqrt(28))
    assert grocer.bias_seen() < -grocer.left_visible()
    assert grocer.phantom_bias() == -0.025


def test_files_that_went_wrong() -> None:
    assert grocer.doubled_cost() > 10 * grocer.doubled_cost(1.15) > 0
    assert grocer.doubled_cost(1.0) == 0
    assert grocer.fallback_cost() > 0


def test_the_pilot() -> None:
    old, new, mended = grocer.before(), grocer.after(), grocer.mended()
    for one in (old, new, mended):
        assert one.delivered == pytest.approx(one.sold + one.wasted)
        assert one.profit == pytest.approx(1.2 * one.sold - 1.8 * one.wasted)
        assert one.cost == pytest.approx(1.2 * one.lost + 1.8 * one.wasted)
    assert new.error < mended.error < old.error
    assert grocer.change("error") == pytest.approx(new.error / old.error - 1)
    assert mended.profit > new.profit > old.profit
    assert grocer.pilot_visible() == pytest.approx(2.801585 * 0.3 * math.sqrt((1 - 0.97**2) * (1 / 40 + 1 / 160)))
    rng = np.random.default_rng(13)
    share = []
    for shock in (1.0, 1.05):
        lines = [
            (n, q, rng.poisson(m * shock * rng.gamma(16, 1 / 16, 400_000))) for n, m, q in ((1, 20, 19), (2, 6, 6))
        ]
        share.append(sum(n * (d >= q).mean() for n, q, d in lines) / 3)
    assert share[0] == pytest.approx(new.empty, abs=0.003)
    assert grocer.pilot_moves_by() == pytest.approx(share[1] - share[0], abs=0.005)


def test_one_target_for_all() -> None:
    assert grocer.target_costs() == pytest.approx(
        grocer.total("model, 98 %").cost - grocer.total("model, right quantile").cost
    )
    assert grocer.implied_ambient() < grocer.AMBIENT_SHORT < grocer.implied_price()
    assert 0.9 < grocer.right_availability() < 0.98
    assert grocer.refused(18, 20.0) == pytest.approx(stats.nbinom.sf(18, 16, 16 / 36))
    assert grocer.one_day().refused < grocer.one_day().empty
    assert grocer.shelf_life(3).refused < grocer.shelf_life(3).empty
    assert 7_600 + 400 * grocer.needed_of_fresh() == pytest.approx(0.98 * 8_000)
    assert grocer.all_empty() == pytest.approx(grocer.empty_share(18) ** 8)
    rng = np.random.default_rng(7)
    own = math.sqrt(0.25**2 - 0.1**2)
    rates = 20 * rng.gamma(100, 1 / 100, (100_000, 1)) * rng.gamma(own**-2, own**2, (100_000, 8))
    assert grocer.all_empty(8, 0.1) == pytest.approx((rng.poisson(rates) >= 18).all(axis=1).mean(), abs=0.003)
    draws = rng.poisson(rates)
    one_up = (draws[:, :7] >= 18).all(axis=1) & (draws[:, 7] >= grocer.upper_order())
    assert grocer.all_empty(8, 0.1, raised=True) == pytest.approx(one_up.mean(), abs=0.002)
    assert grocer.all_empty(raised=True) < grocer.all_empty()
    assert grocer.raised_cost(29, 2) == pytest.approx(2 * (grocer.cost(29, 20.0) - grocer.cost(18, 20.0)))
    assert grocer.all_empty(8, 0.249) > grocer.all_empty(8, 0.1) > grocer.all_empty()


def test_capacity() -> None:
    assert grocer.all_lines() == 1_600_000
    assert grocer.scoring_seconds() == pytest.approx(3.2e6 * 30e-6 / 16)
    assert grocer.feature_bytes() == pytest.approx(3.2e6 * 150 * 4)
    assert grocer.history_bytes() == pytest.approx(1.6e6 * 1_095 * 40)
    assert grocer.training_bytes() == pytest.approx(grocer.training_rows() * 600)
    assert grocer.local_hours() > 10
    assert grocer.night_minutes() == pytest.approx(85.1)
    assert grocer.ten_times_cost() == pytest.approx(6 * grocer.night_cost())


def test_shown_output(capsys: pytest.CaptureFixture[str]) -> None:
    grocer.demo_spiral()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[-6:] for row in rows[2:4]] == [
        [str(grocer.spiral(way, i)) for i in range(6)] for way in ("sales", "per hour")
    ]
    grocer.demo_backtest()
    shown = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    assert shown == [round(x, 2) for x in shown]
    assert shown[2] < shown[1] <= shown[0] < 1
