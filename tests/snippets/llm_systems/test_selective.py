"""Risk and coverage, against counting each policy and against the thresholds of the metrics chapter."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.selective import Policy, risk_coverage
from snippets.metrics.threshold import operating_points

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
rows = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5).map(lambda i: i / 5)), max_size=25)


@quick
@given(rows)
def test_each_point_is_what_its_threshold_gives(pairs):
    wrong, confidence = [w for w, _ in pairs], [c for _, c in pairs]
    curve = risk_coverage(wrong, confidence)
    assert [p.threshold for p in curve] == sorted(set(confidence), reverse=True)
    for point in curve:
        taken = [w for w, c in pairs if c >= point.threshold]
        assert point == Policy(point.threshold, len(taken) / len(pairs), sum(taken) / len(taken))


@quick
@given(rows.filter(bool))
def test_the_thresholds_of_the_metrics_chapter_agree(pairs):
    wrong, confidence = [w for w, _ in pairs], [c for _, c in pairs]
    other = [
        Policy(p.threshold, (p.counts.tp + p.counts.fp) / len(pairs), p.counts.tp / (p.counts.tp + p.counts.fp))
        for p in operating_points(wrong, confidence)[1:]
    ]
    assert risk_coverage(wrong, confidence) == other


def test_risk_may_rise_when_fewer_are_answered():
    curve = risk_coverage([1, 0, 0, 0], [0.9, 0.8, 0.7, 0.6])
    assert [p.risk for p in curve] == [1.0, 0.5, pytest.approx(1 / 3), 0.25]


def test_ties_nothing_and_bad_input():
    assert risk_coverage([1, 0], [0.5, 0.5]) == [Policy(0.5, 1.0, 0.5)]
    assert risk_coverage([], []) == []
    with pytest.raises(ValueError, match="nan"):
        risk_coverage([0], [math.nan])
    with pytest.raises(ValueError, match="labels are 0 or 1"):
        risk_coverage([2], [0.5])
