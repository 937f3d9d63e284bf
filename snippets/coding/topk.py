"""The best-selling items of each category and week, ties kept. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd


class Sale(NamedTuple):
    """A sale: its id, the item's category or none, the item, an aware time."""

    sale_id: int
    category: str | None
    item: str
    sold_at: datetime


Best = tuple[date, str | None, str, int, int]

# --8<-- [start:plain]
ZONE = ZoneInfo("America/New_York")


def top_items(sales: Sequence[Sale], k: int = 3) -> list[Best]:
    """(week, category, item, sales, rank): ranks 1 to k, everybody tied at k too.

    Equal sales share a rank and the next rank is skipped (1, 2, 2, 4). Weeks begin on
    Monday in New York. A sale delivered again counts once; no category is a category.
    Ordered by week, category (missing last), rank, item. O(n log n).
    """
    counts: Counter[tuple[date, str | None, str]] = Counter()
    for sale in {sale.sale_id: sale for sale in sales}.values():
        day = sale.sold_at.astimezone(ZONE).date()
        week = day - timedelta(days=day.weekday())
        counts[week, sale.category, sale.item] += 1
    groups: defaultdict[tuple[date, str | None], list[tuple[int, str]]]
    groups = defaultdict(list)
    for (week, category, item), n in counts.items():
        groups[week, category].append((-n, item))
    found: list[Best] = []
    for week, category in sorted(groups, key=lambda g: (g[0], g[1] is None, g[1])):
        own = sorted(groups[week, category])
        for minus, item in own:
            rank = 1 + bisect_left(own, (minus, ""))  # 1 + items that sold more
            if rank <= k:
                found.append((week, category, item, -minus, rank))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def top_items_frame(sales: pd.DataFrame, k: int = 3) -> pd.DataFrame:
    """The same for a frame with sale_id, category, item and sold_at (UTC)."""
    once = sales.drop_duplicates()
    local = once["sold_at"].dt.tz_convert(ZONE).dt.tz_localize(None)
    once = once.assign(week=local.dt.to_period("W-SUN").dt.start_time.dt.date)
    keys = ["week", "category"]
    counts = once.groupby([*keys, "item"], dropna=False).size().reset_index(name="n")
    by_sales = counts.groupby(keys, dropna=False)["n"]
    counts["rank"] = by_sales.rank(method="min", ascending=False)
    return counts[counts["rank"] <= k].sort_values([*keys, "rank", "item"])


# --8<-- [end:pandas]
