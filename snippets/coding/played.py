"""Every draw that a random generator could make, played through: exact chances for a test. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any


# --8<-- [start:played]
class Played:
    """A generator that returns the choices it is given, then 0s, and notes of how many."""

    def __init__(self, choices: Sequence[int]) -> None:
        """`choices` in the order in which they will be asked for."""
        self.choices, self.sizes = list(choices), list[int]()

    def randrange(self, n: int) -> int:
        """A whole number from 0 to n − 1."""
        self.sizes.append(n)
        return self.choices.pop(0) if self.choices else 0

    def randint(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.randrange(high - low + 1)


def chances(
    function: Callable[..., list[Any]], items: Sequence[Any], k: int
) -> Counter[tuple[Any, ...]]:
    """Exact probability of each set that `function(items, k, rng)` may return."""
    done: Counter[tuple[Any, ...]] = Counter()
    todo: list[tuple[int, ...]] = [()]
    while todo:
        rng = Played(prefix := todo.pop())
        outcome = tuple(sorted(function(items, k, rng)))
        if len(rng.sizes) > len(prefix):  # it asked for one more than it was given
            todo += [(*prefix, choice) for choice in range(rng.sizes[len(prefix)])]
        else:
            done[outcome] += Fraction(1, math.prod(rng.sizes))  # type: ignore[assignment]
    return done


# --8<-- [end:played]
