"""The sketch against sorting, and merged against whole."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.quantiles import Quantiles, sketch

values = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-6, 1e6)), min_size=1, max_size=30
)


# --8<-- [start:error]
@given(values, st.floats(0, 1), st.sampled_from([0.001, 0.01, 0.2]))
def test_each_quantile_is_right_within_the_error(values, q, error):
    exact = sorted(values)[math.floor(q * (len(values) - 1))]
    found = sketch(values, error).quantile(q)
    assert abs(found - exact) <= error * exact * (1 + 1e-9)


@given(st.lists(values, min_size=1, max_size=4))
def test_merged_machines_are_one_machine(machines):
    whole = sketch([value for machine in machines for value in machine])
    merged = Quantiles()
    for machine in machines:
        merged.merge(sketch(machine))
    assert merged.counts == whole.counts


# --8<-- [end:error]


@pytest.mark.parametrize("error", [0.001, 0.01, 0.2])
def test_both_ends_of_a_bucket_are_within_the_error(error):
    growth = (1 + error) / (1 - error)
    for place in range(-400, 400, 7):
        end = growth**place
        for value in (math.nextafter(end, 0), end, math.nextafter(end, math.inf)):
            found = sketch([value], error).quantile(0.5)
            assert abs(found - value) <= error * value * (1 + 1e-9)


def test_nothing_and_what_has_no_bucket():
    assert math.isnan(Quantiles().quantile(0.5))
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="not a positive"):
            Quantiles().add(bad)
    for share in (99, 1.01, -0.5, math.nan):
        with pytest.raises(ValueError, match="not a share"):
            Quantiles().quantile(share)
    with pytest.raises(ValueError, match="different errors"):
        Quantiles(0.01).merge(Quantiles(0.02))
