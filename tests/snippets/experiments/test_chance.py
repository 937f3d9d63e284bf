"""Each formula against SciPy, brute force or simulation."""

import math
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from snippets.experiments import chance


@pytest.mark.parametrize(("items", "cells"), [(0, 5), (1, 5), (3, 5), (5, 5), (6, 5), (2, 1)])
def test_collisions_by_counting_all(items, cells):
    rows = list(product(range(cells), repeat=items))
    assert chance.collision(items, cells) == pytest.approx(sum(len(set(row)) < items for row in rows) / len(rows))


def test_birthdays():
    assert chance.collision(22, 365) < 0.5 < chance.collision(23, 365)
    assert chance.items_for_collision(365, 0.5) == 23
    assert chance.items_for_collision(5, 1.0) == 6


@given(st.integers(1, 4), st.sampled_from([0.2, 0.5, 0.9, 1.0]))
def test_a_run_by_a_chain_of_states(length, p):
    # state k: so many in a row; from each, on to k + 1 or back to 0
    steps = np.zeros((length, length))
    steps[:, 0] = 1 - p
    steps[range(length - 1), range(1, length)] = p
    expected = np.linalg.solve(np.eye(length) - steps, np.ones(length))[0]
    assert math.isclose(chance.wait_for_run(p, length), expected)


def test_a_run_that_never_comes():
    assert chance.wait_for_run(0.0, 2) == math.inf
    assert chance.wait_for_run(0.3, 0) == 0


@pytest.mark.parametrize("draws", [1, 2, 10, 100])
def test_the_best_of_many_by_integration(draws):
    def density(x):
        return x * draws * stats.norm.pdf(x) * stats.norm.cdf(x) ** (draws - 1)

    assert chance.expected_best(draws) == pytest.approx(integrate.quad(density, -9, 9)[0], abs=2e-3)


def test_two_draws_have_a_closed_form():
    assert chance.expected_best(2) == pytest.approx(1 / math.sqrt(math.pi), abs=1e-3)


def test_visits_met_at_random():
    assert chance.met_at_random([5.0], [1.0]) == 5
    rng = np.random.default_rng(0)
    visits = rng.choice([2.0, 18.0], 100_000)
    met = rng.choice(visits, 50_000, p=visits / visits.sum())
    assert chance.met_at_random([2.0, 18.0], [0.5, 0.5]) == pytest.approx(met.mean(), rel=0.01)


def test_odds_are_bayes():
    prior, recall, false_alarms = 0.002, 0.8, 0.01
    by_bayes = prior * recall / (prior * recall + (1 - prior) * false_alarms)
    assert chance.after_evidence(prior, recall / false_alarms) == pytest.approx(by_bayes)
    assert chance.after_evidence(0.3) == pytest.approx(0.3)


def test_classes():
    assert chance.class_missing(0.01, 64) == pytest.approx(stats.binom.pmf(0, 64, 0.01))
    rng, rounds = Random(0), 4_000
    total = 0
    for _ in range(rounds):
        seen = set()
        while len(seen) < 5:
            seen.add(rng.randrange(5))
            total += 1
    assert chance.rows_to_see_all(5) == pytest.approx(total / rounds, rel=0.02)


def test_a_simulation_says_how_sure_it_is():
    share, half = chance.simulate(lambda rng: rng.random() < 0.2, rounds=2_000)
    assert abs(share - 0.2) < half == pytest.approx(1.96 * math.sqrt(share * (1 - share) / 2_000))


def test_what_never_happened_may_still_happen():
    share, half = chance.simulate(lambda _: False, rounds=1_000)
    assert share == 0
    assert (1 - half) ** 1_000 == pytest.approx(0.05, abs=0.001)  # a chance of 3/n stays unseen once in twenty times


@pytest.mark.parametrize(("limit", "mean"), [(0, 0.0), (0, 2.0), (3, 0.5), (10, 6.0), (10, 9.0)])
def test_arrivals_against_scipy(limit, mean):
    assert chance.more_than(limit, mean) == pytest.approx(stats.poisson.sf(limit, mean))


def test_arrivals_by_their_gaps():
    rng = Random(0)
    counts = [chance.arrivals(3.0, 2.0, rng) for _ in range(20_000)]
    assert np.mean(counts) == pytest.approx(6, abs=0.06)
    assert np.var(counts) == pytest.approx(6, rel=0.05)
