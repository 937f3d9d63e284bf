"""How sure a measured metric is: intervals, paired comparisons, sample sizes.

Serves docs/chapters/metrics/uncertainty.md.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np

from snippets.metrics._inputs import Labels, binary, fraction, row_count, whole

T = TypeVar("T")
McNemar: TypeAlias = Literal["exact", "mid-p", "chi-square"]


class Interval(NamedTuple):
    """The two ends of an interval, in the unit of the metric."""

    low: float
    high: float


def z_score(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches to each side: 1.96 at 0.95.

    `confidence` lies strictly between 0 and 1, else `ValueError`. O(1).
    """
    return NormalDist().inv_cdf((1 + fraction(confidence, "confidence", open_ends=True)) / 2)


# --8<-- [start:wilson]
def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """An interval for a share that stays between 0 and 1 and works at 0 and at all successes.

    Takes whole counts, successes at most trials, else `ValueError`. No trial says nothing and gives
    (0, 1). The trials must be independent: with several rows for each user use
    `clustered_bootstrap_interval`. O(1). Defined in Wilson 1927.
    """
    n, k = whole(trials, "trials"), whole(successes, "successes")
    if k > n:
        raise ValueError(f"successes is {k}, more than the {n} trials")
    if n == 0:
        return Interval(0.0, 1.0)
    z = z_score(confidence)
    center = (k + z * z / 2) / (n + z * z)
    half = z * math.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return Interval(0.0 if k == 0 else center - half, 1.0 if k == n else center + half)


# --8<-- [end:wilson]


def positives_for_recall(recall: float, half_width: float, confidence: float = 0.95) -> int:
    """How many positives a test set needs so that recall is known to plus or minus the half-width.

    Solves the Wilson interval's half-width for the count, given the recall you expect to see; the formula on the
    whiteboard, z²·r·(1 − r) / h², differs by a few positives and breaks down at a recall of 0 or 1. `recall` lies
    between 0 and 1, `half_width` above 0 and at most one half, else `ValueError`. At least 1. O(1).
    """
    r, z2 = fraction(recall, "recall"), z_score(confidence) ** 2
    if not 0 < half_width <= 0.5:
        raise ValueError(f"half_width is {half_width}: above 0 and at most one half is needed")
    h2 = half_width * half_width
    # h²(n + z²)² = z²(r(1 − r)n + z²/4), a quadratic a·n² + 2b·n + c = 0 with c ≤ 0
    a, b, c = h2, z2 * (h2 - r * (1 - r) / 2), z2 * z2 * (h2 - 0.25)
    root = (-b + math.sqrt(b * b - a * c)) / a
    return max(1, math.ceil(root - 1e-9 * max(1.0, root)))


def items_for_recall(recall: float, half_width: float, prevalence: float, confidence: float = 0.95) -> int:
    """How many items must be labeled, taken at random, to hold that many positives on average.

    `positives_for_recall` divided by the prevalence, which lies above 0 and at most at 1, else `ValueError`. O(1).
    """
    if fraction(prevalence, "prevalence") == 0:
        raise ValueError("prevalence is 0: no number of items holds a positive")
    return math.ceil(positives_for_recall(recall, half_width, confidence) / Fraction(repr(float(prevalence))))


def _percentiles(values: list[float], confidence: float) -> Interval:
    if undefined := sum(not math.isfinite(value) for value in values):
        raise ValueError(f"metric is undefined on {undefined} of {len(values)} resamples")
    tail = (1 - fraction(confidence, "confidence", open_ends=True)) / 2
    low, high = np.quantile(np.asarray(values), [tail, 1 - tail])
    return Interval(float(low), float(high))


def _resampled(
    metric: Callable[[list[int]], float], groups: list[list[int]], rng: np.random.Generator, resamples: int
) -> list[float]:
    values = []
    for _ in range(whole(resamples, "resamples", least=1)):
        picks = rng.integers(len(groups), size=len(groups))
        values.append(float(metric([row for pick in picks for row in groups[pick]])))
    return values


def bootstrap_interval(
    metric: Callable[[Sequence[T]], float],
    rows: Sequence[T],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Interval:
    """A percentile interval for any metric, by drawing as many rows again, with replacement, many times over.

    `metric` takes a list of rows (say, pairs of label and score) and gives a number; `rng` is a seeded NumPy
    generator, so the interval can be reproduced. Rows must be independent. No row, or a metric that is NaN or
    infinite on some resample (few positives!), raises `ValueError`. O(resamples · cost of the metric). The
    percentile bootstrap of Efron.
    """
    groups = [[row] for row in range(row_count(rows=rows))]
    values = _resampled(lambda picked: metric([rows[i] for i in picked]), groups, rng, resamples)
    return _percentiles(values, confidence)


def _members(clusters: Sequence[Hashable]) -> list[list[int]]:
    members: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, cluster in enumerate(clusters):
        members[cluster].append(row)
    return list(members.values())


def clustered_bootstrap_interval(
    metric: Callable[[Sequence[T]], float],
    rows: Sequence[T],
    clusters: Sequence[Hashable],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> Interval:
    """A percentile interval for a metric over rows that come in groups, such as many rows of one user.

    As `bootstrap_interval`, but whole clusters are drawn, and all rows of a drawn cluster come along; `clusters`
    names each row's. Rows of one user resemble each other, so this interval is usually the wider, honest one.
    A single cluster gives an interval of width 0: it cannot say anything. No row, unequal lengths or an undefined
    metric raises `ValueError`. O(resamples · cost of the metric).
    """
    row_count(rows=rows, clusters=clusters)
    values = _resampled(lambda picked: metric([rows[i] for i in picked]), _members(clusters), rng, resamples)
    return _percentiles(values, confidence)


# --8<-- [start:paired-bootstrap]
def paired_bootstrap_difference(
    metric: Callable[[Sequence[T]], float],
    rows_a: Sequence[T],
    rows_b: Sequence[T],
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Interval:
    """A percentile interval for metric(A) − metric(B), two models judged on the same items.

    Row i of both belongs to the same item, and each resample draws the same items for both, so what
    makes an item hard for both cancels; two separate intervals that overlap say much less.
    `clusters` draws whole groups as in `clustered_bootstrap_interval`. No row, unequal lengths or
    an undefined metric raises `ValueError`. O(resamples · cost of the metric).
    """
    n = row_count(rows_a=rows_a, rows_b=rows_b)
    names: Sequence[Hashable] = range(n) if clusters is None else clusters
    row_count(rows_a=rows_a, clusters=names)

    def difference(picked: list[int]) -> float:
        return metric([rows_a[i] for i in picked]) - metric([rows_b[i] for i in picked])

    return _percentiles(_resampled(difference, _members(names), rng, resamples), confidence)


# --8<-- [end:paired-bootstrap]


def discordant(right_a: Labels, right_b: Labels) -> tuple[int, int]:
    """On how many items only model A is right, and on how many only model B.

    Two columns of length n, 1 or True where the model is right; no item gives (0, 0), unequal lengths or other
    values raise `ValueError`. O(n).
    """
    pairs = list(zip(binary(right_a, "right_a"), binary(right_b, "right_b"), strict=True))
    return pairs.count((1, 0)), pairs.count((0, 1))


def mcnemar(only_a: int, only_b: int, variant: McNemar = "mid-p") -> float:
    """The two-sided p-value for "both models err equally often", from the items on which just one is right.

    Items on which both are right or both wrong carry no information and are not asked for. "exact" is the
    binomial test, never too small and often too large; "mid-p" counts half of the observed outcome; "chi-square"
    is the large-sample form without continuity correction. Whole counts of at least 0, else `ValueError`; no
    discordant item gives 1. O(n) for n discordant items. Recommended variants: Fagerland, Lydersen and Laake 2013.
    """
    a, b = whole(only_a, "only_a"), whole(only_b, "only_b")
    n, fewer = a + b, min(a, b)
    if n == 0:
        return 1.0
    if variant == "chi-square":
        return math.erfc(abs(a - b) / math.sqrt(2 * n))
    ways, outcome = 1, 1  # of n coin flips: ways to see at most k heads, and exactly k
    for k in range(fewer):
        outcome = outcome * (n - k) // (k + 1)
        ways += outcome
    if variant == "exact":
        return min(1.0, 2 * ways / (1 << n))
    if variant == "mid-p":
        return (2 * ways - outcome) / (1 << n)
    raise ValueError(f"variant is {variant!r}: 'exact', 'mid-p' or 'chi-square' is needed")
