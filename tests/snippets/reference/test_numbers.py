"""The numbers worth knowing, by simulation, by other libraries and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import log_loss, ndcg_score, precision_score
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import proportion_confint

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


def test_statistics_against_libraries() -> None:
    low, high = proportion_confint(300, 1_000, method="normal")
    assert numbers.half_width(1_000, 0.3) == pytest.approx((high - low) / 2, rel=1e-4)
    assert numbers.points_off(100) == pytest.approx(9.8)
    by_library = TTestIndPower().solve_power(0.05, power=0.8, alpha=0.05)
    assert numbers.an_arm(1, 0.05) == pytest.approx(by_library, rel=1e-3)
    assert numbers.an_arm(1, 0.05) == pytest.approx(16 / 0.05**2, rel=0.02)
    assert numbers.any_of(20) == pytest.approx(stats.binom.sf(0, 20, 0.05))


def test_classification_by_drawing() -> None:
    rng = np.random.default_rng(1)
    y = rng.random(2_000_000) < 0.01
    flagged = rng.random(y.size) < np.where(y, 0.8, 0.02)
    assert numbers.precision(0.01, 0.8, 0.02) == pytest.approx(precision_score(y, flagged), abs=0.01)
    share = y.mean()
    assert numbers.log_loss_of_rate(share) == pytest.approx(log_loss(y, np.full(y.size, share)))
    kept = y | (rng.random(y.size) < 0.05)
    assert numbers.rate_after_sampling(0.01, 0.05) == pytest.approx(y[kept].mean(), abs=0.002)
    assert stats.norm.cdf(numbers.separation(0.9) / np.sqrt(2)) == pytest.approx(0.9)


@pytest.mark.parametrize("place", [1, 2, 10])
def test_discounts_against_sklearn(place: int) -> None:
    relevant, order = np.zeros((1, 12)), -np.arange(12.0)[None]
    relevant[0, place - 1] = 1
    assert numbers.discount(place) == pytest.approx(ndcg_score(relevant, order))


def test_models() -> None:
    assert numbers.weights_gb(8e9) == 16
    assert numbers.weights_gb(8e9, 0.5) == 4
    assert numbers.training_gb(8e9) == 128
    assert numbers.flops_a_token(8e9) == 16e9
    assert numbers.flops_a_token(8e9, training=True) == 3 * numbers.flops_a_token(8e9)
    assert numbers.tokens_a_second_at_most(8e9, 2e12) * 16e9 == 2e12
    assert numbers.embeddings_gb(1e6) == pytest.approx(np.zeros(1_024, np.float32).nbytes / 1e3)
