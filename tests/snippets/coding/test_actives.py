"""Rolling actives in three languages, a fourth that counts each window anew, and the sum that counts a regular thirty times."""

from datetime import date, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.actives import Active, rolling_actives, rolling_actives_frame
from snippets.coding.wrong_events import actives_added

brief = settings(quick, max_examples=30)

FIRST = date(2026, 10, 20)
DAY = timedelta(days=1)
days = st.sampled_from((0, 0, 1, 5, 29, 30, 31, 60, 61)).map(lambda n: FIRST + n * DAY)
logs = hostile(Active, day=days, max_size=12)


# --8<-- [start:three]
@brief
@example([Active("a", FIRST), Active("a", FIRST + 30 * DAY)], 0, 31)  # end meets start
@example([Active("a", FIRST), Active("a", FIRST + 29 * DAY)], 28, 3)  # overlap
@example([Active("a", FIRST), Active(None, FIRST), Active("a", FIRST)], 29, 1)
@given(logs, st.sampled_from((-2, 0, 28, 31)), st.sampled_from((-1, 0, 3, 40)))
def test_three_languages_one_answer(visits, start, more):
    since, through = FIRST + start * DAY, FIRST + (start + more) * DAY
    spine = {"since": since, "through": through}
    same(
        plain=rolling_actives(visits, since, through),
        pandas=rolling_actives_frame(frame(visits, Active), since, through),
        sql=run("coding/sql/actives.sql:rolling", spine, visits=visits),
        slow=run("coding/sql/actives.sql:slow", spine, visits=visits),
    )


# --8<-- [end:three]


# --8<-- [start:added]
def test_distinct_counts_do_not_add():
    def visits(*pairs):
        return [Active(user, FIRST + n * DAY) for user, n in pairs]

    new_faces = visits(("a", 0), ("b", 1), ("c", 1), ("c", 1), ("d", 40))
    for usual in ([], new_faces[:1], new_faces):
        right = rolling_actives(usual, FIRST, FIRST + 45 * DAY)
        assert actives_added(usual, FIRST, FIRST + 45 * DAY) == right
    regular = visits(*(("a", n) for n in range(30)))
    last = FIRST + 29 * DAY
    assert rolling_actives(regular, last, last) == [(last, 1)]
    assert actives_added(regular, last, last) == [(last, 30)]


# --8<-- [end:added]
