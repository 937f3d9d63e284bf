"""The training loop passes all its checks, agrees with a library, and each fault fails some check."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from snippets.coding import worked_testing
from snippets.coding.training import CHECKS, Model, data, predict, start, step
from snippets.coding.wrong_testing import (
    order_each,
    predict_by_column,
    rows_with_means,
    step_by_total,
    step_one_part,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_right_loop_passes(check):
    assert check(Model())


# --8<-- [start:faults]
def test_five_faults_and_what_shows_each():
    x, y = data()
    at = step(start(3, 3), x, y, 1.0)
    assert np.allclose(predict(at, x).sum(axis=1), 1)
    assert not np.allclose(predict_by_column(at, x).sum(axis=1), 1)
    assert (step_one_part(at, x, y, 1.0)["b"] == at["b"]).all()
    half, total = step_by_total(at, x[:8], y[:8], 1.0), step_by_total(at, x, y, 1.0)
    assert not np.allclose(
        half["w"], total["w"], rtol=0.5
    )  # twice the rows, twice the step
    mixed, labels = order_each(np.random.default_rng(0), x, y)
    assert (np.eye(3)[labels] != mixed.round().clip(0, 1)).any()  # pairs are torn
    assert (rows_with_means(x, y)[:, -1] != rows_with_means(x, y[::-1])[:, -1]).any()


# --8<-- [end:faults]


def test_a_balanced_batch_leaves_the_first_bias_where_it_was():
    x, y = data()
    balanced, unbalanced = (step(start(3, 3), x[:n], y[:n], 1.0) for n in (3, 4))
    assert np.allclose(balanced["b"], 0)
    assert (np.abs(unbalanced["b"]) > 0.05).all()


def test_each_fault_by_a_literal_table():
    assert {
        name: "".join("." if ok else "x" for ok in row)
        for name, row in worked_testing.matrix().items()
    } == {
        "softmax over rows": "x.x.x..",
        "bias never moves": "...x...",
        "sum for mean": ".....x.",
        "labels shuffled apart": "..x....",
        "label in a feature": "......x",
    }


def test_the_optimum_is_the_librarys():
    x, y = data(60)
    y = y[
        np.random.default_rng(5).permutation(60)
    ]  # not separable, so there is an optimum
    at = start(3, 3)
    for _ in range(4_000):
        at = step(at, x, y, 0.5)
    library = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5_000).fit(x, y)
    assert np.allclose(predict(at, x), library.predict_proba(x), atol=1e-4)
