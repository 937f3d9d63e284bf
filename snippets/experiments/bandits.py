"""Bandits of clicks, and what they earn against a split. Serves docs/chapters/experiments/observational.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.float64]
Arms: TypeAlias = npt.NDArray[np.int64]
Choose: TypeAlias = Callable[[Counts, Counts, int, np.random.Generator], Arms]


# --8<-- [start:choose]
def thompson(wins: Counts, tries: Counts, size: int, rng: np.random.Generator) -> Arms:
    """Arms for the next `size` views: each draws a rate for every arm and takes the best.

    Counts of shape (worlds, arms); result (size, worlds). The prior is uniform.
    """
    shape = (size, *wins.shape)
    return np.asarray(rng.beta(1 + wins, 1 + tries - wins, shape).argmax(axis=-1))


def ucb(wins: Counts, tries: Counts, size: int, _: object, variance: float = 1.0) -> Arms:
    """Arms by mean plus √(2 · variance · ln t / n), an untried one first; all views the same.

    With 1 it is UCB1, safe for any reward from 0 to 1.
    """
    t = tries.sum(axis=-1, keepdims=True)
    n = np.maximum(tries, 1e-9)
    bound = wins / n + np.sqrt(2 * variance * np.log(np.maximum(t, 1)) / n)
    best = np.where(tries == 0, np.inf, bound).argmax(axis=-1)
    return np.broadcast_to(best, (size, *best.shape))


def split(_: Counts, tries: Counts, size: int, __: np.random.Generator) -> Arms:
    """Arms in turn, all alike: the experiment."""
    turn = (tries.sum(axis=-1).astype(int) + np.arange(size)[:, None]) % tries.shape[-1]
    return np.asarray(turn)


# --8<-- [end:choose]


def split_then_best(views: int) -> Choose:
    """Split for so many views, a multiple of batch and arms; then the arm with the most wins a try, for good."""

    def choose(wins: Counts, tries: Counts, size: int, rng: np.random.Generator) -> Arms:
        """Split while views are few; then the arm with the most views, and while all have the same, the best."""
        if tries[0].sum() < views:
            return split(wins, tries, size, rng)
        best = (tries + wins / np.maximum(tries, 1)).argmax(axis=-1)
        return np.broadcast_to(best, (size, *best.shape))

    return choose


# --8<-- [start:play]
def drop_behind(errors: float) -> Choose:
    """Split among the texts still in; drop, for good, one so many standard errors behind.

    It keeps no state: who is in has the most tries, a dropped arm lacks a batch's share.
    Batches of 20 views an arm or more. O(size · worlds).
    """

    def choose(wins: Counts, tries: Counts, size: int, _: np.random.Generator) -> Arms:
        """In turn among those in; the error is that of a difference of two arms at the pooled rate."""
        most, arms = tries.max(axis=-1, keepdims=True), tries.shape[-1]
        inside = most - tries < size / arms / 2
        rate = wins / np.maximum(tries, 1)
        lead = np.where(inside, rate, -1).max(axis=-1, keepdims=True)
        views = np.maximum(tries.sum(axis=-1, keepdims=True), 1)
        pooled = wins.sum(axis=-1, keepdims=True) / views
        error = np.sqrt(2 * pooled * (1 - pooled) / np.maximum(most, 1))
        inside &= lead - rate <= errors * error
        left = np.argsort(~inside, axis=-1, kind="stable")  # those in come first
        turn = (tries.sum(axis=-1).astype(int) + np.arange(size)[:, None]) % inside.sum(axis=-1)
        return np.take_along_axis(left, turn.T, axis=1).T

    return choose


def play(
    choose: Choose,
    rates: Sequence[Sequence[float]],
    size: int,
    worlds: int,
    seed: int,
    delay: int = 0,
) -> tuple[Counts, Counts, Counts]:
    """Play batches of `size` views; row b of `rates` has the arms' true rates in batch b.

    `delay` batches pass before a batch's clicks are seen. Gives, for each world, the
    expected loss by batch against always the best arm then, (worlds, batches), and the
    final wins and tries, (worlds, arms). O(batches · size · worlds · arms).
    """
    rng = np.random.default_rng(seed)
    truth = np.asarray(rates, dtype=float)
    arms = truth.shape[1]
    wins, tries = np.zeros((2, worlds, arms))
    waiting: list[tuple[Counts, Counts]] = []
    loss = np.empty((worlds, len(truth)))
    for b, p in enumerate(truth):
        arm = choose(wins, tries, size, rng)
        shown = (arm[..., None] == np.arange(arms)).sum(axis=0).astype(float)
        waiting.append((rng.binomial(shown.astype(int), p).astype(float), shown))
        loss[:, b] = shown @ (p.max() - p)
        if len(waiting) > delay:
            won, seen = waiting.pop(0)
            wins, tries = wins + won, tries + seen
    for won, seen in waiting:
        wins, tries = wins + won, tries + seen
    return loss, wins, tries


# --8<-- [end:play]
