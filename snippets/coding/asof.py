"""The newest fact strictly before a moment. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pandas as pd


class Decision(NamedTuple):
    """A payment to decide on."""

    payment_id: int
    card: str | None
    paid_at: datetime


class Limit(NamedTuple):
    """A change of a card's limit; none means that the limit was lifted."""

    version: int
    card: str | None
    set_at: datetime
    dollars: float | None


# --8<-- [start:plain]
Attached = tuple[int, datetime | None, float | None]


def limits_before(
    decisions: Sequence[Decision],
    limits: Sequence[Limit],
    days: int,
) -> list[Attached]:
    """(id, set_at, dollars) of the card's newest limit set before each payment.

    Strictly before, and at most `days` × 24 h old; otherwise None twice. A limit of
    None was lifted: a fact, so it keeps its set_at. Of changes at one instant the
    highest version counts. Ordered by id. O((n + m) log m + n log n) time for n
    payments and m limits, O(n + m) memory.
    """
    by_card: defaultdict[str, list[tuple[datetime, int, float | None]]]
    by_card = defaultdict(list)
    for limit in limits:
        if limit.card is not None:
            change = (limit.set_at.astimezone(UTC), limit.version, limit.dollars)
            by_card[limit.card].append(change)
    for changes in by_card.values():
        changes.sort(key=lambda change: change[:2])
    found: list[Attached] = []
    for payment_id, card, paid_at in decisions:
        now = paid_at.astimezone(UTC)
        changes = by_card.get(card, []) if card is not None else []
        before = bisect_left(changes, now, key=lambda change: change[0])
        set_at, _, dollars = changes[before - 1] if before else (None, 0, None)
        if set_at is not None and now - set_at <= timedelta(days=days):
            found.append((payment_id, set_at, dollars))
        else:
            found.append((payment_id, None, None))
    return sorted(found, key=lambda row: row[0])


# --8<-- [end:plain]


# --8<-- [start:pandas]
def limits_before_frame(
    decisions: pd.DataFrame,
    limits: pd.DataFrame,
    days: int,
) -> pd.DataFrame:
    """The same for frames with the same columns, times in UTC."""
    found = pd.merge_asof(
        decisions.sort_values("paid_at"),
        # pandas matches a missing key with a missing key
        limits.dropna(subset="card").sort_values(["set_at", "version"]),
        left_on="paid_at",
        right_on="set_at",
        by="card",
        allow_exact_matches=False,  # the default takes a change of the same instant
        tolerance=pd.Timedelta(days=days),
    )
    return found.sort_values("payment_id")[["payment_id", "set_at", "dollars"]]


# --8<-- [end:pandas]
