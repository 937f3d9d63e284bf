"""The PDF files as they lie in the built site: what went in has come out, whole, findable, legible and audible.

What the site's HTML holds is counted here without the converter, so that what it loses is missed.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
import pypdfium2
import pytest
from handbook import links
from handbook.html import BuiltPage, pages, text_of
from handbook.paper import press, read
from handbook.paper.chapters import Chapter, chapters
from papers import (
    Paper,
    article_of,
    check_alternatives,
    check_counts,
    check_fonts,
    check_margins,
    check_standard,
    find,
    lines_of,
    page_number,
    pieces_of,
    squeezed,
    tags_of,
    web_address,
    words_between_heads,
)

# Each file is read once: its tests go to one worker.
# Each chapter on one sheet, A4 and Letter by turns; the other sheet with `make test-full`, for `make test` has ten minutes.
FILES = [
    pytest.param(
        (chapter.slug, sheet),
        marks=[
            pytest.mark.xdist_group(f"{chapter.slug}-{sheet}"),
            *([pytest.mark.slow] if (number + turn) % 2 else []),
        ],
        id=f"{chapter.slug}-{sheet}",
    )
    for number, chapter in enumerate(chapters())
    for turn, sheet in enumerate(press.SHEETS)
]


@pytest.fixture(scope="module", params=FILES)
def paper(request: pytest.FixtureRequest, site: Path) -> Paper:
    slug, sheet = request.param
    chapter = next(chapter for chapter in chapters() if chapter.slug == slug)
    path = site / "pdf" / f"{slug}-{sheet}.pdf"
    articles = {address: article_of(site, address) for address in chapter.addresses}
    reader = pypdf.PdfReader(path)
    return Paper(slug, sheet, path, chapter, articles, reader, tags_of(reader), words_between_heads(path))


def test_count_in_is_count_out(paper: Paper) -> None:
    headings = {f"H{level}": paper.count(f"h{level}") for level in range(1, 5)}
    assert {name: paper.tagged(name) for name in headings} == headings
    check_counts(paper)


def test_alternatives_of_figures_and_formulas_are_those_of_the_page(paper: Paper) -> None:
    check_alternatives(paper)


def test_every_sentence_of_the_pages_is_on_paper(paper: Paper) -> None:
    """Paragraphs, cells, items, captions, lines of code: each in one piece between its formulas and its links' page numbers."""
    missing = []
    for address, article in paper.articles.items():
        for element in find(article, "h1, h2, h3, h4, p, td, th, li, dt, dd, figcaption, summary, .filename, pre"):
            if any(above.tag in ("figure", "svg") for above in element.iterancestors()) and element.tag != "figcaption":
                continue
            source = (element.get("id") or "").startswith("src-")
            if element.tag == "summary" and element.getparent().get("class") == "answer":
                continue  # the answer is open
            for piece in lines_of(element) if element.tag == "pre" else pieces_of(element, stop_at_links=source):
                if squeezed(piece) not in paper.words:
                    missing.append(f"{address}: {piece[:90]}")
    assert missing == []


def test_the_outline_is_the_headings(paper: Paper) -> None:
    expected = [
        (int(element.tag[1]), text_of(element))
        for article in paper.articles.values()
        for element in article.iter("h1", "h2", "h3", "h4")
    ]
    found: list[tuple[int, str]] = []

    def visit(items: list[Any], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                visit(item, level + 1)
            else:
                found.append((level, str(item.title).replace("\u00a0", " ")))  # as typography keeps "92 %" together

    visit(paper.reader.outline, 1)
    assert [text for _, text in found] == [text.replace("'", "’") if "'" in text else text for _, text in expected]
    assert [level for level, _ in found] == [level for level, _ in expected]


def test_the_contents_say_the_right_page(paper: Paper) -> None:
    """What is printed at the right of a line, the page the line leads to, and the page that bears the heading are one."""
    document = pypdfium2.PdfDocument(paper.path)
    first_text = next(
        at for at, sheet in enumerate(paper.reader.pages) if not _contents_links(paper.reader, sheet) and at > 0
    )
    seen = []
    for at in range(first_text):
        text = document[at].get_textpage()
        for rectangle, number in _contents_links(paper.reader, paper.reader.pages[at]):
            said = " ".join(text.get_text_bounded(*rectangle).split())
            title, _, printed = said.rpartition(" ")
            assert printed == str(number), said
            assert squeezed(title) in squeezed(document[number - 1].get_textpage().get_text_range())
            seen.append(squeezed(title))
    levels = ("h1", "h2", "h3") if len(paper.articles) > 1 else ("h2", "h3")
    expected = [squeezed(text_of(e)) for article in paper.articles.values() for e in article.iter(*levels)]
    assert seen == expected


def _contents_links(reader: pypdf.PdfReader, sheet: pypdf.PageObject) -> list[tuple[tuple[float, ...], int]]:
    found = []
    for annotation in sheet.get("/Annots", []):
        annotation = annotation.get_object()
        if re.fullmatch(r"Section, page \d+", str(annotation.get("/Contents", ""))):
            box = tuple(float(v) for v in annotation["/Rect"])
            # A line of the contents is as wide as its column.
            if box[2] - box[0] > 200 and box[3] - box[1] < 14:
                found.append((box, page_number(reader, annotation)))
    return found


def test_every_link_leads_somewhere(paper: Paper, site: Path, site_url: str) -> None:
    built = {page.address: page for page in pages(site)}
    inside = 0
    for sheet in paper.reader.pages:
        for annotation in sheet.get("/Annots", []):
            annotation = annotation.get_object()
            address = web_address(paper.reader, annotation)
            if address is None:
                inside += 1
                continue
            parts = urlsplit(address)
            if address.startswith(site_url):
                home = built[""]
                assert not links._wrong(
                    address, False, home, built, site, urlsplit(site_url).netloc, urlsplit(site_url).path
                )
                page = built.get(parts.path.removeprefix(urlsplit(site_url).path))
                assert page is None or page.address not in paper.articles or parts.fragment in ("", "__numbers"), (
                    f"{address} is a page of this file and should jump inside it"
                )
    assert inside >= paper.count("h2, h3"), "the contents at least"


def test_every_prompt_is_a_destination(paper: Paper) -> None:
    prompts = {
        f"{address}#{heading.get('id')}"
        for address, article in paper.articles.items()
        for heading in article.iterfind(".//section[@class='prompt']/h3")
    }
    assert prompts <= set(paper.reader.named_destinations)
    if paper.slug == "metrics":
        assert len(prompts) >= 21


def test_nothing_stands_outside_of_its_margins(paper: Paper) -> None:
    """Letters, those of drawings included; lines of drawings are clipped, and PDFium tells their length before that."""
    check_margins(paper)


def test_no_heading_ends_a_page_and_no_page_is_empty_for_long(paper: Paper) -> None:
    document = pypdfium2.PdfDocument(paper.path)
    titles = {squeezed(text_of(e)) for article in paper.articles.values() for e in article.iter("h1", "h2", "h3", "h4")}
    for number, sheet in enumerate(document, 1):
        width, height = sheet.get_size()
        text = sheet.get_textpage().get_text_bounded(left=0, right=width, bottom=50, top=height - 55).strip()
        last = squeezed(text.splitlines()[-1])
        assert last not in titles or number == 1, f"page {number} ends with the heading “{last}”"
        bottoms = [thing.get_bounds()[1] for thing in sheet.get_objects(max_depth=3)]
        lowest = min(bottom for bottom in bottoms if bottom > 50)
        assert number == len(document) or lowest < 0.6 * height, f"page {number} is more than half empty"


def test_fonts_are_embedded_and_ours(paper: Paper) -> None:
    check_fonts(paper)


def test_it_keeps_pdf_ua_1_and_names_itself(paper: Paper) -> None:
    check_standard(paper)


def test_nothing_is_left_of_the_source(paper: Paper) -> None:
    """No marks of Markdown, TeX or our own blocks but those that the page itself shows in its code."""
    marks = re.compile(r"\{\{|\}\}|///|8<|\$\$|\\frac|!\[|\]\(")
    shown = Counter(
        mark for article in paper.articles.values() for mark in marks.findall(squeezed(article.text_content()))
    )
    assert Counter(marks.findall(paper.words)) <= shown


def test_the_same_site_gives_the_same_bytes(site: Path, site_url: str) -> None:
    chapter = chapters()[0]
    date = press.date_of(chapter)
    code = press.document(chapter, press.pages_of(chapter, site, site_url), "a4", site_url, date)
    assert press.set_type(code, date, "a test") == (site / f"pdf/{chapter.slug}-a4.pdf").read_bytes()


def test_every_other_page_of_the_book_can_be_printed(site: Path, site_url: str) -> None:
    """Chapters today, the whole book tomorrow: no page holds what the paper edition doesn't know. Chapters are printed already."""
    printed = {address for chapter in chapters() for address in chapter.addresses}
    others = [page for page in pages(site) if not page.is_redirect and page.address not in {"404.html", *printed}]
    assert {page.address for page in others} >= {"", "practice/", "reference/cases/"}
    found = [read.page(page, site, site_url) for page in others]
    chapter = Chapter("book", "All of it", "Book", tuple(page.address for page in found))
    assert press.set_type(press.document(chapter, found, "a4", site_url, 0), 0, "a test").startswith(b"%PDF-1.7")


def test_a_chapters_pages_offer_their_files_and_no_other_page_does(site: Path) -> None:
    offering = {page.address for page in pages(site) if find(page.tree, "p.editions")}
    assert offering == {address for chapter in chapters() for address in chapter.addresses}
    for address in offering:
        page = BuiltPage(Path(), address, (site / address / "index.html").read_text(encoding="utf-8"))
        (line,) = find(page.tree, "p.editions")
        assert line.getprevious().tag == "h1"
        for link in line.iter("a"):
            file = (site / address / str(link.get("href"))).resolve()
            assert file.is_file()
            said = re.search(r"(\d+) pages, ([\d.]+) MB", text_of(link))
            assert said is not None
            assert int(said[1]) == len(pypdf.PdfReader(file).pages)
            assert float(said[2]) == pytest.approx(file.stat().st_size / 1e6, abs=0.06)
