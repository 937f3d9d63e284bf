"""Storage, training, cadence and break-even, against arrays in memory, a grid search and numerical integration."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from snippets.lifecycle import cost, storage

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def test_a_table_is_as_large_as_the_array():
    assert storage.table_bytes(1_000, 128) == np.zeros((1_000, 128), dtype=np.float32).nbytes
    assert storage.table_bytes(1_000, 128, width=1) == np.zeros((1_000, 128), dtype=np.int8).nbytes
    assert storage.table_bytes(10, 4, copies=3, overhead=8) == 10 * 24 * 3
    assert storage.monthly_cost(2e9, 0.02) == pytest.approx(0.04)
    assert storage.monthly_cost(0, 0.02) == 0


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (999.6, "1 kB"),
        (1_000, "1 kB"),
        (6_144_000_000, "6.14 GB"),
        (525.6e12, "526 TB"),
        (5e18, "5,000 PB"),
    ],
)
def test_bytes_as_text(size, text):
    assert storage.human(size) == text


def test_training_hours_by_hand():
    # 6 × 1e9 × 1e12 = 6e21 operations; at half of 1e15 a second 1.2e7 seconds
    assert cost.training_gpu_hours(1e9, 1e12, 1e15, 0.5) == pytest.approx(1.2e7 / 3_600)


@quick
@given(st.floats(1, 1e4), st.floats(0.1, 1e4))
def test_the_best_interval_beats_every_other(run, decay):
    best = cost.best_interval(run, decay)
    least = cost.cost_a_day(best, run, decay)
    assert least == pytest.approx(math.sqrt(2 * run * decay))
    for factor in (0.3, 0.9, 1.1, 4):
        assert cost.cost_a_day(factor * best, run, decay) > least
    # twice or half the best interval costs a quarter more
    assert cost.cost_a_day(2 * best, run, decay) == pytest.approx(1.25 * least)
    assert cost.cost_a_day(best / 2, run, decay) == pytest.approx(1.25 * least)


@quick
@given(st.floats(0.5, 90), st.floats(10, 300), st.floats(0, 120))
def test_saturating_staleness_by_numerical_integration(interval, memory, born):
    area, _ = integrate.quad(lambda t: 1 - math.exp(-t / memory), born, born + interval)
    expected = 330 / interval + 2e4 * area / interval
    assert cost.saturating_cost_a_day(interval, 330, 2e4, memory, born) == pytest.approx(expected)


def test_fresh_and_young_it_is_the_linear_rule():
    linear = cost.cost_a_day(3, 330, 2e4 / 1e6)
    assert cost.saturating_cost_a_day(3, 330, 2e4, 1e6) == pytest.approx(linear, rel=1e-4)


def test_break_even():
    assert cost.break_even_volume(480, 0, 0.004) == pytest.approx(120_000)
    assert cost.break_even_volume(480, 0.004, 0.004) == math.inf
    assert cost.break_even_volume(480, 0.005, 0.004) == math.inf


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match="rows is 0"):
        storage.table_bytes(0, 1)
    with pytest.raises(ValueError, match="overhead is -1"):
        storage.table_bytes(1, 1, overhead=-1)
    with pytest.raises(ValueError, match="size is -1"):
        storage.human(-1)
    with pytest.raises(ValueError, match="utilization is 1"):
        cost.training_gpu_hours(1, 1, 1, 1)
    with pytest.raises(ValueError, match="decay is 0"):
        cost.best_interval(1, 0)
    with pytest.raises(ValueError, match="born is -1"):
        cost.saturating_cost_a_day(1, 1, 1, 1, -1)
    with pytest.raises(ValueError, match="fixed is 0"):
        cost.break_even_volume(0, 0, 1)
