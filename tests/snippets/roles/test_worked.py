"""The page's numbers, computed again another way."""

import itertools
import math

import pytest
from scipy.stats import norm

from snippets.cases import payments
from snippets.roles import figures, worked
from snippets.roles.loop import RULES
from snippets.roles.matrix import LOOPS, ROLES, TOPICS


def test_five_at_80():
    assert worked.at_80("every round") == pytest.approx(0.32768)
    assert worked.at_80("all but one") == pytest.approx(0.32768 + 5 * 0.2 * 0.8**4)
    assert worked.at_80("average") == pytest.approx(norm.cdf(norm.ppf(0.8) * math.sqrt(5)))
    assert worked.at_80("every round") < worked.at_80_correlated(0.3) < 0.8


def test_rates_behind_offers_multiply_back():
    for offers in worked.OFFERS_PER_ONSITE:
        assert worked.rate_behind(offers) ** 5 == pytest.approx(offers)
        assert RULES["average"]([worked.rate_behind_average(offers)] * 5) == pytest.approx(offers)


def test_correlated_average_between_one_round_and_five():
    assert worked.average_at_80_correlated(0.0) == pytest.approx(worked.at_80("average"))
    assert worked.average_at_80_correlated(1.0) == pytest.approx(0.8)


def test_a_rejection_by_bayes():
    found = worked.averaged(4).found
    rejected_good, rejected = 0.2 * (1 - found), 0.8
    assert worked.after_rejection(0.2, 4) == pytest.approx(rejected_good / rejected)
    assert worked.factor_of_rejection(4) < worked.factor_of_rejection(1) < 1


def rate(today, top, half, hours):
    low, high = norm.ppf(today), norm.ppf(top)
    return norm.cdf(high - (high - low) / 2 ** (hours / half))


def test_miras_plans():
    for plan in ("none", "feared", "even", "all", "one", "mean"):
        hours = worked.mira_hours(plan)
        by_hand = [rate(*prep[1:], h) for prep, h in zip(worked.MIRA, hours, strict=True)]
        assert worked.mira_rates(plan) == pytest.approx(by_hand)
        assert worked.mira_odds(plan) == pytest.approx(math.prod(by_hand))
        assert sum(hours) == (0 if plan == "none" else 20)
    assert worked.mira_odds("feared") < worked.mira_odds("even") < worked.mira_odds("all")
    assert worked.mira_odds("feared", "gate, then average") > worked.mira_odds("all", "gate, then average")
    assert worked.mira_hours("all")[0] < worked.mira_hours("one")[0] < worked.mira_hours("mean")[0] < 20
    assert {worked.mira_hours(plan)[4] for plan in worked.DECIDED} <= {4, 5}
    assert worked.screen_after(20) == pytest.approx(rate(*worked.MIRA[0][1:], 20))


@pytest.mark.parametrize("hours", [0, 1, 6])
@pytest.mark.parametrize("rule", worked.DECIDED.values())
def test_the_best_split_under_each_rule_by_brute_force(rule, hours):
    def odds(split):
        return RULES[rule]([rate(*p[1:], h) for p, h in zip(worked.MIRA, split, strict=True)])

    every = [s for s in itertools.product(range(hours + 1), repeat=5) if sum(s) == hours]
    assert sorted(worked.splits(hours)) == sorted(every)
    assert odds(worked.best_of_all_splits(worked.MIRA, rule, hours)) == pytest.approx(max(map(odds, every)))


def test_nested_and_greedy_plans_agree_with_all_splits():
    for hours in (3, 12, 20):
        assert worked.coding_if_gate_then_average(hours) == worked.mira_hours("mean", hours)[0]
    assert worked.best_of_all_splits(worked.MIRA, "every round", 20) == worked.mira_hours("all")


def test_a_higher_bar_for_the_mean():
    assert worked.hours_with_bar(0.0) == worked.mira_hours("mean")
    assert worked.after_gate_with_bar((0, 4, 7, 4, 5), 0.0) == pytest.approx(
        worked.mira_odds("all", "gate, then average")
    )
    given = [worked.hours_with_bar(above)[0] for above in (0.0, 0.25, 0.5, 1.0)]
    assert given == sorted(given, reverse=True)
    assert given[-1] == 0
    odds = {split: worked.after_gate_with_bar(split, 0.5) for split in worked.splits(20)[::7]}
    assert max(odds.values()) <= worked.after_gate_with_bar(worked.hours_with_bar(0.5), 0.5)
    assert worked.points_lost_with_bar("mean", 0.0) == pytest.approx(0)
    assert worked.points_lost_with_bar("one", 0.5) > 0


def test_what_the_wrong_rule_costs():
    lost = {plan: worked.points_lost(plan) for plan in ("none", "feared", "even", *worked.DECIDED)}
    assert min(lost, key=lost.get) == "one"
    assert 0 < lost["one"] < 2.5 < lost["even"] < lost["feared"] < lost["none"]
    under_mean = worked.mira_odds("mean", "gate, then average") - worked.mira_odds("all", "gate, then average")
    assert lost["all"] == pytest.approx(100 * under_mean)


def test_no_hour_moved_improves_miras_plan():
    best = list(worked.mira_hours("all"))
    odds = worked.mira_odds("all")
    for a, b in itertools.permutations(range(5), 2):
        if best[a]:
            moved = best.copy()
            moved[a] -= 1
            moved[b] += 1
            assert math.prod(rate(*p[1:], h) for p, h in zip(worked.MIRA, moved, strict=True)) <= odds + 1e-12


def test_the_feared_round_is_the_weakest_and_slow_and_its_edge():
    assert min(worked.MIRA, key=lambda p: p.today) is worked.MIRA[0]
    assert worked.MIRA[0].halving == TOPICS["coding"].half_gap
    first = worked.first_coding_hours()
    assert worked.mira_hours("all", first)[0] == 1
    assert worked.mira_hours("all", first - 1)[0] == 0
    leads = worked.feared_leads()
    for more in range(leads, leads + 40):
        assert worked.mira_hours("all", more)[0] == max(worked.mira_hours("all", more))
    assert worked.mira_hours("all", leads - 1)[0] < max(worked.mira_hours("all", leads - 1))
    assert worked.coding_hours_if(25) == 0 < worked.coding_hours_if(15)


def test_another_rating_of_the_feared_round():
    assert worked.coding_hours_if_rated(0.55) == 0 < worked.coding_hours_if_rated(0.40)
    best = math.prod(rate(*p[1:], h) for p, h in zip(worked.rated(0.40), (8, 2, 4, 2, 4), strict=True))
    planned = math.prod(rate(*p[1:], h) for p, h in zip(worked.rated(0.40), worked.mira_hours("all"), strict=True))
    assert best > planned


def test_hours_that_move_with_the_role():
    for a, b in itertools.permutations(ROLES, 2):
        assert worked.moved_hours(a, b) == worked.moved_hours(b, a)
        assert worked.moved_hours(a, b) + worked.shared_hours(a, b) == 20
    assert worked.moved_hours("mle", "mle") == 0
    for other in ("ai-engineer", "applied-scientist"):
        low, high = worked.moved_if_we_are_off("mle", other)
        assert 0 < low <= worked.moved_hours("mle", other) <= high <= 20
    same_low, _ = worked.moved_if_we_are_off("mle", "mle")  # the splits differ, so some hours move
    assert same_low < worked.moved_if_we_are_off("mle", "ai-engineer")[0]
    assert worked.design_hours_if_whole_round() > 0
    assert "design" not in worked.plan_topics("mle", worked.YOURS, 20)
    assert worked.moved_hours("mle", "ai-engineer") > worked.moved_hours("mle", "applied-scientist")


def test_minutes():
    assert worked.minutes("mle", "stories") == 60
    assert worked.minutes("mle", *TOPICS) == pytest.approx(worked.loop_minutes("mle"))
    assert worked.loop_minutes("ai-engineer") == sum(s.minutes for s in LOOPS["ai-engineer"]) == 285


def test_averaging_finds_more_than_vetoes():
    for k in (2, 3, 4, 5):
        assert worked.averaged(k).found > worked.must_pass(k).found
        assert worked.averaged(k).passed == pytest.approx(worked.must_pass(k).passed, abs=1e-6)
    assert worked.averaged(3).found > worked.must_pass(5).found
    assert worked.reliability(4) == pytest.approx(4 * 0.44 / (1 + 3 * 0.44))
    for pairs, agreement in ((30, 0.74), (20, 0.44)):
        low, high = worked.agreement_interval(pairs, agreement)
        half = norm.ppf(0.975) / math.sqrt(pairs - 3)
        assert math.atanh(low) + half == pytest.approx(math.atanh(agreement)) == math.atanh(high) - half
    assert worked.agreement_interval(30) == worked.agreement_interval(30, 0.74)


def phi(x):
    return math.erfc(-x / math.sqrt(2)) / 2


LOW_HIGH = {p.name: (norm.ppf(p.today), norm.ppf(p.reachable)) for p in worked.TWO_LOOPS}


def norm_margin(prep, hours):
    low, high = LOW_HIGH[prep.name]
    return high - (high - low) / 2 ** (hours / prep.halving)


def test_two_loops_best_split():
    best = worked.best_two_loop_hours()
    assert sum(best) == 30
    top = worked.either(worked.two_loops(best))
    for plan, hours in worked.two_loop_plans().items():
        assert worked.either(worked.two_loops(hours)) <= top
        assert sum(hours) == (0 if plan == "none" else 30)
    # no single hour moved improves it
    for a, b in itertools.permutations(range(5), 2):
        moved = list(best)
        moved[a] -= 1
        moved[b] += 1
        if min(moved) >= 0:
            assert worked.either(worked.two_loops(moved)) <= top
    assert worked.two_loop_chance("none", "mle") == pytest.approx(0.7**3 * 0.6)
    assert worked.two_loop_chance("none", "science") == pytest.approx(0.7**3 * 0.45)
    assert worked.two_loop_chance("best", "either") == pytest.approx(top)
    with_gate = {}  # coding the gate of both: the rest split finely enough to see where the peak lies
    for split in itertools.product(range(31), range(31), range(31)):
        coding, depth, project = split
        if (rest := 30 - sum(split)) < 0:
            continue
        for design in {0, rest // 2, rest}:
            hours = (coding, depth, project, design, rest - design)
            m = [norm_margin(p, h) for p, h in zip(worked.TWO_LOOPS, hours, strict=True)]
            both = [phi(m[0]) * phi((m[1] + m[2] + m[k]) / math.sqrt(3)) for k in (3, 4)]
            with_gate[hours] = worked.either((both[0], both[1]))
    assert max(with_gate, key=with_gate.get)[0] == worked.two_loop_coding_if_gate() > best[0]
    nothing = worked.either(worked.two_loops((0,) * 5))
    assert worked.points_between("none", "best") == pytest.approx(100 * (top - nothing))
    assert worked.two_loop_hours("mle", 4) == worked.two_loop_hours("science", 3) == 0


def test_bayes():
    shares, asks = (0.694, 0.285, 0.018), (0.3, 0.1, 0.95)
    for n in (1, 2, 3):
        weights = [s * a**n for s, a in zip(shares, asks, strict=True)]
        kinds = ("AI-first", "AI-support", "classical ML")
        for kind, weight in zip(kinds, weights, strict=True):
            assert worked.job_after_question(kind, n) == pytest.approx(weight / sum(weights))

    assert worked.job_from_even_odds() == pytest.approx(0.5 * 0.95 / (0.5 * 0.95 + 0.5 * 0.3))


def test_down_leveled():
    assert worked.mid_value() == pytest.approx(225 + 225 + 0.6 * 290 + 0.4 * 225)
    assert worked.senior_value() == pytest.approx(870)
    assert worked.search_chance() == pytest.approx(1 - 0.75**3)
    assert worked.search_value() == pytest.approx(100 + 2.5 * (200 + 90 * (1 - 0.75**3)))
    assert worked.search_value_at(0) == pytest.approx(600)
    assert worked.mid_value(months=60) == pytest.approx(450 + 3 * (0.6 * 290 + 0.4 * 225))
    assert worked.search_value_at(0.25, 60) == pytest.approx(100 + 4.5 * (200 + 90 * (1 - 0.75**3)))
    assert worked.recheck_value() == pytest.approx(0.35 * 870 + 0.65 * worked.search_value())
    assert worked.search_value_at(worked.break_even_loop_rate()) == pytest.approx(worked.mid_value())
    assert worked.search_chance(worked.break_even_loop_rate()) == pytest.approx(worked.break_even_search())


def test_queue_and_loops_of_the_prompts():
    assert payments.review_capacity == worked.QUEUE
    assert worked.more_frauds() == pytest.approx(126)
    for verdicts in (worked.BEFORE, worked.AFTER):
        true = worked.true_share(verdicts)
        assert 0.9 * true + 0.05 * (1 - true) == pytest.approx(verdicts)
    fewer_good = 1_800 * 0.05 * (worked.true_share(worked.AFTER) - worked.true_share(worked.BEFORE))
    assert worked.more_frauds_declined() - fewer_good == pytest.approx(126)
    assert worked.loop_share(worked.LOOP_A, *worked.LOOP_A) == 1
    assert sum(worked.LOOP_A.values()) == sum(worked.LOOP_B.values()) == 225


def test_hours_of_the_hiring_loop():
    assert worked.loop_hours(5) == 400
    assert worked.loop_hours_for(30) == 60
    assert worked.borrowed_hours() == 20 * 2 * 2
    assert worked.gated_at(0.44) == worked.gated().found < worked.gated_at(0.7)
    assert worked.must_pass_at(0.44, 5) == worked.must_pass(5).found < worked.must_pass_at(0.7, 5)
    assert all(worked.must_pass_at(r, 5) < worked.gated_at(r) for r in (0.2, 0.3, 0.44, 0.6, 0.7, 0.8))
    assert worked.gated_hours() == 40 * 2 * (1 + 0.5 * 3) == 200
    assert worked.loop_hours(1) < worked.must_pass_hours(5) < worked.loop_hours(5)
    assert worked.must_pass_round_share(5) == pytest.approx(norm.sf(worked.must_pass(5).cut))
    assert worked.candidates_lost_to_vetoes() == pytest.approx(8 * (worked.gated().found - worked.must_pass(5).found))
    share = worked.must_pass_round_share(5)
    assert worked.passing_all(share, 5) == pytest.approx(0.2, abs=1e-5)  # the two models are one
    assert worked.gated().passed == pytest.approx(0.2, abs=1e-6)
    assert worked.if_level_is_blurred(4, 0.6) == pytest.approx(0.6 * math.sqrt(worked.reliability(4)))


def test_demos_print_what_the_page_says(capsys):
    worked.demo_mira()
    worked.demo_topics()
    text = capsys.readouterr().out
    assert "all      0  4  7  4  5" in text
    assert text.count(" h  ") == sum(len(worked.plan_topics(r, worked.YOURS, 20)) for r in ROLES)


@pytest.mark.parametrize("draw", [figures.odds_by_rule, figures.hours_by_round])
def test_figures_draw(draw):
    import matplotlib.pyplot as plt

    fig = draw()
    assert fig.axes[0].lines
    plt.close(fig)
