"""Filtered search, against an index that never held the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import rights
from snippets.llm_systems.rights import Passage, search, search_then_filter, search_under_mask

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
words = st.frozensets(st.sampled_from("abcde"), max_size=4)
groups = st.frozensets(st.sampled_from("xyz"), max_size=3)
indexes = st.lists(st.tuples(words, groups), max_size=12).map(
    lambda rows: [Passage(f"p{i:02}", w, g) for i, (w, g) in enumerate(rows)]
)


@quick
@given(words, indexes, groups, st.integers(0, 5))
def test_nothing_unreadable_is_shown_and_nothing_tells_that_it_exists(query, index, mine, k) -> None:
    shown = search(query, index, mine, k)
    for passage in index:
        assert passage.id not in shown or passage.groups & mine
    assert shown == search(query, [p for p in index if p.groups & mine], mine, k)


@quick
@given(words, indexes, groups, st.integers(0, 5))
def test_the_leaky_orders_show_nothing_unreadable_either(query, index, mine, k) -> None:
    may = {p.id for p in index if p.groups & mine}
    assert set(search_then_filter(query, index, mine, k)) <= may
    assert set(search_under_mask(query, index, mine, k)) <= may


@quick
@given(words, indexes, groups)
def test_uncut_mask_and_filter_hold_the_same_passages(query, index, mine) -> None:
    assert set(search(query, index, mine, 99)) == set(search_under_mask(query, index, mine, 99))


def test_but_the_leaky_orders_tell() -> None:
    notes = rights.example()
    public = rights.readable(notes, {"everyone"})
    asked = {"merger", "refund"}
    assert len(search_then_filter(asked, public, {"everyone"}, 3)) == 3
    assert len(search_then_filter(asked, notes, {"everyone"}, 3)) == 2
    assert search_under_mask(asked, public, {"everyone"}, 3) != search_under_mask(asked, notes, {"everyone"}, 3)
    assert search(asked, public, {"everyone"}, 3) == search(asked, notes, {"everyone"}, 3)


def test_no_group_means_nobody_and_a_rights_change_is_seen_at_once() -> None:
    orphan = Passage("o", frozenset("a"), frozenset())
    assert search("a", [orphan], {"x", "everyone"}, 3) == []
    assert search("a", [Passage("o", frozenset("a"), frozenset("x"))], {"x"}, 3) == ["o"]
    assert search("a", [], {"x"}, 3) == search("", [orphan], {"x"}, 3) == []


def test_groups_as_a_bare_string_are_refused_not_read_letter_by_letter() -> None:
    legal = Passage("l", frozenset({"merger"}), frozenset("legal"))  # an import that split the string
    for way in (search, search_then_filter, search_under_mask):
        with pytest.raises(TypeError, match="groups"):
            way({"merger"}, [legal], "all", 3)
    assert search({"merger"}, [legal], {"all"}, 3) == []
