"""Alternating least squares against the dense weighted solve, and a judge that sees only the past."""

import numpy as np
import pytest
from equal import quick
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.factors import (
    Event,
    factorize,
    popular,
    recall_after,
    solve_side,
    table,
    with_fallback,
)


def objective(counts, users, items, alpha, penalty):
    errors = (counts > 0) - users @ items.T
    return ((1 + alpha * counts) * errors**2).sum() + penalty * (
        (users**2).sum() + (items**2).sum()
    )


# --8<-- [start:dense]
@quick
@given(st.integers(0, 2**32 - 1), st.floats(0, 50), st.floats(0.1, 5))
def test_one_side_is_weighted_least_squares_over_all_items(seed, alpha, penalty):
    rng = np.random.default_rng(seed)
    counts, fixed = rng.poisson(0.4, (5, 6)) * 1.0, rng.normal(size=(6, 3))
    got = solve_side(counts, fixed, alpha, penalty)
    for row, mine in zip(counts, got, strict=True):
        weight = np.sqrt(1 + alpha * row)  # every item, dense, as extra rows a penalty
        left = np.vstack([weight[:, None] * fixed, np.sqrt(penalty) * np.eye(3)])
        right = np.concatenate([weight * (row > 0), np.zeros(3)])
        assert mine == pytest.approx(np.linalg.lstsq(left, right)[0], abs=1e-9)


# --8<-- [end:dense]


def test_no_half_round_raises_the_objective():
    rng = np.random.default_rng(1)
    counts, items = rng.poisson(0.3, (12, 9)) * 1.0, rng.normal(size=(9, 3))
    users = solve_side(counts, items, 10, 0.5)
    before = objective(counts, users, items, 10, 0.5)
    for _ in range(5):
        items = solve_side(counts.T, users, 10, 0.5)
        middle = objective(counts, users, items, 10, 0.5)
        users = solve_side(counts, items, 10, 0.5)
        after = objective(counts, users, items, 10, 0.5)
        assert after <= middle + 1e-9 <= before + 2e-9
        before = after


def test_two_blocks_are_found_and_the_cold_get_zeros_and_the_popular():
    counts = np.kron(np.eye(2), np.ones((3, 3)))
    counts[0, 2] = 0
    users, items = factorize(counts, 2, 10, 0.1, 10)
    scores = users @ items.T
    assert scores[0, 2] > 0.5 > scores[0, 3:].max()  # its block, not the other
    cold = np.vstack([counts, np.zeros(6)])
    assert factorize(cold, 2, 10, 0.1, 10)[0][-1].tolist() == [0, 0]
    assert (
        with_fallback(cold, 2, 10, 0.1)[-1].tolist()
        == popular(cold)[-1].tolist()
        == [3, 3, 2, 3, 3, 3]
    )


# --8<-- [start:judge]
def test_the_judge_sees_the_past_only_and_counts_what_it_cannot_reach():
    past = [Event(0, 0, 1.0), Event(1, 0, 2.0), Event(1, 1, 3.0), Event(0, 0, 9.0)]
    new = [Event(0, 1, 10.0), Event(0, 0, 11.0), Event(1, 2, 12.0), Event(2, 0, 13.0)]
    seen = []

    def spy(counts):
        seen.append(counts)
        return popular(counts)

    # (0, 1) and (2, 0) are found; item 2 was never taken; (0, 0) is not new
    assert recall_after(past + new, 10.0, 1, (3, 3), spy) == pytest.approx(2 / 3)
    assert np.array_equal(seen[0], table(past, 3, 3))
    other = [e._replace(user=2) for e in new]  # another future
    recall_after(past + other, 10.0, 1, (3, 3), spy)
    assert np.array_equal(seen[1], seen[0])
    assert np.isnan(recall_after(past, 10.0, 1, (3, 3), spy))


# --8<-- [end:judge]


def test_a_repeated_item_and_an_unknown_one_take_no_place():
    events = [Event(0, 0, 1.0), Event(1, 1, 1.0), Event(0, 1, 5.0)]
    assert recall_after(events, 5.0, 3, (2, 4), lambda past: np.zeros_like(past)) == 1.0
    assert recall_after(events, 5.0, 1, (2, 4), popular) == 1.0
    two = [Event(1, 1, 1.0), Event(1, 2, 1.0), Event(1, 2, 1.5), Event(0, 2, 5.0)]
    assert (
        recall_after(two, 5.0, 1, (2, 4), popular) == 0.0
    )  # a tie of one user each: item 1
    events.append(Event(0, 3, 5.0))
    assert recall_after(events, 5.0, 4, (2, 4), lambda past: np.ones_like(past)) == 0.5
