"""The pages' numbers against simulation and by their own logic."""

import numpy as np
import pytest
from scipy import stats

from snippets.cases import payments
from snippets.data_audit import worked_labels as labels
from snippets.data_audit import worked_splits as splits
from snippets.metrics import worked as metrics


def test_the_delay_is_the_cases():
    for days in (0, 15, 30, 45, 60, 75, 90, 200):
        assert labels.share_in(days) == pytest.approx(metrics.chargeback_share_by(days))


def test_missing_labels_equal_a_simulation():
    rng = np.random.default_rng(0)
    age = rng.uniform(0, labels.TABLE_DAYS, 200_000)
    delay = np.interp(rng.random(age.size), (0, 0.1, 0.5, 0.9, 1), (0, 30, 45, 75, 90))
    assert labels.missing_labels() == pytest.approx((delay > age).mean(), abs=0.005)
    young = age < 30
    assert labels.missing_labels(0, 30) == pytest.approx((delay > age)[young].mean(), abs=0.01)
    assert labels.share_of_wrong(0, 30) == pytest.approx(young[delay > age].mean(), abs=0.01)
    bands = ((0, 30), (30, 45), (45, 75), (75, 90))
    assert sum(labels.share_of_wrong(*band) for band in bands) == pytest.approx(1)


def test_the_attack_is_noticed_in_the_order_the_page_says():
    assert labels.noticed_by_maturity() < labels.noticed_by_maturity(20) < labels.noticed_by_all_rows()
    assert labels.noticed_by_all_rows() < labels.noticed_by_waiting()
    day = labels.noticed_by_all_rows()
    assert labels.learned(labels.ATTACK_FRAUD, day - 1) <= metrics.break_even_probability()


def test_the_certainty_rule_holds_at_its_edge():
    rows = labels.rows_to_notice()
    error = (labels.ATTACK_FRAUD / rows) ** 0.5
    assert labels.ATTACK_FRAUD - 1.96 * error == pytest.approx(metrics.break_even_probability())


def test_an_experiment_is_read_when_its_gap_is_large_enough():
    day = labels.arms_differ_on()
    old = labels.known_in_arm(day)
    friendly = 2 * old * 0.12 / 0.88  # in both arms
    assert 0.1 * old / (1.9 * old + friendly) ** 0.5 >= 2.8
    assert labels.known_share_on(200) == 1
    before = labels.known_in_arm(day - 1)
    assert 0.1 * before / (1.9 * before + before * 0.24 / 0.88) ** 0.5 < 2.8


def test_measuring_against_chargebacks_caps_a_perfect_model():
    assert labels.perfect().precision == pytest.approx(1 - payments.unreported_rate)
    assert labels.perfect().recall == pytest.approx(1 - payments.friendly_fraud_rate)
    assert labels.at_line_measured().recall < metrics.at_break_even().recall


def test_graders_equal_a_simulation():
    rng = np.random.default_rng(1)
    bad = rng.random(400_000) < 0.02
    first, second = (np.where(bad, rng.random(bad.size) < 0.8, rng.random(bad.size) < 0.03) for _ in range(2))
    found = labels.two_graders(0.02)
    assert found.observed == pytest.approx((first == second).mean(), abs=0.002)
    assert labels.specific(0.02) == pytest.approx(2 * (first & second).sum() / (first.sum() + second.sum()), abs=0.01)
    assert labels.real_share(0.02, 0.97, 0.8) == pytest.approx(bad[first].mean(), abs=0.01)


def test_the_bands_of_the_declined_add_up_and_labels_at_the_line_are_free():
    bands = [labels.declined(*edges) for edges in ((1 / 11, 0.2), (0.2, 0.5), (0.5, 1.0))]
    assert sum(band.rows for band in bands) == pytest.approx(labels.declined().rows)
    assert sum(band.cost for band in bands) == pytest.approx(labels.declined().cost)
    assert labels.declined(1 / 11, 0.0911).cost_of_label == pytest.approx(0, abs=0.1)
    assert labels.bucket_cost(0.01) == pytest.approx(0.01 * labels.declined().cost)
    assert labels.bucket_error(0.04) == pytest.approx(labels.bucket_error(0.01) / 2)
    assert labels.approved_rate() < payments.fraud_rate


def test_what_each_selection_does():
    true = labels.approved_only("nobody").true
    assert labels.approved_only("nobody").said == pytest.approx(true, abs=0.02)
    assert labels.approved_only("own score").said == pytest.approx(true, abs=0.02)
    assert labels.approved_only("analysts").said < true / 2
    assert labels.approved_only("analysts, 2 % let through").said < true / 2
    assert labels.approved_only("analysts, 2 %, weighted").said == pytest.approx(true, abs=0.03)


def test_missing_as_a_feature_pays_until_the_pipeline_changes():
    without = labels.day_with_missing(labels.MISSING_GOOD, used=False)
    assert without.cost == pytest.approx(metrics.at_break_even().cost, rel=1e-6)
    assert labels.day_with_missing(labels.MISSING_GOOD).cost < without.cost
    assert labels.day_with_missing(labels.MISSING_AFTER).cost > without.cost


def test_the_release_loses_the_value_of_frauds_too():
    rng = np.random.default_rng(3)
    n = 200_000
    fraud_gone, good_gone, lost = rng.random(n) < 0.30, rng.random(n) < 0.05, rng.random(n) < 0.20 / 0.95
    assert (good_gone | lost).mean() == pytest.approx(0.25, abs=0.005)
    assert labels.fraud_missing(0.25) == pytest.approx((fraud_gone | lost).mean(), abs=0.005)
    assert labels.fraud_missing(0.05) == 0.30


def test_chance_to_notice_the_attack_equals_a_simulation():
    rng = np.random.default_rng(4)
    rows = np.array(labels.exposure())
    known = rng.poisson(0.4 * np.diff(rows, prepend=0), (20_000, len(rows))).cumsum(axis=1)
    fired = (known - 1.96 * np.sqrt(known)) / rows > metrics.break_even_probability()
    day = fired.argmax(axis=1) + 1
    assert labels.noticed_by_maturity() == np.quantile(day, 0.5, method="inverted_cdf")
    assert labels.noticed_by_maturity(0, 0.9) == np.quantile(day, 0.9, method="inverted_cdf")
    with pytest.raises(ValueError, match="not noticed"):
        labels.noticed_by_maturity(0, 2.0)  # no day has more than certainty


def test_followers_equal_a_simulation():
    rng = np.random.default_rng(5)
    truth, wrong, other = rng.random(300_000) < 0.5, rng.random(300_000) < 0.1, rng.random(300_000) < 0.1
    shown, second = truth ^ wrong, truth ^ other
    label = np.where(rng.random(300_000) < 0.3, shown, truth)
    assert labels.graded_by_followers(0.9, 0.3, shown=True) == pytest.approx((label == shown).mean(), abs=0.003)
    assert labels.graded_by_followers(0.9, 0.3, shown=False) == pytest.approx((label == second).mean(), abs=0.003)


def test_kinds_shut_for_good():
    assert labels.judged_risky(0.05) == pytest.approx(stats.binom.sf(9, 100, 0.05))
    assert labels.judged_risky(0.15) == pytest.approx(stats.binom.sf(9, 100, 0.15))
    shut = np.random.default_rng(6).binomial(100, 0.05, (50_000, 12)) >= 100 / 11
    assert labels.shut_after(12) == pytest.approx(shut.any(axis=1).mean(), abs=0.01)


def test_both_sides_flatter_in_a_few_draws_too():
    found = splits.two_sided(draws=4)
    assert found.both > found.before
    assert found.error > 0


@pytest.mark.slow  # 48 fits; the page's number is checked by every build
def test_no_gap_makes_two_sides_honest():
    found = splits.two_sided()
    assert found.both - found.before > 3 * found.error


def test_which_mechanism_bends_the_slope():
    assert labels.slopes("at random") == pytest.approx((0, 1), abs=0.02)
    assert labels.slopes("by x")[1] == pytest.approx(1, abs=0.02)
    assert labels.slopes("by x")[0] < -0.5
    assert labels.slopes("by y")[1] < 0.75


def test_each_split_predicts_the_production_it_stands_for():
    found = splits.split_table()
    for split, production in (
        ("time", "known users"),
        ("time and users", "new users"),
        ("time and regions", "new region"),
    ):
        noise = 2 * (found[f"se {split}"] ** 2 + found[f"se production, {production}"] ** 2) ** 0.5
        assert found[split] == pytest.approx(found[f"production, {production}"], abs=max(noise, 0.02))
    assert found["random"] > found["time without gap"] > found["time"] > found["production"]


def test_the_four_shifts():
    nothing, number, mix, meaning = (splits.comparison(kind) for kind in splits.SHIFTS)
    assert nothing.adversarial == pytest.approx(0.5, abs=0.02)
    assert number.adversarial > 0.99
    assert number.production == pytest.approx(number.validation, abs=0.01)
    assert mix.weighted == pytest.approx(mix.production, abs=0.01)
    assert mix.validation > mix.production + 0.05
    assert meaning.adversarial == pytest.approx(0.5, abs=0.02)
    assert meaning.production < meaning.validation - 0.1


@pytest.mark.parametrize("days", [45, 120])
def test_what_has_arrived_is_what_was_fast(days):
    rng = np.random.default_rng(days)
    delay = np.interp(rng.random(400_000), (0, 0.1, 0.5, 0.9, 1), (0, 30, 45, 75, 90))
    seen = delay[delay <= rng.uniform(0, days, 400_000)]
    assert labels.naive_median(days) == pytest.approx(np.median(seen), abs=0.7)


def test_the_two_curves_measured():
    assert labels.naive_median(45) < labels.naive_median(90) < labels.corrected_median()
    assert labels.corrected_median() == pytest.approx(payments.chargeback_days_p50, abs=3)
    assert labels.wrong_rows() == pytest.approx(2_000 * 0.95 * 180 * labels.missing_labels())
    assert labels.cost_of_uniform_bias() > 0
    assert labels.attack_loss() == 200 * 0.4 * 150 - 200 * 0.6 * 15
    assert labels.chargebacks_when_noticed() > 5


@pytest.mark.parametrize(
    ("demo", "line"),
    [
        (labels.demo_curve, "age   naive  backward  truth"),
        (labels.demo_kappa, "kappa        0.31"),
        (labels.demo_bucket, "truth             60,000"),
        (labels.demo_missing, "missing"),
    ],
)
def test_demos_print(demo, line, capsys):
    demo()
    assert line in capsys.readouterr().out
