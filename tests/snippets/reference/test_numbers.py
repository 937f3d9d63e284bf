"""The numbers worth knowing, by simulation, by drawing and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from snippets.reference import numbers


def test_time() -> None:
    assert numbers.a_second(1e6) == pytest.approx(11.574, abs=1e-3)
    assert numbers.minutes_down(0.999) == pytest.approx(43.2)
    assert numbers.minutes_down(0.999, days=365) == pytest.approx(525.6)


def test_a_queue_by_lindleys_recursion() -> None:
    rng = np.random.default_rng(0)
    gaps, service = rng.exponential(1 / 0.8, 400_000), rng.exponential(1, 400_000)
    wait, total = 0.0, 0.0
    for gap, work in zip(gaps, service, strict=True):
        total += wait + work
        wait = max(0.0, wait + work - gap)
    assert total / len(gaps) == pytest.approx(numbers.time_in_system(0.8), rel=0.1)
    assert numbers.time_in_system(0) == 1
    for load in (1, 1.2, -0.1):
        with pytest.raises(ValueError, match="must be at least 0 and below 1"):
            numbers.time_in_system(load)


def test_a_base_rate_after_sampling_by_drawing() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(2_000_000) < 0.01
    kept = y | (rng.random(y.size) < 0.05)
    assert numbers.rate_after_sampling(0.01, 0.05) == pytest.approx(y[kept].mean(), abs=0.002)


def test_models() -> None:
    assert numbers.weights_gb(8e9) == 16
    assert numbers.weights_gb(8e9, 0.5) == 4
    assert numbers.flops_a_token(8e9) == 16e9
    assert numbers.flops_a_token(8e9, training=True) == 3 * numbers.flops_a_token(8e9)
    assert numbers.tokens_a_second_at_most(8e9, 2e12) * 16e9 == 2e12
