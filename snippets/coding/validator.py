"""A data validator that returns findings a machine can read. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple


# --8<-- [start:rules]
class Rule(NamedTuple):
    """What is promised about one column. Limits are inclusive; `known` empty: any value.

    Infinity is out of range, limits or none.
    """

    column: str
    kind: type
    low: float = -sys.float_info.max
    high: float = sys.float_info.max
    known: frozenset[str] = frozenset()
    missing: float = 0.0  # share allowed
    unknown: float = 0.0  # share allowed


class Finding(NamedTuple):
    """One broken promise: which column, which check, in what share of the rows, one example."""

    column: str
    check: str
    share: float
    example: Any


# --8<-- [end:rules]


# --8<-- [start:validate]
def is_missing(value: Any) -> bool:
    """None, and the number that isn't one."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def fits(value: Any, kind: type) -> bool:
    """An int will do for a float, as JSON writes 5.0 as 5; a bool is no number."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def validate(rows: Sequence[dict[str, Any]], rules: Sequence[Rule]) -> list[Finding]:
    """All broken promises, in the order of the rules; an empty list is a pass.

    No rows are a finding, since every other check would pass. O(rows × rules) time.
    """
    if not rows:
        return [Finding("*", "empty", 1.0, None)]
    findings = []
    for rule in rules:
        values = [row.get(rule.column) for row in rows]
        here = [v for v in values if not is_missing(v)]
        typed: list[Any] = [v for v in here if fits(v, rule.kind)]
        broken: dict[str, tuple[float, list[Any]]] = {
            "missing": (rule.missing, [None] * (len(values) - len(here))),
            "type": (0.0, [v for v in here if not fits(v, rule.kind)]),
        }
        if rule.kind in (int, float):
            out = [v for v in typed if not rule.low <= v <= rule.high]
            broken["range"] = (0.0, out)
        if rule.known:
            broken["unknown"] = (
                rule.unknown,
                [v for v in typed if v not in rule.known],
            )
        for check, (allowed, bad) in broken.items():
            if len(bad) / len(rows) > allowed:
                share = len(bad) / len(rows)
                findings.append(Finding(rule.column, check, share, bad[0]))
    return findings


# --8<-- [end:validate]
