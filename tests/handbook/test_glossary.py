"""The glossary: what its source may say, which words become links to it, and which never do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handbook import glossary
from handbook.errors import BookErrors
from lxml import html

Render = Callable[..., html.HtmlElement]

SOURCE = """\
# Glossary

## A {#a}

A/B test {: #ab-test also="split test" }
:   Two versions shown to people drawn by lot. [Designing](../chapters/experiments/designing.md#worked)

AUC {: #auc }
:   The chance that a positive scores above a negative, *ties* by half, of [all](x.md) pairs. [ROC](../chapters/metrics/classification.md#roc-pr) ·
    [Card](../chapters/fundamentals/judging.md#roc-and-pr)

## C {#c}

Calibration {: #calibration also="calibrated" }
:   Of the cases that get a score of 10 %, 10 % are positive. [Calibration](../chapters/metrics/classification.md#calibration)
"""


@pytest.fixture
def terms(monkeypatch: pytest.MonkeyPatch) -> list[glossary.Term]:
    """The three terms above in place of the book's."""
    found, wrong = glossary.parse(SOURCE)
    assert wrong == []
    monkeypatch.setattr(glossary, "read", lambda *_: found)
    return found


def linked(page: html.HtmlElement) -> list[tuple[str, str]]:
    return [(link.text, link.get("href").partition("#")[2]) for link in page.iter("a") if link.get("class") == "term"]


def test_what_a_term_is_made_of(terms: list[glossary.Term]) -> None:
    ab, auc, calibration = terms
    assert (ab.id, ab.name, ab.also, ab.line) == ("ab-test", "A/B test", ("split test",), 5)
    assert auc.plain == "The chance that a positive scores above a negative, ties by half, of all pairs."
    assert calibration.forms == ("Calibration", "calibrated")


def test_the_first_use_of_a_term_is_a_link(terms: list[glossary.Term], render: Render) -> None:
    page = render("# T\n\nTwo *A/B tests*, a split\ntest, AUCs; **calibrated** and calibration.\n\n- An AUC.\n")
    assert linked(page) == [("A/B tests", "ab-test"), ("AUCs", "auc"), ("calibrated", "calibration")]
    assert (
        " ".join(page.text_content().split())
        == "T¶ Two A/B tests, a split test, AUCs; calibrated and calibration. An AUC."
    )
    link = next(link for link in page.iter("a") if link.text == "AUCs")
    assert link.get("href") == "../../reference/glossary.md#auc"
    assert link.get("title") == f"AUC: {terms[1].plain}"
    assert "calibrated" in page.xpath("string(//strong)")


@pytest.mark.parametrize(
    "text",
    [
        "## AUC {#x}",
        "`AUC` and [AUC](x.md)",
        "```text\nAUC\n```",
        "The auc, an AUCROC, PR-AUC, AUC-PR, a recalibrated AUC/x and split testing.",
        "| AUC |\n| --- |\n| x |",
    ],
)
def test_what_is_no_use_of_a_term(terms: list[glossary.Term], render: Render, text: str) -> None:
    assert linked(render(f"# T\n\n{text}\n")) == []


def test_a_phrase_that_means_something_else(monkeypatch: pytest.MonkeyPatch, render: Render) -> None:
    found, wrong = glossary.parse(
        'Token {: #token not="token bucket, keyed token" }\n:   A piece of a word. [T](x.md#y)\n'
    )
    assert wrong == []
    monkeypatch.setattr(glossary, "read", lambda *_: found)
    page = render("# T\n\nA Token bucket, a keyed token, then a token and a token.\n")
    assert linked(page) == [("token", "token")]
    assert page.find("p").text == "A Token bucket, a keyed token, then a "


def test_where_terms_are_linked(terms: list[glossary.Term], render: Render) -> None:
    assert linked(render("An AUC.\n", "systems/ads.md"))
    for page in ("reference/glossary.md", "practice/index.md", "index.md", "reference/conventions.md"):
        assert linked(render("An AUC.\n", page)) == []


def test_a_brief_does_not_answer_its_own_question(
    terms: list[glossary.Term], render: Render, prompt: Callable[..., str]
) -> None:
    page = render(prompt("The AUC is 0.9.", opening="The AUC hides calibration."))
    assert linked(page) == [("AUC", "auc"), ("calibration", "calibration")]
    (brief,) = page.xpath("//div[@class='prompt-brief']")
    assert not list(brief.iter("a"))


def test_terms_of_the_page_have_a_link_of_their_own(render: Render) -> None:
    page = render(SOURCE, "reference/glossary.md")
    names = page.findall(".//dt")
    assert [name.get("id") for name in names] == ["ab-test", "auc", "calibration"]
    assert [name.get("also") for name in names] == [None] * 3
    assert [name.find("a").get("href") for name in names] == ["#ab-test", "#auc", "#calibration"]


TEXTS = ["A split test, its AUC, calibrated."]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", ""),
        ("AUC {: #auc }", "ROC area {: #auc }", "“ROC area” stands before a term"),
        ("#auc }", "#calibration }", "`#calibration` is taken by “AUC”"),
        ('"calibrated"', '"calibrated, split test"', "`split test` is taken by “A/B test”"),
        ('also="split test"', 'also="other test"', "no page uses “A/B test”"),
        ("drawn by lot.", "drawn by lot. One. Two.", "“A/B test”: 3 sentences"),
        ("drawn by lot.", "drawn by lot" + " and so on" * 20 + ".", "68 words; write one or two"),
        ("Two versions shown to people drawn by lot.", "Coins.", "1 sentences, 1 words"),
        ("#worked)", ")", "“A/B test” leads nowhere"),
    ],
)
def test_faults_are_named_with_their_line(old: str, new: str, says: str) -> None:
    assert old in SOURCE
    found, wrong = glossary.parse(SOURCE.replace(old, new, 1) if old else SOURCE)
    assert wrong == []
    messages = [f"{line}: {message}" for line, message in glossary.faults(found, TEXTS, 3)]
    assert any(says in message for message in messages) if says else messages == []
    if says:
        assert messages[0].split(":")[0] in {"5", "8", "14"}


def test_too_few_terms() -> None:
    found, _ = glossary.parse(SOURCE)
    assert [message for _, message in glossary.faults(found, TEXTS, 4)] == ["3 terms; the glossary promises at least 4"]


def test_a_line_that_names_no_term(tmp_path: Path) -> None:
    page = tmp_path / glossary.PAGE
    page.parent.mkdir()
    page.write_text("---\ndescription: x\n---\n\n" + SOURCE.replace("{: #auc }", "{#auc}"), encoding="utf-8")
    with pytest.raises(
        BookErrors, match=r"docs/reference/glossary\.md:12: `AUC \{#auc\}` names no term; write `Name \{: #name"
    ):
        glossary.read(tmp_path)
    assert len(glossary.check(tmp_path)) == 1
    assert glossary.check(tmp_path / "nothing") == []
    assert glossary.read(tmp_path / "nothing") == []


def test_the_book_is_sound() -> None:
    assert glossary.check() == []
