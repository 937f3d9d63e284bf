"""What a rule is worth, against counting costs payment by payment."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.framing import value
from snippets.framing.value import Rule
from snippets.metrics.confusion import Counts
from snippets.metrics.threshold import Costs, total_cost

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
shares = st.floats(0, 1)


@quick
@given(shares, shares, shares)
def test_saved_is_the_difference_of_two_total_costs(recall, rate, base):
    costs = Costs(fp=15, fn=150, tp=4, tn=1)
    n = 1_000
    pos, neg = n * base, n * (1 - base)
    acted = Counts(tp=pos * recall, fp=neg * rate, fn=pos * (1 - recall), tn=neg * (1 - rate))
    nothing = Counts(tp=0, fp=0, fn=pos, tn=neg)
    assert value.saved(Rule(recall, rate), n, base, costs) == pytest.approx(
        total_cost(nothing, costs) - total_cost(acted, costs)
    )


def test_saved_agrees_with_simulated_items():
    rng = np.random.default_rng(2)
    y = rng.uniform(size=400_000) < 0.1
    flag = rng.uniform(size=y.size) < np.where(y, 0.6, 0.05)
    money = np.where(y, np.where(flag, 20.0, 100.0), np.where(flag, 10.0, 0.0))
    nothing = np.where(y, 100.0, 0.0)
    costs = Costs(fp=10, fn=100, tp=20)
    assert value.saved(Rule(0.6, 0.05), y.size, 0.1, costs) == pytest.approx((nothing - money).sum(), rel=0.02)


def test_no_model_is_needed_where_the_base_rate_is_above_break_even():
    costs = Costs(fp=1, fn=9)
    assert value.required_lift(costs, 0.2) < 1
    assert value.saved(Rule(1, 1), 100, 0.2, costs) > 0
    assert value.required_lift(costs, 0.1) == pytest.approx(1)
    assert value.required_lift(costs, 0.0) == math.inf


def test_break_even_volume():
    assert value.break_even_volume(0.05, 365 * 5) == pytest.approx(100)
    assert value.break_even_volume(0.0, 1) == math.inf
    assert value.break_even_volume(-1.0, 1) == math.inf


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="recall is 2"):
        value.saved(Rule(2, 0), 1, 0.5, Costs(1, 1))
    with pytest.raises(ValueError, match="false_positive_rate is -1"):
        value.saved(Rule(0, -1), 1, 0.5, Costs(1, 1))
    with pytest.raises(ValueError, match=r"costs\[0\] is nan"):
        value.saved(Rule(0, 0), 1, 0.5, Costs(math.nan, 1))
    with pytest.raises(ValueError, match="base_rate is 2"):
        value.required_lift(Costs(1, 1), 2)
