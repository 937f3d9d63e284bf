"""Adversarial validation and weights, against closed forms and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from snippets.data_audit import shift


def two(moved, n=4_000, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)), rng.normal(moved, size=(n, 1))


@pytest.mark.parametrize("auc", [0.6, 0.7, 0.8])
def test_a_moved_normal_gives_the_closed_forms(auc):
    moved = np.sqrt(2) * shift.NORMAL.inv_cdf(auc)
    ours, theirs = two(moved)
    assert shift.adversarial_auc(ours, theirs) == pytest.approx(auc, abs=0.015)
    weights = shift.importance_weights(ours, theirs)
    assert weights.mean() == pytest.approx(1.0)
    assert np.average(ours[:, 0], weights=weights) == pytest.approx(moved, abs=0.12)
    assert shift.effective_rows(weights) / len(ours) == pytest.approx(shift.rows_left(auc), abs=0.1)


def test_two_draws_of_one_table_are_not_told_apart():
    rng = np.random.default_rng(1)
    assert shift.adversarial_auc(rng.normal(size=(300, 40)), rng.normal(size=(300, 40))) == pytest.approx(0.5, abs=0.05)


def test_folds_need_rows():
    with pytest.raises(ValueError, match="5 folds"):
        shift.origin_scores(np.zeros((4, 1)), np.zeros((9, 1)))


def test_a_constant_column_does_no_harm():
    ours, theirs = np.zeros((20, 1)), np.zeros((20, 1))
    assert shift.adversarial_auc(ours, theirs) == pytest.approx(0.5, abs=1e-9)


def test_effective_rows():
    assert shift.effective_rows(np.ones(7)) == 7
    assert shift.effective_rows(np.array([1.0, 0.0])) == 1


def test_weighted_auc_equals_scikit_learn():
    rng = np.random.default_rng(2)
    y, s, w = rng.integers(0, 2, 300).astype(float), rng.integers(0, 20, 300).astype(float), rng.random(300)
    assert shift.weighted_auc(y, s, w) == pytest.approx(roc_auc_score(y, s, sample_weight=w))
    assert np.isnan(shift.weighted_auc(np.ones(3), s[:3], w[:3]))
