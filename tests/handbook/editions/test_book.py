"""The Typst code of the whole book: what is in it, in which order, and what a link within it becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook import config
from handbook.editions import book
from handbook.errors import BookError
from handbook.paper.nodes import Cell, Heading, Link, Page, Paragraph, Prompt, Styled, Table, Text

SITE_URL = "https://book.example/handbook/"
NAV = [
    (("Home",), "index.md"),
    (("Chapters", "Roles"), "chapters/roles.md"),
    (("Chapters", "Metrics", "Choose"), "chapters/metrics/index.md"),
    (("Chapters", "Metrics", "Ranking"), "chapters/metrics/ranking.md"),
    (("Four-week plan", "MLE, four weeks"), "plan/mle-four-weeks.md"),
    (("Four-week plan", "MLE, two weeks"), "plan/mle-two-weeks.md"),
    (("Four-week plan", "MLE, one week"), "plan/mle-one-week.md"),
    (("Practice", "Prompt bank"), "practice/index.md"),
    (("Reference", "Glossary"), "reference/glossary.md"),
    (("Reference", "Take the book with you"), "reference/editions.md"),
]


def link(href: str, text: str = "there") -> Paragraph:
    return Paragraph((Link(href, (Text(text),)),))


def prompt(id_: str) -> Prompt:
    meta = (Link("reference/conventions/#kinds", (Text("concept"),)), Link("x/", (Text("8 min"),)))
    answer = (("Answer", (Paragraph((Text(f"answer of {id_}"),)),)),)
    return Prompt(Heading(3, id_, (Text(f"Title of {id_}"),)), (), meta, (Text("Why?"),), (), answer)


def index_row(href: str) -> Table:
    return Table((), ((Cell((link(href),), False),),))


def pages() -> dict[str, Page]:
    made = [
        Page(
            "chapters/roles/",
            (Heading(1, "roles", (Styled("emph", (Text("Roles"),)),)), link("chapters/metrics/#move")),
        ),
        Page(
            "chapters/metrics/",
            (Heading(1, "choose", (Text("Choose"),)), Heading(2, "move", (Text("Move"),)), link("chapters/roles/")),
        ),
        Page(
            "chapters/metrics/ranking/",
            (Heading(1, "rank", (Text("Rank"),)), Heading(2, "sources", (Text("Sources"),)), prompt("one")),
        ),
        Page("plan/mle-four-weeks/", (Heading(1, "four", (Text("Four"),)), link("plan/mle-two-weeks/"))),
        Page("practice/", (Heading(1, "bank", (Text("Bank"),)), index_row("chapters/metrics/ranking/#one"))),
        Page(
            "reference/glossary/", (Heading(1, "words", (Text("Words"),)), index_row("chapters/metrics/ranking/#one"))
        ),
    ]
    return {page.address: page for page in made}


def code(sheet: str = "a4") -> str:
    """The book's own code, without that of `layout.typ`."""
    whole = book.document(book.printed(NAV), pages(), sheet, SITE_URL, "version 1, 2026-01-02")
    return whole[whole.index("#let info = ") :]


def test_parts_follow_one_another_and_the_index_of_prompts_is_last() -> None:
    printed = book.printed(NAV)
    assert [(chapter.part, chapter.slug) for chapter in printed] == [
        ("Chapters", "roles"),
        ("Chapters", "metrics"),
        ("Four-week plan", "plan-mle-four-weeks"),
        ("Reference", "reference-glossary"),
        ("Reference", "practice"),
    ]


def test_of_the_books_own_contents_only_what_is_listed_is_left_out() -> None:
    sources = {source for chapter in book.printed() for source in chapter.sources}
    left = {source for _, source in config.nav()} - sources
    assert left == {
        "index.md",
        "reference/editions.md",
        *(
            f"plan/{role}-{weeks}.md"
            for role in ("mle", "applied-scientist", "ai-engineer")
            for weeks in ("one-week", "two-weeks")
        ),
    }


def test_parts_and_chapters_stand_in_the_code_in_order() -> None:
    text = code()
    marks = [
        'book-part("Chapters",(("chapter:roles","Roles"),("chapter:metrics","Metrics"),))',
        'book-chapter("chapter:roles","chapters/roles/#roles","Roles",{emph({"Roles"})})',
        'book-chapter("chapter:metrics","","Metrics","Metrics")',
        'opening("chapters/metrics/#choose",true,{"Choose"})',
        'opening("chapters/metrics/ranking/#rank",false,{"Rank"})',
        'book-part("Four-week plan",(("chapter:plan-mle-four-weeks","Four"),))',
        'book-part("Reference",(("chapter:reference-glossary","Words"),("chapter:practice","Bank"),))',
    ]
    assert [text.count(mark) for mark in marks] == [1] * len(marks)
    assert [text.index(mark) for mark in marks] == sorted(text.index(mark) for mark in marks)


def test_a_chapter_of_one_page_says_its_title_once() -> None:
    text = code()
    assert 'opening("chapters/roles/#roles"' not in text
    assert text.count('at("chapters/roles/")') == 1
    # A level below its chapter, or below the page that is below it.
    single = text[text.index('book-chapter("chapter:roles"') :]
    several = text[text.index('book-chapter("chapter:metrics"') :]
    assert single.split("\n")[1].startswith("{set heading(offset: 1)")
    assert several.split("\n")[1].startswith("{set heading(offset: 2)")


def test_a_link_within_the_book_is_a_jump_with_its_page_and_one_to_what_is_left_out_leads_to_the_web() -> None:
    text = code()
    assert 'to("chapters/metrics/#move",{"there"});page-of("chapters/metrics/#move")' in text
    assert f'out("{SITE_URL}plan/mle-two-weeks/",{{"there"}})' in text


def test_of_all_tables_the_index_of_prompts_tells_pages() -> None:
    text = code()
    to = 'to("chapters/metrics/ranking/#one",{"there"})'
    bank = text[text.index('book-chapter("chapter:practice"') :]
    assert f'{to};page-of("chapters/metrics/ranking/#one")' in bank
    assert text.count(to) == 2
    assert text.count('page-of("chapters/metrics/ranking/#one")') == 1


def test_what_every_page_has_is_not_in_the_contents() -> None:
    text = code()
    assert 'section(2,{"Sources"},"chapters/metrics/ranking/#sources",listed:false)' in text
    assert 'section(2,{"Move"},"chapters/metrics/#move")' in text


def test_the_cover_counts_what_the_book_holds() -> None:
    text = code()
    assert '"2 chapters"' in text
    assert '"1 practice prompts, each with model answer, rubric and follow-ups"' in text
    assert "version 1, 2026-01-02" in text


def test_sheets_differ_by_paper_and_margin_alone() -> None:
    assert code("a4").replace('"a4",(x: 23mm, top: 24mm, bottom: 21mm)', "S") == code("letter").replace(
        '"us-letter",(x: 25.95mm, top: 22mm, bottom: 19mm)', "S"
    )


def test_a_sheet_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "printed", list)
    with pytest.raises(BookError, match="there is no sheet `a3`; there are a4, letter"):
        next(book.make(tmp_path, SITE_URL, ["a3"]))


def test_pages_that_are_not_built_are_named(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="run `make build` first"):
        next(book.make(tmp_path, SITE_URL))


@pytest.mark.parametrize(("date", "said"), [(86_400, ", 1970-01-02"), (None, "")])
def test_an_edition_is_named_by_version_and_date(date: int | None, said: str) -> None:
    assert book.edition_of(date).startswith("version ")
    assert book.edition_of(date).endswith(said)
    assert (", " in book.edition_of(date)) == bool(said)
