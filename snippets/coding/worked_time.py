"""The worked numbers of the page on time: one payment counted in six ways, a clock change, two wrong labels. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from snippets.cases import marketplace, payments
from snippets.data_audit import worked_labels

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY = datetime(2026, 11, 1, tzinfo=NEW_YORK)  # clocks go back at 2:00


class Line(NamedTuple):
    """A line of the log, given on the page."""

    payment: str
    paid_at: datetime
    logged_at: datetime


def _at(day: int, hour: int, minute: int) -> datetime:
    """A time of that night: day 0 is Saturday, 31 October 2026."""
    month, of_month = (10, 31) if day == 0 else (11, day)
    return datetime(2026, month, of_month, hour, minute, tzinfo=NEW_YORK)


ASKED = Line("G", _at(1, 23, 30), _at(1, 23, 30))
LOG = (
    Line(
        "A", _at(0, 23, 45), _at(0, 23, 45)
    ),  # 24 h 45 min before G; 23 h 45 min on the wall
    Line("B", _at(1, 9, 10), _at(1, 9, 10)),
    Line("C", _at(1, 9, 10), _at(1, 9, 10)),  # another payment of the same instant
    Line("B", _at(1, 9, 10), _at(1, 10, 0)),  # delivered twice
    Line("D", _at(1, 14, 0), _at(2, 2, 0)),  # a terminal that was offline
    Line("E", _at(1, 23, 30), _at(1, 23, 30)),  # G's twin
    ASKED,
    Line("H", _at(2, 8, 0), _at(2, 8, 0)),  # tomorrow
)


def counted(
    *,
    present: bool = False,
    late: bool = False,
    copies: bool = False,
    wall: bool = False,
    future: bool = False,
) -> int:
    """Payments of the card in the 24 hours before G; each argument is one decision taken wrongly.

    `present` closes the new end, `late` ignores when a line was logged, `copies` counts lines instead of payments, `wall`
    subtracts on the wall clock, `future` leaves the new end open.
    """
    start = (
        ASKED.paid_at - timedelta(hours=24)
        if wall
        else ASKED.paid_at.astimezone(UTC) - timedelta(hours=24)
    )
    now = ASKED.paid_at
    found = [
        line.payment
        for line in LOG
        if line.paid_at >= start
        and (line.paid_at < now or (line.paid_at == now and present) or future)
        and (line.logged_at <= now or late)
    ]
    return len(found) if copies else len(set(found))


def all_wrong() -> int:
    """The same count with every decision taken wrongly."""
    return counted(present=True, late=True, copies=True, wall=True, future=True)


def counted_by_time() -> int:
    """The same count after dropping doubles by card and time, which takes two payments of one instant for one."""
    start, now = ASKED.paid_at.astimezone(UTC) - timedelta(hours=24), ASKED.paid_at
    return len(
        {
            line.paid_at
            for line in LOG
            if start <= line.paid_at < now and line.logged_at <= now
        }
    )


def same_date() -> int:
    """Payments of the card on G's date in UTC, before G and logged by then: the window that a date column gives."""
    now = ASKED.paid_at.astimezone(UTC)
    return len(
        {
            ln.payment
            for ln in LOG
            if ln.paid_at.astimezone(UTC).date() == now.date() and ln.paid_at < now
        }
    )


def apart(wall: bool = False) -> float:
    """Hours between A and G: as they passed, or as Python subtracts two times of the same zone."""
    if wall:
        return (ASKED.paid_at - LOG[0].paid_at) / timedelta(hours=1)
    return (ASKED.paid_at.astimezone(UTC) - LOG[0].paid_at.astimezone(UTC)) / timedelta(
        hours=1
    )


def longest_day() -> float:
    """Hours of the Sunday on which the clocks go back."""
    monday = datetime(2026, 11, 2, tzinfo=NEW_YORK)
    return (monday.astimezone(UTC) - SUNDAY.astimezone(UTC)) / timedelta(hours=1)


def early_positives() -> float:
    """Times the true fraud rate, if a half-year table keeps the young rows whose chargeback is in and drops the other young ones."""
    old, young = 180 - payments.label_maturity_days, payments.label_maturity_days
    known = young * (1 - worked_labels.missing_labels(0, young))
    share = payments.fraud_rate
    positives = share * (old + known)
    rows = old + share * known
    return positives / rows / share


def young_as_good() -> float:
    """Times the true fraud rate, if every row of a half-year table without a chargeback counts as good."""
    return 1 - worked_labels.missing_labels(0, 180)


def early_share() -> float:
    """Share of the frauds in that first table that are young rows."""
    known = payments.label_maturity_days * (
        1 - worked_labels.missing_labels(0, payments.label_maturity_days)
    )
    return known / (known + 180 - payments.label_maturity_days)


def never_sold() -> float:
    """Share of listings that never sell: the only ones a sampler of unsold items can draw once all have left the shop."""
    return 1 - marketplace.sold_share


def encoded(
    frauds: int, labels: int, weight: float = 20.0, prior: float = payments.fraud_rate
) -> float:
    """A merchant's smoothed fraud rate after so many labels, so many of them frauds; last year's rate counts as much as 20 labels."""
    return (frauds + weight * prior) / (labels + weight)


def encoded_too_early(earlier: int, attack: int, share: float = 0.4) -> float:
    """What "past rows" says after an attack at a merchant: that many earlier good labels, that many payments of the attack, four in ten of them fraud."""
    return encoded(round(share * attack), earlier + attack)
