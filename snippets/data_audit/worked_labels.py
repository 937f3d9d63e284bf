"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/data-audit/labels.md.

The delay is the case's, straight between its percentiles; the fraud model is the closed form of the metrics chapter.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from snippets.cases import payments
from snippets.data_audit.agreement import Agreement, Measured, agreement, measured_against, specific_agreement
from snippets.data_audit.maturity import Arrival, delay_curve, naive_curve
from snippets.data_audit.missing import complete_case_slope, likelihood_ratio, missing_by_slice
from snippets.data_audit.model import fit_logistic, logistic
from snippets.data_audit.selection import weighted_total
from snippets.metrics import worked
from snippets.metrics._inputs import FloatArray

# Delay


def share_in(age: float) -> float:
    """Share of the chargebacks that are in by this age, straight between the case's percentiles."""
    return float(np.interp(age, (0, 30, 45, 75, 90), (0.0, 0.1, 0.5, 0.9, 1.0)))


def shown(days: float, start: float = 0.0) -> float:
    """Days' worth of chargebacks that are in, of rows whose ages spread evenly from `start` to `days`: the integral of the curve."""
    ages = np.linspace(start, days, 3_001)
    return float(np.trapezoid([share_in(age) for age in ages], ages))


TABLE_DAYS = 180  # given on the page: the training table holds the last half year


def missing_labels(youngest: float = 0.0, oldest: float = TABLE_DAYS) -> float:
    """Share of the chargebacks to come that still read as good, among rows of these ages in days."""
    return 1 - shown(oldest, youngest) / (oldest - youngest)


def wrong_rows() -> float:
    """Frauds labeled good in the table: a day's frauds, all approved, less the unreported, times the days not yet in."""
    reported = payments.frauds_per_day * (1 - payments.unreported_rate)
    return reported * TABLE_DAYS * missing_labels()


def share_of_wrong(youngest: float, oldest: float) -> float:
    """Of the frauds labeled good, the share that lies in rows of these ages."""
    return missing_labels(youngest, oldest) * (oldest - youngest) / (missing_labels() * TABLE_DAYS)


def learned(probability: float, began: float) -> float:
    """What a pattern of this fraud probability that began so many days ago looks like when every row counts as labeled."""
    return probability * shown(began) / began


def cost_of_uniform_bias() -> float:
    """Dollars a day lost when every probability is too low by the table's missing share and the line stays at one in eleven."""
    kept = 1 - missing_labels()
    return worked.at_probability(worked.break_even_probability() / kept).cost - worked.at_break_even().cost


# Given on the page: a new attack
ATTACK_A_DAY, ATTACK_FRAUD = 200, 0.40


def attack_loss() -> float:
    """Dollars a day lost by approving the attack's payments instead of declining them."""
    fraud = ATTACK_A_DAY * ATTACK_FRAUD
    return fraud * payments.missed_fraud_cost - (ATTACK_A_DAY - fraud) * payments.false_decline_cost


def noticed_by_all_rows() -> int:
    """First day on which the attack's learned probability passes one in eleven when young rows count as good."""
    return next(day for day in range(1, 200) if learned(ATTACK_FRAUD, day) > worked.break_even_probability())


def noticed_by_waiting() -> int:
    """First day on which enough of the attack's rows are 90 days old."""
    return payments.label_maturity_days + math.ceil(rows_to_notice() / ATTACK_A_DAY)


def rows_to_notice() -> float:
    """Rows' worth of labels at which an interval of 1.96 standard errors around 40 % leaves one in eleven below it (Poisson)."""
    return 1.96**2 * ATTACK_FRAUD / (ATTACK_FRAUD - worked.break_even_probability()) ** 2


def exposure(first: float = 0.0, days: int = 60) -> list[float]:
    """Rows' worth of labels the attack could have shown by the end of each day; none arrive before day `first`."""

    def in_by(age: float) -> float:
        return share_in(age) if age >= 30 else 0.1 * max(0.0, age - first) / (30 - first)

    return list(accumulate(ATTACK_A_DAY * in_by(day - 0.5) for day in range(1, days + 1)))


@cache
def noticed_by_maturity(first: float = 0.0, luck: float = 0.5) -> int:
    """Day by which known over knowable chargebacks, less 1.96 standard errors, has passed one in eleven with this chance.

    Exact: known chargebacks are a Poisson process in the exposure; the chances of each count not noticed yet are
    carried from day to day. Counts above 60 have long been noticed.
    """
    chances, before, line = np.eye(1, 61)[0], 0.0, worked.break_even_probability()
    counts = np.arange(61)
    for day, rows in enumerate(exposure(first), 1):
        mean = ATTACK_FRAUD * (rows - before)
        step = np.array([math.exp(-mean) * mean**k / math.factorial(k) for k in range(61)])
        chances = np.convolve(chances, step)[:61] * (counts - 1.96 * np.sqrt(counts) <= line * rows)
        before = rows
        if chances.sum() <= 1 - luck:
            return day
    raise ValueError(f"not noticed with chance {luck} in 60 days")


def chargebacks_when_noticed() -> float:
    """The attack's chargebacks to be expected by the day on which the matured rate is certain enough in half of the cases."""
    return ATTACK_FRAUD * exposure()[noticed_by_maturity() - 1]


CURVE_DAYS, CURVE_A_DAY = 120, 30  # given on the page: what the delay is measured on


@cache
def arrivals(days: int = CURVE_DAYS) -> tuple[Arrival, ...]:
    """Chargebacks known today of the last so many days' payments, 30 to come for each day (seed 3)."""
    rng = np.random.default_rng(3)
    ages = np.repeat(np.arange(days), CURVE_A_DAY)
    delay = np.interp(rng.random(len(ages)), (0.0, 0.1, 0.5, 0.9, 1.0), (0, 30, 45, 75, 90)).astype(int)
    return tuple(Arrival(int(d), int(a)) for d, a in zip(delay, ages, strict=True) if d <= a)


def median_of(curve: list[float]) -> int:
    """First age by which half are in."""
    return next(age for age, share in enumerate(curve) if share >= 0.5)


def naive_median(days: int) -> int:
    """Days until half seem to be in, counted over what is expected to have arrived from the last so many days' payments.

    Of a payment of age a, the share in by delay t is that of the younger of the two. Expected, since one draw of the 185
    chargebacks of 45 days is off by four days.
    """
    ages = np.arange(days) + 0.5
    curve = [sum(share_in(min(age, delay)) for age in ages) for delay in range(days + 1)]
    return round(float(np.interp(curve[-1] / 2, curve, range(days + 1))))


@cache
def corrected_median() -> int:
    """Days until half are in, from the same arrivals of 120 days by the backward product."""
    return median_of(delay_curve(arrivals(), 90))


def demo_curve() -> None:
    """Print two delay curves measured on the same arrivals, and the true one."""
    # --8<-- [start:curve]
    seen = arrivals()  # of the last 120 days' payments
    naive, corrected = naive_curve(seen, 90), delay_curve(seen, 90)
    print(f"{len(seen):,} chargebacks known today")
    print("age   naive  backward  truth")
    for age in (15, 30, 45, 60, 75):
        print(f"{age:3}  {naive[age]:6.1%}  {corrected[age]:8.1%}  {share_in(age):5.1%}")
    # --8<-- [end:curve]


# Reading an experiment before the labels are complete

ARM_DAYS, ARM_GAIN = 14, 0.10  # given on the page: two weeks, half the traffic each, a tenth fewer frauds missed


def known_in_arm(day: float) -> float:
    """Missed frauds of the old arm known so many days after the start, of 14 days with half of the traffic each."""
    a_day = worked.at_break_even().missed / 2 * (1 - payments.unreported_rate)
    return a_day * sum(share_in(max(0.0, day - start - 0.5)) for start in range(ARM_DAYS))


def arms_differ_on() -> int:
    """First day on which the expected gap of the arms' chargebacks, friendly ones among them, is 2.8 standard errors."""

    # for each fraud of the old arm, in both arms
    friendly = payments.friendly_fraud_rate / (1 - payments.friendly_fraud_rate)

    def errors(day: int) -> float:
        old = known_in_arm(day)
        return ARM_GAIN * old / math.sqrt((2 - ARM_GAIN + 2 * friendly) * old) if old else 0.0

    return next(day for day in range(1, 200) if errors(day) >= 2.8)


def known_share_on(day: float) -> float:
    """Share of the arm's chargebacks that are in on that day."""
    return known_in_arm(day) / known_in_arm(200)


# Noise


def perfect() -> Measured:
    """A detector without a single error, measured against chargebacks: some frauds unreported, some chargebacks friendly."""
    return measured_against(1.0, 1.0, payments.fraud_rate, 1 - payments.unreported_rate, payments.friendly_fraud_rate)


def at_line_measured() -> Measured:
    """The fraud model at break-even, measured against chargebacks as if all payments had been approved."""
    day = worked.at_break_even()
    return measured_against(
        day.precision, day.recall, payments.fraud_rate, 1 - payments.unreported_rate, payments.friendly_fraud_rate
    )


def real_share(prevalence: float, specificity: float, sensitivity: float = 1.0) -> float:
    """Of the items that a labeler calls positive, the share that is."""
    hits = prevalence * sensitivity
    return hits / (hits + (1 - prevalence) * (1 - specificity))


def graded_by_followers(accuracy: float, followed: float, *, shown: bool) -> float:
    """Accuracy a model seems to have when the labelers repeat the shown model in this share of items and are right in the rest.

    `shown`: the model they saw; else an equally accurate one that errs independently of it.
    """
    same = 1.0 if shown else accuracy**2 + (1 - accuracy) ** 2
    return (1 - followed) * accuracy + followed * same


SENSITIVITY, SPECIFICITY = 0.80, 0.97  # given on the page: what each of two graders finds, and clears


def two_graders(prevalence: float) -> Agreement:
    """Agreement of two graders who each find 80 % and clear 97 %, erring independently, at this prevalence."""
    yes = prevalence * SENSITIVITY + (1 - prevalence) * (1 - SPECIFICITY)
    both = prevalence * SENSITIVITY**2 + (1 - prevalence) * (1 - SPECIFICITY) ** 2
    observed = 1 - 2 * (yes - both)
    chance = yes**2 + (1 - yes) ** 2
    return Agreement(observed, chance, (observed - chance) / (1 - chance))


def specific(prevalence: float) -> float:
    """Of the items that one of the two graders calls positive, the share that the other calls so too."""
    yes = prevalence * SENSITIVITY + (1 - prevalence) * (1 - SPECIFICITY)
    return (prevalence * SENSITIVITY**2 + (1 - prevalence) * (1 - SPECIFICITY) ** 2) / yes


def demo_kappa() -> None:
    """Print agreement, kappa and agreement on the rare label for 1,000 answers graded twice."""
    # --8<-- [start:kappa]
    first = ["bad"] * 10 + ["bad"] * 20 + ["fine"] * 20 + ["fine"] * 950
    second = ["bad"] * 10 + ["fine"] * 20 + ["bad"] * 20 + ["fine"] * 950
    found = agreement(first, second)
    print(f"agree on     {found.observed:.1%}, by chance {found.chance:.1%}")
    print(f"kappa        {found.kappa:.2f}")
    print(f"on 'fine'    {specific_agreement(first, second, 'fine'):.1%}")
    print(f"on 'bad'     {specific_agreement(first, second, 'bad'):.1%}")
    # --8<-- [end:kappa]


# Selection


class Band(NamedTuple):
    """A day's declined payments in a band of probability."""

    fraud: float
    good: float

    @property
    def rows(self) -> float:
        """Payments of the band."""
        return self.fraud + self.good

    @property
    def cost(self) -> float:
        """Dollars lost by approving all of them instead of declining them."""
        return self.fraud * payments.missed_fraud_cost - self.good * payments.false_decline_cost

    @property
    def cost_of_label(self) -> float:
        """Dollars for letting one of them through."""
        return self.cost / self.rows


def declined(low: float = 1 / 11, high: float = 1.0) -> Band:
    """A day's payments with a fraud probability between the two, under the break-even rule."""
    upper = worked.at_probability(high) if high < 1 else None
    lower = worked.at_probability(low)
    return Band(lower.caught - (upper.caught if upper else 0.0), lower.declined - (upper.declined if upper else 0.0))


def bucket_cost(share: float) -> float:
    """Dollars a day for letting this share of all declines through at random."""
    return share * declined().cost


def bucket_labels(share: float, days: int = 30) -> float:
    """Labels that so large a bucket yields in so many days."""
    return share * days * declined().rows


def bucket_error(share: float, days: int = 30) -> float:
    """Half the width of a 95 % interval for the share of declines that are fraud, from that bucket (binomial)."""
    p = declined().fraud / declined().rows
    return 1.96 * math.sqrt(p * (1 - p) / bucket_labels(share, days))


def approved_rate() -> float:
    """Fraud rate among approved payments, the only ones with labels."""
    day = worked.at_break_even()
    return day.missed / (payments.daily_volume - day.alerts)


def demo_bucket() -> None:
    """Print the frauds of a month as the approved show them, and as a 1 % bucket brings them back (seed 5)."""
    # --8<-- [start:bucket]
    rng = np.random.default_rng(5)
    approved = rng.poisson(30 * worked.at_break_even().missed)
    let_through = rng.poisson(0.01 * 30 * declined().fraud)  # 1 % of the declined
    chances = [1.0] * approved + [0.01] * let_through
    found = weighted_total([1.0] * len(chances), chances)
    truth = 30 * payments.frauds_per_day
    print(f"approved only     {approved:6,} frauds")
    print(f"weighted          {found.total:6,.0f} ± {1.96 * found.error:,.0f}")
    print(f"truth             {truth:6,.0f}")
    print(f"{approved + let_through:,} rows are worth {found.effective:,.0f}")
    # --8<-- [end:bucket]


class Fit(NamedTuple):
    """What a model learned about one risky kind of payment."""

    said: float  # probability it gives
    true: float  # share that is fraud


WHO = ("nobody", "own score", "analysts", "analysts, 2 % let through", "analysts, 2 %, weighted")


@cache
def approved_only(who: str, rows: int = 400_000) -> Fit:
    """A model fitted on what was approved, about payments with a feature two deviations up (simulated, seed 1).

    Fraud has log-odds −3.5 + x + u. The model sees x only. The own score declines x above 1.5; analysts decline x + u
    above 1.5, that is, they see something the model does not.
    """
    rng = np.random.default_rng(1)
    x, u = rng.normal(size=rows), rng.normal(size=rows)
    y = (rng.random(rows) < logistic(-3.5 + x + u)).astype(float)
    seen = np.ones(rows, dtype=bool)
    if who == "own score":
        seen = x <= 1.5
    elif who != "nobody":
        seen = x + u <= 1.5
    chance = np.where(seen, 1.0, 0.02 if "2 %" in who else 0.0)
    kept = rng.random(rows) < chance
    weights: FloatArray = 1 / chance[kept] if "weighted" in who else np.ones(int(kept.sum()))
    columns = np.column_stack([x, x**2])  # the curve in x is not quite a line in log-odds
    beta = fit_logistic(columns[kept], y[kept], weights=weights)
    near = np.abs(x - 2.0) < 0.1
    return Fit(float(logistic(np.array([beta[0] + 2 * beta[1] + 4 * beta[2]]))[0]), float(y[near].mean()))


# Given on the page: payments of a kind at each retraining, and the fraud among them
KIND_ROWS, KIND_SAFE, KIND_RISKY = 100, 0.05, 0.15


def judged_risky(fraud: float) -> float:
    """Chance that a kind of payment, judged by its share of fraud in so many payments, lies above one in eleven (binomial)."""
    least = math.floor(KIND_ROWS * worked.break_even_probability()) + 1
    below = sum(math.comb(KIND_ROWS, k) * fraud**k * (1 - fraud) ** (KIND_ROWS - k) for k in range(least))
    return 1 - below


def shut_after(retrainings: int) -> float:
    """Share of safe kinds declined after so many retrainings, when a declined kind never gets a label again."""
    return 1 - (1 - judged_risky(KIND_SAFE)) ** retrainings


# Missing values

MISSING_FRAUD, MISSING_GOOD, MISSING_AFTER = 0.30, 0.05, 0.25  # given on the page: share of values missing


def fraud_missing(good_now: float) -> float:
    """Share of frauds without the value when the release loses it for every payment alike, until `good_now` of good ones lack it."""
    lost = (good_now - MISSING_GOOD) / (1 - MISSING_GOOD)
    return MISSING_FRAUD + (1 - MISSING_FRAUD) * lost


def day_with_missing(good_now: float, *, used: bool = True) -> worked.Day:
    """A day of break-even declines when being missing is a feature learned at 30 % of frauds and 5 % of good payments.

    `good_now` is the share of good payments without the value today, lost for frauds alike. The value is independent of
    the rest of the score.
    """
    fraud_now = fraud_missing(good_now)
    caught = false = 0.0
    for is_missing in (True, False):
        ratio = likelihood_ratio(MISSING_FRAUD, MISSING_GOOD, is_missing) if used else 1.0
        line = worked.break_even_probability()
        odds = line / (1 - line) / ratio  # the odds without the feature that it lifts to the line
        cut = worked.MODEL.cut_at(odds / (1 + odds), payments.fraud_rate)
        fraud = payments.frauds_per_day * (fraud_now if is_missing else 1 - fraud_now)
        good = payments.good_per_day * (good_now if is_missing else 1 - good_now)
        caught += fraud * worked.MODEL.recall(cut)
        false += good * worked.MODEL.false_positive_rate(cut)
    return worked.Day(worked.break_even_probability(), caught, payments.frauds_per_day - caught, false)


MECHANISMS = ("at random", "by x", "by y")


@cache
def slopes(mechanism: str, rows: int = 100_000) -> tuple[float, float]:
    """Mean of x and slope of y on x over complete rows when half of the rows lose x (simulated, seed 2); truth 0 and 1."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=rows)
    y = x + rng.normal(size=rows)
    driver = {"at random": np.zeros(rows), "by x": x, "by y": y}[mechanism]
    kept = rng.random(rows) < logistic(-2 * driver)
    return float(x[kept].mean()), complete_case_slope(x, y, kept)


def demo_missing() -> None:
    """Print missing values by slice before and after a release (simulated, seed 4)."""
    import pandas as pd

    rng = np.random.default_rng(4)
    n = 40_000
    app = pd.Series(np.where(rng.random(n) < 0.5, "old app", "new app"))
    fraud = pd.Series((rng.random(n) < 0.05).astype(int))
    lost = np.where(fraud == 1, MISSING_FRAUD, MISSING_GOOD)
    by_release = np.where(app == "new app", (MISSING_AFTER - MISSING_GOOD) / (1 - MISSING_GOOD), 0.0)
    gone = (rng.random(n) < lost) | (rng.random(n) < by_release)
    device_age = pd.Series(np.where(gone, np.nan, 1.0))
    print(missing_by_slice(device_age, app, fraud).round(3).to_string())
