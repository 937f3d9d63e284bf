"""What the tests of the paper edition share: HTML → nodes, nodes → Typst → PDF, PDF → words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from handbook.html import BuiltPage
from handbook.paper import press, read
from handbook.paper.chapters import Chapter
from handbook.paper.nodes import Block, Page

SITE_URL = "https://book.example/handbook/"


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Page]:
    """The content of an article → the page's nodes."""

    def make(html: str, address: str = "chapters/metrics/page/") -> Page:
        text = f"<!doctype html><html><body><main><article>{html}</article></main></body></html>"
        return read.page(BuiltPage(Path("index.html"), address, text), tmp_path, SITE_URL)

    return make


@pytest.fixture
def blocks(page: Callable[..., Page]) -> Callable[..., tuple[Block, ...]]:
    """The content of an article → its blocks."""
    return lambda html, address="chapters/metrics/page/": page(html, address).blocks


@pytest.fixture
def printed(page: Callable[..., Page]) -> Callable[..., bytes]:
    """The content of an article, below a title → a PDF file that keeps PDF/UA-1."""

    def make(html: str) -> bytes:
        made = page(f'<h1 id="title">A title</h1>{html}')
        chapter = Chapter("page", "Page", "Chapters", ("chapters/metrics/page.md",))
        return press.set_type(press.document(chapter, [made], "a4", SITE_URL, 1_700_000_000), 1_700_000_000, "a test")

    return make


@pytest.fixture
def said() -> Callable[[bytes], str]:
    """A PDF file → its words, hyphens at line ends and breaks folded."""

    def read_words(pdf: bytes) -> str:
        document = pypdfium2.PdfDocument(pdf)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        return re.sub(r"\s+", " ", re.sub(r"[\u200b\u00ad\ufffe\x02]", "", text))

    return read_words
