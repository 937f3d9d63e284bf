"""A two-layer network, its gradient by hand. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


# --8<-- [start:network]
class Net(NamedTuple):
    """w1 (d, h), b1 (h,), w2 (h, c), b2 (c,). A gradient has the same shapes."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array


def start(d: int, h: int, c: int, seed: int) -> Net:
    """Random weights of variance 1 / inputs, zero biases."""
    rng = np.random.default_rng(seed)
    w1 = rng.normal(size=(d, h)) / np.sqrt(d)
    w2 = rng.normal(size=(h, c)) / np.sqrt(h)
    return Net(w1, np.zeros(h), w2, np.zeros(c))


def loss_and_gradient(net: Net, x: Array, y: NDArray[np.int64]) -> tuple[float, Net]:
    """Mean cross-entropy of x (n, d) with classes y (n,), and its gradient.

    O(n·h·(d + c)) time, O(n·(h + c)) memory. No rows, or a class not from 0 to c - 1:
    error.
    """
    if not len(x):
        raise ValueError("no rows")
    if y.shape != (len(x),) or y.min() < 0 or y.max() >= len(net.b2):
        raise ValueError("one class a row, from 0 to c - 1")
    n = np.arange(len(x))
    hidden = np.tanh(x @ net.w1 + net.b1)  # (n, h)
    logits = hidden @ net.w2 + net.b2  # (n, c)
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    d_logits = np.exp(log_p)
    d_logits[n, y] -= 1
    d_logits /= len(x)  # the mean, once, here
    d_hidden = d_logits @ net.w2.T * (1 - hidden**2)  # tanh' from its own value
    gradient = Net(
        x.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_logits, d_logits.sum(axis=0)
    )
    return -float(log_p[n, y].mean()), gradient


def step(net: Net, gradient: Net, rate: float) -> Net:
    """All four at once, from the same point."""
    return Net(*(w - rate * g for w, g in zip(net, gradient, strict=True)))


def train(net: Net, x: Array, y: NDArray[np.int64], rate: float, steps: int) -> Net:
    """Full-batch gradient descent."""
    for _ in range(steps):
        net = step(net, loss_and_gradient(net, x, y)[1], rate)
    return net


# --8<-- [end:network]


# --8<-- [start:check]
def numeric_gradient(
    net: Net, x: Array, y: NDArray[np.int64], width: float = 1e-5
) -> Net:
    """Central differences of the loss, one weight at a time: two losses a weight."""
    slopes = []
    for place, array in enumerate(net):
        slope = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            sides = []
            for move in (width, -width):
                moved = array.copy()
                moved[index] += move
                there = net._replace(**{net._fields[place]: moved})
                sides.append(loss_and_gradient(there, x, y)[0])
            slope[index] = (sides[0] - sides[1]) / (2 * width)
        slopes.append(slope)
    return Net(*slopes)


# --8<-- [end:check]
