"""Search that shows a session only what it may read. Serves docs/chapters/llm-systems/safety.md.

Passages are scored by the words they share with the question, each word weighted by its rarity (the idea behind BM25).
That is enough to show what a rights filter has to cover: the list, its length, and the statistics behind its order.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


# --8<-- [start:search]
@dataclass(frozen=True)
class Passage:
    """A passage and the groups that may read it; with no group, nobody may."""

    id: str
    words: frozenset[str]
    groups: frozenset[str]


def readable(passages: Iterable[Passage], groups: Collection[str]) -> list[Passage]:
    """The passages that share a group with the session. O(passages · groups)."""
    if isinstance(groups, str):  # would match letter by letter
        raise TypeError("groups is one string, not a collection of them")
    return [p for p in passages if not p.groups.isdisjoint(groups)]


def rank(words: Collection[str], passages: Sequence[Passage], counted: Sequence[Passage]) -> list[str]:
    """Ids of the passages that share a word with the question, best first.

    A word weighs ln(1 + N / n), with n of the N `counted` passages holding it. Ties go
    by id. No word, or no passage, gives an empty list. O(words · (passages + counted)).
    """
    holding = {w: sum(w in p.words for p in counted) for w in set(words)}
    weight = {w: math.log1p(len(counted) / n) for w, n in holding.items() if n}
    scores = {p.id: math.fsum(weight[w] for w in weight if w in p.words) for p in passages}
    return sorted((i for i in scores if scores[i]), key=lambda i: (-scores[i], i))


def search(
    words: Collection[str],
    passages: Sequence[Passage],
    groups: Collection[str],
    k: int,
) -> list[str]:
    """Filter first, then count, rank and cut: as if nothing else were in the index.

    `groups` come from the session, never from the question or the model.
    """
    mine = readable(passages, groups)
    return rank(words, mine, counted=mine)[:k]


# --8<-- [end:search]


# --8<-- [start:leaky]
def search_then_filter(
    words: Collection[str], passages: Sequence[Passage], groups: Collection[str], k: int
) -> list[str]:
    """Cut, then filter. Shows nothing forbidden, and a short list says how much there is."""
    mine = {p.id for p in readable(passages, groups)}
    return [i for i in rank(words, passages, counted=passages)[:k] if i in mine]


def search_under_mask(
    words: Collection[str], passages: Sequence[Passage], groups: Collection[str], k: int
) -> list[str]:
    """Filter before the cut, with word counts over everything: the order still tells."""
    return rank(words, readable(passages, groups), counted=passages)[:k]


# --8<-- [end:leaky]


def example() -> list[Passage]:
    """Three public articles, and five notes for the legal team about a merger that nobody has announced."""
    everyone, legal = frozenset({"everyone", "legal"}), frozenset({"legal"})
    public = [
        Passage("merging accounts", frozenset({"merger", "account"}), everyone),
        Passage("refund times", frozenset({"refund", "days"}), everyone),
        Passage("refund to a card", frozenset({"refund", "card"}), everyone),
    ]
    return public + [Passage(f"board note {n}", frozenset({"merger", "price"}), legal) for n in range(1, 6)]


def demo_rights() -> None:
    """Print what a customer is shown for "merger refund", with and without the legal team's notes in the index."""
    # --8<-- [start:example]
    notes = example()  # three public articles, five notes for the legal team only
    public = readable(notes, {"everyone"})
    for way in (search_then_filter, search_under_mask, search):
        for name, index in (("without notes", public), ("with notes", notes)):
            shown = way({"merger", "refund"}, index, {"everyone"}, 3)
            print(f"{way.__name__:19} {name:14} {shown}")
    # --8<-- [end:example]
