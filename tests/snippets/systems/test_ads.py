"""The ads design's numbers, against integrals, closed forms and simulations of another kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from snippets.cases import marketplace
from snippets.systems import ads
from snippets.systems import search_ranking as search

SCORE = math.hypot(ads.BID_SPREAD, ads.APPEAL_SPREAD)  # deviation of the log of bid × appeal


def best_of(n: int, shift: float = 0.0) -> float:
    """Chance that one lognormal score, shifted in the log, beats n − 1 others that are not: by quadrature."""
    norm = stats.norm
    return float(integrate.quad(lambda x: norm.pdf(x - shift / SCORE) * norm.cdf(x) ** (n - 1), -8, 9)[0])


def test_places_against_order_statistics() -> None:
    """Without a reserve, place k pays the (k + 1)th largest of twelve lognormal scores."""
    rng = np.random.default_rng(1)
    scores = np.sort(rng.lognormal(math.log(0.8), SCORE, (200_000, 12)), axis=1)[:, ::-1].mean(axis=0)
    for k, place in enumerate(ads.places(3, reserve=False), 1):
        assert place.revenue == pytest.approx(ads.organic_sales(k) * scores[k], rel=0.01)
        assert place.shown == 1
    assert sum(ads.organic_sales(k) for k in range(1, 25)) == pytest.approx(72_000)


def test_the_reserve_never_lets_a_place_lose() -> None:
    for number in range(1, 7):
        with_it, without = ads.last_place(number), ads.places(number, reserve=False)[-1]
        assert with_it.shown <= without.shown
        assert with_it.net > 0
        assert ads.may_cost(number) == pytest.approx(with_it.revenue / with_it.lost)
    assert ads.ad_net(6) > ads.ad_net(6, reserve=False)
    multiples = [ads.may_cost(k) for k in range(1, 6)]
    assert multiples == sorted(multiples, reverse=True)


def test_each_ad_pays_for_what_it_displaces() -> None:
    """By hand: bid 1, appeal 0.5 brings 0.5 and displaces 0.69, so it is not shown."""
    bids, appeals = ads.candidates()
    fair = bids * appeals >= ads.organic_value() * (1 - appeals)
    shown = fair.any(axis=1).mean()
    assert ads.last_place(1).shown == pytest.approx(shown)
    assert ads.organic_value() == pytest.approx(0.5 * (3 - 0.24))
    assert ads.organic_value() * 0.5 > 1 * 0.5


def test_totals() -> None:
    first, second = ads.places(2)
    assert ads.ad_revenue() == pytest.approx(first.revenue + second.revenue)
    assert ads.ad_loss() == pytest.approx(first.lost + second.lost)
    assert ads.ad_net() == pytest.approx(ads.ad_revenue() - ads.ad_loss())
    assert ads.hour_without() == pytest.approx(ads.ad_net() / 24)
    assert ads.mean_price() * ads.ad_sales() == pytest.approx(ads.ad_revenue())
    assert first.price * 0.99 < ads.mean_price() < first.price * 1.01
    assert ads.revenue_among(12) == pytest.approx(ads.ad_revenue())
    assert ads.revenue_among(3) < ads.revenue_among(6) < ads.revenue_among(12)
    looks = sum(1 / k for k in range(1, 25))
    assert ads.sale_per_click() == pytest.approx(0.012 / (0.12 * looks))
    assert ads.pays_without_sale(20) == pytest.approx(stats.geom.sf(20, ads.sale_per_click()))


def test_users_without_ads_by_simulation() -> None:
    rng = np.random.default_rng(2)
    lost = ads.ad_loss() / 2.76
    with_ads = 91 * 90_000
    without = with_ads + 91 * lost
    counted = rng.normal(0.01 * without, math.sqrt(1.3 * 0.01 * without), 40_000) / 0.01
    multiple = (counted - with_ads) / (91 * lost)
    assert multiple.mean() == pytest.approx(1, abs=0.01)
    assert 1.96 * multiple.std() == pytest.approx(ads.multiple_error(), rel=0.03)


def test_a_wrong_slice_against_quadrature() -> None:
    """Share of the slice, each candidate in it with chance 0.1 on its own: a mixture of shifted scores."""
    norm, shift = stats.norm, math.log(1.1) / SCORE

    def density(x: float) -> float:
        others = 0.9 * norm.cdf(x) + 0.1 * norm.cdf(x - shift)
        return float(12 * 0.1 * norm.pdf(x - shift) * others**11)

    share = integrate.quad(density, -8, 9)[0]
    assert ads.distortion(1.1).slice_wins == pytest.approx(share / 0.1 - 1, abs=0.02)
    assert 12 * best_of(12) == pytest.approx(1)


def test_who_pays_for_the_error() -> None:
    click, sale = ads.distortion(1.1, "click"), ads.distortion(1.1, "sale")
    assert click.slice_wins == sale.slice_wins > 0.1
    assert click.slice_cost_per_sale > 0 > sale.slice_cost_per_sale
    assert click.revenue > 0 > sale.revenue
    everybody = ads.distortion(1.25, "click", 1.0)
    assert everybody.revenue == pytest.approx(0.25)
    assert everybody.slice_wins == everybody.others_win == everybody.sales == 0
    assert ads.distortion(1.25, "sale", 1.0).revenue == pytest.approx(0)
    assert ads.distortion(1.0).slice_wins == 0


def test_the_winner_is_not_cursed_if_the_prediction_is_all_that_is_known() -> None:
    right, own = ads.curse("candidates"), ads.curse("own")
    assert own.own_winners == pytest.approx(1, abs=0.01)
    assert own.shown_before == pytest.approx(right.shown_before, abs=0.01)
    assert 0 < own.by_click < 0.02 < ads.curse("shown").by_click
    assert right.all_candidates == pytest.approx(1, abs=0.005)
    assert right.own_winners == pytest.approx(1, abs=0.01)
    assert right.shown_before < 0.93
    assert right.by_click == right.by_sale == 0


def test_calibrated_on_yesterdays_ads_and_too_high_on_its_own() -> None:
    shown = ads.curse("shown")
    assert shown.shown_before == pytest.approx(1, abs=0.005)
    assert shown.own_winners > 1.08
    assert shown.by_click > shown.own_winners - 1 > shown.by_sale > 0
    overstated = [ads.curse("shown", agree).own_winners for agree in (0.0, 0.5, 0.95, 1.0)]
    assert overstated == sorted(overstated, reverse=True)
    assert overstated[-1] == pytest.approx(1, abs=0.005), "the same model again chooses the same ads"
    mean = ads.curse("mean")
    assert mean.all_candidates == pytest.approx(1)
    assert mean.own_winners > 1.3


def test_calibration_on_shown_ads_against_the_posterior() -> None:
    """The overstated mean on own winners, from the exact posterior given that the old release chose the ad.

    Independent of the fitted curve: for errors that don't agree at all, and by bins of the new score over fresh auctions.
    """
    rng = np.random.default_rng(9)
    shape = (60_000, ads.CANDIDATES)
    truth = ads.APPEAL_SPREAD * rng.standard_normal(shape)
    old, new = (truth + ads.MODEL_NOISE * rng.standard_normal(shape) for _ in range(2))
    bids = np.exp(ads.BID_SPREAD * rng.standard_normal(shape))
    trust = ads.APPEAL_SPREAD**2 / (ads.APPEAL_SPREAD**2 + ads.MODEL_NOISE**2)
    rows = np.arange(len(truth))
    chosen = (bids * np.exp(trust * old)).argmax(axis=1)
    edges = np.linspace(-2.5, 2.5, 61)
    seen = np.digitize(new[rows, chosen], edges)
    value = np.exp(truth[rows, chosen])
    table = np.array([value[seen == b].mean() if (seen == b).any() else np.nan for b in range(62)])
    known = ~np.isnan(table)
    table = np.interp(np.arange(62), np.flatnonzero(known), table[known])
    predicted = table[np.digitize(new, edges)]
    own = (bids * predicted).argmax(axis=1)
    ratio = predicted[rows, own].mean() / np.exp(truth[rows, own]).mean()
    assert ads.curse("shown", 0.0).own_winners == pytest.approx(ratio, abs=0.02)


def test_delay_against_scipy_and_quadrature() -> None:
    for scale in (ads.SALE_DAYS, ads.SLOW_SALE_DAYS):
        cut = stats.truncexpon(7 / scale, scale=scale)
        for days in (0.5, 1, 3, 7, 30):
            assert ads.known_after(days, scale) == pytest.approx(cut.cdf(days))
        for days in (1, 3, 14, 28):
            seen = integrate.quad(cut.cdf, 0, days, points=[min(days, 7)])[0] / days
            assert ads.seen_share(days, scale) == pytest.approx(seen, rel=1e-6)
            assert ads.underbid(days, scale) == pytest.approx(1 - seen, abs=1e-6)
        assert ads.mean_delay(scale) == pytest.approx(cut.mean())
        assert ads.underbid(14, scale) == pytest.approx(cut.mean() / 14)
    assert ads.slow_slice_loses(28) > ads.slow_slice_loses(14) < 0
    assert ads.young_cost_per_sale(9) == pytest.approx(1 / (1 - ads.mean_delay() / 9) - 1)


def test_booked_by_midnight_by_simulation() -> None:
    rng = np.random.default_rng(12)
    hour = 24 * rng.random(1_500_000)
    hour = hour[rng.random(len(hour)) < (1 + 0.75 * np.cos(2 * np.pi * (hour - 20) / 24)) / 1.75]
    later = stats.truncexpon(7 / 1.5, scale=1.5).rvs(len(hour), random_state=rng)
    booked = (hour / 24 + later < 1).mean()
    assert ads.booked_by_midnight() == pytest.approx(booked, abs=0.002)
    assert ads.overspent_by_booked() == pytest.approx(1 / booked, rel=0.01)


def test_the_day() -> None:
    rate = lambda h: (1 + 0.75 * math.cos(2 * math.pi * (h - 20) / 24)) / 24  # noqa: E731
    for hour in (0, 6, 10, 24):
        assert ads.traffic_by(hour) == pytest.approx(integrate.quad(rate, 0, hour)[0], abs=1e-9)
    assert ads.traffic_by(ads.gone_at()) == pytest.approx(0.25)
    assert ads.traffic_by(24) == pytest.approx(1)


def test_pacing_by_simulation() -> None:
    rng = np.random.default_rng(5)
    prices = rng.lognormal(0, ads.PRICE_SPREAD, 400_000)
    full = prices[prices < 1]
    low = prices[prices < ads.shading()]
    assert low.sum() == pytest.approx(0.25 * full.sum(), rel=0.02)
    assert len(low) / (0.25 * len(full)) - 1 == pytest.approx(ads.more_by_shading(), abs=0.02)
    asleep = full[rng.random(len(full)) < 0.25]
    assert len(asleep) == pytest.approx(0.25 * len(full), rel=0.02)
    assert ads.wins(1) == 0.5
    assert ads.more_by_shading(1.0) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("swing", [0.0, ads.PRICE_SWING])
def test_plans_by_sorting_a_days_prices(swing: float) -> None:
    """Each plan buys the cheapest auctions of its hour; the best buys the cheapest of the day."""
    rng = np.random.default_rng(13)
    hour = np.floor(24 * rng.random(1_500_000)).astype(int)
    wave = np.cos(2 * np.pi * (hour + 0.5 - 20) / 24)
    weight = np.diff([ads.traffic_by(h) for h in range(25)])
    kept = rng.random(len(hour)) < weight[hour] / weight.max()
    hour, wave = hour[kept], wave[kept]
    prices = rng.lognormal(0, ads.PRICE_SPREAD, len(hour)) * np.exp(swing * wave)
    money = 0.25 * prices[prices < 1].sum()

    def bought(of: np.ndarray, purse: float) -> int:
        cheap = np.sort(of[of < 1])
        return int(np.searchsorted(np.cumsum(cheap), purse))

    best = bought(prices, money)
    for plan, part in (("traffic", weight), ("clock", np.full(24, 1 / 24))):
        won = sum(bought(prices[hour == h], money * part[h]) for h in range(24))
        assert ads.lost_by_plan(plan, swing) == pytest.approx(1 - won / best, abs=0.004)  # type: ignore[arg-type]


def test_who_loses_what_promoted_listings_gain() -> None:
    assert ads.extra_a_day() == pytest.approx(60_000 * (4.8 / 5.8 - 0.75))
    fewer = (ads.places(2)[0].lost + ads.places(2)[1].lost) / 2.76
    assert ads.fewer_sales() == pytest.approx(fewer)
    assert ads.others_lose() - ads.extra_a_day() == pytest.approx(fewer)


def test_listings_by_simulation() -> None:
    """Exponential clocks for a sale through the ad, through the organic place, and leaving."""
    rng = np.random.default_rng(6)
    n = 400_000
    sale, leave = 0.0075, 0.0025
    faster, plain = (rng.exponential(1 / (sale * f), n) for f in (ads.FASTER, 1.0))
    gone = rng.exponential(1 / leave, n)
    promoted = (faster < gone).mean()
    assert ads.sold(ads.FASTER) == pytest.approx(promoted, abs=0.003)
    assert ads.sold() == pytest.approx((plain < gone).mean(), abs=0.003)
    assert ads.extra_sales() == pytest.approx(promoted - (plain < gone).mean(), abs=0.004)
    days = np.minimum(plain, gone).mean() - np.minimum(faster, gone).mean()
    assert ads.days_sooner() == pytest.approx(days, abs=0.4)
    assert ads.sold_within(28, ads.FASTER) == pytest.approx(((faster < gone) & (faster < 28)).mean(), abs=0.003)
    assert ads.really_extra() + ads.from_own_organic() + ads.only_sooner() == pytest.approx(1)
    assert ads.per_hundred(0.25) == 25
    assert ads.from_own_organic() == pytest.approx(1 - 0.6 / 0.8)
    assert ads.price_of_extra() == pytest.approx(ads.mean_price() * ads.credited_sales() / ads.extra_sales())


def test_the_auction_sells_what_there_is() -> None:
    """Sales through ads, from the page's places, are the credited share of the listings promoted on a day: two premises, one world."""
    assert ads.ad_sales() == pytest.approx(ads.promoted_a_day() * ads.credited_sales(), rel=0.02)


def test_ghosts_by_simulation() -> None:
    rng = np.random.default_rng(8)
    n = ads.ghosts_needed()
    shown, withheld = round(0.9 * n), round(0.1 * n)
    p = rng.binomial(shown, ads.sold_within(28, ads.FASTER), 40_000) / shown
    q = rng.binomial(withheld, ads.sold_within(28), 40_000) / withheld
    z = (p - q) / np.sqrt(p * (1 - p) / shown + q * (1 - q) / withheld)
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.03)
    assert n < ads.promoted_a_day() / 24
    assert ads.promoted_a_day() == 60_000


def test_one_budget_two_arms() -> None:
    """Sellers who are always out of money: what one arm wins the other loses."""
    limited, free, gain = 60.0, 40.0, 0.08
    taken = 1 + gain
    arm_b = limited * taken / (1 + taken) + free / 2 * taken
    arm_a = limited / (1 + taken) + free / 2
    assert arm_b / arm_a - 1 == pytest.approx(gain)
    launched = limited + free * taken
    assert ads.after_launch(gain) == pytest.approx(launched / 100 - 1)
    assert ads.worth_of_test(ads.break_even(0.6), 0.6) == pytest.approx(ads.ACCELERATORS)
    assert ads.worth_of_test(ads.break_even()) == pytest.approx(2_500)


def test_sampled_and_restored() -> None:
    for p in (0.001, 0.02, 0.5):
        assert ads.sampled(p) == pytest.approx(p / (p + 0.1 * (1 - p)))
        assert ads.restored(ads.sampled(p)) == pytest.approx(p)


def test_capacity() -> None:
    assert ads.promoted_live() == pytest.approx(60_000 * 100 / 1.45)
    assert ads.index_bytes() == pytest.approx(search.index_bytes() / 12e6 * ads.promoted_live())
    assert ads.clicks_a_life() * ads.promoted_a_day() == pytest.approx(ads.ad_clicks())
    assert ads.busy_cores() == pytest.approx(6e6 / 86_400 * 4 * 0.004)
    assert ads.busy_cores() < ads.workers() <= ads.workers_in_zones()
    assert ads.workers_cost() == pytest.approx(ads.workers_in_zones() * 24 * 0.04)
    assert marketplace.retrieval_ms + marketplace.features_ms + marketplace.ranking_ms == ads.AD_MILLISECONDS
    assert ads.log_a_day() == pytest.approx(ads.shown_rows() * 1_200 + 6e6 * 60 * 40)
    disk = 90 * ads.log_a_day() / 1e9 * 0.023 / 30
    assert ads.cost_a_day() == pytest.approx(ads.workers_cost() + disk + 32 * 0.04)
    assert ads.click_price() == pytest.approx(ads.mean_price() * ads.sale_per_click())
    assert ads.charged_an_hour(0.1) == pytest.approx(ads.ad_revenue() / 240)
    clicks = ads.ad_clicks()
    assert clicks * ads.sale_per_click() == pytest.approx(ads.ad_sales())
    assert ads.training_rows(1) == pytest.approx(clicks + 0.1 * (ads.shown_rows() - clicks))
    assert ads.training_bytes() == pytest.approx(14 * 1_200 * ads.training_rows(1))


def test_noise() -> None:
    sales = ads.ad_sales() / 40
    assert ads.slice_error(1) == pytest.approx(math.sqrt(1.3 * sales) / sales)
    assert ads.slice_error(ads.days_to_see(0.1)) == pytest.approx(0.1 / 4)
    assert ads.days_explored(of="click") == pytest.approx(ads.days_explored() * ads.sale_per_click())
    counted = ads.ramp_days() * 0.05 * ads.ad_sales()
    assert 1.959964 * math.sqrt(1.3 / counted) == pytest.approx(0.05)
    assert ads.explored_sales() == pytest.approx(0.01 * ads.organic_sales(1) * ads.candidates()[1].mean(), rel=0.01)
    first = ads.places(1)[0]
    assert ads.explored_cost() == pytest.approx(
        0.01 * (first.net + ads.organic_sales(1) * 1.38 * (1 - ads.mean_appeal()))
    )
    assert ads.alarm_line() == pytest.approx(0.075)
    assert ads.alarm_catches() == pytest.approx(stats.norm.cdf(1))
    assert ads.alarm_catches(4, 4) == 0.5
    assert ads.ratchet(0.05, 2) == pytest.approx(0.1025)


def test_explored_winners_by_draws() -> None:
    """Draw a candidate for each auction, count the sales of those that the auction would have chosen anyway."""
    rng = np.random.default_rng(14)
    bids = 2 * np.exp(0.5 * rng.standard_normal((200_000, 12)))
    appeals = 0.4 * np.exp(0.6 * rng.standard_normal((200_000, 12)))
    drawn = rng.integers(12, size=200_000)
    sales = appeals[np.arange(200_000), drawn]
    share = sales[drawn == (bids * appeals).argmax(axis=1)].sum() / sales.sum()
    assert ads.explored_winners() == pytest.approx(share, abs=0.006)
    assert ads.days_explored() * ads.explored_winners() == pytest.approx(ads.days_explored(where="all"))


def test_prompts() -> None:
    assert ads.sales_behind(0.03, 0.2) == pytest.approx(1.03 / 1.2 - 1)
    price = ads.price_behind(0.03, -0.13)
    assert (1 + price) * 0.87 == pytest.approx(1.03)
    assert ads.clicks_of_limited(price) == pytest.approx(0.6 * (0.87 / 1.03 - 1))
    assert ads.charged_too_much(41_200, price) == pytest.approx(41_200 - 41_200 / (1 + price))
    assert ads.unsold_in(3) == pytest.approx(stats.poisson.pmf(0, 3))
