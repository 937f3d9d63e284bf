"""Medians with calls that never ended, in three languages."""

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings

from snippets.coding.medians import Call, median_latency, median_latency_frame

brief = settings(quick, max_examples=25)


def calls(*times, route="a"):
    """One route's calls, numbered."""
    return [Call(i, route, ms) for i, ms in enumerate(times)]


@brief
@example(calls(1.0, None))
@example(calls(1.0, 2.0, None))
@example(calls(1.0, None, None))
@example(calls(None, None))
@example(calls(1.0, 2.0, 2.0) * 2)
@example(calls(1.0, route=None))
@given(hostile(Call, number="call_id", again=True))
def test_three_languages_one_answer(log):
    same(
        plain=median_latency(log),
        pandas=median_latency_frame(frame(log, Call)),
        sql=run("coding/sql/medians.sql:medians", calls=log),
    )


# --8<-- [start:timeouts]
def test_a_call_without_an_end_is_slow_not_absent():
    def middle(*times):
        return median_latency(calls(*times))[0][2]

    assert middle(1.0, 2.0, 9.0) == 2.0
    assert middle(1.0, 2.0, 9.0, None, None) == 9.0  # without the two it would be 2
    assert middle(1.0, 2.0, None, None) is None  # half never ended: not known
    assert middle(1.0, None, None) is middle(None) is None
    assert middle(1.0, 3.0) == 2.0
    assert median_latency([]) == median_latency(calls(1.0, route=None)) == []


# --8<-- [end:timeouts]
