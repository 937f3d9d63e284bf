"""The newest version of each record when updates come late. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd


class Update(NamedTuple):
    """A line of the change log: which payment, since when, when it reached us, its status (none: withdrawn)."""

    line: int
    payment: str | None
    changed_at: datetime | None
    loaded_at: datetime
    status: str | None


# --8<-- [start:plain]
NEVER = datetime.min.replace(tzinfo=UTC)


def newest(updates: Sequence[Update], as_of: datetime) -> list[tuple[str, str]]:
    """(payment, status) as it could be known at `as_of`, ordered by payment.

    Newest by changed_at, then by loaded_at, then by line; no changed_at is older than
    any. Lines loaded after `as_of` don't exist yet. A newest status of None withdraws
    the payment; a line without payment is nobody's. O(n) time and O(payments) memory.
    """
    best: dict[str, tuple[tuple[datetime, datetime, int], str | None]] = {}
    now = as_of.astimezone(UTC)
    for line, payment, changed_at, loaded_at, status in updates:
        loaded = loaded_at.astimezone(UTC)
        if payment is None or loaded > now:
            continue
        changed = changed_at.astimezone(UTC) if changed_at else NEVER
        version = (changed, loaded, line)
        if payment not in best or version > best[payment][0]:
            best[payment] = (version, status)
    return sorted((p, status) for p, (_, status) in best.items() if status is not None)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def newest_frame(updates: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """The same for a frame with the same columns, times in UTC."""
    newest_last = (
        updates[updates["loaded_at"] <= as_of]
        .dropna(subset="payment")  # a missing payment would be one more payment
        .sort_values(["changed_at", "loaded_at", "line"], na_position="first")
    )
    last = newest_last.drop_duplicates("payment", keep="last")
    # withdrawn ones go after the choice: before it, their older status would win
    return last.dropna(subset="status").sort_values("payment")[["payment", "status"]]


# --8<-- [end:pandas]
