"""Clusters and switchbacks, against draws."""

import numpy as np
import pytest

from snippets.experiments import clusters


def test_design_effect_against_draws():
    rng = np.random.default_rng(1)
    sizes = np.array([5, 15] * 20)
    between, within = np.sqrt(0.1), np.sqrt(0.9)
    level = rng.normal(0, between, (4_000, 40)) + rng.normal(0, within, (4_000, 40)) / np.sqrt(sizes)
    means = (level * sizes).sum(axis=1) / sizes.sum()
    seen = means.var() * sizes.sum()
    cv = sizes.std() / sizes.mean()
    assert clusters.design_effect(10, 0.1, cv) == pytest.approx(seen, rel=0.1)
    assert clusters.design_effect(8, 0.3) == pytest.approx(3.1)
    assert clusters.design_effect(1, 0.7) == 1
    assert clusters.design_effect(50, 0.0, 2.0) == 1
    with pytest.raises(ValueError, match="correlation is"):
        clusters.design_effect(8, 1.1)


def test_cluster_error_against_draws():
    rng = np.random.default_rng(2)
    true = rng.normal(0, 0.05, (4_000, 20))
    after = 0.8 * true + 0.6 * rng.normal(0, 0.05, (4_000, 20)) + rng.normal(0, 1 / np.sqrt(500), (4_000, 20))
    for noise, steady in ((0.0, 0.0), (0.0, 0.8), (0.04, 0.8)):
        before = true + rng.normal(0, noise, true.shape)
        slope = (after * before).mean() / (before * before).mean() if steady else 0.0
        y = after - slope * before
        seen = (y[:, :10].mean(axis=1) - y[:, 10:].mean(axis=1)).std()
        assert clusters.cluster_error(20, 0.05, 1.0, 500, steady, noise) == pytest.approx(seen, rel=0.04)
    assert clusters.cluster_error(4, 0.0, 1.0, 100, 0.9) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="clusters is"):
        clusters.cluster_error(3, 0.05, 1, 500)


@pytest.mark.parametrize(("window", "burn"), [(3.0, 0.0), (3.0, 1.0), (0.5, 0.0)])
def test_share_seen_against_a_walk(window, burn):
    rng = np.random.default_rng(3)
    memory, step = 0.75, 0.05
    per, skip = round(window / step), round(burn / step)
    state, on, off = 0.0, [], []
    for arm in rng.permutation(40_000) % 2:
        t = step * (np.arange(per) + 0.5)
        path = arm + (state - arm) * np.exp(-t / memory)
        (on if arm else off).append(path[skip:].mean())
        state = arm + (state - arm) * np.exp(-window / memory)
    assert clusters.share_seen(window, memory, burn) == pytest.approx(np.mean(on) - np.mean(off), abs=0.01)


def test_share_seen_at_the_ends():
    assert clusters.share_seen(3, 0) == 1
    assert clusters.share_seen(1e6, 1) == pytest.approx(1, abs=1e-5)
    assert clusters.share_seen(1, 1e6) == pytest.approx(0, abs=1e-5)
    for args in ((3, 1, 3), (3, 1, -1), (3, -1, 0)):
        with pytest.raises(ValueError, match="burn < window"):
            clusters.share_seen(*args)


def test_switchback_error_against_draws():
    rng = np.random.default_rng(4)
    level = rng.normal(0, 0.15, (5_000, 40))
    hours = level[:, :, None] + rng.normal(0, 0.1, (5_000, 40, 3))
    counted = hours[:, :, 1:].mean(axis=2)
    seen = (counted[:, :20].mean(axis=1) - counted[:, 20:].mean(axis=1)).std()
    assert clusters.switchback_error(120, 3, 0.15, 0.1, 1) == pytest.approx(seen, rel=0.04)
    for args in ((120, 3, 0.1, 0.1, 3), (10, 3, 0.1, 0.1)):
        with pytest.raises(ValueError, match="four windows"):
            clusters.switchback_error(*args)
