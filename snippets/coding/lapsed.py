"""Customers to win back: the function whose tests are judged by its mutants. Serves docs/chapters/coding/testing.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta


# --8<-- [start:lapsed]
def lapsed(
    orders: Iterable[tuple[str, date]], today: date, quiet: int = 30, least: int = 2
) -> list[str]:
    """Customers of at least `least` orders whose last is at least `quiet` days old.

    Longest away first, ties by name. Orders dated after `today` are not known yet.
    No orders give no customers. O(n + c log c) time for n orders of c customers.
    """
    count: Counter[str] = Counter()
    last: dict[str, date] = {}
    for customer, day in orders:
        if day <= today:
            count[customer] += 1
            last[customer] = max(last.get(customer, day), day)
    limit = today - timedelta(days=quiet)
    away = [who for who in last if count[who] >= least and last[who] <= limit]
    return sorted(away, key=lambda who: (last[who], who))


# --8<-- [end:lapsed]
