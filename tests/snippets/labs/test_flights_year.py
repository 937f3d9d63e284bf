"""The code of the year's lab, against pandas, statsmodels and plain loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from snippets.labs import flights, flights_year
from snippets.metrics.confusion import confusion_counts
from snippets.metrics.threshold import total_cost


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 20))
def test_thinned_keeps_chosen_rows_only_and_enough_of_them(rows: list, most: int) -> None:
    mask = np.array(rows, dtype=bool)
    kept = flights_year.thinned(mask, most)
    assert not (kept & ~mask).any()
    assert kept.sum() == min(most, mask.sum())


def test_thinned_is_even() -> None:
    kept = np.flatnonzero(flights_year.thinned(np.ones(1001, dtype=bool), 11))
    assert kept.tolist() == list(range(0, 1001, 100))


def test_level_shift_is_the_intercept_of_a_logistic_regression_with_offset() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(-2, 1.5, 3000)
    late = rng.random(3000) < 1 / (1 + np.exp(-(x + 0.7)))
    model = sm.GLM(late.astype(float), np.ones(3000), family=sm.families.Binomial(), offset=x).fit()
    assert flights_year.level_shift(x, late) == pytest.approx(model.params[0], abs=1e-8)


def test_level_shift_without_both_outcomes() -> None:
    assert flights_year.level_shift(np.array([]), np.array([], dtype=bool)) == 0.0
    assert flights_year.level_shift(np.array([1.0]), np.array([True])) == 0.0
    far = flights_year.level_shift(np.full(100, -12.0), np.arange(100) < 50)
    assert far == pytest.approx(12.0)


def test_saved_is_the_bill_of_doing_nothing_less_the_bill() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(500)
    late = rng.random(500) < 0.2
    bills = [total_cost(confusion_counts(late.astype(int), p, t), flights_year.COSTS) for t in (np.inf, 0.3)]
    assert flights_year.saved(p, late, 0.3) == pytest.approx(1000 * (bills[0] - bills[1]) / 500)
    assert flights_year.saved(np.array([]), np.array([], dtype=bool), 0.3) == 0.0


def test_group_means_equal_pandas() -> None:
    rng = np.random.default_rng(3)
    values, groups = rng.normal(size=200), rng.integers(0, 9, 200)
    values[::7] = np.nan
    expected = pd.Series(values).groupby(groups).mean().to_numpy()
    assert flights_year.group_means(values, groups) == pytest.approx(expected)


@pytest.mark.parametrize("size", [14, 90])
def test_week_scores_are_students_t_when_nothing_happens(size: int) -> None:
    rng = np.random.default_rng(4)
    scores = [flights_year.week_scores(rng.normal(5, 2, size), rng.normal(5, 2, (1, 7)))[0] for _ in range(2000)]
    assert np.mean(scores) == pytest.approx(0, abs=0.08)
    assert np.std(scores) == pytest.approx(stats.t(size - 1).std(), abs=0.06)


def test_noted_reads_this_labs_notes() -> None:
    assert flights_year.noted("weeks") == 39
    assert flights.noted("flights") == 336_776
