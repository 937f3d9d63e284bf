"""The page's premises agree with the metrics chapter, and its closed forms with brute force."""

import math

import numpy as np
import pytest
from scipy import stats

from snippets.llm_systems import figures_retrieval
from snippets.llm_systems import worked_retrieval as w
from snippets.llm_systems.fusion import maximal_marginal_relevance
from snippets.metrics import worked_llm as llm
from snippets.systems import support_rag as design


def test_the_trace_is_the_metrics_chapters_misses():
    for kind, row in w.TRACE.items():
        assert sum(row) == llm.missed(kind)
    assert sum(w.lost(layer) for layer in w.LAYERS) == llm.missed() == 51
    assert sum(w.PLACES) == llm.found().hits
    assert w.before_search() == 14
    assert w.LADDER["vectors"][2] == llm.found().hits + w.lost("order")
    assert w.LADDER["merged"][2] <= llm.found().total - w.before_search()


def test_the_pair_against_the_reranker_by_trying_every_overlap():
    won, worst = 37, []  # search and order lost so many
    for shared in range(13):
        if 12 + 30 - shared <= won:
            worst.append((30 - shared + 2, 12 - shared + 2))
    assert w.worst_difference() == max(worst) == (27, 9)
    assert all(b - c == w.found("merged, reranked") - w.found("vectors, reranked") for b, c in worst)
    tail = stats.binom.cdf(9, 36, 0.5) - stats.binom.pmf(9, 36, 0.5) / 2
    assert w.worst_p() == pytest.approx(2 * tail)


def test_the_pairs_worth_by_resampling():
    rng = np.random.default_rng(0)
    nets = rng.multinomial(850, [30 / 850, 2 / 850, 818 / 850], size=20_000) @ [1, -1, 0]
    low, high = np.quantile(nets / 850, [0.025, 0.975]) * 100 * 3_059
    assert w.worth_interval("merged, reranked") == pytest.approx((low, high), rel=0.06)


def test_a_small_sample_of_spans_misses_the_parser():
    assert w.unseen(50) == pytest.approx(stats.binom.pmf(0, 50, 6 / 850))


def test_the_balance_of_diversity():
    for balance in (0.7, 0.95):
        edge = w.passes_over(balance)
        for less, first in ((edge - 0.01, "novel"), (edge + 0.01, "copy")):
            likeness = {("copy", "top"): w.COPY, ("novel", "top"): w.NOVEL}
            relevance = {"top": 0.99, "copy": 0.9, "novel": 0.9 - less}
            picked = maximal_marginal_relevance(relevance, lambda a, b, at=likeness: at.get((a, b), 0.5), 2, balance)
            assert picked[1] == first


def test_batched_passes_fit_the_clock():
    for width, machines in ((4, 5), (1, 2)):
        one_pass = 12e6 * 128 * width / 1e11 / machines
        assert w.batched_machines(width) == machines
        assert width != 4 or w.pass_ms() == pytest.approx(1_000 * one_pass)
        assert 2 * one_pass <= 0.030 < 2 * one_pass * machines / (machines - 1)


def test_no_step_finds_more_than_its_candidates():
    for step in w.LADDER:
        assert w.found(step) <= w.LADDER[step][2]
        assert w.recall(step) <= w.recall(step, w.DEPTH)
    assert w.order_ceiling() == pytest.approx(100 * 15 / 850)
    assert w.gained("merged, reranked") > w.gained("merged") + w.gained("vectors, reranked")
    assert w.paired_p("merged") == pytest.approx(stats.binomtest(7, 21).pvalue - stats.binom.pmf(7, 21, 0.5))
    assert w.worth("merged") == pytest.approx(100 * 7 / 850 * 3_059.0, rel=1e-4)


@pytest.mark.parametrize(
    ("span", "size", "overlap"), [(60, 300, 0), (60, 300, 45), (60, 300, 60), (90, 50, 10), (1, 9, 0)]
)
def test_cut_share_by_trying_every_start(span, size, overlap):
    step = size - overlap
    starts = range(step)  # the pattern repeats
    cut = sum(not any(b * step <= s and s + span <= b * step + size for b in range(-9, 9)) for s in starts)
    assert w.cut_share(span, size, overlap) == pytest.approx(min(1, cut / step))


def test_sizes_of_the_index():
    assert [w.passages_with(overlap) for overlap in (0, 60)] == [18_000, 24_000]
    assert (w.edited(True), w.edited(False)) == (1, 7)


def test_one_rare_word_outweighs_any_number_of_common_ones():
    assert w.once(w.RARE) > w.most(w.COMMON)


def test_the_packaged_vectors():
    assert w.alike(*w.PAIRS[0]) == pytest.approx(1, abs=1e-6)
    assert w.alike(*w.PAIRS[2]) > w.alike(*w.PAIRS[1])
    assert w.alike("a", "a") == pytest.approx(1)


def test_the_measurement():
    assert w.timed("exact", 0).recall == 1
    assert w.meant_lost("graph", 128) == 2
    assert w.approximate_saves("graph", 128) == pytest.approx(5.26, abs=0.5)
    assert w.truth_minutes() == pytest.approx(1.95)
    assert w.open_after_truth() == pytest.approx(stats.binomtest(0, 30_000).proportion_ci(0.95, "wilson").high)
    assert w.open_after_truth() < w.loss_not_excluded("graph", 256) / 90
    for rows in w.MEASURED.values():
        assert len(rows) == 14


@pytest.mark.parametrize("k", [0, 4, 20, 60])
def test_last_winner(k):
    assert w.last_winner(k) == k + 1


@pytest.mark.parametrize(("share", "depth"), [(0.5, 6), (0.2, 40), (0.05, 3), (1.0, 6)])
def test_filtering_afterward_by_counting_the_forbidden(share, depth):
    expected = sum(count * stats.nbinom.cdf(depth - rank, rank, share) for rank, count in enumerate(w.PLACES, start=1))
    assert w.after_filter(share, depth) == pytest.approx(expected / 850)


def test_filtering_afterward_by_simulation():
    rng = np.random.default_rng(0)
    found = 0
    for rank in rng.choice(6, size=4_000, p=np.array(w.PLACES) / sum(w.PLACES)) + 1:
        before, seen = 0, 1
        while before < rank - 1 or rng.random() >= 0.2:
            before, seen = (before + (rng.random() < 0.2), seen + 1) if before < rank - 1 else (before, seen + 1)
        found += seen <= 40
    assert found / 4_000 * 799 / 850 == pytest.approx(w.after_filter(0.2, 40), abs=0.012)


def test_depth_for():
    depth = w.depth_for(0.2)
    assert w.after_filter(0.2, depth) >= 799 / 850 - 0.01 > w.after_filter(0.2, depth - 1)
    assert w.allowed(0.05) == 900


def test_live_share():
    assert w.live_share(0) == 1
    assert w.live_share(30) == 18_000 / 28_800
    assert w.live_share(30, 1) == 18_000 / 19_800
    assert w.reranker_dollars() == pytest.approx(12_000 * 40_000 / 1e6)
    assert w.loss_not_excluded("graph", 256) == pytest.approx(1.96**2 / (300 + 1.96**2), rel=1e-3)
    assert w.new_model_tokens() == 5_400_000


def test_prompts():
    assert w.asked() == 800
    assert w.rewritten(1) == 715 / 800
    assert w.rewritten(2, "first turn, code") == 52 / 90
    assert w.follow_ups_only() == 737 / 800
    assert w.spans_found("150 × 12") == 0.91
    assert w.answers_right("300 × 6") == 322 / 400
    assert w.right_when_found("300 × 6") == 322 / 352
    assert w.help_center_busy() < 0.05
    assert w.reranker_tokens() == 12_000
    low, high = w.codes_interval()
    assert low < 103 / 130 < high
    assert math.isclose(w.prototype().recall, 0.94)


def test_figures_draw():
    import matplotlib.pyplot as plt

    for draw in (figures_retrieval.approximate, figures_retrieval.filter_after):
        plt.close(draw())


def test_the_marketplaces_index():
    lists = 3_464
    assert w.listings_compared() == pytest.approx(lists + 32 * 12e6 / lists)
    assert w.listings_machines() == pytest.approx(12e6 * 512 / 1e11 * 6e6 / 86_400 * 4 * w.listings_compared() / 12e6)
    assert w.graph_links() == 12e6 * 256


def test_rewriting_follow_ups():
    assert w.rewrite_points() == pytest.approx(100 * 25 / 280 * 0.35)
    assert w.rewrite_worth() == pytest.approx(w.rewrite_points() * 3_059.0, rel=1e-4)
    assert w.rewrite_wait(1) == pytest.approx(w.rewrite_wait() / 0.35)


def test_the_gain_on_follow_ups_by_resampling():
    rng = np.random.default_rng(0)
    nets = rng.multinomial(280, [31 / 280, 6 / 280, 243 / 280], size=20_000) @ [1, -1, 0]
    low, high = np.quantile(nets / 280, [0.025, 0.975]) * 100 * 0.35 * 3_059
    assert w.rewrite_interval() == pytest.approx((low, high), rel=0.06)


def test_reading_twelve_at_its_price():
    assert (w.read_instead_tokens(), w.read_instead_ms()) == (1_800, 225)
    dollars = 1_800 * 40_000 / 1e6 + design.wait_price(225)
    assert w.read_instead_cost() == pytest.approx(dollars)
    assert w.reranker_cost() == pytest.approx(480 + design.wait_price(80))
    assert w.passages_that_pay() * 3_059 / 8.5 == pytest.approx(w.reranker_cost() - dollars, rel=1e-4)
    assert 0 < w.passages_that_pay() < 1  # a single passage decides


@pytest.mark.parametrize(("overlap", "tokens"), [(0, 450), (60, 330), (149, 152)])
def test_a_passage_with_its_neighbors(overlap, tokens):
    starts = [i * (150 - overlap) for i in range(3)]
    assert w.stretch(150, overlap) == len({t for start in starts for t in range(start, start + 150)}) == tokens


def test_each_shard_twice():
    assert [w.doubled(w.batched_machines(width)) for width in (4, 1)] == [10, 4]
    assert [w.doubled(w.index_machines(width)) for width in (4, 1)] == [2, 2]
    assert w.listings_machines() < 0.25
