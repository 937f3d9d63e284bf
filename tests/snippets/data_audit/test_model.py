"""The small models against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier

from snippets.data_audit.model import fit_logistic, log_odds, logistic, neighbor_share, rank_auc

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def some(n=400, k=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    return x, (rng.random(n) < logistic(-0.5 + x[:, 0])).astype(float)


@quick
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3)), min_size=2, max_size=30))
def test_auc_equals_scikit_learn_with_ties(pairs):
    y, s = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    if 0 < y.sum() < len(y):
        assert rank_auc(y, s) == pytest.approx(roc_auc_score(y, s))
    else:
        assert np.isnan(rank_auc(y, s))


def test_auc_of_nothing_is_nan():
    assert np.isnan(rank_auc(np.array([]), np.array([])))


@pytest.mark.parametrize("ridge", [0.5, 1.0, 20.0])
def test_logistic_regression_equals_scikit_learn(ridge):
    x, y = some()
    theirs = LogisticRegression(C=1 / ridge, tol=1e-10, max_iter=1000).fit(x, y)
    ours = fit_logistic(x, y, ridge)
    assert ours == pytest.approx([theirs.intercept_[0], *theirs.coef_[0]], abs=1e-5)
    assert log_odds(ours, x) == pytest.approx(theirs.decision_function(x), abs=1e-4)


def test_row_weights_equal_repeated_rows():
    x, y = some(60)
    times = np.arange(60) % 3
    repeated = fit_logistic(np.repeat(x, times, axis=0), np.repeat(y, times))
    assert fit_logistic(x, y, weights=times.astype(float)) == pytest.approx(repeated, abs=1e-7)


def test_separable_data_stay_finite_and_no_row_is_refused():
    x = np.array([[-1.0], [1.0]])
    assert np.isfinite(fit_logistic(x, np.array([0.0, 1.0]), steps=3)).all()
    with pytest.raises(ValueError, match="are empty"):
        fit_logistic(np.empty((0, 2)), np.empty(0))


def test_logistic_does_not_overflow():
    assert logistic(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]


def test_neighbors_equal_scikit_learn():
    x, y = some(200)
    asked, _ = some(50, seed=1)
    theirs = KNeighborsClassifier(7, weights=lambda d: 1 / (d**2 + 1e-6)).fit(x, y).predict_proba(asked)[:, 1]
    assert neighbor_share(x, y, asked, 7) == pytest.approx(theirs, abs=1e-6)


def test_a_copy_decides_alone():
    x, y = some(200)
    assert np.round(neighbor_share(x, y, x[:20]), 1).tolist() == y[:20].tolist()
