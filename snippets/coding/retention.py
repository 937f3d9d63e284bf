"""Daily actives, day-7 retention and a 30-day label from one event log. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd


class Event(NamedTuple):
    """A row of the event log: a user or none, an aware time, and what happened."""

    user_id: str | None
    happened_at: datetime
    kind: str


# --8<-- [start:plain]
ZONE = ZoneInfo("America/New_York")
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


def days_by_user(events: Iterable[Event]) -> dict[str, set[date]]:
    """User → local days with an event; rows without a user are left out."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    for event in events:
        if event.user_id is not None:
            days[event.user_id].add(event.happened_at.astimezone(ZONE).date())
    return dict(days)


def calendar(since: date, through: date) -> list[date]:
    """Every day from since to through, both included; none if they are crossed."""
    return [since + timedelta(days=n) for n in range((through - since).days + 1)]


def daily_actives(
    events: Sequence[Event], since: date, through: date
) -> list[tuple[date, int]]:
    """(day, distinct users) for every day of the calendar; 0 where nobody came."""
    active = Counter(day for own in days_by_user(events).values() for day in own)
    return [(day, active[day]) for day in calendar(since, through)]


def day_7(
    events: Sequence[Event], since: date, through: date
) -> list[tuple[date, int, int | None]]:
    """(day, users first seen on it, those back on day 7); None if day 7 is to come."""
    new: Counter[date] = Counter()
    back: Counter[date] = Counter()
    for own in days_by_user(events).values():
        new[min(own)] += 1
        back[min(own)] += min(own) + WEEK in own
    return [
        (day, new[day], back[day] if day + WEEK <= through else None)
        for day in calendar(since, through)
    ]


def bought_soon(
    events: Sequence[Event], through: date
) -> list[tuple[str, date, int | None]]:
    """(user, first day, 1 if bought on days 1–30 after it); None until day 30 is over.

    All three: O(n + calendar) time, plus n log n for the order by user here.
    """
    bought = days_by_user(event for event in events if event.kind == "buy")
    found: list[tuple[str, date, int | None]] = []
    for user, own in sorted(days_by_user(events).items()):
        first = min(own)
        label = int(any(first < day <= first + MONTH for day in bought.get(user, ())))
        found.append((user, first, label if first + MONTH <= through else None))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def local_days(events: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a user, with their local day."""
    known = events.dropna(subset="user_id")
    return known.assign(day=known["happened_at"].dt.tz_convert(ZONE).dt.date)


def daily_actives_frame(
    events: pd.DataFrame, since: date, through: date
) -> pd.DataFrame:
    """The same for a frame with user_id, happened_at (UTC) and kind."""
    spine = pd.date_range(since, through).date
    users = local_days(events).groupby("day")["user_id"].nunique()
    return users.reindex(spine, fill_value=0).rename_axis("day").reset_index()


def day_7_frame(events: pd.DataFrame, since: date, through: date) -> pd.DataFrame:
    """The same for a frame."""
    days = local_days(events)[["user_id", "day"]].drop_duplicates()
    first = days.groupby("user_id")["day"].transform("min")
    is_new, is_back = days["day"] == first, days["day"] == first + WEEK
    counts = days.assign(first=first, new=is_new, back=is_back).groupby("first")
    spine = pd.date_range(since, through).date
    found = counts[["new", "back"]].sum().reindex(spine, fill_value=0).reset_index()
    return found.assign(back=found["back"].where(spine + WEEK <= through))


def bought_soon_frame(events: pd.DataFrame, through: date) -> pd.DataFrame:
    """The same for a frame."""
    days = local_days(events)
    first = days.groupby("user_id")["day"].transform("min")
    inside = (days["day"] > first) & (days["day"] <= first + MONTH)
    days = days.assign(first=first, label=inside & (days["kind"] == "buy"))
    users = days.groupby(["user_id", "first"])["label"].max().reset_index()
    over = users["first"].to_numpy() + MONTH <= through
    return users.assign(label=users["label"].astype(float).where(over))


# --8<-- [end:pandas]
