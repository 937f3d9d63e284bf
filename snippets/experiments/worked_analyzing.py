"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/experiments/analyzing.md.

Premises of the page and of its prompts are constants in capitals, said as given on the page; all else is derived from them and
from `snippets.cases`. What is simulated names its seed.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from snippets.cases import marketplace
from snippets.experiments.cuped import Effect, cuped, plain
from snippets.experiments.multiple import chance_of_any, shared_control_bound
from snippets.experiments.sequential import (
    Look,
    always_valid_p,
    false_alarms,
    mixture_bounds,
    obrien_fleming,
    pocock,
    run,
    spending_bounds,
)
from snippets.experiments.srm import Segment, srm_p_value, suspects, visible_excess

NORMAL = NormalDist()
Z, Z_POWER = NORMAL.inv_cdf(0.975), NORMAL.inv_cdf(0.8)
FIXED = Z + Z_POWER  # z that a test of one look has on average when its power is 80 %


def two_sided(z: float) -> float:
    """Two-sided p-value of a z."""
    return 2 * NORMAL.cdf(-abs(z))


# The experiment: a new ranker on a tenth of the users, half and half, two weeks

TRAFFIC = 0.1  # share of users in the experiment
DAYS = 14
USERS = 800_000  # different users seen in the two weeks, both arms together
SPREAD = 0.50  # standard deviation of a user's purchases in two weeks


def active_days() -> float:
    """Days on which a user of the experiment comes, of 14: a tenth of the users of 14 days over 800,000 different ones."""
    return TRAFFIC * marketplace.daily_users * DAYS / USERS


def mean_purchases() -> float:
    """Purchases of a user in two weeks: purchases a day over users a day, times the days a user comes."""
    return marketplace.purchases_per_day / marketplace.daily_users * active_days()


def relative_error(users: float = USERS, spread: float = SPREAD) -> float:
    """Standard error of the relative difference of purchases a user, two equal arms."""
    return spread * math.sqrt(4 / users) / mean_purchases()


def visible(users: float = USERS) -> float:
    """Smallest relative effect seen with 80 % power at 5 %, two-sided: 2.8 standard errors."""
    return FIXED * relative_error(users)


# The sheet

CONTROL, TREATED = 401_600, 398_400  # users by arm
BOUGHT_C, BOUGHT_T = 63_252, 63_992  # their purchases
PLATFORMS = {"web": (150_310, 150_020), "app 8.4": (201_180, 201_250), "app 8.3": (50_110, 47_130)}


def missing() -> int:
    """Users the treatment has fewer than the control."""
    return CONTROL - TREATED


def sheet_effect(lost: int = 0, bought_by_lost: int = 0) -> float:
    """Relative difference of purchases a user, with lost users and their purchases put back into the treatment."""
    return ((BOUGHT_T + bought_by_lost) / (TREATED + lost)) / (BOUGHT_C / CONTROL) - 1


def sheet_p(lost: int = 0) -> float:
    """Two-sided p-value of that difference, with lost users who bought nothing put back."""
    return two_sided(sheet_effect(lost) / relative_error(CONTROL + TREATED + lost))


def split_p() -> float:
    """Chi-square p-value of the sheet's split against half and half."""
    return srm_p_value((CONTROL, TREATED), (0.5, 0.5))


def lost_buyers_hide() -> float:
    """Relative effect if each missing user had bought once."""
    return sheet_effect(missing(), missing())


def old_app_short() -> float:
    """Share of the users of the old app version that the treatment lacks against the control."""
    control, treated = PLATFORMS["app 8.3"]
    return 1 - treated / control


def without_old_app_p() -> float:
    """P-value of the split without the old app version."""
    rest = [counts for name, counts in PLATFORMS.items() if name != "app 8.3"]
    return srm_p_value((sum(c for c, _ in rest), sum(t for _, t in rest)), (0.5, 0.5))


def demo_srm() -> None:
    """Print the test of the whole split, of each platform, and what the search names."""
    print(f"all      401,600 : 398,400   p = {split_p():.1g}")
    for name, (control, treated) in PLATFORMS.items():
        p = srm_p_value((control, treated), (0.5, 0.5))
        print(f"{name:8} {control:7,} : {treated:7,}   p = {p:.2g}")
    named: list[Segment] = suspects(PLATFORMS, (0.5, 0.5))
    print("look at: " + ", ".join(s.name for s in named))


def excess(users: int) -> float:
    """Points above 50 that a split flagged at 0.001 has at least, with that many users."""
    return 100 * visible_excess(users)


def split_p_of(users: int, share: float) -> float:
    """Chi-square p-value of a split with that share in one arm of two equal ones."""
    first = round(users * share)
    return srm_p_value((first, users - first), (0.5, 0.5))


# A/A and triggers


def design_effect() -> float:
    """Variance of a user's purchases over that of independent ones, which is their mean."""
    return SPREAD**2 / mean_purchases()


def aa_alarms() -> float:
    """Share of A/A tests below 5 % when purchases are treated as independent: 1.96 is then worth less than it says."""
    return two_sided(Z / math.sqrt(design_effect()))


def aa_runs() -> int:
    """A/A replays after which a share that high is told from 5 % with 80 % power."""
    p, q = 0.05, aa_alarms()
    return math.ceil((Z * math.sqrt(p * (1 - p)) + Z_POWER * math.sqrt(q * (1 - q))) ** 2 / (q - p) ** 2)


TRIGGERED = 0.15  # share of users who meet a change


def triggered_visible() -> float:
    """Smallest relative effect on the users who meet the change, seen when only they are compared."""
    return visible(USERS * TRIGGERED)


def diluted_visible() -> float:
    """Smallest relative effect on the users who meet the change, seen when everybody is compared."""
    return visible() / TRIGGERED


# CUPED: a user's purchases are Poisson at the user's own steady rate; rates differ between users


def between() -> float:
    """Variance of two weeks' purchases that lies between users: all of it minus the mean, which is Poisson's share."""
    return SPREAD**2 - mean_purchases()


def correlation(before_days: float) -> float:
    """Correlation of two weeks' purchases with those of so many days before, each user's rate being steady."""
    ratio = before_days / DAYS
    spread_before = math.sqrt(ratio * mean_purchases() + ratio**2 * between())
    return ratio * between() / (SPREAD * spread_before)


def variance_left(before_days: float) -> float:
    """One minus the squared correlation."""
    return 1 - correlation(before_days) ** 2


def clicks_variance_left() -> float:
    """The same with two weeks of clicks before, had every user the same purchases a click: a rate known from 29 times the events."""
    known = between() / (
        between() + mean_purchases() * marketplace.search_purchase_rate / marketplace.search_click_rate
    )
    return 1 - between() / SPREAD**2 * known


def best_variance_left() -> float:
    """Variance left when every user's rate is known: Poisson's share."""
    return mean_purchases() / SPREAD**2


def rho_to_halve() -> float:
    """Correlation that halves the variance."""
    return math.sqrt(0.5)


EFFECT = 0.02  # relative effect of the simulated treatment, all of it through clicks


class Draw(NamedTuple):
    """One simulated experiment's effects, relative to the control's mean."""

    name: str
    effect: Effect


@cache
def draws(seed: int = 3) -> tuple[Draw, ...]:
    """The same simulated experiment analyzed without and with four covariates; rates are gamma, clicks Poisson, a purchase a thinned click."""
    rng = np.random.default_rng(seed)
    per_purchase = marketplace.search_click_rate / marketplace.search_purchase_rate
    shape = mean_purchases() ** 2 / between()
    outcome, fortnight, eight_weeks, before, clicks = [], [], [], [], []
    for lift in (1.0, 1 + EFFECT):
        rate = rng.gamma(shape, mean_purchases() / shape, USERS // 2)
        fortnight.append(rng.poisson(rate))
        eight_weeks.append(fortnight[-1] + rng.poisson(3 * rate))
        before.append(rng.poisson(rate * per_purchase))
        clicks.append(rng.poisson(rate * per_purchase * lift))
        outcome.append(rng.binomial(clicks[-1], 1 / per_purchase))
    base = float(outcome[0].mean())
    by_name = {
        "no covariate": plain(*outcome),
        "purchases, 2 weeks before": cuped(*outcome, *fortnight),
        "purchases, 8 weeks before": cuped(*outcome, *eight_weeks),
        "clicks, 2 weeks before": cuped(*outcome, *before),
        "clicks during the test": cuped(*outcome, *clicks),
    }
    return tuple(Draw(name, Effect(e.difference / base, e.error / base, e.theta)) for name, e in by_name.items())


BUYERS = 0.13  # share of users who buy in two weeks
SIGMA = 1.2  # spread of the logarithm of a buyer's spending


def spending_log_mean() -> float:
    """Mean of the logarithm of a buyer's spending, so that spending a user is purchases times the mean price."""
    return math.log(mean_purchases() * marketplace.mean_price / BUYERS) - SIGMA**2 / 2


def cap(share: float = 0.001) -> float:
    """Dollars that this share of all users spend more than."""
    return math.exp(spending_log_mean() + SIGMA * NORMAL.inv_cdf(1 - share / BUYERS))


def capped_moment(power: int, share: float = 0.001) -> float:
    """Mean of spending to that power over all users, with what lies above the cap set to it."""
    mu, c = spending_log_mean(), cap(share)
    below = math.exp(power * mu + (power * SIGMA) ** 2 / 2) * NORMAL.cdf((math.log(c) - mu) / SIGMA - power * SIGMA)
    return BUYERS * below + share * c**power


def moment(power: int) -> float:
    """Mean of spending to that power over all users."""
    return BUYERS * math.exp(power * spending_log_mean() + (power * SIGMA) ** 2 / 2)


def money_cut(share: float = 0.001) -> float:
    """Share of spending above the cap."""
    return 1 - capped_moment(1, share) / moment(1)


def money_visible(capped: bool) -> float:
    """Smallest relative effect on spending a user that two weeks see."""
    first, second = (capped_moment(1), capped_moment(2)) if capped else (moment(1), moment(2))
    return FIXED * math.sqrt((second / first**2 - 1) * 4 / USERS)


def variance_cut() -> float:
    """Share of the squared relative error that the cap takes away, and so of the users needed."""
    return 1 - (money_visible(True) / money_visible(False)) ** 2


# Looking every day

RULES = ("one look", "every day, 1.96", "O'Brien–Fleming", "Pocock", "always valid")


def times(days: int) -> list[float]:
    """Shares of two weeks' information at the end of each day: each adds the same."""
    return [k / DAYS for k in range(1, days + 1)]


@cache
def bounds(rule: str, days: int = DAYS) -> tuple[float, ...]:
    """The |z| at which each rule stops, by day; the always-valid one expects an effect of the size planned for."""
    if rule == "one look":
        return (99.0,) * (days - 1) + (Z,)
    if rule == "every day, 1.96":
        return (Z,) * days
    if rule == "always valid":
        return tuple(mixture_bounds(times(days), FIXED))
    spend = obrien_fleming if rule == "O'Brien–Fleming" else pocock
    return tuple(spending_bounds([k / days for k in range(1, days + 1)], spend))


@cache
def looks(rule: str, effect: float, days: int = DAYS) -> tuple[Look, ...]:
    """What happens at each day's look; `effect` in parts of the one planned for."""
    return tuple(run(times(days), bounds(rule, days), effect * FIXED))


def alarms(rule: str, days: int = DAYS) -> float:
    """Chance that an experiment without effect is stopped as a finding."""
    return sum(look.above + look.below for look in looks(rule, 0.0, days))


def power(rule: str, days: int = DAYS, effect: float = 1.0) -> float:
    """Chance that an effect, in parts of the one planned for, is found by then."""
    return sum(look.above for look in looks(rule, effect, days))


@cache
def days_needed(rule: str) -> int:
    """Days planned so that the effect is found with 80 % power."""
    days = DAYS
    while power(rule, days) < 0.7999:
        days += 1
    return days


def mean_days(rule: str, effect: float = 1.0) -> float:
    """Mean days until stop, or until the last planned day."""
    days = days_needed(rule)
    stops = [look.above + look.below for look in looks(rule, effect, days)]
    return sum(day * p for day, p in enumerate(stops, 1)) + days * (1 - sum(stops))


def overstated(rule: str, effect: float = 1.0) -> float:
    """Mean estimate of the experiments stopped as wins over the true effect."""
    won = [look for look in looks(rule, effect, days_needed(rule)) if look.above > 0]
    return sum(look.above * look.estimate for look in won) / sum(look.above for look in won) / (effect * FIXED)


def demo_rules() -> None:
    """Print what each rule costs: false alarms, days planned for 80 % power, mean days and mean overstatement of wins."""
    print("rule             false   days for     mean days     a win")
    print("                 alarms  80 % power   when true   shows, ×")
    for rule in RULES:
        days = days_needed(rule)
        print(f"{rule:15} {100 * alarms(rule, days):5.1f} % {days:9} {mean_days(rule):12.1f} {overstated(rule):11.2f}")


def simulated_alarms() -> float:
    """The same false alarms of 14 looks at 1.96 by 20,000 simulated A/A tests."""
    return false_alarms(DAYS, bounds("every day, 1.96"))


DAY, P_SEEN = 5, 0.03  # the day on which somebody stopped, and the p-value shown


def z_seen() -> float:
    """The z of that p-value."""
    return NORMAL.inv_cdf(1 - P_SEEN / 2)


def alarms_by(day: int = DAY) -> float:
    """Share of A/A tests, looked at daily at 5 %, that have been called a finding by that day."""
    return sum(look.above + look.below for look in looks("every day, 1.96", 0.0)[:day])


def needed_p(rule: str, day: int = DAY) -> float:
    """Ordinary p-value that the rule asks for on that day of 14."""
    return two_sided(bounds(rule)[day - 1])


def always_valid_seen() -> float:
    """Always-valid p-value of that day, if the days before had looked no better."""
    return always_valid_p([z_seen()], [DAYS / DAY], FIXED)[0]


def early_error() -> float:
    """Standard error of the relative effect on that day, information growing evenly."""
    return relative_error() * math.sqrt(DAYS / DAY)


def effect_seen() -> float:
    """Relative effect that this p-value means on that day."""
    return z_seen() * early_error()


def least_early_win() -> float:
    """Smallest relative effect that can be significant at 5 % on that day."""
    return Z * early_error()


# Many metrics


def any_of(tests: int, correlated: float = 0.0) -> float:
    """Chance of at least one p below 5 % among metrics without effect, equally correlated."""
    return chance_of_any(tests, 0.05, correlated)


def bonferroni_users(tests: int) -> float:
    """Users for 80 % power at 5 % over the number of tests, against one test at 5 %."""
    return ((NORMAL.inv_cdf(1 - 0.025 / tests) + Z_POWER) / FIXED) ** 2


def shared_control_users(variants: int) -> float:
    """Users of an arm for 80 % power with Dunnett's bound, against one variant at 5 %."""
    return ((shared_control_bound(variants) + Z_POWER) / FIXED) ** 2


def all_of(tests: int, each: float = 0.8) -> float:
    """Power of "launch only if all rise" when each rises with that power, independently."""
    return each**tests


GUARDRAILS = 10


def blocked() -> float:
    """Chance that a harmless launch has at least one red guardrail, each one-sided at 5 %, independent."""
    return 1 - 0.95**GUARDRAILS


def harm_seen_corrected() -> float:
    """Power left for a harm seen with 80 % at one-sided 5 %, after dividing the 5 % by the guardrails."""
    harm = NORMAL.inv_cdf(0.95) + Z_POWER
    return NORMAL.cdf(harm - NORMAL.inv_cdf(1 - 0.05 / GUARDRAILS))


P_VALUES = (0.0005, 0.004, 0.006, 0.019, 0.03, 0.21, 0.34, 0.48, 0.66, 0.90)  # ten secondary metrics, given


# Slices afterwards

SLICES = 20  # of equal size


def slice_error() -> float:
    """Standard error of the relative effect in one of the slices."""
    return relative_error(USERS / SLICES)


@cache
def expected_best(number: int = SLICES) -> float:
    """Mean of the largest of so many independent normal numbers, in standard deviations, by numerical integration."""
    x = np.linspace(-8, 8, 3201)
    cdf = np.vectorize(NORMAL.cdf, otypes=[float])(x) ** number
    return float(8 - (cdf.sum() - 0.5) * (x[1] - x[0]))  # the ends, 0 and 1, count half


def best_slice() -> float:
    """Relative effect that the best slice shows on average when there is none anywhere."""
    return expected_best() * slice_error()


def negative_slices(effect: float) -> float:
    """Slices expected to show a negative sign when each has the same true relative effect."""
    return SLICES * NORMAL.cdf(-effect / slice_error())


BETWEEN_SLICES = 0.01  # standard deviation of true slice effects, from past experiments
BEST_SEEN, OVERALL_SEEN = 0.08, 0.0


def shrunken() -> float:
    """The best slice's effect drawn towards the overall one by the share of its variance that is not noise."""
    kept = BETWEEN_SLICES**2 / (BETWEEN_SLICES**2 + slice_error() ** 2)
    return OVERALL_SEEN + kept * (BEST_SEEN - OVERALL_SEEN)


# Weeks


def week_error() -> float:
    """Standard error of the relative effect in one week, the same users, from the same Poisson rates."""
    mean, spread = mean_purchases() / 2, math.sqrt(mean_purchases() / 2 + between() / 4)
    return spread * math.sqrt(4 / USERS) / mean


def fall_error() -> float:
    """Standard error of one week's effect minus another's, same users: their weeks are correlated, which helps."""
    rho = (between() / 4) / (mean_purchases() / 2 + between() / 4)
    return week_error() * math.sqrt(2 * (1 - rho))


def fall_power(points: float = 0.01) -> float:
    """Chance that a fall by so much from one week to another is significant."""
    z = points / fall_error()
    return NORMAL.cdf(z - Z) + NORMAL.cdf(-z - Z)


def fall_users(points: float = 0.01) -> float:
    """Times the users of this experiment that find such a fall with 80 % power."""
    return (FIXED * fall_error() / points) ** 2


WEEKS = (0.030, 0.014, 0.004)  # relative effects of three weeks, in the prompt
FRESH = 0.001  # of the users first exposed in the third week, in their first week
UP_CONTROL, UP_TREATED = 0.025, -0.001  # purchases a user, third week against first, by arm


def points(share: float) -> float:
    """The same in points, 100 to the whole."""
    return 100 * share


def half_points(error: float) -> float:
    """95 % half-width in points, from a standard error."""
    return 100 * Z * error


def fall_seen() -> float:
    """First week's effect minus the third's."""
    return WEEKS[0] - WEEKS[2]


def fresh_gap() -> float:
    """The old cohort's first week minus the fresh cohort's first week."""
    return WEEKS[0] - FRESH


def fresh_error() -> float:
    """Standard error of that gap: different users, so the squares add."""
    return week_error() * math.sqrt(2)


def arms_agree() -> float:
    """Third week's effect that the two arms' own changes imply from the first week's."""
    return (1 + WEEKS[0]) * (1 + UP_TREATED) / (1 + UP_CONTROL) - 1


# The launch

FLAT, FLAT_HALF = 0.003, 0.014  # the primary's relative effect and 95 % half-width
DISPUTES_UP = 0.001  # change of the dispute rate


def fees_for(effect: float) -> float:
    """Net fees a day for a relative change of all purchases."""
    return marketplace.purchases_per_day * effect * marketplace.net_fee


def disputes_cost(points: float = DISPUTES_UP) -> float:
    """Dollars a day for a rise of the dispute rate, on all purchases."""
    return marketplace.purchases_per_day * points * marketplace.dispute_cost


def dispute_half_width() -> float:
    """95 % half-width of the difference of dispute rates, on two weeks' purchases, taken as independent."""
    p, n = marketplace.dispute_rate, mean_purchases() * USERS / 2
    return Z * math.sqrt(2 * p * (1 - p) / n)


def disputes_for(effect: float) -> float:
    """Rise of the dispute rate that eats a relative gain of purchases, at the old number of purchases."""
    return fees_for(effect) / (marketplace.purchases_per_day * marketplace.dispute_cost)


PRIOR = 0.005  # standard deviation of true effects of this team's experiments, mean 0


def shipped(error: float | None = None) -> tuple[float, float, float]:
    """Mean estimate, mean true effect and share truly negative among experiments shipped at z above 1.96."""
    se = relative_error() if error is None else error
    seen = math.hypot(PRIOR, se)
    t = Z * se / seen
    estimate = seen * math.exp(-t * t / 2) / math.sqrt(2 * math.pi) / NORMAL.cdf(-t)
    keep = PRIOR**2 / seen**2
    x = np.linspace(Z * se, Z * se + 8 * seen, 4001)  # estimates that ship
    weight = np.exp(-(x**2) / (2 * seen**2))
    below = np.vectorize(NORMAL.cdf, otypes=[float])(-x * keep / (PRIOR * se / seen))
    return estimate, keep * estimate, float(below @ weight / weight.sum())


def shipped_estimate() -> float:
    """Mean estimate of shipped experiments."""
    return shipped()[0]


def shipped_truth() -> float:
    """Mean true effect of shipped experiments: the estimate times signal's share of the variance."""
    return shipped()[1]


def shipped_harmful() -> float:
    """Share of shipped experiments whose true effect is negative."""
    return shipped()[2]


# Prompt: a split of 50.4 to 49.6

ENTRIES = {"app": (230_400, 230_150), "web, direct": (212_700, 212_950), "web, from mail": (60_900, 52_900)}
ENTRY_EFFECT = 0.019  # relative effect shown beside the split


def entry_p(name: str) -> float:
    """Chi-square p-value of the split among those who came in one way."""
    return srm_p_value(ENTRIES[name], (0.5, 0.5))


def entry_missing() -> float:
    """Share of the users from mail that the treatment lacks against the control."""
    control, treated = ENTRIES["web, from mail"]
    return 1 - treated / control


def entry_effect_left() -> float:
    """Relative effect when the missing users come back without purchases."""
    control, treated = (sum(c[arm] for c in ENTRIES.values()) for arm in (0, 1))
    return (1 + ENTRY_EFFECT) * treated / control - 1


# Prompt: stopped on day 5


def kept_of(error: float) -> float:
    """Share of an estimate to keep: the variance of true effects over that of estimates."""
    return PRIOR**2 / (PRIOR**2 + error**2)


def expected_on_day_five() -> float:
    """Relative effect to expect from the estimate of day 5, drawn towards 0 by the archive's spread."""
    return kept_of(early_error()) * effect_seen()


def waiting_cost() -> float:
    """Expected fees missed in the nine days to the planned end, the change being on for a twentieth of users meanwhile."""
    return fees_for(expected_on_day_five()) * (DAYS - DAY) * (1 - TRAFFIC / 2)


# Prompt: flat on purchases, more clicks

CLICKS_UP = 0.031  # relative change of clicks a search
UPKEEP = 400.0  # dollars a day to keep the second model


def purchases_per_click() -> float:
    """Relative change of purchases a click."""
    return (1 + FLAT) / (1 + CLICKS_UP) - 1


def launch_value() -> float:
    """Net fees minus disputes minus upkeep a day, by the point estimates."""
    return fees_for(FLAT) - disputes_cost() - UPKEEP


def launch_half_width() -> float:
    """95 % half-width of that value, purchases and dispute rate taken as independent."""
    return math.hypot(fees_for(FLAT_HALF), disputes_cost(dispute_half_width()))


def expected_flat() -> float:
    """Net fees a day to expect of the flat result, drawn towards 0 by the archive's spread."""
    return kept_of(FLAT_HALF / Z) * fees_for(FLAT)


def break_even_effect() -> float:
    """Relative gain of purchases that pays for disputes as measured and upkeep."""
    return (disputes_cost() + UPKEEP) / fees_for(1.0)


def wide_half_width() -> float:
    """95 % half-width of the daily value when all users are in the test for two weeks."""
    return launch_half_width() * math.sqrt(TRAFFIC)


def chance_that_it_pays() -> float:
    """Chance, by the archive and the flat result, that the true gain reaches the break-even."""
    keep = kept_of(FLAT_HALF / Z)
    return NORMAL.cdf((keep * FLAT - break_even_effect()) / (PRIOR * math.sqrt(1 - keep)))


def arm_change_error() -> float:
    """Standard error of one arm's change from week to week: the fall's, shared evenly by two arms."""
    return fall_error() / math.sqrt(2)
