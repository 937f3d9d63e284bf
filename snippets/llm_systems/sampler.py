"""Temperature, top-k and top-p: from logits to the next token. Serves docs/chapters/llm-systems/generation.md."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


# --8<-- [start:sampler]
def token_distribution(
    logits: Sequence[float] | NDArray[np.float64],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> NDArray[np.float64]:
    """Probabilities of the next token: temperature, then top-k, then top-p, then rescaled.

    `logits` has shape (vocabulary,); −inf marks a forbidden token. Temperature 0 puts
    all on the largest logit. Top-p keeps the smallest set of likeliest tokens that
    holds at least p, the token that crosses p included, so one always stays. Ties go
    to the lower id. An empty vocabulary, NaN, +inf, every token forbidden, or a setting
    out of range raises `ValueError`. O(v log v). Top-p after Holtzman et al. 2019.
    """
    scores = np.asarray(logits, dtype=float)
    if scores.ndim != 1 or not scores.size or np.isnan(scores).any() or not np.isfinite(scores.max()):
        raise ValueError("logits: one dimension, no NaN or +inf, and a token that is allowed")
    if not (0 <= temperature < math.inf and 0 < top_p <= 1 and (top_k is None or top_k >= 1)):
        raise ValueError("needed: temperature >= 0, 0 < top_p <= 1, top_k >= 1")
    order = np.argsort(-scores, kind="stable")  # likeliest first, lower id first
    if temperature == 0:
        order, weights = order[:1], np.ones(1)
    else:
        with np.errstate(over="ignore"):  # a gap that overflows is −inf, and its weight 0
            weights = np.exp((scores[order[:top_k]] - scores.max()) / temperature)
        weights /= weights.sum()
        held = np.cumsum(weights)
        keep = 1 + int(np.searchsorted(held, top_p * (1 - 1e-12))) if top_p < 1 else weights.size
        weights = weights[:keep] / weights[:keep].sum()
    result = np.zeros(scores.size)
    result[order[: weights.size]] = weights
    return result


def draw(probabilities: NDArray[np.float64], uniform: float) -> int:
    """The token whose stretch of the cumulated probabilities holds the number in [0, 1).

    A token of probability 0 is never drawn, whatever the rounding. Probabilities that do
    not add up to 1, or a number outside, raise `ValueError`. O(v).
    """
    if not 0 <= uniform < 1 or not math.isclose(probabilities.sum(), 1):
        raise ValueError("needed: 0 <= uniform < 1, and probabilities that add up to 1")
    cumulated = np.cumsum(probabilities)
    return int(np.searchsorted(cumulated, uniform * cumulated[-1], side="right"))


# --8<-- [end:sampler]
