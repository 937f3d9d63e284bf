"""Metrics against scikit-learn, intervals against statsmodels, and the layer that lost a span."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score
from statsmodels.stats.proportion import proportion_confint

from snippets.llm_systems.retrieval_report import covers, lost_at, report


def test_report_against_other_code():
    places = [1, 1, 2, 6, 7, None, 3, 1]
    got = report(places, 6, resamples=200)
    assert got.recall == 6 / 8
    assert tuple(got.recall_interval) == pytest.approx(proportion_confint(6, 8, method="wilson"))
    assert got.mrr == pytest.approx(np.mean([1, 1, 1 / 2, 1 / 6, 0, 0, 1 / 3, 1]))
    truth, scores = [], []
    for place in places:
        row = np.zeros(9)
        row[(place or 9) - 1] = 1
        truth.append(row)
        scores.append(-np.arange(9))
    assert got.ndcg == pytest.approx(ndcg_score(truth, scores, k=6))
    for value, (low, high) in ((got.mrr, got.mrr_interval), (got.ndcg, got.ndcg_interval)):
        assert 0 <= low < value < high <= 1
    assert report(places, 6, resamples=200) == got


def test_report_of_nothing():
    with pytest.raises((ValueError, ZeroDivisionError)):
        report([], 6)


def test_covers():
    assert covers(("a", 10, 50), ("a", 10, 50))
    assert not covers(("a", 10, 49), ("a", 10, 50))
    assert not covers(("a", 11, 50), ("a", 10, 50))
    assert not covers(("b", 0, 99), ("a", 10, 50))


def test_the_first_layer_that_lost_it():
    needed, whole, other = ("a", 10, 20), ("a", 0, 30), ("a", 0, 15)
    assert lost_at(needed, False, [whole], [whole], [whole], [whole]) == "parsing"
    assert lost_at(needed, True, [other], [other], [other], [other]) == "chunking"
    assert lost_at(needed, True, [whole], [other], [], []) == "filter"
    assert lost_at(needed, True, [whole], [whole], [other], []) == "search"
    assert lost_at(needed, True, [whole], [whole], [whole], [other]) == "order"
    assert lost_at(needed, True, [whole], [whole], [whole], [whole]) == "found"
