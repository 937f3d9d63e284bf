"""The page's numbers a second time, by other means: by hand, by simulation, by SciPy."""

import inspect
import math

import numpy as np
import pytest
from scipy import stats

from snippets.cases import assistant, marketplace, payments
from snippets.lifecycle import release
from snippets.lifecycle import worked as w
from snippets.metrics import worked as classification


def test_what_is_taken_from_the_classification_page_is_what_stands_there():
    assert classification.at_break_even().alerts / payments.daily_volume == pytest.approx(w.DECLINE_RATE, abs=1e-6)
    assert classification.at_break_even().caught == pytest.approx(w.CAUGHT_A_DAY, abs=0.5)
    assert classification.at_rate().alerts / payments.daily_volume == pytest.approx(w.FLAGGED, abs=1e-6)
    approved = payments.daily_volume - classification.at_break_even().alerts
    assert classification.at_break_even().missed / approved == pytest.approx(w.MISSED_RATE, rel=0.01)


def test_capacity_by_hand():
    assert w.peak_candidates() == pytest.approx(6e6 / 86_400 * 4 * 200)
    assert w.busy_cores_payments() == pytest.approx(1e6 / 86_400 * 5 * 0.015)
    assert w.busy_cores_ranking() == pytest.approx(5 / 3)
    assert (w.servers_payments(), w.zone_servers(w.servers_payments())) == (2, 3)
    assert (w.servers_ranking(), w.separate_servers_ranking(), w.zone_servers(3)) == (3, 8, 6)
    assert w.ranking_slower(3) < 0.01 < w.ranking_slower(2)
    assert w.ranking_slower(2, 2.0) == 1.0
    assert w.waits_in_services(0.8, 1) == pytest.approx(4)
    assert 1 - math.exp(-0.035 * (1 - w.busy_cores_ranking() / 8) / 0.006) >= 0.99


def test_latency_against_draws():
    rng = np.random.default_rng(9)

    def draw(median, p99, n=300_000):
        return median * np.exp(math.log(p99 / median) / stats.norm.ppf(0.99) * rng.normal(size=n))

    parts = [draw(12, 30), draw(6, 20), draw(18, 35), draw(6, 15)]
    assert w.p99_if_independent() == pytest.approx(np.quantile(sum(parts), 0.99), abs=0.6)
    parts[2] = draw(18 * 50 / 35, 50)
    assert w.p99_with_slower_ranking() == pytest.approx(np.quantile(sum(parts), 0.99), abs=0.7)
    first, second = (np.where(rng.random(300_000) < 0.02, 300, draw(6, 20)) for _ in range(2))
    done = np.minimum(first, w.hedge_at() + second)
    assert w.hedged_p99_hanging() == pytest.approx(np.quantile(done, 0.99), abs=0.6)
    assert w.hedge_load() == pytest.approx((first > w.hedge_at()).mean(), abs=3e-3)
    assert w.hedged_p99_smooth() < w.hedged_p99_hanging() < w.SPIKE
    assert w.searches_that_hang() == pytest.approx(1 - 0.991**4)


def test_storage_by_hand():
    assert w.embedding_table() == 12e6 * 128 * 4
    assert w.embedding_index() == 12e6 * (128 * 4 + 256)
    assert w.passage_table() == 18_000 * 4_096
    assert w.online_features() == (2e6 * 200 + 12e6 * 100) * 4 * 3
    assert w.log_a_day(200) == 6e6 * 200 * 1_200
    assert w.log_a_year(24, 0.5) == pytest.approx(365 * 6e6 * 12 * 1_200)
    assert w.log_cost_a_month(200) == pytest.approx(365 * 6e6 * 200 * 1_200 / 1e9 * 0.023)
    assert w.payments_log_cost() == pytest.approx(365 * 1.2 * 0.023)
    assert w.training_rows() == pytest.approx(90 * (2_000 + 998_000 / 20))
    assert w.snapshots_cost() == pytest.approx(26 * w.training_rows() * 1_200 / 1e9 * 0.023)
    assert w.MEMORY / w.embedding_table() > 40


def test_retraining_by_a_search_over_days():
    days = np.linspace(0.5, 20, 20_000)
    for hands in (3.0, 0.0):
        costs = (60 + 90 * hands) / days + 54 * days / 2
        assert w.best_days(hands) == pytest.approx(days[costs.argmin()], abs=2e-3)
        assert w.best_retraining(hands) == pytest.approx(costs.min())
    assert w.automation_a_year() == pytest.approx(365 * (330 / 7 + 27 * 7 - 60 - 27), abs=500)
    assert w.risky_best_days() == pytest.approx(math.sqrt(2 * 110 / 54))
    assert w.tree_minutes() == pytest.approx(0.5 * 4.671 * 6 * 3)
    assert w.encoder_hours() == pytest.approx(6 * 100e6 * 44e9 / 0.35e15 / 3_600)
    assert w.encoder_cost() == pytest.approx(2.5 * w.encoder_hours())


def test_labels_matter_more_than_the_schedule():
    ages = np.linspace(0, 7, 100_001)
    weekly = 330 / 7 + 2e4 * (1 - np.exp(-(90 + ages) / 120)).mean()
    assert w.stale_fraud(7) == pytest.approx(weekly, rel=1e-6)
    assert w.daily_gain() < 0 < w.cadence_gain() < w.label_gain()


def test_the_canary():
    assert w.bad_rate() == pytest.approx(0.003439 + 0.00998)
    assert w.harm_per_payment() * payments.daily_volume == pytest.approx(9_980 * 15)
    assert w.unwatched_day() == pytest.approx(149_700)
    n = w.needed(0.01)
    assert w.hours_to_see(0.01) == pytest.approx(n / (0.01 * 1e6 / 24))
    assert w.damage(0.01) == pytest.approx((n + 0.01 * 1e6 / 48) * 0.1497)
    assert w.needed(1) < n < w.needed(0.1)
    assert w.fraud_days() == pytest.approx(w.fraud_needed() / 10_000)
    rng = np.random.default_rng(10)  # the canary at the last look, planned size, exact counts
    bad = rng.binomial(n, w.bad_rate(), 20_000) / n
    usual = rng.binomial(99 * n, w.DECLINE_RATE, 20_000) / (99 * n)
    pooled = (bad + 99 * usual) / 100
    z = (bad - usual) / np.sqrt(pooled * (1 - pooled) / n * 100 / 99)
    assert (z > w.look_line()).mean() == pytest.approx(0.9, abs=0.03)
    assert release.false_alarms(w.LOOKS, w.look_line()) == pytest.approx(0.05, abs=1e-4)
    error = math.sqrt(w.DECLINE_RATE * (1 - w.DECLINE_RATE) / w.payments_to_go_on())
    assert w.look_line() * error == pytest.approx(0.002, rel=0.01)
    assert w.naive_alarms() == pytest.approx(0.226, abs=2e-3)


def test_clicks_and_the_tail_of_the_canary():
    assert w.click_error() == pytest.approx(math.sqrt(0.35 * 0.65 * (1 / 3e5 + 1 / 5.7e6)))
    low, high = w.click_interval()
    assert low < 0 < high
    assert (low + high) / 2 == pytest.approx(0.004)
    low, high = w.p99_interval()
    assert low < 115 < high
    spread = math.log(115 / 58) / stats.norm.ppf(0.99)
    half = stats.binom(300_000, 0.99).std() * 1.96
    assert w.ranks_aside() == pytest.approx(half)
    assert w.over_budget() == pytest.approx(stats.lognorm(spread, scale=58).sf(100))
    assert w.searches_over_budget() == pytest.approx(6e6 * (w.over_budget() - 0.01))
    assert w.worth_if_sold() == pytest.approx(72_000 * 0.004 * 2.76)
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert w.clicks_per_arm() == pytest.approx(2 * z**2 * 0.35 * 0.65 / 0.0014**2)
    assert w.candidates_within() == pytest.approx(140)


def test_buying_and_building():
    assert w.bought() == pytest.approx(160)
    assert (w.gpus(), w.built()) == (2, 480)
    assert (w.gpu_bill(), w.people_bill()) == (120, 360)
    assert w.peak_questions() == pytest.approx(120_000 / 86_400)
    assert w.points_for_free_hosting() / 100 * 40_000 * 20 == pytest.approx(w.bought())
    assert w.gpu_use() == pytest.approx(40_000 / 86_400 / 3)
    for volume in (w.break_even_questions(), w.break_even_questions(0.5)):
        price = 1.0 if volume == w.break_even_questions() else 0.5
        assert w.built(volume) <= price * w.bought(volume)
        assert w.built(volume - 1_000) > price * w.bought(volume - 1_000)
    assert all(w.built(v) <= w.bought(v) for v in range(w.settled_questions(), 1_000_000, 1_000))
    assert w.gpu_cost_a_question() == pytest.approx(60 / (86_400 * 1.5 / 3))
    assert w.point_of_wrong() == pytest.approx(0.01 * assistant.questions_per_day * 20)


def test_home_page():
    assert w.batch_core_hours() == pytest.approx(8e6 * 0.006 / 3_600)
    assert w.online_core_hours() == pytest.approx(w.batch_core_hours() / 2)
    assert w.daily_compute(w.batch_core_hours()) == pytest.approx(0.5333, abs=1e-3)
    assert w.wasted_share() == 0.75
    assert w.stale_slots(24) == pytest.approx(24 * (1 - math.exp(-0.075)))
    assert w.gone_by_noon() == pytest.approx(1 - math.exp(-0.375))
    assert w.batch_store() == 8e6 * 40 * 8
    assert w.home_profit() == pytest.approx(18_000 * 2.76)
    assert w.lift_that_pays() == pytest.approx(40_000 / 365 / w.home_profit())
    rate, views = 0.0045, 14 * marketplace.home_views_per_day / 2
    seen = w.visible_lift() * rate
    z = seen / math.sqrt(2 * rate * (1 - rate) / views)
    assert z == pytest.approx(stats.norm.ppf(0.975) + stats.norm.ppf(0.8))


def test_graded_answers():
    assert w.changed_passages() == pytest.approx(0.02)
    assert w.graded_days() == pytest.approx(2 * w.graded_for_a_point() / 300)
    error = math.sqrt((0.1 * 0.9 + 0.11 * 0.89) / w.graded_for_a_point())
    assert 0.01 / error == pytest.approx(stats.norm.ppf(0.95) + stats.norm.ppf(0.8), rel=0.01)


def test_platforms():
    week = 160_000 / 52
    assert w.platform_cost("as it is") == pytest.approx(3 * (100_000 + 6 * 6 * week))
    assert w.platform_cost("library and log") == pytest.approx(40_000 + 3 * (40_000 + 50_000 + 6 * 4 * week))
    for name in ("vendor", "own platform"):
        models = w.models_for(name, "library and log")
        assert w.platform_cost(name, models) == pytest.approx(w.platform_cost("library and log", models))


@pytest.mark.parametrize("correlation", [0.9, 0.95, 0.99])
def test_swapped_alerts_against_the_bivariate_normal(correlation):
    line = stats.norm.ppf(w.FLAGGED)  # both below −t is as likely as both above t
    joint = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf([line, line])
    assert w.both_flagged(correlation, w.FLAGGED) == pytest.approx(joint, rel=1e-3)
    assert w.swapped(correlation) == pytest.approx(1 - joint / w.FLAGGED, abs=1e-3)


def test_migration_by_hand():
    assert w.swapped_a_day() == pytest.approx(w.swapped() * 11_241)
    assert w.shifted_alerts(1.0) == pytest.approx(w.FLAGGED)
    assert w.shifted_alerts(1.1) == pytest.approx(stats.norm.sf(-stats.norm.ppf(w.FLAGGED) / 1.1))
    assert w.rollback_harm_an_hour() == pytest.approx((62_000 - 3_439) * 15 / 24)
    assert w.forward_harm_an_hour() == pytest.approx(889 * 150 / 24)
    assert w.declined_meanwhile() == pytest.approx(62_000 / 96)


def test_demos_say_what_the_page_says(capsys):
    for name, demo in inspect.getmembers(w, inspect.isfunction):
        if name.startswith("demo_"):
            demo()
    said = capsys.readouterr().out
    for line in ("one queue: 3  dealt out at random: 8", "wait", "roll back", "go on", "bin_risk is gone"):
        assert line in said
