"""Selection by a proxy, against SciPy's truncated normal and a simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, truncnorm

from snippets.framing import proxy

quick = settings(max_examples=50, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.99])
def test_selection_gain_is_the_truncated_normals_mean(share):
    assert proxy.selection_gain(share) == pytest.approx(truncnorm.mean(norm.isf(share), np.inf))


def test_gamed_selection_agrees_with_a_simulation():
    rng = np.random.default_rng(4)
    n, rho = 600_000, 0.6
    honest = rng.normal(size=n)
    goal = rho * honest + np.sqrt(1 - rho**2) * rng.normal(size=n)
    gamer = rng.uniform(size=n) < 0.1
    seen = honest + 2.0 * gamer
    top = seen >= np.quantile(seen, 0.95)
    found = proxy.select_by_proxy(0.05, rho, 0.1, 2.0)
    assert found.proxy == pytest.approx(seen[top].mean(), abs=0.02)
    assert found.goal == pytest.approx(goal[top].mean(), abs=0.02)
    assert found.gamers == pytest.approx(gamer[top].mean(), abs=0.01)
    assert rho / np.sqrt(1 + 0.1 * 0.9 * 4) == pytest.approx(np.corrcoef(seen, goal)[0, 1], abs=0.005)


@quick
@given(st.floats(0.001, 0.999), st.floats(-1, 1), st.floats(-4, 4))
def test_without_gamers_or_with_only_gamers_the_goal_gains_rho_times_selection(share, rho, boost):
    gain = proxy.selection_gain(share)
    nobody, everybody = (proxy.select_by_proxy(share, rho, g, boost) for g in (0.0, 1.0))
    assert nobody == pytest.approx((gain, rho * gain, 0.0), abs=1e-6)
    assert everybody == pytest.approx((gain + boost, rho * gain, 1.0), abs=1e-6)


@quick
@given(st.floats(0.01, 0.9), st.floats(0, 1), st.floats(0, 4))
def test_gaming_raises_the_proxy_and_never_the_goal(share, gamers, boost):
    found = proxy.select_by_proxy(share, 0.5, gamers, boost)
    gain = proxy.selection_gain(share)
    assert found.proxy >= gain - 1e-9
    assert found.goal <= 0.5 * gain + 1e-9


def test_bad_input_is_refused():
    for share in (0.0, 1.0):
        with pytest.raises(ValueError, match="share is"):
            proxy.selection_gain(share)
        with pytest.raises(ValueError, match="share is"):
            proxy.select_by_proxy(share, 0.5, 0.1, 1)
    with pytest.raises(ValueError, match="gamers is"):
        proxy.select_by_proxy(0.1, 0.5, 1.1, 1)
