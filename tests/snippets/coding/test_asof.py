"""The as-of join in three languages, and its edges."""

from datetime import UTC, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given
from hypothesis import strategies as st

from snippets.coding.asof import Decision, Limit, limits_before, limits_before_frame

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)


HOUR = timedelta(hours=1)


@quick
@example(
    [Decision(0, None, NOON)], [Limit(0, None, NOON - HOUR, 1.0)], 1
)  # pandas joins missing to missing
@example(
    [Decision(0, "a", NOON)],
    [Limit(1, "a", NOON - HOUR, 2.0), Limit(0, "a", NOON - HOUR, 1.0)],
    1,
)
@given(
    hostile(Decision, number="payment_id"),
    hostile(Limit, number="version", again=True),
    st.sampled_from([1, 30, 90]),
)
def test_three_languages_one_answer(decisions, limits, days):
    same(
        plain=limits_before(decisions, limits, days),
        pandas=limits_before_frame(
            frame(decisions, Decision), frame(limits, Limit), days
        ),
        sql=run(
            "coding/sql/asof.sql:before",
            {"days": days},
            decisions=decisions,
            limits=limits,
        ),
    )


# --8<-- [start:edges]
def test_before_means_before():
    asked = [Decision(1, "a", NOON)]

    def told(*limits):
        return limits_before(asked, limits, days=30)[0][1:]

    earlier, twin = Limit(1, "a", NOON - DAY, 500.0), Limit(2, "a", NOON, 0.0)
    assert told(earlier, twin) == (NOON - DAY, 500.0)  # this payment's own consequence
    lifted = Limit(3, "a", NOON - DAY / 2, None)
    assert told(earlier, lifted) == (NOON - DAY / 2, None)  # a fact, not a hole
    assert told(Limit(5, "a", NOON - DAY, 9.0), earlier) == (NOON - DAY, 9.0)
    assert told(Limit(1, "a", NOON - 30 * DAY, 7.0)) == (NOON - 30 * DAY, 7.0)
    assert told(Limit(1, "a", NOON - 31 * DAY, 7.0)) == (None, None)
    assert told() == told(Limit(1, None, NOON - DAY, 7.0)) == (None, None)


# --8<-- [end:edges]
