"""The noise of an AUC against simulation, and what a line promises."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from snippets.coding.flaky import alarm_rate, auc_and_noise, drop_found, line_for


@pytest.mark.parametrize(
    ("auc", "positives", "negatives"),
    [(0.92, 200, 1800), (0.75, 50, 50), (0.6, 300, 100)],
)
def test_noise_is_what_draws_show(auc, positives, negatives):
    rng = np.random.default_rng(0)
    apart = math.sqrt(2) * norm.ppf(auc)
    y = np.repeat([1, 0], [positives, negatives])
    drawn = [rng.normal(size=len(y)) + apart * y for _ in range(400)]
    measured = np.std([roc_auc_score(y, scores) for scores in drawn])
    claimed = np.mean([auc_and_noise(s[y == 1], s[y == 0])[1] for s in drawn[:50]])
    assert measured == pytest.approx(claimed, rel=0.11)


scores = st.lists(st.integers(0, 5), min_size=2, max_size=12).map(np.array)


@given(scores, scores)
def test_auc_is_the_librarys_with_ties(positives, negatives):
    y = np.repeat([1, 0], [len(positives), len(negatives)])
    auc, noise = auc_and_noise(positives, negatives)
    assert auc == pytest.approx(
        roc_auc_score(y, np.concatenate([positives, negatives]))
    )
    assert auc_and_noise(-negatives, -positives) == pytest.approx((auc, noise))


def test_too_few_rows_are_an_error():
    with pytest.raises(ValueError, match="two rows of each class"):
        auc_and_noise(np.array([1.0]), np.array([0.0, 1.0]))


# --8<-- [start:promise]
def test_a_line_keeps_its_promise():
    line = line_for(auc=0.92, noise=0.009, builds=3_640)
    assert math.isclose(alarm_rate(0.92, line, 0.009), 1 / 3_640)
    fallen = 0.92 - drop_found(0.92, line, 0.009, power=0.9)
    assert math.isclose(alarm_rate(fallen, line, 0.009), 0.9)


# --8<-- [end:promise]


def test_against_scipy():
    assert alarm_rate(0.92, 0.9, 0.0134) == pytest.approx(norm.cdf(0.9, 0.92, 0.0134))
    assert line_for(0.92, 0.0134, 2000) == pytest.approx(
        norm.ppf(1 / 2000, 0.92, 0.0134)
    )
