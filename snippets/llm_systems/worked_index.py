"""The Assistant week by week, and where its right answers are lost. Serves docs/chapters/llm-systems/index.md.

Constants in capitals are given on the page or in a prompt's brief; the rest follows from the golden set of the metrics chapter
and the policies of the support design.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

from snippets.cases import assistant
from snippets.framing.worked import SEARCH_BOX
from snippets.lifecycle.worked import ENGINEER_HOUR
from snippets.metrics import worked_llm as llm
from snippets.metrics.uncertainty import Interval, mcnemar, wilson_interval, z_score
from snippets.systems import support_rag as rag

NORMAL = NormalDist()

# Given on the page
LABELED, ANSWERABLE = 300, 255  # the first questions drawn from the queue: labeled, of which the help center answers
ENOUGH_FOUND = 236  # of the answerable ones, whose passage must be among the six to go on
CODES_BY_VECTORS = 0.4  # share of the error codes whose passage vectors alone find
ENGINEERS, WEEK_HOURS = 2, 40.0
ARTICLE_HOURS, NEW_ARTICLES = 4.0, 20  # an editor's hours for an article; articles written in the first round
ARTICLES_COVER = 0.2  # share of the unanswerable questions that those articles answer
CANARY_SHARE, NEXT_SHARE = 0.05, 0.25  # of customers, in week five and after it
GRADE_MINUTES = 2.0  # an agent's minutes for one grade, as on the page on evaluation


# From search box to product


class State(NamedTuple):
    """The product at some point: questions a day answered right and wrong, dollars a question."""

    right: float
    wrong: float
    per_question: float

    @property
    def load(self) -> float:
        """Questions a day that need an agent: all but the right answers."""
        return assistant.questions_per_day - self.right


def recall_by_vectors() -> float:
    """Recall of the six passages when vectors search alone: error codes at the given share, the rest as measured."""
    found = llm.found().hits - llm.found("error codes").hits + CODES_BY_VECTORS * llm.found("error codes").total
    return found / llm.found().total


def shares_at(recall: float) -> tuple[float, float]:
    """Right and wrong answers of all questions at the prototype's gate and this recall, each cell behaving as measured."""
    wrong_found, _ = rag.read_failures()
    wrong = recall * wrong_found / llm.found().hits + (1 - recall) * rag.MISSED_WRONG / llm.missed()
    reckless = (1 - assistant.answerable_rate) * llm.rates().reckless_answers.share
    return rag.right_at(recall), assistant.answerable_rate * wrong + reckless


def at_gate(recall: float) -> State:
    """The product with the prototype's gate at this recall."""
    right, wrong = shares_at(recall)
    cost = wrong * assistant.wrong_answer_cost + (1 - right - wrong) * assistant.handover_cost + assistant.answer_cost
    return State(right * assistant.questions_per_day, wrong * assistant.questions_per_day, cost)


def policy(name: str) -> State:
    """One of the support design's policies as a state."""
    at = rag.day(name)
    return State(at.right, at.wrong, at.per_question)


@cache
def state(name: str) -> State:
    """The product after a step: search box, vectors, words, gates; and "everything", the finished reader without its gate."""
    if name == "search box":
        return State(SEARCH_BOX * assistant.questions_per_day, 0.0, (1 - SEARCH_BOX) * assistant.handover_cost)
    if name == "vectors":
        return at_gate(recall_by_vectors())
    if name == "words":
        return at_gate(llm.found().share)
    return policy({"gates": "two gates, asking", "everything": "everything"}[name])


def gained(name: str, before: str) -> float:
    """Right answers a day that a step adds."""
    return state(name).right - state(before).right


def saved(name: str, before: str) -> float:
    """Dollars a day that a step saves, for all of a day's questions."""
    return assistant.questions_per_day * (state(before).per_question - state(name).per_question)


def engineer_week() -> float:
    """Dollars for one engineer and week."""
    return WEEK_HOURS * ENGINEER_HOUR


WORK = {"vectors": 4.0, "words": 1.0, "gates": 2.0}  # engineer-weeks of each step, given


def work(name: str) -> float:
    """Dollars of work for a step: engineers; for the articles, editors at an agent's wage; for the gates, the grades as well."""
    if name == "articles":
        return NEW_ARTICLES * ARTICLE_HOURS * assistant.agent_hour
    return WORK[name] * engineer_week() + (grading() if name == "gates" else 0.0)


def grading(grades: float = rag.GOLDEN) -> float:
    """Dollars for so many grades."""
    return grades * GRADE_MINUTES / 60 * assistant.agent_hour


def waiting(name: str, before: str, share: float = 1.0) -> float:
    """Dollars that a week's delay of a step costs at a share of the traffic, over both engineers' wages for that week."""
    return 7 * share * saved(name, before) / (ENGINEERS * engineer_week())


def articles_points() -> float:
    """Points of all questions that the first round of articles makes answerable."""
    return 100 * ARTICLES_COVER * (1 - assistant.answerable_rate)


def articles_right() -> float:
    """Right answers a day from those articles, read as others are, under the last policy."""
    share = rag.right_at(llm.found().share) / assistant.answerable_rate * rag.kept_by_design()
    return articles_points() / 100 * assistant.questions_per_day * share


def articles_saved(worst: bool = False) -> float:
    """Dollars a day from those articles at the prototype's gate; at worst the gate handed all those questions over."""
    return articles_points() * (rag.article_point_at_worst() if worst else rag.worth_of_point("articles"))


def per_dollar(name: str, before: str = "") -> float:
    """Right answers a day for a dollar of work."""
    return (articles_right() if name == "articles" else gained(name, before)) / work(name)


# What stops a week


def answerable_interval() -> Interval:
    """95 % interval of the answerable share after the first day of labels."""
    return wilson_interval(ANSWERABLE, LABELED)


def goes_on(recall: float) -> float:
    """Chance that at least the required number of needed passages is found, at this true recall."""
    n = ANSWERABLE
    return sum(math.comb(n, k) * recall**k * (1 - recall) ** (n - k) for k in range(ENOUGH_FOUND, n + 1))


def canary_questions(share: float, days: float) -> float:
    """Questions that a share of the traffic brings in so many days."""
    return share * days * assistant.questions_per_day


def load_half_width(name: str, share: float = CANARY_SHARE, days: float = 7.0) -> float:
    """Points of all questions by which a canary knows the share that ends with an agent, 95 %, questions independent."""
    load = state(name).load / assistant.questions_per_day
    return 100 * z_score(0.95) * math.sqrt(load * (1 - load) / canary_questions(share, days))


def load_passes(name: str, share: float = CANARY_SHARE, days: float = 7.0, golden: bool = False) -> float:
    """Chance that the whole interval lies below what the agents can take, if the golden set's share is the truth.

    With `golden`, the truth itself is only known as the golden set knows it.
    """
    load = state(name).load / assistant.questions_per_day
    room = 1 - llm.success_for_staffing() - load
    reach = load_half_width(name, share, days) / 100
    variance = (reach / z_score(0.95)) ** 2 + (load * (1 - load) / llm.questions() if golden else 0.0)
    return NORMAL.cdf((room - reach) / math.sqrt(variance))


def golden_reach(name: str) -> float:
    """Points by which a thousand grades know the share that ends with an agent, 95 % (normal)."""
    load = state(name).load / assistant.questions_per_day
    return 100 * z_score(0.95) * math.sqrt(load * (1 - load) / llm.questions())


ALARM = 0.28  # share of a day's canary questions ending with an agent that stops growth


def rings(line: float, load: float) -> float:
    """Chance that a day of the canary shows more than this share at an agent when the true share is `load`."""
    return NORMAL.cdf((load - line) / math.sqrt(load * (1 - load) / canary_questions(CANARY_SHARE, 1)))


def question_cost(answerable: bool) -> float:
    """Dollars of a question at the prototype's gate that somebody wrote down, or that nobody did, without tokens."""
    return rag.answerable_cost() if answerable else rag.unanswerable_cost()


def answerable_that_pays() -> float:
    """Share of questions written down from which the prototype costs less than the search box."""
    nobody, somebody = question_cost(False), question_cost(True)
    return (nobody + assistant.answer_cost - state("search box").per_question) / (nobody - somebody)


def labels_for(share: float, below: bool = False) -> int:
    """Answerable of the first labels from which the interval lies above this share, or up to which it lies below."""
    if below:
        return max(k for k in range(LABELED + 1) if wilson_interval(k, LABELED).high < share)
    return min(k for k in range(LABELED + 1) if wilson_interval(k, LABELED).low > share)


def answerable_for_queue() -> float:
    """Share that must be written down so that the agents can take the rest, read as the prototype reads."""
    return llm.success_for_staffing() * assistant.answerable_rate / llm.success().share


def points_in_dollars(link: str, points: float) -> float:
    """Dollars a day of so many points of articles or of recall."""
    return points * rag.worth_of_point(link)


# The error budget


def lost(where: str) -> int:
    """Of the golden set, right answers lost: to articles, to retrieval by the oracle, to reading and gate by the rest."""
    return {
        "articles": llm.questions() - llm.oracle().total,
        "retrieval": llm.lost_to_retrieval(),
        "reading and gate": llm.lost_to_generation(),
    }[where]


def lost_to_gate() -> int:
    """Right answers that the gate hands over: those of answering everything beyond the prototype's."""
    return llm.at_threshold(0.0).right - llm.success().hits


def retrieval_share() -> float:
    """Share of the right answers lost that retrieval loses."""
    return lost("retrieval") / (llm.questions() - llm.success().hits)


def dollars(where: str) -> float:
    """Dollars a day of handovers and wrong answers among questions without article, with a missed passage, with a found one."""
    wrong, handed = {
        "articles": (llm.cell(answerable=False, answered=True), llm.cell(answerable=False, answered=False)),
        "retrieval": (rag.MISSED_WRONG, llm.missed() - llm.RIGHT_WITHOUT_PASSAGE - rag.MISSED_WRONG),
        "reading and gate": rag.read_failures(),
    }[where]
    return llm.a_day(wrong * assistant.wrong_answer_cost + handed * assistant.handover_cost)


def dollars_share(where: str) -> float:
    """Share of the day's failure dollars in that row."""
    return dollars(where) / sum(dollars(row) for row in ("articles", "retrieval", "reading and gate"))


def alone(link: str, target: float = 0.80) -> float:
    """Value one link of the chain needs for this share of right answers, the others as measured; above 1 it can't."""
    answerable, found, read = assistant.answerable_rate, llm.found().share, llm.right_with_passage().share
    lucky = llm.right_without_passage().share
    return {
        "articles": target / (found * read + (1 - found) * lucky),
        "retrieval": rag.recall_needed(target),
        "reading": (target / answerable - (1 - found) * lucky) / found,
    }[link]


def missing(link: str, target: float = 0.80) -> float:
    """Points by which one link alone would have to rise for this share of right answers."""
    now = {
        "articles": assistant.answerable_rate,
        "retrieval": llm.found().share,
        "reading": llm.right_with_passage().share,
    }
    return 100 * (alone(link, target) - now[link])


def luck() -> float:
    """Points of all questions answered right without their passage."""
    return 100 * llm.RIGHT_WITHOUT_PASSAGE / llm.questions()


def no_misses() -> float:
    """Right answers of all questions if no passage were missed and all were read as found ones are."""
    return rag.right_at(1.0)


def no_misses_gain() -> float:
    """Points of right answers that such a retriever would add."""
    return 100 * (no_misses() - llm.success().share)


def articles_instead() -> float:
    """Points of articles that add as many right answers."""
    return missing("articles", no_misses())


def recall_gain(low: float = 0.94, high: float = 0.97) -> float:
    """Points of right answers between two values of recall."""
    return 100 * (rag.right_at(high) - rag.right_at(low))


def grades_reach() -> float:
    """Points by which a thousand grades know the share of right answers, either way."""
    return 100 * llm.half_width(llm.success().share, llm.questions())


def places_known() -> float:
    """Agents' places a day by which a thousand grades know the load, either way."""
    return grades_reach() / 100 * assistant.questions_per_day


# Prompt: hallucination, latency, cost

DEARER_PRICE, DEARER_MS = (
    10.0,
    300.0,
)  # price of the dearer model's tokens over today's, milliseconds it adds before the first word
DEARER_WON, DEARER_LOST = 6, 2  # of the golden set: wrong answers it alone turns right, right ones it alone turns wrong


def lexical_right() -> float:
    """Right answers a day more if every error code's passage still missed is found and read as others are."""
    gain = llm.right_with_passage().share - llm.right_without_passage().share
    return llm.a_day(llm.missed("error codes") * gain)


def lexical_wrong() -> float:
    """Wrong answers a day fewer then."""
    wrong, _ = rag.read_failures()
    return llm.a_day(llm.missed("error codes") * (rag.MISSED_WRONG / llm.missed() - wrong / llm.found().hits))


def gate_right(gate: float = 0.6) -> float:
    """Right answers a day that this gate instead of 0.5 hands over."""
    return llm.a_day(llm.at_threshold(0.5).right - llm.at_threshold(gate).right)


def gate_wrong(gate: float = 0.6) -> float:
    """Wrong answers a day that this gate instead of 0.5 avoids."""
    return llm.a_day(llm.at_threshold(0.5).wrong - llm.at_threshold(gate).wrong)


def slack_after_both(gate: float = 0.6) -> float:
    """Places that agents keep after the code table and the higher gate, if neither changes what the other does."""
    return llm.slack(0.5) + lexical_right() - gate_right(gate)


FLAGS, FALSE_FLAGS = 0.80, 0.05  # of unsupported answers, of the others: what the judge flags


def blocked(right: bool) -> float:
    """Right or wrong answers a day that a judge flags, by the brief's cells, when whatever it flags goes to an agent."""
    unsupported = llm.cell(answered=True, correct=right, grounded=False)
    supported = llm.cell(answered=True, correct=right, grounded=True)
    return llm.a_day(FLAGS * unsupported + FALSE_FLAGS * supported)


def blocked_gain() -> float:
    """Dollars a day of blocking, nobody waiting: wrong answers become handovers, and so do right ones."""
    saved_each = assistant.wrong_answer_cost - assistant.handover_cost
    return blocked(False) * saved_each - blocked(True) * assistant.handover_cost


def dearer_tokens() -> float:
    """Dollars a day more for the dearer model's tokens."""
    tokens = assistant.answer_cost - assistant.search_cost
    return (DEARER_PRICE - 1) * tokens * assistant.questions_per_day


def dearer_gain() -> float:
    """Dollars a day of the wrong answers it avoids, net of those it adds."""
    return llm.a_day(DEARER_WON - DEARER_LOST) * assistant.wrong_answer_cost


def dearer_p() -> float:
    """Mid-p value of the paired difference."""
    return mcnemar(DEARER_WON, DEARER_LOST)


def dearer_questions() -> float:
    """Questions that bring enough changed verdicts to show the counted share of wins with 80 % power, two-sided 5 %."""
    changed = DEARER_WON + DEARER_LOST
    share = DEARER_WON / changed
    z = z_score(0.95) * 0.5 + NORMAL.inv_cdf(0.8) * math.sqrt(share * (1 - share))
    return math.ceil((z / (share - 0.5)) ** 2) * llm.questions() / changed


# Prompt: from demo to pilot

DEMO, DEMO_RIGHT = 100, 82
PILOT, PILOT_RIGHT = 500, 320
PILOT_UNANSWERABLE, PILOT_CODES, PILOT_CODES_RIGHT = 75, 65, 30  # of the pilot's questions; error codes are answerable


def own_questions_on_traffic() -> float:
    """The demo's share over all questions, if it answered the answerable ones as well as its own."""
    return DEMO_RIGHT / DEMO * (1 - PILOT_UNANSWERABLE / PILOT)


def own_questions_interval() -> Interval:
    """95 % interval of that share: the demo's own interval times the answerable share."""
    low, high = wilson_interval(DEMO_RIGHT, DEMO)
    answerable = 1 - PILOT_UNANSWERABLE / PILOT
    return Interval(low * answerable, high * answerable)


def pilot_answerable() -> float:
    """Right of the answerable questions in the pilot."""
    return PILOT_RIGHT / (PILOT - PILOT_UNANSWERABLE)


def pilot_codes() -> float:
    """Right of the pilot's error codes."""
    return PILOT_CODES_RIGHT / PILOT_CODES


def pilot_without_codes() -> float:
    """Right of the answerable questions in the pilot that are no error codes."""
    return (PILOT_RIGHT - PILOT_CODES_RIGHT) / (PILOT - PILOT_UNANSWERABLE - PILOT_CODES)


def explained(cause: str) -> float:
    """Points of the drop from demo to pilot: by the denominator, by error codes, the rest."""
    drop = 100 * (DEMO_RIGHT / DEMO - PILOT_RIGHT / PILOT)
    denominator = 100 * (DEMO_RIGHT / DEMO - own_questions_on_traffic())
    codes = 100 * (pilot_without_codes() - pilot_codes()) * PILOT_CODES / PILOT
    return {"drop": drop, "denominator": denominator, "codes": codes, "rest": drop - denominator - codes}[cause]


# Prompt: an agent, or a search box

PLAN_AGENT, PLAN_SEARCH = 26.0, 3.0  # engineer-weeks of the two proposals
BETTER_SEARCH = 0.42  # share of all questions the mended search box settles in its test
TESTED = 2_000  # questions of that test
LOOPS = 3.0  # model calls of the agent for one question
AGENT_RIGHT, AGENT_WRONG = 0.66, 0.24  # of all questions in its demonstration, which answered nine in ten


def agent_cost() -> float:
    """Dollars a question of the demonstrated agent: its failures and its calls."""
    handed = 1 - AGENT_RIGHT - AGENT_WRONG
    return AGENT_WRONG * assistant.wrong_answer_cost + handed * assistant.handover_cost + LOOPS * assistant.answer_cost


def search_cost(share: float = BETTER_SEARCH) -> float:
    """Dollars a question of a search box that settles this share."""
    return (1 - share) * assistant.handover_cost


def search_saves() -> float:
    """Dollars a day of the mended search box over the one that settles what it settles today."""
    return assistant.questions_per_day * (BETTER_SEARCH - SEARCH_BOX) * assistant.handover_cost


def agent_wrong_allowed() -> float:
    """Share of wrong answers at which the agent costs what the mended search box costs, answering as many."""
    answered = AGENT_RIGHT + AGENT_WRONG
    rest = (1 - answered) * assistant.handover_cost + LOOPS * assistant.answer_cost
    return (search_cost() - rest) / assistant.wrong_answer_cost


def search_interval() -> Interval:
    """95 % interval of the share that the mended search box settles."""
    return wilson_interval(round(BETTER_SEARCH * TESTED), TESTED)
