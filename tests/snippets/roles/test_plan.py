"""The greedy plan, against every split of the hours."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from snippets.roles import plan
from snippets.roles.plan import Prep

quick = settings(max_examples=30, deadline=None, derandomize=True, database=None)


@st.composite
def preps(draw):
    today = draw(st.floats(0.05, 0.9))
    return Prep("round", today, draw(st.floats(today, 0.97)), draw(st.floats(0.5, 40)))


def splits(hours, items):
    """Every way to give whole hours to so many items, by stars and bars."""
    for bars in itertools.combinations(range(hours + items - 1), items - 1):
        edges = (-1, *bars, hours + items - 1)
        yield [b - a - 1 for a, b in itertools.pairwise(edges)]


def best(gains, hours):
    return max(sum(g(h) for g, h in zip(gains, split, strict=True)) for split in splits(hours, len(gains)))


@quick
@given(st.lists(preps(), min_size=2, max_size=4), st.integers(0, 9))
def test_greedy_reaches_the_best_of_all_splits(rounds, hours):
    for rule, gain in ((plan.plan_for_every_round, Prep.log_rate), (plan.plan_for_average, Prep.margin)):
        given_hours = rule(rounds, hours)
        gains = [lambda h, r=r, gain=gain: gain(r, h) for r in rounds]
        assert sum(given_hours) == hours
        total = sum(g(h) for g, h in zip(gains, given_hours, strict=True))
        assert total == pytest.approx(best(gains, hours), abs=1e-9)


def test_greedy_fails_where_the_first_hours_bring_nothing():
    # a topic that pays only when it clicks, at three hours, beside one that pays a little at once
    clicks = [0, 0, 0, 10, 10, 10]
    steady = [0, 1, 2, 2.5, 2.5, 2.5]
    gains = [clicks.__getitem__, steady.__getitem__]
    assert plan.allocate(gains, 3) == [0, 3]
    assert best(gains, 3) == 10  # all three hours on the other


def test_ties_go_to_the_first_and_nothing_stays_nothing():
    assert plan.allocate([lambda h: h, lambda h: h], 3) == [3, 0]
    assert plan.allocate([], 5) == []
    assert plan.allocate([lambda h: h], 0) == [0]
    with pytest.raises(ValueError, match="hours is -1"):
        plan.allocate([lambda h: h], -1)


def test_half_of_the_gap_after_the_halving():
    r = Prep("round", 0.6, 0.9, 8)
    low, high = norm.ppf(0.6), norm.ppf(0.9)
    assert r.rate(0) == pytest.approx(0.6)
    assert r.margin(8) == pytest.approx((low + high) / 2)
    assert r.margin(16) == pytest.approx(high - (high - low) / 4)
    assert r.rate(1_000) == pytest.approx(0.9)
    assert r.log_rate(8) == pytest.approx(math.log(norm.cdf((low + high) / 2)))


@quick
@given(preps(), st.integers(0, 60))
def test_no_hour_adds_more_than_the_one_before(r, h):
    for curve in (r.margin, r.log_rate):
        assert curve(h + 2) - curve(h + 1) <= curve(h + 1) - curve(h) + 1e-12
