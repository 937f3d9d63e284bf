"""An auction for sponsored places, as typed in the room. Serves docs/systems/ads.md.

Money is whole cents. A chance is that of a sale if the listing is looked at; a place lower on the page is looked at less by
everybody alike, so it changes neither the order nor the price of a sale.
"""

from __future__ import annotations

import math
from typing import NamedTuple
from zlib import crc32


# --8<-- [start:auction]
class Offer(NamedTuple):
    """What a seller is ready to pay, and how likely it comes to that."""

    listing: str
    bid: int  # cents for a sale, at most
    chance: float  # of a sale, if looked at


class Sold(NamedTuple):
    """A place, from the top."""

    listing: str
    price: int  # cents for a sale


def sell(offers: list[Offer], places: int, reserve: int, auction: str) -> list[Sold]:
    """Places from the top, by bid × chance; each pays what keeps it there.

    That is the next score over its own chance, rounded up, at least the reserve
    and at most the bid. Offers below the reserve or without a usable chance take
    no part; no offers, no places. Ties go by a hash of auction and listing, so a
    replay repeats them. O(n log n) for n offers.
    """
    valid = [x for x in offers if x.bid >= reserve and 0 < x.chance <= 1]

    def rank(x: Offer) -> tuple[float, int]:
        return (-x.bid * x.chance, crc32(f"{auction}:{x.listing}".encode()))

    order = sorted(valid, key=rank)
    result = []
    for i, won in enumerate(order[:places]):
        price = reserve
        if i + 1 < len(order):
            rival = order[i + 1]
            needed = math.ceil(rival.bid * rival.chance / won.chance)
            price = max(price, needed)
        result.append(Sold(won.listing, min(price, won.bid)))
    return result


# --8<-- [end:auction]


def demo_auction() -> None:
    """Three sellers, two places: who offers most a sale comes last; then one chance is predicted a fifth too high."""
    offers = [Offer("bicycle", 150, 0.0040), Offer("camera", 300, 0.0010), Offer("jacket", 120, 0.0042)]
    print("right         ", *sell(offers, 2, 50, "q1"))
    offers[2] = offers[2]._replace(chance=0.0042 * 1.2)
    print("jacket + 20 % ", *sell(offers, 2, 50, "q1"))
