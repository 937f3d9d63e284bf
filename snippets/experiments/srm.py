"""Did the arms get the users they were meant to get: the sample-ratio test, and where the missing ones are.

Serves docs/chapters/experiments/analyzing.md.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from snippets.metrics._inputs import fractions, same_length, whole


class Segment(NamedTuple):
    """One value of an attribute known before exposure, its users by arm, and how likely so uneven a split is."""

    name: str
    counts: tuple[int, ...]
    p: float


def chi_square_tail(x: float, degrees: int) -> float:
    """Chance that a chi-square variable exceeds x; degrees from 1. O(degrees)."""
    half = max(x, 0.0) / 2
    tail = math.erfc(math.sqrt(half)) if degrees % 2 else math.exp(-half)
    for k in range(degrees % 2 or 2, degrees, 2):
        tail += half ** (k / 2) * math.exp(-half) / math.gamma(k / 2 + 1)
    return tail


# --8<-- [start:srm]
def srm_p_value(counts: Sequence[int], shares: Sequence[float]) -> float:
    """How likely a split at least this uneven is under the planned shares.

    `counts` are users (never searches) by arm, `shares` the planned ones, above 0, adding
    up to 1; at least two arms, else `ValueError`. Nobody seen gives 1: nothing speaks
    against the plan. Pearson's chi-square, good from about five expected in each arm.
    O(arms).
    """
    n = sum(whole(c, "counts") for c in counts)
    planned = fractions(shares, "shares")
    if same_length(counts=counts, shares=planned) < 2 or min(planned) == 0:
        raise ValueError("two arms or more, each with a share above 0")
    if not math.isclose(sum(planned), 1, abs_tol=1e-9):
        raise ValueError("shares add up to 1")
    if n == 0:
        return 1.0
    x = sum((c - n * s) ** 2 / (n * s) for c, s in zip(counts, planned, strict=True))
    return chi_square_tail(x, len(planned) - 1)


# --8<-- [end:srm]


# --8<-- [start:suspects]
def suspects(
    users: Mapping[str, Sequence[int]],
    shares: Sequence[float],
    alpha: float = 0.001,
) -> list[Segment]:
    """Segments whose split fails by itself, worst first; Bonferroni over all tried.

    `users` has the counts by arm for each value of attributes known *before* exposure:
    browser, app version, country, day of assignment. An attribute that the treatment can
    change (bought, clicked, came back) shows an effect here, and no fault. An empty list
    while the whole fails says: no place by itself, look at what all share. O(segments × arms).
    """
    tried = [Segment(name, tuple(c), srm_p_value(c, shares)) for name, c in users.items()]
    return sorted((s for s in tried if s.p * len(tried) < alpha), key=lambda s: s.p)


# --8<-- [end:suspects]


def visible_excess(users: int, alpha: float = 0.001) -> float:
    """Smallest share above one half, in an arm of an even split, that the test flags at alpha, given as the excess. O(1)."""
    low, high = 0.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if chi_square_tail(middle, 1) > alpha else (low, middle)
    return math.sqrt(high / whole(users, "users", least=1)) / 2
