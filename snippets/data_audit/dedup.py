"""Duplicates and near-duplicates, exact and by MinHash. Serves docs/chapters/data-audit/splits.md."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

PRIME = (1 << 31) - 1  # Mersenne; a product of two values below it fits into 64 bits


def shared(train: Iterable[Hashable], validation: Sequence[Hashable]) -> float:
    """Share of the validation rows whose key stands in training too: a whole row, a user, a fingerprint.

    No validation row gives 0. O(n + m).
    """
    seen = set(train)
    return sum(key in seen for key in validation) / len(validation) if validation else 0.0


# --8<-- [start:minhash]
def shingles(text: str, words: int = 2) -> set[str]:
    """The runs of so many consecutive words, lower case, punctuation gone.

    A text shorter than that is its own single shingle; an empty one has none. O(n).
    """
    parts = re.findall(r"\w+", text.lower())
    runs = {" ".join(parts[i : i + words]) for i in range(len(parts) - words + 1)}
    return runs or ({" ".join(parts)} if parts else set())


def minhash(items: set[str], rows: int, seed: int = 1) -> NDArray[np.uint64]:
    """For each of `rows` random hash functions, the least value over the items.

    Two sets agree in one place with the probability of their Jaccard similarity,
    |A ∩ B| / |A ∪ B|. An empty set gets the largest value everywhere. O(rows · n).
    """
    rng = np.random.default_rng(seed)
    a = rng.integers(1, PRIME, size=rows, dtype=np.uint64)
    b = rng.integers(0, PRIME, size=rows, dtype=np.uint64)
    least = np.full(rows, PRIME, dtype=np.uint64)
    for item in items:
        digest = hashlib.blake2b(item.encode(), digest_size=8).digest()
        h = np.uint64(int.from_bytes(digest) % PRIME)
        np.minimum(least, (a * h + b) % np.uint64(PRIME), out=least)
    return least


def candidate_pairs(
    signatures: Sequence[NDArray[np.uint64]],
    bands: int,
) -> set[tuple[int, int]]:
    """Pairs of rows whose signatures agree in at least one band.

    Bands are of equal length; a signature that does not divide raises `ValueError`.
    Near linear while buckets are small: O(n · bands) and the pairs found.
    """
    found: set[tuple[int, int]] = set()
    for band in range(bands):
        buckets: defaultdict[bytes, list[int]] = defaultdict(list)
        for row, signature in enumerate(signatures):
            length, rest = divmod(len(signature), bands)
            if rest:
                raise ValueError(f"{len(signature)} values do not divide by {bands}")
            part = signature[band * length : (band + 1) * length]
            buckets[part.tobytes()].append(row)
        for rows in buckets.values():
            found.update((i, j) for n, i in enumerate(rows) for j in rows[n + 1 :])
    return found


# --8<-- [end:minhash]


def jaccard(a: set[str], b: set[str]) -> float:
    """Share of the union that both sets hold; two empty sets give 0. O(n)."""
    return len(a & b) / len(a | b) if a | b else 0.0


def banding(similarity: float, bands: int, rows: int) -> float:
    """Chance that two sets of this Jaccard similarity agree in at least one of so many bands of so many rows.

    1 − (1 − s^rows)^bands: one band agrees with s^rows, all miss with (1 − s^rows)^bands. O(1).
    """
    return float(1 - (1 - similarity**rows) ** bands)


def near_duplicates(
    train: Sequence[str], validation: Sequence[str], least: float = 0.5, bands: int = 30, rows: int = 3
) -> list[int]:
    """Positions of validation texts with a training text at least so similar: MinHash proposes, Jaccard decides.

    Near linear in the number of texts while few are alike; what no band proposes is missed, see `banding`.
    """
    sets = [shingles(text) for text in (*train, *validation)]
    pairs = candidate_pairs([minhash(items, bands * rows) for items in sets], bands)
    n = len(train)
    return sorted({j - n for i, j in pairs if i < n <= j and jaccard(sets[i], sets[j]) >= least})
