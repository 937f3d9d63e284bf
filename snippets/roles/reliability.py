"""How much a set of interview scores says about the candidate. Serves docs/chapters/roles.md.

A candidate has a level, standard normal over candidates: the mean over all interviews they could have had. One score is the
level plus noise. The reliability is the share of a score's variance that is level, and equals the correlation of two scores
of one candidate by two interviewers.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

NORMAL = NormalDist()


def inside(value: float, name: str) -> float:
    """Give the value back if it lies strictly between 0 and 1, else raise `ValueError`. O(1)."""
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} is {value}: it must lie strictly between 0 and 1")
    return value


# --8<-- [start:spearman-brown]
def spearman_brown(reliability: float, interviews: int) -> float:
    """Reliability of the mean of k interviews, each of the given reliability.

    k·r / (1 + (k − 1)·r). The interviews must be exchangeable: same scale, errors
    that don't move together. r strictly between 0 and 1, k at least 1. O(1).
    """
    if interviews < 1:
        raise ValueError(f"interviews is {interviews}: at least one is needed")
    r = inside(reliability, "reliability")
    return interviews * r / (1 + (interviews - 1) * r)


# --8<-- [end:spearman-brown]


class Selection(NamedTuple):
    """What a pass rule does to candidates, as shares."""

    passed: float  # of all candidates
    found: float  # of those above the bar, how many pass
    right: float  # of those who pass, how many are above the bar
    cut: float  # the score that had to be cleared


def chance_above(reliability: float, level: float, cut: float) -> float:
    """Chance that a standard normal score of this reliability lies above the cut, for a candidate of this level. O(1)."""
    return NORMAL.cdf((math.sqrt(reliability) * level - cut) / math.sqrt(1 - reliability))


def select(
    chance: Callable[[float, float], float], bar_share: float, pass_share: float, steps: int = 1_000
) -> Selection:
    """The shares when the cut is set so that `pass_share` of all candidates pass; the bar is the top `bar_share` by level.

    chance(level, cut) falls with the cut. Levels are summed by the midpoint rule on ±8, the cut is found by bisection.
    Shares strictly between 0 and 1, and a pass share that some cut reaches, else `ValueError`. O(40 · steps).
    """
    bar = NORMAL.inv_cdf(1 - inside(bar_share, "bar_share"))
    inside(pass_share, "pass_share")
    width = 16 / steps
    levels = [-8 + (i + 0.5) * width for i in range(steps)]
    masses = [NORMAL.cdf(level + width / 2) - NORMAL.cdf(level - width / 2) for level in levels]

    def at(cut: float) -> Selection:
        passing = [mass * chance(level, cut) for level, mass in zip(levels, masses, strict=True)]
        # a cell that holds the bar counts in part
        good = sum(p * min(1.0, max(0.0, (x - bar) / width + 0.5)) for p, x in zip(passing, levels, strict=True))
        passed = sum(passing)
        return Selection(passed, good / bar_share, good / passed, cut)

    low, high = -8.0, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle).passed > pass_share else (low, middle)
    found = at((low + high) / 2)
    if not math.isclose(found.passed, pass_share, rel_tol=1e-6):
        raise ValueError(f"pass_share is {pass_share}: no cut lets more than {found.passed:.3f} pass")
    return found


def by_mean(reliability: float, interviews: int, bar_share: float, pass_share: float) -> Selection:
    """Pass on the mean of all scores. Shares and reliability strictly between 0 and 1, else `ValueError`."""
    r = spearman_brown(reliability, interviews)
    return select(lambda level, cut: chance_above(r, level, cut), bar_share, pass_share)


def by_every(reliability: float, interviews: int, bar_share: float, pass_share: float) -> Selection:
    """Pass only if every score clears one cut. Shares and reliability strictly between 0 and 1, else `ValueError`."""
    spearman_brown(reliability, interviews)  # refuses what it should
    return select(lambda level, cut: chance_above(reliability, level, cut) ** interviews, bar_share, pass_share)


def rounds_until_failure(reliability: float, interviews: int, cut: float, steps: int = 1_000) -> float:
    """Mean number of rounds held when each score must clear the cut and the first failure ends it, `interviews` at most.

    The sum over j < k of the chance of clearing j rounds, averaged over levels. O(interviews · steps).
    """
    width = 16 / steps
    held = 0.0
    for i in range(steps):
        level = -8 + (i + 0.5) * width
        clear = chance_above(reliability, level, cut)
        held += NORMAL.pdf(level) * width * sum(clear**j for j in range(interviews))
    return held


def by_gate_then_mean(
    reliability: float, gate_share: float, interviews: int, bar_share: float, pass_share: float
) -> Selection:
    """One score lets `gate_share` through; of those, pass on the mean of so many further scores."""
    r = spearman_brown(reliability, interviews)
    gate = NORMAL.inv_cdf(1 - inside(gate_share, "gate_share"))
    return select(
        lambda level, cut: chance_above(reliability, level, gate) * chance_above(r, level, cut), bar_share, pass_share
    )


def correlation_interval(correlation: float, pairs: int, confidence: float = 0.95) -> tuple[float, float]:
    """Fisher's interval for a correlation measured on so many pairs, more than 3.

    Normal on the scale atanh(r) with spread 1/√(pairs − 3). O(1).
    """
    if pairs <= 3:
        raise ValueError(f"pairs is {pairs}: more than 3 are needed")
    if not -1.0 < correlation < 1.0:
        raise ValueError(f"correlation is {correlation}: it must lie strictly between -1 and 1")
    reach = NORMAL.inv_cdf((1 + inside(confidence, "confidence")) / 2) / math.sqrt(pairs - 3)
    center = math.atanh(correlation)
    return math.tanh(center - reach), math.tanh(center + reach)
