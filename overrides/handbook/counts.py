"""How large the book is, counted from its source: the table of `docs/reference/making.md`, written by `handbook check`.

Counts that move with every commit are rounded down, so that a reader gets a true number and an author no diff for each line.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from handbook import bank, cards, checked, config, glossary
from handbook.errors import BookError
from handbook.grammar import KINDS
from handbook.pages import DOCS, ROOT

PAGE = "reference/making.md"
BEGIN, END = "<!-- counted by `handbook check` -->", "<!-- end of what is counted -->"


def chapters(pages: list[str]) -> int:
    """Chapters among pages, a folder counted once.

    >>> chapters(["chapters/roles.md", "chapters/metrics/index.md", "chapters/metrics/llm.md", "systems/ads.md"])
    2
    """
    return len(
        {re.sub(r"(/.*|\.md)$", "", page.removeprefix("chapters/")) for page in pages if page.startswith("chapters/")}
    )


def code_lines(folder: Path) -> int:
    """Lines of Python below `folder` that hold code: no empty ones, comments or docstrings."""
    return sum(_code_lines(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py"))


def _code_lines(text: str) -> int:
    """
    >>> _code_lines('\"\"\"Doc.\"\"\"\\n\\n# why\\nx = 1\\n\\ndef f():\\n    \"\"\"Doc\\n    more.\"\"\"\\n    return x  # one\\n')
    3
    """
    quiet: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(
            node
        ):
            quiet |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(text.split("\n"), 1)
    return sum(1 for number, line in lines if number not in quiet and line.strip() and not line.strip().startswith("#"))


def floor(count: int, step: int) -> str:
    """
    >>> floor(19_342, 100), floor(222, 1)
    ('over 19,300', '222')
    """
    return f"{count:,}" if step == 1 else f"over {count // step * step:,}"


def table(docs: Path = DOCS, root: Path = ROOT) -> str:
    """The counts as a Markdown table."""
    pages = [path for _, path in config.nav() if (docs / path).is_file()]
    texts = [bank.body_of(path, docs) for path in pages]
    prompts = bank.read(docs)
    kinds = Counter(prompt.kind for prompt in prompts)
    mentioned: Callable[[str], int] = lambda pattern: sum(len(re.findall(pattern, text)) for text in texts)  # noqa: E731
    rows = [
        ("chapters", floor(chapters(pages), 1), "[start page](../index.md#chapters)"),
        (
            "system designs",
            floor(sum(page.startswith("systems/") and not page.endswith("index.md") for page in pages), 1),
            "[side by side](../systems/index.md)",
        ),
        (
            "labs on real data",
            floor(sum(page.endswith(".ipynb") for page in pages), 1),
            "[start page](../index.md#practice-and-reference)",
        ),
        ("prompts with answer, rubric and follow-ups", floor(len(prompts), 1), "[bank](../practice/index.md)"),
        *((f"of these {kind}", floor(kinds[kind], 1), f"[what it is](conventions.md#kind-{kind})") for kind in KINDS),
        ("concept cards", floor(len(cards.read(docs)), 1), "[map](../chapters/fundamentals/index.md)"),
        ("terms", floor(len(glossary.read(docs)), 1), "[glossary](glossary.md)"),
        (
            "figures in the text checked against code",
            floor(mentioned(checked.PATTERN), 100),
            "[what that means](conventions.md#checked)",
        ),
        (
            "plots and diagrams drawn by code",
            floor(mentioned(r"\]\((?:\.\./)*figures/[\w/-]+\.svg"), 1),
            "beside their text",
        ),
        (
            "lines of code that the book teaches or counts with",
            floor(code_lines(root / "snippets"), 100),
            "`snippets/`",
        ),
        ("lines of their tests", floor(code_lines(root / "tests" / "snippets"), 100), "`tests/snippets/`"),
    ]
    return "\n".join(
        ["| what | how many | where |", "| --- | ---: | --- |", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]
    )


def refresh(docs: Path = DOCS) -> list[str]:
    """Write the table into its page if it is stale; returns what was changed."""
    path = docs / PAGE
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise BookError(f"docs/{PAGE}", f"put the lines `{BEGIN}` and `{END}` around the table")
    new = f"{head}{BEGIN}\n\n{table(docs)}\n\n{END}{tail}"
    if new == text:
        return []
    path.write_text(new, encoding="utf-8")
    return [f"docs/{PAGE}"]
