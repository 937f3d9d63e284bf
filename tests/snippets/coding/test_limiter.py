"""The promise of a token bucket over every window, and the one that starves."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.limiter import Bucket
from snippets.coding.wrong_streams import Whole

asks = st.lists(st.tuples(st.integers(0, 8).map(lambda n: n / 4), st.integers(0, 3)))


# --8<-- [start:promise]
@given(asks)
def test_no_window_lets_through_more_than_it_may(asks):
    now, passed = 0.0, []
    bucket = Bucket(rate=2, burst=3, clock=lambda: now)
    for wait, cost in asks:
        now += wait
        if bucket.take(cost):
            passed.append((now, cost))
    for first, (start, _) in enumerate(passed):
        for last in range(first, len(passed)):
            most = 3 + 2 * (passed[last][0] - start)
            assert sum(cost for _, cost in passed[first : last + 1]) <= most + 1e-9


# --8<-- [end:promise]


works = st.lists(
    st.tuples(
        st.integers(0, 8).map(lambda n: n / 4), st.integers(0, 3), st.integers(0, 3)
    )
)


@given(works)
@example([(0.0, 3, 0), (1.0, 2, 3), (0.0, 3, 0)])  # 5 start in one instant
def test_no_window_takes_more_less_what_it_gives_back(works):
    """`burst + rate × t` bounds what was taken less what was given back; what starts may reach twice the burst."""
    now, moved = 0.0, []  # (when, taken or given back)
    bucket = Bucket(rate=2, burst=3, clock=lambda: now)
    held = 0.0
    for wait, cost, unused in works:
        now += wait
        if bucket.take(cost):
            moved.append((now, cost))
            held += cost
        back = min(unused, held)
        bucket.give_back(back)
        moved.append((now, -back))
        held -= back
    for first, (start, _) in enumerate(moved):
        for last in range(first, len(moved)):
            window = moved[first : last + 1]
            most = 3 + 2 * (moved[last][0] - start)
            assert sum(cost for _, cost in window) <= most + 1e-9


def test_a_refund_lets_more_than_the_burst_start_at_once():
    now = 0.0
    bucket = Bucket(rate=1, burst=4, clock=lambda: now)
    assert bucket.take(4)
    now = 2.0
    assert bucket.take(2)
    bucket.give_back(3)
    assert bucket.take(3)  # 5 in one instant, of a burst of 4
    assert not bucket.take(0.5)


def test_an_answer_longer_than_reserved_leaves_a_debt():
    now = 0.0
    bucket = Bucket(rate=1, burst=4, clock=lambda: now)
    assert bucket.take(4)
    bucket.give_back(-2)
    now = 2.5
    assert not bucket.take(1)
    now = 3.0
    assert bucket.take(1)


@given(asks)
def test_what_the_promise_allows_is_let_through(asks):
    """The other side of the promise: a bucket that refuses all would keep it."""
    now, passed = 0.0, []
    bucket = Bucket(rate=2, burst=3, clock=lambda: now)
    for wait, cost in asks:
        now += wait
        room = min(
            3 + 2 * (now - start) - sum(c for when, c in passed if when >= start)
            for start in [now, *(when for when, _ in passed)]
        )
        assert bucket.take(cost) == (cost <= room)
        if cost <= room:
            passed.append((now, cost))


# --8<-- [start:whole]
def test_half_a_token_is_not_nothing():
    def passed(kind, wait):
        now = 0.0
        bucket = kind(rate=2, burst=2, clock=lambda: now)
        count = 0
        for _ in range(100):
            count += bucket.take()
            now += wait
        return count

    for usual in (0.5, 0.75, 1.0, 60.0):
        assert passed(Whole, usual) == passed(Bucket, usual) == 100
    assert passed(Whole, -1.0) == passed(Bucket, -1.0) == 2  # a clock set back
    assert passed(Bucket, 0.25) == 51  # a burst of two, then every second ask
    assert passed(Whole, 0.25) == 2


# --8<-- [end:whole]


def test_costs_clocks_and_refunds():
    now = 10.0
    bucket = Bucket(rate=1, burst=4, clock=lambda: now)
    assert bucket.take(4)
    assert not bucket.take(1)
    now = 5.0  # set back: nothing earned, nothing lost
    assert not bucket.take(1)
    now = 11.0
    assert bucket.take(1)
    bucket.give_back(3)
    assert bucket.take(3)
    bucket.give_back(9)
    assert bucket.take(4)
    assert not bucket.take(0.5)
    assert bucket.take(0)
    for bad in (-1, 5):
        with pytest.raises(ValueError, match="never fits"):
            bucket.take(bad)
