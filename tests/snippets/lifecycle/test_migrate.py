"""Thresholds that keep the volume, releases that keep their name, models that keep their inputs."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.lifecycle import migrate

quick = settings(max_examples=80, deadline=None, derandomize=True, database=None)
score = st.integers(-4, 4).map(lambda i: i / 4)
pairs = st.lists(st.tuples(score, score), max_size=25)


@quick
@given(pairs, score)
def test_as_many_are_flagged_as_ties_allow(rows, threshold):
    old, new = [a for a, _ in rows], [b for _, b in rows]
    wanted = sum(a >= threshold for a in old)
    after = migrate.remap_threshold(old, new, threshold)
    flagged = sum(b >= after for b in new)
    assert flagged <= wanted
    lower = [b for b in set(new) if b < after]
    if lower:  # the next threshold down would flag too many
        assert sum(b >= max(lower) for b in new) > wanted
    lost, won = migrate.changed_decisions(old, new, threshold, after)
    assert wanted - lost == flagged - won == sum(a >= threshold and b >= after for a, b in rows)


def test_without_ties_it_is_the_quantile():
    rng = np.random.default_rng(8)
    old = rng.normal(size=5_000)
    new = 3 * old + 1  # the same order on another scale
    after = migrate.remap_threshold(old.tolist(), new.tolist(), float(np.quantile(old, 0.99)))
    assert (new >= after).sum() == (old >= np.quantile(old, 0.99)).sum()
    assert migrate.changed_decisions(old.tolist(), new.tolist(), float(np.quantile(old, 0.99)), after) == (0, 0)


def test_nothing_to_flag_and_bad_scores():
    assert migrate.remap_threshold([], [], 0.5) == math.inf
    assert migrate.remap_threshold([0.1], [0.9], 0.5) == math.inf
    with pytest.raises(ValueError, match="1 old scores and 2 new"):
        migrate.remap_threshold([1.0], [1.0, 2.0], 0.5)
    with pytest.raises(ValueError, match="not finite"):
        migrate.remap_threshold([math.nan], [1.0], 0.5)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        migrate.changed_decisions([1.0], [], 0, 0)


versions = st.dictionaries(
    st.text(min_size=1, max_size=5),
    st.text(min_size=1, max_size=5).filter(lambda v: v != "latest"),
    min_size=1,
    max_size=5,
)


@quick
@given(versions, versions)
def test_a_release_is_its_parts(first, second):
    assert (migrate.release_id(first) == migrate.release_id(second)) == (first == second)
    assert migrate.release_id(dict(reversed(first.items()))) == migrate.release_id(first)


@pytest.mark.parametrize("parts", [{}, {"model": ""}, {"model": "latest"}])
def test_what_cannot_be_rolled_back_to_is_no_release(parts):
    with pytest.raises(ValueError, match=r"pin a version|of nothing"):
        migrate.release_id(parts)


def test_inputs_that_went_or_moved():
    needs = {"amount": "float32 dollars", "risk": "float32 share"}
    assert migrate.missing_inputs(needs, {**needs, "more": "int32"}) == []
    assert migrate.missing_inputs(needs, {}) == ["amount is gone", "risk is gone"]
    assert migrate.missing_inputs(needs, {"amount": "float32 cents", "risk": "float32 share"}) == [
        "amount was float32 dollars, is float32 cents"
    ]
    assert migrate.missing_inputs({}, needs) == []
