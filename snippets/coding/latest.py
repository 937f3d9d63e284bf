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

    Newest by changed_at, then by the first load of this content, then by its line; no
    changed_at is older than any. Lines loaded after `as_of` don't exist yet. A newest
    status of None withdraws the payment; a line without payment is nobody's.
    O(n + c log c) time and O(c) memory for n lines with c different contents.
    """
    now = as_of.astimezone(UTC)
    first: dict[tuple[str, datetime, str | None], tuple[datetime, int]] = {}
    for line, payment, changed_at, loaded_at, status in updates:
        load = (loaded_at.astimezone(UTC), line)
        if payment is not None and load[0] <= now:
            changed = changed_at.astimezone(UTC) if changed_at else NEVER
            content = (payment, changed, status)
            first[content] = min(load, first.get(content, load))
    newest_last = sorted(first, key=lambda content: (content[1], first[content]))
    state = {payment: status for payment, _, status in newest_last}
    return sorted((p, status) for p, status in state.items() if status is not None)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def newest_frame(updates: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """The same for a frame with the same columns, times in UTC."""
    newest_last = (
        updates[updates["loaded_at"] <= as_of]
        .dropna(subset="payment")  # a missing payment would be one more payment
        .sort_values(["loaded_at", "line"])
        .drop_duplicates(["payment", "changed_at", "status"])  # its first load
        .sort_values(["changed_at", "loaded_at", "line"], na_position="first")
    )
    last = newest_last.drop_duplicates("payment", keep="last")
    # withdrawn ones go after the choice: before it, their older status would win
    return last.dropna(subset="status").sort_values("payment")[["payment", "status"]]


# --8<-- [end:pandas]
