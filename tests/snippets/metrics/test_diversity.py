"""Coverage, concentration, diversity, novelty, freshness, against NumPy, SciPy and scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance as spatial
from sklearn.metrics import pairwise

from snippets.metrics import diversity

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
lists = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=8)
counts = st.lists(st.integers(0, 50), min_size=1, max_size=20)
vectors = st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3).filter(any), min_size=2, max_size=6)


@quick
@given(lists)
def test_coverage_counts_each_item_once(shown):
    covered = diversity.catalog_coverage(shown, range(10))
    assert covered == np.unique([item for items in shown for item in items]).size / 10
    assert diversity.catalog_coverage(shown + shown, range(10)) == covered
    assert covered == sum(count > 0 for count in diversity.exposure(shown, range(10))) / 10


def test_coverage_and_exposure_at_the_edges():
    assert diversity.catalog_coverage([], ["a"]) == 0.0
    assert diversity.catalog_coverage([["a", "a"], ["b"]], ["a", "b", "c", "d"]) == 0.5
    assert diversity.exposure([["a", "a"], ["z"]], ["b", "a"]) == [0, 2]
    with pytest.raises(ValueError, match="catalog is empty"):
        diversity.catalog_coverage([], [])
    with pytest.raises(ValueError, match="shown holds 1 items that are not in the catalog"):
        diversity.catalog_coverage([["a", "b"]], ["a"])


@quick
@given(counts)
def test_gini_is_half_the_relative_mean_difference(exposures):
    x = np.array(exposures, dtype=float)
    ours = diversity.gini(exposures)
    if x.sum() == 0:
        assert math.isnan(ours)
        return
    mean_difference = np.abs(x[:, None] - x[None, :]).mean()
    assert ours == pytest.approx(mean_difference / (2 * x.mean()), abs=1e-12)
    assert 0 <= ours <= 1 - 1 / len(x) + 1e-12
    assert diversity.gini([7 * value for value in exposures]) == pytest.approx(ours)
    assert diversity.gini(exposures[::-1]) == ours


def test_gini_of_known_spreads():
    assert diversity.gini([3, 3, 3, 3]) == 0.0
    assert diversity.gini([0, 0, 0, 9]) == 0.75
    assert diversity.gini([5]) == 0.0
    assert diversity.gini([0.1] * 7) == 0.0


@quick
@given(counts, st.integers(0, 25))
def test_top_share_takes_the_largest(exposures, items):
    ours = diversity.top_share(exposures, items)
    total = sum(exposures)
    if not total:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(sum(sorted(exposures, reverse=True)[:items]) / total)
        assert 0 <= ours <= 1


def test_top_share_by_hand():
    assert diversity.top_share([1, 7, 2], 1) == 0.7
    assert diversity.top_share([1, 7, 2], 0) == 0.0
    assert diversity.top_share([1, 7, 2], 99) == 1.0


@quick
@given(lists, st.sets(st.integers(0, 9)))
def test_tail_share_and_head_share_make_one(shown, head):
    tail = diversity.tail_share(shown, head)
    places = [item for items in shown for item in items]
    if places:
        assert tail == pytest.approx(1 - float(np.isin(places, list(head)).mean()))
    else:
        assert math.isnan(tail)


@quick
@given(vectors)
def test_intra_list_diversity_agrees_with_scipy_and_scikit_learn(items):
    ours = diversity.intra_list_diversity(items, diversity.cosine_distance)
    assert ours == pytest.approx(float(spatial.pdist(items, "cosine").mean()), abs=1e-12)
    upper = pairwise.cosine_distances(items)[np.triu_indices(len(items), 1)]
    assert ours == pytest.approx(float(upper.mean()), abs=1e-12)
    assert diversity.intra_list_diversity(items[::-1], diversity.cosine_distance) == pytest.approx(ours)


def test_diversity_at_the_edges():
    def different(a, b):
        return float(a != b)

    assert math.isnan(diversity.intra_list_diversity([], different))
    assert math.isnan(diversity.intra_list_diversity(["a"], different))
    assert diversity.intra_list_diversity(["a", "a"], different) == 0.0
    assert diversity.intra_list_diversity(["a", "a", "b"], different) == pytest.approx(2 / 3)
    assert diversity.cosine_distance([1, 0], [0, 2]) == 1.0
    assert diversity.cosine_distance([1, 1], [-3, -3]) == pytest.approx(2.0)
    assert diversity.cosine_distance([1e300, 1e300], [1e-300, 1e-300]) == pytest.approx(0.0, abs=1e-12)
    assert diversity.cosine_distance([0.1] * 3, [0.1] * 3) >= 0.0


@quick
@given(lists, st.dictionaries(st.integers(0, 9), st.integers(0, 64), max_size=10))
def test_novelty_is_mean_self_information(shown, known):
    ours = diversity.novelty(shown, known, 64)
    places = [max(known.get(item, 0), 1) / 64 for items in shown for item in items]
    if not places:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(float(np.mean(-np.log2(places))))
        assert 0 <= ours <= 6


def test_novelty_by_hand():
    assert diversity.novelty([["hit", "rare"]], {"hit": 64, "rare": 1}, 64) == 3.0
    assert diversity.novelty([["new"]], {}, 64) == 6.0
    with pytest.raises(ValueError, match="users_by_item must lie between 0 and 2: see 'a'"):
        diversity.novelty([], {"a": 3}, 2)
    with pytest.raises(ValueError, match="users_by_item"):
        diversity.novelty([], {"a": math.nan}, 2)
    with pytest.raises(ValueError, match="users is 0"):
        diversity.novelty([], {}, 0)


@quick
@given(st.lists(st.integers(0, 30), max_size=20), st.integers(0, 31))
def test_freshness_is_the_empirical_distribution_of_ages(ages, limit):
    ours = diversity.freshness_share(ages, limit)
    if ages:
        assert ours == pytest.approx(stats.percentileofscore(ages, limit, kind="weak") / 100)
    else:
        assert math.isnan(ours)


def test_an_age_at_the_limit_is_fresh():
    assert diversity.freshness_share([1, 7, 8], 7) == pytest.approx(2 / 3)
    assert diversity.freshness_share([1, 7, 8], math.inf) == 1.0
    with pytest.raises(ValueError, match="ages must not be negative"):
        diversity.freshness_share([-1], 7)
    with pytest.raises(ValueError, match=r"ages\[0\] is nan"):
        diversity.freshness_share([math.nan], 7)
    with pytest.raises(ValueError, match="limit is nan"):
        diversity.freshness_share([1], math.nan)


@quick
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_taste_divergence_agrees_with_scipy(pairs):
    history, shown = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    if not history.any() or not shown.any():
        with pytest.raises(ValueError, match="needs entries of at least 0, not all of them 0"):
            diversity.taste_divergence(history, shown)
        return
    p, q = history / history.sum(), shown / shown.sum()
    ours = diversity.taste_divergence(history, shown)
    assert ours == pytest.approx(float(stats.entropy(p, 0.99 * q + 0.01 * p)), abs=1e-12)
    assert ours >= -1e-12
    assert diversity.taste_divergence(history, 3 * history) == pytest.approx(0.0, abs=1e-12)


def test_taste_divergence_of_a_taste_never_shown_is_large_but_finite():
    crowded_out = diversity.taste_divergence([70, 30], [10, 0])
    assert 0.5 < crowded_out < math.inf
    assert crowded_out > diversity.taste_divergence([70, 30], [9, 1]) > diversity.taste_divergence([70, 30], [7, 3])


def test_other_bad_input_is_refused_by_name():
    for call, message in [
        (lambda: diversity.gini([]), "exposures is empty"),
        (lambda: diversity.gini([-1, 2]), "exposures must not be negative"),
        (lambda: diversity.gini([math.nan]), r"exposures\[0\] is nan"),
        (lambda: diversity.top_share([1], -1), "items is -1"),
        (lambda: diversity.top_share([], 1), "exposures is empty"),
        (lambda: diversity.cosine_distance([0, 0], [1, 1]), "zero vector"),
        (lambda: diversity.cosine_distance([1, 1], [0, 0]), "zero vector"),
        (lambda: diversity.cosine_distance([1], [1, 1]), "a has 1, b has 2"),
        (lambda: diversity.cosine_distance([], []), "a and b are empty"),
        (lambda: diversity.cosine_distance([math.inf], [1]), r"a\[0\] is inf"),
        (lambda: diversity.taste_divergence([1], [1, 2]), "history has 1, shown has 2"),
        (lambda: diversity.taste_divergence([], []), "history needs entries"),
        (lambda: diversity.taste_divergence([1, 1], [2, -1]), "shown needs entries"),
        (lambda: diversity.taste_divergence([1], [1], blend=0.0), "blend is 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            call()
