"""The worked numbers of the ranking page, each computed again another way."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import ndcg_score

from snippets.cases import marketplace
from snippets.experiments import worked_designing
from snippets.metrics import figures_ranking
from snippets.metrics import worked_ranking as w

JUDGED = np.array([3, 2, 2, 1, 1, 0, 0], dtype=float)
SHOWN = {"A": np.array([3, 0, 1, 0, 2, 2.0]), "B": np.array([2, 2, 1, 3, 0, 1.0])}


def dcg(grades, k=6):
    grades = np.asarray(grades)[:k]
    return float(grades @ (1 / np.log2(np.arange(2, len(grades) + 2))))


@pytest.mark.parametrize("name", ["A", "B"])
@pytest.mark.parametrize("k", [3, 6])
def test_lists(name, k):
    assert w.list_dcg(name, k) == pytest.approx(dcg(SHOWN[name], k))
    assert w.ideal_dcg(k) == pytest.approx(dcg(JUDGED, k))
    assert w.list_ndcg(name, k) == pytest.approx(dcg(SHOWN[name], k) / dcg(JUDGED, k))
    exponential = dcg(2 ** SHOWN[name] - 1, k) / dcg(2**JUDGED - 1, k)
    assert w.list_ndcg(name, k, "exponential") == pytest.approx(exponential)


def test_perfect_hit_at_which_the_lists_are_level():
    worth = np.array([0, 1, 2, 2 * w.perfect_worth()])
    assert dcg(worth[SHOWN["A"].astype(int)]) == pytest.approx(dcg(worth[SHOWN["B"].astype(int)]))


def test_binary_metrics_by_hand():
    assert (w.list_reciprocal_rank("A"), w.list_reciprocal_rank("B")) == (1, 1 / 4)
    assert (w.list_precision("A"), w.list_precision("B")) == pytest.approx((1 / 3, 2 / 3))
    assert (w.list_recall("A"), w.list_recall("B")) == pytest.approx((1 / 3, 2 / 3))


def test_discounts():
    assert w.discount(1) == 1
    weights = 1 / np.log2(np.arange(2, 26))
    assert w.weight_below(12) == pytest.approx(weights[12:].sum() / weights.sum())


def test_averages_over_queries():
    frame = np.array([[0.5, 0.02, 0.82, 0.80], [0.3, 0.18, 0.7, 0.7], [0.2, 0.8, 0.5, 0.53]])
    change = frame[:, 3] - frame[:, 2]
    assert w.change_by_query() == pytest.approx(frame[:, 1] @ change)
    assert w.change_by_traffic() == pytest.approx(frame[:, 0] @ change)
    assert frame[:, :2].sum(axis=0) == pytest.approx([1, 1])
    assert w.empty_query_means("old") == pytest.approx((0.7, 0.644))
    assert w.empty_query_means("new") == pytest.approx(((92 * 0.7 + 3 * 0.45) / 95, (92 * 0.7 + 3 * 0.45) / 100))


def test_misleading_ndcg_against_scikit_learn():
    assert w.shown_only_ndcg() == pytest.approx(ndcg_score([[1, 1, 0, 0, 0, 0]], [[6, 5, 4, 3, 2, 1]]))
    assert w.judged_ndcg() == pytest.approx(dcg([1, 1]) / dcg(JUDGED))
    tied = ndcg_score([SHOWN["A"]], [[0.5] * 6]) * dcg(sorted(SHOWN["A"])[::-1]) / dcg(JUDGED)
    assert w.all_tied_ndcg() == pytest.approx(tied)
    shuffles = [random.Random(seed).sample(list(SHOWN["A"]), 6) for seed in range(20_000)]
    assert w.all_tied_ndcg() == pytest.approx(np.mean([dcg(order) for order in shuffles]) / dcg(JUDGED), abs=0.003)


def test_a_query_without_relevant_items_gets_zero_from_scikit_learn():
    assert ndcg_score([[0, 0, 0]], [[3, 2, 1]]) == 0


def test_position_bias():
    appeal, seen = np.array(w.APPEAL), np.array(w.EXAMINED)
    raw, best = appeal * seen, np.argsort(-appeal)
    ideal = dcg(np.sort(raw)[::-1])
    assert w.replay_ndcg("old", "raw") == pytest.approx(dcg(raw) / ideal)
    assert w.replay_ndcg("new", "raw") == pytest.approx(dcg(raw[best]) / ideal)
    assert w.replay_ndcg("old", "corrected") == pytest.approx(dcg(appeal) / dcg(np.sort(appeal)[::-1]))
    assert w.replay_ndcg("new", "corrected") == pytest.approx(1)
    assert w.expected_clicks("old") == pytest.approx(appeal @ seen)
    assert w.expected_clicks("new") == pytest.approx(np.sort(appeal)[::-1] @ seen)
    assert w.replay_ndcg("old", "raw") > w.replay_ndcg("new", "raw")


@pytest.mark.parametrize("edge", [((0.1,), (1.0, 0.5)), ((0.1,), (0.0,))])
def test_corrected_refuses(edge):
    with pytest.raises((ValueError, ZeroDivisionError)):
        w.corrected(*edge)


@pytest.mark.parametrize("sample", [50, 100, 1279])
def test_sampled_recall_is_binomial(sample):
    def hit(rank):
        return stats.binom.cdf(9, sample, (rank - 1) / 9_999)

    assert w.recall_10("generalist", sample) == pytest.approx(hit(90), abs=1e-9)
    assert w.recall_10("specialist", sample) == pytest.approx(0.3 * hit(2) + 0.7 * hit(4_000), abs=1e-9)


def test_sampled_recall_turns():
    assert (w.recall_10("specialist"), w.recall_10("generalist")) == (0.3, 0)
    turn = w.sample_that_agrees()
    assert w.recall_10("specialist", turn) > w.recall_10("generalist", turn)
    assert w.recall_10("specialist", turn - 1) <= w.recall_10("generalist", turn - 1)
    assert w.rank_of_first_sampled() == pytest.approx(1 + (12_000_000 - 1) / 100)


def test_offers():
    assert (w.expected_fee("lamp"), w.expected_fee("book")) == pytest.approx((12, 11))
    assert w.expected_fee("book", w.flip_inflation()) == pytest.approx(w.expected_fee("lamp"))


def test_exposure():
    assert w.impressions_per_day() == 240e6
    assert w.impressions_per_listing() == 20
    for name, counts in w.EXPOSURES.items():
        x = np.array(counts, dtype=float)
        assert x.sum() == 240
        assert w.exposure_gini(name) == pytest.approx(np.abs(x[:, None] - x).sum() / (2 * len(x) ** 2 * x.mean()))
        assert w.top_two_share(name) == pytest.approx(np.sort(x)[-2:].sum() / x.sum())


def test_one_home_page_simulated():
    """Draw 100,000 visits: the listings of the wanted kind that are worth a look."""
    rng = np.random.default_rng(2)
    for records in (0, 4, 7, 12):
        places = np.where(rng.random(100_000) < 0.7, 24 - records, records)
        looks = rng.binomial(places, 0.1)
        assert w.wanted_shown(records) == pytest.approx(places.mean(), rel=0.01)
        assert w.finds(records) == pytest.approx((looks > 0).mean(), abs=0.006)
    assert w.purchases_forgone(4) == pytest.approx(1.6 / 16.8)
    assert w.finds_gained(4) == pytest.approx(w.finds(4) - w.finds(0))
    assert w.views_to_pay(4) == pytest.approx(1.6 / 16.8 / (w.finds(4) - w.finds(0)))
    assert w.views_to_pay(7, 4) == pytest.approx(1.2 / 16.8 / (w.finds(7) - w.finds(4)))
    assert (w.best_records(), w.best_records(0.01)) == (8, 0)


def test_demos(capsys):
    w.demo_two_lists()
    assert [line[-1] for line in capsys.readouterr().out.splitlines()] == list("ABBBA")


def test_experiment():
    p = 0.012
    n = w.searches_for(0.01)
    power = stats.norm.cdf(0.01 * p / math.sqrt(2 * p * (1 - p) / n) - stats.norm.ppf(0.975))
    assert power == pytest.approx(0.8, abs=1e-6)
    assert w.days_for(0.01, 2) == pytest.approx(2 * n / 3e6)
    n = w.decided_searches(0.505)
    power = stats.norm.cdf(0.005 / math.sqrt(0.25 / n) - stats.norm.ppf(0.975))
    assert power == pytest.approx(0.8, abs=1e-6)


def test_full_ranking():
    assert w.full_ranking_seconds(2_000) == pytest.approx(2_000 * 12e6 * 64 / 50e9)


def test_launch():
    assert w.purchases_per_click() == pytest.approx(0.989 / 1.023 - 1)
    assert w.fees_per_search() == pytest.approx(0.989 * 0.96 - 1)
    assert w.search_purchases() == pytest.approx(72_000)
    assert w.purchases_lost_per_day() == pytest.approx(792)
    assert w.fees_lost_by_purchases() == pytest.approx(792 * 3)
    assert w.fees_lost_per_day() == pytest.approx(216_000 * (1 - 0.989 * 0.96))
    assert w.fees_lost_per_year() == pytest.approx(365 * 216_000 * (1 - 0.989 * 0.96))
    assert w.week_of_test() == pytest.approx(1.05 * w.fees_lost_per_day())
    n, p = 12.6e6, 0.012
    assert w.naive_half_width() == pytest.approx(stats.norm.ppf(0.975) * math.sqrt(2 * p * (1 - p) / n) / p)
    assert w.seen_half_width() == pytest.approx(0.008)
    assert w.price_half_width(3) == pytest.approx(stats.norm.ppf(0.975) * 3 * math.sqrt(2 / 151_200))
    assert w.price_half_width(3, 4) == pytest.approx(2 * w.price_half_width(3))
    assert w.seen_design_effect() == pytest.approx((0.008 / w.naive_half_width()) ** 2)
    # the same people as in the plan of a test by user
    assert w.seen_design_effect() == pytest.approx(worked_designing.understated("purchases"), rel=0.01)


def test_new_listings():
    assert w.promised_share() == pytest.approx(24e6 / 240e6)
    assert w.examined_in_promise() == pytest.approx(20)
    assert w.budget_share() * 0.3 * 90_000 == pytest.approx(w.cap_purchases()) == pytest.approx(450)
    assert w.floor_views() == pytest.approx(72e6 / 60 / 120_000)
    assert w.cap_breakeven() == pytest.approx(600)
    assert w.days_to_rank() == pytest.approx(w.views_to_rank() / 20)
    assert w.purchases_given_up() == pytest.approx(90_000 * 0.1 * 0.3)
    assert w.net_fees_given_up(1 / 3) == pytest.approx(900 * 2.76)
    assert w.clicks_in_promise() == pytest.approx(200 * 0.35 / 24)
    low, high = stats.binomtest(3, 200).proportion_ci(method="wilson")
    assert w.promise_interval() == pytest.approx((low, high))
    n, a, b = w.views_to_rank(), 0.35 / 24, 0.7 / 24
    power = stats.norm.cdf((b - a) / math.sqrt((a * (1 - a) + b * (1 - b)) / n) - stats.norm.ppf(0.975))
    assert power == pytest.approx(0.8, abs=1e-6)
    n = w.views_against_average()  # one sample against a known rate: the power by the normal approximation
    bar = a + stats.norm.ppf(0.975) * math.sqrt(a * (1 - a) / n)
    assert stats.norm.sf((bar - b) / math.sqrt(b * (1 - b) / n)) == pytest.approx(0.8, abs=1e-6)
    assert w.clicks_in_floor() == pytest.approx(10 * 0.35 / 24 / 0.3)
    assert w.seller_breakeven_purchases() == pytest.approx(900 / marketplace.sold_share)


def test_figure_crosses_where_the_page_says():
    (axes,) = figures_ranking.sampled_recall().axes
    specialist, generalist, _ = axes.lines
    x, gap = specialist.get_xdata(), specialist.get_ydata() - np.asarray(generalist.get_ydata())
    ahead = np.asarray(x)[np.asarray(gap) > 1e-6]
    assert ahead.min() >= w.sample_that_agrees() > max(x_ for x_ in x if x_ < ahead.min())
