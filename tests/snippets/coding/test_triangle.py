"""The triangle in three languages, and that it only ever gains cells."""

from datetime import date, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.actives import Active
from snippets.coding.triangle import triangle, triangle_frame

brief = settings(quick, max_examples=25)

MONDAY = date(2026, 10, 19)
DAY = timedelta(days=1)
days = st.sampled_from((-1, 0, 0, 6, 7, 8, 13, 14, 21, 34)).map(
    lambda n: MONDAY + n * DAY
)
logs = hostile(Active, day=days, max_size=12)
whole = [Active("a", MONDAY), Active("a", MONDAY + 13 * DAY), Active("b", MONDAY)]


@brief
@example(whole, 13, 2)  # the second week is over today
@example(whole, 12, 2)  # … tomorrow
@example(whole, 5, 2)  # not even the first
@example([*whole, Active(None, MONDAY), Active("c", MONDAY - DAY)], 20, 1)
@given(logs, st.sampled_from((-1, 5, 6, 13, 19, 20, 27)), st.integers(0, 3))
def test_three_languages_one_answer(visits, more, ages):
    through = MONDAY + more * DAY
    same(
        plain=triangle(visits, MONDAY, through, ages),
        pandas=triangle_frame(frame(visits, Active), MONDAY, through, ages),
        sql=run(
            "coding/sql/triangle.sql:triangle",
            {"since": MONDAY, "through": through, "ages": ages},
            visits=visits,
        ),
    )


# --8<-- [start:stays]
@quick
@given(logs, st.integers(0, 30), st.integers(0, 30))
def test_a_cell_once_filled_never_changes(visits, days, more):
    early, late = MONDAY + days * DAY, MONDAY + (days + more) * DAY
    known = [visit for visit in visits if visit.day <= early]
    cells = {row[:2]: row[2] for row in triangle(visits, MONDAY, late, 3)}
    for cohort, age, users in triangle(known, MONDAY, early, 3):
        assert users in (None, cells[cohort, age])


# --8<-- [end:stays]


# --8<-- [start:hand]
def test_empty_is_zero_and_not_over_is_missing():
    found = triangle(whole, MONDAY, MONDAY + 19 * DAY, 2)  # Saturday of the third week
    assert found == [
        (MONDAY, 0, 2),
        (MONDAY, 1, 1),
        (MONDAY, 2, None),  # its Sunday is tomorrow
        (MONDAY + 7 * DAY, 0, 0),  # nobody new, and that is known
        (MONDAY + 7 * DAY, 1, None),
        (MONDAY + 7 * DAY, 2, None),
    ]


# --8<-- [end:hand]
