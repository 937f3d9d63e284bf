"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/roles.md.

Premises are constants in capitals, said as given on the page or in a prompt's brief. The rest follows from them by the models in
`loop`, `plan`, `matrix` and `reliability`: closed forms or numeric integrals, no simulation.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache, partial
from itertools import combinations
from statistics import NormalDist

import numpy as np

from snippets.cases import payments
from snippets.roles.loop import RULES, every_round, every_round_correlated
from snippets.roles.matrix import LOOPS, TOPICS, closed, depth, minutes_by_topic, plan_topics
from snippets.roles.plan import Prep, allocate, plan_for_average, plan_for_every_round
from snippets.roles.reliability import (
    Selection,
    by_every,
    by_gate_then_mean,
    by_mean,
    correlation_interval,
    rounds_until_failure,
    spearman_brown,
)

NORMAL = NormalDist()

# How rounds add up

FIVE_AT_80 = (0.8,) * 5
OFFERS_PER_ONSITE = (0.15, 0.1883, 0.70)  # lowest, Google, highest: Huyen's book, reviews of August 2019


def at_80(rule: str) -> float:
    """Chance of an offer with five independent rounds at 80 %, under the named rule."""
    return RULES[rule](FIVE_AT_80)


def at_80_correlated(correlation: float) -> float:
    """Chance of passing five rounds at 80 % each when any two scores correlate this much."""
    return every_round_correlated(FIVE_AT_80, correlation)


def rate_behind(offers: float, rounds: int = 5) -> float:
    """Pass rate a round that gives this share of offers, if every round must be passed: the root of that order."""
    return math.pow(offers, 1 / rounds)


def rate_behind_average(offers: float, rounds: int = 5) -> float:
    """Pass rate a round that gives this share of offers, if the mean score decides against the same bar."""
    return NORMAL.cdf(NORMAL.inv_cdf(offers) / math.sqrt(rounds))


def average_at_80_correlated(correlation: float) -> float:
    """Chance that the mean of five scores at 80 % each clears the bar when any two correlate this much."""
    spread = math.sqrt((1 + (len(FIVE_AT_80) - 1) * correlation) / len(FIVE_AT_80))
    return NORMAL.cdf(NORMAL.inv_cdf(0.8) / spread)


# Mira, the page's candidate: 20 hours before an MLE loop

HOURS = 20
MIRA = (
    Prep("Coding screen", 0.55, 0.85, 25),
    Prep("Data and ML coding", 0.75, 0.92, 6),
    Prep("ML system design", 0.60, 0.85, 8),
    Prep("ML depth, debugging", 0.70, 0.90, 8),
    Prep("Project, behavior", 0.70, 0.95, 3),
)


# the three ways to decide that the page compares, by the name of the plan that is best under each
DECIDED = {"all": "every round", "one": "gate, then all but one", "mean": "gate, then average"}


@cache
def splits(hours: int) -> tuple[tuple[int, ...], ...]:
    """Every way to give whole hours to five rounds: 10,626 for twenty."""
    return tuple(
        (a, b - a - 1, c - b - 1, d - c - 1, hours + 3 - d) for a, b, c, d in combinations(range(hours + 4), 4)
    )


def best_of_all_splits(rounds: Sequence[Prep], rule: str, hours: int) -> tuple[int, ...]:
    """The split of whole hours over five rounds with the best odds under a rule, each of them tried.

    The rules stand here for arrays of splits; a test holds them against `loop`.
    """
    tried = np.array(splits(hours))
    margin = np.array([[r.margin(h) for h in range(hours + 1)] for r in rounds])
    rate = np.array([[r.rate(h) for h in range(hours + 1)] for r in rounds])
    rates = [rate[i][tried[:, i]] for i in range(5)]
    others = rates[1] * rates[2] * rates[3] * rates[4]
    if rule == "every round":
        odds = rates[0] * others
    elif rule == "gate, then all but one":
        odds = rates[0] * others * (1 + sum((1 - p) / p for p in rates[1:]))
    else:  # the mean of the other four decides
        sums = sum(margin[i][tried[:, i]] for i in range(1, 5)) / 2
        odds = rates[0] * np.array([NORMAL.cdf(x) for x in sums])
    return tuple(int(h) for h in tried[int(odds.argmax())])


@cache
def mira_hours(plan: str, hours: int = HOURS) -> tuple[int, ...]:
    """Hours a round under a plan: none, all into the feared first round, even, or the best one under a rule of `DECIDED`."""
    if plan == "all":
        return tuple(plan_for_every_round(MIRA, hours))
    if plan in DECIDED:
        return best_of_all_splits(MIRA, DECIDED[plan], hours)
    return {"none": (0,) * 5, "feared": (hours, 0, 0, 0, 0), "even": (hours // 5,) * 5}[plan]


def coding_if_gate_then_average(hours: int) -> int:
    """Hours the screen gets of the best plan if it is a gate and the mean of the rest decides; for any total, by nesting.

    For each number of hours on the screen the rest is planned for the average, where the next-hour rule is optimal.
    """

    def odds(screen: int) -> float:
        rest = plan_for_average(MIRA[1:], hours - screen)
        rates = [MIRA[0].rate(screen), *(r.rate(h) for r, h in zip(MIRA[1:], rest, strict=True))]
        return RULES["gate, then average"](rates)

    return max(range(hours + 1), key=odds)


def mira_rates(plan: str, hours: int = HOURS) -> list[float]:
    """Mira's pass rates after a plan."""
    return [r.rate(h) for r, h in zip(MIRA, mira_hours(plan, hours), strict=True)]


def mira_odds(plan: str, rule: str = "every round", hours: int = HOURS) -> float:
    """Mira's chance of an offer after a plan, under a committee's rule."""
    return RULES[rule](mira_rates(plan, hours))


def after_gate_with_bar(hours: Sequence[int], above: float) -> float:
    """Odds if the screen is a gate and the mean of the other four must lie so many spreads above the rounds' own bar."""
    margins = [r.margin(h) for r, h in zip(MIRA, hours, strict=True)]
    return NORMAL.cdf(margins[0]) * NORMAL.cdf((sum(margins[1:]) / 4 - above) * 2)


@cache
def hours_with_bar(above: float) -> tuple[int, ...]:
    """The best twenty hours under that rule, by nesting: the rest planned for the average, for each number on the screen."""

    def whole(screen: int) -> tuple[int, ...]:
        return (screen, *plan_for_average(MIRA[1:], HOURS - screen))

    return max((whole(screen) for screen in range(HOURS + 1)), key=lambda hours: after_gate_with_bar(hours, above))


def points_lost_with_bar(plan: str, above: float) -> float:
    """Percentage points that a plan loses against the best one if the mean's bar is raised so much."""
    best = after_gate_with_bar(hours_with_bar(above), above)
    return 100 * (best - after_gate_with_bar(mira_hours(plan), above))


def points_lost(plan: str) -> float:
    """Most percentage points that a plan loses against the best one, over the three rules of `DECIDED`."""
    return max(100 * (mira_odds(best, rule) - mira_odds(plan, rule)) for best, rule in DECIDED.items())


def screen_after(hours: int) -> float:
    """Mira's pass rate in the feared round after so many hours on it."""
    return MIRA[0].rate(hours)


def coding_hours_if(halving: float, hours: int = HOURS) -> int:
    """Hours of the best must-pass plan for the feared round if this many hours closed half of its gap."""
    return plan_for_every_round((MIRA[0]._replace(halving=halving), *MIRA[1:]), hours)[0]


def rated(today: float) -> tuple[Prep, ...]:
    """Mira's rounds with another rating of the feared one."""
    return (MIRA[0]._replace(today=today), *MIRA[1:])


def coding_hours_if_rated(today: float) -> int:
    """Hours of the best must-pass plan for the feared round if she rated it this way."""
    return plan_for_every_round(rated(today), HOURS)[0]


def first_coding_hours() -> int:
    """Total hours at which the best plan for must-pass rounds gives the feared round its first hour."""
    return next(hours for hours in range(1, 200) if mira_hours("all", hours)[0])


def feared_leads() -> int:
    """Total hours from which the best plan gives no round more than the feared one, looked at up to 200 hours."""
    plans = {hours: mira_hours("all", hours) for hours in range(1, 201)}
    return max(hours for hours, given in plans.items() if given[0] < max(given)) + 1


def demo_mira() -> None:
    """Six plans for the same 20 hours, and the odds in percent under three rules."""
    print("plan    hours by round  all one mean")
    for plan in ("none", "feared", "even", *DECIDED):
        hours = "".join(f"{h:3d}" for h in mira_hours(plan))
        odds = [100 * mira_odds(plan, rule) for rule in DECIDED.values()]
        print(f"{plan:<7}{hours}  {odds[0]:3.0f} {odds[1]:3.0f} {odds[2]:4.0f}")


# One person, three loops

YOURS = dict.fromkeys(TOPICS, 1) | {
    "coding": 2,
    "sql": 2,
    "design": 2,
    "serving": 3,
    "stories": 2,
    "statistics": 0,
    "ranking": 0,
    "evals": 0,
    "safety": 0,
}  # a backend engineer's own ratings


def shared_hours(role: str, other: str) -> int:
    """Hours of two roles' plans for the same backend engineer that go to the same topic."""
    a, b = plan_topics(role, YOURS, HOURS), plan_topics(other, YOURS, HOURS)
    return sum(min(hours, b.get(topic, 0)) for topic, hours in a.items())


def moved_hours(role: str, other: str) -> int:
    """Hours of the twenty that move to another topic when the role changes."""
    return HOURS - shared_hours(role, other)


def moved_if_we_are_off(role: str, other: str, draws: int = 200) -> tuple[int, int]:
    """The middle nine tenths of the hours that move, if our half-gap hours and splits are wrong.

    Each draw takes every half-gap time between half and double of ours, and splits each round at random over its topics.
    """
    rng = random.Random(7)
    moved = []
    for _ in range(draws):
        halves = {topic: TOPICS[topic].half_gap * 2 ** rng.uniform(-1, 1) for topic in TOPICS}
        plans = []
        for name in (role, other):
            stakes = dict.fromkeys(TOPICS, 0.0)
            for slot in LOOPS[name]:
                parts = [rng.uniform(0.2, 1.2) for _ in slot.topics]
                for topic, part in zip(slot.topics, parts, strict=True):
                    gap = max(0, depth(topic, name) - YOURS[topic])
                    stakes[topic] += slot.minutes * part / sum(parts) * gap
            plans.append(allocate([partial(closed, stakes[t], halves[t]) for t in TOPICS], HOURS))
        moved.append(HOURS - sum(min(a, b) for a, b in zip(*plans, strict=True)))
    moved.sort()
    return moved[draws // 20], moved[-draws // 20 - 1]


def design_hours_if_whole_round() -> int:
    """Hours the MLE plan gives to design if all minutes of its round count for it, and the other topics keep theirs."""
    by_topic = minutes_by_topic("mle") | {"design": float(LOOPS["mle"][3].minutes)}
    gains = [
        partial(closed, by_topic[t] * max(0, depth(t, "mle") - YOURS[t]), float(TOPICS[t].half_gap)) for t in TOPICS
    ]
    return allocate(gains, HOURS)[list(TOPICS).index("design")]


def minutes(role: str, *topics: str) -> float:
    """Minutes of a role's loop that go to these topics."""
    by_topic = minutes_by_topic(role)
    return sum(by_topic[topic] for topic in topics)


def loop_minutes(role: str) -> int:
    """Scored minutes of a role's loop."""
    return sum(slot.minutes for slot in LOOPS[role])


def demo_topics() -> None:
    """The same twenty hours of one backend engineer, for each of the three loops."""
    for role in LOOPS:
        print(role)
        for topic, hours in sorted(plan_topics(role, YOURS, HOURS).items(), key=lambda item: -item[1]):
            print(f"{hours:5d} h  {topic}")


# What scores say

ONE = 0.44  # reliability of one interviewer's score, separate interviews: Huffcutt et al. 2013
SAME_ROOM = 0.74  # agreement of two who score the same interview: the same source
TOP = 0.20  # share of candidates above the bar, and share that passes: given


def reliability(interviews: int) -> float:
    """Reliability of the mean of so many separate interviews, from 0.44 for one."""
    return spearman_brown(ONE, interviews)


@cache
def averaged(interviews: int) -> Selection:
    """Shares when the top fifth by mean score pass and the bar is the top fifth by level."""
    return by_mean(ONE, interviews, TOP, TOP)


@cache
def must_pass(interviews: int) -> Selection:
    """Shares when every score must clear one cut, set so that a fifth pass; the bar is the top fifth by level."""
    return by_every(ONE, interviews, TOP, TOP)


def factor_of_rejection(interviews: int) -> float:
    """What a rejection multiplies the odds by that you are above the bar, mean of so many scores."""
    found = averaged(interviews).found
    passed_below = (TOP - TOP * found) / (1 - TOP)  # share of the others that pass
    return (1 - found) / (1 - passed_below)


def after_rejection(prior: float, interviews: int) -> float:
    """Chance that you are above the bar after a rejection, from the chance you gave it before."""
    odds = prior / (1 - prior) * factor_of_rejection(interviews)
    return odds / (1 + odds)


def agreement_interval(pairs: int, agreement: float = SAME_ROOM) -> tuple[float, float]:
    """95 % interval for an agreement measured on so many pairs of scores; that of two in one room unless said otherwise."""
    return correlation_interval(agreement, pairs)


# Prompt: ten days, two loops

TEN_DAYS = 30  # hours: three a day
SHARED = (
    Prep("coding", 0.70, 0.88, 20),
    Prep("ML depth", 0.70, 0.90, 8),
    Prep("project", 0.70, 0.95, 3),
)
MLE_ONLY = Prep("ML system design", 0.60, 0.88, 8)
SCIENCE_ONLY = Prep("statistics, experiments", 0.45, 0.85, 12)
TWO_LOOPS = (*SHARED, MLE_ONLY, SCIENCE_ONLY)


def two_loops(hours: Sequence[int]) -> tuple[float, float]:
    """Chances of the MLE and the applied-scientist offer, every round to be passed, after hours on the five rounds."""
    rates = [r.rate(h) for r, h in zip(TWO_LOOPS, hours, strict=True)]
    return every_round([*rates[:3], rates[3]]), every_round([*rates[:3], rates[4]])


def either(chances: tuple[float, float]) -> float:
    """Chance of at least one of two independent offers."""
    return 1 - (1 - chances[0]) * (1 - chances[1])


def one_loop_hours(only: Prep) -> tuple[int, ...]:
    """The best thirty hours if the other loop did not exist, in the order of the five rounds."""
    given = plan_for_every_round((*SHARED, only), TEN_DAYS)
    return (*given[:3], given[3], 0) if only is MLE_ONLY else (*given[:3], 0, given[3])


@cache
def best_two_loop_hours() -> tuple[int, ...]:
    """The thirty hours with the largest chance of at least one offer, found among all splits into whole hours."""
    tried = np.array(splits(TEN_DAYS))
    rate = np.array([[r.rate(h) for h in range(TEN_DAYS + 1)] for r in TWO_LOOPS])
    by_round = [rate[i][tried[:, i]] for i in range(5)]
    common = by_round[0] * by_round[1] * by_round[2]
    chance = 1 - (1 - common * by_round[3]) * (1 - common * by_round[4])
    return tuple(int(h) for h in tried[int(chance.argmax())])


@cache
def two_loop_coding_if_gate() -> int:
    """Hours of the best thirty that coding gets if it is the gate of both loops and the mean of three decides behind it."""
    tried = np.array(splits(TEN_DAYS))
    margin = np.array([[r.margin(h) for h in range(TEN_DAYS + 1)] for r in TWO_LOOPS])
    by_round = [margin[i][tried[:, i]] for i in range(5)]
    gate = np.array([NORMAL.cdf(x) for x in margin[0]])[tried[:, 0]]
    chances = []
    for last in (by_round[3], by_round[4]):
        mean = (by_round[1] + by_round[2] + last) / math.sqrt(3)
        chances.append(gate * np.array([NORMAL.cdf(x) for x in mean]))
    best = int((1 - (1 - chances[0]) * (1 - chances[1])).argmax())
    return int(tried[best][0])


@cache
def two_loop_plans() -> dict[str, tuple[int, ...]]:
    """Hours on coding, ML depth, project, design, statistics under four plans."""
    return {
        "none": (0, 0, 0, 0, 0),
        "mle": one_loop_hours(MLE_ONLY),
        "science": one_loop_hours(SCIENCE_ONLY),
        "best": best_two_loop_hours(),
        "even": (6, 6, 6, 6, 6),
    }


def two_loop_hours(plan: str, position: int) -> int:
    """Hours a plan gives to one of coding, ML depth, project, design, statistics, counted from 0."""
    return two_loop_plans()[plan][position]


def two_loop_chance(plan: str, offer: str) -> float:
    """Chance of the MLE offer, of the science offer, or of at least one, after a plan."""
    chances = two_loops(two_loop_plans()[plan])
    return {"mle": chances[0], "science": chances[1], "either": either(chances)}[offer]


def points_between(plan: str, better: str) -> float:
    """Percentage points of "at least one offer" between two plans."""
    return 100 * (two_loop_chance(better, "either") - two_loop_chance(plan, "either"))


# Prompt: an AI engineer's screen asks boosting

ADVERTS = {"AI-first": 0.694, "AI-support": 0.285, "classical ML": 0.018}  # field guide, January 2026
ASKS = {"AI-first": 0.30, "AI-support": 0.10, "classical ML": 0.95}  # given: share of screens that ask classical ML


def job_after_question(kind: str, questions: int = 1) -> float:
    """Chance of a kind of job after so many classical questions, by Bayes' rule, questions independent given the kind."""
    weights = {job: share * ASKS[job] ** questions for job, share in ADVERTS.items()}
    return weights[kind] / sum(weights.values())


def job_from_even_odds() -> float:
    """Chance of classical ML after one classical question, from even odds against an AI-first job."""
    return ASKS["classical ML"] / (ASKS["classical ML"] + ASKS["AI-first"])


# Prompt: down-leveled

SENIOR_PAY, MID_PAY, NOW_PAY = 290.0, 225.0, 200.0  # thousand dollars a year: given
PROMOTION_MONTHS, PROMOTION = 24, 0.60  # given: month of the first promotion round you could pass, and the chance
HORIZON = 36  # months
SEARCH_MONTHS, SEARCH_LOOPS, SEARCH_RATE = (
    6,
    3,
    0.25,
)  # given: another search, its loops, its chance of a senior offer each
RECHECK = 0.35  # given: chance that one more round turns the offer into a senior one


def mid_value(promotion: float = PROMOTION, months: int = HORIZON) -> float:
    """Pay over the months in the mid offer: mid until month 24, then senior with the chance of promotion, else mid."""
    after = (months - PROMOTION_MONTHS) / 12
    return MID_PAY * PROMOTION_MONTHS / 12 + after * (promotion * SENIOR_PAY + (1 - promotion) * MID_PAY)


def senior_value() -> float:
    """Pay over 36 months in a senior offer from today."""
    return SENIOR_PAY * HORIZON / 12


def search_chance(rate: float = SEARCH_RATE) -> float:
    """Chance of at least one senior offer in the three loops of another search."""
    return 1 - math.pow(1 - rate, SEARCH_LOOPS)


def search_value() -> float:
    """Pay over 36 months if you decline: today's pay for six months, then senior with the search's chance, else today's."""
    return search_value_at(SEARCH_RATE)


def search_value_at(rate: float, months: int = HORIZON) -> float:
    """Pay over the months if you decline and each loop of the search ends in a senior offer with this chance."""
    rest = (months - SEARCH_MONTHS) / 12
    chance = search_chance(rate)
    return NOW_PAY * SEARCH_MONTHS / 12 + rest * (chance * SENIOR_PAY + (1 - chance) * NOW_PAY)


def recheck_value() -> float:
    """Pay over 36 months if you ask for one more round first and take the better of what follows."""
    fallback = max(mid_value(), search_value())
    return RECHECK * senior_value() + (1 - RECHECK) * fallback


def break_even_search() -> float:
    """Chance of a senior offer in the search at which declining pays as much as accepting."""
    rest = (HORIZON - SEARCH_MONTHS) / 12
    base = NOW_PAY * SEARCH_MONTHS / 12 + rest * NOW_PAY
    return (mid_value() - base) / (rest * (SENIOR_PAY - NOW_PAY))


def break_even_loop_rate() -> float:
    """Chance a loop at which three loops reach the break-even of the search."""
    return 1 - math.pow(1 - break_even_search(), 1 / SEARCH_LOOPS)


# Prompt: which project for which loop

QUEUE = 1_800  # reviews a day: Payments
BEFORE, AFTER = 0.31, 0.38  # given: share of reviewed payments that analysts call fraud


def more_frauds() -> float:
    """Further payments a day that the same reviews called fraud after the change."""
    return QUEUE * (AFTER - BEFORE)


def true_share(verdicts: float) -> float:
    """Share of fraud behind a share of verdicts: the case's analysts approve 10 % of frauds, decline 5 % of good payments."""
    wrong = payments.review_false_decline_rate
    return (verdicts - wrong) / (1 - payments.review_miss_rate - wrong)


def more_frauds_declined() -> float:
    """Further true frauds a day among the declined ones."""
    return QUEUE * (true_share(AFTER) - true_share(BEFORE)) * (1 - payments.review_miss_rate)


# Prompt: design the loop

CANDIDATES = 40  # reach the loop in a year: given
INTERVIEW_HOURS = 2.0  # interviewer hours for one round, write-up included: given


def gated_at(reliability_of_one: float) -> float:
    """Share of the top fifth found by one screen that passes half and the mean of three, at another reliability of one."""
    return by_gate_then_mean(reliability_of_one, 0.5, 3, TOP, TOP).found


def must_pass_at(reliability_of_one: float, interviews: int) -> float:
    """Share of the top fifth found when every score must pass, at another reliability of one score."""
    return by_every(reliability_of_one, interviews, TOP, TOP).found


def loop_hours_for(interviews: int) -> float:
    """Interviewer hours for so many single interviews, or second scores of them."""
    return interviews * INTERVIEW_HOURS


def loop_hours(rounds: int) -> float:
    """Interviewer hours a year for so many rounds each."""
    return CANDIDATES * rounds * INTERVIEW_HOURS


def borrowed_hours(gate_share: float = 0.5) -> float:
    """Hours a year of a borrowed ML engineer for two of the rounds behind the screen."""
    return CANDIDATES * gate_share * 2 * INTERVIEW_HOURS


def gated_hours(gate_share: float = 0.5, rounds: int = 4) -> float:
    """Interviewer hours a year when one screen lets this share through to the other rounds."""
    return CANDIDATES * INTERVIEW_HOURS * (1 + gate_share * (rounds - 1))


@cache
def gated(interviews: int = 3, gate_share: float = 0.5) -> Selection:
    """Shares when one screen lets half through and the mean of three further scores decides; a fifth of all pass."""
    return by_gate_then_mean(ONE, gate_share, interviews, TOP, TOP)


def must_pass_hours(rounds: int) -> float:
    """Interviewer hours a year when the first failed round ends it and a fifth pass all."""
    return CANDIDATES * INTERVIEW_HOURS * rounds_until_failure(ONE, rounds, must_pass(rounds).cut)


def must_pass_round_share(rounds: int) -> float:
    """Share of candidates that clear one round, when a fifth clear all."""
    cut = must_pass(rounds).cut
    return 1 - NORMAL.cdf(cut)


def candidates_lost_to_vetoes() -> float:
    """Good candidates a year that five vetoes miss and a screen with three averaged rounds finds."""
    return CANDIDATES * TOP * (gated().found - must_pass(5).found)


def passing_all(share: float, rounds: int) -> float:
    """Share of candidates that clear all rounds when each round passes this share, scores correlating by 0.44."""
    return every_round_correlated([share] * rounds, ONE)


def if_level_is_blurred(interviews: int, validity: float) -> float:
    """Correlation of the mean score with later performance, if the level itself correlates with it this much."""
    return validity * math.sqrt(reliability(interviews))


# Prompt: two loops, one advert

LOOP_A = {"coding": 60, "data and feature pipeline": 60, "ML design with rollout": 60, "an incident you handled": 45}
LOOP_B = {"coding": 45, "ML breadth": 60, "statistics and experiments": 60, "your own work in depth": 60}


def loop_share(loop: dict[str, int], *rounds: str) -> float:
    """Share of a loop's minutes in these rounds."""
    return sum(loop[name] for name in rounds) / sum(loop.values())
