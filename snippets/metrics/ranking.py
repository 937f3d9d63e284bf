"""Metrics of a ranked list, with ties and missing items decided. Serves docs/chapters/metrics/ranking.md.

A ranking is a list of relevances in the order shown, best place first: 0 or 1 for the metrics that ask "relevant
or not", any grade of at least 0 for DCG. Scores that tie have no order of their own: `ranked` and `scored_ndcg`
say what becomes of them. A query without any relevant item is undefined (NaN), and means over queries leave it
out, except where a docstring says otherwise.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal, TypeAlias

from snippets.metrics._inputs import Labels, Numbers, binary, finite, row_count, same_length, whole

Gain: TypeAlias = Literal["linear", "exponential"]
Ties: TypeAlias = Literal["worst", "best", "given"]


def gains(relevances: Numbers, form: Gain = "linear") -> list[float]:
    """What each relevance grade is worth: the grade itself, or 2 to its power minus 1.

    Grades are finite and at least 0 (at most 1,023 in exponential form), else `ValueError`; the same length comes
    back. "exponential" makes one top result outweigh many fair ones: grade 3 is worth 7, grade 1 is worth 1.
    With 0/1 relevance both forms agree. O(n).
    """
    grades = finite(relevances, "relevances")
    if grades and (min(grades) < 0 or (form == "exponential" and max(grades) > 1023)):
        raise ValueError("relevances must lie between 0 and 1,023")
    if form not in ("linear", "exponential"):
        raise ValueError(f"form is {form!r}: 'linear' or 'exponential' is needed")
    return grades if form == "linear" else [2.0**grade - 1.0 for grade in grades]


def _cut(k: int | None, length: int) -> int:
    return length if k is None else min(whole(k, "k", least=1), length)


# --8<-- [start:ndcg]
def dcg(relevances: Numbers, k: int | None = None, form: Gain = "linear") -> float:
    """Discounted cumulative gain: what the list is worth when place i is discounted by log2(i + 1).

    Relevances in the order shown, at least 0; only the first k count, all when k is None. An empty
    list is worth 0. A k below 1 raises `ValueError`. O(n). After Järvelin and Kekäläinen 2002, with
    the discount used today.
    """
    worth = gains(relevances, form)[: _cut(k, len(relevances))]
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(worth, start=1))


def ndcg(
    relevances: Numbers,
    k: int | None = None,
    form: Gain = "linear",
    judged: Numbers | None = None,
) -> float:
    """DCG divided by the DCG of the best possible order: 1 is perfect.

    `relevances` in the order shown; `judged` holds the relevance of every judged item of the query,
    in any order, and decides what was possible. Left out, only the shown items are reordered, and a
    list that missed the best items can still get 1. NaN when nothing relevant was judged. A
    `judged` that cannot hold the shown items raises `ValueError`. O(n log n).
    """
    shown = dcg(relevances, k, form)
    best = dcg(sorted(relevances if judged is None else judged, reverse=True), k, form)
    if shown > best * (1 + 1e-9):
        raise ValueError("judged must hold the relevance of every item, the shown ones too")
    return min(1.0, shown / best) if best else math.nan


# --8<-- [end:ndcg]


# --8<-- [start:ties]
def scored_ndcg(
    relevances: Numbers,
    scores: Numbers,
    k: int | None = None,
    form: Gain = "linear",
) -> float:
    """NDCG of the order that the scores give, averaged over all orders of items whose scores tie.

    Two columns of length n, one entry for each candidate; higher scores come first. DCG is a
    weighted sum, so the average over orders is had by giving each tied item the mean gain of its
    group; no order is drawn. That is scikit-learn's default too. NaN when nothing is relevant or
    there is no item. O(n log n).
    """
    worth, values = gains(relevances, form), finite(scores, "scores")
    same_length(relevances=worth, scores=values)
    expected: list[float] = []
    for _, tied in groupby(sorted(zip(values, worth, strict=True), reverse=True), key=itemgetter(0)):
        group = [gain for _, gain in tied]
        expected += [math.fsum(group) / len(group)] * len(group)
    best = dcg(sorted(worth, reverse=True), k)
    return dcg(expected, k) / best if best else math.nan


# --8<-- [end:ties]


def ranked(relevances: Numbers, scores: Numbers, ties: Ties = "worst") -> list[float]:
    """The relevances in the order that the scores give, higher scores first.

    Two columns of length n. Among equal scores "worst" puts the least relevant first, so no metric profits from a
    tie; "best" the most relevant, an upper bound; "given" keeps the order of the input, which is whatever wrote
    it. The gap between worst and best tells how much of a metric is luck. No item gives an empty list, unequal
    lengths raise `ValueError`. O(n log n).
    """
    grades, values = finite(relevances, "relevances"), finite(scores, "scores")
    same_length(relevances=grades, scores=values)
    if ties not in ("worst", "best", "given"):
        raise ValueError(f"ties is {ties!r}: 'worst', 'best' or 'given' is needed")
    sign = {"worst": 1.0, "best": -1.0, "given": 0.0}[ties]
    order = sorted(range(len(values)), key=lambda i: (-values[i], sign * grades[i]))
    return [grades[i] for i in order]


def _hits(relevant: Labels, k: int | None, total: int | None) -> tuple[list[int], int]:
    flags = binary(relevant, "relevant")
    known = sum(flags) if total is None else whole(total, "total")
    if known < sum(flags):
        raise ValueError(f"total is {known}, less than the {sum(flags)} relevant items shown")
    return flags[: _cut(k, len(flags))], known


def precision_at_k(relevant: Labels, k: int) -> float:
    """Share of the first k places that hold a relevant item.

    0/1 relevances in the order shown. It divides by k even when fewer items are shown, so an empty place counts
    as a bad one; an empty list gets 0. A k below 1 raises `ValueError`. O(n).
    """
    return sum(_hits(relevant, k, None)[0]) / k


def recall_at_k(relevant: Labels, k: int, total: int | None = None) -> float:
    """Share of the relevant items that stand in the first k places.

    0/1 relevances in the order shown; `total` counts all relevant items of the query, shown or not. Left out, the
    shown ones are taken for all, which flatters. NaN when there is none. A k below 1, or a total below the number
    shown, raises `ValueError`. With k below the total it cannot reach 1. O(n).
    """
    top, known = _hits(relevant, k, total)
    return sum(top) / known if known else math.nan


def average_precision_at_k(relevant: Labels, k: int | None = None, total: int | None = None) -> float:
    """Precision averaged over the relevant items, each at its own place; a relevant item not shown counts 0.

    0/1 relevances in the order shown; `total` as in `recall_at_k`. The sum is divided by min(k, total), so that a
    perfect list gets 1 at any k; some tools divide by the total even when k is smaller. NaN when nothing is
    relevant. A k below 1, or a total below the number shown, raises `ValueError`. O(n).
    """
    top, known = _hits(relevant, k, total)
    found, precisions = 0, []
    for place, hit in enumerate(top, start=1):
        found += hit
        precisions.append(hit * found / place)
    reachable = known if k is None else min(k, known)
    return math.fsum(precisions) / reachable if reachable else math.nan


def reciprocal_rank(relevant: Labels, k: int | None = None) -> float:
    """One over the place of the first relevant item, 0 when the first k places hold none.

    0/1 relevances in the order shown, an empty list gets 0. A k below 1 raises `ValueError`. It looks at nothing
    after the first hit, which suits "one right answer" and little else. O(n).
    """
    top, _ = _hits(relevant, k, None)
    return 1 / (top.index(1) + 1) if 1 in top else 0.0


def mean_defined(values: Sequence[float]) -> float:
    """Mean of the values that are not NaN, and NaN when all are.

    One value for each query; no query raises `ValueError`. Report beside it how many were left out. O(n).
    """
    row_count(values=values)
    defined = [value for value in values if not math.isnan(value)]
    return math.fsum(defined) / len(defined) if defined else math.nan


def mean_average_precision(
    rankings: Sequence[Labels], k: int | None = None, totals: Sequence[int] | None = None
) -> float:
    """Average precision, averaged over queries: each query counts the same, however many relevant items it has.

    One ranking of 0/1 relevances and, if given, one total for each query. Queries without a relevant item are
    left out; if none remains the result is NaN. No query or unequal lengths raises `ValueError`. O(n) for n
    places in all.
    """
    known: Sequence[int | None] = [None] * len(rankings) if totals is None else totals
    row_count(rankings=rankings, totals=known)
    return mean_defined(
        [average_precision_at_k(ranking, k, total) for ranking, total in zip(rankings, known, strict=True)]
    )


def mean_reciprocal_rank(rankings: Sequence[Labels], k: int | None = None) -> float:
    """Reciprocal rank, averaged over queries; a query whose list holds nothing relevant counts 0.

    One ranking of 0/1 relevances for each query; no query raises `ValueError`. O(n) for n places in all.
    """
    row_count(rankings=rankings)
    return math.fsum(reciprocal_rank(ranking, k) for ranking in rankings) / len(rankings)


def sampled_rank_chances(rank: int, catalog: int, sample: int) -> list[float]:
    """How likely the relevant item lands on each place when it is ranked against a random sample of the others.

    `rank` is its true place among all `catalog` items; `sample` others are drawn with replacement, so the number
    drawn that beat it is binomial with chance (rank − 1) / (catalog − 1). Entry j is the chance of place j + 1;
    there are sample + 1 entries. A catalog below 2, a rank outside it or a sample below 1 raises `ValueError`.
    O(sample).
    """
    n, m, place = whole(catalog, "catalog", least=2), whole(sample, "sample", least=1), whole(rank, "rank", least=1)
    if place > n:
        raise ValueError(f"rank is {place}, beyond the catalog of {n}")
    if place in (1, n):  # certain to be first, or last
        return [float(beaten == (0 if place == 1 else m)) for beaten in range(m + 1)]
    win, lose = math.log((place - 1) / (n - 1)), math.log((n - place) / (n - 1))
    ways = [math.lgamma(m + 1) - math.lgamma(j + 1) - math.lgamma(m - j + 1) for j in range(m + 1)]
    return [math.exp(way + j * win + (m - j) * lose) for j, way in enumerate(ways)]


# --8<-- [start:sampled-metric]
def expected_sampled_metric(
    rank: int,
    catalog: int,
    sample: int,
    metric: Callable[[int], float],
) -> float:
    """What a metric of the relevant item's place comes to, on average, on sampled candidates.

    `metric` takes a place from 1 up, such as `lambda place: float(place <= 10)` for recall at 10.
    Compare with `metric(rank)`, the truth: the gap is the bias, and it differs between models, so
    that sampled metrics can swap two models. Arguments and errors as in `sampled_rank_chances`.
    O(sample). After Krichene and Rendle 2020.
    """
    chances = sampled_rank_chances(rank, catalog, sample)
    return math.fsum(chance * metric(place) for place, chance in enumerate(chances, start=1))


# --8<-- [end:sampled-metric]


def estimated_rank(sampled_place: int, catalog: int, sample: int) -> float:
    """The place in the full catalog that a place among sampled candidates stands for, on average over samples.

    1 + (catalog − 1) · (place − 1) / sample: unbiased for the rank itself, and coarse, as with 100 candidates of
    100,000 each place stands for about a thousand. It does not mend top-k metrics, which are not linear in the
    rank. A place outside 1 … sample + 1, a catalog below 2 or a sample below 1 raises `ValueError`. O(1).
    """
    n, m = whole(catalog, "catalog", least=2), whole(sample, "sample", least=1)
    place = whole(sampled_place, "sampled_place", least=1)
    if place > m + 1:
        raise ValueError(f"sampled_place is {place}, beyond the {m + 1} candidates")
    return 1 + (n - 1) * (place - 1) / m
