"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/llm-systems/generation.md.

Premises that only this page uses are constants in capitals, said as given there; all else is derived from them, from
`snippets.cases` and from the graded thousand of `snippets.metrics.worked_llm`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import numpy as np

from snippets.cases import assistant
from snippets.lifecycle.worked import peak_questions
from snippets.llm_systems.citing import D, Sentence, citation_faults, quantities
from snippets.llm_systems.loop import Budget, Event, Tool, Turn, run_agent
from snippets.llm_systems.packing import Packed, Passage, overlap, pack
from snippets.llm_systems.sampler import token_distribution
from snippets.llm_systems.selective import Policy, risk_coverage
from snippets.metrics.worked_llm import CONFIDENCE, at_threshold, slack
from snippets.systems.support_rag import CHECK_MS, PACE, SENTENCE_TOKENS, held_first_word, sentences

# One question, from passages to a checked answer

LABEL = "The label is in the app under Orders."
SPANS = {
    "returns#2@7": f"Plus members can return opened headphones within 60 days of delivery. {LABEL}",
    "returns#1@7": f"Basic members can return opened headphones within 30 days of delivery. {LABEL}",
    "fees#1@3": "We take an opened item back less a fee of $40.",
    "timing#1@12": "The refund is on the card you paid with 5 to 10 business days after we have the item.",
    "faq#9@2": "The refund is on the card you paid with 5 to 10 business days after we have the item back.",
    "fee-table@2": "Fees by country, item and plan.",
    "warranty#3@5": "A defect within 24 months is a warranty claim.",
    "labels#2@4": "A lost label is printed again in the app.",
}
SCORES = (0.93, 0.91, 0.88, 0.86, 0.85, 0.84, 0.55, 0.41)  # the reranker's, given
TABLE_TOKENS = 900  # the fee table; the others are passages of the case


def shelf() -> list[Passage]:
    """What retrieval returned for the worked question."""
    sizes = [TABLE_TOKENS if name == "fee-table@2" else assistant.chunk_tokens for name in SPANS]
    return [Passage(i, t, n, s) for (i, t), n, s in zip(SPANS.items(), sizes, SCORES, strict=True)]


def passage_budget(history: int = assistant.question_tokens) -> int:
    """Tokens left for passages: all of the prompt's, less instructions, less question and history."""
    return assistant.input_tokens - assistant.system_tokens - history


def packed(history: int = assistant.question_tokens) -> Packed:
    """What of the worked question's passages goes into the prompt, in which order."""
    return pack(shelf(), passage_budget(history))


# --8<-- [start:draft]
DRAFT = [
    Sentence("returns#2@7", "With Plus you can return opened headphones within 60 days."),
    Sentence("fees#1@3", "We keep a fee of $40."),
    Sentence("timing#1@12", "Your money is back within 5 business days."),
    Sentence(None, "Sorry for the trouble!"),
]
# --8<-- [end:draft]
REPAIRED = [*DRAFT[:2], Sentence("timing#1@12", "Your money is back 5 to 10 business days after we have the item.")]


def demo_question() -> None:
    """Pack, check the draft, check its repair."""
    order = packed().order
    print("prompt:", *order[:3])
    print("       ", *order[3:])
    for name, why in packed().left_out.items():
        print(f"out: {name}, {why}")
    shown = {name: SPANS[name] for name in packed().order}
    for position, why in citation_faults(DRAFT, shown):
        print(f"sentence {position + 1}: {why}")
    print("repaired:", citation_faults(REPAIRED, shown) or "passes")


def plans_overlap() -> float:
    """Share of word pairs that the two plans' return rules have in common, the shorter text's."""
    return overlap(SPANS["returns#2@7"], SPANS["returns#1@7"])


# Context: history

TURN_TOKENS = 60  # a customer's message, given


def history_tokens(turns: int) -> int:
    """Tokens of history before the next turn when so many turns are kept whole."""
    return turns * (TURN_TOKENS + assistant.answer_tokens)


LONG_HISTORY = history_tokens(4) + TURN_TOKENS  # tokens of question and history in the fifth turn


def passages_beside(turns: int) -> int:
    """Passages of the usual length that fit beside so many whole turns and the next message."""
    return max(0, passage_budget(history_tokens(turns) + TURN_TOKENS)) // assistant.chunk_tokens


# Versions: a language nobody tested

SMALL_SHARE = 0.02  # of questions, in the smallest language: given
BROKEN = 0.25  # share of its answers that a prompt change breaks: given
GOLDEN = 1_000  # questions graded


def small_questions() -> float:
    """Questions of the smallest language among a random thousand."""
    return GOLDEN * SMALL_SHARE


def overall_loss() -> float:
    """Points that the overall share of right answers loses when a quarter of a 2 % language breaks."""
    return 100 * SMALL_SHARE * BROKEN


def chance_grades_see_it(questions: int = 20) -> float:
    """Chance that paired grades of so many questions show it at 5 %, one-sided: five lost and none won, or more lost.

    Nothing is won back, so each lost question is a discordant pair and five of five are needed: 1/32 is below 5 %.
    """
    fewer = sum(math.comb(questions, k) * BROKEN**k * (1 - BROKEN) ** (questions - k) for k in range(5))
    return 1 - fewer


def replays_to_see_it(chance: float = 0.99) -> int:
    """Replays of that language so that a check of the answer's language meets a broken one with this chance."""
    return math.ceil(math.log(1 - chance) / math.log(1 - BROKEN))


CHECKS = 5  # language, spans, refusals, length, schema


def rings(level: float) -> float:
    """Chance that a harmless change rings at least once when each check in each language rings at this level, independently."""
    return 1 - (1 - level) ** (CHECKS * assistant.languages)


def broken_a_day() -> float:
    """Answers a day in the wrong language."""
    return assistant.questions_per_day * SMALL_SHARE * BROKEN


def broken_cost(days: int = 1) -> float:
    """Dollars when each of them is a handover after all, without goodwill: the customer sees it at once."""
    return broken_a_day() * days * assistant.handover_cost


REPLAYS = 200  # logged questions replayed in each language: given
GRADED_EACH = 150  # questions graded in each language, by the first proposal: given


def replay_cost() -> float:
    """Dollars of tokens to replay so many questions of every language once."""
    return assistant.languages * REPLAYS * generation_cost()


def grading_days() -> float:
    """Days of all graders for the first proposal."""
    return assistant.languages * GRADED_EACH / assistant.graded_per_day


# Structured output

INVALID = 0.02  # share of outputs that fail the schema
SAME_AGAIN = 0.5  # chance that a question that failed fails again: given, as measured on logged retries


def invalid_a_day() -> float:
    """Outputs a day that fail the schema."""
    return assistant.questions_per_day * INVALID


def generation_cost() -> float:
    """Dollars of tokens for one more generation, without search."""
    return assistant.answer_cost - assistant.search_cost


def left_after(retries: int, again: float = INVALID) -> float:
    """Questions a day still invalid after so many retries, when a failed one fails again with this chance."""
    return invalid_a_day() * again**retries


def retry_tokens_cost(retries: int, again: float = INVALID) -> float:
    """Dollars a day of tokens for up to so many retries."""
    return generation_cost() * sum(left_after(r, again) for r in range(retries))


def residue_cost(retries: int, again: float = INVALID) -> float:
    """Dollars a day of handing over what is still invalid."""
    return left_after(retries, again) * assistant.handover_cost


# Two ids the prompt may cite, and how the unconstrained model would finish each: [1 wants to become [12.
CITE_FIRST = {"[1": 0.8, "[3": 0.2}
CITE_CLOSE = {"[1": 0.05, "[3": 0.9}


def masked_share() -> float:
    """How often a step-by-step mask cites [1]: it may begin that way, and then has no other way to end."""
    return CITE_FIRST["[1"] / sum(CITE_FIRST.values())


def conditional_share() -> float:
    """How often the model itself cites [1] among its valid outputs: what drawing until valid gives."""
    valid = {start: CITE_FIRST[start] * CITE_CLOSE[start] for start in CITE_FIRST}
    return valid["[1"] / sum(valid.values())


def valid_unconstrained() -> float:
    """Share of the model's own outputs that are valid in that example."""
    return sum(CITE_FIRST[start] * CITE_CLOSE[start] for start in CITE_FIRST)


# Citations: planted faults


class Planted(NamedTuple):
    """A sentence about a span, and whether it may be shown."""

    name: str
    text: str
    right: bool = False


PLANTED_SPAN = (
    "Opened items can be returned within 30 days less a fee of $40. The refund arrives within 5 to 10 business days."
)
PLANTED = (
    Planted("amount changed", "We keep a fee of $45."),
    Planted("digit lost", "We keep a fee of $4."),
    Planted("range cut", "The refund arrives within 5 business days."),
    Planted("unit changed", "You can return it within 30 business days."),
    Planted("number of another fact", "The refund arrives within 30 days."),
    Planted("number in words", "You can return it within sixty days."),
    Planted("claim without a number", "Returning it costs nothing."),
    Planted("negation", "Opened items can't be returned, not even within 30 days."),
    Planted("right, of another plan", "You can return it within 30 days."),
    Planted("RIGHT, reworded unit", "You can return it within 30 calendar days.", right=True),
    Planted("RIGHT, local format", "We keep a fee of 40,00 $.", right=True),
)


def stopped_by(text: str, span: str = PLANTED_SPAN) -> tuple[bool, bool, bool]:
    """Whether a sentence is stopped by: its digits anywhere in the span, whole numbers, numbers with unit and range."""
    numbers = re.findall(D, text)
    anywhere = any(number not in span for number in numbers)
    whole = not set(numbers) <= set(re.findall(D, span))
    return anywhere, whole, not quantities(text) <= quantities(span)


def demo_planted() -> None:
    """Ten planted sentences against three checks."""
    print(f"{'planted':<24}{'digits':<9}{'number':<9}with unit")
    for name, text, _ in PLANTED:
        verdicts = ["stopped" if stop else "passes" for stop in stopped_by(text)]
        print(f"{name:<24}{verdicts[0]:<9}{verdicts[1]:<9}{verdicts[2]}")


def held_seconds() -> float:
    """Seconds by which holding one sentence until its last token delays it, at the median pace of the design."""
    return (SENTENCE_TOKENS - 1) * PACE[0] / 1_000


def first_words_held() -> float:
    """The p95 of the design's first words, in milliseconds, when a sentence is held for this check, which takes no model."""
    return held_first_word() - CHECK_MS


def answers_with_an_alarm(alarm: float = 0.01) -> float:
    """Share of right answers in which a check of sentences rings, when it errs on this share of them, independently."""
    return float(1 - (1 - alarm) ** sentences())


def planted_stopped(check: int, right: bool = False) -> int:
    """How many planted sentences, wrong ones or right ones, the check with this number stops."""
    return sum(stopped_by(p.text)[check] for p in PLANTED if p.right == right)


# Abstention


@cache
def curve() -> tuple[Policy, ...]:
    """Risk over coverage on the graded thousand, by the confidence bins."""
    wrong, confidence = [], []
    for b in CONFIDENCE:
        wrong += [0] * b.right + [1] * (b.size - b.right)
        confidence += [b.low] * b.size
    return tuple(risk_coverage(wrong, confidence))


def policy(threshold: float) -> Policy:
    """The point of the curve at a threshold."""
    return next(p for p in curve() if math.isclose(p.threshold, threshold))


def worth_of_perfect_order(threshold: float) -> float:
    """Dollars a day if the same right answers were given and every wrong one handed over: the most a better score can earn."""
    saved = at_threshold(threshold).wrong * (assistant.wrong_answer_cost - assistant.handover_cost)
    return saved * assistant.questions_per_day / sum(b.size for b in CONFIDENCE)


def right_below(threshold: float) -> int:
    """Right answers of a thousand that a threshold hands over."""
    return at_threshold(0.0).right - at_threshold(threshold).right


def worth_of_perfect_confidence(threshold: float) -> float:
    """Dollars a day of a confidence that answers what would be right and nothing else, against this threshold."""
    saved = right_below(threshold) * assistant.handover_cost * assistant.questions_per_day
    return worth_of_perfect_order(threshold) + saved / sum(b.size for b in CONFIDENCE)


def minutes_until_full(threshold: float = 0.6) -> float:
    """Minutes of handing everything over, at the peak, until the agents' free places of a day are gone."""
    return slack(threshold) / (60 * peak_questions())


def wrong_a_day(threshold: float) -> float:
    """Wrong answers a day at a threshold."""
    return at_threshold(threshold).wrong * assistant.questions_per_day / sum(b.size for b in CONFIDENCE)


def right_lost(threshold: float, instead_of: float) -> int:
    """Right answers of a thousand given up by a stricter threshold."""
    return at_threshold(instead_of).right - at_threshold(threshold).right


def wrong_avoided(threshold: float, instead_of: float) -> int:
    """Wrong answers of a thousand avoided by a stricter threshold."""
    return at_threshold(instead_of).wrong - at_threshold(threshold).wrong


# Sampling

VOCABULARY = 1_000
STEEPNESS = 1.5  # logits fall by this for each unit of log rank: given
FLIP = 1 / 5_000  # tokens whose largest logit changes between two runs: given


def nucleus(temperature: float, top_p: float = 0.9) -> int:
    """Tokens that top-p keeps of a thousand whose logits fall with the logarithm of their rank."""
    logits = -STEEPNESS * np.log(np.arange(1, VOCABULARY + 1))
    return int(np.count_nonzero(token_distribution(logits, temperature, top_p=top_p)))


def answers_that_differ(tokens: int = assistant.answer_tokens) -> float:
    """Share of answers in which at least one token flips between two runs at temperature 0, if independent."""
    return 1 - (1 - FLIP) ** tokens


def fixed_set_differs(questions: int = 50) -> float:
    """Answers of a fixed set that differ between two runs, on average."""
    return questions * answers_that_differ()


def sum_by_order() -> tuple[float, float]:
    """The same three numbers added from the left and from the right."""
    return (0.1 + 0.2) + 0.3, 0.1 + (0.2 + 0.3)


def winner_by_order() -> tuple[int, int]:
    """Which token has the largest logit when the rival's is 0.6 and this sum is taken in either order."""
    left, right = (token_distribution([0.6, total], temperature=0) for total in sum_by_order())
    return int(left.argmax()), int(right.argmax())


def greedy_sequence() -> float:
    """Probability of the sequence that greedy decoding picks, when the best first token has no good second one."""
    return 0.55 * 0.4


def best_sequence() -> float:
    """Probability of the likeliest sequence there: the other first token, then its near-certain second."""
    return 0.45 * 0.9


# Agents: chains of steps

STEP_RIGHT = 0.95  # chance that a step is right: given
CATCH = 0.8  # share of wrong steps that a verifier catches: given
FALSE_ALARM = 0.02  # share of right steps that it rejects: given
RETRY_RIGHT = 0.6  # chance that a step is right when the first try was rejected: given, below 0.95 as errors repeat


class Chain(NamedTuple):
    """How a chain of steps ends."""

    right: float
    wrong: float  # silently
    stopped: float  # knowingly, and handed over

    @property
    def cost(self) -> float:
        """Dollars for a task, tokens aside."""
        return self.at(assistant.wrong_answer_cost)

    def at(self, silent: float) -> float:
        """Dollars for a task when a silent error has this price."""
        return self.wrong * silent + self.stopped * assistant.handover_cost


def chain(steps: int, right: float = STEP_RIGHT) -> Chain:
    """A chain without a check: right if all steps are, silently wrong otherwise; steps fail independently."""
    return Chain(right**steps, 1 - right**steps, 0.0)


def verified(steps: int, retry: float = RETRY_RIGHT, right: float = STEP_RIGHT, catch: float = CATCH) -> Chain:
    """A chain with a verifier after each step and one retry; a step rejected twice stops the task.

    A step passes right, passes wrong, or is rejected twice. `retry` is the chance of a right second try.
    """

    def once(chance: float) -> tuple[float, float]:
        return chance * (1 - FALSE_ALARM), (1 - chance) * (1 - catch)

    (good, bad), (good_again, bad_again) = once(right), once(retry)
    rejected = 1 - good - bad
    good, bad = good + rejected * good_again, bad + rejected * bad_again
    all_good, none_stopped = good**steps, (good + bad) ** steps
    return Chain(all_good, none_stopped - all_good, 1 - none_stopped)


def steps_worse_than_people(silent: float = assistant.wrong_answer_cost) -> int:
    """Fewest steps at which an unchecked chain costs more than handing every task over."""
    return next(n for n in range(1, 1_000) if chain(n).at(silent) > assistant.handover_cost)


def verifier_earns(steps: int = 5) -> tuple[float, float]:
    """Dollars a task by which verifying each step pays: for tasks it makes right, and for errors it makes known."""
    bare, checked = chain(steps), verified(steps)
    known = checked.stopped * (assistant.wrong_answer_cost - assistant.handover_cost)
    return (checked.right - bare.right) * assistant.wrong_answer_cost, known


CODE_RIGHT = 0.999  # chance that a step of code is right: given


def workflow(check: bool = False, right: float = STEP_RIGHT, catch: float = CATCH) -> Chain:
    """Five known steps of which a model does two, read the request and write the reply, with or without a check after each.

    Code does the other three, and its failures count as silent.
    """
    model, code = verified(2, right=right, catch=catch) if check else chain(2, right), CODE_RIGHT**3
    return Chain(model.right * code, model.wrong + model.right * (1 - code), model.stopped)


# Budgets

PREFIX = assistant.system_tokens + assistant.question_tokens  # tokens read at each step: instructions, question
CALL_TOKENS, RESULT_TOKENS = 100, 500  # written for a call, read from its result: given
LONG_RESULT = 6_000  # tokens a search tool returns after a change: given
TASKS = 1_000  # tasks a day for the agent: given
LIMIT = 60  # steps: given
FINISHED = {6: 820, 9: 902, 12: 912, 60: 915}  # of 1,000 logged tasks, finished right by this step: given


def run_cost(steps: int, result: int = RESULT_TOKENS) -> float:
    """Dollars of tokens for one task of so many steps when every step reads all earlier calls and results again."""
    read = sum(PREFIX + earlier * (CALL_TOKENS + result) for earlier in range(steps))
    return (read * assistant.input_price + steps * CALL_TOKENS * assistant.output_price) / 1e6


def late_finishes() -> int:
    """Tasks of a thousand that finish right after step 12."""
    return FINISHED[60] - FINISHED[12]


def late_tasks() -> int:
    """Tasks of a thousand still running after step 12."""
    return 1_000 - FINISHED[12]


def late_cost() -> float:
    """Dollars to let those run on to step 60, if all that don't finish right do; the few that finish are charged in full."""
    return late_tasks() * (run_cost(LIMIT) - run_cost(12))


def late_value() -> float:
    """Dollars of handovers saved by the tasks that finish late."""
    return late_finishes() * assistant.handover_cost


def late_pays_until() -> int:
    """Last step up to which running on would pay, if all that finish late had finished by then."""
    return max(n for n in range(12, LIMIT + 1) if late_tasks() * (run_cost(n) - run_cost(12)) <= late_value())


def context_tokens(steps: int, result: int = RESULT_TOKENS) -> int:
    """Tokens that the last of so many steps reads."""
    return PREFIX + (steps - 1) * (CALL_TOKENS + result)


# The prompt on exploded costs

MEDIAN_STEPS = 6
LOOPING = 1 - FINISHED[60] / 1_000  # share of tasks that run to the limit


def bill(result: int = RESULT_TOKENS, looping: float = LOOPING, limit: int = LIMIT) -> float:
    """Dollars of tokens a day: most tasks take six steps, a few run to the limit."""
    return TASKS * ((1 - looping) * run_cost(MEDIAN_STEPS, result) + looping * run_cost(limit, result))


def looping_part(result: int = RESULT_TOKENS, limit: int = LIMIT) -> float:
    """Share of the bill that the looping tasks make."""
    return TASKS * LOOPING * run_cost(limit, result) / bill(result, limit=limit)


def looping_needed() -> float:
    """Share of tasks that would have to run to the limit to explain the new bill with short results."""
    short = run_cost(MEDIAN_STEPS)
    return (bill(LONG_RESULT) / TASKS - short) / (run_cost(LIMIT) - short)


# Tools, crashes, and a refund

REFUNDS = 1_000  # a day: given
TIMEOUT = 0.01  # share of refund calls that time out: given
DONE_ANYWAY = 0.6  # share of those that had gone through: given
MEAN_REFUND = 45.0  # dollars: given


def doubled_a_day() -> float:
    """Refunds paid twice a day when a timed-out call is repeated without a key that the payment system knows."""
    return REFUNDS * TIMEOUT * DONE_ANYWAY


def doubled_cost() -> float:
    """Dollars paid twice in a day."""
    return doubled_a_day() * MEAN_REFUND


FOUND_IN_A_WEEK = 57  # refunds paid twice that finance found: given


def doubled_in_a_week() -> float:
    """Refunds paid twice in seven days that repeated time-outs explain."""
    return 7 * doubled_a_day()


def doubled_chance() -> float:
    """How far chance moves a week's count, one standard deviation of a rare event."""
    return math.sqrt(doubled_in_a_week())


def doubled_unexplained() -> float:
    """Refunds paid twice in the week that time-outs do not explain."""
    return FOUND_IN_A_WEEK - doubled_in_a_week()


class Ledger:
    """A payment system that does a refund once for each key and refuses a known key with another amount."""

    def __init__(self) -> None:
        """Nothing paid yet."""
        self.paid: dict[str, str] = {}
        self.late = False  # the next answer is lost after the money has moved

    def refund(self, arguments: Mapping[str, str], key: str) -> str:
        """Pay, or say what was paid under this key."""
        amount = arguments["amount"]
        if self.paid.setdefault(key, amount) != amount:
            return f"refused: {key} was for {self.paid[key]}"
        if self.late:
            self.late = False
            raise TimeoutError
        return f"refunded {amount}"


def scripted(*turns: Turn) -> Callable[[list[Turn], list[str]], Turn]:
    """A model that says these turns, one after the other, whatever it reads."""
    return lambda earlier, _results: turns[len(earlier)]


REFUND = {"line": "7781-2", "amount": "$109"}
LINES = {"7781-2": (149, 40, "back")}  # the customer's order lines: price and fee in dollars, the warehouse's state
LIMITS = Budget(steps=8, tokens=40_000, seconds=60)


def refund_tool(ledger: Ledger, lines: Mapping[str, tuple[int, int, str]]) -> Tool:
    """The refund as a tool: amount and condition are code's, from the order line; the model names the line."""

    def refund(arguments: Mapping[str, str], key: str) -> str:
        price, fee, state = lines[arguments["line"]]
        if state != "back":
            return "error: the item is not back yet"
        return ledger.refund({"amount": f"${price - fee}"}, key)

    return Tool(refund, identity=("line",), known=frozenset(lines))


def demo_refund() -> None:
    """A refund whose answer is lost, asked for again by the model."""
    ledger, journal = Ledger(), list[Event]()
    ledger.late = True

    tools = {
        "order": Tool(lambda _arguments, _key: "7781-2: headphones, $149, Plus, opened, back with us"),
        "refund": refund_tool(ledger, LINES),
    }
    model = scripted(
        Turn(1_300, "order"),
        Turn(1_900, "refund", {"line": "headphones"}),
        Turn(2_500, "refund", {"line": "7781-2"}),
        Turn(3_100, "refund", {"line": "7781-2"}),
        Turn(3_700, None, text="$109 is on its way."),
    )
    end, reply = run_agent("t42", model, tools, journal, LIMITS, clock=lambda: 0.0)
    for _, _, turn, result in journal[1:]:
        print(
            f"{turn.tool} {turn.arguments.get('line', '')}".rstrip() if turn and turn.tool else f"  {result or reply}"
        )
    print(f"{end}; amounts as in the result: {quantities(reply) <= quantities(journal[-2].result)}")
    print("paid:", ledger.paid)


class Crash(Exception):
    """The process dies here."""


class Journal(list[Event]):
    """A journal that dies before or after one of its appends."""

    def __init__(self, at: int, before: bool) -> None:
        """Die at the append with this number, counted from 0 over all lives."""
        super().__init__()
        self.at, self.before, self.appends = at, before, 0

    def append(self, event: Event) -> None:
        """Keep the event, unless the process dies before it is kept."""
        now = self.appends == self.at
        self.appends += 1
        if now and self.before:
            raise Crash
        super().append(event)
        if now:
            raise Crash


# Where the process may die around one write: the append that it dies at, and whether before it is kept.
WINDOWS = {
    "before the decision is kept": (1, True),
    "decided, not yet called": (1, False),
    "refunded, result not kept": (2, True),
    "result kept, no reply yet": (2, False),
}


def refunds_paid(window: str, keeps_journal: bool, keeps_key: bool) -> int:
    """Refunds paid when the process dies once in this window and the task is started again until it ends.

    Without a journal the second life begins empty; without a key the payment system sees each call as a new one.
    """
    ledger, calls = Ledger(), 0

    def refund(arguments: Mapping[str, str], key: str) -> str:
        nonlocal calls
        calls += 1
        return ledger.refund(arguments, key if keeps_key else f"try {calls}")

    tools = {"refund": Tool(refund, identity=("line",), known=frozenset(LINES))}
    model = scripted(Turn(1, "refund", REFUND), Turn(1, None, text="done"))
    journal = Journal(*WINDOWS[window])
    with suppress(Crash):
        run_agent("t42", model, tools, journal, LIMITS, clock=lambda: 0.0)
    run_agent("t42", model, tools, journal if keeps_journal else [], LIMITS, clock=lambda: 0.0)
    return len(ledger.paid)


def crash_rows() -> Iterator[tuple[str, int, int, int]]:
    """For each window: refunds paid without journal and key, with the journal alone, with the key alone."""
    for window in WINDOWS:
        yield (
            window,
            refunds_paid(window, keeps_journal=False, keeps_key=False),
            refunds_paid(window, keeps_journal=True, keeps_key=False),
            refunds_paid(window, keeps_journal=False, keeps_key=True),
        )


def demo_crashes() -> None:
    """Refunds paid by the window of the crash and by what is kept."""
    print(f"{'the process dies':<30}{'neither':>8}{'journal':>9}{'key':>5}")
    for window, neither, journal, key in crash_rows():
        print(f"{window:<30}{neither:>8}{journal:>9}{key:>5}")
