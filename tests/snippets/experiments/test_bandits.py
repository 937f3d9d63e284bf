"""Bandits against what is known of them in closed form or by one more way to compute it."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from snippets.experiments import bandits
from snippets.experiments.bandits import drop_behind, play, split, split_then_best, thompson, ucb

RNG = np.random.default_rng(1)


def test_thompson_draws_an_arm_as_often_as_it_is_likely_to_be_best():
    wins, tries = np.array([[3.0, 8.0]]), np.array([[20.0, 40.0]])
    arms = thompson(wins, tries, 40_000, np.random.default_rng(2))
    a, b = stats.beta(4, 18), stats.beta(9, 33)
    likely, _ = integrate.quad(lambda p: b.pdf(p) * a.cdf(p), 0, 1)
    assert arms.shape == (40_000, 1)
    assert arms.mean() == pytest.approx(likely, abs=0.01)


def test_ucb_takes_untried_arms_first_and_then_the_highest_bound():
    wins, tries = np.array([[5.0, 0.0, 2.0]]), np.array([[10.0, 0.0, 4.0]])
    assert ucb(wins, tries, 3, RNG).tolist() == [[1]] * 3
    tries[0, 1], wins[0, 1] = 100, 30
    bounds = [w / n + math.sqrt(2 * math.log(114) / n) for w, n in zip(wins[0], tries[0], strict=True)]
    assert ucb(wins, tries, 1, RNG)[0, 0] == np.argmax(bounds)
    assert ucb(wins, tries, 1, RNG, variance=0.0)[0, 0] == np.argmax(wins / tries)
    assert ucb(np.zeros((2, 3)), np.zeros((2, 3)), 1, RNG).tolist() == [[0, 0]]


def test_an_even_split_loses_what_its_arms_lack():
    loss, wins, tries = play(split, [(0.1, 0.3)] * 50, 100, 40, seed=3)
    assert loss.sum(axis=1).mean() == pytest.approx(0.1 * 5_000)
    assert tries.sum(axis=1).tolist() == [5_000] * 40
    assert (wins / tries).mean(axis=0) == pytest.approx([0.1, 0.3], abs=0.005)


def test_split_then_best_stops_and_chooses_as_the_normal_law_says():
    views, size = 2_000, 100
    loss, _, _ = play(split_then_best(views), [(0.10, 0.11)] * 30, size, 2_000, seed=4)
    wrong = (loss[:, -1] > 0).mean()
    error = math.sqrt((0.1 * 0.9 + 0.11 * 0.89) / (views / 2))
    assert wrong == pytest.approx(stats.norm.cdf(-0.01 / error), abs=0.03)
    assert np.ptp(loss[:, 20:], axis=1).max() < 1e-9  # nothing changes any more
    assert loss[:, :20].mean() == pytest.approx(0.005 * size)


def test_a_text_is_dropped_once_it_is_behind_and_never_comes_back():
    choose = drop_behind(1.3)
    tries = np.array([[100.0, 100, 100], [100, 100, 100], [100, 40, 100]])
    wins = np.array([[10.0, 11, 20], [10, 12, 11], [10, 39, 10]])
    arms = choose(wins, tries, 120, RNG)
    error = math.sqrt(2 * (41 / 300) * (259 / 300) / 100)
    assert (0.20 - 0.11) / error > 1.3 > (12 - 10) / 100 / error
    counts = [[int((arms[:, w] == arm).sum()) for arm in range(3)] for w in range(3)]
    assert counts == [[0, 0, 120], [40, 40, 40], [60, 0, 60]]  # the third world's second text was dropped earlier
    assert choose(np.zeros((1, 3)), np.zeros((1, 3)), 3, RNG).ravel().tolist() == [0, 1, 2]


def test_dropping_two_texts_against_a_walk_by_hand():
    loss, _, tries = play(drop_behind(1.0), [(0.10, 0.13)] * 20, 200, 1_500, seed=8)
    rng, lost = np.random.default_rng(9), []
    for _ in range(3_000):
        wins, n, here = np.zeros(2), 0, 0.0
        for batch in range(20):
            wins, n, here = wins + rng.binomial(100, (0.10, 0.13)), n + 100, here + 100 * 0.03
            p = wins.sum() / (2 * n)
            if abs(wins[0] - wins[1]) / n > math.sqrt(2 * p * (1 - p) / n):
                here += (19 - batch) * 200 * 0.03 * (wins[0] > wins[1])
                break
        lost.append(here)
    assert loss.sum(axis=1).mean() == pytest.approx(np.mean(lost), rel=0.12)
    assert tries.sum(axis=1).tolist() == [4_000] * 1_500


def test_late_rewards_arrive_all_the_same_and_are_used_late():
    seen = []

    def watch(wins, tries, size, rng):
        seen.append(tries[0].sum())
        return split(wins, tries, size, rng)

    _, _, tries = play(watch, [(0.1, 0.2)] * 5, 10, 1, seed=5, delay=2)
    assert seen == [0, 0, 0, 10, 20]
    assert tries.sum() == 50


def test_rates_may_move():
    loss, _, _ = play(thompson, [(0.1, 0.5)] * 20 + [(0.5, 0.1)] * 1, 50, 30, seed=6)
    assert loss[:, 19].mean() < 1
    assert loss[:, 20].mean() == pytest.approx(0.4 * 50, rel=0.05)


def test_losses_grow_like_a_logarithm_for_thompson():
    loss, _, _ = play(thompson, [(0.3, 0.5)] * 200, 10, 60, seed=7)
    first, last = loss[:, :20].sum(axis=1).mean(), loss[:, -20:].sum(axis=1).mean()
    assert last < first / 10


def test_the_module_names_its_page():
    assert "observational.md" in bandits.__doc__
