"""Splits against scikit-learn and by their promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import LeaveOneGroupOut, TimeSeriesSplit

from snippets.data_audit import splits

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@quick
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(0, 40), st.integers(0, 10), st.integers(0, 30))
def test_time_split_keeps_the_gap(days, start, gap, window):
    at = np.array(days, dtype=float)
    found = splits.time_split(at, start, gap, window)
    assert set(found.validation.tolist()) == {i for i, t in enumerate(days) if t >= start}
    assert set(found.train.tolist()) == {i for i, t in enumerate(days) if start - gap - window <= t < start - gap}
    assert not set(found.train.tolist()) & set(found.validation.tolist())


def test_time_split_equals_scikit_learn_on_even_spacing():
    at = np.arange(20.0)
    for train, validation in TimeSeriesSplit(n_splits=3, test_size=4, gap=2).split(at):
        ours = splits.time_split(at[: validation[-1] + 1], float(validation[0]), 2, 100)
        assert ours.train.tolist() == train.tolist()
        assert ours.validation.tolist() == validation.tolist()


def test_a_negative_gap_is_refused():
    with pytest.raises(ValueError, match="run into validation"):
        splits.time_split(np.arange(3.0), 1, -1, 9)


def test_group_split_equals_leave_one_group_out():
    groups = np.array(list("abcabcaab"))
    for train, validation in LeaveOneGroupOut().split(groups, groups=groups):
        ours = splits.group_split(groups, groups[validation][:1])
        assert ours.train.tolist() == train.tolist()
        assert ours.validation.tolist() == validation.tolist()
    for held in ([], list("abc")):
        with pytest.raises(ValueError, match="one side"):
            splits.group_split(groups, np.array(held))


def test_later_and_unseen():
    at, user = np.array([0.0, 0.0, 5.0, 5.0]), np.array([1, 2, 1, 2])
    both = splits.both_splits(splits.time_split(at, 5, 1, 9), splits.group_split(user, np.array([2])))
    assert both.train.tolist() == [0]
    assert both.validation.tolist() == [3]


@quick
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 20), st.integers(1, 20))
def test_the_gap_behind_validation_is_the_least_that_shares_no_event(later, start, label, feature):
    label_days = set(range(start + 1, start + label + 1))  # days that make the validation label
    feature_days = set(
        range(later - feature + 1, later + 1)
    )  # days that make the training features, the row's own included
    if later > start:
        assert splits.touches(later, start, label, feature) == bool(label_days & feature_days)
        assert splits.touches(start + splits.gap_after(label, feature), start, label, feature) is False
        assert splits.touches(start + splits.gap_after(label, feature) - 1, start, label, feature) is True


def test_the_gap_before():
    assert splits.gap_before(90) == 90
    assert splits.gap_before(90, 7) == 97
