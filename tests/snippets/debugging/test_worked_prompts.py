"""The prompts' numbers, by hand and by SciPy."""

import math

import pytest
from scipy.stats import entropy, norm, poisson
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from snippets.debugging import serving_runs
from snippets.debugging import worked_prompts as q


def test_sellers():
    assert q.sold_entropy() == pytest.approx(entropy([0.4, 0.6]))
    assert q.sold_explained(0.56) == pytest.approx(1 - 0.56 / entropy([0.4, 0.6]))
    assert q.LAST > q.sold_entropy() > q.LOWEST
    assert (q.embedding_weights(), round(q.listings_per_seller(), 1)) == (1_440_000, 4.4)


def test_region():
    assert q.region_payments() == 40_000
    assert q.region_flagged() == pytest.approx(760) and q.region_frauds() == pytest.approx(88)
    assert q.region_good_declined() == pytest.approx(672)
    assert q.region_declined_dollars() == pytest.approx(672 * 15)
    assert q.challenge_cost_good() == pytest.approx(0.05 + 0.08 * 6)
    assert q.region_challenge_dollars() == pytest.approx(672 * 0.53 + 88 * 0.05 + 88 * 0.3 * 150)
    assert q.region_lost_baskets() == pytest.approx(53.76)
    assert 0.003 < q.flagged_elsewhere() < 0.004
    said = 40_000 * 0.0022 * 6 + (2_000 - 88)  # expected frauds by the scores
    assert q.overall_ratio() == pytest.approx(said / 2_000)


def test_night():
    assert q.usual_alerts() > 4 * q.shifted_alerts()
    assert q.alert_noise() == pytest.approx(math.sqrt(q.usual_alerts()))
    assert q.alert_fall() == pytest.approx(1 - q.shifted_alerts() / q.usual_alerts())
    healthy, broken = serving_runs.dead_run(False, 2), serving_runs.dead_run(True, 2)
    frauds = healthy.caught - broken.caught
    good = healthy.alerts - broken.alerts - frauds
    assert (q.frauds_lost_per_day(), q.good_spared_per_day()) == (frauds, good)
    assert q.shift_dollars() == pytest.approx(4.5 / 24 * (150 * frauds - 15 * good))
    assert q.chance_of_fewer() == pytest.approx(poisson.cdf(7, q.usual_alerts() / 144))
    assert q.shifted_alerts_in(10) == pytest.approx(q.shifted_alerts() / 144)


def test_half_precision_and_warm_up():
    assert q.rate_at_nan() == pytest.approx(2.25e-4)
    assert math.exp(q.half_exponent_limit()) == pytest.approx(65_504)


def test_classifier():
    assert q.graded_interval() == pytest.approx(proportion_confint(234, 300, method="wilson"))
    assert q.accuracy_if_no_none() == pytest.approx(0.782)
    assert q.outside_graded() + q.wrong_inside() == pytest.approx(q.wrong_graded(), abs=1)
    assert q.interval_of_outside() == (33, 57)
    assert q.out_of_scope() == pytest.approx(0.15)


def test_monday():
    assert (q.frauds_gained_a_week(), q.frauds_lost_on_monday(), q.net_frauds()) == pytest.approx((480, 120, 360))
    assert (q.points_gained(), q.points_lost()) == pytest.approx((4, 6))
    assert q.monday_dollars() == pytest.approx(18_000)
    assert q.recall_noise(0.35, 12) == pytest.approx(math.sqrt(0.35 * 0.65 / 24_000))


def test_validation():
    assert q.accuracy_interval() == pytest.approx(proportion_confint(440, 500, method="wilson"))
    n = q.rows_for_two_errors()
    assert 2 * math.sqrt(0.88 * 0.12 / n) == pytest.approx(0.02)


def test_more_data():
    assert q.ONLY_BEFORE - q.ONLY_AFTER == q.FOUND_BEFORE - q.FOUND_AFTER
    table = [[0, q.ONLY_BEFORE], [q.ONLY_AFTER, 0]]
    assert q.paired_z() ** 2 == pytest.approx(mcnemar(table, exact=False, correction=False).statistic)
    assert norm.sf(q.paired_z()) < 1e-6


def test_a_blind_model_and_a_batch():
    assert sum(q.BATCH_MIX) == 32 and q.blind_loss() == pytest.approx(entropy(q.BATCH_MIX))
    assert q.blind_loss_if_even() == pytest.approx(entropy([3] * 8 + [2] * 4))
    assert math.log(12) - q.blind_loss_if_even() < 0.02 < 0.6 < math.log(12) - q.blind_loss()


def test_conflict_floor():
    assert q.conflict_floor() == pytest.approx(4 / 32 * entropy([0.25] * 4))


def test_four_checks():
    assert q.names_best() == "data report, slices, row diff, retrain"
    assert q.minutes_best() == pytest.approx(15 + 0.8 * 20 + 0.65 * 45 + 0.4 * 240)
    assert q.minutes_as_proposed() == pytest.approx(240 + 0.7 * 45 + 0.45 * 15 + 0.25 * 20)
    assert (q.found_without_retrain(), q.minutes_without_retrain()) == pytest.approx((0.6, 80))
    p = q.rollback_break_even()
    assert p * 2500 == pytest.approx((1 - p) * 600)
    assert q.chance_for_retrain_first() == pytest.approx(3.2)
    assert q.chance_before_row_diff() == pytest.approx(4 / 3)
    assert q.dollars_while_looking(60) == 2500


def test_story():
    run = serving_runs.stale_run(True)
    assert q.story_frauds_a_day() == pytest.approx((run.offline - run.production) * 2000)
