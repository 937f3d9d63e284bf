"""Contracts between prose, code and what is generated from both. `make check` repairs most of what fails here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest
from handbook import bank, cards, checked, config, embeds, grammar, ledger, outputs, plan, plot, rules
from handbook import math as formulas
from handbook.pages import DOCS, ROOT, SNIPPETS, page_at

from snippets import cases

PAGES = list(bank.sources())


def test_the_source_keeps_the_rules() -> None:
    assert [str(error) for error in rules.check()] == []


def test_the_ledger_is_what_the_prompts_say() -> None:
    assert (DOCS / ledger.PATH).read_text(encoding="utf-8") == ledger.render(bank.read()), "run `make check`"


def test_the_plan_is_what_the_book_gives() -> None:
    stale = [name for name, text in plan.pages().items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make check`"
    assert {f"plan/{path.name}" for path in (DOCS / "plan").iterdir()} == set(plan.pages())


def test_every_prompt_written_is_in_the_bank() -> None:
    written = Counter()
    for page in PAGES:
        lines = bank.body_of(page).splitlines()
        code = grammar.code_lines(lines)
        written[page] = sum(
            bool(re.match(r"^\s*/{2,}\s*prompts?\b", line, re.I)) for n, line in enumerate(lines, 1) if n not in code
        )
    assert +written == Counter(prompt.page for prompt in bank.read())


@pytest.mark.parametrize("path", sorted(outputs.demos()), ids=lambda p: p.relative_to(SNIPPETS / "outputs").as_posix())
def test_a_shown_output_is_what_the_code_prints(path: Path) -> None:
    assert path.is_file(), "run `make figures`"
    assert outputs.same_output(path.read_text(encoding="utf-8"), outputs.capture(outputs.demos()[path]))


def test_no_output_without_code() -> None:
    assert set((SNIPPETS / "outputs").rglob("*.txt")) == set(outputs.demos())


@pytest.mark.parametrize("drawn", plot.registered(), ids=lambda d: d.name)
def test_a_figure_is_what_its_code_draws(drawn: plot.Drawn) -> None:
    assert not plot.is_stale(drawn), "its code changed: run `make figures`, look at it, commit it"
    assert plot.same_drawing(drawn.path.read_text(encoding="utf-8"), plot.to_svg(drawn.draw()))


def test_every_formula_has_speech() -> None:
    assert formulas.speak(write=False) == [], "run `make figures`"


def test_every_checked_figure_agrees_with_its_code() -> None:
    """The build says so too; this says all of them at once, with page and line."""
    wrong: list[str] = []
    count = 0
    for path in PAGES:
        page = page_at(path)
        lines = bank.body_of(path).splitlines()
        code = grammar.code_lines(lines)
        for number, line in enumerate(lines, 1):
            if number in code:
                continue
            for match in re.finditer(checked.PATTERN, re.sub(r"`[^`]*`", "", line)):
                count += 1
                try:
                    checked.check(match["body"])
                except ValueError as error:
                    wrong.append(f"{page.where(number)}: {error}")
    assert wrong == []
    assert count > 50, "the scan found the book's checked figures"


def test_a_case_figure_in_prose_is_a_checked_figure() -> None:
    """A number that only a case could have given stands in prose with the expression behind it."""
    given: dict[str, str] = {}
    for name in ("payments", "marketplace", "assistant"):
        case = getattr(cases, name)
        for item in fields(case):
            value = getattr(case, item.name)
            if not isinstance(value, (int, float)) or isinstance(value, bool) or value != int(value):
                continue
            digits = f"{int(value):,}"
            if value >= 10_000 or (
                value >= 1_000 and len(digits.replace(",", "").rstrip("0")) > 1
            ):  # 1,000 is anybody's
                given[digits] = f"cases.{name}.{item.name}"
    assert len(given) >= 4
    loose: list[str] = []
    for path in PAGES:
        lines = bank.body_of(path).splitlines()
        code = grammar.code_lines(lines)
        for number, line in enumerate(lines, 1):
            text = re.sub(r"`[^`]*`", "", re.sub(checked.PATTERN, "", line))
            for figure, source in given.items():
                if number not in code and re.search(rf"(?<![\d,.]){re.escape(figure)}(?![\d,]|\.\d)", text):
                    loose.append(
                        f"{page_at(path).where(number)}: {figure}; write {{{{{figure} = {source}}}}} or another number"
                    )
    assert loose == []


def test_pages_and_navigation_agree() -> None:
    listed = [path for _, path in config.nav()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(PAGES) | {p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.ipynb")}


def test_chapters_written_have_their_parts() -> None:
    """EDITORIAL.md's parts, where they belong: the folder's index opens and closes, every page works, practices and cites."""
    for folder in sorted(p for p in (DOCS / "chapters").iterdir() if p.is_dir()):
        index = bank.body_of((folder / "index.md").relative_to(DOCS).as_posix())
        for heading in ("What this round tests", "The move", "Leave with", "Sources"):
            assert re.search(rf"^## {heading} \{{#", index, re.M), f"{folder.name}/index.md: {heading}"
        leave = index.split("## Leave with")[1].split("\n## ")[0]
        assert 5 <= len(re.findall(r"^[-*\d.]+ You can ", leave, re.M)) <= 8, folder.name
        for page in folder.glob("*.md"):
            if page.name == "index.md":
                continue
            text = bank.body_of(page.relative_to(DOCS).as_posix())
            if folder.name == "fundamentals":  # cards, whose form `handbook.cards` checks
                assert re.search(r"^## Sources \{#", text, re.M), page.name
                assert len(cards.scan(page.relative_to(DOCS).as_posix())[0]) >= 6, page.name
                continue
            for heading in ("Weak and strong", "Practice prompts", "Sources"):
                assert re.search(rf"^## {heading} \{{#", text, re.M), f"{folder.name}/{page.name}: {heading}"


CHAPTER = ("What this round tests", "The move", "Weak and strong", "Practice prompts", "Leave with", "Sources")


@pytest.mark.parametrize("path", sorted((DOCS / "chapters").glob("*.md")), ids=lambda path: path.stem)
def test_a_chapter_of_one_page_has_every_part(path: Path) -> None:
    text = bank.body_of(path.relative_to(DOCS).as_posix())
    found = re.findall(r"^## (.+?) \{#", text, re.M)
    assert [heading for heading in found if heading in CHAPTER] == list(CHAPTER)
    leave = text.split("## Leave with")[1].split("\n## ")[0]
    assert 5 <= len(re.findall(r"^[-*\d.]+ You can ", leave, re.M)) <= 8


DESIGN = {
    "practice",
    "diagram",
    "requirements",
    "labels",
    "evaluation",
    "serving",
    "monitoring",
    "retraining",
    "pushes",
    "levels",
    "what-if",
    "sources",
}


@pytest.mark.parametrize(
    "path", sorted(p for p in (DOCS / "systems").glob("*.md") if p.stem != "index"), ids=lambda p: p.stem
)
def test_a_design_answers_every_field(path: Path) -> None:
    """The prompt stands on the page, with a diagram to redraw, a capacity estimate and three pushes."""
    page = path.relative_to(DOCS).as_posix()
    text = bank.body_of(page)
    assert set(re.findall(r"^## .+? \{#([\w-]+)", text, re.M)) >= DESIGN
    kinds = [prompt.kind for prompt in bank.read() if prompt.page == page]
    assert kinds[0] == "design"
    assert kinds.count("design") == 1
    assert "{#fig-design}" in text
    assert "apacity" in text
    pushes = text.split("{#pushes}")[1].split("\n## ")[0]
    assert len(re.findall(r"^\d\. ", pushes, re.M)) == 3


def test_no_machine_and_no_registry_is_named() -> None:
    """Lockfiles carry hashes and no download addresses; no path of a machine is committed."""
    for name in ("requirements/lock.txt", "package-lock.json", ".npmrc", "pyproject.toml", "package.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(
            r"https?://(?!opencollective|github\.com|[\w.]*(fund|sponsor|patreon|feross|tidelift|paulmillr))\S*(pypi|npmjs|pythonhosted|registry)",
            text,
        ), name
        assert '"resolved"' not in text, name
        assert "/work/" not in text, name
    lock = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
    assert lock.count("--hash=sha256:") > 200
    assert "://" not in lock


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[tool.setuptools]")]
    silent = [line.strip() for line in block.splitlines() if re.match(r'^  "[\w-]+', line) and "#" not in line]
    assert [line for line in silent if "types-" not in line and "stubs" not in line] == []


@pytest.mark.parametrize("name", sorted(embeds.sections()[0]))
def test_shown_code_is_short_enough_to_read(name: str) -> None:
    text = embeds.sections()[0][name]
    assert len(text.splitlines()) <= 70, "ten to forty lines of code and its docstring"
    assert max(len(line) for line in text.splitlines()) <= 104
