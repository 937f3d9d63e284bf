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


def test_the_holdout_shows_by_simulation() -> None:
    """At the days it asks for, with independent views, the difference is seen in four of five runs."""
    rng = np.random.default_rng(3)
    days = home.holdout_days(inflation=1.0)
    n, m = (round(marketplace.home_views_per_day * share * days) for share in (0.01, 0.99))
    a = rng.binomial(n, home.HOLDOUT_RATE, 20_000) / n
    b = rng.binomial(m, marketplace.home_purchase_rate, 20_000) / m
    z = (b - a) / np.sqrt(a * (1 - a) / n + b * (1 - b) / m)
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.02)
    assert home.holdout_days_whole() == 2
    assert home.visible_change(7) > home.visible_change(14)


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


def test_the_urn_is_uniform() -> None:
    shares = home.urn(clicks=1_000, runs=4_000, seed=1)
    assert stats.kstest(shares, "uniform").pvalue > 0.01
    assert home.share_above(0.75) == pytest.approx((np.abs(shares - 0.5) > 0.25).mean(), abs=0.03)


def test_serving() -> None:
    assert home.peak_views() == pytest.approx(4e6 / 86_400 * 4)
    assert home.ranking_cores() == pytest.approx(home.peak_views() * 0.006)
    assert home.budgeted() == 140
    assert home.late_sources() == pytest.approx(1 - 0.99**5)
    assert home.embed_hours() == pytest.approx(2 / 3)
    assert home.embed_again_hours() == pytest.approx(100 * home.embed_hours())
    assert home.embed_again_cost() == pytest.approx(home.embed_again_hours() * 2.5)
