"""Many slices, few of them truly worse: tests, corrections, sizes. Serves docs/chapters/monitoring.md."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal, TypeAlias

from snippets.metrics._inputs import fraction, fractions, whole

Correction: TypeAlias = Literal["none", "bonferroni", "holm", "bh"]
NORMAL = NormalDist()


def two_rates(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Two-sided p-value that two rates are equal, by the pooled z-test; 1 when nothing, or all, was hit.

    Whole counts, hits at most trials, trials at least 1, else `ValueError`. Rows must be independent. O(1).
    """
    n, m = whole(trials, "trials", least=1), whole(other_trials, "other_trials", least=1)
    k, j = whole(hits, "hits"), whole(other_hits, "other_hits")
    if k > n or j > m:
        raise ValueError("more hits than trials")
    pooled = (k + j) / (n + m)
    if pooled in (0.0, 1.0):
        return 1.0
    z = (k / n - j / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return math.erfc(abs(z) / math.sqrt(2))


# --8<-- [start:corrections]
def adjusted(p_values: Sequence[float], method: Correction = "holm") -> list[float]:
    """P-values raised so that comparing each with alpha keeps the family's promise.

    "bonferroni" and "holm" bound the chance of any false alarm, under any dependence;
    Holm is never worse. "bh" bounds the expected share of false ones among the
    alarms, for independent or positively dependent tests. In the given order;
    no test gives an empty list. O(m log m).
    """
    p = fractions(p_values, "p_values")
    m = len(p)
    if method == "none":
        return p
    if method == "bonferroni":
        return [min(1.0, m * value) for value in p]
    if method not in ("holm", "bh"):
        raise ValueError(f"no method {method!r}: none, bonferroni, holm or bh")
    found, worst, best = [0.0] * m, 0.0, 1.0
    order = sorted(range(m), key=p.__getitem__)
    if method == "holm":
        for rank, i in enumerate(order):  # smallest first, each at least as large as the last
            worst = max(worst, min(1.0, (m - rank) * p[i]))
            found[i] = worst
    else:
        for rank, i in reversed(list(enumerate(order, 1))):  # largest first
            best = min(best, m / rank * p[i])
            found[i] = best
    return found


# --8<-- [end:corrections]


def rows_for_slice(rate: float, change: float, slices: int = 1, alpha: float = 0.05, power: float = 0.8) -> int:
    """Rows on each side for a slice so that a relative change of its rate is found, with Bonferroni over the slices.

    Two equal samples, `rate` before and rate · (1 + change) after, the usual normal formula. Rates outside 0 to 1 or
    no change raise `ValueError`. O(1).
    """
    before = fraction(rate, "rate", open_ends=True)
    after = fraction(before * (1 + change), "rate after the change")
    if change == 0:
        raise ValueError("change is 0: no size finds it")
    z = NORMAL.inv_cdf(1 - fraction(alpha, "alpha", open_ends=True) / (2 * whole(slices, "slices", least=1)))
    z_power = NORMAL.inv_cdf(fraction(power, "power", open_ends=True))
    variance = before * (1 - before) + after * (1 - after)
    return math.ceil((z + z_power) ** 2 * variance / (after - before) ** 2)
