"""The patterns, against an independent check digit and a list of what they miss."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.redaction import INNOCENT, LINES, found, luhn, redact, spoiled

quick = settings(max_examples=80, deadline=None, derandomize=True, database=None)
TABLE = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]]  # doubled digits, their digits added


@quick
@given(st.text("0123456789", min_size=1, max_size=19))
def test_luhn_by_table_one_in_ten_and_any_single_error(digits: str) -> None:
    assert luhn(digits) == (sum(TABLE[i % 2][int(d)] for i, d in enumerate(digits[::-1])) % 10 == 0)
    fits = [luhn(digits + last) for last in "0123456789"]
    assert sum(fits) == 1
    right = digits + "0123456789"[fits.index(True)]
    for place in range(len(right)):
        wrong = str((int(right[place]) + 3) % 10)
        assert not luhn(right[:place] + wrong + right[place + 1 :])


def test_luhn_of_nothing() -> None:
    assert not luhn("")
    assert luhn("0")
    assert luhn("4111111111111111")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        ("a.b@c.example", "<email>"),
        ("card 4111 1111 1111 1111.", "card <card>."),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),  # a typing error hides it
        ("+49 (30) 123-4567", "<phone>"),
        ("order 48213377", "order 48213377"),  # bare and short: an order number
        ("0301234567", "<phone>"),
        ("12345678901234567890", "12345678901234567890"),
        ("Ana Silva, 12 Elm Road", "Ana Silva, 12 Elm Road"),
        ("ana at mail dot example", "ana at mail dot example"),
    ],
)
def test_examples(text: str, clean: str) -> None:
    assert redact(text) == clean


@quick
@given(st.text(max_size=60))
def test_masking_twice_is_masking_once_where_nothing_is_found(text: str) -> None:
    once = redact(text)
    if once == text:
        assert redact(once) == text


def test_each_secret_stands_in_its_line_and_the_misses_are_counted() -> None:
    assert all(secret in line for lines in LINES.values() for line, secret in lines)
    assert {kind: found(kind) for kind in LINES} == {"e-mail": 7, "phone": 7, "card": 7, "name": 0, "street": 0}
    assert spoiled() == 4 < len(INNOCENT)
