"""Editions: what is made of the built book besides the site. Built pages and the bank in, files out, in `site/editions/`.

- `book`: the whole book as PDF, on A4 and Letter.
- `sheets`: question sheets and the answer key, as PDF.
- `anki`: the deck.
- `epub`: the book for e-readers.
- `offline`: the site as a zip that opens from a folder.
- `archive`: a zip that is the same each time, for three of them.
- `shelf`: what was made, on `/reference/editions/`, with sizes.

Each module has `make(site, site_url) -> list[Made]`, a pure function of the built site but for the files that it writes;
the same site gives the same bytes. The chapters' own PDF files are made with every build, by `handbook.paper`.
"""

from __future__ import annotations

from dataclasses import dataclass

FOLDER = "editions"  # below the site's root
SHELF = "reference/editions.md"  # the page that offers them; no edition holds it: it can't know the others
NAME = "ml-interview-handbook"  # what a reader's folder of downloads shows: every file's name begins with it


@dataclass(frozen=True)
class Made:
    """A made file: its `path` below the site's root, whose `kind` it is, what a reader calls it, its bytes; of a PDF its pages and sheet.

    `kind` is one of book, questions, answers, chapter, epub, anki, offline: the parts of `/reference/editions/`.
    """

    path: str
    kind: str
    title: str
    size: int
    pages: int = 0
    sheet: str = ""
