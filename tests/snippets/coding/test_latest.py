"""The newest version of each record: three languages, and the version that trusts the order of arrival."""

from datetime import UTC, datetime, timedelta

from equal import frame, hostile, moments, quick, run, same
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.latest import Update, newest, newest_frame
from snippets.coding.wrong_time import last_write_wins

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
lines = hostile(
    Update,
    number="line",
    late={"loaded_at": "changed_at"},
    again=True,
    status=st.sampled_from(["held", "paid", None]),
)
lines = lines.map(
    lambda rows: [row._replace(loaded_at=row.loaded_at or NOON) for row in rows]
)


@quick
@given(lines, moments())
def test_three_languages_one_answer(updates, as_of):
    same(
        plain=newest(updates, as_of),
        pandas=newest_frame(frame(updates, Update), as_of),
        sql=run("coding/sql/latest.sql:newest", {"as_of": as_of}, updates=updates),
    )


@quick
@given(lines, moments(), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_doubles_change_nothing(updates, as_of, random):
    mixed = [*updates, *updates]
    random.shuffle(mixed)
    assert newest(mixed, as_of) == newest(updates, as_of)


# --8<-- [start:last-write]
def test_the_last_write_is_not_the_newest():
    held = Update(1, "p", NOON, NOON, "held")
    paid = Update(2, "p", NOON + HOUR, NOON + HOUR, "paid")
    now = NOON + 9 * HOUR
    nobody = Update(4, None, NOON, NOON, "held")
    for usual in ([], [held], [held, paid], [paid, held], [held, held], [paid, nobody]):
        assert last_write_wins(usual, now) == newest(usual, now)
    again = held._replace(line=3, loaded_at=NOON + 2 * HOUR)  # delivered twice
    assert newest([held, paid, again], now) == [("p", "paid")]
    assert last_write_wins([held, paid, again], now) == [("p", "held")]


# --8<-- [end:last-write]


def test_withdrawn_stays_withdrawn_and_no_time_is_oldest():
    paid, gone = (
        Update(1, "p", NOON, NOON, "paid"),
        Update(2, "p", NOON + HOUR, NOON + HOUR, None),
    )
    undated = Update(3, "p", None, NOON + 2 * HOUR, "held")
    assert newest([paid, gone, undated], NOON + 9 * HOUR) == []
    assert newest([paid, gone, undated], NOON) == [("p", "paid")]
    assert newest([undated, Update(4, None, NOON, NOON, "paid")], NOON + 9 * HOUR) == [
        ("p", "held")
    ]
