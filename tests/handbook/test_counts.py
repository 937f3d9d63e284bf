"""The counts of `docs/reference/making.md`: right where they can be recounted, and written only when they changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook import bank, cards, counts, glossary
from handbook.errors import BookError
from handbook.pages import DOCS, ROOT


def rows() -> dict[str, str]:
    """What is counted → how many, from the table as the page shows it."""
    lines = counts.table().split("\n")[2:]
    return {cells[1].strip(): cells[2].strip() for cells in (line.split("|") for line in lines)}


def test_against_the_book() -> None:
    found = rows()
    assert found["prompts with answer, rubric and follow-ups"] == str(len(bank.read()))
    kinds = [int(number) for what, number in found.items() if what.startswith("of these ")]
    assert sum(kinds) == len(bank.read())
    assert found["concept cards"] == str(len(cards.read()))
    assert found["terms"] == str(len(glossary.read()))
    assert found["labs on real data"] == str(len(list((DOCS / "labs").glob("*.ipynb"))))
    assert found["system designs"] == str(len(list((DOCS / "systems").glob("*.md"))) - 1)
    folders = {path.name.removesuffix(".md") for path in (DOCS / "chapters").iterdir()}
    assert found["chapters"] == str(len(folders))
    drawn = len(list((DOCS / "figures").rglob("*.svg")))
    assert int(found["plots and diagrams drawn by code"]) == drawn
    whole = sum(len(path.read_text(encoding="utf-8").split("\n")) for path in (ROOT / "snippets").rglob("*.py"))
    said = int(found["lines of code that the book teaches or counts with"].removeprefix("over ").replace(",", ""))
    assert whole / 2 < said < whole


def test_the_page_is_written_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "table", lambda _: "| a |\n| --- |")
    page = tmp_path / counts.PAGE
    assert counts.refresh(tmp_path) == []
    page.parent.mkdir()
    page.write_text(f"# T\n\n{counts.BEGIN}\nold\n{counts.END}\n\nMore.\n", encoding="utf-8")
    assert counts.refresh(tmp_path) == [f"docs/{counts.PAGE}"]
    assert page.read_text(encoding="utf-8") == f"# T\n\n{counts.BEGIN}\n\n| a |\n| --- |\n\n{counts.END}\n\nMore.\n"
    assert counts.refresh(tmp_path) == []
    page.write_text("# T\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"docs/reference/making\.md: put the lines"):
        counts.refresh(tmp_path)
