"""Near-duplicates against exact Jaccard, simulation and datasketch."""

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.data_audit import dedup

quick = settings(max_examples=30, deadline=None, derandomize=True, database=None)
words = st.sets(st.sampled_from("abcdefgh"), max_size=8)


def pair(same, each):
    """Two sets that share so many items and hold so many more each."""
    return {f"s{i}" for i in range(same)} | {f"a{i}" for i in range(each)}, {f"s{i}" for i in range(same)} | {
        f"b{i}" for i in range(each)
    }


def test_shingles():
    assert dedup.shingles("Red bike, 26 inch!") == {"red bike", "bike 26", "26 inch"}
    assert dedup.shingles("Bike") == {"bike"}
    assert dedup.shingles(" ,") == set()
    assert dedup.shingles("a b c", 1) == {"a", "b", "c"}


@quick
@given(words, words)
def test_jaccard_is_symmetric_and_counts(a, b):
    assert dedup.jaccard(a, b) == dedup.jaccard(b, a)
    assert dedup.jaccard(a, a) == (1.0 if a else 0.0)
    union = len(a | b)
    assert dedup.jaccard(a, b) == (len(a & b) / union if union else 0.0)


@pytest.mark.parametrize(("same", "each"), [(10, 0), (30, 10), (10, 10), (5, 45), (0, 20)])
def test_signatures_estimate_jaccard_as_datasketch_does(same, each):
    a, b = pair(same, each)
    ours = float((dedup.minhash(a, 2_000) == dedup.minhash(b, 2_000)).mean())
    theirs = MinHash(2_000), MinHash(2_000)
    for sketch, items in zip(theirs, (a, b), strict=True):
        for item in items:
            sketch.update(item.encode())
    truth = dedup.jaccard(a, b)
    assert ours == pytest.approx(truth, abs=0.045)  # four standard errors at one half
    assert theirs[0].jaccard(theirs[1]) == pytest.approx(ours, abs=0.06)


def test_an_empty_set_has_the_largest_signature():
    assert (dedup.minhash(set(), 3) == dedup.PRIME).all()


def test_banding_is_what_happens():
    a, b = pair(14, 5)  # Jaccard 14 / 24
    s = dedup.jaccard(a, b)
    hits = [bool(dedup.candidate_pairs([dedup.minhash(a, 40, k), dedup.minhash(b, 40, k)], 10)) for k in range(400)]
    assert np.mean(hits) == pytest.approx(dedup.banding(s, 10, 4), abs=0.08)
    assert dedup.banding(0.0, 10, 4) == 0.0
    assert dedup.banding(1.0, 10, 4) == 1.0


def test_candidates_equal_datasketch_at_the_extremes_and_refuse_a_bad_length():
    same, other = pair(20, 0)[0], {f"z{i}" for i in range(20)}
    signatures = [dedup.minhash(items, 40) for items in (same, other, same)]
    assert dedup.candidate_pairs(signatures, 10) == {(0, 2)}
    index = MinHashLSH(params=(10, 4), num_perm=40)
    for name, items in enumerate((same, other)):
        sketch = MinHash(40)
        for item in items:
            sketch.update(item.encode())
        index.insert(name, sketch)
    again = MinHash(40)
    for item in same:
        again.update(item.encode())
    assert index.query(again) == [0]
    with pytest.raises(ValueError, match="do not divide"):
        dedup.candidate_pairs(signatures, 7)


def test_near_duplicates_across_the_split():
    train = ["Blue bike 26 inch barely used with lock", "Oak table for six"]
    check = ["blue bike, 26 inch, barely used with bell", "Oak table for six", "Vinyl records, jazz"]
    assert dedup.near_duplicates(train, check) == [0, 1]
    assert dedup.near_duplicates([], check) == dedup.near_duplicates(train, []) == []


def test_shared_keys():
    assert dedup.shared([1, 2], [2, 3]) == 0.5
    assert dedup.shared([1], []) == 0.0
