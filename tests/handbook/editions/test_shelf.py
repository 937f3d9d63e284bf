"""The page that offers the editions: files that are there, and words where they aren't."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook.editions import Made, shelf
from handbook.errors import BookError
from handbook.paper.chapters import Chapter
from handbook.paper.press import Edition
from lxml import html

PAGE = """<body><div class="shelf" data-kind="book"><p>Not in this copy: <code>make editions</code>.</p></div>
<div class="shelf" data-kind="questions"><p>Nor these.</p></div>
<div class="shelf" data-kind="anki"><p>Nor this.</p></div></body>"""
BOOK = [Made("editions/b-a4.pdf", "book", "The whole book", 23_150_000, 915, "A4")]
QUESTIONS = [
    Made("editions/q-m-a4.pdf", "questions", "Metrics & more", 90_000, 1, "A4"),
    Made("editions/q-m-letter.pdf", "questions", "Metrics & more", 1_200_000, 8, "Letter"),
    Made("editions/q-r-letter.pdf", "questions", "Roles", 90_000, 7, "Letter"),
]


def test_what_was_not_made_keeps_its_words() -> None:
    assert shelf.filled(PAGE, []) == PAGE
    assert "<p>Nor these.</p>" in shelf.filled(PAGE, BOOK)


def test_a_table_has_a_row_for_each_title_and_a_column_for_each_paper() -> None:
    tree = html.fromstring(shelf.filled(PAGE, [*BOOK, *QUESTIONS]))
    (table,) = tree.xpath("//div[@data-kind='questions']//table")
    assert [cell.text_content().replace("\u00a0", " ") for cell in table.iter("th", "td")] == [
        *("what", "A4", "Letter"),
        *("Metrics & more", "1 page, 90 KB", "8 pages, 1.2 MB"),
        *("Roles", "", "7 pages, 90 KB"),
    ]
    assert [link.get("href") for link in table.iter("a")] == [f"../../{one.path}" for one in QUESTIONS]
    assert table.xpath(".//a")[0].get("aria-label").replace("\u00a0", " ") == "Metrics & more, A4, PDF, 1 page, 90 KB"
    assert "Nor these" not in html.tostring(tree).decode()
    assert not tree.xpath("//div[@data-kind='anki']//a")


def test_a_list_says_what_is_downloaded() -> None:
    made = [Made("editions/a.apkg", "anki", "All <prompts>", 2_000_000)]
    tree = html.fromstring(shelf.filled(PAGE, made))
    (link,) = tree.xpath("//div[@data-kind='anki']//a")
    assert (link.get("href"), link.get("type"), link.get("download")) == (
        "../../editions/a.apkg",
        "application/octet-stream",
        "",
    )
    assert link.getparent().text_content() == "All <prompts>, 2.0 MB"


def test_a_second_filling_is_the_first() -> None:
    made = [*BOOK, *QUESTIONS]
    once = shelf.filled(PAGE, made)
    assert shelf.filled(once, made) == once


def test_a_kind_without_a_place_is_refused() -> None:
    with pytest.raises(BookError, match=r'docs/reference/editions\.md.*write `<div class="shelf" data-kind="stone">`'):
        shelf.filled(PAGE, [Made("editions/x.pdf", "stone", "X", 1)])


def test_an_ending_that_browsers_are_not_told_about_is_refused() -> None:
    with pytest.raises(KeyError):
        shelf.filled(PAGE, [Made("editions/x.doc", "anki", "X", 1)])


def test_the_file_is_written_in_place_and_missed_when_gone(tmp_path: Path) -> None:
    file = tmp_path / shelf.PAGE / "index.html"
    with pytest.raises(BookError, match="is gone"):
        shelf.fill(tmp_path, BOOK)
    file.parent.mkdir(parents=True)
    file.write_text(PAGE)
    shelf.fill(tmp_path, BOOK)
    assert 'href="../../editions/b-a4.pdf"' in file.read_text()


def test_chapters_own_files_stand_on_the_shelf() -> None:
    chapter = Chapter("roles", "Map the role first", "Chapters", ("chapters/roles.md",))
    (one,) = shelf.of_chapters([Edition(chapter, "pdf/roles-a4.pdf", "A4", 24, 800_000)])
    assert one == Made("pdf/roles-a4.pdf", "chapter", "Map the role first", 800_000, 24, "A4")


def test_the_page_of_the_book_has_a_place_for_every_kind(root: Path) -> None:
    page = (root / "docs/reference/editions.md").read_text()
    kinds = ("book", "chapter", "questions", "answers", "epub", "anki", "offline")
    assert [page.count(f'<div class="shelf" data-kind="{kind}">') for kind in kinds] == [1] * len(kinds)
