"""Principal components against scikit-learn, in every shape, and on rows that came later."""

import numpy as np
import pytest
from equal import quick
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from snippets.coding.pca import fit, restore, transform
from snippets.coding.wrong_sequences import project


@quick
@given(st.integers(2, 8), st.integers(1, 8), st.integers(0, 2**32 - 1), st.data())
def test_scikit_learn_gives_the_same(n, d, seed, data):
    x, new = np.random.default_rng(seed).normal(size=(2, n, d)) * 3 + 100
    k = data.draw(st.integers(1, min(n - 1, d)))  # the n-th direction has no variance
    mine, theirs = fit(x, k), PCA(k, svd_solver="full").fit(x)
    assert mine.mean == pytest.approx(theirs.mean_)
    assert mine.directions == pytest.approx(theirs.components_, abs=1e-6)  # signs too
    assert mine.ratio == pytest.approx(theirs.explained_variance_ratio_)
    assert transform(mine, new) == pytest.approx(theirs.transform(new), abs=1e-5)
    back = theirs.inverse_transform(theirs.transform(new))
    assert restore(mine, transform(mine, new)) == pytest.approx(back, abs=1e-5)


# --8<-- [start:properties]
def test_what_holds_for_every_matrix():
    for n, d in ((9, 4), (4, 9)):  # more rows than columns, and fewer
        x = np.random.default_rng(n).normal(size=(n, d)) + 5
        full = fit(x, min(n, d))
        assert restore(full, transform(full, x)) == pytest.approx(x)
        assert full.directions @ full.directions.T == pytest.approx(np.eye(min(n, d)))
        assert full.ratio.sum() == pytest.approx(1)
        z = transform(full, x)
        spread = np.cov(z.T)  # coordinates are uncorrelated
        assert spread - np.diag(np.diag(spread)) == pytest.approx(0, abs=1e-12)
        moved = fit(x + 1000, 2)
        assert moved.ratio == pytest.approx(full.ratio[:2])  # a shift is no matter
    assert full.ratio[-1] == pytest.approx(0, abs=1e-12)  # 4 rows: 3 directions


# --8<-- [end:properties]


def test_edges():
    with pytest.raises(ValueError, match="smaller side"):
        fit(np.ones((3, 2)), 3)
    with pytest.raises(ValueError, match="smaller side"):
        fit(np.ones((3, 2)), 0)
    with pytest.raises(ValueError, match="missing"):
        fit(np.array([[1.0, np.nan], [0, 0]]), 1)
    assert fit(np.ones((3, 2)), 1).ratio.tolist() == [0]
    assert fit(np.ones((1, 2)), 1).ratio.tolist() == [0]


def test_a_constant_that_is_no_binary_number_has_no_variance():
    assert fit(np.full((3, 2), 0.1), 1).ratio.tolist() == [0]  # the sum is 0.30…04
    x = np.column_stack([np.full(7, 0.3), np.arange(7)])
    assert fit(x, 2).ratio.tolist() == [1, 0]
    assert transform(fit(x, 2), x)[:, 1].tolist() == [0] * 7


def test_the_sign_of_two_standardized_columns_is_not_a_matter_of_rounding():
    for seed in range(40):
        x = np.random.default_rng(seed).normal(size=(9, 2))
        x = (x - x.mean(axis=0)) / x.std(axis=0)  # so each direction is (±1, ±1) / √2
        told = fit(x, 2).directions
        for same in (x[::-1], x * 3):
            assert fit(same, 2).directions == pytest.approx(told)


def test_a_new_row_that_is_missing_or_of_another_width():
    fitted = fit(np.arange(6.0).reshape(3, 2), 1)
    assert np.isnan(transform(fitted, np.array([[np.nan, 1.0]]))).all()
    for wrong in (np.ones((1, 1)), np.ones((1, 3))):
        with pytest.raises(ValueError, match=r"width|shape"):
            transform(fitted, wrong)


def test_the_wrong_version_passes_the_check_against_fit_transform():
    x = np.random.default_rng(3).normal(size=(20, 4)) + 5
    theirs = PCA(2, svd_solver="full").fit_transform(x)
    assert project(fit(x, 2), x) == pytest.approx(theirs)
    assert PCA(2).fit(x)._fit_svd_solver == "full"
    tall = np.random.default_rng(3).normal(size=(100, 5))  # its choice when left alone
    assert PCA(2).fit(tall)._fit_svd_solver == "covariance_eigh"


# --8<-- [start:own-mean]
def test_a_single_new_row_is_not_its_own_mean():
    x = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]])
    fitted = fit(x, 1)
    for usual in (x, x[::-1], x[[0, 2]]):  # batches with the training mean
        assert np.array_equal(project(fitted, usual), transform(fitted, usual))
    assert transform(fitted, x[2:]).tolist() == [[2.0]]
    assert project(fitted, x[2:]).tolist() == [[0.0]]  # and so for every single row


# --8<-- [end:own-mean]
