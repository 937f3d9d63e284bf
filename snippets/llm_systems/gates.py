"""Release gates over a golden set, with what they stop by luck and what they see. Serves docs/chapters/llm-systems/evaluation.md."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import NamedTuple

from snippets.metrics._inputs import Numbers, fraction, fractions, row_count, whole

NORMAL = NormalDist()


# --8<-- [start:detectable]
def detectable(items: float, disagree: float, power: float = 0.8, two_sided: bool = True) -> float:
    """The smallest difference that a paired test on so many items sees with this power.

    `disagree` is the share of items whose verdict differs between the versions. From
    n = z² (d − δ²) / δ². A difference cannot exceed the disagreement: when only a larger
    one would show, the set shows nothing and the result is infinite. O(1).
    """
    if items <= 0:
        raise ValueError(f"items is {items}: more than 0 are needed")
    d = fraction(disagree, "disagree")
    z = NORMAL.inv_cdf(0.975 if two_sided else 0.95) + NORMAL.inv_cdf(power)
    seen = z * math.sqrt(d / (items + z * z))
    return seen if seen <= d else math.inf


# --8<-- [end:detectable]


def detectable_unpaired(items: float, share: float, power: float = 0.8) -> float:
    """The same when each version has its own items: z · √(2p(1 − p)/n), two-sided 5 %, shares near p. O(1)."""
    z = NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(power)
    p = fraction(share, "share")
    return z * math.sqrt(2 * p * (1 - p) / items)


def binomial(n: int, p: float, k: int) -> float:
    """Chance of exactly k of n. O(1)."""
    if p in (0.0, 1.0):
        return float(k == n * p)
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))


def stops(items: int, lost: float, won: float, least: int) -> float:
    """Chance that a gate stops a release: items lost minus items won reach `least`.

    Each item is lost or won with these chances, by itself. With lost = won it is the
    false-alarm rate. Lost and won at most 1 together, else `ValueError`. Exact,
    O(items²) at worst.
    """
    n = whole(items, "items")
    fraction(lost + won, "lost + won")
    won_else = won / (1 - lost) if lost < 1 else 0.0
    total = 0.0
    for gone in range(n + 1):
        if (chance := binomial(n, lost, gone)) > 1e-15:
            most = min(gone - least, n - gone)
            total += chance * sum(binomial(n - gone, won_else, k) for k in range(most + 1))
    return min(1.0, total)


def any_of(chance: float, slices: int) -> float:
    """Chance that at least one of several independent slices stops. O(1)."""
    return -math.expm1(whole(slices, "slices") * math.log1p(-chance)) if chance < 1 else float(slices > 0)


# --8<-- [start:gate]
class Gate(NamedTuple):
    """What a gate over fixed questions says."""

    change: float  # mean share passed, new minus old
    noise: float  # its standard error from reruns alone
    stops: bool


def gate(before: Numbers, after: Numbers, runs: int, z: float = 1.645) -> Gate:
    """Stop a release that fell on these questions.

    Each entry is the share of `runs` runs, at least 2, that passed. The noise counts
    reruns only: it answers "did these questions get worse", not "did traffic". No
    question raises `ValueError`. O(n).
    """
    old, new = fractions(before, "before"), fractions(after, "after")
    n, k = row_count(before=old, after=new), whole(runs, "runs", least=2)
    change = sum(new) / n - sum(old) / n
    noise = math.sqrt(sum(s * (1 - s) / (k - 1) for s in (*old, *new))) / n
    return Gate(change, noise, change < -z * noise)


def must_pass(failures: Mapping[int, int], allowed: int = 0) -> tuple[int, ...]:
    """The must-pass questions that failed more of their own runs than allowed: any stops the build.

    Its runs are not the gate's: one with none allowed for most questions, or three
    with one. O(n).
    """
    most = whole(allowed, "allowed")
    return tuple(q for q, failed in failures.items() if whole(failed, "failures") > most)


# --8<-- [end:gate]
