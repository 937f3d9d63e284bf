"""Gates against SciPy's distributions, power by simulation, and rows by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.llm_systems import gates
from snippets.metrics.uncertainty import mcnemar


@settings(max_examples=40)
@given(st.integers(0, 25), st.floats(0, 0.5), st.floats(0, 0.5), st.integers(-5, 6))
def test_stops_is_the_sum_over_the_trinomial(n, lost, won, least):
    if 0 < lost < 1e-9 or 0 < won < 1e-9:
        return
    still = max(0.0, 1 - lost - won)
    expected = sum(
        stats.multinomial.pmf([a, b, n - a - b], n, [lost, won, still])
        for a in range(n + 1)
        for b in range(n - a + 1)
        if a - b >= least
    )
    assert gates.stops(n, lost, won, least) == pytest.approx(expected, abs=1e-7)


def test_stops_at_the_ends():
    assert gates.stops(0, 0.1, 0.1, 1) == 0
    assert gates.stops(5, 1.0, 0.0, 5) == 1
    assert gates.stops(5, 0.0, 0.0, 1) == 0
    with pytest.raises(ValueError, match="lost"):
        gates.stops(5, 0.7, 0.7, 1)


def test_stops_by_drawing():
    rng = np.random.default_rng(2)
    draws = rng.multinomial(83, [0.02, 0.02, 0.96], size=40_000)
    assert gates.stops(83, 0.02, 0.02, 3) == pytest.approx((draws[:, 0] - draws[:, 1] >= 3).mean(), abs=0.005)


def test_any_of():
    assert gates.any_of(0.05, 12) == pytest.approx(1 - 0.95**12)
    assert gates.any_of(0.0, 12) == 0
    assert gates.any_of(1.0, 3) == 1
    assert gates.any_of(1.0, 0) == 0


def test_detectable_has_the_power_it_names():
    n, d = 1_000, 0.1
    lead = gates.detectable(n, d)
    rng = np.random.default_rng(4)
    draws = rng.multinomial(n, [(d + lead) / 2, (d - lead) / 2, 1 - d], size=1_500)
    won = np.mean([mcnemar(int(a), int(b)) < 0.05 for a, b, _ in draws])
    assert won == pytest.approx(0.8, abs=0.035)
    assert gates.detectable(n, d, two_sided=False) < lead


def test_detectable_is_the_size_formula_turned_round():
    lead = gates.detectable(500, 0.2)
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert z**2 * (0.2 - lead**2) / lead**2 == pytest.approx(500)
    assert gates.detectable(30, 0.05) == math.inf
    with pytest.raises(ValueError, match="items"):
        gates.detectable(0, 0.1)


def test_unpaired_is_worse_while_verdicts_mostly_agree():
    assert gates.detectable_unpaired(1_000, 0.09) > gates.detectable(1_000, 0.1)
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert gates.detectable_unpaired(800, 0.5) == pytest.approx(z * math.sqrt(0.5 / 800))


def test_the_gate_row_by_row():
    said = gates.gate([1, 1, 0.5], [1, 0.5, 0.5], runs=2)
    assert said.change == pytest.approx(-1 / 6)
    assert said.noise == pytest.approx(math.sqrt(0.75) / 3)
    assert not said.stops
    assert gates.gate([1, 1], [0, 1], runs=2).stops  # no noise: any change counts


def test_the_gates_noise_is_that_of_reruns():
    rng = np.random.default_rng(6)
    p = rng.beta(8, 1, size=400)
    said = [gates.gate(rng.binomial(5, p) / 5, rng.binomial(5, p) / 5, runs=5) for _ in range(1_500)]
    assert np.std([s.change for s in said]) == pytest.approx(np.mean([s.noise for s in said]), rel=0.05)
    assert np.mean([s.stops for s in said]) == pytest.approx(0.05, abs=0.02)


def test_must_pass_stops_as_often_as_it_is_priced():
    rng = np.random.default_rng(12)
    for runs, allowed in ((1, 0), (3, 1), (5, 0)):
        priced = gates.any_of(1 - stats.binom.cdf(allowed, runs, 0.005), 60)
        failures = rng.binomial(runs, 0.005, (4_000, 60))
        stopped = [bool(gates.must_pass(dict(enumerate(map(int, row))), allowed)) for row in failures]
        assert np.mean(stopped) == pytest.approx(priced, abs=0.025)


def test_must_pass_names_what_failed():
    assert gates.must_pass({7: 0, 9: 1, 3: 2}) == (9, 3)
    assert gates.must_pass({7: 0, 9: 1, 3: 2}, allowed=1) == (3,)
    assert gates.must_pass({}) == ()
    with pytest.raises(ValueError, match="failures"):
        gates.must_pass({1: -1})


def test_the_gate_refuses():
    with pytest.raises(ValueError, match="empty"):
        gates.gate([], [], runs=3)
    with pytest.raises(ValueError, match="runs"):
        gates.gate([1], [1], runs=1)
