"""Speculative decoding: tokens gained, and their price. Serves docs/chapters/llm-systems/serving.md.

A draft proposes k tokens; the model checks them in one pass and keeps those up to the first that it rejects, and adds one of its own.
"""

from random import Random

from snippets.lifecycle._inputs import not_negative, whole


# --8<-- [start:speculative]
def expected_tokens(accept: float, drafted: int) -> float:
    """Tokens gained in one round: 1 + α + … + α^k = (1 − α^(k+1)) / (1 − α).

    `accept` is α, the chance that a drafted token is kept, the same and independent
    at each place; 1 gives k + 1, and no draft gives 1. O(1). Leviathan et al. 2023.
    """
    k = whole(drafted, "drafted", least=0)
    if not 0 <= accept <= 1:
        raise ValueError(f"accept is {accept}: it must lie between 0 and 1")
    return k + 1.0 if accept == 1 else (1 - accept ** (k + 1)) / (1 - accept)


def speed_up(
    accept: float,
    drafted: int,
    draft_cost: float,
    check_cost: float = 1.0,
) -> float:
    """Pace with a draft over pace without.

    Costs in passes of the plain model: a drafted token's, and that of the pass that
    checks k + 1 at once. That is 1 while memory is the limit and up to k + 1 when
    compute is. Below 1 the draft slows the answer. O(1).
    """
    drafting = drafted * not_negative(draft_cost, "draft_cost")
    round_cost = drafting + not_negative(check_cost, "check_cost")
    return expected_tokens(accept, drafted) / round_cost


# --8<-- [end:speculative]


def simulated_tokens(accept: float, drafted: int, rounds: int, seed: int) -> float:
    """Mean tokens a round, by drawing each acceptance: what `expected_tokens` claims.

    O(rounds × drafted).
    """
    random, total = Random(seed), 0
    for _ in range(rounds):
        kept = next((i for i in range(drafted) if random.random() >= accept), drafted)
        total += kept + 1
    return total / rounds
