"""The one file of choices, read and checked against the book: what is wrong is named with the role, the page and the id."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from handbook.errors import BookError, BookErrors
from handbook.plan.book import Book, Times

FILE = Path(__file__).with_name("choices.yml")
WEEKS = (4, 3, 2, 1)


@dataclass(frozen=True)
class Topic:
    """Pages to take together. `then` None: all their other taught sections. `first`: answer their prompts before reading."""

    pages: tuple[str, ...]
    core: tuple[str, ...] = ()
    then: tuple[str, ...] | None = None
    first: bool = False


@dataclass(frozen=True)
class Role:
    """A role's four parts, each a list of topics, and what each part must achieve."""

    id: str
    name: str
    short: str
    slug: str
    also: tuple[str, ...]
    goals: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]  # of prompts that fill a part; none: as for all
    parts: tuple[tuple[Topic, ...], ...]

    @property
    def pages(self) -> list[str]:
        return list(dict.fromkeys(page for part in self.parts for topic in part for page in topic.pages))


@dataclass(frozen=True)
class Choices:
    """All that is chosen by hand."""

    times: Times
    minutes: int
    level: str
    reading: dict[int, float]
    days: dict[int, tuple[int, ...]]
    must: tuple[str, ...]
    parts: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    reasons: dict[str, str]
    roles: dict[str, Role]


def parse(data: dict[str, Any]) -> Choices:
    """The choices from the file's dictionary."""
    roles = {}
    for id_, role in data["roles"].items():
        parts = tuple(tuple(_topic(topic) for topic in part) for part in role["phases"])
        roles[id_] = Role(
            id_,
            role["name"],
            role["short"],
            role["slug"],
            tuple(role["also"]),
            tuple(role["goals"]),
            _kinds(role.get("kinds", ())),
            parts,
        )
    return Choices(
        Times(**data["times"]),
        data["minutes"],
        data["level"],
        data["reading"],
        {weeks: tuple(days) for weeks, days in data["days"].items()},
        tuple(data["must"]),
        tuple(data["parts"]),
        _kinds(data["kinds"]),
        data["reasons"],
        roles,
    )


def _kinds(parts: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(kinds) for kinds in parts)


def _topic(topic: dict[str, Any]) -> Topic:
    pages = topic["page"] if isinstance(topic["page"], list) else [topic["page"]]
    then = topic.get("then")
    return Topic(
        tuple(pages), tuple(topic.get("core", ())), None if then is None else tuple(then), topic.get("first", False)
    )


@lru_cache(maxsize=1)
def load(file: Path = FILE) -> Choices:
    """The choices as they stand in `choices.yml`."""
    return parse(yaml.safe_load(file.read_text(encoding="utf-8")))


def check(choices: Choices, book: Book) -> None:
    """Raise `BookErrors` for a page, section, card or prompt that is chosen and isn't in the book."""
    errors: list[BookError] = []

    def wrong(message: str) -> None:
        errors.append(BookError("overrides/handbook/plan/choices.yml", message))

    for id_ in [*choices.must, *(id_ for role in choices.roles.values() for id_ in role.also)]:
        if id_ not in book.prompts:
            wrong(f"there is no prompt `{id_}`; write its new id")
    for role in choices.roles.values():
        for topic in (topic for part in role.parts for topic in part):
            for page in topic.pages:
                if page not in book.titles:
                    wrong(f"{role.id}: there is no page `{page}`; write where it moved")
            known = {id_ for page in topic.pages for id_ in book.headings.get(page, ())}
            for id_ in (*topic.core, *(topic.then or ())):
                if known and id_ not in known:
                    wrong(f"{role.id}: {topic.pages[0]} has no section `{id_}`; write its new id or leave it out")
        for id_ in choices.must:
            prompt = book.prompts.get(id_)
            asked = prompt is not None and prompt.prompt is not None and role.id in prompt.prompt.roles
            if (asked or id_ in role.also) and prompt is not None and prompt.page not in role.pages:
                wrong(
                    f"{role.id}: no part takes {prompt.page}, so the prompt `{id_}` has no place; add the page to one"
                )
    if errors:
        raise BookErrors(errors)
