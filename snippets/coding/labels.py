"""A label that waits until it can be final. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pandas as pd


class Paid(NamedTuple):
    """A payment that was approved."""

    payment_id: int
    paid_at: datetime


class Chargeback(NamedTuple):
    """A line of the bank's file; none: the bank gave no time."""

    payment_id: int
    filed_at: datetime | None


# --8<-- [start:plain]
def labels(
    payments: Sequence[Paid],
    chargebacks: Sequence[Chargeback],
    as_of: datetime,
    days: int,
    delay: int = 0,
) -> list[tuple[int, int | None]]:
    """(id, label) by id: charged back within `days` × 24 h of the payment, as of then.

    None until the payment is `days` + `delay` old, whatever is known by then: a label
    counts when it could have been either. `delay` is how many days the file is behind.
    A chargeback counts at both ends of its window; outside, undated, or of an unknown
    payment it doesn't. O(m + n log n) time, for the order by id; O(n + m) memory.
    """
    filed: defaultdict[int, list[datetime]] = defaultdict(list)
    for payment_id, filed_at in chargebacks:
        if filed_at is not None:
            filed[payment_id].append(filed_at.astimezone(UTC))
    window, wait = timedelta(days=days), timedelta(days=days + delay)
    found: list[tuple[int, int | None]] = []
    for payment_id, paid_at in payments:
        start = paid_at.astimezone(UTC)
        if as_of.astimezone(UTC) - start < wait:
            found.append((payment_id, None))
        else:
            own = filed.get(payment_id, [])  # filed[…] would add a list for each
            within = any(start <= at <= start + window for at in own)
            found.append((payment_id, int(within)))
    return sorted(found, key=lambda row: row[0])


# --8<-- [end:plain]


# --8<-- [start:pandas]
def labels_frame(
    payments: pd.DataFrame,
    chargebacks: pd.DataFrame,
    as_of: datetime,
    days: int,
    delay: int = 0,
) -> pd.DataFrame:
    """The same for frames with these columns, times in UTC; no label is NA."""
    window, wait = pd.Timedelta(days=days), pd.Timedelta(days=days + delay)
    pairs = payments.merge(chargebacks, on="payment_id")  # a payment may have two
    within = pairs["filed_at"].between(pairs["paid_at"], pairs["paid_at"] + window)
    charged = payments["payment_id"].isin(pairs.loc[within, "payment_id"])
    young = as_of - payments["paid_at"] < wait
    labeled = payments.assign(label=charged.astype("Int64").mask(young))
    return labeled.sort_values("payment_id")[["payment_id", "label"]]


# --8<-- [end:pandas]
