"""Byte-pair encoding: merges by count, then by rank. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

Pair = tuple[int, int]


# --8<-- [start:train]
def merge(tokens: Sequence[int], pair: Pair, new: int) -> list[int]:
    """`tokens` with each `pair` replaced by `new`, from the left. O(n)."""
    merged: list[int] = []
    i = 0
    while i < len(tokens):
        hit = tuple(tokens[i : i + 2]) == pair
        merged.append(new if hit else tokens[i])
        i += 2 if hit else 1
    return merged


def train(words: Iterable[bytes], merges: int) -> dict[Pair, int]:
    """{pair: new token}, in the order learned. Tokens 0 to 255 are the bytes.

    Each round merges the pair that occurs most often inside words; a tie goes to the
    smaller pair of numbers. Stops early when no pair occurs twice; no words, no
    merges. O(merges · letters of the different words) time.
    """
    often = Counter(words)
    split = {word: list(word) for word in often}  # bytes are numbers
    learned: dict[Pair, int] = {}
    while len(learned) < merges:
        counts: Counter[Pair] = Counter()
        for word, tokens in split.items():
            for pair in pairwise(tokens):
                counts[pair] += often[word]
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        learned[best] = 256 + len(learned)
        split = {w: merge(tokens, best, learned[best]) for w, tokens in split.items()}
    return learned


# --8<-- [end:train]


# --8<-- [start:encode]
def encode(word: bytes, learned: dict[Pair, int]) -> list[int]:
    """The tokens of one word: the earliest learned pair first. O(n²) for n bytes."""
    tokens = list(word)
    while True:
        ranks = {learned[p]: p for p in pairwise(tokens) if p in learned}
        if not ranks:
            return tokens
        new = min(ranks)
        tokens = merge(tokens, ranks[new], new)


def decode(tokens: Iterable[int], learned: dict[Pair, int]) -> bytes:
    """The bytes, which need not be valid UTF-8. KeyError for an unknown token."""
    spelled = {byte: bytes([byte]) for byte in range(256)}
    for (left, right), new in learned.items():  # in the order learned
        spelled[new] = spelled[left] + spelled[right]
    return b"".join(spelled[token] for token in tokens)


# --8<-- [end:encode]
