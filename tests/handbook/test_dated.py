"""Facts that age: what a row must have, and that a passed date is reported with what and where. Never whether one has passed today."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from handbook import __main__ as command
from handbook import dated, rules
from handbook.errors import BookError, BookErrors
from handbook.pages import ROOT

Write = Callable[..., Path]
TOP = "---\ntitle: x\n---\n\n# Chapter\n\n## What ages {#dated-facts}\n\nWords.\n\n"
HEAD = "| fact | matters for | checked | check by |\n| --- | --- | --- | --- |\n"
LIST = "| Ten risks, edition 2026 ([list](#src-list)) | [safety](safety.md#limits) | 2026-11-28 | 2027-08-31 |\n"
PRICE = "| A token costs a cent ([price](https://example.org/p)) | the sums | 2026-11-01 | 2027-02-28 |\n"
END = "\nMore.\n\n| another | table |\n| --- | --- |\n| a | b |\n\n## Sources {#sources}\n\n- A list {#src-list}\n"


def page(book: Write, rows: str = LIST + PRICE, head: str = HEAD, top: str = TOP) -> Path:
    return book(**{f"docs/{dated.PAGE}": top + head + rows + END}) / "docs"


def test_every_fact_of_the_book_has_two_dates_in_order_and_a_source() -> None:
    rows = dated.facts()
    assert len(rows) >= 5
    assert all(row.claim and row.matters and row.checked < row.again for row in rows)
    assert all((row.again - row.checked).days <= 400 for row in rows), "nothing in this table keeps for over a year"
    assert dated.errors() == []


def test_rows_are_read_as_they_stand(book: Write) -> None:
    first, second = dated.facts(page(book))
    assert first == dated.Fact(
        "Ten risks, edition 2026 (list)", "safety", date(2026, 11, 28), date(2027, 8, 31), f"docs/{dated.PAGE}:13"
    )
    assert second.where.endswith(":14")


@pytest.mark.parametrize(
    ("today", "claims"),
    [
        (date(2027, 2, 28), []),  # on the day itself there is still time
        (date(2027, 3, 1), ["A token"]),
        (date(2027, 9, 10), ["A token", "Ten risks"]),  # the longest overdue first
    ],
)
def test_a_row_is_due_from_the_day_after(book: Write, today: date, claims: list[str]) -> None:
    rows = dated.due(dated.facts(page(book)), today)
    assert [row.claim[: len(claim)] for row, claim in zip(rows, claims, strict=True)] == claims


@pytest.mark.parametrize(("now", "code"), [(datetime(2027, 3, 7), 1), (datetime(2026, 12, 1), 0)])
def test_the_command_says_what_and_where(
    book: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], now: datetime, code: int
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return now

    docs = page(book)
    read = dated.facts
    monkeypatch.setattr(command, "datetime", Clock)
    monkeypatch.setattr(dated, "facts", lambda: read(docs))
    monkeypatch.setattr(sys, "argv", ["handbook", "dated"])
    with pytest.raises(SystemExit) as left:
        command.main()
    assert left.value.code == code
    out = capsys.readouterr().out
    expected = (
        "- A token costs a cent (price). Due since 2027-02-28 (7 days), checked on 2026-11-01; matters for: the sums. "
        f"`docs/{dated.PAGE}:14`\n"
    )
    assert out == (expected if code else "")


def test_a_table_that_cant_be_read_prints_nothing_and_fails(
    book: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The weekly job tells this from facts that are due by the empty output."""
    docs = page(book, "| only | three | cells |\n")
    read = dated.facts
    monkeypatch.setattr(dated, "facts", lambda: read(docs))
    monkeypatch.setattr(sys, "argv", ["handbook", "dated"])
    with pytest.raises(SystemExit) as left:
        command.main()
    assert isinstance(left.value.code, str) and f"docs/{dated.PAGE}:13" in left.value.code  # a text: exit 1, on stderr
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2027-08-31", "soon", "“Ten risks, edition 2026 (list)”: `soon` under `check by` is no date"),
        ("2026-11-28", "2026-11-31", "`2026-11-31` under `checked` is no date; write year-month-day"),
        ("2026-11-28", "28.11.2026", "`28.11.2026` under `checked` is no date"),
        ("2026-11-28", "20261128", "`20261128` under `checked` is no date"),
        ("2026-11-28", "", "`` under `checked` is no date"),
        ("2027-08-31", "2026-11-28", "`check by` (2026-11-28) must come after `checked` (2026-11-28)"),
        ("2027-08-31", "2025-08-31", "must come after"),
        ("([list](#src-list))", "", "“Ten risks, edition 2026” has no source; link it"),
        ("#src-list", "#src-gone", "its source `#src-gone` is not on this page"),
        ("[safety](safety.md#limits)", "", "says nothing under `fact` or `matters for`"),
        ("| 2027-08-31 ", "", "has 4 cells (fact, matters for, checked, check by), this row 3"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_file_and_line(book: Write, old: str, new: str, message: str) -> None:
    docs = page(book, LIST.replace(old, new) + PRICE)
    with pytest.raises(BookErrors) as found:
        dated.facts(docs)
    assert str(found.value).startswith(f"docs/{dated.PAGE}:13: ")
    assert message in str(found.value)
    assert [str(error) for error in dated.errors(docs)] == str(found.value).split("\n")


def test_all_wrong_rows_are_named_at_once(book: Write) -> None:
    docs = page(book, LIST.replace("2027", "1999") + PRICE.replace("2027", "1999"))
    assert [error.where for error in dated.errors(docs)] == [f"docs/{dated.PAGE}:{n}" for n in (13, 14)]


@pytest.mark.parametrize(
    ("head", "top", "message"),
    [
        (HEAD.replace("check by", "until"), TOP, "below it stands no table with the columns fact | matters for"),
        ("", TOP, "below it stands no table"),
        (HEAD, TOP.replace("{#dated-facts}", "{#facts}"), "has no heading with the id `dated-facts`"),
        (HEAD, TOP + "## Next {#next}\n\n", "below it stands no table"),
    ],
)
def test_a_table_that_is_gone_is_missed(book: Write, head: str, top: str, message: str) -> None:
    docs = page(book, head=head, top=top)
    assert message in str(dated.errors(docs)[0])
    with pytest.raises(BookError, match=r"table|heading"):
        dated.facts(docs)


def test_the_rules_of_the_source_include_it_and_a_book_without_the_page_is_fine(book: Write) -> None:
    docs = page(book, LIST.replace("2026-11-28", "never"))
    assert any("`never` under `checked`" in str(error) for error in rules.check(docs))
    (docs / dated.PAGE).unlink()
    assert dated.errors(docs) == []


def test_the_weekly_job_asks_in_one_place_and_tells_in_another() -> None:
    """What all workflows keep to is in tests/book/test_publishing.py."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/dated-facts.yml").read_text(encoding="utf-8"))["jobs"]
    assert any("python -m handbook dated" in step.get("run", "") for step in jobs["look"]["steps"])
    assert jobs["tell"]["permissions"] == {"issues": "write"}
