"""Canaries: how large, how long, which verdict, how many false alarms, what a bad release costs. Serves docs/chapters/lifecycle.md.

Rates are shares of requests. *Worse* means higher, as for errors, declines or contacts; for a rate that should be high, count
its failures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from snippets.lifecycle._inputs import inside, not_negative, positive, whole

NORMAL = NormalDist()


def canary_requests(
    rate: float,
    worse: float,
    false_alarm: float = 0.05,
    power: float = 0.8,
    control_ratio: float = math.inf,
) -> int:
    """Requests the canary must see to tell a rate of `worse` from `rate`, one-sided.

    `control_ratio` is control requests for each canary request: 99 at a 1 % canary,
    infinite against a known rate. Normal approximation, so a plan and not a test:
    with fewer than about ten expected events use exact counts. O(1).
    """
    p, q = inside(rate, "rate"), inside(worse, "worse")
    if q <= p:
        raise ValueError(f"worse is {q}: it must lie above the rate {p}")
    z_alarm = NORMAL.inv_cdf(1 - inside(false_alarm, "false_alarm"))
    z_power = NORMAL.inv_cdf(inside(power, "power"))
    share = 1 / positive_or_infinite(control_ratio)
    pooled = (q + p / share) / (1 + 1 / share) if share else p
    null = pooled * (1 - pooled) * (1 + share)
    real = q * (1 - q) + p * (1 - p) * share
    root = z_alarm * math.sqrt(null) + z_power * math.sqrt(real)
    return math.ceil((root / (q - p)) ** 2)


def positive_or_infinite(ratio: float) -> float:
    """Give a ratio above 0, infinity allowed; anything else raises. O(1)."""
    if not ratio > 0:
        raise ValueError(f"control_ratio is {ratio}: a number above 0 is needed")
    return float(ratio)


# --8<-- [start:verdict]
class Arm(NamedTuple):
    """What one side of a canary saw: requests, and how many of them went wrong."""

    requests: int
    bad: int


def difference(control: Arm, canary: Arm, z: float) -> tuple[float, float]:
    """Canary's bad rate minus control's: lower and upper limit at ±z standard errors.

    One bad and one good request are added to each arm (Agresti and Caffo 2000), which
    keeps the interval honest when an arm has seen no error yet, or nothing. O(1).
    """
    shares, variance = [], 0.0
    for arm in (control, canary):
        if not 0 <= arm.bad <= arm.requests:
            raise ValueError(f"{arm}: 0 <= bad <= requests is needed")
        share = (arm.bad + 1) / (arm.requests + 2)
        variance += share * (1 - share) / (arm.requests + 2)
        shares.append(share)
    gap, half = shares[1] - shares[0], positive(z, "z") * math.sqrt(variance)
    return gap - half, gap + half


def verdict(control: Arm, canary: Arm, margin: float, z: float = 1.645) -> str:
    """`go on`, `roll back` or `wait`; no evidence of harm is not evidence of none.

    Go on when the upper limit of the difference lies below `margin`, the harm you
    accept. Roll back when the lower limit lies above 0. Else wait: the canary has not
    seen enough. For repeated looks take z from `alarm_line`. O(1).
    """
    low, high = difference(control, canary, z)
    if high < positive(margin, "margin"):
        return "go on"
    return "roll back" if low > 0 else "wait"


# --8<-- [end:verdict]


def false_alarms(looks: int, z: float, points: int = 601) -> float:
    """Chance that a harmless release is stopped at one of several looks, one-sided.

    The looks are evenly spaced over growing data, and each stops at a test statistic
    above `z`. Integrates the density of the running sum over those not yet stopped
    (Armitage, McPherson and Rowe 1969). O(looks × points²).
    """
    count = whole(looks, "looks")
    grid = np.linspace(-8 * math.sqrt(count), 8 * math.sqrt(count), points)
    step = grid[1] - grid[0]
    move = np.exp(-0.5 * (grid[:, None] - grid[None, :]) ** 2) / math.sqrt(2 * math.pi)
    start = np.exp(-0.5 * grid**2) / math.sqrt(2 * math.pi)
    going = start * below(grid, z, step)
    for look in range(2, count + 1):
        going = (move @ going * step) * below(grid, z * math.sqrt(look), step)
    return float(1 - going.sum() * step)


def below(grid: np.ndarray, line: float, step: float) -> np.ndarray:
    """Weight of each grid point's cell that lies below the line: 1, 0, or a part of the cell it cuts. O(points)."""
    return np.clip((line - grid) / step + 0.5, 0.0, 1.0)


def alarm_line(looks: int, budget: float) -> float:
    """The z that keeps the chance of a false alarm over all looks at `budget`, by 40 halvings (a one-sided Pocock boundary)."""
    low, high = 0.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if false_alarms(looks, middle) > inside(budget, "budget") else (low, middle)
    return high


@dataclass(frozen=True)
class Exposure:
    """A release that harms: traffic, what each exposed request loses, how it is found.

    `needed` canary requests before the rule can see it, then `reaction` hours until
    traffic is back on the old model. Requests an hour, dollars a request.
    """

    an_hour: float
    harm: float
    needed: float
    reaction: float

    def hours(self, share: float) -> float:
        """Hours from the release until the last exposed request, at this share."""
        return self.needed / (inside_or_one(share) * self.an_hour) + self.reaction

    def damage(self, share: float) -> float:
        """Dollars lost: `needed` requests, whatever the share, and the reaction time."""
        exposed = self.needed + inside_or_one(share) * self.an_hour * self.reaction
        return exposed * self.harm


def inside_or_one(share: float) -> float:
    """Give a share above 0 and at most 1; anything else raises. O(1)."""
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}: it must lie above 0 and at most at 1")
    return float(share)


def quantile_limits(values: Sequence[float], quantile: float, z: float = 1.96) -> tuple[float, float]:
    """Confidence limits of a quantile from order statistics, without assuming a distribution.

    The number of values below the true quantile is binomial, so its z-interval gives two ranks. Ranks beyond the sample give an
    infinite limit: with 200 values the upper limit of a p99 is unknown. No value raises `ValueError`. O(n log n).
    """
    ordered, n = sorted(values), len(values)
    if not n:
        raise ValueError("values is empty")
    q = inside(quantile, "quantile")
    half = not_negative(z, "z") * math.sqrt(n * q * (1 - q))
    low, high = math.floor(n * q - half), math.ceil(n * q + half) + 1
    return (ordered[low - 1] if low >= 1 else -math.inf), (ordered[high - 1] if high <= n else math.inf)
