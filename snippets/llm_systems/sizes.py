"""Bytes of a transformer: weights, cache, adapters, training. Serves docs/chapters/llm-systems/serving.md.

A gigabyte is 1e9 bytes. The shapes are those of a decoder with grouped-query attention and a gated feed-forward block, without
biases and norms, which weigh next to nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snippets.lifecycle._inputs import not_negative, positive, whole


# --8<-- [start:shape]
@dataclass(frozen=True)
class Shape:
    """A decoder: layers, width, query heads, key-value heads, head size."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    ffn: int
    vocabulary: int

    def kv_bytes(self, tokens: int = 1, number_bytes: float = 2) -> float:
        """Bytes of cached keys and values: the 2 is one of each. O(1)."""
        numbers = 2 * self.layers * self.kv_heads * self.head_size
        size = numbers * positive(number_bytes, "number_bytes")
        return size * whole(tokens, "tokens", least=0)


def requests_that_fit(
    memory: float,
    weights: float,
    reserve: float,
    a_request: float,
) -> int:
    """Requests whose caches fit at once beside the weights and a reserve, all in bytes.

    0 where the weights alone fill the memory. `a_request` is what a request *holds*:
    its longest possible cache if the server reserves that, its present one if it
    pages. O(1).
    """
    taken = positive(weights, "weights") + not_negative(reserve, "reserve")
    free = positive(memory, "memory") - taken
    return max(0, math.floor(free / positive(a_request, "a_request")))


# --8<-- [end:shape]


# --8<-- [start:admitted]
def admitted(
    tokens: Sequence[int],
    free: float,
    token_bytes: float,
    block: int = 16,
) -> tuple[int, float]:
    """Requests from the head of the line that fit, and the unused share of their bytes.

    `tokens[i]` is the longest context request i may reach; a cache is handed out in
    blocks of `block` tokens, so the last one is partly empty. Stops at the first that
    does not fit: a short one may not overtake. No request, or no room, gives (0, 0.0);
    a request of 0 tokens raises. O(n).
    """
    block_bytes = positive(token_bytes, "token_bytes") * whole(block, "block")
    room = math.floor(not_negative(free, "free") / block_bytes)
    count = held = used = 0
    for need in tokens:
        blocks = -(-whole(need, "tokens") // block)  # rounded up, in integers
        if held + blocks > room:
            break
        count, held, used = count + 1, held + blocks, used + need
    return count, (1 - used / (held * block)) if held else 0.0


# --8<-- [end:admitted]


def matrices(shape: Shape) -> dict[str, tuple[int, int]]:
    """The weight matrices of one layer as (inputs, outputs). O(1)."""
    inner, small = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    return {
        "q": (shape.width, inner),
        "k": (shape.width, small),
        "v": (shape.width, small),
        "o": (inner, shape.width),
        "gate": (shape.width, shape.ffn),
        "up": (shape.width, shape.ffn),
        "down": (shape.ffn, shape.width),
    }


def parameters(shape: Shape) -> int:
    """Weights of all layers, the input embedding and the output matrix, which are not shared. O(1)."""
    return shape.layers * sum(a * b for a, b in matrices(shape).values()) + 2 * shape.vocabulary * shape.width


def weight_bytes(count: float, bits: float, group: float = math.inf, scale_bits: float = 16) -> float:
    """Bytes of so many weights at `bits` each, with one scale of `scale_bits` for each group of weights.

    An infinite group means that scales are not counted. O(1).
    """
    if not group > 0:
        raise ValueError(f"group is {group}: it must be above 0")
    return positive(count, "count") * (positive(bits, "bits") + scale_bits / group) / 8


# --8<-- [start:lora]
def lora_parameters(shape: Shape, rank: int, names: tuple[str, ...] = ()) -> int:
    """Weights of low-rank pairs on the named matrices of every layer; none: on all.

    A matrix of a × b gets a × rank and rank × b, so rank · (a + b). An unknown name
    raises `KeyError`. O(number of matrices). Hu et al. 2021.
    """
    table = matrices(shape)
    pairs = [table[name] for name in names or tuple(table)]
    return shape.layers * whole(rank, "rank") * sum(a + b for a, b in pairs)


def training_bytes(
    frozen: float,
    trained: float,
    frozen_bits: float = 16,
) -> float:
    """Bytes of weights, gradients and optimizer, without activations.

    A trained weight takes 16: 2 for itself and 2 for its gradient in 16 bits, and in
    32 bits a master copy (4) and Adam's two moments (8). A frozen one takes its bits
    and nothing more. O(1).
    """
    still = not_negative(frozen, "frozen") * frozen_bits / 8
    return still + not_negative(trained, "trained") * 16


# --8<-- [end:lora]


# --8<-- [start:int8]
def quantize(
    weights: NDArray[np.float64],
    by_row: bool = True,
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Integers from −127 to 127 and the scales that bring them back: weights ≈ q · scale.

    Takes a matrix (rows × columns); one scale a row, or one for all. The largest
    number of a scale's group maps to ±127, so no error exceeds half a scale. A group
    of zeros gets scale 1. Empty or not finite raises. O(n).
    """
    values = np.asarray(weights, dtype=np.float64)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ValueError("weights must be a matrix of finite numbers with at least one")
    top = np.abs(values).max(axis=1 if by_row else None, keepdims=True)
    scale = np.where(top > 0, top / 127, 1.0)
    return np.rint(values / scale).astype(np.int8), scale


# --8<-- [end:int8]
