"""The worked numbers of the monitoring page, each computed again another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from snippets.cases import assistant, marketplace, payments
from snippets.metrics import worked as metrics
from snippets.monitoring import figures
from snippets.monitoring import worked as w

Z = stats.norm.isf(1 / 24_000)


def test_budget() -> None:
    assert w.budget().z == pytest.approx(Z)
    assert w.alarms_at_five_percent() == 600
    assert w.years_between_alarms() == pytest.approx(12_000 / 365)
    assert w.days_with_alarm(0.0) == pytest.approx(30 * (1 - (1 - 1 / 12_000) ** 400))
    for rho in (0.0, 0.5, 0.9):
        assert w.alarms_at_once(rho) * w.days_with_alarm(rho) == pytest.approx(1)
        assert w.months_between_alarm_days(rho) == pytest.approx(w.alarms_at_once(rho))
    rng = np.random.default_rng(1)
    common = rng.standard_normal((30_000, 1))
    signals = math.sqrt(0.9) * common + math.sqrt(0.1) * rng.standard_normal((30_000, 400))
    assert 30 * np.mean(np.abs(signals).max(axis=1) > w.z_for_one_page(0.9)) == pytest.approx(1, abs=0.15)


def test_ordinary_days() -> None:
    spread = math.sqrt(0.02**2 + 2e-6)
    assert w.alarms_from_ordinary_days() == pytest.approx(800 * stats.norm.sf(Z * math.sqrt(2e-6) / spread))
    assert w.day_threshold() == pytest.approx(Z * spread)
    assert w.smallest_shift_of(10_000) == pytest.approx((Z + stats.norm.ppf(0.9)) / 100)


def test_psi_numbers() -> None:
    assert w.psi_above(30, 500) == pytest.approx(stats.chi2.sf(25, 29))
    assert w.shift_at_psi(0.1) == pytest.approx(0.323, abs=1e-3)
    r = metrics.at_break_even().alerts / 1e6
    assert w.psi_of_doubled_declines() == pytest.approx(r * math.log(2) - r * math.log((1 - 2 * r) / (1 - r)))
    assert w.ks_p_of_small_shift() == pytest.approx(
        stats.kstwobign.sf(math.sqrt(5e5) * (2 * stats.norm.cdf(0.01) - 1)), rel=1e-6
    )
    assert w.psi_small_shift() == pytest.approx(0.0004, abs=5e-5)
    assert w.chi_power(1_000_000) > 0.999
    assert w.windows_per_empty() == pytest.approx(1 / stats.binom.pmf(0, 500, 0.01))
    assert w.psi_of_empty_bin(1e-6) == pytest.approx(0.01 * math.log(1e4), rel=1e-3)
    assert w.psi_of_empty_bin_by_counts() == pytest.approx(0.009 * math.log(0.01 * 505 / 0.5), rel=0.02)


def test_worlds() -> None:
    for name in ("launch", "same", "campaign"):
        assert w.world(name).truth.mean() == pytest.approx(payments.fraud_rate, rel=0.02)
    same, learned, dead = w.watched("same"), w.watched("learned"), w.watched("dead")
    assert same.estimated_cost == pytest.approx(same.cost, rel=1e-9)
    assert w.cost_change("same") == 0 == w.cost_change("campaign")
    assert w.watched("campaign").feature_psi > 0.25
    assert max(learned.feature_psi, learned.score_psi) < 0.001
    assert learned.estimated_auc == pytest.approx(same.auc, abs=1e-3)
    # once with drawn labels
    truth = w.world("learned").truth
    said = sum(w.WEIGHTS[f] * w.world("learned").columns[f] for f in w.WEIGHTS)
    labels = np.random.default_rng(2).random(len(truth)) < truth
    assert learned.auc == pytest.approx(roc_auc_score(labels, said), abs=0.03)
    assert dead.estimated_cost < 0.3 * dead.cost
    for name in ("mix", "together"):
        seen = w.watched(name)
        assert seen.feature_psi < 0.1 and seen.score_psi < 0.1 and w.cost_change(name) > 0.4
        assert seen.estimated_cost == pytest.approx(seen.cost)
    assert np.corrcoef(w.world("together").columns["amount"], w.world("together").columns["novelty"])[
        0, 1
    ] == pytest.approx(0.6, abs=0.01)


def test_days_to_find() -> None:
    assert w.standard_error() == pytest.approx(math.sqrt(0.84 * 0.16 / 300))
    assert w.slip_cost() == pytest.approx(w.standard_error() * 32_000 * 20)
    assert w.even_days() == 12_000
    assert w.points(0.021) == pytest.approx(2.1)
    assert w.days_to_find("daily", 1.0, 12_000) == pytest.approx(1 / (stats.norm.sf(Z - 1) + stats.norm.sf(Z + 1)))
    z = stats.norm.isf(7 / 300 / 2)
    assert w.z_at(300) == pytest.approx(stats.norm.isf(1 / 600))
    assert w.days_to_find("weekly", 1.0, 300) == pytest.approx(7 / stats.norm.sf(z - math.sqrt(7)), rel=1e-3)
    for rule in ("cusum", "ewma"):
        assert w.days_to_find(rule, 0.0, 300) == pytest.approx(300, rel=0.01)
        assert w.days_to_find(rule, 1.0, 300) < w.days_to_find("weekly", 1.0, 300)
    assert w.cost_to_find("daily", 1.0, 300) == pytest.approx(w.days_to_find("daily", 1.0, 300) * w.slip_cost())
    assert w.smallest_drop() == pytest.approx((Z + 1.28155) * w.standard_error(), rel=1e-4)
    assert w.smallest_drop(7, 2.0) == pytest.approx((2 + 1.28155) * w.standard_error() / math.sqrt(7), rel=1e-4)


def test_partial_labels() -> None:
    n = w.chargebacks_in_the_end()
    assert n == pytest.approx(metrics.at_break_even().missed * 0.95 / 0.88)
    assert w.seen_by(45) == pytest.approx(n / 2)
    k = w.seen_by(30)
    exact = (stats.chi2.ppf(0.975, 2 * k + 2) - stats.chi2.ppf(0.025, 2 * k)) / 4 / k
    assert w.nowcast_noise(30) == pytest.approx(exact, rel=0.02)
    assert w.nowcast_bias(30) == pytest.approx(0.8)
    assert [w.smooth_share_by(age) for age in (30, 45, 75)] == pytest.approx([0.1, 0.5, 0.9])
    assert w.smooth_bias(30) == pytest.approx(stats.norm.cdf(-12 / 15 * stats.norm.isf(0.1)) / 0.1 - 1)
    assert metrics.chargeback_share_by(20 + 10) < 1.6 * metrics.chargeback_share_by(20)
    assert w.days_quicker(20, 0.6, smooth=False) == pytest.approx(
        10.25
    )  # 30 days bring 10 %, the rest at 40 % in 15 days
    sooner = w.days_quicker(20, 0.6, smooth=True)
    assert w.smooth_share_by(20 + sooner) == pytest.approx(1.6 * w.smooth_share_by(20))
    assert w.leak_per_day() == pytest.approx(0.2 * metrics.at_break_even().missed * 150)
    assert w.leak_cost(52) == pytest.approx(52 * w.leak_per_day())
    assert w.leak_score(45) == pytest.approx(0.2 * math.sqrt(7 * n / 2))


def test_random_buckets() -> None:
    day = metrics.at_break_even()
    assert w.approved_fraud_share() == pytest.approx(day.missed / (1e6 - day.alerts))
    share = w.approved_fraud_share()
    n = w.reviews_for_recall()
    assert w.review_years_for_recall() == pytest.approx(n / 1800 / 365)
    called = np.random.default_rng(4).binomial(round(n), share * 0.9 + (1 - share) * 0.05, 4_000) / round(n)
    assert 1.96 * np.std((called - 0.05) / 0.85) / share == pytest.approx(0.2, rel=0.05)
    assert w.false_calls_per_find() == pytest.approx((1 - share) * 0.05 / (share * 0.9))
    p = day.precision
    called = np.random.default_rng(5).binomial(1032, p * 0.9 + (1 - p) * 0.05, 4_000) / 1032
    assert 1.96 * np.std((called - 0.05) / 0.85) == pytest.approx(w.bucket_half_width(), rel=0.05)
    n = round(w.released_per_day() * 30)
    exact = stats.binomtest(round(n * day.precision), n).proportion_ci(method="wilson")
    assert w.released_interval() == pytest.approx(tuple(exact))
    assert w.release_cost() == pytest.approx(0.3 * (day.caught * 150 - day.declined * 15))
    assert w.reviewed_share(1.0) == 0.9 and w.reviewed_share(0.0) == 0.05


def test_slices() -> None:
    total = 0.92 * (1 + w.others_gain()) + 0.08 * 0.88
    assert total == pytest.approx(1.01)
    assert w.language_purchases_lost() == pytest.approx(72_000 * 0.08 * 0.12)
    assert w.language_fees_lost() == pytest.approx(72_000 * 0.08 * 0.12 * marketplace.net_fee)
    assert w.total_fees_gained() == pytest.approx(720 * marketplace.net_fee)
    assert w.canary_searches(0.5, 2) == pytest.approx(300_000)
    assert w.slice_days(-0.1, 0.01) == pytest.approx(2 * w.slice_rows(-0.1) / 60_000)
    assert w.expected_false_slices() == 2
    finds = {m: w.slice_finds(m) for m in ("none", "bonferroni", "holm", "bh")}
    assert finds["none"][1] == pytest.approx(34 * 0.05, abs=0.4)
    assert finds["bonferroni"][0] <= finds["holm"][0] <= finds["bh"][0] <= finds["none"][0]
    inside, outside = 22_500, 427_500
    p, q = 0.0096, 0.012
    pooled = (inside * p + outside * q) / (inside + outside)
    unit = math.sqrt(pooled * (1 - pooled) * (1 / inside + 1 / outside))
    own = math.sqrt(p * (1 - p) / inside + q * (1 - q) / outside)
    power = stats.norm.cdf((q - p - stats.norm.isf(0.05 / 80) * unit) / own)
    assert finds["bonferroni"][0] / 6 == pytest.approx(power, abs=0.07)


def test_pages_and_rollbacks() -> None:
    assert w.page_break_even(w.page_precision()) == pytest.approx(200 / (8 / 30))
    assert w.page_bill() == 58 * 200 * 52
    assert w.poisson_tail(24, 11.9) == pytest.approx(stats.poisson.sf(23, 11.9))
    assert w.usual_declines(5) == pytest.approx(metrics.at_break_even().alerts / 288)
    mean = w.usual_declines(5) * 0.2
    assert w.false_rollbacks(3, 5, "night") == pytest.approx(30 * 96 * stats.poisson.sf(math.ceil(3 * mean) - 1, mean))


def test_traffic_averages_to_the_mean() -> None:
    assert sum(volume * hours for volume, hours in (w.traffic("day"), w.traffic("night"))) == pytest.approx(24)
    assert w.declines_in(15, "night") == pytest.approx(0.2 * w.usual_declines(15))


@pytest.mark.parametrize(
    ("minutes", "when", "count", "low"), [(15, "day", 70, False), (15, "night", 17, False), (60, "night", 14, True)]
)
def test_alarms_begun_as_simulated(minutes: int, when: str, count: int, low: bool) -> None:
    rng = np.random.default_rng(6)
    months = 60
    hours = round(w.traffic(when)[1] * 30 * months)
    rate = w.declines_in(1, when) * np.maximum(0.05, 1 + 0.1 * rng.standard_normal(hours))
    begun = 0
    for r in rate:  # each hour again with its own rate, an hour of run-up before it
        window = np.convolve(rng.poisson(r, 60 + minutes), np.ones(minutes), "valid")
        on = window <= count if low else window >= count
        begun += int((on[1:] & ~on[:-1]).sum())
    assert w.alarms_begun(count, minutes, when, low=low) == pytest.approx(begun / months, rel=0.12)


def test_alarms_begun_at_none() -> None:
    mean = w.declines_in(15, "night")
    stays = stats.poisson.pmf(0, mean) * (1 - stats.poisson.pmf(0, mean / 15))
    assert w.alarms_begun(0, 15, "night", error=0.0, low=True) == pytest.approx(stays * 30 * 480)


def test_count_rules_are_the_tightest_that_hold() -> None:
    for minutes, when in ((15, "day"), (15, "night"), (60, "night")):
        k = w.count_rule(minutes, when)
        assert w.alarms_begun(k, minutes, when) <= 0.1 / 3 < w.alarms_begun(k - 1, minutes, when)
    for when in ("day", "night"):
        k = w.low_rule(60, when)
        assert w.alarms_begun(k, 60, when, low=True) <= 0.05 < w.alarms_begun(k + 1, 60, when, low=True)
    mean = w.declines_in(15, "day")
    assert (
        1920 * stats.poisson.sf(w.plain_count() - 1, mean) <= 0.1 < 1920 * stats.poisson.sf(w.plain_count() - 2, mean)
    )
    t = w.minutes_to_count(15, "day", 10.0)
    assert mean / 15 * (15 - t) + 10 * mean / 15 * t == pytest.approx(w.count_rule(15, "day"))
    assert w.ring_cost() == pytest.approx(4 * mean * (0.05 + 0.3 * 150))


def test_the_incident_of_the_cents() -> None:
    usual = w.minute()
    assert usual.cost * 1440 == pytest.approx(metrics.at_break_even().cost)
    cut = metrics.MODEL.cut_at(1 / 11, 0.002) - 1
    assert w.minute(1.0).declined * 1440 == pytest.approx(998_000 * stats.norm.sf(cut))
    assert w.broken_cost(60) == pytest.approx(60 * w.broken_per_minute())
    assert w.broken_factor() == pytest.approx(w.minute(1.0).declines / usual.declines)
    assert w.broken_declines(10) == pytest.approx(10 * (w.minute(1.0).declined - usual.declined))
    assert w.broken_fraud_saved() > 0
    assert w.night_cost() == pytest.approx(w.broken_cost(960))
    further = w.minutes_to_alarm() * (w.minute(1.0).declines - usual.declines)
    assert w.usual_declines(15) + further == pytest.approx(w.count_rule(15, "mean"))
    now = w.minute(1.0)
    bill = now.declined * 0.53 + now.caught * (0.05 + 0.3 * 150) + (2000 / 1440 - now.caught) * 150 - usual.cost
    assert w.degraded_cost(1) == pytest.approx(bill)


def test_the_incident_of_the_template() -> None:
    minutes = np.linspace(0, 90, 90_001)
    total = np.trapezoid([w.template_rate(m) for m in minutes], minutes)
    assert w.template_cost(90) == pytest.approx(total, rel=1e-4)
    assert w.template_cost(20) == pytest.approx(20 * w.template_rate(20) / 2)
    answered = 40_000 / 1440 * 0.8
    assert w.template_rate(60) == pytest.approx(answered * (0.9 * 6 + 0.1 * 20) - answered * 0.16 * 20)
    assert w.handover_share(60) == pytest.approx(0.2 + 0.8 * 0.9) == w.handover_share(99)
    assert w.further_handovers(60) == pytest.approx(30 * 40_000 / 1440 * 0.8 * 0.9)
    assert w.agents_spare() == pytest.approx(2_000 / 1440)
    assert w.queue(60) == pytest.approx(w.further_handovers(60) - 60 * w.agents_spare(), rel=0.01)
    assert 2 <= w.minutes_to_empty_alarm() <= 10
    assert w.questions_per_minute() == assistant.questions_per_day / 1440


def test_retraining_interval_is_the_cheapest() -> None:
    best = w.retrain_days()
    assert all(w.retrain_bill(best) <= w.retrain_bill(days) for days in np.linspace(1, 120, 400))


def test_prompts() -> None:
    assert w.released_precision_interval() == pytest.approx(
        tuple(stats.binomtest(44, 340).proportion_ci(method="wilson"))
    )
    assert w.released_break_even_gap() == pytest.approx(15 * 296 / 340 - 150 * 44 / 340)
    assert w.declines_overstated() == pytest.approx(0.26 * 340 / 44)
    assert w.slice_p(40) == pytest.approx(
        40 * stats.chi2_contingency([[2880, 237_120], [2534, 237_466]], correction=False).pvalue
    )
    z = math.sqrt(stats.chi2.isf(w.slice_p(), 1) / w.slice_design_effect())
    assert 40 * 2 * stats.norm.sf(z) == pytest.approx(0.05)
    assert w.slice_loss() == pytest.approx(-0.12, abs=0.001)
    low, high = w.slice_loss_interval()
    assert low < w.slice_loss() < high < 0
    assert w.refusals_bill() == 48_000
    assert w.refusals_left_over() == 6_000
    assert w.refusals_waiting() == 7 * 250
    assert w.length_z() == pytest.approx(0.05 / (0.35 / math.sqrt(40_000 / 24)))
    assert w.canary_drop() == pytest.approx(4.28155 * math.sqrt(0.95 * 0.05 / 200), rel=1e-4)
    assert w.canary_cost() == pytest.approx(1.0)
    assert w.night_shift() == pytest.approx(0.56, abs=0.01)
    assert stats.chi2.sf(w.night_floor() / (1 / 8_000 + 1e-6), 9) == pytest.approx(1 / 12_000)


def test_demos_and_figures(capsys: pytest.CaptureFixture[str]) -> None:
    w.demo_nowcast(), w.demo_attribution(), w.demo_slices()
    assert "8,400" in capsys.readouterr().out
    assert figures.days_to_find().axes and figures.two_ways_to_be_wrong().axes


def test_prompts_further() -> None:
    p = w.reviewed_corrected()
    assert w.reviewed_share(p) == pytest.approx(44 / 340)
    assert w.false_declines_rise() == pytest.approx((1 - p) / 0.74 - 1)
    assert w.challenge_saves(p) == pytest.approx((1 - p) * (15 - 0.48) - p * 45 - 0.05)
    assert w.night_usual() == pytest.approx(8_000 * metrics.at_break_even().alerts / 1e6)
    low, high = w.reviewed_corrected_interval()
    assert [w.reviewed_share(low), w.reviewed_share(high)] == pytest.approx(list(w.released_precision_interval()))
    assert w.reviews_bill() == 1020
    assert w.pruned_precision() == pytest.approx((104 / 12) / (104 / 12 + 2))
    assert w.pruned_saving() == 603_200 - 4_800
    assert w.younger_labels() == 1_800
