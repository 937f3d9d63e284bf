"""The bound on heavy hitters, against counting everything."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from snippets.coding.hitters import heavy_hitters
from snippets.coding.wrong_streams import counts_of

streams = st.lists(st.sampled_from("aaabbcdef"), max_size=40)


# --8<-- [start:bound]
@given(streams, st.integers(1, 5))
def test_counts_are_low_by_at_most_the_bound(stream, k):
    true, found = Counter(stream), heavy_hitters(stream, k)
    assert len(found) <= k
    for item, count in true.items():
        low = count - len(stream) / (k + 1)
        assert low <= found.get(item, 0) <= count


# --8<-- [end:bound]


@given(streams, st.lists(st.sampled_from("abbghhijk"), max_size=40), st.integers(1, 5))
def test_merged_counters_keep_the_bound(left, right, k):
    """Add, take the (k+1)-th off all, drop what isn't positive: the page's rule."""
    both = Counter(heavy_hitters(left, k))
    both.update(heavy_hitters(right, k))
    off = sorted(both.values(), reverse=True)[k] if len(both) > k else 0
    merged = {item: count - off for item, count in both.items() if count > off}
    assert len(merged) <= k
    gone = len(left + right) - sum(merged.values())
    for item, count in Counter(left + right).items():
        low = count - gone / (k + 1)  # tighter than all rows / (k + 1)
        assert low <= merged.get(item, 0) <= count


# --8<-- [start:evict]
def test_dropping_the_smallest_forgets_the_largest():
    for usual in ("", "aab", "aaaabac", "aabbaac"):
        assert counts_of(usual, 2).keys() >= {"a"} & set(usual)
    tie = "abababc"  # 3 of 7 are a: more than a third
    assert heavy_hitters(tie, 2) == {"a": 2, "b": 2}
    assert counts_of(tie, 2) == {"b": 3, "c": 1}


# --8<-- [end:evict]
