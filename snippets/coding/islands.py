"""Streaks of active days: gaps and islands. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd


class Visit(NamedTuple):
    """A row of the visit log: a user or none, an aware time."""

    user_id: str | None
    visited_at: datetime


# --8<-- [start:plain]
ZONE = ZoneInfo("America/New_York")


def streaks(visits: Sequence[Visit]) -> list[tuple[str, date, date, int]]:
    """(user, first day, last day, days): longest runs of days with a visit.

    Days are New York's; visits of one day are one; rows without a user are left out.
    Ordered by user and first day. O(n log n) time, O(n) memory.
    """
    days = sorted(
        {
            (visit.user_id, visit.visited_at.astimezone(ZONE).date())
            for visit in visits
            if visit.user_id is not None
        }
    )
    found: list[tuple[str, date, date, int]] = []
    for user, day in days:
        if found and found[-1][0] == user and found[-1][2] == day - timedelta(days=1):
            _, first, _, n = found.pop()
            found.append((user, first, day, n + 1))
        else:
            found.append((user, day, day, 1))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def streaks_frame(visits: pd.DataFrame) -> pd.DataFrame:
    """The same for a frame with user_id and visited_at (UTC)."""
    known = visits.dropna(subset="user_id")
    local = known["visited_at"].dt.tz_convert(ZONE).dt.tz_localize(None)
    days = known[["user_id"]].assign(day=local.dt.normalize())
    days = days.drop_duplicates().sort_values(["user_id", "day"])
    place = pd.to_timedelta(days.groupby("user_id").cumcount(), unit="D")
    island = (days["day"] - place).rename("island")  # the same all along a streak
    found = days.groupby(["user_id", island])["day"].agg(["min", "max", "size"])
    found = found.reset_index().drop(columns="island")
    return found.assign(min=found["min"].dt.date, max=found["max"].dt.date)


# --8<-- [end:pandas]
