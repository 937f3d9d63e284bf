"""The figures on the cards by finite differences, by simulation, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from snippets.coding import network
from snippets.fundamentals import networks as card


def test_a_wrong_gradient_trains_like_a_frozen_layer() -> None:
    assert card.check_error("none") < 1e-6
    assert card.check_error("slope") > 0.5
    assert card.check_error("frozen") == 1
    blind = math.log(3)
    assert card.loss_after("none") < 0.05 < 0.85 * blind < card.loss_after("frozen") < blind
    assert abs(card.loss_after("slope") - card.loss_after("frozen")) < 0.05
    assert max(card.loss_after("slope", 16), card.loss_after("none", 16)) < 0.001


def test_what_was_forgotten_is_the_slope_of_tanh_alone() -> None:
    x, y = card.three_classes(40)
    net = network.start(x.shape[1], 5, 3, seed=2)._replace(w1=np.zeros((6, 5)))  # tanh has slope 1 at zero
    wrong, right = card.forgot_slope(net, x, y), network.loss_and_gradient(net, x, y)[1]
    for one, other in zip(wrong, right, strict=True):
        assert one == pytest.approx(other)


def test_the_task_can_be_learned_by_an_independent_network() -> None:
    x, y = card.three_classes()
    model = MLPClassifier((24,), activation="tanh", solver="lbfgs", alpha=0, max_iter=400, random_state=0).fit(x, y)
    p = model.predict_proba(x)[np.arange(len(y)), y]
    assert -np.log(p).mean() < 0.05
    assert np.bincount(y).min() > 80  # three nearly equal classes


def test_kept_arrays() -> None:
    assert card.kept_bytes(2, 3, 4, 5) == 2 * 3 * 4 * 5 * 2


@pytest.mark.parametrize(("gain", "relu"), [(1.0, True), (2.0, True), (2.42, True), (1.0, False), (0.8, False)])
def test_spread_through_random_layers(gain: float, relu: bool) -> None:
    layers, width, found = 8, 200, []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        first = sums = rng.standard_normal((width, 20))
        for _ in range(layers):
            values = np.maximum(sums, 0) if relu else sums
            sums = rng.normal(0, math.sqrt(gain / width), (width, width)) @ values
        found.append((sums**2).mean() / (first**2).mean())
    assert math.sqrt(np.mean(found)) == pytest.approx(card.spread_after(layers, gain, relu), rel=0.15)


def test_zero_weights_move_the_output_bias_alone_and_equal_units_stay_equal() -> None:
    x, y = card.three_classes(60)
    net = network.train(network.Net(np.zeros((6, 4)), np.zeros(4), np.zeros((4, 3)), np.zeros(3)), x, y, 0.5, 20)
    assert not net.w1.any()
    assert not net.w2.any()
    assert net.b2.any()
    same = network.train(
        network.Net(np.full((6, 4), 0.3), np.zeros(4), np.full((4, 3), 0.2), np.zeros(3)), x, y, 0.5, 20
    )
    assert np.ptp(same.w1, axis=1) == pytest.approx(0)
    assert np.ptp(same.w2, axis=0) == pytest.approx(0)
    last = network.train(network.start(6, 4, 3, 0)._replace(w2=np.zeros((4, 3))), x, y, 0.5, 2)
    assert np.abs(last.w1 - network.start(6, 4, 3, 0).w1).max() > 0


def test_active_units() -> None:
    z = np.random.default_rng(0).standard_normal(200_000)
    assert (z - 1.5 > 0).mean() == pytest.approx(card.active_share(-1.5), rel=0.03)
    silent = np.random.default_rng(1).binomial(1_000, 0.001, 50_000) == 0
    assert silent.mean() == pytest.approx(card.silent_chance(0.001, 1_000), abs=0.01)
    z = np.linspace(-8, 8, 10_001)
    p = 1 / (1 + np.exp(-z))
    assert (p * (1 - p)).max() == pytest.approx(0.25)


def test_steps_on_a_bowl() -> None:
    condition, share = 100.0, 1e-6
    curvature, w, steps = np.array([1.0, condition]), np.ones(2), 0
    while np.abs(w).max() > share:
        w = w - 2 / (1 + condition) * curvature * w
        steps += 1
    assert steps == card.steps_plain(share, condition)
    # each direction of the heavy ball has a double root -r or r at its best constants, so the distance is (1 + c t) r^t
    root = math.sqrt(condition)
    r = (root - 1) / (root + 1)
    t = card.steps_momentum(share, condition)
    steep = 1 - 4 / (1 + root) ** 2 * np.array([1, condition])  # the first step of each direction, from rest
    distances = [
        max(abs((1 + (first / sign - 1) * n) * r**n) for first, sign in zip(steep, (r, -r), strict=True))
        for n in (t - 1, t)
    ]
    assert distances[1] <= share < distances[0]


@pytest.mark.parametrize(("noise", "decoupled"), [(0.01, False), (1.0, False), (1.0, True), (0.01, True)])
def test_decay_inside_and_beside_adam(noise: float, decoupled: bool) -> None:
    rate, steps, weights = 0.001, 2_500, 300
    inside, beside = (0.0, 0.1) if decoupled else (0.001, 0.0)
    rng = np.random.default_rng(3)
    w, m, v = np.ones(weights), np.zeros(weights), np.zeros(weights)
    for t in range(1, steps + 1):
        g = noise * rng.standard_normal(weights) + inside * w
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) - rate * beside * w
    wanted = card.decay_left(rate, beside or inside, steps, 1.0 if decoupled else noise)
    assert w.mean() == pytest.approx(wanted, abs=0.02)


def test_adams_first_step_is_the_rate() -> None:
    for g in (1e-4, 1.0, 1e4):
        m, v = 0.1 * g / (1 - 0.9), 0.001 * g**2 / (1 - 0.999)
        assert m / math.sqrt(v) == pytest.approx(1)


def test_noise_floor_and_schedule_by_simulation() -> None:
    rng = np.random.default_rng(4)
    w = np.zeros(4_000)
    for _ in range(400):
        w -= 0.1 * (w + 4 / math.sqrt(2) * rng.standard_normal(4_000))
    assert (w**2).mean() / 2 == pytest.approx(card.noise_floor(0.1, 1, 4, batch=2), rel=0.08)
    assert card.expected_loss(8_000, 10**9) == pytest.approx(card.noise_floor(0.1, 1, card.NOISE))
    steep, flat = np.zeros(4_000), np.full(4_000, card.START)
    for step in range(300):
        rate = 0.1 if step < 200 else 0.01
        steep -= rate * (steep + card.NOISE * rng.standard_normal(4_000))
        flat -= rate * card.FLAT * flat
    assert (steep**2 + card.FLAT * flat**2).mean() / 2 == pytest.approx(card.expected_loss(300, 200), rel=0.05)
    with pytest.raises(ValueError, match="beyond"):
        card.noise_floor(2, 1, 1)


def test_the_early_cut_leads_and_loses() -> None:
    assert card.expected_loss(300, 200) < card.expected_loss(300, 1_800)
    assert card.expected_loss(2_000, 200) > 4 * card.expected_loss(2_000, 1_800)
    assert card.expected_loss(0, 0) == card.FLAT * card.START**2 / 2


def test_distance_left() -> None:
    w = 1.0
    for _ in range(5):
        w -= 3.2 * w
    assert w == pytest.approx(card.distance_left(3.2, 1, 5))


def test_norms() -> None:
    x = np.random.default_rng(5).normal(3, 1, (64, 1_000))
    assert card.batch_norm(x).mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert card.batch_norm(x).std(axis=0) == pytest.approx(1)
    assert card.layer_norm(x).std(axis=1) == pytest.approx(1)
    rms = card.rms_norm(x)
    assert (rms.mean(), rms.std()) == pytest.approx(card.rms_leaves(3, 1), abs=0.01)
    alone, among = card.layer_norm(x[:1]), card.layer_norm(x)[:1]
    assert alone == pytest.approx(among)
    assert card.batch_norm(x[:1]) == pytest.approx(np.zeros((1, 1_000)))
    assert card.pair_after(3, 3.1) == pytest.approx((-1, 1))
    assert card.pair_after(3, 300) == pytest.approx((-1, 1))


def test_dropout_is_a_ridge_that_knows_its_columns() -> None:
    rng = np.random.default_rng(6)
    x, y, w = rng.standard_normal((3, 2)) * [1, 10], rng.standard_normal(3), np.array([0.7, -0.2])
    drop = 0.3
    total = 0.0
    for mask in np.ndindex(*(2,) * 6):  # every mask, with its chance
        kept = np.array(mask).reshape(3, 2)
        chance = (1 - drop) ** kept.sum() * drop ** (6 - kept.sum())
        total += chance * float(((y - (x * kept / (1 - drop)) @ w) ** 2).sum())
    exact = ((y - x @ w) ** 2).sum() + card.dropout_penalty(drop) * (w**2 * (x**2).sum(axis=0)).sum()
    assert total == pytest.approx(exact)


def test_spread_at_serving() -> None:
    rng = np.random.default_rng(7)
    x, w = rng.standard_normal((4_000, 100)), rng.standard_normal(100)
    dropped = x * (rng.random(x.shape) < 0.5) / 0.5
    assert (x @ w).std() / (dropped @ w).std() == pytest.approx(card.spread_at_serving(0.5), rel=0.04)


def test_clipping_moves_the_intercept() -> None:
    assert card.clipped_rate(1) == pytest.approx(0.002)
    assert card.clipped_rate(0.05) == pytest.approx(0.002, rel=1e-4)
    rng = np.random.default_rng(8)
    score, late = math.log(0.002 / 0.998), []
    frauds = rng.binomial(100, 0.002, 40_000)
    for step, k in enumerate(frauds):
        p = 1 / (1 + math.exp(-score))
        score -= 5 * float(np.clip(p - k / 100, -0.005, 0.005))
        if step > 10_000:
            late.append(p)
    assert np.mean(late) == pytest.approx(card.clipped_rate(0.005), rel=0.08)


@pytest.mark.parametrize("after", [False, True])
def test_streams(after: bool) -> None:
    rng = np.random.default_rng(9)
    width, blocks = 300, 12
    first = x = card.rms_norm(rng.standard_normal((30, width)))
    path = 1.0  # what became of the input along the skips
    for _ in range(blocks):
        branch = card.rms_norm(x) @ rng.normal(0, 1 / math.sqrt(width), (width, width))
        x = x + branch
        if after:
            path /= math.sqrt((x**2).mean())
            x = card.rms_norm(x)
    if not after:
        size = math.sqrt((x**2).mean())
        path = 1 / size
        assert (branch**2).mean() / size**2 == pytest.approx(card.last_share(blocks), rel=0.1)
    assert path == pytest.approx(card.skip_gradient(blocks, after), rel=0.1)
    assert np.corrcoef((first * path).ravel(), card.rms_norm(x).ravel())[0, 1] == pytest.approx(path, abs=0.05)


def test_products() -> None:
    assert card.product(0.5, 3) == 0.125
