"""What the tests of the machine share: the book's own Markdown parser without a builder, and a look into what it renders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handbook import checked, config, pages
from handbook.pages import Page
from lxml import html

Render = Callable[..., html.HtmlElement]


@pytest.fixture(scope="session")
def extensions() -> dict[str, Any]:
    """The configuration of `mkdocs.yml` without math, which has tests of its own and starts an engine."""
    loaded = config.load()
    loaded["markdown_extensions"] = [name for name in loaded["markdown_extensions"] if name != "handbook.math"]
    return loaded


@pytest.fixture
def render(extensions: dict[str, Any]) -> Render:
    """Markdown → the element that holds what the book's extensions make of it."""

    def convert(text: str, page: str = "chapters/metrics/page.md", offset: int = 0) -> html.HtmlElement:
        out = config.markdown(Page(page, offset), extensions).convert(text)
        return html.fragment_fromstring(out, create_parent="article")

    return convert


@pytest.fixture
def prompt() -> Callable[..., str]:
    """The smallest prompt that the grammar allows, with these words in it."""

    def write(brief: str, opening: str = "Yes.", answer: str = "A.", probe: str = "First?") -> str:
        return f"""\
/// prompt | Does it settle the question?
    id: smallest
    kind: decision
    level: mid
    roles: [mle]
    minutes: 12
    title: The smallest

{brief}

***

**Opening line.** "{opening}"

**Answer.** {answer}

**How it is scored.**

| | |
| --- | --- |
| weak | a |
| solid | b |
| strong | c |

**Follow-ups.**

*"{probe}"* No.

*"Second?"* No.

*"Third?"* No.

**Go deeper.** A link.
///
"""

    return write


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Files → a small book in a temporary folder, as `path: text` below its root."""

    def write(**files: str) -> Path:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    (tmp_path / "docs").mkdir()
    (tmp_path / "snippets").mkdir()
    monkeypatch.setattr(config, "nav", lambda *_: [(("Chapters", "Metrics"), "chapters/metrics/index.md")])
    return write


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Python files → the package `snippets`, in place of the book's own for this test."""
    import sys

    package = tmp_path / "code" / "snippets"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    saved = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "snippets"}
    for name in saved:
        del sys.modules[name]
    monkeypatch.syspath_prepend(str(tmp_path / "code"))
    monkeypatch.setattr(sys, "meta_path", [f for f in sys.meta_path if "editable" not in str(f).lower()])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(checked, "SNIPPETS", package)
    monkeypatch.setattr(checked, "_loaded_at", 0.0)
    monkeypatch.setattr(pages, "SNIPPETS", package)

    def write(**files: str) -> Path:
        for path, text in files.items():
            file = package / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return package

    yield write
    for name in [name for name in sys.modules if name.split(".")[0] == "snippets"]:
        del sys.modules[name]
    sys.modules.update(saved)


@pytest.fixture(autouse=True)
def fresh_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test works out stays in its own folder."""
    monkeypatch.setattr(checked, "_memory", checked._Memory(tmp_path / "checked.jsonl"))
