"""The page's numbers, computed again another way."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from snippets.answering import figures, worked
from snippets.cases import marketplace, payments
from snippets.metrics import worked as metrics
from snippets.metrics import worked_llm as llm
from snippets.systems import fraud
from snippets.systems import search_ranking as search


@pytest.mark.parametrize("length", worked.LENGTHS)
def test_columns_add_up(length):
    assert worked.round_total(length) == length
    assert worked.moves_total(length) == worked.round_total(length) - worked.pushes(length) - worked.around(length)
    assert 2 * worked.before_model(length) >= worked.moves_total(length) - 8


def test_a_shorter_round_never_gives_a_move_more():
    for boxes in worked.MOVES.values():
        assert list(boxes) == sorted(boxes, reverse=True)
    assert worked.left_at_half("risks") < worked.left_at_half("serving") < worked.left_at_half("metric")
    assert worked.spoken(1_400) == 10


def above(cut, mean, n):
    return n * stats.norm.sf(cut - mean)


def test_blurred_score_by_tails():
    """Decline counts from the two normal tails, without the bands."""
    line = math.log(0.367182035138358 / (1 - 0.367182035138358))
    prior = math.log(0.002 / 0.998)
    counts = []
    for auc in (0.97, 0.90):
        mean = math.sqrt(2) * stats.norm.ppf(auc)
        cut = (line - prior) / mean + mean / 2
        counts.append(above(cut, 0, payments.good_per_day) + above(cut, mean, payments.frauds_per_day))
    expected = (0.7 * counts[0] + 0.3 * counts[1]) / counts[0] - 1
    assert worked.change("blurred", "decline") == pytest.approx(expected, rel=1e-3)
    assert worked.declined_per_hour("blurred") / worked.declined_per_hour() == pytest.approx(1 + expected, rel=1e-3)


def test_three_faults_have_three_signatures():
    sign = {
        kind: tuple(round(worked.change(kind, a), 2) for a in ("challenge", "review", "decline"))
        for kind in ("blurred", "attack", "odds")
    }
    assert sign["blurred"][0] > 0 > max(sign["blurred"][1:])
    assert 0 <= sign["attack"][0] < sign["attack"][1] < sign["attack"][2]
    assert min(sign["odds"]) > 0.5
    assert sum(band.total for band in worked.blurred().values()) == pytest.approx(payments.daily_volume)
    assert sum(band.total for band in worked.doubled_odds().values()) == pytest.approx(payments.daily_volume)
    assert sum(band.total for band in worked.attacked().values()) == pytest.approx(payments.daily_volume + 200)


def test_attack_that_would_explain_the_challenges():
    more = worked.attack_of_challenges()
    rise = worked.attacked(more)["challenge"].total - worked.today()["challenge"].total
    assert rise == pytest.approx(worked.blurred()["challenge"].total - worked.today()["challenge"].total, rel=1e-6)
    assert more > 10 * payments.frauds_per_day


def test_cost_of_blur_is_near_the_designs_share():
    assert worked.blurred_cost() == pytest.approx(fraud.timeout_cost(worked.BLANK), rel=0.01)
    assert worked.blurred_hour() * 24 == pytest.approx(worked.blurred_cost())
    assert worked.blurred(0.0)["challenge"].total == pytest.approx(worked.today()["challenge"].total)


def test_assistant():
    assert worked.wrong_left() == pytest.approx(2_760 * (1 - (39 * 0.8 + 30 * 55 / 1_095) / 69))
    assert worked.wrong_of_asked() == pytest.approx(0.069)
    assert worked.asked_in_pilot() == pytest.approx(0.85)
    assert worked.asking_saves() == pytest.approx(40_000 * (1.9008 - 1.8121), rel=1e-3)
    assert llm.candidate().right == 771


def test_shortcuts_are_within_a_sixth():
    assert worked.day_shortcut() == pytest.approx(100_000 / 86_400 - 1)
    assert worked.sixteen() == pytest.approx(2 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) ** 2)
    assert worked.seconds_between(10_000) == 8.64
    assert worked.false_alarms_of(14) > 0.5 > worked.false_alarms_of(13)
    assert worked.fraud_precision() == pytest.approx(1_600 / (1_600 + 9_980))
    assert worked.fraud_odds() == pytest.approx(1_600 / 9_980)
    assert worked.embedding_bytes() == 4_096
    p = marketplace.search_purchase_rate
    assert worked.conversions_an_arm() == pytest.approx(16 * (1 - p) / p / 0.0025)


def test_stories_cover():
    assert worked.stories_needed() == 5
    assert worked.stories_needed(2) == 8
    assert worked.largest_story() == 4
    assert set().union(*worked.STORIES.values()) == set(worked.QUESTIONS)


def test_take_home():
    assert worked.take_home_total() == 180
    assert worked.test_positives() == 96
    random = np.random.default_rng(5)
    mean = math.sqrt(2) * stats.norm.ppf(0.75)
    y = np.r_[np.ones(96), np.zeros(1_504)]
    scores = random.normal(mean * y, size=(1_000, y.size))
    ranks = scores.argsort(axis=1).argsort(axis=1) + 1
    aucs = (ranks[:, :96].sum(axis=1) - 96 * 97 / 2) / (96 * 1_504)
    assert aucs[0] == pytest.approx(roc_auc_score(y, scores[0]))
    assert worked.take_home_spread() == pytest.approx(np.std(aucs), rel=0.08)
    best = np.sqrt(0.5) * worked.take_home_spread() * random.standard_normal((4_000, 30)).max(axis=1).mean()
    assert worked.best_of_equals() == pytest.approx(best, rel=0.03)


def test_stories_numbers():
    assert worked.edits_saved() == pytest.approx(9_600)
    assert worked.edits_added() == pytest.approx(240)
    assert worked.accelerators_a_day() == 360
    assert worked.lasting_a_day() < worked.lift_a_day() / 3.9
    assert worked.lift_half_width() == pytest.approx(1.96 * math.sqrt(1.27 * 2 * 0.988 / (84e6 / 2 * 0.012)), rel=0.01)
    assert worked.lasting_a_day(worked.distilled_low()) > 3 * 20
    assert worked.pages_with_sold() == pytest.approx(1 - 0.995**24)
    assert worked.bad_pages() == pytest.approx(750_000 * (0.995**24 - 0.98**24))
    lowered = worked.lowered_gate()
    assert lowered.dollars == pytest.approx(248 * 60 - 848 * 6)
    assert (lowered.wrong, lowered.handed) == (pytest.approx(248), pytest.approx(848))
    assert worked.lowered_harm() - worked.lowered_saves() == pytest.approx(lowered.dollars)
    assert worked.cheaper_errors() == pytest.approx(15 * 20 + 14 * 6)
    assert (worked.cheaper_errors() - worked.cheaper_tokens()) * 40 == pytest.approx(llm.dearer_a_day())
    assert worked.earlier_worth() == pytest.approx(42 * (204_969.81 - 144_040.32), rel=1e-6)
    assert worked.waiting_worth() == pytest.approx(fraud.aging_cost())
    assert worked.booked() - worked.reported() == pytest.approx(worked.booked() * 0.12)


def test_decisions_numbers():
    assert worked.wrong_peak() == pytest.approx(10 * payments.peak_per_second)
    assert worked.wrong_cores() == pytest.approx(0.015 * worked.wrong_peak())
    assert worked.rough_price(1.0) == pytest.approx(0, abs=1e-6)
    assert (worked.rough_price(0.5), worked.rough_price(2.0)) == (
        pytest.approx(metrics.cost_of_rough_prices()[1] * metrics.at_break_even().cost),
        pytest.approx(metrics.cost_of_rough_prices()[0] * metrics.at_break_even().cost),
    )
    assert worked.line_with(1.0) == pytest.approx(1 / 11)
    assert worked.half_the_analysts() == pytest.approx(fraud.world_cost(1, 0.5) - fraud.world_cost())
    assert worked.mock_total() == worked.moves_total() + worked.pushes()
    assert worked.mock_before_model() == 4
    assert worked.mock_over() == 17
    assert worked.still_needed("metric", "evaluation") == 7


def test_asking_back_by_hand():
    """78 of the golden thousand lie between 0.5 and 0.7, 40 right; outside money each stands for 32 questions a day."""
    assert worked.right_between() == pytest.approx(40 / 78)
    at_once = 38 / 78 * 10
    asked = 0.15 * 6 + 0.85 * 51 / 170 * 10
    assert worked.asking_a_question() == pytest.approx(at_once - asked)
    assert 0.15 * 6 + 0.85 * (1 - worked.asking_break_even()) * 10 == pytest.approx(at_once)
    assert worked.wrong_of_answers() == pytest.approx((18 + 4 * 69) / (700 + 4 * 840))


def test_swaps():
    assert worked.swaps_a_place() == pytest.approx(60_000 / 23)
    days = 1_600 / worked.swap_clicks()
    assert search.days_for_first(24) < days < 1.15 * search.days_for_first(24)


def test_the_board_draws():
    assert len(figures.board().axes) == 1


def test_gates_and_blanks():
    assert worked.count_cut() == pytest.approx(1 - 1_772.48 / 2_760)
    assert worked.damage_cut() == pytest.approx(1 - (144 * 60 + 1_628.48 * 10) / 55_200)
    assert worked.blank_challenges() == pytest.approx(worked.blurred(1.0)["challenge"].total / 45_820.944 - 1, rel=1e-4)


def test_doubled_odds_by_tails():
    """Scores twice as high in odds are declined from half the odds."""
    line = math.log(0.367182035138358 / (1 - 0.367182035138358))
    mean = math.sqrt(2) * stats.norm.ppf(0.97)
    counts = []
    for shift in (0.0, math.log(2)):
        cut = (line - shift - math.log(0.002 / 0.998)) / mean + mean / 2
        counts.append(above(cut, 0, payments.good_per_day) + above(cut, mean, payments.frauds_per_day))
    assert worked.change("odds", "decline") == pytest.approx(counts[1] / counts[0] - 1, rel=1e-4)
