"""k nearest neighbors against scikit-learn, and its ties."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from snippets.coding.neighbors import knn

ROW = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2))
# In this order and in the next the two columns' deviations differ in the last digit.
TURNED = [
    *((1, 2, 0), (3, 3, 0), (0, 3, 2), (3, 0, 2), (3, 1, 2)),
    *((3, 0, 1), (3, 2, 2), (3, 1, 2), (3, 1, 0)),
]
NEXT = [6, 5, 7, 0, 2, 8, 4, 1, 3]


# --8<-- [start:order]
@settings(max_examples=60, deadline=None)
@given(
    st.lists(ROW, min_size=3, max_size=9), st.integers(1, 3), st.permutations(range(9))
)
@example(TURNED, 2, NEXT)
def test_the_order_of_rows_decides_nothing(rows, k, order):
    shuffled = [rows[i] for i in order if i < len(rows)]
    told = []
    for table in (rows, shuffled):
        X, y = np.array(table, dtype=float)[:, :2], np.array(table)[:, 2]
        told.append(knn(X, y, np.array([[0.0, 0], [1, 1], [2, 2]]), k).tolist())
    assert told[0] == told[1]


# --8<-- [end:order]


@pytest.mark.parametrize("block", [1, 7, 256])
def test_the_library(block):
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(80, 3)) * [1, 100, 0.01], rng.integers(0, 3, 80)
    queries = rng.normal(size=(20, 3)) * [1, 100, 0.01]
    model = make_pipeline(StandardScaler(), KNeighborsClassifier(5, algorithm="brute"))
    assert (
        knn(X, y, queries, 5, block).tolist()
        == model.fit(X, y).predict(queries).tolist()
    )


def test_the_edges():
    X, y = np.array([[0.0, 7], [2, 7], [4, 7]]), np.array([1, 0, 1])
    assert knn(X, y, np.array([[1.0, 7]]), 1).tolist() == [
        0
    ]  # two as near: smaller label
    assert knn(X, y, X, 3).tolist() == [1, 1, 1]
    assert knn(X, y, np.empty((0, 2)), 1).tolist() == []
    tenths = np.c_[np.full(10, 0.1), np.arange(10.0)]  # std of the first isn't 0
    assert knn(tenths, np.arange(10), np.array([[0.2, 8.0]]), 1).tolist() == [8]
    for k in (0, 4):
        with pytest.raises(ValueError, match="k must"):
            knn(X, y, X, k)
