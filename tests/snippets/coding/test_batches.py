"""Batches under a token budget, and a mean that sees neither padding nor batches."""

import math

import numpy as np
import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.batches import batches, masked_sum, mean_of, pad
from snippets.coding.wrong_numerics import mean_by_batch

values = st.floats(-100, 100)
sequences = st.lists(st.lists(values, max_size=6), max_size=8)


# --8<-- [start:budget]
@quick
@example([], 6, math.nan)
@example([[0.5, 1.5]], 6, 0)  # an integer 0 must not make integers
@given(sequences, st.integers(6, 30), st.sampled_from([0, 1e9, math.nan]))
def test_neither_padding_nor_budget_moves_the_mean(rows, budget, fill):
    groups = batches([len(row) for row in rows], budget)
    assert sorted(i for group in groups for i in group) == list(range(len(rows)))
    padded = [pad([rows[i] for i in group], fill) for group in groups]
    assert all(block.size <= budget for block, _ in padded)
    flat = [value for row in rows for value in row]
    expected = math.fsum(flat) / len(flat) if flat else None
    found = mean_of(masked_sum(*block) for block in padded)
    assert found == pytest.approx(expected, abs=1e-9)


# --8<-- [end:budget]


def test_edges():
    assert batches([], 8) == []
    assert batches([2, 2, 2], 4) == [[0, 1], [2]]  # full, to the last place
    assert batches([0, 0, 3], 3) == [[0, 1], [2]]
    assert batches([3, 1, 2, 1], 4) == [[1, 3], [2], [0]]
    with pytest.raises(ValueError, match="sequence 1 is longer"):
        batches([1, 9], 8)
    block, mask = pad([[], [1.0, 2.0]], -1.0)
    assert block.tolist() == [[-1.0, -1.0], [1.0, 2.0]]
    assert mask.tolist() == [[False, False], [True, True]]
    assert pad([], 0.0)[0].shape == (0, 0)
    assert mean_of([]) is None
    assert mean_of([(0.0, 0)]) is None


# --8<-- [start:multiply]
def test_a_mask_that_multiplies_lets_nan_through():
    block, mask = pad([[1.0], [2.0, 3.0]], math.nan)
    assert math.isnan((block * mask).sum() / mask.sum())  # 0 × NaN is NaN
    assert mean_of([masked_sum(block, mask)]) == 2.0


# --8<-- [end:multiply]


# --8<-- [start:means]
def test_the_batch_you_are_in_decides_your_weight():
    for usual in ([(6.0, 3)], [(6.0, 3), (12.0, 3)], []):
        assert mean_by_batch(usual) == mean_of(usual)
    assert mean_of([(0.0, 2), (3.0, 1)]) == 1.0  # three of one length, two to a batch
    assert mean_by_batch([(0.0, 2), (3.0, 1)]) == 1.5
    together, parted = [(22.0, 16)], [(8.0, 2), (14.0, 14)]  # the same 16 tokens
    assert mean_of(together) == mean_of(parted) == 1.375
    assert mean_by_batch(together) == 1.375
    assert mean_by_batch(parted) == 2.5


# --8<-- [end:means]


@quick
@given(st.lists(st.tuples(values, st.just(4)), max_size=6))
def test_batches_of_one_size_hide_it(parts):
    assert mean_by_batch(parts) == pytest.approx(mean_of(parts), abs=1e-9)


def test_fewer_places_for_more_batches():
    lengths = np.random.default_rng(0).integers(1, 50, 200).tolist()

    def places(groups):
        return sum(len(g) * max(lengths[i] for i in g) for g in groups)

    assert sum(lengths) <= places(batches(lengths, 100)) < len(lengths) * 49
