"""The worked numbers of one design. Serves docs/systems/recommendation.md.

Sums over the Marketplace case's home page. Constants in capitals are premises of this page and said as given there.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from snippets.cases import SECONDS_A_DAY, marketplace
from snippets.experiments.worked_designing import anywhere_factor
from snippets.framing.pilot import z_sum
from snippets.lifecycle import latency
from snippets.lifecycle import worked as lifecycle
from snippets.systems import search_ranking as search

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
BUY_SECONDS = 600.0  # seconds from a look to its purchase
LISTINGS, MEDIAN_PURCHASE, SPREAD = 500, 0.0006, 0.5  # candidates in a burst; lognormal purchase chance of a look
LARGER_HOLDOUT = 0.05  # the holdout that would answer within a week
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


def users_gain() -> float:
    """Purchases a day that users make more, anywhere on the site, than they would with the popular page."""
    return missing_in_holdout() * (1 - RECOVERED)


def lasting_increment() -> float:
    """Net fees a day that remain of the increment if listings that do not sell here mostly sell anyway."""
    purchases = marketplace.purchases_per_day
    return incremental() * search.lasting(users_gain() / purchases, purchases)


def holdout_z(days: int, share: float = HOLDOUT) -> float:
    """Expected z of purchases anywhere, holdout against all other users, after so many days; users repeat the more the longer it runs."""
    bought = marketplace.purchases_per_day * days
    error = math.sqrt(anywhere_factor(days) / bought * (1 / share + 1 / (1 - share)))
    return users_gain() / marketplace.purchases_per_day / error


def holdout_days(share: float = HOLDOUT) -> int:
    """Whole days until the holdout's fewer purchases anywhere show (5 % two-sided, 80 % power)."""
    return next(days for days in range(1, 366) if holdout_z(days, share) >= z_sum())


def credited_days() -> float:
    """Days until the holdout's lower rate of purchases credited to the page shows, with two days' repetition: sooner, and not the question."""
    p, q = marketplace.home_purchase_rate, HOLDOUT_RATE
    views = marketplace.home_views_per_day * HOLDOUT
    variance = q * (1 - q) + p * (1 - p) * HOLDOUT / (1 - HOLDOUT)
    return float(z_sum() ** 2 * anywhere_factor(2) * variance / (p - q) ** 2 / views)


def touches_zero(days: int) -> float:
    """Chance that the increment's 95 % interval holds zero after so many days although nothing is wrong."""
    return NormalDist().cdf(1.959964 - holdout_z(days))


def visible_change(days: int = 14) -> float:
    """Smallest relative change of purchases anywhere that a half-and-half test sees (5 % two-sided, 80 % power)."""
    bought = marketplace.purchases_per_day * days
    return z_sum() * math.sqrt(4 * anywhere_factor(days) / bought)


def visible_on_page(days: int = 14) -> float:
    """The same change, as a share of the purchases credited to the page, when users make up part of it by searching."""
    return visible_change(days) * marketplace.purchases_per_day / (1 - RECOVERED) / home_purchases()


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


def in_flight(share: float, seconds: float = BUY_SECONDS, purchase: float = HOT_PURCHASE) -> float:
    """Expected purchases on their way at peak for a listing that is seen on this share of pages."""
    return share * peak_views() * seconds * purchase


def still_free(share: float) -> float:
    """Chance that none of the purchases in flight takes the listing before the next look could."""
    return math.exp(-in_flight(share))


def burst_sales(rule: str, looks: int = 5_000) -> float:
    """Listings sold when so many looks are given out at once, each to the best listing by this rule.

    "score" ranks by purchase chance, "subtract" by chance less expected purchases in flight, "multiply" by chance times
    the chance that the listing is still free. Looks and purchases are independent.
    """
    normal = NormalDist()
    chance = np.array(
        [MEDIAN_PURCHASE * math.exp(SPREAD * normal.inv_cdf((i + 0.5) / LISTINGS)) for i in range(LISTINGS)]
    )
    flying = np.zeros(LISTINGS)
    for _ in range(looks):
        by = {"score": chance, "subtract": chance - flying, "multiply": chance * np.exp(-flying)}[rule]
        best = int(by.argmax())
        flying[best] += chance[best]
    return float((1 - np.exp(-flying)).sum())


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


# Data


def log_a_day() -> float:
    """Bytes a day of the page's rows, one for each listing sent, with its features."""
    return marketplace.home_views_per_day * marketplace.results_per_page * search.ROW_BYTES


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
