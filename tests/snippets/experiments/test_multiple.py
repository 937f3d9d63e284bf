"""Several tests at once, against statsmodels, SciPy and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm
from statsmodels.stats.multitest import multipletests

from snippets.experiments import multiple
from snippets.monitoring.slices import adjusted

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
NAMES = {"bonferroni": "bonferroni", "holm": "holm", "bh": "fdr_bh"}
# no p-value on a rung itself, where rounding decides
p_values = st.lists(st.integers(0, 997).map(lambda i: i / 9973), min_size=1, max_size=25)


@quick
@given(p_values, st.sampled_from(sorted(NAMES)))
def test_found_is_what_statsmodels_rejects(p, rule):
    expected = multipletests(p, 0.05, method=NAMES[rule])[0]
    got = multiple.found(p, rule)
    assert sorted(got) == list(np.flatnonzero(expected))
    assert [p[i] for i in got] == sorted(p[i] for i in got)
    assert sorted(got) == [i for i, value in enumerate(adjusted(p, rule)) if value <= 0.05]


@quick
@given(p_values)
def test_each_rule_finds_what_the_stricter_one_found(p):
    strict, middle, loose = (set(multiple.found(p, rule)) for rule in ("bonferroni", "holm", "bh"))
    assert strict <= middle <= loose


@pytest.mark.parametrize("rule", ["bonferroni", "holm", "bh"])
def test_nothing_tried_is_nothing_found(rule):
    assert multiple.found([], rule) == []


def test_all_small_and_ties():
    assert multiple.found([0.001] * 4, "holm") == [0, 1, 2, 3]
    assert multiple.found([0.04] * 4, "bh") == [0, 1, 2, 3]  # walking down, all at once
    assert multiple.found([0.04] * 4, "holm") == []


def test_no_such_rule_and_no_such_p():
    with pytest.raises(ValueError, match="no rule"):
        multiple.found([0.5], "tukey")
    with pytest.raises(ValueError, match="between 0 and 1"):
        multiple.found([1.5])


@pytest.mark.parametrize(("m", "rho"), [(1, 0.0), (3, 0.0), (3, 0.5), (4, 0.9)])
def test_chance_of_any_is_scipys_orthant(m, rho):
    cov = np.full((m, m), rho) + (1 - rho) * np.eye(m)
    z = norm.isf(0.025)
    inside = multivariate_normal(np.zeros(m), cov, seed=1, abseps=1e-5).cdf(np.full(m, z), lower_limit=np.full(m, -z))
    assert multiple.chance_of_any(m, 0.05, rho) == pytest.approx(1 - inside, abs=5e-5)


def test_correlation_leaves_the_expected_number_alone():
    rng = np.random.default_rng(1)
    z = np.sqrt(0.5) * rng.standard_normal((60_000, 1)) + np.sqrt(0.5) * rng.standard_normal((60_000, 20))
    hits = np.abs(z) > norm.isf(0.025)
    assert hits.sum(axis=1).mean() == pytest.approx(1.0, abs=0.02)
    assert hits.any(axis=1).mean() == pytest.approx(multiple.chance_of_any(20, 0.05, 0.5), abs=0.01)


def test_dunnetts_bounds_are_the_published_ones():
    # two-sided 5 %, many users: 1.96, 2.21, 2.35 and 2.51 for 1, 2, 3 and 5 variants
    got = [multiple.shared_control_bound(k) for k in (1, 2, 3, 5)]
    assert got == pytest.approx([1.960, 2.212, 2.349, 2.512], abs=2e-3)


def test_dunnetts_bound_is_the_quantile_of_simulated_variants():
    rng = np.random.default_rng(6)
    control = rng.standard_normal((80_000, 1))
    worst = np.abs((rng.standard_normal((80_000, 3)) - control) / np.sqrt(2)).max(axis=1)
    assert (worst > multiple.shared_control_bound(3)).mean() == pytest.approx(0.05, abs=0.003)
