"""One task in plain Python, pandas and SQL: hostile tables to try it on, and the comparison row by row.

A table is a list of rows of a `NamedTuple`, and everything is read off that class: `hostile(Row)` draws tables, `frame(rows, Row)`
makes the DataFrame, `run("coding/sql/task.sql:section", table=rows)` executes a section of SQL, `same(…)` compares what came out.

The session of DuckDB is in New York on purpose: a query that leans on the session's time zone gives another answer than Python.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
from handbook import embeds
from handbook.pages import SNIPPETS
from hypothesis import settings
from hypothesis import strategies as st

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)

ZONES = (UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata"))
CLOCK_CHANGES = (
    datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 4, 30, tzinfo=UTC),
)  # New York, hours before
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (
    0 * DAY,
    HOUR,
    2 * HOUR,
    DAY,
    DAY - timedelta(microseconds=1),
    DAY + 30 * MINUTE,
    3 * DAY,
    40 * DAY,
)
INSTANTS = tuple(base + step for base in CLOCK_CHANGES for step in STEPS)
DELAYS = (0 * DAY, 0 * DAY, timedelta(microseconds=1), HOUR, DAY, 35 * DAY)


def moments() -> st.SearchStrategy[datetime]:
    """Aware times: few instants, so ties abound; exact days apart, and a microsecond less; gaps of weeks; three zones; two clock changes."""
    return st.sampled_from(INSTANTS).flatmap(
        lambda at: st.sampled_from([at.astimezone(zone) for zone in ZONES])
    )


COLUMNS: dict[type, st.SearchStrategy[Any]] = {
    str: st.sampled_from("abc"),
    int: st.integers(0, 3),
    float: st.sampled_from(
        (0.0, 0.25, 1.5, 40.0, -7.0)
    ),  # exact in binary: three ways of adding agree
    bool: st.booleans(),
    datetime: moments(),
    date: moments().map(lambda at: at.date()),
}


def hostile(
    row: type,
    *,
    number: str | None = None,
    late: Mapping[str, str] | None = None,
    again: bool = False,
    max_size: int = 9,
    **columns: st.SearchStrategy[Any],
) -> st.SearchStrategy[list[Any]]:
    """Tables of a `NamedTuple`, in no order: empty, tied, doubled, with gaps, zones, nulls where the annotation allows `None`.

    `number` names a column that counts the rows. `late={"known_at": "paid_at"}` makes a column another one plus a delay,
    mostly none, sometimes weeks. `again` delivers some rows twice, the copy an hour later in every late column. Any column's
    strategy can be given by name.
    """
    late = late or {}
    hints = get_type_hints(row)
    drawn = {}
    for name, hint in hints.items():
        if name == number:
            continue
        if name in late:
            drawn[name] = st.sampled_from(DELAYS)
        elif name in columns:
            drawn[name] = columns[name]
        else:
            kind, nullable = _kind(hint)
            drawn[name] = COLUMNS[kind]
            if nullable:  # one null in five: `|` would make it every second
                drawn[name] = st.integers(0, 4).flatmap(
                    lambda die, some=COLUMNS[kind]: st.none() if die == 4 else some  # type: ignore[misc]
                )

    def finish(table: tuple[list[dict[str, Any]], list[int]]) -> list[Any]:
        rows, copied = table
        for place, values in enumerate(rows):
            if number:
                values[number] = place
            for name, since in late.items():
                values[name] = (
                    None
                    if values[since] is None
                    else _later(values[since], values[name])
                )
        for place in copied if rows else ():
            source = rows[place % len(rows)]
            moved = {
                name: None if source[name] is None else _later(source[name], HOUR)
                for name in late
            }
            rows.append({**source, **moved})
        return [row(**values) for values in rows]

    copies = st.lists(st.integers(0, max_size), max_size=2) if again else st.just([])
    return st.tuples(
        st.lists(st.fixed_dictionaries(drawn), max_size=max_size), copies
    ).map(finish)


def _later(at: datetime, delay: timedelta) -> datetime:
    """So much later in real time; `at + delay` alone would add on the wall clock."""
    return (at.astimezone(UTC) + delay).astimezone(at.tzinfo)


def _kind(hint: Any) -> tuple[type, bool]:
    """`float | None` → (float, True)."""
    parts = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return next(
        part for part in parts if part is not types.NoneType
    ), types.NoneType in parts


def frame(rows: Sequence[Any], row: type) -> pd.DataFrame:
    """The DataFrame of a table, with its types even when it is empty: times in UTC, missing text and numbers as pandas has them."""
    made = {}
    for place, (name, hint) in enumerate(get_type_hints(row).items()):
        kind, nullable = _kind(hint)
        values = [r[place] for r in rows]
        if kind is datetime:
            made[name] = pd.Series(pd.to_datetime(values, utc=True)).astype(
                "datetime64[us, UTC]"
            )
        else:
            of = {
                str: "str",
                float: "float64",
                int: "float64" if nullable else "int64",
                bool: "boolean" if nullable else "bool",
            }
            made[name] = pd.Series(values, dtype=of.get(kind, "object"))
    return pd.DataFrame(made)


@cache
def _session() -> duckdb.DuckDBPyConnection:
    session = duckdb.connect()
    session.execute("set timezone = 'America/New_York'")
    return session


@cache
def tables_of(path: str) -> dict[str, str]:
    """Table → its `create table …`: what stands in an SQL file outside of its queries, or in the section `tables`."""
    text = (SNIPPETS / path).read_text(encoding="utf-8")
    text = re.sub(
        r"-- --8<-- \[start:(?!tables\])([\w-]+)\].*?\[end:\1\]", "", text, flags=re.S
    )
    found = re.findall(r"^create table (\w+) \((.*?)\);", text, flags=re.S | re.M)
    return {name: f"create or replace table {name} ({body})" for name, body in found}


@cache
def section(name: str) -> str:
    """The text of `coding/sql/task.sql:section`."""
    return embeds.sections()[0][name]


def run(
    name: str, params: Mapping[str, Any] | None = None, **tables: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """What the SQL of that section gives for these tables; a table of the file that is not given is empty."""
    session = _session()
    known = tables_of(name.partition(":")[0])
    assert set(tables) <= set(known), f"{name} creates {sorted(known)}"
    for table, create in known.items():
        session.execute(create)
        if rows := tables.get(table):
            fields = ", ".join(rows[0]._fields)
            marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(rows))
            session.execute(
                f"insert into {table} ({fields}) values {marks}",
                [value for r in rows for value in r],
            )
    return session.execute(section(name), dict(params) if params else None).fetchall()


def plain(value: Any) -> Any:
    """Any library's value as Python has it: missing is `None`, an aware time is in UTC."""
    if (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, (float, np.floating)) and math.isnan(value))
    ):
        return None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def rows_of(table: Any) -> list[tuple[Any, ...]]:
    """A DataFrame, or rows, as tuples of plain values."""
    rows = (
        table.itertuples(index=False, name=None)
        if isinstance(table, pd.DataFrame)
        else table
    )
    return [tuple(plain(value) for value in row) for row in rows]


def same(**answers: Any) -> None:
    """All answers are the same table: the same rows in the same order, floats within 1e-9. The message names the first row that is not."""
    (first, right), *others = [
        (name, rows_of(table)) for name, table in answers.items()
    ]
    for name, rows in others:
        for number, (a, b) in enumerate(zip(right, rows, strict=False)):
            assert len(a) == len(b), (
                f"row {number} has {len(a)} columns in {first}, {len(b)} in {name}"
            )
            assert all(map(_alike, a, b)), (
                f"row {number}: {first} says {a}, {name} says {b}"
            )
        assert len(right) == len(rows), (
            f"{first} has {len(right)} rows, {name} {len(rows)}"
        )


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return (
            a is not None
            and b is not None
            and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        )
    return bool(a == b)
