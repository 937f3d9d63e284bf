"""A cache under a clock that the test moves, against a slow list of everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.caches import Cache
from snippets.coding.wrong_streams import Refreshing


# --8<-- [start:edges]
def test_age_and_use():
    now = 0.0
    cache = Cache(size=2, ttl=60, clock=lambda: now)
    cache.put("a", None)
    assert cache.get("a", "missing") is None  # a stored None is a value
    now = 59.9
    assert cache.get("a", "missing") is None
    now = 60.0
    assert cache.get("a", "missing") == "missing"  # as old as the limit is too old
    for key in "bcb":
        cache.put(key, key)
    cache.get("c")
    cache.put("d", "d")
    assert [cache.get(key) for key in "bcd"] == [
        None,
        "c",
        "d",
    ]  # b was used longest ago


# --8<-- [end:edges]


# --8<-- [start:refresh]
@pytest.mark.parametrize(("kind", "minutes"), [(Cache, 1), (Refreshing, 10)])
def test_a_value_that_is_read_often_must_still_grow_old(kind, minutes):
    now = 0.0
    cache = kind(size=2, ttl=60, clock=lambda: now)
    cache.put("usual", 1)
    now = 60.0
    assert cache.get("usual") is None  # nobody asked meanwhile: both forget
    now = 0.0
    cache.put("price", 10)
    while now < 600 and cache.get("price") is not None:
        now += 30
    assert now == 60 * minutes


# --8<-- [end:refresh]


def test_none_is_told_from_a_miss_only_by_a_default_of_ones_own():
    cache = Cache(size=1, ttl=60, clock=lambda: 0.0)
    cache.put("no history", None)
    assert cache.get("no history") == cache.get("never put")
    miss = object()
    assert cache.get("no history", miss) is None
    assert cache.get("never put", miss) is miss


calls = st.lists(
    st.tuples(st.sampled_from("gp"), st.sampled_from("abc"), st.integers(0, 3)),
    max_size=30,
)


@given(calls, st.integers(1, 3), st.integers(1, 5))
def test_as_a_list_of_all_that_happened(calls, size, ttl):
    now = 0
    cache, held = Cache(size, ttl, lambda: now), []  # rows (key, put, used)
    for tick, (what, key, wait) in enumerate(calls):
        now += wait
        mine = [row for row in held if row[0] == key]
        if what == "p":
            held = [row for row in held if row[0] != key] + [(key, now, tick)]
            held = sorted(held, key=lambda row: row[2])[-size:]
            cache.put(key, tick)
        else:
            alive = bool(mine) and now - mine[0][1] < ttl
            held = [row for row in held if row[0] != key]
            held += [(key, mine[0][1], tick)] if alive else []
            assert (cache.get(key) is not None) == alive
