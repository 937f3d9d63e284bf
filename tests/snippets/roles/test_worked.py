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


def test_which_round_to_raise_depends_on_the_rule():
    weak, strong = (0.60, 0.75), (0.85, 0.95)
    for rule in ("every round", "all but one"):
        assert worked.raise_one(rule, *weak) > worked.raise_one(rule, *strong)
    assert worked.raise_one("average", *weak) < worked.raise_one("average", *strong)
    assert worked.factor(*weak) == pytest.approx(1.25)
    assert worked.margin_gained(*strong) > worked.margin_gained(*weak)


def rate(today, top, half, hours):
    low, high = norm.ppf(today), norm.ppf(top)
    return norm.cdf(high - (high - low) / 2 ** (hours / half))


def test_miras_plans():
    for plan in ("none", "feared", "even", "every round", "average"):
        hours = worked.mira_hours(plan)
        by_hand = [rate(*prep[1:], h) for prep, h in zip(worked.MIRA, hours, strict=True)]
        assert worked.mira_rates(plan) == pytest.approx(by_hand)
        assert worked.mira_odds(plan) == pytest.approx(math.prod(by_hand))
        assert sum(hours) == (0 if plan == "none" else 20)
    assert worked.mira_odds("feared") < worked.mira_odds("even") < worked.mira_odds("every round")
    assert worked.mira_hours("every round")[0] < worked.mira_hours("every round")[4]


def test_no_hour_moved_improves_miras_plan():
    best = list(worked.mira_hours("every round"))
    odds = worked.mira_odds("every round")
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
    assert worked.mira_hours("every round", first)[0] == 1
    assert worked.mira_hours("every round", first - 1)[0] == 0
    leads = worked.feared_leads()
    for more in range(leads, leads + 40):
        assert worked.mira_hours("every round", more)[0] == max(worked.mira_hours("every round", more))
    assert worked.mira_hours("every round", leads - 1)[0] < max(worked.mira_hours("every round", leads - 1))
    assert worked.coding_hours_if(25) == 0 < worked.coding_hours_if(15)
    assert worked.loops_for(0.5, 0.75) == 2


def test_another_rating_of_the_feared_round():
    assert worked.coding_hours_if_rated(0.55) == 0 < worked.coding_hours_if_rated(0.40)
    assert worked.cost_of_wrong_rating(0.55) == pytest.approx(0, abs=1e-12)
    planned = worked.mira_hours("every round")
    rounds = worked.rated(0.40)
    with_plan = math.prod(rate(*p[1:], h) for p, h in zip(rounds, planned, strict=True))
    best = max(
        math.prod(rate(*p[1:], h) for p, h in zip(rounds, (8, 2, 4, 2, 4), strict=True)),
        with_plan,
    )
    assert worked.cost_of_wrong_rating(0.40) == pytest.approx(100 * (best - with_plan))
    assert worked.best_if_rated(0.40) == pytest.approx(100 * best)
    assert worked.best_if_rated(0.55) == pytest.approx(100 * worked.mira_odds("every round"))
    assert worked.feared_if_rated(0.55) == pytest.approx(100 * worked.mira_odds("feared"))


def test_hours_that_move_with_the_role():
    for a, b in itertools.permutations(ROLES, 2):
        assert worked.moved_hours(a, b) == worked.moved_hours(b, a)
        assert worked.moved_hours(a, b) + worked.shared_hours(a, b) == 20
    assert worked.moved_hours("mle", "mle") == 0
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
    low, high = worked.agreement_interval(30)
    assert low < 0.44 < high


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
    assert worked.recheck_value() == pytest.approx(0.35 * 870 + 0.65 * worked.search_value())
    assert worked.search_value_at(worked.break_even_loop_rate()) == pytest.approx(worked.mid_value())
    assert worked.search_chance(worked.break_even_loop_rate()) == pytest.approx(worked.break_even_search())


def test_queue_and_loops_of_the_prompts():
    assert payments.review_capacity == worked.QUEUE
    assert worked.more_frauds() == pytest.approx(126)
    assert worked.loop_share(worked.LOOP_A, *worked.LOOP_A) == 1
    assert sum(worked.LOOP_A.values()) == sum(worked.LOOP_B.values()) == 225


def test_hours_of_the_hiring_loop():
    assert worked.loop_hours(5) == 400
    assert worked.loop_hours_for(30) == 60
    assert worked.averaged_at(0.44, 3) == worked.averaged(3).found < worked.averaged_at(0.7, 3)
    assert worked.must_pass_at(0.44, 5) == worked.must_pass(5).found < worked.must_pass_at(0.7, 5)
    assert worked.must_pass_at(0.7, 5) < worked.averaged_at(0.7, 3)
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
    assert "every round  0  4  7  4  5" in text
    assert text.count(" h  ") == sum(len(worked.plan_topics(r, worked.YOURS, 20)) for r in ROLES)


@pytest.mark.parametrize("draw", [figures.odds_by_rule, figures.hours_by_round])
def test_figures_draw(draw):
    import matplotlib.pyplot as plt

    fig = draw()
    assert fig.axes[0].lines
    plt.close(fig)
