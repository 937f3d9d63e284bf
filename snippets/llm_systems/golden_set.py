"""A golden set: one item's verdict by rubric, and rates of a stratified sample weighted back to traffic.

Serves docs/chapters/llm-systems/evaluation.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from snippets.metrics._inputs import fraction, whole
from snippets.metrics.uncertainty import Interval, z_score


# --8<-- [start:rubric]
class Item(NamedTuple):
    """One golden question, written before any system answers it."""

    question: str
    facts: frozenset[str] = frozenset()  # what a right answer states; none: unanswerable
    must_not: frozenset[str] = frozenset()  # spoils any answer; a fact's opposite, too


class Reading(NamedTuple):
    """What a grader ticks on one reply, without knowing which system wrote it."""

    answered: bool  # False: handed over
    facts: frozenset[str] = frozenset()  # of the item's, those stated
    broken: frozenset[str] = frozenset()  # of the item's must-not, those found
    claims: int = 0  # claims that need support
    supported: int = 0  # of these, backed by the passages shown


class Verdict(NamedTuple):
    """Two judgments that never share a number."""

    outcome: str  # right, incomplete, wrong, handed over, needlessly handed over
    faithful: float  # supported over claims; NaN without a claim


def verdict(item: Item, reading: Reading) -> Verdict:
    """The outcome by the guide's decision order, and the share of claims supported.

    Harm first, then answerability, then facts, so that two graders who tick the same
    boxes cannot differ. "Incomplete" counts as wrong in every rate. Ticks that the item
    does not have, or more supported than claimed, raise `ValueError`. O(facts).
    """
    if not (reading.facts <= item.facts and reading.broken <= item.must_not):
        raise ValueError("the reading ticks what the item does not list")
    if not 0 <= reading.supported <= reading.claims:
        raise ValueError(f"{reading.supported} supported of {reading.claims} claims")
    faithful = reading.supported / reading.claims if reading.claims else math.nan
    if reading.broken:
        return Verdict("wrong", faithful)
    if not reading.answered:
        return Verdict("needlessly handed over" if item.facts else "handed over", faithful)
    if not item.facts or not reading.facts:
        return Verdict("wrong", faithful)
    return Verdict("right" if reading.facts == item.facts else "incomplete", faithful)


# --8<-- [end:rubric]


# --8<-- [start:weighted]
class Stratum(NamedTuple):
    """A part of traffic that can be told before anybody reads the question."""

    traffic: float  # its share of all questions
    sampled: int  # items drawn from it at random
    hits: int  # of these, with the property counted


class Weighted(NamedTuple):
    """A rate of all traffic from an uneven sample."""

    share: float
    interval: Interval
    pooled: float  # the same hits without weights: what the dashboard would show
    effective: float  # random items that would be as good, were strata alike (Kish)


def weighted_share(strata: Mapping[str, Stratum], confidence: float = 0.95) -> Weighted:
    """Weight each stratum's rate by its share of traffic, after Horvitz and Thompson.

    Every item counts traffic share / items drawn: one over its chance of being drawn.
    Shares must sum to 1 and each stratum needs an item, else `ValueError`: what was never
    drawn cannot be weighted. The variance uses (hits + 1) / (items + 2), so that a stratum
    without a hit is not taken for certain. O(strata).
    """
    for name, s in strata.items():
        fraction(s.traffic, f"traffic of {name}")
        if not 0 <= whole(s.hits, "hits") <= whole(s.sampled, "sampled", least=1):
            raise ValueError(f"{name} has {s.hits} hits of {s.sampled} items")
    if not math.isclose(sum(s.traffic for s in strata.values()), 1.0, abs_tol=1e-9):
        raise ValueError("the strata's traffic does not sum to 1")
    share = sum(s.traffic * s.hits / s.sampled for s in strata.values())
    smooth = {name: (s.hits + 1) / (s.sampled + 2) for name, s in strata.items()}
    variance = sum(s.traffic**2 * smooth[n] * (1 - smooth[n]) / s.sampled for n, s in strata.items())
    reach = z_score(confidence) * math.sqrt(variance)
    items = sum(s.sampled for s in strata.values())
    return Weighted(
        share,
        Interval(max(0.0, share - reach), min(1.0, share + reach)),
        sum(s.hits for s in strata.values()) / items,
        1 / sum(s.traffic**2 / s.sampled for s in strata.values()),
    )


# --8<-- [end:weighted]
