"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/metrics/llm.md.

Counts in capitals are given: a graded golden set, a judge's check, the premises of a prompt. All else is derived from
them and from the Assistant of `snippets.cases`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

from snippets.cases import assistant
from snippets.metrics.llm import (
    AnswerRates,
    Call,
    Claim,
    JudgedAnswer,
    Prices,
    Rate,
    Request,
    answer_rates,
    citation_precision,
    citation_recall,
    cost_per_success,
    request_cost,
)
from snippets.metrics.uncertainty import Interval, mcnemar, positives_for_recall, wilson_interval, z_score

# The golden set: 1,000 questions drawn at random from a month of traffic, each reply graded by people. The candidate answers
# from a confidence of 0.5. Keys: answerable, answered, correct, grounded.
GRADED = {
    (True, True, True, True): 736,
    (True, True, True, False): 35,
    (True, True, False, True): 14,
    (True, True, False, False): 22,
    (True, False, False, False): 43,
    (False, True, False, True): 16,
    (False, True, False, False): 17,
    (False, False, False, False): 117,
}
UNSUPPORTED_CLAIMS = 109  # in the answers given
CLAIMS_PER_ANSWER = 4  # claims, mean of the answers given

# A day of traffic in shadow: questions the candidate answers from this confidence, of all
SHADOW = {0.5: Rate(33_580, 40_000), 0.6: Rate(32_240, 40_000)}
LIVE = {"right": 765, "wrong": 88}  # the live version on the golden set
WRONG_ONLY_CANDIDATE, WRONG_ONLY_LIVE = 20, 39  # questions that just one of the two answers wrongly

# The needed passage among the six retrieved, by type of question: found, of the answerable ones
FOUND = {"how-to": Rate(466, 480), "policy and billing": Rate(230, 240), "error codes": Rate(103, 130)}
RIGHT_WITHOUT_PASSAGE = 16  # answered correctly although the needed passage was missing
ORACLE_RIGHT = 46  # of the questions whose passage was missing, right once it was put into the context

CHEAPER_PRICE = 0.1  # price of the cheaper model's tokens over the candidate's
CHEAPER = {"right": 742, "wrong": 84}  # on the same golden set
ONLY_CANDIDATE, ONLY_CHEAPER = 62, 33  # questions that just one of the two answers correctly

# A judge model against people, on four days of graded answers: flagged as unsupported, of those people call so; and passed
FLAGGED, PASSED = Rate(84, 105), Rate(1_040, 1_095)
LATER_FLAGGED = 0.145  # share of a later day's answers that the judge flags


def golden() -> list[JudgedAnswer]:
    """The golden set row by row, as graded by people."""
    return [JudgedAnswer(*cell) for cell, count in GRADED.items() for _ in range(count)]


def rates() -> AnswerRates:
    """Rates of the 1,000 graded replies, each over the questions it is about."""
    return answer_rates(golden())


def questions() -> int:
    """Questions in the golden set."""
    return sum(GRADED.values())


def cell(**wanted: bool) -> int:
    """Graded replies with these properties, counted in the golden set."""
    return sum(all(getattr(row, name) == value for name, value in wanted.items()) for row in golden())


def success() -> Rate:
    """Correct answers of all questions asked, answerable or not."""
    return Rate(rates().resolved.hits, questions())


def unequal_cells() -> int:
    """Answers on which correctness and groundedness disagree: right without support, or supported and wrong."""
    return cell(correct=True, grounded=False) + cell(answered=True, correct=False, grounded=True)


def abstained() -> int:
    """Questions of the golden set that the candidate hands over."""
    return cell(answered=False)


def wrong() -> int:
    """Questions of the golden set that the candidate answers wrongly."""
    return cell(answered=True, correct=False)


def a_day(count: float) -> float:
    """A count per 1,000 questions, on a day of Assistant."""
    return count / questions() * assistant.questions_per_day


def answers_a_day() -> float:
    """Answers the candidate gives on a day: its answered share times Assistant's questions."""
    return a_day(rates().correct_when_answered.total)


# The staffing gate


def agent_load(right: int) -> float:
    """Questions a day that end with an agent: all but the correct answers, for a wrong answer's price holds an agent too."""
    return a_day(questions() - right)


def agents_needed(right: int) -> int:
    """Agents on a day for that load, at the minutes of a question and of a shift."""
    return math.ceil(agent_load(right) * assistant.handover_minutes / assistant.agent_minutes)


def success_for_staffing() -> float:
    """Share of all questions that must be answered correctly so that the agents on hand can take the rest."""
    return 1 - assistant.handover_capacity / assistant.questions_per_day


def resolved_for_staffing() -> float:
    """The same share over answerable questions, the only ones that can be answered correctly."""
    return success_for_staffing() / assistant.answerable_rate


def success_interval() -> Interval:
    """Wilson interval, 95 %, of the correct answers among all questions of the golden set."""
    return wilson_interval(*success())


def questions_to_pass() -> int:
    """Graded questions needed before the interval's lower end clears the staffing gate, if the rate stays as measured."""
    return positives_for_recall(success().share, success().share - success_for_staffing())


def questions_to_pass_safely(chance: float = 0.8) -> int:
    """Graded questions for which the lower end clears the gate in four samples of five, not in every second one."""
    z = z_score(0.95)
    return math.ceil(questions_to_pass() * ((z + NormalDist().inv_cdf(chance)) / z) ** 2)


def days_to_pass() -> int:
    """Days of grading for that many, at the replies graded on a day."""
    return math.ceil(questions_to_pass_safely() / assistant.graded_per_day)


def counted_interval(threshold: float) -> Interval:
    """95 % interval of the success share, by the delta method: the answered share counted in shadow times the share right, graded."""
    answered, policy = SHADOW[threshold].share, at_threshold(threshold)
    right = policy.accuracy
    variance = (
        answered**2 * right * (1 - right) / policy.answered
        + right**2 * answered * (1 - answered) / SHADOW[threshold].total
    )
    reach = z_score(0.95) * math.sqrt(variance)
    return Interval(answered * right - reach, answered * right + reach)


def shadow_cost() -> float:
    """Dollars of tokens and search for a day in shadow: every question once."""
    return assistant.questions_per_day * assistant.answer_cost


# Retrieval


def found(kind: str | None = None) -> Rate:
    """Answerable questions whose needed passage is among the six retrieved, of one type or of all."""
    chosen = FOUND.values() if kind is None else [FOUND[kind]]
    return Rate(sum(r.hits for r in chosen), sum(r.total for r in chosen))


def missed(kind: str | None = None) -> int:
    """Answerable questions whose needed passage was not retrieved."""
    return found(kind).total - found(kind).hits


def right_with_passage() -> Rate:
    """Correct answers where the needed passage was retrieved."""
    return Rate(success().hits - RIGHT_WITHOUT_PASSAGE, found().hits)


def right_without_passage() -> Rate:
    """Correct answers where it was not: from another passage or from the model's memory."""
    return Rate(RIGHT_WITHOUT_PASSAGE, missed())


def oracle() -> Rate:
    """Correct answers of the answerable questions when every missing passage is put into the context by hand."""
    return Rate(right_with_passage().hits + ORACLE_RIGHT, found().total)


def lost_to_retrieval() -> int:
    """Correct answers that the oracle run wins: what retrieval costs."""
    return oracle().hits - success().hits


def lost_to_generation() -> int:
    """Answerable questions still not answered correctly with the passage at hand: what reading and abstaining cost."""
    return oracle().total - oracle().hits


def lexical_at_best() -> float:
    """Answers won if every error code's passage were found: their part of all misses, times what the oracle wins."""
    return missed("error codes") / missed() * lost_to_retrieval()


def success_with_lexical() -> float:
    """Success share of all questions with those answers won."""
    return (success().hits + lexical_at_best()) / questions()


def found_at_mix(share: float, kind: str = "error codes") -> float:
    """Overall recall if this type made up that share of answerable questions, recall within each type unchanged."""
    rest = [r for name, r in FOUND.items() if name != kind]
    others = sum(r.hits for r in rest) / sum(r.total for r in rest)
    return share * FOUND[kind].share + (1 - share) * others


# Citations and hallucination

# --8<-- [start:example]
REPLY = [
    # "You can return it within 30 days [1][5]."
    Claim(supported=True, citations=(True, True)),
    # "The refund goes to the card you paid with [4][1]."
    Claim(supported=True, citations=(True, False)),
    # "It arrives within 5 business days [2]." The source says 5 to 10.
    Claim(supported=False, citations=(False,)),
    # "Opened software can't be returned." True, and nothing cited.
    Claim(supported=False),
    # "Happy to help with the label."
    Claim(supported=False, needs_citation=False),
]
# --8<-- [end:example]


def demo_citations() -> None:
    """Print citation recall and precision of the reply on the page."""
    for name, measured in (("recall", citation_recall(REPLY)), ("precision", citation_precision(REPLY))):
        print(f"citation {name:<9} {measured.hits} of {measured.total} = {measured.share:.2f}")


def claims() -> int:
    """Claims in the answers given: answers times mean claims."""
    return rates().correct_when_answered.total * CLAIMS_PER_ANSWER


def unsupported_answers() -> int:
    """Answers with at least one claim that the retrieved passages do not back."""
    return cell(answered=True, grounded=False)


def hallucination(over: str) -> float:
    """One golden set, four hallucination rates: unsupported claims or answers over claims, answers or questions."""
    answered = rates().correct_when_answered.total
    return {
        "claims": UNSUPPORTED_CLAIMS / claims(),
        "answers": unsupported_answers() / answered,
        "questions": unsupported_answers() / questions(),
        "wrong": cell(answered=True, correct=False, grounded=False) / answered,
    }[over]


def some_claim_unsupported(supported: float, per_answer: int) -> float:
    """Chance of at least one unsupported claim in an answer if claims failed independently: 1 − share to the power of the claims."""
    return 1 - supported**per_answer


def spoiled_if_independent() -> float:
    """Answers with an unsupported claim, if the measured claims failed independently of each other."""
    return some_claim_unsupported(1 - hallucination("claims"), CLAIMS_PER_ANSWER)


# Abstention


class Bin(NamedTuple):
    """Questions with a confidence from `low` up to the next bin, and how many are right when answered."""

    low: float
    size: int
    right: int


CONFIDENCE = (
    Bin(0.9, 560, 553),
    Bin(0.8, 140, 129),
    Bin(0.7, 62, 49),
    Bin(0.6, 44, 26),
    Bin(0.5, 34, 14),
    Bin(0.4, 30, 8),
    Bin(0.3, 30, 5),
    Bin(0.2, 32, 3),
    Bin(0.1, 32, 2),
    Bin(0.0, 36, 1),
)


class Policy(NamedTuple):
    """What answering from a confidence threshold upward gives, on the questions of some bins."""

    answered: int
    right: int
    asked: int
    wrong_cost: float = assistant.wrong_answer_cost
    answer_cost: float = assistant.answer_cost

    @property
    def abstained(self) -> int:
        """Questions handed over."""
        return self.asked - self.answered

    @property
    def wrong(self) -> int:
        """Questions answered wrongly."""
        return self.answered - self.right

    @property
    def unresolved(self) -> int:
        """Questions that end with an agent: handed over, or answered wrongly."""
        return self.asked - self.right

    @property
    def failure_cost(self) -> float:
        """Dollars for handovers and wrong answers."""
        return self.abstained * assistant.handover_cost + self.wrong * self.wrong_cost

    @property
    def per_question(self) -> float:
        """Dollars for each question asked, generation included for every question."""
        return self.answer_cost + self.failure_cost / self.asked

    @property
    def per_success(self) -> float:
        """Dollars for each correct answer, everything spent in the numerator."""
        return self.per_question * self.asked / self.right

    @property
    def invoice_per_success(self) -> float:
        """Dollars of tokens and search for each correct answer: what the provider's invoice shows."""
        return self.answer_cost * self.asked / self.right

    @property
    def a_day(self) -> float:
        """Dollars a day at Assistant's volume."""
        return self.per_question * assistant.questions_per_day

    @property
    def accuracy(self) -> float:
        """Share of the answers given that are right."""
        return self.right / self.answered


def at_threshold(
    threshold: float, bins: Sequence[Bin] = CONFIDENCE, wrong_cost: float = assistant.wrong_answer_cost
) -> Policy:
    """Counts and costs when questions at or above this confidence are answered and the rest handed over."""
    taken = [b for b in bins if b.low >= threshold - 1e-9]
    return Policy(
        sum(b.size for b in taken), sum(b.right for b in taken), sum(b.size for b in bins), wrong_cost=wrong_cost
    )


def bin_from(low: float) -> Rate:
    """Right answers of the questions answered in the bin that starts at this confidence."""
    return next(Rate(b.right, b.size) for b in CONFIDENCE if b.low == low)


def bin_interval(low: float) -> Interval:
    """Wilson interval, 95 %, of the share right in that bin."""
    return wilson_interval(*bin_from(low))


def break_even_confidence(wrong_cost: float = assistant.wrong_answer_cost, shadow: float = 0.0) -> float:
    """Chance of being right at which answering and handing over cost the same: 1 − handover / wrong answer.

    `shadow` is what an agent's time for one question is worth beyond its wage when agents are short; both a handover
    and a wrong answer take it.
    """
    return 1 - (assistant.handover_cost + shadow) / (wrong_cost + shadow)


def break_even_by_ratio(threshold: float = 0.7) -> float:
    """Chance of being right above which one more answer lowers the cost per success, when the threshold is this one.

    An answer adds (1 − p)·wrong − handover to the cost and p to the successes; it lowers the ratio R while
    (1 − p)·wrong − handover < R·p.
    """
    ratio = at_threshold(threshold).per_success
    return (assistant.wrong_answer_cost - assistant.handover_cost) / (assistant.wrong_answer_cost + ratio)


def best_threshold() -> float:
    """The bin edge with the lowest cost per question."""
    return min((b.low for b in CONFIDENCE), key=lambda low: at_threshold(low).per_question)


def saved_a_day(threshold: float, instead_of: float) -> float:
    """Dollars a day saved by one threshold instead of another."""
    return at_threshold(instead_of).a_day - at_threshold(threshold).a_day


def agents_missing(threshold: float) -> int:
    """Agents needed beyond those on hand when the threshold is this one."""
    return agents_needed(at_threshold(threshold).right) - assistant.agents


# Cost per successful answer


def candidate() -> Policy:
    """The candidate on the golden set, answering from a confidence of 0.5."""
    return at_threshold(0.5)


def live() -> Policy:
    """The live version on the same golden set."""
    return Policy(LIVE["right"] + LIVE["wrong"], LIVE["right"], questions())


def saved_over_live() -> float:
    """Dollars a day that the candidate saves against the live version."""
    return live().a_day - candidate().a_day


def wrong_paired_p() -> float:
    """McNemar's mid-p for wrong answers, candidate against live version, from the questions that just one gets wrong."""
    return mcnemar(WRONG_ONLY_CANDIDATE, WRONG_ONLY_LIVE)


def token_price(factor: float) -> float:
    """Dollars of one generated answer when tokens cost this many times the candidate's; search costs what it costs."""
    return (assistant.answer_cost - assistant.search_cost) * factor + assistant.search_cost


def cheaper() -> Policy:
    """The cheaper model on the same golden set."""
    right, wrong_answers = CHEAPER["right"], CHEAPER["wrong"]
    return Policy(right + wrong_answers, right, questions(), answer_cost=token_price(CHEAPER_PRICE))


def tokens_saved_a_day() -> float:
    """Dollars a day that the cheaper model takes off the invoice."""
    return (assistant.answer_cost - token_price(CHEAPER_PRICE)) * assistant.questions_per_day


def dearer_a_day() -> float:
    """Dollars a day that the cheaper model costs more, everything counted."""
    return cheaper().a_day - candidate().a_day


def questions_per_extra_error(factor: float) -> float:
    """Questions for which the difference of token prices pays for one right answer turned wrong, or one wrong turned right."""
    return assistant.wrong_answer_cost / abs(assistant.answer_cost - token_price(factor))


def cost_at_success(share: float, factor: float) -> float:
    """Dollars per success at this share of correct answers, failures split between wrong and handed over as the candidate's are."""
    failed = candidate().unresolved
    failure = (
        candidate().wrong * assistant.wrong_answer_cost + candidate().abstained * assistant.handover_cost
    ) / failed
    return (token_price(factor) + (1 - share) * failure) / share


LOG = (
    Request((Call(3_000, 250),), successful=True),
    Request((Call(3_000, 250), Call(3_400, 260)), successful=True),  # the first try failed its citation check
    Request((Call(3_000, 240),), successful=False, review_minutes=8),  # wrong; an agent took over
    Request((Call(3_000, 40),), successful=False, review_minutes=8),  # abstained; an agent took over
    Request((), successful=False),  # timed out before the first call
)


def prices() -> Prices:
    """Assistant's prices: tokens, and an agent's minute."""
    return Prices(assistant.input_price, assistant.output_price, per_review_minute=assistant.agent_hour / 60)


def demo_cost_per_success() -> None:
    """Print the cost of each request of the log, and three answers to "what does a success cost?"."""
    costs = [request_cost(request, prices()) for request in LOG]
    print("requests        ", *(f"{cost:.4f}" for cost in costs))
    wins = [cost for cost, request in zip(costs, LOG, strict=True) if request.successful]
    print(f"mean of successes {sum(wins) / len(wins):.4f}")
    print(f"tokens only       {cost_per_success(LOG, prices()._replace(per_review_minute=0)):.4f}")
    print(f"everything        {cost_per_success(LOG, prices()):.4f}")


# Latency


def slack(threshold: float) -> float:
    """Questions a day that the agents could still take when the threshold is this one."""
    return assistant.handover_capacity - agent_load(at_threshold(threshold).right)


def patience(threshold: float) -> float:
    """Share of the right answers that may be lost to waiting before the agents are full: their slack over right answers a day."""
    return slack(threshold) / a_day(at_threshold(threshold).right)


def cut_off_a_day() -> float:
    """Answers a day beyond the 95th percentile of the whole answer."""
    return answers_a_day() * 0.05


def cut_off_right_a_day() -> float:
    """Those of them that were right, if slow answers are right as often as others."""
    return cut_off_a_day() * candidate().accuracy


def flagged_a_day() -> float:
    """Answers a day that the judge flags, at the share it flagged in its check."""
    return answers_a_day() * flagged_at_check()


def blocked_right_a_day() -> float:
    """Right answers a day among those flagged: what blocking would add to the agents, since wrong ones end with them anyway."""
    return flagged_a_day() * right_when_flagged()


def blocking_gain() -> float:
    """Dollars a day if every flagged answer were handed over: the wrong ones' cost avoided, less a handover for each."""
    return flagged_a_day() * ((1 - right_when_flagged()) * assistant.wrong_answer_cost - assistant.handover_cost)


def hold_break_even() -> float:
    """Share of the customers with a passed answer who may give up before that gain is gone.

    Each costs a handover instead of the chance of a wrong answer among those passed.
    """
    passed = answers_a_day() - flagged_a_day()
    right = (a_day(candidate().right) - blocked_right_a_day()) / passed
    return blocking_gain() / (passed * (assistant.handover_cost - (1 - right) * assistant.wrong_answer_cost))


# Judges


def cohens_kappa(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Agreement of two raters beyond chance, on yes/no grades.

    Takes the four counts; 1 is full agreement, 0 what raters with these shares of "yes" reach by chance. When chance
    already gives full agreement (both always say the same) it is NaN. O(1).
    """
    n = both + only_a + only_b + neither
    yes_a, yes_b = (both + only_a) / n, (both + only_b) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return ((both + neither) / n - chance) / (1 - chance) if chance < 1 else math.nan


# --8<-- [start:rogan-gladen]
def rogan_gladen(flagged: float, sensitivity: float, specificity: float) -> float:
    """The true share behind the share that an imperfect judge flags.

    A judge no better than chance (sensitivity + specificity at most 1) raises
    `ValueError`. The result is cut to 0 … 1; landing outside says that the judge has
    changed since its check. O(1). Rogan and Gladen 1978.
    """
    informative = sensitivity + specificity - 1
    if informative <= 0:
        raise ValueError("the judge is no better than chance")
    return min(1.0, max(0.0, (flagged + specificity - 1) / informative))


# --8<-- [end:rogan-gladen]


def judge_agreement() -> float:
    """Answers on which judge and people agree, of all checked."""
    return (FLAGGED.hits + PASSED.hits) / (FLAGGED.total + PASSED.total)


def judge_kappa() -> float:
    """Cohen's kappa of judge and people on the checked answers."""
    return cohens_kappa(FLAGGED.hits, FLAGGED.total - FLAGGED.hits, PASSED.total - PASSED.hits, PASSED.hits)


def checked_answers() -> int:
    """Answers that both judge and people graded."""
    return FLAGGED.total + PASSED.total


def human_rate() -> float:
    """Share of the checked answers that people call unsupported."""
    return FLAGGED.total / checked_answers()


def lazy_agreement() -> float:
    """Agreement with people of a judge that flags nothing."""
    return PASSED.total / checked_answers()


def flagged_at_check() -> float:
    """Share of the checked answers that the judge flags."""
    return (FLAGGED.hits + PASSED.total - PASSED.hits) / checked_answers()


def false_flags() -> float:
    """Of the judge's flags at the check, the share that people do not share."""
    alarms = PASSED.total - PASSED.hits
    return alarms / (alarms + FLAGGED.hits)


def right_when_flagged() -> float:
    """Share right among the answers the judge flags, if its errors do not depend on whether an answer is right.

    Unsupported and supported answers are right as often as in the golden set.
    """
    unsupported = cell(correct=True, grounded=False) / unsupported_answers()
    supported = cell(correct=True, grounded=True) / cell(grounded=True)
    return (1 - false_flags()) * unsupported + false_flags() * supported


def dilution() -> float:
    """How much of a true change the judge's share shows: sensitivity + specificity − 1."""
    return FLAGGED.share + PASSED.share - 1


def corrected(flagged: float = LATER_FLAGGED) -> float:
    """The true unsupported share behind what the judge flags, by Rogan and Gladen."""
    return rogan_gladen(flagged, FLAGGED.share, PASSED.share)


def corrected_interval(flagged: float = LATER_FLAGGED, answers: int | None = None) -> Interval:
    """95 % interval of the corrected share, by the delta method: noise of the judged answers and of the judge's check together."""
    judged = answers_a_day() if answers is None else answers
    share, se, sp = corrected(flagged), FLAGGED.share, PASSED.share
    variance = (
        flagged * (1 - flagged) / judged
        + (1 - share) ** 2 * sp * (1 - sp) / PASSED.total
        + share**2 * se * (1 - se) / FLAGGED.total
    ) / dilution() ** 2
    reach = z_score(0.95) * math.sqrt(variance)
    return Interval(share - reach, share + reach)


# Golden set


def half_width(share: float, count: int) -> float:
    """Half of the 95 % Wilson interval of a share measured on so many questions."""
    low, high = wilson_interval(round(share * count), count)
    return (high - low) / 2


def none_seen(tests: int) -> float:
    """Upper end of the 95 % Wilson interval when none of so many tests failed."""
    return wilson_interval(0, tests).high


def tests_for(share: float) -> int:
    """Tests without a single failure that bring the upper end of the 95 % Wilson interval to this share."""
    z2 = z_score(0.95) ** 2
    return math.ceil(z2 * (1 / share - 1))


def tests_one_sided(share: float) -> int:
    """Tests without a failure that rule out this share one-sidedly at 95 %, exactly: the rule of three."""
    return math.ceil(math.log(0.05) / math.log1p(-share))


def attacks_through(tests: int) -> float:
    """Attacks a day that may still get through after so many tests without a failure."""
    return none_seen(tests) * assistant.attacks_per_day


def paired_p() -> float:
    """McNemar's mid-p for candidate against cheaper model, from the questions that just one of them gets right."""
    return mcnemar(ONLY_CANDIDATE, ONLY_CHEAPER)


def cheaper_interval() -> Interval:
    """Wilson interval, 95 %, of the cheaper model's correct answers among all questions."""
    return wilson_interval(CHEAPER["right"], questions())


# Prompt: choose the abstention threshold for two queues

QUEUES = {
    "how-to": (
        Bin(0.9, 640, 634),
        Bin(0.8, 150, 138),
        Bin(0.7, 80, 64),
        Bin(0.6, 50, 30),
        Bin(0.5, 30, 12),
        Bin(0.0, 50, 8),
    ),
    "refunds": (
        Bin(0.9, 420, 410),
        Bin(0.8, 170, 150),
        Bin(0.7, 130, 98),
        Bin(0.6, 110, 62),
        Bin(0.5, 70, 27),
        Bin(0.0, 100, 13),
    ),
}
QUEUE_VOLUME = {"how-to": 20_000, "refunds": 5_000}  # questions a day
QUEUE_WRONG = {"how-to": 20.0, "refunds": 60.0}  # dollars for a wrong answer
QUEUE_CAPACITY = 5_000  # questions a day that the agents of both queues can take


def queue(name: str, threshold: float) -> Policy:
    """One queue, per 1,000 questions, answered from this confidence upward."""
    return at_threshold(threshold, QUEUES[name], QUEUE_WRONG[name])


def queue_share(name: str, low: float) -> float:
    """Share right in the bin that starts at this confidence."""
    return next(b.right / b.size for b in QUEUES[name] if b.low == low)


def queues_load(how_to: float, refunds: float) -> float:
    """Questions a day that end with an agent, both queues together, at these two thresholds."""
    chosen = {"how-to": how_to, "refunds": refunds}
    return sum(QUEUE_VOLUME[name] * queue(name, low).unresolved / 1_000 for name, low in chosen.items())


def queues_cost(how_to: float, refunds: float) -> float:
    """Dollars a day of handovers and wrong answers, both queues together, at these two thresholds."""
    chosen = {"how-to": how_to, "refunds": refunds}
    return sum(QUEUE_VOLUME[name] * queue(name, low).failure_cost / 1_000 for name, low in chosen.items())


def relief_price(name: str, low: float) -> float:
    """Extra dollars for each question kept from the agents, when the bin that starts here is answered after all."""
    chosen = next(b for b in QUEUES[name] if b.low == low)
    extra = (chosen.size - chosen.right) * QUEUE_WRONG[name] - chosen.size * assistant.handover_cost
    return extra / chosen.right


# Prompt: the judge that prefers length

PADDED = Rate(138, 200)  # padded copies that the judge prefers to the original, both orders alike
# Wins of B over A in 600 pairs, by length (10 % apart or more): the judge's, and people's on the same pairs
BY_LENGTH = {"B longer": Rate(237, 360), "same length": Rate(76, 150), "B shorter": Rate(35, 90)}
PEOPLE_BY_LENGTH = {"B longer": Rate(191, 360), "same length": Rate(77, 150), "B shorter": Rate(38, 90)}


def longer_wins(table: dict[str, Rate]) -> Rate:
    """Pairs of unequal length in which the longer answer wins: B's wins where B is longer, A's where B is shorter."""
    longer, shorter = table["B longer"], table["B shorter"]
    return Rate(longer.hits + shorter.total - shorter.hits, longer.total + shorter.total)


def length_gap() -> float:
    """How much more often the judge picks the longer answer than people do, on the same pairs."""
    return longer_wins(BY_LENGTH).share - longer_wins(PEOPLE_BY_LENGTH).share


def length_gap_interval() -> Interval:
    """95 % interval of that gap, reckoned as if judge and people had graded different pairs."""
    judge, people = longer_wins(BY_LENGTH), longer_wins(PEOPLE_BY_LENGTH)
    variance = sum(r.share * (1 - r.share) / r.total for r in (judge, people))
    reach = z_score(0.95) * math.sqrt(variance)
    return Interval(length_gap() - reach, length_gap() + reach)


def all_wins(table: dict[str, Rate]) -> Rate:
    """Wins of B over all pairs."""
    return Rate(sum(r.hits for r in table.values()), sum(r.total for r in table.values()))


def all_interval(table: dict[str, Rate]) -> Interval:
    """Wilson interval, 95 %, of B's wins over all pairs."""
    return wilson_interval(*all_wins(table))


def win_interval(name: str) -> Interval:
    """Wilson interval, 95 %, of B's wins with the judge among pairs of this kind."""
    return wilson_interval(*BY_LENGTH[name])


def padded_p() -> float:
    """Two-sided p-value of so many padded copies preferred, if padding were a coin flip (normal approximation)."""
    z = (PADDED.hits - PADDED.total / 2) / math.sqrt(PADDED.total / 4)
    return 2 * (1 - NormalDist().cdf(abs(z)))


# Prompt: faithful, and users complain

COMPLAINTS = {
    "outdated or wrong passage, faithfully repeated": 78,
    "handed over or refused although answerable": 52,
    "faithful answer to another question": 38,
    "claim without support": 20,
    "right and complete": 12,
}
FAITHFUL = 0.93  # share of claims the judge calls supported


def complaint_share(*names: str) -> float:
    """Share of the read complaints of these kinds."""
    return sum(COMPLAINTS[name] for name in names) / sum(COMPLAINTS.values())


def invisible_share() -> float:
    """Share of the read complaints that groundedness cannot see: nothing in them is unsupported."""
    return 1 - complaint_share("claim without support")


def days_to_alarm(line: float = 1.2, days: int = 21) -> float:
    """Days until repeat contacts pass the line, if they rose evenly from 18 % to 24 %."""
    return (line - 1) * 0.18 / (0.24 - 0.18) * days


# Prompt: the launch gate


def canary_a_day(share: float = 0.05) -> float:
    """Questions a day in a canary of this share."""
    return assistant.questions_per_day * share


def canary_attacks_a_day(share: float = 0.05) -> float:
    """Attacks a day in a canary of this share."""
    return assistant.attacks_per_day * share


def weekly_grades() -> int:
    """Answers that people can grade in a week."""
    return 7 * assistant.graded_per_day


def some_gate_stops(voters: int, error: float = 0.05) -> float:
    """Chance that at least one of so many independent tests stops a version that changes nothing."""
    return 1 - (1 - error) ** voters
