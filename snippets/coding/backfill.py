"""A feature's history, as each night would have computed it. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd


class Logged(NamedTuple):
    """A payment and when its row reached the log."""

    payment_id: int
    card: str | None
    paid_at: datetime
    known_at: datetime


# --8<-- [start:plain]
SHOP = ZoneInfo("America/New_York")


def midnight(day: date) -> datetime:
    """The instant at which this day begins in the shop."""
    return datetime.combine(day, time(), SHOP).astimezone(UTC)


def backfill(
    log: Sequence[Logged],
    first: date,
    last: date,
) -> list[tuple[str, date, int]]:
    """(card, day, n): payments in the 7 days before, as the job of that midnight saw.

    Days are the shop's; a row counts if paid in [midnight − 7 days, midnight) and in
    the log before midnight. A payment logged twice counts once. Every card of the log
    has every day, zeros too; last before first gives none. Ordered by card and day.
    O(days · rows) time, then the order of cards · days rows.
    """
    rows = [
        (p.payment_id, p.card, p.paid_at.astimezone(UTC), p.known_at.astimezone(UTC))
        for p in log
        if p.card is not None
    ]
    cards = sorted({card for _, card, _, _ in rows})
    found: list[tuple[str, date, int]] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        start, stop = midnight(day - timedelta(days=7)), midnight(day)
        seen = {
            (card, payment_id)
            for payment_id, card, paid_at, known_at in rows
            if start <= paid_at < stop and known_at < stop
        }
        counts = Counter(card for card, _ in seen)
        found += [(card, day, counts[card]) for card in cards]
    return sorted(found)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def backfill_frame(log: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The same for a frame with payment_id, card, paid_at and known_at (UTC)."""
    stop = pd.date_range(first, last, freq="D", tz=SHOP)
    start = stop - pd.DateOffset(days=7)  # calendar days: 167, 168 or 169 hours
    days = pd.DataFrame({"day": stop.date, "start": start, "stop": stop})
    spine = log[["card"]].dropna().drop_duplicates().merge(days, how="cross")
    pairs = spine.merge(log, on="card")
    inside = (pairs["paid_at"] >= pairs["start"]) & (pairs["paid_at"] < pairs["stop"])
    seen = pairs[inside & (pairs["known_at"] < pairs["stop"])]
    counts = seen.groupby(["card", "day"])["payment_id"].nunique().reset_index(name="n")
    found = spine[["card", "day"]].merge(counts, how="left", on=["card", "day"])
    return found.fillna({"n": 0}).sort_values(["card", "day"])


# --8<-- [end:pandas]
