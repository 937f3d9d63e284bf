"""The citation check, on what it must stop, what it may not, and what it cannot see."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.citing import Sentence, citation_faults, quantities

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
SPAN = {"a@1": "Refunds arrive within 5 to 10 business days, less $1,250.00. Error E42-17 ends on 2026-03-01."}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("within 30 days.", {"30 days"}),
        ("5 to 10 business days", {"5 to 10 business"}),
        ("5–10 days", {"5–10 days"}),
        ("$40 back, or $5 to $10", {"$40", "$5 to $10"}),
        ("12 % and 7% and 3,5%", {"12 %", "7%", "3,5%"}),
        ("Error E42-17, on 2026-03-01.", {"e42-17", "2026-03-01"}),
        ("30  days\n", {"30 days"}),
        ("1,000,", {"1,000"}),
        ("thirty days", set()),
        ("", set()),
    ],
)
def test_quantities_keep_range_and_unit(text, found):
    assert quantities(text) == found


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It takes 5 to 10 business days.", []),
        ("It takes 5 business days.", ["5 business"]),
        ("It takes 10 business days.", ["10 business"]),
        ("It takes 5 to 10 days.", ["5 to 10 days"]),
        ("You get $1,250.00.", []),
        ("You get $1,250.", ["$1,250"]),
        ("You get $250.00.", ["$250.00"]),
        ("See e42-17.", []),
        ("See E42-1.", ["e42-1"]),
        ("Soon.", []),
    ],
)
def test_a_quantity_must_stand_in_the_span_whole(text, missing):
    assert citation_faults([Sentence("a@1", text)], SPAN) == [(0, f"{m!r} is not in a@1") for m in missing]


def test_a_span_must_be_named_and_shown_in_this_version():
    draft = [Sentence(None, "Hello!"), Sentence("a@2", "Soon."), Sentence("a@1", "Soon.")]
    assert citation_faults(draft, SPAN) == [(0, "names no span"), (1, "a@2 was not shown")]


def test_an_empty_draft_does_not_pass():
    with pytest.raises(ValueError, match="draft is empty"):
        citation_faults([], SPAN)


@quick
@given(st.text(alphabet="ab 0123456789.,$%–to-", max_size=40))
def test_a_copied_span_always_passes(text):
    assert citation_faults([Sentence("x", text)], {"x": text}) == []


@quick
@given(st.integers(1, 999), st.integers(1, 999))
def test_another_number_never_passes(a, b):
    faults = citation_faults([Sentence("x", f"a fee of ${a}.")], {"x": f"We keep a fee of ${b}."})
    assert bool(faults) == (a != b)
