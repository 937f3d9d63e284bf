"""Has a column changed? Distances and tests between a reference and a current sample. Serves docs/chapters/monitoring.md.

Counts are whole or weighted numbers of rows a bin, in the same order for both samples. Missing values are no number: count them
apart (`snippets.monitoring.contract`) or give them a bin of their own.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from snippets.metrics._inputs import FloatArray, Numbers, finite, row_count, whole


def _column(values: Numbers, name: str) -> FloatArray:
    """The values as an array; no value, NaN or an infinity raises. As `finite`, at the speed a million rows need. O(n)."""
    column = np.asarray(values, dtype=np.float64)
    if not len(column):
        raise ValueError(f"{name} is empty")
    return column if np.isfinite(column).all() else np.asarray(finite(values, name))


class Outcome(NamedTuple):
    """A test statistic and the chance of one at least as large if nothing changed."""

    statistic: float
    p_value: float


# --8<-- [start:bins]
def quantile_edges(reference: Numbers, bins: int = 10) -> FloatArray:
    """Inner edges that cut the reference into bins of about equal mass.

    Fix them once, with the reference: edges taken from the current data hide the
    drift. Ties merge edges, so there may be fewer bins than asked for; a constant
    column has one edge. No value or fewer than 2 bins raises. O(n log n).
    """
    inner = np.arange(1, whole(bins, "bins", least=2)) / bins
    return np.unique(np.quantile(_column(reference, "reference"), inner))


def bin_counts(values: Numbers, edges: Numbers) -> list[int]:
    """Rows in each bin; a value on an edge belongs above it. The outer bins are open.

    Sorted edges; no edge gives one bin, no value gives zeros. O(n log b).
    """
    cuts = np.asarray(edges, dtype=np.float64)
    if not len(values):
        return [0] * (len(cuts) + 1)
    place = np.searchsorted(cuts, _column(values, "values"), side="right")
    return [int(count) for count in np.bincount(place, minlength=len(cuts) + 1)]


# --8<-- [end:bins]


def _both(reference: Numbers, current: Numbers) -> tuple[list[float], list[float]]:
    columns = finite(reference, "reference"), finite(current, "current")
    row_count(reference=columns[0], current=columns[1])
    for name, column in zip(("reference", "current"), columns, strict=True):
        if min(column) < 0 or not sum(column):
            raise ValueError(f"{name} must hold counts of at least 0, and one row or more")
    return columns


# --8<-- [start:psi]
def psi(reference: Numbers, current: Numbers, pseudo: float = 0.5) -> float:
    """Population stability index of two rows of counts: Σ (c − r) · ln(c / r).

    r and c are the bins' shares. Every bin of both gets `pseudo` rows more, so that
    an empty bin costs much but not infinity; with `pseudo` 0 an empty bin gives inf,
    and one empty on both sides nothing. Symmetric, at least 0, no unit. No row on
    a side, or unequal lengths, raises. O(b).
    """
    old, new = _both(reference, current)
    r = [(count + pseudo) / (sum(old) + pseudo * len(old)) for count in old]
    c = [(count + pseudo) / (sum(new) + pseudo * len(new)) for count in new]
    total = 0.0
    for before, after in zip(r, c, strict=True):
        if before == after:
            continue
        if not before or not after:
            return math.inf
        total += (after - before) * math.log(after / before)
    return total


# --8<-- [end:psi]


# --8<-- [start:psi-null]
def chi_square_tail(statistic: float, degrees: int) -> float:
    """Chance that a chi-square variable exceeds the statistic. O(degrees).

    The finite series for whole degrees of freedom of at least 1, else ValueError.
    """
    k, half = whole(degrees, "degrees", least=1), max(statistic, 0.0) / 2
    odd = k % 2
    tail = math.erfc(math.sqrt(half)) if odd else 0.0
    for step in range(k // 2):
        power = step + odd / 2
        log_term = power * math.log(half) - half - math.lgamma(power + 1) if half else -math.inf
        tail += math.exp(log_term) if half else float(power == 0)
    return min(tail, 1.0)


def psi_by_chance(threshold: float, bins: int, reference: int, current: int) -> float:
    """Chance that PSI exceeds the threshold though nothing changed.

    To first order PSI / (1/m + 1/n) is chi-square with bins − 1 degrees of freedom, for
    m reference and n current rows and no near-empty bin: it is Pearson's statistic.
    """
    m, n = whole(reference, "reference", least=1), whole(current, "current", least=1)
    return chi_square_tail(threshold / (1 / m + 1 / n), whole(bins, "bins", least=2) - 1)


# --8<-- [end:psi-null]


def psi_threshold(chance: float, bins: int, reference: int, current: int) -> float:
    """The PSI that unchanged data exceed with this chance, by bisection on `psi_by_chance`; chance in (0, 1)."""
    if not 0 < chance < 1:
        raise ValueError(f"chance is {chance}: it must lie strictly between 0 and 1")
    low, high = 0.0, 1.0
    while psi_by_chance(high, bins, reference, current) > chance:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if psi_by_chance(middle, bins, reference, current) > chance else (low, middle)
    return high


def jensen_shannon(reference: Numbers, current: Numbers) -> float:
    """Jensen–Shannon distance of two rows of counts: 0 for equal shares, 1 for no common bin.

    The square root of the mean of both Kullback–Leibler divergences (base 2) from the average of the shares. An empty
    bin needs no smoothing, which is its advantage over PSI. No row on a side, or unequal lengths, raises. O(b).
    """
    old, new = _both(reference, current)
    divergence = 0.0
    for count, other in zip(old, new, strict=True):
        r, c = count / sum(old), other / sum(new)
        middle = (r + c) / 2
        divergence += sum(share / 2 * math.log2(share / middle) for share in (r, c) if share)
    return math.sqrt(max(divergence, 0.0))


# --8<-- [start:ks]
def kolmogorov_smirnov(reference: Numbers, current: Numbers) -> Outcome:
    """Largest gap between two empirical distribution functions, and its p-value.

    The p-value is asymptotic: good from some dozens of rows, and conservative with
    ties. No value on a side, or NaN, raises. O((m + n) log(m + n)).
    """
    old = np.sort(_column(reference, "reference"))
    new = np.sort(_column(current, "current"))
    m, n = len(old), len(new)
    seen = np.concatenate([old, new])
    below = np.searchsorted(old, seen, "right") / m, np.searchsorted(new, seen, "right") / n
    gap = float(np.abs(below[0] - below[1]).max())
    scaled = 2 * gap * gap * m * n / (m + n)
    if scaled < 0.2:
        return Outcome(gap, 1.0)  # 1 to three digits, where the series needs many terms
    terms = (2 * (-1) ** (k - 1) * math.exp(-k * k * scaled) for k in range(1, 40))
    return Outcome(gap, min(1.0, max(0.0, sum(terms))))


# --8<-- [end:ks]


# --8<-- [start:chi-square]
def pooled_small(reference: Numbers, current: Numbers, least: float = 5.0) -> list[tuple[float, float]]:
    """Pairs of counts, with categories too rare to test put into one bin.

    Rare means that the smaller sample expects fewer than `least` rows of it. If the
    common bin is still too rare, the smallest kept category joins it. O(b log b).
    """
    old, new = _both(reference, current)
    share = min(sum(old), sum(new)) / (sum(old) + sum(new))
    pairs = sorted(zip(old, new, strict=True), key=sum)
    rare = (0.0, 0.0)
    while pairs and (sum(pairs[0]) * share < least or 0 < sum(rare) * share < least):
        first = pairs.pop(0)
        rare = (rare[0] + first[0], rare[1] + first[1])
    return [rare, *pairs] if sum(rare) else pairs


def chi_square_test(reference: Numbers, current: Numbers, least: float = 5.0) -> Outcome:
    """Pearson's test that two samples come from one distribution over categories.

    Counts in the same order, a new category with 0 in the reference included. Rare
    ones are pooled first; if fewer than two bins remain, nothing can be said: p is 1.
    """
    pairs = pooled_small(reference, current, least)
    if len(pairs) < 2:
        return Outcome(0.0, 1.0)
    m, n = (sum(column) for column in zip(*pairs, strict=True))
    statistic = 0.0
    for old, new in pairs:
        for count, size in ((old, m), (new, n)):
            expected = (old + new) * size / (m + n)
            statistic += (count - expected) ** 2 / expected
    return Outcome(statistic, chi_square_tail(statistic, len(pairs) - 1))


# --8<-- [end:chi-square]


def normal_shift_psi(shift: float, bins: int = 10, spread: float = 1.0) -> float:
    """PSI of a normal column whose mean moves by `shift` and whose standard deviation is multiplied by `spread`.

    In units of the old standard deviation, over bins of equal mass in the reference, with no sampling noise. O(b).
    """
    from statistics import NormalDist

    old, new = NormalDist(), NormalDist(shift, spread)
    cuts = [-math.inf, *(old.inv_cdf(i / bins) for i in range(1, whole(bins, "bins", least=2))), math.inf]

    def below(which: NormalDist, cut: float) -> float:
        return which.cdf(cut) if math.isfinite(cut) else float(cut > 0)

    shares: Sequence[list[float]] = [[below(d, b) - below(d, a) for a, b in pairwise(cuts)] for d in (old, new)]
    return psi(shares[0], shares[1], pseudo=0.0)
