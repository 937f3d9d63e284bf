"""Least squares two ways, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from snippets.coding.linear import descend, least_squares


def data(seed, n=30, d=3):
    rng = np.random.default_rng(seed)
    X = rng.normal([0, 50, 2000], [1, 10, 1000], size=(n, d))
    return X, X @ [2, -1, 0.01] + rng.normal(size=n)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_two_ways_and_the_library(seed):
    X, y = data(seed)
    model = LinearRegression().fit(X, y)
    for coef, intercept in (least_squares(X, y), descend(X, y)):
        np.testing.assert_allclose(coef, model.coef_, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(intercept, model.intercept_, rtol=1e-4, atol=1e-3)


# --8<-- [start:two]
def test_a_copied_column_has_many_answers_and_one_prediction():
    x = np.array([0.0, 1, 2, 3, 4])
    X, y = np.c_[x, 10 * x], np.array([1.0, 2, 2, 5, 4])
    solved, descended = least_squares(X, y), descend(X, y)
    np.testing.assert_allclose(solved[0], LinearRegression().fit(X, y).coef_)
    assert abs(solved[0][0] - descended[0][0]) > 0.1  # not the same coefficients
    np.testing.assert_allclose(
        X @ solved[0] + solved[1], X @ descended[0] + descended[1], atol=1e-8
    )


# --8<-- [end:two]


def test_the_edges():
    for fit in (least_squares, descend):
        with pytest.raises(ValueError, match="rows"):
            fit(np.empty((0, 2)), np.empty(0))
    one = np.array([[3.0, 4.0]]), np.array([7.0])
    for coef, intercept in (least_squares(*one), descend(*one)):
        assert coef.tolist() == [0, 0]
        assert intercept == 7
    X, y = data(1)
    with pytest.raises(RuntimeError, match="converged"):
        descend(X, y, most=1)
    for value in (5, 0.1):  # constant columns; the deviation of thirty 0.1s isn't 0
        X[:, 1] = value
        assert descend(X, y)[0][1] == 0
        assert abs(least_squares(X, y)[0][1]) < 1e-9


def test_a_solver_takes_a_tiny_column_for_none():
    Z = np.random.default_rng(2).normal(size=(50, 2))
    X, y = Z * [1e-8, 1e8], Z.sum(axis=1)  # coefficients 1e8 and 1e-8
    assert descend(X, y)[0] == pytest.approx([1e8, 1e-8])
    for coef in (least_squares(X, y)[0], LinearRegression().fit(X, y).coef_):
        assert abs(coef[0]) < 1
