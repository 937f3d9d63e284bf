"""Attention with padding and a causal mask. Serves docs/chapters/coding/scratch.md."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


# --8<-- [start:attention]
def attention(
    q: Array, k: Array, v: Array, real: Mask | None = None, causal: bool = False
) -> Array:
    """q (…, n, d), k (…, m, d), v (…, m, e) -> (…, n, e).

    `real` (…, m) is true for real keys, false for padding. `causal`: the last query
    is the last key, none sees a later one. A query that sees nothing gets zeros.
    O(n·m·(d + e)) time and O(n·m) memory for each leading index.
    """
    n, m = q.shape[-2], k.shape[-2]
    seen = np.tri(n, m, m - n, dtype=bool) if causal else np.ones((n, m), dtype=bool)
    if real is not None:
        seen = seen & real[..., None, :]
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    scores = np.where(seen, scores, -np.inf)  # before the softmax
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isinf(top), 0.0, top))
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / np.where(total == 0, 1.0, total) @ v)


# --8<-- [end:attention]


# --8<-- [start:heads]
def multi_head(
    x: Array,
    weights: tuple[Array, Array, Array, Array],  # for q, k, v and the output: (d, d)
    heads: int,
    real: Mask | None = None,
    causal: bool = False,
) -> Array:
    """x (b, n, d), real (b, n) -> (b, n, d). `heads` must divide d."""
    b, n, d = x.shape
    if d % heads:
        raise ValueError("heads must divide the width")

    def split(flat: Array) -> Array:  # (b, n, d) -> (b, heads, n, d / heads)
        return flat.reshape(b, n, heads, d // heads).swapaxes(1, 2)

    q, k, v = (split(x @ w) for w in weights[:3])
    keys = None if real is None else real[:, None]  # the same for each head
    mixed = attention(q, k, v, keys, causal)
    return np.asarray(mixed.swapaxes(1, 2).reshape(b, n, d) @ weights[3])


# --8<-- [end:heads]
