"""Metrics of an answering system, from judged answers, kept apart. Serves docs/chapters/metrics/llm.md.

Each rate keeps its numerator and denominator, so that it can be printed as "42 of 50" and given an interval
(`snippets.metrics.uncertainty.wilson_interval(*rate)`). Judgments come from people or from a judge model; the
code does not know which, and a rate is no better than they are.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import whole


class Rate(NamedTuple):
    """So many of so many."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        """Hits over total, between 0 and 1; NaN when there was nothing to count."""
        return self.hits / self.total if self.total else math.nan


def rate(flags: Iterable[bool]) -> Rate:
    """How many of the flags are true, of how many; none gives 0 of 0. O(n)."""
    seen = [bool(flag) for flag in flags]
    return Rate(sum(seen), len(seen))


# --8<-- [start:citations]
class Claim(NamedTuple):
    """One statement of an answer, judged against what it cites."""

    supported: bool  # do its cited sources, taken together, back all of it?
    citations: tuple[bool, ...] = ()  # for each: does this source support the claim?
    needs_citation: bool = True  # False for "Hello" and "Can I help you with more?"


def citation_recall(claims: Sequence[Claim]) -> Rate:
    """Of the claims that need a citation, how many are fully backed by what they cite.

    A claim without citation is not backed, whether it is true or not; judging one as
    supported raises `ValueError`. No claim gives 0 of 0. O(n). After Liu, Zhang and
    Liang 2023.
    """
    if any(claim.supported and not claim.citations for claim in claims):
        raise ValueError("claims holds one that is supported but cites nothing")
    return rate(claim.supported for claim in claims if claim.needs_citation)


def citation_precision(claims: Sequence[Claim]) -> Rate:
    """Of all citations given, how many point to a source that supports their claim.

    Counts citations, not claims, on every claim, so a decorative source costs and a
    missing one does not. No citation gives 0 of 0. O(n) for n citations. After Liu,
    Zhang and Liang 2023.
    """
    return rate(supports for claim in claims for supports in claim.citations)


# --8<-- [end:citations]


class JudgedAnswer(NamedTuple):
    """One question put to the system, and what a judge said of the reply."""

    answerable: bool  # do the sources hold the answer?
    answered: bool  # False: the system abstained or handed over
    correct: bool = False  # right, by the reference
    grounded: bool = False  # every claim backed by the retrieved sources


class AnswerRates(NamedTuple):
    """Rates that one "quality" number would mix."""

    resolved: Rate  # answered correctly, of the answerable questions
    correct_when_answered: Rate  # what a reader can trust
    grounded_when_answered: Rate  # the rest is made up, right or wrong
    lucky: Rate  # correct without ground, of the answers given
    needless_abstentions: Rate  # abstained, of the answerable questions
    reckless_answers: Rate  # answered, of the unanswerable questions


def answer_rates(answers: Sequence[JudgedAnswer]) -> AnswerRates:
    """Correctness, groundedness and abstention, each over the questions it is about.

    Abstaining lifts "correct when answered" and lowers "resolved": show both. A reply that abstained cannot be
    correct or grounded, and such a row raises `ValueError`. No answer gives rates of 0 of 0. O(n).
    """
    if any(not a.answered and (a.correct or a.grounded) for a in answers):
        raise ValueError("answers holds an abstention judged correct or grounded")
    given = [a for a in answers if a.answered]
    return AnswerRates(
        resolved=rate(a.correct for a in answers if a.answerable),
        correct_when_answered=rate(a.correct for a in given),
        grounded_when_answered=rate(a.grounded for a in given),
        lucky=rate(a.correct and not a.grounded for a in given),
        needless_abstentions=rate(not a.answered for a in answers if a.answerable),
        reckless_answers=rate(a.answered for a in answers if not a.answerable),
    )


class Call(NamedTuple):
    """One call of the model, first try or retry: what it read, wrote and used."""

    input_tokens: int
    output_tokens: int
    tool_calls: int = 0


class Request(NamedTuple):
    """One request with every call made for it, retries and failures included."""

    calls: tuple[Call, ...]
    successful: bool
    review_minutes: float = 0.0


class Prices(NamedTuple):
    """What things cost, in one currency."""

    per_million_input: float
    per_million_output: float
    per_tool_call: float = 0.0
    per_review_minute: float = 0.0


# --8<-- [start:cost-per-success]
def request_cost(request: Request, prices: Prices) -> float:
    """What one request cost, successful or not: tokens, tools and human review.

    In the currency of the prices. No call and no review cost 0. A count that is
    negative or not whole, or a price or a time that is negative or not finite, raises
    `ValueError`. O(calls).
    """
    for name, amount in {**prices._asdict(), "review_minutes": request.review_minutes}.items():
        if not 0 <= amount < math.inf:
            raise ValueError(f"{name} is {amount}: a finite number of at least 0 is needed")
    read = sum(whole(call.input_tokens, "input_tokens") for call in request.calls)
    written = sum(whole(call.output_tokens, "output_tokens") for call in request.calls)
    tools = sum(whole(call.tool_calls, "tool_calls") for call in request.calls)
    tokens = (read * prices.per_million_input + written * prices.per_million_output) / 1_000_000
    return tokens + tools * prices.per_tool_call + request.review_minutes * prices.per_review_minute


def cost_per_success(requests: Sequence[Request], prices: Prices) -> float:
    """What one successful answer costs: all requests, failed ones too, over successes.

    In the currency of the prices; infinite when money was spent and nothing succeeded,
    NaN when there was no request or it all cost nothing and nothing succeeded. A
    cheaper model that fails more can cost more. Bad numbers raise `ValueError` as in
    `request_cost`. O(calls).
    """
    spent = math.fsum(request_cost(request, prices) for request in requests)
    successes = sum(request.successful for request in requests)
    if not successes:
        return math.inf if spent else math.nan
    return spent / successes


# --8<-- [end:cost-per-success]


class SafetyCase(NamedTuple):
    """One request of a safety test set, and whether the system refused it."""

    unsafe: bool  # should be refused, by the written policy
    refused: bool  # decide once how a partial refusal counts, and say so


class RefusalRates(NamedTuple):
    """The two ways to be wrong about a refusal, which trade against each other."""

    over_refusal: Rate  # refused, of the safe requests
    unsafe_compliance: Rate  # complied, of the unsafe requests


def refusal_rates(cases: Sequence[SafetyCase]) -> RefusalRates:
    """How often safe requests are refused and how often unsafe ones are carried out.

    Reported as a pair: refusing everything makes the second 0, refusing nothing the first. Safe requests that
    look unsafe belong in the set. No case of a kind gives 0 of 0. O(n). The pairing follows XSTest (Röttger et
    al. 2023).
    """
    return RefusalRates(
        over_refusal=rate(case.refused for case in cases if not case.unsafe),
        unsafe_compliance=rate(not case.refused for case in cases if case.unsafe),
    )
