"""Weights for what was let through, against simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.data_audit.selection import weighted_total


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(st.floats(-5, 5), max_size=20))
def test_when_all_are_kept_it_is_the_sum(values):
    found = weighted_total(values, [1.0] * len(values))
    assert found.total == pytest.approx(sum(values))
    assert found.error == 0
    assert found.effective == pytest.approx(len(values))


def test_it_is_unbiased_and_its_error_is_the_spread():
    rng = np.random.default_rng(0)
    values, chances = rng.random(200), rng.uniform(0.1, 1, 200)
    totals, errors = [], []
    for _ in range(2_000):
        kept = rng.random(200) < chances
        found = weighted_total(values[kept].tolist(), chances[kept].tolist())
        totals.append(found.total)
        errors.append(found.error)
    assert np.mean(totals) == pytest.approx(values.sum(), rel=0.02)
    assert np.mean(errors) == pytest.approx(np.std(totals), rel=0.05)


def test_unequal_weights_cost_rows():
    assert weighted_total([1, 1], [1.0, 0.01]).effective == pytest.approx(101**2 / 10_001)


def test_a_chance_of_zero_is_refused():
    for bad in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match=r"chances\[0\] is"):
            weighted_total([1.0], [bad])
    with pytest.raises(ValueError, match="unequal"):
        weighted_total([1.0], [])
