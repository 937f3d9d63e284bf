"""Quality without labels, against labels drawn from the probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from snippets.metrics.confusion import confusion_counts
from snippets.monitoring import unlabeled


def test_expected_counts_are_the_mean_over_drawn_labels() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(0.5, 3, 400)
    drawn = [confusion_counts((rng.random(400) < p).astype(int), p, 0.3) for _ in range(400)]
    assert unlabeled.expected_counts(p, 0.3) == pytest.approx(np.mean(drawn, axis=0), rel=0.05)


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0, 1))
def test_expected_counts_add_up(p: list[float], threshold: float) -> None:
    assert sum(unlabeled.expected_counts(p, threshold)) == pytest.approx(len(p))


def test_expected_auc_is_the_mean_over_drawn_labels() -> None:
    rng = np.random.default_rng(2)
    p = np.round(rng.beta(0.5, 3, 600), 2)  # with ties
    drawn = [roc_auc_score((rng.random(600) < p).astype(int), p) for _ in range(200)]
    assert unlabeled.expected_auc(p) == pytest.approx(np.mean(drawn), abs=0.004)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.05, 0.95)), min_size=2, max_size=12))
def test_weighted_auc_over_all_pairs_of_two_rows(rows: list[tuple[int, float]]) -> None:
    wins = pairs = 0.0
    for i, (s, p) in enumerate(rows):
        for j, (t, q) in enumerate(rows):
            if i != j:
                pairs += p * (1 - q)
                wins += p * (1 - q) * ((s > t) + (s == t) / 2)
    assert unlabeled.weighted_auc([s for s, _ in rows], [p for _, p in rows]) == pytest.approx(wins / pairs)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=2, max_size=30))
def test_with_certain_labels_it_is_the_auc(rows: list[tuple[int, int]]) -> None:
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    mine = unlabeled.weighted_auc(scores, labels)
    if len(set(labels)) < 2:
        assert math.isnan(mine)
    else:
        assert mine == pytest.approx(roc_auc_score(labels, scores))


def test_auc_of_nothing_and_of_one_row() -> None:
    assert math.isnan(unlabeled.expected_auc([]))
    assert math.isnan(unlabeled.expected_auc([0.4]))
    with pytest.raises(ValueError, match="unequal lengths"):
        unlabeled.weighted_auc([1.0], [])


@pytest.mark.parametrize("count", [0, 1, 5, 40, 1474])
def test_poisson_interval_is_close_to_the_exact_one(count: int) -> None:
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert unlabeled.poisson_interval(count) == pytest.approx((low, high), rel=0.05, abs=0.06)


def test_nowcast_is_unbiased_and_covers() -> None:
    rng = np.random.default_rng(3)
    ages = [10, 20, 30]

    def share(age: int) -> float:
        return age / 100

    found = [unlabeled.nowcast([int(rng.poisson(500 * share(age))) for age in ages], ages, share) for _ in range(600)]
    assert np.mean([f.total for f in found]) == pytest.approx(1500, rel=0.02)
    assert np.mean([f.interval.low <= 1500 <= f.interval.high for f in found]) == pytest.approx(0.95, abs=0.025)


def test_nowcast_of_nothing_due() -> None:
    with pytest.raises(ValueError, match="old enough"):
        unlabeled.nowcast([0, 0], [1, 2], lambda age: 0.0)
    with pytest.raises(ValueError, match="empty"):
        unlabeled.nowcast([], [], lambda age: 1.0)
    total, interval = unlabeled.nowcast([0], [10], lambda age: 0.5)
    assert (total, interval.low) == (0, 0)
    assert interval.high == pytest.approx(2 * 3.689, rel=0.05)
