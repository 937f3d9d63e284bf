"""Confusion counts and rates, against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from snippets.metrics import confusion
from snippets.metrics.confusion import Counts

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
rows = st.lists(st.tuples(st.integers(0, 1), st.integers(-4, 4).map(lambda i: i / 4)), max_size=30)
some_counts = st.builds(Counts, *[st.integers(0, 20)] * 4)


@quick
@given(rows, st.integers(-5, 5).map(lambda i: i / 4))
def test_counts_agree_with_scikit_learn(pairs, threshold):
    y, s = [a for a, _ in pairs], [b for _, b in pairs]
    counts = confusion.confusion_counts(y, s, threshold)
    assert sum(counts) == len(pairs)
    if pairs:
        tn, fp, fn, tp = sk.confusion_matrix(y, np.array(s) >= threshold, labels=[0, 1]).ravel()
        assert counts == Counts(tp, fp, fn, tn)
        assert confusion.counts_from_decisions(y, np.array(s) >= threshold) == counts


def test_a_score_equal_to_the_threshold_is_flagged():
    assert confusion.confusion_counts([1, 0, 1], [0.5, 0.5, 0.4], 0.5) == Counts(tp=1, fp=1, fn=1, tn=0)


def test_infinite_thresholds():
    y, s = [0, 1, 1], [0.0, -1e308, 1e308]
    assert confusion.confusion_counts(y, s, math.inf) == Counts(0, 0, 2, 1)
    assert confusion.confusion_counts(y, s, -math.inf) == Counts(2, 1, 0, 0)


@quick
@given(some_counts, st.sampled_from([0.25, 0.5, 1.0, 2.0]))
def test_rates_agree_with_scikit_learn(counts, beta):
    y = [1] * counts.tp + [0] * counts.fp + [1] * counts.fn + [0] * counts.tn
    flagged = [1] * (counts.tp + counts.fp) + [0] * (counts.fn + counts.tn)
    if not y:
        return
    for ours, theirs in [
        (confusion.precision(counts, 0.0), sk.precision_score(y, flagged, zero_division=0)),
        (confusion.recall(counts, 0.0), sk.recall_score(y, flagged, zero_division=0)),
        (confusion.f_beta(counts, beta, 0.0), sk.fbeta_score(y, flagged, beta=beta, zero_division=0)),
        (confusion.accuracy(counts), sk.accuracy_score(y, flagged)),
        (1 - confusion.false_positive_rate(counts, 1.0), sk.recall_score(y, flagged, pos_label=0, zero_division=0)),
    ]:
        assert ours == pytest.approx(theirs)


@quick
@given(some_counts.filter(lambda c: c.tp > 0), st.floats(0.01, 100))
def test_f_beta_is_the_weighted_harmonic_mean(counts, beta):
    p, r = confusion.precision(counts), confusion.recall(counts)
    f = confusion.f_beta(counts, beta)
    assert f == pytest.approx((1 + beta**2) * p * r / (beta**2 * p + r))
    assert min(p, r) - 1e-12 <= f <= max(p, r) + 1e-12


def test_f_beta_leans_to_recall_above_one_and_to_precision_below():
    careless = Counts(tp=9, fp=9, fn=1, tn=0)  # recall 0.9, precision 0.5
    assert confusion.f_beta(careless, 2) > confusion.f_beta(careless, 1) > confusion.f_beta(careless, 0.5)
    assert confusion.f_beta(careless, 0) == confusion.precision(careless)
    assert confusion.f_beta(careless, 1e6) == pytest.approx(confusion.recall(careless))


def test_what_is_undefined_is_nan_unless_told_otherwise():
    nothing, all_let_pass = Counts(0, 0, 0, 0), Counts(0, 0, fn=3, tn=5)
    for undefined in (
        confusion.precision(all_let_pass),
        confusion.recall(nothing),
        confusion.f_beta(nothing),
        confusion.f_beta(Counts(0, 0, 0, 9)),
        confusion.f_beta(all_let_pass, 0),
        confusion.accuracy(nothing),
        confusion.false_positive_rate(Counts(2, 0, 1, 0)),
    ):
        assert math.isnan(undefined)
    assert confusion.f_beta(all_let_pass) == 0.0
    assert confusion.precision(all_let_pass, 1.0) == 1.0
    assert confusion.recall(nothing, 0.0) == 0.0
    assert confusion.accuracy(nothing, 0.0) == 0.0


def test_the_rates_of_a_worked_table():
    counts = Counts(tp=8, fp=2, fn=4, tn=86)
    assert confusion.precision(counts) == 0.8
    assert confusion.recall(counts) == pytest.approx(2 / 3)
    assert confusion.accuracy(counts) == 0.94
    assert confusion.false_positive_rate(counts) == pytest.approx(2 / 88)


@pytest.mark.parametrize("beta", [-1.0, math.nan, math.inf, 1e200])
def test_a_beta_that_means_nothing_is_refused(beta):
    with pytest.raises(ValueError, match="beta is"):
        confusion.f_beta(Counts(1, 1, 1, 1), beta)


@quick
@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_prediction_bias_is_the_gap_between_the_means(pairs):
    y, p = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    bias = confusion.prediction_bias(y, p)
    assert bias == pytest.approx(float(np.mean(p - y)), abs=1e-12)
    assert -1 <= bias <= 1
    assert confusion.prediction_bias(1 - y, 1 - p) == pytest.approx(-bias, abs=1e-12)


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match=r"scores\[0\] is nan"):
        confusion.confusion_counts([1], [math.nan], 0.5)
    with pytest.raises(ValueError, match=r"scores\[0\] is inf"):
        confusion.confusion_counts([1], [math.inf], 0.5)
    with pytest.raises(ValueError, match=r"y_true\[1\] is 2"):
        confusion.confusion_counts([1, 2], [0.1, 0.2], 0.5)
    with pytest.raises(ValueError, match="threshold is nan"):
        confusion.confusion_counts([], [], math.nan)
    with pytest.raises(ValueError, match="y_true has 1, scores has 2"):
        confusion.confusion_counts([1], [0.1, 0.2], 0.5)
    with pytest.raises(ValueError, match=r"flagged\[0\] is 0.7"):
        confusion.counts_from_decisions([1], [0.7])
    with pytest.raises(ValueError, match="are empty"):
        confusion.prediction_bias([], [])
    with pytest.raises(ValueError, match=r"probabilities\[0\] is 1.5"):
        confusion.prediction_bias([1], [1.5])
