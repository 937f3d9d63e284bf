"""Wrong on purpose: versions that pass the tests most people write. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snippets.coding.attention import Array, Mask, attention
from snippets.coding.bpe import Pair
from snippets.coding.network import Net
from snippets.coding.pca import Components


# --8<-- [start:nan-row]
def masked_attention(
    q: Array, k: Array, v: Array, real: Mask | None = None, causal: bool = False
) -> Array:
    """Attention over the keys that are real and not in the future; softmax is stable."""
    n, m = q.shape[-2], k.shape[-2]
    seen = np.tri(n, m, m - n, dtype=bool) if causal else np.ones((n, m), dtype=bool)
    if real is not None:
        seen = seen & real[..., None, :]
    scores = np.where(seen, q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]), -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True) @ v)


# --8<-- [end:nan-row]


# --8<-- [start:straight-reshape]
def straight_reshape(x: Array, heads: int) -> Array:
    """Causal self-attention of x (n, d) in `heads` heads, each of width d / heads."""
    n, d = x.shape
    split = x.reshape(heads, n, d // heads)
    return attention(split, split, split, causal=True).reshape(n, d)


# --8<-- [end:straight-reshape]


# --8<-- [start:longest]
def encode_longest(word: bytes, learned: dict[Pair, int]) -> list[int]:
    """The tokens of one word: at each place the longest token that fits."""
    spelled = {byte: bytes([byte]) for byte in range(256)}
    for (left, right), new in learned.items():
        spelled[new] = spelled[left] + spelled[right]
    numbers = {text: number for number, text in spelled.items()}
    tokens, start = [], 0
    while start < len(word):
        stops = range(len(word), start, -1)
        stop = next(stop for stop in stops if word[start:stop] in numbers)
        tokens.append(numbers[word[start:stop]])
        start = stop
    return tokens


# --8<-- [end:longest]


# --8<-- [start:own-mean]
def project(fitted: Components, x: Array) -> Array:
    """Rows x (m, d) -> (m, k), their coordinates on the fitted directions."""
    centered = x - x.mean(axis=0)
    return np.asarray(centered @ fitted.directions.T)


# --8<-- [end:own-mean]


# --8<-- [start:new-weights]
def step_layers(net: Net, x: Array, y: NDArray[np.int64], rate: float) -> Net:
    """One step of gradient descent on the mean cross-entropy, last layer first."""
    hidden = np.tanh(x @ net.w1 + net.b1)
    logits = hidden @ net.w2 + net.b2
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    d_logits = (p - np.eye(p.shape[1])[y]) / len(x)
    w2 = net.w2 - rate * hidden.T @ d_logits
    b2 = net.b2 - rate * d_logits.sum(axis=0)
    d_hidden = d_logits @ w2.T * (1 - hidden**2)
    w1 = net.w1 - rate * x.T @ d_hidden
    b1 = net.b1 - rate * d_hidden.sum(axis=0)
    return Net(w1, b1, w2, b2)


# --8<-- [end:new-weights]
