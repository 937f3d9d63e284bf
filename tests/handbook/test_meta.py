"""Descriptions, previews, sitemap and dates, from text and a small site."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from handbook import bank, dates, meta, preview
from handbook.grammar import Prompt
from handbook.html import BuiltPage

URL = "https://book.example/handbook/"
SITE = "A book about interviews that says the same of every page."
LONG = "A metric belongs to an action that somebody takes: block, rank, escalate or answer."


def page(head: str, body: str, address: str = "a/") -> BuiltPage:
    return BuiltPage(Path("x"), address, f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>")


def description(text: str) -> str:
    return f'<meta name="description" content="{text}">'


@pytest.mark.parametrize(
    ("head", "body", "says"),
    [
        (description("Its author&#39;s words."), f"<article><p>{LONG}</p></article>", "Its author's words."),
        (description(SITE), f"<article><h1>A</h1><p>{LONG}</p></article>", LONG),
        ("", f"<article><p>{LONG}</p></article>", LONG),
        ("", f"<article><p class='editions'>{LONG}</p><p>Short.</p><p>{LONG} More.</p></article>", f"{LONG} More."),
        ("", f"<article><p>{LONG}<svg><path/></svg></p><p>{LONG} Prose.</p></article>", f"{LONG} Prose."),
        (description(SITE), "<article><h1>A</h1></article>", SITE),
    ],
)
def test_a_page_is_described_by_its_author_or_by_its_first_words(head: str, body: str, says: str) -> None:
    assert meta.described(page(head, body), SITE) == says


@pytest.mark.parametrize("text", [LONG * 3, LONG.replace(".", "") * 3, "a" * 400, "a, " * 100, "word " * 80, LONG])
def test_a_description_is_never_too_long(text: str) -> None:
    assert 60 <= len(meta.short(text)) <= meta.LONGEST


def test_tags_replace_what_an_earlier_run_wrote() -> None:
    text = page(description(SITE), '<h1>A &amp; <em>b</em><a class="headerlink" href=#>¶</a></h1>').text
    once = meta.with_tags(text, 'New "one"', meta.tags("A", "B", URL, "i", kind="article", name="N"))
    assert once.count('name="description"') == once.count('property="og:title"') == 1
    assert 'content="New &quot;one&quot;"' in once
    assert meta.with_tags(once, 'New "one"', meta.tags("A", "B", URL, "i", kind="article", name="N")) == once
    assert meta.titled(BuiltPage(Path("x"), "a/", text)) == "A & b"


def test_a_prompts_forwarding_page_shows_its_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = Prompt("new", "T", "What now?", "decision", "mid", ("mle",), 5, "b", "a", "a.md", 3, ("old",))
    monkeypatch.setattr(bank, "sources", lambda: ["index.md", "a.md"])
    monkeypatch.setattr(dates, "each", lambda _: {"docs/a.md": 86_400 * 365})
    redirect = '<html><head><meta http-equiv="refresh" content="0; url=../"><title>T</title></head></html>'
    for name, text in {
        "index.html": page(description("Home."), "<h1>Home</h1>").text,
        "a/index.html": page(description(SITE), f"<article><h1>A</h1><p>{LONG}</p></article>").text,
        "q/old/index.html": redirect,
        "moved/index.html": redirect,
        "404.html": page("", "<h1>Gone</h1>").text,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "sitemap.xml.gz").write_bytes(b"of the builder")
    meta.finish(tmp_path, URL, [prompt])
    assert '<meta property="og:description" content="What now?">' in (tmp_path / "q/old/index.html").read_text()
    assert "This page has moved: T" in (tmp_path / "moved/index.html").read_text()
    assert "og:" not in (tmp_path / "404.html").read_text()
    assert '"og:type" content="website"' in (tmp_path / "index.html").read_text()
    assert '"og:type" content="article"' in (tmp_path / "a/index.html").read_text()
    assert (tmp_path / "sitemap.xml").read_text() == meta.sitemap({"": None, "a/": 86_400 * 365}, URL) + "\n"
    assert "<lastmod>1971-01-01</lastmod>" in (tmp_path / "sitemap.xml").read_text()
    assert not (tmp_path / "sitemap.xml.gz").exists()


def test_a_files_date_is_that_of_its_last_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    path = "docs/reference/glossary.md"
    assert dates.each("docs")[path] == dates.changed(path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert set(dates.each("docs").values()) == {86_400}


def test_the_picture_is_the_same_each_time_and_of_the_size_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name in ("one", "two"):
        monkeypatch.setattr(preview, "CACHE", tmp_path / name)
        made.append(preview.picture(238))
    assert made[0] == made[1]
    assert made[0].startswith(b"\x89PNG")
    assert struct.unpack(">II", made[0][16:24]) == preview.SIZE
    assert len(made[0]) < 200_000
