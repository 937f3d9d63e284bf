"""What the estimates accept, checked once at the door. Serves docs/chapters/lifecycle.md.

An estimate that swallows a zero or a NaN gives a machine count that looks fine. Every check raises a `ValueError` that names
the argument.
"""

import math


def positive(value: float, name: str) -> float:
    """Give a finite number above 0 as a float; anything else raises. O(1)."""
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value}: a finite number above 0 is needed")
    return float(value)


def not_negative(value: float, name: str) -> float:
    """Give a finite number of at least 0 as a float; anything else raises. O(1)."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} is {value}: a finite number of at least 0 is needed")
    return float(value)


def inside(value: float, name: str) -> float:
    """Give a number strictly between 0 and 1; anything else raises. O(1)."""
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}: it must lie strictly between 0 and 1")
    return float(value)


def whole(value: int, name: str, least: int = 1) -> int:
    """Give a whole number of at least `least`; anything else raises. O(1)."""
    if not (math.isfinite(value) and value == math.floor(value) and value >= least):
        raise ValueError(f"{name} is {value}: a whole number of at least {least} is needed")
    return int(value)
