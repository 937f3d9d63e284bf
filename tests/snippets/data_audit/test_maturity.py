"""Late labels against simulation, chain ladder by hand, and plain counting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.data_audit.maturity import Arrival, delay_curve, matured_rate, naive_curve, relabeled

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
some = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20).map(
    lambda rows: [Arrival(delay, delay + more) for delay, more in rows]
)


def chain_ladder(arrivals, days):
    """Development factors of the run-off triangle, as an actuary would write them."""
    triangle = {}
    for delay, age in arrivals:
        triangle.setdefault(age, [0] * (days + 1))[min(delay, days)] += 1
    shares = [1.0]
    for t in range(days, 0, -1):
        at_t = sum(sum(row[: t + 1]) for age, row in triangle.items() if age >= t)
        before = sum(sum(row[:t]) for age, row in triangle.items() if age >= t)
        shares.append(shares[-1] * (before / at_t if at_t else 1.0))
    return shares[::-1]


@quick
@given(some.filter(bool))
def test_the_curve_is_the_chain_ladder(arrivals):
    assert delay_curve(arrivals, 9) == pytest.approx(chain_ladder([a for a in arrivals if a.delay <= 9], 9))


@quick
@given(some)
def test_when_every_row_is_old_it_is_the_share_by_counting(arrivals):
    old = [Arrival(a.delay, 99) for a in arrivals]
    assert delay_curve(old, 9) == pytest.approx(naive_curve(old, 9))


def test_it_recovers_the_truth_where_counting_is_too_fast():
    rng = np.random.default_rng(0)
    delay, age = rng.integers(0, 60, 40_000), rng.integers(0, 80, 40_000)
    seen = [Arrival(int(d), int(a)) for d, a in zip(delay, age, strict=True) if d <= a]
    corrected, naive = delay_curve(seen, 59), naive_curve(seen, 59)
    assert corrected[29] == pytest.approx(0.5, abs=0.01)
    assert naive[29] > 0.6


def test_degenerate_arrivals():
    assert delay_curve([], 2) == [0.0, 0.0, 0.0]
    assert naive_curve([], 1) == [0.0, 0.0]
    for bad in (Arrival(3, 2), Arrival(-1, 2)):
        with pytest.raises(ValueError, match="can't arrive"):
            delay_curve([bad], 5)


def test_matured_rate_is_unbiased_where_counting_is_low():
    rng = np.random.default_rng(1)
    ages = rng.uniform(0, 60, 100_000)
    delay = rng.uniform(0, 60, ages.size)
    known = int(((rng.random(ages.size) < 0.2) & (delay <= ages)).sum())
    assert matured_rate(ages.tolist(), known, lambda age: age / 60) == pytest.approx(0.2, abs=0.005)
    assert known / ages.size < 0.11


def test_rows_too_young_say_nothing():
    assert np.isnan(matured_rate([1.0], 0, lambda age: 0.0))
    with pytest.raises(ValueError, match="ages is empty"):
        matured_rate([], 0, lambda age: 1.0)


def test_labels_as_they_stood():
    assert relabeled([1, 1, 0], [5.0, 9.0, None], 7) == [1, 0, 0]
    assert relabeled([1], [None], 7) == [0]
