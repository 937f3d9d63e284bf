"""Bayes' rule and its uses, against simulation, exact fractions and each other."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from snippets.metrics import prevalence
from snippets.metrics.prevalence import Alarms

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
share = st.integers(0, 1000).map(lambda i: i / 1000)
inner = st.integers(1, 999).map(lambda i: i / 1000)


@quick
@given(share, share, share)
def test_ppv_and_npv_agree_with_counting_a_million(sensitivity, specificity, base):
    # exact: every share is a number of thousandths
    tp = Fraction(str(sensitivity)) * Fraction(str(base))
    fp = (1 - Fraction(str(specificity))) * (1 - Fraction(str(base)))
    tn = Fraction(str(specificity)) * (1 - Fraction(str(base)))
    fn = (1 - Fraction(str(sensitivity))) * Fraction(str(base))
    for ours, right, wrong in (
        (prevalence.ppv(sensitivity, specificity, base), tp, fp),
        (prevalence.npv(sensitivity, specificity, base), tn, fn),
    ):
        if right + wrong:
            assert ours == pytest.approx(float(right / (right + wrong)), abs=1e-12)
        else:
            assert math.isnan(ours)


@quick
@given(inner, inner, inner, inner)
def test_ppv_rises_with_prevalence(sensitivity, specificity, base, other):
    low, high = sorted((base, other))
    assert prevalence.ppv(sensitivity, specificity, low) <= prevalence.ppv(sensitivity, specificity, high) + 1e-12


def test_the_book_example():
    assert prevalence.alarms(1_000_000, 0.002, recall=1.0, false_positive_rate=0.01) == Alarms(2000.0, 9980.0)
    assert prevalence.ppv(1.0, 0.99, 0.002) == pytest.approx(2000 / 11980)


@quick
@given(st.integers(0, 10**7), share, share, share)
def test_alarms_agree_with_ppv(items, base, recall, fpr):
    raised = prevalence.alarms(items, base, recall, fpr)
    if sum(raised) > 1e-6:
        assert raised.true / sum(raised) == pytest.approx(prevalence.ppv(recall, 1 - fpr, base), abs=1e-9)
    assert sum(prevalence.alarms(items, base, 1.0, 1.0)) == pytest.approx(items)


@quick
@given(inner, inner, inner)
def test_fpr_for_precision_gives_that_precision(precision, base, recall):
    fpr = prevalence.fpr_for_precision(precision, base, recall)
    assert 0 <= fpr <= 1
    reached = prevalence.ppv(recall, 1 - fpr, base)
    if fpr < 1:
        assert reached == pytest.approx(precision, rel=1e-6)
    else:
        assert reached >= precision - 1e-9


def test_fpr_for_precision_at_the_ends():
    assert prevalence.fpr_for_precision(1.0, 0.5, 0.9) == 0.0
    assert prevalence.fpr_for_precision(0.5, 0.5, 0.0) == 0.0
    assert prevalence.fpr_for_precision(5e-324, 0.9, 0.9) == 1.0


@quick
@given(inner, inner, inner)
def test_shifting_a_prior_is_bayes_rule_and_can_be_undone(p, old, new):
    moved = prevalence.shift_prior(p, old, new)
    odds = p / (1 - p) * (new / (1 - new)) / (old / (1 - old))
    assert moved == pytest.approx(odds / (1 + odds))
    assert prevalence.shift_prior(moved, new, old) == pytest.approx(p)
    assert prevalence.shift_prior(p, old, old) == pytest.approx(p)
    assert prevalence.shift_prior(old, old, new) == pytest.approx(new)


def test_certainty_stays_put():
    assert prevalence.shift_prior(0.0, 0.5, 0.01) == 0.0
    assert prevalence.shift_prior(1.0, 0.5, 0.01) == 1.0
    assert prevalence.undo_downsampling(0.0, 0.1) == 0.0
    assert prevalence.undo_downsampling(1.0, 0.1) == 1.0


@quick
@given(inner, inner, inner)
def test_undoing_downsampling_is_a_shift_of_the_prior(q, base, kept):
    sampled = base / (base + (1 - base) * kept)
    assert prevalence.undo_downsampling(q, kept) == pytest.approx(prevalence.shift_prior(q, sampled, base))
    assert prevalence.undo_downsampling(q, 1.0) == pytest.approx(q)


def test_undoing_downsampling_restores_the_base_rate_of_a_fitted_model():
    rng = np.random.default_rng(11)
    x = rng.normal(size=60_000)
    y = (rng.uniform(size=x.size) < 1 / (1 + np.exp(-(x - 3)))).astype(int)
    keep = (y == 1) | (rng.uniform(size=x.size) < 0.1)
    model = LogisticRegression(C=1e6).fit(x[keep, None], y[keep])
    raw = model.predict_proba(x[:, None])[:, 1]
    mended = [prevalence.undo_downsampling(float(q), 0.1) for q in raw[:5000]]
    assert raw[:5000].mean() > 3 * y.mean()
    assert np.mean(mended) == pytest.approx(y.mean(), rel=0.1)


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, math.inf])
def test_rates_out_of_range_are_refused_by_name(bad):
    for call, name in [
        (lambda: prevalence.ppv(bad, 0.5, 0.5), "sensitivity"),
        (lambda: prevalence.ppv(0.5, bad, 0.5), "specificity"),
        (lambda: prevalence.ppv(0.5, 0.5, bad), "prevalence"),
        (lambda: prevalence.npv(bad, 0.5, 0.5), "sensitivity"),
        (lambda: prevalence.npv(0.5, bad, 0.5), "specificity"),
        (lambda: prevalence.npv(0.5, 0.5, bad), "prevalence"),
        (lambda: prevalence.alarms(1, bad, 0.5, 0.5), "prevalence"),
        (lambda: prevalence.alarms(1, 0.5, bad, 0.5), "recall"),
        (lambda: prevalence.alarms(1, 0.5, 0.5, bad), "false_positive_rate"),
        (lambda: prevalence.fpr_for_precision(bad, 0.5, 0.5), "precision"),
        (lambda: prevalence.fpr_for_precision(0.5, bad, 0.5), "prevalence"),
        (lambda: prevalence.fpr_for_precision(0.5, 0.5, bad), "recall"),
        (lambda: prevalence.shift_prior(bad, 0.5, 0.5), "probability"),
        (lambda: prevalence.shift_prior(0.5, bad, 0.5), "old_prior"),
        (lambda: prevalence.shift_prior(0.5, 0.5, bad), "new_prior"),
        (lambda: prevalence.undo_downsampling(bad, 0.5), "probability"),
        (lambda: prevalence.undo_downsampling(0.5, bad), "kept"),
    ]:
        with pytest.raises(ValueError, match=f"^{name} is"):
            call()


def test_ends_that_decide_nothing_are_refused():
    with pytest.raises(ValueError, match="precision is 0"):
        prevalence.fpr_for_precision(0.0, 0.5, 0.5)
    with pytest.raises(ValueError, match="kept is 0"):
        prevalence.undo_downsampling(0.5, 0.0)
    for end in (0.0, 1.0):
        with pytest.raises(ValueError, match="old_prior"):
            prevalence.shift_prior(0.5, end, 0.5)
        with pytest.raises(ValueError, match="new_prior"):
            prevalence.shift_prior(0.5, 0.5, end)
        with pytest.raises(ValueError, match="prevalence"):
            prevalence.fpr_for_precision(0.5, end, 0.5)
    for items in (-1, math.inf, math.nan):
        with pytest.raises(ValueError, match="items is"):
            prevalence.alarms(items, 0.5, 0.5, 0.5)
