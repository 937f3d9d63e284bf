"""What methods without labels do, against scikit-learn, SciPy, the coding chapter's own versions, and simulation."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh
from scipy.spatial.distance import pdist
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import pairwise_distances, roc_auc_score, silhouette_score
from sklearn.mixture import GaussianMixture

from snippets.cases import marketplace, payments
from snippets.coding.factors import solve_side
from snippets.coding.kmeans import kmeans
from snippets.coding.pca import fit, restore, transform
from snippets.fundamentals import unlabeled as card

# k-means


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_what_centers_leave_of_a_normal_column(k: int) -> None:
    x = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    centers, _, inertia = kmeans(x, np.quantile(x, (np.arange(k) + 0.5) / k)[:, None])
    assert inertia[-1] / (x**2).sum() == pytest.approx(card.left_over(k), rel=0.01)
    assert centers[:, 0] == pytest.approx(card.quantizer(k), abs=0.02)


def test_two_centers_in_closed_form() -> None:
    assert card.left_over(2) == pytest.approx(1 - 2 / math.pi)
    assert card.quantizer(2)[1] == pytest.approx(math.sqrt(2 / math.pi))


def test_halves_of_one_column_have_a_high_silhouette() -> None:
    x = stats.norm.ppf((np.arange(1_000) + 0.5) / 1_000)[:, None]
    assert card.silhouette_of_halves() == pytest.approx(silhouette_score(x, x[:, 0] > 0), abs=3e-3)


def test_noise_has_a_valley_for_the_rows_that_were_fitted() -> None:
    x, new = np.random.default_rng(20).standard_normal((2, 200, 100))
    two = KMeans(2, n_init=1, random_state=0).fit(x)
    line = two.cluster_centers_[1] - two.cluster_centers_[0]
    bandwidth = 0.4
    for rows, fitted in ((x, True), (new, False)):
        along = (rows - two.cluster_centers_.mean(axis=0)) @ line / (line @ line / 2)
        low, cut, high = stats.gaussian_kde(along, bandwidth)([-1, 0, 1])
        assert (cut < (low + high) / 2) == fitted == (card.noise_at_the_cut(fitted) < 1)


def two_groups(share: float, away: float, rows: int = 8_000) -> np.ndarray:
    """Quantiles of both groups: no luck of a draw."""
    small = round(rows * share)
    spread = [stats.norm.ppf((np.arange(n) + 0.5) / n) for n in (rows - small, small)]
    return np.concatenate([spread[0], spread[1] + away])


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_k_means_sees_a_small_group_from_that_distance(share: float) -> None:
    limit = card.distance_to_be_seen(share)
    for away, seen in ((0.97 * limit, False), (1.03 * limit, True)):
        x = two_groups(share, away)[:, None]
        ends = [kmeans(x, np.array(start)[:, None]) for start in ((-0.8, 0.8), (0.0, away))]
        centers = min(ends, key=lambda end: end[2][-1])[0]
        assert (centers.max() > away / 2) == seen


def test_what_a_cut_saves_is_what_is_lost_between_the_groups() -> None:
    x = two_groups(0.1, 3.0)
    for cut in (-0.5, 0.7, 2.2):
        sides = x[x < cut], x[x >= cut]
        left = sum(((side - side.mean()) ** 2).sum() for side in sides) / len(x)
        assert x.var() - left == pytest.approx(card.explained_by_cut(cut, 0.1, 3.0), rel=2e-3)


def test_a_long_cloud_is_halved_the_same_way_each_time() -> None:
    """Stability is no sign of groups."""
    rng = np.random.default_rng(0)
    for _ in range(5):
        x = rng.standard_normal((500, 2)) * [3, 1]
        _, labels, _ = kmeans(x, x[rng.choice(500, 2, replace=False)])
        agree = np.mean((x[:, 0] > 0) == labels)
        assert max(agree, 1 - agree) > 0.9


# Hierarchical and density


@pytest.mark.parametrize("links", [0.5, 1.2, 2.4])
def test_random_links_tie_rows_together(links: float) -> None:
    rng, rows = np.random.default_rng(1), 60_000
    pairs = rng.integers(0, rows, (2, round(rows * links / 2)))
    graph = coo_matrix((np.ones(pairs.shape[1]), pairs), shape=(rows, rows))
    labels = connected_components(graph, directed=False)[1]
    assert np.bincount(labels).max() / rows == pytest.approx(card.largest_component(links), abs=0.02)


def test_pairs_by_counting() -> None:
    assert card.pairs(7) == len(pdist(np.zeros((7, 1))))


def test_a_pilot_on_a_tenth_shows_nothing() -> None:
    assert card.chained(1e-7, part=0.1) == 0 < 0.3 < card.chained(1e-7)
    assert card.largest_component(1) == 0
    assert card.links_each(marketplace.live_listings, card.false_link_for(0.1)) == pytest.approx(0.1)


@pytest.mark.parametrize("columns", [2, 100])
def test_pairs_within_a_radius(columns: int) -> None:
    distance = pdist(np.random.default_rng(2).standard_normal((700, columns)))
    for factor in (0.9, 1.1):
        share = np.mean(distance < factor * np.median(distance))
        assert share == pytest.approx(card.pairs_within(factor, columns), abs=0.015)


# Gaussian mixtures


@pytest.mark.parametrize("seed", range(2))
def test_em_by_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.normal(0, 1, 300), rng.normal(5, 0.5, 100)])
    ours = card.expectation_maximization(x, np.array([-1.0, 4.0]))
    theirs = GaussianMixture(2, means_init=[[-1.0], [4.0]], tol=1e-9, max_iter=1_000, reg_covar=0).fit(x[:, None])
    assert ours.likelihood == pytest.approx(theirs.score(x[:, None]), abs=1e-5)
    assert ours.means == pytest.approx(theirs.means_[:, 0], abs=1e-2)
    assert ours.weights.sum() == pytest.approx(1)


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_em_never_lowers_the_likelihood(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=30)
    rounds = [card.expectation_maximization(x, np.array([-1.0, 1.0]), n).likelihood for n in range(6)]
    assert all(b >= a - 1e-9 for a, b in pairwise(rounds))


def test_bic_takes_a_skew_for_two_groups_and_not_on_the_log() -> None:
    rng = np.random.default_rng(3)
    two_win = [0, 0]
    for z in rng.standard_normal((5, 200, 1)):
        for side, (x, start) in enumerate(((np.exp(0.5 * z), [[0.9], [1.8]]), (z, [[-0.5], [1.0]]))):
            two = GaussianMixture(2, means_init=start, precisions_init=[[[4.0]]] * 2).fit(x)
            two_win[side] += two.bic(x) < -2 * stats.norm.logpdf(x, x.mean(), x.std()).sum() + 2 * math.log(len(x))
    assert two_win[0] == 5
    assert two_win[1] <= 1


def nearest_two_normals(x: np.ndarray, density: np.ndarray, start: list[float]) -> optimize.OptimizeResult:
    """By minimizing the cross-entropy itself over (logit of a weight, means, log spreads): no EM, no rows."""

    def cross(theta: np.ndarray) -> float:
        share = 1 / (1 + math.exp(-theta[0]))
        fitted = share * stats.norm.pdf(x, theta[1], math.exp(theta[3]))
        fitted += (1 - share) * stats.norm.pdf(x, theta[2], math.exp(theta[4]))
        return -float(density @ np.log(fitted) / density.sum())

    return optimize.minimize(cross, start, method="BFGS")


def test_the_nearest_two_normals_of_a_skew() -> None:
    z = np.linspace(-6, 6, 601)
    density = stats.norm.pdf(z)
    best = nearest_two_normals(np.exp(0.5 * z), density, [0.0, 0.8, 1.9, -1.0, -0.5])
    two, gain = card.two_for_a_skew(0.5)
    assert two.weights[0] == pytest.approx(1 / (1 + math.exp(-best.x[0])), abs=1e-3)
    assert two.means == pytest.approx(best.x[1:3], abs=2e-3)
    assert two.spreads == pytest.approx(np.exp(best.x[3:]), abs=2e-3)
    one = stats.norm.entropy(scale=stats.lognorm.std(0.5))  # what a normal of the same variance loses
    assert gain == pytest.approx(one - best.fun, abs=1e-4)
    rows = card.rows_until_bic(gain, 3)
    assert rows * gain > card.bic_price(3, rows)
    assert (rows - 1) * gain <= card.bic_price(3, rows - 1)


def test_two_normals_find_what_two_centers_do_not() -> None:
    """From a wrong start, the fit to the distribution itself ends at the true groups and gains what they gain."""
    x = np.linspace(-7, 12, 1_901)
    density = 0.99 * stats.norm.pdf(x) + 0.01 * stats.norm.pdf(x, 5)
    mass = density / density.sum()
    two = card.expectation_maximization(x, np.array([0.5, 3.0]), mass=mass)
    assert two.means == pytest.approx([0, 5], abs=0.02)
    assert two.weights == pytest.approx([0.99, 0.01], abs=1e-3)
    one = -stats.norm.entropy(scale=math.sqrt(mass @ x**2 - (mass @ x) ** 2))
    assert two.likelihood - one == pytest.approx(card.gain_of_a_small_group(0.01, 5), rel=1e-3)
    assert card.distance_to_be_seen(0.01) > 5


def test_the_price_of_a_parameter_is_scikit_learn_s() -> None:
    x = np.arange(50.0)[:, None]
    one = GaussianMixture(1, means_init=[[0.0]]).fit(x)
    assert one.bic(x) / 2 + 50 * one.score(x) == pytest.approx(card.bic_price(2, 50))


def test_a_spike_pays_without_end() -> None:
    x = np.array([0.0, 1.0, 2.0, 5.0])
    wide = 0.5 * stats.norm.pdf(x, 2, 2)

    def likelihood(spread: float) -> float:
        return float(np.log(wide + 0.5 * stats.norm.pdf(x, 5, spread)).sum())

    assert likelihood(1e-6) - likelihood(1e-5) == pytest.approx(card.spike(10), abs=1e-3)


# Principal components


@pytest.mark.parametrize(("columns", "rows", "near"), [(240, 120, 0.15), (240, 1_200, 0.03), (240, 48, 0.15)])
def test_the_angle_by_drawing(columns: int, rows: int, near: float) -> None:
    rng = np.random.default_rng(6)
    cosines = []
    for _ in range(3):
        x = rng.standard_normal((rows, columns))
        x[:, 0] *= math.sqrt(3)  # variance 1 and twice as much on top
        direction = eigsh(x.T @ x, k=1)[1][:, 0]
        cosines.append(direction[0] ** 2)
    assert np.mean(cosines) == pytest.approx(card.kept_angle(2, columns, rows), abs=near)


def test_noise_has_a_first_component() -> None:
    x = np.random.default_rng(7).standard_normal((200, 400))
    top = eigsh(x @ x.T, k=1, return_eigenvectors=False)[0]
    assert top / 200 == pytest.approx(card.noise_top(400, 200), rel=0.03)


def test_the_classes_that_a_component_drops() -> None:
    rng = np.random.default_rng(8)
    label = rng.integers(0, 2, 20_000)
    quiet = rng.standard_normal(20_000) + 2 * label
    assert roc_auc_score(label, quiet) == pytest.approx(card.auc_of_gap(2), abs=0.01)
    x = np.column_stack([quiet / quiet.std() * 0.1, rng.standard_normal(20_000)])  # 1 % of the variance
    kept = fit(x, 1)
    assert kept.ratio[0] > 0.95
    assert roc_auc_score(label, transform(kept, x)[:, 0]) == pytest.approx(0.5, abs=0.02)


# Neighbor maps


def test_similarities_are_t_sne_s() -> None:
    from sklearn.manifold._utils import _binary_search_perplexity

    x = np.random.default_rng(9).standard_normal((60, 3))
    distance = pairwise_distances(x, metric="sqeuclidean").astype(np.float32)
    theirs = _binary_search_perplexity(distance, 10.0, 0)
    assert card.tsne_similarities(x, 10) == pytest.approx(theirs, abs=2e-4)


def test_a_row_s_umap_weights() -> None:
    weights = card.umap_similarities(np.random.default_rng(10).standard_normal((60, 3)), 15)
    assert weights.sum(axis=1) == pytest.approx(math.log2(15))
    assert (weights > 0).sum(axis=1).max() <= 15
    assert weights.max(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_maps_are_not_told_of_size_and_distance(method: str) -> None:
    assert card.similarity_changed(method) < 1e-9
    old, new = card.groups(moved=False).reshape(3, -1, 2), card.groups(moved=True).reshape(3, -1, 2)
    assert new[1].std(axis=0) == pytest.approx(5 * old[1].std(axis=0))
    assert (new[2] - new[0].mean(axis=0))[:, 1].mean() > 3.8 * (old[2] - old[0].mean(axis=0))[:, 1].mean()


def test_groups_that_touch_do_change() -> None:
    """The claim is for groups far apart: a nearer one is told."""
    x = card.groups(moved=False)
    x[80:, 1] -= 24
    assert np.abs(card.tsne_similarities(x, 10) - card.tsne_similarities(card.groups(moved=False), 10)).sum() > 1


def test_the_layout_keeps_neighbors_as_well_as_scikit_learn_s() -> None:
    x = np.random.default_rng(11).standard_normal((80, 4)) + 6 * np.eye(4)[np.arange(80) % 4]
    ours = card.tsne_layout(card.tsne_similarities(x, 10), 250)
    theirs = TSNE(perplexity=10, random_state=0, max_iter=300, method="exact", init="random").fit_transform(x)
    assert trustworthiness(x, ours, n_neighbors=8) > trustworthiness(x, theirs, n_neighbors=8) - 0.02


def test_both_tables_get_one_map() -> None:
    maps = [card.tsne_layout(card.tsne_similarities(card.groups(moved=m), card.PERPLEXITY), 200) for m in (False, True)]
    assert maps[0] == pytest.approx(maps[1], abs=1e-3)
    spread = maps[1].reshape(3, -1, 2).std(axis=1).mean(axis=1)
    assert spread.max() / spread.min() < 1.6  # five to one in the table
    apart = pdist(maps[1].reshape(3, -1, 2).mean(axis=1))
    assert apart.max() / apart.min() < 1.5  # two to one and more in the table


# Autoencoders


def test_auc_by_the_ratio_of_two_errors() -> None:
    """A noncentral over a central χ² of as many degrees is a noncentral F: how often above 1."""
    assert card.error_auc(6) == pytest.approx(stats.ncf.sf(1, 18, 18, 36), abs=1e-4)
    assert card.code_auc(6) == pytest.approx(stats.ncf.sf(1, 2, 2, 36), abs=1e-5)


def test_a_linear_code_rebuilds_what_lies_along_it() -> None:
    rng = np.random.default_rng(12)
    spread = np.ones(card.SEEN)
    spread[: card.CODE] = card.WIDE
    model = fit(rng.standard_normal((3_000, card.SEEN)) * spread, card.CODE)
    usual, along, off = rng.standard_normal((3, 3_000, card.SEEN)) * spread
    along[:, 0] += 6 * card.WIDE
    off[:, -1] += 6
    truth = np.repeat([0, 1], 3_000)
    for odd, by_error, by_code in ((along, 0.5, card.code_auc(6)), (off, card.error_auc(6), 0.5)):
        rows = np.concatenate([usual, odd])
        error = ((rows - restore(model, transform(model, rows))) ** 2).sum(axis=1)
        inside = ((transform(model, rows) / card.WIDE) ** 2).sum(axis=1)
        assert roc_auc_score(truth, error) == pytest.approx(by_error, abs=0.025)
        assert roc_auc_score(truth, inside) == pytest.approx(by_code, abs=0.025)
    assert card.error_auc(0) == 0.5


@pytest.mark.parametrize(("variance", "noise", "beta"), [(4, 1, 1), (0.9, 1, 1), (4, 1, 4), (9, 0.5, 2)])
def test_what_a_linear_vae_keeps_by_minimizing_its_loss(variance: float, noise: float, beta: float) -> None:
    """Encoder N(w·x, v), decoder N(a·z, noise), prior N(0, 1): the loss itself, in closed form."""

    def loss(theta: np.ndarray) -> float:
        w, a, v = theta[0], theta[1], math.exp(theta[2])
        rebuilt = variance * (1 - a * w) ** 2 + a * a * v
        return float(rebuilt / (2 * noise) + beta / 2 * (w * w * variance + v - 1 - theta[2]))

    best = optimize.minimize(loss, [0.5, 0.5, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12})
    w, v = best.x[0], math.exp(best.x[2])
    assert 0.5 * math.log1p(w * w * variance / v) == pytest.approx(card.nats_in_code(variance, noise, beta), abs=1e-3)


# Anomaly detection


@pytest.mark.parametrize("columns", [1, 20, 100])
def test_useless_columns_hide_an_oddity(columns: int) -> None:
    rng = np.random.default_rng(13)
    usual, odd = rng.standard_normal((2, 10_000, columns))
    odd[:, 0] += 4
    cut = np.quantile((usual**2).sum(axis=1), 0.999)
    assert np.mean((odd**2).sum(axis=1) > cut) == pytest.approx(card.found_among(columns), abs=0.05)


def test_precision_by_counting() -> None:
    frauds, good = payments.frauds_per_day, payments.good_per_day
    caught = card.found_among(20) * frauds
    assert card.precision_of(20) == pytest.approx(caught / (caught + 0.001 * good))
    assert card.perfect_precision(0.01) == pytest.approx(frauds / (0.01 * payments.daily_volume))
    assert card.perfect_precision(0.001) == 1


# Matrix factorization


@pytest.mark.parametrize(("shown", "only_shown"), [(1.0, False), (0.01, False), (0.01, True)])
def test_what_an_item_scores_by_the_chapter_s_solver(shown: float, *, only_shown: bool) -> None:
    users = 20_000
    counts = np.zeros((1, round(users * (shown if only_shown else 1))))
    counts[0, : round(users * shown * 0.1)] = 1
    factor = solve_side(counts, np.ones((counts.shape[1], 1)), alpha=10.0, penalty=1e-9)
    assert factor[0, 0] == pytest.approx(card.young_score(shown, only_shown=only_shown), rel=1e-6)


def test_an_item_without_events_gets_zero() -> None:
    assert solve_side(np.zeros((1, 50)), np.ones((50, 1)), 10.0, 1.0)[0, 0] == 0 == card.one_taste_score(0, 1, 10)
