"""Cosine top-k against scikit-learn, the inverted file against faiss, the recorded measurement's code on a few rows."""

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from snippets.llm_systems import ann
from snippets.llm_systems.dense import InvertedFile, cosine_top_k, unit

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@quick
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 15), st.booleans())
def test_top_k_is_the_sorted_cosine(seed, n, k, coarse):
    rng = np.random.default_rng(seed)
    rows, question = rng.integers(-1, 2, (n, 3)) + (0 if coarse else rng.random((n, 3))), rng.standard_normal(3)
    allowed = rng.random(n) < 0.6
    scores = unit(rows) @ unit(question)
    assert scores == pytest.approx(cosine_similarity(rows, question[None])[:, 0])
    order = sorted(range(n), key=lambda i: (-scores[i], i))
    assert cosine_top_k(question, rows, k) == order[:k]
    assert cosine_top_k(question, rows, k, allowed) == [i for i in order if allowed[i]][:k]


def test_degenerate_questions_and_filters():
    rows = np.array([[1.0, 0], [0, 0], [-1, 0]])
    assert cosine_top_k(np.array([2.0, 0]), rows, 3) == [0, 1, 2]
    assert cosine_top_k(np.zeros(2), rows, 2) == [0, 1]
    assert cosine_top_k(np.ones(2), rows, 2, np.zeros(3, dtype=bool)) == []
    assert cosine_top_k(np.ones(2), np.empty((0, 2)), 2) == []
    with pytest.raises(ValueError, match="k is 0"):
        cosine_top_k(np.ones(2), rows, 0)


def test_the_filter_sees_what_a_filter_afterward_cannot():
    rows = np.array([[1, 0.0], [1, 0.1], [1, 0.2], [0.5, 1]])
    allowed = np.array([False, False, False, True])
    top = cosine_top_k(np.array([1.0, 0]), rows, 3)
    assert [row for row in top if allowed[row]] == []
    assert cosine_top_k(np.array([1.0, 0]), rows, 3, allowed) == [3]


def test_inverted_file_is_that_of_faiss_on_the_same_centers():
    rows = ann.help_center(60, 4, 16)
    asked, _ = ann.questions_to(rows, 20)
    mine = InvertedFile.build(rows, 12)
    quantizer = faiss.IndexFlatIP(16)
    theirs = faiss.IndexIVFFlat(quantizer, 16, 12, faiss.METRIC_INNER_PRODUCT)
    quantizer.add(mine.centers.astype(np.float32))
    theirs.is_trained = True
    theirs.add(rows)
    compared = []
    for probes in (1, 3, 12):
        theirs.nprobe = probes
        for one in asked:
            got, count = mine.search(one, 5, probes)
            expected = [int(i) for i in theirs.search(one[None], 5)[1][0] if i >= 0]
            assert got == expected
            compared.append(count)
    assert max(compared) == len(rows) + 12
    assert all(mine.search(one, 5, 12)[0] == cosine_top_k(one, rows, 5) for one in asked)


def test_inverted_file_with_empty_lists():
    rows = np.array([[1.0, 0]] * 4)
    index = InvertedFile.build(rows, 3)
    assert len(index.centers) == 3
    assert index.search(np.array([1.0, 0]), 2, 1) == ([0, 1], 7)
    assert InvertedFile(rows, np.array([[1.0, 0], [0, 1]]), np.zeros(4, int)).search(np.array([0, 1.0]), 2, 1) == (
        [],
        2,
    )
    for lists in (0, 5):
        with pytest.raises(ValueError, match="lists"):
            InvertedFile.build(rows, lists)


def test_measure_runs_and_exact_finds_all():
    rows = ann.help_center(20, 6, 16)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
    table, built = ann.measure(rows, count=5)
    assert table[0].name == "exact" and table[0].recall == 1
    assert {row.name for row in table} == set(built) == {"exact", "inverted file", "graph"}
    assert table[7].recall == 1  # 64 probes of 11 lists
    assert all(row.median_ms > 0 and 0 <= row.meant <= 1 for row in table)
