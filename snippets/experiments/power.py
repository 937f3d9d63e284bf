"""Sample size, power and smallest visible change of a two-arm test. Serves docs/chapters/experiments/designing.md."""

import math
from statistics import NormalDist

from snippets.framing.pilot import z_sum
from snippets.metrics._inputs import fraction

NORMAL = NormalDist()


# --8<-- [start:size]
def total_users(
    base: float,
    lift: float,
    share: float = 0.5,
    power: float = 0.8,
    alpha: float = 0.05,
) -> int:
    """Users in both arms together to see a share change by `lift`.

    `base` is control's share, `lift` relative (0.05: five percent more),
    `share` the part of users that is treated. Two-sided, normal
    approximation, each arm its own variance. A lift of 0, or one that
    takes the share out of 0 to 1, raises. O(1).
    """
    p = fraction(base, "base", open_ends=True)
    q = fraction(p * (1 + lift), "treated share", open_ends=True)
    part = fraction(share, "share", open_ends=True)
    if lift == 0:
        raise ValueError("lift is 0: no number of users shows it")
    variance = p * (1 - p) / (1 - part) + q * (1 - q) / part
    return math.ceil(variance * (z_sum(power, alpha) / (q - p)) ** 2)


# --8<-- [end:size]


def visible(spread: float, users: float, share: float = 0.5, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest change of a mean that a test with so many users in all sees.

    `spread` is the standard deviation of one user's value, or that over the mean: then the change is relative. `users`
    above 0, else `ValueError`. O(1).
    """
    part = fraction(share, "share", open_ends=True)
    if not users > 0:
        raise ValueError(f"users is {users}: a test without users sees nothing")
    return z_sum(power, alpha) * spread * math.sqrt((1 / part + 1 / (1 - part)) / users)


def power_of(effect: float, error: float, alpha: float = 0.05) -> float:
    """Chance that a true effect comes out significant, in either direction, given the standard error. O(1)."""
    z = NORMAL.inv_cdf(1 - fraction(alpha, "alpha", open_ends=True) / 2)
    truth = effect / error
    return NORMAL.cdf(truth - z) + NORMAL.cdf(-truth - z)


def exaggeration(effect: float, error: float, alpha: float = 0.05) -> float:
    """How many times its true size an effect is reported, on average, when only significant gains are reported.

    The mean of a normal estimate above its threshold, over the truth; `effect` above 0. O(1).
    """
    z = NORMAL.inv_cdf(1 - fraction(alpha, "alpha", open_ends=True) / 2)
    truth = effect / error
    return 1 + NORMAL.pdf(z - truth) / NORMAL.cdf(truth - z) / truth


def false_positives(understated: float, alpha: float = 0.05) -> float:
    """Share of A/A tests that come out significant when the variance is taken this many times too small. O(1)."""
    z = NORMAL.inv_cdf(1 - fraction(alpha, "alpha", open_ends=True) / 2)
    return 2 * NORMAL.cdf(-z / math.sqrt(understated))
