"""What a red team's zeros and a detector's recall are worth. Serves docs/chapters/llm-systems/safety.md."""

import math

from snippets.metrics._inputs import fraction, whole


# --8<-- [start:bound]
def upper_bound(successes: int, trials: int, confidence: float = 0.95) -> float:
    """The largest success rate that still explains so few successes, one-sided, exactly.

    The rate at which `successes` or fewer have a chance of 1 − confidence (Clopper and
    Pearson). With none it is 1 − (1 − confidence)^(1/n), about 3/n. No trial says
    nothing and gives 1. Bisection; O(60 · successes).
    """
    n, k = whole(trials, "trials"), whole(successes, "successes")
    miss = 1 - fraction(confidence, "confidence", open_ends=True)
    if k > n:
        raise ValueError(f"successes is {k}, more than the {n} trials")
    if k == n:
        return 1.0

    def at_most_k(rate: float) -> float:
        return math.fsum(math.comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k + 1))

    low, high = k / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most_k(middle) > miss else (low, middle)
    return high


def chance_to_see(rate: float, tests: int) -> float:
    """Chance of at least one success in so many independent tests at this rate. O(1)."""
    return 1 - (1 - fraction(rate, "rate")) ** whole(tests, "tests")


# --8<-- [end:bound]


def tries_for(recall: float, chance: float) -> int:
    """Independent tries after which at least one has passed a detector with this chance; recall below 1."""
    if fraction(recall, "recall") == 1:
        raise ValueError("recall is 1: no number of tries passes")
    wanted = fraction(chance, "chance", open_ends=True)
    return 1 if recall == 0 else math.ceil(math.log(1 - wanted) / math.log(recall) - 1e-12)


def passes_before_strikes(recall: float, strikes: int) -> float:
    """Chance that an attacker passes before the account is closed at so many flags, if tries are independent."""
    return 1 - fraction(recall, "recall") ** whole(strikes, "strikes")


def best_of(mean: float, phrasings: int) -> float:
    """Expected success rate of the best of so many phrasings, when rates follow a Beta(1, b) with this mean.

    The largest of n is 1 − n · B(n, 1 + 1/b) on average, since 1 − rate = U^(1/b) for a uniform U. One phrasing gives the mean.
    """
    share, n = fraction(mean, "mean", open_ends=True), whole(phrasings, "phrasings", least=1)
    b = 1 / share - 1
    return 1 - math.exp(math.lgamma(n + 1) + math.lgamma(1 + 1 / b) - math.lgamma(n + 1 + 1 / b))
