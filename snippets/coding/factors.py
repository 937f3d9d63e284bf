"""Implicit feedback factorized by alternating least squares, judged by a time split. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Event(NamedTuple):
    """A user clicked or bought an item at a time, in days."""

    user: int
    item: int
    day: float


# --8<-- [start:solve]
def solve_side(counts: Array, fixed: Array, alpha: float, penalty: float) -> Array:
    """counts (u, i), factors of the items (i, k) -> factors of the users (u, k).

    Minimizes, for each user, Σ (1 + alpha·count)·([count > 0] − x·y)² over *all*
    items, plus penalty·|x|². O(i·k²) once, O(i + seen·k² + k³) a user. A user without
    events gets zeros.
    """
    shared = fixed.T @ fixed + penalty * np.eye(fixed.shape[1])  # weight 1, all items
    factors = np.zeros((len(counts), fixed.shape[1]))
    for user, row in enumerate(counts):
        seen = np.flatnonzero(row)
        y, extra = fixed[seen], alpha * row[seen]  # what is beyond weight 1
        left = shared + (y.T * extra) @ y
        factors[user] = np.linalg.solve(left, y.T @ (1 + extra))
    return factors


def factorize(
    counts: Array, k: int, alpha: float, penalty: float, rounds: int, seed: int = 0
) -> tuple[Array, Array]:
    """(users, items): factors (u, k) and (i, k). `penalty` above 0."""
    items = np.random.default_rng(seed).normal(size=(counts.shape[1], k)) / np.sqrt(k)
    users = solve_side(counts, items, alpha, penalty)
    for _ in range(rounds):
        items = solve_side(counts.T, users, alpha, penalty)
        users = solve_side(counts, items, alpha, penalty)
    return users, items


# --8<-- [end:solve]


# --8<-- [start:judge]
def table(events: Sequence[Event], users: int, items: int) -> Array:
    """How often each user took each item: (users, items)."""
    counts = np.zeros((users, items))
    for event in events:
        counts[event.user, event.item] += 1
    return counts


def recall_after(
    events: Sequence[Event],
    cut: float,
    top: int,
    size: tuple[int, int],
    score: Callable[[Array], Array],  # counts (users, items) -> scores, the same shape
) -> float:
    """Share of the new (user, item) pairs from `cut` on that are in the user's top.

    Scores see events before `cut` only. What a user had before is neither ranked nor
    wanted; an item that nobody had before is wanted, and is not found. NaN without
    any new pair. Ties go to the smaller item.
    """
    past = table([e for e in events if e.day < cut], *size)
    wanted = {(e.user, e.item) for e in events if e.day >= cut}
    wanted = {pair for pair in wanted if not past[pair]}
    scores = np.where(past > 0, -np.inf, score(past))
    scores[:, past.sum(axis=0) == 0] = -np.inf  # never seen by anybody
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    found = sum(i in best[u] and np.isfinite(scores[u, i]) for u, i in wanted)
    return found / len(wanted) if wanted else np.nan


def popular(past: Array) -> Array:
    """The baseline: for everybody, how many users took the item."""
    return np.broadcast_to((past > 0).sum(axis=0), past.shape).astype(float)


def with_fallback(past: Array, k: int, alpha: float, penalty: float) -> Array:
    """Scores of the factors; who has no history gets the popular items."""
    users, items = factorize(past, k, alpha, penalty, rounds=8)
    known = past.sum(axis=1, keepdims=True) > 0
    return np.where(known, users @ items.T, popular(past))


# --8<-- [end:judge]
