"""The median latency of each route, when some calls never answered. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import pandas as pd


class Call(NamedTuple):
    """A call: its id, a route or none, milliseconds, missing if it timed out."""

    call_id: int
    route: str | None
    ms: float | None


# --8<-- [start:plain]
def median_latency(calls: Sequence[Call]) -> list[tuple[str, int, float | None]]:
    """(route, calls, median ms): a call that timed out took longer than all others.

    The mean of the middle two for an even number; None if that touches a call without
    an end. Delivered again counts once; calls without a route are left out. Ordered
    by route. O(n log n) time, O(n) memory.
    """
    times: defaultdict[str, list[float]] = defaultdict(list)
    for call in set(calls):
        if call.route is not None:
            times[call.route].append(math.inf if call.ms is None else call.ms)
    found: list[tuple[str, int, float | None]] = []
    for route, own in sorted(times.items()):
        middle = median(own)
        found.append((route, len(own), middle if math.isfinite(middle) else None))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def median_latency_frame(calls: pd.DataFrame) -> pd.DataFrame:
    """The same for a frame with call_id, route and ms."""
    once = calls.dropna(subset="route").drop_duplicates().fillna({"ms": math.inf})
    found = once.groupby("route")["ms"].agg(["size", "median"]).reset_index()
    finite = found["median"] < math.inf  # inf between two timeouts, or next to one
    return found.assign(median=found["median"].where(finite))


# --8<-- [end:pandas]
