"""Python typed into a page instead of embedded is run too, or says why not."""

from __future__ import annotations

import re

import pytest
from handbook.pages import ROOT
from pytest_examples import CodeExample, EvalExample, find_examples

EMBED = re.compile(r'^\s*--8<-- "', re.M)


def typed() -> list[CodeExample]:
    paths = [ROOT / "docs", ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return [example for example in find_examples(*paths) if not EMBED.search(example.source)]


@pytest.mark.parametrize("example", typed() or [None], ids=str)
def test_a_typed_fence_runs(example: CodeExample | None, eval_example: EvalExample) -> None:
    if example is None:
        assert typed() == []  # every fence of the book is embedded from snippets/
        return
    settings = example.prefix_settings()
    if "skip" in settings.get("test", ""):
        assert len(settings["test"].split("skip", 1)[1].strip(" :")) > 10, (
            'say why it is not run: test="skip: because …"'
        )
        return
    eval_example.run_print_check(example)
