"""The frozen text: which sections it takes, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from handbook import search, snapshot

PAGE = """<!doctype html><html><body><article><h1>{title}</h1><p>{text}</p><h2 id="b">B</h2>
<h3 id="c">C</h3><p>{text}</p><h2 id="d">D</h2><p>short</p></article></body></html>"""
TEXT = "Long enough to answer somebody's question."


def test_sections_with_text_their_headings_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = []
    for address in ("chapters/x/", snapshot.ITSELF, "practice/"):
        (tmp_path / address).mkdir(parents=True)
        (tmp_path / address / "index.html").write_text(PAGE.format(title="X", text=TEXT), encoding="utf-8")
        places = {"": ("X", TEXT), "#b": ("B", ""), "#c": ("C", TEXT), "#d": ("D", "short")}
        docs += [{"location": address + at, "title": title, "text": text} for at, (title, text) in places.items()]
    (tmp_path / "search").mkdir()
    (tmp_path / search.INDEX).write_text(
        json.dumps({"docs": docs, "synonyms": {"same": [["somebody", "folks"]], "near": []}}), encoding="utf-8"
    )
    out = tmp_path / "data" / "book.jsonl"
    monkeypatch.setattr(snapshot, "QUESTIONS", tmp_path / "q.yml")
    snapshot.QUESTIONS.write_text("- {ask: question}\n- {ask: folks}\n", encoding="utf-8")
    assert snapshot.write(tmp_path, out, tmp_path / "a.json").startswith("2 sections")
    answered = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert set(answered["as it is"]["question"]) == {"chapters/x/", "chapters/x/#c"}
    assert answered["as it is"]["folks"] and not answered["without synonyms"]["folks"]
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"page": "chapters/x/", "id": "", "path": ["X"], "text": TEXT},
        {"page": "chapters/x/", "id": "c", "path": ["X", "B", "C"], "text": TEXT},
    ]


def test_the_labs_file_is_the_one_that_is_written() -> None:
    from snippets.labs import handbook_retrieval

    assert handbook_retrieval.SNAPSHOT == snapshot.FILE
    assert (handbook_retrieval.ANSWERS, handbook_retrieval.QUESTIONS) == (snapshot.ANSWERS, snapshot.QUESTIONS)
