"""The worked numbers of one design. Serves docs/systems/support-rag.md.

They continue the metrics chapter's page on LLM systems: its golden set, its confidence bins, its judge. Constants in capitals
are premises of this page and said as given there.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from snippets.cases import assistant
from snippets.lifecycle import worked as lifecycle
from snippets.metrics import worked_llm as llm
from snippets.metrics.uncertainty import wilson_interval

NORMAL = NormalDist()
GOLDEN = 1_000  # questions of the golden set

# Given on the page
MONEY_SHARE = 0.2  # questions about money: refunds, billing, cancellation
MONEY_WRONG, OTHER_WRONG = 60.0, 10.0  # dollars, a wrong answer about money, about anything else
REPLIES, RIGHT_AFTER = 0.85, 0.70  # of customers asked back: reply; of those, answered right then
PILOT = 200  # customers asked back in the pilot
MISSED_WRONG = 20  # of the golden set's answerable questions whose passage was missed, answered wrongly
GIVE_UP = 0.01  # share of customers who give up for each further second without a word
CITED = 2.0  # articles cited in an answer, mean
HEAT = 3.0  # an article being edited is cited this many times as often as a mean one
MATERIAL = 0.2  # share of edits that change what is right
CORE_BANDWIDTH = 5e9  # bytes a second that one core reads from memory, as a busy one did when measured
SEARCH_BUDGET = 0.050  # seconds for one exact search
READ_RATE = 8_000.0  # tokens a second in which a prompt is read
HISTORY = 0.35  # share of questions that refer to an earlier turn and are rewritten
CHECK_MS = 150.0  # milliseconds to check one sentence against its span
SENTENCE_TOKENS = 25  # tokens of a sentence
REWRITE = (500, 40)  # tokens in and out of a rewrite
CHECK = (2_300, 60)  # tokens in and out of the check of one answer
CACHE_WRITE, CACHE_READ = 1.25, 0.1  # price of a cached prefix over the plain one: to write, to read
ANSWER_CACHE_HITS = 0.3  # share of questions an answer cache would serve
RATES_IF_WRONG = 4.0  # a customer with a wrong answer gives a thumb this many times as often
DOWN_IF_WRONG, DOWN_IF_RIGHT = 0.5, 0.1  # thumbs down among the thumbs on wrong and on right answers
GATE_CATCHES, GATE_FALSE = 0.9, 0.005  # of the input filter: attacks caught, other questions flagged

# Milliseconds of each step until the first word: median, 95th percentile
STEPS = {
    "gateway, session, rights": (25.0, 60.0),
    "rewrite, follow-ups only": (200.0, 380.0),
    "embedding, two searches": (25.0, 60.0),
    "rerank 40 passages": (80.0, 150.0),
    "queue at the model": (30.0, 250.0),
    "read 3,000 tokens": (375.0, 600.0),
    "gate token, first token": (20.0, 40.0),
}
LENGTH = (230.0, 420.0)  # tokens of an answer: median, 95th percentile
PACE = (12.0, 17.0)  # milliseconds for one more token: median, 95th percentile


# The decision


class Outcome(NamedTuple):
    """What becomes of some questions: right answers, wrong answers, handovers."""

    right: float
    wrong: float
    handed: float


def line(wrong_cost: float = assistant.wrong_answer_cost) -> float:
    """Chance of being right from which an answer beats a handover: 1 minus handover over wrong answer."""
    return llm.break_even_confidence(wrong_cost)


def asking(replies: float = REPLIES, right: float = RIGHT_AFTER, wrong_cost: float = OTHER_WRONG) -> float:
    """Dollars of asking back: who does not reply is handed over, the others are right or wrong afterward."""
    return (1 - replies) * assistant.handover_cost + replies * (1 - right) * wrong_cost


def gain_of_asking(wrong_cost: float, right: float = RIGHT_AFTER, replies: float = REPLIES) -> float:
    """Dollars that asking back saves against handing over; below 0 it costs."""
    return assistant.handover_cost - asking(replies, right, wrong_cost)


def answering(low: float, wrong_cost: float) -> float:
    """Dollars of answering a question in the confidence bin that starts here."""
    return (1 - llm.bin_from(low).share) * wrong_cost


def of_gate(gate: float, ask_from: float | None = None) -> Outcome:
    """Outcomes for 1,000 questions answered from this confidence, asked back from the lower one if there is one."""
    at = llm.at_threshold(gate)
    asked = llm.at_threshold(ask_from).answered - at.answered if ask_from is not None else 0
    replied = asked * REPLIES
    return Outcome(
        at.right + replied * RIGHT_AFTER,
        at.wrong + replied * (1 - RIGHT_AFTER),
        at.abstained - replied,
    )


POLICIES = {  # (gate for money, gate for the rest, the rest is asked back from)
    "everything": (0.0, 0.0, None),
    "one gate": (0.6, 0.6, None),
    "two gates": (0.8, 0.5, None),
    "two gates, asking": (0.8, 0.7, 0.5),
}


class Day(NamedTuple):
    """A day under a policy: wrong answers about money and about the rest, handovers, right answers, dollars, agents' questions."""

    wrong_money: float
    wrong_rest: float
    handed: float
    right: float

    @property
    def wrong(self) -> float:
        """Wrong answers a day."""
        return self.wrong_money + self.wrong_rest

    @property
    def load(self) -> float:
        """Questions a day that end with an agent."""
        return assistant.questions_per_day - self.right

    @property
    def damage(self) -> float:
        """Dollars a day of wrong answers."""
        return self.wrong_money * MONEY_WRONG + self.wrong_rest * OTHER_WRONG

    @property
    def mean_wrong(self) -> float:
        """Dollars of a mean wrong answer in this policy's mix of kinds."""
        return self.damage / self.wrong

    @property
    def cost(self) -> float:
        """Dollars a day: wrong answers, handovers, and half a cent for every question."""
        tokens = assistant.questions_per_day * assistant.answer_cost
        return self.damage + self.handed * assistant.handover_cost + tokens

    @property
    def per_question(self) -> float:
        """Dollars a question."""
        return self.cost / assistant.questions_per_day

    @property
    def slack(self) -> float:
        """Questions a day that the agents could still take."""
        return assistant.handover_capacity - self.load


def day(policy: str) -> Day:
    """A day under one of the policies, if confidence is worth the same in both kinds of question."""
    money_gate, rest_gate, ask_from = POLICIES[policy]
    money, rest = of_gate(money_gate), of_gate(rest_gate, ask_from)
    m, r = (share * assistant.questions_per_day / GOLDEN for share in (MONEY_SHARE, 1 - MONEY_SHARE))
    return Day(m * money.wrong, r * rest.wrong, m * money.handed + r * rest.handed, m * money.right + r * rest.right)


def replies_that_pay() -> float:
    """Share of the customers asked back who must reply so that asking beats *answering* in the bin from 0.6 of the rest."""
    handover = assistant.handover_cost
    return (handover - answering(0.6, OTHER_WRONG)) / (handover - (1 - RIGHT_AFTER) * OTHER_WRONG)


def replies_for_agents() -> float:
    """Share of the customers asked back who must reply so that the agents can carry the last policy."""
    return REPLIES - day("two gates, asking").slack / (asked_a_day() * RIGHT_AFTER)


def load_interval() -> tuple[float, float]:
    """95 % interval of the questions a day that end with an agent under the last policy, from as many grades as the golden set has."""
    right = round(GOLDEN * day("two gates, asking").right / assistant.questions_per_day)
    low, high = wilson_interval(right, GOLDEN)
    return (1 - high) * assistant.questions_per_day, (1 - low) * assistant.questions_per_day


def chance_of_overflow() -> float:
    """Chance that the mean day's true load is above what the agents take, as far as the golden set can tell."""
    share = day("two gates, asking").right / assistant.questions_per_day
    return NORMAL.cdf((llm.success_for_staffing() - share) / math.sqrt(share * (1 - share) / GOLDEN))


def right_error_after_shadow() -> float:
    """Standard error of the share right of all questions when a shadow day has counted bins and kinds, so only grades are left.

    Answers from 0.8 count in both kinds, those from 0.7 to 0.8 in the rest, and the pilot's 200 for the band that is asked.
    """
    top, middle, band = (
        llm.at_threshold(0.8),
        llm.bin_from(0.7),
        llm.at_threshold(0.5).answered - llm.at_threshold(0.7).answered,
    )
    rest = 1 - MONEY_SHARE
    parts = (
        (top.answered / GOLDEN, top.accuracy, top.answered),
        (rest * middle.total / GOLDEN, middle.share, middle.total),
        (rest * band / GOLDEN, REPLIES * RIGHT_AFTER, PILOT),
    )
    return math.sqrt(sum(weight**2 * share * (1 - share) / n for weight, share, n in parts))


def load_after_shadow() -> tuple[float, float]:
    """95 % interval of the questions a day that end with an agent, once a shadow day has counted who answers what."""
    reach = NORMAL.inv_cdf(0.975) * right_error_after_shadow() * assistant.questions_per_day
    load = day("two gates, asking").load
    return load - reach, load + reach


def overflow_after_shadow() -> float:
    """Chance then that the mean day's true load is above what the agents take."""
    slack = day("two gates, asking").slack / assistant.questions_per_day
    return NORMAL.cdf(-slack / right_error_after_shadow())


def days_at(share: float = 0.05) -> float:
    """Days on this share of the traffic that show with four chances in five, alone, that the load fits."""
    slack, right = (
        n / assistant.questions_per_day for n in (day("two gates, asking").slack, day("two gates, asking").right)
    )
    z = NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.8)
    return (z / slack) ** 2 * right * (1 - right) / (share * assistant.questions_per_day)


def handovers_a_minute(factor: float = assistant.peak_factor) -> float:
    """Questions that end with an agent, a minute, at this many times the mean rate."""
    return factor * day("two gates, asking").load / (24 * 60)


def higher_money_gate_an_hour() -> float:
    """Questions more that end with an agent in a mean hour when money is answered from 0.9 only."""
    return (money_answers(True) - money_answers(True, 0.9)) / 24


def asked_a_day() -> float:
    """Questions a day that are asked back: those of the rest between 0.5 and 0.7."""
    band = llm.at_threshold(0.5).answered - llm.at_threshold(0.7).answered
    return (1 - MONEY_SHARE) * llm.a_day(band)


def misrouted(rest: bool = False) -> float:
    """Dollars for one money question taken for the rest, or the other way round: the other kind's gates at its own price."""
    money, other = of_gate(0.8), of_gate(0.7, 0.5)
    wrong_cost = OTHER_WRONG if rest else MONEY_WRONG
    taken, fit = (money, other) if rest else (other, money)
    return ((taken.wrong - fit.wrong) * wrong_cost + (taken.handed - fit.handed) * assistant.handover_cost) / GOLDEN


def misrouted_cost(share: float, rest: bool = False) -> float:
    """Dollars a day when this share of money questions is taken for the rest, or this share of the rest for money."""
    return share * (1 - MONEY_SHARE if rest else MONEY_SHARE) * assistant.questions_per_day * misrouted(rest)


def money_from() -> float:
    """Chance of being about money from which treating a question so is cheaper."""
    return misrouted(rest=True) / (misrouted(rest=True) + misrouted())


def rest_until_full() -> float:
    """Share of the rest taken for money at which the agents are full."""
    more = (of_gate(0.7, 0.5).right - of_gate(0.8).right) / GOLDEN
    return day("two gates, asking").slack / ((1 - MONEY_SHARE) * assistant.questions_per_day * more)


def agents_for_places(seconds: float) -> int:
    """Agents to hire so that the check on money answers fits, held back by so many seconds."""
    missing = money_to_agents() + gave_up(seconds) - day("two gates, asking").slack
    return math.ceil(missing * assistant.handover_minutes / assistant.agent_minutes)


def mean_wrong_cost() -> float:
    """Dollars of a mean wrong answer when a fifth are about money: the case's price."""
    return MONEY_SHARE * MONEY_WRONG + (1 - MONEY_SHARE) * OTHER_WRONG


def agents_for_ceiling() -> float:
    """Questions a day that end with an agent if everything the help center holds were answered right."""
    return assistant.questions_per_day - assistant.answerable_per_day


# The check before release


def leaving(seconds: float) -> float:
    """Share of the customers who give up over so many more seconds of silence."""
    return 1 - math.pow(1 - GIVE_UP, seconds)


def flagged_if(right: bool, specificity: float = llm.PASSED.share) -> float:
    """Chance that the metrics chapter's judge flags a right or a wrong answer, from how many of them are unsupported."""
    grounded = llm.cell(answered=True, correct=right, grounded=True)
    unsupported = llm.cell(answered=True, correct=right, grounded=False)
    return (unsupported * llm.FLAGGED.share + grounded * (1 - specificity)) / (grounded + unsupported)


def caught_at_best() -> float:
    """Share of the wrong answers that a checker without error would flag: those that no passage backs."""
    return llm.cell(answered=True, correct=False, grounded=False) / llm.wrong()


def unsupported_a_day() -> float:
    """Answers a day with an unsupported claim, at the share that people found in the judge's check."""
    return llm.answers_a_day() * llm.human_rate()


def checker_misses() -> float:
    """Unsupported answers a day that the judge passes."""
    return unsupported_a_day() * (1 - llm.FLAGGED.share)


def checker_false() -> float:
    """Supported answers a day that the judge flags."""
    return (llm.answers_a_day() - unsupported_a_day()) * (1 - llm.PASSED.share)


def money_answers(right: bool, gate: float = 0.8) -> float:
    """Right or wrong answers a day about money from this gate."""
    at = of_gate(gate)
    return MONEY_SHARE * llm.a_day(at.right if right else at.wrong)


def money_to_agents() -> float:
    """Right answers about money that the check hands over in a day: new load, since wrong ones end there anyway."""
    return money_answers(right=True) * flagged_if(right=True)


def money_stopped() -> float:
    """Wrong answers about money that the check stops in a day."""
    return money_answers(right=False) * flagged_if(right=False)


def right_when_flagged() -> float:
    """Share right among the flagged answers about money."""
    return money_to_agents() / (money_to_agents() + money_stopped())


def gain_of_check(specificity: float = llm.PASSED.share) -> float:
    """Dollars a day of the check on money answers, nobody waiting: wrong ones avoided, right ones handed over."""
    stopped = money_answers(right=False) * flagged_if(False, specificity)
    lost = money_answers(right=True) * flagged_if(True, specificity)
    return stopped * (MONEY_WRONG - assistant.handover_cost) - lost * assistant.handover_cost


def specificity_that_pays() -> float:
    """Specificity of the judge at which the check on money answers gains nothing: the gain is a straight line in it."""
    low, high = gain_of_check(0.0), gain_of_check(1.0)
    return low / (low - high)


def gain_of_higher_gate() -> float:
    """Dollars a day of a gate of 0.9 for money instead of 0.8, without any check; below 0 it costs."""
    low, high = of_gate(0.8), of_gate(0.9)
    cost = [o.wrong * MONEY_WRONG + o.handed * assistant.handover_cost for o in (low, high)]
    return MONEY_SHARE * llm.a_day(cost[0] - cost[1])


def right_when_flagged_at_best() -> float:
    """Share right among the answers that a checker without error would flag: support is not truth in this direction either."""
    lucky = llm.cell(correct=True, grounded=False)
    return lucky / (lucky + llm.cell(answered=True, correct=False, grounded=False))


def gain_of_check_elsewhere(right: float | None = None) -> float:
    """Dollars for each flagged answer about the rest that would be handed over; by default the llm page's share is right."""
    return (1 - (llm.right_when_flagged() if right is None else right)) * OTHER_WRONG - assistant.handover_cost


def passed_answers() -> tuple[float, float]:
    """Right and wrong answers about money a day that pass the check."""
    return money_answers(True) - money_to_agents(), money_answers(False) - money_stopped()


def cost_of_giving_up() -> float:
    """Dollars for one customer who gives up before a passed money answer: a handover instead of the chance of a wrong answer."""
    right, wrong = passed_answers()
    return assistant.handover_cost - wrong / (right + wrong) * MONEY_WRONG


def gave_up(seconds: float) -> float:
    """Customers a day with a passed money answer who give up over so many more seconds of silence."""
    return sum(passed_answers()) * leaving(seconds)


def net_of_check(seconds: float) -> float:
    """Dollars a day of the check when each money answer is held back by so many seconds."""
    return gain_of_check() - gave_up(seconds) * cost_of_giving_up()


def net_if_wrong(wrong: float, seconds: float) -> float:
    """Dollars a day of the held check if so many of the golden set's answers from 0.8 are wrong, instead of those counted."""
    answered = MONEY_SHARE * llm.a_day(of_gate(0.8).right + of_gate(0.8).wrong)
    bad = MONEY_SHARE * llm.a_day(wrong)
    good, handover = answered - bad, assistant.handover_cost
    gain = bad * flagged_if(False) * (MONEY_WRONG - handover) - good * flagged_if(True) * handover
    passed_wrong, passed_right = bad * (1 - flagged_if(False)), good * (1 - flagged_if(True))
    return gain - leaving(seconds) * ((passed_wrong + passed_right) * handover - passed_wrong * MONEY_WRONG)


def sentences() -> float:
    """Sentences of an answer of median length."""
    return LENGTH[0] / SENTENCE_TOKENS


def flagged_by_sentence() -> float:
    """Share of supported answers flagged if each sentence is flagged as often as a whole answer is, independently."""
    return 1 - math.pow(llm.PASSED.share, sentences())


def sentence_error_that_pays() -> float:
    """Share of supported sentences that the check may flag before its gain is gone, nobody waiting."""
    return 1 - math.pow(specificity_that_pays(), 1 / sentences())


def give_up_break_even() -> float:
    """Share of the customers with a passed money answer who may give up before the check's gain is gone."""
    return gain_of_check() / (sum(passed_answers()) * cost_of_giving_up())


def sentence_hold() -> float:
    """Seconds by which holding one sentence moves the first words: the rest of the sentence and its check."""
    return ((SENTENCE_TOKENS - 1) * PACE[0] + CHECK_MS) / 1_000


def whole_hold() -> float:
    """Seconds by which holding the whole answer moves the first words, at the median: all further tokens and the check."""
    return ((LENGTH[0] - 1) * PACE[0] + CHECK_MS) / 1_000


def perfect_elsewhere() -> float:
    """Dollars a day of a verifier without error on the rest, nobody waiting: each wrong answer becomes a handover."""
    return day("two gates, asking").wrong_rest * (OTHER_WRONG - assistant.handover_cost)


def leaving_elsewhere() -> float:
    """Customers a day about the rest who give up on a right answer while the whole of it is held back."""
    rest = (1 - MONEY_SHARE) * llm.a_day(of_gate(0.7, 0.5).right)
    return rest * leaving(whole_hold())


# The ceiling


def miss_cost() -> float:
    """Dollars of an answerable question whose passage was not retrieved."""
    handed = llm.missed() - llm.RIGHT_WITHOUT_PASSAGE - MISSED_WRONG
    return (MISSED_WRONG * assistant.wrong_answer_cost + handed * assistant.handover_cost) / llm.missed()


def read_failures() -> tuple[int, int]:
    """Wrong answers and handovers of the golden set although the needed passage was there."""
    wrong = llm.cell(answerable=True, answered=True, correct=False) - MISSED_WRONG
    return wrong, llm.found().hits - llm.right_with_passage().hits - wrong


def found_cost() -> float:
    """Dollars of an answerable question whose passage was retrieved."""
    wrong, handed = read_failures()
    return (wrong * assistant.wrong_answer_cost + handed * assistant.handover_cost) / llm.found().hits


def unanswerable_cost() -> float:
    """Dollars of a question the help center does not answer: reckless answers and right handovers."""
    wrong, handed = llm.cell(answerable=False, answered=True), llm.cell(answerable=False, answered=False)
    return (wrong * assistant.wrong_answer_cost + handed * assistant.handover_cost) / (wrong + handed)


def answerable_cost() -> float:
    """Dollars of a question the help center answers, as the system runs."""
    share = llm.found().share
    return share * found_cost() + (1 - share) * miss_cost()


def right_at(recall: float) -> float:
    """Right answers of all questions at this recall, reading and luck as measured."""
    with_it, without = llm.right_with_passage().share, llm.right_without_passage().share
    return assistant.answerable_rate * (recall * with_it + (1 - recall) * without)


def recall_needed(share: float | None = None) -> float:
    """Recall at which right answers reach this share of all questions; by default the share that the agents need."""
    target = llm.success_for_staffing() if share is None else share
    with_it, without = llm.right_with_passage().share, llm.right_without_passage().share
    return (target / assistant.answerable_rate - without) / (with_it - without)


def ceiling_without_luck() -> float:
    """Answerable × recall × right with the passage at hand: what the chain yields when nothing is answered from memory."""
    return assistant.answerable_rate * llm.found().share * llm.right_with_passage().share


def kept_by_design() -> float:
    """Right answers under the last policy over those at the prototype's gate."""
    return day("two gates, asking").right / (llm.success().share * assistant.questions_per_day)


def recall_needed_by_design() -> float:
    """Recall that the agents need under the last policy, if it keeps the same share of right answers at each recall."""
    return recall_needed(llm.success_for_staffing() / kept_by_design())


def load_by_design(recall: float) -> float:
    """Questions a day that end with an agent under the last policy at this recall."""
    return assistant.questions_per_day * (1 - right_at(recall) * kept_by_design())


def article_point_at_worst() -> float:
    """Dollars a day of a point of articles if the gate already handed over every question that has none."""
    return 0.01 * assistant.questions_per_day * (assistant.handover_cost - answerable_cost())


def recall_point_at_worst() -> float:
    """Dollars a day of a point of recall if every passage the oracle supplied in vain ended in a wrong answer."""
    still = (llm.missed() - llm.ORACLE_RIGHT) / llm.missed() * assistant.wrong_answer_cost
    return 0.01 * assistant.answerable_per_day * (miss_cost() - still)


POINTS = ("articles", "retrieval", "reading", "abstaining")


def worth_of_point(lever: str) -> float:
    """Dollars a day of one point: of questions made answerable, of recall, of right readings, of reckless answers avoided.

    A question won costs afterward what its like cost today: an article written makes an answerable question, a passage found one
    that is read as others are.
    """
    answerable = assistant.answerable_per_day
    wrong, handed = read_failures()
    failure = (wrong * assistant.wrong_answer_cost + handed * assistant.handover_cost) / (wrong + handed)
    return (
        0.01
        * {
            "articles": assistant.questions_per_day * (unanswerable_cost() - answerable_cost()),
            "retrieval": answerable * (miss_cost() - found_cost()),
            "reading": answerable * llm.found().share * failure,
            "abstaining": agents_for_ceiling() * (assistant.wrong_answer_cost - assistant.handover_cost),
        }[lever]
    )


def points_left(lever: str) -> float:
    """Points until the lever is at its end."""
    return (
        100
        * {
            "articles": 1 - assistant.answerable_rate,
            "retrieval": 1 - llm.found().share,
            "reading": 1 - llm.right_with_passage().share,
            "abstaining": llm.rates().reckless_answers.share,
        }[lever]
    )


def worth_of_lever(lever: str) -> float:
    """Dollars a day of all its points together, the other levers as they are."""
    return points_left(lever) * worth_of_point(lever)


def articles_share_of_cost() -> float:
    """Share of the prototype's handovers and wrong answers that is gone when every question is answerable."""
    failures = assistant.questions_per_day * (
        assistant.answerable_rate * answerable_cost() + (1 - assistant.answerable_rate) * unanswerable_cost()
    )
    return worth_of_lever("articles") / failures


def worth_of_lexical() -> float:
    """Dollars a day if every error code's passage were found and read as others are."""
    return llm.a_day(llm.missed("error codes")) * (miss_cost() - found_cost())


# Retrieval


def vector_bytes() -> float:
    """Bytes of a float32 vector of 1,024 dimensions for each passage."""
    return float(lifecycle.passage_table())


def search_ms() -> float:
    """Milliseconds of one core to read all vectors once: an exact search is bound by memory."""
    return 1_000 * vector_bytes() / CORE_BANDWIDTH


def passages_until_index(bandwidth: float = CORE_BANDWIDTH) -> float:
    """Passages that are searched exactly within the budget by whoever reads so many bytes a second."""
    return SEARCH_BUDGET * bandwidth / (lifecycle.ARTICLE_DIMENSIONS * 4)


def help_center_tokens() -> float:
    """Tokens of the whole help center."""
    return assistant.chunks * assistant.chunk_tokens


def whole_in_context(share: float = 1.0) -> float:
    """Dollars of input tokens for one question when this share of the help center stands in the prompt."""
    return share * help_center_tokens() * assistant.input_price / 1e6


def reading_seconds(share: float = 1.0) -> float:
    """Seconds to read that share of the help center at the given pace."""
    return share * help_center_tokens() / READ_RATE


def cached_language() -> float:
    """Dollars a day to answer from one language's articles in a cached prefix: read at each question, rewritten at each edit."""
    one = whole_in_context(1 / assistant.languages)
    return one * (assistant.questions_per_day * CACHE_READ + assistant.edits_per_day * CACHE_WRITE)


def reading_to_lose() -> float:
    """Points of right reading that such a prompt may lose before perfect recall is used up."""
    return (worth_of_lever("retrieval") - cached_language()) / worth_of_point("reading")


def searches_a_second() -> float:
    """Exact searches a second that a machine's memory feeds."""
    return lifecycle.BANDWIDTH / vector_bytes()


def byte_search_ms(times: float = 100.0) -> float:
    """Milliseconds of a machine to read this many times the passages, one byte a dimension."""
    return 1_000 * times * vector_bytes() / 4 / lifecycle.BANDWIDTH


def passages_priced(more: int = 6) -> float:
    """Dollars a day of so many more passages in the prompt: their tokens, and who gives up while they are read."""
    tokens = more * assistant.chunk_tokens
    return assistant.questions_per_day * tokens * assistant.input_price / 1e6 + wait_price(1_000 * tokens / READ_RATE)


def wait_price(milliseconds: float) -> float:
    """Dollars a day that so many more milliseconds before the first word cost, if who gives up is handed over."""
    at = llm.candidate()
    lost = assistant.handover_cost - (1 - at.accuracy) * assistant.wrong_answer_cost
    return llm.answers_a_day() * leaving(milliseconds / 1_000) * lost


def recall_that_pays(cost: float) -> float:
    """Points of recall worth so many dollars a day."""
    return cost / worth_of_point("retrieval")


def second_search_ms() -> float:
    """Milliseconds of a second round of search: 40 tokens of a new query, search, reranking, reading again (medians)."""
    steps = STEPS["embedding, two searches"][0] + STEPS["rerank 40 passages"][0] + STEPS["read 3,000 tokens"][0]
    return REWRITE[1] * PACE[0] + steps


def below_gates() -> float:
    """Share of questions that neither an answer nor a question back takes: money below 0.8, the rest below 0.5."""
    money, rest = (llm.at_threshold(gate).abstained for gate in (0.8, 0.5))
    return (MONEY_SHARE * money + (1 - MONEY_SHARE) * rest) / GOLDEN


def first_word_with_loop(share: float = 0.95) -> float:
    """That percentile of the first word over all questions when those below the gates wait for a second search."""
    later = round(second_search_ms())
    slow = np.concatenate([np.zeros(later), first_word()])
    fast = np.pad(first_word(), (0, later))
    return quantile(below_gates() * slow + (1 - below_gates()) * fast, share)


def drafts_right(kind: str) -> float:
    """Share right among drafts that are not shown: the rest's below 0.5, or those about money between 0.5 and 0.8."""
    high, low = {"rest": (0.5, 0.0), "money": (0.8, 0.5)}[kind]
    top, all_ = llm.at_threshold(high), llm.at_threshold(low)
    return (all_.right - top.right) / (all_.answered - top.answered)


def machine_ms(times: float) -> float:
    """Milliseconds of one machine to search so many times the help center exactly."""
    return 1_000 * times * vector_bytes() / lifecycle.BANDWIDTH


def over_budget_price(times: float) -> float:
    """Dollars a day of the milliseconds by which that exceeds the budget of a search."""
    return wait_price(machine_ms(times) - 1_000 * SEARCH_BUDGET)


def answer_cache_saves() -> float:
    """Dollars a day that an answer cache takes off the invoice at the given hits."""
    return ANSWER_CACHE_HITS * assistant.questions_per_day * assistant.answer_cost


# Freshness


def cites_per_article() -> float:
    """Answers a day that cite a mean article."""
    return llm.answers_a_day() * CITED / assistant.articles


def stale_answers(hours: float) -> float:
    """Answers a day that cite an article as it was before an edit, when an edit shows after so many hours."""
    return assistant.edits_per_day * HEAT * cites_per_article() * hours / 24


def stale_wrong(hours: float) -> float:
    """Of those, answers that the edit made wrong."""
    return MATERIAL * stale_answers(hours)


def stale_cost(hours: float) -> float:
    """Dollars a day of the answers that the lag makes wrong."""
    return stale_wrong(hours) * assistant.wrong_answer_cost


def stale_cost_of_one_passage(hours: float) -> float:
    """Dollars a day if an edit touches one passage of its article and each answer cites one."""
    return stale_cost(hours) / assistant.chunks_per_article


def passages_a_day() -> float:
    """Passages to embed anew in a day."""
    return assistant.edits_per_day * assistant.chunks_per_article


# Latency


def sigma(median: float, p95: float) -> float:
    """Spread of the lognormal with this median and 95th percentile."""
    return math.log(p95 / median) / NORMAL.inv_cdf(0.95)


def cells(median: float, spread: float, size: int) -> NDArray[np.float64]:
    """Chance of each whole millisecond below `size` of a lognormal time."""
    edges = np.maximum(np.arange(size + 1) - 0.5, 1e-9)
    z = (np.log(edges) - math.log(median)) / spread
    return np.diff([NORMAL.cdf(x) for x in z])


def quantile(chances: NDArray[np.float64], share: float) -> float:
    """Milliseconds below which this share of the times lies."""
    return float(np.searchsorted(np.cumsum(chances), share))


@cache
def first_word() -> NDArray[np.float64]:
    """Chance of each millisecond until the first word, the steps independent, a rewrite only where there is history."""
    total = np.array([1.0])
    for name, (median, p95) in STEPS.items():
        step = cells(median, sigma(median, p95), 2_500)
        if name.startswith("rewrite"):
            step *= HISTORY
            step[0] += 1 - HISTORY
        total = np.convolve(total, step)[:6_000]
    return total


def first_word_at(share: float = 0.95) -> float:
    """This percentile of the first word, in milliseconds, if the steps are slow independently of each other."""
    return quantile(first_word(), share)


def summed_p95() -> float:
    """The steps' 95th percentiles added up: right only if all are slow together, and a rewrite is always needed."""
    return sum(p95 for _, p95 in STEPS.values())


@cache
def whole_at(cap: float = math.inf, share: float = 0.95) -> float:
    """This percentile of the whole answer, in milliseconds, when no answer is longer than the cap, in tokens."""
    shares = (np.arange(100) + 0.5) / 100
    length = [min(cap, LENGTH[0] * math.exp(sigma(*LENGTH) * NORMAL.inv_cdf(s))) for s in shares]
    writing = np.mean([cells((n - 1) * PACE[0], sigma(*PACE), 14_000) for n in length], axis=0)
    return quantile(np.convolve(writing, first_word()), share)


def held_first_word(share: float = 0.95) -> float:
    """This percentile until the first words of a held sentence, in milliseconds, writing slow independently of the steps."""
    rest = cells((SENTENCE_TOKENS - 1) * PACE[0], sigma(*PACE), 2_500)
    return quantile(np.convolve(first_word(), rest), share) + CHECK_MS


def cut_by(cap: float) -> float:
    """Share of the answers that would be longer than the cap."""
    return 1 - NORMAL.cdf(math.log(cap / LENGTH[0]) / sigma(*LENGTH))


def cut_a_day(cap: float) -> float:
    """Answers a day that would be longer than the cap."""
    return cut_by(cap) * llm.answers_a_day()


@cache
def mean_whole() -> float:
    """Seconds of a mean answer from question to last token: first word and mean length times mean pace."""
    first = float(np.arange(first_word().size) @ first_word())
    tokens, pace = (m * math.exp(sigma(m, p) ** 2 / 2) for m, p in (LENGTH, PACE))
    return (first + (tokens - 1) * pace) / 1_000


# Capacity and money


def in_flight(volume: float = 1.0) -> float:
    """Answers being made at once in the busiest minute: Little's law, rate × time."""
    return volume * lifecycle.peak_questions() * mean_whole()


def in_flight_at_most(share: float = 0.999) -> int:
    """Answers at once that are not exceeded in this share of moments of the busiest minute, if questions come at random."""
    mean, below, count = in_flight(), 0.0, -1
    while below < share:
        count += 1
        below += math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
    return count


def tokens_a_second(kind: str) -> float:
    """Tokens read or written a second in the busiest minute."""
    return lifecycle.peak_questions() * {"in": assistant.input_tokens, "out": assistant.answer_tokens}[kind]


def priced(tokens: tuple[int, int]) -> float:
    """Dollars of so many tokens in and out."""
    return (tokens[0] * assistant.input_price + tokens[1] * assistant.output_price) / 1e6


def invoice() -> float:
    """Dollars of one question: answer, search, rewrite for follow-ups, a check for each answer given."""
    answered = llm.rates().correct_when_answered.total / GOLDEN
    return assistant.answer_cost + HISTORY * priced(REWRITE) + answered * priced(CHECK)


def invoice_a_day() -> float:
    """Dollars a day of all calls."""
    return invoice() * assistant.questions_per_day


def cache_saves() -> float:
    """Dollars a day off the tokens of the instructions when nearly every question reads them from the cache."""
    return lifecycle.prefix_saving() * (1 - CACHE_READ)


def cache_ms() -> float:
    """Milliseconds of reading that a cached prefix spares."""
    return 1_000 * assistant.system_tokens / READ_RATE


# Evaluation and watching


def release_passes(worse: float = 0.01) -> float:
    """Chance that a release worse by this share of all golden questions passes the gate of changed verdicts."""
    changed = round(GOLDEN * lifecycle.DISAGREE)
    share = 0.5 + worse * GOLDEN / (2 * changed)
    return sum(math.comb(changed, k) * share**k * (1 - share) ** (changed - k) for k in range(lifecycle.SPLIT))


def days_for_golden() -> float:
    """Days of grading for both versions' replies to the golden questions that show one point."""
    return 2 * lifecycle.golden_questions() / assistant.graded_per_day


def per_language() -> float:
    """Golden questions of a mean language."""
    return GOLDEN / assistant.languages


def rating(right: bool) -> float:
    """Share of right or wrong answers that get a thumb, so that all together get the case's share."""
    accuracy = llm.candidate().accuracy
    base = assistant.feedback_rate / (accuracy + RATES_IF_WRONG * (1 - accuracy))
    return base if right else RATES_IF_WRONG * base


def thumbs_down(if_wrong: float = DOWN_IF_WRONG) -> float:
    """Share of thumbs that point down, when this share of the thumbs on wrong answers does."""
    accuracy = llm.candidate().accuracy
    down = accuracy * rating(True) * DOWN_IF_RIGHT + (1 - accuracy) * rating(False) * if_wrong
    return down / assistant.feedback_rate


def last_gate_a_day() -> float:
    """Dollars a day to let the last release search, read and decide on every question as well, without writing."""
    return assistant.questions_per_day * (assistant.input_tokens * assistant.input_price / 1e6 + assistant.search_cost)


def an_hour() -> float:
    """Questions in a mean hour."""
    return assistant.questions_per_day / 24


def visible_handovers(hours: float = 1.0, z: float = 4.0) -> float:
    """Points by which the answered share must move to stand z standard deviations out after so many mean hours."""
    share = llm.candidate().answered / GOLDEN
    return 100 * z * math.sqrt(share * (1 - share) / (hours * an_hour()))


def visible_graded(days: float = 1.0, z: float = 3.0) -> float:
    """Points by which the wrong share of answers must rise to stand z standard deviations out in people's grades."""
    wrong = 1 - llm.candidate().accuracy
    return 100 * z * math.sqrt(wrong * (1 - wrong) / (days * assistant.graded_per_day))


def unseen_cost(days: float = 7.0) -> float:
    """Dollars a day of a rise in wrong answers that so many days of grades just show."""
    return visible_graded(days) / 100 * llm.answers_a_day() * assistant.wrong_answer_cost


def design_wrong() -> tuple[float, float]:
    """Answers a day under the last policy, those after asking back included, and the share of them that is wrong."""
    today = day("two gates, asking")
    return today.right + today.wrong, today.wrong / (today.right + today.wrong)


def visible_by_design(days: float = 7.0, z: float = 3.0) -> float:
    """Points by which the wrong share must rise under the last policy to show in so many days of grades."""
    _, wrong = design_wrong()
    return 100 * z * math.sqrt(wrong * (1 - wrong) / (days * assistant.graded_per_day))


def unseen_by_design() -> float:
    """Dollars a day of a rise that a week of grades just shows under the last policy, in its mix of kinds."""
    return visible_by_design() / 100 * design_wrong()[0] * day("two gates, asking").mean_wrong


def visible_flagged(hours: float = 1.0, z: float = 4.0) -> float:
    """Points of truly unsupported answers that the judge's flags show after so many mean hours, the judge unchanged."""
    flagged = llm.flagged_at_check()
    return 100 * z * math.sqrt(flagged * (1 - flagged) / (hours * llm.answers_a_day() / 24)) / llm.dilution()


def filter_flags() -> tuple[float, float]:
    """Attacks caught and other questions flagged by the input filter in a day."""
    attacks = assistant.attacks_per_day
    return GATE_CATCHES * attacks, GATE_FALSE * (assistant.questions_per_day - attacks)


def filter_precision() -> float:
    """Share of the input filter's flags that are attacks."""
    caught, false = filter_flags()
    return caught / (caught + false)


def attacks_passed() -> float:
    """Attacks a day that the input filter lets through."""
    return assistant.attacks_per_day - filter_flags()[0]


# Other worlds


def right_needed(volume: float = 1.0, agents: float = 1.0) -> float:
    """Share of all questions that must be answered right so that the agents can take the rest, both multiplied."""
    return 1 - agents * assistant.handover_capacity / (volume * assistant.questions_per_day)


def agents_for(volume: float = 1.0) -> float:
    """Agents for the last policy's load at this many times the traffic."""
    return volume * day("two gates, asking").load * assistant.handover_minutes / assistant.agent_minutes
