"""Wrong on purpose: versions that pass the tests most people write. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from snippets.coding.encoding import Labeled
from snippets.coding.labels import Chargeback, Paid
from snippets.coding.latest import Update
from snippets.coding.negatives import Listing, Purchase, draw
from snippets.coding.windows import Feature, Payment


# --8<-- [start:wall-clock]
def last_day_here(payments: Sequence[Payment]) -> list[Feature]:
    """(id, count, dollars) of the same card's payments in [paid_at − 24 h, paid_at)."""
    by_card: defaultdict[str | None, list[Payment]] = defaultdict(list)
    for payment in payments:
        by_card[payment.card].append(payment)
    found: list[Feature] = []
    for own in by_card.values():
        own.sort(key=lambda payment: payment.paid_at)
        times = [payment.paid_at for payment in own]
        for payment in own:
            start = bisect_left(times, payment.paid_at - timedelta(hours=24))
            stop = bisect_left(times, payment.paid_at)
            dollars = sum(past.amount or 0.0 for past in own[start:stop])
            found.append((payment.payment_id, stop - start, dollars))
    return sorted(found)


# --8<-- [end:wall-clock]


# --8<-- [start:by-row]
def counts_so_far(times: Sequence[datetime]) -> list[int]:
    """For each of a card's times, sorted, how many came in the 24 hours before it."""
    window: deque[datetime] = deque()
    counts = []
    for now in times:
        while window and window[0] < now - timedelta(hours=24):
            window.popleft()
        counts.append(len(window))
        window.append(now)
    return counts


# --8<-- [end:by-row]


# --8<-- [start:last-write]
def last_write_wins(
    updates: Sequence[Update], as_of: datetime
) -> list[tuple[str, str]]:
    """(payment, status): the newest known at `as_of`, withdrawn ones left out."""
    state: dict[str, str | None] = {}
    for update in sorted(updates, key=lambda update: update.loaded_at):
        if update.payment is not None and update.loaded_at <= as_of:
            state[update.payment] = update.status
    return sorted((p, status) for p, status in state.items() if status is not None)


# --8<-- [end:last-write]


# --8<-- [start:label-when-known]
def label_when_known(
    payments: Sequence[Paid],
    chargebacks: Sequence[Chargeback],
    as_of: datetime,
    days: int,
) -> list[tuple[int, int | None]]:
    """(id, label): 1 if charged back by `as_of`, 0 if old enough without, else None."""
    charged = {c.payment_id for c in chargebacks if c.filed_at and c.filed_at <= as_of}
    return [
        (
            payment.payment_id,
            1
            if payment.payment_id in charged
            else 0
            if as_of - payment.paid_at >= timedelta(days=days)
            else None,
        )
        for payment in payments
    ]


# --8<-- [end:label-when-known]


# --8<-- [start:for-sale]
def unsold(
    purchases: Sequence[Purchase],
    listings: Sequence[Listing],
    k: int,
) -> list[tuple[int, str]]:
    """(purchase, item): up to k other items that were for sale and not bought."""
    found = []
    for purchase in purchases:
        shown = {
            listing.item
            for listing in listings
            if listing.item and listing.listed_at < purchase.bought_at
        }
        ever_sold = {listing.item for listing in listings if listing.sold_at}
        chosen = sorted(
            shown - ever_sold - {purchase.item},
            key=lambda item: draw(purchase.purchase_id, item),
        )
        found += [(purchase.purchase_id, item) for item in chosen[:k]]
    return sorted(found)


# --8<-- [end:for-sale]


# --8<-- [start:past-rows]
def rates_of_past_rows(
    payments: Sequence[Labeled],
    prior: float,
    weight: float,
) -> list[tuple[int, float]]:
    """(id, rate): the merchant's fraud rate over its earlier payments, smoothed."""
    seen: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    found = []
    for payment in sorted(payments, key=lambda payment: payment.paid_at):
        labels, frauds = seen[payment.merchant]
        rate = (frauds + weight * prior) / (labels + weight)
        found.append((payment.payment_id, rate))
        if payment.fraud is not None:
            seen[payment.merchant][0] += 1
            seen[payment.merchant][1] += payment.fraud
    return sorted(found)


# --8<-- [end:past-rows]
