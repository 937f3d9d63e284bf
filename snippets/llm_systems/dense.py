"""Nearest passages by cosine, exact, permission-filtered, and approximate with a count. Serves docs/chapters/llm-systems/retrieval.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snippets.metrics._inputs import whole

Floats = NDArray[np.floating]
Mask = NDArray[np.bool_]


# --8<-- [start:cosine]
def unit(rows: Floats) -> Floats:
    """Rows scaled to length 1; a row of zeros stays zeros and is similar to nothing."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)


def cosine_top_k(
    question: Floats,
    passages: Floats,
    k: int,
    allowed: Mask | None = None,
) -> list[int]:
    """Row numbers of the k nearest passages by cosine, nearest first, ties by row number.

    `question` has d numbers, `passages` n × d. `allowed` (n booleans) is applied
    before the cut, so whoever may see ten passages gets ten, not what is left of a
    top k. Fewer than k when fewer are allowed; none gives an empty list. O(a · d)
    for a allowed rows, and a partial sort.
    """
    whole(k, "k", least=1)
    rows = np.arange(len(passages)) if allowed is None else np.flatnonzero(allowed)
    scores = unit(passages[rows]) @ unit(question)
    if len(rows) > k:
        kept = scores >= np.partition(scores, -k)[-k]  # ties with the k-th stay in
        rows, scores = rows[kept], scores[kept]
    return [int(row) for row in rows[np.lexsort((rows, -scores))][:k]]


# --8<-- [end:cosine]


@dataclass
class InvertedFile:
    """Passages sorted into lists by their nearest center; a question looks into a few lists."""

    passages: Floats  # n × d, rows of length 1
    centers: Floats  # lists × d
    home: NDArray[np.int64]  # list of each passage

    @classmethod
    def build(cls, passages: Floats, lists: int, rounds: int = 8, seed: int = 0) -> InvertedFile:
        """k-means on unit vectors, started at random passages. O(rounds · n · lists · d).

        An empty list keeps its center. More lists than passages, or none, raises `ValueError`.
        """
        if not 1 <= lists <= len(passages):
            raise ValueError(f"lists is {lists}: between 1 and the {len(passages)} passages")
        rows = unit(passages)
        picked = np.random.default_rng(seed).choice(len(rows), lists, replace=False)
        centers = rows[picked]
        for _ in range(rounds):
            home = (rows @ centers.T).argmax(axis=1)
            sums = np.zeros_like(centers)
            np.add.at(sums, home, rows)
            centers = np.where(sums.any(axis=1, keepdims=True), unit(sums), centers)
        return cls(rows, centers, (rows @ centers.T).argmax(axis=1))

    def search(self, question: Floats, k: int, probes: int) -> tuple[list[int], int]:
        """The k nearest within the `probes` nearest lists, and how many vectors were compared.

        With all lists probed it is exact, and dearer than exact search by the centers.
        """
        opened = np.argsort(-(self.centers @ unit(question)), kind="stable")[:probes]
        rows = np.flatnonzero(np.isin(self.home, opened))
        nearest = cosine_top_k(question, self.passages[rows], k) if len(rows) else []
        return [int(rows[i]) for i in nearest], len(self.centers) + len(rows)
