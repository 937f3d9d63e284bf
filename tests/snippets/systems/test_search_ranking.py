"""The search design's numbers, against sums done another way and simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from snippets.cases import marketplace
from snippets.systems import search_ranking as search


def test_the_funnel_only_loses() -> None:
    assert search.kept() == pytest.approx(0.95 * 0.97)
    assert search.search_purchases() == 72_000
    assert search.search_revenue() == pytest.approx(72_000 * (3 - 0.02 * 12))
    assert search.worth_of_recall() == pytest.approx(0.01 / 0.9215 * 72_000 * 2.76 / 2)


def test_load() -> None:
    assert search.pairs_at_peak() == pytest.approx(6e6 / 86_400 * 4 * 200)
    assert search.cross_encoder_accelerators(200) == pytest.approx(10 * search.cross_encoder_accelerators(20))
    assert search.retrieval_cores() < search.retrieval_servers()
    assert search.index_bytes() == pytest.approx(12e6 * (128 * 4 + 2 * 32 * 4 + 1_000))
    assert search.updates_per_second() == pytest.approx(240_000 / 86_400)


def test_shards_by_simulation() -> None:
    rng = np.random.default_rng(1)
    slow = rng.random((200_000, 12)) < 0.01
    assert search.slow_searches(12) == pytest.approx(slow.any(axis=1).mean(), abs=0.003)


def test_a_cache_by_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small world: Poisson arrivals, a lifetime that runs from the miss."""
    monkeypatch.setattr(search, "QUERIES", 300)
    search.cache_hits.cache_clear()
    rng = np.random.default_rng(2)
    share = 1 / np.arange(1, 301)
    share /= share.sum()
    n = 200_000
    times = np.cumsum(rng.exponential(1 / marketplace.searches_per_second, n))
    until = np.zeros(300)
    hits = 0
    for now, query in zip(times, rng.choice(300, n, p=share), strict=True):
        if now < until[query]:
            hits += 1
        else:
            until[query] = now + 2.0
    assert search.cache_hits(2.0) == pytest.approx(hits / n, abs=0.01)
    assert search.head_share(300) == pytest.approx(1)
    search.cache_hits.cache_clear()


def test_pages_with_a_sold_listing_by_simulation() -> None:
    rng = np.random.default_rng(4)
    pages = (rng.random((100_000, 24)) < 0.005).any(axis=1).mean()
    assert search.pages_with_a_sold_listing() == pytest.approx(pages, abs=0.004)
    assert search.live_checks_at_peak() == pytest.approx(24 * marketplace.peak_searches_per_second)


def test_first_views() -> None:
    assert search.impressions() == 144e6
    assert search.impressions_per_listing() == 12
    assert search.first_views_share(100) == pytest.approx(12e6 / 144e6)
    assert search.first_views_cost(100) == pytest.approx(5 * search.first_views_cost(20))
    assert search.clicks_learned(24) == pytest.approx(0.35)
    assert search.views_without_a_click(20) == pytest.approx((1 - 0.35 / 24) ** 20)


def test_days_of_swaps_reach_the_precision_they_promise() -> None:
    days = search.days_for_propensity(10)
    clicks = days * 6e6 * 0.01 * 0.12 / 10
    assert 1.959964 / math.sqrt(clicks) == pytest.approx(0.05)
    assert search.naive_preference(10) == pytest.approx(10)
    assert search.days_for_propensity(24) == pytest.approx(24 * search.days_for_propensity(1))


def test_effective_share_by_simulation() -> None:
    rng = np.random.default_rng(6)
    chance = 1 / np.arange(1, 25)
    rank = rng.choice(24, 400_000, p=chance / chance.sum())
    for cap in (math.inf, 5.0):
        weight = np.minimum(1 / chance[rank], cap)
        share = weight.sum() ** 2 / (weight**2).sum() / rank.size
        assert search.effective_share(24, cap) == pytest.approx(share, abs=0.005)
    assert search.effective_share(1) == pytest.approx(1)


def test_value_ranks_the_dear_above_the_wanted() -> None:
    assert search.value_of(100, 0.005) > search.value_of(20, 0.02)
    assert search.value_of(30, 1) == pytest.approx(marketplace.net_fee)


def test_visible_change_against_statsmodels() -> None:
    p = marketplace.search_purchase_rate
    change = search.visible_change(days=14, inflation=1.0)
    effect = proportion_effectsize(p * (1 + change), p)
    power = NormalIndPower().power(effect, nobs1=6e6 * 7, alpha=0.05)
    assert power == pytest.approx(0.8, abs=0.01)
    assert search.visible_change() == pytest.approx(change * math.sqrt(1.3))
    assert search.worth_of_change(0.01) == pytest.approx(0.01 * search.search_revenue())
