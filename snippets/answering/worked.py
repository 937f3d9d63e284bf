"""The worked numbers of one page. Serves docs/chapters/answering.md.

The transcripts take theirs from the three designs and the cases; what is computed here is what they add. Constants in
capitals are premises of the page and said as given there.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from snippets.answering.room import at_least_one, fewest, precision, users_an_arm
from snippets.cases import SECONDS_A_DAY, assistant, marketplace, payments
from snippets.debugging.worked import auc_spread
from snippets.experiments.chance import expected_best
from snippets.experiments.worked_designing import visible
from snippets.framing.pilot import z_sum
from snippets.lifecycle import worked as lifecycle
from snippets.metrics import worked as metrics
from snippets.metrics import worked_llm as llm
from snippets.systems import fraud
from snippets.systems import search_ranking as search
from snippets.systems import support_rag as support

# Time boxes

LENGTHS = (60, 45, 30)
MOVES: dict[str, tuple[int, int, int]] = {  # minutes of a round of 60, 45 and 30; judgment
    "clarify": (5, 4, 3),
    "baseline": (2, 2, 1),
    "data": (6, 4, 3),
    "metric": (4, 3, 3),
    "model": (4, 3, 2),
    "evaluation": (5, 4, 3),
    "serving": (5, 3, 2),
    "monitoring": (4, 2, 2),
    "risks": (3, 2, 1),
}
PUSHES = (12, 8, 5)  # minutes kept for where the interviewer pushes; judgment
AROUND = (10, 10, 5)  # minutes of introductions and of your questions at the end; judgment
WORDS_A_MINUTE = 140  # spoken while thinking; given


def minutes(move: str, length: int = 45) -> int:
    """Minutes of one move in a round of this length."""
    return MOVES[move][LENGTHS.index(length)]


def moves_total(length: int = 45) -> int:
    """Minutes of all nine moves in a round of this length."""
    return sum(minutes(move, length) for move in MOVES)


def pushes(length: int = 45) -> int:
    """Minutes kept for follow-ups."""
    return PUSHES[LENGTHS.index(length)]


def around(length: int = 45) -> int:
    """Minutes of introductions and of your own questions."""
    return AROUND[LENGTHS.index(length)]


def round_total(length: int = 45) -> int:
    """The round's minutes: moves, pushes, and what stands around them."""
    return moves_total(length) + pushes(length) + around(length)


def before_model(length: int = 45) -> int:
    """Minutes of the four moves before the model."""
    return sum(minutes(move, length) for move in ("clarify", "baseline", "data", "metric"))


def left_at_half(move: str) -> float:
    """What a round half as long leaves of a move: its minutes of 30 over those of 60."""
    return minutes(move, 30) / minutes(move, 60)


def spoken(words: float = 1_300) -> float:
    """Minutes to say so many words at 140 a minute."""
    return words / WORDS_A_MINUTE


# Debugging transcript: a read that answers in time, with nothing

BLANK = 0.30  # share of payments whose device read comes back empty; given
BLANK_AUC = fraud.FALLBACK_AUC  # AUC on payments without a device, as replayed; given


@cache
def today() -> dict[str, metrics.Band]:
    """The four bands of a usual day, the queue full."""
    return metrics.fitted_bands()


@cache
def lines() -> list[float]:
    """The probabilities at which the action changes today."""
    return [today()[action].high for action in metrics.ACTIONS[:-1]]


@cache
def blurred(share: float = BLANK) -> dict[str, metrics.Band]:
    """The day's bands when this share of payments is scored at an AUC of 0.90 and the lines stay."""
    dull = fraud.day_of(lines(), model=metrics.detector_from_auc(BLANK_AUC))
    mixed = {}
    for action, band in today().items():
        good = (1 - share) * band.good + share * dull[action].good
        bad = (1 - share) * band.fraud + share * dull[action].fraud
        mixed[action] = metrics.Band(band.low, band.high, good, bad)
    return mixed


def attacked(more: float = fraud.ATTACK) -> dict[str, metrics.Band]:
    """The day's bands with so many more frauds of the usual kind, the lines unmoved."""
    volume = payments.daily_volume + more
    return fraud.day_of(lines(), volume, (payments.frauds_per_day + more) / volume)


def doubled_odds() -> dict[str, metrics.Band]:
    """The day's bands when every score's odds come out twice as high and the lines stay."""
    halved = [p / (2 - p) for p in lines()]  # the true probability that is reported as p
    return fraud.day_of(halved)


def change(kind: str, action: str) -> float:
    """Change of an action's count against a usual day: under a blurred score, an attack of 200, or doubled odds."""
    days = {"blurred": blurred(), "attack": attacked(), "odds": doubled_odds()}
    return days[kind][action].total / today()[action].total - 1


def attack_of_challenges() -> float:
    """Frauds a day of the usual kind that an attack needs to raise challenges as much as the blurred score does."""
    per_fraud = (attacked()["challenge"].total - today()["challenge"].total) / fraud.ATTACK
    return more_challenges() / per_fraud


def more_challenges() -> float:
    """Challenges a day beyond the usual under the blurred score."""
    return blurred()["challenge"].total - today()["challenge"].total


def blurred_cost() -> float:
    """Dollars a day that the blurred score costs, the lines as they are."""
    return metrics.cost_of(blurred()) - metrics.cost_of(today())


def blurred_hour() -> float:
    """The same an hour."""
    return blurred_cost() / 24


def declined_per_hour(kind: str = "") -> float:
    """Declines an hour on a usual day, or under a blurred score."""
    return (blurred() if kind else today())["decline"].total / 24


# Design transcript: how long the swaps take


def swaps_a_place() -> float:
    """Searches a day in which the first result is swapped with one lower place, of all places below the first."""
    return marketplace.searches_per_day * search.INTERVENED / (marketplace.results_per_page - 1)


def swap_clicks() -> float:
    """Clicks a day on what a swap moves up, if it is clicked half as often as the first result."""
    return swaps_a_place() * search.TOP_CLICK_RATE / 2


# LLM transcript: what blocking on the judge does


def wrong_left() -> float:
    """Wrong answers a day that the judge passes, so that they go out whatever is blocked."""
    return llm.a_day(llm.wrong()) * (1 - support.flagged_if(False))


def wrong_of_asked() -> float:
    """Share of all questions that are answered wrongly today."""
    return llm.wrong() / llm.questions()


# Deep dive: asking back


def asking_saves() -> float:
    """Dollars a day that asking back saves, with the stricter gate for the rest that it allows."""
    return support.day("two gates").cost - support.day("two gates, asking").cost


def right_between() -> float:
    """Share of right answers at a confidence from 0.5 to 0.7."""
    low, high = llm.at_threshold(0.5), llm.at_threshold(0.7)
    return (low.right - high.right) / (low.answered - high.answered)


def asking_a_question() -> float:
    """Dollars that asking back saves on each question asked, which would have been answered at once."""
    return asking_saves() / support.asked_a_day()


def asking_break_even() -> float:
    """Share right after asking at which it costs as much as answering at once from 0.5 to 0.7, outside money."""
    at_once = (1 - right_between()) * support.OTHER_WRONG
    silent = (1 - support.REPLIES) * assistant.handover_cost
    return 1 - (at_once - silent) / (support.REPLIES * support.OTHER_WRONG)


def asked_in_pilot() -> float:
    """Share of the customers asked back who replied."""
    return 170 / support.PILOT


# Numbers by heart


def day_shortcut() -> float:
    """By how much a day of 100,000 seconds is too long."""
    return 1e5 / SECONDS_A_DAY - 1


def sixteen() -> float:
    """What the 16 of 16 σ² / δ² is exactly: twice the square of 1.960 + 0.842."""
    return 2 * z_sum(0.8, 0.05) ** 2


def seconds_between(a_day: float) -> float:
    """Seconds between two events of so many a day."""
    return SECONDS_A_DAY / a_day


def conversions_an_arm(lift: float = 0.05) -> float:
    """Searches an arm to see purchases per search move by this much, if searches were independent."""
    return users_an_arm(marketplace.search_purchase_rate, lift)


def fraud_precision(recall: float = 0.8) -> float:
    """Precision at 0.2 % fraud and 1 % false positives with this recall."""
    return precision(payments.fraud_rate, recall, payments.false_positive_rate)


def fraud_odds(recall: float = 0.8) -> float:
    """Right flags for each wrong one: prior odds times recall over the false-positive rate."""
    p = payments.fraud_rate
    return p / (1 - p) * recall / payments.false_positive_rate


def false_alarms_of(tests: int) -> float:
    """Chance that at least one of so many independent tests without effect is significant at 5 %."""
    return at_least_one(0.05, tests)


def embedding_bytes(vectors: float = 1.0) -> float:
    """Bytes of so many embeddings of 1,024 floats."""
    return vectors * lifecycle.ARTICLE_DIMENSIONS * 4


# Behavioral: which stories cover which questions

QUESTIONS = frozenset(
    (
        "disagreement",
        "a failure of yours",
        "influence without authority",
        "stopped something",
        "ambiguity",
        "users against revenue",
        "incident",
        "hard feedback",
        "helped somebody grow",
        "made it simpler",
        "deadline",
        "data changed your mind",
    )
)
STORIES: dict[str, frozenset[str]] = {  # one engineer's list; given
    "launch I stopped": frozenset(("disagreement", "stopped something", "users against revenue")),
    "Saturday incident": frozenset(("incident", "a failure of yours", "made it simpler", "deadline")),
    "rule that beat my model": frozenset(("data changed your mind", "made it simpler", "a failure of yours")),
    "one label, three teams": frozenset(("influence without authority", "ambiguity", "disagreement")),
    "half the features": frozenset(("deadline", "users against revenue", "ambiguity", "stopped something")),
    "new colleague": frozenset(("helped somebody grow", "hard feedback", "influence without authority")),
    "report nobody read": frozenset(("hard feedback", "data changed your mind")),
    "pager handed over": frozenset(("helped somebody grow", "incident")),
}


def stories_needed(copies: int = 1) -> int:
    """Smallest number of these stories that gives each of the twelve questions so many of them."""
    return len(fewest(STORIES, QUESTIONS, copies))


def largest_story() -> int:
    """Questions that the most useful single story answers."""
    return max(len(questions) for questions in STORIES.values())


# Take-home

TAKE_HOME: dict[str, int] = {  # minutes of three hours; judgment
    "read, ask, decide": 15,
    "look at the data": 35,
    "split and metric": 20,
    "baseline": 20,
    "one model": 35,
    "errors and slices": 20,
    "tests, one command": 15,
    "README": 20,
}
ROWS, POSITIVES = 8_000, 0.06  # rows of the file and share that converts; given
TEST_SHARE = 0.2  # of the rows held out; given


def take_home_total() -> int:
    """Minutes of the whole plan."""
    return sum(TAKE_HOME.values())


def test_positives() -> float:
    """Conversions in the held-out fifth."""
    return ROWS * TEST_SHARE * POSITIVES


def take_home_spread(auc: float = 0.75, share: float = TEST_SHARE) -> float:
    """Standard deviation of an AUC on so much of the file, both classes counted."""
    positives = ROWS * share * POSITIVES
    return auc_spread(auc, round(positives)) * math.sqrt(1 + POSITIVES / (1 - POSITIVES))


def best_of_equals(models: int = 30) -> float:
    """AUC by which the best of so many equal models beats the true one on the test fifth, half of the noise being shared."""
    return expected_best(models) * take_home_spread() / math.sqrt(2)


# Prompt: a project in two minutes

OLD_EDITS, NEW_EDITS = 0.22, 0.14  # share of listings whose suggested category the seller changed; given
SMALL_SHARE, SMALL_OLD, SMALL_NEW = 0.10, 0.25, 0.27  # one of four languages; given


def edits_saved() -> float:
    """Listings a day whose category the seller no longer has to change."""
    return marketplace.new_listings_per_day * (OLD_EDITS - NEW_EDITS)


def edits_added() -> float:
    """Listings a day in the small language that sellers change beyond the old count."""
    return marketplace.new_listings_per_day * SMALL_SHARE * (SMALL_NEW - SMALL_OLD)


# Prompt: a launch, disputed

TESTED_LIFT = 0.008  # lift of purchases in the two-week test; given
KEPT_BY_DISTILLED = 0.7  # the distilled version's tested lift over it; given


def accelerators_a_day() -> float:
    """Dollars a day of the accelerators that rerank the top 20, whole ones, at $2.50 an hour."""
    return math.ceil(search.cross_encoder_accelerators(20)) * 24 * lifecycle.GPU_HOUR


def lift_a_day(lift: float = TESTED_LIFT) -> float:
    """Dollars a day of a lift read as it stands in the test."""
    return search.worth_of_change(lift)


def lift_half_width() -> float:
    """Half of the 95 % interval of a lift of purchases in two weeks by user: 1.96 of the 2.80 standard errors that such a test sees."""
    return visible("purchases") * 1.96 / z_sum(0.8, 0.05)


def distilled_low() -> float:
    """Lower end of the distilled version's lift."""
    return TESTED_LIFT * KEPT_BY_DISTILLED - lift_half_width()


def lasting_a_day(lift: float = TESTED_LIFT) -> float:
    """Dollars a day of what stays of it once everybody has it."""
    return search.worth_of_change(search.lasting_change(lift))


# Prompt: an incident you caused

SOLD_SHARE = 0.02  # share of impressions that were sold already, while the index lagged; given
INCIDENT_HOURS = 3


def pages_with_sold(share: float = marketplace.sold_already_rate) -> float:
    """Share of pages with at least one listing that is sold already."""
    return at_least_one(share, marketplace.results_per_page)


def bad_pages() -> float:
    """Pages with a sold listing beyond the usual, in three hours of mean traffic."""
    searches = marketplace.searches_per_day * INCIDENT_HOURS / 24
    return searches * (pages_with_sold(SOLD_SHARE) - pages_with_sold())


# Prompt: pressure on a gate


class Lowered(NamedTuple):
    """What a lower gate about money changes in a day."""

    wrong: float
    handed: float
    dollars: float


def lowered_gate(low: float = 0.6, high: float = 0.8) -> Lowered:
    """More wrong answers, fewer handovers and dollars lost a day when the gate about money goes from high to low."""
    per = support.MONEY_SHARE * assistant.questions_per_day / support.GOLDEN
    before, after = support.of_gate(high), support.of_gate(low)
    wrong, handed = per * (after.wrong - before.wrong), per * (before.handed - after.handed)
    return Lowered(wrong, handed, wrong * support.MONEY_WRONG - handed * assistant.handover_cost)


def lowered_harm(price: float = support.MONEY_WRONG) -> float:
    """Dollars a day of the further wrong answers about money, at this price each."""
    return lowered_gate().wrong * price


def lowered_saves() -> float:
    """Dollars a day of the handovers that a lower gate about money avoids."""
    return lowered_gate().handed * assistant.handover_cost


WRONG_AFTER = 0.058  # share of graded answers that are wrong once customers are asked back; given


def wrong_of_answers() -> float:
    """Share of answers that are wrong under the two gates, nobody asked back."""
    day = support.day("two gates")
    return day.wrong / (day.wrong + day.right)


# Prompt: a model not shipped


def cheaper_errors() -> float:
    """Dollars that the cheaper model's further wrong answers and handovers cost in a thousand questions."""
    now, then = llm.candidate(), llm.cheaper()
    wrong = (then.answered - then.right) - (now.answered - now.right)
    return wrong * assistant.wrong_answer_cost + (now.answered - then.answered) * assistant.handover_cost


def cheaper_tokens() -> float:
    """Dollars of tokens that it saves in a thousand questions."""
    return 1_000 * (1 - llm.CHEAPER_PRICE) * (assistant.answer_cost - assistant.search_cost)


# Prompt: half the features

EARLIER_DAYS = 42


def smaller_model_cost() -> float:
    """Dollars a day with four actions and an AUC of 0.96."""
    return fraud.fallback_cost(0.96)


def earlier_worth() -> float:
    """Dollars that six weeks of the smaller model save against the best single line of today."""
    return EARLIER_DAYS * (metrics.at_break_even().cost - smaller_model_cost())


def waiting_worth() -> float:
    """Dollars a day by which the larger model beats the smaller one."""
    return smaller_model_cost() - metrics.cost_with_four_actions()


# Prompt: three teams, one label

PASSED = 1_000  # frauds that went through in a day, for the sum


def reported(passed: float = PASSED) -> float:
    """Of the frauds that went through, those that a cardholder reports."""
    return passed * (1 - payments.unreported_rate)


def booked(passed: float = PASSED) -> float:
    """Chargebacks coded as fraud, the cardholders' own payments among them."""
    return reported(passed) / (1 - payments.friendly_fraud_rate)


# Prompt: a factor of ten

WRONG_DAY = 8_640  # seconds, as written on the board


def wrong_peak() -> float:
    """Payments in the busiest second with a day of 8,640 seconds."""
    return payments.daily_volume / WRONG_DAY * payments.peak_factor


def wrong_cores() -> float:
    """Busy cores at that rate, 15 ms each."""
    return wrong_peak() * lifecycle.PAYMENT_SERVICE


# Prompt: which questions first


def rough_price(factor: float) -> float:
    """Dollars a day lost by a decline line set with a price of a false decline that is this many times the true one."""
    wrong = payments.false_decline_cost * factor
    return metrics.at_probability(wrong / (wrong + payments.missed_fraud_cost)).cost - metrics.at_break_even().cost


def line_with(factor: float) -> float:
    """The decline line for a price of a false decline that is this many times the case's."""
    wrong = payments.false_decline_cost * factor
    return wrong / (wrong + payments.missed_fraud_cost)


def half_the_analysts() -> float:
    """Dollars a day by which the design is worse with half of the analysts."""
    return fraud.world_cost(1, 0.5) - fraud.world_cost()


# Prompt: mocks that do not move

MOCK: dict[str, int] = {  # minutes by move, mean of four recorded mocks of 45; given
    "clarify": 1,
    "baseline": 0,
    "data": 2,
    "metric": 1,
    "model": 14,
    "evaluation": 2,
    "serving": 9,
    "monitoring": 1,
    "risks": 0,
}
MOCK_PUSHES = 5


def mock_total() -> int:
    """Minutes of a mock that were worked, follow-ups included."""
    return sum(MOCK.values()) + MOCK_PUSHES


def mock_before_model() -> int:
    """Minutes of the mocks before the model."""
    return sum(MOCK[move] for move in ("clarify", "baseline", "data", "metric"))


def mock_over() -> int:
    """Minutes by which model and serving exceed their boxes."""
    return sum(MOCK[move] - minutes(move) for move in ("model", "serving"))


# Prompt: twelve minutes left


def still_needed(*moves: str) -> int:
    """Minutes that these moves take in a round of 45."""
    return sum(minutes(move) for move in moves)


# LLM transcript: what the gates change


def count_cut() -> float:
    """Share by which the gates by price, with asking back, lower the number of wrong answers."""
    return 1 - support.day("two gates, asking").wrong / llm.a_day(llm.wrong())


def damage_cut() -> float:
    """Share by which they lower the dollars of wrong answers, a fifth of them about money before."""
    return 1 - support.day("two gates, asking").damage / (llm.a_day(llm.wrong()) * assistant.wrong_answer_cost)


def blank_challenges() -> float:
    """Rise of the challenges among the payments without a device."""
    return change("blurred", "challenge") / BLANK
