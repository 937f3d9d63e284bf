"""The figures on the cards about measures and decisions: by simulation, brute force, quadrature, and against scikit-learn."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.metrics import brier_score_loss, log_loss, precision_score, roc_auc_score

from snippets.cases import payments
from snippets.fundamentals import judging as card
from snippets.metrics import worked

shares = st.floats(0.02, 0.98)


def test_a_higher_threshold_can_lower_precision() -> None:
    scores = np.array([0.9, 0.8])
    for threshold in (0.8, 0.9):
        expected = precision_score([0, 1], scores >= threshold)
        assert card.precision_of_two(threshold) == expected
    assert card.precision_of_two(0.9) < card.precision_of_two(0.8)
    assert math.isnan(card.precision_of_two(0.95))


def test_auc_of_a_score_that_knows_only_the_segment() -> None:
    score, label, weight = [], [], []
    for at, segment in enumerate(card.SEGMENTS):
        for y in (0, 1):
            score.append(at)
            label.append(y)
            weight.append(segment.share * (segment.fraud_rate if y else 1 - segment.fraud_rate))
    assert card.auc_of_segment_alone() == pytest.approx(roc_auc_score(label, score, sample_weight=weight))


def test_a_halved_score_declines_at_twice_the_risk() -> None:
    risk = worked.MODEL.cut_at(2 / 11, payments.fraud_rate)
    frauds = payments.frauds_per_day * worked.MODEL.recall(risk)
    good = payments.good_per_day * worked.MODEL.false_positive_rate(risk)
    by_hand = (payments.frauds_per_day - frauds) * 150 + good * 15
    assert card.halved_line() == pytest.approx(by_hand - worked.at_break_even().cost, abs=0.01)


@given(shares, st.floats(1.1, 3))
def test_sharpening_stretches_the_log_odds(p: float, factor: float) -> None:
    said = card.sharpened(p, factor)
    assert math.log(said / (1 - said)) == pytest.approx(factor * math.log(p / (1 - p)), abs=1e-6)
    assert (said - 0.5) * (p - 0.5) >= 0


@pytest.mark.parametrize("said", [0.0005, 0.2])
def test_the_price_of_a_wrong_probability_by_counting_rows(said: float) -> None:
    label = [1] * 5 + [0] * 995
    for name, score in (("brier", brier_score_loss), ("log loss", log_loss)):
        expected = score(label, [said] * 1_000) / score(label, [0.005] * 1_000) - 1
        assert card.price_of_saying(name, said, 0.005) == pytest.approx(expected)  # type: ignore[arg-type]


@given(shares, shares)
def test_both_scores_are_proper(said: float, true: float) -> None:
    assert card.price_of_saying("brier", said, true) >= -1e-12
    assert card.price_of_saying("log loss", said, true) >= -1e-12


@pytest.mark.parametrize("p", [0.03, 0.4, 0.9])
def test_scores_are_bills_averaged_over_lines(p: float) -> None:
    alarm = quad(lambda c: 2 * c, 0, p)[0]
    miss = quad(lambda c: 2 * (1 - c), p, 1)[0]
    assert (alarm, miss) == pytest.approx((brier_score_loss([0], [p]), brier_score_loss([1], [p])))
    weighted = quad(lambda c: c / (c * (1 - c)), 0, p)[0], quad(lambda c: (1 - c) / (c * (1 - c)), p, 1)[0]
    losses = log_loss([0], [p], labels=[0, 1]), log_loss([1], [p], labels=[0, 1])
    assert weighted == pytest.approx(losses)


@pytest.mark.parametrize("clip", [1e-15, 1e-7])
def test_one_zero_costs_what_the_clip_says(clip: float) -> None:
    label = [1, 1] + [0] * 998
    forecast = np.clip([0.0, 1.0] + [0.0] * 998, clip, 1 - clip)
    assert card.one_zero(clip) == pytest.approx(log_loss(label, forecast))
    assert card.base_rate_loss() == pytest.approx(log_loss(label, [0.002] * 1_000))
    assert card.one_zero(clip) > card.base_rate_loss()


@given(shares, shares, shares)
def test_forced_false_alarms_by_counting(base: float, precision: float, recall: float) -> None:
    found = base * recall
    false = found / precision - found
    assert card.forced_false_alarms(base, precision, recall) == pytest.approx(false / (1 - base))


def test_no_three_equal_unless_base_rates_are() -> None:
    assert card.forced_false_alarms(0.2, 0.8, 0.6) < card.forced_false_alarms(0.4, 0.8, 0.6)
    assert card.forced_false_alarms(0.2, 1, 0.6) == card.forced_false_alarms(0.4, 1, 0.6) == 0
    assert card.forced_false_alarms(0.2, 0.8, 0) == card.forced_false_alarms(0.4, 0.8, 0) == 0


@pytest.mark.parametrize(("spread", "middle"), [(1, -1.6), (2, -2.2)])
def test_auc_of_a_perfect_score_by_drawing(spread: float, middle: float) -> None:
    rng = np.random.default_rng(2)
    log_odds = spread * rng.standard_normal(300_000)
    while (mean := (1 / (1 + np.exp(-middle - log_odds))).mean()) > 0.2005 or mean < 0.1995:
        middle += (0.2 - mean) * 4
    label = rng.random(log_odds.size) < 1 / (1 + np.exp(-middle - log_odds))
    assert card.auc_if_perfect(spread) == pytest.approx(roc_auc_score(label, log_odds), abs=0.005)
    assert card.auc_if_perfect(1e-9) == pytest.approx(0.5)


# Dollars of both segments by cut, by arithmetic of its own: normal scores, 150 dollars a miss, 15 a declined good payment
CUTS = np.linspace(-1, 6, 14_001)
MEAN = math.sqrt(2) * norm.ppf(0.97)


def by_cut(share: float, rate: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    recall, false = norm.sf(CUTS - MEAN), norm.sf(CUTS)
    volume = 1e6 * share
    cost = volume * (rate * (1 - recall) * 150 + (1 - rate) * false * 15)
    flagged = rate * recall + (1 - rate) * false
    return cost, false, flagged, rate * recall / flagged


@pytest.mark.parametrize("criterion", get_args(card.Criterion))
def test_cheapest_by_brute_force(criterion: card.Criterion) -> None:
    cost, false, flagged, precision = zip(by_cut(0.8, 0.0005), by_cut(0.2, 0.008), strict=True)
    if criterion == "one risk line":
        best = cost[0].min() + cost[1].min()  # with no tie between groups, the cheapest of all
    elif criterion == "equal error rates":
        assert false[0] == pytest.approx(false[1])
        best = (cost[0] + cost[1]).min()
    else:
        one, two = (flagged[0][::-1], flagged[1][::-1]) if criterion == "equal share flagged" else precision
        partner = np.interp(one, two, cost[1][::-1] if criterion == "equal share flagged" else cost[1])
        inside = (one >= two[0]) & (one <= two[-1])
        best = ((cost[0][::-1] if criterion == "equal share flagged" else cost[0]) + partner)[inside].min()
    assert sum(day.cost for day in card.cheapest(criterion)) == pytest.approx(best, abs=1)


def test_each_pair_of_lines_meets_its_criterion() -> None:
    for criterion, equal in (
        ("one risk line", [day.probability for day in card.cheapest("one risk line")]),
        ("equal precision", [day.precision for day in card.cheapest("equal precision")]),
        ("equal error rates", [day.recall for day in card.cheapest("equal error rates")]),
        (
            "equal share flagged",
            [
                day.alerts / (payments.daily_volume * segment.share)
                for day, segment in zip(card.cheapest("equal share flagged"), card.SEGMENTS, strict=True)
            ],
        ),
    ):
        assert equal[0] == pytest.approx(equal[1]), criterion


def test_what_the_card_says_of_the_four() -> None:
    def gap(criterion: card.Criterion) -> float:
        return card.wrongly_declined(criterion, "new") / card.wrongly_declined(criterion, "returning")

    assert gap("equal precision") > gap("one risk line") > gap("equal error rates") == pytest.approx(1)
    assert gap("equal share flagged") < 1
    assert card.dearer("one risk line") == 0
    assert card.dearer("equal error rates") == pytest.approx(worked.saved_by_segment_calibration(), abs=0.01)
    assert gap("one risk line") == pytest.approx(worked.segment_rate_ratio(), rel=1e-4)
    assert card.risk_at_line("one risk line", "new") == pytest.approx(1 / 11, abs=1e-5)
    segments: tuple[Literal["returning", "new"], ...] = ("returning", "new")
    lines = [card.risk_at_line("equal share flagged", segment) for segment in segments]
    assert lines[0] < 1 / 11 < lines[1]


def test_one_model_has_the_same_curve_in_both_segments() -> None:
    returning, new = card.cheapest("equal error rates")
    assert returning.recall == pytest.approx(new.recall)


@pytest.mark.parametrize("auc", [0.90, 0.97])
def test_what_a_weaker_model_finds_at_the_same_false_alarms(auc: float) -> None:
    mean = math.sqrt(2) * norm.ppf(auc)
    assert card.found(auc) == pytest.approx(float(norm.sf(norm.isf(0.01), mean)), abs=1e-6)


def test_bill_of_one_risk_line_by_brute_force() -> None:
    assert card.bill() == pytest.approx(by_cut(0.8, 0.0005)[0].min() + by_cut(0.2, 0.008)[0].min(), abs=1)


def test_intervals_that_touch() -> None:
    error = 1.0
    difference = 2 * norm.ppf(0.975) * error
    assert card.p_when_touching() == pytest.approx(2 * norm.sf(difference / (math.sqrt(2) * error)))


def test_false_finds_by_drawing() -> None:
    rng = np.random.default_rng(3)
    works = rng.random(400_000) < 0.1
    truth = norm.ppf(0.975) + norm.ppf(0.8)
    found = np.abs(rng.standard_normal(works.size) + truth * works) > norm.ppf(0.975)
    assert (~works[found]).mean() == pytest.approx(card.false_finds(0.1, 0.8), abs=0.01)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_what_picking_by_a_sum_does(share: float) -> None:
    rng = np.random.default_rng(4)
    qualities = rng.standard_normal((2, 400_000))
    total = qualities.sum(axis=0)
    picked = qualities[:, total > np.quantile(total, 1 - share)]
    assert np.asarray(np.corrcoef(picked))[0, 1] == pytest.approx(card.picked_correlation(share), abs=0.01)


def test_a_text_that_is_worse_every_day_and_reads_level() -> None:
    views = [(500, 500)] * 5 + [(100, 900)] * 2
    kept = 1 - card.worse_and_level()
    first = second = 0.0
    for day, (mine, theirs) in enumerate(views):
        rate = 0.10 if day < 5 else 0.14
        first += mine * rate
        second += theirs * rate * kept
    assert first / sum(v[0] for v in views) == pytest.approx(second / sum(v[1] for v in views))
