"""What a prompt becomes on the page: the question outside, the whole model answer inside its disclosure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from handbook import config, prompts, ways
from handbook.errors import BookError
from handbook.pages import Page
from lxml import html

PROMPT = """\
/// prompt | Why does it decline good customers?
    id: high-auc
    kind: decision
    level: mid
    roles: [applied-scientist, mle]
    minutes: 12
    title: High AUC & blocked <good> users
    aliases: [old-auc, older-auc]

BRIEF 1.

***

**Opening line.** OPENING.

**Answer.** ANSWER.

**How it is scored.**

| | |
| --- | --- |
| weak | RUBRIC |
| solid | b |
| strong | c |

**Follow-ups.**

*"First?"* FOLLOW-UP.

*"Second?"* No.

*"Third?"* No.

**Go deeper.** A link.

LAST
///
""".replace(" & blocked <good>", ", blocked good")

Render = Callable[..., html.HtmlElement]


def place(root: html.HtmlElement, word: str) -> list[str]:
    """Where a word stands: the name of each answer part, `brief`, `question`, `answer` or `outside`, once for each time."""
    found: list[str] = []
    for element in root.iter():
        for text, owner in ((element.text, element), (element.tail, element.getparent())):
            if text and word in text and owner is not None:
                names = [
                    node.get("data-part") or (node.get("class") or "").removeprefix("prompt-") or node.tag
                    for node in (owner, *owner.iterancestors())
                ]
                parts = ("opening-line", "answer", "how-it-is-scored", "follow-ups", "go-deeper", "brief", "question")
                found.append(next((name for name in names if name in parts), "outside"))
    return found


def test_structure(render: Render) -> None:
    root = render(PROMPT)
    (section,) = root.xpath("./section[@class='prompt']")
    assert [(child.tag, child.get("id"), child.get("class")) for child in section] == [
        ("a", "old-auc", "alias"),
        ("a", "older-auc", "alias"),
        ("h3", "high-auc", None),
        ("ul", None, "prompt-meta"),
        ("p", None, "prompt-question"),
        ("div", None, "prompt-brief"),
        ("details", None, "answer"),
    ]
    (details,) = section.xpath("./details")
    assert details[0].tag == "summary"
    assert [part.get("data-part") for part in details.xpath("./div[@class='answer-part']")] == [
        *("opening-line", "answer", "how-it-is-scored", "follow-ups", "go-deeper")
    ]
    assert not root.xpath("//hr")


@pytest.mark.parametrize(
    ("word", "where"),
    [
        ("Why does it decline", "question"),
        ("BRIEF", "brief"),
        ("OPENING", "opening-line"),
        ("ANSWER", "answer"),
        ("RUBRIC", "how-it-is-scored"),
        ("FOLLOW-UP", "follow-ups"),
        ("LAST", "go-deeper"),
        ("ABOVE", "outside"),
        ("BELOW", "outside"),
    ],
)
def test_every_word_is_in_its_place(render: Render, word: str, where: str) -> None:
    assert place(render(f"ABOVE\n\n{PROMPT}\nBELOW\n"), word) == [where]


ENDINGS = {
    "a paragraph": "LAST sentence.",
    "a paragraph of several lines": "One\ntwo\nLAST.",
    "a list": "- one\n\n- LAST",
    "a nested list": "1. one\n\n    - two\n\n    - LAST",
    "a table": "| a | b |\n| --- | --- |\n| 1 | LAST |",
    "fenced code": '```python title="x"\nLAST\n```',
    "fenced code that shows a block": "```markdown\n/// note | x\n///\nLAST\n```",
    "a quote": "> LAST",
    "a tab": "//// tab | A\none\n////\n\n//// tab | B\nLAST\n////",
    "a tab with code": "//// tab | A\n\n```text\nLAST\n```\n\n////",
    "a note": "//// note | A\nLAST\n////",
    "an admonition with its type": "//// admonition | A\n    type: warning\n\nLAST\n////",
    "a tab in a note": "//// note | A\n\n///// tab | B\n\nLAST\n\n/////\n\n////",
    "text behind a tab": "//// tab | A\none\n////\nLAST",
    "an image": "![Two curves that cross at 0.6, LAST.](https://example.org/x.png)\n\nLAST",
    "a comment": "LAST\n\n<!-- a comment\n\n/// prompt | x\n\n***\n///\n-->",
    "inline code": "Ends with `///` and LAST",
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("after", ["\nBELOW\n", "BELOW\n", ""], ids=["text below", "text right below", "end of page"])
def test_the_answers_last_word_is_inside_the_disclosure(render: Render, ending: str, after: str) -> None:
    root = render(PROMPT.replace("LAST", ENDINGS[ending]) + after)
    assert set(place(root, "LAST")) == {"go-deeper"}
    assert place(root, "BELOW") == (["outside"] if after else [])
    assert len(root.xpath("./section/details[@class='answer']")) == 1
    assert root.xpath("count(//details)") == 1


@pytest.mark.parametrize("ending", ["a paragraph", "a tab", "a table", "fenced code", "a comment"])
def test_two_in_a_row_stay_apart(render: Render, ending: str) -> None:
    one = PROMPT.replace("LAST", ENDINGS[ending].replace("LAST", "FIRST-END"))
    two = (
        PROMPT.replace("high-auc", "second")
        .replace("old-auc", "o2")
        .replace("older-auc", "o3")
        .replace("BRIEF", "OTHER")
    )
    for gap in ("", "\n"):
        root = render(one + gap + two)
        assert [h.get("id") for h in root.xpath("./section/h3")] == ["high-auc", "second"]
        first, second = root.xpath("./section")
        assert "FIRST-END" in first.text_content()
        assert "FIRST-END" not in second.text_content()
        assert place(root, "OTHER") == ["brief"]


@pytest.mark.parametrize(
    ("page", "href"),
    [
        ("chapters/metrics/classification.md", "../../reference/conventions.md#level-mid"),
        ("chapters/roles.md", "../reference/conventions.md#level-mid"),
        ("index.md", "reference/conventions.md#level-mid"),
        ("reference/faq.md", "conventions.md#level-mid"),
    ],
)
def test_facts_link_to_the_conventions_from_wherever_the_page_is(render: Render, page: str, href: str) -> None:
    links = render(PROMPT, page).xpath("//ul[@class='prompt-meta']/li/a")
    assert [link.text for link in links] == ["decision", "mid", "MLE", "applied scientist", "12 min"]
    assert links[1].get("href") == href
    assert [link.get("href").partition("#")[2] for link in links] == [
        *("kind-decision", "level-mid", "role-mle", "role-applied-scientist", "minutes")
    ]


def test_the_report_link_carries_page_and_prompt(render: Render) -> None:
    (link,) = render(PROMPT).xpath("//details/p[@class='prompt-report']/a")
    assert link.get("href").endswith("/issues/new?template=error.yml&page=chapters%2Fmetrics%2Fpage.md&prompt=high-auc")


def test_no_report_link_without_a_repository(extensions: dict[str, Any]) -> None:
    quiet = {**extensions, "markdown_extensions": [e if not isinstance(e, dict) or "handbook.prompts" not in e else "handbook.prompts" for e in extensions["markdown_extensions"]]}  # fmt: skip
    assert "prompt-report" not in config.markdown(Page("x.md"), quiet).convert(PROMPT)


def test_the_rubric_is_a_table_for_those_who_hear_it(render: Render) -> None:
    (table,) = render(PROMPT).xpath("//div[@data-part='how-it-is-scored']//table")
    assert [th.text_content() for th in table.xpath("./thead//th")] == ["Grade", "What it sounds like"]
    assert [(th.text_content(), th.get("scope")) for th in table.xpath("./tbody/tr/th")] == [
        *(("weak", "row"), ("solid", "row"), ("strong", "row"))
    ]
    assert len(table.xpath("./tbody/tr/td")) == 3


def test_words_of_the_rubrics_header_are_kept(render: Render) -> None:
    root = render(PROMPT.replace("| | |", "| mark | you hear |"))
    assert [th.text_content() for th in root.xpath("//thead//th")] == ["mark", "you hear"]


def test_title_and_question_are_plain_text(render: Render) -> None:
    root = render(PROMPT.replace("customers?", 'customers, R&D, x_1 < y_1 and "quotes"?'))
    assert root.xpath("string(//p[@class='prompt-question'])") == (
        'Why does it decline good customers, R&D, x_1 < y_1 and "quotes"?'
    )


def test_the_title_is_in_the_contents(extensions: dict[str, Any]) -> None:
    md = config.markdown(Page("x.md"), extensions)
    md.convert("# Page\n\n## Practice prompts {#practice}\n\n" + PROMPT)
    (page,) = md.toc_tokens  # type: ignore[attr-defined]
    assert [(t["id"], t["name"]) for t in page["children"][0]["children"]] == [
        ("high-auc", "High AUC, blocked good users")
    ]


# What the scan can't know is found in what was rendered

REFUSED = {
    "an unknown option of a note": (
        "//// note | A\n    open: true\n\nx\n////",
        "`//// note | A` was not read as a block",
    ),
    "an unknown option of a tab": ("//// tab | A\n    nwe: true\n\nx\n////", "`//// tab | A` was not read as a block"),
    "a table right below text": ("So:\n| a | bcd |\n| --- | --- |\n| 1 | 2 |", "`| a | bcd |` was not read as a table"),
    "a table without its line": ("| a | bcd |\n| 1 | 2 |", "`| a | bcd |` was not read as a table"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("inside", [True, False], ids=["in a prompt", "on the page"])
def test_what_would_print_as_text_stops_the_build(render: Render, name: str, inside: bool) -> None:
    source, says = REFUSED[name]
    text = PROMPT.replace("LAST", source) if inside else f"# Page\n\n{source}\n"
    with pytest.raises(BookError) as error:
        render(text, offset=10)
    assert says in str(error.value)
    needle = says.split("`")[1]
    line = max(n for n, line in enumerate(text.split("\n"), 11) if needle in line)
    assert str(error.value).startswith(f"docs/chapters/metrics/page.md:{line}: ")


def test_a_prompt_of_another_name_is_not_rendered_in_silence(render: Render) -> None:
    """`/// note` in place of `/// prompt` is a block, and its options are none."""
    with pytest.raises(BookError, match="was not read as a block"):
        render(PROMPT.replace("/// prompt", "/// note"))


def test_a_prompt_swallowed_by_raw_html_is_missed(render: Render) -> None:
    with pytest.raises(BookError, match="1 prompts are written and 0 rendered; look around high-auc"):
        render(f"<div>\n\n{PROMPT}\n\n</div>\n")


def test_a_prompt_from_an_embedded_file_is_refused(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts.grammar, "scan", lambda *_: [])
    with pytest.raises(BookError, match="a prompt stands in the page itself"):
        render(PROMPT)


def test_a_divider_that_is_none_is_named(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    found = prompts.grammar.scan(PROMPT, Page("x.md"))
    monkeypatch.setattr(prompts.grammar, "scan", lambda *_: found)
    with pytest.raises(BookError, match=r"page.md:2: prompt `high-auc`: its `\*\*\*` was not read"):
        render(PROMPT.replace("***\n", "    ***\n"))


def test_a_heading_is_missed_by_no_route(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    found = prompts.grammar.scan(PROMPT, Page("x.md"))
    monkeypatch.setattr(prompts.grammar, "scan", lambda *_: found)
    with pytest.raises(BookError, match="is a heading and can't stand inside a prompt"):
        render(PROMPT.replace("LAST", "## Last"))


def test_the_scan_stops_the_page(render: Render) -> None:
    with pytest.raises(BookError, match=r"docs/chapters/metrics/page.md:8: prompt `high-auc`: there is no level"):
        render(PROMPT.replace("level: mid", "level: mdi"), offset=4)


def test_a_block_that_ends_twice_is_laid_out_once(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pymdownx` may say so more than once, when the page ends with the block for one."""
    end = prompts.PromptBlock.on_end

    def twice(self: prompts.PromptBlock, block: Any) -> None:
        end(self, block)
        end(self, block)

    monkeypatch.setattr(prompts.PromptBlock, "on_end", twice)
    root = render(PROMPT)
    assert root.xpath("count(//details)") == 1
    assert place(root, "LAST") == ["go-deeper"]


def test_related_prompts_stand_outside_the_answer(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    """They can be followed by who has answered without reading; a prompt that has none gets no line."""
    other = {"id": "late-labels", "page": "systems/fraud.md", "title": "Late <labels>"}
    monkeypatch.setattr(ways, "related", lambda: {"high-auc": [other, other | {"id": "b", "title": "B"}]})
    (section,) = render(PROMPT).iter("section")
    line = section[-1]
    assert (line.tag, line.get("class")) == ("p", "related")
    assert line.text_content() == "Related prompts: Late <labels> · B"
    assert [link.get("href") for link in line] == ["../../systems/fraud.md#late-labels", "../../systems/fraud.md#b"]
    monkeypatch.setattr(ways, "related", dict)
    (section,) = render(PROMPT).iter("section")
    assert section[-1].tag == "details"
