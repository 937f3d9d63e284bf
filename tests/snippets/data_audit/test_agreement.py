"""Agreement against scikit-learn, and noisy labels against simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from snippets.data_audit.agreement import agreement, measured_accuracy, measured_against, specific_agreement
from snippets.metrics.worked_llm import cohens_kappa

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
grades = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30)


@quick
@given(grades)
def test_kappa_equals_scikit_learn(pairs):
    a, b = zip(*pairs, strict=True)
    found = agreement(a, b)
    if len(set(a + b)) == 1:
        assert math.isnan(found.kappa)
    else:
        assert found.kappa == pytest.approx(cohen_kappa_score(a, b))


def test_kappa_equals_the_metrics_chapters_for_two_labels():
    a, b = [1] * 30 + [0] * 970, [1] * 10 + [0] * 20 + [1] * 20 + [0] * 950
    assert agreement(a, b).kappa == pytest.approx(cohens_kappa(10, 20, 20, 950))


@quick
@given(grades)
def test_specific_agreement_is_f1(pairs):
    a, b = ([int(x == 1) for x in column] for column in zip(*pairs, strict=True))
    found = specific_agreement(a, b, 1)
    if not sum(a) + sum(b):
        assert math.isnan(found)
    else:
        assert found == pytest.approx(f1_score(a, b, zero_division=0))


def test_no_item_is_refused():
    with pytest.raises(ValueError, match="empty"):
        agreement([], [])
    with pytest.raises(ValueError, match="unequal"):
        specific_agreement([1], [], 1)


def test_measured_accuracy():
    assert measured_accuracy(1.0, 0.05) == 0.95
    assert measured_accuracy(0.5, 0.3) == 0.5
    assert measured_accuracy(0.9, 0.5) == 0.5
    with pytest.raises(ValueError, match="flipped"):
        measured_accuracy(0.9, 1.1)


def test_measured_against_equals_simulation():
    rng = np.random.default_rng(0)
    n, prevalence, reported, spurious = 2_000_000, 0.05, 0.9, 0.2
    truth = rng.random(n) < prevalence
    flag = np.where(truth, rng.random(n) < 0.6, rng.random(n) < 0.03)
    labeled = truth & (rng.random(n) < reported)
    extra = labeled.sum() * spurious / (1 - spurious)
    labeled |= ~truth & (rng.random(n) < extra / (~truth).sum())
    p, r = precision_score(truth, flag), recall_score(truth, flag)
    found = measured_against(p, r, prevalence, reported, spurious)
    assert found.precision == pytest.approx(precision_score(labeled, flag), rel=0.02)
    assert found.recall == pytest.approx(recall_score(labeled, flag), rel=0.02)
    assert found.base_rate == pytest.approx(labeled.mean(), rel=0.02)


def test_measured_against_degenerate():
    assert measured_against(1, 1, 0.1, 1, 1e-12) == pytest.approx((1, 1, 0.1))
    assert math.isnan(measured_against(0, 0, 0.1, 1, 0.1).precision)
