"""Attribution drift, against scikit-learn and the example in SageMaker Clarify's documentation."""

from __future__ import annotations

import pytest
from sklearn.metrics import ndcg_score

from snippets.monitoring import attribution


def test_the_documented_example_reads_0_69() -> None:
    training = {"SAT": 0.70, "GPA": 0.50, "rank": 0.05}
    live = {"SAT": 0.10, "GPA": 0.20, "rank": 0.70}
    found = attribution.attribution_ndcg(training, live)
    assert found == pytest.approx(0.69, abs=0.005)
    assert found == pytest.approx(ndcg_score([list(training.values())], [list(live.values())]))


def test_a_fade_without_a_change_of_order_is_seen_by_shares_only() -> None:
    before, now = {"a": 0.6, "b": 0.4}, {"a": 0.51, "b": 0.49}
    assert attribution.attribution_ndcg(before, now) == 1.0
    assert attribution.share_changes(before, now) == pytest.approx({"a": -0.09, "b": 0.09})


def test_a_feature_that_is_gone() -> None:
    assert attribution.share_changes({"a": 3.0, "b": 1.0}, {"b": 1.0}) == pytest.approx({"a": -0.75, "b": 0.75})
    assert attribution.attribution_ndcg({"a": 3.0, "b": 1.0}, {"b": 1.0}) < 1
    with pytest.raises(ValueError, match="all 0"):
        attribution.share_changes({"a": 1.0}, {})
