"""What the metric functions refuse, and how they say so."""

import math

import numpy as np
import pytest

from snippets.metrics import _inputs as inputs


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400, -(10**400)])
def test_finite_names_argument_and_position(bad):
    with pytest.raises(ValueError, match=r"scores\[1\] is (nan|-?inf)"):
        inputs.finite([0.5, bad], "scores")


def test_lists_arrays_integers_and_booleans_are_accepted():
    assert inputs.finite(np.array([1, 2]), "x") == [1.0, 2.0]
    assert inputs.finite([], "x") == []
    assert inputs.binary(np.array([True, False]), "y") == [1, 0]
    assert inputs.binary([1.0, 0, True], "y") == [1, 0, 1]
    assert inputs.fractions((0, 1), "p") == [0.0, 1.0]


@pytest.mark.parametrize("bad", [2, -1, 0.5, math.nan, math.inf])
def test_labels_are_zero_or_one(bad):
    with pytest.raises(ValueError, match=r"y_true\[0\] is .*labels are 0 or 1"):
        inputs.binary([bad], "y_true")


@pytest.mark.parametrize("bad", [-0.001, 1.001])
def test_fractions_lie_between_zero_and_one(bad):
    with pytest.raises(ValueError, match=r"probabilities\[0\] is"):
        inputs.fractions([bad], "probabilities")


def test_fraction_with_open_and_closed_ends():
    assert inputs.fraction(0, "p") == 0.0
    assert inputs.fraction(1, "p") == 1.0
    assert inputs.fraction(0.5, "p", open_ends=True) == 0.5
    for bad in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match=r"p is .* between 0 and 1"):
            inputs.fraction(bad, "p")
    for end in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match=r"p is .* strictly between"):
            inputs.fraction(end, "p", open_ends=True)


def test_whole_numbers():
    assert inputs.whole(0, "k") == 0
    assert inputs.whole(3.0, "k", least=3) == 3
    for bad in (-1, 0.5, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"k is .* whole number of at least 0"):
            inputs.whole(bad, "k")
    with pytest.raises(ValueError, match="at least 1"):
        inputs.whole(0, "k", least=1)


def test_lengths():
    assert inputs.same_length(a=[], b=[]) == 0
    assert inputs.row_count(a=[1], b=[2]) == 1
    with pytest.raises(ValueError, match="a has 1, b has 2"):
        inputs.same_length(a=[1], b=[1, 2])
    with pytest.raises(ValueError, match=r"^a is empty$"):
        inputs.row_count(a=[])
    with pytest.raises(ValueError, match=r"^a and b are empty$"):
        inputs.row_count(a=[], b=[])
