"""Cross-entropy from logits, without overflow and without a clip. Serves docs/chapters/coding/numerics.md."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:plain]
def binary_loss(label: int, logit: float) -> float:
    """−log of the probability that sigmoid(logit) gives to the label, in nats.

    log(1 + e^−m) of the margin m, which is the logit, or its negative for label 0.
    The exponent is never positive. Infinite logits give 0 or inf; NaN gives NaN.
    """
    margin = logit if label else -logit
    return max(-margin, 0.0) + math.log1p(math.exp(-abs(margin)))


# --8<-- [end:plain]


# --8<-- [start:numpy]
def softmax_losses(logits: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """−log softmax(logits)[label] a row: (n, k) and (n,) give (n,), in nats.

    A class masked by −inf has probability 0, and as a label costs inf. A row with
    NaN, +inf or nothing but −inf raises, as does a label that is no class: −1 would
    take the last. O(nk) time and memory.
    """
    n, k = logits.shape
    if labels.shape != (n,) or ((labels < 0) | (labels >= k)).any():
        raise ValueError("want one label a row, from 0 to k − 1")
    top = logits.max(axis=1, keepdims=True)  # (n, 1), so that it broadcasts by row
    if not np.isfinite(top).all():
        raise ValueError("a row has NaN, +inf, or no class that is allowed")
    shifted = logits - top  # at most 0: exp can't overflow, and one term is 1
    total = np.log(np.exp(shifted).sum(axis=1))
    return np.asarray(total - shifted[np.arange(n), labels])


# --8<-- [end:numpy]
