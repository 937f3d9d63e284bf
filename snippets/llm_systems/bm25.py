"""BM25 over an inverted index. Serves docs/chapters/llm-systems/retrieval.md."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from snippets.metrics._inputs import whole

WORD = re.compile(r"\w+(?:[-.]\w+)*")


# --8<-- [start:words]
def words(text: str) -> list[str]:
    """Lower-case words; long numbers within a word are added behind it. O(n).

    E-4127 gives e-4127 and 4127, so that E4127 and 4127 find it too; v2.3.1 and mp3
    add nothing. No word gives no list entry.
    """
    found = []
    for word in WORD.findall(text.lower()):
        found.append(word)
        found += [number for number in re.findall(r"\d{3,}", word) if number != word]
    return found


# --8<-- [end:words]


# --8<-- [start:bm25]
def idf(documents: int, holding: int) -> float:
    """Weight of a word that `holding` documents contain: rare ones more, never < 0."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def saturated(count: int, length: float, k1: float = 1.2, b: float = 0.75) -> float:
    """What `count` occurrences are worth, 0 to 1; `length` is relative to the mean."""
    return count / (count + k1 * (1 - b + b * length))


class BM25:
    """An inverted index: word → (passage, occurrences).

    Score = Σ idf(word) · saturated(occurrences), summed over the words of the
    question. After Robertson and Zaragoza 2009 in the form that keeps idf positive
    and leaves out the constant factor k1 + 1, which orders nothing. Building is
    O(words); a search touches only the passages that hold a word of the question.
    """

    def __init__(
        self,
        passages: Sequence[Sequence[str]],
        k1: float = 1.2,
        b: float = 0.75,
    ) -> None:
        """Index passages of words; an empty collection is allowed and finds nothing."""
        self.k1, self.b = k1, b
        self.lengths = [len(passage) for passage in passages]
        self.mean = sum(self.lengths) / max(1, len(self.lengths)) or 1.0
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, passage in enumerate(passages):
            for word, count in Counter(passage).items():
                self.postings[word].append((number, count))

    def search(self, question: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The k best (passage, score), best first, equal scores by passage number.

        A passage without any of the words is not returned, so the list may be
        shorter than k. A word repeated in the question counts each time; an unknown
        word counts nothing.
        """
        whole(k, "k", least=1)
        scores: dict[int, float] = defaultdict(float)
        for word in question:
            found = self.postings.get(word, [])
            weight = idf(len(self.lengths), len(found))
            for number, count in found:
                relative = self.lengths[number] / self.mean
                scores[number] += weight * saturated(count, relative, self.k1, self.b)
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:k]


# --8<-- [end:bm25]
