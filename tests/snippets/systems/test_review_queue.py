"""The review queue against a list that is searched through, and its contract's edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.systems import review_queue
from snippets.systems.review_queue import ReviewQueue

HALF_LIFE = 6.0
STEPS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from((0.3, 1.0, 3.0, 7.0)),
        st.sampled_from((math.inf, 1.0, 4.0, 9.0)),
        st.booleans(),
    ),
    max_size=25,
)


# --8<-- [start:brute]
def brute_pop(waiting: dict[str, tuple[float, float, float, int]], now: float) -> str | None:
    """Look at every post: overdue first, then today's value, then who came first."""
    if not waiting:
        return None

    def turn(post: str) -> tuple[bool, float, int]:
        value, pushed, due, order = waiting[post]
        if due <= now:
            return (False, due, order)
        return (True, -value * 2 ** ((pushed - now) / HALF_LIFE), order)

    return min(waiting, key=turn)


@given(STEPS)
def test_same_order_as_searching_through_all(steps: list[tuple[str, float, float, bool]]) -> None:
    queue, waiting = ReviewQueue(HALF_LIFE), {}
    for n, (post, value, due, take) in enumerate(steps):
        hour = n // 2  # two pushes an hour, so equal values tie
        queue.push(post, value, hour, due)
        waiting[post] = (value, hour, due, n)
        if take:
            expected = brute_pop(waiting, hour)
            assert queue.pop(hour) == expected
            waiting.pop(expected)


# --8<-- [end:brute]


def test_a_fresh_small_post_beats_an_old_large_one() -> None:
    queue = ReviewQueue(HALF_LIFE)
    queue.push("old", 8.0, now=0.0)
    queue.push("new", 5.0, now=6.0)
    assert [queue.pop(6.0), queue.pop(6.0), queue.pop(6.0)] == ["new", "old", None]


def test_pushed_again_counts_with_its_last_value_and_once() -> None:
    queue = ReviewQueue(HALF_LIFE)
    queue.push("a", 8.0, now=0.0, due=1.0)
    queue.push("b", 4.0, now=0.0)
    queue.push("a", 1.0, now=0.0)
    assert [queue.pop(2.0), queue.pop(2.0), queue.pop(2.0)] == ["b", "a", None]


def test_ties_go_to_who_came_first_and_a_due_hour_counts_from_itself_on() -> None:
    queue = ReviewQueue(HALF_LIFE)
    for post in "xyz":
        queue.push(post, 1.0, now=0.0)
    queue.push("late", 0.5, now=0.0, due=5.0)
    assert queue.pop(4.999) == "x"
    assert queue.pop(5.0) == "late"
    assert queue.pop(5.0) == "y"


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_a_post_not_worth_a_review_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="value"):
        ReviewQueue(HALF_LIFE).push("a", value, now=0.0)


def test_clocks_of_an_epoch_keep_the_order() -> None:
    """Hours since 1970 are half a million; a percent of difference in value still decides."""
    queue = ReviewQueue(HALF_LIFE)
    queue.push("a", 1.00, now=500_000.0)
    queue.push("b", 1.01, now=500_000.0)
    assert queue.pop(500_000.0) == "b"


def test_demo(capsys: pytest.CaptureFixture[str]) -> None:
    review_queue.demo_queue()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "18 h: six, $5 a minute"
    assert lines[1] == "19 h: noon, an appeal"
    assert lines[-1] == "19 h: None"
