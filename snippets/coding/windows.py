"""A rolling window that ends before the present. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pandas as pd


class Payment(NamedTuple):
    """A row of the payment log: its id, a card or none, an aware time, dollars or none."""

    payment_id: int
    card: str | None
    paid_at: datetime
    amount: float | None


# --8<-- [start:plain]
Feature = tuple[int, int | None, float | None]


def last_day(payments: Sequence[Payment]) -> list[Feature]:
    """(id, count, dollars) of the same card's payments in [paid_at − 24 h, paid_at).

    Payments of the same instant don't see each other. A missing amount counts as a
    payment of no dollars; a missing card gives None twice: unknown, not zero. Any
    order of input, ordered by id; empty gives empty. O(n log n) and the rows inside
    the windows; O(n) memory.
    """
    by_card: defaultdict[str, list[Payment]] = defaultdict(list)
    found: list[Feature] = []
    for payment in payments:
        if payment.card is None:
            found.append((payment.payment_id, None, None))
        else:
            utc = payment.paid_at.astimezone(UTC)
            by_card[payment.card].append(payment._replace(paid_at=utc))
    for own in by_card.values():
        own.sort(key=lambda payment: payment.paid_at)
        times = [payment.paid_at for payment in own]
        for payment in own:
            start = bisect_left(times, payment.paid_at - timedelta(hours=24))
            stop = bisect_left(times, payment.paid_at)  # before the first tie
            dollars = sum(past.amount or 0.0 for past in own[start:stop])
            found.append((payment.payment_id, stop - start, dollars))
    return sorted(found)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def last_day_frame(payments: pd.DataFrame) -> pd.DataFrame:
    """The same for a frame with payment_id, card, paid_at (UTC) and amount."""
    known = payments.dropna(subset="card").sort_values(["card", "paid_at"])
    past = (
        known.assign(n=1)  # a missing amount is a payment: count ones, not amounts
        .groupby("card")
        .rolling("24h", on="paid_at", closed="left")[["n", "amount"]]
        .sum()
        .fillna(0)
    )
    # groups come back in the order we sorted in; the index has ties and can't align
    known = known.assign(n=past["n"].to_numpy(), dollars=past["amount"].to_numpy())
    ids = payments[["payment_id"]].sort_values("payment_id")
    return ids.merge(known[["payment_id", "n", "dollars"]], how="left", on="payment_id")


# --8<-- [end:pandas]
