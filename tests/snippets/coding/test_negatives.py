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


@quick
@example(
    [Purchase(0, "a", NOON)],
    [Listing("b", NOON - DAY, NOON), Listing("c", NOON, None)],
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
    bought = [Purchase(1, "a", NOON)]
    a = Listing("a", NOON - 2 * DAY, NOON)
    b = Listing("b", NOON - DAY, None)
    later = Listing("c", NOON + DAY, None)
    for usual in ([a], [a, b], [a, b, later], [a, b, b]):
        assert unsold(bought, usual, 2) == negatives(bought, usual, 2)
    tomorrow = Listing("d", NOON - DAY, NOON + DAY)  # sold a day later
    assert negatives(bought, [a, b, tomorrow], 2) == [(1, "b"), (1, "d")]
    assert unsold(bought, [a, b, tomorrow], 2) == [(1, "b")]


# --8<-- [end:for-sale]


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
        assert negatives([now], then, 2) == negatives([now], listings, 2)


def test_draws_are_fair():
    """Over many purchases each of five items on sale is drawn equally often, within noise."""
    stock = [Listing(item, NOON - DAY, None) for item in "bcdef"]
    drawn = [
        item
        for _, item in negatives(
            [Purchase(n, "a", NOON) for n in range(2000)], stock, 1
        )
    ]
    assert all(abs(drawn.count(item) - 400) < 4 * 18 for item in "bcdef")
    assert draw(1, "a") != draw(2, "a")
