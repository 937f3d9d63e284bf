"""SQL in the book: what coverage is to Python. Every section shown is executed, and its answer is compared in some test."""

from __future__ import annotations

import re

import pytest
from equal import run, section, tables_of
from handbook import embeds
from handbook.pages import ROOT, SNIPPETS

QUERIES = sorted(name for name in embeds.sections()[0] if ".sql:" in name and not name.endswith(":tables"))
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "snippets").rglob("test_*.py"))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_runs_on_empty_tables_and_is_tested_on_full_ones(name: str) -> None:
    """The file creates every table that the query reads, with types; a test runs it by its full name."""
    run(name, dict.fromkeys(re.findall(r"\$(\w+)", section(name))))
    assert name in TESTS, f'no test calls run("{name}", …)'


@pytest.mark.parametrize("path", sorted(SNIPPETS.rglob("*.sql")), ids=lambda p: p.relative_to(SNIPPETS).as_posix())
def test_an_sql_file_is_tables_and_sections_and_nothing_else(path) -> None:
    name = path.relative_to(SNIPPETS).as_posix()
    assert tables_of(name), (
        "create the tables it reads, each `create table name (` at the start of a line, `);` at its end"
    )
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"-- --8<-- \[start:([\w-]+)\].*?-- --8<-- \[end:\1\]\n", "", text, flags=re.S)
    text = re.sub(r"^create table \w+ \(.*?\);\n", "", text, flags=re.S | re.M)
    assert [line for line in text.splitlines() if line and not line.startswith("--")] == []


@pytest.mark.parametrize("name", sorted(name for name in embeds.sections()[0] if embeds.is_test(name.split(":")[0])))
def test_a_test_that_is_shown_is_a_test(name: str) -> None:
    assert re.search(r"^def test_", embeds.sections()[0][name], re.M)


@pytest.mark.parametrize("path", sorted(SNIPPETS.glob("*/wrong_*.py")), ids=lambda p: p.stem)
def test_wrong_code_says_so_and_a_test_unmasks_each_of_its_functions(path) -> None:
    assert embeds.about(path).startswith("Wrong on purpose")
    functions = re.findall(r"^def ([a-z]\w+)", path.read_text(encoding="utf-8"), re.M)
    shown = [text for name, text in embeds.sections()[0].items() if embeds.is_test(name.split(":")[0])]
    assert [name for name in functions if not any(re.search(rf"\b{name}\(", text) for text in shown)] == []
