"""The k best and the running median, against sorting; and ties, which tell two heaps apart."""

import math
import statistics
from heapq import nlargest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.leaders import medians, top_k
from snippets.coding.wrong_streams import best

scored = st.lists(st.tuples(st.integers(-2, 2).map(float), st.sampled_from("abc")))


# --8<-- [start:sorted]
@given(scored, st.integers(0, 5))
def test_as_sorting_everything_would_have_it(rows, k):
    # Python's sort is stable: of equal scores the earlier stays first
    assert top_k(rows, k) == sorted(rows, key=lambda row: -row[0])[:k]
    assert top_k(iter(rows), k) == top_k(rows, k)


# --8<-- [end:sorted]


# --8<-- [start:tie]
def test_a_tie_makes_the_heap_look_at_the_item():
    for usual in ([], [(1.0, "a")], [(1.0, "b"), (3.0, "a"), (2.0, "c"), (0.0, "d")]):
        assert best(usual, 2) == top_k(usual, 2)
    for refuses in (top_k, best):
        with pytest.raises(ValueError, match="row 0"):
            refuses([(math.nan, "a")], 1)
    tie = [(1.0, "first"), (1.0, "second")]
    assert top_k(tie, 1) == [(1.0, "first")]
    assert best(tie, 1) == [(1.0, "second")]  # the larger word
    with pytest.raises(TypeError):
        best([(1.0, {"id": 1}), (1.0, {"id": 2})], 1)


# --8<-- [end:tie]


def test_nan_is_refused_with_its_row():
    with pytest.raises(ValueError, match="row 1"):
        top_k([(1.0, "a"), (math.nan, "b")], 1)


def test_the_librarys_nlargest_needs_a_key():
    rows = [(1.0, {"id": 1}), (1.0, {"id": 2}), (2.0, {"id": 3})]
    assert nlargest(2, rows, key=lambda row: row[0]) == top_k(rows, 2)
    with pytest.raises(TypeError):
        nlargest(2, rows)


@given(st.lists(st.integers(-9, 9).map(float)))
def test_medians_are_the_librarys(values):
    assert list(medians(values)) == [
        statistics.median(values[: i + 1]) for i in range(len(values))
    ]
