"""When to wake somebody: false-alarm budgets, windows, CUSUM and EWMA, and how long each takes. Serves docs/chapters/monitoring.md.

Signals are in standard errors: (value − usual) / spread of that value from window to window, so 0 is an ordinary day. A run
length is the number of windows until the first alarm; its mean is the average run length.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from snippets.metrics._inputs import Numbers, finite, fraction, whole

NORMAL = NormalDist()


# --8<-- [start:budget]
class Budget(NamedTuple):
    """A false-alarm budget, spent evenly over all tests."""

    tests: int
    alpha: float  # chance of a false alarm that each test may have
    z: float  # two-sided threshold in standard errors


def false_alarm_budget(signals: int, looks: int, false_alarms: float = 1.0) -> Budget:
    """The threshold at which `signals` tests, looked at `looks` times, bring so many false alarms.

    It holds in expectation whether or not the tests depend on each other, as long as
    each is standard normal when nothing happens. Between 0 and all of the tests. O(1).
    """
    tests = whole(signals, "signals", least=1) * whole(looks, "looks", least=1)
    alpha = fraction(false_alarms / tests, "false alarms a test", open_ends=True)
    return Budget(tests, alpha, NORMAL.inv_cdf(1 - alpha / 2))


# --8<-- [end:budget]


def alarm_chance(z: float, shift: float = 0.0) -> float:
    """Chance that a standard normal moved by `shift` lies beyond z on either side. O(1)."""
    return NORMAL.cdf(-z - shift) + NORMAL.cdf(shift - z)


def any_alarm_chance(signals: int, z: float, correlation: float = 0.0) -> float:
    """Chance that at least one of several equally correlated signals is beyond z.

    One common factor g makes them correlated; given g they are independent, so
    1 − E[(1 − q(g))^signals] over a standard normal g, by summing on a grid.
    `correlation` from 0 to below 1. O(grid).
    """
    m, rho = whole(signals, "signals", least=1), fraction(correlation, "correlation")
    if rho == 0:
        return -math.expm1(m * math.log1p(-alarm_chance(z)))
    own = math.sqrt(1 - rho)
    none = 0.0
    step = 0.02
    for i in range(-450, 451):
        g = i * step
        q = alarm_chance(z / own, math.sqrt(rho) * g / own)
        if q < 1:
            none += step * NORMAL.pdf(g) * math.exp(m * math.log1p(-q))
    return max(0.0, 1 - none)


def rows_to_see(shift: float, z: float, power: float = 0.9, reference: float = math.inf) -> float:
    """Rows a window so that a mean moved by `shift` standard deviations alarms with this power, against m reference rows.

    From (z + z_power)² · (1/n + 1/m) = shift². NaN when the reference is too small for any window to do. O(1).
    """
    needed = (shift / (z + NORMAL.inv_cdf(fraction(power, "power", open_ends=True)))) ** 2 - 1 / reference
    return 1 / needed if needed > 0 else math.nan


def smallest_shift(rows: float, z: float, power: float = 0.9, reference: float = math.inf) -> float:
    """The shift of a mean, in standard deviations, that a window of so many rows shows with this power. O(1)."""
    return (z + NORMAL.inv_cdf(fraction(power, "power", open_ends=True))) * math.sqrt(1 / rows + 1 / reference)


# --8<-- [start:window]
def windowed_alarms(
    events: Iterable[tuple[int, int]], usual: float, window: int, z: float, least: int = 1
) -> Iterator[tuple[int, float]]:
    """Minutes at which the rate over the last `window` minutes is too far from usual.

    `events` gives (hits, trials) minute by minute; yields (minute, z) once when an alarm
    begins, and again only after it has ended. Silent until the window holds `least`
    trials. `usual` lies strictly between 0 and 1. O(1) a minute, O(window) memory.
    """
    p = fraction(usual, "usual", open_ends=True)
    last: deque[tuple[int, int]] = deque(maxlen=whole(window, "window", least=1))
    on = False
    for minute, (hits, trials) in enumerate(events):
        last.append((hits, trials))
        k, n = (sum(column) for column in zip(*last, strict=True))
        score = (k - n * p) / math.sqrt(n * p * (1 - p)) if n >= max(least, 1) else 0.0
        if abs(score) > z and not on:
            yield minute, score
        on = abs(score) > z


# --8<-- [end:window]


# --8<-- [start:cusum]
def cusum_alarm(signal: Numbers, h: float, k: float = 0.5) -> int | None:
    """The first window at which a two-sided CUSUM alarms, or None.

    Each side adds up what a window is beyond k standard errors and never falls
    below 0; h is where it alarms. k is half the shift worth finding. O(n).
    """
    high = low = 0.0
    for place, value in enumerate(finite(signal, "signal")):
        high = max(0.0, high + value - k)
        low = max(0.0, low - value - k)
        if max(high, low) > h:
            return place
    return None


# --8<-- [end:cusum]


def ewma_alarm(signal: Numbers, limit: float, weight: float = 0.2) -> int | None:
    """The first window at which an exponentially weighted mean leaves ± limit, or None.

    `limit` counts in standard errors of the mean in the long run, √(weight / (2 − weight)). O(n).
    """
    edge = limit * math.sqrt(weight / (2 - fraction(weight, "weight")))
    mean = 0.0
    for place, value in enumerate(finite(signal, "signal")):
        mean += weight * (value - mean)
        if abs(mean) > edge:
            return place
    return None


# Average run lengths


def daily_run_length(z: float, shift: float = 0.0, window: int = 1) -> float:
    """Average days until a mean of `window` days, looked at once at the end of each, is beyond z standard errors. O(1)."""
    return window / alarm_chance(z, shift * math.sqrt(window))


# --8<-- [start:arl]
def cusum_run_length(h: float, k: float = 0.5, shift: float = 0.0, states: int = 200) -> float:
    """Average windows until a one-sided CUSUM of normal signals alarms, from a start at 0.

    A Markov chain over `states` cells of [0, h] (Brook and Evans 1972): with R the
    moves among cells that have not alarmed, the run lengths solve (I − R) x = 1.
    A first cell half as wide stands for 0. O(states³).
    """
    width = 2 * h / (2 * states - 1)
    steps = np.arange(1 - states, states)  # from cell i to cell j it is j − i
    below = np.array([NORMAL.cdf((step + 0.5) * width + k - shift) for step in steps])
    cell = np.arange(states)
    reached = below[cell[None, :] - cell[:, None] + states - 1]
    moves = np.diff(reached, axis=1, prepend=0.0)  # all that would fall below 0 stays at 0
    return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[0])


# --8<-- [end:arl]


def cusum_two_sided(h: float, k: float = 0.5, shift: float = 0.0) -> float:
    """Average run length of a two-sided CUSUM: 1/L = 1/L₊ + 1/L₋, exact when both sides cannot run at once. O(states³)."""
    up = cusum_run_length(h, k, shift)
    return 1 / (1 / up + 1 / (cusum_run_length(h, k, -shift) if shift else up))


def ewma_run_length(limit: float, weight: float = 0.2, shift: float = 0.0, states: int = 101) -> float:
    """Average run length of a two-sided EWMA with fixed limits, from a start at 0, by the same Markov chain. O(states³)."""
    edge = limit * math.sqrt(weight / (2 - weight))
    width = 2 * edge / states
    middle = -edge + width * (np.arange(states) + 0.5)
    kept = (1 - weight) * middle[:, None]
    edges = -edge + width * np.arange(states + 1)
    above = np.vectorize(math.erfc)(((edges[None, :] - kept) / weight - shift) / math.sqrt(2)) / 2
    lengths = np.linalg.solve(np.eye(states) + np.diff(above, axis=1), np.ones(states))
    return float(lengths[states // 2])


def limit_for(run_length: Callable[[float], float], wanted: float, low: float = 0.5, high: float = 12.0) -> float:
    """The limit at which an increasing run length reaches the wanted one, by bisection to four decimals."""
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if run_length(middle) >= wanted else (middle, high)
    return high
