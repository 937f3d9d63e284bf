"""Negatives that were on sale at the moment of the purchase. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import md5
from heapq import nsmallest
from typing import NamedTuple

import pandas as pd


class Purchase(NamedTuple):
    """A positive: at this moment this buyer chose this item."""

    purchase_id: int
    buyer: str
    item: str
    bought_at: datetime


class Listing(NamedTuple):
    """An item and when it stood in the shop; none: it still does."""

    item: str | None
    listed_at: datetime
    sold_at: datetime | None


# --8<-- [start:plain]
NEVER = datetime.max.replace(tzinfo=UTC)


def draw(purchase_id: int, item: str) -> str:
    """A draw in hex that belongs to this pair: the same in any language."""
    return md5(f"{purchase_id}|{item}".encode(), usedforsecurity=False).hexdigest()


def stays(listings: Sequence[Listing]) -> dict[tuple[str, datetime], datetime]:
    """(item, listed) → sold: a stay delivered on sale and again when sold is sold."""
    ends: dict[tuple[str, datetime], datetime] = {}
    for item, listed_at, sold_at in listings:
        if item is not None:
            stay = (item, listed_at.astimezone(UTC))
            sold = sold_at.astimezone(UTC) if sold_at else NEVER
            ends[stay] = min(sold, ends.get(stay, NEVER))
    return ends


def negatives(
    purchases: Sequence[Purchase],
    listings: Sequence[Listing],
    k: int,
) -> list[tuple[int, str]]:
    """(purchase, item): up to k items that stood in the shop and this buyer left there.

    Listed before the purchase and not sold before it; an item sold at that very instant
    was there, unless this buyer took it. Later events change nothing: what the buyer
    buys tomorrow may be a negative today. Fewer than k if there are no more. Ordered
    by both. O(n · m log k) time, and n · k log(n · k) for the order; O(n · k + m) memory.
    """
    baskets: defaultdict[tuple[str, datetime], set[str]] = defaultdict(set)
    for _, buyer, item, bought_at in purchases:
        baskets[buyer, bought_at.astimezone(UTC)].add(item)
    ends = stays(listings)
    found: list[tuple[int, str]] = []
    for purchase_id, buyer, _, bought_at in purchases:
        now = bought_at.astimezone(UTC)
        shown = {item for (item, listed), sold in ends.items() if listed < now <= sold}
        left = shown - baskets[buyer, now]
        chosen = nsmallest(k, left, key=lambda item: draw(purchase_id, item))
        found += [(purchase_id, item) for item in chosen]
    return sorted(found)


# --8<-- [end:plain]


# --8<-- [start:pandas]
def negatives_frame(
    purchases: pd.DataFrame,
    listings: pd.DataFrame,
    k: int,
) -> pd.DataFrame:
    """The same for frames with the same columns, times in UTC."""
    ends = listings.dropna(subset="item").groupby(["item", "listed_at"])["sold_at"]
    stays = ends.min().reset_index()  # min skips a missing sold_at
    pairs = purchases.drop(columns="item").merge(stays, how="cross")
    there = (pairs["listed_at"] < pairs["bought_at"]) & ~(
        pairs["sold_at"] < pairs["bought_at"]  # false where there is no sold_at
    )
    basket = ["buyer", "bought_at", "item"]
    taken = purchases[basket].drop_duplicates()
    shown = pairs[there].merge(taken, how="left", on=basket, indicator="in_basket")
    shown = shown[shown["in_basket"] == "left_only"]
    shown = shown.drop_duplicates(["purchase_id", "item"])
    drawn = [draw(*pair) for pair in zip(shown["purchase_id"], shown["item"])]
    in_order = shown.assign(drawn=drawn).sort_values("drawn")
    chosen = in_order.groupby("purchase_id").head(k)
    return chosen.sort_values(["purchase_id", "item"])[["purchase_id", "item"]]


# --8<-- [end:pandas]
