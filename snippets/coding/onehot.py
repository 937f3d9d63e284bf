"""One-hot columns that don't move when data do: unseen, missing and rare values. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


# --8<-- [start:onehot]
def columns_of(values: Iterable[str | None], least: int = 1) -> dict[str | None, int]:
    """Column of each value that training saw `least` times: 1 is missing, 2 and on are by name.

    Column 0 has no value: it is for whatever `encode` doesn't find. O(n + k log k) for k values.
    """
    count = Counter(value for value in values if value is not None)
    known = sorted(value for value, n in count.items() if n >= least)
    return {None: 1} | {value: place for place, value in enumerate(known, start=2)}


def encode(value: str | None, columns: dict[str | None, int]) -> list[int]:
    """A row of zeros and one 1, as long as training's columns. O(k)."""
    row = [0] * (len(columns) + 1)
    row[columns.get(value, 0)] = 1
    return row


# --8<-- [end:onehot]
