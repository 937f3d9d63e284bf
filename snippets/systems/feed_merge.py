"""One page out of many followed accounts' lists. Serves docs/systems/feed.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple


class Post(NamedTuple):
    """A post in a list: its time or score, its id, who wrote it."""

    score: float
    post_id: int
    author: str


# --8<-- [start:merge]
def merge_feeds(
    lists: Sequence[Sequence[Post]],
    k: int,
    cap: int,
    seen: Collection[int] = (),
) -> list[Post]:
    """The k best posts of many lists, at most `cap` of one author, none twice or seen.

    Each list is sorted by (score, post_id), best first; the page comes in that order.
    Fewer than k where the lists or the caps give no more. Lists are read no further
    than needed: O((m + r) log m) time for m lists and r rows read, O(m + k) memory
    beside `seen`, which should be a set.
    """
    heads = [(-feed[0].score, -feed[0].post_id, i, 0) for i, feed in enumerate(lists) if feed]
    heapify(heads)
    page: list[Post] = []
    taken, by_author = set(seen), Counter[str]()
    while heads and len(page) < k:
        _, _, i, at = heads[0]
        post = lists[i][at]
        if at + 1 < len(lists[i]):
            following = lists[i][at + 1]
            heapreplace(heads, (-following.score, -following.post_id, i, at + 1))
        else:
            heappop(heads)
        if post.post_id not in taken and by_author[post.author] < cap:
            page.append(post)
            taken.add(post.post_id)
            by_author[post.author] += 1
    return page


# --8<-- [end:merge]
