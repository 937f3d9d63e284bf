"""Walk-forward folds whose training labels were final in time. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


# --8<-- [start:plain]
class Fold(NamedTuple):
    """Positions of the rows to train on and of those to test on."""

    train: list[int]
    test: list[int]


def walk_forward(
    times: Sequence[int],
    cuts: Sequence[int],
    horizon: int,
    as_of: int,
) -> list[Fold]:
    """A fold for each block [cut, next cut): train on what was final at its start.

    A row's label is final `horizon` after its time. Train on rows before the block whose
    label is final by its start; test on rows of the block; and nothing that is not final
    by `as_of`. Rows in any order, times in whole units, seconds say. O(n) a fold.
    """
    if horizon < 0 or any(left >= right for left, right in pairwise(cuts)):
        raise ValueError("the cuts must grow, and the horizon can't be negative")
    final = [time + horizon for time in times]
    folds = []
    for start, stop in pairwise(cuts):
        fold = Fold([], [])
        for i, (time, known) in enumerate(zip(times, final, strict=True)):
            if time < start and known <= min(start, as_of):
                fold.train.append(i)
            elif start <= time < stop and known <= as_of:
                fold.test.append(i)
        folds.append(fold)
    return folds


# --8<-- [end:plain]
