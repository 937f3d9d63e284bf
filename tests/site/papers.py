"""What the tests of printed files share: the pages of the site as they are printed, and what a PDF file says of itself.

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
from handbook.html import BuiltPage
from handbook.paper.chapters import Chapter
from lxml import etree

OUT_OF_SIGHT = "a.headerlink, .md-content__button, footer.page-end, p.prompt-report, p.editions, p.related, nav.ways, .needs-script, details.how-numbers"
SIZES = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
MARGIN = {"a4": 65.2, "letter": 73.5}  # points, left and right


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


def article_of(site: Path, address: str) -> etree._Element:
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


def tags_of(reader: pypdf.PdfReader) -> list[tuple[str, Any]]:
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


def words_between_heads(path: Path) -> str:
    """What stands between head and foot of every page, squeezed."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for sheet in document:
        width, height = sheet.get_size()
        text = sheet.get_textpage().get_text_bounded(left=0, right=width, bottom=50, top=height - 55)
        found.append(squeezed(text))
    return re.sub(r"\(p\.\d+\)", "", "".join(found))


def lines_of(pre: etree._Element) -> list[str]:
    return "".join(pre.itertext()).strip("\n").split("\n")


def pieces_of(element: etree._Element, *, stop_at_links: bool) -> list[str]:
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


def page_number(reader: pypdf.PdfReader, annotation: Any) -> int:
    destination = annotation.get("/Dest") or annotation["/A"]["/D"]
    if isinstance(destination, str):
        assert destination in reader.named_destinations, f"{destination} is no destination"
        destination = reader.named_destinations[destination].dest_array
    number = reader.get_page_number(destination[0].get_object())
    assert number is not None, f"{destination} leads to no page"
    return number + 1


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


def check_alternatives(paper: Paper) -> None:
    """Figures and formulas say what they say on the page."""
    expected = Counter(
        element.get("aria-label") or element.get("alt")
        for article in paper.articles.values()
        for element in find(article, ".math, svg, img")
        if element.get("role") == "img" or element.tag == "img"
    )
    assert Counter(alternative for name, alternative in paper.tags if name in ("Figure", "Formula")) == expected


def check_margins(paper: Paper) -> None:
    """No letter stands outside of the margins."""
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


def check_fonts(paper: Paper) -> None:
    """Fonts are embedded, ours, and can be read back."""
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


def check_standard(paper: Paper) -> None:
    """PDF/UA-1 holds; title and language are there."""
    report = page_validation.validate_pdf(str(paper.path), profile="ua1")
    assert report.is_compliant, report
    root = paper.reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert paper.reader.metadata is not None
    assert str(paper.reader.metadata.title).endswith("Machine Learning Interview Handbook")


def check_counts(paper: Paper) -> None:
    """Formulas, figures, tables, lists and code: as many as the pages hold."""
    assert paper.tagged("Formula") == paper.count(".math")
    assert paper.tagged("Figure") == paper.count("figure, img")
    assert paper.tagged("Table") == paper.count("table")
    assert paper.tagged("TR") == paper.count("tr")
    assert paper.tagged("TH", "TD") == paper.count("td, th")
    # Typst knows no head of a row yet: a row's name is a cell like others.
    heads = [cell for article in paper.articles.values() for cell in article.iterfind(".//thead/tr/*")]
    assert paper.tagged("TH") == len(heads)
    assert paper.tagged("LI") == paper.count("li, dt") - sum(  # a term with its meaning is an item too
        len(list(meta)) for article in paper.articles.values() for meta in find(article, ".prompt-meta")
    )
    lines = [line for article in paper.articles.values() for pre in article.iter("pre") for line in lines_of(pre)]
    assert paper.tagged("CodeLine") >= len([line for line in lines if line.strip()])
    blocks = sum(name == "CodeLine" and paper.tags[at - 1][0] == "Code" for at, (name, _) in enumerate(paper.tags))
    assert blocks == paper.count("pre")


def web_address(reader: pypdf.PdfReader, annotation: Any) -> str | None:
    """Where a link leads on the web; None when it is a jump, which must end within the file."""
    assert annotation.get("/Contents"), "a link is named for people who hear it"
    address = annotation.get("/A", {}).get("/URI")
    if address is None:
        assert 1 <= page_number(reader, annotation) <= len(reader.pages)
        return None
    parts = urlsplit(address)
    assert parts.scheme in ("https", "http", "mailto"), address
    assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|127\.0\.0\.1|localhost", parts.netloc), address
    return str(address)
