"""The auction typed in the room: against exact fractions, by properties, and at its edges."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.systems.second_price import Offer, Sold, demo_auction, sell

CHANCES = st.sampled_from([0.001, 0.002, 0.003, 0.011, 0.0041, 0.1, 1.0])
OFFERS = st.lists(st.builds(Offer, st.uuids().map(str), st.integers(0, 400), CHANCES), max_size=7)


@settings(deadline=None, max_examples=150)
@given(OFFERS, st.integers(0, 4), st.integers(0, 120))
def test_prices_against_exact_fractions(offers: list[Offer], places: int, reserve: int) -> None:
    """Each winner's price is the least whole cent that still beats or ties the next score, or one cent more by rounding."""
    sold = sell(offers, places, reserve, "a")
    valid = [x for x in offers if x.bid >= reserve]
    scores = sorted((Fraction(x.bid) * Fraction(x.chance) for x in valid), reverse=True)
    assert len(sold) == min(places, len(valid))
    by_name = {x.listing: x for x in valid}
    for i, (name, price) in enumerate(sold):
        won = by_name[name]
        assert reserve <= price <= won.bid
        assert float(Fraction(won.bid) * Fraction(won.chance)) == pytest.approx(float(scores[i]))
        needed = math.ceil(scores[i + 1] / Fraction(won.chance)) if i + 1 < len(scores) else 0
        assert abs(price - min(max(reserve, needed), won.bid)) <= 1


# --8<-- [start:truthful]
@given(OFFERS, st.integers(0, 400))
def test_the_only_place_pays_no_less_for_a_lower_bid(offers: list[Offer], lower: int) -> None:
    for winner in sell(offers, 1, 50, "q"):
        own = next(x for x in offers if x.listing == winner.listing)
        others = [x for x in offers if x != own]
        shaded = own._replace(bid=min(own.bid, lower))
        for again in sell([*others, shaded], 1, 50, "q"):
            assert again.listing != own.listing or again.price >= winner.price


# --8<-- [end:truthful]


def test_with_two_places_a_lower_bid_can_pay() -> None:
    """Second-price is truthful for one place only: the second place here is nearly as good and far cheaper."""
    high = [Offer("a", 300, 0.01), Offer("b", 290, 0.01), Offer("c", 100, 0.01)]
    assert sell(high, 2, 50, "q") == [Sold("a", 290), Sold("b", 100)]
    low = [high[0]._replace(bid=280), *high[1:]]
    assert sell(low, 2, 50, "q") == [Sold("b", 280), Sold("a", 100)]
    assert (300 - 100) * 0.5 > (300 - 290) * 1.0, "at half the looks a's gain is ten times as large in the second place"


# --8<-- [start:edges]
def test_edges() -> None:
    alone = Offer("a", 200, 0.01)
    assert sell([alone], 2, 50, "q") == [Sold("a", 50)]  # the reserve, not the bid
    assert sell([alone], 2, 201, "q") == []
    assert sell([], 2, 50, "q") == sell([alone], 0, 50, "q") == []
    cheap = Offer("b", 49, 1.0)  # scores far above, and takes no part
    assert sell([cheap, alone], 2, 50, "q") == [Sold("a", 50)]
    odd = [Offer(str(x), 900, x) for x in (float("nan"), 0.0, 1.5)]
    assert sell([*odd, alone], 2, 50, "q") == [Sold("a", 50)]
    twins = [Offer("a", 3, 0.003), Offer("b", 3, 0.003)]  # 3 * 0.003 / 0.003 > 3
    assert sell(twins, 1, 0, "q")[0].price == 3


# --8<-- [end:edges]


def test_ties_are_shared_and_repeat() -> None:
    twins = [Offer("a", 200, 0.01), Offer("b", 200, 0.01)]
    firsts = [sell(twins, 1, 50, f"q{i}")[0].listing for i in range(400)]
    assert 140 < firsts.count("a") < 260
    assert firsts == [sell(twins[::-1], 1, 50, f"q{i}")[0].listing for i in range(400)]


def test_rounding_never_passes_the_bid() -> None:
    """Many bids times a chance over the same chance are a hair above the bid in floating point."""
    for bid in range(1, 400):
        twins = [Offer("a", bid, 0.003), Offer("b", bid, 0.003)]
        assert sell(twins, 1, 0, "q")[0].price == bid


def test_the_demo_moves_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    demo_auction()
    lines = capsys.readouterr().out.splitlines()
    assert "bicycle" in lines[0].split("Sold")[1]
    assert "jacket" in lines[1].split("Sold")[1]
