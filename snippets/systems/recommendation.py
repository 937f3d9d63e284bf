"""The worked numbers of one design. Serves docs/systems/recommendation.md.

Sums over the Marketplace case's home page. Constants in capitals are premises of this page and said as given there.
"""

from __future__ import annotations

import math

import numpy as np

from snippets.cases import SECONDS_A_DAY, marketplace
from snippets.lifecycle import latency
from snippets.lifecycle import worked as lifecycle

# Given on the page
HOME_CLICK_RATE = 0.20  # share of home views with a click
HOLDOUT_RATE = 0.0036  # purchases per home view where the page shows popular listings instead
HOLDOUT = 0.01  # share of users in the holdout
RECOVERED = 0.4  # share of the purchases missing on a worse home page that users make by searching
VISIBLE = 4  # listings on a phone's first screen
STAY = 0.6  # share of views that never scroll
SOURCES = 5  # candidate generators asked in parallel
PAGE_SERVICE = 0.006  # seconds of one core to rank the candidates of one page
EMBED_SECONDS = 0.02  # accelerator seconds to embed one listing's photos and text
HOT_PURCHASE = 0.001  # purchases per impression of a listing that everybody is shown
BUDGET = {  # milliseconds, 99th percentile, given
    "state of the user": 15,
    "five sources in parallel": 40,
    "merge, filters, sold set": 10,
    "features": 25,
    "ranking": 35,
    "page": 15,
}


# What it is worth


def home_purchases() -> float:
    """Purchases a day that are credited to the home page: home views times their purchase rate."""
    return marketplace.home_views_per_day * marketplace.home_purchase_rate


def credited() -> float:
    """Net fees a day of those purchases."""
    return home_purchases() * marketplace.net_fee


def missing_in_holdout() -> float:
    """Purchases a day that all users together would not make from a home page of popular listings."""
    return marketplace.home_views_per_day * (marketplace.home_purchase_rate - HOLDOUT_RATE)


def incremental() -> float:
    """Net fees a day that the recommender adds: what the holdout misses and does not make up by searching."""
    return missing_in_holdout() * (1 - RECOVERED) * marketplace.net_fee


def incremental_share() -> float:
    """Incremental over credited fees."""
    return incremental() / credited()


def holdout_cost() -> float:
    """Net fees a day that the users of the holdout do not bring."""
    return HOLDOUT * incremental()


def holdout_days(inflation: float = 1.3) -> float:
    """Days until the holdout's lower purchase rate shows (5 % two-sided, 80 % power), variance inflated for users."""
    p, q = marketplace.home_purchase_rate, HOLDOUT_RATE
    views = marketplace.home_views_per_day * HOLDOUT
    variance = q * (1 - q) + p * (1 - p) * HOLDOUT / (1 - HOLDOUT)
    return float((1.959964 + 0.841621) ** 2 * inflation * variance / (p - q) ** 2 / views)


def holdout_days_whole() -> int:
    """The same, rounded up to whole days."""
    return math.ceil(holdout_days())


def visible_change(days: float = 14, share: float = 0.5, inflation: float = 1.3) -> float:
    """Smallest relative change of purchases per home view that a comparison sees (5 % two-sided, 80 % power)."""
    p = marketplace.home_purchase_rate
    n = marketplace.home_views_per_day * days * share
    return (1.959964 + 0.841621) * math.sqrt(2 * inflation * (1 - p) / (p * n))


# How little is known of a listing


def clicks_per_listing_and_day() -> float:
    """Clicks from search and home page over the live listings."""
    clicks = marketplace.searches_per_day * marketplace.search_click_rate
    clicks += marketplace.home_views_per_day * HOME_CLICK_RATE
    return clicks / marketplace.live_listings


def known_listings(days: float, clicks: int = 5) -> float:
    """Share of listings of this age with at least so many clicks, if all were equally liked (Poisson): the hopeful case."""
    mean = clicks_per_listing_and_day() * days
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(clicks))


def never_seen() -> float:
    """Share of the listings of a logged page that were never on the screen."""
    return STAY * (marketplace.results_per_page - VISIBLE) / marketplace.results_per_page


def seen_click_rate() -> float:
    """Clicks per listing that was on the screen, when pages have at most one."""
    return HOME_CLICK_RATE / (marketplace.results_per_page * (1 - never_seen()))


# One of a kind


def sold_by(impressions: float, purchase: float = HOT_PURCHASE) -> float:
    """Chance that a listing is sold after so many impressions."""
    return float(1 - (1 - purchase) ** impressions)


def wasted(impressions: float, purchase: float = HOT_PURCHASE) -> float:
    """Share of the purchases that so many impressions would bring an endless stock, and one listing can't give."""
    return 1 - sold_by(impressions, purchase) / (impressions * purchase)


def impressions_until(chance: float, purchase: float = HOT_PURCHASE) -> float:
    """Impressions until the listing is sold with this chance."""
    return math.log(1 - chance) / math.log(1 - purchase)


# Loops


def share_above(limit: float) -> float:
    """Chance that one of two equal listings ends with more than this share of all clicks, each click shown by popularity.

    A Pólya urn that starts with one click each: the final share is uniform on 0 to 1.
    """
    return 2 * (1 - limit)


def urn(clicks: int, runs: int, seed: int) -> np.ndarray:
    """Final share of the first of two equal listings in so many simulated runs."""
    rng = np.random.default_rng(seed)
    first = np.ones(runs)
    for total in range(2, clicks + 2):
        first += rng.random(runs) < first / total
    return np.asarray(first / (clicks + 2))


# Serving


def peak_views() -> float:
    """Home views in the busiest second."""
    return marketplace.home_views_per_day / SECONDS_A_DAY * marketplace.peak_factor


def ranking_cores() -> float:
    """Cores busy with ranking in the busiest second."""
    return peak_views() * PAGE_SERVICE


def budgeted() -> int:
    """Milliseconds of the steps, added up."""
    return sum(BUDGET.values())


def late_sources() -> float:
    """Share of pages for which at least one source is later than its 99th percentile."""
    return latency.meets_slow(SOURCES)


def embed_hours() -> float:
    """Accelerator hours a day to embed the new listings."""
    return marketplace.new_listings_per_day * EMBED_SECONDS / 3_600


def embed_again_hours() -> float:
    """Accelerator hours to embed all live listings once, after a change of the model."""
    return marketplace.live_listings * EMBED_SECONDS / 3_600


def embed_again_cost() -> float:
    """Dollars for that at the lifecycle chapter's price of an hour."""
    return embed_again_hours() * lifecycle.GPU_HOUR


def new_users() -> float:
    """Users a day without any history."""
    return marketplace.daily_users * marketplace.new_user_share
