"""The page's numbers, recounted another way."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from snippets.cases import assistant
from snippets.llm_systems import worked_generation as w
from snippets.llm_systems.citing import citation_faults
from snippets.metrics.worked_llm import at_threshold

OUTPUTS = Path(w.__file__).parents[1] / "outputs/llm_systems/worked_generation"


@pytest.mark.parametrize("name", ["question", "planted", "refund", "crashes"])
def test_outputs_are_what_is_stored(name, capsys):
    getattr(w, f"demo_{name}")()
    assert capsys.readouterr().out == (OUTPUTS / f"{name}.txt").read_text(encoding="utf-8")


def test_the_other_plan_shuts_out_the_date():
    assert "timing#1@12" in w.packed().order
    late = w.packed(w.LONG_HISTORY)
    assert "returns#1@7" in late.order
    assert late.left_out["timing#1@12"] == "no room"
    assert w.plans_overlap() >= 0.8
    assert citation_faults(w.DRAFT[:2], w.SPANS) == []
    assert w.passage_budget() == assistant.passages * assistant.chunk_tokens
    assert w.history_tokens(4) == 1_240
    assert [w.passages_beside(n) for n in (1, 4, 5, 6)] == [6, 3, 1, 0]
    assert w.LONG_HISTORY == 1_300


def test_planted_faults():
    assert [w.planted_stopped(i) for i in range(3)] == [1, 2, 4]
    assert [w.planted_stopped(i, right=True) for i in range(3)] == [1, 1, 2]


def test_a_sentence_is_held_within_the_first_clock():
    assert w.held_seconds() == pytest.approx(24 * 0.012)
    assert w.first_words_held() < assistant.first_token_p95_ms


def test_small_language():
    assert w.small_questions() == 20
    assert w.overall_loss() == 0.5
    assert binomtest(5, 5, alternative="greater").pvalue < 0.05 < binomtest(4, 4, alternative="greater").pvalue
    assert w.chance_grades_see_it() == pytest.approx(binom.sf(4, 20, w.BROKEN))
    n = w.replays_to_see_it()
    assert binom.sf(0, n, w.BROKEN) >= 0.99 > binom.sf(0, n - 1, w.BROKEN)
    assert w.replay_cost() == pytest.approx(9.6)
    assert w.grading_days() == 6
    assert w.broken_cost(3) == 3 * w.broken_a_day() * 6


def test_structured():
    assert [w.left_after(r) for r in range(3)] == pytest.approx([800, 16, 0.32])
    assert w.retry_tokens_cost(1) == pytest.approx(3.2)
    assert w.residue_cost(1, w.SAME_AGAIN) == 2_400
    rng = random.Random(5)
    drawn = {"masked": 0, "until valid": 0}
    for _ in range(20_000):
        first = rng.choices(list(w.CITE_FIRST), list(w.CITE_FIRST.values()))[0]
        drawn["masked"] += first == "[1"  # the mask closes it whatever the model wants
        while True:
            first = rng.choices(list(w.CITE_FIRST), list(w.CITE_FIRST.values()))[0]
            if rng.random() < w.CITE_CLOSE[first]:
                break
        drawn["until valid"] += first == "[1"
    assert drawn["masked"] / 20_000 == pytest.approx(w.masked_share(), abs=0.015)
    assert drawn["until valid"] / 20_000 == pytest.approx(w.conditional_share(), abs=0.015)
    assert w.valid_unconstrained() == pytest.approx(0.22)


def test_abstention():
    assert w.policy(0.5).risk == pytest.approx(69 / 840)
    assert w.worth_of_perfect_order(0.5) == pytest.approx(69 * 14 * 40)
    assert w.wrong_a_day(0.5) == 2_760
    perfect = 210 * 6  # of a thousand, all but the 790 right ones are handed over
    assert w.worth_of_perfect_confidence(0.5) == pytest.approx((160 * 6 + 69 * 20 - perfect) * 40)
    assert w.right_below(0.5) == 19
    # what 0.6 has earned already is no longer to be had
    earned = at_threshold(0.5).per_question - at_threshold(0.6).per_question
    missing = w.worth_of_perfect_confidence(0.5) - w.worth_of_perfect_confidence(0.6)
    assert missing == pytest.approx(40_000 * earned)
    assert (w.right_lost(0.6, 0.5), w.wrong_avoided(0.6, 0.5)) == (14, 20)


def test_sampling():
    assert w.nucleus(0.5) < w.nucleus(1.0) < w.nucleus(1.5)
    p = np.sort(np.arange(1, 1_001) ** -w.STEEPNESS)[::-1]
    assert w.nucleus(1.0) == int((np.cumsum(p / p.sum()) < 0.9).sum()) + 1
    assert w.answers_that_differ() == pytest.approx(binom.sf(0, 250, w.FLIP))
    assert w.fixed_set_differs() == pytest.approx(50 * w.answers_that_differ())
    assert w.winner_by_order() == (1, 0)
    assert w.greedy_sequence() < w.best_sequence()


def play(steps, rng):
    """One verified chain, step by step."""
    wrong = False
    for _ in range(steps):
        for chance in (w.STEP_RIGHT, w.RETRY_RIGHT):
            right = rng.random() < chance
            if rng.random() >= (w.FALSE_ALARM if right else w.CATCH):
                wrong |= not right
                break
        else:
            return "stopped"
    return "wrong" if wrong else "right"


def test_chains():
    rng = random.Random(3)
    ends = [play(5, rng) for _ in range(20_000)]
    for end, share in w.verified(5)._asdict().items():
        assert ends.count(end) / 20_000 == pytest.approx(share, abs=0.012)
    assert sum(w.verified(10)) == sum(w.workflow(check=True)) == pytest.approx(1)
    assert w.chain(10).right == pytest.approx(0.95**10)
    n = w.steps_worse_than_people()
    assert w.chain(n).cost > 6 > w.chain(n - 1).cost
    assert w.steps_worse_than_people(60) == 3
    assert w.chain(3).at(60) > 6 > w.chain(2).at(60)
    # what the verifier earns by right tasks and by known errors is all that it earns, half by each
    right, known = w.verifier_earns()
    assert right + known == pytest.approx(w.chain(5).cost - w.verified(5).cost)
    assert right == pytest.approx(known, rel=0.01)
    # checking all five beats taking three away, at this page's price; per step it is the other way round
    assert w.verified(5).cost < w.workflow().cost
    assert w.chain(1, w.CODE_RIGHT).cost < w.verified(1).cost < w.chain(1).cost
    # about money, an unchecked workflow costs what people cost
    assert w.workflow().at(60) == pytest.approx(6, abs=0.02)
    assert w.workflow(check=True, right=0.99).cost < w.chain(5, 0.99).cost
    assert w.workflow().right == pytest.approx(0.95**2 * 0.999**3)


def test_budgets():
    assert w.run_cost(1) == pytest.approx((1_200 + 400) / 1e6)
    assert w.run_cost(2) == pytest.approx((1_200 + 1_800 + 800) / 1e6)
    assert (w.late_tasks(), w.late_finishes()) == (88, 3)
    late = w.late_pays_until()
    assert 88 * (w.run_cost(late) - w.run_cost(12)) <= 18 < 88 * (w.run_cost(late + 1) - w.run_cost(12))
    assert w.context_tokens(1) == 1_200
    assert w.context_tokens(60, 6_000) == 361_100
    assert w.late_cost() > w.late_value() == 18
    assert w.bill(looping=0.0) == pytest.approx(1_000 * w.run_cost(6))
    assert w.looping_part() == pytest.approx(85 * w.run_cost(60) / w.bill())
    assert w.bill(looping=w.looping_needed()) == pytest.approx(w.bill(w.LONG_RESULT))


def test_code_refuses_a_refund_before_the_item_is_back():
    ledger = w.Ledger()
    tool = w.refund_tool(ledger, {"1": (149, 40, "on its way"), "2": (149, 40, "back")})
    assert tool.run({"line": "1", "amount": "$999"}, "k1") == "error: the item is not back yet"
    assert tool.run({"line": "2", "amount": "$999"}, "k2") == "refunded $109"
    assert ledger.paid == {"k2": "$109"}


def test_what_rings_and_what_fills():
    assert w.rings(0.05) == pytest.approx(1 - binom.pmf(0, 60, 0.05))
    assert binomtest(10, 10, alternative="greater").pvalue < 0.001 < binomtest(9, 9, alternative="greater").pvalue
    assert w.rings(0.001) == pytest.approx(binom.sf(0, 60, 0.001))
    assert w.answers_with_an_alarm() == pytest.approx(-math.expm1(9.2 * math.log(0.99)), rel=0.01)
    assert w.minutes_until_full() == pytest.approx(280 / (3 * 40_000 / 1_440))


def test_a_verifier_that_catches_half_as_much():
    # by a chain of states: right so far, wrong so far, stopped
    good, bad = 0.95 * 0.98, 0.05 * 0.6
    again = 1 - good - bad
    good, bad = good + again * 0.6 * 0.98, bad + again * 0.4 * 0.6
    step = np.array([[good, bad, 1 - good - bad], [0, good + bad, 1 - good - bad], [0, 0, 1]])
    right, wrong, stopped = np.linalg.matrix_power(step, 2)[0]
    wrong += right * (1 - 0.999**3)
    assert w.workflow(check=True, catch=0.4).cost == pytest.approx(20 * wrong + 6 * stopped)
    assert w.workflow(check=True, catch=0.4).cost < w.workflow().cost


def test_refunds():
    assert w.doubled_a_day() == pytest.approx(6)
    assert w.doubled_chance() == pytest.approx(binom.std(7_000, 0.006), rel=0.01)
    assert w.doubled_cost() == pytest.approx(270)
    assert w.doubled_in_a_week() + w.doubled_unexplained() == pytest.approx(57)
    assert [row[1:] for row in w.crash_rows()] == [(1, 1, 1), (1, 1, 1), (2, 2, 1), (2, 1, 1)]
    ledger = w.Ledger()
    assert ledger.refund(w.REFUND, "k") == "refunded $109"
    assert ledger.refund({**w.REFUND, "amount": "$10"}, "k") == "refused: k was for $109"
