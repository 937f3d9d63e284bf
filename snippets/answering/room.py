"""What fits into a head or a round: numbers by heart, and stories that cover the questions. Serves docs/chapters/answering.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from itertools import combinations

from snippets.metrics._inputs import fraction


# --8<-- [start:heart]
def users_an_arm(base: float, lift: float) -> float:
    """Users for each arm to see a share move by `lift`, from memory.

    16 σ² / δ², with σ² = p (1 − p) and δ = p × lift: 80 % power at the 5 %
    level, two-sided. A base of 0 or 1, or a lift of 0, raises. O(1).
    """
    p = fraction(base, "base", open_ends=True)
    if lift == 0:
        raise ValueError("lift is 0: no number of users shows it")
    return 16 * p * (1 - p) / (p * lift) ** 2


def precision(rate: float, recall: float, false_positive_rate: float) -> float:
    """Share of flags that are right; right to wrong is prior odds times recall over FPR.

    A rate of 0 gives 0, a false-positive rate of 0 gives 1 unless nothing
    is flagged at all, which raises. O(1).
    """
    true = fraction(rate, "rate") * fraction(recall, "recall")
    false = (1 - rate) * fraction(false_positive_rate, "false_positive_rate")
    if true + false == 0:
        raise ValueError("nothing is flagged: precision is undefined")
    return true / (true + false)


def at_least_one(share: float, times: int) -> float:
    """Chance that something of this share happens once or more in so many independent tries. O(1)."""
    return 1 - (1 - fraction(share, "share")) ** times


# --8<-- [end:heart]


def fewest(covers: Mapping[str, Set[str]], questions: Set[str], copies: int = 1) -> tuple[str, ...]:
    """A smallest set of stories that gives each question `copies` of them, the first in the order of `covers`.

    A question with too few stories raises `ValueError`. Tries all subsets by size: O(2ⁿ), for a dozen stories.
    """
    for size in range(len(covers) + 1):
        for chosen in combinations(covers, size):
            if all(sum(q in covers[s] for s in chosen) >= copies for q in questions):
                return chosen
    raise ValueError(f"some question has fewer than {copies} stories")


def poisson_noise(count: float) -> float:
    """Two standard deviations of a count, as a share of it: 2 / √n. A count of 0 or less raises."""
    if count <= 0:
        raise ValueError(f"count is {count}: needs to be positive")
    return 2 / math.sqrt(count)
