"""The page's numbers, where another way to them exists."""

import inspect
import math
from random import Random

import pytest
from scipy.stats import binomtest

from snippets.cases import assistant
from snippets.lifecycle import worked as lifecycle
from snippets.llm_systems import worked_serving as worked
from snippets.systems import support_rag


def test_reading_agrees_with_the_support_design():
    assert worked.read_rate() == pytest.approx(support_rag.READ_RATE, rel=0.01)
    assert worked.saved_by_prefix_ms() == pytest.approx(support_rag.cache_ms(), rel=0.05)


def test_the_engine_carries_what_the_load_test_of_the_lifecycle_chapter_gave():
    assert worked.served("8 bits", rate=lifecycle.ANSWERS_A_GPU).good > 0.95
    assert worked.served("in turn", rate=lifecycle.ANSWERS_A_GPU, count=600).good < 0.5
    assert worked.ceiling_rate() > lifecycle.ANSWERS_A_GPU
    assert worked.static_rate() < lifecycle.peak_questions() < worked.static_rate(64)  # what fails there is the wait


def test_shedding_to_the_planned_rate_loses_at_small_overloads_and_wins_at_large_ones():
    assert worked.kept_by_shedding(2.0) == pytest.approx(0.9 * worked.served("8 bits", rate=1.8).good)
    assert worked.kept_by_shedding(2.0) < worked.served("8 bits", rate=2.0).good
    assert worked.kept_by_shedding(3.0) > worked.served("8 bits", rate=3.0).good


def test_a_cut_answer_counts_as_in_time_so_the_cap_flatters():
    assert 0.95 < worked.served("8 bits, no cap").good < worked.served("8 bits").good
    lengths = [worked.draw(random) for random in [Random(3)] for _ in range(20_000)]
    assert sum(n > worked.CAP for n in lengths) / len(lengths) == pytest.approx(
        support_rag.cut_by(worked.CAP), abs=0.006
    )


def test_one_handover_in_a_thousand_pays_for_asking_the_large_model():
    asked, escalated = 1_000, 150
    assert escalated * 10 * worked.large_cost() == pytest.approx(assistant.handover_cost)
    assert worked.upward_pays(price=assistant.handover_cost) == pytest.approx(asked)


def test_a_pass_of_the_engine_is_the_roofline():
    seconds = worked.pass_time(worked.ENGINES["chunks"])
    for write in (1, 13, 64):
        assert 1e3 * seconds(0, write) == pytest.approx(worked.step_ms(write))
    assert seconds(assistant.input_tokens, 0) == pytest.approx(worked.read_seconds())


def test_a_stall_needs_a_pass_that_reads():
    assert worked.served("8 bits").stalled == 0
    assert worked.served("in turn").stalled > 0.95
    assert worked.served("static", count=200).gap95 > 0


def test_memory_by_hand():
    assert worked.fit() == math.floor((80e9 - 2 * worked.PARAMETERS - 8e9) / (3_250 * 131_072))
    assert worked.fit() < worked.fit_shared()
    assert worked.fit(bits=8) > worked.fit()
    assert worked.kv_without_groups() == 4 * worked.SHAPE.kv_bytes()


def test_no_batch_of_long_contexts_is_compute_bound():
    assert worked.compute_used(1e9) < 1
    assert worked.crossover_at(worked.CONTEXT) == math.inf
    assert worked.no_crossover_from() < worked.CONTEXT


def test_drafting_stops_where_the_formula_says():
    edge = worked.stops_at()
    assert worked.faster(edge, 0) == pytest.approx(1, abs=0.6)
    assert worked.check_cost(1, worked.CONTEXT) == pytest.approx(1)
    at = worked.crossover_at(0)
    assert edge < at
    assert worked.faster(at, 0) < 1


def test_paired_tests_against_scipy():
    for lost, gained, p in (
        (worked.LOST, worked.GAINED, worked.all_p()),
        (worked.SLICE_LOST, worked.SLICE_GAINED, worked.slice_p()),
        (worked.MORE_LOST, worked.MORE_GAINED, worked.more_p()),
    ):
        n = lost + gained
        tie = math.comb(n, min(lost, gained)) / 2**n
        assert p == pytest.approx(binomtest(lost, n).pvalue - tie)  # mid-p: half of the seen value, on both sides


def test_sharing_the_prefix_takes_the_tail_back():
    saved = worked.P99_READ * (1 - worked.P99_PREFIX)
    assert worked.first_p99(0.15, saved) < worked.first_p99() < worked.first_p99(0.15)
    assert worked.wait_before(0.15) > 2 * worked.wait_before()


def test_the_chains_answer_more_the_longer_they_are():
    names = ("one call", "one retry", "smaller model")
    assert sorted(names, key=worked.unanswered, reverse=True) == list(names)
    assert worked.missing_minutes(1) == pytest.approx(216)
    assert worked.missing_minutes(2, worked.COMMON) > 100 * worked.missing_minutes(2)


def test_adapters_are_small():
    assert worked.memory("full") > 7 * worked.memory("lora") > 7 * worked.memory("4-bit base")
    assert worked.adapters(50) < 50 * worked.WEIGHTS / 30
    assert worked.lora_count(names=("q",)) == 32 * 16 * 8_192


def test_demos_print(capsys):
    worked.demo_quantize()
    assert "a scale a row" in capsys.readouterr().out
    assert worked.quantization_error(True) < worked.quantization_error(False) / 10


def test_shares_and_prices_hang_together():
    assert worked.faster_ceiling() == pytest.approx(worked.faster(1))
    assert worked.mean_rate() * assistant.peak_factor == pytest.approx(lifecycle.peak_questions())
    assert worked.reuse_ms()[0] < worked.reuse_ms()[1]
    assert worked.errors_that_pay() * worked.KEPT * assistant.wrong_answer_cost == pytest.approx(
        worked.cascade_invoice() * worked.large_cost()
    )
    assert 0.5 < worked.longer_wins() < 0.85


def test_every_number_is_finite_and_above_zero():
    skipped = {"before_model", "load", "pass_time", "answer_length", "logit", "draw"}
    for name, function in vars(worked).items():
        if name in skipped or not inspect.isfunction(function) or function.__module__ != worked.__name__:
            continue
        if all(p.default is not p.empty for p in inspect.signature(function).parameters.values()):
            value = function()
            if isinstance(value, int | float):
                assert 0 < value < math.inf, name


@pytest.mark.parametrize("kind", ["full", "lora", "4-bit base"])
def test_memory_of_training(kind):
    assert worked.memory(kind) > worked.RANK * worked.adapter_bytes() / 16


def test_shares_of_time_and_compute():
    assert worked.read_share() == pytest.approx(2 * worked.read_share(2))
    assert worked.write_seconds(64) < worked.write_seconds(8)
    assert worked.answer_ms(4, 1) < worked.answer_ms(16, 1)
    assert worked.busy(0.15) == pytest.approx(0.92)


@pytest.mark.parametrize("name", ["whole_by_rate", "speculative_by_batch"])
def test_figures_draw(name):
    from snippets.llm_systems import figures_serving

    assert getattr(figures_serving, name)().axes


def test_numbers_of_the_prompts():
    assert worked.interview_cache() == 16 * 2**30
    assert worked.interview_paged()[0] <= worked.fit()
    assert worked.guessing_cost(0.7) == pytest.approx(0, abs=1e-6)
    assert worked.lora_seen(64) == pytest.approx(4 * worked.lora_seen(16))
    assert worked.night_built(worked.night_hours_that_pay()) == pytest.approx(worked.night_bought())
    assert worked.day_built(worked.day_hours_that_pay()) == pytest.approx(lifecycle.bought(worked.CALLS_A_DAY))
    assert worked.day_built() == lifecycle.built(worked.CALLS_A_DAY)
    assert worked.retried_rate(2, 0.5, 2) == 3
    assert worked.spread_kept_cut(230) == pytest.approx(support_rag.cut_by(400))


def test_an_answer_cache_saves_tokens_and_waiting() -> None:
    hits = 0.3 * 40_000
    wait = hits * worked.wait_saved() * support_rag.first_word_at(0.5) / 1_000
    assert worked.cache_worth() == pytest.approx(hits * 0.005 + wait)
    assert worked.cache_worth() == pytest.approx(hits * worked.false_hits_that_pay() * worked.false_hit_cost())
