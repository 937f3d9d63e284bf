"""How many units, and how many days, until a pilot can show that a model pays. Serves docs/chapters/framing.md."""

import math
from statistics import NormalDist

from snippets.metrics._inputs import fraction


# --8<-- [start:pilot]
def z_sum(power: float = 0.8, alpha: float = 0.05) -> float:
    """Standard errors from margin to truth; 2.80 by default."""
    normal = NormalDist()
    power = fraction(power, "power", open_ends=True)
    alpha = fraction(alpha, "alpha", open_ends=True)
    return normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(power)


def units_per_arm(
    control: float,
    treated: float,
    margin: float = 0.0,
    power: float = 0.8,
) -> int:
    """Units in each arm to show a share falling by more than the margin.

    Normal approximation for a difference of two shares, two-sided 5 %.
    A margin of 0 asks whether the action works, a margin of cost / value
    whether it pays. A truth at the margin or short of it can't be shown
    and raises. O(1).
    """
    p, q = fraction(control, "control"), fraction(treated, "treated")
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    return units_for_mean(spread, p - q - margin, power)


def units_for_mean(
    spread: float,
    gain: float,
    power: float = 0.8,
) -> int:
    """Units in each arm to show a gain in a mean, by spread a unit."""
    if not gain > 0:
        message = f"gain over the margin is {gain}: no pilot can show it"
        raise ValueError(message)
    return math.ceil(2 * (z_sum(power) * spread / gain) ** 2)


def days_to_verdict(
    units: int,
    per_day: float,
    label_days: float,
) -> float:
    """Days until both arms have their labels: fill, then wait."""
    return 2 * units / per_day + label_days


# --8<-- [end:pilot]
