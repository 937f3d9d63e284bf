"""RRF against pandas and exact fractions, MMR against the definition read literally."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import fusion
from snippets.llm_systems.fusion import maximal_marginal_relevance as mmr
from snippets.llm_systems.fusion import reciprocal_rank_fusion as rrf

quick = settings(max_examples=80, deadline=None, derandomize=True, database=None)
rankings = st.lists(st.one_of(st.none(), st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7)), max_size=4)


@quick
@given(rankings, st.integers(0, 60))
def test_scores_are_the_sums(lists, k):
    rows = [(item, 1 / (k + place)) for ranking in lists for place, item in enumerate(ranking or [], 1)]
    expected = pd.DataFrame(rows, columns=["item", "score"]).groupby("item").score.sum().to_dict()
    got = rrf(lists, k)
    assert dict(got) == pytest.approx(expected)
    assert [score for _, score in got] == sorted((score for _, score in got), reverse=True)


@quick
@given(rankings)
def test_a_failed_list_an_empty_list_and_no_list_are_the_same(lists):
    present = [ranking for ranking in lists if ranking]
    assert rrf(lists) == rrf(present) == rrf([*lists, None, []])


@quick
@given(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7))
def test_one_list_keeps_its_order(ranking):
    assert [item for item, _ in rrf([ranking, None])] == ranking


def test_repeats_ties_weights_and_refusals():
    assert rrf([["a", "a", "b"]], 0) == [("a", 1.0), ("b", 0.5)]
    assert [item for item, _ in rrf([["x", "y"], ["y", "x"]])] == ["x", "y"]
    assert [item for item, _ in rrf([["x"], ["y"]], weights=[1, 2])] == ["y", "x"]
    assert rrf([]) == []
    for bad in ({"k": -1}, {"weights": [1.0]}, {"weights": [1.0, -1.0]}):
        with pytest.raises(ValueError, match="at least 0"):
            rrf([["x"], ["y"]], **bad)


@pytest.mark.parametrize("k", [0, 4, 20, 60])
def test_a_lone_first_loses_to_both_down_to_place_k_plus_one(k):
    for place in (k + 1, k + 2, k + 3):
        both, alone = Fraction(2, k + place), Fraction(1, k + 1)
        assert (both > alone) == (place <= k + 1)


def literal(relevance, alike, k, balance):
    picked, rest = [], list(relevance)
    while rest and len(picked) < k:
        scores = [
            balance * relevance[item] - (1 - balance) * max((alike(item, other) for other in picked), default=0.0)
            for item in rest
        ]
        picked.append(rest.pop(scores.index(max(scores))))
    return picked


@quick
@given(st.lists(st.integers(0, 20), max_size=7), st.integers(1, 8), st.sampled_from([0, 0.3, 0.7, 1]))
def test_mmr_is_the_definition(values, k, balance):
    relevance = {i: value / 20 for i, value in enumerate(values)}

    def alike(a, b):
        return ((a * 7 + b * 7 + a * b) % 11 - 5) / 10  # symmetric, below zero too

    assert mmr(relevance, alike, k, balance) == literal(relevance, alike, k, balance)


def test_mmr_drops_the_copy_and_balance_one_keeps_it():
    relevance = {"a": 0.9, "copy of a": 0.89, "b": 0.6}

    def alike(x, y):
        return 0.98 if "b" not in (x, y) else 0.1

    assert mmr(relevance, alike, 2) == ["a", "b"]
    assert mmr(relevance, alike, 2, 1) == ["a", "copy of a"]
    assert mmr({}, alike, 2) == []
    with pytest.raises(ValueError, match="k is 0"):
        mmr(relevance, alike, 0)
    with pytest.raises(ValueError, match="balance"):
        mmr(relevance, alike, 1, 1.5)


def test_demo(capsys):
    fusion.demo_lone_first()
    assert "k = 60: place 13, first both-1" in capsys.readouterr().out
