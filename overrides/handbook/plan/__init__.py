"""The plan: for three roles and three lengths, what to do on which day. Pure functions but for the last step.

    docs/ ─book→ sections, cards, prompts, labs with minutes ┐
    choices.yml ─choices→ which pages, for whom, when         ┴─schedule→ Plan ─write→ docs/plan/*.md

The pages are generated and committed, since `mkdocs build` must work on a clone. `calendar` reads the built pages and lays a
calendar file beside them.
"""

from __future__ import annotations

from pathlib import Path

from handbook import ways
from handbook.grammar import ROLES
from handbook.pages import DOCS
from handbook.plan import book, choices, schedule, write

LENGTHS = (4, 2, 1)


def plans(docs: Path = DOCS) -> tuple[book.Book, choices.Choices, list[schedule.Plan]]:
    """The nine plans of the book as it stands."""
    chosen = choices.load()
    whole = book.read(chosen.times, docs)
    choices.check(chosen, whole)
    made = [
        schedule.make(whole, chosen, role, weeks=weeks, before=ways.all_before) for role in ROLES for weeks in LENGTHS
    ]
    return whole, chosen, made


def pages(docs: Path = DOCS) -> dict[str, str]:
    """Path below `docs/` → text, of everything generated."""
    whole, chosen, made = plans(docs)
    texts = {write.INDEX: write.index(made, whole, chosen)}
    texts |= {write.path(plan): write.page(plan, whole, chosen, made) for plan in made}
    return texts


def refresh(docs: Path = DOCS) -> list[str]:
    """Write the pages that are stale; returns which."""
    changed = []
    for name, text in pages(docs).items():
        file = docs / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed.append(f"docs/{name}")
    return changed


def text(role: str, weeks: int, minutes: int, level: str, docs: Path = DOCS) -> str:
    """One plan as Markdown, for the command."""
    chosen = choices.load()
    whole = book.read(chosen.times, docs)
    choices.check(chosen, whole)
    made = schedule.make(whole, chosen, role, weeks=weeks, minutes=minutes, level=level, before=ways.all_before)
    return write.page(made, whole, chosen)
