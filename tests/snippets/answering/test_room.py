"""Shortcuts against their exact forms, and the smallest cover against trying."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from snippets.answering.room import at_least_one, fewest, poisson_noise, precision, users_an_arm

shares = st.floats(0.001, 0.999)


@given(base=st.floats(0.01, 0.5), lift=st.floats(0.01, 0.1))
def test_sixteen_is_the_usual_formula_to_two_percent(base, lift):
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    exact = 2 * z**2 * base * (1 - base) / (base * lift) ** 2
    assert users_an_arm(base, lift) == pytest.approx(exact, rel=0.02)
    assert users_an_arm(base, lift) == pytest.approx(users_an_arm(base, -lift))


@pytest.mark.parametrize(("base", "lift"), [(0.0, 0.1), (1.0, 0.1), (0.3, 0.0)])
def test_no_size_for_these(base, lift):
    with pytest.raises(ValueError, match=r"base|lift"):
        users_an_arm(base, lift)


@given(rate=shares, recall=shares, fpr=shares)
def test_precision_is_odds_times_ratio(rate, recall, fpr):
    odds = rate / (1 - rate) * recall / fpr
    assert precision(rate, recall, fpr) == pytest.approx(odds / (1 + odds))


def test_precision_at_its_ends():
    assert precision(0.0, 0.8, 0.01) == 0
    assert precision(0.2, 0.8, 0.0) == 1
    with pytest.raises(ValueError, match="nothing is flagged"):
        precision(0.0, 0.8, 0.0)


@given(share=shares, times=st.integers(0, 50))
def test_at_least_one_is_not_none(share, times):
    assert at_least_one(share, times) == pytest.approx(stats.binom.sf(0, times, share), abs=1e-9)


def test_noise_of_a_count():
    assert poisson_noise(100) == pytest.approx(2 * stats.poisson.std(100) / 100)
    with pytest.raises(ValueError, match="positive"):
        poisson_noise(0)


covers = st.dictionaries(st.sampled_from("abcde"), st.frozensets(st.integers(0, 3)), max_size=5)


@given(covers=covers, questions=st.frozensets(st.integers(0, 3)), copies=st.integers(1, 2))
def test_fewest_covers_and_nothing_smaller_does(covers, questions, copies):
    def enough(chosen):
        return all(sum(q in covers[s] for s in chosen) >= copies for q in questions)

    if not enough(covers):
        with pytest.raises(ValueError, match="fewer than"):
            fewest(covers, questions, copies)
        return
    chosen = fewest(covers, questions, copies)
    assert enough(chosen)
    smaller = itertools.combinations(covers, len(chosen) - 1) if chosen else []
    assert not any(enough(some) for some in smaller)
    assert math.comb(len(covers), len(chosen)) >= 1
