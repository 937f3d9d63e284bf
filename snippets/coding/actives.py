"""Distinct users of a rolling 30 days. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd


class Active(NamedTuple):
    """A user, or none, was active on this local day; a row for each visit."""

    user_id: str | None
    day: date


# --8<-- [start:plain]
SPAN = timedelta(days=30)


def rolling_actives(
    visits: Sequence[Active], since: date, through: date
) -> list[tuple[date, int]]:
    """(day, distinct users of the 30 days that end with it), for every day.

    A user is in from an active day until the next one, or for 30 days: stretches of
    one user never overlap, so their counts add. Visits before `since` count. Rows
    without a user are left out. O(n log n + days) time, O(n + days) memory.
    """
    days = sorted({(v.user_id, v.day) for v in visits if v.user_id is not None})
    change: Counter[date] = Counter()
    for place, (user, day) in enumerate(days):
        stop = day + SPAN
        if place + 1 < len(days) and days[place + 1][0] == user:
            stop = min(stop, days[place + 1][1])
        change[day] += 1
        change[stop] -= 1
    found = []
    users = sum(n for day, n in change.items() if day < since)
    for place in range((through - since).days + 1):
        day = since + timedelta(days=place)
        users += change[day]
        found.append((day, users))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def rolling_actives_frame(
    visits: pd.DataFrame, since: date, through: date
) -> pd.DataFrame:
    """The same for a frame with user_id and day."""
    days = visits.dropna(subset="user_id").drop_duplicates()
    days = days.assign(day=pd.to_datetime(days["day"])).sort_values(["user_id", "day"])
    following = days.groupby("user_id")["day"].shift(-1)
    ends = days["day"] + SPAN
    stop = following.where(following < ends, ends)  # a missing next day: 30 days
    change = days["day"].value_counts().sub(stop.value_counts(), fill_value=0)
    spine = pd.date_range(since, through)
    users = change.cumsum().reindex(change.index.union(spine)).ffill().fillna(0)
    return pd.DataFrame({"day": spine.date, "users": users.reindex(spine).to_numpy()})


# --8<-- [end:pandas]
