"""In which order to check: likelihood and price. Serves docs/chapters/debugging/index.md."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple


# --8<-- [start:order]
class Check(NamedTuple):
    """A check: what it costs, and how probably it is the one that finds the fault."""

    name: str
    minutes: float  # above 0
    chance: float  # that the fault is there and the check sees it


def by_likelihood_and_price(checks: Collection[Check]) -> list[Check]:
    """The order with the fewest expected minutes: chance over minutes, falling.

    Swapping two neighbors a, b changes the expectation by
    chance_a · minutes_b − chance_b · minutes_a: an order is best when no
    swap helps. For one fault, and checks that don't wait for each other.
    Ties keep their order. O(n log n).
    """
    for check in checks:
        if not (check.minutes > 0 and 0 <= check.chance <= 1):
            raise ValueError(f"{check}: minutes above 0, chance from 0 to 1")
    return sorted(checks, key=lambda check: -check.chance / check.minutes)


def expected_minutes(order: Sequence[Check]) -> float:
    """Minutes until the fault is found or all checks are done, on average.

    A check is paid for when none before it has found the fault, so the
    chances must not add up to more than 1. What is missing to 1 is a fault
    that no check sees. No check costs 0. O(n).
    """
    if math.fsum(check.chance for check in order) > 1 + 1e-9:
        raise ValueError("chances add up to more than 1: they are of one fault")
    total, open_still = 0.0, 1.0
    for check in order:
        total += open_still * check.minutes
        open_still -= check.chance
    return total


# --8<-- [end:order]


def best_order_with_needs(checks: Sequence[Check], needs: Mapping[str, Collection[str]]) -> list[Check]:
    """The cheapest order in which each check comes after those it needs, by dynamic programming over sets.

    `needs` maps a name to the names that must come before it; a circle raises `ValueError`. O(2ⁿ · n) for n checks.
    """
    index = {check.name: i for i, check in enumerate(checks)}
    before = [sum(1 << index[name] for name in needs.get(check.name, ())) for check in checks]
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for done in range(1 << len(checks)):
        if done not in best:
            continue
        cost, path = best[done]
        still_open = 1 - sum(checks[i].chance for i in path)
        for i, check in enumerate(checks):
            if done >> i & 1 or before[i] & ~done:
                continue
            reached = done | 1 << i
            offer = cost + still_open * check.minutes
            if reached not in best or offer < best[reached][0] - 1e-12:
                best[reached] = offer, [*path, i]
    everything = (1 << len(checks)) - 1
    if everything not in best:
        raise ValueError("the needs run in a circle")
    return [checks[i] for i in best[everything][1]]


def given_symptom(checks: Sequence[Check], seen: Mapping[str, float]) -> list[Check]:
    """The checks with their chances after a symptom, by Bayes' rule.

    `seen` maps a check's name to the probability of the symptom when the fault is one that this check finds. The new
    chances add up to 1. A symptom that no fault can show raises `ValueError`. O(n).
    """
    joint = [check.chance * seen[check.name] for check in checks]
    total = math.fsum(joint)
    if not total:
        raise ValueError("no check's fault shows this symptom")
    return [check._replace(chance=part / total) for check, part in zip(checks, joint, strict=True)]
