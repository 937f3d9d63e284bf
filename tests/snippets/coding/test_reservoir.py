"""Sampling judged exactly: every possible draw of the generator is played through, so no chance is left in the test."""

import math
from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pytest

from snippets.coding.played import chances
from snippets.coding.reservoir import reservoir, weighted_sample
from snippets.coding.wrong_streams import sample


# --8<-- [start:fair]
def test_every_pair_of_four_is_equally_likely():
    pairs = chances(reservoir, "abcd", 2)
    assert len(pairs) == 6
    assert set(pairs.values()) == {Fraction(1, 6)}
    for short in ("", "a", "ab"):
        assert chances(reservoir, short, 2) == {tuple(short): 1}


def test_an_inclusive_end_starves_the_late():
    for short in ("", "a", "ab"):
        assert sample(short, 2, Random(0)) == list(short)
    kept = Counter()
    for pair, chance in chances(sample, "abcd", 2).items():
        kept.update(dict.fromkeys(pair, chance))
    # by the contract a half each
    assert kept["a"] == kept["b"] == Fraction(3, 5)
    assert kept["c"] == kept["d"] == Fraction(2, 5)
    for n in range(2, 7):  # one place: the first item comes twice as often, at any n
        one = chances(sample, range(n), 1)
        assert one[0,] == 2 * one[1,] == 2 * one[n - 1,] == Fraction(2, n + 1)


# --8<-- [end:fair]


@pytest.mark.parametrize(("left", "right", "k"), [("ab", "cde", 2), ("a", "bcd", 2)])
def test_samples_of_two_machines_merge_by_their_lengths(left, right, k):
    """The follow-up's rule, played through: each pair of all five or four is as likely."""

    def merged(items, k, rng):
        sides = [reservoir(half, k, rng) for half in (left, right)]
        lengths, out = [len(left), len(right)], []
        for _ in range(k):
            side = int(rng.randrange(sum(lengths)) >= lengths[0])
            lengths[side] -= 1
            out.append(sides[side].pop(rng.randrange(len(sides[side]))))
        return out

    found = chances(merged, left + right, k)
    pairs = math.comb(len(left + right), k)
    assert len(found) == pairs
    assert set(found.values()) == {Fraction(1, pairs)}


def test_priority_sampling_is_unbiased():
    """The larger of a weight and the (k+1)-th priority, over many draws, is the weight."""
    weights, k, rng = [8.0, 1.0, 1.0, 3.0], 2, np.random.default_rng(0)
    priority = weights / (1 - rng.random((100_000, 4)))
    line = np.sort(priority, axis=1)[:, -k - 1, None]
    told = np.where(priority > line, np.maximum(weights, line), 0)
    noise = told.std(axis=0) / len(told) ** 0.5
    assert (np.abs(told.mean(axis=0) - weights) < 4 * noise).all()


def test_no_places():
    assert reservoir("abc", 0, Random(0)) == []
    assert weighted_sample([("a", 1.0)], 0, Random(0)) == []


def by_turns(weights, k):
    """Exact chance of each ordered draw: by weight among those left."""
    found = {}
    for order in permutations(weights, k):
        chance, left = Fraction(1), sum(weights.values())
        for item in order:
            chance *= Fraction(weights[item], left)
            left -= weights[item]
        found[order] = chance
    return found


# --8<-- [start:weighted]
def test_weighted_draws_are_draws_by_turns():
    weights, rounds, rng = {"a": 8, "b": 1, "c": 1}, 20_000, Random(0)
    drawn = Counter(
        tuple(weighted_sample(weights.items(), 2, rng)) for _ in range(rounds)
    )
    for order, chance in by_turns(weights, 2).items():
        noise = math.sqrt(chance * (1 - chance) / rounds)
        assert abs(drawn[order] / rounds - chance) < 4 * noise


# --8<-- [end:weighted]


def test_weights_at_the_edges():
    rng = Random(1)
    assert weighted_sample([("a", 0.0), ("b", 2.0)], 2, rng) == ["b"]
    assert weighted_sample([], 2, rng) == []
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="row 1"):
            weighted_sample([("a", 1.0), ("b", bad)], 1, rng)
    same = [
        weighted_sample([(i, w * (i + 1.0)) for i in range(9)], 4, Random(7))
        for w in (1, 1000)
    ]
    assert same[0] == same[1]  # only ratios matter
