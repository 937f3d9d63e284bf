"""Sizes, against hand counts, and the quantizer against its own bound."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import sizes
from snippets.llm_systems.sizes import Shape

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
EIGHT = Shape(layers=32, width=4096, heads=32, kv_heads=8, head_size=128, ffn=14336, vocabulary=128256)


def test_the_cache_of_the_usual_interview_question():
    assert EIGHT.kv_bytes(8_192) * 16 == 2 * 32 * 8 * 128 * 8_192 * 16 * 2 == 16 * 2**30
    assert EIGHT.kv_bytes(0) == 0
    assert EIGHT.kv_bytes(10, 1) == EIGHT.kv_bytes(10) / 2


def test_grouping_divides_the_cache_by_the_group():
    every = Shape(32, 4096, 32, 32, 128, 14336, 128256)
    assert every.kv_bytes() == 4 * EIGHT.kv_bytes()


def test_parameters_are_the_sum_of_the_matrices():
    arrays = 32 * (4096 * 4096 * 2 + 2 * 4096 * 1024 + 3 * 4096 * 14336) + 2 * 128256 * 4096
    assert sizes.parameters(EIGHT) == arrays
    assert round(arrays / 1e9, 2) == 8.03


def test_requests_fit_until_the_memory_is_full():
    assert sizes.requests_that_fit(80, 16, 8, 10) == 5
    assert sizes.requests_that_fit(80, 16, 8, 56) == 1
    assert sizes.requests_that_fit(80, 16, 8, 57) == 0
    assert sizes.requests_that_fit(10, 16, 0, 1) == 0


def test_scales_weigh_by_group():
    assert sizes.weight_bytes(128, 4, 128) == 64 + 2
    assert sizes.weight_bytes(100, 16) == 200
    with pytest.raises(ValueError, match="group"):
        sizes.weight_bytes(1, 4, 0)


def test_lora_counts_real_pairs():
    r = 3
    pairs = [np.zeros((a, r)).size + np.zeros((r, b)).size for a, b in sizes.matrices(EIGHT).values()]
    assert sizes.lora_parameters(EIGHT, r) == 32 * sum(pairs)
    assert sizes.lora_parameters(EIGHT, 16, ("q",)) == 32 * 131_072
    with pytest.raises(KeyError):
        sizes.lora_parameters(EIGHT, 16, ("query",))
    with pytest.raises(ValueError, match="rank"):
        sizes.lora_parameters(EIGHT, 0)


def test_training_bytes():
    assert sizes.training_bytes(0, 10) == 160
    assert sizes.training_bytes(100, 10, 4) == 50 + 160
    assert sizes.training_bytes(100, 0) == 200


matrix = st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1, max_size=5)


@quick
@given(matrix, st.booleans())
def test_no_error_exceeds_half_a_scale(rows, by_row):
    values = np.array(rows)
    numbers, scale = sizes.quantize(values, by_row)
    assert numbers.dtype == np.int8
    assert int(np.abs(numbers.astype(int)).max()) <= 127
    assert (np.abs(numbers * scale - values) <= scale / 2 * (1 + 1e-9)).all()


def test_the_largest_number_maps_to_127_and_zeros_stay():
    numbers, scale = sizes.quantize(np.array([[1.0, -2.0], [0.0, 0.0]]))
    assert numbers.tolist() == [[64, -127], [0, 0]]
    assert scale.ravel().tolist() == [2 / 127, 1.0]


@pytest.mark.parametrize("bad", [np.zeros((0, 3)), np.zeros(3), np.array([[math.nan]]), np.array([[math.inf]])])
def test_quantize_refuses(bad):
    with pytest.raises(ValueError, match="matrix"):
        sizes.quantize(bad)


@quick
@given(st.lists(st.integers(1, 50), max_size=12), st.integers(0, 200), st.integers(1, 20))
def test_admission_hands_out_no_block_twice(tokens, free, block):
    count, empty = sizes.admitted(tokens, float(free), 1.0, block)
    held = [math.ceil(need / block) * block for need in tokens]
    assert sum(held[:count]) <= free
    assert count == len(tokens) or sum(held[: count + 1]) > free // block * block
    assert empty == pytest.approx(1 - sum(tokens[:count]) / sum(held[:count]) if count else 0)


def test_admission_edges():
    assert sizes.admitted([], 100, 1) == (0, 0.0)
    assert sizes.admitted([200, 1], 100, 1) == (0, 0.0)  # the short one may not overtake
    assert sizes.admitted([16, 17], 48, 1) == (2, pytest.approx(15 / 48))
    with pytest.raises(ValueError, match="tokens"):
        sizes.admitted([0], 100, 1)
