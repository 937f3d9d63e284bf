"""The lower envelope, against a grid and exact fractions."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.cases import payments
from snippets.framing.actions import Band, Price, cheapest_bands
from snippets.metrics import worked as metrics
from snippets.metrics.threshold import Costs, break_even

quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)
costs = st.integers(-5, 30)
tables = st.lists(st.tuples(costs, costs), min_size=1, max_size=6).map(
    lambda rows: {f"a{i}": Price(n, p) for i, (n, p) in enumerate(rows)}
)


def cost(price, p):
    return (1 - p) * price.negative + p * price.positive


@quick
@given(tables)
def test_each_band_is_cheapest_inside_it_and_no_action_is_left_out(prices):
    bands = cheapest_bands(prices)
    lows = [band.low for band in bands]
    assert lows == sorted(set(lows))
    assert lows[0] == 0.0
    assert lows[-1] < 1.0
    for p in [Fraction(i, 240) for i in range(241)]:
        chosen = [band for band in bands if band.low <= float(p)][-1]
        best = min(cost(price, p) for price in prices.values())
        assert float(cost(prices[chosen.action], p)) == pytest.approx(float(best), abs=1e-9)


@quick
@given(tables)
def test_neighbors_cost_the_same_where_they_meet(prices):
    bands = cheapest_bands(prices)
    for left, right in pairwise(bands):
        assert cost(prices[left.action], right.low) == pytest.approx(cost(prices[right.action], right.low))


def test_two_actions_are_break_even():
    bands = cheapest_bands({"approve": Price(0, 150), "decline": Price(15, 0)})
    assert bands == [Band(0.0, "approve"), Band(break_even(Costs(fp=15, fn=150)), "decline")]


def test_payments_bands_are_those_of_the_metrics_chapter():
    names = ("approve", "challenge", "review", "decline")
    prices = {a: Price(payments.expected_cost(a, 0), payments.expected_cost(a, 1)) for a in names}
    expected = [0.0, *(metrics.crossing(a, b) for a, b in pairwise(names))]
    assert [band.action for band in cheapest_bands(prices)] == list(names)
    assert [band.low for band in cheapest_bands(prices)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("prices", "actions"),
    [
        ({"only": Price(3, 1)}, ["only"]),
        ({"a": Price(1, 1), "b": Price(1, 1)}, ["a"]),  # equal: the first named
        ({"a": Price(1, 1), "worse": Price(2, 2)}, ["a"]),  # dominated
        ({"a": Price(1, 2), "b": Price(1, 1)}, ["b"]),  # tie at 0, cheaper after it
        ({"a": Price(0, 1), "b": Price(1, 1)}, ["a"]),  # they meet at 1: no band of width 0
        ({"a": Price(0, 4), "b": Price(1, 3), "c": Price(2, 2), "d": Price(4, 0)}, ["a", "d"]),  # all meet at one half
    ],
)
def test_ties_and_dominated_actions(prices, actions):
    assert [band.action for band in cheapest_bands(prices)] == actions


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="prices is empty"):
        cheapest_bands({})
    with pytest.raises(ValueError, match=r"prices\['a'\]\[1\] is nan"):
        cheapest_bands({"a": Price(0, np.nan)})
