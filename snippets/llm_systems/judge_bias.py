"""Position and length bias of a pairwise judge, measured and taken out. Serves docs/chapters/llm-systems/evaluation.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from snippets.metrics.llm import Rate
from snippets.metrics.uncertainty import Interval, z_score


# --8<-- [start:order]
class Pair(NamedTuple):
    """One question answered by A and by B, and judged twice."""

    b_wins_first: bool  # verdict when B was shown first
    b_wins_second: bool  # verdict when B was shown second
    longer: float = 0.0  # ln(words of B / words of A)


def first_wins(pairs: Sequence[Pair]) -> Rate:
    """Of the pairs whose verdict turns with the order, those won by whatever came first.

    Half of them means no position bias. A judge that never contradicts itself gives
    0 of 0. O(n).
    """
    torn = [p for p in pairs if p.b_wins_first != p.b_wins_second]
    return Rate(sum(p.b_wins_first for p in torn), len(torn))


def win_share(pairs: Sequence[Pair], confidence: float = 0.95) -> tuple[float, Interval]:
    """B's wins with both orders asked: a torn pair counts half, and the pair is the unit.

    Two verdicts on one pair are not two pairs: the interval uses the spread between
    pairs. Fewer than two pairs raise `ValueError`. O(n).
    """
    if (n := len(pairs)) < 2:
        raise ValueError(f"{n} pairs: at least 2 are needed")
    scores = [(p.b_wins_first + p.b_wins_second) / 2 for p in pairs]
    mean = sum(scores) / n
    variance = sum((s - mean) ** 2 for s in scores) / (n - 1) / n
    reach = z_score(confidence) * math.sqrt(variance)
    return mean, Interval(max(0.0, mean - reach), min(1.0, mean + reach))


# --8<-- [end:order]


# --8<-- [start:length]
class Controlled(NamedTuple):
    """B's wins if both answers were equally long and neither came first."""

    share: float
    interval: Interval
    length: float  # log odds for B when it is e times as long
    position: float  # log odds for coming first


def controlled_win_share(pairs: Sequence[Pair], confidence: float = 0.95) -> Controlled:
    """Logistic regression of every verdict on version, length and position.

    The constant is the version at equal length, with order split. Errors are clustered by
    pair. If B or the first place wins all, or no length differs, the fit has no answer:
    `ValueError`. O(n) a step. After length-controlled win rates (Dubois et al. 2024).
    """
    n = len(pairs)
    x = np.array([(1.0, p.longer, side) for p in pairs for side in (0.5, -0.5)]).reshape(-1, 3)
    y = np.array([won for p in pairs for won in (p.b_wins_first, p.b_wins_second)], dtype=float)
    beta = np.zeros(3)
    if n < 2 or np.linalg.matrix_rank(x) < 3:
        raise ValueError("too few pairs, or none differ in length")
    for _ in range(25):  # Newton
        p = 1 / (1 + np.exp(-x @ beta))
        bread = np.linalg.pinv((x * (p * (1 - p))[:, None]).T @ x)
        beta = beta + bread @ (x.T @ (y - p))
        if np.abs(beta).max() > 15:
            raise ValueError("one side wins everywhere: there is nothing to fit")
    per_pair = (x * (y - p)[:, None]).reshape(n, 2, 3).sum(axis=1)
    spread = bread @ (per_pair.T @ per_pair) @ bread
    reach = z_score(confidence) * math.sqrt(spread[0, 0])

    def share(log_odds: float) -> float:
        return 1 / (1 + math.exp(-log_odds))

    low, middle, high = (share(beta[0] + side * reach) for side in (-1, 0, 1))
    return Controlled(middle, Interval(low, high), float(beta[1]), float(beta[2]))


# --8<-- [end:length]
