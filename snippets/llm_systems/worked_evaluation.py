"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/llm-systems/evaluation.md.

Counts and constants in capitals are given: a week's plan, two graders' tables, a judge's verdicts, the premises of a prompt.
The rest is derived from them, from the Assistant of `snippets.cases` and from the golden set of the metrics chapter.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

from snippets.cases import assistant
from snippets.lifecycle.worked import point_of_wrong
from snippets.llm_systems.gates import any_of, detectable, detectable_unpaired, stops
from snippets.llm_systems.golden_set import Item, Reading, Stratum, Weighted, verdict, weighted_share
from snippets.llm_systems.graders import Kappa, cohens_kappa
from snippets.llm_systems.judge_bias import Controlled, Pair, controlled_win_share, first_wins, win_share
from snippets.metrics import worked_llm as llm
from snippets.metrics.llm import Rate
from snippets.metrics.uncertainty import Interval, mcnemar, wilson_interval, z_score
from snippets.roles.reliability import correlation_interval
from snippets.systems import support_rag

NORMAL = NormalDist()


def points(share: float) -> float:
    """A share in percentage points."""
    return 100 * share


def print_verdicts(pairs: list[tuple[Item, Reading]]) -> None:
    """Print question, outcome and faithfulness of some readings."""
    for item, reading in pairs:
        said = verdict(item, reading)
        faithful = "  none" if math.isnan(said.faithful) else f"{said.faithful:6.2f}"
        print(f"{item.question:<22} {said.outcome:<24}{faithful}")


# The week


class Task(NamedTuple):
    """One line of the plan: how many, at how many minutes of one person."""

    day: str
    task: str
    units: int
    minutes: float
    items: int = 0  # finished golden items that come out of it


WRITE, GRADE = (
    6.0,
    2.0,
)  # minutes to write an item (find the passage, list facts and must-not), to grade a reply against one
PLAN = (
    Task("Mon", "write the guide", 2, 60),
    Task("Mon", "pilot, both write and grade the search box's reply", 60, WRITE + GRADE, 30),
    Task("Tue", "adjudicate, second guide", 2, 60),
    Task("Tue", "items", 80, WRITE, 80),
    Task("Wed", "items", 100, WRITE, 100),
    Task("Thu", "items", 60, WRITE, 60),
    Task("Thu", "blind second readings: facts and verdict from question and passage", 40, WRITE),
    Task("Fri", "adjudicate", 2, 30),
    Task("Fri", "grade the baseline", 270, GRADE),
)
PEOPLE, SHIFT = 2, 300.0  # support agents on loan, minutes a day each at the desk
ENGINEER_HOURS, ENGINEER_RATE = 12.0, 90.0  # hours of an engineer in the week, dollars an hour


def minutes(day: str = "") -> float:
    """Minutes of people in the plan, on one day or in all."""
    return sum(t.units * t.minutes for t in PLAN if t.day.startswith(day))


def items() -> int:
    """Golden items at the week's end."""
    return sum(t.items for t in PLAN)


def people_cost() -> float:
    """Dollars of the two agents' hours, at the agent's rate of the case."""
    return minutes() / 60 * assistant.agent_hour


def week_cost() -> float:
    """Dollars of the week: agents and engineer."""
    return people_cost() + ENGINEER_HOURS * ENGINEER_RATE


def hours_of_a_point() -> float:
    """Hours of production after which one point of wrong answers has cost as much as the week."""
    return week_cost() / point_of_wrong() * 24


def grades_a_day() -> float:
    """Replies the two people can grade on a day once items are written: the case's figure."""
    return PEOPLE * SHIFT / GRADE


def regrade_cost() -> float:
    """Dollars to grade one version's replies to the week's items."""
    return items() * GRADE / 60 * assistant.agent_hour


# Sampling

ATTACKS = 30  # of the items: attack families from the security team, never in a rate
RANDOM = {"the rest": 117, "error codes": 27, "low search score": 36}  # 180 drawn at random
SAMPLE = {  # share of traffic, items (random and extra), answered wrongly, not in the help center
    "the rest": (0.65, 117, 6, 7),
    "error codes": (0.15, 60, 8, 8),
    "low search score": (0.20, 63, 12, 26),
}


def sample(column: int = 2) -> Weighted:
    """Wrong answers of all questions, or the unanswerable ones (column 3), weighted back to traffic."""
    return weighted_share(
        {
            name: Stratum(share, drawn, (wrong, unknown)[column - 2])
            for name, (share, drawn, wrong, unknown) in SAMPLE.items()
        }
    )


def sampled() -> int:
    """Items of the set that stand for traffic: all but the attacks."""
    return sum(row[1] for row in SAMPLE.values())


def pooled_error() -> float:
    """Dollars a day by which the unweighted rate of wrong answers overstates."""
    return (sample().pooled - sample().share) * 100 * point_of_wrong()


def half_width_weighted() -> float:
    """Half-width of the weighted rate's 95 % interval."""
    low, high = sample().interval
    return (high - low) / 2


def half_width_random() -> float:
    """Half-width if as many items had been drawn at random, at the same rate, smoothed as the strata are (normal)."""
    p = (sample().share * sampled() + 1) / (sampled() + 2)
    return z_score(0.95) * math.sqrt(p * (1 - p) / sampled())


def slice_interval(name: str, drawn: int) -> Interval:
    """Wilson interval of the wrong answers in a stratum on so many items, at the rate found."""
    _, sizes, wrong, _ = SAMPLE[name]
    return wilson_interval(round(wrong / sizes * drawn), drawn)


def demo_weighted() -> None:
    """Print each stratum and the pooled and weighted rate of wrong answers."""
    for name, (share, drawn, wrong, _) in SAMPLE.items():
        print(f"{name:<17}{share:5.0%} of traffic {wrong:3} of {drawn:3}  each counts {share / drawn * sampled():.2f}")
    done = sample()
    print(f"pooled   {done.pooled:.1%}")
    print(f"weighted {done.share:.1%}, {done.interval.low:.1%} to {done.interval.high:.1%}")


# Prompt: a golden set in a week. Share wrong that is expected, for each stratum of the sample

EXPECTED = {"the rest": 0.05, "error codes": 0.13, "low search score": 0.19}


def expected_wrong(weighted: bool = True) -> float:
    """Expected share wrong, by traffic, or as the unweighted sample would show it."""
    size = 1.0 if weighted else sampled()
    return sum(EXPECTED[name] * row[0 if weighted else 1] for name, row in SAMPLE.items()) / size


def false_alarm() -> float:
    """Dollars a day that the unweighted share would report too much."""
    return points(expected_wrong(False) - expected_wrong()) * point_of_wrong()


def expected_half_width(more: int = 0) -> float:
    """Half-width of the 95 % interval at the expected share, on the sample and so many items more, as if at random (normal)."""
    p = expected_wrong()
    return z_score(0.95) * math.sqrt(p * (1 - p) / (sampled() + more))


# Guide


# --8<-- [start:readings]
REFUND = Item(
    "refund: how long?",
    facts=frozenset({"5-10 days", "to the card"}),
    must_not=frozenset({"sends to the bank"}),
)
GIFT = Item("gift card in Norway?")  # the help center does not say
READINGS = [
    (REFUND, Reading(True, REFUND.facts, claims=3, supported=2)),
    (REFUND, Reading(True, frozenset({"to the card"}), claims=2, supported=2)),
    (REFUND, Reading(True, REFUND.facts, REFUND.must_not, claims=4, supported=4)),
    (REFUND, Reading(False)),
    (GIFT, Reading(True, claims=1, supported=1)),
]
# --8<-- [end:readings]


def demo_verdicts() -> None:
    """Print the verdicts of five readings."""
    print_verdicts(READINGS)


# Agreement: rows one grader, columns the other; "not right" first

PILOT = ((4, 3), (3, 20))  # Monday's 30 items, first guide
SECOND = ((8, 2), (1, 29))  # Thursday's 40 blind second readings, second guide
INCOMPLETE = 4  # of the pilot's 6 disagreements, over an answer that lacks a fact
GRADERS = ((5, 12), (4, 179))  # prompt: 200 answers, "unsupported" first


def kappa(table: tuple[tuple[int, ...], ...]) -> Kappa:
    """Agreement, kappa and its 95 % interval of two graders."""
    return cohens_kappa(table)


def items_for_kappa(half: float = 0.1, table: tuple[tuple[int, ...], ...] = SECOND) -> int:
    """Doubly graded items for kappa to plus or minus this, if the shares of the table hold: the standard error falls with the root."""
    thousand = cohens_kappa([[1_000 * c for c in row] for row in table])
    reach = (thousand.interval.high - thousand.interval.low) / 2
    return math.ceil(1_000 * sum(map(sum, table)) * (reach / half) ** 2)


def specific(table: tuple[tuple[int, ...], ...]) -> float:
    """Agreement on the first label: twice both over the times either gave it."""
    both, only_a, only_b = table[0][0], table[0][1], table[1][0]
    return 2 * both / (2 * both + only_a + only_b)


def most_kappa(table: tuple[tuple[int, ...], ...]) -> float:
    """The largest kappa these two could have with the shares each marks: agreeing wherever the shares allow."""
    n = sum(map(sum, table))
    a, b = sum(table[0]), table[0][0] + table[1][0]
    both = min(a, b)
    return cohens_kappa([[both, a - both], [b - both, n - max(a, b)]]).kappa


def stricter_p() -> float:
    """McNemar's mid-p for "both graders mark as often" on the prompt's 16 disagreements."""
    return mcnemar(GRADERS[0][1], GRADERS[1][0])


def judge_at_best(table: tuple[tuple[int, ...], ...] = GRADERS) -> Rate:
    """What a perfect copy of the second grader would score as sensitivity against the first."""
    return Rate(table[0][0], sum(table[0]))


# Size

DISAGREE = 0.10  # share of verdicts that differ between two versions
TWEAK = 0.03  # the same for a small edit of the prompt


def seen(count: float, disagree: float = DISAGREE) -> float:
    """Smallest difference of wrong answers that so many pairs show with 80 % power, two-sided 5 %."""
    return detectable(count, disagree)


def seen_unpaired(count: float) -> float:
    """The same with each version on its own questions, at the week's rate of wrong answers."""
    return detectable_unpaired(count, sample().share)


def disagree_as_unpaired() -> float:
    """Share of differing verdicts from which pairing gains nothing: 2p(1 − p)."""
    p = sample().share
    return 2 * p * (1 - p)


def questions_to_see(drop: float, disagree: float = DISAGREE, two_sided: bool = True) -> int:
    """Paired questions that show this difference with 80 % power at 5 %: the formula of `detectable`, turned."""
    z = NORMAL.inv_cdf(0.975 if two_sided else 0.95) + NORMAL.inv_cdf(0.8)
    return math.ceil(z * z * (disagree - drop**2) / drop**2)


def per_language() -> int:
    """Golden questions of a mean language, of a thousand."""
    return llm.questions() // assistant.languages


# Layers

LOST_PASSAGES, WON_PASSAGES = (
    25,
    8,
)  # needed passages that an index build loses and wins on the 850 answerable questions


def success_of_a_passage() -> float:
    """Right answers lost with one more missed passage: what the oracle wins over the passages missed."""
    return llm.lost_to_retrieval() / llm.missed()


def net_passages() -> int:
    """Needed passages the build loses on balance."""
    return LOST_PASSAGES - WON_PASSAGES


def passages_p() -> float:
    """McNemar's mid-p for the passages lost and won."""
    return mcnemar(LOST_PASSAGES, WON_PASSAGES)


def recall_lost() -> float:
    """Points of recall the build loses, as a share."""
    return net_passages() / llm.found().total


def success_lost() -> float:
    """Success share the build loses: passages times what one is worth, over all questions."""
    return net_passages() * success_of_a_passage() / llm.questions()


def success_lost_interval() -> Interval:
    """95 % interval of that loss from the passages that turned (normal), with what one is worth held fixed."""
    net, turned = net_passages(), LOST_PASSAGES + WON_PASSAGES
    reach = z_score(0.95) * math.sqrt(turned - net**2 / llm.found().total)
    one = success_of_a_passage() / llm.questions()
    return Interval((net - reach) * one, (net + reach) * one)


# Judges


def judge_correlation() -> float:
    """Correlation of the judge's flags with people's grades on the checked answers (phi)."""
    hit, miss = llm.FLAGGED.hits, llm.FLAGGED.total - llm.FLAGGED.hits
    false, clear = llm.PASSED.total - llm.PASSED.hits, llm.PASSED.hits
    root = math.sqrt((hit + miss) * (false + clear) * (hit + false) * (miss + clear))
    return (hit * clear - miss * false) / root


def grades_worth(grades: float = assistant.graded_per_day, correlation: float | None = None) -> float:
    """People's grades that this many are worth with a judge on everything: n / (1 − ρ²)."""
    r = judge_correlation() if correlation is None else correlation
    return grades / (1 - r * r)


def correlation_for(factor: float) -> float:
    """Correlation with people that a judge needs to multiply their grades by this factor."""
    return math.sqrt(1 - 1 / factor)


def people_alone() -> float:
    """Half-width of a day's unsupported rate from people alone."""
    p = llm.human_rate()
    return z_score(0.95) * math.sqrt(p * (1 - p) / assistant.graded_per_day)


def people_and_judge() -> float:
    """The same with the judge on all of the day's answers: narrower by the root of 1 − ρ²."""
    return people_alone() * math.sqrt(1 - judge_correlation() ** 2)


JUDGED, JUDGE_PRICE = 3_000, 0.01  # answers a day that the judge reads beside the graded ones, dollars each


def worth_with_judged(judged: float = JUDGED) -> float:
    """Grades that the case's 300 are worth when the judge reads so many answers: n / (1 − ρ² + ρ² n / N)."""
    n, r2 = assistant.graded_per_day, judge_correlation() ** 2
    return n / (1 - r2 + r2 * n / judged)


def width_with_judged(judged: float = JUDGED) -> float:
    """Half-width of a day's unsupported rate with 300 grades and the judge on so many answers."""
    return people_alone() * math.sqrt(assistant.graded_per_day / worth_with_judged(judged))


def grades_for_old_width(judged: float = JUDGED) -> int:
    """Grades that, with the judge on so many answers, know as much as people alone do on 300: n (1 − ρ²) / (1 − ρ² n / N)."""
    n, r2 = assistant.graded_per_day, judge_correlation() ** 2
    return math.ceil(n * (1 - r2) / (1 - r2 * n / judged))


def judge_bill(judged: float = JUDGED) -> float:
    """Dollars for the judge to read so many answers."""
    return judged * JUDGE_PRICE


def old_check_by_people(with_judge: bool = False) -> float:
    """Half-width that the 1,200 grades of the judge's check give by themselves, or with the judge on everything."""
    grades = llm.FLAGGED.total + llm.PASSED.total
    narrower = math.sqrt(1 - judge_correlation() ** 2) if with_judge else 1.0
    return people_alone() * math.sqrt(assistant.graded_per_day / grades) * narrower


def grading_cost(grades: float = assistant.graded_per_day) -> float:
    """Dollars of people for so many grades."""
    return grades * GRADE / 60 * assistant.agent_hour


def unexplained() -> float:
    """Share of the variance of people's grades that the judge does not follow."""
    return 1 - judge_correlation() ** 2


def judge_with_old_check() -> float:
    """Half-width when the judge stands alone, corrected by its old check of 1,200."""
    low, high = llm.corrected_interval(llm.flagged_at_check())
    return (high - low) / 2


def false_gain(specificity: float) -> float:
    """Share by which a version with the same truth looks worse when the judge's specificity on it is this one."""
    return (1 - llm.human_rate()) * (llm.PASSED.share - specificity)


# Judge bias: 400 pairs by ln(words B / words A): both orders for B, first won, second won, both for A

VERDICTS = {-0.2: (14, 20, 4, 22), 0.0: (33, 27, 5, 35), 0.2: (57, 40, 6, 37), 0.4: (46, 31, 7, 16)}


@cache
def pairs() -> tuple[Pair, ...]:
    """The 400 pairs row by row."""
    kinds = ((True, True), (True, False), (False, True), (False, False))
    return tuple(
        Pair(*kind, longer)
        for longer, counts in VERDICTS.items()
        for kind, count in zip(kinds, counts, strict=True)
        for _ in range(count)
    )


def length_row(longer: float) -> tuple[int, int, int]:
    """Pairs of one length, and B's wins among them when shown first and second."""
    both, first, second, none = VERDICTS[longer]
    return both + first + second + none, both + first, both + second


def once(first: bool) -> Rate:
    """B's wins had each pair been asked once, with B always first or always second."""
    return Rate(sum(p.b_wins_first if first else p.b_wins_second for p in pairs()), len(pairs()))


def once_interval(first: bool) -> Interval:
    """Wilson interval of those wins."""
    return wilson_interval(*once(first))


def torn() -> Rate:
    """Pairs whose verdict turns with the order: won by the first place, of all such."""
    return first_wins(pairs())


def both_orders() -> tuple[float, Interval]:
    """B's wins with both orders asked."""
    return win_share(pairs())


@cache
def controlled() -> Controlled:
    """B's wins at equal length with order split."""
    return controlled_win_share(pairs())


def people_see(pairs: float, share: float) -> float:
    """Chance that people's preferences on so many pairs show, two-sided 5 %, that B wins this share and not half."""
    reach = z_score(0.95) * 0.5 / math.sqrt(pairs)
    return NORMAL.cdf((share - 0.5 - reach) / math.sqrt(share * (1 - share) / pairs))


def pairs_for_people(share: float) -> int:
    """Pairs that show this share of wins with 80 % power, two-sided 5 %."""
    z = z_score(0.95) * 0.5 + NORMAL.inv_cdf(0.8) * math.sqrt(share * (1 - share))
    return math.ceil((z / (share - 0.5)) ** 2)


def days_of_pairs(pairs: float) -> float:
    """Days of both graders for so many pairs, each reply at a grade's minutes."""
    return 2 * pairs * GRADE / (PEOPLE * SHIFT)


def odds(log_odds: float) -> float:
    """Odds that go with these log odds."""
    return math.exp(log_odds)


def demo_bias() -> None:
    """Print B's wins as asked once, in both orders, and at equal length."""
    for name, share, (low, high) in (
        ("B first", once(True).share, once_interval(True)),
        ("B second", once(False).share, once_interval(False)),
        ("both orders", *both_orders()),
        ("and equal length", controlled().share, controlled().interval),
    ):
        print(f"{name:<17} {share:.1%}   {low:.1%} to {high:.1%}")
    print(f"torn pairs won by the first place: {torn().hits} of {torn().total}")


# Gates

FLAKE = 0.04  # share of verdicts that differ when the same version is run and judged twice
RUNS = 5
MUST_PASS, FAILS = 60, 0.005  # must-pass questions, chance that a healthy one fails a run


def by_luck(least: int, count: int | None = None) -> float:
    """Chance that a net loss of so many questions stops a version that changed nothing."""
    return stops(llm.questions() if count is None else count, FLAKE / 2, FLAKE / 2, least)


def a_point_seen(least: int) -> float:
    """Chance that it stops a version that is a point worse on these questions."""
    return stops(llm.questions(), FLAKE / 2 + 0.005, FLAKE / 2 - 0.005, least)


def languages_by_luck(least: int) -> float:
    """Chance that one of twelve languages loses so many of its questions though nothing changed."""
    return any_of(by_luck(least, per_language()), assistant.languages)


def language_seen(least: int, drop: float = 0.05) -> float:
    """Chance that the gate sees one language fall by this share."""
    return stops(per_language(), FLAKE / 2 + drop, FLAKE / 2, least)


def rerun_noise(runs: int = 1) -> float:
    """Standard error of the change on the thousand from reruns alone: the root of flake / (runs · questions)."""
    return math.sqrt(FLAKE / (runs * llm.questions()))


def traffic_noise(runs: float = math.inf) -> float:
    """Standard error of the change as a statement about traffic: which questions are in the set, plus reruns.

    Single runs of two versions differ on `DISAGREE` of verdicts, of which `FLAKE` are reruns; only these shrink with more runs.
    """
    return math.sqrt((DISAGREE - FLAKE + FLAKE / runs) / llm.questions())


def traffic_point_seen(runs: int) -> float:
    """Chance that a test at one-sided 5 % sees a point on traffic with so many runs."""
    return NORMAL.cdf(0.01 / traffic_noise(runs) - 1.645)


def point_seen_by_runs(runs: int = RUNS) -> float:
    """Chance that a gate at one-sided 5 % sees a point on these questions with so many runs of each version."""
    return NORMAL.cdf(0.01 / rerun_noise(runs) - 1.645)


def neutral_stopped(runs: int = RUNS) -> float:
    """Chance that the same gate stops a release that changes one verdict in ten and is neutral on traffic."""
    return NORMAL.cdf(-1.645 * rerun_noise(runs) / traffic_noise(runs))


def runs_cost(runs: int = RUNS) -> float:
    """Dollars of answers for so many runs of the thousand, old and new, at the case's price of an answer."""
    return 2 * runs * llm.questions() * assistant.answer_cost


def hours_of_runs(runs: int = RUNS) -> float:
    """Hours of people to grade so many runs of the thousand, old and new."""
    return 2 * runs * llm.questions() * GRADE / 60


def must_pass_by_luck(allowed: int = 0, runs: int = 1, questions: int = MUST_PASS) -> float:
    """Chance that a healthy version is stopped when a question may fail `allowed` of so many runs."""
    fine = sum(math.comb(runs, k) * FAILS**k * (1 - FAILS) ** (runs - k) for k in range(allowed + 1))
    return any_of(1 - fine, questions)


def broken_passes(allowed: int = 1, runs: int = 3, fails: float = 0.5) -> float:
    """Chance that one question that now fails half its runs gets through."""
    return sum(math.comb(runs, k) * fails**k * (1 - fails) ** (runs - k) for k in range(allowed + 1))


# Prompt: a gate for one point. Stopped releases go back

WORSE, STOP_COST = 0.05, 3_000.0  # releases a point worse; dollars of a release that goes back for a week
SOON = 7.0  # days until repeat contacts, compared with customers on the old version, show a point


def release_noise() -> float:
    """Standard error of a release's change as a share, from one run of each version."""
    return traffic_noise(1)


def judge_reads() -> float:
    """How much of a true point a judge shows: sensitivity + specificity − 1."""
    return llm.FLAGGED.share + llm.PASSED.share - 1


def grades_until_found() -> float:
    """Random grades that show a point over a known level with 80 % power, one-sided 5 %."""
    p = 1 - llm.candidate().accuracy
    z = NORMAL.inv_cdf(0.95) + NORMAL.inv_cdf(0.8)
    return z * z * p * (1 - p) / 0.01**2


def found_in_a_week() -> float:
    """Chance that a week of random grades shows a point over the week before, one-sided 5 %."""
    p, n = 1 - llm.candidate().accuracy, 7 * assistant.graded_per_day
    return NORMAL.cdf(0.01 / math.sqrt(2 * p * (1 - p) / n) - NORMAL.inv_cdf(0.95))


def days_until_found(with_judge: bool = False) -> int:
    """Days of the case's grades until a point shows, alone or moved by a judge on everything."""
    return math.ceil(grades_until_found() / (grades_worth() if with_judge else assistant.graded_per_day))


def missed_cost(days: float = SOON) -> float:
    """Dollars of a point of wrong answers over so many days."""
    return point_of_wrong() * days


def stop_chance(drop: float, truth: float, reads: float | None = None) -> float:
    """Chance of stopping at a measured drop of this share or more, when the release truly loses `truth` and the judge reads a part of it."""
    part = judge_reads() if reads is None else reads
    return NORMAL.cdf((part * truth - drop) / release_noise())


def all_stopped(drop: float, worse: float = WORSE) -> float:
    """Share of all releases stopped, neutral and worse together."""
    return (1 - worse) * stop_chance(drop, 0.0) + worse * stop_chance(drop, 0.01)


def gate_cost(drop: float, days: float = SOON, worse: float = WORSE, mended: float = 1.0) -> float:
    """Dollars a release, verdicts by the judge: releases sent back, and the days of a point that passes or comes back unmended."""
    caught = mended * stop_chance(drop, 0.01)
    return all_stopped(drop, worse) * STOP_COST + worse * (1 - caught) * missed_cost(days)


def people_gate_cost(drop: float, days: float = SOON) -> float:
    """The same with people's verdicts, which read a whole point: their grades of a thousand new replies on top."""
    passed = WORSE * (1 - stop_chance(drop, 0.01, 1.0))
    stopped = (1 - WORSE) * stop_chance(drop, 0.0) + WORSE * stop_chance(drop, 0.01, 1.0)
    return grading_cost(llm.questions()) + stopped * STOP_COST + passed * missed_cost(days)


def best_people_gate(days: float = SOON) -> float:
    """The cheapest of these, over lines to a tenth of a point."""
    return min(people_gate_cost(d / 1_000, days) for d in range(-30, 60))


def grading_days() -> float:
    """Days of both graders for a thousand new replies."""
    return llm.questions() * GRADE / (PEOPLE * SHIFT)


def second_look_cost() -> float:
    """Dollars to grade both versions on a thousand fresh questions."""
    return grading_cost(2 * llm.questions())


def no_gate(days: float = SOON) -> float:
    """Dollars a release if everything passes."""
    return WORSE * missed_cost(days)


def best_drop(days: float = SOON, worse: float = WORSE, mended: float = 1.0) -> float:
    """The drop, to a tenth of a point, at which stopping is cheapest."""
    return min((d / 1_000 for d in range(-30, 60)), key=lambda drop: gate_cost(drop, days, worse, mended))


def flat_until(low: float = 0.002, high: float = 0.008) -> float:
    """Dollars a release that a line anywhere between these drops costs at most beyond the best."""
    return max(gate_cost(low), gate_cost(high)) - gate_cost(best_drop())


def significant_drop() -> float:
    """The smallest drop that is significant one-sidedly at 5 %."""
    return 1.645 * release_noise()


def worse_when_stopped(drop: float) -> float:
    """Of the stopped releases, the share that is a point worse."""
    return WORSE * stop_chance(drop, 0.01) / all_stopped(drop)


def creep_passes(each: float = 0.003, releases: int = 10) -> float:
    """Chance that so many releases, each worse by this share, all pass the 5 % line by people's verdicts."""
    return (1 - stop_chance(significant_drop(), each, 1.0)) ** releases


# Offline and online

RELEASES = 8  # past releases with an offline and an online number
LINK = 0.6  # correlation over them
SPREAD = 0.01  # spread of the releases' true offline success, as a share


def link_interval(releases: int = RELEASES, link: float = LINK) -> Interval:
    """Fisher's 95 % interval of a correlation over so many releases."""
    return Interval(*correlation_interval(link, releases))


def releases_to_know(link: float = LINK) -> int:
    """Releases until the interval of this correlation leaves zero."""
    return next(n for n in range(4, 1_000) if correlation_interval(link, n)[0] > 0)


def best_link(questions: int, spread: float = SPREAD) -> float:
    """Correlation that a perfect link would show, when the offline number carries the noise of so many paired questions.

    Root of the reliability: spread² / (spread² + noise²), noise² = disagreement / questions.
    """
    return math.sqrt(spread**2 / (spread**2 + DISAGREE / questions))


def spread_of_prompt() -> float:
    """Standard deviation of true changes when a few releases are a point worse and the others neutral, as a share."""
    return 0.01 * math.sqrt(WORSE * (1 - WORSE))


def link_of_released(questions: int, drop: float = 0.006) -> float:
    """The same among releases that a gate let through: the offline change must stay above this drop.

    Cutting a normal offline number at -drop leaves k = 1 - h(h - a) of its variance, with a the cut in its own
    standard deviations and h = pdf(a) / (1 - cdf(a)). The correlation r becomes the root of k r² / (k r² + 1 - r²).
    """
    r = best_link(questions)
    a = -drop / (SPREAD / r)
    h = NORMAL.pdf(a) / (1 - NORMAL.cdf(a))
    kept = (1 - h * (h - a)) * r * r
    return math.sqrt(kept / (kept + 1 - r * r))


# Feedback


def wrong_when_down() -> float:
    """Share of wrong answers among those with a thumb down, by the premises of the support design."""
    wrong = 1 - llm.candidate().accuracy
    down = wrong * support_rag.rating(False) * support_rag.DOWN_IF_WRONG
    return down / (assistant.feedback_rate * support_rag.thumbs_down())


def yield_of_thumbs() -> float:
    """Wrong answers found per thumb read, over those found per random answer read."""
    return wrong_when_down() / (1 - llm.candidate().accuracy)


def wrong_with_thumb() -> float:
    """Share of the wrong answers that get a thumb down at all."""
    return support_rag.rating(False) * support_rag.DOWN_IF_WRONG


def downs_a_day() -> float:
    """Thumbs down on a day."""
    return llm.answers_a_day() * assistant.feedback_rate * support_rag.thumbs_down()


# The two graders' week once the assistant is live: what, how many, minutes each

THUMBS_READ, NEW_ITEMS = 60, 30  # thumbs read a day, drawn by topic; new golden items a week


def running(part: str = "") -> float:
    """Minutes a week of one part of the graders' work, or of all."""
    minutes = {
        "random": 7 * grades_for_old_width() * GRADE,
        "thumbs": 7 * THUMBS_READ * GRADE,
        "items": NEW_ITEMS * WRITE,
        "anchors": ANCHORS * GRADE * 12 / 52,
    }
    return minutes[part] if part else sum(minutes.values())


def left_in_week() -> float:
    """Minutes that remain of two people's seven days."""
    return 7 * PEOPLE * SHIFT - running()


# Prompt: offline up, thumbs down. Share wrong before and after; share of the thumbs on wrong answers that point down

BEFORE, AFTER = 0.082, 0.070
NOTICED_BEFORE, NOTICED_AFTER = 0.5, 0.7
RATES, DOWN_RIGHT = 4.0, 0.1  # wrong answers are rated so many times as often; thumbs down on right answers


def down_share(wrong: float, noticed: float) -> float:
    """Share of thumbs that point down at this share wrong and noticed."""
    weight = RATES * wrong
    return (weight * noticed + (1 - wrong) * DOWN_RIGHT) / (weight + 1 - wrong)


def wrong_among_downs(wrong: float, noticed: float) -> float:
    """Share of the thumbs down that sit on wrong answers, by the prompt's premises."""
    on_wrong = RATES * wrong * noticed
    return on_wrong / (on_wrong + (1 - wrong) * DOWN_RIGHT)


def rival_down_right() -> float:
    """Thumbs down on right answers that explain the rise if nobody notices more: right answers displease."""
    weight = RATES * AFTER
    now = down_share(AFTER, NOTICED_AFTER)
    return (now * (weight + 1 - AFTER) - weight * NOTICED_BEFORE) / (1 - AFTER)


def rival_wrong_among_downs() -> float:
    """Share of the thumbs down that sit on wrong answers if that is so."""
    on_wrong = RATES * AFTER * NOTICED_BEFORE
    return on_wrong / (on_wrong + (1 - AFTER) * rival_down_right())


READ, LINE = 200, 0.58  # thumbs down read blind, share wrong that decides between the two


def line_errs(mine: bool) -> float:
    """Chance that the line decides wrongly when noticing (mine) or displeasure (not mine) is the cause."""
    p = wrong_among_downs(AFTER, NOTICED_AFTER) if mine else rival_wrong_among_downs()
    return NORMAL.cdf(-abs(p - LINE) / math.sqrt(p * (1 - p) / READ))


def noticed_that_hides() -> float:
    """Share noticed after the release at which thumbs would not have moved."""
    old = down_share(BEFORE, NOTICED_BEFORE)
    weight = RATES * AFTER
    return (old * (weight + 1 - AFTER) - (1 - AFTER) * DOWN_RIGHT) / weight


def thumbs_z(answers: float) -> float:
    """How many standard errors the thumbs moved, with so many answers on each side at the case's feedback rate."""
    a, b = down_share(BEFORE, NOTICED_BEFORE), down_share(AFTER, NOTICED_AFTER)
    n = answers * assistant.feedback_rate
    return (b - a) / math.sqrt((a * (1 - a) + b * (1 - b)) / n)


def graded_to_see() -> float:
    """Random grades in each version to see the wrong share fall as claimed: 80 % power, two-sided 5 %."""
    z = z_score(0.95) + NORMAL.inv_cdf(0.8)
    return z * z * (BEFORE * (1 - BEFORE) + AFTER * (1 - AFTER)) / (BEFORE - AFTER) ** 2


def pairs_to_see(disagree: float = DISAGREE) -> int:
    """Paired questions that show the same fall if this share of verdicts differs."""
    return questions_to_see(BEFORE - AFTER, disagree)


# Drift and contamination

ANCHORS, STRICTER, MILDER = 100, 9, 2  # old grades repeated blind: now wrong, now right
VARIANTS = 40  # prompt variants tried on the same questions


def anchors_p() -> float:
    """McNemar's mid-p for the anchors whose grade turned."""
    return mcnemar(STRICTER, MILDER)


def anchor_shift() -> float:
    """Net share of anchors now graded wrong."""
    return (STRICTER - MILDER) / ANCHORS


def anchor_reach() -> float:
    """Half-width of the 95 % interval of that share, from the grades that turned (normal)."""
    turned, net = STRICTER + MILDER, STRICTER - MILDER
    return z_score(0.95) * math.sqrt(turned - net**2 / ANCHORS) / ANCHORS


def slip_seen(days: int, specificity: float = 0.93) -> float:
    """Chance that so many days of random grades show, two-sided 5 %, that the judge's specificity fell from its check to this."""
    old, graded = llm.PASSED, days * assistant.graded_per_day * (1 - llm.human_rate())
    noise = math.sqrt(old.share * (1 - old.share) / old.total + specificity * (1 - specificity) / graded)
    return NORMAL.cdf((old.share - specificity) / noise - z_score(0.95))


def rejudge_reach() -> float:
    """Flags, net, that move when the same judge reads its check again, 95 %: the root of what reruns flip (normal)."""
    return z_score(0.95) * math.sqrt(FLAKE * (llm.FLAGGED.total + llm.PASSED.total))


def best_of_normal(tries: int) -> float:
    """Mean of the largest of so many standard normal draws, by summing on a grid."""
    step = 0.01
    grid = [i * step for i in range(-600, 601)]
    return sum(step * z * tries * NORMAL.pdf(z) * NORMAL.cdf(z) ** (tries - 1) for z in grid)


def variant_noise() -> float:
    """Standard error of one variant's own part of the score, on the week's items."""
    return math.sqrt(DISAGREE / 2 / sampled())


def luck_of_best(tries: int = VARIANTS, questions: int | None = None) -> float:
    """Share by which the best of equal variants looks better than it is.

    Two variants differ on a share of verdicts; each carries half of that variance over the questions.
    """
    n = sampled() if questions is None else questions
    return best_of_normal(tries) * math.sqrt(DISAGREE / 2 / n)


def luck_on_clean() -> float:
    """The same luck on the clean items alone, if the leaked ones are right under every variant: all that differs is here."""
    return luck_of_best() * sampled() / clean().total


# Prompt: a golden set that leaked. Right or rightly handed over, of so many

GOLDEN = Rate(230, 240)
LEAKED = Rate(60, 60)  # 24 used as examples in the LLM prompt and 36 near-duplicates of them
CLEAN_ANSWERABLE, CLEAN_NOT = Rate(162, 168), Rate(8, 12)
FRESH_ANSWERABLE, FRESH_NOT = Rate(224, 255), Rate(28, 45)


def clean() -> Rate:
    """The golden items that resemble no example."""
    return Rate(CLEAN_ANSWERABLE.hits + CLEAN_NOT.hits, CLEAN_ANSWERABLE.total + CLEAN_NOT.total)


def fresh() -> Rate:
    """The fresh random items."""
    return Rate(FRESH_ANSWERABLE.hits + FRESH_NOT.hits, FRESH_ANSWERABLE.total + FRESH_NOT.total)


def fresh_interval() -> Interval:
    """Wilson interval of the fresh items."""
    return wilson_interval(*fresh())


def clean_at_mix() -> float:
    """The clean golden items at the fresh items' share of unanswerable questions."""
    share = FRESH_NOT.total / fresh().total
    return share * CLEAN_NOT.share + (1 - share) * CLEAN_ANSWERABLE.share


def left_over() -> float:
    """What remains of the gap after leak, mix and the most that luck explains."""
    return clean_at_mix() - luck_of_best() - fresh().share


def left_over_reach() -> float:
    """Half-width of the 95 % interval of clean at mix less fresh, from both samples' counts."""
    share = FRESH_NOT.total / fresh().total
    variance = sum(
        w**2 * r.share * (1 - r.share) / r.total for w, r in ((share, CLEAN_NOT), (1 - share, CLEAN_ANSWERABLE))
    )
    variance += fresh().share * (1 - fresh().share) / fresh().total
    return z_score(0.95) * math.sqrt(variance)
