"""Metrics of judged answers, against pandas and NumPy."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.metrics import llm
from snippets.metrics.llm import Call, Claim, JudgedAnswer, Prices, Rate, Request, SafetyCase
from snippets.metrics.uncertainty import wilson_interval

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
cites = st.lists(st.booleans(), max_size=3).map(tuple)
claims = st.lists(
    st.builds(Claim, supported=st.booleans(), citations=cites, needs_citation=st.booleans()).map(
        lambda claim: claim._replace(supported=claim.supported and bool(claim.citations))
    ),
    max_size=12,
)
answers = st.lists(
    st.builds(JudgedAnswer, st.booleans(), st.booleans(), st.booleans(), st.booleans()).map(
        lambda a: a if a.answered else a._replace(correct=False, grounded=False)
    ),
    max_size=15,
)
calls = st.builds(Call, st.integers(0, 10_000), st.integers(0, 2_000), st.integers(0, 4))
requests = st.lists(
    st.builds(Request, st.lists(calls, max_size=3).map(tuple), st.booleans(), st.integers(0, 10)), max_size=10
)
PRICES = Prices(per_million_input=2.0, per_million_output=8.0, per_tool_call=0.01, per_review_minute=0.5)


def test_a_rate_keeps_what_an_interval_needs():
    measured = llm.rate([True, False, True, np.True_])
    assert measured == Rate(3, 4)
    assert measured.share == 0.75
    assert wilson_interval(*measured) == wilson_interval(3, 4)
    assert math.isnan(llm.rate([]).share)


@quick
@given(claims)
def test_citation_rates_agree_with_pandas(judged):
    table = pd.DataFrame(judged, columns=["supported", "citations", "needs"]).astype({"supported": bool, "needs": bool})
    assert llm.citation_recall(judged) == (table.loc[table.needs, "supported"].sum(), table.needs.sum())
    given_citations = table.citations.explode().dropna().astype(bool)
    assert llm.citation_precision(judged) == (given_citations.sum(), len(given_citations))


def test_recall_asks_the_claims_and_precision_the_citations():
    judged = [
        Claim(supported=True, citations=(True, False)),  # backed, with one decorative source
        Claim(supported=False, citations=(True,)),  # a source that supports half of it
        Claim(supported=False),  # nothing cited
        Claim(supported=False, needs_citation=False),  # a greeting
    ]
    assert llm.citation_recall(judged) == Rate(1, 3)
    assert llm.citation_precision(judged) == Rate(2, 3)
    assert llm.citation_recall([]) == llm.citation_precision([]) == Rate(0, 0)
    padded = [claim._replace(citations=(*claim.citations, False)) for claim in judged]
    assert llm.citation_recall(padded) == llm.citation_recall(judged)
    assert llm.citation_precision(padded).share < llm.citation_precision(judged).share
    with pytest.raises(ValueError, match="claims holds one that is supported but cites nothing"):
        llm.citation_recall([Claim(supported=True)])


@quick
@given(answers)
def test_answer_rates_agree_with_pandas(judged):
    table = pd.DataFrame(judged, columns=JudgedAnswer._fields).astype(bool)
    rates = llm.answer_rates(judged)
    can, said = table[table.answerable], table[table.answered]
    assert rates.resolved == (can.correct.sum(), len(can))
    assert rates.correct_when_answered == (said.correct.sum(), len(said))
    assert rates.grounded_when_answered == (said.grounded.sum(), len(said))
    assert rates.lucky == ((said.correct & ~said.grounded).sum(), len(said))
    assert rates.needless_abstentions == ((~can.answered).sum(), len(can))
    assert rates.reckless_answers == (table[~table.answerable].answered.sum(), (~table.answerable).sum())
    assert rates.resolved.hits + rates.needless_abstentions.hits <= rates.resolved.total


def test_abstaining_trades_one_rate_for_another():
    bold = [JudgedAnswer(True, True, correct=True, grounded=True)] * 6 + [JudgedAnswer(True, True)] * 4
    shy = bold[:6] + [JudgedAnswer(True, False)] * 4
    assert llm.answer_rates(bold).correct_when_answered.share == 0.6
    assert llm.answer_rates(shy).correct_when_answered.share == 1.0
    assert llm.answer_rates(bold).resolved == llm.answer_rates(shy).resolved == Rate(6, 10)
    assert llm.answer_rates(shy).needless_abstentions == Rate(4, 10)
    for row in (JudgedAnswer(True, False, correct=True), JudgedAnswer(True, False, grounded=True)):
        with pytest.raises(ValueError, match="answers holds an abstention"):
            llm.answer_rates([row])
    assert all(measured == (0, 0) for measured in llm.answer_rates([]))


@quick
@given(requests)
def test_cost_per_success_counts_everything_spent(served):
    every = np.array([call for request in served for call in request.calls], dtype=float).reshape(-1, 3)
    spent = every.sum(axis=0) @ [2e-6, 8e-6, 0.01] + 0.5 * sum(request.review_minutes for request in served)
    successes = sum(request.successful for request in served)
    ours = llm.cost_per_success(served, PRICES)
    if successes:
        assert ours == pytest.approx(spent / successes)
    else:
        assert ours == math.inf if spent else math.isnan(ours)


def test_failures_retries_and_review_are_in_the_numerator():
    call = Call(input_tokens=1_000_000, output_tokens=250_000, tool_calls=3)
    done = Request((call,), successful=True)
    assert llm.request_cost(done, PRICES) == pytest.approx(2 + 2 + 0.03)
    assert llm.request_cost(Request((), successful=False), PRICES) == 0.0
    failed = Request((call, call), successful=False, review_minutes=4)  # one retry, then a person
    assert llm.request_cost(failed, PRICES) == pytest.approx(2 * 4.03 + 2)
    assert llm.cost_per_success([done, failed], PRICES) == pytest.approx(4.03 + 10.06)
    assert llm.cost_per_success([failed], PRICES) == math.inf
    assert math.isnan(llm.cost_per_success([], PRICES))
    assert math.isnan(llm.cost_per_success([Request((), False)], PRICES))


def test_the_cheaper_model_can_cost_more():
    prices = Prices(per_million_input=1.0, per_million_output=0.0, per_review_minute=1.0)
    cheap = [Request((Call(1000, 0),), i < 5, review_minutes=0 if i < 5 else 2) for i in range(10)]
    dear = [Request((Call(10_000, 0),), i < 9, review_minutes=0 if i < 9 else 2) for i in range(10)]
    assert llm.request_cost(cheap[0], prices) < llm.request_cost(dear[0], prices)
    assert llm.cost_per_success(cheap, prices) > llm.cost_per_success(dear, prices)


@quick
@given(st.lists(st.builds(SafetyCase, st.booleans(), st.booleans()), max_size=20))
def test_refusal_rates_agree_with_pandas(cases):
    table = pd.DataFrame(cases, columns=SafetyCase._fields).astype(bool)
    rates = llm.refusal_rates(cases)
    safe, unsafe = table[~table.unsafe], table[table.unsafe]
    assert rates.over_refusal == (safe.refused.sum(), len(safe))
    assert rates.unsafe_compliance == ((~unsafe.refused).sum(), len(unsafe))
    flipped = llm.refusal_rates([SafetyCase(case.unsafe, not case.refused) for case in cases])
    assert flipped.over_refusal.hits == rates.over_refusal.total - rates.over_refusal.hits


def test_refusing_everything_is_safe_and_useless():
    cases = [SafetyCase(unsafe, refused=True) for unsafe in (True, False, False)]
    assert llm.refusal_rates(cases) == (Rate(2, 2), Rate(0, 1))
    assert llm.refusal_rates([]) == (Rate(0, 0), Rate(0, 0))


@pytest.mark.parametrize("bad", [-1, math.nan, math.inf])
def test_bad_numbers_are_refused_by_name(bad):
    call = Call(1, 1, 1)
    for name in Call._fields:
        with pytest.raises(ValueError, match=f"{name} is"):
            llm.request_cost(Request((call._replace(**{name: bad}),), True), PRICES)
    for name in Prices._fields:
        with pytest.raises(ValueError, match=f"{name} is"):
            llm.request_cost(Request((call,), True), PRICES._replace(**{name: bad}))
    with pytest.raises(ValueError, match="review_minutes is"):
        llm.cost_per_success([Request((call,), True, review_minutes=bad)], PRICES)
