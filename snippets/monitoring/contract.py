"""Does a row keep its contract, and do two tables agree? Schema, missing rate, training–serving skew.

Serves docs/chapters/monitoring.md. A row is a mapping from column to value; missing is a column that is absent, None or NaN.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple, TypeAlias

from snippets.metrics._inputs import fraction, whole

Row: TypeAlias = Mapping[str, Any]


def is_missing(value: Any) -> bool:
    """Whether a value counts as missing: None, or a float NaN. O(1)."""
    return value is None or (isinstance(value, float) and math.isnan(value))


# --8<-- [start:schema]
class Field(NamedTuple):
    """What a column promises."""

    kind: type | tuple[type, ...]
    low: float = -math.inf  # of numbers
    high: float = math.inf
    allowed: frozenset[Any] | None = None  # of categories
    required: bool = True


def broken_promises(rows: Iterable[Row], schema: Mapping[str, Field]) -> Counter[tuple[str, str]]:
    """How often each column breaks which promise: missing, type, range, unknown, extra.

    A bool is no number. Counts rather than raises: one bad row in a million is a
    ticket, one in ten is a page, and the caller knows which. No row gives an
    empty counter. O(rows · columns).
    """
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found.update((name, "extra") for name in row if name not in schema)
        for name, field in schema.items():
            value = row.get(name)
            stray_bool = isinstance(value, bool) and field.kind is not bool
            if is_missing(value):
                found[name, "missing"] += field.required
            elif stray_bool or not isinstance(value, field.kind):
                found[name, "type"] += 1
            elif field.allowed is not None:
                found[name, "unknown"] += value not in field.allowed
            elif isinstance(value, (int, float)):
                found[name, "range"] += not field.low <= value <= field.high
    return +found


# --8<-- [end:schema]


# --8<-- [start:missing]
def missing_rate_alarm(missing: int, rows: int, usual: float, spread: float, z: float) -> bool:
    """Whether a window's missing rate is above what chance and ordinary days explain.

    `usual` is the mean of past windows' rates, `spread` their standard deviation
    beyond sampling noise. With spread 0 a million rows alarm on nothing. A usual
    rate of 0 counts as one row in the window. No row alarms: silence is missing too.
    """
    n, k = whole(rows, "rows"), whole(missing, "missing")
    if not n:
        return True
    rate = max(fraction(usual, "usual"), 1 / n)
    return k / n - usual > z * math.sqrt(rate * (1 - rate) / n + spread * spread)


# --8<-- [end:missing]


# --8<-- [start:skew]
class Skew(NamedTuple):
    """How one feature differs between two tables, over the keys that both hold."""

    compared: int  # rows with a value on both sides
    differing: float  # share of those that differ by more than the tolerance
    only_offline: int  # value there, missing when served
    only_online: int
    ratio: float  # median of served / offline where both are numbers other than 0


def skew_diff(
    offline: Mapping[Hashable, Row],
    online: Mapping[Hashable, Row],
    features: Sequence[str],
    tolerance: float = 1e-6,
) -> dict[str, Skew]:
    """Feature by feature, what training would have computed against what was served.

    Both map a request's key to its row, the offline one recomputed as of the request.
    Keys on one side only are left out: report them apart. Numbers differ beyond a
    relative tolerance, other values when unequal. Shares of nothing are NaN.
    A median ratio far from 1 is a unit: 100 for cents, 60 for minutes. O(keys · features).
    """
    shared = sorted(offline.keys() & online.keys(), key=repr)
    found = {}
    for name in features:
        differing = compared = only_offline = only_online = 0
        ratios = []
        for key in shared:
            old, new = offline[key].get(name), online[key].get(name)
            if is_missing(old) or is_missing(new):
                only_offline += is_missing(new) and not is_missing(old)
                only_online += is_missing(old) and not is_missing(new)
                continue
            compared += 1
            if isinstance(old, (int, float)) and isinstance(new, (int, float)):
                differing += not math.isclose(old, new, rel_tol=tolerance, abs_tol=tolerance)
                if old and new:
                    ratios.append(new / old)
            else:
                differing += old != new
        share = differing / compared if compared else math.nan
        ratio = median(ratios) if ratios else math.nan
        found[name] = Skew(compared, share, only_offline, only_online, ratio)
    return found


# --8<-- [end:skew]
