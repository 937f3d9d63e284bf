"""The worked numbers, computed again another way: SciPy, brute force, simulation, arithmetic by hand."""

import math

import numpy as np
import pytest
from scipy import optimize
from scipy.stats import norm
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep

from snippets.cases import payments
from snippets.framing import figures, worked
from snippets.framing.uplift import uplift_by_group

MEAN = math.sqrt(2) * norm.ppf(0.97)


def best_by_search(mean, fraud_saves, good_costs):
    """The most that a model of this separation saves, by searching the cut."""

    def lost(z):
        return -(2_000 * norm.cdf(mean - z) * fraud_saves - 998_000 * norm.sf(z) * good_costs)

    return -optimize.minimize_scalar(lost, bounds=(0, 6), method="bounded").fun


# Payments: the ladder


def test_rule_by_hand():
    assert worked.saved_by_rule(worked.decline_costs()) == pytest.approx(1_200 * 150 - 49_900 * 15)
    passing = 0.05 + 0.3 * 150
    assert worked.saved_by_rule(worked.challenge_costs()) == pytest.approx(1_200 * (150 - passing) - 49_900 * 0.53)
    dear = worked.dear_challenge_costs()
    assert worked.saved_by_rule(dear) == pytest.approx(1_200 * (150 - passing) - 49_900 * (0.05 + 0.08 * 15))
    assert worked.saved_by_rule(dear) < worked.saved_by_model(worked.decline_costs()) < worked.saved_by_model(dear)
    assert worked.rule_alerts() == pytest.approx(1_200 + 49_900)
    assert worked.review_days() == pytest.approx(51_100 / 1_800)


def test_break_even_is_the_best_cut_of_each_action():
    assert worked.saved_by_model(worked.decline_costs()) == pytest.approx(best_by_search(MEAN, 150, 15), rel=1e-6)
    challenge = best_by_search(MEAN, 150 - 45.05, 0.53)
    assert worked.saved_by_model(worked.challenge_costs()) == pytest.approx(challenge, rel=1e-6)
    assert worked.increment() == pytest.approx(challenge - (1_200 * 104.95 - 49_900 * 0.53), rel=1e-5)


def test_a_crude_rule_with_the_better_action_beats_the_model_with_the_worse():
    rule, model = worked.saved_by_rule(worked.challenge_costs()), worked.saved_by_model(worked.decline_costs())
    assert worked.saved_by_rule(worked.decline_costs()) < 0 < model < rule
    money = [value() for _, value in worked.LADDER]
    assert money == sorted(money)


def test_auc_that_pays_is_where_the_gain_is_met():
    for gain in (0.0, worked.team_day()):
        mean = math.sqrt(2) * norm.ppf(worked.auc_that_pays(gain))
        assert best_by_search(mean, 104.95, 0.53) == pytest.approx(99_493 + gain, abs=1)
    assert worked.team_day() == pytest.approx(1_500_000 / 365)
    assert worked.volume_that_pays() * worked.increment() / 1e6 == pytest.approx(worked.team_day())


def test_prices():
    assert worked.recall_point() == 3_000
    assert worked.recall_point_year() == 1_095_000
    assert worked.checkout_latency_cost() == pytest.approx(998_000 * 6 * 0.005)
    assert worked.recall_points_for_latency() == pytest.approx(998_000 * 6 * 0.005 / 3_000)
    assert worked.expected_fine() == 400_000 < worked.COMPLIANCE_YEAR


# Units


def test_units_of_payments():
    assert worked.card_base_rate(True) == pytest.approx(20_000 / 7_500_000)
    assert worked.card_base_rate(False) == pytest.approx(1 - 0.998**4)
    assert worked.card_recall() == pytest.approx(1 - 0.4**3)
    assert worked.burst_stopped() == pytest.approx(1 - (0.4 + 0.16 + 0.064) / 3)
    assert (worked.burst_stopped(1.0), worked.card_recall(1.0)) == pytest.approx((0.6, 0.6))
    assert worked.good_cards_hit() == pytest.approx(1 - 0.99**48)


def test_unit_turns_a_verdict_round():
    users = np.array([15.0] * 10 + [(3.0 - 1.5) / 0.9] * 90)
    change = np.array([0.10] * 10 + [-0.05] * 90)
    assert users.mean() == pytest.approx(3.0)
    assert worked.change_by("search") == pytest.approx(np.average(change, weights=users))
    assert worked.change_by("user") == pytest.approx(change.mean())
    assert worked.purchase_rate_by("listing shown") * 24 == worked.purchase_rate_by("search")
    assert worked.purchase_rate_by("user-day") == pytest.approx(90_000 / 2_000_000)
    assert worked.good_questions() == pytest.approx(80 / (80 + 20 * 3))
    assert worked.good_questions(1) == pytest.approx(0.8)


# Moment and label


def test_split_beats_each_moment_alone():
    at = [worked.saved_at(m) for m in (worked.CHECKOUT, worked.DISPATCH, worked.SETTLEMENT)]
    dispatch = best_by_search(math.sqrt(2) * norm.ppf(0.985), 150, 15)
    assert at[1] == pytest.approx(0.6 * dispatch, rel=1e-6)
    assert worked.saved_by_split() == pytest.approx(0.4 * at[0] + 0.6 * dispatch, rel=1e-6)
    assert worked.saved_by_split() > max(at)


def test_seen_share_agrees_with_a_simulation_of_delays():
    rng = np.random.default_rng(1)
    delay = np.interp(rng.uniform(size=400_000), (0, 0.1, 0.5, 0.9, 1), (0, 30, 45, 75, 90))
    reported = rng.uniform(size=delay.size) < 0.95
    for window in (60, 180):
        age = rng.uniform(0, window, delay.size)
        assert worked.seen_share(window) == pytest.approx((reported & (delay <= age)).mean(), abs=0.003)
    age = rng.uniform(0, 15, delay.size)
    assert worked.seen_on_day(15) == pytest.approx((delay <= age).mean(), abs=0.002)
    assert worked.fraud_if_silent(0) == pytest.approx(0.002)
    assert worked.fraud_if_silent(45) == pytest.approx(0.002 * 0.525 / (0.002 * 0.525 + 0.998))


# Marketplace and Assistant


def test_lines_of_the_worksheet():
    assert worked.ranker_gain() == pytest.approx(6e6 * 0.012 * 2.76 * 0.02)
    assert worked.ranker_latency() / worked.search_margin() == pytest.approx(0.003)
    assert worked.ranker_net() == pytest.approx(72_000 * 0.017 * 2.76)
    assert worked.ranker_net() < worked.team_day()
    assert 72_000 * worked.ranker_lift_that_pays() * 2.76 * 365 == pytest.approx(1_500_000)
    assert worked.marketplace_ceiling() == pytest.approx((120_000 - 90_000) * 2.76)
    assert worked.search_box_saves() == pytest.approx(12_000 * 6)
    assert worked.perfect_assistant_saves() == pytest.approx(240_000 - 6_000 * 6 - 40_000 * 0.005)
    wrong, handed = 40_000 * 0.72 * 0.09, 40_000 * 0.28
    assert worked.gated_assistant_saves() == pytest.approx(240_000 - wrong * 20 - handed * 6 - 200)
    assert worked.shadow_points() == pytest.approx(196 * math.sqrt(0.91 * 0.09 / 4_200), rel=1e-4)
    assert worked.unserved_today() == 18_000
    assert worked.unserved_with_assistant() == pytest.approx(wrong + handed - 10_000)


# Churn


def test_risk_never_earns_and_uplift_does_at_any_reach():
    for reach in np.linspace(0.01, 1, 100):
        assert worked.campaign_profit("risk", reach) < 0
    best = max(worked.campaign_profit("uplift", reach) for reach in np.linspace(0, 1, 101))
    assert best == pytest.approx(300_000)
    assert worked.offer_profit("persuadables") == pytest.approx(100_000 * (0.15 * 100 - 12))


def test_churn_auc_agrees_with_scikit_learn():
    people = [(g.without, round(10_000 * g.share)) for g in worked.GROUPS]
    y = np.concatenate([np.r_[np.ones(round(n * p)), np.zeros(n - round(n * p))] for p, n in people])
    s = np.concatenate([np.full(n, p) for p, n in people])
    assert worked.churn_auc() == pytest.approx(roc_auc_score(y, s))
    assert worked.churn_rate() == pytest.approx(y.mean())


def test_discount_is_paid_by_those_who_stay():
    hand = 50_000 * (2 - 12 * 0.42) + 100_000 * (15 - 12 * 0.85)
    assert worked.discount_by_risk() == pytest.approx(hand)


@pytest.mark.parametrize("name", ["lost causes", "persuadables"])
def test_interval_of_the_campaign(name):
    g = worked.group(name)
    n = 500_000 * g.share
    low, high = confint_proportions_2indep(
        g.without * n * 0.05, n * 0.05, g.offered * n * 0.95, n * 0.95, method="wald"
    )
    assert worked.uplift_half_width(name) == pytest.approx((high - low) / 2)
    assert worked.uplift_points(name, 4) == pytest.approx(200 * worked.uplift_half_width(name))
    assert worked.campaign_spent(name) == pytest.approx(0.95 * worked.offer_profit(name))


def test_a_trial_shows_the_uplift_of_the_prompt():
    rng = np.random.default_rng(3)
    rows = [
        (g.name, bool(t), bool(rng.uniform() < (g.offered if t else g.without)))
        for g in worked.GROUPS
        for t in (0, 1)
        for _ in range(3_000)
    ]
    for name, found in uplift_by_group(rows).items():
        assert found.estimate == pytest.approx(worked.group(name).uplift, abs=4 * found.error)


# Pumps


def test_pumps_by_hand():
    assert worked.pumps_saved("model", 20) == pytest.approx(54 * 0.9 * 24_000 - 1_040 * 400)
    assert worked.pumps_saved("rule", 10) == pytest.approx(30 * 0.9 * 24_000 - 520 * 400)
    assert worked.pumps_ceiling() == pytest.approx(120 * (0.9 * 24_000 - 400))
    assert 0 < worked.pump_increment() < worked.PUMP_TEAM
    assert worked.pumps_that_pay() / 2_000 * worked.pump_increment() == pytest.approx(worked.PUMP_TEAM)
    assert worked.pump_lift() == pytest.approx(400 / 21_600 * 104_000 / 120)


def test_further_inspections_lose_at_the_margin():
    for who, (few, many) in (("rule", (10, 50)), ("model", (20, 50))):
        caught = worked.CAUGHT[who]
        found = (caught[many] - caught[few]) * 120
        assert found / (52 * (many - few)) < worked.pump_break_even()


def test_prevention_hides_recall():
    failures = 0.45 * 120 * 0.1 + 0.55 * 120
    assert worked.recall_on_failures() == pytest.approx(0.45 * 120 * 0.1 / failures)


# Proxies


def test_proxy_moves():
    assert worked.proxy_rise() == pytest.approx(worked.gamed().proxy / worked.honest().proxy - 1)
    assert worked.goal_fall() == pytest.approx(1 - worked.gamed().goal / worked.honest().goal)
    assert worked.correlation_when_gamed() == pytest.approx(0.6 / math.sqrt(1.36))
    assert worked.silent_unsolved(0.88, 0.7) == pytest.approx(0.6)
    low, high = confint_proportions_2indep(0.7 * 4_200, 4_200, 0.66 * 4_200, 4_200, method="wald")
    z = norm.ppf(0.975) + norm.ppf(0.8)
    assert worked.grade_days() == pytest.approx(2 * z**2 * (0.21 + 0.2244) / 0.0016 / 300, abs=0.02)
    assert worked.graded_half_width() == pytest.approx((high - low) / 2)


# Pilots


def test_spread_of_a_payments_loss_agrees_with_a_simulation():
    rng = np.random.default_rng(6)
    fraud = rng.uniform(size=2_000_000) < payments.fraud_rate
    variances = []
    for rule in (worked.RULE, worked.challenge_rule()):
        stopped = rng.uniform(size=fraud.size) < rule.recall * 0.7
        variances.append(np.var(np.where(fraud & ~stopped, 150.0, 0.0)))
    assert worked.loss_spread() == pytest.approx(math.sqrt(np.mean(variances)), rel=0.03)


def test_pilot_days():
    z = norm.ppf(0.975) + norm.ppf(0.8)
    plain = 2 * (z * worked.loss_spread() / (worked.increment() / 1e6)) ** 2 * 3
    assert worked.pilot_units(pays=False) == pytest.approx(plain, abs=3)
    each = 2 * (z * worked.loss_spread() * 1e6 / (worked.increment() - 1_500_000 / 365)) ** 2 * 3
    assert worked.pilot_units() == pytest.approx(each, abs=3)
    assert worked.pilot_units() > worked.pilot_units(pays=False)
    assert worked.pilot_days() == pytest.approx(2 * each / 1e6 + 90, abs=1e-4)
    assert worked.early_days() == pytest.approx(2 * each / 1e6 / 0.5 + 45, abs=1e-4)
    assert worked.trial_ratio() == pytest.approx(25, rel=0.01)


def test_two_week_pilot():
    z = norm.ppf(0.975) + norm.ppf(0.8)
    margin = 1_500_000 / 365 / 200_000
    each = 2 * (z * 4.7 / (0.05 - margin)) ** 2 * 3
    assert worked.shop_units(worked.must_gain()) == pytest.approx(each, abs=3)
    assert worked.shop_days(worked.must_gain(), 90) == pytest.approx(2 * each / 200_000 + 90, abs=1e-4)
    assert worked.shop_days_read_at(45) == pytest.approx(2 * worked.shop_days(worked.must_gain()))
    assert worked.power_of(worked.shop_days(worked.must_gain()), 0.05) == pytest.approx(0.8, abs=1e-4)
    assert worked.waiting_cost(45) == pytest.approx(100_000 * 0.05 * 45)
    assert worked.power_of(14, worked.must_gain()) == pytest.approx(0.025)


# Prompts


def test_sellers():
    assert worked.seller_lift() == pytest.approx(40 / 1_800 * 5_000)
    assert worked.all_sellers() == 8_000_000
    assert worked.sellers_ceiling() == pytest.approx(40 * (1_800 - 40))
    mean = math.sqrt(2) * norm.ppf(0.9)
    z = np.linspace(0, 7, 70_001)
    each = 40 * norm.cdf(mean - z) * 1_760 - 199_960 * norm.sf(z) * 40
    assert worked.sellers_saved() == pytest.approx(each.max(), rel=1e-4)
    assert worked.sellers_found() == pytest.approx(40 * norm.cdf(mean - z[each.argmax()]), rel=1e-2)
    investigated = 40 * norm.cdf(mean - z[each.argmax()]) + 199_960 * norm.sf(z[each.argmax()])
    assert worked.sellers_investigated() == pytest.approx(investigated, rel=1e-2)
    assert worked.disputed_saved() == pytest.approx(30 * 0.9 * 1_400 - 600 * 40)
    assert worked.seller_break_even(0.7) < worked.DISPUTED_FRAUD
    assert worked.disputed_ranking_worth() == pytest.approx(570 * 40)
    assert 12 * worked.disputed_ranking_worth() < worked.SELLER_TEAM
    assert 12 * worked.sellers_saved(worked.seller_auc_that_pays()) == pytest.approx(400_000, rel=1e-6)


def test_quote_cost_agrees_with_a_simulation():
    error = np.random.default_rng(9).normal(size=400_000)
    for spread, at in ((10.0, 0.5), (10.0, None), (8.0, None), (6.0, 0.9)):
        q = norm.ppf(at or 0.75) * spread
        late = spread * error - q
        cost = np.where(late > 0, 0.9 * late, -0.3 * late).mean()
        assert worked.quote_cost(spread, at) == pytest.approx(cost, rel=0.01)
    quotes = np.linspace(0.5, 0.95, 91)
    assert quotes[np.argmin([worked.quote_cost(at=q) for q in quotes])] == pytest.approx(worked.quote_quantile())
    assert worked.quote_minutes() == pytest.approx(35 + 10 * norm.ppf(0.75))
    late = 10 * error - (norm.ppf(0.75) * 10 - 3)
    early_taps = np.where(late > 0, 0.9 * late, -0.3 * late).mean()
    assert worked.quote_cost_if_taps_early() == pytest.approx(early_taps, rel=0.01)


def test_routing():
    assert 0.8 * worked.sure_right("linear") + 0.2 * 0.62 == pytest.approx(0.90)
    assert 0.8 * worked.sure_right("llm") + 0.2 * 0.74 == pytest.approx(0.92)
    assert worked.cascade_right() == pytest.approx(0.924)
    assert worked.cheap_calls(1) == pytest.approx(8_000 * (0.08 * 4 + 0.001))
    assert worked.cheap_calls(0.2) == pytest.approx(8_000 * (0.076 * 4 + 0.2 * 0.001))
    assert worked.cascade_gain() == pytest.approx(3_200 - 2_464)
    assert worked.linear_lane_gain() == pytest.approx(2_720 - 2_464)
    assert worked.calls_spared() == pytest.approx(6_400 * 0.02)
    half_a_point = 6_400 * (worked.sure_right("linear") - worked.sure_right("llm")) * 4
    assert worked.linear_lane_gain() - worked.calls_spared() == pytest.approx(half_a_point)
    assert worked.routing_cost(worked.cascade_right(), 0.2) == pytest.approx(8_000 * 0.076 * 4 + 1_600 * 0.02)


def test_bakery():
    assert worked.bakery_gain("rule") == 146_000
    assert worked.bakery_gain("model") == 43_800 < worked.VENDOR
    assert worked.shops_that_pay() * worked.bakery_gain("model") / 12 == pytest.approx(worked.VENDOR)
    assert worked.tests_to_trust(1 / 10_000) == pytest.approx(30_000)


def test_demos_print_what_the_functions_say(capsys):
    worked.demo_bands()
    first, second = capsys.readouterr().out.split("review $24")
    assert "0.1064  review" in first
    assert "review" not in second
    assert [band.action for band in worked.action_bands()] == ["approve", "challenge", "review", "decline"]
    worked.demo_units()
    worked.demo_proxy()
    out = capsys.readouterr().out
    assert "79%" in out


@pytest.mark.parametrize("draw", [figures.ladder, figures.offer_by_reach])
def test_figures_are_drawn(draw):
    assert draw().axes
