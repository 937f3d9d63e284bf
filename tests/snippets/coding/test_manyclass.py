"""F1 of many classes, against scikit-learn with its three answers for absent classes."""

import math
import warnings

import pytest
from equal import quick
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import f1_score

from snippets.coding.manyclass import F1, f1_averages, f1_by_class

CLASSES = ["a", "b", "c", "d"]
some = st.sampled_from(CLASSES[:3])
rows = st.lists(st.tuples(some, some), max_size=8)


# --8<-- [start:sklearn]
@quick
@example([("a", "b")], 0.0)
@given(rows.filter(bool), st.sampled_from([0.0, 1.0, math.nan]))
def test_scikit_learn_says_the_same(pairs, zero_division):
    truth, said = [t for t, _ in pairs], [s for _, s in pairs]
    absent = None if math.isnan(zero_division) else zero_division
    ours = f1_averages(truth, said, CLASSES, absent)
    for kind, value in ours._asdict().items():
        theirs = f1_score(
            truth, said, labels=CLASSES, average=kind, zero_division=zero_division
        )
        assert value == pytest.approx(theirs)


# --8<-- [end:sklearn]


def test_edges():
    assert f1_averages([], [], CLASSES) == F1(None, None, None)
    assert f1_averages([], [], CLASSES, 1.0) == F1(None, None, None)
    assert f1_by_class(["a"], ["b"], CLASSES) == {"a": 0, "b": 0, "c": None, "d": None}
    with pytest.raises(ValueError, match="not among the classes: \\['x'\\]"):
        f1_by_class(["a"], ["x"], CLASSES)
    with pytest.raises(ValueError, match="zip"):
        f1_by_class(["a"], [], CLASSES)


def test_what_scikit_learn_does_unasked():
    """Without `labels` a class in neither list doesn't exist; with it, it is a zero and a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f1_score(["a", "b"], ["a", "a"], average="macro") == pytest.approx(1 / 3)
    with pytest.warns(UndefinedMetricWarning):
        found = f1_score(["a", "b"], ["a", "a"], average="macro", labels=CLASSES)
    assert found == pytest.approx(1 / 6)
    assert f1_score(["a", "b"], ["a", "a"], average="micro", labels=["a"]) > 0.6


def test_micro_is_accuracy_only_over_all_classes():
    truth, said = ["a", "b", "b"], ["a", "b", "a"]
    assert f1_averages(truth, said, CLASSES).micro == pytest.approx(2 / 3)
    only_b = f1_score(truth, said, labels=["b"], average="micro")
    assert only_b == pytest.approx(2 / 3)
    assert f1_score(truth, said, labels=["a"], average="micro") == pytest.approx(2 / 3)
    some = f1_score(["a", "b", "c"], ["a", "b", "b"], labels=["a"], average="micro")
    assert some == 1.0
