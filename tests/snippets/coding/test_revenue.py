"""Cohort revenue in three languages, and that a published number stays."""

from datetime import UTC, date, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.revenue import (
    ZONE,
    Order,
    Refund,
    cohort_revenue,
    cohort_revenue_frame,
    complete,
)

brief = settings(quick, max_examples=30)

NOON = datetime(2026, 9, 30, 16, tzinfo=UTC)  # noon in New York
AGAIN = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SEPTEMBER = date(2026, 9, 1)
moments = st.builds(
    lambda days, hours: NOON + timedelta(days=days, hours=hours),
    st.sampled_from((0, 0, 1, 29, 30, 31, 59, 60)),
    st.sampled_from((0, 11, 12, 13)),
)
orders = hostile(Order, number="order_id", ordered_at=moments, again=True)
refunds = hostile(Refund, number="refund_id", refunded_at=moments, again=True)
ends = st.sampled_from((0, 57, 58, 59, 60, 61, 88, 89, 90, 91)).map(
    lambda n: date(2026, 9, 30) + n * DAY
)
first = [Order(0, "a", NOON, 40.0)]
later = [Order(0, "a", NOON + 5 * DAY, 40.0)]


@brief
@example(first, [Refund(0, 0, NOON + 30 * DAY, 1.5)], complete(SEPTEMBER))
@example(first, [Refund(0, 0, NOON + 31 * DAY, 1.5)], complete(SEPTEMBER))
@example(first, [], complete(SEPTEMBER) - DAY)
@example([*first, Order(1, "a", NOON + 29 * DAY, 1.5)], [], complete(SEPTEMBER))
@example([*first, Order(1, "a", NOON + 30 * DAY, 1.5)], [], complete(SEPTEMBER))
@example(
    [*first, Order(1, "a", NOON + 30 * DAY, 1.5)],
    [Refund(0, 1, NOON + 30 * DAY, 1.5)],
    complete(SEPTEMBER),
)
@example(first * 2, [Refund(0, 0, NOON, 1.5)] * 2, complete(SEPTEMBER))
@example(first, [Refund(0, 0, NOON, 1.5), Refund(1, 0, NOON, 1.5)], date(2027, 1, 1))
@example(
    later,
    [Refund(0, 0, AGAIN, 1.5), Refund(0, 0, AGAIN.astimezone(ZONE), 1.5)],
    date(2027, 1, 1),
)  # delivered twice, in two zones, of the hour that comes twice
@example([Order(0, None, NOON, 1.5)], [Refund(0, 0, NOON, 1.5)], date(2027, 1, 1))
@given(orders, refunds, ends)
def test_three_languages_one_answer(orders, refunds, through):
    same(
        plain=cohort_revenue(orders, refunds, through),
        pandas=cohort_revenue_frame(
            frame(orders, Order), frame(refunds, Refund), through
        ),
        sql=run(
            "coding/sql/revenue.sql:revenue",
            {"through": through},
            orders=orders,
            refunds=refunds,
        ),
    )


# --8<-- [start:stays]
@quick
@given(orders, refunds, ends, st.integers(0, 90))
def test_a_published_number_never_changes(orders, refunds, through, more):
    def day(at):
        return at.astimezone(ZONE).date()

    known = [o for o in orders if day(o.ordered_at) <= through]
    back = [r for r in refunds if day(r.refunded_at) <= through]
    later = {
        month: numbers
        for month, *numbers in cohort_revenue(orders, refunds, through + more * DAY)
    }
    for month, n, net in cohort_revenue(known, back, through):
        assert net is None or [n, net] == later[month]


# --8<-- [end:stays]


def test_by_hand():
    assert complete(SEPTEMBER) == date(2026, 11, 28)
    assert complete(date(2026, 12, 1)) == date(2027, 2, 28)
    rows = [*first, Order(1, "a", NOON + 40 * DAY, 40.0), Order(2, "b", NOON, 1.5)]
    back = [Refund(0, 0, NOON + 10 * DAY, 40.0), Refund(1, 9, NOON, 40.0)]
    assert cohort_revenue(rows, back, date(2026, 11, 28)) == [(SEPTEMBER, 2, 1.5)]
    assert cohort_revenue(rows, back, date(2026, 11, 27)) == [(SEPTEMBER, 2, None)]
    assert cohort_revenue([], [], SEPTEMBER) == []

    def net(orders, *days):
        refunds = [Refund(n, 0, NOON + day * DAY, 1.5) for n, day in enumerate(days)]
        return cohort_revenue(orders * 2, refunds * 2, complete(SEPTEMBER))[0][2]

    for days, dollars in ((29, 44.0), (30, 40.0)):
        assert net([*first, Order(1, "a", NOON + days * DAY, 4.0)]) == dollars
    assert net(first, 30) == net(first, 31, 30) == 38.5
    assert net(first, 30, 3, 31) == 37.0  # two in part, one too late
    assert net(first, -9) == 38.5  # a refund's clock that is slow
    spring = datetime(2027, 3, 2, 12, tzinfo=UTC)
    months = cohort_revenue(
        [*first, Order(1, "b", spring, 4.0)], [Refund(0, 0, NOON, 40.0)], spring.date()
    )
    assert months == [(SEPTEMBER, 1, 0.0), (date(2027, 3, 1), 1, None)]  # none between
