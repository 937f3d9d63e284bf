"""What a page weighs, whether it jumps, and whether its HTML grows with the book."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from handbook import config
from handbook.bench import Built, Row, browser, stock
from handbook.html import BuiltPage, pages
from handbook.pages import DOCS

COLD = 200_000  # bytes of the largest page under gzip, everything it loads included, search left out
GROWTH = 100  # bytes of a page's HTML, before compression, for each page that other chapters of eight pages gain


def templates(site: Path) -> list[str]:
    """One address for each kind of page: home, a chapter's index, the longest page, a lab, the bank, reference."""
    built = [page for page in pages(site) if not page.is_redirect and page.address != "404.html"]
    longest = max(built, key=lambda page: len(page.text)).address
    index = min(page.address for page in built if page.address.startswith("chapters/"))
    lab = min(page.address for page in built if page.address.startswith("labs/"))
    return ["", index, longest, lab, "practice/", "reference/conventions/"]


def around(page: BuiltPage) -> int:
    """Bytes of a page's HTML that are not its article: head, header, navigation, contents, footer."""
    article = page.text.partition("<article")[2].rpartition("</article>")[0]
    return len(page.text.encode()) - len(article.encode())


def grown(extra: int) -> Path:
    """Build the book with so many pages more, in chapters of eight; returns the site."""
    docs, site = stock.PLACE / f"docs-{extra}", stock.PLACE / f"grown-{extra}"
    shutil.rmtree(docs, ignore_errors=True)
    shutil.copytree(DOCS, docs)
    chapters: dict[str, list[Any]] = {}
    for number in range(extra):
        chapter, path = f"Chapter {number // 8}", f"chapters/grown-{number // 8}/page-{number}.md"
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_text(f"# Page {number}\n\n## Part {{#part}}\n\nText.\n", encoding="utf-8")
        chapters.setdefault(chapter, []).append({f"Page {number}": path})
    nav = config.load()["nav"]
    for item in nav:
        if "Chapters" in item:
            item["Chapters"] = [*item["Chapters"], *({title: below} for title, below in chapters.items())]
    stock.build(stock.ours(site, docs, nav))
    return site


def page_of(site: Path, address: str) -> BuiltPage:
    """One built page."""
    return next(page for page in pages(site) if page.address == address)


def run(built: Built) -> list[Row]:
    """Cold weight and layout shift of each template, and how a page's HTML grows with the book."""
    rows: list[Row] = []
    addresses = templates(built.site)
    with (
        browser.chromium() as chrome,
        browser.served(built.site, built.site_url) as mine,
        browser.served(built.stock, built.site_url) as theirs,
    ):
        for address in addresses:
            ours, other = (browser.cold_weight(chrome, base + address) for base in (mine, theirs))
            rows.append(
                Row(f"cold, gzip, {address or 'home'}", sum(ours.values()), sum(other.values()), f"≤ {COLD:,}", "bytes")
            )
        for address in addresses:
            shifts = [
                max(browser.layout_shift(chrome, base + address, width) for width in (360, 1280))
                for base in (mine, theirs)
            ]
            rows.append(Row(f"layout shift, {address or 'home'}", shifts[0], shifts[1], "0"))
    some, more = 40, 120
    sites = [grown(some), grown(more)]
    per_page = (around(page_of(sites[1], addresses[2])) - around(page_of(sites[0], addresses[2]))) / (more - some)
    rows.append(Row("HTML around the article, more for each page of the book", per_page, None, f"≤ {GROWTH}", "bytes"))
    return rows
