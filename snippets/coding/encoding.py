"""A merchant's fraud rate from the labels that were known. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd


class Labeled(NamedTuple):
    """A payment, its label, and when the label became known (none: not yet)."""

    payment_id: int
    merchant: str | None
    paid_at: datetime
    known_at: datetime | None
    fraud: bool | None


# --8<-- [start:plain]
def fraud_rates(
    payments: Sequence[Labeled],
    prior: float,
    weight: float,
) -> list[tuple[int, float]]:
    """(id, rate): the merchant's fraud rate over labels known strictly before.

    (frauds + weight · prior) / (labels + weight): `weight` labels' worth of a prior
    that is given from outside, because a mean over these rows would hold the row.
    Without known labels, or without a merchant, the prior; an empty name is a name.
    Ordered by id. Two sorted streams, swept once: O(n log n) time, O(n) memory.
    """
    arrivals = sorted(
        (p.known_at.astimezone(UTC), p.merchant, p.fraud)
        for p in payments
        if p.merchant is not None and p.known_at is not None and p.fraud is not None
    )
    seen: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    found: list[tuple[int, float]] = []
    arrived = 0
    for payment in sorted(
        payments, key=lambda payment: payment.paid_at.astimezone(UTC)
    ):
        now = payment.paid_at.astimezone(UTC)
        while arrived < len(arrivals) and arrivals[arrived][0] < now:
            _, merchant, fraud = arrivals[arrived]
            seen[merchant][0] += 1
            seen[merchant][1] += fraud
            arrived += 1
        labels, frauds = (0, 0) if payment.merchant is None else seen[payment.merchant]
        rate = (frauds + weight * prior) / (labels + weight)
        found.append((payment.payment_id, rate))
    return sorted(found)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def fraud_rates_frame(
    payments: pd.DataFrame,
    prior: float,
    weight: float,
) -> pd.DataFrame:
    """The same for a frame with the same columns, times in UTC."""
    known = payments.dropna(subset=["merchant", "known_at", "fraud"])
    known = known.sort_values("known_at").astype({"fraud": float})
    by = known.groupby("merchant")["fraud"]
    known = known.assign(n=by.cumcount() + 1, frauds=by.cumsum())
    rows = pd.merge_asof(
        payments[["payment_id", "merchant", "paid_at"]].sort_values("paid_at"),
        known[["merchant", "known_at", "n", "frauds"]],
        left_on="paid_at",
        right_on="known_at",
        by="merchant",
        allow_exact_matches=False,
    ).fillna({"n": 0, "frauds": 0})
    rate = (rows["frauds"] + weight * prior) / (rows["n"] + weight)
    return rows.assign(rate=rate).sort_values("payment_id")[["payment_id", "rate"]]


# --8<-- [end:pandas]
