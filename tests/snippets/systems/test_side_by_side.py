"""The ninth design: dollars by simulated fortnights, days by simulated comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from snippets.systems import side_by_side as ninth


def fortnights(risk: float, machines: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cost of each machine when nobody goes, and when somebody goes."""
    rng = np.random.default_rng(seed)
    fails = rng.random(machines) < risk
    prevented = fails & (rng.random(machines) < ninth.PREVENTED)
    return ninth.FAILURE * fails, ninth.FAILURE * (fails & ~prevented) + ninth.VISIT


@pytest.mark.parametrize("risk", [ninth.FIRST_RISK, ninth.SECOND_RISK, ninth.base_risk()])
def test_a_visits_gain_by_simulation(risk: float) -> None:
    alone, visited = fortnights(risk, 200_000, seed=3)
    assert (alone - visited).mean() == pytest.approx(ninth.gain(risk), abs=4)
    still = (visited > ninth.VISIT).mean()
    assert still == pytest.approx(ninth.seen_after_visit(risk), abs=0.005)


def test_nothing_is_won_at_break_even() -> None:
    assert ninth.gain(ninth.break_even()) == pytest.approx(0)
    assert ninth.SECOND_RISK < ninth.break_even() < ninth.listed_risk() < ninth.FIRST_RISK


def test_the_second_hundred_loses_what_the_mean_hides() -> None:
    assert ninth.plan_a_day() < 0 < ninth.list_a_day() < ninth.list_a_day(100)
    assert ninth.list_a_day() == pytest.approx(ninth.gain(ninth.listed_risk(), 200))
    assert ninth.list_a_day(100) - ninth.list_a_day() == pytest.approx(-ninth.gain(ninth.SECOND_RISK, 100))


def test_retrained_on_its_own_visits_the_model_drops_its_best() -> None:
    assert ninth.seen_after_visit(ninth.FIRST_RISK) < ninth.break_even()


def test_four_comparisons_in_five_tell_after_that_many_days() -> None:
    left = round(ninth.days_until_known() * ninth.LEFT_ALONE * 100)
    rng = np.random.default_rng(11)
    share = rng.binomial(left, ninth.FIRST_RISK, 20_000) / left
    error = np.sqrt(ninth.FIRST_RISK * (1 - ninth.FIRST_RISK) / left)
    assert (share - ninth.break_even() > 1.959964 * error).mean() == pytest.approx(0.8, abs=0.04)
    assert ninth.days_until_known(ninth.SECOND_RISK) > 300


def test_a_year_of_rows_by_walking_through_it() -> None:
    """Failures of a few hundred machines day by day; a row is labeled if one falls into the fortnight after it."""
    rng = np.random.default_rng(5)
    machines, days = 300, 365 + ninth.DAYS
    fails = rng.random((machines, days)) < ninth.FAILURES_A_YEAR / 365
    ahead = np.array([fails[:, day + 1 : day + 1 + ninth.DAYS].any(axis=1) for day in range(365)])
    per_failure = ahead.sum() / fails[:, :365].sum()
    assert per_failure == pytest.approx(ninth.rows_a_failure(), rel=0.1)
    assert ninth.machine_days() / ninth.failures_a_year() == pytest.approx(182.5)
    assert ninth.left_alone_cost() == pytest.approx(5 * ninth.gain(ninth.FIRST_RISK))


def test_what_a_visit_prevents_by_comparing_both_kinds() -> None:
    rng = np.random.default_rng(13)
    alone, visited = rng.binomial(65, 0.45, 60_000) / 65, rng.binomial(1_235, 0.18, 60_000) / 1_235
    drawn = np.quantile(1 - visited / alone, [0.025, 0.975])
    assert ninth.prevented_interval(65, 1_235) == pytest.approx(drawn, abs=0.025)
    assert ninth.prevented_needed() < drawn[0]
    assert ninth.prevented_needed() * ninth.FIRST_RISK * ninth.FAILURE == pytest.approx(ninth.VISIT)


def test_half_of_the_districts_take_six_weeks() -> None:
    assert ninth.days_until_known(listed=50) == pytest.approx(2 * ninth.days_until_known())
    assert ninth.days_until_known(listed=50) + ninth.DAYS < 42


def test_the_fall_in_failures_by_drawing_days() -> None:
    """Failures of a day that visits of the two weeks before it have prevented or not, the plan against the list."""
    rng = np.random.default_rng(9)
    days = 20_000
    all_fail = rng.poisson(ninth.ELEVATORS * ninth.FAILURES_A_YEAR / 365, days)
    plan = rng.poisson(ninth.VISITS * ninth.base_risk() * ninth.PREVENTED, days)
    listed = rng.poisson(95 * ninth.FIRST_RISK * ninth.PREVENTED, days)  # five of a hundred are left alone
    fall = 1 - (all_fail - listed).mean() / (all_fail - plan).mean()
    assert fall == pytest.approx(ninth.fall_in_failures(), abs=0.003)
