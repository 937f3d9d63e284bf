"""The small learner, against scikit-learn and finite differences."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from snippets.debugging import learn
from snippets.metrics.curves import roc_auc


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(600, 4))
    y = (rng.random(600) < learn.sigmoid(x @ np.array([1.0, -0.5, 0.3, 0.0]) - 1)).astype(float)
    return x, y


def test_the_sigmoid_holds_at_both_ends():
    with np.errstate(all="raise"):
        assert learn.sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
        assert learn.sigmoid(np.array([1.0]))[0] == pytest.approx(1 / (1 + np.exp(-1)))


def test_auc_with_ties_and_one_class(rows):
    x, y = rows
    scores = np.round(x[:, 0], 1)
    assert learn.auc(y, scores) == pytest.approx(roc_auc(y.astype(int), scores)) == roc_auc_score(y, scores)
    assert np.isnan(learn.auc(np.zeros(3), scores[:3]))
    assert np.isnan(learn.auc(np.ones(3), scores[:3]))


def test_log_loss_as_scikit_learn_has_it(rows):
    x, y = rows
    p = learn.sigmoid(x[:, 0])
    assert learn.mean_log_loss(y, p) == pytest.approx(log_loss(y, p))


@pytest.mark.parametrize("weighted", [False, True])
def test_newton_finds_what_scikit_learn_finds(rows, weighted):
    x, y = rows
    weights = np.where(y == 1, 3.0, 1.0) if weighted else None
    w = learn.fit_logistic(x, y, weights, ridge=2.0)
    other = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(x, y, sample_weight=weights)
    assert w[:-1] == pytest.approx(other.coef_[0], abs=1e-5)
    assert w[-1] == pytest.approx(other.intercept_[0], abs=1e-5)
    assert learn.predict(w, x) == pytest.approx(other.predict_proba(x)[:, 1], abs=1e-5)


def test_newton_does_not_overshoot_on_a_column_that_nearly_gives_the_label_away():
    rng = np.random.default_rng(2)
    y = np.zeros(50_000)
    y[:100] = 1
    told = (rng.random(len(y)) < np.where(y == 1, 0.7, 0.003)).astype(float)
    w = learn.fit_logistic(told[:, None], y)
    assert 4 < w[0] < 8 and -9 < w[1] < -6


def test_newton_stops_at_its_steps(rows):
    x, y = rows
    assert not np.allclose(learn.fit_logistic(x, y, steps=1), learn.fit_logistic(x, y), atol=1e-6)


def test_batches_take_every_row_once_in_order_or_shuffled():
    assert np.concatenate(list(learn.batches(7, 3, None))).tolist() == list(range(7))
    mixed = np.concatenate(list(learn.batches(7, 3, np.random.default_rng(0)))).tolist()
    assert mixed != list(range(7)) and sorted(mixed) == list(range(7))


def test_descent_ends_near_newton(rows):
    x, y = rows
    w, log = learn.sgd_logistic(x, y, 0.5, 600, 800, np.random.default_rng(0))
    assert w == pytest.approx(learn.fit_logistic(x, y, ridge=0.0), abs=1e-3)
    assert log[0].loss == pytest.approx(np.log(2)) and len(log) == 800
    assert log[-1].loss < log[0].loss and log[-1].accuracy > 0.5


def test_the_networks_step_follows_the_gradient(rows):
    """One step from the same start moves the loss down by rate · |gradient|², measured by finite differences."""
    x, y = rows
    rate = 1e-4
    before, curves = learn.fit_network((x, y), (x, y), 5, 0.0, 1, seed=3, size=600)
    _, moved = learn.fit_network((x, y), (x, y), 5, rate, 1, seed=3, size=600)
    squared = 0.0
    for layer in (0, 1):
        for place in np.ndindex(before[layer].shape):
            losses = []
            for sign in (1, -1):
                layers = [before.first.copy(), before.second.copy()]
                layers[layer][place] += sign * 1e-5
                losses.append(learn.mean_log_loss(y, learn.Network(*layers)(x)))
            squared += ((losses[0] - losses[1]) / 2e-5) ** 2
    assert (curves[0].train - moved[0].train) / rate == pytest.approx(squared, rel=1e-2)


def test_the_network_overfits_one_batch(rows):
    x, y = rows
    few = (x[:16], y[:16])
    net, curves = learn.fit_network(few, (x[16:], y[16:]), 64, 0.1, 400, seed=4, size=16)
    assert curves[-1].train < 0.01 < curves[-1].validation
    assert ((net(x[:16]) >= 0.5) == y[:16]).all()


def test_decay_keeps_the_weights_small(rows):
    x, y = rows
    free, _ = learn.fit_network((x, y), (x, y), 32, 0.05, 30, seed=5)
    held, _ = learn.fit_network((x, y), (x, y), 32, 0.05, 30, seed=5, decay=0.05)
    assert np.linalg.norm(held.first) < 0.8 * np.linalg.norm(free.first)
