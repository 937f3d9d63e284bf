"""The rubric against a truth table, weighting against pandas and against repeated draws."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from snippets.llm_systems.golden_set import Item, Reading, Stratum, verdict, weighted_share

ITEM = Item("q", frozenset({"a", "b"}), frozenset({"x"}))
EMPTY = Item("q")


def outcome(item, **ticks):
    ticks.setdefault("answered", True)
    return verdict(item, Reading(**ticks)).outcome


def test_every_combination_of_ticks():
    for answerable, answered, facts, broken in itertools.product((0, 1), (0, 1), (0, 1, 2), (0, 1)):
        item = Item("q", frozenset("ab") if answerable else frozenset(), frozenset("x"))
        if facts and not answerable:
            continue
        reading = Reading(bool(answered), frozenset("ab"[:facts]), frozenset("x" if broken else ""))
        if broken:
            expected = "wrong"
        elif answered:
            expected = {0: "wrong", 1: "incomplete", 2: "right"}[facts]
        else:
            expected = "needlessly handed over" if answerable else "handed over"
        assert verdict(item, reading).outcome == expected


def test_harm_goes_before_completeness_and_an_unbacked_true_answer_is_wrong():
    assert outcome(ITEM, facts=ITEM.facts, broken=ITEM.must_not) == "wrong"
    assert outcome(EMPTY, claims=2, supported=2) == "wrong"


def test_faithfulness_is_another_number():
    assert verdict(ITEM, Reading(True, ITEM.facts, claims=4, supported=1)).faithful == 0.25
    assert math.isnan(verdict(ITEM, Reading(False)).faithful)


@pytest.mark.parametrize(
    "reading",
    [
        Reading(True, frozenset({"z"})),
        Reading(True, broken=frozenset({"z"})),
        Reading(True, claims=1, supported=2),
        Reading(True, claims=1, supported=-1),
    ],
)
def test_ticks_that_cannot_be(reading):
    with pytest.raises(ValueError, match=r"ticks|supported"):
        verdict(ITEM, reading)


STRATA = {"a": Stratum(0.7, 50, 5), "b": Stratum(0.3, 100, 40)}


def test_weights_are_those_of_pandas():
    rows = pd.DataFrame(
        [(name, s.traffic / s.sampled, i < s.hits) for name, s in STRATA.items() for i in range(s.sampled)],
        columns=["stratum", "weight", "hit"],
    )
    done = weighted_share(STRATA)
    assert done.share == pytest.approx(np.average(rows["hit"], weights=rows["weight"]))
    assert done.pooled == rows["hit"].mean()
    assert done.effective == pytest.approx(rows["weight"].sum() ** 2 / (rows["weight"] ** 2).sum())


def test_proportional_sampling_needs_no_weights():
    done = weighted_share({"a": Stratum(0.75, 75, 15), "b": Stratum(0.25, 25, 10)})
    assert done.share == pytest.approx(done.pooled)
    assert done.effective == pytest.approx(100)


def test_the_interval_covers():
    rng = np.random.default_rng(5)
    truth = {"a": 0.1, "b": 0.4}
    goal = sum(STRATA[n].traffic * p for n, p in truth.items())
    inside = 0
    for _ in range(2_000):
        drawn = {n: s._replace(hits=int(rng.binomial(s.sampled, truth[n]))) for n, s in STRATA.items()}
        low, high = weighted_share(drawn).interval
        inside += low <= goal <= high
    assert inside / 2_000 == pytest.approx(0.95, abs=0.02)


def test_a_stratum_without_hits_is_not_certain():
    low, high = weighted_share({"a": Stratum(1.0, 20, 0)}).interval
    assert low == 0
    assert high > 0.05
    assert weighted_share({"a": Stratum(1.0, 20, 20)}).interval.high == 1


@pytest.mark.parametrize(
    "strata",
    [
        {"a": Stratum(0.5, 10, 1)},
        {"a": Stratum(1.0, 0, 0)},
        {"a": Stratum(1.0, 5, 6)},
        {"a": Stratum(1.5, 5, 1)},
        {},
    ],
)
def test_what_cannot_be_weighted(strata):
    with pytest.raises(ValueError, match=r"traffic|hits|sampled"):
        weighted_share(strata)
