"""Time of a pass through a model: compute or memory, whichever is later. Serves docs/chapters/llm-systems/serving.md.

A *pass* reads all weights once and works on some tokens: many of one prompt (prefill) or one of each running answer (decode).
Rates are what the machine reaches, not its data sheet. Seconds, bytes, operations.
"""

from dataclasses import dataclass
from typing import NamedTuple

from snippets.lifecycle._inputs import not_negative, positive


@dataclass(frozen=True)
class Accelerator:
    """Operations a second and bytes a second that are reached, and bytes of memory."""

    flops: float
    bandwidth: float
    memory: float

    @property
    def ridge(self) -> float:
        """Operations a byte above which compute is the limit."""
        return self.flops / self.bandwidth


class Load(NamedTuple):
    """What a model asks of a pass."""

    weights: float  # parameters that every token meets
    weight_bytes: float  # bytes of all of them
    kv_bytes: float  # bytes of cache for each token of context
    attention: float  # operations for each token of context that a new token looks at


# --8<-- [start:pass]
def demands(
    load: Load,
    tokens: float,
    context: float,
    readers: float | None = None,
) -> tuple[float, float]:
    """Operations and bytes of one pass over `tokens` new tokens.

    Each meets every weight (2 operations) and looks at `context` earlier tokens.
    Weights are read once, the cache once for each of the `readers`, which is every
    token in decoding and 1 for a chunk of one prompt. O(1).
    """
    caches = tokens if readers is None else readers
    operations = tokens * (2 * load.weights + load.attention * context)
    return operations, load.weight_bytes + caches * load.kv_bytes * context


def pass_seconds(machine: Accelerator, operations: float, moved: float) -> float:
    """The later of computing and moving, if they overlap: the roofline. O(1)."""
    compute = not_negative(operations, "operations") / machine.flops
    return max(compute, not_negative(moved, "moved") / machine.bandwidth)


# --8<-- [end:pass]


def intensity(load: Load, tokens: float, context: float) -> float:
    """Operations for each byte moved when so many answers decode at once. O(1)."""
    operations, moved = demands(load, positive(tokens, "tokens"), context)
    return operations / moved


# --8<-- [start:crossover]
def crossover(machine: Accelerator, load: Load, context: float) -> float | None:
    """Answers at once from which decoding is bound by compute; None if no batch is.

    Each further answer brings operations and its own cache to read. Where the cache
    alone keeps memory busier than compute, the batch never catches up. O(1).
    """
    compute = (2 * load.weights + load.attention * context) / machine.flops
    memory = load.kv_bytes * not_negative(context, "context") / machine.bandwidth
    if compute <= memory:
        return None
    return load.weight_bytes / machine.bandwidth / (compute - memory)


def longest_context_with_crossover(machine: Accelerator, load: Load) -> float:
    """Tokens of context beyond which no batch makes decoding compute-bound.

    Infinite where the cache is so small that compute always wins. O(1).
    """
    spare = load.kv_bytes * machine.ridge - load.attention
    return 2 * load.weights / spare if spare > 0 else float("inf")


# --8<-- [end:crossover]
