"""Negatives that were on sale at the moment of the purchase. Serves docs/chapters/coding/time.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import md5
from heapq import nsmallest
from typing import NamedTuple

import pandas as pd


class Purchase(NamedTuple):
    """A positive: at this moment a buyer chose this item."""

    purchase_id: int
    item: str
    bought_at: datetime


class Listing(NamedTuple):
    """An item and when it stood in the shop; none: it still does."""

    item: str | None
    listed_at: datetime
    sold_at: datetime | None


# --8<-- [start:plain]
def draw(purchase_id: int, item: str) -> str:
    """A draw in hex that belongs to this pair: the same in any language."""
    return md5(f"{purchase_id}|{item}".encode(), usedforsecurity=False).hexdigest()


def negatives(
    purchases: Sequence[Purchase],
    listings: Sequence[Listing],
    k: int,
) -> list[tuple[int, str]]:
    """(purchase, item): up to k other items that stood in the shop at each purchase.

    Listed before it and not sold before it; an item sold at that very instant was still
    there. Later events change nothing: what the buyer buys tomorrow may be a negative
    today. Fewer than k if there are no more. Ordered by both. O(n · m log k) time.
    """
    stays = {  # a listing may be delivered twice
        (item, listed.astimezone(UTC), sold.astimezone(UTC) if sold else None)
        for item, listed, sold in listings
        if item is not None
    }
    found: list[tuple[int, str]] = []
    for purchase_id, bought, bought_at in purchases:
        now = bought_at.astimezone(UTC)
        shown = {
            item
            for item, listed, sold in stays
            if listed < now and (sold is None or sold >= now) and item != bought
        }
        chosen = nsmallest(k, shown, key=lambda item: draw(purchase_id, item))
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
    pairs = purchases.merge(
        listings.dropna(subset="item"), how="cross", suffixes=("_bought", "")
    )
    there = (pairs["listed_at"] < pairs["bought_at"]) & ~(
        pairs["sold_at"] < pairs["bought_at"]  # false where there is no sold_at
    )
    shown = pairs[there & (pairs["item"] != pairs["item_bought"])]
    shown = shown.drop_duplicates(["purchase_id", "item"])
    drawn = [draw(*pair) for pair in zip(shown["purchase_id"], shown["item"])]
    in_order = shown.assign(drawn=drawn).sort_values("drawn")
    chosen = in_order.groupby("purchase_id").head(k)
    return chosen.sort_values(["purchase_id", "item"])[["purchase_id", "item"]]


# --8<-- [end:pandas]
