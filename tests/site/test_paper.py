"""The PDF files as they lie in the built site: what went in has come out, whole, findable, legible and audible.

What the site's HTML holds is counted here without the converter, so that what it loses is missed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import page as page_validation
import pypdf
import pypdfium2
import pytest
from handbook import links
from handbook.html import BuiltPage, pages, text_of
from handbook.paper import press, read
from handbook.paper.chapters import Chapter, chapters
from lxml import etree

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
OUT_OF_SIGHT = "a.headerlink, .md-content__button, footer.page-end, p.prompt-report, p.editions, p.related, nav.ways, .needs-script, details.how-numbers"
SIZES = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
MARGIN = {"a4": 65.2, "letter": 73.5}  # points, left and right


@dataclass
class Paper:
    """A PDF file and the pages of the site that it holds."""

    slug: str
    sheet: str
    path: Path
    chapter: Chapter
    articles: dict[str, etree._Element]
    reader: pypdf.PdfReader
    tags: list[tuple[str, Any]] = field(default_factory=list)  # tag, alternative; in reading order
    words: str = ""

    def count(self, selector: str) -> int:
        return sum(len(find(article, selector)) for article in self.articles.values())

    def tagged(self, *names: str) -> int:
        return sum(name in names for name, _ in self.tags)


def find(root: etree._Element, selectors: str) -> list[etree._Element]:
    """What matches one of `tag`, `.class`, `tag.class`, in document order."""
    wanted = [selector.strip().partition(".") for selector in selectors.split(",")]
    return [
        element
        for element in root.iter()
        if isinstance(element.tag, str)
        and any(
            tag in ("", element.tag) and (not name or name in (element.get("class") or "").split())
            for tag, _, name in wanted
        )
    ]


def _article(site: Path, address: str) -> etree._Element:
    built = BuiltPage(Path(), address, (site / address / "index.html").read_text(encoding="utf-8"))
    article = built.article
    assert article is not None
    for element in find(article, OUT_OF_SIGHT):
        element.drop_tree()
    if address.startswith("labs/"):  # a lab's folded code stays on the web
        for element in article.xpath(".//details[normalize-space(summary) = 'Code'][count(*) = 2]"):
            assert find(element, "pre"), "only code is left out"
            element.drop_tree()
    return article


def _tags(reader: pypdf.PdfReader) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def visit(node: Any, above: str) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child, above)
        elif isinstance(node, dict):
            name = str(node.get("/S", "")).lstrip("/")
            if name == "P" and above == "Code":
                name = "CodeLine"
            if name:
                found.append((name, node.get("/Alt")))
            visit(node.get("/K", []), name or above)

    visit(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], "")  # type: ignore[index]
    return found


def squeezed(text: str) -> str:
    """Text without what paper changes: spaces, hyphens, the shape of quotation marks, references to pages."""
    text = text.translate(str.maketrans("“”‘’‑", "\"\"''-"))
    return re.sub(r"[\s\u00a0\u200b\u00ad\ufffe\x00-\x1f-]+", "", text)


def _words(path: Path) -> str:
    """What stands between head and foot of every page, squeezed."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for sheet in document:
        width, height = sheet.get_size()
        text = sheet.get_textpage().get_text_bounded(left=0, right=width, bottom=50, top=height - 55)
        found.append(squeezed(text))
    return re.sub(r"\(p\.\d+\)", "", "".join(found))


@pytest.fixture(scope="module", params=FILES)
def paper(request: pytest.FixtureRequest, site: Path) -> Paper:
    slug, sheet = request.param
    chapter = next(chapter for chapter in chapters() if chapter.slug == slug)
    path = site / "pdf" / f"{slug}-{sheet}.pdf"
    articles = {address: _article(site, address) for address in chapter.addresses}
    reader = pypdf.PdfReader(path)
    return Paper(slug, sheet, path, chapter, articles, reader, _tags(reader), _words(path))


def test_count_in_is_count_out(paper: Paper) -> None:
    headings = {f"H{level}": paper.count(f"h{level}") for level in range(1, 5)}
    assert {name: paper.tagged(name) for name in headings} == headings
    assert paper.tagged("Formula") == paper.count(".math")
    assert paper.tagged("Figure") == paper.count("figure, img")
    assert paper.tagged("Table") == paper.count("table")
    assert paper.tagged("TR") == paper.count("tr")
    assert paper.tagged("TH", "TD") == paper.count("td, th")
    # Typst knows no head of a row yet: a row's name is a cell like others.
    heads = [cell for article in paper.articles.values() for cell in article.iterfind(".//thead/tr/*")]
    assert paper.tagged("TH") == len(heads)
    assert paper.tagged("LI") == paper.count("li") - sum(
        len(list(meta)) for article in paper.articles.values() for meta in find(article, ".prompt-meta")
    )
    lines = [line for article in paper.articles.values() for pre in article.iter("pre") for line in _code(pre)]
    assert paper.tagged("CodeLine") >= len([line for line in lines if line.strip()])
    blocks = sum(name == "CodeLine" and paper.tags[at - 1][0] == "Code" for at, (name, _) in enumerate(paper.tags))
    assert blocks == paper.count("pre")


def _code(pre: etree._Element) -> list[str]:
    return "".join(pre.itertext()).strip("\n").split("\n")


def test_alternatives_of_figures_and_formulas_are_those_of_the_page(paper: Paper) -> None:
    expected = Counter(
        element.get("aria-label") or element.get("alt")
        for article in paper.articles.values()
        for element in find(article, ".math, svg, img")
        if element.get("role") == "img" or element.tag == "img"
    )
    assert Counter(alternative for name, alternative in paper.tags if name in ("Figure", "Formula")) == expected


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
            for piece in _code(element) if element.tag == "pre" else _pieces(element, stop_at_links=source):
                if squeezed(piece) not in paper.words:
                    missing.append(f"{address}: {piece[:90]}")
    assert missing == []


def _pieces(element: etree._Element, *, stop_at_links: bool) -> list[str]:
    """An element's own words, cut where a block, a formula or a line break stands."""
    parts = [""]

    def visit(at: etree._Element) -> None:
        parts[-1] += at.text or ""
        for child in at:
            if isinstance(child.tag, str):
                cut = child.tag in ("p", "ul", "ol", "div", "br", "table", "pre", "dl", "svg") or "math" in (
                    child.get("class") or ""
                )
                if cut or (stop_at_links and child.tag == "a"):
                    parts.append("")
                else:
                    visit(child)
            parts[-1] += child.tail or ""

    visit(element)
    return [part for part in parts if part.strip()]


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
                found.append((box, _page_number(reader, annotation)))
    return found


def _page_number(reader: pypdf.PdfReader, annotation: Any) -> int:
    destination = annotation.get("/Dest") or annotation["/A"]["/D"]
    if isinstance(destination, str):
        assert destination in reader.named_destinations, f"{destination} is no destination"
        destination = reader.named_destinations[destination].dest_array
    number = reader.get_page_number(destination[0].get_object())
    assert number is not None, f"{destination} leads to no page"
    return number + 1


def test_every_link_leads_somewhere(paper: Paper, site: Path, site_url: str) -> None:
    built = {page.address: page for page in pages(site)}
    inside = 0
    for sheet in paper.reader.pages:
        for annotation in sheet.get("/Annots", []):
            annotation = annotation.get_object()
            assert annotation.get("/Contents"), "a link is named for people who hear it"
            address = annotation.get("/A", {}).get("/URI")
            if address is None:
                assert 1 <= _page_number(paper.reader, annotation) <= len(paper.reader.pages)
                inside += 1
                continue
            parts = urlsplit(address)
            assert parts.scheme in ("https", "http", "mailto"), address
            assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|127\.0\.0\.1|localhost", parts.netloc), address
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
    width, height = SIZES[paper.sheet]
    margin = MARGIN[paper.sheet]
    outside = []
    for number, sheet in enumerate(pypdfium2.PdfDocument(paper.path), 1):
        assert sheet.get_size() == pytest.approx((width, height), abs=0.5)
        text = sheet.get_textpage()
        for at in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(at)
            # Punctuation hangs into the margin by a few points.
            if left < margin - 3 or right > width - margin + 5 or bottom < 20 or top > height - 20:
                outside.append(
                    (number, text.get_text_bounded(left, bottom, right, top)[:40], round(left), round(right))
                )
    assert outside == []


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
    names = set()
    for sheet in paper.reader.pages:
        for font in (sheet["/Resources"].get("/Font") or {}).values():  # type: ignore[attr-defined]
            font = font.get_object()
            for descendant in font.get("/DescendantFonts", [font]):
                descriptor = descendant.get_object()["/FontDescriptor"]
                assert descriptor.get("/FontFile2") or descriptor.get("/FontFile3"), font["/BaseFont"]
            assert "/ToUnicode" in font, f"{font['/BaseFont']} can't be copied or heard"
            names.add(re.sub(r"^/[A-Z]{6}\+", "", str(font["/BaseFont"])).split("-")[0])
    assert names <= {"LibertinusSerif", "DejaVuSansMono", "NewCMMath"}


def test_it_keeps_pdf_ua_1_and_names_itself(paper: Paper) -> None:
    report = page_validation.validate_pdf(str(paper.path), profile="ua1")
    assert report.is_compliant, report
    root = paper.reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert paper.reader.metadata is not None
    assert str(paper.reader.metadata.title).endswith("Machine Learning Interview Handbook")


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
