"""Pilot sizes, against statsmodels and the exact binomial power."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

from snippets.framing import pilot

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(("p", "q"), [(0.3, 0.15), (0.05, 0.04), (0.5, 0.45)])
def test_shares_agree_with_statsmodels(p, q):
    # statsmodels pools the variance under the null, which asks for a little more
    theirs = samplesize_proportions_2indep_onetail(p - q, q, 0.8)
    assert pilot.units_per_arm(p, q) == pytest.approx(theirs, rel=0.03)


@quick
@given(st.floats(0.1, 50), st.floats(0.01, 5), st.sampled_from([0.5, 0.8, 0.95]))
def test_means_agree_with_statsmodels(spread, gain, power):
    if gain / spread > 0.5:
        return
    theirs = NormalIndPower().solve_power(effect_size=gain / spread, power=power, alpha=0.05)
    assert pilot.units_for_mean(spread, gain, power) == pytest.approx(theirs, rel=0.01, abs=1)


@pytest.mark.parametrize(("p", "q", "margin"), [(0.3, 0.15, 0.0), (0.5, 0.2, 0.1), (0.3, 0.1, 0.06)])
def test_exact_power_is_near_what_was_asked(p, q, margin):
    n = pilot.units_per_arm(p, q, margin)
    k = np.arange(n + 1)
    a, b = np.meshgrid(k / n, k / n, indexing="ij")
    chance = np.outer(binom.pmf(k, n, p), binom.pmf(k, n, q))
    error = np.sqrt((a * (1 - a) + b * (1 - b)) / n)
    shown = (a - b - margin) > norm.ppf(0.975) * error
    assert chance[shown].sum() == pytest.approx(0.8, abs=0.03)


def test_a_margin_costs_the_square():
    assert pilot.units_per_arm(0.3, 0.15, 0.12) == pytest.approx(25 * pilot.units_per_arm(0.3, 0.15), rel=0.01)


def test_days():
    assert pilot.days_to_verdict(500, 100, 30) == 40
    assert pilot.z_sum() == pytest.approx(2.8016, abs=1e-4)


def test_what_no_pilot_can_show_raises():
    for args in ((0.3, 0.3), (0.3, 0.2, 0.1), (0.2, 0.3)):
        with pytest.raises(ValueError, match="no pilot can show it"):
            pilot.units_per_arm(*args)
    with pytest.raises(ValueError, match="control is"):
        pilot.units_per_arm(1.3, 0.2)
    with pytest.raises(ValueError, match="power is"):
        pilot.units_per_arm(0.3, 0.2, power=1.0)
