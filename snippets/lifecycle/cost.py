"""What training, staleness and serving cost. Serves docs/chapters/lifecycle.md.

Money in dollars. Prices are arguments: they age faster than the formulas.
"""

import math

from snippets.lifecycle._inputs import inside, not_negative, positive


# --8<-- [start:gpu-hours]
def training_gpu_hours(
    parameters: float,
    tokens: float,
    peak_flops: float,
    utilization: float,
) -> float:
    """GPU hours of a dense transformer's training: 6 × parameters × tokens operations.

    `peak_flops` is a GPU's peak in operations a second, `utilization` the share of it
    that goes into the model (MFU). The 6 is two for the forward pass and four for the
    backward pass, per parameter and token, attention over long contexts left out
    (Kaplan et al. 2020). O(1).
    """
    operations = 6 * positive(parameters, "parameters") * positive(tokens, "tokens")
    useful = positive(peak_flops, "peak_flops") * inside(utilization, "utilization")
    return operations / useful / 3_600


# --8<-- [end:gpu-hours]


def best_interval(run_cost: float, decay: float) -> float:
    """Days between retrainings with the least cost: the square root of 2 × cost / decay.

    A run costs `run_cost` dollars, people included. A model that is a day older loses
    `decay` dollars a day more, and again as much the next day. Then a day costs
    run_cost / T + decay × T / 2, as with stock that is ordered in lots. O(1).
    """
    return math.sqrt(2 * positive(run_cost, "run_cost") / positive(decay, "decay"))


def cost_a_day(interval: float, run_cost: float, decay: float) -> float:
    """Dollars a day of retraining every `interval` days and of being stale between. O(1)."""
    runs = positive(run_cost, "run_cost") / positive(interval, "interval")
    return runs + positive(decay, "decay") * interval / 2


def saturating_cost_a_day(interval: float, run_cost: float, worst: float, memory: float, born: float = 0.0) -> float:
    """Dollars a day when staleness levels off: a model whose data are t days old loses worst × (1 − exp(−t / memory)) a day.

    `born` is how old the newest labels are at training, in days, so the data age from `born` to `born + interval`. The mean over
    that span is closed. Everything positive, `born` at least 0. O(1).
    """
    span, scale = positive(interval, "interval"), positive(memory, "memory")
    kept = math.exp(-not_negative(born, "born") / scale) * scale * (1 - math.exp(-span / scale)) / span
    return positive(run_cost, "run_cost") / span + positive(worst, "worst") * (1 - kept)


def break_even_volume(fixed: float, own: float, bought: float) -> float:
    """Requests a day from which building is cheaper than buying.

    Building costs `fixed` dollars a day (machines, people) and `own` a request, buying
    `bought` a request. Infinite where one's own request is not cheaper. O(1).
    """
    saved = not_negative(bought, "bought") - not_negative(own, "own")
    return positive(fixed, "fixed") / saved if saved > 0 else math.inf
