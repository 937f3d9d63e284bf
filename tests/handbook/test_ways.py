"""Ways through the book: before and after a page, circles and lost pages, and the prompts that are close to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from handbook import bank, config, ways
from handbook.errors import BookError
from handbook.grammar import Prompt
from lxml import html

NAV = [(("Chapters", "A"), "chapters/a.md"), (("Chapters", "B"), "chapters/b.md"), (("Chapters", "C"), "chapters/c.md")]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """The text of a `ways.yml` over three pages → what is wrong with it."""
    monkeypatch.setattr(config, "nav", lambda *_: NAV)
    for _, page in NAV:
        (tmp_path / page).parent.mkdir(exist_ok=True)
        (tmp_path / page).write_text("# x\n", encoding="utf-8")

    def wrong(text: str) -> list[str]:
        file = tmp_path / "ways.yml"
        file.write_text(text, encoding="utf-8")
        return [str(error) for error in ways.check(tmp_path, file)]

    return wrong


def test_the_book_is_sound() -> None:
    assert ways.check() == []
    assert "chapters/metrics/index.md" in ways.before("chapters/metrics/classification.md")
    assert "chapters/metrics/classification.md" in ways.after("chapters/metrics/index.md")
    far = ways.all_before("systems/moderation.md")
    assert far.index("chapters/framing.md") < far.index("chapters/lifecycle.md") < far.index("systems/fraud.md")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("chapters/b.md: [chapters/a.md]\nchapters/c.md: [chapters/b.md]", ""),
        ("chapters/b.md: [chapters/a.md]", "`chapters/c.md` has no way in or out"),
        ("chapters/b.md: [chapters/d.md]\nchapters/c.md: [chapters/a.md]", "`chapters/d.md` is no page"),
        ("chapters/a.md: [chapters/b.md]\nchapters/c.md: [chapters/a.md]", "`chapters/a.md` comes before"),
        (
            "chapters/b.md: [chapters/c.md]\nchapters/c.md: [chapters/b.md, chapters/a.md]",
            "chapters/b.md ← chapters/c.md ← chapters/b.md is a circle",
        ),
    ],
)
def test_faults_are_named(small: Callable[[str], list[str]], text: str, says: str) -> None:
    found = small(text)
    assert any(says in message for message in found) if says else found == []


@pytest.mark.parametrize("text", ["chapters/b.md: chapters/a.md", "- chapters/a.md", "chapters/b.md: [1]"])
def test_a_malformed_file(small: Callable[[str], list[str]], text: str) -> None:
    with pytest.raises(BookError, match=r"ways\.yml: .*(no list of|write)"):
        small(text)


def test_the_foot_of_a_page(render: Callable[..., html.HtmlElement]) -> None:
    page = render("# Leaks\n", "chapters/data-audit/leaks.md")
    (nav,) = page.iter("nav")
    assert nav.get("aria-label") == "Before and after this page"
    before, after = nav
    assert before.text_content() == "Before this: Audit the data before blaming the model"
    assert before[0].get("href") == "index.md"
    assert "Coding: Time-aware features and joins" in [link.text for link in after]
    assert "../coding/time.md" in [link.get("href") for link in after]
    assert not list(render("# Home\n", "index.md").iter("nav"))


def a(prompt: Prompt, **change: str) -> Prompt:
    return replace(prompt, **change)  # type: ignore[arg-type]


def test_nearest_prompts() -> None:
    """Same words, other page; one a page; a link counts; nothing below the floor."""
    one = bank.read()[0]
    prompts = [
        a(one, id="drift", title="Feature drift", question="Drift alarm?", page="x.md"),
        a(one, id="alarm", title="Drift alarm", question="Feature drift?", page="y.md"),
        a(one, id="alarm-two", title="Drift alarm", question="Drift alarm feature?", page="y.md"),
        a(one, id="same-page", title="Drift alarm", question="Feature drift?", page="x.md"),
        a(one, id="tokens", title="Token batches", question="Padding waste?", page="z.md"),
        a(one, id="linked", title="Cache keys", question="Prefix reuse?", page="w.md"),
    ]
    bodies = {p.id: "" for p in prompts} | {"linked": "See [tokens](z.md#tokens) padding."}
    found = ways.nearest(prompts, bodies)
    assert found["drift"] == ["alarm"] or found["drift"] == ["alarm-two"]
    assert found["linked"] == ["tokens"]
    assert found["tokens"] == ["linked"]
    assert ways.nearest(prompts[:1], bodies) == {}


def test_related_prompts_exist_on_other_pages() -> None:
    """As generated for the book."""
    prompts = {prompt.id: prompt for prompt in bank.read()}
    related = ways.related()
    assert len(related) > 0.9 * len(prompts)
    for id_, others in related.items():
        assert 1 <= len(others) <= ways.MOST
        for other in others:
            assert prompts[other["id"]].page == other["page"] != prompts[id_].page
            assert prompts[other["id"]].title == other["title"]


def test_refresh_writes_only_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "RELATED", tmp_path / "related.json")
    assert ways.related() == {}
    assert ways.refresh() == ["overrides/handbook/related.json"]
    assert ways.refresh() == []
    assert ways.related()
