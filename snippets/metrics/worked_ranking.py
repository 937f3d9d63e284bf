"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/metrics/ranking.md.

Premises that belong to a passage of the page and to no running case stand here as named constants, and the page says that they
are premises. Everything else follows from them, from `snippets.cases.marketplace` and from the functions of this package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

from snippets.cases import marketplace
from snippets.metrics.diversity import gini, top_share
from snippets.metrics.ranking import (
    Gain,
    dcg,
    estimated_rank,
    expected_sampled_metric,
    mean_defined,
    ndcg,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)
from snippets.metrics.uncertainty import Interval, wilson_interval, z_score

# One query, two lists


LISTS = {"A": [3, 0, 1, 0, 2, 2], "B": [2, 2, 1, 3, 0, 1]}  # grades in the order shown
JUDGED = [3, 2, 2, 1, 1, 0, 0]  # grades of every judged listing of that query
GOOD = 2  # a listing of at least this grade is one the buyer would consider
EXACT = 3  # the listing the buyer has in mind


def discount(place: int) -> float:
    """What a gain at this place is multiplied by in DCG: one over log2 of the place plus 1."""
    return 1 / math.log2(place + 1)


def weight_below(place: int, k: int = marketplace.results_per_page) -> float:
    """Share of a page's discounts that lies below this place."""
    weights = [discount(i) for i in range(1, k + 1)]
    return math.fsum(weights[place:]) / math.fsum(weights)


def list_dcg(name: str, k: int | None = None, form: Gain = "linear") -> float:
    """Gains of the list, each divided by log2 of its place plus 1, added up."""
    return dcg(LISTS[name], k, form)


def ideal_dcg(k: int | None = None, form: Gain = "linear") -> float:
    """DCG of the judged listings in the best order, down to the same cutoff."""
    return dcg(sorted(JUDGED, reverse=True), k, form)


def list_ndcg(name: str, k: int = 6, form: Gain = "linear") -> float:
    """DCG of the list over the DCG of the best order of the judged listings."""
    return ndcg(LISTS[name], k, form, judged=JUDGED)


def perfect_worth() -> float:
    """Gain of a perfect hit, in fair hits, at which both lists have the same DCG; a fair hit counts 2, a related one 1."""

    def split(name: str) -> tuple[float, float]:
        shown = list(enumerate(LISTS[name], start=1))
        perfect = math.fsum(discount(place) for place, grade in shown if grade == EXACT)
        return perfect, math.fsum(grade * discount(place) for place, grade in shown if grade < EXACT)

    (perfect_a, rest_a), (perfect_b, rest_b) = split("A"), split("B")
    return (rest_b - rest_a) / (perfect_a - perfect_b) / GOOD


def _flags(name: str, grade: int) -> list[int]:
    return [int(shown >= grade) for shown in LISTS[name]]


def list_reciprocal_rank(name: str, grade: int = EXACT) -> float:
    """One over the place of the first listing with at least this grade."""
    return reciprocal_rank(_flags(name, grade))


def list_precision(name: str, k: int = 3) -> float:
    """Share of the first k places that hold a listing the buyer would consider (grade 2 or 3)."""
    return precision_at_k(_flags(name, GOOD), k)


def list_recall(name: str, k: int = 3) -> float:
    """Share of the judged listings of grade 2 or 3 that stand in the first k places."""
    return recall_at_k(_flags(name, GOOD), k, sum(grade >= GOOD for grade in JUDGED))


def demo_two_lists() -> None:
    """Print five metrics of both lists."""
    rows: dict[str, Callable[[str], float]] = {
        "reciprocal rank of the exact item": list_reciprocal_rank,
        "precision@3, grade 2 or better": list_precision,
        "recall@3, grade 2 or better": list_recall,
        "NDCG@6, gain = grade": list_ndcg,
        "NDCG@6, gain = 2^grade - 1": lambda name: list_ndcg(name, form="exponential"),
    }
    for label, metric in rows.items():
        a, b = metric("A"), metric("B")
        print(f"{label:<34} A {a:.3f}  B {b:.3f}  -> {'A' if a > b else 'B'}")


# Averages over queries

CLASSES = {  # share of searches, share of distinct queries in the test set, NDCG of the old and of the new model
    "head": (0.50, 0.02, 0.82, 0.80),
    "middle": (0.30, 0.18, 0.70, 0.70),
    "tail": (0.20, 0.80, 0.50, 0.53),
}


def change_by_query() -> float:
    """Change of mean NDCG when each distinct query counts once: class changes weighted by shares of queries."""
    return math.fsum(queries * (new - old) for _, queries, old, new in CLASSES.values())


def change_by_traffic() -> float:
    """Change of mean NDCG when each search counts once: class changes weighted by shares of searches."""
    return math.fsum(searches * (new - old) for searches, _, old, new in CLASSES.values())


def empty_query_means(model: str) -> tuple[float, float]:
    """Mean NDCG over 100 queries, first without the undefined ones, then with 0 for each of them."""
    answered = {"old": [0.70] * 92, "new": [0.70] * 92 + [0.45] * 3}[model]
    values = answered + [math.nan] * (100 - len(answered))
    return mean_defined(values), math.fsum(answered) / len(values)


def shown_only_ndcg() -> float:
    """NDCG of a list that found only two fair listings, when the best order is made of the shown ones alone."""
    return ndcg([1, 1, 0, 0, 0, 0], 6)


def judged_ndcg() -> float:
    """NDCG of the same list when the best order is made of every judged listing of the query."""
    return ndcg([1, 1, 0, 0, 0, 0], 6, judged=JUDGED)


def all_tied_ndcg() -> float:
    """NDCG of list A's six listings over all orders: each place has their mean gain, the best order is of all judged."""
    shown = LISTS["A"]
    return dcg([math.fsum(shown) / len(shown)] * len(shown)) / ideal_dcg(len(shown))


# Position bias

EXAMINED = (1.0, 0.7, 0.5, 0.38, 0.3, 0.25)  # chance that a buyer looks at the place, from randomized swaps
APPEAL = (0.10, 0.06, 0.09, 0.05, 0.08, 0.04)  # chance of a click once looked at, in the order the old ranker showed


def logged_clicks() -> list[float]:
    """Click rate of each place: chance to be looked at times chance of a click once looked at."""
    return [seen * appeal for seen, appeal in zip(EXAMINED, APPEAL, strict=True)]


def corrected(clicks: Sequence[float], examined: Sequence[float]) -> list[float]:
    """Click rates as if every place were looked at: each over the chance that its place is.

    Two columns, one entry for each place; unequal lengths or a chance of 0 raise. A click at a
    place that one in four looks at counts four times, and so does its noise: places hardly ever
    seen need a cap. O(n).
    """
    return [rate / seen for rate, seen in zip(clicks, examined, strict=True)]


def replay_ndcg(order: str, labels: str) -> float:
    """NDCG of the old order or of the order by appeal, judged by raw click rates or by corrected ones."""
    raw = logged_clicks()
    gains = raw if labels == "raw" else corrected(raw, EXAMINED)
    places = range(6) if order == "old" else sorted(range(6), key=lambda i: -APPEAL[i])
    return ndcg([gains[i] for i in places], judged=gains)


def expected_clicks(order: str) -> float:
    """Clicks a search brings when the order is shown: chance to look times appeal, added over the places."""
    appeals = APPEAL if order == "old" else sorted(APPEAL, reverse=True)
    return math.fsum(seen * appeal for seen, appeal in zip(EXAMINED, appeals, strict=True))


# Sampled metrics

CATALOG = 10_000
SPECIALIST = ((0.30, 2), (0.70, 4_000))  # share of users, place of the relevant item among all
GENERALIST = ((1.00, 90),)


def recall_10(model: str, sample: int | None = None) -> float:
    """Recall@10 of a model over all 10,000 candidates, or its expectation with that many sampled negatives."""
    parts = {"specialist": SPECIALIST, "generalist": GENERALIST}[model]
    if sample is None:
        return math.fsum(share for share, rank in parts if rank <= 10)
    return math.fsum(
        share * expected_sampled_metric(rank, CATALOG, sample, lambda place: float(place <= 10))
        for share, rank in parts
    )


@cache
def sample_that_agrees() -> int:
    """Smallest number of sampled negatives with which the specialist comes out ahead, as it does on all candidates."""
    low, high = 10, CATALOG
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if recall_10("specialist", middle) > recall_10("generalist", middle) else (middle, high)
        )
    return high


def rank_of_first_sampled() -> float:
    """Place in the live catalog that second place among 100 sampled listings stands for, on average."""
    return estimated_rank(2, int(marketplace.live_listings), 100)


# Scores as numbers

OFFERS = {"lamp": (0.020, 60.0), "book": (0.055, 20.0)}  # true chance of a purchase, price in dollars


def expected_fee(offer: str, inflation: float = 1.0) -> float:
    """Cents of fee to expect from showing the offer: its chance, times an inflation, times price, times fee rate."""
    chance, price = OFFERS[offer]
    return 100 * chance * inflation * price * marketplace.fee_rate


def flip_inflation() -> float:
    """Overstatement of the book's chance from which it wrongly passes the lamp in a list by expected fee."""
    return expected_fee("lamp") / expected_fee("book")


# Exposure


def impressions_per_day() -> float:
    """Listings shown a day when every search and home view shows one page."""
    return (marketplace.searches_per_day + marketplace.home_views_per_day) * marketplace.results_per_page


def impressions_per_listing() -> float:
    """Impressions a day over live listings: what each would get if all got the same."""
    return impressions_per_day() / marketplace.live_listings


EXPOSURES = {"old": [40, 36, 30, 28, 26, 25, 20, 18, 10, 7], "new": [95, 70, 35, 20, 12, 8, 0, 0, 0, 0]}


def exposure_gini(ranker: str) -> float:
    """Gini coefficient of the impressions of ten equally relevant listings."""
    return gini(EXPOSURES[ranker])


def top_two_share(ranker: str) -> float:
    """Share of the impressions that the two most shown of ten listings get."""
    return top_share(EXPOSURES[ranker], 2)


KINDS = (0.70, 0.30)  # chance that a visit is for furniture, for records; also the buyer's history
WORTH_A_LOOK = 0.10  # chance that a listing of the wanted kind is worth a look


def wanted_shown(records: int) -> float:
    """Listings of the wanted kind on a page of 24 with so many records, averaged over what the visit is for."""
    return KINDS[0] * (marketplace.results_per_page - records) + KINDS[1] * records


def finds(records: int, look: float = WORTH_A_LOOK) -> float:
    """Chance that a visit finds at least one listing of the wanted kind worth a look, listings being independent."""
    furniture = marketplace.results_per_page - records
    return KINDS[0] * (1 - (1 - look) ** furniture) + KINDS[1] * (1 - (1 - look) ** records)


def best_records(look: float = WORTH_A_LOOK) -> int:
    """Records on the page with which a visit is most likely to find something."""
    return max(range(marketplace.results_per_page + 1), key=lambda records: finds(records, look))


def purchases_forgone(records: int) -> float:
    """Purchases given up against furniture alone, as a share, if they grow with the listings of the wanted kind."""
    return 1 - wanted_shown(records) / wanted_shown(0)


def finds_gained(records: int, instead_of: int = 0) -> float:
    """Chance of a find with so many records minus the chance with fewer, or with furniture alone."""
    return finds(records) - finds(instead_of)


def views_to_pay(records: int, instead_of: int = 0) -> float:
    """Home views that each find gained must bring later: share of a view's purchases given up over finds gained."""
    return (purchases_forgone(records) - purchases_forgone(instead_of)) / finds_gained(records, instead_of)


# An experiment on Marketplace


def decided_searches(preference: float) -> float:
    """Searches with a winner that it takes to tell this share of wins from one half: 2.8² · 0.25 / (share − ½)²."""
    z = z_score(0.95) + z_score(0.60)
    return z * z * 0.25 / (preference - 0.5) ** 2


def searches_for(relative: float) -> float:
    """Searches an arm needs to see this relative change of purchases per search: 2.8² · 2p(1 − p) / δ² at 80 % power."""
    p = marketplace.search_purchase_rate
    z = z_score(0.95) + z_score(0.60)  # 1.96, and the 80 % quantile of the normal
    return z * z * 2 * p * (1 - p) / (relative * p) ** 2


def days_for(relative: float, design_effect: float = 1.0) -> float:
    """Days of a half-and-half split until each arm has that many searches times the design effect."""
    return searches_for(relative) * design_effect / (marketplace.searches_per_day / 2)


# Prompt: NDCG up, conversion down

CLICKS, PURCHASES, PRICE = 0.023, -0.011, -0.04  # relative changes seen in the experiment
PURCHASES_INTERVAL = (-0.019, -0.003)  # 95 %, users resampled
TEST_DAYS = 14
TEST_SHARE = 0.30  # of users in the test, half of them in each arm


def purchases_per_click() -> float:
    """Relative change of purchases per click: purchases per search over clicks per search."""
    return (1 + PURCHASES) / (1 + CLICKS) - 1


def fees_per_search() -> float:
    """Relative change of fees per search: purchases per search times mean price, since the fee is a share of the price."""
    return (1 + PURCHASES) * (1 + PRICE) - 1


def search_purchases() -> float:
    """Purchases a day that start from a search."""
    return marketplace.searches_per_day * marketplace.search_purchase_rate


def search_fees() -> float:
    """Dollars of fees a day from purchases that start from a search."""
    return search_purchases() * marketplace.fee


def purchases_lost_per_day() -> float:
    """Purchases a day from search times the relative loss."""
    return -search_purchases() * PURCHASES


def fees_lost_by_purchases() -> float:
    """Dollars a day when only the number of purchases changes: purchases lost times the fee."""
    return purchases_lost_per_day() * marketplace.fee


def fees_lost_per_day() -> float:
    """Dollars a day when number and price of purchases both change: fees from search times the relative loss."""
    return -search_fees() * fees_per_search()


def fees_lost_per_year() -> float:
    """Fees lost a day times 365."""
    return 365 * fees_lost_per_day()


def week_of_test() -> float:
    """Dollars that another week of the test costs if the loss is real: half of its users have the new ranker."""
    return 7 * fees_lost_per_day() * TEST_SHARE / 2


def naive_half_width() -> float:
    """Half-width of the 95 % interval of the relative change, if every search were independent."""
    p, n = marketplace.search_purchase_rate, marketplace.searches_per_day * TEST_DAYS * TEST_SHARE / 2
    return z_score(0.95) * math.sqrt(2 * p * (1 - p) / n) / p


def seen_half_width() -> float:
    """Half-width of the interval that was reported, with users resampled."""
    return (PURCHASES_INTERVAL[1] - PURCHASES_INTERVAL[0]) / 2


def seen_design_effect() -> float:
    """Square of the reported half-width over the one for independent searches."""
    return (seen_half_width() / naive_half_width()) ** 2


def price_half_width(spread: float, design_effect: float = 1.0) -> float:
    """Half-width of the 95 % interval of the relative change in mean price, if prices vary by so many times their mean."""
    bought = search_purchases() * TEST_DAYS * TEST_SHARE / 2
    return z_score(0.95) * spread * math.sqrt(2 * design_effect / bought)


# Prompt: a hundred random negatives

WIDTH = 64  # numbers in an embedding
PER_SECOND = 50e9  # multiplications and additions a second of one machine


def full_ranking_seconds(users: int) -> float:
    """Seconds to score the whole catalog for so many users: users × listings × 64 over 50 billion a second."""
    return users * marketplace.live_listings * WIDTH / PER_SECOND


# Prompt: exposure for new listings

VIEWS = 200  # impressions promised to each new listing
COLD_RATE = 0.70  # how well a slot given to a new listing sells, relative to the listing it displaces
LOW_PLACE_RATE = 1 / 3  # how well the lower half of the page sells, relative to the average slot
LOOKED_AT = 0.3  # share of impressions that somebody looks at
CAP = 0.005  # share of purchases that buyers may lose


def promised_share() -> float:
    """Share of a day's impressions that the promise to all new listings takes."""
    return marketplace.new_listings_per_day * VIEWS / impressions_per_day()


def purchases_given_up(place_rate: float = 1.0) -> float:
    """Purchases a day given up: purchases in the promised slots, at their place's rate, times what new listings sell less."""
    return marketplace.purchases_per_day * promised_share() * place_rate * (1 - COLD_RATE)


def net_fees_given_up(place_rate: float = 1.0) -> float:
    """Dollars a day given up: those purchases times the net fee."""
    return purchases_given_up(place_rate) * marketplace.net_fee


def click_rate_per_impression() -> float:
    """Clicks per impression when a search with a click has one: click rate of a search over the places of a page."""
    return marketplace.search_click_rate / marketplace.results_per_page


def clicks_in_promise() -> float:
    """Clicks that an average listing gets in the promised impressions."""
    return VIEWS * click_rate_per_impression()


def promise_interval() -> Interval:
    """Wilson interval for the click rate of a listing with 3 clicks in the promised impressions."""
    return wilson_interval(3, VIEWS)


def examined_in_promise() -> float:
    """Examined views in the promise when it is kept in the lower half: 200 × three in ten × a third."""
    return VIEWS * LOOKED_AT * LOW_PLACE_RATE


def budget_share() -> float:
    """Share of the examined views that may go to new listings: the cap over what each such view loses."""
    return CAP / (1 - COLD_RATE)


def floor_views() -> float:
    """Examined views that this budget pays for each new listing."""
    return budget_share() * LOOKED_AT * impressions_per_day() / marketplace.new_listings_per_day


def cap_purchases() -> float:
    """Purchases a day that the cap allows to lose."""
    return CAP * marketplace.purchases_per_day


def cap_breakeven() -> float:
    """New listings a day that must exist because of the floor to pay for it: purchases lost over the share that sells."""
    return cap_purchases() / marketplace.sold_share


def days_to_rank() -> float:
    """Days in which an average listing collects the impressions it takes to rank it by its own clicks."""
    return views_to_rank() / impressions_per_listing()


@cache
def views_to_rank() -> float:
    """Impressions of each that tell a listing of average click rate from one of twice that, at 80 % power."""
    low, high = click_rate_per_impression(), 2 * click_rate_per_impression()
    z = z_score(0.95) + z_score(0.60)
    return z * z * (low * (1 - low) + high * (1 - high)) / (high - low) ** 2


def views_against_average() -> float:
    """Impressions that tell a listing of twice the average click rate from the known average, at 80 % power: one sample."""
    low, high = click_rate_per_impression(), 2 * click_rate_per_impression()
    spread = z_score(0.95) * math.sqrt(low * (1 - low)) + z_score(0.60) * math.sqrt(high * (1 - high))
    return (spread / (high - low)) ** 2


def clicks_in_floor() -> float:
    """Clicks that an average listing gets in the examined views of the floor: views times clicks per examined view."""
    return floor_views() * click_rate_per_impression() / LOOKED_AT


def seller_breakeven_purchases() -> float:
    """New listings a day that must stay on the marketplace to pay for the promise in the lower half of the page."""
    return net_fees_given_up(LOW_PLACE_RATE) / (marketplace.sold_share * marketplace.net_fee)
