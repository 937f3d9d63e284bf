"""The worked numbers of one design. Serves docs/systems/forecasting.md.

A grocer's premises are constants in capitals, said as given on the page. Money is dollars, demand is pieces of one product in one
store on one day, a line is one product in one store. Demand is negative binomial (`orders.demand_chances`): nearly all is closed form.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from snippets.experiments.clusters import cluster_error
from snippets.framing.pilot import z_sum
from snippets.lifecycle import storage
from snippets.metrics.regression import quantile_for_costs
from snippets.systems import orders
from snippets.systems.orders import Outcome, Sale, backtest, demand_chances, expected, last_week, order_for

if TYPE_CHECKING:
    from collections.abc import Mapping

NORMAL = NormalDist()

# Given on the page
STORES = 200
PRODUCTS = 8_000
DAY_FRESH = 400  # products that are sold on one day and thrown away in the evening
SHORT = 1.20  # dollars of margin lost when a piece was wanted and the shelf was empty
OVER = 1.80  # dollars for a piece thrown away: its cost and the disposal
PRICE = 3.00
SPEEDS = {
    "fast": (100, 20.0),
    "medium": (200, 6.0),
    "slow": (100, 0.8),
}  # day-fresh products a store, demand a day of each
PEOPLE_CV = 0.30  # how far a manager's guess of the rate is off, relative
PEOPLE_EXTRA = 0.10  # ordered beyond the guess, "so that the shelf looks full"
NAIVE_CV = 0.35  # the same for last week's order of the same weekday
MODEL_CV = 0.25  # the same for the model
TARGET = 0.98  # availability that the chief operating officer asks for
AMBIENT_SHORT, AMBIENT_OVER = 0.90, 0.01  # dollars; a tin left over costs a cent a day
AMBIENT_MEAN = 4.0  # tins a day
COMMON = 0.10  # error of two days' demand that all stores share
EXPLORED = 0.001  # share of fast and medium lines that are ordered at the upper quantile on purpose
EXPLORED_QUANTILE = 0.90
DAY_SHOCK = 0.05  # of a day's demand, common to all lines: weather, pay day
NEW_CV = 0.60  # error of a new product's forecast from its look-alikes
STORE_SPREAD = 0.30  # standard deviation of stores' mean profit over their mean
STORE_MEMORY = 0.97  # correlation of a store's profit in two periods of eight weeks
MEASURED_SPREAD = 0.20  # relative error of the model if it knew the weather
WEATHER_SPREAD = 0.20  # share of demand that the weather moves, one standard deviation
WEATHER_KNOWN = 0.5  # part of that variance which the forecast two days ahead explains
FEATURES = 150
SCORE_SECONDS = 30e-6  # seconds of one core for one row through the trees
LOCAL_SECONDS = 0.4  # seconds of one core to fit one model of one line
CORES = 16
FEATURE_MINUTES = 45.0  # minutes of that machine for the night's features
MACHINE_HOUR = 0.80  # dollars
ROW_BYTES = 40  # a line's day in the history: keys, sold, stock-out hour, price, promotion, when known
OLD_CV = 0.28  # error of the model before, in the debugging prompt
PILOT = 40  # stores in that pilot
PHANTOM = 0.05  # share of days on which the record says in stock and the shelf is empty for the second half of demand


def hundred(share: float) -> float:
    """A share in points, or dollars in cents."""
    return 100 * share


# The order


def ratio(short: float = SHORT, over: float = OVER) -> float:
    """Critical ratio: the cost of a piece short over the cost of a piece short plus that of one left."""
    return quantile_for_costs(short, over)


@cache
def chances(mean: float, cv: float) -> tuple[float, ...]:
    """Demand of a line, cached."""
    return tuple(demand_chances(mean, cv))


def right_order(mean: float, cv: float = MODEL_CV, short: float = SHORT, over: float = OVER) -> int:
    """Pieces to order: the quantile of demand at the critical ratio."""
    return order_for(chances(mean, cv), short, over)


def day(order: int, mean: float, cv: float = MODEL_CV) -> Outcome:
    """A day of one line with this order."""
    return expected(chances(mean, cv), order)


def cost(order: int, mean: float, cv: float = MODEL_CV, short: float = SHORT, over: float = OVER) -> float:
    """Dollars a day of one line for pieces short and pieces left."""
    got = day(order, mean, cv)
    return short * got.lost + over * got.wasted


def profit(order: int, mean: float, cv: float = MODEL_CV) -> float:
    """Dollars a day of one line: margin of what is sold less what is thrown away."""
    got = day(order, mean, cv)
    return SHORT * got.sold - OVER * got.wasted


class Total(NamedTuple):
    """A day of the day-fresh lines of all stores."""

    delivered: float
    wasted: float
    lost: float
    cost: float
    profit: float


RULES = (
    "people",
    "people, nothing added",
    "people, right quantile",
    "model, mean",
    "model, right quantile",
    "model, 98 %",
    "last week's order",
)


def order_by(rule: str, mean: float) -> tuple[int, float]:
    """Order of a line by a rule, and the error of the forecast behind it."""
    if rule == "people":
        return round(mean * (1 + PEOPLE_EXTRA)), PEOPLE_CV
    if rule == "people, nothing added":
        return round(mean), PEOPLE_CV
    if rule == "people, right quantile":
        return right_order(mean, PEOPLE_CV), PEOPLE_CV
    if rule == "last week's order":
        return right_order(mean, NAIVE_CV), NAIVE_CV
    if rule == "model, mean":
        return round(mean), MODEL_CV
    if rule == "model, 98 %":
        return order_for(chances(mean, MODEL_CV), TARGET, 1 - TARGET), MODEL_CV
    return right_order(mean), MODEL_CV


@cache
def total(rule: str) -> Total:
    """A day of all day-fresh lines under a rule."""
    sums = np.zeros(5)
    for products, mean in SPEEDS.values():
        order, cv = order_by(rule, mean)
        got = day(order, mean, cv)
        row = (order, got.wasted, got.lost, cost(order, mean, cv), profit(order, mean, cv))
        sums += STORES * products * np.array(row)
    return Total(*(float(x) for x in sums))


def lines() -> int:
    """Day-fresh lines: products times stores."""
    return STORES * DAY_FRESH


def demand_a_day() -> float:
    """Pieces of day-fresh demand a day, all stores."""
    return STORES * sum(products * mean for products, mean in SPEEDS.values())


def saved(before: str = "people", after: str = "model, right quantile") -> float:
    """Dollars a day that one rule saves against another."""
    return total(before).cost - total(after).cost


def saved_a_year(before: str = "people", after: str = "model, right quantile") -> float:
    """The same in a year."""
    return 365 * saved(before, after)


def share_from_rule() -> float:
    """Share of the saving that people's own forecast brings once the right quantile of it is ordered."""
    return saved(after="people, right quantile") / saved()


def share_from_habit() -> float:
    """Part of the saving that comes from leaving out what people add to their own guess."""
    return saved(after="people, nothing added") / saved()


def share_from_quantile() -> float:
    """Part of the saving that comes from ordering the quantile of people's guess and not the guess."""
    return share_from_rule() - share_from_habit()


def wasted_share(rule: str) -> float:
    """Pieces thrown away over pieces delivered."""
    return total(rule).wasted / total(rule).delivered


def sold_share(rule: str) -> float:
    """Share of demand that is served."""
    return 1 - total(rule).lost / demand_a_day()


def listed_from() -> float:
    """Mean demand a day below which the right order of a day-fresh product is zero, if demand is Poisson."""
    return -math.log(ratio())


def slow_saved() -> float:
    """Dollars a day saved by not stocking the slow lines, of which people order one piece each."""
    products, mean = SPEEDS["slow"]
    return -STORES * products * profit(1, mean, PEOPLE_CV)


def implied_price(target: float = TARGET) -> float:
    """What a piece short would have to cost for this availability to be the right one."""
    return OVER * target / (1 - target)


def point_of_error(cv: float = MODEL_CV, less: float = 0.01) -> float:
    """Dollars a day for a forecast whose relative error is a point smaller, all orders at the right quantile."""

    def bill(error: float) -> float:
        return STORES * sum(n * cost(right_order(m, error), m, error) for n, m in SPEEDS.values())

    return bill(cv) - bill(cv - less)


def people_act_as_if() -> float:
    """Cost of a piece short at which people's order of a fast line would be right for their own forecast."""
    order, cv = order_by("people", 20.0)
    below = sum(chances(20.0, cv)[: order + 1])
    return implied_price(below)


class Priced(NamedTuple):
    """The right orders at another cost of a piece short, all day-fresh lines."""

    ratio: float
    served: float
    wasted: float
    saved: float
    by_rule: float


def at_price(short: float) -> Priced:
    """Ratio, demand served, deliveries wasted, dollars a day saved against people, and of these without a model.

    All for a piece short at this price; without a model means the right quantile of people's own guess.
    """
    served = wasted = delivered = gained = ruled = 0.0
    for products, mean in SPEEDS.values():
        order = right_order(mean, short=short)
        got, (by_people, cv) = day(order, mean), order_by("people", mean)
        served += products * got.sold
        wasted += products * got.wasted
        delivered += products * order
        today = cost(by_people, mean, cv, short)
        gained += products * (today - cost(order, mean, short=short))
        ruled += products * (today - cost(right_order(mean, cv, short), mean, cv, short))
    return Priced(ratio(short), STORES * served / demand_a_day(), wasted / delivered, STORES * gained, STORES * ruled)


def launch_moves(before: str = "people", after: str = "model, right quantile") -> float:
    """Relative change of the pieces ordered, from one rule to another."""
    return total(after).delivered / total(before).delivered - 1


def refused(order: int, mean: float, cv: float = MODEL_CV) -> float:
    """Share of days on which somebody asks in vain: the chance of more demand than the order."""
    return day(order + 1, mean, cv).empty


# Shelf life


class Life(NamedTuple):
    """Best order-up-to level for a shelf life, and what a day then looks like."""

    level: int
    empty: float
    refused: float
    wasted: float
    cost: float


@cache
def shelf_life(days: int, newest_first: bool = False, mean: float = 6.0, seed: int = 1) -> Life:
    """Best order-up-to level for a product that sells for so many days, by simulation of 300 stores and 120 days.

    Ordered each night for the morning after the next: level − (what is left + what comes tomorrow). Demand has the model's error.
    Customers take the oldest or the newest first. The first 30 days don't count. All levels see the same demand.
    """
    rng = np.random.default_rng(seed)
    levels = np.arange(int(mean), int(4.5 * mean) + 3)
    stock = np.zeros((days, len(levels), 300))
    tomorrow = np.full(stock.shape[1:], mean)
    later = tomorrow.copy()
    sums = np.zeros((4, len(levels)))
    for today in range(120):
        stock[-1] = tomorrow
        left = np.broadcast_to(rng.poisson(mean * rng.gamma(MODEL_CV**-2, MODEL_CV**2, 300)), stock.shape[1:]).astype(
            float
        )
        for age in range(days - 1, -1, -1) if newest_first else range(days):
            taken = np.minimum(left, stock[age])
            stock[age] -= taken
            left -= taken
        if today >= 30:
            gone, missed = stock.sum(axis=0) == 0, left > 0
            sums += [part.mean(axis=1) for part in (gone, missed, stock[0], left)]
        stock[:-1], stock[-1] = stock[1:].copy(), 0
        tomorrow, later = later, np.maximum(0, levels[:, None] - stock.sum(axis=0) - later)
    empty, refused, wasted, lost = sums / 90
    bill = SHORT * lost + OVER * wasted
    best = int(bill.argmin())
    return Life(
        int(levels[best]), float(empty[best]), float(refused[best]), float(wasted[best] / mean), float(bill[best])
    )


def one_day(mean: float = 6.0) -> Life:
    """The same for a product that sells on one day: no simulation needed."""
    order = right_order(mean)
    got = day(order, mean)
    return Life(order, got.empty, refused(order, mean), got.wasted / mean, cost(order, mean))


def newest_takes() -> float:
    """Share of what two more days of life save that is lost again when customers take the newest first."""
    best, worst = shelf_life(3).cost, shelf_life(3, newest_first=True).cost
    return (worst - best) / (one_day().cost - best)


# What sales hide


def sales_chances(mean: float, cv: float, order: int) -> list[float]:
    """Chance of each number sold when so many are there."""
    demand = chances(mean, cv)
    return [*demand[:order], sum(demand[order:])]


def moments(weights: list[float] | tuple[float, ...]) -> tuple[float, float]:
    """Mean and variance of 0, 1, 2 … with these weights, which need not add up to 1."""
    n, w = np.arange(len(weights)), np.array(weights)
    mean = float((n * w).sum() / w.sum())
    return mean, float((n * n * w).sum() / w.sum() - mean**2)


def fitted_order(mean: float, variance: float, short: float = SHORT) -> int:
    """Right order for a negative binomial with these two moments; Poisson where the variance is smaller."""
    if mean <= 0:
        return 0
    return right_order(mean, math.sqrt(max(0.0, variance - mean)) / mean, short)


def in_stock_share(mean: float, cv: float, order: int) -> float:
    """Expected share of the day's demand profile that passes before the shelf is empty."""
    steps = (np.arange(400) + 0.5) / 400
    return float(np.mean([sum(chances(mean * float(t), cv)[:order]) for t in steps]))


WAYS = ("sales", "full days", "per hour", "likelihood")


def next_order(way: str, order: int, mean: float = 20.0, short: float = SHORT) -> int:
    """Order after learning from unlimited days with this order, by one way of reading them."""
    if order < 1:
        return 0
    sales = sales_chances(mean, MODEL_CV, order)
    if way == "sales":
        return fitted_order(*moments(sales), short)
    if way == "full days":
        return fitted_order(*moments(sales[:-1]), short)
    if way == "per hour":
        return right_order(moments(sales)[0] / in_stock_share(mean, MODEL_CV, order), short=short)
    return right_order(mean, short=short)


@cache
def spiral(way: str, rounds: int, mean: float = 20.0, short: float = SHORT) -> int:
    """Order after so many rounds, each trained on what the round before sold, beginning with the right order."""
    order = right_order(mean, short=short)
    for _ in range(rounds):
        order = next_order(way, order, mean, short)
    return order


def spiral_at_target(rounds: int) -> int:
    """The same for sales taken as demand, when the order aims at the availability asked for."""
    return spiral("sales", rounds, short=implied_price())


def spiral_cost(way: str, rounds: int, mean: float = 20.0) -> float:
    """Profit a day of one fast line that the order of this round loses against the right one."""
    return profit(right_order(mean), mean) - profit(spiral(way, rounds, mean), mean)


def spiral_cost_all(way: str, rounds: int) -> float:
    """The same for all fast lines, dollars a day."""
    return STORES * SPEEDS["fast"][0] * spiral_cost(way, rounds)


def sales_error(rounds: int, mean: float = 20.0) -> float:
    """WAPE of the sales forecast that this round makes, on the sales that its own order allows.

    The forecast is the median of the distribution fitted to the round before.
    """
    before = spiral("sales", rounds - 1, mean)
    fit = moments(sales_chances(mean, MODEL_CV, before))
    said = order_for(demand_chances(fit[0], math.sqrt(max(0.0, fit[1] - fit[0])) / fit[0]), 1, 1)
    order = spiral("sales", rounds, mean)
    weights = sales_chances(mean, MODEL_CV, order)
    said = min(said, order)
    return sum(abs(n - said) * w for n, w in enumerate(weights)) / moments(weights)[0]


def empty_share(order: int, mean: float = 20.0) -> float:
    """Share of days on which this order sells out."""
    return day(order, mean).empty


def backtest_choice(order: int, mean: float = 20.0) -> int:
    """Order that costs least when sales under this order are taken for demand: never more than this order."""
    return order_for(sales_chances(mean, MODEL_CV, order), SHORT, OVER)


def per_hour_bias(order: int, mean: float = 20.0, cv: float = MODEL_CV) -> float:
    """Error of sales over time in stock as an estimate of demand, relative."""
    return moments(sales_chances(mean, cv, order))[0] / in_stock_share(mean, cv, order) / mean - 1


def stopped(rng: np.random.Generator, mean: float, cv: float, order: int, days: int) -> tuple[list[float], list[float]]:
    """Sold and share of the day in stock, drawn customer by customer, for so many days."""
    rate = mean * rng.gamma(cv**-2, cv**2, days)
    nth = rng.gamma(order, 1 / rate)  # when the last piece would go
    sold = np.where(nth < 1, order, 0).astype(float)
    for i in np.flatnonzero(nth >= 1):
        sold[i] = rng.binomial(order - 1, 1 / nth[i])  # earlier sales lie evenly before the last one
    return sold.tolist(), np.minimum(nth, 1).tolist()


@cache
def estimate_error(
    order: int, days: int = 28, series: int = 300, mean: float = 20.0, seed: int = 3
) -> tuple[float, float]:
    """Bias and standard deviation, relative, of the censored estimate from so many days, by simulation."""
    rng = np.random.default_rng(seed)
    found = [orders.rate_in_stock(*stopped(rng, mean, MODEL_CV, order, days), MODEL_CV) for _ in range(series)]
    return float(np.mean(found) / mean - 1), float(np.std(found) / mean)


@cache
def ratchet(rounds: int, days: int = 28, series: int = 2_000, mean: float = 20.0, seed: int = 4) -> float:
    """Mean order after so many rounds when each takes the quantile of the last four weeks' sales, by simulation."""
    rng = np.random.default_rng(seed)
    level = np.full(series, right_order(mean))
    for _ in range(rounds):
        demand = rng.poisson(mean * rng.gamma(MODEL_CV**-2, MODEL_CV**2, (days, series)))
        sales = np.sort(np.minimum(demand, level), axis=0)
        level = sales[math.ceil(ratio() * days) - 1]
    return float(level.mean())


def phantom_bias() -> float:
    """Error of the estimate when some days' empty shelves are recorded as in stock, roughly: the demand they hide."""
    return -PHANTOM / 2


def explored_lines() -> float:
    """Lines a night ordered at the upper quantile on purpose."""
    return EXPLORED * STORES * (SPEEDS["fast"][0] + SPEEDS["medium"][0])


def explored_precision(share: float = EXPLORED, days: int = 28) -> float:
    """Standard error of seen over forecast pieces on such lines: own noise averages out over lines, a day's shock doesn't."""
    groups = [SPEEDS["fast"], SPEEDS["medium"]]
    pieces = share * STORES * sum(n * mean for n, mean in groups)
    own = share * STORES * sum(n * (mean + (MODEL_CV * mean) ** 2) for n, mean in groups)
    return math.sqrt((own / pieces**2 + DAY_SHOCK**2) / days)


def judged_down(order: int, mean: float = 20.0) -> float:
    """Share of days on which a lowered order leaves something, so that what the higher one would have sold is known."""
    return 1 - empty_share(order, mean)


def exploration_cost(share: float = EXPLORED) -> float:
    """Dollars a day for ordering that share of lines at the upper quantile: fast and medium lines, drawn alike."""
    extra = 0.0
    for name in ("fast", "medium"):
        products, mean = SPEEDS[name]
        extra += products * (cost(upper_order(mean), mean) - cost(right_order(mean), mean))
    return share * STORES * extra


def explored_seen(mean: float = 20.0) -> float:
    """Share of days on which the upper quantile shows the whole demand."""
    return 1 - empty_share(upper_order(mean), mean)


def explored_share() -> float:
    """Pieces that explored lines should sell over pieces wanted: the upper quantile still hides a little."""
    wanted = hidden = 0.0
    for name in ("fast", "medium"):
        products, mean = SPEEDS[name]
        wanted += products * mean
        hidden += products * day(upper_order(mean), mean).lost
    return 1 - hidden / wanted


@cache
def misread(spread: float = MODEL_CV, bend: float = 1.0, days: int = 100_000, seed: int = 9) -> float:
    """Error of the censored estimate of a fast line if it assumes another spread, or takes a share w of the day for w ** bend.

    Relative to the estimate with the right ones from the same days, by simulation at the right order.
    """
    sold, share = (np.array(x) for x in stopped(np.random.default_rng(seed), 20.0, MODEL_CV, 18, days))

    def found(cv: float, power: float) -> float:
        seen, low, high = share**power, 5.0, 60.0
        for _ in range(40):
            rate = (low + high) / 2
            up = (sold - rate * seen * (1 + cv**2 * sold) / (1 + cv**2 * rate * seen)).sum() > 0
            low, high = (rate, high) if up else (low, rate)
        return low

    return found(spread, bend) / found(MODEL_CV, 1.0) - 1


# Metrics and the forecast each asks for


def asked_by(metric: str, mean: float, cv: float = MODEL_CV) -> int:
    """Whole number that minimizes the expected metric on a line: MAPE leaves out days without demand."""
    p = np.array(chances(mean, cv))
    n = np.arange(len(p))

    def error(level: int) -> float:
        if metric == "MAPE":
            return float((np.abs(n[1:] - level) / n[1:] * p[1:]).sum())
        if metric == "WAPE":
            return float((np.abs(n - level) * p).sum())
        return float(((n - level) ** 2 * p).sum())

    return min(range(len(p)), key=error)


def metric_loses(metric: str, speed: str) -> float:
    """Profit a day of a line lost by ordering what the metric asks for, against the right order."""
    mean = SPEEDS[speed][1]
    return cost(asked_by(metric, mean), mean) - cost(right_order(mean), mean)


def other_ratio(short: float = 9 * OVER, mean: float = 20.0) -> int:
    """Right order of a fast line if a piece short cost nine times a piece left."""
    return right_order(mean, short=short)


# Sums


def ambient_ratio() -> float:
    """Critical ratio of a tin that keeps."""
    return ratio(AMBIENT_SHORT, AMBIENT_OVER)


def ambient_mean() -> float:
    """Tins over the two days that one order has to cover."""
    return 2 * AMBIENT_MEAN


def ambient_level() -> int:
    """Order-up-to level of one store: the quantile of two days' demand."""
    return right_order(ambient_mean(), MODEL_CV, AMBIENT_SHORT, AMBIENT_OVER)


def sum_of_levels() -> int:
    """All stores' levels added up."""
    return STORES * ambient_level()


def level_of_sum() -> float:
    """Quantile of all stores' demand together: own errors average out, the common one does not (normal approximation)."""
    mean = ambient_mean()
    own = mean + (MODEL_CV**2 - COMMON**2) * mean**2
    spread = math.sqrt(STORES * own + (STORES * mean * COMMON) ** 2)
    return STORES * mean + NORMAL.inv_cdf(ambient_ratio()) * spread


def sum_too_high() -> float:
    """How far the sum of the stores' quantiles lies above the quantile of their sum, relative."""
    return sum_of_levels() / level_of_sum() - 1


# Known ahead or only afterwards


def served_spread() -> float:
    """Relative error once the weather is forecast instead of measured."""
    return math.sqrt(MEASURED_SPREAD**2 + (1 - WEATHER_KNOWN) * WEATHER_SPREAD**2)


def covered(quantile: float = 0.90) -> float:
    """Share of days that a quantile learned with measured weather covers once only a forecast of it is there (normal)."""
    return NORMAL.cdf(NORMAL.inv_cdf(quantile) * MEASURED_SPREAD / served_spread())


# New products


def after_days(days: int, mean: float = 20.0) -> float:
    """Relative error of a new product's forecast after so many whole days seen."""
    level = NEW_CV**2 - MODEL_CV**2
    noise = 1 / mean + MODEL_CV**2
    return math.sqrt(MODEL_CV**2 + 1 / (1 / level + days / noise))


def new_order(days: int, mean: float = 20.0, short: float = SHORT) -> int:
    """Right order after so many days."""
    return right_order(mean, after_days(days, mean), short)


def new_cost(days: int, mean: float = 20.0) -> float:
    """Dollars a day of a fast line that not knowing it costs, after so many days."""
    return cost(new_order(days, mean), mean, after_days(days, mean)) - cost(right_order(mean), mean)


def new_full_shelf(mean: float = 20.0) -> float:
    """Dollars a day that a new fast line costs more at its 0.9 quantile than at the right order, on the first day."""
    full = order_for(chances(mean, NEW_CV), EXPLORED_QUANTILE, 1 - EXPLORED_QUANTILE)
    return cost(full, mean, NEW_CV) - cost(new_order(0, mean), mean, NEW_CV)


def country_cost(days: int) -> float:
    """Dollars a day of not knowing any line, for as many stores and products, fast and medium lines."""
    return STORES * sum(SPEEDS[name][0] * new_cost(days, SPEEDS[name][1]) for name in ("fast", "medium"))


# Promotions


def promotion_unknown(times: float = 2.0, mean: float = 20.0) -> float:
    """Dollars a day of a fast line whose demand is this many times the forecast's, because a promotion was not known."""
    return cost(right_order(mean), times * mean) - cost(right_order(times * mean), times * mean)


def promotion_cancelled(times: float = 2.0, mean: float = 20.0) -> float:
    """The same for an order made for a promotion that did not run."""
    return cost(right_order(times * mean), mean) - cost(right_order(mean), mean)


# Comparing stores, watching


def visible_change(stores: int = STORES, memory: float = STORE_MEMORY) -> float:
    """Smallest relative change of profit that half of so many stores show in eight weeks (5 % two-sided, 80 % power)."""
    return z_sum() * cluster_error(stores, STORE_SPREAD, 0.0, 1, memory)


def pilot_visible() -> float:
    """The same for the pilot's stores against all others: as many as a half-and-half split with this harmonic mean."""
    return visible_change(round(4 / (1 / PILOT + 1 / (STORES - PILOT))))


def gain(before: str = "people", after: str = "model, right quantile") -> float:
    """Relative change of day-fresh profit from one rule to another."""
    return total(after).profit / total(before).profit - 1


def gain_of_a_point() -> float:
    """Relative change of profit from a forecast whose error is one point smaller."""
    return point_of_error() / total("model, right quantile").profit


def left_share(mean: float = 20.0) -> float:
    """Share of days on which something should be left: the chance of less demand than the order."""
    return 1 - empty_share(right_order(mean), mean)


def left_noise_if_independent() -> float:
    """Standard deviation of that share over the fast lines of a day, were they independent."""
    share = left_share()
    return math.sqrt(share * (1 - share) / (STORES * SPEEDS["fast"][0]))


def left_moves_by() -> float:
    """What a common shock of one standard deviation does to that share."""
    order = right_order(20.0)
    return day(order, 20.0 * (1 + DAY_SHOCK)).empty - day(order, 20.0).empty


def left_visible(days: int = 28) -> float:
    """Change of that share which four standard deviations of a mean over so many days allow to see."""
    return 4 * left_moves_by() / math.sqrt(days)


def bias_seen() -> float:
    """What a model that forecasts a tenth too much does to that share."""
    return left_share() - (1 - day(right_order(22.0), 20.0).empty)


def doubled_cost(factor: float = 2.0) -> float:
    """Dollars that one night's file costs when all orders are multiplied, against the right file."""
    extra = 0.0
    for products, mean in SPEEDS.values():
        order = right_order(mean)
        extra += products * (cost(round(order * factor), mean) - cost(order, mean))
    return STORES * extra


def fallback_cost() -> float:
    """Dollars a day more with last week's file of the same weekday."""
    return total("last week's order").cost - total("model, right quantile").cost


# Debugging: error fell, waste rose


class Pilot(NamedTuple):
    """A day of the fast and medium lines of the pilot's stores."""

    error: float
    delivered: float
    sold: float
    wasted: float
    lost: float
    cost: float
    profit: float
    empty: float


def pilot(cv: float, median: bool) -> Pilot:
    """Forty stores when the forecast's error is `cv`, and the right quantile or the median is ordered.

    `error` is WAPE of the number that is ordered, `empty` the share of lines sold out.
    """
    sums = np.zeros(7)
    for name in ("fast", "medium"):
        products, mean = SPEEDS[name]
        order = order_for(chances(mean, cv), 1, 1) if median else right_order(mean, cv)
        got = day(order, mean, cv)
        row = (order, got.sold, got.wasted, got.lost, cost(order, mean, cv), profit(order, mean, cv), got.empty)
        sums += PILOT * products * np.array(row)
    delivered, sold, wasted, lost, bill, earned, empty = (float(x) for x in sums)
    count = PILOT * sum(SPEEDS[name][0] for name in ("fast", "medium"))
    return Pilot((wasted + lost) / (sold + lost), delivered, sold, wasted, lost, bill, earned, empty / count)


def before() -> Pilot:
    """The old model, at the right quantile."""
    return pilot(OLD_CV, median=False)


def after() -> Pilot:
    """The new model, trained on absolute error, so the median is what it gives."""
    return pilot(MODEL_CV, median=True)


def mended() -> Pilot:
    """The new model's distribution, at the right quantile."""
    return pilot(MODEL_CV, median=False)


def change(field: str, old: Pilot | None = None, new: Pilot | None = None) -> float:
    """Relative change of one field from one pilot to the other; without them, from the old model to the new."""
    return float(getattr(new or after(), field) / getattr(old or before(), field) - 1)


def pilot_moves_by() -> float:
    """What a common shock of one standard deviation does to the share sold out of the pilot's lines, at the new orders."""
    moved = count = 0.0
    for name in ("fast", "medium"):
        products, mean = SPEEDS[name]
        order = order_for(chances(mean, MODEL_CV), 1, 1)
        moved += products * (day(order, mean * (1 + DAY_SHOCK)).empty - day(order, mean).empty)
        count += products
    return moved / count


# Capacity


def all_lines() -> int:
    """Products times stores."""
    return STORES * PRODUCTS


def rows_a_night(stores: int = STORES) -> int:
    """Rows scored a night: every line for tomorrow and the day after."""
    return 2 * stores * PRODUCTS


def scoring_seconds(stores: int = STORES) -> float:
    """Seconds of the whole machine for the night's scores."""
    return rows_a_night(stores) * SCORE_SECONDS / CORES


def feature_bytes() -> float:
    """Bytes of the night's feature table."""
    return storage.table_bytes(rows_a_night(), FEATURES)


def history_bytes(years: int = 3) -> float:
    """Bytes of the history, a row for each line and day."""
    return all_lines() * 365 * years * ROW_BYTES


def training_rows() -> float:
    """Rows of a year of the 2,000 products that perish, one in four kept."""
    return STORES * 2_000 * 365 / 4


def training_bytes() -> float:
    """Bytes of that table with its features."""
    return storage.table_bytes(training_rows(), FEATURES)


def local_hours() -> float:
    """Hours of the machine to fit one model a line."""
    return all_lines() * LOCAL_SECONDS / CORES / 3600


def night_minutes() -> float:
    """Minutes from the last till to the order file: 30 for reports and checks, features, scores, 10 for orders and caps."""
    return 30 + FEATURE_MINUTES + scoring_seconds() / 60 + 10


def night_cost() -> float:
    """Dollars a night for two such machines, four hours each."""
    return 2 * 4 * MACHINE_HOUR


def ten_times_cost() -> float:
    """Dollars a night for ten times the stores: ten machines side by side and two spares, four hours each."""
    return 12 * 4 * MACHINE_HOUR


# Decision: one availability for all


def target_costs() -> float:
    """Dollars a day that the availability asked for costs beyond the right orders, day-fresh lines."""
    return total("model, 98 %").cost - total("model, right quantile").cost


def implied_ambient() -> float:
    """What a missing tin would have to cost for this availability to be the right one."""
    return AMBIENT_OVER * TARGET / (1 - TARGET)


def right_availability() -> float:
    """Share of all lines of which nobody asks in vain, at their right orders: tins, three-day goods, day-fresh."""
    fresh_day = sum(n * (1 - refused(right_order(m), m)) for n, m in SPEEDS.values())
    tins = 6_000 * (1 - refused(ambient_level(), ambient_mean()))
    return (tins + 1_600 * (1 - shelf_life(3).refused) + fresh_day) / PRODUCTS


def needed_of_fresh() -> float:
    """Availability of day-fresh lines that an average of 98 % needs when all other lines have 100 %."""
    return (TARGET * PRODUCTS - (PRODUCTS - DAY_FRESH)) / DAY_FRESH


def upper_order(mean: float = 20.0) -> int:
    """Order at the quantile that exploring uses."""
    return order_for(chances(mean, MODEL_CV), EXPLORED_QUANTILE, 1 - EXPLORED_QUANTILE)


def raised_cost(order: int, lines_raised: int = 1) -> float:
    """Dollars a day for so many fast lines at this order instead of the right one."""
    return lines_raised * (cost(order, 20.0) - cost(right_order(20.0), 20.0))


@cache
def all_empty(products: int = 8, shared: float = 0.0, raised: bool = False) -> float:
    """Chance that so many like products are all sold out, when this relative error of their rates is common, the rest own.

    Fast lines at their right order; if `raised`, one of them at the upper quantile. The common factor is gamma, cut into 400 slices of equal chance (by simulation's quantiles).
    """
    own = math.sqrt(MODEL_CV**2 - shared**2)
    order = right_order(20.0)
    last = upper_order() if raised else order
    if not shared:
        return empty_share(order) ** (products - 1) * empty_share(last)
    draws = np.random.default_rng(5).gamma(shared**-2, shared**2, 200_000)
    factors = np.quantile(draws, (np.arange(400) + 0.5) / 400)
    days = [demand_chances(20.0 * float(g), own) for g in factors]
    return float(np.mean([sum(day[order:]) ** (products - 1) * sum(day[last:]) for day in days]))


# Coding: a backtest


def example_rows(days: int = 600, seed: int = 7) -> list[Sale]:
    """A line whose level wanders from day to day; of every fifth day a till is missing for two nights."""
    rng = np.random.default_rng(seed)
    week = [0.8, 0.8, 0.9, 1.0, 1.3, 1.5, 0.7]
    level, rows = 0.0, []
    for today in range(days):
        level = 0.9 * level + rng.normal(0, 0.15)
        units = int(rng.poisson(60 * week[today % 7] * math.exp(level)))
        if today % 5 == 0:
            rows.append(Sale(today, round(0.5 * units), today))
            rows.append(Sale(today, units, today + 2))
        else:
            rows.append(Sale(today, units, today))
    return rows


def by_level(past: Mapping[int, float], target: int) -> float | None:
    """Nine tenths of the mean of four same weekdays, times the root of: the last three days over those a week before."""
    last = max(past, default=0)
    wanted = [target - 7 * week for week in range(1, 5)], [last - i for i in range(3)], [last - 7 - i for i in range(3)]
    same, now, then = (sum(past.get(day, math.nan) for day in days) for days in wanted)
    if math.isnan(same + now + then) or not then:
        return None
    return float(0.9 * same / 4 * (now / then) ** 0.5)


def low_last_week(past: Mapping[int, float], target: int) -> float | None:
    """Nine tenths of the same weekday a week before: the seasonal naive, aimed as low as the other."""
    units = last_week(past, target)
    return None if units is None else 0.9 * units


def backtest_ratio(rows: list[Sale], ahead: int = 2) -> float:
    """Pinball loss of that forecast over the seasonal naive's, both a tenth low, on 530 nights."""
    loss = backtest(rows, {"naive": low_last_week, "level": by_level}, range(60, 590), ahead, 0.4)
    return loss["level"] / loss["naive"]


def unaimed_ratio() -> float:
    """The same against the seasonal naive as it is, on the rows as known."""
    loss = backtest(example_rows(), {"naive": last_week, "level": by_level}, range(60, 590), 2, 0.4)
    return loss["level"] / loss["naive"]


def final_rows() -> list[Sale]:
    """The same rows as if the last report had been there on the first night."""
    return [Sale(day, units, day) for day, units in orders.as_known(example_rows(), math.inf).items()]


def demo_backtest() -> None:
    """Print the loss over the seasonal naive's: as known two days ahead, and two ways to fool oneself."""
    print(f"as known, two days ahead   {backtest_ratio(example_rows()):.2f}")
    print(f"final table, two days      {backtest_ratio(final_rows()):.2f}")
    print(f"final table, one day       {backtest_ratio(final_rows(), 1):.2f}")


def demo_spiral() -> None:
    """Print the orders of six rounds by four ways of reading sales."""
    print("round     " + "".join(f"{i:4d}" for i in range(6)))
    for way in ("full days", "sales", "per hour", "likelihood"):
        print(f"{way:<10}" + "".join(f"{spiral(way, i):4d}" for i in range(6)))
