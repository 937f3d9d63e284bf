"""The worked numbers of the page on probability. Serves docs/chapters/experiments/probability.md."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from random import Random
from statistics import NormalDist, pstdev

import numpy as np

from snippets.cases import marketplace, payments
from snippets.experiments import chance

# Given: visits to Marketplace, half of them short and half long, in minutes.
SHORT, LONG = 2.0, 18.0
CALLS = 3.0, 15.0  # minutes of a short and of a long call, as many of each
# Given: an alarm that looks once a day, and is red without a reason on one day in twenty.
RED = 0.05
# Given: the spread of a metric over seeds, in points.
SEED_SPREAD = 0.5
SEEDS = 10
IDS = 2**32
RECALL = 0.80  # given: of the first alarm on Payments
RARE = 0.01  # given: share of a class
BATCH = 64  # given
CLASSES = 20  # given
PER_BATCH = 8  # rows of the rare class in each batch, as the answer draws them
# Given: once a check is red, the chance that it is red again the next day; the share of red days stays the same.
AGAIN = 0.4
# Given: lead of the best new seed over the one old run, in points.
LEAD = 0.5
# Given: payments held for one specialist by the hour, the share that is fraud, and what the specialist can do in an hour.
HELD, HELD_FRAUD, HELD_CAPACITY = 6.0, 1 / 3, 10
QUIET, BUSY = 3.0, 9.0  # given: means of two kinds of hours, equally many
# Supposed: second alarm red, given that the first was, for frauds and for good payments.
SECOND_IF_FRAUD, SECOND_IF_GOOD = 0.9, 0.5

NORMAL = NormalDist()
MIDDLES = [(i + 0.5) / 4_000 for i in range(4_000)]  # quantiles, for means over a normal draw


def mean_visit() -> float:
    """Mean visit by the log, in minutes."""
    return (SHORT + LONG) / 2


def mean_met() -> float:
    """Mean visit of those under way at a random moment, in minutes."""
    return chance.met_at_random([SHORT, LONG], [0.5, 0.5])


def call_met() -> float:
    """Mean length of the calls that are open at a random moment, in minutes."""
    return chance.met_at_random(CALLS, [0.5, 0.5])


def long_share() -> float:
    """Share of long visits among those under way at a random moment."""
    return LONG / (SHORT + LONG)


def remaining() -> float:
    """Minutes that a visit met at a random moment still has, on average: half of its length."""
    return mean_met() / 2


@cache
def ids_for_half() -> int:
    """Ids of 32 bits, drawn at random, with which a collision is as likely as not."""
    return chance.items_for_collision(IDS, 0.5)


def pairs_colliding(items: float, bits: int) -> float:
    """Expected pairs of random ids that are equal: pairs over cells, no independence needed."""
    return items * (items - 1) / 2 / float(2**bits)


def listings() -> int:
    """Listings of Marketplace in a year."""
    return 365 * marketplace.new_listings_per_day


def sharing_a_bucket(values: int, buckets: int) -> float:
    """Share of values that share a bucket with another, each hashed at random."""
    return 1 - (1 - 1 / buckets) ** (values - 1)


def years_to_a_pair(bits: int) -> float:
    """Years of listing until one equal pair is expected, no id used twice on purpose: pairs grow with the square."""
    return math.sqrt(2 * float(2**bits)) / float(listings())


def missing(batch: int = BATCH) -> float:
    """Chance that a batch has no row of the rare class."""
    return chance.class_missing(RARE, batch)


def batch_for(least: float) -> int:
    """Batch size with which the rare class is there with this chance."""
    return math.ceil(math.log(1 - least) / math.log(1 - RARE))


def one_unseen(rows: int, classes: int = CLASSES) -> float:
    """Chance that one of equally likely classes is unseen after so many rows. Inclusion and exclusion."""
    return -sum((-1.0) ** k * math.comb(classes, k) * (1 - k / classes) ** rows for k in range(1, classes + 1))


def rows_for_all(risk: float, classes: int = CLASSES) -> int:
    """Rows after which a class is unseen with at most this chance, by the union bound."""
    return math.ceil(math.log(risk / classes) / math.log(1 - 1 / classes))


def rare_weight() -> float:
    """Weight of a rare row that undoes the drawing by class."""
    return RARE / (PER_BATCH / BATCH)


def common_weight() -> float:
    """Weight of any other row that undoes the drawing by class."""
    return (1 - RARE) / (1 - PER_BATCH / BATCH)


def logit_shift() -> float:
    """What drawing by class adds to the log odds."""
    return math.log(common_weight() / rare_weight())


def empty_noise(batches: int) -> float:
    """Half-width of the 95 % interval of the share of empty batches, by chance."""
    return 1.96 * math.sqrt(missing() * (1 - missing()) / batches)


def false_wait(days: int) -> float:
    """Days until an alarm on so many red days in a row rings without a reason."""
    return chance.wait_for_run(RED, days)


def two_of_three() -> float:
    """Chance that at least two of three given days are red without a reason."""
    return 3 * RED**2 * (1 - RED) + RED**3


def two_of_three_wait() -> float:
    """Days until two of the last three were red without a reason.

    After a red day and a white one, a white day leads back to the beginning: E₁₀ = 1 + qE₀. After a red day E₁ = 1 + qE₁₀,
    and E₀ = 1/p + E₁, with q = 1 − p.
    """
    q = 1 - RED
    return (1 / RED + 1 + q) / (1 - q * q)


def red_after_white(again: float = AGAIN) -> float:
    """Chance of red after a white day, so that the share of red days stays RED."""
    return RED * (1 - again) / (1 - RED)


def sticky_wait(again: float = AGAIN) -> float:
    """Days until three red days in a row, when red days come together and are as many as before.

    From two reds E₂ = 1 + (1 − a)E₀, from one E₁ = 1 + aE₂ + (1 − a)E₀, and E₀ = 1/r + E₁, r the chance of red after white.
    """
    return (1 / red_after_white(again) + 1 + again) / again**2


def strict() -> float:
    """Standard deviations at which a single day rings as rarely as three red days in a row."""
    return NORMAL.inv_cdf(1 - 1 / false_wait(3))


def red_under_fault(shift: float) -> float:
    """Share of days that are red, when a fault moves the check by so many standard deviations."""
    return NORMAL.cdf(shift - NORMAL.inv_cdf(1 - RED))


def fault_wait_run(shift: float) -> float:
    """Days until three red days in a row, under that fault."""
    return chance.wait_for_run(red_under_fault(shift), 3)


def fault_wait_single(shift: float) -> float:
    """Days until the strict single day rings, under the same fault."""
    return 1 / NORMAL.cdf(shift - strict())


def dragging_wait(bar: float, days: int, shift: float, drag: float) -> float:
    """Days until a normal score that drags stands above the bar for so many days in a row.

    Each day's score is `drag` times the last one's and fresh noise, of variance 1 in all; a fault adds the shift to what is
    seen. First step over a grid: the wait from (score, run) is a day and the wait from wherever the next score leads.
    """
    grid = np.linspace(-6, 6, 201)
    stay = np.exp(-((grid[None, :] - drag * grid[:, None]) ** 2) / (2 * (1 - drag**2)))
    stay /= stay.sum(axis=1, keepdims=True)
    cut = (bar - shift - grid[0]) / (grid[1] - grid[0])  # where the bar falls; a cell that it splits counts in part
    above = np.clip(np.arange(len(grid)) - cut + 0.5, 0, 1)
    steps = np.zeros((days * len(grid), days * len(grid)))
    for run in range(days):
        rows = slice(run * len(grid), (run + 1) * len(grid))
        steps[rows, : len(grid)] += stay * (1 - above)
        if run + 1 < days:
            steps[rows, (run + 1) * len(grid) : (run + 2) * len(grid)] += stay * above
    waits = np.linalg.solve(np.eye(len(steps)) - steps, np.ones(len(steps)))
    weights = np.exp(-(grid**2) / 2)
    return float(weights @ waits[: len(grid)] / weights.sum())


def solved(value: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function takes the target, by halving."""
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) < target else (low, middle)
    return (low + high) / 2


@cache
def drag() -> float:
    """Correlation of a normal score with the day before at which red follows red with AGAIN, and RED of days are red."""
    bar = NORMAL.inv_cdf(1 - RED)
    reds = [NORMAL.inv_cdf(1 - RED * q) for q in MIDDLES]

    def again(correlation: float) -> float:
        noise = math.sqrt(1 - correlation**2)
        return sum(NORMAL.cdf((correlation * x - bar) / noise) for x in reds) / len(reds)

    return solved(again, AGAIN, 0, 0.99)


@cache
def dragging_run(shift: float = 0) -> float:
    """Days until three red days in a row, when the score drags."""
    return dragging_wait(NORMAL.inv_cdf(1 - RED), 3, shift, drag())


@cache
def dragging_bar() -> float:
    """Standard deviations at which a single day of a score that drags rings as rarely as three red days in a row."""
    return solved(lambda bar: dragging_wait(bar, 1, 0, drag()), dragging_run(), 1.6, 3.7)


def dragging_single(shift: float) -> float:
    """Days until that single day rings, under a fault."""
    return dragging_wait(dragging_bar(), 1, shift, drag())


def reds_after_red(share: float) -> float:
    """Red days in a year that follow a red one, when red follows red with this chance."""
    return 365 * RED * share


def seeds_gain(seeds: int = SEEDS) -> float:
    """Points by which the best of so many seeds beats the mean seed, with no difference between them."""
    return SEED_SPREAD * chance.expected_best(seeds)


def lead_of_equals(seeds: int = SEEDS) -> float:
    """Chance that the best of so many seeds leads one old run by LEAD or more, when both methods are equal."""
    lead = LEAD / SEED_SPREAD
    return sum(1 - NORMAL.cdf(NORMAL.inv_cdf(q) + lead) ** seeds for q in MIDDLES) / len(MIDDLES)


def typical_gain() -> float:
    """Points by which the typical new run leads the old one: the best seed's lead without its flattery."""
    return LEAD - seeds_gain()


def best_spread() -> float:
    """Standard deviation of the best of ten seeds, in points."""
    return SEED_SPREAD * pstdev(NORMAL.inv_cdf(q ** (1 / SEEDS)) for q in MIDDLES)


def typical_gain_error() -> float:
    """Standard error of that lead: the spread of the best of ten and of one old run, in points."""
    return math.hypot(best_spread(), SEED_SPREAD)


def kept(noise: float) -> float:
    """Points of the best seed's flattery that survive on fresh rows, when noise of the rows is this share of the spread."""
    return seeds_gain() * (1 - noise**2)


def means_error(new: int, old: int) -> float:
    """Standard error of the difference of two mean runs, in points."""
    return SEED_SPREAD * math.sqrt(1 / new + 1 / old)


def power_of_ten() -> float:
    """Chance that ten against ten seeds show a true difference of LEAD at 5 %, two-sided."""
    return NORMAL.cdf(LEAD / means_error(SEEDS, SEEDS) - NORMAL.inv_cdf(0.975))


def ratio() -> float:
    """Likelihood ratio of the first alarm: recall over false-positive rate."""
    return RECALL / payments.false_positive_rate


def after_one() -> float:
    """Chance of fraud after the first alarm."""
    return chance.after_evidence(payments.fraud_rate, ratio())


def after_two() -> float:
    """Chance of fraud after a second alarm of the same quality, independent given the truth."""
    return chance.after_evidence(payments.fraud_rate, ratio(), ratio())


def both_red(shared: bool) -> tuple[float, float]:
    """Frauds and good payments a day that ring both alarms, with independent or with shared errors."""
    if_fraud, if_good = (SECOND_IF_FRAUD, SECOND_IF_GOOD) if shared else (RECALL, payments.false_positive_rate)
    return payments.frauds_per_day * RECALL * if_fraud, payments.false_alarms_per_day * if_good


def after_two_shared() -> float:
    """Chance of fraud after both, when the errors are shared."""
    frauds, good = both_red(shared=True)
    return frauds / (frauds + good)


def silent_second() -> float:
    """Chance of fraud when the first is red and the second, independent one is not."""
    return chance.after_evidence(payments.fraud_rate, ratio(), (1 - RECALL) / (1 - payments.false_positive_rate))


def saved_by_declining(shared: bool) -> float:
    """Dollars a day that declining at two red alarms saves over approving them."""
    frauds, good = both_red(shared)
    return frauds * payments.missed_fraud_cost - good * payments.false_decline_cost


def saved_by_one() -> float:
    """Dollars a day that declining at the first alarm alone saves over approving."""
    return (
        payments.frauds_per_day * RECALL * payments.missed_fraud_cost
        - payments.false_alarms_per_day * payments.false_decline_cost
    )


def second_worth(shared: bool) -> float:
    """Dollars a day that the second alarm adds, when both red decline and the first alone did before."""
    return saved_by_declining(shared) - saved_by_one()


def declined_from() -> float:
    """Chance of fraud from which declining costs less than approving."""
    return payments.false_decline_cost / (payments.false_decline_cost + payments.missed_fraud_cost)


def over_capacity() -> float:
    """Share of hours that hold more than the specialist can do, each payment coming on its own."""
    return chance.more_than(HELD_CAPACITY, HELD)


def about_more_than(limit: int, mean: float) -> float:
    """The same aloud: a normal distribution, half a count of correction."""
    return 1 - NORMAL.cdf((limit + 0.5 - mean) / math.sqrt(mean))


def over_capacity_mixed() -> float:
    """The same with quiet and busy hours of the same overall mean."""
    return (chance.more_than(HELD_CAPACITY, QUIET) + chance.more_than(HELD_CAPACITY, BUSY)) / 2


def none_for(minutes: float) -> float:
    """Chance that so many minutes bring nothing."""
    return math.exp(-HELD * minutes / 60)


def mixed_ratio() -> float:
    """Variance over mean of the hourly counts, with quiet and busy hours."""
    mean = (QUIET + BUSY) / 2
    return (mean + (BUSY - QUIET) ** 2 / 4) / mean


def quiet_after(minutes: float) -> float:
    """Chance that the hour is a quiet one, after so many minutes of it without a payment."""
    return chance.after_evidence(0.5, math.exp((BUSY - QUIET) * minutes / 60))


def wait_after(minutes: float) -> float:
    """Minutes until the next payment then, if the hour's rate lasts."""
    quiet = quiet_after(minutes)
    return quiet * 60 / QUIET + (1 - quiet) * 60 / BUSY


def ratio_noise(hours: int) -> float:
    """Half-width of the 95 % range of variance over mean for Poisson counts of so many hours."""
    return 1.96 * math.sqrt(2 / (hours - 1))


def payments_in_full_hours() -> float:
    """Share of payments that come in an hour with more than the specialist can do: the others are Poisson again."""
    return chance.more_than(HELD_CAPACITY - 1, HELD)


def queue_wait(rate: float) -> float:
    """Mean minutes in the queue of one server with a fixed service time and Poisson arrivals."""
    load = rate / HELD_CAPACITY
    return load / (2 * (1 - load)) * 60 / HELD_CAPACITY


def until_both() -> float:
    """Hours until a fraud and a good payment have come: the later of two is the sum less the earlier."""
    fraud = HELD * HELD_FRAUD
    return 1 / fraud + 1 / (HELD - fraud) - 1 / HELD


def draws_for(p: float, relative: float = 0.1) -> float:
    """Rounds of a simulation for a 95 % interval of this relative half-width."""
    return (1.96 / relative) ** 2 * (1 - p) / p


def demo_simulate() -> None:
    """Five questions, exactly and by simulation."""

    def met_long(rng: Random) -> bool:
        at, end, long = 100 * rng.random() * (SHORT + LONG), 0.0, False
        while end <= at:
            long = rng.random() < 0.5
            end += LONG if long else SHORT
        return long

    def same_birthday(rng: Random) -> bool:
        return len({rng.randrange(365) for _ in range(23)}) < 23

    def without_rare(rng: Random) -> bool:
        return all(rng.random() >= RARE for _ in range(BATCH))

    def leads(rng: Random) -> bool:
        return max(rng.gauss(0, SEED_SPREAD) for _ in range(SEEDS)) - rng.gauss(0, SEED_SPREAD) >= LEAD

    def overflows(rng: Random) -> bool:
        return chance.arrivals(HELD, 1, rng) > HELD_CAPACITY

    for name, exact, happens in (
        ("two of 23 birthdays", chance.collision(23, 365), same_birthday),
        ("no rare row in 64", missing(), without_rare),
        ("met visit is long", long_share(), met_long),
        ("best of ten leads", lead_of_equals(), leads),
        ("over 10 in an hour", over_capacity(), overflows),
    ):
        share, half = chance.simulate(happens)
        print(f"{name:20} {exact:.3f}  {share:.3f} ± {half:.3f}")
