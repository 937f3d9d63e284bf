"""Tails, against NumPy, SciPy and simulation with a fixed seed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.lifecycle import latency
from snippets.lifecycle.latency import Stage

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def test_fan_out_against_the_binomial():
    for calls in (0, 1, 4, 100):
        assert latency.meets_slow(calls) == pytest.approx(1 - stats.binom.pmf(0, calls, 0.01))
    assert latency.meets_slow(100) == pytest.approx(0.634, abs=1e-3)


@quick
@given(st.integers(1, 2_000), st.floats(1e-4, 0.5))
def test_the_needed_quantile_undoes_the_fan_out(calls, slow):
    q = latency.quantile_needed(calls, slow)
    assert q**calls == pytest.approx(1 - slow)


@quick
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=40), st.integers(1, 100))
def test_nearest_rank_as_numpy_has_it(values, percent):
    expected = np.quantile(values, percent / 100, method="inverted_cdf")
    assert latency.nearest_rank(values, percent / 100) == expected


def test_nearest_rank_at_the_edges():
    assert latency.nearest_rank([7.0], 0.99) == 7
    assert latency.nearest_rank(range(1, 101), 0.99) == 99  # 0.99 * 100 is 99.00000000000001 elsewhere
    assert latency.nearest_rank(range(1, 101), 1.0) == 100
    assert latency.nearest_rank(range(1, 1001), 0.07) == 70
    for bad in ([], [1.0, math.nan]):
        with pytest.raises(ValueError, match="values is empty or has a NaN"):
            latency.nearest_rank(bad, 0.5)
    for quantile in (0, 1.1, math.nan):
        with pytest.raises(ValueError, match="quantile is"):
            latency.nearest_rank([1.0], quantile)


def test_a_stage_is_scipys_lognormal():
    stage = Stage(6, 20)
    same = stats.lognorm(stage.spread, scale=6)
    for t in (0.1, 6, 14, 20, 50):
        assert stage.slower(t) == pytest.approx(same.sf(t))
    for q in (0.01, 0.5, 0.95, 0.99, 0.999):
        assert stage.quantile(q) == pytest.approx(same.ppf(q))
    assert stage.quantile(0.99) == pytest.approx(20)
    assert stage.slower(0) == 1
    for bad in ((0, 1), (5, 5), (1, math.inf), (math.nan, 2)):
        with pytest.raises(ValueError, match="0 < median < p99"):
            Stage(*bad)


def test_quantile_of_a_sum_against_a_simulation_and_the_gamma():
    stages = [Stage(12, 30), Stage(6, 20), Stage(18, 35), Stage(6, 15)]
    rng = np.random.default_rng(1)
    draws = sum(stage.median * np.exp(stage.spread * rng.normal(size=400_000)) for stage in stages)
    for q in (0.5, 0.9, 0.99):
        found = latency.quantile_of_sum([stage.slower for stage in stages], q)
        assert found == pytest.approx(np.quantile(draws, q), abs=0.4)
    exponential = [lambda t: math.exp(-t / 10)] * 3
    assert latency.quantile_of_sum(exponential, 0.99) == pytest.approx(stats.gamma(3, scale=10).ppf(0.99), abs=0.2)


def test_quantile_of_a_sum_at_the_edges():
    assert latency.quantile_of_sum([], 0.99) == 0
    assert latency.quantile_of_sum([lambda t: 1.0 if t < 5_000 else 0.0], 0.99) == math.inf
    one = Stage(6, 20)
    assert latency.quantile_of_sum([one.slower], 0.99) == pytest.approx(20, abs=0.11)


def test_hedging_against_a_simulation():
    stage = Stage(6, 20)
    rng = np.random.default_rng(2)
    first, second = (6 * np.exp(stage.spread * rng.normal(size=400_000)) for _ in range(2))
    done = np.minimum(first, 14 + second)
    for limit in (10, 18, 25):
        assert latency.hedged_slower(stage.slower, 14, limit) == pytest.approx((done > limit).mean(), abs=2e-3)
    assert latency.hedged_quantile(stage.slower, 14, 0.99) == pytest.approx(np.quantile(done, 0.99), abs=0.3)


@quick
@given(st.floats(0, 40), st.floats(0.5, 60))
def test_a_hedge_never_makes_a_request_slower(after, limit):
    stage = Stage(6, 20)
    assert latency.hedged_slower(stage.slower, after, limit) <= stage.slower(limit)
    if after == 0:  # two copies at once
        assert latency.hedged_slower(stage.slower, after, limit) == pytest.approx(stage.slower(limit) ** 2)


def test_what_hedging_cannot_reach():
    assert latency.hedged_quantile(lambda _: 0.5, 1, 0.99) == math.inf  # a quarter of requests never ends
    with pytest.raises(ValueError, match="hedge_after is -1"):
        latency.hedged_slower(Stage(6, 20).slower, -1, 5)
    with pytest.raises(ValueError, match="limit is 0"):
        latency.hedged_slower(Stage(6, 20).slower, 1, 0)
    with pytest.raises(ValueError, match="calls is -1"):
        latency.meets_slow(-1)
    with pytest.raises(ValueError, match="slow is 1"):
        latency.meets_slow(3, 1)
