"""The whole book as PDF, on A4 and Letter: cover, contents with page numbers, parts, chapters, an index of prompts.

    built pages ─paper.read→ nodes ─paper.write→ Typst ─→ site/editions/ml-interview-handbook-a4.pdf, …-letter.pdf

What the pages link to within the book is a jump and a page number; what isn't in the book is a web address. The shorter
plans stay on the web: paper has the three of four weeks. A sheet is set in a process of its own, one after another: Typst
keeps what it has laid out, and two books at once would need twice the memory.
"""

from __future__ import annotations

import dataclasses
import functools
import multiprocessing
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

from handbook import config, dates
from handbook.editions import FOLDER, NAME, SHELF, Made
from handbook.errors import BookError
from handbook.paper import press
from handbook.paper.chapters import Chapter, chapters
from handbook.paper.nodes import Heading, Numbers, Page, Prompt, walk
from handbook.paper.write import Writer, breakable_address, shown_address, string

PARTS = ("Chapters", "System designs", "Labs", "Four-week plan", "Practice", "Reference")
LEFT_OUT = ("-two-weeks.md", "-one-week.md", SHELF)  # by the ends of their sources
INDEX = "practice/"  # the bank: on paper the index of prompts, with pages, at the end
# Headings that each page has, and the letters of the glossary, would fill the contents.
UNLISTED = ("what-it-tests", "leave-with", "sources", *"abcdefghijklmnopqrstuvwxyz")


def printed(nav: list[tuple[tuple[str, ...], str]] | None = None) -> list[Chapter]:
    """What the book holds, in order.

    >>> [chapter.slug for chapter in printed([(("Four-week plan", "MLE"), "plan/mle-four-weeks.md"),
    ...     (("Four-week plan", "MLE, one week"), "plan/mle-one-week.md"), (("Chapters", "Map the role first"), "chapters/roles.md")])]
    ['plan-mle-four-weeks', 'roles']
    """
    listed = config.nav() if nav is None else nav
    found = chapters([(titles, source) for titles, source in listed if not source.endswith(LEFT_OUT)], PARTS)
    last = [dataclasses.replace(chapter, part="Reference") for chapter in found if chapter.part == "Practice"]
    return [chapter for chapter in found if chapter.part != "Practice"] + last


def document(book: Sequence[Chapter], pages: Mapping[str, Page], sheet: str, site_url: str, edition: str) -> str:
    """The Typst code of the book on a sheet; `edition` is what names it on every page ("version 0.1.0, 2026-11-28")."""
    writer = Writer(list(pages.values()), site_url, indexes=[INDEX], floats=False, unlisted=UNLISTED)
    parts: dict[str, list[Chapter]] = {}
    for chapter in book:
        parts.setdefault(chapter.part, []).append(chapter)
    body = "\n".join(
        line
        for title, within in parts.items()
        for line in (_part(title, within, pages), *(_chapter(chapter, pages, writer) for chapter in within))
    )
    press.check_letters(writer, "paper edition of the book")
    prompts = [node for page in pages.values() for node in walk(page.blocks) if isinstance(node, Prompt)]
    numbers = sum(len(n.items) for page in pages.values() for n in walk(page.blocks) if isinstance(n, Numbers))
    holds = [
        f"{sum(c.part == 'Chapters' for c in book)} chapters",
        f"{len(parts.get('System designs', [])) - 1} system designs and a page that compares them",
        f"{len(parts.get('Labs', []))} labs on real data",
        f"{len(prompts)} practice prompts, each with model answer, rubric and follow-ups",
    ]
    about = str(config.load()["site_description"]).strip()
    foot = " · ".join([press.BOOK, edition, shown_address(site_url)])
    info = (
        f"(document:{string(press.BOOK)},title:none,book:{string(press.BOOK)},author:{string(press.AUTHOR)},"
        f"description:{string(about)},parts:true,numbers:{numbers},edition:{string(edition)},"
        f"holds:({','.join(map(string, holds))},),url:{string(site_url)},"
        f"address:{string(breakable_address(shown_address(site_url)))},foot:{string(foot)})"
    )
    paper, _, margin = press.SHEETS[sheet]
    return (
        f"{press.LAYOUT.read_text(encoding='utf-8')}\n{writer.definitions()}\n#let info = {info}\n"
        f"#show: body => edition({string(paper)},{margin},info,body)\n#book-cover(info)\n#book-contents()\n#{{\n{body}\n}}\n"
    )


def _part(title: str, within: Sequence[Chapter], pages: Mapping[str, Page]) -> str:
    lines = ",".join(f"({string(_label(chapter))},{string(_title(chapter, pages))})" for chapter in within)
    return f"book-part({string(title)},({lines},))"


def _chapter(chapter: Chapter, pages: Mapping[str, Page], writer: Writer) -> str:
    """A chapter of several pages: its title, and the pages' titles a level below. One of one page: the page's title is its own."""
    found = [pages[address] for address in chapter.addresses]
    title = _title(chapter, pages)
    single = len(found) == 1
    heading = string(title)
    if single:
        writer.address = found[0].address
        heading = writer.heading_text(next(b for b in found[0].blocks if isinstance(b, Heading) and b.level == 1))
    name = string(writer.name(_id(found[0]))) if single else '""'
    body = "\n".join(writer.page(page, first=not at, titled=single) for at, page in enumerate(found))
    return (
        f"book-chapter({string(_label(chapter))},{name},{string(title)},{heading})\n"
        f"{{set heading(offset: {1 if single else 2})\n{body}\n}}"
    )


def _id(page: Page) -> str:
    return next(block.id for block in page.blocks if isinstance(block, Heading))


def _label(chapter: Chapter) -> str:
    return f"chapter:{chapter.slug}"


def _title(chapter: Chapter, pages: Mapping[str, Page]) -> str:
    return pages[chapter.addresses[0]].title if len(chapter.addresses) == 1 else chapter.title


def edition_of(date: int | None) -> str:
    """What names the edition on every page.

    >>> edition_of(0)
    'version 0.1.0, 1970-01-01'
    """
    day = "" if date is None else f", {dates.day(date)}"
    return f"version {version('ml-interview-handbook')}{day}"


def in_a_process(code: str, date: int | None, where: str) -> bytes:
    """Set type in a process that gives its memory back when it ends."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(press.set_type, code, date, where).result()


def make(site: Path, site_url: str, sheets: Sequence[str] = tuple(press.SHEETS)) -> Iterator[Made]:
    """The book on each sheet, one after another."""
    book = printed()
    pages = {page.address: page for chapter in book for page in press.pages_of(chapter, site, site_url)}
    date = dates.changed("docs", "snippets")
    for sheet in sheets:
        if sheet not in press.SHEETS:
            raise BookError("", f"there is no sheet `{sheet}`; there are {', '.join(press.SHEETS)}")
        code = document(book, pages, sheet, site_url, edition_of(date))
        where = f"paper edition of the book ({sheet})"
        file = press.kept(f"{NAME}-{sheet}", code, date, functools.partial(in_a_process, where=where))
        path = f"{FOLDER}/{NAME}-{sheet}.pdf"
        (site / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(file, site / path)
        count = press.count_pages(file.read_bytes())
        yield Made(path, "book", "The whole book", file.stat().st_size, count, press.SHEETS[sheet][1])
