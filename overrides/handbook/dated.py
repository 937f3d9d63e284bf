"""Facts that age: one table on one page says when each was checked and by when somebody looks again.

The table under the heading with the id `dated-facts` is the only place such a fact stands, so page and data can't disagree. Its
columns: the fact with a link to its source, what it matters for, the day it was checked, the day by which to check it again.
`make check` refuses a row that can't be read; `python -m handbook dated` says which rows are due, and a weekly job calls that.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from handbook import bank, grammar
from handbook.errors import BookError, BookErrors
from handbook.pages import DOCS, lines_of, page_at

PAGE = "chapters/llm-systems/index.md"
COLUMNS = ("fact", "matters for", "checked", "check by")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


class Fact(NamedTuple):
    """One row: what is claimed, what for, when it was seen, by when to look again, and where the row stands."""

    claim: str
    matters: str
    checked: date
    again: date
    where: str


def cells(row: str) -> list[str]:
    """The cells of a table's row.

    >>> cells("| a | b |")
    ['a', 'b']
    """
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def plain(text: str) -> str:
    """A cell without its links' addresses.

    >>> plain("Ten risks ([list](#src-list))")
    'Ten risks (list)'
    """
    return LINK.sub(lambda match: match[0][1 : match[0].index("]")], text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _read(row: str, where: str, ids: set[str]) -> Fact | BookError:
    found = cells(row)
    if len(found) != len(COLUMNS):
        return BookError(where, f"a dated fact has {len(COLUMNS)} cells ({', '.join(COLUMNS)}), this row {len(found)}")
    claim, matters, *dates = found
    name = f"“{plain(claim)[:50]}”"
    if not plain(claim) or not plain(matters):
        return BookError(where, f"the dated fact {name} says nothing under `fact` or `matters for`")
    days = [_day(text) for text in dates]
    for text, day, column in zip(dates, days, COLUMNS[2:], strict=True):
        if day is None:
            return BookError(where, f"{name}: `{text}` under `{column}` is no date; write year-month-day, `2027-02-28`")
    checked, again = days
    if checked is None or again is None or again <= checked:  # the first two for mypy
        return BookError(where, f"{name}: `check by` ({dates[1]}) must come after `checked` ({dates[0]})")
    targets = LINK.findall(claim)
    if not targets:
        return BookError(where, f"{name} has no source; link it in its cell: `([guide](#src-guide))`")
    for target in targets:
        if target.startswith("#") and target[1:] not in ids:
            return BookError(where, f"{name}: its source `{target}` is not on this page")
    return Fact(plain(claim), plain(matters), checked, again, where)


def facts(docs: Path = DOCS, path: str = PAGE) -> list[Fact]:
    """All rows of the table, or an error that names file and row."""
    page, lines = page_at(path, docs), lines_of(bank.body_of(path, docs))
    start = next((heading.line for heading in grammar.headings(lines) if heading.id == "dated-facts"), None)
    if start is None:
        raise BookError(page.where(), "the page has no heading with the id `dated-facts`")
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(lines[start:], start + 1):
        if line.startswith("|"):
            rows.append((number, line))
        elif rows or line.startswith("#"):
            break
    if len(rows) < 3 or tuple(cells(rows[0][1])) != COLUMNS:
        raise BookError(page.where(start), f"below it stands no table with the columns {' | '.join(COLUMNS)}")
    ids = set(re.findall(r"\{#([\w-]+)", "\n".join(lines)))
    read = [_read(row, page.where(number), ids) for number, row in rows[2:]]
    errors = [one for one in read if isinstance(one, BookError)]
    if errors:
        raise BookErrors(errors)
    return [one for one in read if isinstance(one, Fact)]


def due(rows: list[Fact], today: date) -> list[Fact]:
    """Rows whose day to look again has passed, the longest overdue first; on the day itself a row is not due yet."""
    return sorted((row for row in rows if row.again < today), key=lambda row: row.again)


def report(rows: list[Fact], today: date) -> str:
    """What is due, as a Markdown list: the fact, since when, what it matters for, where to change it."""
    return "\n".join(
        f"- {row.claim}. Due since {row.again} ({(today - row.again).days} days), checked on {row.checked}; "
        f"matters for: {row.matters}. `{row.where}`"
        for row in rows
    )


def errors(docs: Path = DOCS) -> list[BookError]:
    """What is wrong with the table, never whether a date has passed: a test must not fail because time goes by."""
    if not (docs / PAGE).is_file():
        return []
    try:
        facts(docs)
    except BookErrors as found:
        return found.errors
    except BookError as found:
        return [found]
    return []
