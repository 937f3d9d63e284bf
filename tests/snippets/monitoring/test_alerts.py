"""Budgets, windows and run lengths, against SciPy, published tables and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from snippets.monitoring import alerts


def test_the_budget_of_the_page() -> None:
    tests, alpha, z = alerts.false_alarm_budget(400, 30)
    assert (tests, alpha) == (12_000, 1 / 12_000)
    assert z == pytest.approx(stats.norm.isf(alpha / 2))
    assert alerts.alarm_chance(z) == pytest.approx(alpha)
    assert alerts.alarm_chance(2.0, 1.0) == pytest.approx(stats.norm.sf(1) + stats.norm.sf(3))
    with pytest.raises(ValueError, match="false alarms a test"):
        alerts.false_alarm_budget(4, 2, 8)


@pytest.mark.parametrize(("z", "rho"), [(2.0, 0.0), (2.0, 0.5), (2.5, 0.9), (1.0, 0.3)])
def test_any_alarm_by_simulation(z: float, rho: float) -> None:
    rng = np.random.default_rng(1)
    common = rng.standard_normal((20_000, 1))
    signals = math.sqrt(rho) * common + math.sqrt(1 - rho) * rng.standard_normal((20_000, 30))
    drawn = np.mean(np.abs(signals).max(axis=1) > z)
    assert alerts.any_alarm_chance(30, z, rho) == pytest.approx(drawn, abs=0.012)


def test_one_signal_is_its_own_family() -> None:
    for rho in (0.0, 0.4, 0.99):
        assert alerts.any_alarm_chance(1, 1.5, rho) == pytest.approx(alerts.alarm_chance(1.5), abs=1e-6)
    assert alerts.any_alarm_chance(400, 0.0, 0.5) == pytest.approx(1.0)


@given(st.floats(0.01, 2), st.floats(1, 5), st.floats(0.5, 0.99), st.sampled_from([math.inf, 1e6, 1e3]))
def test_rows_and_shift_are_inverse(shift: float, z: float, power: float, reference: float) -> None:
    rows = alerts.rows_to_see(shift, z, power, reference)
    if math.isnan(rows):
        assert alerts.smallest_shift(1e15, z, power, reference) >= shift * 0.999
    else:
        assert alerts.smallest_shift(rows, z, power, reference) == pytest.approx(shift)
        effect = shift / math.sqrt(1 / rows + 1 / reference)
        assert stats.norm.sf(z - effect) == pytest.approx(power)


def test_windowed_alarms_begin_once_and_again() -> None:
    quiet, loud = (2, 100), (30, 100)
    events = [quiet] * 10 + [loud] * 3 + [quiet] * 20 + [loud]
    found = list(alerts.windowed_alarms(events, 0.02, 5, 3.93))
    assert [minute for minute, _ in found] == [10, 33]
    assert found[0][1] == pytest.approx((38 - 10) / math.sqrt(500 * 0.02 * 0.98))


def test_windowed_alarms_wait_for_enough_and_see_silence_as_nothing() -> None:
    assert list(alerts.windowed_alarms([(0, 0)] * 5, 0.5, 3, 3.0)) == []
    assert list(alerts.windowed_alarms([(5, 5)] * 3, 0.1, 3, 3.0, least=100)) == []
    assert list(alerts.windowed_alarms([], 0.1, 3, 3.0)) == []
    falls = list(alerts.windowed_alarms([(50, 100), (0, 100)], 0.5, 1, 3.0))
    assert falls == [(1, -10.0)]


def test_cusum_by_hand() -> None:
    assert alerts.cusum_alarm([1.0, 1.0, 1.0, 1.0], h=1.4) == 2  # 0.5, 1.0, 1.5
    assert alerts.cusum_alarm([-1.0] * 4, h=1.4) == 2
    assert alerts.cusum_alarm([1.0, -3.0, 1.0, 1.0], h=1.4) == 1
    assert alerts.cusum_alarm([0.4] * 1000, h=1.0) is None
    assert alerts.cusum_alarm([], h=1.0) is None


def test_ewma_by_hand() -> None:
    edge = 2 * math.sqrt(0.5 / 1.5)
    assert edge == pytest.approx(1.1547)
    assert alerts.ewma_alarm([2.0, 2.0], 2, 0.5) == 1  # 1.0, 1.5
    assert alerts.ewma_alarm([1.0] * 50, 2, 0.5) is None


def test_run_lengths_of_published_tables() -> None:
    """One-sided, k = 0.5: 336 and 930 without a shift, 8.4 and 10.4 at one standard error (NIST, Hawkins)."""
    assert alerts.cusum_run_length(4) == pytest.approx(335.4, rel=0.003)
    assert alerts.cusum_run_length(5) == pytest.approx(930.9, rel=0.003)
    assert alerts.cusum_run_length(4, shift=1) == pytest.approx(8.38, rel=0.003)
    assert alerts.cusum_run_length(5, shift=1) == pytest.approx(10.38, rel=0.003)
    assert alerts.cusum_two_sided(5) == pytest.approx(465, rel=0.003)
    assert alerts.ewma_run_length(2.859) == pytest.approx(370, rel=0.01)  # weight 0.2


def simulated(rule: str, limit: float, shift: float, paths: int = 700) -> float:
    rng = np.random.default_rng(7)
    lengths = []
    for _ in range(paths):
        start = 0
        while True:
            signal = rng.normal(shift, 1, 400)
            found = alerts.cusum_alarm(signal, limit) if rule == "cusum" else alerts.ewma_alarm(signal, limit)
            if found is not None:
                lengths.append(start + found + 1)
                break
            start += 400  # restarts at 0, which matters little with limits as low as these
    return float(np.mean(lengths))


@pytest.mark.parametrize(("limit", "shift"), [(2.0, 0.0), (4.0, 1.0), (5.0, 2.0)])
def test_cusum_run_length_by_simulation(limit: float, shift: float) -> None:
    assert alerts.cusum_two_sided(limit, shift=shift) == pytest.approx(simulated("cusum", limit, shift), rel=0.11)


@pytest.mark.parametrize(("limit", "shift"), [(1.8, 0.0), (2.8, 1.0)])
def test_ewma_run_length_by_simulation(limit: float, shift: float) -> None:
    assert alerts.ewma_run_length(limit, shift=shift) == pytest.approx(simulated("ewma", limit, shift), rel=0.11)


def test_daily_and_weekly_run_lengths() -> None:
    assert alerts.daily_run_length(3.0) == pytest.approx(370.4, rel=1e-3)
    assert alerts.daily_run_length(3.0, 1.0, 4) == pytest.approx(4 / (stats.norm.sf(1) + stats.norm.sf(5)))


def test_limit_for_meets_the_run_length() -> None:
    h = alerts.limit_for(alerts.cusum_two_sided, 465)
    assert h == pytest.approx(5.0, abs=0.01)
