"""What a recommender shows, beside being right: coverage, concentration, diversity, novelty, freshness.

Serves docs/chapters/metrics/ranking.md.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from snippets.metrics._inputs import Numbers, finite, fraction, row_count, same_length, whole

T = TypeVar("T")


def catalog_coverage(shown: Sequence[Sequence[Hashable]], catalog: Collection[Hashable]) -> float:
    """Share of the catalog that anyone was shown at all.

    `shown` holds one list of items for each user or request; repeats count once. Nothing shown gives 0. An empty
    catalog, or an item shown that is not in it (a stale index?), raises `ValueError`. O(n) for n places in all.
    """
    known = set(catalog)
    if not known:
        raise ValueError("catalog is empty")
    seen = {item for items in shown for item in items}
    if strangers := seen - known:
        raise ValueError(f"shown holds {len(strangers)} items that are not in the catalog")
    return len(seen) / len(known)


def exposure(shown: Sequence[Sequence[Hashable]], catalog: Collection[Hashable]) -> list[int]:
    """How often each item of the catalog was shown, in catalog order, with zeros for those that never were.

    The zeros matter: leave them out and `gini` looks fair. Items outside the catalog are ignored. O(n) for n
    places in all.
    """
    counts = Counter(item for items in shown for item in items)
    return [counts[item] for item in catalog]


def _shares(exposures: Numbers) -> list[float]:
    counts = sorted(finite(exposures, "exposures"))
    row_count(exposures=counts)
    if counts[0] < 0:
        raise ValueError("exposures must not be negative")
    total = math.fsum(counts)
    return [count / total for count in counts] if total else []


def gini(exposures: Numbers) -> float:
    """How unequally exposure is spread over items: 0 when all get the same, near 1 when one gets all.

    One count of at least 0 for each item of the catalog, those never shown included. With n items
    the highest value is 1 − 1/n. NaN when nothing was shown; no item or a negative count raises
    `ValueError`. O(n log n).
    """
    shares = _shares(exposures)
    n = len(shares)
    if not shares:
        return math.nan
    return max(0.0, math.fsum((2 * i - n - 1) * share for i, share in enumerate(shares, start=1)) / n)


def top_share(exposures: Numbers, items: int) -> float:
    """Share of all exposure that goes to the most shown items, `items` of them.

    One count of at least 0 for each item; asking for more items than there are gives 1. NaN when nothing was
    shown; no item, a negative count or a negative number of items raises `ValueError`. O(n log n).
    """
    shares, head = _shares(exposures), whole(items, "items")
    return min(1.0, math.fsum(shares[max(0, len(shares) - head) :])) if shares else math.nan


def tail_share(shown: Sequence[Sequence[Hashable]], head: Collection[Hashable]) -> float:
    """Share of the shown places that went to the long tail: to items outside the popular head.

    Say how the head was chosen, for instance the items that made 80 % of last month's sales, and choose it on data
    from before the recommendations. Nothing shown gives NaN. O(n) for n places in all.
    """
    popular = set(head)
    places = [item not in popular for items in shown for item in items]
    return sum(places) / len(places) if places else math.nan


def cosine_distance(a: Numbers, b: Numbers) -> float:
    """One minus the cosine of the angle between two vectors: 0 for one direction, 1 at right angles, 2 opposite.

    Two vectors of the same length with finite entries; a vector of zeros has no direction and raises
    `ValueError`, as do unequal lengths. O(length).
    """
    u, v = finite(a, "a"), finite(b, "b")
    row_count(a=u, b=v)
    size_u, size_v = math.hypot(*u), math.hypot(*v)
    if not size_u or not size_v:
        raise ValueError("a or b is a zero vector: it has no direction")
    cosine = math.fsum((x / size_u) * (y / size_v) for x, y in zip(u, v, strict=True))
    return 1 - max(-1.0, min(1.0, cosine))


def intra_list_diversity(items: Sequence[T], distance: Callable[[T, T], float]) -> float:
    """Mean distance between the items of one list, over all pairs.

    `distance` takes two items and should be symmetric, for instance `cosine_distance` on embeddings, or 0 and 1
    for same and different category. Fewer than two items have no pair and give NaN. It is as good as the
    distance: random lists score high. O(n²).
    """
    pairs = [distance(a, b) for a, b in combinations(items, 2)]
    return math.fsum(pairs) / len(pairs) if pairs else math.nan


def novelty(shown: Sequence[Sequence[Hashable]], users_by_item: Mapping[Hashable, int], users: int) -> float:
    """Mean surprise of the shown items, in bits: −log2 of the share of users who already know each.

    `users_by_item` counts the users who have interacted with an item, out of `users`. An item that nobody has
    met, or that is missing, counts as known by one user, so surprise ends at log2(users). An item everybody knows
    adds 0. Nothing shown gives NaN; a count beyond `users` or below 0, or no user, raises `ValueError`. O(n) for
    n places in all. Mean self-information, as in Castells, Hurley and Vargas 2015.
    """
    everyone = whole(users, "users", least=1)
    if wrong := [item for item, count in users_by_item.items() if not 0 <= count <= everyone]:
        raise ValueError(f"users_by_item must lie between 0 and {everyone}: see {wrong[0]!r}")
    bits = [math.log2(everyone / max(1, users_by_item.get(item, 0))) for items in shown for item in items]
    return math.fsum(bits) / len(bits) if bits else math.nan


def freshness_share(ages: Numbers, limit: float) -> float:
    """Share of the shown places whose item was no older than the limit at the moment it was shown.

    `ages` has one age for each place shown, in the unit of `limit`, at least 0. Nothing shown gives NaN; a
    negative age (a clock that disagrees, or a leak) or a NaN raises `ValueError`. O(n).
    """
    times = finite(ages, "ages")
    if times and min(times) < 0:
        raise ValueError("ages must not be negative")
    if math.isnan(limit):
        raise ValueError("limit is nan")
    return sum(age <= limit for age in times) / len(times) if times else math.nan


def taste_divergence(history: Numbers, shown: Numbers, blend: float = 0.01) -> float:
    """How far the mix of categories shown is from the mix a user has liked, in nats; 0 when they agree.

    Two columns with one entry for each category: shares, or counts, of at least 0, not all zero. It is the
    Kullback–Leibler divergence of the history from what is shown, into which a little of the history is blended
    so that a category never shown costs much and not infinity. `blend` lies strictly between 0 and 1. Unequal
    lengths, no category or a bad value raises `ValueError`. O(categories). After Steck's calibrated
    recommendations.
    """
    mix = fraction(blend, "blend", open_ends=True)
    liked, given = finite(history, "history"), finite(shown, "shown")
    same_length(history=liked, shown=given)
    for name, column in {"history": liked, "shown": given}.items():
        if min(column, default=-1.0) < 0 or not any(column):
            raise ValueError(f"{name} needs entries of at least 0, not all of them 0")
    p, q = [x / math.fsum(liked) for x in liked], [x / math.fsum(given) for x in given]
    return math.fsum(a * math.log(a / ((1 - mix) * b + mix * a)) for a, b in zip(p, q, strict=True) if a)
