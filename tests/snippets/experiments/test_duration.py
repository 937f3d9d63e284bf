"""Visitors and weeks, against draws."""

import numpy as np
import pytest

from snippets.experiments.duration import Visiting, reading, weeks_for

VISITING = Visiting(12e6, 0.3, 1.5)


def test_visitors_and_days_against_draws():
    rng = np.random.default_rng(1)
    days = rng.binomial(14, rng.beta(0.3, 1.5, 400_000))
    assert VISITING.visitors(14) / VISITING.people == pytest.approx((days > 0).mean(), abs=0.003)
    mean, square = VISITING.day_moments(14)
    assert mean == pytest.approx(days.mean(), rel=0.01)
    assert square == pytest.approx((days**2.0).mean(), rel=0.01)


def test_visitors_add_up_ever_more_slowly():
    seen = [VISITING.visitors(day) for day in range(30)]
    fresh = np.diff(seen)
    assert seen[0] == 0
    assert seen[1] == pytest.approx(2e6)
    assert (fresh > 0).all()
    assert (np.diff(fresh) < 0).all()


def test_weeks():
    assert weeks_for(0.5, lambda days: 1 / days) == 1
    assert weeks_for(0.05, lambda days: 1 / days) == 3
    assert weeks_for(0.05, lambda days: 1 / days, most=2) is None
    for bad in (0.0, -0.1, float("nan")):
        with pytest.raises(ValueError, match="effect is"):
            weeks_for(bad, lambda days: 1 / days)
    with pytest.raises(ValueError, match="most is"):
        weeks_for(0.1, lambda days: 1 / days, most=0)


def test_whole_weeks_read_the_same_from_any_day():
    weights, effects = [0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3], [1, 2, 3, 4, 5, 6, 7]
    truth = np.dot(weights, effects)
    for first in range(7):
        assert reading(14, first, weights, effects) == pytest.approx(truth)
    assert reading(1, 6, weights, effects) == pytest.approx(7)
    assert reading(9, 5, weights, effects) > reading(9, 0, weights, effects)


def test_reading_refuses():
    for args in ((0, 0, [1] * 7, [1] * 7), (7, 0, [1] * 6, [1] * 7), (7, 0, [1] * 7, [1] * 8)):
        with pytest.raises(ValueError, match="seven weights"):
            reading(*args)
