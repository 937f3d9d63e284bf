"""The page's numbers another way: sums by hand, draws, SciPy."""

import math

import numpy as np
import pytest
from scipy import stats

from snippets.cases import assistant
from snippets.llm_systems import gates
from snippets.llm_systems import worked_evaluation as worked
from snippets.llm_systems.graders import helped_share
from snippets.metrics import worked_llm as llm
from snippets.metrics.llm import Rate


def test_the_week_fits_two_people_day_by_day():
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        assert worked.minutes(day) == worked.PEOPLE * worked.SHIFT
    assert worked.items() == worked.sampled() + worked.ATTACKS == 270
    assert worked.grades_a_day() == assistant.graded_per_day
    assert worked.week_cost() == 50 * 45 + 12 * 90
    assert worked.hours_of_a_point() == pytest.approx(3_330 / 8_000 * 24)
    assert worked.regrade_cost() == 405


def test_the_sample_holds_its_random_part():
    random = sum(worked.RANDOM.values())
    for name, drawn in worked.RANDOM.items():
        assert drawn / random == pytest.approx(worked.SAMPLE[name][0])
        assert drawn <= worked.SAMPLE[name][1]
    assert worked.sample().share == pytest.approx(0.65 * 6 / 117 + 0.15 * 8 / 60 + 0.2 * 12 / 63)
    assert worked.pooled_error() == pytest.approx((26 / 240 - worked.sample().share) * 40_000 * 20)
    assert worked.half_width_weighted() == pytest.approx(worked.half_width_random(), rel=0.02)
    low, high = worked.slice_interval("error codes", 60)
    assert worked.slice_interval("error codes", 27).high - worked.slice_interval("error codes", 27).low > high - low
    assert worked.sample(3).share == pytest.approx(1 - assistant.answerable_rate, abs=0.01)


def test_graders():
    wide = worked.kappa(worked.SECOND).interval
    assert worked.items_for_kappa() == pytest.approx(
        40 * ((wide.high - worked.kappa(worked.SECOND).kappa + 0.0166) / 0.1) ** 2, rel=0.03
    )
    assert worked.kappa(worked.PILOT).interval.high > wide.low  # they overlap: no proof of a better guide
    assert worked.specific(worked.GRADERS) == pytest.approx(10 / 26)
    assert worked.most_kappa(worked.GRADERS) == pytest.approx((1 - 8 / 200 - 0.87765) / (1 - 0.87765))
    assert worked.stricter_p() == pytest.approx(2 * (stats.binom.cdf(4, 16, 0.5) - stats.binom.pmf(4, 16, 0.5) / 2))
    assert worked.judge_at_best() == Rate(5, 17)


def test_layers():
    assert worked.net_passages() == 17
    assert worked.recall_lost() == pytest.approx(17 / 850)
    assert worked.success_lost() == pytest.approx(0.01)
    k = stats.binom
    assert worked.passages_p() == pytest.approx(2 * (k.cdf(8, 33, 0.5) - k.pmf(8, 33, 0.5) / 2))


def test_what_a_judge_is_worth_is_what_the_helped_rate_says():
    people = [1] * 105 + [0] * 1_095
    judge = [1] * 84 + [0] * 21 + [1] * 55 + [0] * 1_040
    assert worked.judge_correlation() == pytest.approx(np.corrcoef(people, judge)[0, 1])
    helped = helped_share(people, judge, Rate(139 * 10**9, 1_200 * 10**9))
    assert worked.grades_worth(1_200) == pytest.approx(helped.worth)
    assert worked.grades_worth(correlation=worked.correlation_for(10)) == pytest.approx(3_000)
    assert worked.people_and_judge() < worked.people_alone()
    assert worked.judge_with_old_check() < worked.people_and_judge()
    flagged = 0.0875 * 0.8 + 0.9125 * (1 - 0.93)
    usual = 0.0875 * 0.8 + 0.9125 * (1 - llm.PASSED.share)
    assert worked.false_gain(0.93) == pytest.approx(flagged - usual)


def test_judge_bias_counts():
    assert len(worked.pairs()) == 400
    assert worked.once(True).hits == 150 + 118
    assert worked.once(False).hits == 150 + 22
    assert worked.torn() == Rate(118, 140)
    assert worked.both_orders()[0] == pytest.approx((150 + 70) / 400)
    assert worked.once_interval(True).low > 0.6
    assert worked.odds(0.0) == 1
    assert worked.controlled().interval.low < 0.5 < worked.controlled().interval.high


def test_gates():
    rng = np.random.default_rng(8)
    draws = rng.multinomial(83, [0.02, 0.02, 0.96], size=(20_000, 12))
    net = (draws[..., 0] - draws[..., 1]).max(axis=1)
    for least in (3, 5):
        assert worked.languages_by_luck(least) == pytest.approx((net >= least).mean(), abs=0.01)
    assert worked.by_luck(1) < 0.5 < worked.a_point_seen(10)
    assert worked.language_seen(5) == pytest.approx(0.437, abs=0.001)
    assert worked.rerun_noise(4) == pytest.approx(worked.rerun_noise() / 2)
    assert worked.traffic_noise(1) == pytest.approx(0.01)
    assert worked.point_seen_by_runs() == pytest.approx(
        stats.norm.sf(1.645, loc=0.01 / worked.rerun_noise(5)), rel=1e-6
    )
    assert worked.runs_cost() == 10_000 * 0.005
    assert worked.hours_of_runs() == pytest.approx(20_000 / 60)
    assert worked.must_pass_by_luck() == pytest.approx(1 - 0.995**60)
    assert worked.must_pass_by_luck(0, 5) == pytest.approx(1 - 0.995**300)
    assert worked.must_pass_by_luck(0, 5, 10) == pytest.approx(1 - 0.995**50)
    assert worked.must_pass_by_luck(1, 3) == pytest.approx(1 - stats.binom.cdf(1, 3, 0.005) ** 60)
    assert worked.broken_passes() == 0.5


def test_neutral_releases_stopped_by_drawing():
    rng = np.random.default_rng(9)
    moved = rng.choice([-1.0, 0.0, 1.0], p=[0.03, 0.94, 0.03], size=(3_000, 1_000)).mean(axis=1)
    change = moved + rng.normal(0, worked.rerun_noise(5), 3_000)
    assert (change < -1.645 * worked.rerun_noise(5)).mean() == pytest.approx(worked.neutral_stopped(), abs=0.03)
    assert worked.traffic_point_seen(1) < worked.traffic_point_seen(5) < 0.4


def test_the_priced_gate_by_drawing():
    rng = np.random.default_rng(13)
    n = 400_000
    worse = rng.random(n) < 0.05
    reads = 84 / 105 + 1_040 / 1_095 - 1
    for drop, days, mended in ((0.005, 7, 1.0), (0.0, 16, 1.0), (0.015, 7, 0.5)):
        back = worse * 0.01 * reads + rng.normal(0, 0.01, n) >= drop
        passes = worse & ~(back & (rng.random(n) < mended))
        cost = (back * 3_000 + passes * 8_000 * days).mean()
        assert worked.gate_cost(drop, days, mended=mended) == pytest.approx(cost, rel=0.02)
        assert worked.all_stopped(drop) == pytest.approx(back.mean(), abs=0.005)
        assert worked.worse_when_stopped(drop) == pytest.approx(worse[back].mean(), abs=0.01)


def test_the_line_is_where_the_likelihood_ratio_is_the_ratio_of_prices():
    m = worked.judge_reads()
    for days in (7, 16, 3.5):
        ratio = 0.95 * 3_000 / (0.05 * (8_000 * days - 3_000))
        assert worked.best_drop(days) == pytest.approx(0.01 * (m / 2 + math.log(ratio) / m), abs=0.0006)
    assert worked.gate_cost(1.0) == pytest.approx(worked.no_gate()) == pytest.approx(2_800)
    assert worked.gate_cost(-1.0) == pytest.approx(3_000)
    assert worked.gate_cost(worked.best_drop(mended=0.5), mended=0.5) < worked.no_gate()
    assert worked.flat_until() == pytest.approx(
        max(worked.gate_cost(0.002), worked.gate_cost(0.008)) - worked.gate_cost(0.005), abs=0.01
    )


def test_a_gate_by_people_costs_its_grades():
    assert worked.grading_cost(1_000) == 1_500
    assert worked.second_look_cost() == worked.STOP_COST
    assert worked.grading_days() == pytest.approx(10 / 3)
    fine, caught = stats.norm.sf(0.6), stats.norm.cdf(0.4)
    by_hand = 1_500 + 3_000 * (0.95 * fine + 0.05 * caught) + 56_000 * 0.05 * (1 - caught)
    assert worked.people_gate_cost(0.006) == pytest.approx(by_hand)
    assert worked.best_people_gate() == pytest.approx(by_hand, abs=5)
    assert worked.best_people_gate() > worked.no_gate() > worked.gate_cost(0.005)


def test_grades_find_a_point_late():
    rng = np.random.default_rng(14)
    p = 1 - llm.candidate().accuracy
    week, before = rng.binomial(2_100, p + 0.01, 60_000), rng.binomial(2_100, p, 60_000)
    z = (week - before) / np.sqrt(2 * p * (1 - p) * 2_100)
    assert worked.found_in_a_week() == pytest.approx((z > 1.645).mean(), abs=0.015)
    n = worked.days_until_found() * 300
    z = (rng.binomial(n, p + 0.01, 60_000) - n * p) / math.sqrt(n * p * (1 - p))
    assert (z > 1.645).mean() == pytest.approx(0.8, abs=0.02)
    assert worked.missed_cost(worked.days_until_found()) == 128_000
    assert worked.days_until_found(True) == 9


def test_small_losses_creep_past_the_line():
    rng = np.random.default_rng(15)
    read = rng.normal(0.3, 1.0, (50_000, 10))
    assert worked.creep_passes() == pytest.approx((read < 1.645).all(axis=1).mean(), abs=0.01)


def test_links():
    low, high = worked.link_interval()
    assert low < 0 < high
    assert (
        worked.link_interval(worked.releases_to_know()).low
        > 0
        > worked.link_interval(worked.releases_to_know() - 1).low
    )
    rng = np.random.default_rng(10)
    true = rng.normal(0, 0.01, 50_000)
    noisy = true + rng.normal(0, math.sqrt(0.1 / 240), 50_000)
    assert worked.best_link(240) == pytest.approx(np.corrcoef(true, noisy)[0, 1], abs=0.01)


def test_thumbs_by_counting():
    wrong, right = 69 / 840, 771 / 840
    base = 0.04 / (right + 4 * wrong)
    downs = wrong * 4 * base * 0.5 + right * base * 0.1
    assert worked.wrong_when_down() == pytest.approx(wrong * 4 * base * 0.5 / downs)
    assert worked.downs_a_day() == pytest.approx(33_600 * downs)
    assert worked.yield_of_thumbs() == pytest.approx(worked.wrong_when_down() / wrong)
    assert worked.wrong_with_thumb() == pytest.approx(2 * base)
    assert worked.down_share(0.0, 0.5) == 0.1
    assert worked.down_share(0.070, worked.noticed_that_hides()) == pytest.approx(worked.down_share(0.082, 0.5))
    assert worked.thumbs_z(400_000) == pytest.approx(2 * worked.thumbs_z(100_000))
    assert worked.graded_to_see() == pytest.approx(7_651, abs=1)


def test_drift_and_contamination():
    k = stats.binom
    assert worked.anchors_p() == pytest.approx(2 * (k.cdf(2, 11, 0.5) - k.pmf(2, 11, 0.5) / 2))
    assert worked.anchor_shift() == 0.07
    rng = np.random.default_rng(11)
    assert worked.best_of_normal(40) == pytest.approx(rng.normal(size=(40_000, 40)).max(axis=1).mean(), abs=0.01)
    assert worked.best_of_normal(1) == pytest.approx(0, abs=1e-9)
    assert worked.luck_of_best(questions=1_000) < worked.luck_of_best()
    assert worked.clean().hits + worked.LEAKED.hits == worked.GOLDEN.hits
    assert worked.clean().total + worked.LEAKED.total == worked.GOLDEN.total
    assert worked.fresh() == Rate(252, 300)
    assert worked.fresh_interval().low < 0.84 < worked.fresh_interval().high
    assert worked.clean_at_mix() == pytest.approx(0.85 * 162 / 168 + 0.15 * 8 / 12)
    assert worked.left_over() < worked.left_over_reach()
    assert worked.seen(1_000) < worked.seen_unpaired(1_000)
    assert worked.disagree_as_unpaired() == pytest.approx(2 * 0.0914 * 0.9086, rel=1e-3)
    assert worked.per_language() == 83


@pytest.mark.parametrize("name", ["weighted", "verdicts", "bias"])
def test_demos_print(name, capsys):
    getattr(worked, f"demo_{name}")()
    assert len(capsys.readouterr().out.splitlines()) >= 2


def test_small_arithmetic_of_the_prompts():
    assert worked.points(0.017) == pytest.approx(1.7)
    assert worked.expected_wrong() == pytest.approx(0.65 * 0.05 + 0.15 * 0.13 + 0.2 * 0.19)
    assert worked.expected_wrong(False) == pytest.approx((117 * 0.05 + 60 * 0.13 + 63 * 0.19) / 240)
    assert worked.false_alarm() == pytest.approx(13_400)
    assert worked.expected_half_width(70) == pytest.approx(1.96 * math.sqrt(0.09 * 0.91 / 310), rel=1e-4)
    assert worked.wrong_among_downs(0.07, 0.7) == pytest.approx(0.196 / (0.196 + 0.093))
    assert worked.grading_cost() == 450
    assert worked.unexplained() == pytest.approx(300 / worked.grades_worth())
    assert worked.variant_noise() * worked.best_of_normal(40) == pytest.approx(worked.luck_of_best())


def test_a_slip_of_the_judge_shows_late():
    rng = np.random.default_rng(5)
    for days in (1, 7):
        fresh = round(days * 300 * (1 - llm.human_rate()))
        old = rng.binomial(llm.PASSED.total, llm.PASSED.share, 40_000) / llm.PASSED.total
        new = rng.binomial(fresh, 0.93, 40_000) / fresh
        se = np.sqrt(old * (1 - old) / llm.PASSED.total + new * (1 - new) / fresh)
        assert worked.slip_seen(days) == pytest.approx(np.mean((old - new) / se > 1.96), abs=0.04)


def test_a_gate_hides_the_link_it_was_built_on():
    rng = np.random.default_rng(6)
    true = rng.normal(0, 0.01, 400_000)
    offline = true + rng.normal(0, math.sqrt(0.1 / 1_000), true.size)
    released = offline > -0.006
    assert worked.link_of_released(1_000) == pytest.approx(
        np.corrcoef(true[released], offline[released])[0, 1], abs=0.01
    )
    assert worked.link_of_released(1_000, drop=1.0) == pytest.approx(worked.best_link(1_000))


def test_intervals_of_what_turned_hold_against_draws():
    rng = np.random.default_rng(7)
    anchors = rng.multinomial(100, (0.09, 0.02, 0.89), 100_000)
    assert worked.anchor_reach() == pytest.approx(1.96 * ((anchors[:, 0] - anchors[:, 1]) / 100).std(), rel=0.02)
    build = rng.multinomial(850, (25 / 850, 8 / 850, 817 / 850), 100_000)
    lost = (build[:, 0] - build[:, 1]) * worked.success_of_a_passage() / 1_000
    low, high = worked.success_lost_interval()
    assert (high - low) / 2 == pytest.approx(1.96 * lost.std(), rel=0.02)
    assert (high + low) / 2 == pytest.approx(worked.success_lost())


def test_sizes_turn_back_into_differences():
    for drop in (0.012, 0.05):
        assert worked.seen(worked.questions_to_see(drop)) == pytest.approx(drop, rel=0.002)
    assert worked.pairs_to_see() == worked.questions_to_see(0.012)
    assert worked.luck_on_clean() == pytest.approx(worked.best_of_normal(40) * math.sqrt(24 / 2) / 180, rel=0.001)


def test_a_judge_on_some_answers_by_drawing():
    """A regression estimator with so many judged answers has the width that is claimed, and the grades that are."""
    rng = np.random.default_rng(16)
    table = np.array([84, 21, 55, 1_040]) / 1_200  # people and judge, people only, judge only, neither
    rho = worked.judge_correlation()
    slope = rho * math.sqrt((105 * 1_095) / (139 * 1_061))
    for grades in (300, worked.grades_for_old_width()):
        graded = rng.multinomial(grades, table, 40_000) / grades
        judged = rng.binomial(worked.JUDGED - grades, 139 / 1_200, 40_000)
        flagged = graded[:, 0] + graded[:, 2]
        everywhere = (judged + flagged * grades) / worked.JUDGED
        rate = graded[:, 0] + graded[:, 1] + slope * (everywhere - flagged)
        width = worked.width_with_judged() if grades == 300 else worked.people_alone()
        assert 1.96 * rate.std() == pytest.approx(width, rel=0.02)
    assert worked.worth_with_judged(10**12) == pytest.approx(worked.grades_worth())
    assert worked.judge_bill() == 30
    assert worked.old_check_by_people() == pytest.approx(1.96 * math.sqrt(0.0875 * 0.9125 / 1_200), rel=1e-3)
    assert worked.old_check_by_people(True) < worked.judge_with_old_check()


def test_people_on_pairs_by_counting():
    for pairs, share in ((100, 0.55), (200, 0.6), (worked.pairs_for_people(0.55), 0.55)):
        least = math.ceil(pairs / 2 + 1.96 * math.sqrt(pairs) / 2)
        exact = stats.binom.sf(least - 1, pairs, share)
        assert worked.people_see(pairs, share) == pytest.approx(exact, abs=0.04)
    assert worked.people_see(worked.pairs_for_people(0.55), 0.55) == pytest.approx(0.8, abs=0.001)
    assert worked.days_of_pairs(300) == 2
    rows = [worked.length_row(longer) for longer in worked.VERDICTS]
    assert [sum(column) for column in zip(*rows, strict=True)] == [400, 268, 172]


def test_a_line_set_before_reading_can_refute():
    down = 0.28 * 0.5 / 1.21 + 0.93 * worked.rival_down_right() / 1.21
    assert down == pytest.approx(worked.down_share(0.07, 0.7))
    assert worked.rival_wrong_among_downs() == pytest.approx(0.28 * 0.5 / 1.21 / down)
    assert worked.line_errs(True) == pytest.approx(
        stats.binom.cdf(115, 200, worked.wrong_among_downs(0.07, 0.7)), abs=0.002
    )
    assert worked.line_errs(False) == pytest.approx(
        stats.binom.sf(115, 200, worked.rival_wrong_among_downs()), abs=0.003
    )


def test_the_running_week_fits():
    assert worked.running("thumbs") == 840
    assert worked.running() == pytest.approx(177 * 14 + 840 + 180 + 200 * 12 / 52)
    assert 0 < worked.left_in_week() < 2_000
    assert worked.left_in_week() + worked.running() == 7 * 600


def test_spread_and_reruns_by_drawing():
    rng = np.random.default_rng(17)
    assert worked.spread_of_prompt() == pytest.approx(0.01 * (rng.random(400_000) < 0.05).std(), rel=0.02)
    flips = rng.multinomial(1_200, (0.02, 0.02, 0.96), 50_000)
    assert worked.rejudge_reach() == pytest.approx(1.96 * (flips[:, 0] - flips[:, 1]).std(), rel=0.02)
    lead = gates.detectable(worked.questions_to_see(0.01, worked.TWEAK, two_sided=False), 0.03, two_sided=False)
    assert lead == pytest.approx(0.01, rel=0.001)
