"""k-means against scikit-learn, and the center that nobody is near."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from snippets.coding.kmeans import kmeans, seeds
from snippets.coding.wrong_scratch import lloyd


# --8<-- [start:never-rises]
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=3),
    st.integers(0, 99),
)
@example([(-1, 0), (0, 0), (-2, 0)], 6)  # the farthest by the old centers: empty again
def test_inertia_never_rises_and_no_cluster_is_empty(rows, seed):
    X = np.array(rows, dtype=float)
    k = min(3, len(np.unique(X, axis=0)))
    start = np.random.default_rng(seed).uniform(-9, 9, size=(k, 2))  # often empty
    centers, labels, inertia = kmeans(X, start)
    assert all(b <= a + 1e-9 for a, b in pairwise(inertia))
    assert len(np.unique(labels)) == k
    for j in range(k):
        np.testing.assert_allclose(centers[j], X[labels == j].mean(axis=0))


# --8<-- [end:never-rises]


# --8<-- [start:origin]
def test_an_empty_cluster_is_not_a_mean_of_nothing():
    X = np.array([[10.0], [11], [20], [21]])
    for usual in ([[10.0], [20]], [[10.0], [11]], [[11.0], [21]]):
        assert sorted(lloyd(X, np.array(usual))[:, 0]) == [10.5, 20.5]
        assert sorted(kmeans(X, np.array(usual))[0][:, 0]) == [10.5, 20.5]
    nobody_near = np.array([[15.0], [100]])
    assert sorted(kmeans(X, nobody_near)[0][:, 0]) == [10.5, 20.5]
    assert sorted(lloyd(X, nobody_near)[:, 0]) == [0, 15.5]  # 0 is no row's mean


# --8<-- [end:origin]


def test_the_library_from_the_same_start():
    X = np.random.default_rng(1).normal(size=(200, 3))
    start = seeds(X, 5, np.random.default_rng(2))
    centers, labels, inertia = kmeans(X, start)
    model = KMeans(5, init=start, n_init=1, tol=0, algorithm="lloyd").fit(X)
    np.testing.assert_allclose(centers, model.cluster_centers_)
    assert labels.tolist() == model.labels_.tolist()
    assert inertia[-1] == pytest.approx(model.inertia_)


def test_the_edges():
    rng = np.random.default_rng(0)
    twins = np.array([[1.0], [1.0], [5.0]])
    assert sorted(seeds(twins, 2, rng)[:, 0]) == [1, 5]
    for k in (0, 3):
        with pytest.raises(ValueError, match="different"):
            seeds(twins, k, rng)
    with pytest.raises(ValueError, match="different"):
        kmeans(twins, np.array([[0.0], [1.0], [9.0]]))
    whole = np.array([[0], [1], [10], [11]])  # integers: means must not be cut
    assert kmeans(whole, seeds(whole, 1, rng))[0].tolist() == [[5.5]]
    assert len(kmeans(twins, np.array([[0.0], [9.0]]), most=1)[2]) == 1
    centers, _, _ = kmeans(np.array([[0.0], [1], [9]]), np.array([[0.0], [50], [60]]))
    once = kmeans(np.array([[0.0], [1], [9]]), np.array([[0.0], [50], [60]]), most=1)
    assert len(np.unique(once[0])) == 3
    tie = kmeans(np.array([[0.0], [1], [2]]), np.array([[0.0], [2]]))
    assert tie[1].tolist() == [0, 0, 1]
    assert sorted(centers[:, 0]) == [0, 1, 9]  # two empty at once: two different rows
