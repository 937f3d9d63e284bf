"""Rewriting: one call, no leak between conversations, nothing lost."""

import pytest

from snippets.llm_systems.rewriting import keeps, queries


class Rewriter:
    def __init__(self, answer):
        self.answer, self.calls = answer, 0

    def __call__(self, history, question):
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("question", "rewritten", "kept"),
    [
        ("E-4127 again", "error e-4127 appears again", True),
        ("E-4127 again", "error E-4172 appears again", False),
        ("after 14 days?", "refund after 14 days", True),
        ("after 14 days?", "refund after two weeks", False),
        ('says "try later"', 'the app says "try later"', True),
        ('says "try later"', "the app says to wait", False),
        ("it doesn't sync", "sync fails", False),
        ("it doesn't sync", "sync does not work", True),
        ("it doesn’t sync", "sync problem", False),
        ("I know the price", "price", True),
        ("7", "code 17", False),
        ("and for the other one?", "cancel the family plan", True),
    ],
)
def test_keeps(question, rewritten, kept):
    assert keeps(question, rewritten) is kept


def test_a_first_turn_is_searched_as_typed():
    rewrite = Rewriter("x")
    assert queries([], "cancel", rewrite, {}, "r1") == ["cancel"]
    assert rewrite.calls == 0


def test_a_follow_up_is_rewritten_once_and_searched_both_ways():
    rewrite, cache = Rewriter("cancel the family plan"), {}
    for _ in range(2):
        assert queries(["cancel"], "and family?", rewrite, cache, "r1") == ["and family?", "cancel the family plan"]
    assert rewrite.calls == 1


def test_the_cache_keeps_conversations_and_releases_apart():
    rewrite, cache = Rewriter("y"), {}
    for history, release in ((["a"], "r1"), (["b"], "r1"), (["a"], "r2"), (["a", "q"], "r1")):
        queries(history, "q", rewrite, cache, release)
    queries(["a"], "q", rewrite, cache, "r1")
    assert rewrite.calls == len(cache) == 4


@pytest.mark.parametrize("answer", ["q 14", "drops the number"])
def test_an_unchanged_or_unfaithful_rewrite_is_not_used(answer):
    assert queries(["a"], "q 14", Rewriter(answer), {}, "r") == ["q 14"]


def test_a_failure_leaves_the_question_and_is_not_cached():
    cache = {}
    assert queries(["a"], "q", Rewriter(TimeoutError()), cache, "r") == ["q"]
    assert cache == {}
    with pytest.raises(KeyError):  # a bug is not a time-out
        queries(["a"], "q", Rewriter(KeyError()), cache, "r")
