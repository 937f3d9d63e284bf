"""The search design's numbers, against sums done another way and simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from snippets.cases import marketplace
from snippets.experiments import worked_designing
from snippets.systems import search_ranking as search


def test_the_funnel_only_loses() -> None:
    assert search.kept() == pytest.approx(0.95 * 0.97)
    assert search.search_purchases() == 72_000
    assert search.search_revenue() == pytest.approx(72_000 * (3 - 0.02 * 12))
    wanted = 72_000 / (0.9215 + 0.5 * 0.0785)
    before, after = (wanted * (k + 0.5 * (1 - k)) for k in (0.9215, 0.9315))
    assert before == pytest.approx(72_000)
    assert search.worth_of_recall() == pytest.approx((after - before) * 2.76)
    assert search.worth_of_recall(replaced=1.0) == 0


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


def test_chained_swaps_by_simulation() -> None:
    """Clicks of both listings of each pair, in their other's place, against what they get in their own."""
    rng = np.random.default_rng(1)
    rank, runs = 10, 20_000
    swaps = round(search.days_for_chain(rank) * 6e6 * 0.01 / 2)
    log_ratio = np.zeros(runs)
    for k in range(1, rank):
        up, down = rng.binomial(swaps, 0.12 / k, runs), rng.binomial(swaps, 0.12 / (k + 1), runs)
        # each is the ratio times or over a known rate; the better measured one weighs more
        of_down = np.log(down / swaps / (0.12 / k))
        of_up = np.log(0.12 / (k + 1) / (up / swaps))
        log_ratio += (of_down / (k + 1) + of_up / k) / (1 / (k + 1) + 1 / k)
    assert np.exp(log_ratio.mean()) == pytest.approx(0.1, rel=0.01)
    assert 1.96 * log_ratio.std() == pytest.approx(0.05, abs=0.002)
    assert search.naive_preference(10) == pytest.approx(10)


def test_swaps_with_the_first_by_simulation() -> None:
    rng = np.random.default_rng(2)
    rank, runs = 24, 20_000
    swaps = round(search.days_for_first(rank) * 6e6 * 0.01 / 23)
    up, down = rng.binomial(swaps, 0.12 * 0.5, runs), rng.binomial(swaps, 0.12 / rank, runs)
    of_up = np.log(0.12 * 0.5 / rank / (up / swaps))
    of_down = np.log(np.maximum(down, 1) / swaps / 0.12)
    log_ratio = (0.5 * of_up + of_down / rank) / (0.5 + 1 / rank)
    assert 1.96 * log_ratio.std() == pytest.approx(0.05, abs=0.003)
    assert search.days_for_chain(rank) > 5 * search.days_for_first(rank)
    assert search.days_for_chain(1) == 0


def test_swaps_cost_what_the_first_place_loses() -> None:
    """Whole searches evaluated before and after each swap."""
    looks = 1 / np.arange(1, 25)
    appeal = np.where(np.arange(24) == 0, 1.0, 0.5)
    lost = []
    for k in range(1, 24):
        swapped = appeal.copy()
        swapped[[0, k]] = swapped[[k, 0]]
        lost.append(1 - looks @ swapped / (looks @ appeal))
    assert search.cost_of_first_swaps() == pytest.approx(0.01 * 72_000 * 2.76 * np.mean(lost))
    assert search.cost_of_neighbor_swaps() == pytest.approx(0.01 * 72_000 * 2.76 * lost[0] / 2)
    assert search.purchases_lost(5, 9) == 0
    assert search.whole_cost() < search.whole_cost(neighbors=True)
    assert search.whole_cost(2) > search.whole_cost(2, neighbors=True), "for the first pair the gentle way is cheaper"


def test_effective_share_by_simulation() -> None:
    rng = np.random.default_rng(6)
    chance = 1 / np.arange(1, 25)
    for appeal in (0.0, 1.0):
        clicks = chance ** (1 + appeal)
        rank = rng.choice(24, 400_000, p=clicks / clicks.sum())
        for cap in (math.inf, 5.0):
            weight = np.minimum(1 / chance[rank], cap)
            share = weight.sum() ** 2 / (weight**2).sum() / rank.size
            assert search.effective_share(24, cap, appeal) == pytest.approx(share, abs=0.006)
    assert search.effective_share(1) == pytest.approx(1)


def test_one_stock_by_simulation() -> None:
    """A fifth more for one arm looks like a fifth; given to both, most of it is gone."""
    a, b = search.market_by_simulation(1.2, 1.0, seed=1)
    assert a / b == pytest.approx(1.2, rel=0.01)
    today, later = (sum(search.market_by_simulation(arm, arm, seed=2)) for arm in (1.0, 1.2))
    stays = search.lasting(0.2, marketplace.purchases_per_day)
    assert later / today - 1 == pytest.approx(0.2 * stays, abs=0.006)
    assert search.lasting_change(0.01) == pytest.approx(0.0025, abs=0.00005)


def test_the_log() -> None:
    assert search.log_a_day() == pytest.approx(144e6 * 300 * 4)
    assert search.training_rows() == pytest.approx(28 * 72_000 * 24)
    assert search.training_bytes(7) == pytest.approx(search.training_rows() / 4 * 1_200)


def test_value_ranks_the_dear_above_the_wanted() -> None:
    assert search.value_of(100, 0.005) > search.value_of(20, 0.02)
    assert search.value_of(30, 1) == pytest.approx(marketplace.net_fee)


def test_visible_change_against_statsmodels() -> None:
    """The page takes what a test sees from the plan of a test by user; here with searches thinned by its variance factor."""
    p = marketplace.search_purchase_rate
    factor = worked_designing.understated("purchases")
    change = worked_designing.visible("purchases")
    effect = proportion_effectsize(p * (1 + change), p)
    power = NormalIndPower().power(effect, nobs1=6e6 * 7 / factor, alpha=0.05)
    assert power == pytest.approx(0.8, abs=0.01)
    canary = worked_designing.visible("purchases", share=0.01)
    effect = proportion_effectsize(p * (1 + canary), p)
    power = NormalIndPower().power(effect, nobs1=6e6 * 14 * 0.01 / factor, alpha=0.05, ratio=99)
    assert power == pytest.approx(0.8, abs=0.02)
    assert search.worth_of_change(0.01) == pytest.approx(0.01 * search.search_revenue())
