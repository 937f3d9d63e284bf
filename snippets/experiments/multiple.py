"""Many metrics, many variants: what may be called found. Serves docs/chapters/experiments/analyzing.md.

P-values raised by the same rules, for a table: `snippets.monitoring.slices.adjusted`.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np

from snippets.metrics._inputs import fraction, fractions, whole

Rule: TypeAlias = Literal["bonferroni", "holm", "bh"]
NORMAL = NormalDist()


# --8<-- [start:found]
def found(p_values: Sequence[float], rule: Rule = "holm", alpha: float = 0.05) -> list[int]:
    """Positions of the p-values that may be called found, smallest first.

    bonferroni: each below alpha / m. holm: walk up from the smallest against
    alpha / (m - rank) and stop at the first that fails; same promise, finds no less.
    bh: walk down from the largest against alpha × rank / m and take all from the first
    that passes. No p-value gives an empty list. O(m log m).
    """
    p = fractions(p_values, "p_values")
    m, order = len(p), sorted(range(len(p)), key=p.__getitem__)
    if rule == "bonferroni":
        return [i for i in order if p[i] <= alpha / m]
    if rule == "holm":
        for rank, i in enumerate(order):
            if p[i] > alpha / (m - rank):
                return order[:rank]
        return order
    if rule != "bh":
        raise ValueError(f"no rule {rule!r}: bonferroni, holm or bh")
    for rank in range(m, 0, -1):
        if p[order[rank - 1]] <= alpha * rank / m:
            return order[:rank]
    return []


# --8<-- [end:found]


def chance_inside(tests: int, z: float, correlation: float) -> float:
    """Chance that no |z| of equally correlated normal tests without effect passes the bound; correlation from 0 to below 1.

    Each is sqrt(rho) × a shared part + sqrt(1 - rho) × its own; averaged over the shared part on a grid. O(grid).
    """
    m, rho = whole(tests, "tests", least=1), fraction(correlation, "correlation")
    shared = np.linspace(-8, 8, 1601)
    weight = np.exp(-(shared**2) / 2)
    own, part = math.sqrt(1 - rho), math.sqrt(rho)
    cdf = np.vectorize(NORMAL.cdf, otypes=[float])
    inside = cdf((z - part * shared) / own) - cdf((-z - part * shared) / own)
    return float((inside**m) @ weight / weight.sum())


def chance_of_any(tests: int, alpha: float = 0.05, correlation: float = 0.0) -> float:
    """Chance of at least one false alarm among tests without effect, all equally correlated. O(grid)."""
    return 1 - chance_inside(tests, NORMAL.inv_cdf(1 - fraction(alpha, "alpha", open_ends=True) / 2), correlation)


def shared_control_bound(variants: int, alpha: float = 0.05) -> float:
    """The |z| that variants of equal size against one control of that size must pass (Dunnett, many users). O(grid)."""
    low, high = 0.0, 9.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if chance_inside(variants, middle, 0.5) < 1 - alpha else (low, middle)
    return high
