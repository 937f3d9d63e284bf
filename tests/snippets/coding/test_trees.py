"""Splits and trees against scikit-learn and against every possible cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from snippets.coding.trees import Node, best_split, grow, predict
from snippets.coding.wrong_scratch import best_gain


def error(y):
    return ((y - y.mean()) ** 2).sum()


# --8<-- [start:brute]
@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2))
def test_no_cut_is_better(rows):
    x, y = np.array(rows, dtype=float).T
    gains = [error(y) - error(y[x <= v]) - error(y[x > v]) for v in np.unique(x)[:-1]]
    split = best_split(x[:, None], y)
    assert (split.gain if split else 0) == pytest.approx(max(gains, default=0))


# --8<-- [end:brute]


# --8<-- [start:equal]
def test_equal_values_cannot_be_cut_apart():
    def right(x, y):
        split = best_split(x[:, None], y)
        return split.gain if split else 0.0

    y = np.array([0.0, 0, 1, 1])
    for usual in ([1.0, 2, 3, 4], [4.0, 1, 3, 2], [1.0, 1, 2, 2]):
        x = np.array(usual)
        assert best_gain(x, y) == pytest.approx(right(x, y))
    assert best_gain(y[:1], y[:1]) == right(y[:1], y[:1]) == 0  # one row
    x = np.array([1.0, 2, 2, 3])
    assert right(x, y) == pytest.approx(1 / 3)
    assert best_gain(x, y) == 1  # perfect, and no cut does it


# --8<-- [end:equal]


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_the_library(depth):
    rng = np.random.default_rng(6)
    X, noise = rng.normal(size=(80, 3)), rng.normal(size=80)
    for y, model in (
        (X[:, 0] ** 2 + noise, DecisionTreeRegressor(max_depth=depth or 1)),
        ((X[:, 1] + noise > 0) * 1.0, DecisionTreeClassifier(max_depth=depth or 1)),
    ):
        tree = grow(X, y, depth)
        told = [predict(tree, x) for x in X]
        if depth == 0:
            assert told == [y.mean()] * 80
        elif isinstance(model, DecisionTreeRegressor):
            np.testing.assert_allclose(told, model.fit(X, y).predict(X))
        else:
            np.testing.assert_allclose(told, model.fit(X, y).predict_proba(X)[:, 1])


def test_the_edges():
    with pytest.raises(ValueError, match="rows"):
        grow(np.empty((0, 1)), np.empty(0), 2)
    assert grow(np.array([[1.0]]), np.array([3.0]), 2) == 3
    assert best_split(np.ones((4, 1)), np.array([0.0, 1, 0, 1])) is None
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    xor = np.array([0.0, 1, 1, 0])
    assert grow(corners, xor, 2) == 0.5  # no first cut helps
    assert DecisionTreeClassifier().fit(corners, xor).score(corners, xor) == 1
    twice = np.array([[1.0, 1], [2, 2], [3, 3]])
    first = best_split(twice, np.array([0.0, 3, 0]))
    assert first == (0, 1.5, 1.5)  # of four equal gains: first column, lowest cut
    tenths = np.array([0.1, 0.8, 0.6, 0.9, 0.5, 0.6, 0.9, 0.7])
    x = np.array([2.0, 4, 3, 6, 5, 0, 1, 7])
    mirror = best_split(np.c_[x, -x], tenths)  # equal gains but for the last digit
    assert mirror == (0, 5.5, pytest.approx(0.0704166667))
    there_and_back = np.array([0.6, 0.5, 0.2, 0.2, 0.5, 0.6])
    assert best_split(np.arange(6.0)[:, None], there_and_back)[:2] == (0, 1.5)
    halves = np.array([[0.0], [0], [0], [1], [1], [1]])
    assert best_split(halves, np.array([0.1, 0.2, 0.3] * 2)) is None  # not by rounding
    near = 1 + 2.0**-52 * np.array([[1.0], [2.0]])  # their middle rounds up
    tree = grow(near, np.array([0.0, 1.0]), 1)
    assert isinstance(tree, Node)
    assert [predict(tree, x) for x in near] == [0, 1]
