"""The recommendation design's numbers, against sums done another way and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from snippets.cases import marketplace
from snippets.systems import recommendation as home


def test_credit_and_increment() -> None:
    assert home.home_purchases() == pytest.approx(18_000)
    assert home.credited() == pytest.approx(18_000 * 2.76)
    assert home.missing_in_holdout() == pytest.approx(3_600)
    assert home.incremental() == pytest.approx(3_600 * 0.6 * 2.76)
    assert home.incremental_share() == pytest.approx(0.12)
    assert home.holdout_cost() == pytest.approx(home.incremental() / 100)
    assert home.new_users() == 100_000


def test_the_credited_rate_shows_by_simulation() -> None:
    """At the days it asks for, with independent views, the difference is seen in four of five runs."""
    rng = np.random.default_rng(3)
    days = home.credited_days() / home.anywhere_factor(2)
    n, m = (round(marketplace.home_views_per_day * share * days) for share in (0.01, 0.99))
    a = rng.binomial(n, home.HOLDOUT_RATE, 20_000) / n
    b = rng.binomial(m, marketplace.home_purchase_rate, 20_000) / m
    z = (b - a) / np.sqrt(a * (1 - a) / n + b * (1 - b) / m)
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_purchases_anywhere_show_by_simulation(share: float) -> None:
    """Purchases of a holdout and of the others, a purchase counting as often in the variance as by the plan's people."""
    rng = np.random.default_rng(4)

    def seen(days: int) -> float:
        times = home.anywhere_factor(days)
        rate, less = 90_000.0, 90_000 - 0.6 * 3_600
        a = times * rng.poisson(less * share * days / times, 20_000) / share
        b = times * rng.poisson(rate * (1 - share) * days / times, 20_000) / (1 - share)
        return float(((b - a) / np.sqrt(times * (a / share + b / (1 - share))) > 1.96).mean())

    days = home.holdout_days(share)
    assert seen(days) > 0.78
    assert seen(days - 1) < 0.81
    if share == home.HOLDOUT:
        for short in (7, 28):
            assert home.touches_zero(short) == pytest.approx(1 - seen(short), abs=0.015)


def test_what_a_split_test_sees() -> None:
    n = 90_000 * 7  # purchases of each arm in two weeks
    change = home.visible_change(14) / np.sqrt(home.anywhere_factor(14))
    assert change * n / np.sqrt(2 * n) == pytest.approx(2.8016, abs=0.001)
    assert home.visible_change(14) < home.visible_change(7) < home.visible_change(14) * np.sqrt(2)
    assert 0.6 * home.visible_on_page() * 18_000 == pytest.approx(home.visible_change() * 90_000)


def test_the_increment_that_lasts() -> None:
    """The page's purchases taken away again: listings that it no longer sells are left to the other buyers."""
    sale, leave = 0.75, 0.25
    more = sale * (1 + 2_160 / 90_000)
    assert home.users_gain() == pytest.approx(2_160)
    assert home.lasting_increment() == pytest.approx(120_000 * (more / (more + leave) - 0.75) * 2.76)


def test_clicks_of_a_listing() -> None:
    clicks = 6e6 * 0.35 + 4e6 * 0.2
    assert home.clicks_per_listing_and_day() == pytest.approx(clicks / 12e6)
    assert home.known_listings(10) == pytest.approx(stats.poisson.sf(4, clicks / 12e5))
    assert home.known_listings(30) > home.known_listings(10)


def test_half_of_a_page_is_never_seen() -> None:
    rng = np.random.default_rng(5)
    stays = rng.random(100_000) < 0.6
    seen = np.where(stays, 4, 24)
    assert home.never_seen() == pytest.approx(1 - seen.mean() / 24, abs=0.005)
    assert home.seen_click_rate() == pytest.approx(0.2 / seen.mean(), rel=0.01)


def test_a_listing_sells_once() -> None:
    assert home.sold_by(1) == pytest.approx(0.001)
    assert home.sold_by(home.impressions_until(0.9)) == pytest.approx(0.9)
    rng = np.random.default_rng(7)
    demand = rng.binomial(1_000, 0.001, 100_000)
    assert home.wasted(1_000) == pytest.approx(1 - np.minimum(demand, 1).sum() / demand.sum(), abs=0.01)


def test_purchases_in_flight_by_simulation() -> None:
    rng = np.random.default_rng(8)
    looks = rng.poisson(home.peak_views() * 600 * 0.01, 200_000)
    bought = rng.binomial(looks, 0.001)
    assert home.in_flight(0.01) == pytest.approx(bought.mean(), rel=0.01)
    assert home.still_free(0.01) == pytest.approx((bought == 0).mean(), abs=0.005)


def test_the_product_sells_most_in_a_burst() -> None:
    by = {rule: home.burst_sales(rule) for rule in ("score", "subtract", "multiply")}
    assert by["score"] < by["subtract"] < by["multiply"]
    assert home.burst_sales("multiply", looks=1) == pytest.approx(home.burst_sales("score", looks=1))
    even = 5_000 / home.LISTINGS  # everybody gets as many looks: between
    normal = stats.lognorm(home.SPREAD, scale=home.MEDIAN_PURCHASE)
    sold = (1 - np.exp(-even * normal.rvs(200_000, random_state=1))).mean() * home.LISTINGS
    assert by["score"] < sold < by["multiply"]


def test_the_urn_is_uniform() -> None:
    shares = home.urn(clicks=1_000, runs=4_000, seed=1)
    assert stats.kstest(shares, "uniform").pvalue > 0.01
    assert home.share_above(0.75) == pytest.approx((np.abs(shares - 0.5) > 0.25).mean(), abs=0.03)


def test_serving() -> None:
    assert home.peak_views() == pytest.approx(4e6 / 86_400 * 4)
    assert home.ranking_cores() == pytest.approx(home.peak_views() * 0.006)
    assert home.budgeted() == 140
    assert home.log_a_day() == pytest.approx(4e6 * 24 * 1_200)
    assert home.late_sources() == pytest.approx(1 - 0.99**5)
    assert home.embed_hours() == pytest.approx(2 / 3)
    assert home.embed_again_hours() == pytest.approx(100 * home.embed_hours())
    assert home.embed_again_cost() == pytest.approx(home.embed_again_hours() * 2.5)
