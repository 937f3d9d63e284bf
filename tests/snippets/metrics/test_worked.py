"""The worked numbers, computed again another way: SciPy's normal distribution, brute force, simulation, arithmetic by hand."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, optimize
from scipy.stats import binomtest, norm, poisson
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from snippets.cases import assistant, payments
from snippets.metrics import figures, worked
from snippets.metrics.calibration import fit_platt

MEAN = math.sqrt(2) * norm.ppf(0.97)


def logit(p):
    return math.log(p / (1 - p))


def cut_for(p, prevalence=0.002):
    """The cut of the equal-spread model, solved by hand from logit p = logit prior + mean·z - mean²/2."""
    return (logit(p) - logit(prevalence) + MEAN**2 / 2) / MEAN


def dollars(z, mean=MEAN):
    return 2_000 * norm.cdf(z - mean) * 150 + 998_000 * norm.sf(z) * 15


# Detectors


def test_detector_rates_are_those_of_the_normal_distribution():
    z = np.linspace(-3, 6, 19)
    assert [worked.MODEL.recall(x) for x in z] == pytest.approx(norm.sf(z - MEAN))
    assert [worked.MODEL.false_positive_rate(x) for x in z] == pytest.approx(norm.sf(z))
    assert worked.MODEL.auc() == pytest.approx(0.97)


def test_mixture_agrees_with_simulation():
    y, z, p = worked.simulate(200_000, 200_000, 1, worked.RING)
    assert roc_auc_score(y, z) == pytest.approx(worked.RING.auc(), abs=2e-3)
    assert (z[y == 1] > 2.5).mean() == pytest.approx(worked.RING.recall(2.5), abs=4e-3)
    for score, probability in zip(z[:20], p[:20], strict=True):
        assert worked.RING.probability(score, payments.fraud_rate) == pytest.approx(probability)


def test_simulated_probabilities_are_calibrated_at_the_case_rate():
    y, _, p = worked.simulate(998_000, 2_000, 3)
    inside = (p > 0.05) & (p < 0.2)
    assert y[inside].mean() == pytest.approx(p[inside].mean(), rel=0.1)


@pytest.mark.parametrize("p", [0.005, 1 / 11, 0.5, 0.9])
def test_cut_at_probability(p):
    assert worked.MODEL.cut_at(p, 0.002) == pytest.approx(cut_for(p))


# Days


@pytest.mark.parametrize("p", [0.01, 1 / 11, 0.5])
def test_a_day_at_a_probability(p):
    day, z = worked.at_probability(p), cut_for(p)
    assert day.probability == pytest.approx(p)
    assert day.caught == pytest.approx(2_000 * norm.sf(z - MEAN))
    assert day.declined == pytest.approx(998_000 * norm.sf(z))
    assert day.cost == pytest.approx(dollars(z))
    assert day.saved == pytest.approx(300_000 - dollars(z))
    assert day.precision == pytest.approx(day.caught / (day.caught + day.declined))
    assert day.recall == pytest.approx(norm.sf(z - MEAN))
    assert day.accuracy == pytest.approx((day.caught + 998_000 - day.declined) / 1e6)


def test_other_ways_to_choose_a_day():
    assert worked.at_rate().declined == pytest.approx(9_980)
    assert worked.at_rate(0.02).false_positive_rate == pytest.approx(0.02)
    assert worked.at_alerts().alerts == pytest.approx(1_800)
    assert worked.at_recall(0.8).recall == pytest.approx(0.8)


def test_break_even_is_the_cheapest_threshold():
    assert worked.break_even_probability() == pytest.approx(1 / 11)
    best = optimize.minimize_scalar(dollars, bounds=(0, 5), method="bounded")
    assert worked.at_break_even().cost == pytest.approx(best.fun, abs=0.01)


@pytest.mark.parametrize("beta", [1.0, 2.0])
def test_best_f_beta_and_its_threshold(beta):
    def negative(z):
        tp, fp = 2_000 * norm.sf(z - MEAN), 998_000 * norm.sf(z)
        return -(1 + beta**2) * tp / (tp + fp + beta**2 * 2_000)

    best = optimize.minimize_scalar(negative, bounds=(0, 6), method="bounded", options={"xatol": 1e-10})
    day = worked.at_best_f(beta)
    assert day.f_beta(beta) == pytest.approx(-best.fun)
    assert day.probability == pytest.approx(-best.fun / (1 + beta**2), rel=1e-4)  # Lipton et al. for beta 1


def test_what_other_rules_cost_more():
    f1 = optimize.brentq(lambda p: p - worked.at_probability(p).f_beta() / 2, 0.05, 0.5)
    assert worked.extra_cost_of_f1() == pytest.approx(dollars(cut_for(f1)) - dollars(cut_for(1 / 11)), abs=1)
    assert worked.at_best_f(worked.f_beta_that_agrees()).probability == pytest.approx(1 / 11)
    extra = worked.extra_cost_of_inherited_threshold()
    assert extra == pytest.approx(dollars(norm.isf(0.01)) - dollars(cut_for(1 / 11)))
    assert extra == pytest.approx(worked.false_declines_saved_at_break_even() - worked.extra_fraud_loss_at_break_even())


def test_exploration_costs_what_it_lets_through():
    frauds, good = 2_000 * norm.sf(cut_for(1 / 11) - MEAN), 998_000 * norm.sf(cut_for(1 / 11))
    assert worked.price_of_exploration() == pytest.approx(0.01 * (frauds * 150 - good * 15))


def test_frauds_that_learn_to_pass_a_challenge():
    bands = worked.fitted_bands()
    passed = replace(payments, challenge_pass_rate=0.6)
    total = sum(
        band.good * passed.expected_cost(name, 0.0) + band.fraud * passed.expected_cost(name, 1.0)
        for name, band in bands.items()
    )
    assert worked.cost_if_frauds_pass_twice_as_often() == pytest.approx(total)
    assert total < worked.at_break_even().cost


def test_ratios_at_the_inherited_threshold():
    caught = 2_000 * norm.sf(norm.isf(0.01) - MEAN)
    assert worked.lift_at_rate() == pytest.approx(caught / (caught + 9_980) / 0.002)
    assert worked.good_declined_per_fraud() == pytest.approx(9_980 / caught)
    odds = 0.002 / 0.998 * norm.pdf(norm.isf(0.01) - MEAN) / norm.pdf(norm.isf(0.01))
    assert worked.payments_per_fraud_at_margin() == pytest.approx(1 + 1 / odds)
    assert worked.good_share_of_declined() == pytest.approx(9_980 / (9_980 + caught))
    assert worked.most_that_good_share_can_add() == pytest.approx(caught / 9_980)
    assert worked.random_share_of_alerts() == pytest.approx(1_800 * caught / (caught + 9_980))
    assert worked.recall_ceiling_of_review() == pytest.approx(0.9)


def test_marginal_cost_of_recall():
    cuts = [MEAN - norm.ppf(share) for share in (0.7, 0.8)]
    extra = 998_000 * (norm.sf(cuts[1]) - norm.sf(cuts[0]))
    assert worked.marginal_cost_of_recall(0.7, 0.8) == pytest.approx(extra / 200)


@pytest.mark.parametrize(("amount", "fp", "fn"), [(10, 10.5, 39.5), (40, 15, 65), (140, 30, 150), (1_000, 159, 881)])
def test_costs_by_amount(amount, fp, fn):
    assert worked.false_decline_cost_at(amount) == pytest.approx(fp)
    assert worked.missed_fraud_cost_at(amount) == pytest.approx(fn)
    assert worked.break_even_at(amount) == pytest.approx(fp / (fp + fn))


# Four actions


def test_bands_are_the_cheapest_action_everywhere():
    chosen = worked.free_bands()
    for p in np.linspace(0.0005, 0.9995, 1_000):
        cheapest = min(worked.ACTIONS, key=lambda a: payments.expected_cost(a, p))
        assert chosen[cheapest].low - 1e-9 <= p <= chosen[cheapest].high + 1e-9
    assert sum(b.good for b in chosen.values()) == pytest.approx(998_000)
    assert sum(b.fraud for b in chosen.values()) == pytest.approx(2_000)


def test_cost_of_bands_by_integration():
    def density(z):
        good, fraud = 998_000 * norm.pdf(z), 2_000 * norm.pdf(z - MEAN)
        p = fraud / (good + fraud)
        return (good + fraud) * min(payments.expected_cost(a, p) for a in worked.ACTIONS)

    total = integrate.quad(density, -6, 8, limit=400)[0]
    assert worked.cost_of(worked.free_bands()) == pytest.approx(total, rel=1e-5)


def test_shadow_price_fills_the_queue_and_costs_least():
    fitted = worked.fitted_bands()
    assert fitted["review"].total == pytest.approx(1_800)
    assert worked.free_bands()["review"].total > 1_800
    # One review fewer costs about the shadow price more.
    price = worked.review_shadow_price()
    tighter = worked.bands(price + 0.01)
    gain = (worked.cost_of(tighter) - worked.cost_of(fitted)) / (fitted["review"].total - tighter["review"].total)
    assert gain == pytest.approx(price, abs=0.01)
    assert worked.cost_with_four_actions() == pytest.approx(worked.cost_of(fitted))


def test_who_is_lost_and_what_passes_under_four_actions():
    b = worked.fitted_bands()
    assert worked.good_customers_lost_to_challenges() == pytest.approx(0.08 * b["challenge"].good)
    assert worked.good_customers_refused() == pytest.approx(b["decline"].good + 0.05 * b["review"].good)
    passed = b["approve"].fraud + 0.3 * b["challenge"].fraud + 0.1 * b["review"].fraud
    assert worked.frauds_passed() == pytest.approx(passed)
    edge = worked.dearer_challenge_edge()
    assert 150 * edge == pytest.approx(0.05 + 0.08 * 15 * (1 - edge) + 0.3 * 150 * edge)


def test_other_pairs_of_actions_and_what_a_better_model_would_take():
    z = np.linspace(-6, 10, 160_001)
    good, fraud = 998_000 * norm.pdf(z) * 1e-4, 2_000 * norm.pdf(z - MEAN) * 1e-4
    pair = np.minimum(fraud * 150, good * 0.53 + fraud * 45.05).sum()
    assert worked.cost_of_approve_or_challenge() == pytest.approx(pair, rel=1e-4)
    mean = math.sqrt(2) * norm.ppf(worked.auc_that_saves_as_much())
    needed = np.minimum(998_000 * norm.pdf(z) * 15, 2_000 * norm.pdf(z - mean) * 150).sum() * 1e-4
    assert needed == pytest.approx(worked.cost_with_four_actions(), rel=1e-4)
    lost = worked.good_customers_lost_to_challenges()
    assert worked.cost_if_giving_up_is_dear() == pytest.approx(worked.cost_with_four_actions() + 9 * lost)
    assert worked.reviews_per_analyst() == pytest.approx(90)
    assert worked.gain_per_analyst() == pytest.approx(90 * worked.review_shadow_price())


def test_rough_prices():
    best = dollars(cut_for(1 / 11))
    wanted = [dollars(cut_for(p)) / best - 1 for p in (15 / 90, 15 / 315)]
    assert worked.cost_of_rough_prices() == pytest.approx(wanted)


# Two models


def test_average_precision_by_simulation():
    for model, value in zip((worked.MODEL, worked.RING), worked.average_precisions(), strict=True):
        y, z, _ = worked.simulate(998_000, 2_000, 11, model)
        assert average_precision_score(y, z) == pytest.approx(value, abs=0.03)
    y, z, _ = worked.simulate(100_000, 100_000, 11)
    assert average_precision_score(y, z) == pytest.approx(worked.average_precision_when_balanced(), abs=2e-3)


def test_curves_cross_where_they_say():
    z = norm.isf(worked.crossing_rate())
    assert worked.RING.recall(z) == pytest.approx(norm.sf(z - MEAN))
    assert worked.RING.recall(z + 0.5) > worked.MODEL.recall(z + 0.5)
    assert worked.RING.recall(z - 0.5) < worked.MODEL.recall(z - 0.5)
    gained = worked.at_alerts(model=worked.RING).caught - worked.at_alerts().caught
    assert worked.frauds_gained_in_queue() == pytest.approx(gained) and gained > 0
    there = worked.crossing_alerts()
    assert worked.at_alerts(there).caught == pytest.approx(worked.at_alerts(there, worked.RING).caught)
    ring, rest = worked.recall_by_type()
    assert 0.6 * ring + 0.4 * rest == pytest.approx(worked.at_alerts(model=worked.RING).recall)
    assert norm.ppf(ring) - norm.ppf(rest) == pytest.approx(1.8)


def test_fewer_rings_undo_the_lead():
    share = worked.ring_share_that_ties()
    flagged = 2_000 * worked.at_alerts().recall  # at a tie both models find as many frauds in 1,800 alerts
    z = norm.isf((1_800 - flagged) / 998_000)
    assert 2_000 * (share * norm.sf(z - 3.6) + (1 - share) * norm.sf(z - 1.8)) == pytest.approx(flagged)
    assert 0 < share < 0.6


# Rarity and segments


@pytest.mark.parametrize("share", [0.0005, 0.002, 0.5])
def test_precision_by_counting(share):
    found = norm.sf(norm.isf(0.01) - MEAN)
    true, false = 1e6 * share * found, 1e6 * (1 - share) * 0.01
    assert worked.precision_at(share) == pytest.approx(true / (true + false))
    assert worked.precision_at(share, 0.5, 0.1) == pytest.approx(share * 0.5 / (share * 0.5 + (1 - share) * 0.1))


@pytest.mark.parametrize(("days", "share"), [(0, 0), (30, 0.1), (45, 0.5), (60, 0.7), (75, 0.9), (90, 1), (120, 1)])
def test_chargebacks_over_time(days, share):
    assert worked.chargeback_share_by(days) == pytest.approx(share)


def test_segments_make_up_the_whole():
    both = (worked.RETURNING, worked.NEW)
    assert sum(s.share for s in both) == pytest.approx(1)
    assert sum(s.share * s.fraud_rate for s in both) == pytest.approx(payments.fraud_rate)
    pooled = [worked.segment_at_pooled(s) for s in both]
    assert sum(d.caught for d in pooled) == pytest.approx(worked.at_break_even().caught)
    assert sum(d.declined for d in pooled) == pytest.approx(worked.at_break_even().declined)


@pytest.mark.parametrize("segment", [worked.RETURNING, worked.NEW])
def test_segment_thresholds(segment):
    z = cut_for(1 / 11)
    at_pooled = logit(segment.fraud_rate) + MEAN * z - MEAN**2 / 2
    assert worked.probability_in(segment, 1 / 11) == pytest.approx(1 / (1 + math.exp(-at_pooled)))
    own = cut_for(1 / 11, segment.fraud_rate)
    assert worked.segment_at_own(segment).probability == pytest.approx(1 / 11)
    assert worked.segment_rate_at_own(segment) == pytest.approx(norm.sf(own))
    assert worked.segment_false_positive_rate(segment, worked.segment_at_pooled(segment)) == pytest.approx(norm.sf(z))


def test_segment_savings_and_ratio():
    saved = sum(
        worked.segment_at_pooled(s).cost - worked.segment_at_own(s).cost for s in (worked.RETURNING, worked.NEW)
    )
    assert worked.saved_by_segment_calibration() == pytest.approx(saved) and saved > 0
    ratio = norm.sf(cut_for(1 / 11, 0.008)) / norm.sf(cut_for(1 / 11, 0.0005))
    assert worked.segment_rate_ratio() == pytest.approx(ratio)


# Resampling


def test_resampling_by_bayes_on_counts():
    assert worked.sampled_fraud_rate() == pytest.approx(2_000 / (2_000 + 49_900))
    # 10 frauds and 100 good payments share a score: true 10/110; with 1 in 20 good kept, 10/15.
    assert worked.inflated(10 / 110) == pytest.approx(10 / 15)
    assert worked.deflated(10 / 15) == pytest.approx(10 / 110)
    assert worked.log_odds_offset() == pytest.approx(math.log(20))
    assert worked.resampled(np.array([0.5])) == pytest.approx([20 / 21])
    assert worked.at_unmoved_threshold().probability == pytest.approx(0.1 / 20 / (1 + 0.1 / 20))


def test_mean_score_by_simulation_and_without_sampling():
    _, _, p = worked.simulate(998_000, 2_000, 5)
    assert worked.resampled(p).mean() == pytest.approx(worked.mean_score(), rel=0.01)
    assert worked.mean_score(1.0) == pytest.approx(payments.fraud_rate)
    assert worked.prediction_ratio() == pytest.approx(worked.mean_score() / 0.002)


# Ties


def test_auc_of_rounded_scores_by_simulation():
    y, _, p = worked.simulate(200_000, 20_000, 2)
    assert roc_auc_score(y, np.round(p, 2)) == pytest.approx(worked.auc_of_rounded(2), abs=4e-3)
    assert worked.share_rounded_to_zero(2) == pytest.approx((p[y == 0] < 0.005).mean(), abs=2e-3)
    assert worked.auc_of_rounded(1) < worked.auc_of_rounded(2) < worked.auc_of_rounded(3) < 0.97


def test_auc_by_hand():
    positives, negatives = [0.8, 0.6, 0.6], [0.6, 0.2]
    pairs = [(a > b) + 0.5 * (a == b) for a in positives for b in negatives]
    assert worked.auc_by_hand() == pytest.approx(sum(pairs) / len(pairs)) == pytest.approx(5 / 6)
    assert worked.pairs_in_ten_million() == pytest.approx(20_000 * 9_980_000)


# Triage


def test_triage_counts():
    day = worked.triage(0.98, 0.80)
    assert (day.found, day.missed, day.false_flags) == pytest.approx((29.4, 0.6, 394))
    assert day.flags == pytest.approx(423.4) and day.precision == pytest.approx(29.4 / 423.4)


def test_triage_moves_along_the_curve_of_the_prompt():
    assert worked.triage_at(0.98) == worked.triage(0.98, 0.80)
    assert worked.triage_at(0.99).flags == pytest.approx(29.7 + 1_970 * 0.285)
    assert worked.flags_per_patient(0.95, 0.98) == pytest.approx((29.4 + 394 - 28.5 - 1_970 * 0.106) / 0.9)
    points = sorted((1 - specificity, sensitivity) for sensitivity, specificity in worked.TRIAGE_ROC.items())
    slopes = [(d[1] - c[1]) / (d[0] - c[0]) for c, d in pairwise([(0, 0), *points, (1, 1)])]
    assert slopes == sorted(slopes, reverse=True)  # a ROC curve that no mix of thresholds beats
    assert worked.triage_at(0.90).flags > 120  # no point of the prompt's curve fits the places


@pytest.mark.parametrize(("mean", "places"), [(113.03, 120), (88, 120), (2.5, 3)])
def test_days_over_the_places(mean, places):
    assert worked.days_over(mean, places) == pytest.approx(poisson.sf(places, mean), abs=1e-12)


def test_triage_in_two_steps():
    two = worked.triage_two_steps(0.98, 0.97, 0.85)
    assert two.sensitivity == pytest.approx(0.9506)
    assert two.flags == pytest.approx(29.4 * 0.97 + 394 * 0.15)
    assert two.found + two.missed == pytest.approx(30)
    assert 1_970 * (1 - two.specificity) == pytest.approx(two.false_flags)
    assert worked.needed_second_sensitivity(0.98, 0.95) * 0.98 == pytest.approx(0.95)
    assert worked.nurse_hours(0.98) == pytest.approx(423.4 / 20)
    assert worked.lower_end_of_path() == pytest.approx(
        0.97 * binomtest(297, 300).proportion_ci(method="wilson").low, abs=1e-9
    )
    assert worked.days_to_see_a_miss(0.01) == pytest.approx(1 / 0.003)
    assert worked.misses_among_cleared() == pytest.approx(0.891 / (0.3 + 0.891))
    assert worked.nurse_hours(0.99) < 32 and worked.triage_two_steps(0.99, 0.97, 0.85).flags < 120


@pytest.mark.parametrize(("hits", "trials"), [(294, 300), (0, 10), (10, 10), (134, 280)])
def test_wilson_agrees_with_scipy(hits, trials):
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    assert worked.wilson(hits, trials) == pytest.approx((interval.low, interval.high), abs=1e-12)


# Gate


def test_gate_costs():
    assert worked.gate_break_even() == pytest.approx(0.70)
    assert worked.gate_break_even_if_wrong_costs(60) == pytest.approx(0.9)
    assert worked.gate_break_even_if_wrong_costs(5) == 0
    assert worked.gate_cost(0.7) == pytest.approx(0.72 * 0.09 * 20 + 0.28 * 6 + 0.005)
    assert worked.gate_wrong(0.5) == pytest.approx(40_000 * 0.86 * 0.16)
    assert worked.gate_handovers(0.7) == pytest.approx(11_200)


def test_gate_bands():
    # On 100 questions: 72.24 right of 86, 65.52 right of 72.
    assert worked.right_between(0.5, 0.7) == pytest.approx((72.24 - 65.52) / 14)
    interval = binomtest(134, 280).proportion_ci(method="wilson")
    assert worked.graded_between(0.5, 0.7) == pytest.approx((interval.low, interval.high))
    assert worked.right_if_answered(0.72) == pytest.approx(0.91)
    assert worked.right_if_answered(0.79) == pytest.approx((0.6552 + 0.07 * 0.48) / 0.79)
    assert worked.right_if_answered(worked.answered_when_right(0.95)) == pytest.approx(0.95)
    # 1.92 wrong of 100 asked at 48 answered, 6.48 at 72: 0.19 for each further one.
    assert worked.answered_when_wrong_per_asked(0.05) == pytest.approx(0.48 + (0.05 - 0.0192) / 0.19)


def test_gate_overflow():
    assert worked.gate_load(0.7) == pytest.approx(40_000 * (0.28 + 0.72 * 0.09))
    assert worked.gate_load(0.0) == pytest.approx(40_000 * 0.24)
    assert worked.gate_overflow() == pytest.approx(3_792)
    assert worked.freed_by_band() == pytest.approx(40_000 * (0.86 * 0.84 - 0.72 * 0.91))
    assert worked.band_extra_per_freed() == pytest.approx((0.52 * 20 - 6) / 0.48, rel=0.01)
    assert worked.agents_for_overflow() == pytest.approx(3_792 / 50)
    assert worked.everything_extra() == pytest.approx(40_000 * (0.24 * 20 - 0.28 * 6 - 0.72 * 0.09 * 20))
    assert assistant.handover_capacity + 24 * 50 == pytest.approx(worked.gate_handovers(0.7))


@pytest.mark.parametrize("right", [0.0, 0.76, 0.91, 1.0])
def test_judge_correction_inverts_the_judge(right):
    assert worked.right_after_judge(worked.judged(right)) == pytest.approx(right)
    assert worked.judged(0.91) == pytest.approx(0.8825)


# Simulations


def test_search_regret_is_positive_and_shrinks():
    assert 0 < worked.regret_of_search(200) < worked.regret_of_search(50)


def test_calibration_rows_against_scikit_learn():
    y, _, p = worked.tenth_of_a_day()
    assert (len(y), y.sum()) == (100_000, 200)
    rows = worked.calibration_rows()
    assert rows["base rate for all"] == pytest.approx((0, 0.002 * 0.998, 0.5), abs=1e-9)
    assert rows["calibrated"][1] == pytest.approx(brier_score_loss(y, p))
    assert {round(rows[name][2], 12) for name in ("calibrated", "1 in 20 kept", "twice too low")} == {
        round(roc_auc_score(y, p), 12)
    }
    low = p / 2
    edges = np.minimum((low * 10).astype(int), 9)
    gap = sum(abs(low[edges == b].sum() - y[edges == b].sum()) for b in set(edges)) / len(y)
    assert rows["twice too low"][0] == pytest.approx(gap)
    assert worked.brier_skill() == pytest.approx(1 - rows["calibrated"][1] / (0.002 * 0.998))


def test_perfect_forecasts_are_given_an_error_that_grows_with_bins_and_shrinks_with_items():
    # Within a bin of n items the expected gap is about sqrt(2 v / (pi n)), with v the mean of p(1 - p): 1/6 over [0, 1].
    rough = math.sqrt(2 / math.pi * (1 / 6) / 100)
    assert worked.ece_of_perfect(1_000, 10) == pytest.approx(rough, rel=0.15)
    assert worked.ece_of_perfect(1_000, 100) > 2 * worked.ece_of_perfect(1_000, 10)


def test_isotonic_needs_more_frauds_than_platt():
    few = {m: worked.regret_of_calibration(20, m, 10) for m in ("platt", "isotonic")}
    more = worked.regret_of_calibration(200, "isotonic", 5)
    assert 0 <= few["platt"] < few["isotonic"]
    assert 0 <= more < few["isotonic"]


def test_sigmoid_on_cells_agrees_with_items_and_keeps_its_bias():
    y, z, _ = worked.simulate(99_800, 200, 3, worked.RING)
    edges = np.append(worked.GRID - 0.0025, worked.GRID[-1] + 0.0025)
    good, fraud = (np.histogram(z[y == label], edges)[0].astype(float) for label in (0, 1))
    slope, intercept = fit_platt(y, z)
    assert worked.sigmoid_cut(good, fraud) == pytest.approx((logit(1 / 11) - intercept) / slope, abs=1e-3)

    def log_loss(line):
        x = line[0] * worked.GRID + line[1]
        ring = 0.6 * norm.pdf(worked.GRID - 3.6) + 0.4 * norm.pdf(worked.GRID - 1.8)
        return (0.998 * norm.pdf(worked.GRID) * np.logaddexp(0, x) + 0.002 * ring * np.logaddexp(0, -x)).sum()

    a, b = optimize.minimize(log_loss, [2, -9], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).x
    lost = worked.at_cut((logit(1 / 11) - b) / a, worked.RING).cost - worked.at_probability(1 / 11, worked.RING).cost
    assert worked.bias_of_platt() == pytest.approx(lost, abs=1)
    assert worked.regret_of_calibration(2_000, "platt", 20) == pytest.approx(lost, rel=0.2)


@pytest.mark.parametrize(
    "name", ["accuracy", "threshold", "ece"]
)  # `recalibrate` takes ten seconds; its output is compared
def test_demos_print_a_header_and_rows(name, capsys):
    getattr(worked, f"demo_{name}")()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 3 and all(line.strip() for line in lines)


# Figures


def test_reliability_bins_hold_what_they_should():
    y, _, p = worked.tenth_of_a_day()
    mean, share, low, high = figures.binned(p, y)
    assert np.all(np.diff(mean) > 0) and np.all((low <= share) & (share <= high))


@pytest.mark.parametrize(
    ("draw", "axes", "lines"),
    [
        (figures.cost_over_threshold, 1, 6),
        (figures.action_by_probability, 1, 7),
        (figures.roc_and_pr, 2, 8),
        (figures.precision_by_prevalence, 1, 4),
        (figures.reliability, 1, 3),
    ],
)
def test_figures_draw_their_series(draw, axes, lines):
    import matplotlib.pyplot as plt

    fig = draw()
    assert len(fig.axes) == axes
    assert sum(len(ax.lines) for ax in fig.axes) == lines
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in fig.axes)
    plt.close(fig)
