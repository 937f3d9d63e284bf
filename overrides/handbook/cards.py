"""Concept cards: the sections of docs/chapters/fundamentals/, each in the same six parts.

A card is what can be said in a minute and a half: what the thing is, how it fails, how one sees that, what one changes, a
question that interviewers ask with its answer, and where the book uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook import bank, checked, grammar
from handbook.errors import BookError
from handbook.pages import DOCS, lines_of, page_at
from handbook.words import LINK, words

FOLDER = "chapters/fundamentals/"
PARTS = ("Define", "Failure mode", "Diagnostic", "Fix", "Asked", "Used in")
NO_CARD = frozenset({"practice", "sources"})
LEAST, MOST = 120, 300  # words, without the links of the last part
LABEL = re.compile(r"^\*\*(?P<label>[^*]+)\.\*\*\s*(?P<rest>.*)$")


@dataclass(frozen=True)
class Card:
    """One concept: its page relative to docs/, the line of its heading in the source, its parts by label."""

    page: str
    line: int
    id: str
    title: str
    parts: dict[str, str]

    @property
    def words(self) -> int:
        """Words a reader reads, a formula or a figure counted as one; without where it is used."""
        return words(" ".join(part for label, part in self.parts.items() if label != "Used in"))


def pages(docs: Path = DOCS) -> Iterator[str]:
    """The card pages, in reading order: all of the folder but its index."""
    yield from (
        path
        for path in bank.sources(docs)
        if path.startswith(FOLDER) and path.endswith(".md") and path != f"{FOLDER}index.md"
    )


def scan(path: str, docs: Path = DOCS) -> tuple[list[Card], list[BookError]]:
    """The cards of a page, and what is wrong with them, each error with its line and what to write."""
    page = page_at(path, docs)
    lines = grammar.visible(lines_of(bank.body_of(path, docs)))
    sections = [heading for heading in grammar.headings(lines) if heading.level == 2]
    ends = [heading.line for heading in sections[1:]] + [len(lines) + 1]
    cards: list[Card] = []
    errors: list[BookError] = []
    for heading, end in zip(sections, ends, strict=True):
        if heading.id in NO_CARD:
            continue
        found: list[tuple[str, list[str]]] = []
        for line in lines[heading.line : end - 1]:
            label = LABEL.match(line)
            if label:
                found.append((label["label"], [label["rest"]]))
            elif found:
                found[-1][1].append(line)
        card = Card(path, heading.line, heading.id, heading.text, {name: "\n".join(text) for name, text in found})
        cards.append(card)
        names = tuple(name for name, _ in found)
        if names != PARTS:
            errors.append(
                BookError(
                    page.where(card.line),
                    f"card `{card.id}`: its parts are {', '.join(names) or 'missing'}; write, each at the start of a line, "
                    + ", ".join(f"**{part}.**" for part in PARTS),
                )
            )
            continue
        errors += [BookError(page.where(card.line), f"card `{card.id}`: {message}") for message in faults(card)]
    return cards, errors


def faults(card: Card) -> Iterator[str]:
    """What a card with all its parts still lacks."""
    for label in PARTS[:-1]:
        if len(card.parts[label].split()) < 5:
            yield f"**{label}.** says nothing; write a sentence"
    if not LEAST <= card.words <= MOST:
        yield f"{card.words} words; write {LEAST} to {MOST}"
    text = "\n".join(card.parts.values())
    if not ("$" in re.sub(r"\$\d", "", text) or re.search(checked.PATTERN, text) or "![" in text):
        yield "it has no formula, no computed figure and no drawing; add the one that makes it stick"
    if not re.search(r'^\*"[^"*]+\?"\*', card.parts["Asked"]):
        yield '**Asked.** begins with the question: *"How …?"*'
    targets = [match["target"] for match in LINK.finditer(card.parts["Used in"])]
    if not any("#" in target and ".." in target for target in targets):
        yield "**Used in.** has no link to a section of another chapter, such as [Thresholds](../metrics/classification.md#thresholds)"


def read(docs: Path = DOCS) -> list[Card]:
    """All cards of the book, in reading order."""
    return [card for path in pages(docs) for card in scan(path, docs)[0]]


def check(docs: Path = DOCS) -> list[BookError]:
    """What is wrong with any card."""
    return [error for path in pages(docs) for error in scan(path, docs)[1]]
