"""Probability questions of interviews, exactly: collisions, missing classes, runs, the best of many, weighting by length, odds, arrivals. Serves docs/chapters/experiments/probability.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from statistics import NormalDist


# --8<-- [start:simulate]
def simulate(
    happens: Callable[[Random], bool],
    rounds: int = 10_000,
    seed: int = 0,
) -> tuple[float, float]:
    """Share of rounds in which it happens, and its 95 % half-width.

    Never narrower than 3/rounds: "not once" still allows that much.
    """
    rng = Random(seed)
    share = sum(happens(rng) for _ in range(rounds)) / rounds
    half = 1.96 * math.sqrt(share * (1 - share) / rounds)
    return share, max(half, 3 / rounds)


# --8<-- [end:simulate]


# --8<-- [start:collision]
def collision(items: int, cells: int) -> float:
    """Chance that two of the items share a cell, each cell equally likely. O(items).

    By the complement: the i-th item misses the i − 1 cells taken before it.
    """
    log_none = sum(math.log1p(-i / cells) for i in range(min(items, cells)))
    return 1.0 if items > cells else -math.expm1(log_none)


def items_for_collision(cells: int, chance: float) -> int:
    """Fewest items with at least this chance of a collision. O(items)."""
    none, items = 1.0, 0
    while 1 - none < chance:
        none *= 1 - items / cells
        items += 1
    return items


# --8<-- [end:collision]


# --8<-- [start:run]
def wait_for_run(p: float, length: int) -> float:
    """Expected days until so many days in a row had an event of chance p.

    First step: to have run k you wait for run k − 1 and one day more;
    with 1 − p you begin anew. So E(k) = (E(k − 1) + 1) / p.
    Infinite for p = 0.
    """
    wait = 0.0
    for _ in range(length):
        wait = (wait + 1) / p if p else math.inf
    return wait


# --8<-- [end:run]


# --8<-- [start:best]
def expected_best(draws: int, steps: int = 20_000) -> float:
    """Mean of the largest of so many standard normal draws.

    The largest is below x with chance Φ(x)ⁿ, so its quantile q is
    Φ⁻¹(q^(1/n)). In standard deviations. O(steps).
    """
    normal = NormalDist()
    middles = ((i + 0.5) / steps for i in range(steps))
    return sum(normal.inv_cdf(q ** (1 / draws)) for q in middles) / steps


# --8<-- [end:best]


# --8<-- [start:length]
def met_at_random(lengths: Sequence[float], shares: Sequence[float]) -> float:
    """Mean length of a visit that is under way at a random moment.

    A visit is met in proportion to its length: E(L²) / E(L).
    """
    mean = sum(p * x for x, p in zip(lengths, shares, strict=True))
    return sum(p * x * x for x, p in zip(lengths, shares, strict=True)) / mean


# --8<-- [end:length]


# --8<-- [start:odds]
def after_evidence(prior: float, *ratios: float) -> float:
    """Chance after independent pieces of evidence, each a likelihood ratio."""
    odds = prior / (1 - prior) * math.prod(ratios)
    return odds / (1 + odds)


# --8<-- [end:odds]


# --8<-- [start:classes]
def class_missing(share: float, batch: int) -> float:
    """Chance that a random batch holds no row of a class with this share."""
    return (1 - share) ** batch


def rows_to_see_all(classes: int) -> float:
    """Expected rows until each class was seen (coupon collector).

    All classes equally likely, rows drawn at random.
    """
    return classes * sum(1 / left for left in range(1, classes + 1))


# --8<-- [end:classes]


# --8<-- [start:arrivals]
def more_than(limit: int, mean: float) -> float:
    """Chance of more Poisson arrivals than the limit.

    `mean` is the expected count; each comes on its own. O(limit).
    """
    term = up_to = math.exp(-mean)
    for count in range(1, limit + 1):
        term *= mean / count
        up_to += term
    return 1 - up_to


def arrivals(rate: float, span: float, rng: Random) -> int:
    """Arrivals in a span, simulated gap by gap: no formula of counts."""
    at, count = rng.expovariate(rate), 0
    while at < span:
        at, count = at + rng.expovariate(rate), count + 1
    return count


# --8<-- [end:arrivals]
