"""The worked numbers of one page. Serves docs/chapters/experiments/designing.md.

Premises that only this page needs are constants in capitals, said as given on the page. All else is derived from them and from
`snippets.cases`. Two results are simulated, with their seeds.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from scipy import stats

from snippets.cases import assistant, marketplace
from snippets.experiments import clusters, interference, power, ratio
from snippets.experiments.duration import Visiting, reading, weeks_for
from snippets.framing.pilot import z_sum

Metric: TypeAlias = Literal["clicks", "purchases", "buyers", "orders", "fees"]

# Who comes, and how they differ

VISITING = Visiting(12e6, 0.3, 1.5)  # people, and the chance of a day's visit: one in six on average
SEARCHES_VARIANCE = 6.0  # of the searches on a day with a visit, mean 3: after each search a third leave
CLICK_SPREAD = 0.20  # standard deviation of people's own click rates
PURCHASE_SPREAD = 1.0  # standard deviation of people's own purchase rates, in means
PRICE_SPREAD = 1.5  # standard deviation of prices, in means
TEST_DAYS = 14


def searches_a_visit_day() -> float:
    """Searches a user and day, from the case."""
    return marketplace.searches_per_user


def search_moments(days: int) -> tuple[float, float]:
    """Mean of one person's searches in so many days, and of their square; people who never come count with 0."""
    mean, square = VISITING.day_moments(days)
    each = searches_a_visit_day()
    return mean * each, mean * SEARCHES_VARIANCE + square * each**2


def visitors(days: int = TEST_DAYS) -> float:
    """People who come at least once in so many days (beta-binomial visits)."""
    return VISITING.visitors(days)


def searches_per_visitor(days: int = TEST_DAYS) -> float:
    """Searches in so many days over the people who came."""
    return marketplace.searches_per_day * days / visitors(days)


def own_variance(metric: Metric) -> float:
    """Variance of people's own rates for a click or a purchase in a search."""
    if metric == "clicks":
        return CLICK_SPREAD**2
    return (PURCHASE_SPREAD * marketplace.search_purchase_rate) ** 2


def rate(metric: Metric) -> float:
    """Clicks or purchases per search, from the case."""
    return marketplace.search_click_rate if metric == "clicks" else marketplace.search_purchase_rate


def understated(metric: Metric, days: int = TEST_DAYS) -> float:
    """True variance of a rate per search over the textbook one, when users are randomized: 1 + var(own rate) / p(1 − p) × (mean square / mean of searches − 1)."""
    mean, square = search_moments(days)
    p = rate(metric)
    return 1 + own_variance(metric) / (p * (1 - p)) * (square / mean - 1)


def winners_without_a_change(metric: Metric, days: int = TEST_DAYS) -> float:
    """Share of A/A tests that the textbook error calls significant at 5 %."""
    return power.false_positives(understated(metric, days))


def spread_per_search(metric: Metric, days: int = TEST_DAYS) -> float:
    """Standard deviation a search contributes, over the rate, repetition by users included."""
    p = rate(metric)
    return math.sqrt(understated(metric, days) * (1 - p) / p)


def buyers_share(days: int = TEST_DAYS, factor: float = 1.0) -> float:
    """Share of visitors who buy from search at least once: own rates are gamma-distributed, integrated over 400 steps."""
    shape = 1 / PURCHASE_SPREAD**2
    own = stats.gamma.ppf((np.arange(400) + 0.5) / 400, shape) / shape * marketplace.search_purchase_rate * factor
    none = 1 - own
    leaves = 1 / searches_a_visit_day()  # chance to leave after a search: a geometric number, mean 3, variance 6
    no_purchase_on_day = none * leaves / (1 - none * (1 - leaves))
    came = stats.betabinom.pmf(np.arange(days + 1), days, VISITING.a, VISITING.b)
    never = np.array([came @ no_purchase_on_day[i] ** np.arange(days + 1) for i in range(len(own))]).mean()
    return float((1 - never) * VISITING.people / visitors(days))


def buyers_follow(days: int = TEST_DAYS) -> float:
    """Relative change of the buyers' share when purchases per search change by 1 %, over 1 %."""
    return (buyers_share(days, 1.01) / buyers_share(days) - 1) / 0.01


def spread_per_visitor(metric: Metric, days: int = TEST_DAYS) -> float:
    """Standard deviation of a visitor's value over its mean: bought at all, purchases ("orders"), or fees in dollars."""
    if metric == "buyers":
        p = buyers_share(days)
        return math.sqrt((1 - p) / p)
    came = visitors(days) / VISITING.people
    mean, square = search_moments(days)
    bought = marketplace.search_purchase_rate * mean
    pairs = marketplace.search_purchase_rate**2 * (1 + PURCHASE_SPREAD**2) * (square - mean)
    prices = PRICE_SPREAD if metric == "fees" else 0.0
    raw = bought * (1 + prices**2) + pairs  # mean square of the dollars, over the square of the mean price
    return math.sqrt(raw * came / bought**2 - 1)


def visible(metric: Metric, days: int = TEST_DAYS, share: float = 0.5) -> float:
    """Smallest relative change a test by user sees at 80 % power and two-sided 5 %, its own users' noise included."""
    if metric in ("clicks", "purchases"):
        return power.visible(spread_per_search(metric, days), marketplace.searches_per_day * days, share)
    return power.visible(spread_per_visitor(metric, days), visitors(days), share)


def visible_purchases(metric: Metric, days: int = TEST_DAYS) -> float:
    """The smallest visible change, said as a change of purchases per search."""
    return visible(metric, days) / (buyers_follow(days) if metric == "buyers" else 1)


def anywhere_factor(days: int) -> float:
    """Variance of visitors' purchases anywhere over that of independent ones: search's share of habit holds for all purchases."""
    came = visitors(days) / VISITING.people
    mean, square = search_moments(days)
    each = marketplace.purchases_per_day / marketplace.searches_per_day
    pairs = each**2 * (1 + PURCHASE_SPREAD**2) * (square - mean)
    return 1 + pairs / (each * mean) - each * mean / came


def searches_visible(days: int = 28) -> float:
    """Smallest relative change of searches per visitor that a test sees: its spread grows about as fast as its traffic."""
    came = visitors(days) / VISITING.people
    mean, square = search_moments(days)
    return power.visible(math.sqrt(square * came / mean**2 - 1), visitors(days))


def factor_at(spread: float, days: int = TEST_DAYS) -> float:
    """Variance of purchases per search over the textbook one, if people's own rates spread by so many means."""
    return 1 + (understated("purchases", days) - 1) * (spread / PURCHASE_SPREAD) ** 2


def visible_at(spread: float, days: int) -> float:
    """Smallest visible change of purchases per search, if people's own rates spread by so many means."""
    return visible("purchases", days) * math.sqrt(factor_at(spread, days) / understated("purchases", days))


def fresh_visible(metric: Metric, days: int) -> float:
    """What a test would see if each week brought new people: the first week's over the root of the weeks."""
    return visible(metric, 7) / math.sqrt(days / 7)


# What it must bring

COST_A_DAY = 150.0  # dollars of serving and upkeep of the new ranker
TROUBLE = 100.0  # dollars a day on top, below which nobody would miss it


def per_percent() -> float:
    """Dollars a day of one percent more purchases from search, at the fee less disputes."""
    return 0.01 * marketplace.searches_per_day * marketplace.search_purchase_rate * marketplace.net_fee


def pays_from() -> float:
    """Lasting relative change at which the new ranker earns its cost and what makes it worth the trouble."""
    return (COST_A_DAY + TROUBLE) / (per_percent() * 100)


WHOLE = interference.Stock(marketplace.mean_days_live, marketplace.sold_share)


def worth_launching() -> float:
    """Change a test by user has to find so that what lasts, a quarter, pays."""
    return pays_from() / WHOLE.lasting()


def breaks_even() -> float:
    """Change a test by user shows when what lasts just earns the running cost."""
    return COST_A_DAY / (per_percent() * 100) / WHOLE.lasting()


def line(days: int) -> float:
    """Smallest gain that comes out significant after so many days: 1.96 standard errors."""
    return NormalDist().inv_cdf(0.975) * error(days=days)


ARCHIVE = 0.005  # standard deviation of the true changes that earlier tests of ranking had, around zero


def kept(error: float, spread: float = ARCHIVE) -> float:
    """Share of an estimate that is left when it is shrunk by an archive of true effects around zero."""
    return spread**2 / (spread**2 + error**2)


def launch_line(days: int, metric: Metric = "purchases") -> float:
    """Smallest estimate that launches: significant, and paying its running cost after it is shrunk."""
    noise = error(metric, days)
    return max(NormalDist().inv_cdf(0.975) * noise, breaks_even() / kept(noise))


def searches_moved(days: int = 28) -> float:
    """Change of searches per visitor from which it is significant, and purchases per visitor decides."""
    return NormalDist().inv_cdf(0.975) * searches_visible(days) / z_sum()


def launched_by_fewer_searches(fall: float, days: int = 28) -> float:
    """Chance that a ranker which sells nothing more, and lowers searches per visitor by so much, is launched.

    The ratio then reads `fall` too much; its error and that of searches are independent. Summed over 4,000 quantiles.
    """
    ratio_error, ratio_line = error(days=days), launch_line(days)
    visitor_line = launch_line(days, "orders")
    normal = NormalDist()
    chances = []
    for step in range(4_000):
        moved = -fall + searches_visible(days) / z_sum() * normal.inv_cdf((step + 0.5) / 4_000)
        unseen = abs(moved) < searches_moved(days)
        chances.append(normal.cdf((fall - (ratio_line if unseen else visitor_line - moved)) / ratio_error))
    return sum(chances) / len(chances)


def launches(effect: float, days: int = 28) -> float:
    """Chance that a true change comes out at or above that estimate."""
    return NormalDist().cdf((effect - launch_line(days)) / error(days=days))


def launches_if_lower_end_pays(effect: float, days: int = 28) -> float:
    """The same chance when the interval's lower end must pay the running cost."""
    return NormalDist().cdf((effect - breaks_even() - line(days)) / error(days=days))


def earned_once(effect: float) -> float:
    """Dollars earned once while the stock is drawn down: the part of a gain that fades, over the stock's memory."""
    return effect * (1 - WHOLE.lasting()) * WHOLE.memory() * 100 * per_percent()


def worth_for(days: float) -> float:
    """Change a test by user has to find so that a ranker replaced after so many days brings cost and trouble."""
    return pays_from() / WHOLE.after(0, days)


def weeks(effect: float, metric: Metric = "purchases", most: int = 12) -> int | None:
    """Whole weeks until a test by user sees the change (asked week by week, since visitors return)."""
    return weeks_for(effect, lambda days: visible_purchases(metric, days), most)


def days_by_root(effect: float) -> float:
    """Days by the formula that lets noise fall with the root of time, from the two-week number."""
    return TEST_DAYS * (visible("purchases") / effect) ** 2


# Power

TOO_SMALL = 0.003  # a true change that a two-week test was not built for


def error(metric: Metric = "purchases", days: int = TEST_DAYS) -> float:
    """Standard error of the relative change: the visible change over 2.80."""
    return visible(metric, days) / z_sum()


def chance_to_see(effect: float, days: int = TEST_DAYS) -> float:
    """Power of a test of purchases per search against this true change."""
    return power.power_of(effect, error(days=days))


def reported_times(effect: float, days: int = TEST_DAYS) -> float:
    """How many times too large a significant gain is on average."""
    return power.exaggeration(effect, error(days=days))


def price_of_share(share: float) -> float:
    """Traffic needed with this treated share over that of a half-and-half split."""
    return 0.25 / (share * (1 - share))


def price_of_power(high: float = 0.9, low: float = 0.8) -> float:
    """Users for one power over those for another."""
    return (z_sum(high) / z_sum(low)) ** 2


# Unit

CROSSING = 0.20  # share of purchases made on another device than the search


def contrast_kept() -> float:
    """Part of an effect left when devices are randomized: half of the crossing purchases are booked on the other arm."""
    return 1 - CROSSING


def users_for_crossing() -> float:
    """Sample for the diluted effect over that for the whole one."""
    return 1 / contrast_kept() ** 2


# Days

WEEK = (0.12,) * 5 + (0.20,) * 2  # share of purchases by weekday, from Monday
BY_DAY = (0.008,) * 5 + (-0.002,) * 2  # a change that helps on workdays and hurts on weekends


def shown(days: int, first: int) -> float:
    """What a test of so many days reads, begun on that weekday."""
    return reading(days, first, WEEK, BY_DAY)


def nine_days() -> tuple[float, float]:
    """Lowest and highest reading of nine days over the seven first days."""
    readings = [shown(9, first) for first in range(7)]
    return min(readings), max(readings)


# Clusters

REGIONS = 200
REGION_SPREAD = 0.05  # standard deviation of regions' own purchases per search, in means
STEADY = 0.95  # correlation of regions' true levels with those of the month before
MONTH = 28  # days


def region_rows(days: int = TEST_DAYS) -> float:
    """Searches of one region, if regions are alike."""
    return marketplace.searches_per_day * days / REGIONS


def region_correlation() -> float:
    """Correlation of two searches of one region: variance between regions over the whole."""
    p = marketplace.search_purchase_rate
    return (REGION_SPREAD * p) ** 2 / (p * (1 - p))


def region_effect(days: int = TEST_DAYS) -> float:
    """Design effect of a split by region, searches as rows."""
    return clusters.design_effect(region_rows(days), region_correlation())


def region_noise(days: int) -> float:
    """Standard error of one region's purchases per search, relative, over so many days."""
    return spread_per_search("purchases", days) / math.sqrt(region_rows(days))


def region_visible(days: int = TEST_DAYS, steady: float = 0.0) -> float:
    """Smallest relative change a split by region sees (80 %, two-sided 5 %, normal approximation).

    `steady` is the correlation of regions' true levels with those of the month before, whose observed mean is adjusted for.
    """
    within = spread_per_search("purchases", days)
    return z_sum() * clusters.cluster_error(
        REGIONS, REGION_SPREAD, within, region_rows(days), steady, region_noise(MONTH)
    )


def region_seen_correlation(days: int = TEST_DAYS) -> float:
    """Correlation that the log shows between a region's month before and so many days, both noisy."""
    noisy = (REGION_SPREAD**2 + region_noise(MONTH) ** 2) * (REGION_SPREAD**2 + region_noise(days) ** 2)
    return STEADY * REGION_SPREAD**2 / math.sqrt(noisy)


# Switchback on the Assistant's queue

QUEUE_MEMORY = 0.75  # hours in which the queue of handed-over questions does 63 % of its way
WAIT_SLOW = 0.15  # standard deviation of a window's mean wait, relative: weekday, incidents
WAIT_FAST = 0.10  # that of one hour around it
WAIT_EFFECT = -0.08  # relative change of the wait with the new gate everywhere
WEEK_HOURS = 7 * 24.0


class Window(NamedTuple):
    """One switchback: what it reads, its standard error, and the root of its mean squared error."""

    reads: float
    error: float
    off: float


def switchback(hours: float, burn: float = 0.0, weeks: int = 2) -> Window:
    """Share of the effect seen, its noise, and how far off it is on average."""
    seen = clusters.share_seen(hours, QUEUE_MEMORY, burn)
    noise = clusters.switchback_error(weeks * WEEK_HOURS, hours, WAIT_SLOW, WAIT_FAST, burn)
    return Window(seen * WAIT_EFFECT, noise, math.hypot((1 - seen) * WAIT_EFFECT, noise))


def demo_switchback() -> None:
    """Windows against bias and noise."""
    print("window  burn  reads  ± error  off by")
    for hours, burn in (
        (0.5, 0.0),
        (1.0, 0.0),
        (3.0, 0.0),
        (6.0, 0.0),
        (12.0, 0.0),
        (24.0, 0.0),
        (3.0, 1.0),
        (2.0, 1.0),
    ):
        w = switchback(hours, burn)
        print(f"{hours:4.1f} h  {burn:.0f} h  {w.reads:6.1%}  {w.error:6.1%}  {w.off:6.1%}")


# Interference

PHONES = interference.Stock(8, 0.95)
PHONES_A_DAY = 3_000
PHONE_REGIONS = 40
PHONE_GAIN = 0.05
PHONE_DRIFT = 0.04  # standard deviation of a region's demand, and of its new goods, around last month's
PHONE_PRICE = 120.0  # dollars
PHONE_COST = 420.0  # dollars a day to run the new ranking
RUNS, SEED = 2_000, 20261128


class Design(NamedTuple):
    """What a design reads on average, and how much that varies from run to run."""

    reads: float
    error: float


@cache
def phones(design: interference.Design, burn: int = 0, window: int = 1) -> Design:
    """Mean and standard deviation over 2,000 simulated four-week tests on phones."""
    arrivals = np.full(PHONE_REGIONS, PHONES_A_DAY / PHONE_REGIONS)
    rng = np.random.default_rng(SEED)
    reads = interference.simulate(
        design, PHONES, PHONE_GAIN, arrivals, rng, runs=RUNS, burn=burn, window=window, drift=PHONE_DRIFT
    )
    return Design(float(reads.mean()), float(reads.std(ddof=1)))


def phone_fee() -> float:
    """Dollars kept of one phone after its share of disputes."""
    return PHONE_PRICE * marketplace.fee_rate - marketplace.dispute_rate * marketplace.dispute_cost


def phones_sold_a_day() -> float:
    """Phones sold a day, in a steady state."""
    return PHONES_A_DAY * PHONES.sold


def counting_error(days: int) -> float:
    """Relative standard error of the ratio of two arms' sales over so many days, from counting alone."""
    return math.sqrt(4 / (phones_sold_a_day() * days))


def phones_truth() -> float:
    """Gain in phone sales that lasts after the launch (closed form, small gains)."""
    return PHONE_GAIN * PHONES.lasting()


COHORT_DAYS, COHORT_WAIT = 28, 56  # days in which listings enter the count, and days each is followed


def phones_followed() -> Design:
    """Regions for twelve weeks, counting the share of each new listing sold within 56 days: closed forms.

    The error holds the draw of listings and the drift of regions' demand, which moves the share by the little that is not sold anyway.
    """
    share = PHONES.sold_within(COHORT_WAIT)
    reads = PHONES.sold_within(COHORT_WAIT, PHONE_GAIN) / share - 1
    drift = (PHONES.sold_within(COHORT_WAIT, PHONE_DRIFT) / share - 1) ** 2
    listings = PHONES_A_DAY * COHORT_DAYS
    return Design(reads, math.sqrt(4 / PHONE_REGIONS * drift + 4 / listings * (1 - share) / share))


def phones_worth() -> float:
    """Dollars a day of what lasts on phones."""
    return phones_truth() * phones_sold_a_day() * phone_fee()


def phones_seeming() -> float:
    """Dollars a day that the test by user seems to promise on phones."""
    return PHONE_GAIN * phones_sold_a_day() * phone_fee()


def demo_phones() -> None:
    """Four designs on one category, the truth known."""
    print("design                    reads  ± error")
    rows: tuple[tuple[str, interference.Design, int, int], ...] = (
        ("users", "user", 0, 1),
        ("regions, switched daily", "switchback", 0, 1),
        ("regions, switched weekly", "switchback", 0, 7),
        ("regions, four weeks", "region", 0, 1),
        ("regions, last two weeks", "region", 14, 1),
    )
    for name, design, burn, window in rows:
        d = phones(design, burn, window)
        print(f"{name:24} {d.reads:6.2%}  {d.error:6.2%}")
    followed = phones_followed()
    print(f"{'regions, share sold':24} {followed.reads:6.2%}  {followed.error:6.2%}")
    print(f"{'what lasts':24} {phones_truth():6.2%}")


# Ratio, on drawn users


def draw_users(people: int, rng: np.random.Generator, days: int = TEST_DAYS) -> tuple[np.ndarray, np.ndarray]:
    """Searches and searches with a click of so many visitors, as the page's premises have them."""
    chance = rng.beta(VISITING.a, VISITING.b, 2 * people + 1_000)
    came = rng.binomial(days, chance)
    came = came[came > 0][:people]
    searches = came + rng.negative_binomial(came, 1 / searches_a_visit_day())
    p = marketplace.search_click_rate
    both = p * (1 - p) / CLICK_SPREAD**2 - 1
    own = rng.beta(p * both, (1 - p) * both, len(came))
    return searches, rng.binomial(searches, own)


def demo_ratio() -> None:
    """Three errors of one number: clicks per search of 5,000 users."""
    rng = np.random.default_rng(8)
    searches, clicks = draw_users(5_000, rng)
    picks = rng.integers(5_000, size=(400, 5_000))
    again = clicks[picks].sum(axis=1) / searches[picks].sum(axis=1)
    print(f"clicks per search    {ratio.ratio(clicks, searches).value:.4f}")
    print(f"error by search      {ratio.naive(clicks, searches).error:.4f}")
    print(f"error by user, delta {ratio.ratio(clicks, searches).error:.4f}")
    print(f"users drawn again    {again.std(ddof=1):.4f}")


def users_for_buyers(lift: float, share: float = 0.5) -> float:
    """Visitors in both arms to see the share of buyers change so much, from two weeks' share."""
    return power.total_users(buyers_share(), lift, share)


def fees_over_purchases() -> float:
    """Traffic that fees per search need over that purchases per search need: prices multiply luck, not habit."""
    return 1 + PRICE_SPREAD**2 / understated("purchases")


def phones_late() -> float:
    """What regions read in the last two of four weeks, in the closed form."""
    return PHONE_GAIN * PHONES.after(14, 28)


def phone_markets_needed() -> float:
    """How many such markets it takes until the last two weeks see what they read, 80 % power, by the square of the noise."""
    return (z_sum() * phones("region", 14).error / phones_late()) ** 2


def phones_sales() -> Design:
    """What twelve weeks of all sales by region read while sales follow stock: closed forms.

    Demand moves a region's sales only until its stock has answered; supply moves them from then on.
    """
    days = COHORT_DAYS + COHORT_WAIT
    demand = PHONES.after(0, days)
    fading = PHONES.memory() / days * (1 - math.exp(-days / PHONES.memory()))
    drift = PHONE_DRIFT**2 * (demand**2 + (1 - fading) ** 2)
    return Design(PHONE_GAIN * demand, math.sqrt(4 / PHONE_REGIONS * drift + counting_error(days) ** 2))


def phones_sales_if_not() -> Design:
    """The same when buyers take something else: sales are what demand makes them, while there is stock."""
    days = COHORT_DAYS + COHORT_WAIT
    return Design(PHONE_GAIN, math.sqrt(4 / PHONE_REGIONS * PHONE_DRIFT**2 + counting_error(days) ** 2))


ELSEWHERE = PHONES._replace(pull=0.0)  # phones, if buyers take something else


def sold_if_not(more: float, supply: float = 1.0) -> float:
    """Share sold of the phones of four weeks, each followed 56 days, when demand alone makes the sales.

    Sales a day are `1 + more` of usual. The stock drifts away from its level over its memory, 160 days, and with it the
    chance of one phone to be sold. Integrated in steps of a tenth of a day, stock and inflow in days of usual inflow.
    """
    step = 0.1
    t = np.arange(0, COHORT_DAYS + COHORT_WAIT, step) + step / 2
    leave, sales = (1 - PHONES.sold) / PHONES.days, PHONES.sold * (1 + more)
    end = (supply - sales) / leave
    stock = end + (PHONES.days - end) * np.exp(-t * leave)
    bought = sales / stock
    gone = np.concatenate([[0], np.cumsum(bought + leave) * step])
    kept_until = np.concatenate([[0], np.cumsum(bought * np.exp(-gone[:-1] - (bought + leave) * step / 2)) * step])
    first, wait = round(COHORT_DAYS / step), round(COHORT_WAIT / step)
    listed = np.arange(first)
    return float((np.exp(gone[listed]) * (kept_until[listed + wait] - kept_until[listed])).mean())


def phones_followed_if_not() -> Design:
    """What the share sold reads when buyers take something else: little of the gain, since the stock hides it."""
    share = sold_if_not(0)
    drift = (sold_if_not(PHONE_DRIFT) / share - 1) ** 2 + (sold_if_not(0, 1 + PHONE_DRIFT) / share - 1) ** 2
    listings = PHONES_A_DAY * COHORT_DAYS
    error = math.sqrt(4 / PHONE_REGIONS * drift + 4 / listings * (1 - share) / share)
    return Design(sold_if_not(PHONE_GAIN) / share - 1, error)


def own_lasting() -> float:
    """Share of a gain of search's that its own purchases keep, the home page buying from the same stock.

    Search makes `part` of the sales; a gain g of its rate lowers the stock by sold · part · g.
    """
    part = marketplace.searches_per_day * marketplace.search_purchase_rate / marketplace.purchases_per_day
    return 1 - WHOLE.sold * part


# Prompt: how long do we run it

HOME_COST = 150.0  # dollars a day to run the new home page
HOME_TROUBLE = 50.0  # dollars a day on top, below which nobody would miss it
HOME_INFLATION = {
    7: 1.2,
    14: 1.3,
    21: 1.38,
}  # true variance over the textbook one, from A/A tests on last quarter's log
HOME_ARCHIVE = 0.02  # standard deviation of the true shown changes of earlier new home pages, around zero


def home_per_percent() -> float:
    """Dollars a day of one percent more purchases from the home page, at the fee less disputes."""
    return 0.01 * marketplace.home_views_per_day * marketplace.home_purchase_rate * marketplace.net_fee


def home_worth() -> float:
    """Lasting relative change that pays the running cost and is worth the trouble."""
    return (HOME_COST + HOME_TROUBLE) / (100 * home_per_percent())


def home_to_find() -> float:
    """Change a test by user has to find so that a quarter of it is worth launching."""
    return home_worth() / WHOLE.lasting()


def home_breaks_even() -> float:
    """Change a test by user shows when a quarter of it just pays the running cost."""
    return HOME_COST / (100 * home_per_percent()) / WHOLE.lasting()


def home_first_year() -> float:
    """Change a test has to find when the first year's mean counts instead of what lasts."""
    return home_worth() / WHOLE.after(0, 365)


def home_factor(days: int) -> float:
    """Variance over the textbook one; after three weeks it is taken to rise as from the second to the third."""
    rise = HOME_INFLATION[21] - HOME_INFLATION[14]
    return HOME_INFLATION.get(days, HOME_INFLATION[21] + rise * (days - 21) / 7)


def home_visible(days: int, share: float = 0.5) -> float:
    """Smallest relative change of purchases per home view that is seen in so many days."""
    p = marketplace.home_purchase_rate
    return power.visible(math.sqrt(home_factor(days) * (1 - p) / p), marketplace.home_views_per_day * days, share)


def home_error(days: int) -> float:
    """Standard error of the relative change, half and half."""
    return home_visible(days) / z_sum()


def home_weeks_for_a_tenth() -> int | None:
    """Weeks in which a tenth of users sees what half and half sees in two."""
    return weeks_for(home_visible(14), lambda days: home_visible(days, 0.1), 20)


def home_calculator_days(lift: float = 0.02) -> float:
    """Days by a sample-size calculator that takes every view for a user."""
    return power.total_users(marketplace.home_purchase_rate, lift) / marketplace.home_views_per_day


def home_line(days: int) -> float:
    """Estimate from which the page launches: significant, and above break-even after it is shrunk by the archive."""
    least = home_breaks_even() / kept(home_error(days), HOME_ARCHIVE)
    return max(NormalDist().inv_cdf(0.975) * home_error(days), least)


def home_passes(effect: float, days: int) -> float:
    """Chance that a true shown change comes out at or above that line."""
    return NormalDist().cdf((effect - home_line(days)) / home_error(days))


def home_value_a_year(days: int) -> float:
    """Lasting dollars a day that a year of tests adds: pages from the archive, one after the other, a week for credits each.

    Of an estimate above the line the true effect is its shrunk value, so the mean over the line has a closed form.
    """
    normal = NormalDist()
    noise = math.hypot(HOME_ARCHIVE, home_error(days))
    cut = home_line(days) / noise
    launched, gain = normal.cdf(-cut), HOME_ARCHIVE**2 / noise * normal.pdf(cut)
    a_test = gain * WHOLE.lasting() * 100 * home_per_percent() - launched * HOME_COST
    return 365 / (days + marketplace.attribution_days) * a_test


def home_third_week() -> float:
    """Dollars a day in expectation that a third week adds, if the page is just worth the trouble."""
    effect = home_to_find()
    return (home_passes(effect, 21) - home_passes(effect, 14)) * home_clears(effect)


def home_pays_back() -> float:
    """Days until a third week has earned what its delay costs: half of users go a week without the page."""
    return 7 * HOME_TROUBLE / 2 / home_third_week()


def home_loses_launched(effect: float = 0.006) -> tuple[float, float]:
    """Dollars a day that a page with a small true gain loses, and the chance that it is launched after two weeks."""
    return -home_clears(effect), home_passes(effect, 14)


# Prompt: an interval that is too narrow

AA_TESTS, AA_CLICKS, AA_PURCHASES, AA_BUYERS = 100, 36, 8, 5


def variance_from_winners(share: float) -> float:
    """How many times the variance is understated if this share of A/A tests is significant at 5 %."""
    normal = NormalDist()
    return (normal.inv_cdf(0.975) / normal.inv_cdf(1 - share / 2)) ** 2


# Prompt: not enough traffic

DANISH_A_DAY = 300  # Danish conversations a day
RESOLVED, RESOLVED_GAIN = 0.60, 0.015  # share resolved without an agent, and the hoped-for gain in points
KEPT_DAYS = 28
BEFORE_CORRELATION = 0.4  # of resolved now with a score predicted from the question alone
AMONG_ASKED = 300  # conversations a day of each language that is pooled


def danish_total() -> float:
    """Conversations in both arms to see 60 % become 61.5 %."""
    return power.total_users(RESOLVED, RESOLVED_GAIN / RESOLVED)


def danish_days(conversations: float | None = None) -> float:
    """Days at 300 conversations a day."""
    return (danish_total() if conversations is None else conversations) / DANISH_A_DAY


def danish_visible(days: int = KEPT_DAYS) -> float:
    """Smallest gain in points of a share that so many days see."""
    p = RESOLVED
    return 100 * power.visible(math.sqrt(p * (1 - p)), DANISH_A_DAY * days)


def danish_power(days: int = KEPT_DAYS) -> float:
    """Power against a gain of 1.5 points in so many days."""
    return power.power_of(RESOLVED_GAIN, danish_visible(days) / 100 / z_sum())


def danish_reported(days: int = KEPT_DAYS) -> float:
    """How many times too large a significant Danish gain would be on average."""
    return power.exaggeration(RESOLVED_GAIN, danish_visible(days) / 100 / z_sum())


def danish_adjusted_days() -> float:
    """Days when a covariate with correlation 0.4 is adjusted for: its square is taken off the variance."""
    return danish_days() * (1 - BEFORE_CORRELATION**2)


def all_languages_days() -> float:
    """Days when all questions of all languages are in the test."""
    return danish_total() / assistant.questions_per_day


HELD_BACK = 0.10  # share of conversations that stays without the splitter after the four weeks
QUARTER = 91  # days until it is read again


def danish_label_day(days: float) -> int:
    """Day on which the last conversation's resolution is known."""
    return math.ceil(days) + math.ceil(assistant.resolved_hours / 24)


def danish_error(later: bool = False) -> float:
    """Standard error in points after four weeks, or with a quarter in which a tenth is held back added."""
    first = danish_visible() / z_sum()
    if not later:
        return first
    p = RESOLVED
    second = 100 * power.visible(math.sqrt(p * (1 - p)), DANISH_A_DAY * QUARTER, HELD_BACK) / z_sum()
    return 1 / math.sqrt(1 / first**2 + 1 / second**2)


def danish_missed(points: float, later: bool = False) -> float:
    """Chance that a true fall of so many points is not significant."""
    return 1 - NormalDist().cdf(points / danish_error(later) - NormalDist().inv_cdf(0.975))


def danish_forgone() -> float:
    """Dollars that half of the conversations forgo over the whole test if the gain is real."""
    return danish_days() * danish_worth() / 2


def danish_worth() -> float:
    """Dollars a day of 1.5 points more resolved in Danish: handovers that don't happen."""
    return DANISH_A_DAY * RESOLVED_GAIN * assistant.handover_cost


# Further lines of the page


def calculator_days() -> float:
    """Days by the formula that takes every search for a person of its own."""
    p = marketplace.search_purchase_rate
    searches = (z_sum() / worth_launching()) ** 2 * 4 * (1 - p) / p
    return searches / marketplace.searches_per_day


def verdict_days(days: int = 28) -> tuple[int, int]:
    """Day on which the last search's purchases are in, and the day on which their disputes are."""
    bought = days + marketplace.attribution_days
    return bought, bought + marketplace.dispute_days


def disputes_visible(days: int = 28, share: float = 0.5) -> float:
    """Smallest relative change of disputes per purchase from search in so many days, purchases taken as independent."""
    p = marketplace.dispute_rate
    bought = marketplace.searches_per_day * marketplace.search_purchase_rate * days
    return power.visible(math.sqrt((1 - p) / p), bought, share)


def disputes_cost(rise: float = 0.10) -> float:
    """Dollars a day if disputes on purchases from search rise by this share."""
    bought = marketplace.searches_per_day * marketplace.search_purchase_rate
    return bought * marketplace.dispute_rate * rise * marketplace.dispute_cost


def price_of_alpha(alpha: float = 0.025) -> float:
    """Users at this error rate over those at 5 %, both at 80 % power."""
    return (z_sum(0.8, alpha) / z_sum()) ** 2


def whole_switched_daily() -> float:
    """Share of the gain that daily switching reads on all goods: what is not yet faded after a day of the stock's memory."""
    return 1 - (1 - WHOLE.lasting()) * clusters.share_seen(1, WHOLE.memory())


def by_search_saves(metric: Metric, days: int = TEST_DAYS) -> float:
    """Share of the variance that repetition by users adds, and that a split by search could save at most."""
    return 1 - 1 / understated(metric, days)


def weeks_by_search(effect: float) -> int | None:
    """Whole weeks in which a split by search would see the change, its searches taken as independent."""
    return weeks_for(effect, lambda days: visible("purchases", days) / math.sqrt(understated("purchases", days)))


def aa_alarms_a_year(high: float, low: float = 0.0, metrics: int = 50, shuffles: int = 1_000) -> float:
    """False alarms a year of a weekly check that rings when more than `high` or less than `low` of honest shuffles are below 0.05."""
    above = stats.binom.sf(round(high * shuffles), shuffles, 0.05)
    below = stats.binom.cdf(round(low * shuffles) - 1, shuffles, 0.05)
    return 52 * metrics * float(above + below)


def danish_offline(gain: float = 0.03, differ: float = 0.08) -> float:
    """Questions to see a paired gain of 3 points where 8 % of questions differ."""
    return (z_sum() / gain) ** 2 * (differ - gain**2)


def danish_harm(points: float) -> float:
    """Dollars a day of a fall in resolved questions, if each becomes a wrong answer."""
    return points / 100 * DANISH_A_DAY * assistant.wrong_answer_cost


def half_of_all() -> interference.Stock:
    """All goods, if half as much stock sold 71 % as much: a pull of one half."""
    return WHOLE._replace(pull=0.5)


def danish_days_at(alpha: float) -> float:
    """Days at 300 conversations a day when this two-sided error rate is accepted."""
    return danish_days(power.total_users(RESOLVED, RESOLVED_GAIN / RESOLVED, alpha=alpha))


def danish_differ() -> float:
    """Questions of the paired comparison on which the two retrievals differ."""
    return danish_offline() * 0.08


def by_hand() -> float:
    """Users by 16 p(1 − p) / d² an arm, from 10 to 11 %."""
    return 2 * 16 * 0.105 * 0.895 / 0.01**2


def home_clears(shown: float) -> float:
    """Dollars a day that a gain shown by user on the home page clears after running costs, a quarter of it lasting."""
    return shown * WHOLE.lasting() * 100 * home_per_percent() - HOME_COST


def listing_split_error() -> float:
    """Standard error of the relative change in share sold when listings are split, four weeks of phones."""
    listings = PHONES_A_DAY * COHORT_DAYS
    return math.sqrt(4 / listings * (1 - PHONES.sold) / PHONES.sold)


def quieter() -> float:
    """How many times the error by regions' late sales is that by the share sold, while sales follow stock."""
    return phones("region", 14).error / phones_followed().error


def phones_must_last() -> float:
    """Lasting relative change in phone sales that pays the ranking's cost."""
    return PHONE_COST / (phones_sold_a_day() * phone_fee())


def phones_ceiling() -> float:
    """Dollars a day if every phone sold."""
    return (PHONES_A_DAY - phones_sold_a_day()) * phone_fee()


def phones_once() -> float:
    """Dollars earned once while the stock of phones falls: the fading part of the gain, over the stock's memory."""
    fading = PHONE_GAIN * (1 - PHONES.lasting()) * PHONES.memory()
    return fading * phones_sold_a_day() * phone_fee()


def danish_line(days: int = KEPT_DAYS) -> float:
    """Fall in points from which the interval lies below zero: 1.96 standard errors."""
    return NormalDist().inv_cdf(0.975) * danish_visible(days) / z_sum()


def switchback_power(hours: float = 2, weeks: int = 2) -> float:
    """Power of windows of so many hours, the first not counted."""
    best = switchback(hours, 1, weeks)
    return power.power_of(-best.reads, best.error)


def disputes_eat() -> float:
    """Relative rise in disputes on purchases from search that costs as much as the ranker is to bring."""
    return 0.1 * (COST_A_DAY + TROUBLE) / disputes_cost()


def netted_over_purchases(days: int = 28) -> float:
    """Traffic for the fee less disputes per search over that for purchases per search, by user.

    A dispute multiplies luck by mean square over square of the mean of a purchase's dollars, and leaves people's habits.
    """
    mean, d = marketplace.net_fee, marketplace.dispute_rate
    return 1 + d * (1 - d) * marketplace.dispute_cost**2 / mean**2 / understated("purchases", days)


def netted_visible(days: int = 28) -> float:
    """Smallest relative change of the fee less disputes per search that a test by user sees."""
    return visible("purchases", days) * math.sqrt(netted_over_purchases(days))


def visible_by_root(known: int, days: int) -> float:
    """What the root of time promises for so many days, from the visible change of purchases in a known number of days."""
    return visible("purchases", known) * math.sqrt(known / days)
