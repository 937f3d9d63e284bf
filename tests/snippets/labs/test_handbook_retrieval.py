"""Search over the frozen book: the data's form, and every retriever against an independent implementation."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.labs import handbook_retrieval as lab

ROW = {"page": "a/", "id": "b", "path": ["A", "B"], "text": "some text"}


@pytest.fixture(scope="module")
def book() -> list[lab.Section]:
    return lab.sections()


@pytest.fixture(scope="module")
def asked(book: list[lab.Section]) -> list[lab.Question]:
    return lab.questions(section.address for section in book)


# The data


def test_the_snapshot_is_small_and_whole(book: list[lab.Section]) -> None:
    assert lab.SNAPSHOT.stat().st_size < 1_500_000
    assert len(book) > 400
    assert not any(section.address.startswith("labs/handbook-retrieval") for section in book)
    assert {section.address.split("/")[0] for section in book} == {"chapters", "systems", "labs", "reference"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "is no JSON"),
        ("[1]", "must be an object"),
        (json.dumps(ROW | {"extra": 1}), "must be an object"),
        (json.dumps(ROW | {"page": 1}), "`page` must be a text"),
        (json.dumps(ROW | {"path": []}), "`path` must be a list"),
        (json.dumps(ROW | {"path": "A"}), "`path` must be a list"),
        (json.dumps(ROW | {"path": [1]}), "`path` must be a list"),
        (json.dumps(ROW | {"text": " "}), "`text` is empty"),
        (json.dumps(ROW), "a/#b stands here a second time"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "book.jsonl"
    file.write_text(json.dumps(ROW) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"book\.jsonl:2: ") as error:
        lab.sections(file)
    assert message in str(error.value)


def test_a_good_snapshot_and_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    file.write_text(json.dumps(ROW) + "\n" + json.dumps(ROW | {"id": ""}), encoding="utf-8")
    assert [section.address for section in lab.sections(file)] == ["a/#b", "a/"]
    file.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no section"):
        lab.sections(file)


def test_every_answer_says_what_it_was_labeled_for(book: list[lab.Section], asked: list[lab.Question]) -> None:
    texts = {section.address: " ".join(section.text.split()) for section in book}
    for question in asked:
        quote = " ".join(question.quote.replace(" / ", " ").split())
        assert any(quote in texts[address] for address in question.best), question.ask
    assert all(question.best <= question.right for question in asked)
    assert len(asked) >= 84 and len({question.ask for question in asked}) == len(asked)
    assert all(sum(q.kind == kind for q in asked) == 18 for kind in lab.KINDS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "other"}, "the kind is one of"),
        ({"best": ["a/#x"]}, "the snapshot has no"),
        ({"also": ["a/#b"]}, "graded twice"),
        ({"answer": 1}, "has \\['answer'\\]"),
        ({"quote": None}, "lacks \\['quote'\\]"),
    ],
)
def test_a_question_out_of_form_is_named(tmp_path: Path, change: dict, message: str) -> None:
    row = {"ask": "what?", "kind": "term", "best": ["a/#b"], "quote": "some"} | change
    file = tmp_path / "q.yml"
    file.write_text(json.dumps([{k: v for k, v in row.items() if v is not None}]), encoding="utf-8")
    with pytest.raises(ValueError, match=f"q.yml: 'what\\?'.*{message}"):
        lab.questions(["a/#b"], file)


def test_the_books_search_was_asked_everything(book: list[lab.Section], asked: list[lab.Question]) -> None:
    known = {section.address for section in book}
    for version in ("as it is", "without synonyms"):
        found = lab.own_search(asked, version)
        assert len(found) == len(asked) and all(set(addresses) <= known for addresses in found)
    with pytest.raises(ValueError, match="no answer to"):
        lab.own_search([asked[0]._replace(ask="new")], "as it is")


def test_halves_are_blind_equal_and_apart(asked: list[lab.Question]) -> None:
    tune, test = lab.halves(asked)
    assert {q.ask for q in tune}.isdisjoint(q.ask for q in test) and len(tune) + len(test) == len(asked)
    assert all(sum(q.kind == kind for q in tune) == 9 for kind in lab.KINDS)
    again, _ = lab.halves(asked[::-1])
    assert {q.ask for q in again} == {q.ask for q in tune}
    fewer, more = lab.halves(asked[:3])
    assert (len(fewer), len(more)) == (1, 2)


def test_the_lab_reads_the_snapshot_only() -> None:
    """No built page, no Markdown, no address: the notebook names no file, and the module only its data."""
    notebook = json.loads((Path(__file__).parents[3] / "docs/labs/handbook-retrieval.ipynb").read_text("utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    module = Path(lab.__file__).read_text(encoding="utf-8")
    for source in [*code, module]:
        called = {
            node.func.id
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"open", "exec", "eval"}
    assert not any(word in source for source in code for word in ("Path(", "http", ".md", ".jsonl", "requests"))
    assert {lab.SNAPSHOT.parent, lab.QUESTIONS.parent} == {lab.DATA}


# Words


def test_stems_meet() -> None:
    assert lab.stem("monitors") == lab.stem("monitor") == lab.stem("monitoring")
    assert lab.stem("model's") == lab.stem("models") == "model"
    assert (lab.stem("loss"), lab.stem("336,776"), lab.stem("0.05")) == ("loss", "336776", "0.05")
    assert lab.words("") == [] and lab.words("P99: 100 ms.") == ["p", "99", "100", "ms"]


@given(st.text(max_size=40), st.integers(2, 6))
def test_letters_cover_each_word(text: str, size: int) -> None:
    for word in lab.WORD.findall(text.lower()):
        pieces = lab.letters(word, size)
        assert all(len(piece) == min(size, len(word) + 2) for piece in pieces)
        assert pieces[0].startswith("_") and pieces[-1].endswith("_")
    assert lab.letters("", size) == []


@given(st.lists(st.text("ab", min_size=1, max_size=3), max_size=60), st.integers(1, 9), st.data())
def test_passages_hold_every_word_and_overlap(split: list[str], size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    pieces = [piece.split() for piece in lab.passages(" ".join(split), size, overlap)]
    back = pieces[0] + [word for piece in pieces[1:] for word in piece[overlap:]]
    assert back == split
    assert all(len(piece) <= size for piece in pieces)


@pytest.mark.parametrize("overlap", [-1, 5])
def test_an_impossible_overlap_raises(overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap"):
        lab.passages("a b", 5, overlap)


# BM25


def test_bm25_against_bm25s(book: list[lab.Section]) -> None:
    texts = [lab.words(section.text)[:300] for section in book[:120]]
    theirs = bm25s.BM25(method="lucene", k1=1.5, b=0.6)
    theirs.index(texts, show_progress=False)
    ours = lab.BM25(texts, k1=1.5, b=0.6)
    for query in ("calibrated threshold by cost", "nan loss", "chargeback delay 45 days"):
        terms = [term for term in lab.words(query) if term in ours.weights]
        # Lucene drops the constant (k1 + 1), which changes no order.
        np.testing.assert_allclose(ours.scores(terms) / 2.5, theirs.get_scores(terms), rtol=1e-4)


def test_bm25_without_texts_words_or_matches() -> None:
    assert lab.BM25([]).scores(["a"]).tolist() == []
    index = lab.BM25([[], ["a"], ["a", "a", "b"]])
    assert index.scores([]).tolist() == index.scores(["z"]).tolist() == [0, 0, 0]
    one, two = index.scores(["a"])[1:], index.scores(["a", "a"])[1:]
    np.testing.assert_allclose(two, 2 * one)
    assert index.scores(["a"])[0] == 0 and (one > 0).all()


# Vectors


def test_packaged_vectors() -> None:
    tokens = lab.Tokens()
    ids = tokens.ids(["fraud", "credit card fraud", "gradient descent", ""])
    vectors = tokens.vectors(ids)
    assert vectors.shape == (4, 256)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0], atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    alone = np.zeros(len(tokens.table))
    alone[ids[0]] = 1.0
    np.testing.assert_allclose(tokens.vectors(ids[1:2], alone)[0], vectors[0], atol=1e-5)


def test_missing_vectors_are_named() -> None:
    with pytest.raises(FileNotFoundError, match="make setup"):
        lab.Tokens("no_such_package")
    with pytest.raises(FileNotFoundError, match="json has no"):
        lab.Tokens("json")


def test_late_interaction() -> None:
    rows = lab.unit(np.array([[1, 0], [0, 2], [3, 3]], dtype=np.float32))
    assert lab.late_interaction(rows[:2], rows) == pytest.approx(1)
    assert lab.late_interaction(rows[2:], rows[:1]) == pytest.approx(0.5**0.5)
    assert lab.late_interaction(rows[:0], rows) == lab.late_interaction(rows, rows[:0]) == 0


# Lists and their measures


def test_lists_are_merged_by_rank() -> None:
    merged = lab.fused([[2, 0, 1], np.array([2])], 4, k=1)
    np.testing.assert_allclose(merged, [1 / 3, 1 / 4, 1 / 2 + 1 / 2, 0])
    assert lab.ranking(merged).tolist() == [2, 0, 1, 3]
    assert lab.fused([], 2).tolist() == [0, 0]
    assert lab.ranking(np.array([0.1, 0.1000001, 0.2])).tolist() == [2, 0, 1], "a tie keeps the order"


def test_best_passage() -> None:
    found = lab.best_of(np.array([1.0, 3.0, 2.0]), np.array([0, 0, 2]), 3)
    assert found.tolist() == [3, -np.inf, 2]


def test_measures() -> None:
    right = frozenset({"b", "d"})
    assert lab.first_right([2, 3, 1], ["a", "b", "c", "d"], right) == 2
    assert lab.first_right([2], ["a", "b", "c"], right) == 0
    assert lab.recall_at([1, 5, 6, 0]) == 0.5 and lab.recall_at([1, 5, 6, 0], 1) == 0.25
    assert lab.mrr([1, 2, 0]) == 0.5
    assert np.isnan(lab.recall_at([])) and np.isnan(lab.mrr([]))


def test_cover() -> None:
    idf = {"a": 1.0, "b": 3.0}
    assert lab.covered(["a", "b", "z"], ["b", "c"], idf) == 0.75
    assert lab.covered(["z"], ["z"], idf) == lab.covered([], [], idf) == 0


def test_timing_warms_up_and_counts_milliseconds() -> None:
    asked: list[str] = []
    ticks = iter([1.0, 1.002, 2.0, 2.001])
    spent = lab.timed(asked.append, ["a", "b"], lambda: next(ticks))
    np.testing.assert_allclose(spent, [2, 1])
    assert asked == ["a", "a", "b"]


def test_the_pages_numbers() -> None:
    assert lab.noted("questions") == 108
    assert len(lab.noted("words_range")) == 2
    assert lab.POOLED > 1000
