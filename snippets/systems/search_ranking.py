"""The worked numbers of one design. Serves docs/systems/search-ranking.md.

Sums on the back of an envelope over the Marketplace case. Constants in capitals are premises of this page and said as given
there. Money is dollars, times are milliseconds unless a name says seconds.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from snippets.cases import SECONDS_A_DAY, marketplace
from snippets.lifecycle import capacity, latency
from snippets.lifecycle import worked as lifecycle

# Given on the page
RETRIEVAL_SERVICE = 0.006  # seconds of one core for one search over the whole index
TEXT_BYTES = 1_000  # bytes of inverted index for a listing
SHARD_P99 = 20.0  # milliseconds, 99th percentile of one shard
PAIR_MILLISECONDS = 1.0  # accelerator time for one query and listing in a cross-encoder, batched
QUERIES = 3_000_000  # distinct queries of a day, Zipf distributed with exponent 1
CACHE_SECONDS = 60.0  # seconds for which retrieved candidates are kept
EXAMINED = 1.0  # exponent of the examination curve: rank k is looked at 1 / k ** EXAMINED as often as rank 1
TOP_CLICK_RATE = 0.12  # clicks per impression at rank 1
INTERVENED = 0.01  # share of searches in which listings are swapped at random
LOWER_APPEAL = 0.5  # appeal of a lower listing over that of the first one
ROW_BYTES = 1_200  # a listing shown, with 300 features as scored, 4 bytes each
FIRST_VIEWS = 20  # impressions that a new listing is given on its first day
EXPLORED_LOSS = 0.30  # share of purchases that an explored slot loses against the slot it took
PURCHASE_RECALL = {"retrieval": 0.95, "pre-ranking": 0.97}  # share of bought listings that each stage keeps
SWITCH_FRACTION = 0.5  # of lost purchases that buyers replace with another listing


# The funnel


def search_purchases() -> float:
    """Purchases a day that begin with a search."""
    return marketplace.searches_per_day * marketplace.search_purchase_rate


def search_revenue() -> float:
    """Net fees a day from purchases that begin with a search."""
    return search_purchases() * marketplace.net_fee


def kept() -> float:
    """Share of bought listings that reach the ranking model: each stage can only lose."""
    return math.prod(PURCHASE_RECALL.values())


def worth_of_recall(points: float = 0.01, replaced: float = SWITCH_FRACTION) -> float:
    """Dollars a day for more of the wanted listings reaching the ranking, where this share of the lost ones is replaced.

    Today's purchases hold the replacements already: they are wanted × (kept + replaced × lost).
    """
    wanted = search_purchases() / (kept() + replaced * (1 - kept()))
    return points * wanted * (1 - replaced) * marketplace.net_fee


def pairs_at_peak() -> float:
    """Query-listing pairs the ranking model scores in the busiest second."""
    return marketplace.peak_searches_per_second * marketplace.ranked


# Capacity


def index_bytes() -> float:
    """Bytes of the whole index: vectors with their links, and the inverted lists."""
    return lifecycle.embedding_index() + marketplace.live_listings * TEXT_BYTES


def retrieval_cores() -> float:
    """Cores busy with retrieval in the busiest second."""
    return marketplace.peak_searches_per_second * RETRIEVAL_SERVICE


def retrieval_servers() -> int:
    """Cores behind one queue so that at most one search in a hundred waits and works longer than the stage's budget."""
    return capacity.servers_for(
        marketplace.peak_searches_per_second, RETRIEVAL_SERVICE, marketplace.retrieval_ms / 1000
    )


def slow_searches(shards: int) -> float:
    """Share of searches that meet at least one shard beyond its 99th percentile."""
    return latency.meets_slow(shards)


def cross_encoder_accelerators(pairs: int) -> float:
    """Accelerators busy at peak when so many pairs of each search go through a cross-encoder."""
    return marketplace.peak_searches_per_second * pairs * PAIR_MILLISECONDS / 1000


def updates_per_second() -> float:
    """Changes of the index a second: new listings, and those that were sold or removed."""
    return 2 * marketplace.new_listings_per_day / SECONDS_A_DAY


@cache
def cache_hits(seconds: float = CACHE_SECONDS) -> float:
    """Share of searches whose candidates are in a cache with this lifetime, queries arriving at random (Zipf)."""
    ranks = np.arange(1, QUERIES + 1, dtype=np.float64)
    share = 1 / ranks
    share /= share.sum()
    rate = share * marketplace.searches_per_second
    return float((share * rate * seconds / (1 + rate * seconds)).sum())


def head_share(queries: int) -> float:
    """Share of searches that the most frequent queries make up (Zipf)."""
    ranks = 1 / np.arange(1, QUERIES + 1, dtype=np.float64)
    return float(ranks[:queries].sum() / ranks.sum())


# What a page shows


def pages_with_a_sold_listing() -> float:
    """Share of result pages that show at least one listing that is sold already."""
    return 1 - (1 - marketplace.sold_already_rate) ** marketplace.results_per_page


def live_checks_at_peak() -> float:
    """Look-ups a second, at peak, if each shown listing is checked against the set of those just sold."""
    return marketplace.peak_searches_per_second * marketplace.results_per_page


def impressions() -> float:
    """Listings shown a day in search."""
    return marketplace.searches_per_day * marketplace.results_per_page


def impressions_per_listing() -> float:
    """Mean impressions of a live listing a day."""
    return impressions() / marketplace.live_listings


def purchases_per_impression() -> float:
    """Purchases for one listing shown."""
    return search_purchases() / impressions()


def click_rate_per_impression() -> float:
    """Searches with a click over the listings they show: at least so many clicks an impression."""
    return marketplace.search_click_rate / marketplace.results_per_page


def first_views_share(views: int = FIRST_VIEWS) -> float:
    """Share of all impressions it takes to give every new listing so many on its first day."""
    return marketplace.new_listings_per_day * views / impressions()


def first_views_cost(views: int = FIRST_VIEWS) -> float:
    """Dollars a day for those impressions, each losing part of what its slot would have sold."""
    lost = marketplace.new_listings_per_day * views * purchases_per_impression() * EXPLORED_LOSS
    return lost * marketplace.net_fee


def clicks_learned(views: int = FIRST_VIEWS) -> float:
    """Clicks that so many impressions bring a listing of average appeal."""
    return views * click_rate_per_impression()


def views_without_a_click(views: int = FIRST_VIEWS) -> float:
    """Share of average listings that get no click at all in so many impressions."""
    return (1 - click_rate_per_impression()) ** views


# Labels


def examined(rank: int) -> float:
    """How often rank k is looked at, over how often rank 1 is."""
    return float(1 / rank**EXAMINED)


def naive_preference(rank: int) -> float:
    """How much better rank 1 looks than an equally good listing at this rank, when clicks are taken as they are."""
    return examined(1) / examined(rank)


def days_for_chain(rank: int, precision: float = 0.05) -> float:
    """Days until swapped neighbors tell this rank's examination within ± this share (95 %), rank 1 being the unit.

    Each swapped search swaps half of the pairs, so pairs do not overlap. The examination of rank k is a product of k − 1
    ratios of neighbors; their relative variances, one over the clicks of a pair, add up. Listings are equally good.
    """
    swaps = marketplace.searches_per_day * INTERVENED / 2
    pairs = (swaps * TOP_CLICK_RATE * (examined(k) + examined(k + 1)) for k in range(1, rank))
    return float(sum(1 / clicks for clicks in pairs) * (1.959964 / precision) ** 2)


def days_for_first(rank: int, precision: float = 0.05) -> float:
    """The same when rank 1 is swapped with one random lower rank: a single ratio, and the lower listing gets many clicks."""
    swaps = marketplace.searches_per_day * INTERVENED / (marketplace.results_per_page - 1)
    clicks_a_day = swaps * TOP_CLICK_RATE * (LOWER_APPEAL + examined(rank))
    return (1.959964 / precision) ** 2 / clicks_a_day


def purchases_lost(rank: int, other: int) -> float:
    """Share of a search's purchases that are lost by swapping two ranks, lower listings appealing half as much as the first."""
    looks = [examined(k) for k in range(1, marketplace.results_per_page + 1)]
    appeal = [1.0] + [LOWER_APPEAL] * (len(looks) - 1)
    total = sum(x * a for x, a in zip(looks, appeal, strict=True))
    return (looks[rank - 1] - looks[other - 1]) * (appeal[rank - 1] - appeal[other - 1]) / total


def cost_of_first_swaps() -> float:
    """Net fees a day lost to swapping rank 1 with a random lower rank in the share of searches given."""
    lower = range(2, marketplace.results_per_page + 1)
    return INTERVENED * search_revenue() * sum(purchases_lost(1, k) for k in lower) / len(lower)


def cost_of_neighbor_swaps() -> float:
    """The same for neighbors: the first pair is swapped in half of those searches, and the other pairs are alike."""
    return INTERVENED * search_revenue() * purchases_lost(1, 2) / 2


def whole_cost(rank: int = 24, neighbors: bool = False) -> float:
    """Net fees lost until this rank's examination is known to ± 5 %, by one way of swapping or the other."""
    if neighbors:
        return days_for_chain(rank) * cost_of_neighbor_swaps()
    return days_for_first(rank) * cost_of_first_swaps()


def effective_share(ranks: int, cap: float = math.inf, appeal: float = 0.0) -> float:
    """Effective over actual clicks when each is weighted by one over its examination, listing k appealing 1 / k ** appeal."""
    chance = np.array([examined(rank) for rank in range(1, ranks + 1)])
    clicks = chance / np.arange(1, ranks + 1) ** appeal
    weight = np.minimum(1 / chance, cap)
    total = (clicks * weight).sum()
    return float(total**2 / (clicks.sum() * (clicks * weight**2).sum()))


# Data


def log_a_day() -> float:
    """Bytes a day of search's impressions with their features, all listings shown."""
    return impressions() * ROW_BYTES


def training_rows(days: int = 28) -> float:
    """Listings in the result lists that led to a purchase in so many days."""
    return days * search_purchases() * marketplace.results_per_page


def training_bytes(days: int = 28) -> float:
    """Bytes of those lists."""
    return training_rows(days) * ROW_BYTES


# The objective


def value_of(price: float, purchase: float) -> float:
    """Expected dollars for showing a listing: its purchase probability times fee less the mean dispute."""
    return purchase * (price * marketplace.fee_rate - marketplace.dispute_rate * marketplace.dispute_cost)


# Comparing


def lasting(more: float, purchases: float) -> float:
    """Share of a gain in a split test that stays once everybody has it, when listings sell once.

    A listing leaves by sale or unsold, at constant rates. `more` of `purchases` a day in the test raise the rate of sale
    alike for every listing; some of what is sold sooner would have been sold anyway.
    """
    sold = marketplace.sold_share
    rate = sold / (1 - sold) * (1 + more * purchases / marketplace.purchases_per_day)
    gained = marketplace.new_listings_per_day * (rate / (1 + rate) - sold)
    return gained / (more * purchases)


def lasting_change(more: float) -> float:
    """Relative change of search's purchases that stays after a test showed this much."""
    return more * lasting(more, search_purchases())


def market_by_simulation(arm_a: float, arm_b: float, seed: int, days: int = 700) -> tuple[int, int]:
    """Sales to two halves of the users who share one stock, each half buying with its own factor (after a warm-up)."""
    rng = np.random.default_rng(seed)
    leave = (1 - marketplace.sold_share) / marketplace.mean_days_live
    buy = marketplace.sold_share / marketplace.mean_days_live / 2
    rates = np.array([buy * arm_a, buy * arm_b, leave])
    stock, sales = 0, np.zeros(3, dtype=np.int64)
    for day in range(days):
        gone = rng.binomial(stock, 1 - math.exp(-rates.sum()))
        parts = rng.multinomial(gone, rates / rates.sum())
        stock += 2_000 - gone
        if day >= days // 2:
            sales += parts
    return int(sales[0]), int(sales[1])


def worth_of_change(change: float) -> float:
    """Dollars a day of a relative change of purchases."""
    return change * search_revenue()
