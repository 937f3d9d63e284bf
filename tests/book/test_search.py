"""The golden queries and the names of things are well-formed, and every answer is a place in the book."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from handbook import ids, search
from handbook.bench import search as bench
from handbook.errors import BookError


def test_every_answer_of_a_golden_query_exists() -> None:
    """`tests/book/ids.txt` holds every address and id of the book, and the build checks that it does."""
    places = set(ids.listed())
    wrong = [
        f"{query.where}: “{query.ask}” is answered by {answer}, which the book does not have"
        for query in bench.golden()
        for answer in query.answer
        if answer not in places
    ]
    assert wrong == []


def test_golden_queries_are_asked_once_and_halved_by_their_hash() -> None:
    queries = bench.golden()
    twice = [ask for ask, count in Counter(query.ask.lower() for query in queries).items() if count > 1]
    assert twice == []
    assert len(queries) >= 100
    assert {query.kind for query in queries} == set(bench.KINDS)
    assert 0.35 <= sum(query.held for query in queries) / len(queries) <= 0.65
    assert all(query.answer for query in queries)


def test_a_malformed_query_is_refused(tmp_path: Path) -> None:
    (tmp_path / "new.yml").write_text("- {ask: ECE, kind: abbreviation, answer: [a/#b]}\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"new\.yml.*ECE"):
        bench.golden(tmp_path)


def test_the_names_of_things_are_well_formed(tmp_path: Path) -> None:
    assert len(search.synonyms()["same"]) > 50
    for text, said in (
        ("same:\n  - [ECE]\n", "two names"),
        ("same:\n  - [F1, 1]\n", "quote numbers"),
        ("same:\n  - [ECE, x]\n  - [ece, y]\n", "two groups"),
        ("alike:\n  - [a, b]\n", "neither"),
    ):
        path = tmp_path / "synonyms.yml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BookError, match=said):
            search.synonyms(path)
