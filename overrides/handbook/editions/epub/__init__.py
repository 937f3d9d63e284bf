"""The book for e-readers: `site/editions/ml-interview-handbook.epub`, EPUB 3.

    site/**/index.html ─paper.read→ nodes ─write→ XHTML ─book→ files, links ─pack→ archive

- `write`: nodes → XHTML. Raises on a node that it doesn't know.
- `book`: pages → files that old readers can hold, links between them, contents.
- `pack`: metadata, contents, cover, archive; no clock.

All pages of the table of contents are in it, in its order: the home page for its reading paths, plans for what to read when
(their calendars and ticks are for the screen). Three things stay on the web: how the computed numbers came about, code that
labs fold away, what only a script can do.

A model answer stands in a file behind its page, and question and answer link to each other. A disclosure (`<details>`) would
be nearer to the web, and the standard allows it; but Adobe's and Kindle's engines show it open, so that the answer stands
right below the question, and in some apps a tap on it turns the page, so that the answer is out of reach. A link works in
every one of them, a step aside is hidden enough, and who reads straight through still meets questions before answers.
"""

from __future__ import annotations

import re
from pathlib import Path

from handbook import config
from handbook.bank import address
from handbook.dates import changed
from handbook.editions import FOLDER, NAME, SHELF, Made
from handbook.editions.epub import book, pack
from handbook.errors import BookError
from handbook.html import BuiltPage
from handbook.paper import press, read
from handbook.paper.nodes import Checked, Page, Prompt, walk

TITLES = {"index.md": "Start here"}  # what a page is called here and not on the web


def listed() -> list[tuple[tuple[str, ...], str]]:
    """Titles from the top and address of each page, in order."""
    return [((TITLES[s],) if s in TITLES else titles, address(s)) for titles, s in config.nav() if s != SHELF]


def pages(site: Path, site_url: str) -> list[Page]:
    """The book's pages as nodes, in order."""
    found = []
    for _, place in listed():
        file = site / place / "index.html"
        if not file.is_file():
            raise BookError(f"site/{place}", "is not built; run `make build` first")
        found.append(read.page(BuiltPage(file, place, file.read_text(encoding="utf-8")), site, site_url))
    return found


def make(site: Path, site_url: str) -> list[Made]:
    """Write the EPUB of the built site."""
    nodes = pages(site, site_url)
    settings = config.load()
    about = pack.About(
        title=str(settings["site_name"]),
        author=press.AUTHOR,
        description=str(settings["site_description"]).strip(),
        rights=re.sub(r"<[^>]*>", "", str(settings["copyright"])).strip(),
        address=site_url.rstrip("/") + "/",
        date=changed("docs", "snippets") or 0,  # the other editions carry the same
        prompts=sum(isinstance(node, Prompt) for page in nodes for node in walk(page.blocks)),
        computed=sum(isinstance(node, Checked) for page in nodes for node in walk(page.blocks)),
    )
    whole = book.made(nodes, site_url)
    data = pack.packed(about, whole, book.contents(listed(), whole))
    path = f"{FOLDER}/{NAME}.epub"
    (site / FOLDER).mkdir(exist_ok=True)
    (site / path).write_bytes(data)
    return [Made(path, "epub", "The book as EPUB", len(data))]
