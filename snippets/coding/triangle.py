"""Weekly cohorts by weeks since, with what is not over yet missing. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from snippets.coding.actives import Active

# --8<-- [start:plain]
WEEK, TO_SUNDAY = timedelta(days=7), timedelta(days=6)


def triangle(
    visits: Sequence[Active], since: date, through: date, ages: int
) -> list[tuple[date, int, int | None]]:
    """(cohort, age, users): who of a week's new users came in the week `age` later.

    Weeks begin on Monday, as `since` does. Age 0 is the cohort's size. A week that
    isn't over by `through` gives None; a cohort whose own week isn't, no row. Rows
    without a user are left out. O(n + cells) time and memory.
    """
    weeks: defaultdict[str, set[date]] = defaultdict(set)
    for user, day in visits:
        if user is not None:
            weeks[user].add(day - timedelta(days=day.weekday()))
    users: Counter[tuple[date, date]] = Counter()
    for own in weeks.values():
        first = min(own)
        users.update((first, week) for week in own)
    found: list[tuple[date, int, int | None]] = []
    cohort = since
    while cohort + TO_SUNDAY <= through:
        for age in range(ages + 1):
            week = cohort + age * WEEK
            n = users[cohort, week] if week + TO_SUNDAY <= through else None
            found.append((cohort, age, n))
        cohort += WEEK
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def triangle_frame(
    visits: pd.DataFrame, since: date, through: date, ages: int
) -> pd.DataFrame:
    """The same for a frame with user_id and day."""
    known = visits.dropna(subset="user_id")
    week = pd.to_datetime(known["day"]).dt.to_period("W-SUN").dt.start_time
    seen = known[["user_id"]].assign(week=week).drop_duplicates()
    seen["cohort"] = seen.groupby("user_id")["week"].transform("min")
    seen["age"] = (seen["week"] - seen["cohort"]).dt.days // 7
    cohorts = pd.date_range(since, through - TO_SUNDAY, freq="7D")
    cells = pd.MultiIndex.from_product(
        [cohorts, range(ages + 1)], names=["cohort", "age"]
    )
    users = seen.groupby(["cohort", "age"]).size().reindex(cells, fill_value=0)
    found = users.reset_index(name="users")
    sunday = found["cohort"] + pd.to_timedelta(7 * found["age"] + 6, unit="D")
    over = sunday <= pd.Timestamp(through)
    return found.assign(
        cohort=found["cohort"].dt.date, users=found["users"].where(over)
    )


# --8<-- [end:pandas]
