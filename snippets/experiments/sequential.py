"""Looking every day: what it does to a fixed test, and rules that stay valid. Serves docs/chapters/experiments/analyzing.md.

All tests here are on z, the difference over its standard error. `times` are the shares of the planned information at the
looks, rising to at most 1 or beyond; `drift` is what z has on average at time 1, so 2.8 for an effect that a test of one
look sees with 80 % power.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from snippets.metrics._inputs import fraction

NORMAL = NormalDist()
STEP = 0.01


class Look(NamedTuple):
    """One look: chance to stop there above and below, and the mean estimate (z's unit at time 1) of those above."""

    above: float
    below: float
    estimate: float


# --8<-- [start:always-valid]
def always_valid_p(z: Sequence[float], variance: Sequence[float], tau: float) -> list[float]:
    """P-values that may be read at every look: the chance under no effect that any falls
    below alpha, ever, is at most alpha.

    `z` and `variance` of the difference at each look, in order; `tau` is the size of effect
    you expect, in the difference's unit, fixed before the first look. It costs power when
    it is wrong, never validity. Mixture sequential probability ratio test with a normal
    mixture (Johari and others). No look gives an empty list; a variance that is not above
    0, or a z that is no number, raises `ValueError`. O(looks).
    """
    p, found = 1.0, []
    for score, v in zip(z, variance, strict=True):
        if not v > 0 or math.isnan(score):
            raise ValueError("a look needs a z and a variance above 0")
        r = tau * tau / (v + tau * tau)  # 0 while the data are too few to tell
        ratio = math.sqrt(1 - r) * math.exp(min(r * score * score / 2, 700))
        p = min(p, 1 / ratio)  # never rises again
        found.append(p)
    return found


# --8<-- [end:always-valid]


# --8<-- [start:peek]
def false_alarms(
    times: Sequence[float],
    bounds: Sequence[float],
    tests: int = 20_000,
    seed: int = 0,
) -> float:
    """Share of simulated A/A tests in which |z| passes its bound at any look.

    `times` is the information at the looks, rising from above 0: users who return bring
    less each day. Otherwise `ValueError`. O(tests × looks).
    """
    steps = np.diff(np.asarray(times, dtype=float), prepend=0.0)
    if not (steps > 0).all():
        raise ValueError("information rises from look to look")
    rng = np.random.default_rng(seed)
    total = (rng.standard_normal((tests, steps.size)) * np.sqrt(steps)).cumsum(axis=1)
    z = total / np.sqrt(np.asarray(times))
    return float((np.abs(z) > np.asarray(bounds)).any(axis=1).mean())


# --8<-- [end:peek]


def mixture_bounds(times: Sequence[float], tau: float, alpha: float = 0.05) -> list[float]:
    """The |z| at which the always-valid p-value reaches alpha, by look; `tau` in z's unit at time 1. O(looks)."""
    a = fraction(alpha, "alpha", open_ends=True)
    rates = [tau * tau / (1 / t + tau * tau) for t in times]
    return [math.sqrt(2 / r * math.log(1 / (a * math.sqrt(1 - r)))) for r in rates]


def obrien_fleming(t: float, alpha: float = 0.05) -> float:
    """Alpha spent by time t, both sides, hardly any early: a side with a = alpha / 2 spends 2 - 2 Phi(z_a/2 / sqrt t). O(1)."""
    return 4 * NORMAL.cdf(-NORMAL.inv_cdf(1 - alpha / 4) / math.sqrt(min(t, 1.0)))


def pocock(t: float, alpha: float = 0.05) -> float:
    """Alpha spent by time t, both sides, nearly evenly: alpha ln(1 + (e - 1) t), after Lan and DeMets. O(1)."""
    return alpha * math.log(1 + (math.e - 1) * min(t, 1.0))


class Walk:
    """The density of a sum that no look has stopped yet, on a grid; the recursion behind group-sequential tables."""

    def __init__(self, drift: float = 0.0, reach: float = 7.0) -> None:
        """Start at 0, time 0; the grid reaches `reach` to both sides of where the sum can be."""
        side = math.ceil((reach + abs(drift)) / STEP)
        self.x = np.arange(-side, side + 1) * STEP
        self.alive = np.zeros(self.x.size)
        self.alive[side] = 1.0
        self.time, self.drift = 0.0, drift

    def step(self, time: float) -> None:
        """Let the sum go on to a later time. O(grid log grid)."""
        dt = time - self.time
        kernel = np.exp(-((self.x - self.drift * dt) ** 2) / (2 * dt))
        self.alive = np.convolve(self.alive, kernel / kernel.sum(), mode="same")
        self.time = time

    def outside(self, bound: float) -> npt.NDArray[np.float64]:
        """Share of each grid cell that lies above the bound on z; mirrored it is what lies below."""
        share: npt.NDArray[np.float64] = np.clip((self.x - bound * math.sqrt(self.time)) / STEP + 0.5, 0.0, 1.0)
        return share

    def stop(self, bound: float) -> Look:
        """Take away what has passed the bound. O(grid)."""
        up = self.alive * self.outside(bound)
        down = self.alive * self.outside(bound)[::-1]
        above = float(up.sum())
        mean = float(up @ self.x) / above / self.time if above > 0 else math.nan
        self.alive = self.alive - up - down
        return Look(above, float(down.sum()), mean)


def spending_bounds(times: Sequence[float], spend: Callable[[float], float]) -> list[float]:
    """The |z| at which to stop at each look so that under no effect `spend(t)` has been spent by then.

    Computed as group-sequential software does, a walk's density cut at each look. A look at which nothing
    can be spent gets infinity. O(looks × grid²).
    """
    walk, spent, bounds = Walk(), 0.0, []
    for t in times:
        walk.step(t)
        budget = spend(t) - spent
        low, high = 0.0, 9.0
        for _ in range(60):
            middle = (low + high) / 2
            too_much = 2 * float(walk.alive @ walk.outside(middle)) > budget
            low, high = (middle, high) if too_much else (low, middle)
        bounds.append(high)
        look = walk.stop(high)
        spent += look.above + look.below
    return bounds


def run(times: Sequence[float], bounds: Sequence[float], drift: float = 0.0) -> list[Look]:
    """What happens at each look when the test stops at the first |z| above its bound. O(looks × grid²)."""
    walk, found = Walk(drift), []
    for t, bound in zip(times, bounds, strict=True):
        walk.step(t)
        found.append(walk.stop(bound))
    return found
