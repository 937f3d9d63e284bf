"""The encoder: its edges, its promise, and the fault that no input of one process shows."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.onehot import columns_of, encode
from snippets.coding.wrong_testing import columns_of as columns_by_hash

words = st.one_of(st.none(), st.sampled_from(["", "card", "cash", "Card", "é"]))


# --8<-- [start:edges]
def test_the_edges_of_the_encoder():
    columns = columns_of(["card", "cash", "card", None, ""], least=1)
    assert columns == {None: 1, "": 2, "card": 3, "cash": 4}
    assert encode("cash", columns) == [0, 0, 0, 0, 1]
    assert encode(None, columns) == [0, 1, 0, 0, 0]
    assert encode("crypto", columns) == [1, 0, 0, 0, 0]  # never seen
    assert encode("Card", columns) == [1, 0, 0, 0, 0]  # nor this spelling
    assert encode("cash", columns_of(["cash", "card", "card"], 2)) == [1, 0, 0]
    assert encode("cash", columns_of([])) == [1, 0]


# --8<-- [end:edges]


# --8<-- [start:promise]
@given(st.lists(words), st.data(), words)
def test_columns_depend_on_what_was_seen_and_not_on_its_order(seen, data, value):
    columns = columns_of(seen)
    assert columns_of(data.draw(st.permutations(seen))) == columns
    row = encode(value, columns)
    assert len(row) == len(columns) + 1
    assert sum(row) == 1  # whatever serving sends


# --8<-- [end:promise]


# --8<-- [start:hash]
def columns_elsewhere(function, seed):
    """Columns of three values, as a process of its own numbers them."""
    seen = "print(columns_of(['card', 'cash', '']))"
    code = f"from {function.__module__} import columns_of; {seen}"
    salt = {**os.environ, "PYTHONHASHSEED": str(seed)}
    return subprocess.check_output([sys.executable, "-c", code], env=salt, text=True)


def test_a_set_has_another_order_in_another_process():
    for usual in ([], [None], ["card"], ["card", None]):
        assert columns_by_hash(usual, 1) == columns_of(usual, 1)
    by_name = "{None: 1, '': 2, 'card': 3, 'cash': 4}\n"
    assert {columns_elsewhere(columns_of, seed) for seed in range(4)} == {by_name}
    by_hash = {columns_elsewhere(columns_by_hash, seed) for seed in range(4)}
    assert by_name in by_hash  # with this salt the test of the edges is green
    assert len(by_hash) > 1  # and with another it is red


# --8<-- [end:hash]


@pytest.mark.parametrize("least", [1, 2, 3])
def test_as_the_library_counts(least):
    from sklearn.preprocessing import OneHotEncoder

    seen = ["b", "a", "a", "c", "c", "c", "b"]
    library = OneHotEncoder(
        min_frequency=least, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    known = library.fit([[v] for v in seen]).transform([["a"], ["b"], ["c"], ["z"]])
    columns = columns_of(seen, least)
    ours = [encode(v, columns) for v in ("a", "b", "c", "z")]
    same = [[left == right for right in ours] for left in ours]
    theirs = [[bool((left == right).all()) for right in known] for left in known]
    if least == 1:  # nothing rare: the library has no column for it, ours always has
        assert [row[:3] for row in same[:3]] == [row[:3] for row in theirs[:3]]
    else:
        assert same == theirs
