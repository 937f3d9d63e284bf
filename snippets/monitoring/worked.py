"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/monitoring.md.

Premises that the page or a prompt gives are constants in capitals; all else follows from them and from `snippets.cases`. Payments'
model is the closed form of the metrics chapter: good payments N(0, 1), frauds N(mean, 1), AUC 0.97, threshold at break-even. The few
simulated numbers name their seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from snippets.cases import assistant, marketplace, payments
from snippets.metrics import worked as metrics
from snippets.metrics._inputs import FloatArray
from snippets.metrics.uncertainty import Interval, wilson_interval, z_score
from snippets.monitoring import alerts, attribution, drift, slices, unlabeled

NORMAL = alerts.NORMAL
MINUTES_A_DAY = 1440

# Budget

SIGNALS, DAYS = 400, 30  # drift signals, looked at once a day for a month: given


def budget() -> alerts.Budget:
    """One false alarm a month, spread evenly over 400 signals looked at daily."""
    return alerts.false_alarm_budget(SIGNALS, DAYS)


def alarms_at_five_percent() -> float:
    """False alarms a month when each of the 400 daily tests runs at p below 0.05."""
    return 0.05 * SIGNALS * DAYS


def years_between_alarms() -> float:
    """Years between false alarms of one signal under the evenly spread budget of one a month for 400."""
    return 1 / budget().alpha / 365


def days_with_alarm(correlation: float) -> float:
    """Days a month with at least one false alarm among 400 equally correlated signals at the budget's threshold."""
    return DAYS * alerts.any_alarm_chance(SIGNALS, budget().z, correlation)


def months_between_alarm_days(correlation: float) -> float:
    """Months between days with any false alarm among 400 equally correlated signals."""
    return 1 / days_with_alarm(correlation)


def alarms_at_once(correlation: float) -> float:
    """False alarms on a day that has any: one expected alarm a month over the days with an alarm."""
    return 1 / days_with_alarm(correlation)


@cache
def z_for_one_page(correlation: float) -> float:
    """The threshold at which one day a month has a false alarm, when all alarms of a day are one page."""
    low, high = 1.0, 6.0
    while high - low > 1e-5:
        z = (low + high) / 2
        low, high = (low, z) if DAYS * alerts.any_alarm_chance(SIGNALS, z, correlation) <= 1 else (z, high)
    return high


ORDINARY = 0.02  # standard deviation of a feature's daily mean from day to day, in units of the feature's own: given


def row_threshold(rows: float = payments.daily_volume) -> float:
    """The change of a daily mean at the budget's z when only sampling noise is counted, against as many reference rows."""
    return budget().z * math.sqrt(2 / rows)


def alarms_from_ordinary_days() -> float:
    """Alarms a day from 400 signals on ordinary days, when the threshold counts sampling noise only."""
    spread = math.sqrt(ORDINARY**2 + 2 / payments.daily_volume)
    return SIGNALS * alerts.alarm_chance(row_threshold() / spread)


def day_threshold() -> float:
    """The change of a daily mean at the budget's z when ordinary days are counted."""
    return budget().z * math.sqrt(ORDINARY**2 + 2 / payments.daily_volume)


def smallest_shift_of(rows: float) -> float:
    """The shift of a mean that one day's rows show at the budget's z in nine days of ten, sampling noise alone."""
    return alerts.smallest_shift(rows, budget().z)


# PSI


def psi_above(bins: int, rows: int, threshold: float = 0.1) -> float:
    """Chance that PSI exceeds 0.1 by chance, with so many bins and rows on each side."""
    return drift.psi_by_chance(threshold, bins, rows, rows)


def shift_at_psi(wanted: float) -> float:
    """The shift of a normal column's mean, in standard deviations, that ten bins show as this PSI."""
    return metrics.bisect(lambda shift: drift.normal_shift_psi(shift) >= wanted, 0.0, 3.0)


def psi_of_rate(before: float, after: float) -> float:
    """PSI of a yes-or-no column whose rate moves from one value to another."""
    return drift.psi([before, 1 - before], [after, 1 - after], pseudo=0.0)


def decline_rate() -> float:
    """Share of payments declined at break-even."""
    return metrics.at_break_even().alerts / payments.daily_volume


def psi_of_doubled_declines() -> float:
    """PSI of declined or not when the decline rate doubles."""
    return psi_of_rate(decline_rate(), 2 * decline_rate())


def ks_p_of_small_shift(shift: float = 0.02, rows: int = payments.daily_volume) -> float:
    """The Kolmogorov–Smirnov p-value of a normal mean moved by 0.02, at its expected gap, with a million rows a side."""
    gap = 2 * NORMAL.cdf(shift / 2) - 1
    return 2 * math.exp(-rows * gap * gap)


def psi_small_shift() -> float:
    """PSI over ten bins of a normal mean moved by 0.02 standard deviations."""
    return drift.normal_shift_psi(0.02)


def chi_power(rows: int, shift: float = 0.02) -> float:
    """Chance that a test of the mean at the budget's z finds a shift of 0.02 with so many rows on each side."""
    return alerts.alarm_chance(budget().z, shift / math.sqrt(2 / rows))


EMPTY_SHARE, EMPTY_ROWS = 0.01, 500  # the prompt's bin: a share of the reference, and rows in the current window


def psi_of_empty_bin(epsilon: float) -> float:
    """What one bin of 1 % in the reference adds to PSI when the current window has none of it, with a floor of epsilon."""
    return (EMPTY_SHARE - epsilon) * math.log(EMPTY_SHARE / epsilon)


def psi_of_empty_bin_by_counts() -> float:
    """What the same empty bin adds with half a row more in each of ten bins, for 500 rows against 100,000."""
    r = (EMPTY_SHARE * 100_000 + 0.5) / (100_000 + 5)
    c = 0.5 / (EMPTY_ROWS + 5)
    return (c - r) * math.log(c / r)


def windows_per_empty() -> float:
    """Windows of 500 rows in which a bin of 1 % is empty once by chance."""
    return 1 / (1 - EMPTY_SHARE) ** EMPTY_ROWS


# Drift without harm, harm without drift

WEIGHTS = {"amount": 1.2, "novelty": 1.8, "velocity": 1.5, "age": 0.0}  # log-odds a standard deviation: given
ROWS = 200_000


class World(NamedTuple):
    """A day's payments: features by name, and each payment's true probability of fraud."""

    columns: dict[str, FloatArray]
    truth: FloatArray


def _sigmoid(x: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-x)))


def _intercept(linear: FloatArray, rate: float) -> float:
    low, high = -30.0, 10.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _sigmoid(linear + middle).mean() < rate else (low, middle)
    return (low + high) / 2


def _linear(columns: dict[str, FloatArray], weights: dict[str, float]) -> FloatArray:
    return np.asarray(sum(weights[name] * columns[name] for name in weights))


@cache
def world(name: str, seed: int = 11) -> World:
    """A simulated day under one change: launch, same, campaign, mix, together, learned or dead (200,000 payments)."""
    rng = np.random.default_rng(seed if name == "launch" else seed + 1)
    columns = {feature: rng.standard_normal(ROWS) for feature in WEIGHTS}
    if name == "campaign":
        columns["age"] = columns["age"] - 0.8
    if name == "mix":
        columns["novelty"] = columns["novelty"] + 0.3
    if name == "together":
        columns["novelty"] = 0.6 * columns["amount"] + 0.8 * columns["novelty"]
    weights = dict(WEIGHTS)
    if name == "learned":
        weights["novelty"] = 0.0
        weights["amount"] = 2.1
    linear = _linear(columns, weights)
    offset = _intercept(linear, payments.fraud_rate) if name in ("launch", "learned") else launch_offset()
    truth = _sigmoid(linear + offset)
    if name == "dead":
        columns["novelty"] = np.zeros(ROWS)
    return World(columns, truth)


@cache
def launch_offset() -> float:
    """The intercept with which the launch day has the case's fraud rate."""
    rng = np.random.default_rng(11)
    return _intercept(
        _linear({feature: rng.standard_normal(ROWS) for feature in WEIGHTS}, WEIGHTS), payments.fraud_rate
    )


class Watched(NamedTuple):
    """What monitoring shows of a day, and what is true of it."""

    feature_psi: float  # the largest of any feature
    score_psi: float
    estimated_auc: float
    auc: float
    estimated_cost: float  # dollars a day
    cost: float
    fraud_rate: float


def day_cost(said: FloatArray, truth: FloatArray) -> float:
    """Dollars a day of declining above break-even on what the model says, when fraud is as probable as `truth`."""
    flagged = said >= metrics.break_even_probability()
    wrong = (1 - truth[flagged]).sum() * payments.false_decline_cost + truth[
        ~flagged
    ].sum() * payments.missed_fraud_cost
    return float(wrong) * payments.daily_volume / len(said)


@cache
def watched(name: str) -> Watched:
    """A changed day through the launch model: drift, estimated and true quality."""
    before, after = world("launch"), world(name)
    said_before, said = (_sigmoid(_linear(w.columns, WEIGHTS) + launch_offset()) for w in (before, after))

    def moved(old: FloatArray, new: FloatArray) -> float:
        edges = drift.quantile_edges(old)
        return drift.psi(drift.bin_counts(old, edges), drift.bin_counts(new, edges))

    return Watched(
        max(moved(before.columns[f], after.columns[f]) for f in WEIGHTS),
        moved(said_before, said),
        unlabeled.expected_auc(said),
        unlabeled.weighted_auc(said, after.truth),
        day_cost(said, said),
        day_cost(said, after.truth),
        float(after.truth.mean()),
    )


def cost_change(name: str) -> float:
    """Share by which a changed day costs more than an unchanged one."""
    return watched(name).cost / watched("same").cost - 1


# How long until the alarm

RIGHT = 0.84  # share of graded answers that are right, before anything happens: given
PAGED_DAYS = 300  # a signal that pages may do so falsely once in so many days: a choice


def standard_error() -> float:
    """Standard error of a day's share right, on the answers graded that day."""
    return math.sqrt(RIGHT * (1 - RIGHT) / assistant.graded_per_day)


def answers_per_day() -> float:
    """Questions a day that are answered and not handed over."""
    return assistant.questions_per_day * (1 - HANDED_OVER)


def slip_cost(shift: float = 1.0) -> float:
    """Dollars a day of wrong answers when the share right falls by so many standard errors of a day."""
    return shift * standard_error() * answers_per_day() * assistant.wrong_answer_cost


def even_days() -> float:
    """Days between false alarms of one signal under the even budget."""
    return 1 / budget().alpha


@cache
def cusum_limit(between: float) -> float:
    """The CUSUM limit h, k one half, with so many days between false alarms on average."""
    return alerts.limit_for(alerts.cusum_two_sided, between)


@cache
def days_to_find(rule: str, shift: float, between: float) -> float:
    """Average days until a lasting shift alarms, by daily threshold, weekly mean, EWMA or CUSUM of equal false alarms."""
    if rule == "cusum":
        return alerts.cusum_two_sided(cusum_limit(between), shift=shift)
    if rule == "ewma":
        limit = alerts.limit_for(alerts.ewma_run_length, between)
        return alerts.ewma_run_length(limit, shift=shift)
    window = 7 if rule == "weekly" else 1
    z = NORMAL.inv_cdf(1 - window / between / 2)
    return alerts.daily_run_length(z, shift, window)


def cost_to_find(rule: str, shift: float, between: float) -> float:
    """Dollars of wrong answers until the rule finds a slip of so many standard errors."""
    return days_to_find(rule, shift, between) * slip_cost(shift)


def z_at(between: float) -> float:
    """The two-sided daily threshold with so many days between false alarms."""
    return NORMAL.inv_cdf(1 - 1 / between / 2)


def points(share: float) -> float:
    """A share in percentage points."""
    return 100 * share


def smallest_drop(days: int = 1, z: float | None = None) -> float:
    """The fall in the share right that a mean of so many days of grades shows in nine cases of ten at the budget's z."""
    return alerts.smallest_shift(1, budget().z if z is None else z) * standard_error() / math.sqrt(days)


# Partial labels


def chargebacks_in_the_end() -> float:
    """Chargebacks a day's approved payments bring in the end: missed frauds, less the unreported, plus friendly ones."""
    reported = metrics.at_break_even().missed * (1 - payments.unreported_rate)
    return reported / (1 - payments.friendly_fraud_rate)


def seen_by(age: int) -> float:
    """Chargebacks of one day's payments that are in at this age."""
    return chargebacks_in_the_end() * metrics.chargeback_share_by(age)


def nowcast_noise(age: int, days: int = 1) -> float:
    """Half-width of the 95 % counting interval of a nowcast, as a share of it, on cohorts of so many days."""
    low, high = unlabeled.poisson_interval(round(seen_by(age) * days))
    return (high - low) / 2 / (seen_by(age) * days)


def nowcast_bias(age: int, sooner: int = 3) -> float:
    """How much too high a nowcast is when chargebacks come three days sooner than the delay curve says."""
    return metrics.chargeback_share_by(age + sooner) / metrics.chargeback_share_by(age) - 1


def smooth_share_by(age: float) -> float:
    """The share in by this age if the delay curve is straight between its percentiles on the normal scale, without kinks."""
    tenth = NORMAL.inv_cdf(0.9)
    p10, p50, p90 = payments.chargeback_days_p10, payments.chargeback_days_p50, payments.chargeback_days_p90
    return NORMAL.cdf(tenth * (age - p50) / (p50 - p10 if age < p50 else p90 - p50))


def smooth_bias(age: int, sooner: int = 3) -> float:
    """The nowcast's error of `nowcast_bias`, on the smooth curve."""
    return smooth_share_by(age + sooner) / smooth_share_by(age) - 1


def days_quicker(age: int, excess: float, smooth: bool) -> float:
    """How many days quicker the bank must be for a nowcast at this age to read so much too high, on either curve."""
    if smooth:
        return metrics.bisect(
            lambda days: smooth_share_by(age + days) >= (1 + excess) * smooth_share_by(age), 0.0, 60.0
        )
    known = (0, payments.chargeback_days_p10, payments.chargeback_days_p50, payments.chargeback_days_p90)
    wanted = (1 + excess) * metrics.chargeback_share_by(age)
    return float(np.interp(wanted, (0.0, 0.1, 0.5, 0.9), known)) - age


def demo_nowcast() -> None:
    """Print a nowcast from a simulated week of chargebacks, 30 to 36 days old, with the delay curve right and wrong."""
    # --8<-- [start:nowcast-demo]
    rng = np.random.default_rng(5)
    ages = list(range(30, 37))  # seven daily cohorts
    for sooner in (0, 3):  # the bank's process is as it was, or three days quicker
        share = [metrics.chargeback_share_by(age + sooner) for age in ages]
        seen = [int(rng.binomial(1200, s)) for s in share]  # 1,200 come in the end
        total, (low, high) = unlabeled.nowcast(seen, ages, metrics.chargeback_share_by)
        said = f"{total:6,.0f} ({low:,.0f} to {high:,.0f})"
        print(f"{sooner} days sooner: {sum(seen):5,} in, says {said} of 8,400")
    # --8<-- [end:nowcast-demo]


# Random buckets


def approved_fraud_share() -> float:
    """Share of the approved payments that are fraud, at break-even."""
    day = metrics.at_break_even()
    return day.missed / (payments.daily_volume - day.alerts)


def reviews_for_recall(width: float = 0.2) -> float:
    """Random approved payments to review for a rate known within a fifth of itself, analysts' two error rates taken out."""
    share, errors = approved_fraud_share(), payments.review_miss_rate + payments.review_false_decline_rate
    called = reviewed_share(share)
    return (z_score(0.95) / (width * share * (1 - errors))) ** 2 * called * (1 - called)


def review_years_for_recall() -> float:
    """Years of all analysts that those reviews take."""
    return reviews_for_recall() / payments.review_capacity / 365


def false_calls_per_find() -> float:
    """Good payments that analysts call fraud for each fraud they find, among approved payments at random."""
    share = approved_fraud_share()
    return (1 - share) * payments.review_false_decline_rate / (share * (1 - payments.review_miss_rate))


def released_per_day(share: float = 0.01) -> float:
    """Declines a day let through at random, 1 % of them."""
    return share * metrics.at_break_even().alerts


def released_interval(days: int = 30) -> Interval:
    """The 95 % interval of the declines' precision from a month of payments let through at random."""
    n = round(released_per_day() * days)
    return wilson_interval(round(n * metrics.at_break_even().precision), n)


def bucket_half_width(days: int = 30) -> float:
    """Half of the 95 % interval of the declines' precision from analysts' verdicts on the bucket, their errors taken out."""
    called = reviewed_share(metrics.at_break_even().precision)
    errors = payments.review_miss_rate + payments.review_false_decline_rate
    return z_score(0.95) * math.sqrt(called * (1 - called) / (released_per_day() * days)) / (1 - errors)


def release_cost(days: int = 30) -> float:
    """Dollars of letting 1 % of the declines through for a month."""
    return days * metrics.price_of_exploration()


def reviewed_share(precision: float) -> float:
    """What analysts would call fraud among declines of this precision, with their two error rates."""
    return precision * (1 - payments.review_miss_rate) + (1 - precision) * payments.review_false_decline_rate


# A leak that nothing pages on

LEAK = 0.2  # missed frauds rise by this share on one day and stay there: given


def leak_per_day() -> float:
    """Dollars a day of the further missed frauds."""
    return LEAK * metrics.at_break_even().missed * payments.missed_fraud_cost


def leak_score(age: int, days: int = 7) -> float:
    """How many standard errors a leak of 20 % stands out in a week of cohorts of this age, counting noise alone."""
    return LEAK * math.sqrt(days * seen_by(age))


def leak_cost(day: int) -> float:
    """Dollars lost to the leak by this day."""
    return day * leak_per_day()


# Attribution

TRAINING = {
    "amount": 0.30,
    "novelty": 0.25,
    "velocity": 0.20,
    "country": 0.15,
    "age": 0.10,
}  # share of attribution: given
FADED = {"amount": 0.36, "novelty": 0.21, "velocity": 0.20, "country": 0.14, "age": 0.09}  # novelty half missing
TAIL = {"amount": 0.33, "novelty": 0.28, "velocity": 0.22, "country": 0.17, "age": 0.0}  # the last one dead
TOP = {"amount": 0.05, "novelty": 0.34, "velocity": 0.27, "country": 0.20, "age": 0.14}  # the first one nearly dead
CLARIFY = ({"SAT": 0.70, "GPA": 0.50, "rank": 0.05}, {"SAT": 0.10, "GPA": 0.20, "rank": 0.70})  # Clarify's example


def demo_attribution() -> None:
    """Print NDCG and the largest loss of share for four changes of attribution."""
    print("change                  NDCG   largest loss of share")
    for name, before, now in (
        ("Clarify's example", *CLARIFY),
        ("first feature dying", TRAINING, TOP),
        ("last feature dead", TRAINING, TAIL),
        ("novelty fading", TRAINING, FADED),
    ):
        lost = min(attribution.share_changes(before, now).items(), key=lambda item: item[1])
        print(f"{name:22}  {attribution.attribution_ndcg(before, now):.3f}  {lost[0]:8} {100 * lost[1]:+.0f} points")


# Slices

LANGUAGE_SHARE, LANGUAGE_LOSS, GLOBAL_GAIN = 0.08, 0.12, 0.01  # Marketplace's canary: given
CANARY, SLICES, HURT, HURT_LOSS = 0.05, 40, 6, 0.20  # given


def others_gain() -> float:
    """Relative gain of the other languages when one of 8 % loses 12 % and the total gains 1 %."""
    return (1 + GLOBAL_GAIN - LANGUAGE_SHARE * (1 - LANGUAGE_LOSS)) / (1 - LANGUAGE_SHARE) - 1


def language_purchases_lost() -> float:
    """Purchases a day that the language loses at full traffic."""
    base = marketplace.searches_per_day * marketplace.search_purchase_rate
    return base * LANGUAGE_SHARE * LANGUAGE_LOSS


def language_fees_lost() -> float:
    """Net fees a day that the language loses at full traffic."""
    return language_purchases_lost() * marketplace.net_fee


def total_fees_gained() -> float:
    """Net fees a day that the whole market gains at full traffic, the losing language included."""
    base = marketplace.searches_per_day * marketplace.search_purchase_rate
    return base * GLOBAL_GAIN * marketplace.net_fee


def canary_searches(share: float = 1.0, days: int = 1) -> float:
    """Searches of a slice in so many days of the canary."""
    return marketplace.searches_per_day * CANARY * share * days


def slice_days(change: float, share: float, tested: int = SLICES) -> float:
    """Days of a half-and-half split until a slice of this share shows the relative change, corrected for all slices."""
    rows = slices.rows_for_slice(marketplace.search_purchase_rate, change, tested)
    return 2 * rows / (marketplace.searches_per_day * share)


def slice_rows(change: float) -> int:
    """Searches on each side that a slice needs to show the change, corrected for 40 slices, power 80 %."""
    return slices.rows_for_slice(marketplace.search_purchase_rate, change, SLICES)


@cache
def slice_finds(method: slices.Correction, days: int = 3, draws: int = 100) -> tuple[float, float]:
    """Slices flagged at 0.05 after three days of a 5 % canary: hurt ones, and others (means of 100 draws, seed 3)."""
    rng = np.random.default_rng(3)
    inside = round(canary_searches(1 / SLICES, days))
    outside = round(inside * (1 - CANARY) / CANARY)
    rate = marketplace.search_purchase_rate
    found = [0, 0]
    for _ in range(draws):
        p = [
            slices.two_rates(
                int(rng.binomial(inside, rate * (1 - HURT_LOSS) if i < HURT else rate)),
                inside,
                int(rng.binomial(outside, rate)),
                outside,
            )
            for i in range(SLICES)
        ]
        flags = [value <= 0.05 for value in slices.adjusted(p, method)]
        found[0] += sum(flags[:HURT])
        found[1] += sum(flags[HURT:])
    return found[0] / draws, found[1] / draws


def demo_slices() -> None:
    """Print which slices each correction flags, on average over 100 simulated canaries."""
    print("correction   hurt slices found   others flagged")
    for method in ("none", "bonferroni", "holm", "bh"):
        hurt, others = slice_finds(method)
        print(f"{method:11}  {hurt:11.2f} of {HURT}  {others:10.2f} of {SLICES - HURT}")


def expected_false_slices() -> float:
    """Slices flagged by chance at 0.05 when none of 40 has changed."""
    return 0.05 * SLICES


# Page or ticket

PAGE_COST = 200.0  # dollars, an engineer woken: an hour at night and a slow morning: given
NIGHT = 8.0  # hours until somebody would look anyway: given


def page_break_even(precision: float, hours: float = NIGHT) -> float:
    """Dollars an hour that must be at stake for a page to be worth it, if such an alarm is real with this chance."""
    return PAGE_COST / (precision * hours)


PAGES, REAL = 60, 2  # a week: given in the prompt


def page_precision() -> float:
    """Share of the week's pages that were real."""
    return REAL / PAGES


def page_bill() -> float:
    """Dollars a year that the false pages of such weeks cost."""
    return (PAGES - REAL) * PAGE_COST * 52


# Rollback rules that can be met


def poisson_tail(least: int, mean: float) -> float:
    """Chance that a Poisson count with this mean reaches `least`, summed from there upward."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(least, least + 400))


def usual_declines(minutes: float) -> float:
    """Declines in so many minutes of a mean day, at break-even."""
    return metrics.at_break_even().alerts * minutes / MINUTES_A_DAY


NIGHT_VOLUME, NIGHT_HOURS = 0.2, 8.0  # a night hour's traffic over the mean hour's; hours of night: given
FORECAST_ERROR = 0.1  # standard deviation of an hour's true rate over its forecast, on ordinary days: given
DECLINE_RULES = 3  # counts that page: 15 minutes by day, 15 minutes and an hour at night


def traffic(when: str) -> tuple[float, float]:
    """Traffic over the mean, and hours a day, by day, at night, or for a mean hour all day: they average to 1."""
    day_hours = 24 - NIGHT_HOURS
    return {
        "day": ((24 - NIGHT_HOURS * NIGHT_VOLUME) / day_hours, day_hours),
        "night": (NIGHT_VOLUME, NIGHT_HOURS),
        "mean": (1.0, 24.0),
    }[when]


def declines_in(minutes: float, when: str) -> float:
    """Usual declines in so many minutes by day or at night."""
    return usual_declines(minutes) * traffic(when)[0]


def false_rollbacks(factor: float, minutes: int, when: str) -> float:
    """False rollbacks a month when declines reach `factor` times the usual in a window, windows side by side, Poisson."""
    mean = declines_in(minutes, when)
    windows = DAYS * traffic(when)[1] * 60 / minutes
    return windows * poisson_tail(math.ceil(factor * mean), mean)


def _poisson(mean: float, most: int) -> FloatArray:
    """Chances of 0 to `most` for a Poisson count."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
    return np.asarray(np.exp(np.arange(most + 1) * math.log(mean) - mean - logs))


def alarms_begun(count: int, minutes: int, when: str, error: float = FORECAST_ERROR, low: bool = False) -> float:
    """False alarms a month that begin when the last minutes' declines are looked at every minute.

    An alarm begins when the window reaches `count` (with `low`: falls to it) and a minute ago did not. Both windows share
    all but one minute, so sum over what they share. The hour's rate is off its forecast by a normal `error`.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    total = 0.0
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        mean = declines_in(minutes, when) * max(0.05, 1 + error * float(node))
        new = mean / minutes
        shared = _poisson(mean - new, count)
        below = np.cumsum(_poisson(new, count + 1))  # chance that one minute brings at most 0, 1, 2, ...
        if low:
            at_most = below[count::-1] if count else below[:1]  # one minute brings at most count − shared
            total += weight * float((shared * (1 - at_most) * at_most).sum())
        else:
            at_most = below[count - 1 :: -1]  # at most count − shared − 1
            total += weight * float((shared[:count] * at_most * (1 - at_most)).sum())
    return total * DAYS * traffic(when)[1] * 60


@cache
def count_rule(minutes: int, when: str) -> int:
    """The count of declines at which three such rules together begin a false alarm once in ten months."""
    allowed = 0.1 / DECLINE_RULES
    start = math.ceil(declines_in(minutes, when))
    return next(k for k in range(start, 10_000) if alarms_begun(k, minutes, when) <= allowed)


@cache
def low_rule(minutes: int, when: str) -> int:
    """The count of declines so low that two such rules, by day and at night, begin a false alarm once in ten months."""
    start = math.floor(declines_in(minutes, when))
    return next(k for k in range(start, -1, -1) if alarms_begun(k, minutes, when, low=True) <= 0.1 / 2)


def plain_count() -> int:
    """The count for 15 minutes by day if windows stood side by side and the forecast were exact, once in ten months."""
    mean, windows = declines_in(15, "day"), DAYS * traffic("day")[1] * 4
    return next(k for k in range(1, 10_000) if windows * poisson_tail(k, mean) <= 0.1)


def minutes_to_count(minutes: int, when: str, factor: float) -> float:
    """Minutes until a lasting rise to `factor` times the usual is expected to bring the count of the rule."""
    usual = declines_in(1, when)
    return (count_rule(minutes, when) - usual * minutes) / (usual * (factor - 1))


def ring_cost(minutes: float = 60.0) -> float:
    """Dollars by day if a fraud ring doubles the declines and all of its payments are challenged instead of declined."""
    return declines_in(minutes, "day") * payments.expected_cost("challenge", 1.0)


# Incident one: cents for dollars

SHIFT = 1.0  # how far the broken feature moves every payment's score, in standard deviations of good payments: given


class Minute(NamedTuple):
    """A minute of Payments at break-even, with every score moved."""

    declined: float  # good payments
    caught: float  # frauds
    cost: float  # dollars

    @property
    def declines(self) -> float:
        """Payments declined in the minute."""
        return self.declined + self.caught


def minute(shift: float = 0.0) -> Minute:
    """A mean minute when all scores are too high by `shift` and the threshold stays."""
    cut = metrics.MODEL.cut_at(metrics.break_even_probability(), payments.fraud_rate) - shift
    day = metrics.at_cut(cut)
    return Minute(day.declined / MINUTES_A_DAY, day.caught / MINUTES_A_DAY, day.cost / MINUTES_A_DAY)


def broken_per_minute() -> float:
    """Dollars a minute that the broken feature costs beyond the usual."""
    return minute(SHIFT).cost - minute().cost


def broken_cost(minutes: float) -> float:
    """Dollars lost to the broken feature after so many minutes."""
    return minutes * broken_per_minute()


def broken_declines(minutes: float) -> float:
    """Further good payments declined in so many minutes of the broken feature."""
    return minutes * (minute(SHIFT).declined - minute().declined)


def broken_factor() -> float:
    """How many times the usual number of payments is declined."""
    return minute(SHIFT).declines / minute().declines


def broken_fraud_saved() -> float:
    """Dollars a minute of fraud that the broken feature stops beyond the usual, which makes the fraud dashboard look good."""
    return (minute(SHIFT).caught - minute().caught) * payments.missed_fraud_cost


def minutes_to_alarm() -> float:
    """Minutes until the broken feature is expected to bring the count that pages, in an hour of mean traffic."""
    return minutes_to_count(15, "mean", broken_factor())


def degraded_cost(minutes: float) -> float:
    """Dollars lost in so many minutes if what the broken score declines is challenged instead."""
    now = minute(SHIFT)
    challenged = now.declined * payments.expected_cost("challenge", 0.0) + now.caught * payments.expected_cost(
        "challenge", 1.0
    )
    missed = (payments.frauds_per_day / MINUTES_A_DAY - now.caught) * payments.missed_fraud_cost
    return minutes * (challenged + missed - minute().cost)


def night_cost(hours: float = 16.0) -> float:
    """Dollars lost if only the daily drift job finds it, sixteen hours later."""
    return broken_cost(60 * hours)


# Incident two: empty passages

HANDED_OVER = 0.20  # share of questions handed over on an ordinary day: given
CRAWL = 60  # minutes in which the crawler visits every article once: given
REFUSED, MADE_UP = 0.9, 0.1  # of questions whose passages are empty: handed over, and answered wrongly: given
EMPTY_USUAL = 0.005  # share of questions for which no passage is found on an ordinary day: given


def questions_per_minute(minutes: float = 1.0) -> float:
    """Questions in a mean minute, or in so many."""
    return minutes * assistant.questions_per_day / MINUTES_A_DAY


def empty_share(minute_: float) -> float:
    """Share of articles that are empty in the index so many minutes after the template changed."""
    return min(1.0, minute_ / CRAWL)


def handover_share(minute_: float) -> float:
    """Share of questions handed over at that minute."""
    return HANDED_OVER + (1 - HANDED_OVER) * empty_share(minute_) * REFUSED


def template_rate(minute_: float) -> float:
    """Dollars a minute lost at that minute: further handovers and wrong answers, less the wrong ones of ordinary minutes."""
    hit = questions_per_minute() * (1 - HANDED_OVER) * empty_share(minute_)
    wrong = MADE_UP - (1 - RIGHT)
    return hit * (REFUSED * assistant.handover_cost + wrong * assistant.wrong_answer_cost)


def _grown(minute_: float, rate: Callable[[float], float]) -> float:
    """What a rate brings by that minute if it grows in a straight line during the crawl and then stays."""
    crawl = min(minute_, CRAWL)
    return rate(crawl) * crawl / 2 + rate(CRAWL) * max(0.0, minute_ - CRAWL)


def template_cost(minute_: float) -> float:
    """Dollars lost by that minute."""
    return _grown(minute_, template_rate)


def further_handovers(minute_: float) -> float:
    """Questions handed over beyond the usual by that minute."""
    return _grown(minute_, lambda m: questions_per_minute() * (handover_share(m) - HANDED_OVER))


def agents_spare() -> float:
    """Handovers a minute that agents can take beyond an ordinary minute's, both spread over the day."""
    return (assistant.handover_capacity - HANDED_OVER * assistant.questions_per_day) / MINUTES_A_DAY


def queue(minute_: float) -> float:
    """Handovers waiting beyond what agents can take by that minute, from the moment they overflow."""
    over, t = 0.0, 0.0
    while t < minute_:
        rate = questions_per_minute() * (1 - HANDED_OVER) * empty_share(t + 0.5) * REFUSED
        over = max(0.0, over + rate - agents_spare())
        t += 1
    return over


def minutes_to_empty_alarm(window: int = 10) -> int:
    """Minutes until the expected share of questions without passages stands beyond the budget's z in a 10-minute window."""
    per = questions_per_minute()

    def score(end: int) -> float:
        hits = sum(
            per * (EMPTY_USUAL + (1 - EMPTY_USUAL) * empty_share(t - 0.5))
            for t in range(max(1, end - window + 1), end + 1)
        )
        hits += per * EMPTY_USUAL * max(0, window - end)
        n = per * window
        return (hits - n * EMPTY_USUAL) / math.sqrt(n * EMPTY_USUAL * (1 - EMPTY_USUAL))

    return next(m for m in range(1, CRAWL) if score(m) > budget().z)


# Retraining

RETRAIN_COST, STALENESS = 6_000.0, 40.0  # dollars a retraining; dollars a day that each day of age adds: given


def retrain_days(cost: float = RETRAIN_COST) -> float:
    """The interval at which retraining and staleness cost least, √(2C / g), as for a stock that is reordered."""
    return math.sqrt(2 * cost / STALENESS)


def retrain_bill(days: float) -> float:
    """Dollars a day of retraining at this interval and of the staleness in between."""
    return RETRAIN_COST / days + STALENESS * days / 2


# The prompts

ESTIMATED_PRECISION, RELEASED_N, RELEASED_FRAUD = 0.26, 340, 44  # estimate; declines let through, frauds among them


def released_precision() -> float:
    """Share of fraud among the declines let through at random, in the prompt."""
    return RELEASED_FRAUD / RELEASED_N


def released_precision_interval() -> Interval:
    """The 95 % interval of that share."""
    return wilson_interval(RELEASED_FRAUD, RELEASED_N)


def released_break_even_gap() -> float:
    """Dollars that one decline costs beyond approving it, at the released precision; below zero it still pays."""
    p = released_precision()
    return (1 - p) * payments.false_decline_cost - p * payments.missed_fraud_cost


def declines_overstated() -> float:
    """How many times too high the estimated precision is."""
    return ESTIMATED_PRECISION / released_precision()


SLICE_SEARCHES, SLICE_BEFORE, SLICE_AFTER = 240_000, 2_880, 2_534  # each arm, purchases of old and new model: given


def slice_loss() -> float:
    """Relative loss of the slice in the prompt."""
    return SLICE_AFTER / SLICE_BEFORE - 1


def slice_p(tested: int = 1) -> float:
    """P-value of the slice's loss, times the slices looked at."""
    return tested * slices.two_rates(SLICE_BEFORE, SLICE_SEARCHES, SLICE_AFTER, SLICE_SEARCHES)


def slice_loss_interval() -> Interval:
    """The 95 % interval of the slice's relative loss, on the log of the ratio of two Poisson counts."""
    center = math.log(SLICE_AFTER / SLICE_BEFORE)
    half = z_score(0.95) * math.sqrt(1 / SLICE_AFTER + 1 / SLICE_BEFORE)
    return Interval(math.exp(center - half) - 1, math.exp(center + half) - 1)


def slice_design_effect() -> float:
    """How many times larger the variance may be, from users with many searches, for the loss to survive 40 looks."""
    z = NORMAL.inv_cdf(1 - slice_p() / 2)
    return (z / NORMAL.inv_cdf(1 - 0.05 / 2 / SLICES)) ** 2


REFUSED_BEFORE, REFUSED_NOW = 0.20, 0.40  # share of questions handed over, in the prompt


def refusals_more() -> float:
    """Further handovers a day when refusals double."""
    return (REFUSED_NOW - REFUSED_BEFORE) * assistant.questions_per_day


def refusals_bill() -> float:
    """Dollars a day of the further handovers."""
    return refusals_more() * assistant.handover_cost


def refusals_left_over() -> float:
    """Handovers a day beyond what the agents can take."""
    return REFUSED_NOW * assistant.questions_per_day - assistant.handover_capacity


def refusals_waiting(hours: float = 7.0) -> float:
    """Handovers waiting so many hours after refusals doubled, if questions and agents are spread evenly over the day."""
    return refusals_left_over() * hours / 24


LENGTH_SPREAD, LENGTH_CHANGE = 0.35, 0.05  # spread of answer length over its mean; the change to be seen: given
CANARY_PROMPTS, CANARY_PASSED = 200, 0.95  # fixed prompts a run; share that passed so far: given


def length_z(hours: float = 1.0) -> float:
    """Standard errors by which an hour's mean answer length stands out when answers get 5 % longer, at mean traffic."""
    return LENGTH_CHANGE / LENGTH_SPREAD * math.sqrt(hours * assistant.questions_per_day / 24)


def canary_drop() -> float:
    """The fall in canary prompts passed, unpaired, that one run shows in nine cases of ten at three standard errors."""
    return (3 + NORMAL.inv_cdf(0.9)) * math.sqrt(CANARY_PASSED * (1 - CANARY_PASSED) / CANARY_PROMPTS)


def canary_cost() -> float:
    """Dollars for one run of the canary prompts, at the case's price of an answer."""
    return CANARY_PROMPTS * assistant.answer_cost


NIGHT_PSI, NIGHT_ROWS = 0.3, 8_000  # PSI over ten bins, rows in the window: given in the prompt


def night_shift() -> float:
    """The move of a normal column's mean that shows as the PSI of the prompt."""
    return shift_at_psi(NIGHT_PSI)


def night_usual() -> float:
    """Declines usual in the prompt's window."""
    return NIGHT_ROWS * decline_rate()


def night_floor() -> float:
    """The PSI that chance alone exceeds once in 12,000 looks, with the prompt's rows against a million."""
    return drift.psi_threshold(budget().alpha, 10, payments.daily_volume, NIGHT_ROWS)


def reviewed_corrected() -> float:
    """Precision behind the prompt's analyst verdicts, with their two error rates taken out."""
    errors = payments.review_false_decline_rate
    return (released_precision() - errors) / (1 - payments.review_miss_rate - errors)


def false_declines_rise() -> float:
    """Share by which good customers among the declined rise when precision falls from the estimate to the reviewed one."""
    return (1 - reviewed_corrected()) / (1 - ESTIMATED_PRECISION) - 1


def challenge_saves(precision: float) -> float:
    """Dollars a decline saved by challenging it instead, at this share of fraud."""
    return payments.expected_cost("decline", precision) - payments.expected_cost("challenge", precision)


def reviewed_corrected_interval() -> Interval:
    """The 95 % interval of that precision, the ends of the raw one corrected."""
    errors = payments.review_false_decline_rate
    low, high = ((end - errors) / (1 - payments.review_miss_rate - errors) for end in released_precision_interval())
    return Interval(low, high)


def reviews_bill() -> float:
    """Dollars for the prompt's reviews."""
    return RELEASED_N * payments.review_cost


PRUNED = 2.0  # false pages a month that remain: given in the prompt's answer as its target


def pruned_precision() -> float:
    """Share of real pages after pruning, when the real ones stay and two false ones a month are allowed."""
    real = REAL * 52 / 12
    return real / (real + PRUNED)


def pruned_saving() -> float:
    """Dollars a year of false pages that pruning saves."""
    return page_bill() - PRUNED * 12 * PAGE_COST


def younger_labels() -> float:
    """Dollars a day that learning from labels 45 instead of 90 days old saves, at the given price of a day of age."""
    return STALENESS * (payments.label_maturity_days - payments.chargeback_days_p50)
