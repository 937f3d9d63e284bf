"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/metrics/uncertainty.md.

Premises of a passage stand here as named constants, and the page says that they are premises. What is simulated names its seed.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist, mean, stdev

import numpy as np

from snippets.cases import assistant
from snippets.metrics.regression import (
    errors,
    mean_absolute_error,
    mean_absolute_scaled_error,
    pinball_loss,
    quantile_for_costs,
    root_mean_squared_error,
    weighted_absolute_percentage_error,
)
from snippets.metrics.uncertainty import (
    Interval,
    bootstrap_interval,
    clustered_bootstrap_interval,
    items_for_recall,
    mcnemar,
    paired_bootstrap_difference,
    positives_for_recall,
    wilson_interval,
    z_score,
)

NORMAL = NormalDist()

# A day of grades

GRADED = assistant.graded_per_day
RIGHT = 252  # answers graded right on the day of the worked example


def share_right() -> float:
    """Answers graded right over answers graded."""
    return RIGHT / GRADED


def day_interval() -> Interval:
    """Wilson interval, at 95 %, for the share of right answers on that day."""
    return wilson_interval(RIGHT, GRADED)


def wrong_per_day(end: str) -> float:
    """Wrong answers a day over 34,000 answered questions, at the low or the high end of the interval."""
    share = 1 - (day_interval().high if end == "low" else day_interval().low)
    return share * assistant.answerable_per_day


def cost_of_width() -> float:
    """Dollars a day between the two ends: the difference in wrong answers times the cost of one."""
    return (wrong_per_day("high") - wrong_per_day("low")) * assistant.wrong_answer_cost


WEEK_BEFORE = 0.86  # share right of the seven days before


def change_half_width() -> float:
    """Half-width of the 95 % interval of the day's share minus that of the week before, seven days of grades."""
    day, week = share_right(), WEEK_BEFORE
    return z_score(0.95) * math.sqrt(day * (1 - day) / GRADED + week * (1 - week) / (7 * GRADED))


def cost_of_points(points: float) -> float:
    """Dollars a day that so many percentage points of wrong answers cost on 34,000 answers."""
    return points / 100 * assistant.answerable_per_day * assistant.wrong_answer_cost


def days_for_pairs(lead: float) -> float:
    """Days of grading until both answers to as many questions as that lead needs are graded."""
    return 2 * items_to_see(lead, disagreement()) / assistant.graded_per_day


def normal_half_width(share: float, trials: float, confidence: float = 0.95) -> float:
    """Half-width of the textbook interval: z times the root of p(1 − p)/n."""
    return z_score(confidence) * math.sqrt(share * (1 - share) / trials)


def half_width(share: float, trials: int) -> float:
    """Half the width of the Wilson interval at 95 %."""
    low, high = wilson_interval(round(share * trials), trials)
    return (high - low) / 2


def none_seen(trials: int) -> float:
    """Upper end of the Wilson interval when none of the trials shows the event."""
    return wilson_interval(0, trials).high


def rule_of_three(trials: int) -> float:
    """Three over the number of trials: the one-sided 95 % bound when none was seen."""
    return 3 / trials


def demo_wilson() -> None:
    """Print the textbook interval and Wilson's side by side."""
    for right, graded in ((252, 300), (24, 25), (25, 25), (0, 300)):
        share, wide = right / graded, normal_half_width(right / graded, graded)
        low, high = wilson_interval(right, graded)
        print(
            f"{right:>3} of {graded}: textbook {share - wide:.3f} to {share + wide:.3f}, Wilson {low:.3f} to {high:.3f}"
        )


# Rows that come in groups


def design_effect(size: float, correlation: float) -> float:
    """One plus (rows in a group minus 1) times the correlation inside a group: by how much the variance grows."""
    return 1 + (size - 1) * correlation


def effective_rows(rows: int, size: float, correlation: float) -> float:
    """Rows over the design effect: as many independent ones would say as much."""
    return rows / design_effect(size, correlation)


@cache
def conversations() -> tuple[list[int], list[int]]:
    """800 graded answers of 100 conversations of 8: right or wrong, and the conversation; seed 7.

    Each conversation has its own chance to be answered right, drawn from a Beta(2.0, 0.5) distribution (mean 0.8).
    """
    rng = np.random.default_rng(7)
    chances = rng.beta(2.0, 0.5, size=100)
    right = [int(rng.random() < chance) for chance in chances for _ in range(8)]
    return right, [row // 8 for row in range(800)]


def _share(rows: object) -> float:
    return float(np.mean(np.asarray(rows, dtype=float)))


@cache
def conversation_interval(clustered: bool) -> Interval:
    """Bootstrap interval of the share right, drawing answers or whole conversations; 1,000 resamples, seed 1."""
    right, names = conversations()
    rng = np.random.default_rng(1)
    if clustered:
        return clustered_bootstrap_interval(_share, right, names, rng)
    return bootstrap_interval(_share, right, rng)


def width_ratio() -> float:
    """Width of the interval by conversations over the width of the interval by answers."""
    by_answer, by_conversation = conversation_interval(False), conversation_interval(True)
    return (by_conversation.high - by_conversation.low) / (by_answer.high - by_answer.low)


def demo_clusters() -> None:
    """Print both intervals for the same 800 answers."""
    # --8<-- [start:clusters]
    right, conversation = conversations()  # 800 grades, 8 from each of 100 conversations
    print(f"share right {sum(right) / len(right):.3f}")
    by_answer = bootstrap_interval(_share, right, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    by_conversation = clustered_bootstrap_interval(_share, right, conversation, rng)
    print(f"answers drawn:       {by_answer.low:.3f} to {by_answer.high:.3f}")
    print(f"conversations drawn: {by_conversation.low:.3f} to {by_conversation.high:.3f}")
    # --8<-- [end:clusters]


# Two models on the same items

ITEMS = 800
RIGHT_A, RIGHT_B = 673, 680
ONLY_A, ONLY_B = 31, 38


def accuracy_a() -> float:
    """Items model A has right over all items."""
    return RIGHT_A / ITEMS


def accuracy_b() -> float:
    """Items model B has right over all items."""
    return RIGHT_B / ITEMS


def gain() -> float:
    """Accuracy of B minus accuracy of A: 7 items of 800."""
    return (ONLY_B - ONLY_A) / ITEMS


def gain_points() -> float:
    """Accuracy of B minus accuracy of A, in percentage points."""
    return 100 * gain()


def disagreement() -> float:
    """Share of items on which just one of the two models is right."""
    return (ONLY_A + ONLY_B) / ITEMS


def unpaired_half_width() -> float:
    """Half-width of the 95 % interval of the difference if each model had its own 800 items."""
    a, b = accuracy_a(), accuracy_b()
    return z_score(0.95) * math.sqrt((a * (1 - a) + b * (1 - b)) / ITEMS)


def paired_half_width(disagree: float | None = None, items: int = ITEMS) -> float:
    """Half-width of the 95 % interval of the paired difference: z times the root of (share of disagreements − gain²)/n."""
    share = disagreement() if disagree is None else disagree
    return z_score(0.95) * math.sqrt((share - gain() ** 2) / items)


def paired_ends() -> Interval:
    """Gain minus and plus its paired half-width."""
    return Interval(gain() - paired_half_width(), gain() + paired_half_width())


def paired_points() -> Interval:
    """Gain minus and plus its paired half-width, in percentage points."""
    return Interval(100 * paired_ends().low, 100 * paired_ends().high)


def p_value(only_a: int = ONLY_A, only_b: int = ONLY_B) -> float:
    """McNemar's mid-p value for the items on which only one model is right."""
    return mcnemar(only_a, only_b)


def disagreements_for_a_win() -> int:
    """Most items on which the models may disagree for a lead of 7 items to have a mid-p value below 5 %."""
    return max(n for n in range(7, 200, 2) if mcnemar((n - 7) // 2, (n + 7) // 2) < 0.05)


def items_to_see(lead: float, disagree: float, power: float = 0.80) -> float:
    """Items needed to see this lead at 5 % and the given power: (1.96 + 0.84)² · (disagreements − lead²) / lead²."""
    z = z_score(0.95) + NORMAL.inv_cdf(power)
    return z * z * (disagree - lead * lead) / (lead * lead)


def power_on(lead: float, items: int) -> float:
    """Chance that a true lead of this size passes 5 % on so many items, at the disagreement seen."""
    return NORMAL.cdf(lead / math.sqrt((disagreement() - lead * lead) / items) - z_score(0.95))


def dearer_serving() -> float:
    """Dollars a day that 20 % more for each of 34,000 answers costs."""
    return 0.20 * assistant.answer_cost * assistant.answerable_per_day


@cache
def paired_rows() -> tuple[list[int], list[int]]:
    """The 800 items as two columns, right or wrong for A and for B, with the counts of the prompt."""
    both = RIGHT_A - ONLY_A
    neither = ITEMS - both - ONLY_A - ONLY_B
    a = [1] * both + [1] * ONLY_A + [0] * ONLY_B + [0] * neither
    b = [1] * both + [0] * ONLY_A + [1] * ONLY_B + [0] * neither
    return a, b


@cache
def paired_bootstrap() -> Interval:
    """Paired bootstrap interval for accuracy of B minus accuracy of A; 2,000 resamples, seed 3."""
    a, b = paired_rows()
    return paired_bootstrap_difference(_share, b, a, np.random.default_rng(3), resamples=2000)


def demo_paired() -> None:
    """Print the test and the intervals for 673 against 680 right of 800."""
    a, b = paired_rows()  # right or wrong for each of 800 items
    low, high = paired_bootstrap_difference(_share, b, a, np.random.default_rng(3), resamples=2000)
    print(f"only A right {ONLY_A}, only B right {ONLY_B}, lead of B {gain():+.4f}")
    print(f"paired bootstrap {low:+.4f} to {high:+.4f}, McNemar mid-p {mcnemar(ONLY_A, ONLY_B):.2f}")


# How many labels


ATTACK_RECALL = 0.90  # recall the safety review expects of the attack detector
RECALL_WIDTH = 0.03  # plus or minus


def positives(recall: float = ATTACK_RECALL, width: float = RECALL_WIDTH) -> int:
    """Positives a test set needs so that the Wilson half-width of recall is that small."""
    return positives_for_recall(recall, width)


def items_at_random(width: float = RECALL_WIDTH) -> int:
    """Questions to grade at random until they hold that many attacks."""
    return items_for_recall(ATTACK_RECALL, width, assistant.attack_rate)


def days_at_random(width: float = RECALL_WIDTH) -> float:
    """Those questions over the answers that people grade a day."""
    return items_at_random(width) / assistant.graded_per_day


# Strata of a day by the detector's score: share of the questions, share of the attacks. The first is what it blocks.
STRATA = {"blocked": (0.006, 0.90), "near": (0.02, 0.075), "far": (0.974, 0.025)}


def attacks_in(stratum: str) -> float:
    """Share of a stratum's questions that are attacks: attack rate times its share of attacks over its share of questions."""
    questions, attacks = STRATA[stratum]
    return assistant.attack_rate * attacks / questions


def recall_error(labels: dict[str, float]) -> float:
    """Standard error of recall when each stratum has that many labels, by the delta method.

    Recall is caught / (caught + missed): its error is (1 − r)·e(caught) and r·e(missed), over the attacks in all,
    with e² = (share of questions)² · p(1 − p)/n in each stratum.
    """
    variance = 0.0
    for name, (questions, _) in STRATA.items():
        p = attacks_in(name)
        lever = (1 - ATTACK_RECALL) if name == "blocked" else ATTACK_RECALL
        variance += (lever * questions) ** 2 * p * (1 - p) / labels[name]
    return math.sqrt(variance) / assistant.attack_rate


@cache
def stratified_labels() -> dict[str, float]:
    """Fewest labels by stratum that give recall to plus or minus 0.03, spread in proportion to each stratum's spread."""
    levers = {
        name: ((1 - ATTACK_RECALL) if name == "blocked" else ATTACK_RECALL)
        * questions
        * math.sqrt(attacks_in(name) * (1 - attacks_in(name)))
        for name, (questions, _) in STRATA.items()
    }
    error = RECALL_WIDTH / z_score(0.95) * assistant.attack_rate
    total = (sum(levers.values()) / error) ** 2
    return {name: total * lever / sum(levers.values()) for name, lever in levers.items()}


def stratified_total() -> float:
    """Labels of all strata together."""
    return sum(stratified_labels().values())


def far_share() -> float:
    """Share of the stratified labels that goes to the far stratum."""
    return stratified_labels()["far"] / stratified_total()


def stratified_days() -> float:
    """Stratified labels over the answers that people grade a day."""
    return stratified_total() / assistant.graded_per_day


def far_found(labels: float | None = None) -> float:
    """Attacks to expect among the labels of the far stratum."""
    return (stratified_labels()["far"] if labels is None else labels) * attacks_in("far")


def poisson_interval(count: int, confidence: float = 0.95) -> Interval:
    """Exact interval for the mean of a rare count: the means at which so many, or so few, are just too unlikely."""

    def at_most(k: int, mean_count: float) -> float:
        return math.fsum(math.exp(-mean_count) * mean_count**i / math.factorial(i) for i in range(k + 1))

    def mean_where(k: int, chance: float) -> float:
        low, high = 0.0, 10.0 * (k + 5)
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if at_most(k, middle) > chance else (low, middle)
        return low

    tail = (1 - confidence) / 2
    return Interval(mean_where(count - 1, 1 - tail) if count else 0.0, mean_where(count, tail))


def recall_if(found: float) -> float:
    """Recall when so many attacks turn up among the far labels, the other two strata being as expected."""
    attacks = {name: share * assistant.attacks_per_day for name, (_, share) in STRATA.items()}
    far = found / stratified_labels()["far"] * STRATA["far"][0] * assistant.questions_per_day
    return attacks["blocked"] / (attacks["blocked"] + attacks["near"] + far)


def recall_range(found: int) -> Interval:
    """Recall at the two ends of the exact interval for so many attacks found among the far labels."""
    fewest, most = poisson_interval(found)
    return Interval(recall_if(most), recall_if(fewest))


def labels_to_exclude(points: float) -> float:
    """Far labels without any attack that exclude, by the rule of three, a loss of so many points of recall there."""
    return 3 * STRATA["far"][0] / (assistant.attack_rate * points / 100)


def chance_of_no_find(points: float) -> float:
    """Chance that these labels show no attack if the far stratum holds what is assumed: e to the minus expected finds."""
    return math.exp(-far_found(labels_to_exclude(points)))


def attacks_to_promise(floor: float, truth: float, power: float = 0.80) -> float:
    """Attacks needed until Wilson's lower end clears the floor with this power, by the normal approximation."""
    z = z_score(0.95) * math.sqrt(floor * (1 - floor)) + NORMAL.inv_cdf(power) * math.sqrt(truth * (1 - truth))
    return (z / (truth - floor)) ** 2


def chance_to_promise(attacks: int, floor: float, truth: float) -> float:
    """Chance that Wilson's lower end clears the floor when so many attacks are drawn; exact binomial."""
    return math.fsum(
        math.comb(attacks, caught) * truth**caught * (1 - truth) ** (attacks - caught)
        for caught in range(attacks + 1)
        if wilson_interval(caught, attacks).low >= floor
    )


# Slices and looks


def chance_of_false_alarm(slices: int, alpha: float = 0.05) -> float:
    """Chance that at least one of so many independent slices without any change passes a test at this level."""
    return 1 - (1 - alpha) ** slices


def graded_per_language() -> float:
    """Answers graded a day over languages."""
    return assistant.graded_per_day / assistant.languages


@cache
def looks_false_positive(looks: int) -> float:
    """Share of experiments without effect that pass 1.96 at one of so many daily looks; 40,000 simulated, seed 11."""
    rng = np.random.default_rng(11)
    sums = rng.standard_normal((40_000, looks)).cumsum(axis=1)
    z = np.abs(sums) / np.sqrt(np.arange(1, looks + 1))
    return float((z > z_score(0.95)).any(axis=1).mean())


SEEDS = {"old": (0.702, 0.709, 0.705), "new": (0.708, 0.711, 0.704)}  # NDCG of three trainings each


def seed_gain() -> float:
    """Mean over the new model's seeds minus mean over the old model's."""
    return mean(SEEDS["new"]) - mean(SEEDS["old"])


def seed_half_width() -> float:
    """Half-width of the 95 % interval of that gain: 2.776 (t, 4 degrees of freedom) times its standard error."""
    return 2.776 * math.sqrt((stdev(SEEDS["new"]) ** 2 + stdev(SEEDS["old"]) ** 2) / 3)


# Prompt: 24 of 25

SLICE = (24, 25)  # answers right in one language on one day, of those graded


def slice_share() -> float:
    """Answers right over answers graded in that language."""
    return SLICE[0] / SLICE[1]


def slice_interval() -> Interval:
    """Wilson interval, at 95 %, for that share."""
    return wilson_interval(*SLICE)


def slice_center() -> float:
    """Share right with about two right and two wrong answers added: the middle of Wilson's interval."""
    return (SLICE[0] + 2) / (SLICE[1] + 4)


def textbook_top() -> float:
    """Upper end of the textbook interval for that share."""
    return slice_share() + normal_half_width(slice_share(), SLICE[1])


def perfect_by_luck(truth: float, trials: int = 25, wrong: int = 1) -> float:
    """Chance of at most so many wrong answers among the trials when each is right with the true share."""
    return math.fsum(math.comb(trials, k) * (1 - truth) ** k * truth ** (trials - k) for k in range(wrong + 1))


def days_to_width(half: float) -> float:
    """Days of 25 grades until Wilson's half-width at 0.96 is that small."""
    return positives_for_recall(slice_share(), half) / graded_per_language()


# Errors of numbers: handovers a day, in hundreds

OUTSIDE = 30.0  # dollars for a question that an outside team has to take


def too_low_cost() -> float:
    """Dollars a question short costs: the outside team instead of an agent of ours."""
    return OUTSIDE - assistant.handover_cost


def too_high_cost() -> float:
    """Dollars a question too many costs: the agent's time that is paid and not used."""
    return assistant.handover_cost


def staffing_quantile() -> float:
    """Cost of a question short over the sum of both costs."""
    return quantile_for_costs(too_low_cost(), too_high_cost())


HANDOVERS = [52, 58, 66, 60, 49, 63, 88, 55, 69, 61]  # hundreds of questions on ten days; day 7 had an outage
FORECASTS = {"median": [60.0] * 10, "mean": [62.0] * 10, "quantile": [67.0] * 10}


def forecast_mae(name: str) -> float:
    """Mean absolute error of a constant forecast over the ten days, in hundreds of questions."""
    return mean_absolute_error(HANDOVERS, FORECASTS[name])


def forecast_rmse(name: str) -> float:
    """Root mean squared error of a constant forecast over the ten days, in hundreds of questions."""
    return root_mean_squared_error(HANDOVERS, FORECASTS[name])


def staffing_cost(level: float) -> float:
    """Dollars a day of missing and idle agents when this many hundreds are staffed on each of the ten days."""
    signed = errors(HANDOVERS, [level] * len(HANDOVERS))
    short = sum(-error for error in signed if error < 0)
    idle = sum(error for error in signed if error > 0)
    return 100 * (short * too_low_cost() + idle * too_high_cost()) / len(signed)


def forecast_cost(name: str) -> float:
    """Dollars a day of missing and idle agents: hundreds short and hundreds too many, each times its cost."""
    return staffing_cost(FORECASTS[name][0])


def demo_forecasts() -> None:
    """Print three metrics of three constant forecasts."""
    for name, forecast in FORECASTS.items():
        mae, rmse = mean_absolute_error(HANDOVERS, forecast), root_mean_squared_error(HANDOVERS, forecast)
        loss = pinball_loss(HANDOVERS, forecast, quantile=staffing_quantile())
        print(
            f"{name:<8} {forecast[0]:.0f}: MAE {mae:.2f}  RMSE {rmse:.2f}  pinball {loss:.2f}  ${forecast_cost(name):,.0f} a day"
        )


# Percentages, zeros and scale

RARE = [0, 0, 3, 0, 0, 1, 0, 0, 4, 0, 0, 0, 2, 0]  # handovers a day in a small language, two weeks


def rare_mean() -> float:
    """Mean of the fourteen days."""
    return mean(RARE)


def rare_mae(level: float) -> float:
    """Mean absolute error on the fourteen days when every day is forecast at this level."""
    return mean_absolute_error(RARE, [level] * len(RARE))


def rare_rmse(level: float) -> float:
    """Root mean squared error on the fourteen days when every day is forecast at this level."""
    return root_mean_squared_error(RARE, [level] * len(RARE))


def rare_wape(level: float) -> float:
    """Sum of absolute errors over the sum of handovers on the fourteen days."""
    return weighted_absolute_percentage_error(RARE, [level] * len(RARE))


def rare_mase(level: float) -> float:
    """Mean absolute error on the second week over the error of "as yesterday" in the first."""
    return mean_absolute_scaled_error(RARE[7:], [level] * 7, history=RARE[:7])


def zero_days() -> int:
    """Days of the fourteen without a handover, on which a percentage error divides by zero."""
    return RARE.count(0)


SMALL = [2, 9, 4, 1, 7, 3, 12, 2, 5, 8]  # handovers an hour in a language that never falls silent, ten hours


def small_mape(level: float) -> float:
    """Mean over the ten hours of the absolute error divided by the hour's handovers."""
    return mean(abs(level - y) / y for y in SMALL)


def mape_choice() -> int:
    """Whole number of handovers an hour that gets the smallest mean absolute percentage error on the ten hours."""
    return min(range(1, 13), key=small_mape)


def cost_choice() -> int:
    """Whole number of handovers an hour that costs least on the ten hours, a question short at $24, one too many at $6."""
    return min(range(1, 13), key=small_cost)


def small_cost(level: float) -> float:
    """Dollars an hour when this many handovers are staffed: short ones times $24, idle ones times $6."""
    quantile = staffing_quantile()
    return pinball_loss(SMALL, [level] * len(SMALL), quantile) * (too_low_cost() + too_high_cost())


def small_short(level: float) -> float:
    """Share of the ten hours' handovers that found no agent at this staffing."""
    return sum(max(0.0, y - level) for y in SMALL) / sum(SMALL)


def small_mean() -> float:
    """Mean of the ten hours."""
    return mean(SMALL)


# Coverage: a year of the 0.8 quantile, days with enough agents of days

COVERED = {"Mondays": (22, 52), "other days": (270, 313)}


def covered(days: str = "all") -> float:
    """Days on which handovers stayed within the staffed quantile, over days."""
    if days == "all":
        return sum(hits for hits, _ in COVERED.values()) / sum(total for _, total in COVERED.values())
    hits, total = COVERED[days]
    return hits / total


def covered_interval(days: str) -> Interval:
    """Wilson interval, at 95 %, of that share."""
    return wilson_interval(*COVERED[days])


def short_days_on_mondays() -> float:
    """Mondays among the days with too few agents, as a share."""
    short = {name: total - hits for name, (hits, total) in COVERED.items()}
    return short["Mondays"] / sum(short.values())
