"""The Anki deck: a note for each prompt of the bank, each concept card and each term of the glossary.

    site/**/*.html ─anki_notes, anki_html→ notes ─package→ ml-interview-handbook.apkg

What a learner gets
- A subdeck a chapter (`ML Interview Handbook::Metrics`), one for the designs, one for the terms; tags by chapter, role,
  level and kind (`handbook::role::mle`). New cards come in reading order.
- A prompt: question and brief in front; behind it the opening line and the rubric, then answer and follow-ups, folded.
- A concept: one card for what it is, one for the question that interviewers ask about it. A term: what it means.
- Every part in a field of its own, and the permanent address, so that templates can be changed.

What must never change, since a learner's collection hangs on it (a test holds the numbers)
- A note's guid comes from its permanent id and nothing else. A renamed prompt keeps the guid of its first id: the first
  of its `aliases`, which stand oldest first.
- `anki_types.TYPES`: ids, names of fields and of templates. With other fields Anki takes a note type for another one
  and leaves the notes that a learner has as they are.
- Decks are found by name. Anki numbers its own; ours come from the names.

How an update works. Anki adds notes whose guid is new, and replaces fields and tags of a note that it has when the
note's `mod` in the file is newer than its own; reviews, due dates and decks of a learner's cards stay. So `mod` must
grow whenever the content does, and should not otherwise, or it overwrites what a learner has edited: a note carries the date
of the last commit to its page, to the code and figures that the page shows, to the glossary when it holds a term, whose link
carries the definition, or to what draws them (`DRAWN_BY`). Who
imports an older file over a newer one changes nothing: its `mod` is older. With SOURCE_DATE_EPOCH all notes carry that
date. Outside of a repository they carry `FIRST`: such a file adds what is missing and updates nothing. Note types, with
style sheet and templates, are updated by the same rule. A prompt taken out of the book stays in a learner's collection.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import genanki  # type: ignore[import-untyped]

from handbook import bank, dates, embeds, glossary
from handbook.editions import FOLDER, NAME, Made, anki_types, archive
from handbook.editions.anki_notes import FIRST, Note, notes
from handbook.editions.anki_types import ABOUT, BOOK, TYPES, Type
from handbook.errors import BookError
from handbook.pages import DOCS

# Where note types come from, and what makes a card of a page, besides the page: a change there is one to every note.
STYLED_BY = ("overrides/handbook/editions/anki_types.py", "overrides/handbook/editions/anki.css")
DRAWN_BY = (
    "overrides/handbook/editions/anki_html.py",
    "overrides/handbook/editions/anki_notes.py",
    "overrides/handbook/figures.py",
    "overrides/handbook/glossary.py",
    "overrides/handbook/math.py",
    "overrides/handbook/mathjax",
    "overrides/handbook/prompts.py",
    "overrides/handbook/tables.py",
)


def dated(listed: Sequence[Note]) -> list[Note]:
    """The notes with the dates of their last change."""
    shown: dict[str, set[str]] = {}
    for embed in embeds.embeds()[0]:
        shown.setdefault(embed.page, set()).add(
            f"{'tests/' if embeds.is_test(embed.path) else ''}snippets/{embed.path}"
        )
    drawn = dates.changed(*DRAWN_BY) or FIRST
    when = {
        page: max(drawn, dates.changed(f"docs/{page}", *sorted(shown.get(page, ())), *_figures(page)) or FIRST)
        for page in dict.fromkeys(note.page for note in listed)
    }
    terms = dates.changed(f"docs/{glossary.PAGE}") or FIRST
    return [replace(note, changed=max(when[note.page], terms if _has_term(note) else FIRST)) for note in listed]


def _has_term(note: Note) -> bool:
    """True when a note links a term: the link's title is the definition, which stands on another page."""
    return any('class="term"' in value for value in note.fields.values())


def _figures(page: str) -> Iterator[str]:
    """The figures that a page shows, as paths from the repository's root."""
    for target in sorted(set(re.findall(r"!\[[^\]]*\]\(([^)\s]+\.\w+)", bank.body_of(page)))):
        file = (DOCS / page).parent / target
        if file.is_file():
            yield file.resolve().relative_to(DOCS.parent.resolve()).as_posix()


def deck_id(name: str) -> int:
    """A deck's number, from its name: as large as the milliseconds of a date, as Anki's are.

    >>> deck_id("ML Interview Handbook::Metrics")
    1700565019867
    """
    return 1_700_000_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % 1_000_000_000


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with a date of its own, where `genanki` has one for all."""

    def __init__(self, changed: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.changed = changed

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.changed, deck_id, id_gen)


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with a date of its own."""

    def __init__(self, type_: Type, css: str, changed: int) -> None:
        super().__init__(
            type_.id,
            type_.name,
            fields=[{"name": name} for name in type_.fields],
            templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in type_.templates],
            css=css,
        )
        self.changed = changed

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        return super().to_json(self.changed, deck_id)


def package(listed: Sequence[Note], styled: int = FIRST) -> bytes:
    """The notes as the bytes of an `.apkg` file; `styled` is when the note types were last changed.

    Row numbers count from the newest date in milliseconds; Anki looks at them only for notes that it doesn't have yet.
    The zip is written again, packed and with a fixed date: the content has its own.
    """
    css = anki_types.STYLE.read_text(encoding="utf-8")
    models = {kind: _Model(type_, css, styled) for kind, type_ in TYPES.items()}
    decks = {"": genanki.Deck(deck_id(BOOK), BOOK, ABOUT[""])}
    for place, note in enumerate(listed):
        type_ = TYPES[note.kind]
        if set(note.fields) != set(type_.fields):
            raise BookError(
                note.id,
                f"the note has the fields {', '.join(note.fields)}; the note type has {', '.join(type_.fields)}",
            )
        if "::" in note.deck:
            raise BookError(note.page, f"“{note.deck}” names two decks; leave `::` out of the title")
        name = f"{BOOK}::{note.deck}"
        deck = decks.setdefault(name, genanki.Deck(deck_id(name), name, ABOUT[note.kind]))
        fields = [note.fields[field] for field in type_.fields]
        deck.add_note(
            _Note(note.changed, model=models[note.kind], fields=fields, tags=note.tags, guid=note.guid, due=place + 1)
        )
    if len({deck.deck_id for deck in decks.values()}) != len(decks):
        raise BookError("Anki deck", "two decks have one number; rename one of the chapters")
    raw = io.BytesIO()
    genanki.Package(list(decks.values())).write_to_file(raw, timestamp=max(note.changed for note in listed))
    done = io.BytesIO()
    with zipfile.ZipFile(raw) as old:
        archive.write(done, ((name, old.read(name)) for name in sorted(old.namelist())))
    return done.getvalue()


def make(site: Path, site_url: str) -> list[Made]:
    """Write the deck into `site/editions/`."""
    listed = dated(notes(site, site_url))
    path = site / FOLDER / f"{NAME}.apkg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(package(listed, dates.changed(*STYLED_BY) or FIRST))
    count = {kind: sum(note.kind == kind for note in listed) for kind in TYPES}
    title = f"Anki deck: {count['prompt']} prompts, {count['concept']} concepts, {count['term']} terms"
    return [Made(path.relative_to(site).as_posix(), "anki", title, path.stat().st_size)]
