"""The support design's numbers, against sums done another way and simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from snippets.cases import assistant
from snippets.metrics import worked_llm as llm
from snippets.systems import support_rag as rag


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_premises_fit_the_golden_set() -> None:
    """A fifth at $60 and the rest at $10 is the case's mean, and the cells of the brief add up to the chapter's."""
    assert rag.mean_wrong_cost() == pytest.approx(assistant.wrong_answer_cost)
    wrong, handed = rag.read_failures()
    assert llm.right_with_passage().hits + wrong + handed == llm.found().total - llm.missed() == 799
    assert wrong + rag.MISSED_WRONG == 36
    assert handed + llm.missed() - llm.RIGHT_WITHOUT_PASSAGE - rag.MISSED_WRONG == 43


@pytest.mark.parametrize(("wrong_cost", "expected"), [(60, 0.9), (20, 0.7), (10, 0.4)])
def test_the_line_is_where_answer_and_handover_cost_the_same(wrong_cost: float, expected: float) -> None:
    assert rag.line(wrong_cost) == pytest.approx(expected)
    assert (1 - rag.line(wrong_cost)) * wrong_cost == pytest.approx(assistant.handover_cost)


def test_how_many_reply_does_not_decide_whether_to_ask() -> None:
    for wrong_cost in (10.0, 20.0, 60.0):
        for right in (0.2, 0.5, 0.8, 0.95):
            signs = {rag.gain_of_asking(wrong_cost, right, replies) > 0 for replies in (0.05, 0.5, 1.0)}
            assert signs == {right > rag.line(wrong_cost)}
    assert rag.gain_of_asking(10) == pytest.approx(0.85 * (6 - 3))
    assert rag.gain_of_asking(20) == pytest.approx(0)  # at the mean price asking seems worth nothing
    assert rag.asking(0.0) == assistant.handover_cost
    assert rag.answering(0.6, 10) > rag.asking() > rag.answering(0.7, 10)


def test_a_day_by_drawing_every_question(rng: np.random.Generator) -> None:
    n = 400_000
    lows = np.array([b.low for b in llm.CONFIDENCE])
    bins = rng.choice(len(lows), n, p=np.array([b.size for b in llm.CONFIDENCE]) / 1_000)
    right = rng.random(n) < np.array([b.right / b.size for b in llm.CONFIDENCE])[bins]
    money = rng.random(n) < 0.2
    low = lows[bins]
    answered = np.where(money, low >= 0.8, low >= 0.7)
    asked = ~money & (low >= 0.5) & (low < 0.7)
    replied = asked & (rng.random(n) < 0.85)
    won = replied & (rng.random(n) < 0.7)
    wrong = (answered & ~right) | (replied & ~won)
    cost = np.where(wrong, np.where(money, 60.0, 10.0), 0.0) + np.where(~answered & ~replied, 6.0, 0.0) + 0.005
    today = rag.day("two gates, asking")
    scale = assistant.questions_per_day / n
    assert today.per_question == pytest.approx(cost.mean(), rel=0.01)
    assert today.wrong == pytest.approx(wrong.sum() * scale, rel=0.03)
    assert today.load == pytest.approx(assistant.questions_per_day - ((answered & right) | won).sum() * scale, rel=0.02)
    assert rag.asked_a_day() == pytest.approx(asked.sum() * scale, rel=0.03)
    assert today.slack == pytest.approx(10_000 - today.load)


def test_the_policies_get_cheaper_and_one_gate_is_the_chapters() -> None:
    costs = [rag.day(policy).cost for policy in rag.POLICIES]
    assert costs == sorted(costs, reverse=True)
    assert rag.day("one gate").per_question == pytest.approx(llm.at_threshold(0.6).per_question)
    assert rag.day("two gates").wrong > rag.day("one gate").wrong
    assert rag.day("two gates").damage < rag.day("one gate").damage
    for policy in rag.POLICIES:
        today = rag.day(policy)
        assert today.right + today.wrong + today.handed == pytest.approx(assistant.questions_per_day)
        assert today.load <= assistant.handover_capacity
    assert rag.agents_for_ceiling() == pytest.approx(6_000)
    assert rag.misrouted_cost(0) == 0
    per_thousand = (31 + 78 * 0.85 * 0.3) * 60 + (238 - 78 * 0.85) * 6 - 18 * 60 - 300 * 6
    assert rag.misrouted_cost(0.05) == pytest.approx(0.05 * 8 * per_thousand)


def test_no_pair_of_gates_in_steps_of_a_tenth_is_cheaper_and_fits() -> None:
    """The page's two gates without asking, held against all others that the agents can carry."""
    found = {}
    for money in np.arange(0, 10) / 10:
        for rest in np.arange(0, 10) / 10:
            m, r = rag.of_gate(money), rag.of_gate(rest)
            load = 8 * (1_000 - m.right) + 32 * (1_000 - r.right)
            cost = 8 * (m.wrong * 60 + m.handed * 6) + 32 * (r.wrong * 10 + r.handed * 6)
            if load <= 10_000:
                found[(money, rest)] = cost
    assert min(found, key=lambda pair: found[pair]) == (0.8, 0.5)


def test_the_judge_flags_by_the_table() -> None:
    assert rag.flagged_if(True) == pytest.approx((35 * 0.8 + 736 * 55 / 1_095) / 771)
    assert rag.flagged_if(False) == pytest.approx((39 * 0.8 + 30 * 55 / 1_095) / 69)
    both = (771 * rag.flagged_if(True) + 69 * rag.flagged_if(False)) / 840
    assert both == pytest.approx(llm.flagged_at_check(), abs=0.001)
    assert rag.caught_at_best() == pytest.approx(39 / 69)
    assert rag.unsupported_a_day() - rag.checker_misses() == pytest.approx(0.8 * 2_940)
    assert rag.checker_false() / (rag.checker_false() + 2_352) == pytest.approx(llm.false_flags(), abs=0.001)


def test_the_check_on_money_by_hand() -> None:
    right, wrong = 8 * 682, 8 * 18
    assert (rag.money_answers(True), rag.money_answers(False)) == pytest.approx((right, wrong))
    stopped, lost = wrong * rag.flagged_if(False), right * rag.flagged_if(True)
    assert rag.gain_of_check() == pytest.approx(stopped * 54 - lost * 6)
    assert rag.gain_of_check(rag.specificity_that_pays()) == pytest.approx(0, abs=1e-6)
    assert rag.right_when_flagged() == pytest.approx(lost / (lost + stopped))
    assert rag.right_when_flagged() < rag.line(60)  # so that blocking pays at all
    assert llm.right_when_flagged() > rag.line(10)
    assert rag.gain_of_check_elsewhere() < 0
    assert rag.gain_of_higher_gate() == pytest.approx(8 * (18 * 60 + 300 * 6 - 7 * 60 - 440 * 6))
    share = rag.give_up_break_even()
    seconds = math.log(1 - share) / math.log(0.99)
    assert rag.net_of_check(seconds) == pytest.approx(0, abs=1e-6)
    assert rag.net_of_check(0) == pytest.approx(rag.gain_of_check())
    assert 0 < rag.sentence_hold() < rag.whole_hold()
    slack = rag.day("two gates, asking").slack
    for seconds in (rag.sentence_hold(), rag.whole_hold()):
        missing = rag.money_to_agents() + rag.gave_up(seconds) - slack
        assert 50 * (rag.agents_for_places(seconds) - 1) < missing <= 50 * rag.agents_for_places(seconds)
    assert rag.day("two gates").slack < rag.money_to_agents()


def test_a_perfect_verifier_elsewhere_overruns_the_agents() -> None:
    today = rag.day("two gates, asking")
    assert rag.perfect_elsewhere() == pytest.approx(4 * today.wrong_rest)
    rest = today.right - rag.money_answers(True)
    assert rag.leaving_elsewhere() == pytest.approx(rest * (1 - 0.99 ** rag.whole_hold()))
    assert rag.leaving_elsewhere() > today.slack


def test_the_chain_is_the_golden_set() -> None:
    assert rag.right_at(llm.found().share) == pytest.approx(llm.success().share)
    assert rag.ceiling_without_luck() == pytest.approx(0.755)
    assert rag.right_at(rag.recall_needed()) == pytest.approx(0.75)
    assert rag.recall_needed(llm.success().share) == pytest.approx(llm.found().share)


def test_a_point_of_each_lever_by_moving_the_counts() -> None:
    """Cost of the golden set's cells at 40 times, before and after a lever moves by its point."""
    cost = np.array([0.0, 20.0, 6.0])
    found, missed, absent = np.array([755, 16, 28.0]), np.array([16, 20, 15.0]), np.array([0, 33, 117.0])

    def a_day(answerable: float = 0.85, recall: float = 799 / 850, read: float = 755 / 799, reckless: float = 0.22):
        failed = found[1:] / found[1:].sum() * (1 - read)
        with_it = np.array([read, *failed]) @ cost
        rest = recall * with_it + (1 - recall) * (missed / 51 @ cost)
        return 40_000 * (answerable * rest + (1 - answerable) * (np.array([0, reckless, 1 - reckless]) @ cost))

    base = a_day()
    assert base == pytest.approx(40 * ((found + missed + absent) @ cost))
    assert rag.worth_of_point("articles") == pytest.approx(base - a_day(answerable=0.86))
    assert rag.worth_of_point("retrieval") == pytest.approx(base - a_day(recall=799 / 850 + 0.01))
    assert rag.worth_of_point("reading") == pytest.approx(base - a_day(read=755 / 799 + 0.01))
    assert rag.worth_of_point("abstaining") == pytest.approx(base - a_day(reckless=0.21))
    assert rag.worth_of_lever("retrieval") == pytest.approx(base - a_day(recall=1.0))
    assert rag.articles_share_of_cost() == pytest.approx(1 - a_day(answerable=1.0) / base)
    assert sum(rag.worth_of_lever(lever) for lever in rag.POINTS[1:]) > rag.worth_of_lever("articles")
    assert rag.recall_point_at_worst() < rag.worth_of_point("retrieval")
    assert rag.worth_of_lexical() == pytest.approx(27 * 40 * (rag.miss_cost() - rag.found_cost()))


def test_sizes() -> None:
    vectors = np.zeros((18_000, 1_024), dtype=np.float32)
    assert rag.vector_bytes() == vectors.nbytes
    assert rag.search_ms() == pytest.approx(vectors.nbytes / 5e9 * 1_000)
    assert rag.passages_until_index() * 4_096 / 5e9 == pytest.approx(0.05)
    assert rag.help_center_tokens() == 18_000 * 300
    assert rag.whole_in_context() == pytest.approx(5.40)
    assert rag.reading_seconds(0.5) == pytest.approx(337.5)
    assert rag.passages_a_day() == 360
    assert rag.answer_cache_saves() == pytest.approx(60)


def test_waiting_is_priced_by_who_gives_up() -> None:
    assert rag.wait_price(0) == 0
    per_customer = 6 - 69 / 840 * 20
    assert rag.wait_price(1_000) == pytest.approx(33_600 * 0.01 * per_customer)
    assert rag.passages_priced() == pytest.approx(40_000 * 1_800 / 1e6 + rag.wait_price(225))
    assert rag.second_search_ms() == 480 + 25 + 80 + 375
    assert rag.last_gate_a_day() == pytest.approx(160)
    assert rag.recall_that_pays(rag.worth_of_point("retrieval")) == pytest.approx(1)


def test_stale_answers_by_simulation(rng: np.random.Generator) -> None:
    """Edits at random times of a day; citations of an edited article within the lag."""
    lag, days = 1.0, 400
    rate = rag.cites_per_article() * rag.HEAT / 24  # an hour
    seen = rng.poisson(rate * lag, 60 * days).sum() / days
    assert rag.stale_answers(lag) == pytest.approx(seen, rel=0.03)
    assert rag.stale_wrong(24) == pytest.approx(24 * rag.stale_wrong(1))
    assert rag.stale_cost(1) == pytest.approx(20 * 0.2 * rag.stale_answers(1))


def draw(rng: np.random.Generator, median: float, p95: float, size: int) -> np.ndarray:
    return median * np.exp(rng.normal(0, math.log(p95 / median) / 1.6448536, size))


def test_the_two_clocks_by_simulation(rng: np.random.Generator) -> None:
    n = 400_000
    first = np.zeros(n)
    for name, (median, p95) in rag.STEPS.items():
        step = draw(rng, median, p95, n)
        first += np.where(rng.random(n) < 0.35, step, 0) if name.startswith("rewrite") else step
    tokens, pace = draw(rng, *rag.LENGTH, n), draw(rng, *rag.PACE, n)
    assert rag.first_word().sum() == pytest.approx(1, abs=1e-3)
    assert rag.first_word_at() == pytest.approx(np.quantile(first, 0.95), rel=0.01)
    assert rag.first_word_at(0.5) == pytest.approx(np.median(first), rel=0.01)
    assert rag.whole_at() == pytest.approx(np.quantile(first + (tokens - 1) * pace, 0.95), rel=0.01)
    capped = first + (np.minimum(tokens, 400) - 1) * pace
    assert rag.whole_at(400) == pytest.approx(np.quantile(capped, 0.95), rel=0.01)
    assert rag.cut_by(400) == pytest.approx((tokens > 400).mean(), abs=0.002)
    assert rag.mean_whole() == pytest.approx((first + (tokens - 1) * pace).mean() / 1_000, rel=0.01)
    held = first + 24 * draw(rng, *rag.PACE, n) + 150
    assert rag.held_first_word() == pytest.approx(np.quantile(held, 0.95), rel=0.01)
    assert rag.first_word_at() < assistant.first_token_p95_ms < rag.held_first_word() < rag.summed_p95()
    assert rag.whole_at(400) < assistant.answer_p95_ms < rag.whole_at()
    assert tokens.mean() == pytest.approx(assistant.answer_tokens, rel=0.03)


def test_in_flight_against_scipy() -> None:
    assert rag.in_flight() == pytest.approx(40_000 / 86_400 * 3 * rag.mean_whole())
    assert rag.in_flight_at_most() == stats.poisson.ppf(0.999, rag.in_flight())
    assert rag.in_flight(10) == pytest.approx(10 * rag.in_flight())
    assert rag.tokens_a_second("in") == pytest.approx(3_000 * 40_000 / 86_400 * 3)
    assert rag.tokens_a_second("out") == pytest.approx(rag.tokens_a_second("in") / 12)


def test_the_invoice_by_hand() -> None:
    assert rag.priced((1_000_000, 1_000_000)) == pytest.approx(5)
    assert rag.invoice() == pytest.approx(0.005 + 0.35 * 0.00066 + 0.84 * 0.00254)
    assert rag.invoice_a_day() == pytest.approx(40_000 * rag.invoice())


def test_a_cached_prefix_saves_dollars_and_time() -> None:
    assert rag.cache_saves() == pytest.approx(40_000 * 800 * 0.9 / 1e6)
    assert rag.cache_ms() == pytest.approx(100)


def test_thumbs_by_simulation(rng: np.random.Generator) -> None:
    n = 4_000_000
    right = rng.random(n) < 771 / 840
    rated = rng.random(n) < np.where(right, rag.rating(True), rag.rating(False))
    assert rated.mean() == pytest.approx(assistant.feedback_rate, rel=0.01)
    for down_if_wrong in (0.5, 0.3):
        down = rated & (rng.random(n) < np.where(right, 0.1, down_if_wrong))
        assert rag.thumbs_down(down_if_wrong) == pytest.approx(down.sum() / rated.sum(), rel=0.02)


def test_what_can_be_seen_by_simulation(rng: np.random.Generator) -> None:
    hourly = rng.binomial(1_667, 0.84, 100_000) / 1_667
    assert rag.visible_handovers() == pytest.approx(100 * 4 * hourly.std(), rel=0.02)
    graded = rng.binomial(300, 69 / 840, 100_000) / 300
    assert rag.visible_graded() == pytest.approx(100 * 3 * graded.std(), rel=0.02)
    assert rag.visible_graded(7) == pytest.approx(rag.visible_graded() / math.sqrt(7))
    assert rag.unseen_cost() == pytest.approx(rag.visible_graded(7) / 100 * 33_600 * 20)
    flags = rng.binomial(1_400, llm.flagged_at_check(), 100_000) / 1_400
    true = [llm.rogan_gladen(share, llm.FLAGGED.share, llm.PASSED.share) for share in flags[:20_000]]
    assert rag.visible_flagged() == pytest.approx(100 * 4 * np.std(true), rel=0.03)


def test_the_filter_and_the_rest() -> None:
    caught, false = rag.filter_flags()
    assert (caught, false) == pytest.approx((180, 199))
    assert rag.filter_precision() == pytest.approx(180 / 379)
    assert rag.attacks_passed() == pytest.approx(20)
    assert rag.days_for_golden() == pytest.approx(2 * 6_181 / 300)
    assert rag.per_language() == pytest.approx(1_000 / 12)
    assert rag.right_needed() == pytest.approx(llm.success_for_staffing())
    assert rag.right_needed(1, 0.5) == pytest.approx(0.875)
    assert rag.right_needed(1, 0.5) > assistant.answerable_rate  # no retriever can do it
    assert rag.right_needed(10) == pytest.approx(0.975)
    assert rag.agents_for() * 50 == pytest.approx(rag.day("two gates, asking").load)


def test_how_many_reply_decides_against_answering_and_for_the_agents(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the break-even reply share asking costs what answering costs; at the other one the agents are full."""
    pays, full = rag.replies_that_pay(), rag.replies_for_agents()
    assert rag.asking(pays) == pytest.approx(18 / 44 * 10)
    assert rag.asking(pays + 0.01) < 18 / 44 * 10 < rag.asking(pays - 0.01)
    monkeypatch.setattr(rag, "REPLIES", full)
    assert rag.day("two gates, asking").load == pytest.approx(10_000)
    monkeypatch.setattr(rag, "REPLIES", full - 0.05)
    assert rag.day("two gates, asking").load > 10_000


def test_the_load_is_known_as_well_as_a_thousand_grades_allow(rng: np.random.Generator) -> None:
    right = 1 - rag.day("two gates, asking").load / 40_000
    drawn = 40_000 * (1 - rng.binomial(1_000, right, 400_000) / 1_000)
    low, high = rag.load_interval()
    assert (low, high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), rel=0.01)
    assert rag.chance_of_overflow() == pytest.approx((drawn > 10_000).mean(), abs=0.02)
    assert low < rag.day("two gates, asking").load < 10_000 < high


def test_the_design_keeps_its_share_of_the_chain() -> None:
    assert rag.load_by_design(799 / 850) == pytest.approx(rag.day("two gates, asking").load)
    floor = rag.recall_needed_by_design()
    assert rag.load_by_design(floor) == pytest.approx(10_000)
    launch = llm.found_at_mix(0.3)
    assert rag.recall_needed() < launch < floor
    assert rag.load_by_design(launch) > 10_000
    assert rag.article_point_at_worst() == pytest.approx(400 * (6 - (36 * 20 + 43 * 6) / 850))
    worst = rag.points_left("articles") * rag.article_point_at_worst()
    assert worst > max(rag.worth_of_lever(lever) for lever in ("retrieval", "reading"))


def test_the_check_hangs_on_eighteen_answers() -> None:
    for seconds in (0.0, rag.sentence_hold(), rag.whole_hold()):
        assert rag.net_if_wrong(18, seconds) == pytest.approx(rag.net_of_check(seconds))
    low, high = (700 * edge for edge in stats.binomtest(18, 700).proportion_ci(method="wilson"))
    assert 11 < low < 12 < 28 < high < 29
    assert rag.net_if_wrong(14, rag.sentence_hold()) < 0 < rag.net_if_wrong(15, rag.sentence_hold())
    assert rag.right_when_flagged_at_best() == pytest.approx(35 / 74)
    assert rag.gain_of_check_elsewhere(35 / 74) == pytest.approx(10 * 39 / 74 - 6)


def test_a_check_of_each_sentence_flags_more(rng: np.random.Generator) -> None:
    ten = (rng.random((200_000, 9)) < 55 / 1_095).any(axis=1).mean()
    eleven = (rng.random((200_000, 10)) < 55 / 1_095).any(axis=1).mean()
    assert ten < rag.flagged_by_sentence() < eleven
    assert (1 - rag.sentence_error_that_pays()) ** rag.sentences() == pytest.approx(rag.specificity_that_pays())


def test_the_release_gate_lets_a_point_through() -> None:
    assert rag.release_passes() == pytest.approx(stats.binom.cdf(60, 100, 0.55))
    assert rag.release_passes(0) == pytest.approx(stats.binom.cdf(60, 100, 0.5))
    assert rag.release_passes(0.03) < 0.3


def test_a_wrong_kind_costs_on_both_sides() -> None:
    """Two outcomes by hand; at the chance where either treatment costs the same, nothing is gained."""
    asked = 78 * 0.85
    as_rest, as_money = (31 + asked * 0.3, 238 - asked), (18, 300)
    miss = ((as_rest[0] - 18) * 60 + (as_rest[1] - 300) * 6) / 1_000
    scare = ((18 - as_rest[0]) * 10 + (300 - as_rest[1]) * 6) / 1_000
    assert (rag.misrouted(), rag.misrouted(rest=True)) == pytest.approx((miss, scare))
    assert rag.misrouted_cost(0.05, rest=True) == pytest.approx(0.05 * 32_000 * scare)
    assert rag.misrouted_cost(0.05, rest=True) > rag.misrouted_cost(0.05)
    assert rag.money_from() * miss == pytest.approx((1 - rag.money_from()) * scare)
    lost = 731 + asked * 0.7 - as_money[0] - 664
    assert rag.rest_until_full() * 32 * lost == pytest.approx(rag.day("two gates, asking").slack)


def test_a_day_of_shadow_leaves_only_the_grades(rng: np.random.Generator) -> None:
    n = 200_000
    top, middle = rng.binomial(700, 682 / 700, n) / 700, rng.binomial(62, 49 / 62, n) / 62
    asked = rng.binomial(200, 119 / 200, n) / 200
    load = 40_000 * (1 - 0.7 * top - 0.8 * (0.062 * middle + 0.078 * asked))
    assert load.mean() == pytest.approx(rag.day("two gates, asking").load, rel=1e-3)
    assert rag.load_after_shadow() == pytest.approx(np.quantile(load, [0.025, 0.975]), rel=2e-3)
    assert rag.overflow_after_shadow() == pytest.approx((load > 10_000).mean(), abs=0.01)
    assert rag.overflow_after_shadow() < rag.chance_of_overflow() / 4
    days = math.floor(2_000 * rag.days_at())
    right = 1 - rag.day("two gates, asking").load / 40_000
    seen = rng.binomial(days, right, n) / days
    assert (seen - 1.96 * np.sqrt(seen * (1 - seen) / days) > 0.75).mean() == pytest.approx(0.8, abs=0.01)


def test_people_at_peak() -> None:
    assert rag.handovers_a_minute() * 480 == pytest.approx(
        rag.day("two gates, asking").load
    )  # three times the mean: 8 hours' worth
    assert rag.handovers_a_minute(1) < assistant.handover_capacity / 1_440 < rag.handovers_a_minute()
    assert rag.handovers_a_minute() < assistant.agents / assistant.handover_minutes
    assert rag.higher_money_gate_an_hour() * 24 == pytest.approx(8 * (682 - 553))


def test_a_loop_below_the_gates_breaks_the_first_clock(rng: np.random.Generator) -> None:
    assert rag.below_gates() == pytest.approx((0.2 * 300 + 0.8 * 160) / 1_000)
    total = np.zeros(400_000)
    for name, (median, p95) in rag.STEPS.items():
        step = rng.lognormal(math.log(median), math.log(p95 / median) / stats.norm.ppf(0.95), total.size)
        total += step * (rng.random(total.size) < rag.HISTORY) if name.startswith("rewrite") else step
    total += (rng.random(total.size) < rag.below_gates()) * rag.second_search_ms()
    assert rag.first_word_with_loop() == pytest.approx(np.quantile(total, 0.95), rel=0.01)
    assert rag.first_word_with_loop() > assistant.first_token_p95_ms > rag.first_word_at()


def test_what_is_not_shown_is_mostly_wrong() -> None:
    assert rag.drafts_right("rest") == pytest.approx((8 + 5 + 3 + 2 + 1) / 160)
    assert rag.drafts_right("money") == pytest.approx((49 + 26 + 14) / 140)


def test_a_search_over_budget_has_a_price() -> None:
    assert rag.machine_ms(100) == pytest.approx(1.8e6 * 1_024 * 4 / 100e9 * 1_000)
    lost = 6 - 69 / 840 * 20
    assert rag.over_budget_price(100) == pytest.approx(33_600 * (1 - 0.99**0.023728) * lost)
    assert rag.recall_that_pays(rag.over_budget_price(100)) < 0.02


def test_an_upper_bound_and_a_cap() -> None:
    assert rag.stale_cost_of_one_passage(12) == pytest.approx(8_064 / 6)
    assert rag.stale_cost_of_one_passage(12) > 20 * rag.stale_cost_of_one_passage(1 / 12)  # the decision stands
    longer = stats.lognorm.sf(400, math.log(420 / 230) / stats.norm.ppf(0.95), scale=230)
    assert rag.cut_a_day(400) == pytest.approx(33_600 * longer)


def test_the_whole_language_in_a_cached_prompt() -> None:
    tokens = 5_400_000 / 12
    assert rag.cached_language() == pytest.approx(tokens / 1e6 * (40_000 * 0.1 + 60 * 1.25))
    left = (
        rag.worth_of_lever("retrieval") - rag.cached_language() - rag.reading_to_lose() * rag.worth_of_point("reading")
    )
    assert left == pytest.approx(0, abs=1e-6)
    assert rag.searches_a_second() == pytest.approx(100e9 / 73_728_000)
    assert rag.byte_search_ms() == pytest.approx(1_800_000 * 1_024 / 100e9 * 1_000)


def test_the_designs_own_rates() -> None:
    answers, wrong = rag.design_wrong()
    asked = 78 * 0.85
    assert answers == pytest.approx(8 * 700 + 32 * (762 + asked))
    assert wrong * answers == pytest.approx(8 * 18 + 32 * (31 + asked * 0.3))
    price = (8 * 18 * 60 + 32 * (31 + asked * 0.3) * 10) / (wrong * answers)
    assert rag.day("two gates, asking").mean_wrong == pytest.approx(price)
    assert rag.visible_by_design() == pytest.approx(300 * math.sqrt(wrong * (1 - wrong) / 2_100))
    assert rag.unseen_by_design() == pytest.approx(rag.visible_by_design() / 100 * answers * price)
