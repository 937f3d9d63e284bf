"""The worked numbers of the page on models from scratch. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from math import atanh, ceil, floor, log, log10

import numpy as np
from numpy.typing import NDArray

from snippets.coding.logistic import gap, gradient, loss
from snippets.coding.trees import best_split
from snippets.coding.wrong_scratch import slope

Array = NDArray[np.float64]
YEARS = np.arange(2022.0, 2027.0)  # given: five years


def condition(centered: bool) -> float:
    """Largest over smallest curvature of the squared error of a line through the five years."""
    x = YEARS - YEARS.mean() if centered else YEARS
    values = np.linalg.svd(np.c_[np.ones(5), x], compute_uv=False)
    return float((values[0] / values[-1]) ** 2)


def steps(centered: bool) -> int:
    """Gradient steps, each of the best fixed length, until the worst starting error is a millionth (closed form)."""
    k = condition(centered)
    return ceil(log(1e6) / (2 * atanh(1 / k)))


def largest_step() -> float:
    """The longest step on raw years that doesn't diverge: 2 over the largest curvature of the mean squared error's half."""
    return float(2 / (np.linalg.norm(np.c_[np.ones(5), YEARS], 2) ** 2 / 5))


def _sample() -> tuple[Array, Array, Array]:
    """Forty rows, three columns, and weights that are nowhere zero, from one seed."""
    rng = np.random.default_rng(7)
    X = rng.normal(size=(40, 3))
    y = (rng.random(40) < 0.4).astype(float)
    return X, y, np.array([0.7, -0.4, 0.9, 0.3])


def check(power: int, central: bool = True) -> float:
    """Relative error of the numerical gradient of a right logistic loss at step 10 to this power, on forty rows."""
    X, y, w = _sample()
    h = 10.0**power
    told = gradient(w, X, y, 0.1)
    if central:
        return gap(lambda v: loss(v, X, y, 0.1), lambda _: told, w, h)
    here = loss(w, X, y, 0.1)
    seen = np.array([(loss(w + e, X, y, 0.1) - here) / h for e in h * np.eye(4)])
    return float(np.abs(told - seen).max() / np.abs(told).max())


def best_power(central: bool = True) -> int:
    """The power of ten of the step whose numerical gradient is nearest."""
    return min(range(-14, 0), key=lambda power: check(power, central))


def digits(power: int, central: bool = True) -> int:
    """Decimal digits of the numerical gradient that are right, at step 10 to this power."""
    return floor(-log10(check(power, central)))


def wrong_check(zero: bool) -> float:
    """The check's relative error for a gradient that penalizes the intercept, at zero weights or at others."""
    X, y, w = _sample()
    at = 0 * w if zero else w
    return gap(lambda v: loss(v, X, y, 0.1), lambda v: slope(v, X, y, 0.1), at, 1e-5)


def words_until_zero(probability: float) -> int:
    """Words of this probability whose product is 0 in double precision."""
    product, n = 1.0, 0
    while product > 0:
        product, n = product * probability, n + 1
    return n


def matrix_gb(queries: int, rows: int, columns: int = 1) -> float:
    """Gigabytes of an array of doubles: queries × rows × columns."""
    return 8 * queries * rows * columns / 1e9


def expanded(at: float) -> float:
    """The squared distance of two numbers that are 1 apart, by a² − 2ab + b²."""
    a, b = np.float64(at), np.float64(at + 1)
    return float(a * a - 2 * a * b + b * b)


def xor_gain() -> float:
    """Gain of the best first split on the four points of exclusive or; 0 if there is none."""
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    split = best_split(X, np.array([0.0, 1, 1, 0]))
    return split.gain if split else 0.0
