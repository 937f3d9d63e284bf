"""The link on a chapter's pages to its PDF files, put in after the build: only what was made is offered.

Input
    <h1 id="metrics">Metrics</h1>

Output
    <h1 id="metrics">Metrics</h1>
    <p class="editions">This chapter as PDF: <a href="../../pdf/metrics-a4.pdf" …>A4, 73 pages, 1.9 MB</a> ·
    <a href="../../pdf/metrics-letter.pdf" …>Letter, 76 pages, 1.9 MB</a></p>
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable

from handbook.html import below_title
from handbook.paper.press import Edition

OLD = re.compile(r'\n?<p class="editions".*?</p>', re.S)
WHAT = {"Chapters": "chapter", "Labs": "lab", "System designs": "design"}


def offers(editions: Iterable[Edition]) -> dict[str, list[Edition]]:
    """Page address → the files that hold the page."""
    found: dict[str, list[Edition]] = {}
    for edition in editions:
        for address in edition.chapter.addresses:
            found.setdefault(address, []).append(edition)
    return found


def with_offer(page: str, address: str, editions: list[Edition]) -> str:
    """The page with the link below its title; an older link is replaced, and goes when there is nothing to offer."""
    page = OLD.sub("", page)
    if not editions:
        return page
    what = WHAT.get(editions[0].chapter.part, "page")
    title = html.escape(editions[0].chapter.title)
    links = " · ".join(
        f'<a href="{posixpath.relpath(edition.path, address or ".")}" type="application/pdf" '
        f'aria-label="{_about(edition)}: {title} as PDF">{_about(edition)}</a>'
        for edition in editions
    )
    return below_title(page, f'<p class="editions">This {what} as PDF: {links}</p>')


def _about(edition: Edition) -> str:
    return f"{edition.sheet}, {edition.pages} page{'s' * (edition.pages != 1)}, {megabytes(edition.size)}"


def megabytes(size: int) -> str:
    """A size as readers know it.

    >>> megabytes(2_340_000), megabytes(300)
    ('2.3 MB', '1 KB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 95_000 else f"{max(1, round(size / 1000))} KB"
