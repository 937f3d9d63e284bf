"""What the canaries catch, and what they do not: the second list is part of the contract."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.canaries import canary, disguises, leaks

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
WORD = canary(b"a key", "system prompt")
PLANTED = {"system prompt": WORD, "article 17": canary(b"a key", "article 17")}
MISSED = {
    "base64, twice",
    "halves in two answers",
    "spelled: a as alpha",
    "other letters, key agreed",
    "told in other words",
}


def test_a_canary_is_long_lower_case_and_belongs_to_key_and_place() -> None:
    assert len(WORD) == 16
    assert WORD.isalnum()
    assert WORD == WORD.lower() == canary(b"a key", "system prompt")
    assert len({WORD, canary(b"b key", "system prompt"), PLANTED["article 17"]}) == 3


@pytest.mark.parametrize("name", disguises(WORD))
def test_each_disguise(name: str) -> None:
    assert leaks(disguises(WORD)[name], PLANTED) == (set() if name in MISSED else {"system prompt"})


def test_the_list_of_misses_names_real_disguises() -> None:
    assert set(disguises(WORD)) >= MISSED


@quick
@given(st.text(max_size=12), st.text(max_size=12))
def test_encoded_whole_it_is_found_wherever_it_stands(before: str, after: str) -> None:
    text = before + WORD + after
    assert "system prompt" in leaks(quote(text), PLANTED)
    assert "system prompt" in leaks(base64.b64encode(text.encode("utf-8", "replace")).decode(), PLANTED)
    assert "system prompt" in leaks(base64.urlsafe_b64encode(text.encode("utf-8", "replace")).decode(), PLANTED)


@quick
@given(st.text(max_size=200))
def test_other_text_is_no_leak(text: str) -> None:
    assert leaks(text, PLANTED) == set()


def test_single_letters_percent_encoded_once_or_twice() -> None:
    once = WORD[:3] + f"%{ord(WORD[3]):02x}" + WORD[4:]
    for text in (once, once.replace("%", "%25")):
        assert leaks(text, PLANTED) == {"system prompt"}


def test_tool_arguments_two_places_and_zero_width_characters() -> None:
    args = json.dumps({"to": "x", "body": "\u200b".join(WORD), "note": PLANTED["article 17"]}, ensure_ascii=False)
    assert leaks(args, PLANTED) == set(PLANTED)
    assert leaks("", PLANTED) == leaks(WORD, {}) == set()
    assert leaks("a" * 17, PLANTED) == set()  # no base64 has this length
