"""The newest version of each record: three languages, and the version that trusts the order of arrival."""

from datetime import UTC, datetime, timedelta

from equal import frame, hostile, moments, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.latest import Update, newest, newest_frame
from snippets.coding.wrong_time import last_write_wins

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def utc(at):
    return at.astimezone(UTC)


def loaded_and_numbered(rows):
    """Every delivery has its own number; a line without a time of change came at noon."""
    return [
        row._replace(line=place, loaded_at=row.loaded_at or NOON)
        for place, row in enumerate(rows)
    ]


lines = hostile(
    Update,
    late={"loaded_at": "changed_at"},
    again=True,
    status=st.sampled_from(["held", "paid", None]),
).map(loaded_and_numbered)


UNDATED = [
    Update(1, "p", None, NOON, "held"),
    Update(2, "p", None, NOON + HOUR, "paid"),
    Update(3, "p", None, NOON + 2 * HOUR, "held"),
]
TIED = [update._replace(changed_at=NOON) for update in UNDATED]
AT_ONCE = [update._replace(loaded_at=NOON) for update in UNDATED]


@quick
@example(UNDATED, NOON + 2 * HOUR)
@example(TIED, NOON + 2 * HOUR)
@example(AT_ONCE, NOON)
@example(UNDATED[::-1], NOON + 2 * HOUR)
@example(AT_ONCE[::-1], NOON)
@example(  # the later number was loaded first
    [UNDATED[1]._replace(line=1), UNDATED[0]._replace(line=2)], NOON + 2 * HOUR
)
@given(lines, moments())
def test_three_languages_one_answer(updates, as_of):
    same(
        plain=newest(updates, as_of),
        pandas=newest_frame(frame(updates, Update), as_of),
        sql=run("coding/sql/latest.sql:newest", {"as_of": as_of}, updates=updates),
    )


@quick
@given(lines, moments(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(updates, as_of, random):
    mixed = updates.copy()
    random.shuffle(mixed)
    assert newest(mixed, as_of) == newest(updates, as_of)


# --8<-- [start:again]
@quick
@example(UNDATED[:2], 0, NOON + 2 * HOUR)  # held, paid, no times; held comes again
@example(TIED[:2], 0, NOON + 2 * HOUR)
@given(lines, st.integers(0, 8), moments())
def test_a_line_delivered_again_changes_nothing(updates, which, later):
    if updates:
        line = updates[which % len(updates)]
        again = line._replace(line=99, loaded_at=max(later, line.loaded_at, key=utc))
        for as_of in (line.loaded_at, later, NOON + 9999 * HOUR):
            assert newest([*updates, again], as_of) == newest(updates, as_of)


# --8<-- [end:again]


@quick
@given(lines)
def test_lines_once_each_in_the_order_of_change_unmask_nobody(updates):
    """What the page says of the usual tests."""
    content = {}
    for row in updates:
        content.setdefault((row.payment, row.changed_at, row.status), row)
    in_order = sorted(
        content.values(), key=lambda row: row.changed_at or NOON - 9999 * HOUR
    )
    once = [
        row._replace(line=place, loaded_at=NOON + place * HOUR)
        for place, row in enumerate(in_order)
    ]
    for as_of in (NOON, NOON + 3 * HOUR, NOON + 99 * HOUR):
        assert last_write_wins(once, as_of) == newest(once, as_of)


# --8<-- [start:last-write]
def test_the_last_write_is_not_the_newest():
    held = Update(1, "p", NOON, NOON, "held")
    paid = Update(2, "p", NOON + HOUR, NOON + HOUR, "paid")
    now = NOON + 9 * HOUR
    nobody = Update(4, None, NOON, NOON, "held")
    for usual in ([], [held], [held, paid], [paid, held], [held, held], [paid, nobody]):
        assert last_write_wins(usual, now) == newest(usual, now)
    late = held._replace(line=3, loaded_at=NOON + 2 * HOUR)
    for log in ([paid, late], [held, paid, late]):  # late once, or delivered twice
        assert newest(log, now) == [("p", "paid")]
        assert last_write_wins(log, now) == [("p", "held")]


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


def test_the_first_load_of_a_content_is_its_place():
    now = NOON + 9 * HOUR
    assert newest(UNDATED[:2], now) == newest(UNDATED, now) == [("p", "paid")]
    assert newest(TIED[:2], now) == newest(TIED, now) == [("p", "paid")]
    assert newest(AT_ONCE, now) == [("p", "paid")]  # loaded together: by the line
