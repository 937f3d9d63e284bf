"""Every broken run: the symptom with the fault and not without, and the named check red with it and green without."""

import numpy as np
import pytest

from snippets.debugging import report_runs as report
from snippets.debugging import serving_runs as serving
from snippets.debugging import training_runs as training
from snippets.debugging.checks import base_rate_entropy, mean_of_slices, pooled
from snippets.debugging.data import NAMES, payment_rows, top_recall

BASE = base_rate_entropy(0.002)


def test_payments_have_the_cases_rate_and_the_stated_effects():
    rows = payment_rows(1)
    assert rows.y.sum() == 400 and len(rows.y) == 200_000
    gap = rows.x[rows.y == 1].mean(axis=0) - rows.x[rows.y == 0].mean(axis=0)
    assert gap == pytest.approx([0.9, 1.3, 1.4, 1.1, 0.9, 0.75], abs=0.2)
    assert top_recall(rows.y, rows.y) == pytest.approx(0.9)  # 1,800 of 2,000


def test_labels_by_position():
    broken, healthy = training.label_run(True), training.label_run(False)
    assert broken.validation_loss >= BASE > 1.2 * healthy.validation_loss  # nothing learned
    assert (
        broken.log[0].loss == pytest.approx(np.log(2)) and training.logged_loss(broken, 1000) < 0.016
    )  # and it looks learned
    assert (broken.known_found, healthy.known_found) == (0.0, 1.0)
    low, high = training.auc_of_shuffled()
    assert low < 0.3 and high > 0.7  # AUC is not 0.5
    assert healthy.validation_auc == pytest.approx(0.97, abs=0.01)


def test_step_size():
    broken, healthy = training.step_run(True), training.step_run(False)
    assert broken.step() < 700 and not np.isfinite(broken.losses[-1])
    assert healthy.step() == len(healthy.losses) and healthy.losses[-1] < 0.3
    assert training.rate_limit(True) < training.WARMUP_TO < training.rate_limit(False)
    assert broken.rates[broken.step()] == pytest.approx(training.rate_limit(True), rel=0.15)
    assert training.loss_when_scaled() == pytest.approx(0.18, abs=0.01)  # half of the noise's variance, 0.36
    wild = [training.step_run(True, order).step() for order in (0, 1, 2)]
    assert np.ptp(wild) < 0.1 * np.mean(wild)  # the rate decides where
    row = [training.step_run(False, order, True).step() for order in (0, 1, 2)]
    assert np.ptp(row) > 0.5 * np.mean(row)  # the row decides where


def test_columns_part_an_unscaled_one_from_a_bad_row():
    unscaled = training.column_facts(training.price_rows(11, False)[0])
    bad = training.column_facts(training.price_rows(11, True, bad_row=True)[0])
    assert unscaled[5][0] > unscaled[5][1] > 10 and unscaled[5][2] / unscaled[5][1] < 15  # far from 0, no outlier
    assert bad[0][2] / bad[0][1] > 100  # one value, a hundred spreads away
    assert max(abs(mean) for mean, _, _ in unscaled[:5]) < 0.05
    assert (training.as_logged(2e12), training.as_logged(3_912.4)) == ("> 1e12", "3.91e+03")
    assert training.as_logged(float("nan")) == "nan"


def test_average():
    old, broken, healthy = report.retrieval_cells(False), report.average_run(True), report.average_run(False)
    for language in report.LANGUAGES:
        assert broken.cells[language].right > old[language].right  # every language is up
        assert broken.cells[language].total == old[language].total  # and the mix is the same
    assert broken.overall < report.old_recall() < healthy.overall
    assert mean_of_slices(old.values()) < broken.overall and pooled(broken.cells.values()) == healthy.overall


def test_order():
    broken, healthy = training.order_run(True), training.order_run(False)
    assert max(broken.losses[100:]) > 3 and max(healthy.losses) < 0.75
    assert (min(broken.batch_means), max(broken.batch_means)) == (0.0, 1.0)
    assert min(healthy.batch_means) > 0.2 and max(healthy.batch_means) < 0.5
    assert broken.validation[-1] > training.click_entropy() > healthy.validation[-1]
    assert len(broken.losses) == 4 * training.steps_an_epoch() == 640
    leaps = [i for i in range(1, 640) if broken.losses[i] > broken.losses[i - 1] + 1]
    assert [i % 160 for i in leaps[:4]] == [leaps[0], 0, leaps[0], 0]  # the alt text: 104, 160, …
    assert training.click_rate() == pytest.approx(0.35, abs=0.005)
    slow = training.order_run(True, training.RATE / 10)
    assert slow.validation[-1] < training.click_entropy() and slow.mean_prediction > 0.45  # a mask


def test_split():
    broken, healthy = report.split_run(True), report.split_run(False)
    assert broken.validation > broken.production + 0.05
    assert healthy.validation < healthy.production  # its estimate is for new sellers alone
    assert broken.seen > 0.99 and healthy.seen == 0.0
    assert broken.differing == 0  # not skew
    for run in (broken, healthy):
        assert run.by_seller["seen"] == pytest.approx(broken.validation, abs=0.02)
        assert run.by_seller["new"] == pytest.approx(healthy.validation, abs=0.03)


def test_leak():
    broken, healthy = report.leak_run(True), report.leak_run(False)
    assert broken.offline > 1.8 * broken.production
    assert healthy.offline == healthy.production >= broken.production
    assert broken.differing_frauds > 0.6 and broken.differing < 0.01
    assert healthy.differing == healthy.differing_frauds == 0.0
    assert broken.served_differing == healthy.served_differing == 0.0  # serving was right
    assert broken.alone["open_disputes"] - broken.alone["device_risk"] < 0.05  # AUC alone would not have told
    assert 0.3 < report.missed_by_200() < 0.4


def test_stale():
    broken, healthy = serving.stale_run(True), serving.stale_run(False)
    assert broken.offline == healthy.offline == healthy.production > 1.8 * broken.production
    assert max(broken.stability.values()) < 0.001  # every monitor is green
    assert broken.differing["card_velocity"] > 0.3 and broken.as_of_midnight == 1.0
    assert max(healthy.differing.values()) == 0.0 and healthy.as_of_midnight < 0.7
    assert all(broken.differing[name] == 0.0 for name in NAMES if name != "card_velocity")


def test_training_on_what_serving_has():
    run = serving.stale_run(True)
    assert run.production < serving.trained_on_midnight() < run.offline


def test_dead():
    broken, healthy = serving.dead_run(True, 2), serving.dead_run(False, 2)
    assert broken.alerts < 0.4 * healthy.alerts
    assert broken.nulls == healthy.nulls == 0.0 and broken.rows == healthy.rows
    assert broken.distinct["device_risk"] == 1 and min(healthy.distinct.values()) > 1_000


def test_unit():
    broken, healthy = serving.unit_run(True), serving.unit_run(False)
    assert broken.flagged["ios 9.4"] > 20 * broken.flagged["web"]
    assert healthy.flagged["ios 9.4"] < 2 * healthy.flagged["web"]
    assert broken.ratios == pytest.approx([100, 100, 100], rel=0.05)
    assert healthy.ratios == pytest.approx([1, 1, 1], rel=0.05)
    assert broken.attack_ratios[2] > 1.1 * broken.attack_ratios[0]  # an attack changes the shape
    assert serving.newest_a_day() == 50_000
    assert serving.declined_of_newest() == pytest.approx(50_000 * broken.flagged["ios 9.4"])
    assert sum(broken.share.values()) == pytest.approx(1) and broken.fraud["ios 9.4"] < 0.004


def test_scores_too_high():
    healthy, sampled, weighted = serving.healthy_score(), serving.sampled_score(), serving.weighted_score()
    for run in (sampled, weighted):
        assert run.auc == pytest.approx(healthy.auc, abs=0.002)
        assert run.flagged > 10 * healthy.flagged
        assert run.gap == pytest.approx(np.log(20), abs=0.15)
    assert sampled.raw_gap == pytest.approx(np.log(20), abs=0.15)
    assert weighted.raw_gap == pytest.approx(np.log(400), abs=0.15)
    mended = serving.score_run(False, True)
    assert mended.gap == pytest.approx(0.0, abs=0.1) == healthy.gap
    assert mended.mean_score == pytest.approx(0.002, rel=0.1)


def test_slice():
    broken, healthy = report.slice_run(True), report.slice_run(False)
    assert broken.error["pt"] > 1.8 * broken.error["en"] and healthy.error["pt"] < 1.1 * healthy.error["en"]
    assert broken.by_topic["refunds"] > 0.5 > healthy.by_topic["refunds"]  # worse than a coin
    assert broken.by_topic["other"] == pytest.approx(healthy.by_topic["other"], abs=0.02)
    assert broken.own_error < 0.6 * broken.error["pt"]  # its own labels can be learned
    assert broken.overall < 1.15 * healthy.overall
    assert broken.own_error < 0.6 * broken.constant_error  # more than a constant answer
    assert broken.refunds_elsewhere > 0.7


@pytest.mark.parametrize("module", [training, report, serving])
def test_every_exhibit_prints(module, capsys):
    for name, demo in vars(module).items():
        if name.startswith("demo_"):
            demo()
            assert capsys.readouterr().out.count("\n") >= 3
