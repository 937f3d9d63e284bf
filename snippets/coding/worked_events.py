"""The worked numbers of the page on events: one retention counted in seven ways, what the young do to it, and counts that don't add. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 15)  # a Sunday, the last day that is over
REPORT_HOUR = 10  # o'clock, the day after


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026, New York."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


# Given on the page: who came when. The report runs on Monday, 16 November, at 10:00.
LOG: Sequence[tuple[str, datetime]] = (
    ("Ana", _at(1, 20, 30)),
    ("Ana", _at(8, 9)),
    ("Ben", _at(7, 10)),
    ("Ben", _at(14, 10)),
    ("Ben", _at(14, 10)),  # delivered twice
    ("Cai", _at(8, 9)),
    ("Cai", _at(15, 13)),
    ("Dia", _at(3, 12)),
    ("Dia", _at(11, 12)),
    ("Gus", _at(2, 18)),
    ("Gus", _at(9, 9)),
    ("Hal", _at(9, 15)),
    ("Eve", _at(12, 9)),
    ("Fay", _at(14, 9)),
)


def _days(zone: tzinfo) -> dict[str, list[date]]:
    """User → days of its rows in that zone, in order, doubles kept."""
    days: dict[str, list[date]] = {}
    for user, at in LOG:
        days.setdefault(user, []).append(at.astimezone(zone).date())
    return days


def day_7(
    *, zone: tzinfo = NEW_YORK, through: date = YESTERDAY, young: bool = False
) -> float:
    """Share of the users back on day 7, of those whose day 7 is over.

    `zone` is whose days they are, `through` the last day taken for over, `young` counts everybody in the denominator.
    """
    users = _days(zone).values()
    asked = [own for own in users if own[0] + 7 * DAY <= through]
    back = [own for own in asked if own[0] + 7 * DAY in own]
    return len(back) / len(users if young else asked)


def in_utc() -> float:
    """The same with days of UTC."""
    return day_7(zone=UTC)


def with_today() -> float:
    """The same with today, ten hours old, taken for over."""
    return day_7(through=YESTERDAY + DAY)


def young_as_lost() -> float:
    """The same with users whose day 7 is not over counted as lost."""
    return day_7(young=True)


def by_the_hour() -> float:
    """The same with day 7 as hours 168 to 192 after the first event, of those who are 192 hours old at the report."""
    report = _at(16, REPORT_HOUR).astimezone(UTC)
    first: dict[str, datetime] = {}
    for user, at in LOG:
        first.setdefault(user, at.astimezone(UTC))
    asked = {user for user, at in first.items() if at + 8 * DAY <= report}
    back = {
        user
        for user, at in LOG
        if 7 * DAY <= at.astimezone(UTC) - first[user] < 8 * DAY
    }
    return len(back & asked) / len(asked)


def day_7_or_later() -> float:
    """The same with any return on day 7 or after it."""
    asked = [own for own in _days(NEW_YORK).values() if own[0] + 7 * DAY <= YESTERDAY]
    return sum(own[-1] >= own[0] + 7 * DAY for own in asked) / len(asked)


def rows_back() -> float:
    """The same with rows of day 7 in the numerator instead of users."""
    asked = [own for own in _days(NEW_YORK).values() if own[0] + 7 * DAY <= YESTERDAY]
    return sum(own.count(own[0] + 7 * DAY) for own in asked) / len(asked)


RATE = 0.40  # true day-7 retention, given on the page
REPORT_DAYS = 28  # length of the report, given


def reads(growth: float = 0.0) -> float:
    """What a 28-day report says of a day-7 retention of 40 %, if users younger than 7 days count as lost; sign-ups grow by `growth` a day."""
    new = [(1 + growth) ** day for day in range(REPORT_DAYS)]
    return RATE * sum(new[: REPORT_DAYS - 7]) / sum(new)


REGULARS, VISITORS = (
    1_000,
    300,
)  # users who come every day; users who come once, each day others. Given


def daily() -> int:
    """Daily actives: the regulars and one day's visitors."""
    return REGULARS + VISITORS


def monthly() -> int:
    """Distinct users of 30 days: the regulars once, and 30 days of visitors."""
    return REGULARS + 30 * VISITORS


def added() -> int:
    """Thirty daily actives added up."""
    return 30 * daily()


def median_answered() -> float:
    """Median of the calls that answered, of the example on the page: seconds."""
    answered = sorted(second for second in CALLS if second is not None)
    return answered[len(answered) // 2]


def median_of_all() -> float:
    """Median of the same calls with a timeout slower than any answer: seconds."""
    ordered = sorted(float("inf") if second is None else second for second in CALLS)
    return ordered[len(ordered) // 2]


CALLS = (1.0, 2.0, 3.0, 14.0, 18.0, None, None)  # seconds; given in the prompt


def hours_left() -> float:
    """Hours of the report's day that are still to come, at 10:00."""
    return 24 - REPORT_HOUR


def cell_error() -> float:
    """Standard error of a share of one third among 50 users."""
    share, users = 1 / 3, 50
    return math.sqrt(share * (1 - share) / users)


def refund_wait() -> int:
    """Days after a month's end until its last buyer's last order can't be refunded any more: 29 and 30."""
    return 29 + 30
