"""Several lists into one, and one list without repetition. Serves docs/chapters/llm-systems/retrieval.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from snippets.metrics._inputs import fraction, whole

Item = TypeVar("Item", bound=Hashable)


# --8<-- [start:rrf]
def reciprocal_rank_fusion(
    lists: Sequence[Sequence[Item] | None],
    k: float = 60.0,
    weights: Sequence[float] | None = None,
) -> list[tuple[Item, float]]:
    """Merge rankings by Σ weight / (k + place), best first; places start at 1.

    A list that failed is None, one that found nothing is empty: both add nothing,
    and so does a list for an item it does not hold. A repeat within a list counts
    at its first place. Equal scores keep the order of first appearance, earlier
    lists first. A k below 0, or other than one weight of at least 0 a list, raises
    `ValueError`. O(n log n). After Cormack et al. 2009.
    """
    shares = [1.0] * len(lists) if weights is None else list(weights)
    if k < 0 or len(shares) != len(lists) or any(share < 0 for share in shares):
        raise ValueError("k and weights must be at least 0, one weight a list")
    scores: dict[Item, float] = defaultdict(float)
    for share, ranking in zip(shares, lists, strict=True):
        for place, item in enumerate(dict.fromkeys(ranking or ()), start=1):
            scores[item] += share / (k + place)
    return sorted(scores.items(), key=lambda pair: -pair[1])


# --8<-- [end:rrf]


# --8<-- [start:mmr]
def maximal_marginal_relevance(
    relevance: Mapping[Item, float],
    alike: Callable[[Item, Item], float],
    k: int,
    balance: float = 0.7,
) -> list[Item]:
    """Pick k items one by one: balance · relevance − (1 − balance) · likeness to the nearest picked.

    Relevance and likeness must share a scale, such as cosines. Balance 1 is plain
    ranking. Ties go to the item that comes first in `relevance`. Fewer items than k
    give all of them. A balance outside 0 … 1 or a k below 1 raises `ValueError`.
    O(k · n). After Carbonell and Goldstein 1998.
    """
    whole(k, "k", least=1), fraction(balance, "balance")
    nearest: dict[Item, float] = dict.fromkeys(relevance, 0.0)  # nothing picked yet: no penalty
    picked: list[Item] = []
    while nearest and len(picked) < k:
        best = max(nearest, key=lambda item: balance * relevance[item] - (1 - balance) * nearest[item])
        del nearest[best]
        picked.append(best)
        for item in nearest:
            likeness = alike(item, best)
            nearest[item] = likeness if len(picked) == 1 else max(nearest[item], likeness)
    return picked


# --8<-- [end:mmr]


def demo_lone_first() -> None:
    """Print where the passage ends that only the words found, and found first."""
    both = [f"both-{i}" for i in range(1, 13)]
    by_words = ["the-code", *[f"words-{i}" for i in range(1, 28)], *both]
    by_vectors = [*[f"vectors-{i}" for i in range(1, 29)], *both]
    for k in (60, 20, 0):
        merged = [item for item, _ in reciprocal_rank_fusion([by_words, by_vectors], k)]
        print(f"k = {k:2}: place {merged.index('the-code') + 1:2}, first {merged[0]}")
