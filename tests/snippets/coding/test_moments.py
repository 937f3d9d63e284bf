"""Mean and variance against the library, whole and merged; and where two large numbers cancel."""

import math
import random
import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.moments import Moments, moments
from snippets.coding.wrong_streams import variance

numbers = st.lists(st.integers(-1000, 1000).map(float))


# --8<-- [start:merge]
@given(numbers, numbers)
def test_two_parts_are_one(left, right):
    whole, both = moments(left + right), moments(left).merge(moments(right))
    assert both.n == whole.n
    assert math.isclose(both.mean, whole.mean, abs_tol=1e-9)
    assert math.isclose(both.squares, whole.squares, rel_tol=1e-9, abs_tol=1e-6)
    if whole.n > 1:
        assert math.isclose(
            whole.variance(), statistics.variance(left + right), abs_tol=1e-6
        )


# --8<-- [end:merge]


# --8<-- [start:cancel]
def test_squares_of_large_numbers_cancel():
    small = [4.0, 7.0, 13.0, 16.0]
    for shift in (0.0, 1e3, -1e6):
        shifted = [x + shift for x in small]
        assert math.isclose(
            variance(shifted), moments(shifted).variance(), rel_tol=1e-3
        )
    assert math.isnan(variance([3.0]))  # as by the contract
    shifted = [x + 1e9 for x in small]
    assert moments(shifted).variance() == 30.0
    assert variance(shifted) < 0


# --8<-- [end:cancel]


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        (60, 1, math.inf),
        (3_600, 1e-5, 1e-2),
        (86_400, 0, 1e-5),
        (86_400 * 365, 0, 1e-10),
    ],
)
def test_what_cancels_is_mean_over_deviation_not_size(seconds, least, most):
    rng = random.Random(1)
    times = [1.79e9 + rng.random() * seconds for _ in range(1_000)]
    exact = float(statistics.variance(map(Fraction, times)))
    assert least <= abs(variance(times) / exact - 1) < most
    assert math.isclose(moments(times).variance(), exact, rel_tol=1e-7)


def test_a_mean_in_float32_stops():
    one, two = np.float32(1), np.float32(2)
    assert one + (two - one) / np.float32(10_000_000) > one
    assert one + (two - one) / np.float32(16_777_217) == one


def test_too_few():
    assert math.isnan(Moments().variance())
    assert math.isnan(moments([3.0]).variance())
    assert moments([3.0]) == (1, 3.0, 0.0)
    assert Moments().merge(Moments()) == Moments()
    assert moments([2.0, 4.0]).variance() == pytest.approx(2.0)
