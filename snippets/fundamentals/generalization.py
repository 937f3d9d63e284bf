"""Figures of the cards on generalization. Serves docs/chapters/fundamentals/generalization.md.

Where a linear fit is meant, bias and variance are exact: its prediction is a matrix times the labels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from snippets.experiments import chance

ROWS = 20
NOISE = 0.3  # standard deviation of labels around one period of a sine


@dataclass(frozen=True)
class Error:
    """Mean squared error on new labels at the training points, in its three parts."""

    bias2: float
    variance: float
    noise: float

    @property
    def total(self) -> float:
        """All three."""
        return self.bias2 + self.variance + self.noise


@cache
def polynomial(degree: int) -> Error:
    """Least squares with powers up to `degree`, on ROWS evenly spaced points of a sine, exactly.

    The fit is H y with H the projection on the powers, so bias² is the mean of (H f − f)² and variance σ² trace(H) / n.
    """
    x = np.linspace(-1, 1, ROWS)
    truth = np.sin(np.pi * x)
    basis, _ = np.linalg.qr(np.vander(x, degree + 1))
    bias = basis @ (basis.T @ truth) - truth
    return Error(float(np.mean(bias**2)), NOISE**2 * (degree + 1) / ROWS, NOISE**2)


def train_error(columns: int, rows: int) -> float:
    """Mean squared training error of least squares on columns of pure noise, in label variances."""
    return 1 - columns / rows


def new_label_error(columns: int, rows: int) -> float:
    """The same fit on new labels at the same points."""
    return 1 + columns / rows


def new_row_error(columns: int, rows: int) -> float:
    """The same fit on new rows, if the columns are independent and normal; needs more than columns + 1 rows."""
    return 1 + columns / (rows - columns - 1)


def ridge_keeps(strength: float, penalty: float) -> float:
    """Share of a coefficient that ridge keeps along a direction with this sum of squares."""
    return strength / (strength + penalty)


def steps_keep(strength: float, rate: float, steps: int) -> float:
    """Share that gradient descent from zero has reached along the same direction after some steps."""
    return 1 - math.pow(1 - rate * strength, steps)


def lasso_pair(correlation: float, rows: int, draws: int = 2_000, seed: int = 0) -> float:
    """Share of samples in which the lasso's first chosen of two twin columns is the one that does nothing.

    The label is the first column plus as much noise as the column has; the second column correlates with the first. With a
    penalty just below the largest, the lasso keeps the column that correlates most with the label.
    """
    rng = np.random.default_rng(seed)
    first = rng.standard_normal((draws, rows))
    second = correlation * first + math.sqrt(1 - correlation**2) * rng.standard_normal((draws, rows))
    label = first + rng.standard_normal((draws, rows))
    scores = [np.abs((column * label).sum(axis=1)) / np.sqrt((column**2).sum(axis=1)) for column in (first, second)]
    return float((scores[1] > scores[0]).mean())


def twin_looks_stable(correlation: float = 0.99, rows: int = 100, share: float = 0.8, draws: int = 1_000) -> float:
    """Share of samples in which the useless twin of `lasso_pair` comes first in more than `share` of 200 resampled refits."""
    rng = np.random.default_rng(1)
    times = rng.multinomial(rows, np.full(rows, 1 / rows), 200).astype(float)  # how often each refit holds each row
    first = rng.standard_normal((rows, draws))
    second = correlation * first + math.sqrt(1 - correlation**2) * rng.standard_normal((rows, draws))
    label = first + rng.standard_normal((rows, draws))
    scores = [np.abs(times @ (column * label)) / np.sqrt(times @ column**2) for column in (first, second)]
    return float(((scores[1] > scores[0]).mean(axis=0) > share).mean())


def best_of_noise(models: int, rows: int, error: float, alike: float = 0.0) -> float:
    """By how much the lowest of so many equal models' validation errors lies below the truth, on average.

    `alike` is the correlation between two models' errors on the same rows; what they share moves all of them at once.
    """
    return chance.expected_best(models) * math.sqrt((1 - alike) * error * (1 - error) / rows)


def trials_for(share: float, chance: float = 0.95) -> int:
    """Random trials until one of them lies in the best `share` of the search space with this chance."""
    return math.ceil(math.log(1 - chance) / math.log(1 - share))


def ensemble_variance(models: int, correlation: float) -> float:
    """Variance of a mean of equally good models, in variances of one."""
    return correlation + (1 - correlation) / models


def excess_after(data: float, power: float) -> float:
    """What is left of the error above its floor when the rows are multiplied, if it falls as a power of their number."""
    return math.pow(data, -power)


def data_for(share: float, power: float) -> float:
    """By what to multiply the rows so that this share of the excess error is left."""
    return math.pow(share, -1 / power)
