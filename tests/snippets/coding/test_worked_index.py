"""The plan of a coding round adds up, and the traps of its table are real."""

from collections import Counter, defaultdict
from heapq import merge, nlargest, nsmallest
from itertools import groupby, pairwise

import numpy as np
import pytest

from snippets.coding import worked_index as w


def test_the_steps_fill_the_round():
    assert sum(w.step(name) for name in w.PLAN) == w.MINUTES
    assert w.before_code() == w.step("contract") + w.step("example") + w.step("edges")
    assert w.step("code") * 3 == w.MINUTES
    spans = [w.span(name) for name in w.PLAN]
    assert spans[0][0] == 0
    assert spans[-1][1] == w.MINUTES
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert w.span("code")[0] == w.before_code()


def test_one_busy_key():
    even = Counter(n % 10 for n in range(1000))
    assert w.pairs(1000, 10) == sum(n * n for n in even.values())
    uneven = Counter(-1 if n < 100 else n % 7 for n in range(1000))
    assert w.pairs(1000, 7, 0.1) == sum(n * n for n in uneven.values())
    assert w.broadcast_megabytes() == np.zeros(w.SIDE).nbytes * w.SIDE / 1e6 == 800


# --8<-- [start:traps]
def test_the_traps():
    seen = defaultdict(list)
    assert not seen["asked"] and len(seen) == 1  # the question is now a key
    assert Counter("ab").most_common(1) != Counter("ba").most_common(1)
    assert list(merge([1, 4], [3, 2])) == [1, 3, 2, 4]
    assert [key for key, _ in groupby("aab" + "a")] == ["a", "b", "a"]
    assert list(zip("abc", "ab")) == [("a", "a"), ("b", "b")]
    batches = [[1, 1, 1], [5]]
    assert np.mean([np.mean(batch) for batch in batches]) == 3  # of 1, 1, 1, 5: 2
    far = np.array([1e9, 1e9 + 1])
    assert np.mean(far**2) - np.mean(far) ** 2 != np.var(far) == 0.25
    assert (np.zeros(3) - np.zeros((3, 1))).shape == (3, 3)


# --8<-- [end:traps]


def test_ties_that_reach_the_payload():
    assert nlargest(1, [(1, "a"), (1, "b")]) == [(1, "b")]
    for choose in (max, sorted, lambda rows: nsmallest(1, rows)):
        with pytest.raises(TypeError):
            choose([(1, None), (1, "a")])
    rows = [("b", 1), ("a", 1)]
    assert sorted(rows, key=lambda row: row[1]) == rows
