"""Kappa against statsmodels and scikit-learn; the helped rate against least squares and repeated draws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa as by_statsmodels

from snippets.llm_systems.graders import cohens_kappa, helped_share
from snippets.metrics.llm import Rate

tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 30), min_size=k, max_size=k), min_size=k, max_size=k)
)


@settings(max_examples=60)
@given(tables)
def test_kappa_and_its_interval_are_those_of_statsmodels(table):
    counts = np.array(table)
    n = counts.sum()
    assume(n > 0 and (counts.sum(0) @ counts.sum(1)) < n * n)
    mine, theirs = cohens_kappa(table), by_statsmodels(counts)
    assert mine.kappa == pytest.approx(theirs.kappa, abs=1e-9)
    if not math.isnan(theirs.std_kappa):
        assert mine.interval.low == pytest.approx(max(-1, theirs.kappa_low), abs=1e-7)
        assert mine.interval.high == pytest.approx(min(1, theirs.kappa_upp), abs=1e-7)


def test_kappa_of_rows_is_that_of_scikit_learn():
    table = [[5, 12], [4, 179]]
    a, b = zip(*[(i, j) for i in (0, 1) for j in (0, 1) for _ in range(table[i][j])], strict=True)
    assert cohens_kappa(table).kappa == pytest.approx(cohen_kappa_score(a, b))


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]], []])
def test_nothing_beyond_chance_is_nan(table):
    assert math.isnan(cohens_kappa(table).kappa)


def test_kappa_wants_a_square_of_counts():
    with pytest.raises(ValueError, match="square"):
        cohens_kappa([[1, 2]])
    with pytest.raises(ValueError, match="count"):
        cohens_kappa([[1, -1], [0, 2]])


def test_full_agreement_and_full_disagreement():
    assert cohens_kappa([[5, 0], [0, 5]]).interval == (1, 1)
    assert cohens_kappa([[0, 5], [5, 0]]).kappa == -1


ROWS = [(1, 1)] * 21 + [(1, 0)] * 5 + [(0, 1)] * 14 + [(0, 0)] * 260
PEOPLE, JUDGE = (list(column) for column in zip(*ROWS, strict=True))


def test_with_endless_others_it_is_least_squares_read_at_their_share():
    done = helped_share(PEOPLE, JUDGE, Rate(2 * 10**11, 10**12))
    slope, constant = np.polyfit(JUDGE, PEOPLE, 1)
    assert done.share == pytest.approx(constant + slope * 0.2)
    rho = np.corrcoef(PEOPLE, JUDGE)[0, 1]
    assert done.worth == pytest.approx(len(PEOPLE) / (1 - rho**2))


def test_without_others_or_with_a_useless_judge_it_is_peoples_mean():
    mean = sum(PEOPLE) / len(PEOPLE)
    for judge, others in ((JUDGE, Rate(0, 0)), ([0] * len(PEOPLE), Rate(500, 1_000))):
        done = helped_share(PEOPLE, judge, others)
        assert done.share == pytest.approx(mean)
        assert done.worth == pytest.approx(len(PEOPLE))


def test_a_perfect_judge_settles_it():
    done = helped_share([1, 0, 0, 0], [1, 0, 0, 0], Rate(0, 10**9))
    assert done.share == pytest.approx(0, abs=1e-6)
    assert math.isnan(helped_share([0, 0, 0], [0, 0, 0], Rate(0, 0)).worth)


def test_it_covers_the_truth_even_when_the_judge_is_biased_and_beats_people_alone():
    rng = np.random.default_rng(3)
    inside, widths, alone = 0, [], []
    for _ in range(400):
        truth = rng.random(4_300) < 0.2
        flags = np.where(truth, rng.random(4_300) < 0.7, rng.random(4_300) < 0.15)  # flags far too much
        done = helped_share(truth[:300].astype(int), flags[:300].astype(int), Rate(int(flags[300:].sum()), 4_000))
        inside += done.interval.low <= 0.2 <= done.interval.high
        widths.append(done.interval.high - done.interval.low)
        alone.append(2 * 1.96 * math.sqrt(truth[:300].mean() * (1 - truth[:300].mean()) / 300))
    assert inside / 400 == pytest.approx(0.95, abs=0.03)
    assert np.mean(widths) < 0.92 * np.mean(alone)


def test_helped_share_refuses():
    with pytest.raises(ValueError, match="at least 3"):
        helped_share([1, 0], [1, 0], Rate(1, 2))
    with pytest.raises(ValueError, match="0 or 1"):
        helped_share([1, 0, 2], [1, 0, 0], Rate(1, 2))
