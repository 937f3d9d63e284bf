"""Ranking metrics, against scikit-learn and SciPy."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sk

from snippets.metrics import ranking

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
few = settings(max_examples=25, deadline=None, derandomize=True, database=None)
grades = st.lists(st.integers(0, 4), min_size=2, max_size=12)
flags = st.lists(st.integers(0, 1), max_size=12)
depth = st.one_of(st.none(), st.integers(1, 14))


def test_gain_forms():
    assert ranking.gains([0, 1, 2, 3]) == [0, 1, 2, 3]
    assert ranking.gains([0, 1, 2, 3], "exponential") == [0, 1, 3, 7]
    assert ranking.gains([], "exponential") == []
    assert ranking.gains([0.5], "exponential") == pytest.approx([math.sqrt(2) - 1])
    assert math.isfinite(ranking.gains([1023], "exponential")[0])
    assert ranking.gains([2000]) == [2000]


@quick
@given(grades, depth, st.sampled_from(["linear", "exponential"]))
def test_dcg_and_ndcg_agree_with_scikit_learn(relevances, k, form):
    worth = [2**r - 1 for r in relevances] if form == "exponential" else relevances
    order = [-i for i in range(len(relevances))]
    assert ranking.dcg(relevances, k, form) == pytest.approx(sk.dcg_score([worth], [order], k=k))
    ours = ranking.ndcg(relevances, k, form)
    if any(relevances):
        assert ours == pytest.approx(sk.ndcg_score([worth], [order], k=k))
        assert 0 <= ours <= 1
    else:
        assert math.isnan(ours)


@quick
@given(grades.filter(any), depth, st.sampled_from(["linear", "exponential"]))
def test_the_ideal_order_scores_one_and_a_swap_toward_it_never_hurts(relevances, k, form):
    assert ranking.ndcg(sorted(relevances, reverse=True), k, form) == 1.0
    for i in range(len(relevances) - 1):
        better = list(relevances)
        better[i : i + 2] = sorted(better[i : i + 2], reverse=True)
        assert ranking.ndcg(better, k, form) >= ranking.ndcg(relevances, k, form) - 1e-12
    assert ranking.ndcg(list(relevances), k, form, judged=relevances) == ranking.ndcg(relevances, k, form)


def test_dcg_by_hand():
    assert ranking.dcg([3, 2, 0, 1]) == pytest.approx(3 + 2 / math.log2(3) + 1 / math.log2(5))
    assert ranking.dcg([3, 2, 0, 1], k=1) == 3
    assert ranking.dcg([]) == 0.0
    # one great item below two fair ones: the exponential gain minds more
    assert ranking.ndcg([1, 1, 3], form="exponential") < ranking.ndcg([1, 1, 3])


def test_a_list_that_missed_the_best_item_needs_the_judged_ones():
    assert ranking.ndcg([1, 0]) == 1.0
    assert ranking.ndcg([1, 0], k=2, judged=[1, 0, 3]) == pytest.approx(1 / (3 + 1 / math.log2(3)))
    assert ranking.ndcg([0, 0], judged=[2]) == 0.0
    assert math.isnan(ranking.ndcg([], judged=[]))
    with pytest.raises(ValueError, match="judged must hold"):
        ranking.ndcg([3, 1], judged=[1])


@few
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=6), depth)
def test_tied_ndcg_is_the_average_over_orders(pairs, k):
    relevances, scores = [a for a, _ in pairs], [b for _, b in pairs]
    assume(any(relevances))
    ours = ranking.scored_ndcg(relevances, scores, k)
    assert ours == pytest.approx(sk.ndcg_score([relevances], [scores], k=k))
    if len(pairs) <= 5:
        orders = [
            [relevances[i] for i in order]
            for order in permutations(range(len(pairs)))
            if [scores[i] for i in order] == sorted(scores, reverse=True)
        ]
        assert ours == pytest.approx(float(np.mean([ranking.ndcg(order, k) for order in orders])))
    worst = ranking.ndcg(ranking.ranked(relevances, scores, "worst"), k)
    best = ranking.ndcg(ranking.ranked(relevances, scores, "best"), k)
    given_order = ranking.ndcg(ranking.ranked(relevances, scores, "given"), k)
    assert worst - 1e-12 <= min(ours, given_order)
    assert max(ours, given_order) <= best + 1e-12


def test_scored_ndcg_of_nothing_relevant():
    assert math.isnan(ranking.scored_ndcg([0, 0], [1, 2]))
    assert math.isnan(ranking.scored_ndcg([], []))
    assert ranking.scored_ndcg([0, 3], [0.1, 0.9], form="exponential") == 1.0


def test_tie_policies():
    relevances, scores = [0, 1, 2, 9], [5, 5, 5, 1]
    assert ranking.ranked(relevances, scores) == [0, 1, 2, 9]
    assert ranking.ranked(relevances, scores, "best") == [2, 1, 0, 9]
    assert ranking.ranked([1, 0, 2, 9], scores, "given") == [1, 0, 2, 9]
    assert ranking.ranked([], []) == []


@quick
@given(flags, depth, st.integers(0, 3))
def test_precision_recall_and_reciprocal_rank_by_sets(relevant, k, missed):
    total = sum(relevant) + missed
    cut = len(relevant) if k is None else k
    relevant_ids = {i for i, flag in enumerate(relevant) if flag} | {-1 - i for i in range(missed)}
    top = set(range(len(relevant))[:cut])
    if k is not None:
        assert ranking.precision_at_k(relevant, k) == len(top & relevant_ids) / k
        ours = ranking.recall_at_k(relevant, k, total)
        assert ours == pytest.approx(len(top & relevant_ids) / total) if total else math.isnan(ours)
    first = min(top & relevant_ids, default=None)
    assert ranking.reciprocal_rank(relevant, k) == (0.0 if first is None else 1 / (first + 1))


@quick
@given(st.lists(st.integers(0, 1), min_size=1, max_size=12).filter(any))
def test_average_precision_of_a_whole_untied_list_agrees_with_scikit_learn(relevant):
    order = [-i for i in range(len(relevant))]
    assert ranking.average_precision_at_k(relevant) == pytest.approx(sk.average_precision_score(relevant, order))
    only = [0] * len(relevant)
    only[relevant.index(1)] = 1
    assert ranking.average_precision_at_k(only) == pytest.approx(ranking.reciprocal_rank(relevant))


def test_average_precision_at_k_by_hand():
    assert ranking.average_precision_at_k([1, 0, 1], total=3) == pytest.approx((1 + 2 / 3) / 3)
    assert ranking.average_precision_at_k([1, 1, 1], k=2) == 1.0  # perfect at any depth
    assert ranking.average_precision_at_k([1, 0, 1], k=2) == pytest.approx(1 / 2)
    assert ranking.average_precision_at_k([0, 0], k=1, total=4) == 0.0
    assert math.isnan(ranking.average_precision_at_k([0, 0]))
    assert math.isnan(ranking.average_precision_at_k([]))


def test_short_lists_and_missing_totals():
    assert ranking.precision_at_k([1], 5) == 0.2
    assert ranking.precision_at_k([], 5) == 0.0
    assert ranking.recall_at_k([1, 0, 1], 2) == 0.5
    assert ranking.recall_at_k([1, 0, 1], 2, total=4) == 0.25
    assert ranking.reciprocal_rank([]) == 0.0
    assert ranking.reciprocal_rank([0, 0, 1], 2) == 0.0


def test_means_over_queries():
    assert ranking.mean_defined([1.0, math.nan, 0.0]) == 0.5
    assert math.isnan(ranking.mean_defined([math.nan]))
    assert ranking.mean_average_precision([[1, 0], [0, 1], [0, 0]]) == pytest.approx(0.75)
    assert ranking.mean_average_precision([[1, 0], [0, 1]], k=1, totals=[1, 2]) == pytest.approx(0.5)
    assert math.isnan(ranking.mean_average_precision([[0]]))
    assert ranking.mean_reciprocal_rank([[1, 0], [0, 1], [0, 0]]) == pytest.approx(0.5)
    assert ranking.mean_reciprocal_rank([[0, 1]], k=1) == 0.0


@quick
@given(st.integers(2, 500), st.integers(1, 60), st.data())
def test_sampled_places_are_binomial(catalog, sample, data):
    rank = data.draw(st.integers(1, catalog))
    chances = ranking.sampled_rank_chances(rank, catalog, sample)
    expected = stats.binom.pmf(range(sample + 1), sample, (rank - 1) / (catalog - 1))
    assert chances == pytest.approx(expected.tolist(), abs=1e-10)
    assert sum(chances) == pytest.approx(1.0)
    back = ranking.expected_sampled_metric(
        rank, catalog, sample, lambda place: ranking.estimated_rank(place, catalog, sample)
    )
    assert back == pytest.approx(rank)  # unbiased for the rank


def test_sampling_flatters_and_can_swap_two_models():
    def hit(place):
        return float(place <= 10)

    assert hit(500) == 0.0
    assert ranking.expected_sampled_metric(500, 10_000, 100, hit) > 0.95  # a miss reads as a sure hit
    assert ranking.expected_sampled_metric(10_000, 10_000, 100, hit) == 0.0
    assert ranking.expected_sampled_metric(1, 10_000, 100, hit) == 1.0
    # A finds every second item at once and loses the rest; B never finds one in the top ten
    a, b = [1, 9_000], [400, 400]
    assert np.mean([hit(rank) for rank in a]) > np.mean([hit(rank) for rank in b])
    sampled = [np.mean([ranking.expected_sampled_metric(rank, 10_000, 100, hit) for rank in ranks]) for ranks in (a, b)]
    assert sampled[0] < sampled[1]


def test_a_simulation_of_sampling():
    rng = np.random.default_rng(3)
    places = 1 + (rng.integers(0, 199, size=(20_000, 20)) < 29).sum(axis=1)  # rank 30 of 200
    assert ranking.expected_sampled_metric(30, 200, 20, lambda place: 1 / place) == pytest.approx(
        float(np.mean(1 / places)), abs=0.01
    )
    assert len(ranking.sampled_rank_chances(3, 1_000_000, 5000)) == 5001


def test_bad_input_is_refused_by_name():
    for call, message in [
        (lambda: ranking.gains([-1]), "relevances must lie"),
        (lambda: ranking.gains([1024], "exponential"), "relevances must lie"),
        (lambda: ranking.gains([1], "log"), "form is 'log'"),
        (lambda: ranking.dcg([math.nan]), r"relevances\[0\] is nan"),
        (lambda: ranking.dcg([1], k=0), "k is 0"),
        (lambda: ranking.scored_ndcg([1], [math.inf]), r"scores\[0\] is inf"),
        (lambda: ranking.scored_ndcg([1], [1, 2]), "relevances has 1, scores has 2"),
        (lambda: ranking.ranked([1], [1, 2]), "relevances has 1, scores has 2"),
        (lambda: ranking.ranked([1], [math.nan]), r"scores\[0\] is nan"),
        (lambda: ranking.ranked([1], [1], "random"), "ties is 'random'"),
        (lambda: ranking.precision_at_k([1], 0), "k is 0"),
        (lambda: ranking.precision_at_k([2], 1), r"relevant\[0\] is 2"),
        (lambda: ranking.recall_at_k([1, 1], 1, total=1), "total is 1, less than the 2"),
        (lambda: ranking.average_precision_at_k([1], total=-1), "total is -1"),
        (lambda: ranking.mean_defined([]), "values is empty"),
        (lambda: ranking.mean_average_precision([]), "rankings and totals are empty"),
        (lambda: ranking.mean_average_precision([[1]], totals=[1, 1]), "rankings has 1, totals has 2"),
        (lambda: ranking.mean_reciprocal_rank([]), "rankings is empty"),
        (lambda: ranking.sampled_rank_chances(1, 1, 1), "catalog is 1"),
        (lambda: ranking.sampled_rank_chances(0, 5, 1), "rank is 0"),
        (lambda: ranking.sampled_rank_chances(6, 5, 1), "rank is 6, beyond"),
        (lambda: ranking.sampled_rank_chances(1, 5, 0), "sample is 0"),
        (lambda: ranking.estimated_rank(12, 100, 10), "sampled_place is 12"),
        (lambda: ranking.estimated_rank(0, 100, 10), "sampled_place is 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()
