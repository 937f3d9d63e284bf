"""What the metric functions accept, checked once at the door. Serves docs/chapters/metrics/classification.md.

Every function of this package takes plain lists or one-dimensional NumPy arrays and refuses a bad value
with a `ValueError` that names the argument and the position. A metric that swallows a NaN lies quietly.
"""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = Sequence[float] | NDArray[Any]
Labels: TypeAlias = Sequence[int] | NDArray[Any]
FloatArray: TypeAlias = NDArray[np.float64]


def finite(values: Numbers, name: str) -> list[float]:
    """Give the values as floats; NaN, an infinity or a number too large for a float raises. O(n)."""
    numbers = [as_float(value) for value in values]
    for position, number in enumerate(numbers):
        if not math.isfinite(number):
            raise ValueError(f"{name}[{position}] is {number}: finite numbers are needed")
    return numbers


def as_float(value: float) -> float:
    """Give the value as a float, infinite where it is an integer too large for one. O(1)."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def binary(values: Labels, name: str) -> list[int]:
    """Give the labels as integers; anything but 0, 1, False or True raises. O(n)."""
    for position, value in enumerate(values):
        if value not in (0, 1):
            raise ValueError(f"{name}[{position}] is {value}: labels are 0 or 1")
    return [int(value) for value in values]


def fractions(values: Numbers, name: str) -> list[float]:
    """Give the values as floats between 0 and 1; anything outside raises. O(n)."""
    numbers = finite(values, name)
    for position, number in enumerate(numbers):
        if not 0.0 <= number <= 1.0:
            raise ValueError(f"{name}[{position}] is {number}: it must lie between 0 and 1")
    return numbers


def fraction(value: float, name: str, *, open_ends: bool = False) -> float:
    """Give one number between 0 and 1; with `open_ends`, 0 and 1 themselves raise as well. O(1)."""
    inside = 0.0 < value < 1.0 if open_ends else 0.0 <= value <= 1.0
    if not inside:
        ends = "strictly between" if open_ends else "between"
        raise ValueError(f"{name} is {value}: it must lie {ends} 0 and 1")
    return float(value)


def whole(value: int, name: str, *, least: int = 0) -> int:
    """Give a whole number that is at least `least`; anything else raises. O(1)."""
    if not (math.isfinite(value) and value >= least and value == math.floor(value)):
        raise ValueError(f"{name} is {value}: a whole number of at least {least} is needed")
    return int(value)


def same_length(**columns: Sequence[Any]) -> int:
    """Give the common length of the columns, which may be 0; unequal lengths raise. O(1)."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError("unequal lengths: " + ", ".join(f"{name} has {n}" for name, n in lengths.items()))
    return next(iter(lengths.values()))


def row_count(**columns: Sequence[Any]) -> int:
    """Give the common length of the columns; unequal lengths raise, and so does having no row at all. O(1)."""
    if not (rows := same_length(**columns)):
        raise ValueError(" and ".join(columns) + (" is empty" if len(columns) == 1 else " are empty"))
    return rows
