"""Back-propagation: against differences of the loss, against scikit-learn's network, and on exclusive or."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from snippets.coding.network import (
    Net,
    loss_and_gradient,
    numeric_gradient,
    start,
    step,
    train,
)
from snippets.coding.worked_sequences import LABELS, XOR, right
from snippets.coding.wrong_sequences import step_layers


# --8<-- [start:gradient]
def test_the_gradient_is_the_slope_of_the_loss():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(7, 3)), rng.integers(0, 4, 7)
    net = start(3, 5, 4, seed=1)
    net = net._replace(b1=rng.normal(size=5), b2=rng.normal(size=4))  # not at zero
    _, gradient = loss_and_gradient(net, x, y)
    for mine, slope in zip(gradient, numeric_gradient(net, x, y), strict=True):
        assert mine == pytest.approx(slope, rel=1e-6, abs=1e-9)


# --8<-- [end:gradient]


def test_scikit_learn_takes_the_same_steps():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(6, 2)), np.array([0, 1, 2, 0, 1, 2])
    net = start(2, 4, 3, seed=3)
    theirs = MLPClassifier(
        (4,),
        activation="tanh",
        solver="sgd",
        alpha=0,
        batch_size=6,
        learning_rate_init=0.3,
        momentum=0,
        shuffle=False,
    )
    theirs.partial_fit(x, y, classes=[0, 1, 2])
    theirs.coefs_, theirs.intercepts_ = (
        [net.w1.copy(), net.w2.copy()],
        [net.b1.copy(), net.b2.copy()],
    )
    theirs._optimizer.params = (
        theirs.coefs_ + theirs.intercepts_
    )  # it holds the arrays of its own start
    theirs._optimizer.velocities = [np.zeros_like(p) for p in theirs._optimizer.params]
    for _ in range(5):
        theirs.partial_fit(x, y)
    net = train(net, x, y, 0.3, 5)
    for mine, other in zip(
        net,
        (
            theirs.coefs_[0],
            theirs.intercepts_[0],
            theirs.coefs_[1],
            theirs.intercepts_[1],
        ),
        strict=True,
    ):
        assert mine == pytest.approx(other)


def test_a_start_of_variance_one_over_inputs():
    net = start(400, 100, 50, seed=0)
    assert net.w1.std() * 20 == pytest.approx(1, rel=0.05)
    assert net.w2.std() * 10 == pytest.approx(1, rel=0.05)
    assert not net.b1.any()
    assert not net.b2.any()


def test_the_loss_by_hand_and_at_large_logits():
    zero = Net(*(np.zeros_like(w) for w in start(2, 3, 4, 0)))
    assert loss_and_gradient(zero, XOR, LABELS)[0] == pytest.approx(np.log(4))
    sure = zero._replace(b2=np.array([0.0, 1000, 0, 0]))
    assert loss_and_gradient(sure, XOR[:1], LABELS[:1])[0] == pytest.approx(1000)
    with pytest.raises(ValueError, match="no rows"):
        loss_and_gradient(zero, XOR[:0], LABELS[:0])


def test_a_class_outside_is_an_error_and_not_the_last_one():
    net = start(2, 3, 4, 0)
    for wrong in (-1, 4):
        with pytest.raises(ValueError, match="class"):
            loss_and_gradient(net, XOR, np.array([0, 1, 1, wrong]))
    with pytest.raises(ValueError, match="class"):  # (4, 1) would pair all with all
        loss_and_gradient(net, XOR, LABELS[:, None])


def test_from_zero_only_the_output_biases_learn_and_they_learn_the_shares():
    zero = Net(*(w * 0 for w in start(2, 8, 2, 0)))
    got = train(zero, XOR, np.array([0, 0, 0, 1]), 1.0, 500)
    assert not got.w1.any()
    assert not got.b1.any()
    assert not got.w2.any()
    p = np.exp(got.b2) / np.exp(got.b2).sum()
    assert p == pytest.approx([0.75, 0.25])


# --8<-- [start:dead]
def test_equal_weights_stay_equal_and_zero_weights_stay_zero():
    net = start(2, 8, 2, seed=0)
    assert right(net) == 4
    zero = train(Net(*(w * 0 for w in net)), XOR, LABELS, 1.0, 500)
    assert all(np.array_equal(w, w * 0) for w in zero)
    equal = Net(*(w * 0 + 0.5 for w in net))
    moved = train(equal, XOR, LABELS, 1.0, 500)
    assert np.ptp(moved.w1, axis=1).tolist() == [0, 0]  # eight copies of one unit
    assert right(equal) < 4
    nothing = numeric_gradient(zero, XOR, LABELS)
    assert all(slope == pytest.approx(0) for slope in nothing)  # the check passes here


# --8<-- [end:dead]


# --8<-- [start:new-weights]
def test_the_hidden_layer_needs_the_old_weights():
    net = start(2, 8, 2, seed=0)
    for _ in range(500):
        net = step_layers(net, XOR, LABELS, rate=1.0)
    assert right(net, steps=0) == 4  # it learns exclusive or
    one = np.ones((1, 1))
    net = Net(0.5 * one, np.zeros(1), np.array([[1.0, -1.0]]), np.zeros(2))
    label = np.array([1])
    _, gradient = loss_and_gradient(net, one, label)
    after = step(net, gradient, 1.0)
    wrong = step_layers(net, one, label, 1.0)
    assert wrong.w2 == pytest.approx(after.w2)
    assert after.w1.item() == pytest.approx(-0.626, abs=1e-3)
    assert wrong.w1.item() == pytest.approx(-0.254, abs=1e-3)


# --8<-- [end:new-weights]
