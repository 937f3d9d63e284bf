"""The worked numbers of one design. Serves docs/systems/ads.md.

Sponsored listings over the Marketplace case. Constants in capitals are premises of this page and said as given there. Money is
dollars. An ad's *appeal* is its chance to sell over that of the organic result whose place it takes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from snippets.cases import marketplace
from snippets.framing.pilot import z_sum
from snippets.lifecycle import capacity
from snippets.lifecycle import worked as lifecycle
from snippets.lifecycle.storage import monthly_cost
from snippets.metrics import prevalence
from snippets.metrics.worked import bisect
from snippets.systems import search_ranking as search

FloatArray = NDArray[np.float64]
NORMAL = NormalDist()

# Given on the page
PROMOTED = 0.5  # share of new listings whose seller promotes them
CANDIDATES = 12  # promoted listings that are left for one search after matching
MEDIAN_BID = 2.0  # dollars a seller pays at most for a sale, median
BID_SPREAD = 0.5  # standard deviation of the log of it
MEDIAN_APPEAL = 0.4  # chance to sell over that of the organic result displaced, median of the candidates
APPEAL_SPREAD = 0.6  # standard deviation of its log
PLACES = 2  # sponsored places on a page, the first ones
MODEL_NOISE = 0.5  # standard deviation of a model's error in the log of the appeal
SHARED_NOISE = 0.5  # correlation of two releases' errors
SLICE = 0.10  # share of the promoted listings in a slice that a model gets wrong
SALE_DAYS = 1.5  # days, scale of the delay from click to sale, exponential and cut at the attribution window
SLOW_SALE_DAYS = 4.0  # the same for furniture, which people measure first
TRAINED_DAYS = 14  # days of clicks in the training table
SWING = 0.75  # of the traffic around its mean over a day, a cosine
BUSIEST_HOUR = 20.0  # o'clock
BUDGET_SHARE = 0.25  # a seller's daily budget over what the bid would spend without one
PRICE_SPREAD = 0.6  # standard deviation of the log of the price to beat, whose median is the full bid
PRICE_SWING = 0.4  # of the log of that price over a day, where it is dearest at the busiest hour
FASTER = 1.6  # rate of sale of a promoted listing over that of the same listing without
CREDITED = 0.5  # share of a promoted listing's sales that last-click attribution gives to the ad
LIMITED = 0.6  # share of ad revenue from sellers whose budget is spent every day
TESTED_REVENUE = 54_000.0  # dollars of ad revenue a day in the decision prompt
ACCELERATORS = 2_500.0  # dollars a day there
EXPLORED = 0.01  # share of searches whose first sponsored place goes to a random candidate
INFLATION = 1.3  # variance of sales over that of independent ones
AD_SERVICE = 0.004  # seconds of one core: matching, 60 scores, auction
AD_MILLISECONDS = 85  # milliseconds in which the ads must be there: the organic stages beside them
SCORED = 60  # promoted listings that the model scores for one search
RECORD_DAYS = 90  # for which the record is kept
TRAINING_CORE_HOURS = 32.0  # core hours a day for training, calibration and replay
AUCTION_BYTES = 40  # a candidate in the auction's record: listing, bid, scores, price, release
KEPT_NEGATIVES = 0.10  # share of the shown and not clicked that stays in training
SLICES = 40  # slices of the calibration monitor

Billing = Literal["click", "sale"]


# The auction


@dataclass(frozen=True)
class Place:
    """One sponsored place, means over all searches: whether it is filled, what it brings and what it costs."""

    shown: float
    appeal: float  # of the ads shown
    price: float  # dollars a sale
    revenue: float  # dollars a day
    lost: float  # dollars of net fees a day that the displaced organic results would have brought

    @property
    def net(self) -> float:
        """Dollars a day for the shop."""
        return self.revenue - self.lost


@cache
def candidates(auctions: int = 40_000, seed: int = 7) -> tuple[FloatArray, FloatArray]:
    """Bids and appeals of the candidates, a row an auction."""
    rng = np.random.default_rng(seed)
    bids = MEDIAN_BID * np.exp(BID_SPREAD * rng.standard_normal((auctions, CANDIDATES)))
    appeals = MEDIAN_APPEAL * np.exp(APPEAL_SPREAD * rng.standard_normal((auctions, CANDIDATES)))
    return bids, appeals


def organic_sales(rank: int) -> float:
    """Sales a day of the organic results at this rank of a search page, looked at in proportion to one over the rank."""
    looks = sum(search.examined(k) for k in range(1, marketplace.results_per_page + 1))
    return search.search_purchases() * search.examined(rank) / looks


def organic_value() -> float:
    """Dollars of net fee that one organic sale is worth when this share of the lost ones is replaced by other purchases."""
    return (1 - search.SWITCH_FRACTION) * marketplace.net_fee


@cache
def places(number: int, reserve: bool = True, among: int = CANDIDATES) -> tuple[Place, ...]:
    """What each of so many sponsored places at the top of the page brings, ranked by bid × appeal, priced by the next one.

    More candidates than places.

    With the reserve an ad is shown only if its bid makes good what its place loses, and pays at least that.
    """
    bids, appeals = (a[:, :among] for a in candidates())
    cost = np.maximum(organic_value() * (1 - appeals), 0.0) if reserve else np.zeros_like(appeals)
    score = bids * appeals
    order = np.argsort(-np.where(score >= cost, score, -1.0), axis=1)
    rows = np.arange(len(score))
    result = []
    for rank in range(1, number + 1):
        who, after = order[:, rank - 1], order[:, rank]
        appeal = appeals[rows, who]
        shown = score[rows, who] >= cost[rows, who]
        following = np.where(score[rows, after] >= cost[rows, after], score[rows, after], 0.0)
        price = np.maximum(following, cost[rows, who]) / appeal
        sales = organic_sales(rank)
        result.append(
            Place(
                shown=float(shown.mean()),
                appeal=float(appeal[shown].mean()),
                price=float((price * appeal)[shown].sum() / appeal[shown].sum()),
                revenue=sales * float((price * appeal * shown).mean()),
                lost=sales * organic_value() * float(((1 - appeal) * shown).mean()),
            )
        )
    return tuple(result)


def ad_sales(number: int = PLACES) -> float:
    """Sales a day through sponsored places."""
    return sum(organic_sales(k) * p.shown * p.appeal for k, p in enumerate(places(number), 1))


def ad_revenue(number: int = PLACES) -> float:
    """Dollars a day that sellers pay for them."""
    return sum(p.revenue for p in places(number))


def ad_loss(number: int = PLACES) -> float:
    """Net fees a day lost with the organic results displaced."""
    return sum(p.lost for p in places(number))


def ad_net(number: int = PLACES, reserve: bool = True) -> float:
    """Dollars a day for the shop from so many places."""
    return sum(p.net for p in places(number, reserve))


def revenue_among(among: int) -> float:
    """Dollars a day that sellers pay when so many candidates are left for a search."""
    return sum(p.revenue for p in places(PLACES, among=among))


def last_place(number: int) -> Place:
    """The last of so many places."""
    return places(number)[-1]


def may_cost(number: int) -> float:
    """How many times the lost fees a day's test shows the last of so many places may cost until it pays no more."""
    last = last_place(number)
    return last.revenue / last.lost


def mean_price() -> float:
    """Dollars that a sale through an ad is charged."""
    return ad_revenue() / ad_sales()


def sale_per_click() -> float:
    """Sales for one click in search, taken alike for all results."""
    looks = sum(search.examined(k) for k in range(1, marketplace.results_per_page + 1))
    return marketplace.search_purchase_rate / (search.TOP_CLICK_RATE * looks)


def pays_without_sale(clicks: int) -> float:
    """Chance that a listing of average appeal has no sale after so many clicks."""
    return (1 - sale_per_click()) ** clicks


def multiple_error(days: float = 91, share: float = 0.01) -> float:
    """Half the 95 % interval of the multiple that users without ads tell in so many days: purchases seen over purchases lost.

    Purchases a day are counted as Poisson with the variance of users who buy several times.
    """
    lost = ad_loss() / marketplace.net_fee
    seen = marketplace.purchases_per_day * days * share
    return 1.959964 * math.sqrt(INFLATION / seen) * marketplace.purchases_per_day / lost


# A slice that is predicted too high


@dataclass(frozen=True)
class Distortion:
    """What a wrong slice changes, relative to the right predictions: shares of the old value."""

    slice_wins: float
    slice_cost_per_sale: float
    others_win: float
    revenue: float
    sales: float


@cache
def distortion(factor: float = 1.1, billing: Billing = "click", share: float = SLICE) -> Distortion:
    """One place, sold at the second price; the sale chances of a slice are multiplied by the factor in the auction.

    Billed by click, a winner pays the next score whether it sells or not; billed by sale, the next score over its own
    predicted chance, for each true sale. The same auctions before and after.
    """
    bids, appeals = candidates()
    rng = np.random.default_rng(11)
    wrong = rng.random(bids.shape) < share
    rows = np.arange(len(bids))

    def outcome(by: float) -> tuple[float, float, float, float]:
        predicted = appeals * np.where(wrong, by, 1.0)
        score = bids * predicted
        order = np.argpartition(score, -2, axis=1)
        who, second = order[:, -1], order[:, -2]
        true, price = appeals[rows, who], score[rows, second]
        paid = price if billing == "click" else price * true / predicted[rows, who]
        won = wrong[rows, who]
        return float(won.mean()), float(paid[won].sum() / true[won].sum()), float(paid.mean()), float(true.mean())

    before, after = outcome(1.0), outcome(factor)
    won, cost, revenue, sales = (a / b - 1 for a, b in zip(after, before, strict=True))
    others = (1 - after[0]) / (1 - before[0]) - 1 if share < 1 else 0.0
    return Distortion(won, cost, others, revenue, sales)


# The winner's prediction


@dataclass(frozen=True)
class Curse:
    """Predicted over true sales: on the candidates, on the ads that the running release showed, on the model's own winners."""

    all_candidates: float
    shown_before: float
    own_winners: float
    by_click: float  # how much dearer a sale is than with the model right on the candidates, clicks billed
    by_sale: float  # and sales billed


@cache
def curse(fitted_on: str, shared: float = SHARED_NOISE, auctions: int = 40_000, seed: int = 3) -> Curse:
    """How far a new model overstates its winners, by what it was made calibrated on.

    "mean" scales its raw scores to the candidates' mean, "candidates" fits their true level at each score, "shown" does so on
    the ads that the running release showed, and "own" once more on the ads that it then showed itself. Both releases see the log appeal with noise of their own and shared noise.
    """
    rng = np.random.default_rng(seed)
    shape = (auctions, CANDIDATES)
    log_appeal = APPEAL_SPREAD * rng.standard_normal(shape)
    both = rng.standard_normal(shape)
    old, new = (
        log_appeal + MODEL_NOISE * (math.sqrt(shared) * both + math.sqrt(1 - shared) * rng.standard_normal(shape))
        for _ in range(2)
    )
    bids = np.exp(BID_SPREAD * rng.standard_normal(shape))
    true = np.exp(log_appeal)
    trust = APPEAL_SPREAD**2 / (APPEAL_SPREAD**2 + MODEL_NOISE**2)
    rows = np.arange(auctions)
    before = (bids * np.exp(trust * old)).argmax(axis=1)
    right = np.exp(trust * new + APPEAL_SPREAD**2 * (1 - trust) / 2)
    if fitted_on == "mean":
        raw = np.exp(new)
        predicted = raw * true.mean() / raw.mean()
    elif fitted_on == "candidates":
        predicted = right
    else:
        predicted = level(new[rows, before], true[rows, before], new)
        if fitted_on == "own":
            ramp = (bids * predicted).argmax(axis=1)
            predicted = level(new[rows, ramp], true[rows, ramp], new)
    own = (bids * predicted).argmax(axis=1)
    return Curse(
        float(predicted.mean() / true.mean()),
        float(predicted[rows, before].mean() / true[rows, before].mean()),
        float(predicted[rows, own].mean() / true[rows, own].mean()),
        paid_per_sale(bids, predicted, true, "click") / paid_per_sale(bids, right, true, "click") - 1,
        paid_per_sale(bids, predicted, true, "sale") / paid_per_sale(bids, right, true, "sale") - 1,
    )


def paid_per_sale(bids: FloatArray, predicted: FloatArray, true: FloatArray, billing: Billing) -> float:
    """Dollars a sale in a second-price auction for one place, over all auctions: what was paid over what was sold.

    Billed by click, a winner pays the next score whether it sells or not; billed by sale, the next score over its own
    predicted chance, for each true sale.
    """
    score = bids * predicted
    order = np.argpartition(score, -2, axis=1)
    rows = np.arange(len(score))
    who, price = order[:, -1], score[rows, order[:, -2]]
    sells = true[rows, who]
    paid = price if billing == "click" else price * sells / predicted[rows, who]
    return float(paid.sum() / sells.sum())


def level(scores: FloatArray, outcomes: FloatArray, at: FloatArray, bins: int = 40) -> FloatArray:
    """A reliability curve: the log of the mean outcome in equally filled bins of the score, as a parabola."""
    parts = np.array_split(np.argsort(scores), bins)
    x = np.array([scores[part].mean() for part in parts])
    y = np.log([outcomes[part].mean() for part in parts])
    return np.asarray(np.exp(np.polyval(np.polyfit(x, y, 2), at)), dtype=np.float64)


# Labels that come late


def mean_delay(scale: float = SALE_DAYS) -> float:
    """Days from click to sale in the mean: exponential, cut at the window. Over the days of a table, the share not yet seen."""
    ratio = marketplace.attribution_days / scale
    return scale - marketplace.attribution_days / math.expm1(ratio)


def known_after(days: float, scale: float = SALE_DAYS) -> float:
    """Share of the attributed sales that have happened so many days after the click: exponential, cut at the window."""
    window = marketplace.attribution_days
    return (1 - math.exp(-min(days, window) / scale)) / (1 - math.exp(-window / scale))


def seen_share(days: float = TRAINED_DAYS, scale: float = SALE_DAYS) -> float:
    """Share of the sales that a table of the last days' clicks holds, clicks arriving evenly: what a naive model predicts."""
    window = marketplace.attribution_days
    inside = min(days, window)
    part = inside - scale * (1 - math.exp(-inside / scale))
    return (part / (1 - math.exp(-window / scale)) + max(0.0, days - window)) / days


def underbid(days: float = TRAINED_DAYS, scale: float = SALE_DAYS) -> float:
    """How much too low the chances of sale come out, young clicks counted as sales that did not happen."""
    return 1 - seen_share(days, scale)


def young_cost_per_sale(days: float) -> float:
    """How much dearer a sale looks when all clicks of the last days count and their later sales are not in yet."""
    return 1 / seen_share(days) - 1


def slow_slice_loses(days: float = TRAINED_DAYS) -> float:
    """Share of its impressions that furniture loses, its chances too low relative to all others'."""
    return distortion(seen_share(days, SLOW_SALE_DAYS) / seen_share(days)).slice_wins


# Money over the day


def traffic_by(hour: float) -> float:
    """Share of the day's searches before this hour."""
    turn = 2 * math.pi / 24
    swung = math.sin(turn * (hour - BUSIEST_HOUR)) + math.sin(turn * BUSIEST_HOUR)
    return hour / 24 + SWING / (2 * math.pi) * swung


def gone_at(share: float = BUDGET_SHARE) -> float:
    """Hour at which a budget is spent that is this share of what the bid would spend in a day."""
    return bisect(lambda hour: traffic_by(hour) >= share, 0.0, 24.0)


def wins(multiplier: float) -> float:
    """Share of auctions that a bid wins against lognormal prices whose median is the full bid."""
    return NORMAL.cdf(math.log(multiplier) / PRICE_SPREAD)


def spends(multiplier: float) -> float:
    """Dollars an auction for it, the full bid being one dollar: the mean of the prices below the bid."""
    return math.exp(PRICE_SPREAD**2 / 2) * NORMAL.cdf(math.log(multiplier) / PRICE_SPREAD - PRICE_SPREAD)


def shading(share: float = BUDGET_SHARE) -> float:
    """The factor on the bid that spends this share of what the full bid would."""
    return bisect(lambda m: spends(m) >= share * spends(1.0), 1e-6, 1.0)


def more_by_shading(share: float = BUDGET_SHARE) -> float:
    """How many more auctions the same budget wins with a lower bid all day than with the full bid for a part of it."""
    return wins(shading(share)) / (share * wins(1.0)) - 1


def lost_by_plan(plan: Literal["traffic", "clock"], swing: float = 0.0, share: float = BUDGET_SHARE) -> float:
    """Share of the auctions won by one multiplier all day that a plan for each hour's money loses, the money being the same.

    The plan follows the traffic or is equal money an hour. Prices rise with the traffic by this swing in the log. Where even
    the full bid can't spend an hour's money, it is left over.
    """
    traffic = [traffic_by(hour + 1) - traffic_by(hour) for hour in range(24)]
    level = [math.exp(swing * math.cos(2 * math.pi * (hour + 0.5 - BUSIEST_HOUR) / 24)) for hour in range(24)]

    def hour_spends(multiplier: float, hour: int) -> float:
        return traffic[hour] * level[hour] * spends(multiplier / level[hour])

    def hour_wins(multiplier: float, hour: int) -> float:
        return traffic[hour] * wins(multiplier / level[hour])

    money = share * sum(hour_spends(1.0, h) for h in range(24))
    best = bisect(lambda m: sum(hour_spends(m, h) for h in range(24)) >= money, 1e-6, 1.0)
    won = 0.0
    for hour in range(24):
        planned = money * (traffic[hour] if plan == "traffic" else 1 / 24)
        most = hour_spends(1.0, hour)
        bid = 1.0 if planned >= most else bisect(lambda m, h=hour, to=planned: hour_spends(m, h) >= to, 1e-6, 1.0)  # type: ignore[misc]
        won += hour_wins(bid, hour)
    return 1 - won / sum(hour_wins(best, h) for h in range(24))


def booked_by_midnight(steps: int = 2_400) -> float:
    """Share of the sales of a day's clicks that are in when the day ends, clicks following the traffic."""
    hours = [24 * (k + 0.5) / steps for k in range(steps)]
    return sum((traffic_by(h + 12 / steps) - traffic_by(h - 12 / steps)) * known_after((24 - h) / 24) for h in hours)


def overspent_by_booked() -> float:
    """Charges of a day's clicks over the budget, when a controller holds what is booked by the end of that day to it."""
    return 1 / booked_by_midnight()


# What an ad adds


def sold(faster: float = 1.0) -> float:
    """Share of listings that sell in the end at this multiple of the rate of sale, leaving unsold at a constant rate."""
    odds = faster * marketplace.sold_share / (1 - marketplace.sold_share)
    return odds / (1 + odds)


def extra_sales() -> float:
    """Share of promoted listings that sell and would not have sold."""
    return sold(FASTER) - sold()


def credited_sales() -> float:
    """Share of promoted listings whose sale last-click attribution gives to the ad."""
    return CREDITED * sold(FASTER)


def really_extra() -> float:
    """Share of the credited sales that would not have happened without the ad."""
    return extra_sales() / credited_sales()


def from_own_organic() -> float:
    """Share of the credited sales that the listing's organic place would have made at the same time."""
    return 1 - (FASTER - 1) / (CREDITED * FASTER)


def only_sooner() -> float:
    """Share of the credited sales that the ad brought forward."""
    return 1 - really_extra() - from_own_organic()


def per_hundred(share: float) -> float:
    """A share, of a hundred."""
    return 100 * share


def days_sooner() -> float:
    """Days by which a promoted listing is gone sooner."""
    leaving = 1 / marketplace.mean_days_live
    faster = leaving * (1 + marketplace.sold_share * (FASTER - 1))
    return marketplace.mean_days_live - 1 / faster


def price_of_extra() -> float:
    """Dollars a seller pays for a sale that would not have happened."""
    return mean_price() / really_extra()


def sold_within(days: float, faster: float = 1.0) -> float:
    """Share of listings sold within so many days of the start of their promotion."""
    sale = faster * marketplace.sold_share / marketplace.mean_days_live
    leave = (1 - marketplace.sold_share) / marketplace.mean_days_live
    return sale / (sale + leave) * (1 - math.exp(-(sale + leave) * days))


def ghosts_needed(days: float = 28, share: float = 0.1) -> float:
    """Promoted listings in all, this share of them withheld, until the difference in sold listings shows (5 %, 80 %)."""
    p, q = sold_within(days, FASTER), sold_within(days)
    spread = p * (1 - p) / (1 - share) + q * (1 - q) / share
    return z_sum() ** 2 * spread / (p - q) ** 2


def extra_a_day() -> float:
    """Sales a day that promoted listings make and would not have made."""
    return promoted_a_day() * extra_sales()


def fewer_sales() -> float:
    """Sales a day that the shop as a whole loses to the displaced organic results."""
    return ad_loss() / marketplace.net_fee


def others_lose() -> float:
    """Sales a day that all other listings lose: what promoted ones gain, and what is lost in all."""
    return extra_a_day() + fewer_sales()


def promoted_a_day() -> float:
    """Listings a day whose seller promotes them."""
    return PROMOTED * marketplace.new_listings_per_day


# One budget, two arms


def after_launch(gain: float, limited: float = LIMITED) -> float:
    """Relative revenue that stays of a gain in a split by user, when this share comes from budgets that are spent anyway."""
    return (1 - limited) * gain


def worth_of_test(gain: float, limited: float = 0.0, revenue: float = TESTED_REVENUE) -> float:
    """Dollars a day of a gain seen in a test, when this share of the revenue can't grow."""
    return after_launch(gain, limited) * revenue


def break_even(limited: float = 0.0) -> float:
    """The gain in the test from which the accelerators are paid, when this share of the revenue can't grow."""
    return ACCELERATORS / TESTED_REVENUE / (1 - limited)


# Probabilities after sampling


def sampled(probability: float, kept: float = KEPT_NEGATIVES) -> float:
    """What a model says for a true probability when it was trained on this share of the negatives."""
    odds = probability / (1 - probability) / kept
    return odds / (1 + odds)


def restored(probability: float, kept: float = KEPT_NEGATIVES) -> float:
    """The probability behind it: the metrics chapter's correction of the odds."""
    return prevalence.undo_downsampling(probability, kept)


# Capacity


def promoted_live() -> float:
    """Promoted listings that are live: new ones a day times the days until one is gone."""
    return promoted_a_day() * (marketplace.mean_days_live - days_sooner())


def clicks_a_life() -> float:
    """Clicks on its ads that a promoted listing gets in its life."""
    return ad_clicks() / promoted_a_day()


def index_bytes() -> float:
    """Bytes of their index: the search index's bytes a listing."""
    return promoted_live() / marketplace.live_listings * search.index_bytes()


def busy_cores(growth: float = 1.0) -> float:
    """Cores busy with ads in the busiest second, at this multiple of the traffic."""
    return growth * marketplace.peak_searches_per_second * AD_SERVICE


def workers() -> int:
    """Cores behind one queue so that at most one search in a hundred gets no ads in time (half of the limit is reads)."""
    return capacity.servers_for(marketplace.peak_searches_per_second, AD_SERVICE, AD_MILLISECONDS / 2 / 1000)


def workers_in_zones() -> int:
    """Workers in three zones of which one may be lost."""
    return 3 * capacity.servers_a_zone(workers(), 3)


def workers_cost() -> float:
    """Dollars a day for them at the lifecycle chapter's price of a core hour."""
    return lifecycle.daily_compute(24 * workers_in_zones())


def cost_a_day() -> float:
    """Dollars a day for machines: workers, the record on disk, training."""
    disk = monthly_cost(RECORD_DAYS * log_a_day(), lifecycle.DISK) / 30
    return workers_cost() + disk + lifecycle.daily_compute(TRAINING_CORE_HOURS)


def shown_rows() -> float:
    """Sponsored listings shown a day."""
    filled = sum(p.shown for p in places(PLACES))
    return marketplace.searches_per_day * filled


def log_a_day(growth: float = 1.0) -> float:
    """Bytes a day: the shown with their features, and a record of every scored candidate."""
    return growth * (shown_rows() * search.ROW_BYTES + marketplace.searches_per_day * SCORED * AUCTION_BYTES)


def ad_clicks() -> float:
    """Clicks a day on sponsored places."""
    return ad_sales() / sale_per_click()


def click_price() -> float:
    """Dollars that sellers would pay for a click, were the same money billed by click."""
    return ad_revenue() / ad_clicks()


def training_rows(days: int = TRAINED_DAYS) -> float:
    """Rows of the click model: all clicks and the kept share of what was shown without one."""
    return days * (ad_clicks() + KEPT_NEGATIVES * (shown_rows() - ad_clicks()))


def training_bytes(days: int = TRAINED_DAYS) -> float:
    """Bytes of those rows."""
    return training_rows(days) * search.ROW_BYTES


def hour_without() -> float:
    """Dollars that an hour without ads costs: revenue less what the organic results bring in their places."""
    return ad_net() / 24


def charged_an_hour(error: float) -> float:
    """Dollars an hour that sellers are charged too much when all chances are too high by this share, clicks billed."""
    return ad_revenue() / 24 * error


# Looking and trying


def slice_error(days: float, share: float = 1 / SLICES) -> float:
    """Relative standard error of observed sales in a slice with this share of the sales."""
    return math.sqrt(INFLATION / (days * share * ad_sales()))


def days_to_see(error: float, sigmas: float = 4.0, share: float = 1 / SLICES) -> float:
    """Days until an error of a slice stands out by so many standard errors."""
    return (sigmas * slice_error(1.0, share) / error) ** 2


def alarm_line(error: float = 0.1, needed: float = 4.0, at: float = 3.0) -> float:
    """Where to act: so many standard errors of a slice over the days in which this error stands out by the needed number."""
    return at * slice_error(days_to_see(error, needed))


def alarm_catches(needed: float = 4.0, at: float = 3.0) -> float:
    """Chance that an error which stands out by the needed number of standard errors passes the line."""
    return NORMAL.cdf(needed - at)


def ratchet(step: float, releases: int) -> float:
    """How far releases that each move by this share from the one before can go in all."""
    return (1 + step) ** releases - 1


def explored_cost() -> float:
    """Dollars a day that random candidates in the first place lose against the auction's choice, if nobody is charged for them."""
    displaced = organic_sales(1) * organic_value() * (1 - mean_appeal())
    return EXPLORED * (places(1)[0].net + displaced)


def mean_appeal() -> float:
    """Appeal of a random candidate."""
    return MEDIAN_APPEAL * math.exp(APPEAL_SPREAD**2 / 2)


def explored_sales() -> float:
    """Sales a day in explored places."""
    return EXPLORED * organic_sales(1) * mean_appeal()


def explored_winners() -> float:
    """Share of those sales that come from the candidate which the auction would have chosen: one draw in twelve, a better one."""
    first = places(1)[0]
    return first.shown * first.appeal / CANDIDATES / mean_appeal()


def days_explored(precision: float = 0.05, of: Billing = "sale", where: Literal["winners", "all"] = "winners") -> float:
    """Days of exploration until predicted over observed is known within ± this share (95 %), on would-be winners or on all."""
    events = explored_sales() if of == "sale" else explored_sales() / sale_per_click()
    part = explored_winners() if where == "winners" else 1.0
    return (1.959964 / precision) ** 2 * INFLATION / (part * events)


def ramp_days(share: float = 0.05, precision: float = 0.05) -> float:
    """Days until a new release's own winners on this share of users say predicted over observed within ± this share (95 %)."""
    return (1.959964 / precision) ** 2 * INFLATION / (share * ad_sales())


# Prompts


def sales_behind(revenue: float, cost_per_sale: float) -> float:
    """Relative change of attributed sales behind these relative changes of revenue and of cost per sale."""
    return (1 + revenue) / (1 + cost_per_sale) - 1


def price_behind(revenue: float, clicks: float) -> float:
    """Relative change of the price of a click behind these changes of revenue and clicks."""
    return (1 + revenue) / (1 + clicks) - 1


def clicks_of_limited(price: float, limited: float = LIMITED) -> float:
    """Change of all clicks that comes from budgets which are spent anyway, when clicks get dearer by this much."""
    return limited * (1 / (1 + price) - 1)


def charged_too_much(revenue: float, price: float) -> float:
    """Dollars a day that a price too high by this share takes out of this revenue."""
    return revenue * price / (1 + price)


def unsold_in(expected: float) -> float:
    """Chance that a listing makes no sale where so many were expected, if the expectation is right."""
    return math.exp(-expected)
