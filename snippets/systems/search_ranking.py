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
INTERVENED = 0.01  # share of searches in which two neighbors are swapped at random
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


def worth_of_recall(points: float = 0.01) -> float:
    """Dollars a day for more of the wanted listings reaching the ranking, after half of the lost ones are replaced."""
    return points / kept() * search_purchases() * marketplace.net_fee * (1 - SWITCH_FRACTION)


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


def days_for_propensity(rank: int, precision: float = 0.05) -> float:
    """Days of random swaps until the examination of this rank is known to within ± this share (95 %), clicks being Poisson."""
    needed = (1.959964 / precision) ** 2
    clicks_a_day = marketplace.searches_per_day * INTERVENED * TOP_CLICK_RATE * examined(rank)
    return needed / clicks_a_day


def effective_share(ranks: int, cap: float = math.inf) -> float:
    """Effective over actual clicks when each is weighted by one over its examination, clicks falling like the examination."""
    chance = np.array([examined(rank) for rank in range(1, ranks + 1)])
    weight = np.minimum(1 / chance, cap)
    total = (chance * weight).sum()
    return float(total**2 / (chance.sum() * (chance * weight**2).sum()))


# The objective


def value_of(price: float, purchase: float) -> float:
    """Expected dollars for showing a listing: its purchase probability times fee less the mean dispute."""
    return purchase * (price * marketplace.fee_rate - marketplace.dispute_rate * marketplace.dispute_cost)


# Comparing


def visible_change(days: float = 14, share: float = 0.5, inflation: float = 1.3) -> float:
    """Smallest relative change of purchases per search that a comparison sees (5 % two-sided, 80 % power).

    `inflation` multiplies the variance because one user's searches resemble each other.
    """
    p = marketplace.search_purchase_rate
    n = marketplace.searches_per_day * days * share
    return (1.959964 + 0.841621) * math.sqrt(2 * inflation * (1 - p) / (p * n))


def worth_of_change(change: float) -> float:
    """Dollars a day of a relative change of purchases."""
    return change * search_revenue()
