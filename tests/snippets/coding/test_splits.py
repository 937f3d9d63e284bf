"""Walk-forward folds: no training label is final after the test begins."""

import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.model_selection import TimeSeriesSplit

from snippets.coding.splits import Fold, walk_forward

times = st.lists(st.integers(0, 30), max_size=20)


# --8<-- [start:crosses]
@quick
@example([10, 10, 9], 0, 28)
@example([4], 3, 5)  # before the block, and final after today
@given(times, st.integers(0, 8), st.integers(5, 28))
def test_no_label_window_crosses_into_the_test(times, horizon, as_of):
    cuts = [10, 15, 25]
    folds = walk_forward(times, cuts, horizon, as_of)
    for start, fold in zip(cuts[:-1], folds, strict=True):
        windows = [(times[i], times[i] + horizon) for i in fold.train]
        assert all(began < start for began, _ in windows)
        assert all(ended <= min(start, as_of) for _, ended in windows)
        assert all(start <= times[i] <= as_of - horizon for i in fold.test)
        assert not set(fold.train) & set(fold.test)


# --8<-- [end:crosses]


@quick
@given(times, st.integers(0, 8), st.integers(5, 28))
def test_nothing_more_is_left_out(times, horizon, as_of):
    """The reverse: a row is missing from a fold only for one of the reasons in the contract."""
    cuts = [10, 15, 25]
    for (start, stop), fold in zip(
        [(10, 15), (15, 25)], walk_forward(times, cuts, horizon, as_of), strict=True
    ):
        for i, time in enumerate(times):
            ripe = time + horizon <= min(start, as_of) and time < start
            assert (i in fold.train) == ripe
            inside = start <= time < stop and time + horizon <= as_of
            assert (i in fold.test) == inside


def test_edges():
    assert walk_forward([], [0, 1], 0, 1) == [Fold([], [])]
    assert walk_forward([1, 2], [5], 0, 9) == []
    assert walk_forward([3, 4, 5], [5, 6], 2, 7) == [Fold([0], [2])]
    for cuts, horizon in (([1, 1], 0), ([2, 1], 0), ([1, 2], -1)):
        with pytest.raises(ValueError, match="cuts must grow"):
            walk_forward([1], cuts, horizon, 9)


def test_a_gap_in_rows_is_another_gap_in_days():
    """One payment a day, then twenty a day: ten rows are ten days, then half a day."""
    quiet, busy = list(range(100)), [100 + i / 20 for i in range(200)]
    (train, test), *_ = TimeSeriesSplit(n_splits=2, gap=10).split(quiet + busy)
    rows = quiet + busy
    assert rows[test[0]] - rows[train[-1]] == 11
    (*_, (train, test)) = TimeSeriesSplit(n_splits=2, gap=10).split(quiet + busy)
    assert rows[test[0]] - rows[train[-1]] == pytest.approx(0.55)
