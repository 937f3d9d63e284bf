"""The window that ends before the present: three languages, one answer; and the wrong versions, unmasked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from equal import frame, hostile, moments, quick, run, same
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.windows import Payment, last_day, last_day_frame
from snippets.coding.wrong_time import counts_so_far, last_day_here

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)


# --8<-- [start:three]
@quick
@given(hostile(Payment, number="payment_id"))
def test_three_languages_one_answer(payments):
    same(
        plain=last_day(payments),
        pandas=last_day_frame(frame(payments, Payment)),
        sql=run("coding/sql/windows.sql:last-day", payments=payments),
    )


# --8<-- [end:three]


# --8<-- [start:wall-clock]
def test_a_day_on_the_wall_clock_is_not_24_hours():
    def paid(number, *at):
        local = datetime(2026, *at, tzinfo=ZoneInfo("America/New_York"))
        return Payment(number, "a", local, 10.0)

    july = [paid(1, 7, 4, 12), paid(2, 7, 5, 11), paid(3, 7, 5, 12)]
    guests = [row._replace(card=None) for row in july]
    for usual in ([], july, guests):
        assert last_day_here(usual) == last_day(usual)
    # 24 h 45 min apart
    clock_change = [paid(1, 10, 31, 23, 45), paid(2, 11, 1, 23, 30)]
    assert last_day(clock_change) == [(1, 0, 0.0), (2, 0, 0.0)]
    assert last_day_here(clock_change) == [(1, 0, 0.0), (2, 1, 10.0)]


# --8<-- [end:wall-clock]


@quick
@given(hostile(Payment, number="payment_id"), st.sampled_from(["UTC", "Asia/Kolkata"]))
def test_the_wall_clock_is_right_where_no_clock_changes(payments, zone):
    """What the page says of the usual tests: ties, guests and exact ends included."""
    local = [
        row._replace(paid_at=row.paid_at.astimezone(ZoneInfo(zone))) for row in payments
    ]
    assert last_day_here(local) == last_day(local)


@quick
@given(st.sets(moments().map(lambda at: at.astimezone(UTC))))
def test_a_window_of_rows_is_right_without_ties(instants):
    """What the page says of the usual tests."""
    times = sorted(instants)
    rows = [Payment(i, "a", at, 1.0) for i, at in enumerate(times)]
    assert counts_so_far(times) == [n for _, n, _ in last_day(rows)]


# --8<-- [start:by-row]
def test_a_window_of_rows_sees_its_own_moment():
    def right(times):
        rows = [Payment(i, "a", at, 1.0) for i, at in enumerate(times)]
        return [n for _, n, _ in last_day(rows)]

    one, two = NOON, NOON + timedelta(hours=1)
    tomorrow = NOON + timedelta(days=1, minutes=1)
    for usual in ([], [one], [one, two], [one, two, tomorrow, tomorrow + (two - one)]):
        assert counts_so_far(usual) == right(usual)
    assert right([one, one]) == [0, 0]
    assert counts_so_far([one, one]) == [0, 1]  # the order of two equal rows decides


# --8<-- [end:by-row]


# --8<-- [start:edges]
def test_the_edges_of_the_window():
    def paid(number, at, amount=10.0, card="a"):
        return Payment(number, card, at, amount)

    day, instant = timedelta(days=1), timedelta(microseconds=1)
    rows = [paid(1, NOON), paid(2, NOON), paid(3, NOON + day)]
    rows += [paid(4, NOON + day + instant, None)]
    assert last_day(rows) == [
        (1, 0, 0.0),  # its twin of the same instant is not the past
        (2, 0, 0.0),
        (3, 2, 20.0),  # exactly 24 hours old still counts
        (4, 1, 10.0),  # a microsecond more does not
    ]
    later = paid(5, NOON + day + 2 * instant)
    assert last_day([*rows, later])[-1] == (5, 2, 10.0)  # 3, and 4 without amount
    assert last_day([paid(1, NOON, card=None), paid(2, NOON + instant, card=None)]) == [
        (1, None, None),
        (2, None, None),
    ]
    assert last_day([]) == []


# --8<-- [end:edges]


# --8<-- [start:future]
@quick
@given(hostile(Payment, number="payment_id"))
def test_deleting_the_present_and_the_future_changes_nothing(payments):
    payments = [p._replace(paid_at=p.paid_at.astimezone(UTC)) for p in payments]
    told = last_day(payments)  # ids are 0, 1, 2, …: places
    for place, now in enumerate(payments):
        before = [p for p in payments if p.paid_at < now.paid_at]
        assert told[place] in last_day([*before, now])


# --8<-- [end:future]
