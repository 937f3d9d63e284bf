"""Whole groups or hours as the unit: variance and carry-over. Serves docs/chapters/experiments/designing.md."""

import math

from snippets.metrics._inputs import fraction, whole


# --8<-- [start:clusters]
def design_effect(size: float, correlation: float, size_cv: float = 0.0) -> float:
    """Variance of a mean over clusters, over that of independent rows.

    `size` rows a cluster on average, `correlation` inside one, and
    `size_cv` the spread of sizes over their mean, since large clusters
    carry more of the sum. O(1). Equal sizes: 1 + (m − 1)ρ.
    """
    rho = fraction(correlation, "correlation")
    return 1 + (size * (1 + size_cv**2) - 1) * rho


def cluster_error(
    clusters: int,
    between: float,
    within: float,
    rows: float,
    steady: float = 0.0,
    before: float = 0.0,
) -> float:
    """Standard error of treated less control, half the clusters each.

    `between` is the standard deviation of clusters' true means, `within`
    that of a row, `rows` a cluster. Adjusted for the clusters' means
    before the test: the true means then and now correlate by `steady`,
    and `before` is the standard error of one cluster's mean then.
    """
    k = whole(clusters, "clusters", least=4)
    true = between**2 / (between**2 + before**2) if between else 0.0
    kept = 1 - fraction(steady, "steady") ** 2 * true
    return math.sqrt(4 / k * (kept * between**2 + within**2 / rows))


# --8<-- [end:clusters]


# --8<-- [start:switchback]
def share_seen(window: float, memory: float, burn: float = 0.0) -> float:
    """Part of the effect that a switchback with random windows shows.

    After a switch the system nears its new state as 1 − e^(−t/memory).
    The first `burn` of each window is not counted. Same unit for all
    three; `memory` 0 shows everything. O(1).
    """
    if not 0 <= burn < window or memory < 0:
        raise ValueError("0 ≤ burn < window and memory ≥ 0 are needed")
    if memory == 0:
        return 1.0
    missing = math.exp(-burn / memory) - math.exp(-window / memory)
    return 1 - memory * missing / (window - burn)


def switchback_error(
    total: float,
    window: float,
    slow: float,
    fast: float,
    burn: float = 0.0,
) -> float:
    """Standard error of on less off, half of the windows each.

    `slow` is the standard deviation of a window's level, whatever its
    length (Monday, weather), `fast` that of one unit of time around it.
    """
    counted = window - burn
    if not (counted > 0 and total >= 4 * window):
        raise ValueError("four windows, longer than the burn, are needed")
    return math.sqrt(4 * window / total * (slow**2 + fast**2 / counted))


# --8<-- [end:switchback]
