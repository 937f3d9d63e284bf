"""Logistic regression against scikit-learn, and its gradient against differences."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from snippets.coding.logistic import fit, gap, gradient, loss
from snippets.coding.wrong_scratch import slope

RNG = np.random.default_rng(3)
X = RNG.normal([0, 1, -1], size=(60, 3))
Y = (RNG.random(60) < 1 / (1 + np.exp(-1 - X[:, 0]))).astype(float)


# --8<-- [start:check]
def test_the_gradient_where_nothing_is_zero():
    rng = np.random.default_rng(0)
    for w in rng.normal(size=(20, 4)):
        f, df = (lambda v: loss(v, X, Y, 0.1)), (lambda v: gradient(v, X, Y, 0.1))
        assert gap(f, df, w, 1e-5) < 1e-7


def test_the_same_model_in_the_library():
    model = LogisticRegression(C=1 / (len(Y) * 0.1), tol=1e-10, max_iter=10_000)
    w = fit(X, Y, 0.1)
    np.testing.assert_allclose(w[0], model.fit(X, Y).intercept_[0], atol=1e-5)
    np.testing.assert_allclose(w[1:], model.coef_[0], atol=1e-5)


# --8<-- [end:check]


# --8<-- [start:wrong]
def test_a_check_at_zero_cannot_see_a_penalty():
    def off(slope, w):
        return gap(lambda v: loss(v, X, Y, 0.1), lambda v: slope(v, X, Y, 0.1), w, 1e-5)

    start = np.zeros(4)
    no_intercept = np.array([0, 0.5, -0.5, 1])
    for usual in (start, no_intercept):
        assert off(gradient, usual) < 1e-7
        assert off(slope, usual) < 1e-7
    elsewhere = np.array([2, 0.5, -0.5, 1])
    assert off(gradient, elsewhere) < 1e-7
    assert off(slope, elsewhere) > 0.1
    wrong = slope(elsewhere, X, Y, 0.1) - gradient(elsewhere, X, Y, 0.1)
    np.testing.assert_allclose(wrong, [0.1 * 2, 0, 0, 0], atol=1e-12)


# --8<-- [end:wrong]


def test_the_edges():
    far = np.array([1000.0, 0, 0, 0])
    assert loss(far, X, np.zeros(60), 0) == 1000
    assert np.isfinite(gradient(-far, X, Y, 0)).all()
    for labels in (np.ones(60), 2 * Y - 1, Y + 1):
        with pytest.raises(ValueError, match="0 and 1"):
            fit(X, labels, 0.1)
    line = np.array([[-1.0], [1.0]])
    with pytest.raises(RuntimeError, match="converged"):
        fit(line, np.array([0.0, 1.0]), 0, most=2000)  # separable: no finite answer
    assert np.isfinite(fit(line, np.array([0.0, 1.0]), 0.1)).all()
