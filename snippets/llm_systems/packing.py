"""Passages packed into a prompt under a token budget. Serves docs/chapters/llm-systems/generation.md.

Tokens are counted by the tokenizer of the model that will read them, never by characters or another model's tokenizer.
"""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from snippets.llm_systems.citing import quantities


class Passage(NamedTuple):
    """What retrieval returned: id with version, text, its tokens, its reranker score."""

    id: str
    text: str
    tokens: int
    score: float


class Packed(NamedTuple):
    """Ids in the order of the prompt, their tokens, and why the others are not there."""

    order: list[str]
    tokens: int
    left_out: dict[str, str]


def overlap(a: str, b: str) -> float:
    """Share of the shorter text's word pairs that the other has too, from 0 to 1.

    A text of fewer than two words has no pair and overlaps nothing. O(n).
    """
    one, two = (set(pairwise(text.lower().split())) for text in (a, b))
    return len(one & two) / max(1, min(len(one), len(two)))


# --8<-- [start:pack]
# English; each language needs its own
NEGATION = re.compile(r"\b(?:cannot|not|no|never|without|except|unless|only)\b|n[’']t\b")


def claims(text: str) -> tuple[set[str], list[str]]:
    """What twins may not differ in: quantities, and negations in their order. O(n)."""
    return quantities(text), NEGATION.findall(text.lower())


def pack(
    passages: Sequence[Passage],
    budget: int,
    twin: float = 0.8,
    both_ends: bool = False,
) -> Packed:
    """Best first into the budget; twins are dropped; `both_ends` puts the weakest in the middle.

    A twin repeats a kept passage *and* states the same quantities and negations: texts that
    differ in a number or a "not" contradict each other, and both stay. What does not fit
    is skipped and the next is tried. Nothing, or no room, packs nothing. A budget below 0,
    tokens below 1, a score not finite or an id given twice raises. O(n²) comparisons.
    """
    if budget < 0 or len({p.id for p in passages}) < len(passages):
        raise ValueError("budget is negative, or an id is given twice")
    kept: list[Passage] = []
    left_out, room = {}, budget
    for new in sorted(passages, key=lambda p: (-p.score, p.id)):
        if new.tokens < 1 or not math.isfinite(new.score):
            raise ValueError(f"{new.id}: tokens of at least 1 and a finite score are needed")
        twins = (p for p in kept if overlap(p.text, new.text) >= twin)
        alike = (p.id for p in twins if claims(p.text) == claims(new.text))
        if original := next(alike, None):
            left_out[new.id] = f"says what {original} says"
        elif new.tokens > room:
            left_out[new.id] = "no room"
        else:
            kept.append(new)
            room -= new.tokens
    ids = [p.id for p in kept]
    order = ids[::2] + ids[1::2][::-1] if both_ends else ids
    return Packed(order, budget - room, left_out)


# --8<-- [end:pack]
