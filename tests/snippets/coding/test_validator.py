"""The validator: each promise broken alone, and the comparison that lets a hole through."""

import math

import numpy as np
import pandas as pd
import pytest

from snippets.coding.validator import Finding, Rule, is_missing, validate
from snippets.coding.wrong_testing import out_of_range

AMOUNT = Rule("amount", float, low=0.0, high=10_000.0, missing=0.25)
METHOD = Rule("method", str, known=frozenset({"card", "cash"}), unknown=0.25)
GOOD = {"amount": 5.0, "method": "card"}


# --8<-- [start:each]
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"amount": -0.01}, "range"),
        ({"amount": math.inf}, "range"),
        ({"amount": "5.0"}, "type"),
        ({"amount": True}, "type"),  # a bool is an int to isinstance
        ({"method": "crypto"}, "unknown"),
        ({"amount": math.nan}, "missing"),
        ({"method": None}, "missing"),
    ],
)
def test_each_promise_is_broken_alone(change, check):
    assert validate([GOOD], [AMOUNT, METHOD]) == []
    broken = validate([GOOD | change], [AMOUNT, METHOD])
    assert [(each.column, each.check) for each in broken] == [(*change, check)]


# --8<-- [end:each]


# --8<-- [start:empty]
def test_no_rows_are_a_finding_and_limits_are_inside():
    assert validate([], [AMOUNT]) == [Finding("*", "empty", 1.0, None)]
    rows = [GOOD, GOOD, GOOD, GOOD | {"amount": None}]
    assert validate(rows, [AMOUNT]) == []  # one in four is allowed
    assert validate(rows[1:], [AMOUNT]) == [Finding("amount", "missing", 1 / 3, None)]
    assert (
        validate([GOOD | {"amount": edge} for edge in (0.0, 10_000.0)], [AMOUNT]) == []
    )
    assert (
        validate([{"method": "card"}], [AMOUNT])[0].check == "missing"
    )  # no such column


# --8<-- [end:empty]


# --8<-- [start:nan]
def test_a_number_that_is_none_is_inside_every_limit():
    for usual in ([], [0.0, 10.0], [None], [-1.0, 11.0, 5.0]):
        rows = [{"x": value} for value in usual]
        rule = Rule("x", float, 0.0, 10.0)
        right = sum(each.share * len(rows) for each in validate(rows, [rule]) if rows)
        assert out_of_range(usual, 0.0, 10.0) == right
    assert out_of_range([math.nan] * 3, 0.0, 10.0) == 0
    assert validate([{"x": math.nan}] * 3, [rule]) == [
        Finding("x", "missing", 1.0, None)
    ]


# --8<-- [end:nan]


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        (float, 5, True),  # JSON writes 5.0 as 5
        (float, np.float64(5), True),  # a float by inheritance
        (float, True, False),
        (int, True, False),
        (int, 5.0, False),
        (int, 5, True),
        (bool, True, True),
        (bool, 1, False),
        (str, ["card"], False),  # unhashable, and never looked up
    ],
)
def test_which_values_fit_a_kind(kind, value, right):
    found = validate([{"x": value}], [Rule("x", kind)])
    assert [each.check for each in found] == ([] if right else ["type"])


def test_infinity_is_out_of_range_without_a_limit_too():
    rows = [{"x": math.inf}]
    assert validate(rows, [Rule("x", float)])[0].check == "range"
    assert validate(rows, [Rule("x", float, low=0.0)])[0].check == "range"
    assert validate([{"x": 1e308}], [Rule("x", float)]) == []


def test_an_allowed_share_of_unknown_values():
    rows = [GOOD] * 3 + [GOOD | {"method": "crypto"}]
    assert validate(rows, [METHOD]) == []
    assert validate(rows[1:], [METHOD]) == [
        Finding("method", "unknown", 1 / 3, "crypto")
    ]


@pytest.mark.parametrize("value", [None, math.nan, 0, "", 0.0, float("inf")])
def test_missing_is_what_pandas_calls_missing(value):
    assert is_missing(value) == bool(pd.isna(value))
