"""What a plan is made of: sections, concept cards, prompts and labs, each with an address and the minutes it takes.

Reading is priced by words at a stated speed, a listing or figure at a stated time each; a card, a lab and the scoring of an answer at a
stated time, a prompt at its own minutes and its scoring. The stated times are in `choices.yml`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from handbook import bank, cards, config, grammar, labs
from handbook.grammar import Prompt
from handbook.pages import DOCS, lines_of
from handbook.words import words

# Sections that nobody is sent to read: prompts are tasks of their own, the rest is for looking up.
UNREAD = frozenset(
    {
        "practice",
        "sources",
        "leave-with",
        "pages",
        "how-to-read",
        "dated-facts",
        "short",
        "shorter",
        "more",
        "more-prompts",
    }
)
PROMPT = re.compile(r"^/{3,} prompt\b.*?^/{3,}[ ]*$", re.S | re.M)


@dataclass(frozen=True)
class Times:
    """Minutes and speeds, as `choices.yml` states them."""

    words: int  # read in a minute
    listing: int  # a listing or a figure
    card: int
    lab: int
    score: int  # reading the model answer, scoring one's own, saying two follow-ups
    score_design: int
    aloud: int  # a part of a design, said again under other premises
    leave_with: int
    again: int  # the weakest prompts of a week, once more
    review: int  # what the seventh day may take


@dataclass(frozen=True)
class Item:
    """One thing to do: where it is, what it is called, what it takes. Its address is its identity."""

    kind: str  # read, card, prompt, lab, aloud, check, again
    page: str
    id: str
    title: str
    minutes: int
    tier: int = 9
    prompt: Prompt | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"{self.page}#{self.id}" if self.id else self.page

    def at(self, tier: int) -> Item:
        return replace(self, tier=tier)


@dataclass(frozen=True)
class Book:
    """All that can be scheduled. `sections` has the taught sections by page, in order; `checks` the sections *Leave with*."""

    titles: dict[str, str]
    sections: dict[str, tuple[Item, ...]]
    cards: dict[str, tuple[Item, ...]]
    checks: dict[str, Item]
    labs: dict[str, Item]
    prompts: dict[str, Item]
    headings: dict[str, tuple[str, ...]]

    def prompts_of(self, page: str) -> list[Item]:
        return [item for item in self.prompts.values() if item.page == page]


def sections(body: str, page: str, times: Times) -> list[Item]:
    """Every section of level 2 that has text besides its prompts, with the minutes it takes to read."""
    body = PROMPT.sub(lambda match: "\n" * match[0].count("\n"), body)
    raw = lines_of(body)
    visible = grammar.visible(raw)
    heads = [heading for heading in grammar.headings(visible) if heading.level == 2 and heading.id]
    ends = [heading.line - 1 for heading in heads[1:]] + [len(raw)]
    found = []
    for heading, end in zip(heads, ends, strict=True):
        part = "\n".join(visible[heading.line : end])
        shown = sum("--8<--" in line for line in raw[heading.line : end])
        shown += sum(line.startswith("![") for line in visible[heading.line : end])
        number = words(part)
        minutes = max(1, math.ceil(number / times.words + shown * times.listing))
        if number:
            found.append(Item("read", page, str(heading.id), heading.text, minutes))
    return found


def read(times: Times, docs: Path = DOCS) -> Book:
    """The book as it stands in `docs`."""
    pages = [path for path in bank.sources(docs) if not path.startswith(("plan/", "practice/"))]
    read_: dict[str, tuple[Item, ...]] = {}
    checks: dict[str, Item] = {}
    headings: dict[str, tuple[str, ...]] = {}
    card_pages = set(cards.pages(docs))
    for page in pages:
        if not page.endswith(".md"):
            continue
        body = bank.body_of(page, docs)
        headings[page] = tuple(str(h.id) for h in grammar.headings(grammar.visible(lines_of(body))) if h.id)
        if page in card_pages:
            continue
        found = sections(body, page, times)
        read_[page] = tuple(item for item in found if item.id not in UNREAD)
        for item in found:
            if item.id == "leave-with":
                checks[page] = replace(item, kind="check", minutes=times.leave_with)
    all_cards: dict[str, tuple[Item, ...]] = dict.fromkeys(card_pages, ())
    for card in cards.read(docs):
        if tuple(card.parts) == cards.PARTS:
            all_cards[card.page] += (Item("card", card.page, card.id, card.title, times.card),)
    prompts = {
        prompt.id: Item(
            "prompt",
            prompt.page,
            prompt.id,
            prompt.title,
            prompt.minutes + (times.score_design if prompt.kind == "design" else times.score),
            prompt=prompt,
        )
        for prompt in bank.read(docs)
    }
    titles = {page: config.title(page, " · ") for page in pages}
    made = {path: Item("lab", path, "", titles[path], times.lab) for path in labs.sources(docs)}
    return Book(titles, read_, all_cards, checks, made, prompts, headings)
