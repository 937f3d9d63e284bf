"""Net revenue of monthly cohorts, each buyer and each order watched for equally long. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd


class Order(NamedTuple):
    """An order: its id, a buyer or none, an aware time, dollars."""

    order_id: int
    buyer: str | None
    ordered_at: datetime
    amount: float


class Refund(NamedTuple):
    """Money back for an order, whole or in part; an order may have several."""

    refund_id: int
    order_id: int
    refunded_at: datetime
    amount: float


# --8<-- [start:plain]
ZONE = ZoneInfo("America/New_York")
MONTH = timedelta(days=30)


def cohort_revenue(
    orders: Sequence[Order], refunds: Sequence[Refund], through: date
) -> list[tuple[date, int, float | None]]:
    """(month, buyers, dollars): a month's new buyers and their first 30 days, net.

    Orders count on days 0–29 since the buyer's first, refunds up to 30 days after
    their order; None until both are over for the whole month. Days are New York's.
    Guests, rows delivered again and refunds of no order don't count. O(n + m) time,
    plus the order by month.
    """
    placed = {
        order.order_id: (
            order.buyer,
            order.ordered_at.astimezone(ZONE).date(),
            order.amount,
        )
        for order in orders
        if order.buyer is not None
    }
    first: dict[str, date] = {}
    for buyer, day, _ in placed.values():
        first[buyer] = min(day, first.get(buyer, day))
    net: defaultdict[date, float] = defaultdict(float)
    for buyer, day, amount in placed.values():
        if day < first[buyer] + MONTH:
            net[first[buyer].replace(day=1)] += amount
    for refund in {refund.refund_id: refund for refund in refunds}.values():
        if refund.order_id in placed:
            buyer, day, _ = placed[refund.order_id]
            back = refund.refunded_at.astimezone(ZONE).date()
            if day < first[buyer] + MONTH and back <= day + MONTH:
                net[first[buyer].replace(day=1)] -= refund.amount
    buyers = Counter(day.replace(day=1) for day in first.values())
    return [
        (month, n, net[month] if complete(month) <= through else None)
        for month, n in sorted(buyers.items())
    ]


def complete(month: date) -> date:
    """The last day on which something can still count for this month's cohort."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last + timedelta(days=29) + MONTH


# --8<-- [end:plain]


# --8<-- [start:pandas]
def cohort_revenue_frame(
    orders: pd.DataFrame, refunds: pd.DataFrame, through: date
) -> pd.DataFrame:
    """The same for two frames, times in UTC."""

    def local(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
        return times.dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()

    once = orders.dropna(subset="buyer").drop_duplicates()
    once = once.assign(day=local(once["ordered_at"]))
    once["first"] = once.groupby("buyer")["day"].transform("min")
    once["month"] = once["first"].dt.to_period("M").dt.start_time
    counted = once[once["day"] < once["first"] + MONTH]
    back = refunds.drop_duplicates().merge(
        counted[["order_id", "day", "month"]], on="order_id"
    )
    back = back[local(back["refunded_at"]) <= back["day"] + MONTH]
    found = once.groupby("month")["buyer"].nunique().reset_index(name="buyers")
    paid = found["month"].map(counted.groupby("month")["amount"].sum())
    less = found["month"].map(back.groupby("month")["amount"].sum()).fillna(0)
    end = found["month"] + pd.offsets.MonthEnd(1) + pd.Timedelta(days=59)
    net = (paid - less).where(end <= pd.Timestamp(through))
    return found.assign(month=found["month"].dt.date, net=net)


# --8<-- [end:pandas]
