"""The page's numbers, counted again another way."""

import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import log_expit
from sklearn.metrics import f1_score, precision_score

from snippets.coding import worked_numerics as w


def test_one_table_and_its_f1s():
    said = [int(score >= 0.6) for score in w.SCORES]
    assert w.best().threshold == 0.6
    assert w.f1() == pytest.approx(f1_score(w.LABELS, said)) == 8 / 11
    assert w.precision() == precision_score(w.LABELS, said) == 4 / 7
    strict = [int(score > 0.6) for score in w.SCORES]
    assert w.f1_strict() == pytest.approx(f1_score(w.LABELS, strict))
    assert w.f1_split_tie() == 8 / 9
    average = w.f1_averaged()
    for kind, value in average._asdict().items():
        assert value == pytest.approx(f1_score(w.LABELS, said, average=kind))
    for undefined in (0.0, 1.0):
        days = [
            f1_score(w.LABELS[a:b], said[a:b], zero_division=undefined)
            for a, b in ((0, 5), (8, 10))
        ]
        assert w.f1_by_day(undefined) == pytest.approx((sum(days) + undefined) / 3)
    assert w.f1_by_day(None) == pytest.approx((6 / 7 + 1) / 2)
    for threshold in set(w.SCORES):
        flags = [int(score >= threshold) for score in w.SCORES]
        found = precision_score(w.LABELS, flags)
        assert w.precision_from(threshold) == pytest.approx(found)
        assert (found >= 0.6) == (threshold == 0.8)
    tuesday = f1_score(w.LABELS[5:8], said[5:8], zero_division=1.0)
    assert tuesday == 0.0  # flagged, so defined: the argument has no say
    assert w.distinct() == len(set(w.SCORES)) + 1
    assert w.cheapest_threshold(5, 1).threshold is None
    assert w.cheapest_threshold(1, 5).threshold == 0.6
    assert w.cheapest_threshold(1, 1).threshold == 0.8


def test_where_floats_fail():
    for offset in (0.0, 1e6, 1e8):
        values = [Fraction(offset) + step for step in (1, 2, 3)]
        assert w.variance_two_pass(offset) == pytest.approx(
            float(statistics.pvariance(values))
        )
    assert w.variance_one_pass(0.0) == pytest.approx(2 / 3)
    assert w.variance_one_pass(1e8) == 0.0
    for z in (10.0, 20.0, 36.0, 100.0):
        assert w.loss(z) == pytest.approx(-log_expit(-z))
    assert abs(w.naive_loss(36.0) - w.loss(36.0)) > 0.04
    assert math.isinf(w.naive_loss(37.0))
    assert w.clipped_loss(100.0) == pytest.approx(-math.log(1e-15))
    assert math.isnan(w.naive_softmax(1000.0, 0.0))
    assert math.isinf(w.naive_softmax(-1000.0, 0.0))
    assert w.naive_softmax(-744.0, 0.0) == pytest.approx(744, abs=0.5)
    assert w.lost_cents() == 2**24
    assert w.far_apart(1e8, True) == 0.0
    assert w.far_apart(1e8, False) == 1.0
    assert w.edge_slip() == 28
    assert w.column_loss() == 2 * statistics.pvariance([1, 2, 3, 4])
    bytes_ = np.array([100], dtype=np.int8)
    assert (bytes_ + bytes_)[0] == -56
    assert np.concatenate([bytes_, bytes_]).sum() == 200


def test_batches_and_bins():
    flat = [x for row in w.TOKENS for x in row]
    assert w.token_mean() == sum(flat) / 16 == 1.375
    assert w.batch_means([[0, 1], [2]]) == pytest.approx((16 / 10 + 1) / 2)
    assert w.batch_means([[0], [1, 2]]) == 2.5
    assert w.padded_mean([[0, 1, 2]]) == 22 / 24
    assert w.padded_mean([[0], [1, 2]]) == 22 / 18
    assert w.answer_mean() == 2.0
    assert w.padding_share(8) == 0
    assert w.padding_share(48) == pytest.approx(1 - 28 / 48)
    assert w.ece_by("width", 5) == pytest.approx(0, abs=1e-12)
    assert w.ece_by("width", 10) == pytest.approx(0.3)
    assert w.ece_by("mass", 2) == pytest.approx(0.3)


def test_classes_and_folds():
    for absent in (0.0, 1.0):
        found = f1_score(
            w.INTENTS,
            w.SAID,
            labels=["refund", "login", "fraud", "legal"],
            average="macro",
            zero_division=absent,
        )
        assert w.intents(absent).macro == pytest.approx(found)
    assert w.intents().micro == 0.98
    for absent in (None, 0.0):  # with "legal" said once, nothing is absent
        found = (2 * 79 / (80 + 81) + 1 + 0 + 0) / 4
        assert w.stray(absent).macro == pytest.approx(found)
    assert [len(fold.train) for fold in w.folds(90)] == [91, 121, 151]
    assert [len(fold.test) for fold in w.folds(90)] == [30, 30, 30]
    assert w.unripe() == len(range(91, 180))
