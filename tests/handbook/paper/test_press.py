"""Setting, remembering, offering."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.errors import BookError
from handbook.paper import offers, press
from handbook.paper.chapters import Chapter
from handbook.paper.press import Edition

CHAPTER = Chapter("metrics", "Metrics & more", "Chapters", ("chapters/metrics/index.md", "chapters/metrics/llm.md"))
EDITIONS = [
    Edition(CHAPTER, "pdf/metrics-a4.pdf", "A4", 72, 1_840_000),
    Edition(CHAPTER, "pdf/metrics-letter.pdf", "Letter", 1, 84_400),
]
PAGE = '<body><article class="x">\n<h1 id="a">A<a>¶</a></h1>\n<p>b</p></article></body>'


def test_what_was_set_once_is_not_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def set_type(code: str, date: int | None, where: str) -> bytes:
        calls.append(code)
        return code.encode()

    monkeypatch.setattr(press, "CACHE", tmp_path)
    monkeypatch.setattr(press, "set_type", set_type)
    first = press.made(CHAPTER, "a4", "one", 1)
    assert press.made(CHAPTER, "a4", "one", 1) == first
    assert press.made(CHAPTER, "a4", "one", 2) != first, "another date is another file"
    assert not first.exists(), "the older one goes"
    press.made(CHAPTER, "letter", "one", 2)
    assert calls == ["one", "one", "one"]
    assert len(list((tmp_path / "pdf").iterdir())) == 2


def test_unchanged_pages_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def pages_of(chapter: Chapter, site: Path, site_url: str) -> list[str]:
        read.append(chapter.slug)
        return ["page"]

    monkeypatch.setattr(press, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(press, "chapters", lambda: [CHAPTER])
    monkeypatch.setattr(press, "pages_of", pages_of)
    monkeypatch.setattr(press, "document", lambda chapter, pages, sheet, site_url, date: f"{sheet} {len(read)}")
    monkeypatch.setattr(press, "set_type", lambda code, date, where: b"/Count 3 " + code.encode())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    html = tmp_path / "chapters/metrics/index.html"
    html.parent.mkdir(parents=True)
    html.write_text("one")
    first = press.editions(tmp_path, "https://book.example/")
    assert press.editions(tmp_path, "https://book.example/") == first
    assert read == ["metrics"]
    html.write_text("two")
    press.editions(tmp_path, "https://book.example/")
    assert read == ["metrics", "metrics"]
    assert (tmp_path / "pdf/metrics-a4.pdf").read_bytes() == b"/Count 3 a4 2"
    next((tmp_path / "cache/pdf").glob("metrics-a4-*.pdf")).unlink()
    press.editions(tmp_path, "https://book.example/")
    assert len(read) == 3, "a file that is gone is made again"


def test_the_date_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert press.date_of(CHAPTER) == 1_700_000_000


def test_an_unknown_chapter_is_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="there is no chapter `nope`; there are "):
        press.editions(tmp_path, "https://book.example/", ["nope"])


def test_a_site_that_is_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="is not built; run `make build` first"):
        press.pages_of(CHAPTER, tmp_path, "https://book.example/")


def test_the_files_are_offered_below_the_title_of_each_page() -> None:
    by_page = offers.offers(EDITIONS)
    assert set(by_page) == {"chapters/metrics/", "chapters/metrics/llm/"}
    page = offers.with_offer(PAGE, "chapters/metrics/llm/", by_page["chapters/metrics/llm/"])
    assert (
        '</h1>\n<p class="editions">This chapter as PDF: <a href="../../../pdf/metrics-a4.pdf" type="application/pdf" '
        'aria-label="A4, 72 pages, 1.8 MB: Metrics &amp; more as PDF">A4, 72 pages, 1.8 MB</a> · '
    ) in page
    assert "Letter, 1 page, 84 KB</a></p>\n<p>b</p>" in page
    assert offers.with_offer(page, "chapters/metrics/llm/", EDITIONS) == page, "twice is once"
    assert offers.with_offer(page, "chapters/metrics/llm/", []) == PAGE, "and none is none"


def test_a_page_without_a_title_can_offer_nothing() -> None:
    with pytest.raises(ValueError, match="no title"):
        offers.with_offer("<body></body>", "", EDITIONS)
