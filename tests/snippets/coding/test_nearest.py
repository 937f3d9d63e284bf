"""Nearest rows in blocks: against SciPy, whatever the block; cancellation, ties, NaN, memory."""

import tracemalloc

import numpy as np
import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from snippets.coding.nearest import nearest, squared, unit
from snippets.coding.wrong_numerics import squared_expanded

cell = st.sampled_from([0.0, 1.0, 2.0, -3.0, np.nan])
bases = st.lists(st.tuples(cell, cell), max_size=9)


# --8<-- [start:blocks]
@quick
@example([(1.0, 1.0)] * 4, 2, 1)
@given(bases, st.integers(0, 5), st.sampled_from([1, 48, 10_000]))
def test_the_block_does_not_show(rows, k, floats):
    base = np.array(rows).reshape(-1, 2)
    queries = np.array([[0.0, 0.0], [1.0, 2.0]])
    ids, far = nearest(queries, base, k, floats)
    for q, query in enumerate(queries):
        alive = [i for i in range(len(base)) if not np.isnan(base[i]).any()]
        apart = {i: ((base[i] - query) ** 2).sum() for i in alive}
        expected = sorted(alive, key=lambda i: (apart[i], i))[:k]
        assert ids[q].tolist() == expected + [-1] * (k - len(expected))
        assert far[q].tolist()[: len(expected)] == [apart[i] for i in expected]


# --8<-- [end:blocks]


def test_edges():
    two = np.array([[1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match="not finite"):
        nearest(np.array([[np.nan, 0.0]]), two, 1)
    with pytest.raises(ValueError, match="not finite"):
        nearest(np.array([[np.inf, 0.0]]), two, 1)
    for width in (1, 3):  # would broadcast, and answer
        with pytest.raises(ValueError, match="columns"):
            nearest(two[:, :1] if width == 3 else two, np.ones((4, width)), 1)
    base = np.array([[np.inf], [-np.inf], [1e200], [1.0]])
    ids, far = nearest(np.zeros((1, 1)), base, 3)
    assert (ids.tolist(), far[0, 0]) == ([[3, -1, -1]], 1.0)
    ids, far = nearest(two, np.empty((0, 2)), 2)
    assert ids.tolist() == [[-1, -1], [-1, -1]]
    assert np.isinf(far).all()
    assert nearest(np.empty((0, 2)), two, 1)[0].shape == (0, 1)
    ids, _ = nearest(two[:1], unit(np.array([[0.0, 0.0], [5.0, 5.0], [3.0, 0.0]])), 3)
    assert ids.tolist() == [[2, 1, -1]]  # a zero row has no direction


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.float16, np.float32])
def test_small_types_do_not_wrap(kind):
    query, base = np.array([[100]], kind), np.array([[120], [3]], kind)
    if kind is np.int8:
        base = np.array([[-100], [90]], kind)  # −56 and 10, if bytes are subtracted
    ids, far = nearest(query, base, 2)
    apart = (query.astype(int) - base.astype(int).T)[0] ** 2
    assert far.tolist() == [sorted(apart.tolist())]
    assert ids.tolist() == [np.argsort(apart).tolist()]


def test_parallel_rows_tie_only_up_to_rounding():
    """Of one direction, yet after scaling they differ in the last bit: the later row comes first."""
    ids, far = nearest(
        unit(np.array([[3.0, 1.0]])), unit(np.array([[1.0, 5], [3, 15]])), 2
    )
    assert ids.tolist() == [[1, 0]]
    assert far[0, 0] == pytest.approx(far[0, 1], rel=1e-14)


@quick
@given(st.integers(0, 10_000))
def test_squared_is_scipys(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    assert squared(a, b) == pytest.approx(cdist(a, b, "sqeuclidean"))
    assert squared_expanded(a, b) == pytest.approx(cdist(a, b, "sqeuclidean"))
    apart = 2 * cdist(a, b, "cosine")
    assert squared(unit(a), unit(b)) == pytest.approx(apart)


def test_memory_follows_the_limit_not_the_base():
    rng = np.random.default_rng(0)

    def peak(floats, d=16, k=5):
        base, queries = rng.normal(size=(20_000, d)), rng.normal(size=(8, d))
        tracemalloc.start()
        nearest(queries, base, k, floats)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    for d in (1, 16, 300):
        assert peak(100_000, d) < 1.3 * 100_000 * 8
    assert peak(200_000, k=2000) < 1.3 * 200_000 * 8
    assert peak(100_000_000) > 20_000 * 8 * 16 * 8


# --8<-- [start:expanded]
def test_far_from_zero_the_neighbors_are_gone():
    query, base = np.array([[0.0, 0.0]]), np.array([[3.0, 0.0], [0.0, 2.0], [1.0, 0.0]])
    for usual in (0.0, 1.0, -50.0, 1000.0):
        apart = squared(query + usual, base + usual)
        assert squared_expanded(query + usual, base + usual).tolist() == apart.tolist()
    away = 1e9  # say, time stamps in seconds
    assert squared(query + away, base + away).tolist() == [[9.0, 4.0, 1.0]]
    assert squared_expanded(query + away, base + away).tolist() == [[0.0, 0.0, 0.0]]


# --8<-- [end:expanded]
