"""Negatives of their time: three languages, and the version that looks at the shop of today."""

from datetime import UTC, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.negatives import (
    Listing,
    Purchase,
    draw,
    negatives,
    negatives_frame,
)
from snippets.coding.wrong_time import unsold

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
listed = hostile(Listing, again=True)


A_DAY, B_DAY = Listing("a", NOON - DAY, None), Listing("b", NOON - DAY, None)


@quick
@example(
    [Purchase(0, "u", "a", NOON)],
    [Listing("b", NOON - DAY, NOON), Listing("c", NOON, None)],
    3,
)
@example(  # on sale; delivered again when sold
    [Purchase(0, "u", "a", NOON)], [B_DAY, B_DAY._replace(sold_at=NOON - DAY / 2)], 3
)
@example(  # one basket, and another buyer of the same instant
    [Purchase(n, buyer, item, NOON) for n, buyer, item in zip(range(3), "uuv", "abc")],
    [A_DAY, B_DAY, Listing("c", NOON - DAY, NOON)],
    3,
)
@given(hostile(Purchase, number="purchase_id"), listed, st.integers(0, 3))
def test_three_languages_one_answer(purchases, listings, k):
    same(
        plain=negatives(purchases, listings, k),
        pandas=negatives_frame(frame(purchases, Purchase), frame(listings, Listing), k),
        sql=run(
            "coding/sql/negatives.sql:negatives",
            {"k": k},
            purchases=purchases,
            listings=listings,
        ),
    )


# --8<-- [start:for-sale]
def test_what_sold_since_was_on_sale_then():
    bought = [Purchase(1, "u", "a", NOON)]
    a = Listing("a", NOON - 2 * DAY, NOON)
    b = Listing("b", NOON - DAY, None)
    later = Listing("c", NOON + DAY, None)
    gone = Listing("e", NOON - 2 * DAY, NOON - DAY)
    for usual in ([a], [a, b], [a, b, later], [a, b, b], [a, b, gone]):
        assert unsold(bought, usual, 2) == negatives(bought, usual, 2)
    tomorrow = Listing("d", NOON - DAY, NOON + DAY)  # sold a day later
    assert negatives(bought, [a, b, tomorrow], 2) == [(1, "b"), (1, "d")]
    assert unsold(bought, [a, b, tomorrow], 2) == [(1, "b")]


# --8<-- [end:for-sale]


# --8<-- [start:delivered-again]
def test_a_listing_delivered_on_sale_and_again_when_sold_is_sold():
    bought = [Purchase(1, "u", "a", NOON)]
    on_sale = Listing("b", NOON - 5 * DAY, None)
    sold = on_sale._replace(sold_at=NOON - 3 * DAY)
    for listings in ([on_sale, sold], [sold, on_sale], [sold]):
        assert negatives(bought, listings, 2) == []
    listed_again = Listing("b", NOON - 2 * DAY, None)  # another stay of the same thing
    assert negatives(bought, [on_sale, sold, listed_again], 2) == [(1, "b")]


# --8<-- [end:delivered-again]


def test_what_the_buyer_took_at_that_instant_is_no_negative():
    a, b, c = (Listing(item, NOON - DAY, NOON) for item in "abc")
    basket = [Purchase(1, "u", "a", NOON), Purchase(2, "u", "b", NOON)]
    assert negatives(basket, [a, b, c], 3) == [(1, "c"), (2, "c")]
    other = Purchase(3, "v", "c", NOON)
    assert negatives([*basket, other], [a, b, c], 3) == [
        (1, "c"),
        (2, "c"),
        (3, "a"),
        (3, "b"),
    ]
    next_week = Purchase(4, "u", "c", NOON + 7 * DAY)
    assert negatives([*basket, next_week], [a, b, c], 3) == [(1, "c"), (2, "c")]


@quick
@given(hostile(Purchase, number="purchase_id"), listed)
def test_the_future_changes_nothing(purchases, listings):
    for now in purchases:
        at = now.bought_at.astimezone(UTC)
        then = [
            row._replace(
                sold_at=row.sold_at
                if row.sold_at and row.sold_at.astimezone(UTC) < at
                else None
            )
            for row in listings
            if row.listed_at.astimezone(UTC) < at
        ]
        so_far = [p for p in purchases if p.bought_at.astimezone(UTC) <= at]
        told = [row for row in negatives(purchases, listings, 2) if row[0] == now[0]]
        assert [row for row in negatives(so_far, then, 2) if row[0] == now[0]] == told


@quick
@given(hostile(Purchase, number="purchase_id"), listed)
def test_unsold_is_right_where_nothing_sold_since(purchases, listings):
    """What the page says of the usual tests."""
    for now in purchases:
        at = now.bought_at.astimezone(UTC)
        usual = [
            row
            for row in listings
            if not row.sold_at or row.sold_at.astimezone(UTC) < at
        ]
        assert unsold([now], usual, 3) == negatives([now], usual, 3)


def test_draws_are_fair():
    """Over many purchases each of five items on sale is drawn equally often, within noise."""
    stock = [Listing(item, NOON - DAY, None) for item in "bcdef"]
    drawn = [
        item
        for _, item in negatives(
            [Purchase(n, "u", "a", NOON) for n in range(2000)], stock, 1
        )
    ]
    assert all(abs(drawn.count(item) - 400) < 4 * 18 for item in "bcdef")
    assert draw(1, "a") != draw(2, "a")
