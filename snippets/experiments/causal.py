"""Effects without a coin: weights, differences, and how much a hidden cause would have to do.

Serves docs/chapters/experiments/observational.md.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.ArrayLike
Whose: TypeAlias = Literal["all", "treated", "untreated", "overlap"]


# --8<-- [start:ipw]
class Weighted(NamedTuple):
    """An effect, its standard error, and how many equal rows each arm is worth."""

    effect: float
    error: float
    treated_rows: float
    control_rows: float


def ipw(treated: Column, outcome: Column, chance: Column, whose: Whose = "all") -> Weighted:
    """Effect by inverse propensity weights, normalized in each arm (Hájek).

    One row a user: treated 0 or 1, outcome, and the chance of treatment, known or from
    a model; a chance of 0 or 1, or an empty arm, raises `ValueError`. `whose` effect:
    of all, of the treated, of the untreated, or weighted to where both arms are. The
    error takes chances as known, and is right only if they hold every cause that
    treatment and outcome share. O(n).
    """
    t, y, e = (np.asarray(v, dtype=float) for v in (treated, outcome, chance))
    if not (t.shape == y.shape == e.shape and ((e > 0) & (e < 1)).all()):
        raise ValueError("three columns of one length, chances strictly between 0 and 1")
    on, off = {
        "all": (1 / e, 1 / (1 - e)),
        "treated": (np.ones_like(e), e / (1 - e)),
        "untreated": ((1 - e) / e, np.ones_like(e)),
        "overlap": (1 - e, e),
    }[whose]
    arms = []
    for w in (t * on, (1 - t) * off):
        if not (total := w.sum()):
            raise ValueError("a treated and a control row are needed")
        mean = (w @ y) / total
        arms.append((mean, (w**2 @ (y - mean) ** 2) / total**2, total**2 / (w @ w)))
    (m1, v1, n1), (m0, v0, n0) = arms
    return Weighted(float(m1 - m0), math.sqrt(v1 + v0), float(n1), float(n0))


# --8<-- [end:ipw]


# --8<-- [start:did]
class Did(NamedTuple):
    """Difference in differences, its error over units, and a permutation p-value."""

    effect: float
    error: float
    p: float


def did(change: Column, treated: Column, most: int = 20_000, seed: int = 0) -> Did:
    """Difference in differences from one number a unit: its mean after, less before.

    A unit is what was treated as a whole (a region, not its users or weeks). p is the
    share of all ways to pick as many treated units whose difference is at least as
    large; beyond `most` ways, that many drawn ones. The error needs two units a side,
    else it is infinite; none on a side raises `ValueError`. O(ways · units). Give it
    each unit's slope *before*, and it is the check of the trends.
    """
    d, t = np.asarray(change, dtype=float), np.asarray(treated, dtype=bool)
    n, k = d.size, int(t.sum())
    if d.shape != t.shape or not 0 < k < n:
        raise ValueError("one change a unit, a treated and an untreated one at least")
    effect = d[t].mean() - d[~t].mean()
    error = math.inf
    if 2 <= k <= n - 2:
        error = math.sqrt(d[t].var(ddof=1) / k + d[~t].var(ddof=1) / (n - k))
    if math.comb(n, k) <= most:
        picks = np.array(list(combinations(range(n), k)))
    else:
        order = np.random.default_rng(seed).random((most - 1, n)).argsort(axis=1)
        picks = np.vstack([np.flatnonzero(t), order[:, :k]])
    sums = d[picks].sum(axis=1)
    shown = sums / k - (d.sum() - sums) / (n - k)
    p = np.mean(np.abs(shown) >= abs(effect) - 1e-12)
    return Did(float(effect), error, float(p))


# --8<-- [end:did]


def bias_factor(with_treatment: float, with_outcome: float) -> float:
    """Most by which a hidden cause can multiply a risk ratio, from its own two ratios."""
    if min(with_treatment, with_outcome) < 1:
        raise ValueError("ratios of at least 1: turn the cause round if needed")
    return with_treatment * with_outcome / (with_treatment + with_outcome - 1)


def e_value(ratio: float, down_to: float = 1.0) -> float:
    """Both ratios that a hidden cause needs to explain a risk ratio down to another.

    Above it, or at 1 if nothing is to explain. O(1). Ding and VanderWeele.
    """
    if not (ratio > 0 and down_to > 0):
        raise ValueError("positive risk ratios are needed")
    factor = max(ratio / down_to, down_to / ratio)
    return factor + math.sqrt(factor * (factor - 1))
