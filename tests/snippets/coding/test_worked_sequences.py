"""The worked numbers, found again by other means."""

import numpy as np
import pytest

from snippets.coding import worked_sequences as w


def test_attention_moves_what_it_should():
    assert w.moves(True) == w.pairs() == sum(range(9))
    groups = [set(range(2 * g, 2 * g + 2)) for g in range(4)]  # two tokens a head
    assert w.moves(False) == sum(
        {i, j} <= g for g in groups for i in range(8) for j in range(i + 1)
    )
    assert w.moves(True, future=True) == w.moves(False, future=True) == 0
    assert (w.nan_rows(1), w.nan_rows(2), w.nan_rows(2, right=True)) == (1, 8, 0)
    assert w.score_megabytes(1000) == 8


def test_the_greedy_cut_is_other_and_not_longer_by_much():
    assert 0.1 < w.cut_otherwise() < 0.2
    assert 0 < w.more_tokens() < 0.01


def test_the_market():
    assert w.recall("random") > 2 * w.recall("by-time")
    assert w.recall("random-popular") > w.recall("random")  # both are flattered
    assert w.recall("recent") > w.recall("by-time") > w.recall("popular")
    for market in w._recalls():  # no repair of the factors beats the count
        assert market["recent"] > max(market["aged"], market["ranked-week"])
    assert w.recall("recent") < w.recall("told") < 0.4
    liked = [w._taste(1)[e.user, e.item] == 6 for e in w._market(1)]
    assert np.mean(liked) > 0.5 > 1.5 * (w._taste(1) == 6).mean()  # the same draws
    assert 0.2 < w.recall("out-of-reach") < 0.5
    assert w.dense_ratio(1000, 10, 10) == pytest.approx(50)


def test_the_components():
    x = np.random.default_rng(0).normal(size=(20_000, 2)) * [10, 1]
    assert w.fit(x, 1).ratio[0] == pytest.approx(w.unit_ratio(10), abs=1e-3)
    assert 0.1 < w.noise_ratio() < 0.2


def test_the_network():
    assert w.solved(8) == w.STARTS
    assert 0.4 * w.STARTS < w.solved(2) < 0.8 * w.STARTS
    assert w.equal_start(0.0) == pytest.approx(np.log(2))
    assert w.random_start() < 0.01 < 0.5 < w.equal_start(0.5)
