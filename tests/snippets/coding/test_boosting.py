"""Boosted stumps against scikit-learn."""

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

from snippets.coding.boosting import boost
from snippets.coding.wrong_scratch import next_scores

RNG = np.random.default_rng(8)
X = RNG.normal(size=(80, 3))
NOISY = X[:, 0] + np.abs(X[:, 1]) + RNG.normal(size=80)


# --8<-- [start:library]
@pytest.mark.parametrize("logistic", [False, True])
def test_the_library_with_depth_one(logistic):
    kind = GradientBoostingClassifier if logistic else GradientBoostingRegressor
    y = (NOISY > 1) * 1.0 if logistic else NOISY
    start, stumps = boost(X, y, 30, 0.1, logistic)
    model = kind(n_estimators=30, max_depth=1).fit(X, y)
    told = start + sum(stump.add(X) for stump in stumps)
    score = model.decision_function(X) if logistic else model.predict(X)
    np.testing.assert_allclose(told, score, atol=1e-6)


# --8<-- [end:library]


def test_the_edges():
    start, stumps = boost(X, np.full(80, 2.0), 5, 0.1)
    assert (start, stumps) == (2.0, [])
    with pytest.raises(ValueError, match="0 and 1"):
        boost(X, np.ones(80), 5, 0.1, logistic=True)
    still = np.zeros(80)
    assert next_scores(X, np.ones(80), still, 0.1) is still  # nothing to split
    losses = []
    for rounds in (0, 5, 50):
        start, stumps = boost(X, NOISY, rounds, 0.3)
        told = start + sum((stump.add(X) for stump in stumps), np.zeros(80))
        losses.append(((told - NOISY) ** 2).sum())
    assert losses == sorted(losses, reverse=True)


def test_separable_labels_stay_finite():
    rows = np.array([[0.0], [1.0]])
    start, stumps = boost(rows, np.array([0.0, 1.0]), 2000, 1.0, logistic=True)
    score = start + sum(stump.add(rows) for stump in stumps)
    assert np.isfinite(score).all()
    assert score[0] < -30 < 30 < score[1]
    with pytest.raises(ValueError, match="0 and 1"):
        boost(rows, np.array([1.0, 2.0]), 1, 1.0, logistic=True)


# --8<-- [start:short]
def test_the_loss_falls_with_a_leaf_that_is_too_small():
    X, y = np.arange(8.0)[:, None], np.array([0.0] * 6 + [1, 1])
    start = np.log(1 / 3)
    score, losses = np.full(8, start), []
    for _ in range(50):
        score = next_scores(X, y, score, 0.1)
        losses.append(np.mean(np.logaddexp(0, score) - y * score))
    assert losses == sorted(losses, reverse=True)  # what people look at
    assert ((score > 0) == y).all()
    right = boost(X, y, 1, 1.0, logistic=True)[1][0]
    np.testing.assert_allclose([right.left, right.right], [-4 / 3, 4])
    wrong = next_scores(X, y, np.full(8, start), 1.0) - start
    np.testing.assert_allclose(wrong[[0, 7]], [-1 / 4, 3 / 4])


# --8<-- [end:short]
