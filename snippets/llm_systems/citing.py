"""Citations checked without a model: does each sentence name a span that was shown, with its numbers copied?
Serves docs/chapters/llm-systems/generation.md.

A passed check says that the numbers stand in the cited span. It does not say that the sentence follows from it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# --8<-- [start:citing]
D = r"\d(?:[\d.,:/-]*\d)?"  # 30, 1,250.00, 2026-03-01
QUANTITY = re.compile(
    r"(?<!\w)(?:[a-z]+-?\d[\w-]*"  # a code: e42-17
    rf"|[$€£]{D}(?: ?(?:to|–) ?[$€£]?{D})?"  # money, or a range of it
    rf"|{D}(?: ?(?:to|–) ?{D})?(?: ?%| [^\W\d_]+)?)"  # else with the unit that follows
)


class Sentence(NamedTuple):
    """One sentence of a draft, and the span that it names first."""

    span: str | None
    text: str


def quantities(text: str) -> set[str]:
    """Amounts, dates and codes of a text, each with its whole range and its unit.

    "5 to 10 business days" gives "5 to 10 business", so "5 business days" is another
    quantity. Numbers in words are not seen. No digit gives an empty set. O(n).
    """
    return set(QUANTITY.findall(" ".join(text.lower().split())))


def citation_faults(draft: Sequence[Sentence], spans: Mapping[str, str]) -> list[tuple[int, str]]:
    """Which sentences may not be shown, by position, and why; an empty list passes.

    `spans` holds what this answer's prompt showed, text by id, version included. The
    model writes no sentence without a span: greetings are code's. An empty draft
    raises `ValueError`, since all of nothing would pass. O(length of draft and spans).
    """
    if not draft:
        raise ValueError("draft is empty: hand the question over instead")
    faults = []
    for position, (span, text) in enumerate(draft):
        if span is None:
            faults.append((position, "names no span"))
        elif span not in spans:
            faults.append((position, f"{span} was not shown"))
        else:
            missing = sorted(quantities(text) - quantities(spans[span]))
            faults += [(position, f"{quantity!r} is not in {span}") for quantity in missing]
    return faults


# --8<-- [end:citing]
