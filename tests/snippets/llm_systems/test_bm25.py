"""BM25 against bm25s, and against the definition written out naively."""

import math

import bm25s
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import bm25
from snippets.llm_systems.bm25 import BM25

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
text = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12)
corpora = st.lists(text, min_size=1, max_size=8)


def naive(passages, question, k1, b):
    mean = sum(map(len, passages)) / len(passages)
    scores = []
    for passage in passages:
        score = 0.0
        for word in question:
            df = sum(word in other for other in passages)
            tf = passage.count(word)
            weight = math.log(1 + (len(passages) - df + 0.5) / (df + 0.5))
            score += weight * tf / (tf + k1 * (1 - b + b * len(passage) / mean))
        scores.append(score)
    return scores


@quick
@given(corpora, text, st.sampled_from([(1.2, 0.75), (0.5, 0.0), (2.0, 1.0)]))
def test_scores_are_the_definition(passages, question, knobs):
    got = dict(BM25(passages, *knobs).search(question, len(passages)))
    for number, score in enumerate(naive(passages, question, *knobs)):
        assert got.get(number, 0.0) == pytest.approx(score)
        assert (number in got) == bool(set(question) & set(passages[number]))


def test_scores_are_those_of_bm25s():
    passages = ["set the time sync again", "sync sync error", "renew the plan", "error E-4127 sync", "plan"]
    tokens = [bm25.words(passage) for passage in passages]
    theirs = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    theirs.index(tokens, show_progress=False)
    for question in ("sync error", "e-4127", "the plan plan"):
        ours = dict(BM25(tokens).search(bm25.words(question), 5))
        expected = theirs.get_scores(bm25.words(question))
        assert [ours.get(i, 0.0) for i in range(5)] == pytest.approx(expected.tolist(), rel=1e-5)


def test_ties_by_number_unknown_words_and_nothing():
    assert [n for n, _ in BM25([["a"], ["b"], ["a"]]).search(["a"], 5)] == [0, 2]
    assert BM25([["a"]]).search(["z"], 3) == []
    assert BM25([]).search(["a"], 3) == []
    assert BM25([[], []]).search(["a"], 3) == []
    with pytest.raises(ValueError, match="k is 0"):
        BM25([["a"]]).search(["a"], 0)


def test_a_code_is_found_however_it_is_typed():
    assert bm25.words("Error E-4127, v2.1. 30") == ["error", "e-4127", "4127", "v2.1", "30"]
    index = BM25([bm25.words(row) for row in ("E-4172: plan expired", "E-4127: clock is off", "error after update")])
    for typed in ("E-4127", "e4127", "E 4127", "code 4127"):
        assert index.search(bm25.words(typed), 1)[0][0] == 1


def test_saturation_and_length():
    values = [bm25.saturated(count, 1.0) for count in range(100)]
    assert values[0] == 0 and values == sorted(values) and values[-1] < 1
    assert bm25.saturated(1, 4.0) < bm25.saturated(1, 1.0) < bm25.saturated(1, 0.25)
    assert bm25.saturated(1, 4.0, b=0) == bm25.saturated(1, 1.0)
    assert bm25.idf(10, 10) > 0
