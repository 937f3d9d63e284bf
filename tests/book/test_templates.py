"""What the next chapter starts from keeps the rules that it will be held to."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from handbook import grammar, rules
from handbook.pages import ROOT, Page

TEMPLATES = ROOT / ".github" / "templates"


@pytest.mark.parametrize("kind", grammar.KINDS)
def test_the_prompt_template_is_a_prompt(kind: str) -> None:
    text = (TEMPLATES / "prompt.md").read_text(encoding="utf-8").replace("kind: decision", f"kind: {kind}")
    (prompt,) = grammar.scan(text, Page("chapters/new.md"))
    assert prompt.kind == kind
    assert set(prompt.roles) <= set(grammar.ROLES)


def test_the_page_template_keeps_the_rules(tmp_path: Path) -> None:
    page = tmp_path / "chapters" / "new.md"
    page.parent.mkdir()
    page.write_text((TEMPLATES / "page.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert rules.page_errors("chapters/new.md", tmp_path) == []
    for heading in ("Worked through", "Weak and strong", "Practice prompts", "Sources"):
        assert f"## {heading} {{#" in page.read_text(encoding="utf-8")


def test_the_worked_template_runs() -> None:
    spec = importlib.util.spec_from_file_location("worked_template", TEMPLATES / "worked.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.reviewed_alerts() == pytest.approx(0.6 * 9_980)
