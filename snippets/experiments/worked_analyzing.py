"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/experiments/analyzing.md.

People, their visits and their purchase rates are those of `worked_designing`. Premises of this page and of its prompts are constants
in capitals, said as given on the page; all else is derived. What is simulated names its seed.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from scipy import stats

from snippets.cases import marketplace
from snippets.experiments import worked_designing as plan
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
from snippets.experiments.srm import Segment, chi_square_tail, srm_p_value, suspects, visible_excess

NORMAL = NormalDist()
Z, Z_POWER = NORMAL.inv_cdf(0.975), NORMAL.inv_cdf(0.8)
FIXED = Z + Z_POWER  # z that a test of one look has on average when its power is 80 %


def two_sided(z: float) -> float:
    """Two-sided p-value of a z."""
    return 2 * NORMAL.cdf(-abs(z))


# The experiment: a new ranker on an eighth of the users, half and half, two weeks

TRAFFIC = 0.125  # share of users in the experiment
DAYS = 14
READ = DAYS + marketplace.attribution_days  # purchases of the last search are credited; until then the arms stay on
CLOSED = READ + marketplace.dispute_days  # the last of them can't be disputed any more
USERS = 800_000  # different users seen in the two weeks, both arms together, as counted: an eighth of those who come
EACH = plan.searches_a_visit_day()


def chance(times: int, absent: int = 0) -> float:
    """Mean of q**times (1 - q)**absent over people, q being one's chance to come on a day: a beta integral."""
    a, b, g = plan.VISITING.a, plan.VISITING.b, math.lgamma
    return math.exp(g(a + times) + g(b + absent) - g(a + b + times + absent) - g(a) - g(b) + g(a + b))


def events(rate: float, own: float, days: int, absent: int = 0) -> tuple[float, float]:
    """Mean and mean square of a person's clicks or purchases in so many days, over people absent on so many *other* days (not divided by their share).

    `own` is the squared spread of people's own rates, in means; searches of a visit day are geometric.
    """
    visits = days * chance(1, absent)
    squares = visits + days * (days - 1) * chance(2, absent)
    searches, square = EACH * visits, plan.SEARCHES_VARIANCE * visits + EACH**2 * squares
    first = rate * searches
    return first, first + rate**2 * (1 + own) * (square - searches)


RATE, OWN = marketplace.search_purchase_rate, plan.PURCHASE_SPREAD**2
CLICKS, CLICKS_OWN = marketplace.search_click_rate, (plan.CLICK_SPREAD / marketplace.search_click_rate) ** 2


def purchases(days: int = DAYS) -> tuple[float, float]:
    """Mean and mean square of purchases from search in so many days, over people who came in them."""
    came = 1 - chance(0, days)
    first, square = events(RATE, OWN, days)
    return first / came, square / came


def active_days() -> float:
    """Days of 14 on which somebody comes who comes at all."""
    return DAYS * chance(1) / (1 - chance(0, DAYS))


def mean_purchases() -> float:
    """Purchases from search of a user in two weeks."""
    return purchases()[0]


def spread() -> float:
    """Standard deviation of a user's purchases from search in two weeks."""
    first, square = purchases()
    return math.sqrt(square - first**2)


def relative_error(users: float = USERS) -> float:
    """Standard error of the relative difference of purchases a user after two weeks, two equal arms."""
    return spread() * math.sqrt(4 / users) / mean_purchases()


def visible(users: float = USERS) -> float:
    """Smallest relative effect seen with 80 % power at 5 %, two-sided: 2.8 standard errors."""
    return FIXED * relative_error(users)


def information(days: int) -> float:
    """Information of so many days over that of 14: who returns tells less each time."""

    def noise(d: int) -> float:
        first, square = purchases(d)
        return (square / first**2 - 1) / plan.visitors(d)

    return noise(DAYS) / noise(days)


# The sheet

CONTROL, TREATED = 401_600, 398_400  # users by arm
BOUGHT_C, BOUGHT_T = 63_252, 63_992  # their purchases
PLATFORMS = {"web": (150_310, 150_020), "app 8.4": (201_180, 201_250), "app 8.3": (50_110, 47_130)}
OLD_BOUGHT = (7_520, 7_640)  # purchases on app 8.3, by arm


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


def rest() -> tuple[int, int]:
    """Users by arm without the old app version."""
    return CONTROL - PLATFORMS["app 8.3"][0], TREATED - PLATFORMS["app 8.3"][1]


def without_old_app_p() -> float:
    """P-value of the split without the old app version."""
    return srm_p_value(rest(), (0.5, 0.5))


def rest_effect() -> float:
    """Relative difference of purchases a user without the old app version."""
    control, treated = rest()
    return ((BOUGHT_T - OLD_BOUGHT[1]) / treated) / ((BOUGHT_C - OLD_BOUGHT[0]) / control) - 1


def rest_half_width() -> float:
    """95 % half-width of that effect."""
    return Z * relative_error(sum(rest()))


def rest_may_lack() -> float:
    """Users that the treatment may lack there all the same: upper end of the 95 % interval of the arms' difference."""
    control, treated = rest()
    return control - treated + Z * math.sqrt(control + treated)


def rest_may_hide() -> float:
    """What so many users are worth as a relative effect, if they buy nothing."""
    return rest_may_lack() / rest()[0]


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
    return spread() ** 2 / mean_purchases()


def aa_alarms() -> float:
    """Share of A/A tests below 5 % when purchases are treated as independent: 1.96 is then worth less than it says."""
    return two_sided(Z / math.sqrt(design_effect()))


@cache
def aa_replays() -> tuple[int, int]:
    """Fewest A/A replays, and the alarms from which to stop, so that a sound pipeline stops in 2.5 % at most and that one in 80 % (exact binomials)."""
    n = 50
    while True:
        limit = int(stats.binom.isf(0.025, n, 0.05)) + 1  # more than that has at most 2.5 %
        if stats.binom.sf(limit - 1, n, aa_alarms()) >= 0.8:
            return n, limit
        n += 1


TRIGGERED = 0.15  # share of users who meet a change


def triggered_visible() -> float:
    """Smallest relative effect on the users who meet the change, seen when only they are compared."""
    return visible(USERS * TRIGGERED)


def diluted_visible() -> float:
    """Smallest relative effect on the users who meet the change, seen when everybody is compared."""
    return visible() / TRIGGERED


# CUPED: the people who come in the two weeks, and their past


def left(before: tuple[float, float], absent: tuple[float, float], both: float) -> float:
    """One minus the squared correlation with two weeks' purchases, over the people who come in them.

    `before` is mean and mean square of the covariate over everybody, `absent` the part of people who don't come in the
    two weeks, `both` the mean product (which they add nothing to).
    """
    came = 1 - chance(0, DAYS)
    x, xx = ((b - a) / came for b, a in zip(before, absent, strict=True))
    y, yy = purchases()
    return 1 - (both / came - x * y) ** 2 / ((xx - x * x) * (yy - y * y))


def variance_left(before_days: int) -> float:
    """Variance left with the purchases of so many days before."""
    both = DAYS * before_days * EACH**2 * RATE**2 * (1 + OWN) * chance(2)
    return left(events(RATE, OWN, before_days), events(RATE, OWN, before_days, DAYS), both)


def clicks_variance_left(shared: float = CLICKS_OWN, before_days: int = DAYS) -> float:
    """The same with clicks. `shared` is the covariance of own click and purchase rates, in means.

    Zero: unrelated. As given: a click turns into a purchase at a rate of one's own, unrelated to how much one clicks.
    """
    both = DAYS * before_days * EACH**2 * RATE * CLICKS * (1 + shared) * chance(2)
    return left(events(CLICKS, CLICKS_OWN, before_days), events(CLICKS, CLICKS_OWN, before_days, DAYS), both)


def clicks_at_best() -> float:
    """The same if own click and purchase rates correlate perfectly."""
    return clicks_variance_left(math.sqrt(CLICKS_OWN * OWN))


def both_variance_left(before_days: int) -> float:
    """The same with purchases and clicks of so many days together, clicks turning into purchases as given above."""
    came, pair = 1 - chance(0, DAYS), ((RATE, OWN), (CLICKS, CLICKS_OWN))

    def part(absent: int) -> np.ndarray:
        """Means, mean squares and mean product of the two over everybody, or over people absent in the two weeks."""
        searches, square = events(1, 0, before_days, absent)
        product = RATE * searches + RATE * CLICKS * (1 + CLICKS_OWN) * (square - searches)
        (m, mm), (n, nn) = (events(rate, own, before_days, absent) for rate, own in pair)
        return np.array([m, n, mm, nn, product])

    m, n, mm, nn, product = (part(0) - part(DAYS)) / came
    y, yy = purchases()
    later = DAYS * before_days * EACH**2 * RATE * chance(2) / came
    toward = np.array([later * RATE * (1 + OWN) - m * y, later * CLICKS * (1 + CLICKS_OWN) - n * y])
    within = np.array([[mm - m * m, product - m * n], [product - m * n, nn - n * n]])
    return 1 - float(toward @ np.linalg.solve(within, toward)) / (yy - y * y)


def best_variance_left() -> float:
    """Variance left when every user's true rate is known: mostly the luck of the counts."""
    whole = (DAYS * EACH * RATE) ** 2 * (1 + OWN)
    first = DAYS * EACH * RATE
    return left(
        (first * chance(1), whole * chance(2)), (first * chance(1, DAYS), whole * chance(2, DAYS)), whole * chance(2)
    )


def without_a_past(days: int) -> float:
    """Share of the test's users who did not come in so many days before."""
    return (chance(0, days) - chance(0, days + DAYS)) / (1 - chance(0, DAYS))


def rho_to_halve() -> float:
    """Correlation that halves the variance."""
    return math.sqrt(0.5)


EFFECT = 0.02  # relative effect of the simulated treatment, all of it through clicks


class Draw(NamedTuple):
    """One simulated experiment's effects, relative to the control's mean."""

    name: str
    effect: Effect


def drawn_clicks(rng: np.random.Generator, searches: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Searches with a click, at everybody's own rate."""
    return rng.binomial(searches, np.minimum(own, 1))


def drawn_searches(rng: np.random.Generator, visits: np.ndarray) -> np.ndarray:
    """Searches on so many visit days: geometric on each, at least one."""
    return visits + rng.poisson((EACH - 1) * rng.standard_gamma(visits))


@cache
def draws(seed: int = 5) -> tuple[Draw, ...]:
    """The same simulated experiment analyzed without and with four covariates. A click turns into a purchase at a rate of one's own."""
    rng = np.random.default_rng(seed)
    both = CLICKS * (1 - CLICKS) / plan.CLICK_SPREAD**2 - 1
    buys = (1 + OWN) / (1 + CLICKS_OWN) - 1  # squared spread of that rate, so that purchase rates spread as given
    columns: list[list[np.ndarray]] = [[], [], [], [], []]
    for lift in (1.0, 1 + EFFECT):
        q = rng.beta(plan.VISITING.a, plan.VISITING.b, round(plan.VISITING.people * TRAFFIC / 2))
        visits = rng.binomial(DAYS, q)
        q, visits = q[visits > 0], visits[visits > 0]
        click = rng.beta(CLICKS * both, (1 - CLICKS) * both, q.size)
        buy = np.minimum(rng.gamma(1 / buys, buys * RATE / CLICKS, q.size), 1)
        near = drawn_clicks(rng, drawn_searches(rng, rng.binomial(DAYS, q)), click)
        far = drawn_clicks(rng, drawn_searches(rng, rng.binomial(3 * DAYS, q)), click)
        now = drawn_clicks(rng, drawn_searches(rng, visits), click * lift)
        fortnight = rng.binomial(near, buy)
        made = (rng.binomial(now, buy), fortnight, fortnight + rng.binomial(far, buy), near, now)
        for column, values in zip(columns, made, strict=True):
            column.append(values)
    outcome, *covariates = columns
    base = float(outcome[0].mean())
    names = (
        "purchases, 2 weeks before",
        "purchases, 8 weeks before",
        "clicks, 2 weeks before",
        "clicks during the test",
    )
    found = [("no covariate", plain(*outcome))]
    found += [(name, cuped(*outcome, *x)) for name, x in zip(names, covariates, strict=True)]
    return tuple(Draw(name, Effect(e.difference / base, e.error / base, e.theta)) for name, e in found)


@cache
def buyers() -> float:
    """Share of users who buy in two weeks."""
    return plan.buyers_share(DAYS)


def sigma() -> float:
    """Spread of the logarithm of a buyer's spending, taken as log-normal, so that spending a user varies as the plan has it."""
    return math.sqrt(math.log(buyers() * (1 + plan.spread_per_visitor("fees", DAYS) ** 2)))


def spending_log_mean() -> float:
    """Mean of the logarithm of a buyer's spending, so that spending a user is purchases times the mean price."""
    return math.log(mean_purchases() * marketplace.mean_price / buyers()) - sigma() ** 2 / 2


def cap(share: float = 0.001) -> float:
    """Dollars that this share of all users spend more than."""
    return math.exp(spending_log_mean() + sigma() * NORMAL.inv_cdf(1 - share / buyers()))


def capped_moment(power: int, share: float = 0.001) -> float:
    """Mean of spending to that power over all users, with what lies above the cap set to it."""
    mu, c = spending_log_mean(), cap(share)
    below = math.exp(power * mu + (power * sigma()) ** 2 / 2) * NORMAL.cdf(
        (math.log(c) - mu) / sigma() - power * sigma()
    )
    return buyers() * below + share * c**power


def moment(power: int) -> float:
    """Mean of spending to that power over all users."""
    return buyers() * math.exp(power * spending_log_mean() + (power * sigma()) ** 2 / 2)


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


WEEK = 7  # the first day on which a planned rule may stop: a whole week is in


def times(days: int, first: int = 1) -> list[float]:
    """Shares of two weeks' information at the end of each day from the first look on."""
    return [information(k) for k in range(first, days + 1)]


@cache
def bounds(rule: str, days: int = DAYS, first: int = 1) -> tuple[float, ...]:
    """The |z| at which each rule stops, by day; the always-valid one expects an effect of the size planned for."""
    seen = times(days, first)
    if rule == "one look":
        return (99.0,) * (len(seen) - 1) + (Z,)
    if rule == "every day, 1.96":
        return (Z,) * len(seen)
    if rule == "always valid":
        return tuple(mixture_bounds(seen, FIXED))
    spend = obrien_fleming if rule == "O'Brien–Fleming" else pocock
    return tuple(spending_bounds([t / seen[-1] for t in seen], spend))


@cache
def looks(rule: str, effect: float, days: int = DAYS, first: int = 1) -> tuple[Look, ...]:
    """What happens at each day's look; `effect` in parts of the one planned for."""
    return tuple(run(times(days, first), bounds(rule, days, first), effect * FIXED))


def alarms(rule: str, days: int = DAYS, first: int = 1) -> float:
    """Chance that an experiment without effect is stopped as a finding."""
    return sum(look.above + look.below for look in looks(rule, 0.0, days, first))


def power(rule: str, days: int = DAYS, effect: float = 1.0) -> float:
    """Chance that an effect, in parts of the one planned for, is found by then, looking from day 7 on."""
    return sum(look.above for look in looks(rule, effect, days, WEEK))


@cache
def days_needed(rule: str) -> int:
    """Whole weeks, in days, planned so that the effect is found with 80 % power."""
    days = DAYS
    while power(rule, days) < 0.7999:
        days += 7
    return days


def mean_days(rule: str, effect: float = 1.0, days: int | None = None) -> float:
    """Mean days until stop, or until the last planned day."""
    days = days_needed(rule) if days is None else days
    stops = [look.above + look.below for look in looks(rule, effect, days, WEEK)]
    return sum(day * p for day, p in enumerate(stops, WEEK)) + days * (1 - sum(stops))


@cache
def mean_days_archive(rule: str, days: int | None = None) -> float:
    """Mean days when true effects are drawn from the archive (Gauss–Hermite, nine effects)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    found = [mean_days(rule, abs(float(x)) * PRIOR / visible(), days) for x in nodes]
    return float(np.asarray(found) @ weights / weights.sum())


def overstated(rule: str, effect: float = 1.0, days: int | None = None, first: int = WEEK) -> float:
    """Mean estimate of the experiments stopped as wins over the true effect."""
    won = [k for k in looks(rule, effect, days_needed(rule) if days is None else days, first) if k.above > 0]
    return sum(k.above * k.estimate for k in won) / sum(k.above for k in won) / (effect * FIXED)


def overstated_daily(effect: float = 1.0) -> float:
    """The same for 14 daily looks at 1.96."""
    return overstated("every day, 1.96", effect, DAYS, 1)


def simulated_alarms() -> float:
    """The same false alarms of 14 looks at 1.96 by 20,000 simulated A/A tests."""
    return false_alarms(times(DAYS), bounds("every day, 1.96"))


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
    return always_valid_p([z_seen()], [1 / information(DAY)], FIXED)[0]


def early_error() -> float:
    """Standard error of the relative effect on that day."""
    return relative_error() / math.sqrt(information(DAY))


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


@cache
def week_noise() -> np.ndarray:
    """Covariances of one arm's weekly purchases a user, over the means, times users: weeks 1 to 3 of the people who came in week 1."""
    came, days = 1 - chance(0, 7), 7
    first, square = events(RATE, OWN, days)
    gone, gone_square = events(RATE, OWN, days, days)
    means = np.array([first, first - gone, first - gone]) / came
    product = (days * EACH * RATE) ** 2 * (1 + OWN)
    mixed, late = product * chance(2), product * (chance(2) - chance(2, days))
    second = np.array(
        [[square, mixed, mixed], [mixed, square - gone_square, late], [mixed, late, square - gone_square]]
    )
    return second / came / np.outer(means, means) - 1


COHORT = 660_000  # users who come in week 1, both arms: an eighth of those of one week


def cohort_noise() -> np.ndarray:
    """Covariances of the three weeks' relative effects."""
    return 4 / COHORT * week_noise()


def returns() -> float:
    """Purchases a user in week 3 over week 1, of the people who came in week 1, nothing else having changed."""
    return 1 - chance(1, 7) / chance(1)


def week_error(week: int = 1) -> float:
    """Standard error of the relative effect in that week."""
    return math.sqrt(cohort_noise()[week - 1, week - 1])


def fall_error() -> float:
    """Standard error of week 1's effect minus week 3's, same users."""
    c = cohort_noise()
    return math.sqrt(c[0, 0] + c[2, 2] - 2 * c[0, 2])


def fall_power(points: float = 0.01) -> float:
    """Chance that a fall by so much from week 1 to week 3 is significant."""
    z = points / fall_error()
    return NORMAL.cdf(z - Z) + NORMAL.cdf(-z - Z)


def fall_users(points: float = 0.01) -> float:
    """Times the users of this experiment that find such a fall with 80 % power."""
    return (FIXED * fall_error() / points) ** 2


WEEKS = (0.030, 0.014, 0.004)  # relative effects of three weeks, in the prompt
FRESH = 0.001  # of a second eighth, switched on in the third week, in that week
UP_CONTROL, UP_TREATED = -0.093, -0.116  # purchases a user, third week against first, by arm


def points(share: float) -> float:
    """The same in points, 100 to the whole."""
    return 100 * share


def half_points(error: float) -> float:
    """95 % half-width in points, from a standard error."""
    return 100 * Z * error


def fall_seen() -> float:
    """First week's effect minus the third's."""
    return WEEKS[0] - WEEKS[2]


def one_effect() -> tuple[float, float, float]:
    """One constant effect for the four estimates: its value, its 95 % half-width, and the p-value of their disagreement (generalized least squares)."""
    seen = np.array([*WEEKS, FRESH])
    noise = np.zeros((4, 4))
    noise[:3, :3], noise[3, 3] = cohort_noise(), week_error() ** 2
    weight = np.linalg.inv(noise)
    precision = float(weight.sum())
    value = float((weight @ seen).sum()) / precision
    off = seen - value
    return value, Z / math.sqrt(precision), chi_square_tail(float(off @ weight @ off), 3)


def fall_p() -> float:
    """Two-sided p-value of the fall from week 1 to week 3."""
    return two_sided(fall_seen() / fall_error())


def fresh_p() -> float:
    """Two-sided p-value of the gap between week 1 and the fresh users' week."""
    return two_sided(fresh_gap() / fresh_error())


def fresh_gap() -> float:
    """The old cohort's first week minus the fresh users' first week."""
    return WEEKS[0] - FRESH


def fresh_error() -> float:
    """Standard error of that gap: different users, so the squares add."""
    return week_error() * math.sqrt(2)


def pays_from() -> float:
    """Relative effect, as a split by user shows it and luck aside, whose lasting quarter pays the upkeep."""
    return UPKEEP / lasting(1.0)


def must_show(error: float | None = None) -> float:
    """Estimate that pays when shrunk by the archive."""
    return pays_from() / kept_of(relative_error() if error is None else error)


def launched_by_rule() -> float:
    """Dollars a day to expect after upkeep of the four estimates' common effect, shrunk by the archive."""
    effect, half, _ = one_effect()
    return booked(effect, half / Z) - UPKEEP


def arms_agree() -> float:
    """Third week's effect that the two arms' own changes imply from the first week's."""
    return (1 + WEEKS[0]) * (1 + UP_TREATED) / (1 + UP_CONTROL) - 1


# The launch

FLAT, FLAT_HALF = 0.003, 0.013  # the primary's relative effect and 95 % half-width
DISPUTES_UP, DISPUTES_HALF = 0.001, 0.0015  # change of the dispute rate and 95 % half-width


def fees_for(effect: float) -> float:
    """Net fees a day that a relative change of purchases from search seems to bring, everybody having it."""
    return 100 * effect * plan.per_percent()


def lasting(effect: float) -> float:
    """The part of them that stays on shared stock: a quarter."""
    return plan.WHOLE.lasting() * fees_for(effect)


def booked(effect: float, error: float) -> float:
    """Lasting net fees a day of an estimate shrunk by the archive."""
    return lasting(kept_of(error) * effect)


def disputes_cost(points: float = DISPUTES_UP) -> float:
    """Dollars a day for a rise of the dispute rate, on purchases from search."""
    return marketplace.searches_per_day * RATE * points * marketplace.dispute_cost


def dispute_half_width() -> float:
    """95 % half-width of the difference of dispute rates, on two weeks' purchases, taken as independent."""
    p, n = marketplace.dispute_rate, mean_purchases() * USERS / 2
    return Z * math.sqrt(2 * p * (1 - p) / n)


def disputes_visible() -> float:
    """Rise of the dispute rate that is seen four times in five, by the brief's half-width."""
    return FIXED / Z * DISPUTES_HALF


def disputes_for(effect: float) -> float:
    """Rise of the dispute rate that eats what lasts of a relative gain of purchases, after upkeep."""
    return (lasting(effect) - UPKEEP) / disputes_cost(1.0)


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


SEEN, SEEN_ERROR = 0.022, 0.01  # the brief's round figures of that day: relative effect and standard error


def expected_on_day_five() -> float:
    """Relative effect to expect from the estimate of day 5, drawn towards 0 by the archive's spread."""
    return kept_of(SEEN_ERROR) * SEEN


def waiting_cost() -> float:
    """Expected lasting fees less upkeep until the planned reading, when the last purchases are credited."""
    return (READ - DAY) * (lasting(expected_on_day_five()) - UPKEEP)


LATE_SEEN, LATE_HALF = 0.014, 0.013  # a follow-up's result of day 14


# Prompt: twenty metrics


def repeated(p: float = 0.03) -> float:
    """Chance that a repeat of the same size is significant in the same direction if the effect is just what was seen."""
    return 1 - NORMAL.cdf(Z - NORMAL.inv_cdf(1 - p / 2))


def repeat_size(part: float = 0.5, p: float = 0.03) -> float:
    """Times the users for 80 % power at that part of what was seen."""
    return (FIXED / (part * NORMAL.inv_cdf(1 - p / 2))) ** 2


# Prompt: flat on purchases, more clicks

CLICKS_UP, CLICKS_HALF = 0.031, 0.004  # relative change of clicks a search
SEARCHES_UP, SEARCHES_HALF = 0.002, 0.003  # relative change of searches a user
UPKEEP = plan.COST_A_DAY  # dollars a day to run the new ranker
DISPUTES_PRIOR = 0.0005  # standard deviation of true changes of the dispute rate in the archive, mean 0


def purchases_per_click() -> float:
    """Relative change of purchases a click: purchases a user over clicks a search times searches a user."""
    return (1 + FLAT) / ((1 + CLICKS_UP) * (1 + SEARCHES_UP)) - 1


def purchases_per_click_half() -> float:
    """95 % half-width of it, the three taken as independent."""
    return math.hypot(FLAT_HALF, CLICKS_HALF, SEARCHES_HALF)


def launch_value() -> float:
    """Lasting fees minus disputes minus upkeep a day, by the point estimates."""
    return lasting(FLAT) - disputes_cost() - UPKEEP


def launch_half_width() -> float:
    """95 % half-width of that value, purchases and dispute rate taken as independent."""
    return math.hypot(lasting(FLAT_HALF), disputes_cost(DISPUTES_HALF))


def disputes_kept() -> float:
    """Share of the rise of disputes to keep, by the archive."""
    return DISPUTES_PRIOR**2 / (DISPUTES_PRIOR**2 + (DISPUTES_HALF / Z) ** 2)


def expected_flat() -> float:
    """Lasting fees a day to expect of the flat result, drawn towards 0 by the archive."""
    return booked(FLAT, FLAT_HALF / Z)


def expected_disputes() -> float:
    """Dollars a day of disputes to expect, drawn towards 0 likewise."""
    return disputes_cost(disputes_kept() * DISPUTES_UP)


def expected_value() -> float:
    """Dollars a day to expect of the launch, both estimates shrunk."""
    return expected_flat() - expected_disputes() - UPKEEP


def value_spread() -> float:
    """Standard deviation of what the launch may truly be worth a day, after this test."""
    gain = lasting(PRIOR) * math.sqrt(1 - kept_of(FLAT_HALF / Z))
    return math.hypot(gain, disputes_cost(DISPUTES_PRIOR) * math.sqrt(1 - disputes_kept()))


def chance_that_it_pays() -> float:
    """Chance that launching brings more than nothing, both estimates shrunk."""
    return NORMAL.cdf(expected_value() / value_spread())


def measured_disputes() -> float:
    """Dollars a day to expect if only the gain is shrunk."""
    return expected_flat() - disputes_cost() - UPKEEP


def break_even_effect() -> float:
    """Relative gain that a test must show so that what lasts pays for disputes as measured and upkeep."""
    return (disputes_cost() + UPKEEP) / lasting(1.0)


def wide_test_cost() -> float:
    """Expected dollars that a test on all users costs: half of them have the change until two weeks of searches are credited."""
    return -expected_value() * READ / 2


def wide_test_worth() -> float:
    """Dollars a day by which knowing more is worth having: the launch only when that test's shrunken sum is above zero."""
    shrink = TRAFFIC  # its squared errors are an eighth of this test's
    gain, half = lasting(PRIOR) ** 2, lasting(FLAT_HALF) ** 2 / Z**2
    harm, harm_half = disputes_cost(DISPUTES_PRIOR) ** 2, disputes_cost(DISPUTES_HALF) ** 2 / Z**2
    moved = 0.0  # variance of the sum's mean that the second test will bring
    for prior, noise in ((gain, half), (harm, harm_half)):
        after = 1 / (1 / prior + 1 / noise)
        moved += after - 1 / (1 / after + 1 / (noise * shrink))
    sd = math.sqrt(moved)
    u = expected_value() / sd
    return sd * (NORMAL.pdf(u) + u * NORMAL.cdf(u))


def arm_change_error() -> float:
    """Standard error of one arm's change from week to week: the fall's, shared evenly by two arms."""
    return fall_error() / math.sqrt(2)
