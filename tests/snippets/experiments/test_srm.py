"""The sample-ratio test, against SciPy and against drawing users."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from snippets.experiments import srm

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
arms = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 9)), min_size=2, max_size=6)


@quick
@given(arms)
def test_p_value_is_scipys(rows):
    counts, weights = [c for c, _ in rows], [w for _, w in rows]
    shares = [w / sum(weights) for w in weights]
    if sum(counts) == 0:
        assert srm.srm_p_value(counts, shares) == 1.0
        return
    expected = stats.chisquare(counts, [sum(counts) * s for s in shares]).pvalue
    assert srm.srm_p_value(counts, shares) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@quick
@given(st.floats(0, 700), st.integers(1, 9))
def test_tail_is_scipys(x, degrees):
    assert srm.chi_square_tail(x, degrees) == pytest.approx(stats.chi2.sf(x, degrees), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ((10,), (1.0,)),
        ((1, 2), (0.5, 0.6)),
        ((1, 2), (0.0, 1.0)),
        ((1, 2, 3), (0.5, 0.5)),
        ((-1, 2), (0.5, 0.5)),
        ((1.5, 2), (0.5, 0.5)),
    ],
)
def test_what_is_no_plan_raises(counts, shares):
    with pytest.raises(ValueError):
        srm.srm_p_value(counts, shares)


def test_the_plan_need_not_be_even():
    assert srm.srm_p_value((900, 100), (0.9, 0.1)) == 1.0
    assert srm.srm_p_value((900, 100), (0.5, 0.5)) < 1e-100


def test_sound_splits_fail_as_often_as_promised():
    n, draws = 20_000, np.random.default_rng(5).binomial(20_000, 0.5, 4000)
    share = np.mean([srm.srm_p_value((int(k), n - int(k)), (0.5, 0.5)) < 0.05 for k in draws])
    assert 0.04 < share < 0.06


def test_suspects_are_corrected_and_sorted():
    even = {f"day {d}": (500, 500) for d in range(30)}
    users = {"bad": (600, 400), "worse": (700, 300), "slightly": (555, 445), **even}
    assert srm.srm_p_value(users["slightly"], (0.5, 0.5)) < 0.001  # alone it would be named
    assert [s.name for s in srm.suspects(users, (0.5, 0.5))] == ["worse", "bad"]
    assert [s.name for s in srm.suspects({"slightly": (555, 445)}, (0.5, 0.5))] == ["slightly"]
    assert srm.suspects({}, (0.5, 0.5)) == []
    alike = dict.fromkeys(("web", "app", "tablet"), (100800, 99200))  # the whole fails, no part does
    assert srm.srm_p_value((302_400, 297_600), (0.5, 0.5)) < 1e-8
    assert srm.suspects(alike, (0.5, 0.5)) == []


@pytest.mark.parametrize("users", [1000, 123_457, 10_000_000])
def test_visible_excess_is_where_the_test_turns(users):
    excess = srm.visible_excess(users)
    x = 4 * users * excess**2
    assert stats.chi2.sf(x, 1) == pytest.approx(0.001, rel=1e-6)
    more, less = round(users * (0.5 + 1.02 * excess)), round(users * (0.5 + 0.95 * excess))
    assert srm.srm_p_value((more, users - more), (0.5, 0.5)) < 0.001
    assert srm.srm_p_value((less, users - less), (0.5, 0.5)) > 0.001
