"""Campaigns against customers counted one by one; trials against pandas and statsmodels."""

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from snippets.framing.uplift import Group, campaign, uplift_by_group

GROUPS = (Group("a", 0.2, 0.5, 0.3), Group("b", 0.5, 0.1, 0.12), Group("c", 0.3, 0.3, 0.3))


@pytest.mark.parametrize("reach", [0.0, 0.1, 0.2, 0.55, 1.0])
def test_campaign_equals_counting_customers(reach):
    people = [g for g in GROUPS for _ in range(round(100 * g.share))]
    treated = people[: round(100 * reach)]
    expected = sum((g.without - g.offered) * 80 - 9 for g in treated) / 100
    assert campaign(GROUPS, reach, 80, 9) == pytest.approx(expected)


def test_uplift_order_is_never_worse_at_any_reach():
    best = sorted(GROUPS, key=lambda g: -g.uplift)
    for order in permutations(GROUPS):
        for reach in np.linspace(0, 1, 11):
            assert campaign(best, reach, 80, 9) >= campaign(order, reach, 80, 9) - 1e-9


def test_reach_past_all_groups_and_bad_reach():
    half = (Group("a", 0.2, 0.5, 0.3),)
    assert campaign(half, 1.0, 80, 9) == campaign(half, 0.2, 80, 9)
    assert campaign((), 0.5, 80, 9) == 0.0
    with pytest.raises(ValueError, match="reach is"):
        campaign(GROUPS, 1.1, 80, 9)


def test_trial_agrees_with_pandas_and_statsmodels():
    rng = np.random.default_rng(8)
    rows = [
        (str(g), bool(t), bool(x))
        for g, t, x in zip("ab" * 300, rng.integers(0, 2, 600), rng.integers(0, 2, 600), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["group", "offered", "left"])
    rates = table.pivot_table(index="group", columns="offered", values="left", aggfunc=["mean", "sum", "count"])
    for name, found in uplift_by_group(rows).items():
        assert found.estimate == pytest.approx(rates["mean"][False][name] - rates["mean"][True][name])
        low, high = confint_proportions_2indep(
            rates["sum"][False][name],
            rates["count"][False][name],
            rates["sum"][True][name],
            rates["count"][True][name],
            method="wald",
        )
        assert found.error == pytest.approx((high - low) / 2 / 1.959964, rel=1e-5)


def test_a_group_without_control_has_no_estimate():
    found = uplift_by_group([("a", True, True), ("a", True, False), ("b", True, True), ("b", False, False)])
    assert math.isnan(found["a"].estimate)
    assert math.isnan(found["a"].error)
    assert found["b"] == (-1.0, 0.0)
    assert uplift_by_group([]) == {}
