"""Merging followed lists, against sorting everything and against every possible page."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.systems.feed_merge import Post, merge_feeds

# A post has one author and one score wherever it turns up; scores tie.
known = st.builds(lambda i, s: Post(float(s), i, "abc"[i % 3]), st.integers(0, 11), st.integers(0, 2))
feeds = st.lists(known, max_size=14, unique_by=lambda post: post.post_id).flatmap(
    lambda posts: st.lists(
        st.lists(st.sampled_from(posts), unique=True).map(lambda feed: sorted(feed, reverse=True))
        if posts
        else st.just([]),
        max_size=4,
    )
)


def by_sorting(lists: list[list[Post]], k: int, cap: int, seen: set[int]) -> list[Post]:
    """Sort the distinct posts, then keep what the rules allow."""
    page: list[Post] = []
    for post in sorted({post for feed in lists for post in feed}, reverse=True):
        if post.post_id not in seen and sum(post.author == p.author for p in page) < cap and len(page) < k:
            page.append(post)
    return page


@settings(max_examples=150, deadline=None)
@given(feeds, st.integers(0, 6), st.integers(0, 3), st.sets(st.integers(0, 11), max_size=4))
def test_equals_sorting_everything(lists: list[list[Post]], k: int, cap: int, seen: set[int]) -> None:
    assert merge_feeds(lists, k, cap, seen) == by_sorting(lists, k, cap, seen)


# --8<-- [start:best]
@settings(max_examples=80, deadline=None)
@given(feeds, st.integers(0, 4), st.integers(0, 2))
def test_no_allowed_page_scores_more(lists: list[list[Post]], k: int, cap: int) -> None:
    posts = {post for feed in lists for post in feed}
    allowed = (
        page
        for size in range(k + 1)
        for page in combinations(posts, size)
        if all(n <= cap for n in Counter(p.author for p in page).values())
    )
    best = max(sum(p.score for p in page) for page in allowed)
    assert sum(p.score for p in merge_feeds(lists, k, cap)) == best


# --8<-- [end:best]


def test_edges_by_hand() -> None:
    a, b, c = Post(3, 1, "ann"), Post(2, 2, "ann"), Post(1, 3, "bob")
    assert merge_feeds([], 5, 2) == []
    assert merge_feeds([[], []], 5, 2) == []
    assert merge_feeds([[a, b, c]], 0, 2) == []
    assert merge_feeds([[a, b, c]], 5, 0) == []
    assert merge_feeds([[a, b], [c]], 2, 1) == [a, c]
    assert merge_feeds([[a, b], [a, c]], 5, 2) == [a, b, c]
    assert merge_feeds([[a, b, c]], 5, 2, {1}) == [b, c]
    tied = Post(3, 9, "cat")
    assert merge_feeds([[a], [tied]], 2, 1) == [tied, a]


def test_reads_no_further_than_needed() -> None:
    """The second list is long and never reached beyond its head."""

    class Watched(list[Post]):
        furthest = 0

        def __getitem__(self, i):  # type: ignore[no-untyped-def, override]
            self.furthest = max(self.furthest, i)
            return super().__getitem__(i)

    long = Watched([Post(-float(i), i, "bob") for i in range(1, 1000)])
    assert len(merge_feeds([[Post(9.0, 2000, "ann"), Post(8.0, 2001, "ann")], long], 2, 5)) == 2
    assert long.furthest == 0
    assert len(merge_feeds([long], 3, 1)) == 1
    assert long.furthest == 998  # a cap that one author has used up reads to the end


def test_two_caps_break_the_greedy_page() -> None:
    """The example of the follow-up: one post per author and one per topic; the best first leaves 10 of 18."""
    rows = [(10, "ann", "news"), (9, "ann", "food"), (9, "bob", "news")]
    authors, topics, greedy = set(), set(), 0
    for score, author, topic in rows:
        if author not in authors and topic not in topics:
            authors.add(author)
            topics.add(topic)
            greedy += score
    assert greedy == 10
    pairs = [(x, y) for x, y in combinations(rows, 2) if x[1] != y[1] and x[2] != y[2]]
    assert max(x[0] + y[0] for x, y in pairs) == 18
