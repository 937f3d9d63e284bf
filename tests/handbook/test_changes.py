"""The change list of a release: two books in, Markdown out; and the lenient reader finds what the bank does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from handbook import bank, changes, ids
from handbook.changes import Book, Correction
from handbook.errors import BookError
from handbook.pages import DOCS

URL = "https://book.example/handbook/"
PROMPT = """\
/// prompt | Which threshold do you choose?
    id: {id}
    kind: decision
    level: mid
    roles: [mle]
    minutes: 12
    title: A threshold{aliases}

At {{{{0.97 = f(x)}}}}, [costs](a.md#costs) decide.

```text
/// prompt | In a fence
***
```

***

**Opening line.** "{answer}"
///
"""
TABLE = "# Corrections\n\n| date | where | it said | it says |\n| --- | --- | --- | --- |\n{row}\n"
NONE = "| – | – | – | – |"
ROW = "| 2027-01-02 | [costs](../chapters/a.md#costs) | 1 of 9 | 1 of 8 |"


def prompt(id_: str = "threshold", answer: str = "By cost.", aliases: str = "") -> str:
    return PROMPT.format(id=id_, answer=answer, aliases=f"\n    aliases: [{aliases}]" if aliases else "")


def book(**files: str) -> Book:
    """Files by their path below docs with `__` for a slash; `ids` are the promises."""
    promises = files.pop("ids", "")
    named = {f"docs/{name.replace('__', '/')}.md": text for name, text in files.items()}
    return changes.read({**named, changes.PROMISES: f"# Every address\n{promises}"})


OLD = book(
    chapters__a=f"# First\n\n## Costs {{#costs}}\n\n{prompt()}",
    chapters__b="# Second\n",
    reference__corrections=TABLE.format(row=NONE),
    ids="/\nchapters/a/",
)


def changed(**files: str) -> str:
    """The list for the same book with these files instead."""
    pages = {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt()}", "chapters__b": "# Second\n"}
    pages |= {"reference__corrections": TABLE.format(row=NONE), "ids": "/\nchapters/a/"}
    return changes.between(OLD, book(**{key: text for key, text in (pages | files).items() if text}), URL, "v1")


def test_code_is_no_prompt_and_divides_none() -> None:
    example = "```text\n/// prompt | An example\n    id: example\n\n***\n///\n```\n\n"
    (found,) = changes.prompts_of(f"# First\n\n{example}{prompt()}\n{example}", "a.md")
    assert found.id == "threshold"
    assert found.brief.endswith("***\n```")
    assert found.answer == '**Opening line.** "By cost."'


def test_nothing_changed() -> None:
    assert changed() == (
        "Since v1: no change that a reader would see. All 2 addresses promised until then still lead somewhere, 0 are new.\n"
    )


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (
            {"chapters__b": f"# Second\n\n{prompt('new-one')}"},
            [
                "## Prompts added",
                f"[Second]({URL}chapters/b/)",
                f"- [A threshold]({URL}q/new-one/) (decision, mid): Which threshold do you choose?",
            ],
        ),
        (
            {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt(answer='By price.')}"},
            ["## Prompts reworded", f"- [A threshold]({URL}q/threshold/): answer"],
        ),
        (
            {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt().replace('0.97', '0.95')}"},
            ["## Prompts reworded", f"- [A threshold]({URL}q/threshold/): brief"],
        ),
        (
            {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt().replace('level: mid', 'level: senior')}"},
            ["## Prompts reworded", f"- [A threshold]({URL}q/threshold/): level: senior, was mid"],
        ),
        (
            {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt('by-cost', aliases='threshold')}"},
            [
                "## Prompts renamed",
                f"- [A threshold]({URL}q/by-cost/): `threshold` is now `by-cost`, and still leads here",
            ],
        ),
        (
            {"chapters__a": "# First\n\n## Costs {#costs}\n", "chapters__b": f"# Second\n\n{prompt()}"},
            ["## Prompts moved", f"- [A threshold]({URL}q/threshold/): from “First” to [Second]({URL}chapters/b/)"],
        ),
        ({"chapters__c": "# Third\n"}, ["## Pages added", f"- [Third]({URL}chapters/c/)"]),
        ({"chapters__b": "# Other\n"}, ["## Pages renamed", f"- [Other]({URL}chapters/b/), until now “Second”"]),
        (
            {"chapters__b": "", "chapters__c": "---\nmoved_from: [chapters/b/]\n---\n\n# Second\n"},
            ["## Pages moved", f"- [Second]({URL}chapters/c/): from `chapters/b/`, which still leads here"],
        ),
        (
            {"chapters__b": "# Second\n\n## A [part](x.md) {#part}\n"},
            ["## Sections added", f"- Second: [A part]({URL}chapters/b/#part)"],
        ),
        (
            {"reference__corrections": TABLE.format(row=f"{NONE}\n{ROW}")},
            [
                "## Corrected",
                f"- 2027-01-02, [costs]({URL}chapters/a/#costs). It said: 1 of 9. It says now: 1 of 8.",
            ],
        ),
        ({"chapters__a": "# First\n\n## Costs {#costs}\n"}, ["## Gone", "- prompt `threshold` (A threshold)"]),
        ({"chapters__b": ""}, ["## Gone", "- page `chapters/b.md` (Second)"]),
        ({"ids": "/"}, ["## Gone", "- address `chapters/a/`"]),
    ],
)
def test_each_change_is_told_once_and_nothing_else(files: dict[str, str], lines: list[str]) -> None:
    told = [line for line in changed(**files).splitlines()[1:] if line]
    assert told == lines


@pytest.mark.parametrize(
    "files",
    [
        {
            "chapters__a": f'# First\n\n## Cost {{#cost aliases="costs"}}\n\n{prompt()}'
        },  # a heading's id, with its alias
        {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt().replace('a.md#costs', 'b.md')}"},  # behind a link
        {"chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt().replace('f(x)', 'g(x)')}"},  # behind a number
        {
            "chapters__a": f"# First\n\n## Costs {{#costs}}\n\n{prompt().replace('costs) decide', 'costs)' + chr(10) + 'decide')}"
        },
        {"plan__mle": "# First\n", "practice__index": "# Bank\n\n## A chapter {#a}\n"},
    ],
)
def test_what_is_no_change_to_a_reader(files: dict[str, str]) -> None:
    told = changed(**files)
    assert "reworded" not in told
    assert "Sections" not in told
    assert "Gone" not in told


def test_a_page_that_moves_takes_its_prompts_along() -> None:
    body = f"---\nmoved_from: [chapters/a/]\n---\n\n# First\n\n## Costs {{#costs}}\n\n{prompt()}"
    told = changed(chapters__a="", chapters__z=body)
    assert "## Pages moved" in told
    assert "## Prompts" not in told


def test_two_prompts_that_become_one() -> None:
    two = book(chapters__a=f"# First\n\n{prompt()}\n{prompt('cut-off')}")
    one = book(chapters__a=f"# First\n\n{prompt(aliases='cut-off')}")
    told = changes.between(two, one, URL)
    assert "`cut-off` was joined to it and leads here" in told
    assert told.startswith("1 prompt renamed.")
    assert "Gone" not in told


def test_what_is_gone_is_said_first_and_counted() -> None:
    told = changed(ids="/", chapters__c="# Third\n")
    assert told.startswith("Since v1: 1 gone, 1 page added. 1 of 2 addresses promised")
    assert told.index("## Gone") < told.index("## Pages added")


def test_a_first_release_lists_what_there_is() -> None:
    told = changes.first(OLD, URL)
    assert told.startswith("The first release: 1 prompts on 3 pages.\n\n- [First]")


def test_a_lab_is_read_from_its_words() -> None:
    notebook = '{"cells": [{"cell_type": "markdown", "source": ["# A lab\\n", "\\n", "## Part {#part}"]}, {"cell_type": "code", "source": "# no"}]}'
    (page,) = changes.read({"docs/labs/x.ipynb": notebook}).pages.values()
    assert (page.title, page.sections[0].ids) == ("A lab", ("part",))


def test_the_lenient_reader_finds_what_the_bank_does() -> None:
    found = changes.now()
    prompts = bank.read()
    assert [replace(prompt, line=0) for prompt in found.prompts.values()] == [
        replace(prompt, line=0, brief=found.prompts[prompt.id].brief, answer=found.prompts[prompt.id].answer)
        for prompt in prompts
    ]
    for prompt in prompts:
        assert changes.words(found.prompts[prompt.id].brief) == changes.words(prompt.brief), prompt.id
        assert changes.words(found.prompts[prompt.id].answer) == changes.words(prompt.answer), prompt.id
    assert list(found.pages) == list(bank.sources())
    assert found.promises == set(ids.listed())
    assert found.corrections == changes.corrections_of((DOCS / changes.CORRECTIONS).read_text(encoding="utf-8"))


def test_a_row_of_corrections_is_read_whole() -> None:
    assert changes.corrections_of(TABLE.format(row=ROW)) == (
        Correction("2027-01-02", "[costs](../chapters/a.md#costs)", "1 of 9", "1 of 8"),
    )


def test_the_book_at_a_commit_is_read_out_of_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import subprocess

    for command in (
        ["git", "init", "--quiet"],
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--allow-empty", "-m", "0"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True)
    for name, text in {
        "docs/chapters/a.md": f"# First\n\n{prompt()}",
        "docs/x.svg": "<svg/>",
        changes.PROMISES: "/\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "1"],
        cwd=tmp_path,
        check=True,
    )
    subprocess.run(["git", "tag", "v1"], cwd=tmp_path, check=True)
    (tmp_path / "docs/chapters/a.md").write_text("# Edited since\n", encoding="utf-8")
    monkeypatch.setattr(changes, "ROOT", tmp_path)
    old = changes.at("v1")
    assert [*old.prompts] == ["threshold"]
    assert old.promises == {"/"}
    with pytest.raises(BookError, match=r"git can't read the book at `v0`: .*; is the tag fetched"):
        changes.at("v0")
