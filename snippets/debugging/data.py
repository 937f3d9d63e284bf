"""Simulated rows of the three cases for the broken runs, seeded. Serves docs/chapters/debugging/broken-runs.md.

Within each class Payments' features are independent and normal on the scale the model sees, so that logistic regression is the
right model and its AUC is known beforehand. Effects are given: made up for the page, of a size such features have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from snippets.cases import payments
from snippets.metrics._inputs import FloatArray

EFFECTS = {  # how many standard deviations frauds lie above good payments; given
    "amount": 0.9,
    "card_velocity": 1.3,
    "device_risk": 1.4,
    "account_age": 1.1,
    "ip_distance": 0.9,
    "hour_risk": 0.75,
}
NAMES = tuple(EFFECTS)
SHIFT = np.array(tuple(EFFECTS.values()))
ROWS = 200_000  # payments in a set, a fifth of a day: 400 frauds


class Rows(NamedTuple):
    """Features (n × 6, in the order of `NAMES`) and labels (n) of some payments."""

    x: FloatArray
    y: FloatArray


def payment_rows(seed: int, rows: int = ROWS, rate: float = payments.fraud_rate) -> Rows:
    """Payments in random order, with exactly the fraud rate."""
    rng = np.random.default_rng(seed)
    y = np.zeros(rows)
    y[: round(rows * rate)] = 1.0
    y = rng.permutation(y)
    return Rows(rng.normal(size=(rows, len(SHIFT))) + y[:, None] * SHIFT, y)


def dollars(amount_z: FloatArray) -> FloatArray:
    """Amounts in dollars for the standardized logarithm, median $25."""
    return np.asarray(25.0 * np.exp(0.95 * amount_z))


def top_recall(y: FloatArray, scores: FloatArray, share: float = payments.review_share) -> float:
    """Recall of the highest scores when this share is reviewed: analysts' capacity unless said otherwise."""
    best = np.argsort(-scores, kind="stable")[: round(share * len(y))]
    return float(y[best].sum() / y.sum())


def unit_rows(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Random directions: rows of length 1."""
    raw = rng.normal(size=shape)
    return np.asarray(raw / np.linalg.norm(raw, axis=1, keepdims=True))
