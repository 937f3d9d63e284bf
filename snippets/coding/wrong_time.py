"""Wrong on purpose: versions that pass the tests most people write. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from snippets.coding.encoding import Labeled
from snippets.coding.labels import Chargeback, Paid
from snippets.coding.latest import Update
from snippets.coding.negatives import NEVER, Listing, Purchase, draw, stays
from snippets.coding.windows import Feature, Payment


# --8<-- [start:wall-clock]
def last_day_here(payments: Sequence[Payment]) -> list[Feature]:
    """(id, count, dollars) of the same card's payments in [paid_at − 24 h, paid_at)."""
    by_card: defaultdict[str, list[Payment]] = defaultdict(list)
    found: list[Feature] = []
    for payment in payments:
        if payment.card is None:
            found.append((payment.payment_id, None, None))
        else:
            by_card[payment.card].append(payment)
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
    """For each of a card's times, in UTC and sorted, how many came in [t − 24 h, t)."""
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
    lines = [
        (u.loaded_at.astimezone(UTC), u.line, u.payment, u.status) for u in updates
    ]
    for loaded_at, _, payment, status in sorted(lines, key=lambda line: line[:2]):
        if payment is not None and loaded_at <= as_of.astimezone(UTC):
            state[payment] = status
    return sorted((p, status) for p, status in state.items() if status is not None)


# --8<-- [end:last-write]


# --8<-- [start:label-when-known]
def label_when_known(
    payments: Sequence[Paid],
    chargebacks: Sequence[Chargeback],
    as_of: datetime,
    days: int,
) -> list[tuple[int, int | None]]:
    """(id, label): 1 if charged back within `days`, 0 if that old without, else None."""
    now, window = as_of.astimezone(UTC), timedelta(days=days)
    paid = {payment.payment_id: payment.paid_at.astimezone(UTC) for payment in payments}
    charged = set()
    for payment_id, filed_at in chargebacks:
        if filed_at is not None and payment_id in paid:
            start, filed = paid[payment_id], filed_at.astimezone(UTC)
            if start <= filed <= min(start + window, now):
                charged.add(payment_id)
    found: list[tuple[int, int | None]] = []
    for payment_id, start in sorted(paid.items()):
        old_enough = now - start >= window
        label = 1 if payment_id in charged else 0 if old_enough else None
        found.append((payment_id, label))
    return found


# --8<-- [end:label-when-known]


# --8<-- [start:for-sale]
def unsold(
    purchases: Sequence[Purchase],
    listings: Sequence[Listing],
    k: int,
) -> list[tuple[int, str]]:
    """(purchase, item): up to k other items that were for sale and not bought."""
    baskets: defaultdict[tuple[str, datetime], set[str]] = defaultdict(set)
    for _, buyer, item, bought_at in purchases:
        baskets[buyer, bought_at.astimezone(UTC)].add(item)
    ends = stays(listings)
    found: list[tuple[int, str]] = []
    for purchase_id, buyer, _, bought_at in purchases:
        now = bought_at.astimezone(UTC)
        for_sale = {
            item
            for (item, listed), sold in ends.items()
            if listed < now and sold == NEVER
        }
        left = for_sale - baskets[buyer, now]
        chosen = sorted(left, key=lambda item: draw(purchase_id, item))[:k]
        found += [(purchase_id, item) for item in chosen]
    return sorted(found)


# --8<-- [end:for-sale]


# --8<-- [start:past-rows]
def rates_of_past_rows(
    payments: Sequence[Labeled],
    prior: float,
    weight: float,
) -> list[tuple[int, float]]:
    """(id, rate): the merchant's fraud rate over its earlier payments, smoothed.

    Payments of one instant don't see each other; no merchant gives the prior.
    """
    seen: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    found: list[tuple[int, float]] = []

    def instant(payment: Labeled) -> datetime:
        return payment.paid_at.astimezone(UTC)

    for _, group in groupby(sorted(payments, key=instant), key=instant):
        tied = list(group)
        for payment in tied:
            labels, frauds = seen[payment.merchant]
            rate = (frauds + weight * prior) / (labels + weight)
            found.append((payment.payment_id, rate))
        for payment in tied:
            if payment.merchant is not None and payment.fraud is not None:
                seen[payment.merchant][0] += 1
                seen[payment.merchant][1] += payment.fraud
    return sorted(found)


# --8<-- [end:past-rows]
