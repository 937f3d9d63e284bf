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

Metric: TypeAlias = Literal["clicks", "purchases", "buyers", "fees"]

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
    """Standard deviation of a visitor's value over its mean: bought at all, or fees in dollars."""
    if metric == "buyers":
        p = buyers_share(days)
        return math.sqrt((1 - p) / p)
    came = visitors(days) / VISITING.people
    mean, square = search_moments(days)
    bought = marketplace.search_purchase_rate * mean
    pairs = marketplace.search_purchase_rate**2 * (1 + PURCHASE_SPREAD**2) * (square - mean)
    raw = bought * (1 + PRICE_SPREAD**2) + pairs  # mean square of the dollars, over the square of the mean price
    return math.sqrt(raw * came / bought**2 - 1)


def visible(metric: Metric, days: int = TEST_DAYS, share: float = 0.5) -> float:
    """Smallest relative change a test by user sees at 80 % power and two-sided 5 %, its own users' noise included."""
    if metric in ("clicks", "purchases"):
        return power.visible(spread_per_search(metric, days), marketplace.searches_per_day * days, share)
    return power.visible(spread_per_visitor(metric, days), visitors(days), share)


def visible_purchases(metric: Metric, days: int = TEST_DAYS) -> float:
    """The smallest visible change, said as a change of purchases per search."""
    return visible(metric, days) / (buyers_follow(days) if metric == "buyers" else 1)


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
    """Change a test by user must show so that what lasts, a quarter, pays."""
    return pays_from() / WHOLE.lasting()


def breaks_even() -> float:
    """Change a test by user shows when what lasts just earns the running cost."""
    return COST_A_DAY / (per_percent() * 100) / WHOLE.lasting()


def line(days: int) -> float:
    """Smallest gain that comes out significant after so many days: 1.96 standard errors."""
    return NormalDist().inv_cdf(0.975) * error(days=days)


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
EXPLAINED = 0.95  # correlation of a region's month with its month before


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


def region_visible(days: int = TEST_DAYS, explained: float = 0.0, regions: int = REGIONS) -> float:
    """Smallest relative change a split by region sees (80 %, two-sided 5 %, normal approximation)."""
    rows = marketplace.searches_per_day * days / regions
    within = spread_per_search("purchases", days)
    return z_sum() * clusters.cluster_error(regions, REGION_SPREAD, within, rows, explained)


# Switchback on the Assistant's queue

QUEUE_MEMORY = 0.75  # hours in which the queue of handed-over questions does 63 % of its way
WAIT_SLOW = 0.15  # standard deviation of a window's mean wait, relative: weekday, incidents
WAIT_FAST = 0.10  # that of one hour around it
WAIT_EFFECT = -0.08  # relative change of the wait with the new gate everywhere
SWITCH_HOURS = 14 * 24.0


class Window(NamedTuple):
    """One switchback: what it reads, its standard error, and the root of its mean squared error."""

    reads: float
    error: float
    off: float


def switchback(hours: float, burn: float = 0.0) -> Window:
    """Share of the effect seen, its noise, and how far off it is on average over two weeks."""
    seen = clusters.share_seen(hours, QUEUE_MEMORY, burn)
    noise = clusters.switchback_error(SWITCH_HOURS, hours, WAIT_SLOW, WAIT_FAST, burn)
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
RUNS, SEED = 100, 20261128


class Design(NamedTuple):
    """What a design reads on average, and how much that varies from run to run."""

    reads: float
    error: float


@cache
def phones(design: interference.Design, burn: int = 0, window: int = 1) -> Design:
    """Mean and standard deviation over 100 simulated four-week tests on phones."""
    arrivals = np.full(PHONE_REGIONS, PHONES_A_DAY / PHONE_REGIONS)
    rng = np.random.default_rng(SEED)
    runs = [
        interference.simulate(design, PHONES, PHONE_GAIN, arrivals, rng, burn=burn, window=window, drift=PHONE_DRIFT)
        for _ in range(RUNS)
    ]
    return Design(float(np.mean(runs)), float(np.std(runs, ddof=1)))


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
    """Dollars a day of what lasts on phones, at the mean net fee."""
    return phones_truth() * PHONES_A_DAY * PHONES.sold * marketplace.net_fee


def phones_seeming() -> float:
    """Dollars a day that the test by user seems to promise on phones."""
    return PHONE_GAIN * PHONES_A_DAY * PHONES.sold * marketplace.net_fee


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
    """Traffic that fees per visitor need over that purchases per search need, for the same change."""
    return (visible("fees") / visible("purchases")) ** 2


def phone_regions_needed() -> float:
    """Regions with which the last two weeks would see what they read in the closed form, 80 % power, by the square of the noise."""
    reads = PHONE_GAIN * PHONES.after(14, 28)
    return PHONE_REGIONS * (z_sum() * phones("region", 14).error / reads) ** 2


# Prompt: how long do we run it

HOME_COST = 150.0  # dollars a day to run the new home page
HOME_TROUBLE = 50.0  # dollars a day on top, below which nobody would miss it
HOME_INFLATION = {
    7: 1.2,
    14: 1.3,
    21: 1.38,
}  # true variance over the textbook one, from A/A tests on last quarter's log


def home_per_percent() -> float:
    """Dollars a day of one percent more purchases from the home page, at the fee less disputes."""
    return 0.01 * marketplace.home_views_per_day * marketplace.home_purchase_rate * marketplace.net_fee


def home_worth() -> float:
    """Lasting relative change that pays the running cost and is worth the trouble."""
    return (HOME_COST + HOME_TROUBLE) / (100 * home_per_percent())


def home_must_show() -> float:
    """Change a test by user must show so that a quarter of it is worth launching."""
    return home_worth() / WHOLE.lasting()


def home_breaks_even() -> float:
    """Change a test by user shows when a quarter of it just pays the running cost."""
    return HOME_COST / (100 * home_per_percent()) / WHOLE.lasting()


def home_first_year() -> float:
    """Change a test must show when the first year's mean counts instead of what lasts."""
    return home_worth() / WHOLE.after(0, 365)


def home_visible(days: int) -> float:
    """Smallest relative change of purchases per home view that half and half sees in so many days."""
    p = marketplace.home_purchase_rate
    return power.visible(math.sqrt(HOME_INFLATION[days] * (1 - p) / p), marketplace.home_views_per_day * days)


def home_calculator_days(lift: float = 0.02) -> float:
    """Days by a sample-size calculator that takes every view for a user."""
    return power.total_users(marketplace.home_purchase_rate, lift) / marketplace.home_views_per_day


def home_line(days: int) -> float:
    """Estimate from which the page launches: significant, and above break-even."""
    return max(NormalDist().inv_cdf(0.975) * home_visible(days) / z_sum(), home_breaks_even())


def home_passes(effect: float, days: int) -> float:
    """Chance that a true shown change comes out at or above that line."""
    return NormalDist().cdf((effect - home_line(days)) / (home_visible(days) / z_sum()))


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


def danish_worth() -> float:
    """Dollars a day of 1.5 points more resolved in Danish: handovers that don't happen."""
    return DANISH_A_DAY * RESOLVED_GAIN * assistant.handover_cost


# Further lines of the page


def calculator_days() -> float:
    """Days by the formula that takes every search for a person of its own."""
    p = marketplace.search_purchase_rate
    searches = (z_sum() / worth_launching()) ** 2 * 4 * (1 - p) / p
    return searches / marketplace.searches_per_day


def disputes_visible(days: int = 28, share: float = 0.5) -> float:
    """Smallest relative change of disputes per purchase from search, purchases taken as independent."""
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


def by_search_saves(metric: Metric) -> float:
    """Share of the variance that repetition by users adds, and that a split by search could save at most."""
    return 1 - 1 / understated(metric)


def danish_offline(gain: float = 0.03, differ: float = 0.08) -> float:
    """Questions to see a paired gain of 3 points where 8 % of questions differ."""
    return (z_sum() / gain) ** 2 * (differ - gain**2)


def danish_missed_harm(days: int = KEPT_DAYS) -> float:
    """Dollars a day of a fall in resolved questions just small enough to be missed."""
    return danish_visible(days) / 100 * DANISH_A_DAY * assistant.wrong_answer_cost


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
    """How many times the error by regions' late sales is that by the share sold."""
    return phones("region", 14).error / phones_followed().error


def phones_must_last(cost: float = 100.0) -> float:
    """Lasting relative change in phone sales that pays so many dollars a day."""
    return cost / (PHONES_A_DAY * PHONES.sold * marketplace.net_fee)


def phones_ceiling() -> float:
    """Dollars a day if every phone sold."""
    return PHONES_A_DAY * (1 - PHONES.sold) * marketplace.net_fee


def phones_once() -> float:
    """Dollars earned once while the stock of phones falls: the fading part of the gain, over the stock's memory."""
    fading = PHONE_GAIN * (1 - PHONES.lasting()) * PHONES.memory()
    return fading * PHONES_A_DAY * PHONES.sold * marketplace.net_fee


def danish_line(days: int = KEPT_DAYS) -> float:
    """Fall in points from which the interval lies below zero: 1.96 standard errors."""
    return NormalDist().inv_cdf(0.975) * danish_visible(days) / z_sum()


def switchback_power() -> float:
    """Power of three-hour windows, the first hour not counted, over two weeks."""
    best = switchback(3, 1)
    return power.power_of(-best.reads, best.error)


def disputes_eat() -> float:
    """Relative rise in disputes on purchases from search that costs as much as the ranker is to bring."""
    return 0.1 * (COST_A_DAY + TROUBLE) / disputes_cost()


def netted_over_purchases() -> float:
    """Traffic for the fee less disputes per search over that for purchases per search: mean square over square of the mean of a purchase's dollars."""
    mean, d = marketplace.net_fee, marketplace.dispute_rate
    return 1 + d * (1 - d) * marketplace.dispute_cost**2 / mean**2


def visible_by_root(known: int, days: int) -> float:
    """What the root of time promises for so many days, from the visible change of purchases in a known number of days."""
    return visible("purchases", known) * math.sqrt(known / days)
