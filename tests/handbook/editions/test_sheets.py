"""Question sheets and the answer key: who is asked what, how much room there is, and what a sheet must not say."""

from __future__ import annotations

import pytest
from handbook.editions import sheets
from handbook.editions.sheets import Asked
from handbook.errors import BookError
from handbook.paper.nodes import Heading, Link, Paragraph, Prompt, Text

SITE_URL = "https://book.example/handbook/"


def asked(
    id_: str,
    chapter: str = "Metrics",
    address: str = "chapters/metrics/",
    facts: tuple[str, ...] = ("concept", "MLE", "8 min"),
) -> Asked:
    meta = tuple(Link("reference/conventions/", (Text(fact),)) for fact in facts)
    answer = (
        ("Opening line", (Paragraph((Text(f"opening of {id_}"),)),)),
        ("Go deeper", (Paragraph((Link("chapters/roles/", (Text("more"),)),)),)),
    )
    brief = (Paragraph((Text(f"brief of {id_}"),)),)
    question = (Text(f"question of {id_}"), Link(f"chapters/metrics/#{id_}", (Text("itself"),)))
    return Asked(
        Prompt(Heading(3, id_, (Text(f"Title of {id_}"),)), (), meta, question, brief, answer), address, chapter
    )


ONE = asked("one")
TWO = asked("two", facts=("design", "MLE", "applied scientist", "45 min"))
THREE = asked("three", "System designs", "systems/fraud/", ("coding", "AI engineer", "12 min"))
ALL = [ONE, TWO, THREE]


def own(code: str) -> str:
    """The code of a document without that of `layout.typ`."""
    return code[code.index("#let info = ") :]


def test_each_chapter_has_a_sheet_and_each_role() -> None:
    found = {sheet.slug: (sheet.title, [each.id for each in sheet.asked]) for sheet in sheets.sheets_of(ALL)}
    assert found == {
        "metrics": ("Metrics: questions", ["one", "two"]),
        "systems": ("System designs: questions", ["three"]),
        "role-mle": ("MLE: questions", ["one", "two"]),
        "role-applied-scientist": ("Applied scientist: questions", ["two"]),
        "role-ai-engineer": ("AI engineer: questions", ["three"]),
    }


def test_facts_of_a_prompt() -> None:
    assert (TWO.id, TWO.place, TWO.minutes) == ("two", "chapters/metrics/#two", 45)
    assert TWO.facts == ["design", "MLE", "applied scientist", "45 min"]


def test_a_sheet_asks_and_does_not_answer() -> None:
    (sheet, *_) = sheets.sheets_of(ALL)
    code = own(sheets.questions(sheet, "a4", SITE_URL, 0, {"one": 61}))
    assert code.count("question of one") == 1
    assert "opening of" not in code
    assert '"61",40mm,false)' in code
    assert '"",none,true)' in code, (
        "the key's page isn't known, the rest of the page is free, and a design has a page to draw on"
    )
    assert "2 prompts, 53 minutes in all." in code
    assert '"chapters/metrics/#one","chapters/metrics/#two"' in code, "where to look the pages up"


def test_on_a_sheet_a_link_leads_to_a_prompt_of_it_or_to_the_web() -> None:
    (sheet, *_) = sheets.sheets_of(ALL)
    code = own(sheets.questions(sheet, "a4", SITE_URL, 0, {}))
    assert 'to("chapters/metrics/#one",{"itself"})' in code
    key = own(sheets.answers(ALL, {}, "a4", SITE_URL, 0))
    assert f'out("{SITE_URL}chapters/roles/",{{"more"}})' in key


def test_the_key_names_the_pages_of_all_sheets_that_ask() -> None:
    code = own(
        sheets.answers(ALL, {"Metrics": {"one": 2, "two": 3}, "MLE": {"one": 7, "two": 9}}, "letter", SITE_URL, 0)
    )
    assert code.count("brief of one") == 1, "the interviewer has the key alone"
    assert '"Metrics, p. 2 · MLE, p. 7"' in code
    assert '"Metrics, p. 3 · MLE, p. 9"' in code
    assert [code.index(f"opening of {id_}") for id_ in ("one", "two", "three")] == sorted(
        code.index(f"opening of {id_}") for id_ in ("one", "two", "three")
    )
    assert code.count("sheet-chapter(") == 2


def test_files_name_each_others_pages() -> None:
    said: dict[str, str] = {}

    def set_(name: str, code: str) -> bytes:
        said[name] = own(code)
        return sheets.press.set_type(code, 0, name)

    made = list(sheets.files([ONE, THREE], "a4", SITE_URL, 0, set_))
    assert [name for name, *_ in made] == [
        "answers",
        *("questions-metrics", "questions-systems"),
        *("questions-role-mle", "questions-role-ai-engineer"),  # the applied scientist is asked nothing here
    ]
    assert [kind for _, kind, _, _ in made] == ["answers", *["questions"] * 4]
    assert {title for _, _, title, _ in made} == {
        "Answer key",
        "Metrics",
        "System designs",
        "MLE",
        "AI engineer",
    }
    assert '"Metrics, p. 2 · MLE, p. 2"' in said["answers"]
    key = sheets.found_in(made[0][3])
    assert f'"{key["three"]}",72mm,false)' in said["questions-systems"]


def test_a_key_that_lost_an_answer_is_refused() -> None:
    other = sheets.press.set_type('#set document(title: "x")\nx', 0, "a test")
    with pytest.raises(BookError, match="has no place for `one`"):
        list(sheets.files([ONE], "a4", SITE_URL, 0, lambda name, code: other))


def test_what_typst_cannot_lay_out_is_named() -> None:
    with pytest.raises(BookError, match="question sheet x"):
        sheets.laid_out("#nothing", ["one"], "question sheet x")
