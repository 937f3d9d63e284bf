"""Figures of the cards on training networks. Serves docs/chapters/fundamentals/networks.md.

Closed forms where there is one; two small networks in NumPy where there is none.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import binom, norm

from snippets import cases
from snippets.coding import network

Array = NDArray[np.float64]
Classes = NDArray[np.int64]


# Backpropagation


def three_classes(rows: int = 300, columns: int = 6, seed: int = 0) -> tuple[Array, Classes]:
    """Rows whose class is which of three products of two columns is largest: no line tells them apart."""
    x = np.random.default_rng(seed).standard_normal((rows, columns))
    return x, np.argmax(x[:, :3] * x[:, 3:6], axis=1)


def forgot_slope(net: network.Net, x: Array, y: Classes) -> network.Net:
    """The gradient of `coding.network`, but for the slope of tanh, which somebody forgot on the way back."""
    _, right = network.loss_and_gradient(net, x, y)
    hidden = np.tanh(x @ net.w1 + net.b1)
    logits = hidden @ net.w2 + net.b2
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(x)), y] -= 1
    back = p / len(x) @ net.w2.T
    return right._replace(w1=x.T @ back, b1=back.sum(axis=0))


Fault = Literal["none", "slope", "frozen"]


def gradient_with(fault: Fault, net: network.Net, x: Array, y: Classes) -> network.Net:
    """The gradient as it should be, without the slope of tanh, or with a first layer that gets none."""
    if fault == "slope":
        return forgot_slope(net, x, y)
    _, right = network.loss_and_gradient(net, x, y)
    return right if fault == "none" else right._replace(w1=np.zeros_like(net.w1), b1=np.zeros_like(net.b1))


@cache
def loss_after(fault: Fault, rows: int = 300, steps: int = 1_000, rate: float = 1.0) -> float:
    """Training loss of a network of 24 units after full-batch steps along one of these gradients."""
    x, y = three_classes(rows)
    net = network.start(x.shape[1], 24, 3, seed=1)
    for _ in range(steps):
        net = network.step(net, gradient_with(fault, net, x, y), rate)
    return network.loss_and_gradient(net, x, y)[0]


@cache
def check_error(fault: Fault, rows: int = 40) -> float:
    """Distance of the first layer's gradient from central differences, as a share of their length, at the start."""
    x, y = three_classes(rows)
    net = network.start(x.shape[1], 24, 3, seed=1)
    truth = network.numeric_gradient(net, x, y).w1
    return float(np.linalg.norm(gradient_with(fault, net, x, y).w1 - truth) / np.linalg.norm(truth))


def kept_bytes(rows: int, tokens: int, width: int, layers: int, number_bytes: int = 2) -> int:
    """Memory for one array (rows, tokens, width) a layer, kept from the forward pass for the backward one."""
    return rows * tokens * width * layers * number_bytes


# Initialization and activations


def spread_after(layers: int, variance_times_inputs: float, relu: bool = True) -> float:
    """Root mean square of the last layer's sums over the first's, at random weights without bias, wide layers.

    `variance_times_inputs` is the weights' variance times the number of inputs; ReLU halves a symmetric mean square. Without
    ReLU the layers are linear, which is what tanh is near zero.
    """
    return math.pow(variance_times_inputs / (2 if relu else 1), layers / 2)


def active_share(bias: float) -> float:
    """Share of rows in which a ReLU unit passes anything, if its sum without bias is standard normal."""
    return float(norm.cdf(bias))


def silent_chance(share: float, rows: int) -> float:
    """Chance that a unit active in this share of rows is silent in all of so many independent ones."""
    return math.pow(1 - share, rows)


# Optimizers and rates


def steps_plain(share: float, condition: float) -> int:
    """Steps of gradient descent at its best constant rate until this share of the worst distance is left.

    On a bowl whose curvatures have the ratio k = `condition`: a step leaves (k - 1) / (k + 1) of it.
    """
    return math.ceil(math.log(share) / math.log((condition - 1) / (condition + 1)))


def steps_momentum(share: float, condition: float) -> int:
    """The same with the best constants of heavy-ball momentum, by walking: from rest, for curvatures 1 and k."""
    root = math.sqrt(condition)
    rate, friction = 4 / (1 + root) ** 2, ((root - 1) / (root + 1)) ** 2
    w, last, steps = np.ones(2), np.ones(2), 0
    while np.abs(w).max() > share:
        w, last = w - rate * np.array([1, condition]) * w + friction * (w - last), w
        steps += 1
    return steps


def decay_left(rate: float, penalty: float, steps: int, noise: float = 1.0) -> float:
    """Share of a weight left by its decay alone. Adam with the penalty in its gradient divides it by the gradient's noise.

    Noise 1 is decoupled decay, and AdamW's for every weight. Holds while penalty times weight is far below the noise.
    """
    return math.pow(1 - rate * penalty / noise, steps)


def distance_left(rate: float, curvature: float, steps: int) -> float:
    """Share of the distance to the minimum left along a direction of this curvature; negative beyond the minimum."""
    return math.pow(1 - rate * curvature, steps)


def noise_floor(rate: float, curvature: float, noise: float, batch: int = 1) -> float:
    """Expected excess loss at which steps of a constant rate stay along one direction; below 2 / curvature only.

    `noise` is the standard deviation of one row's gradient.
    """
    if rate * curvature >= 2:
        raise ValueError("no floor: the rate is beyond 2 / curvature")
    return rate * noise**2 / batch / (2 * (2 - rate * curvature))


STEEP, FLAT = 1.0, 0.01  # curvatures
NOISE = 4.0  # standard deviation of the gradient along the steep direction; none along the flat one
START = 10.0  # distance from the minimum along the flat direction; none along the steep one


def expected_loss(steps: int, cut_at: int, rate: float = 0.1, cut: float = 10) -> float:
    """Expected excess loss on a steep noisy and a flat direction, with the rate divided by `cut` after `cut_at` steps."""
    variance, distance = 0.0, START
    for step in range(steps):
        now = rate if step < cut_at else rate / cut
        variance = (1 - now * STEEP) ** 2 * variance + (now * NOISE) ** 2
        distance *= 1 - now * FLAT
    return (STEEP * variance + FLAT * distance**2) / 2


# Normalization and dropout


def batch_norm(x: Array) -> Array:
    """Each column of x (rows, columns) less its mean, over its spread, within the batch."""
    centered: Array = x - x.mean(axis=0)
    scaled: Array = centered / np.sqrt(x.var(axis=0) + 1e-12)
    return scaled


def layer_norm(x: Array) -> Array:
    """The same for each row, over its columns."""
    return batch_norm(x.T).T


def rms_norm(x: Array) -> Array:
    """Each row over its root mean square; the mean stays in."""
    scaled: Array = x / np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-12)
    return scaled


def pair_after(first: float, second: float) -> tuple[float, float]:
    """Two rows' values of one column after batch normalization over these two."""
    after = batch_norm(np.array([[first], [second]]))[:, 0]
    return float(after[0]), float(after[1])


def rms_leaves(mean: float, spread: float) -> tuple[float, float]:
    """Mean and spread of a row's values after division by their root mean square."""
    size = math.hypot(mean, spread)
    return mean / size, spread / size


def spread_at_serving(drop: float) -> float:
    """Spread of normalized sums at serving over training, if a batch norm behind the dropout learned its variance with it on.

    The sums' inputs have mean zero, and those kept are divided by 1 - drop.
    """
    return math.sqrt(1 - drop)


def dropout_penalty(drop: float) -> float:
    """What dropout on the inputs of least squares adds to the squared error, in Σ wⱼ² Σ xᵢⱼ²."""
    return drop / (1 - drop)


# Depth


def product(factor: float, times: int) -> float:
    """What so many equal factors make of one."""
    return math.pow(factor, times)


def clipped_rate(limit: float, batch: int = 100, rate: float = cases.payments.fraud_rate) -> float:
    """Where an intercept alone settles on average under batch gradients clipped to ±limit: its prediction.

    A batch with k positives has the gradient p - k / batch; at the place returned the mean of the clipped ones is zero.
    """
    k = np.arange(batch + 1)
    chances = binom.pmf(k, batch, rate)

    def pull(p: float) -> float:
        return float(chances @ np.clip(p - k / batch, -limit, limit))

    return float(brentq(pull, 1e-9, 1 - 1e-9, xtol=1e-12))


def skip_gradient(blocks: int, norm_after: bool) -> float:
    """What the path through all skips passes back from the end of a stack, at the start.

    Each branch adds as much variance as its normalized input has, uncorrelated. A norm after each addition divides by the
    root of 2 each time; norms inside the branches let the stream grow, and one at the end divides by its size.
    """
    return math.pow(2, -blocks / 2) if norm_after else 1 / math.sqrt(blocks + 1)


def last_share(blocks: int) -> float:
    """Share of the stream's variance that the last branch adds, with norms inside the branches."""
    return 1 / (blocks + 1)
