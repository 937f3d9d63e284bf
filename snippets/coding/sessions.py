"""Sessions by a gap of 30 minutes. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pandas as pd


class Click(NamedTuple):
    """A row of the click log: its id, a user or none, an aware time."""

    click_id: int
    user_id: str | None
    clicked_at: datetime


# --8<-- [start:plain]
GAP = timedelta(minutes=30)
Session = tuple[str, datetime, datetime, int]


def sessions(clicks: Sequence[Click]) -> list[Session]:
    """(user, first click, last click, clicks): split where more than 30 min pass.

    A click delivered again counts once; clicks without a user are left out. Times in
    UTC; ordered by user and start; empty gives empty. O(n log n) time, O(n) memory.
    """
    by_user: defaultdict[str, set[tuple[datetime, int]]] = defaultdict(set)
    for click in clicks:
        if click.user_id is not None:
            by_user[click.user_id].add(
                (click.clicked_at.astimezone(UTC), click.click_id)
            )
    found: list[Session] = []
    for user, own in sorted(by_user.items()):
        times = sorted(at for at, _ in own)
        start, last, n = times[0], times[0], 0
        for at in times:
            if at - last > GAP:
                found.append((user, start, last, n))
                start, n = at, 0
            last, n = at, n + 1
        found.append((user, start, last, n))  # the one that is still open
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def sessions_frame(clicks: pd.DataFrame) -> pd.DataFrame:
    """The same for a frame with click_id, user_id and clicked_at (UTC)."""
    once = clicks.dropna(subset="user_id").drop_duplicates()
    once = once.sort_values(["user_id", "clicked_at"])
    opens = once.groupby("user_id")["clicked_at"].diff() > GAP  # first: NaT, so False
    number = opens.groupby(once["user_id"]).cumsum()
    found = once.groupby(["user_id", number.rename("number")])["clicked_at"]
    return found.agg(["min", "max", "size"]).reset_index().drop(columns="number")


# --8<-- [end:pandas]
