"""Rules of the source that no linter knows: permanent ids on headings, our blocks instead of older syntax, figures used."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from handbook import bank, cards, dated, embeds, glossary, grammar, labs, ways
from handbook.errors import BookError, BookErrors
from handbook.pages import DOCS, lines_of, page_at

LEGACY = re.compile(r'^\s*(!!!|\?\?\?\+?|===\+?!?)\s+["\w]')


def page_errors(path: str, docs: Path = DOCS) -> list[BookError]:
    """What is wrong with one page's source."""
    page = page_at(path, docs)
    text = bank.body_of(path, docs)
    lines = lines_of(text)
    regions = grammar.regions(lines)
    errors: list[BookError] = []

    def wrong(number: int, message: str) -> None:
        errors.append(BookError(page.where(number), message))

    front = re.match(r"---\n(.*?)\n(?:---|\.\.\.)\n", (docs / path).read_text(encoding="utf-8-sig"), flags=re.S)
    try:
        if front and not isinstance(yaml.safe_load(front[1]), dict):
            wrong(1 - page.offset, "the front matter is no list of `name: value` and prints as text")
    except yaml.YAMLError as error:
        wrong(
            1 - page.offset, f"the front matter can't be read and prints as text ({getattr(error, 'problem', error)})"
        )
    titles: list[int] = []
    above = ""
    for number, line in enumerate(lines, 1):
        if number in regions.code or number in regions.comment:
            above = ""
            continue
        if above and re.fullmatch(r"(=+|-+)\s*", line):
            wrong(
                number,
                f"“{above.strip()[:40]}” becomes a heading by the line below it; write `## {above.strip()[:40]} {{#short-words}}`",
            )
        above = line.strip()
        if LEGACY.match(line):
            wrong(
                number,
                f"`{line.strip()[:40]}` is the older syntax; write a block: `/// note | Title`, `/// tab | Name`, `/// details | Title`",
            )
        heading = grammar.SOURCE_HEADING.match(line)
        if heading is None:
            if line.startswith("#"):
                wrong(
                    number,
                    f"`{line[:40]}` is read as a heading; write `## …` with a space, or `\\#` for the sign itself",
                )
            continue
        id_ = grammar.EXPLICIT_ID.search(heading["attributes"] or "")
        if len(heading["marks"]) == 1:
            titles.append(number)
        elif id_ is None:
            wrong(
                number, f"the heading “{heading['text']}” has no permanent id; write `{line.rstrip()} {{#short-words}}`"
            )
        elif not grammar.ID.match(id_[1]) or len(id_[1]) > 40:
            wrong(number, f"`#{id_[1]}` is no id; write lower-case words joined by `-`, 40 characters at most")
        if re.search(r"[$`]|\{\{|\]\(", heading["text"]):
            wrong(
                number,
                f"the heading “{heading['text']}” holds TeX, code, a link or a checked figure; write plain words",
            )
    if len(titles) != 1:
        wrong(titles[1] if titles else 1, f"a page has one title `# …`; this one has {len(titles)}")
    return errors


def figure_errors(docs: Path = DOCS) -> list[BookError]:
    """Committed figures that no page shows."""
    shown = {
        match[1]
        for page in bank.sources(docs)
        for match in re.finditer(r"\]\((?:\.\./)*figures/([\w/-]+\.svg)", (docs / page).read_text(encoding="utf-8"))
    }
    made = {path.relative_to(docs / "figures").as_posix() for path in (docs / "figures").rglob("*.svg")}
    return [
        BookError(f"docs/figures/{name}", "no page shows this figure; embed it or remove its function")
        for name in sorted(made - shown)
    ]


def check(docs: Path = DOCS) -> list[BookError]:
    """All source rules over all pages."""
    errors: list[BookError] = []
    for path in bank.sources(docs):
        errors += page_errors(path, docs)
    for path in labs.sources(docs):
        errors += labs.errors(path, docs)
    errors += figure_errors(docs) + embeds.check(docs) + dated.errors(docs) + cards.check(docs)
    errors += ways.check(docs) + glossary.check(docs)
    try:
        bank.read(docs)
    except BookErrors as found:
        errors += found.errors
    return errors
