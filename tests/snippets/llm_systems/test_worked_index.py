"""The overview's numbers, against sums by hand, simulated golden sets and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from snippets.cases import assistant
from snippets.llm_systems import worked_index as index
from snippets.metrics import worked_llm as llm
from snippets.systems import support_rag as rag

STEPS = [("vectors", "search box"), ("words", "vectors"), ("gates", "words")]


def test_a_day_without_gate_costs_what_the_search_box_costs() -> None:
    assert index.state("search box").per_question == pytest.approx(0.7 * 6)
    assert index.state("everything").per_question == pytest.approx(0.21 * 20 + 0.005)
    assert index.state("everything").right > max(
        index.state(n).right for n in ("search box", "vectors", "words", "gates")
    )


def test_the_prototype_comes_back_from_its_cells() -> None:
    at = index.state("words")
    assert (at.right, at.wrong) == pytest.approx((30_840, 2_760))
    assert at.per_question == pytest.approx(llm.candidate().per_question)
    assert index.saved("words", "everything") == pytest.approx(74_400)


def test_vectors_alone_by_redrawing_the_golden_set() -> None:
    """Move the codes that vectors miss from found to missed, and let each cell fail as it did."""
    assert index.recall_by_vectors() == pytest.approx((466 + 230 + 52) / 850)
    found, missed = 748, 102
    right = found * 755 / 799 + missed * 16 / 51
    wrong = found * 16 / 799 + missed * 20 / 51 + 33
    handed = 1_000 - right - wrong
    at = index.state("vectors")
    assert at.right == pytest.approx(40 * right)
    assert at.wrong == pytest.approx(40 * wrong)
    assert at.per_question == pytest.approx((wrong * 20 + handed * 6) / 1_000 + 0.005)
    assert at.load > assistant.handover_capacity  # without words the agents overflow


def test_only_the_gates_lose_right_answers_and_they_save_most_after_the_reader() -> None:
    gains = [index.gained(*step) for step in STEPS]
    assert [gain < 0 for gain in gains] == [False, False, True]
    savings = [index.saved(*step) for step in STEPS]
    assert savings[2] > savings[1] > index.articles_saved() > index.articles_saved(worst=True)
    total = index.saved("gates", "search box")
    assert sum(savings) == pytest.approx(total) == pytest.approx(40_000 * (4.2 - index.state("gates").per_question))


def test_the_price_of_work() -> None:
    assert index.work("vectors") == 4 * 40 * 90
    assert index.work("gates") == 2 * 40 * 90 + 1_000 * 2 / 60 * 45
    assert index.work("articles") == 20 * 4 * 45
    assert index.per_dollar("words", "vectors") == pytest.approx(index.gained("words", "vectors") / 3_600)
    assert index.per_dollar("articles") == pytest.approx(index.articles_right() / 3_600)
    assert index.waiting("gates", "words") == pytest.approx(7 * index.saved("gates", "words") / 7_200)
    assert index.waiting("gates", "words", 0.05) == pytest.approx(index.waiting("gates", "words") / 20)
    assert index.articles_points() == pytest.approx(3)
    assert index.articles_right() == pytest.approx(0.03 * 40_000 * 771 / 850 * index.state("gates").right / 30_840)


def test_the_bar_of_week_two() -> None:
    for recall in (0.88, 0.9, 0.94):
        exact = stats.binom.sf(index.ENOUGH_FOUND - 1, index.ANSWERABLE, recall)
        assert index.goes_on(recall) == pytest.approx(exact)
    low, high = index.answerable_interval()
    expected = stats.binomtest(255, 300).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high))
    assert low > llm.success_for_staffing()


def test_a_canary_simulated() -> None:
    rng = np.random.default_rng(3)
    for name, share, days in (("gates", 0.05, 7.0), ("gates", 0.05, 14.0), ("gates", 0.25, 3.0), ("words", 0.05, 7.0)):
        n = round(index.canary_questions(share, days))
        load = index.state(name).load / 40_000
        seen = rng.binomial(n, load, 20_000) / n
        upper = seen + 1.96 * np.sqrt(seen * (1 - seen) / n)
        assert index.load_passes(name, share, days) == pytest.approx((upper < 0.25).mean(), abs=0.02)
        assert index.load_half_width(name, share, days) == pytest.approx(196 * np.sqrt(load * (1 - load) / n), rel=1e-3)


def test_a_canary_whose_truth_is_only_known_from_a_thousand_grades() -> None:
    rng = np.random.default_rng(4)
    load = index.state("gates").load / 40_000
    truth = load + rng.normal(0, np.sqrt(load * (1 - load) / 1_000), 40_000)
    for share, days in ((0.05, 7.0), (0.05, 14.0), (0.25, 3.0)):
        n = round(index.canary_questions(share, days))
        seen = rng.binomial(n, truth) / n
        upper = seen + 1.96 * np.sqrt(seen * (1 - seen) / n)
        assert index.load_passes("gates", share, days, golden=True) == pytest.approx((upper < 0.25).mean(), abs=0.015)
    assert index.golden_reach("gates") == pytest.approx(100 * 1.96 * (truth - load).std(), rel=0.02)


def test_an_alarm_that_healthy_days_do_not_ring() -> None:
    load = index.state("gates").load / 40_000
    assert index.rings(0.25, load) == pytest.approx(stats.binom.sf(500, 2_000, load), abs=0.01)
    assert index.rings(index.ALARM, 0.30) == pytest.approx(stats.binom.sf(560, 2_000, 0.30), abs=0.01)
    assert 365 * index.rings(index.ALARM, load) < 0.05
    assert index.ALARM < 1 - 0.3  # at the alarm agents still get less than from the search box


def test_two_bars_of_week_one() -> None:
    share = index.answerable_that_pays()
    answerable = (36 * 20 + (850 - 771 - 36) * 6) / 850
    nobody = (33 * 20 + 117 * 6) / 150
    assert (index.question_cost(True), index.question_cost(False)) == pytest.approx((answerable, nobody))
    assert share * answerable + (1 - share) * nobody + 0.005 == pytest.approx(0.7 * 6)
    for count, bar, below in (
        (index.labels_for(share, below=True), share, True),
        (index.labels_for(0.75), 0.75, False),
    ):
        ends = [stats.binomtest(k, 300).proportion_ci(method="wilson") for k in (count, count + (1 if below else -1))]
        if below:
            assert ends[0].high < bar <= ends[1].high
        else:
            assert ends[0].low > bar >= ends[1].low
    assert index.answerable_for_queue() * 771 / 850 == pytest.approx(0.75)
    low, high = stats.binomtest(255, 300).proportion_ci(method="wilson")
    assert low < index.answerable_for_queue() < high
    assert index.points_in_dollars("articles", 1) == pytest.approx(400 * (nobody - answerable))
    missed, found = (20 * 20 + 15 * 6) / 51, (16 * 20 + (799 - 755 - 16) * 6) / 799
    assert index.points_in_dollars("retrieval", 2) == pytest.approx(2 * 340 * (missed - found))


def test_the_budget_adds_up() -> None:
    rows = ("articles", "retrieval", "reading and gate")
    assert sum(index.lost(row) for row in rows) == 1_000 - 771 == 229
    assert sum(index.dollars(row) for row in rows) == pytest.approx(40 * (69 * 20 + 160 * 6))
    assert sum(index.dollars_share(row) for row in rows) == pytest.approx(1)
    assert index.retrieval_share() == pytest.approx(30 / 229)
    assert index.lost_to_gate() == 790 - 771


def test_each_link_alone_reaches_the_target() -> None:
    read, lucky = 755 / 799, 16 / 51
    found = 799 / 850
    a, r, w = (index.alone(link) for link in ("articles", "retrieval", "reading"))
    assert a * (found * read + (1 - found) * lucky) == pytest.approx(0.8)
    assert 0.85 * (r * read + (1 - r) * lucky) == pytest.approx(0.8)
    assert 0.85 * (found * w + (1 - found) * lucky) == pytest.approx(0.8)
    assert index.alone("retrieval", 0.81) > 1  # no retriever gets there
    assert index.missing("articles") == pytest.approx(100 * (a - 0.85))
    assert index.missing("retrieval") == pytest.approx(100 * (r - found))
    assert index.missing("reading") == pytest.approx(100 * (w - read))


def test_a_retriever_without_a_miss() -> None:
    assert index.no_misses() == pytest.approx(0.85 * 755 / 799)
    assert index.no_misses_gain() == pytest.approx(100 * (0.85 * 755 / 799 - 0.771))
    more = 0.85 + index.articles_instead() / 100
    assert more * 771 / 850 == pytest.approx(index.no_misses())
    assert index.luck() == pytest.approx(1.6)
    assert index.recall_gain() == pytest.approx(85 * 0.03 * (755 / 799 - 16 / 51))
    low, high = stats.binomtest(771, 1_000).proportion_ci(method="wilson")
    assert index.grades_reach() == pytest.approx(50 * (high - low), abs=0.01)
    assert index.recall_gain() < index.grades_reach()


def test_the_options_against_hallucination() -> None:
    gain = 27 * (755 / 799 - 16 / 51)
    assert index.lexical_right() == pytest.approx(40 * gain)
    assert index.lexical_wrong() == pytest.approx(40 * 27 * (20 / 51 - 16 / 799))
    by_dollars = index.lexical_wrong() * 14 + index.lexical_right() * 6
    assert rag.worth_of_lexical() == pytest.approx(
        by_dollars
    )  # each wrong one less saves 14, each right one more saves 6
    assert (index.gate_right(), index.gate_wrong()) == (40 * 14, 40 * 20)
    assert llm.saved_a_day(0.6, 0.5) == pytest.approx(index.gate_wrong() * 14 - index.gate_right() * 6)
    assert index.slack_after_both() == pytest.approx(840 + 40 * gain - 560)
    assert index.dearer_tokens() == pytest.approx(9 * 0.004 * 40_000)
    assert index.dearer_gain() == 4 * 40 * 20
    tail = stats.binom.cdf(2, 8, 0.5) - 0.5 * stats.binom.pmf(2, 8, 0.5)
    assert index.dearer_p() == pytest.approx(2 * tail)
    assert index.dearer_questions() == 29_000 / 8
    least = next(k for k in range(30) if 2 * stats.binom.sf(k - 1, 29, 0.5) < 0.055)  # the normal line, 1.96 sd
    assert stats.binom.sf(least - 1, 29, 0.75) == pytest.approx(0.8, abs=0.1)
    flagged_right, flagged_wrong = 35 * 0.8 + 736 * 0.05, 39 * 0.8 + 30 * 0.05
    assert (index.blocked(True), index.blocked(False)) == pytest.approx((40 * flagged_right, 40 * flagged_wrong))
    assert index.blocked_gain() == pytest.approx(40 * (flagged_wrong * 14 - flagged_right * 6))
    assert llm.FLAGGED.share == index.FLAGS
    assert 1 - llm.PASSED.share == pytest.approx(index.FALSE_FLAGS, abs=0.001)
    assert (index.gate_right(0.7), index.gate_wrong(0.7)) == (40 * 40, 40 * 38)
    assert index.slack_after_both(0.7) == pytest.approx(840 + 40 * gain - 1_600)
    assert index.slack_after_both(0.7) < 0 < index.slack_after_both(0.6)
    assert index.places_known() == pytest.approx(400 * index.grades_reach())
    assert index.blocked(True) > llm.slack(0.5)


def test_the_drop_from_demo_to_pilot() -> None:
    assert index.own_questions_on_traffic() == pytest.approx(0.697)
    low, high = index.own_questions_interval()
    assert low < 320 / 500 < high
    assert index.pilot_answerable() == pytest.approx(320 / 425)
    pieces = [index.explained(cause) for cause in ("denominator", "codes", "rest")]
    assert sum(pieces) == pytest.approx(index.explained("drop")) == pytest.approx(18)
    # If codes had been right as often as the others, the pilot would have gained exactly those points
    as_others = 360 * index.pilot_without_codes() + 65 * index.pilot_without_codes()
    assert (as_others - 320) / 5 == pytest.approx(pieces[1])
    assert index.pilot_codes() == pytest.approx(30 / 65)


def test_the_agent_and_the_search_box() -> None:
    assert index.agent_cost() == pytest.approx(0.24 * 20 + 0.1 * 6 + 0.015)
    assert index.search_cost() == pytest.approx(3.48)
    assert index.search_saves() == pytest.approx(40_000 * 0.12 * 6)
    wrong = index.agent_wrong_allowed()
    assert wrong * 20 + 0.1 * 6 + 0.015 == pytest.approx(index.search_cost())
    expected = stats.binomtest(840, 2_000).proportion_ci(method="wilson")
    assert index.search_interval() == pytest.approx((expected.low, expected.high))
