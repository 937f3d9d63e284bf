"""All editions of the built site, in the order in which they stand on their page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handbook.editions import Made, anki, book, epub, offline, sheets


def everything(site: Path, site_url: str) -> Iterator[Made]:
    """Make them one after another, each as soon as it is asked for."""
    yield from book.make(site, site_url)
    yield from sheets.make(site, site_url)
    yield from epub.make(site, site_url)
    yield from anki.make(site, site_url)
    yield from offline.make(site, site_url)  # last: its page of editions says what the others are
