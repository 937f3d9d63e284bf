"""The Anki deck from small pages: HTML → fields, fields → file."""

from __future__ import annotations

import doctest
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from handbook.cards import PARTS, Card
from handbook.editions import anki, anki_html, anki_notes, anki_types
from handbook.editions.anki_html import Field
from handbook.editions.anki_notes import Note
from handbook.editions.anki_types import TYPES
from handbook.errors import BookError
from handbook.grammar import Prompt
from handbook.html import BuiltPage
from handbook.pages import ROOT
from lxml import html as lxml_html

SITE_URL = "https://book.example/handbook/"
MATH = '<span aria-label="x" class="math math-inline" data-tex="x" role="img"><svg width="1ex" aria-hidden="true"><path d="m1"/></svg></span>'


def page(article: str, address: str = "chapters/metrics/") -> BuiltPage:
    return BuiltPage(Path(), address, f"<!doctype html><html><body><article>{article}</article></body></html>")


@pytest.fixture
def field() -> Callable[[str], str]:
    """What stands in an element → the HTML of a field."""
    return lambda text: Field("chapters/metrics/", SITE_URL).inner(
        lxml_html.fragment_fromstring(text, create_parent="div")
    )


@pytest.mark.parametrize("module", [anki, anki_html, anki_notes])
def test_docstrings(module: object) -> None:
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.attempted
    assert done.failed == 0


@pytest.mark.parametrize(
    ("built", "expected"),
    [
        ("<p>a <em>b</em> <code>c</code></p>", "<p>a <em>b</em> <code>c</code></p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ('<a href="../x/#y">z</a>', f'<a href="{SITE_URL}chapters/x/#y">z</a>'),
        ('<a href="#y">z</a>', f'<a href="{SITE_URL}chapters/metrics/#y">z</a>'),
        ('<a href="https://arxiv.org/abs/1">z</a>', '<a href="https://arxiv.org/abs/1">z</a>'),
        ('<a class="term" href="#y" title="T: one\n“two”">t</a>', f'<a href="{SITE_URL}chapters/metrics/#y" class="term" title="T: one “two”">t</a>'),
        ('<a class="checked" data-n="1" href="#__how1" id="__n1">1 %</a>', '<span class="nobr">1 %</span>'),
        ('<a class="checked" data-n="1" href="#__how1" id="__n1">12</a>', "12"),
        ('a<a class="headerlink" href="#a" title="Link">¶</a>', "a"),
        ('<p>a</p><p class="related">more</p>', "<p>a</p>"),
        ('<ol start="3"><li id="src-a">a</li></ol>', '<ol start="3"><li>a</li></ol>'),
        ('<table class="data"><tbody><tr><td style="text-align: right;">1</td></tr></tbody></table>',
         '<table class="data"><tbody><tr><td style="text-align: right;">1</td></tr></tbody></table>'),
        ('<div class="highlight"><span class="filename">a.py</span><pre><span></span><code><span class="kn">import</span> <span class="n">os</span>\n</code></pre></div>',
         '<div class="highlight"><span class="filename">a.py</span><pre><code><span class="k">import</span> os\n</code></pre></div>'),
        ('<div class="highlight"><pre><code><span class="hll"><span class="c1"># x</span>\n</span></code></pre></div>',
         '<div class="highlight"><pre><code><span class="hll"><span class="c"># x</span>\n</span></code></pre></div>'),
        (MATH, '<span aria-label="x" class="math math-inline" data-tex="x" role="img"><svg width="1ex" aria-hidden="true"><path d="m1"></path></svg></span>'),
        ("<p>price[$]x[/$] [sound:a.mp3] a[1]</p>", "<p>price&#91;$]x&#91;/$] &#91;sound:a.mp3] a[1]</p>"),
        ("a<!-- b -->c", "ac"),
        (r"<p><code>re.compile(r'\(\[')</code></p>", r"<p><code>re.compile(r'\(\[')</code></p>"),
    ],
)  # fmt: skip
def test_html(field: Callable[[str], str], built: str, expected: str) -> None:
    assert field(built) == expected


def test_tabs_are_disclosures(field: Callable[[str], str]) -> None:
    tabs = (
        '<div class="tabbed-set tabbed-alternate" data-tabs="1:2"><input id="a" name="t" type="radio"><input checked="checked" id="b" name="t" type="radio">'
        '<div class="tabbed-labels"><label for="a">Python</label><label for="b"><a href="#b">SQL</a></label></div>'
        '<div class="tabbed-content"><div class="tabbed-block"><p>one</p></div><div class="tabbed-block"><p>two</p></div></div></div>'
    )
    assert field(tabs) == (
        '<details class="tab"><summary>Python</summary><p>one</p></details>'
        '<details class="tab" open><summary>SQL</summary><p>two</p></details>'
    )
    with pytest.raises(BookError, match="has 1 labels and 2 tabs"):
        field(tabs.replace('<label for="a">Python</label>', ""))


@pytest.mark.parametrize(
    ("built", "message"),
    [
        ("<video></video>", "chapters/metrics/: <video> is a tag that the Anki deck doesn't know; teach `handbook/editions/anki_html.py`"),
        ('<p class="new">a</p>', "has the class `new`"),
        ('<p style="color: red">a</p>', 'has the attribute style="color: red"'),
        ('<p onclick="x()">a</p>', "has the attribute onclick"),
        ('<a href="javascript:x()">a</a>', "leads to `javascript:x()`"),
        ('<img src="a.png" alt="a">', "<img> is a tag"),
        (r"<p>a \(x\) b</p>", "which Anki would set as a formula"),
        ('<pre><code><span class="bold">a</span></code></pre>', "has the class `bold`, which the Anki deck doesn't know in code"),
        ("<pre><code><b>a</b></code></pre>", "stands in code"),
        ('<span class="math" aria-label="x">x</span>', "is a formula without a drawing"),
        (MATH.replace('aria-label="x"', ""), "is a formula without a drawing or without a spoken alternative"),
        ('<div class="figure-drawing"><svg><path d="m1"/></svg></div>', "is a picture without an alternative"),
        ('<svg aria-label="a"><script>x</script></svg>', "<script> stands in a drawing"),
        ('<svg aria-label="a"><image href="https://x.example/a.png"/></svg>', "<image> stands in a drawing"),
        ('<svg aria-label="a"><use href="other.svg#a"/></svg>', 'has the attribute href="other.svg#a" in a drawing'),
        ('<svg aria-label="a"><path style="fill: url(https://x.example)"/></svg>', "reaches out of the drawing"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(field: Callable[[str], str], built: str, message: str) -> None:
    with pytest.raises(BookError, match=re.escape(message)):
        field(built)


PROMPT = Prompt("new-id", "A < B", "Why?", "debugging", "mid", ("mle", "applied-scientist"), 12, "", "", "chapters/metrics/index.md", 1)  # fmt: skip
SECTION = """
<section class="prompt"><a class="alias" id="old-id"></a><h3 id="new-id">A &lt; B<a class="headerlink" href="#new-id">¶</a></h3>
<ul class="prompt-meta"><li><a class="badge badge-kind" href="x">debugging</a></li></ul>
<p class="prompt-question">Why?</p>
<div class="prompt-brief"><p>Given <a class="checked" href="#h" id="n">2</a>.</p></div>
<details class="answer"><summary>Model answer</summary>
<div class="answer-part" data-part="opening-line"><p><strong>Opening line.</strong> "Because."</p></div>
<div class="answer-part" data-part="answer"><p><strong>Answer.</strong> One.</p><p>Two.</p></div>
<div class="answer-part" data-part="how-it-is-scored"><p><strong>How it is scored.</strong></p><table class="data"><tbody><tr><th scope="row">weak</th><td>w</td></tr></tbody></table></div>
<div class="answer-part" data-part="follow-ups"><p><strong>Follow-ups.</strong></p>
<p><em>"And?"</em> So.</p><p>More.</p><p><em>"Or?"</em> No.</p></div>
<div class="answer-part" data-part="go-deeper"><p><strong>Go deeper.</strong> <a href="#move">Move</a></p></div>
<p class="prompt-report"><a href="x">Report</a></p></details>
<p class="related">Related prompts: <a href="x">x</a></p></section>"""


def test_a_prompt() -> None:
    (note,) = anki_notes.prompt_notes(page(SECTION), PROMPT.page, "Metrics", [PROMPT], SITE_URL)
    assert note.fields == {
        "Question": "Why?",
        "Title": "A &lt; B",
        "Facts": "debugging · mid · MLE, applied scientist · 12 min",
        "Brief": "<p>Given 2.</p>",
        "Opening line": '"Because."',
        "Answer": "<p>One.</p>\n<p>Two.</p>",
        "How it is scored": '<table class="data"><tbody><tr><th scope="row">weak</th><td>w</td></tr></tbody></table>',
        "Follow-ups": '<details class="probe"><summary>"And?"</summary><p>So.</p><p>More.</p></details>\n'
        '<details class="probe"><summary>"Or?"</summary><p>No.</p></details>',
        "Go deeper": f'<a href="{SITE_URL}chapters/metrics/#move">Move</a>',
        "Address": f"{SITE_URL}q/new-id/",
    }
    assert note.tags == tuple(
        f"handbook::{tag}"
        for tag in ("chapter::metrics", "kind::debugging", "level::mid", "role::applied-scientist", "role::mle")
    )


def test_a_renamed_prompt_is_the_same_note() -> None:
    """Renamed once or twice: the guid is that of the first id; the address is that of the last."""
    guids = set()
    for id_, aliases in [("old-id", ()), ("new-id", ("old-id",)), ("newest", ("old-id", "new-id"))]:
        prompt = replace(PROMPT, id=id_, aliases=aliases)
        (note,) = anki_notes.prompt_notes(
            page(SECTION.replace('h3 id="new-id"', f'h3 id="{id_}"')), prompt.page, "Metrics", [prompt], SITE_URL
        )
        guids.add(note.guid)
        assert note.fields["Address"] == f"{SITE_URL}q/{id_}/"
    assert guids == {anki_notes.guid("prompt", "old-id")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id="new-id">A', 'id="other">A', "1 prompts are written and 1 stand on the built page; look at new-id, other"),
        ('data-part="answer"', 'data-part="more"', "stands in an answer outside of its parts"),
        ("<strong>Answer.</strong> One.", "One.", "does not begin with “Answer.”"),
        ('<p><em>"And?"</em> So.</p>', "<p>So.</p>", "is no follow-up"),
        ("<p>Two.</p>", "<p>Two.</p>lost", "has words outside of its paragraphs"),
        ('<p class="prompt-question">Why?</p>', "", "is a prompt with the parts Brief, Opening line"),
        ('<div class="prompt-brief">', '<div class="prompt-hint"></div><div class="prompt-brief">', "stands in a prompt"),
    ],
)  # fmt: skip
def test_a_prompt_that_would_lose_something_is_refused(old: str, new: str, message: str) -> None:
    assert old in SECTION
    with pytest.raises(BookError, match=re.escape(message)):
        anki_notes.prompt_notes(page(SECTION.replace(old, new)), PROMPT.page, "Metrics", [PROMPT], SITE_URL)


CARD = """<h1>Data</h1><p>Intro.</p><a class="alias" id="oldest"></a><a class="alias" id="older"></a><h2 id="label-noise">Label noise<a class="headerlink" href="#x">¶</a></h2>
<p><strong>Define.</strong> Wrong <strong>Fix.</strong> labels:</p><ul><li>one</li></ul>
<p><strong>Failure mode.</strong> F.</p><p>G.</p><p><strong>Diagnostic.</strong> D.</p><p><strong>Fix.</strong> X.</p>
<p><strong>Asked.</strong> <em>"Can it?"</em> Yes.</p><p><strong>Used in.</strong> <a href="../labels/">L</a></p>
<h2 id="sources">Sources</h2><p>S</p>"""
FUNDAMENTALS = "chapters/fundamentals/data.md"


def card_notes(article: str, ids: tuple[str, ...] = ("label-noise",)) -> list[Note]:
    cards = [Card(FUNDAMENTALS, 1, id_, "Label noise", dict.fromkeys(PARTS, "")) for id_ in ids]
    return anki_notes.card_notes(
        page(article, "chapters/fundamentals/data/"), FUNDAMENTALS, "Fundamentals", cards, SITE_URL
    )


def test_a_concept_card() -> None:
    (note,) = card_notes(CARD)
    assert note.fields == {
        "Title": "Label noise",
        "Facts": "Fundamentals · Data",
        "Define": "<p>Wrong <strong>Fix.</strong> labels:</p>\n<ul><li>one</li></ul>",
        "Failure mode": "<p>F.</p>\n<p>G.</p>",
        "Diagnostic": "D.",
        "Fix": "X.",
        "Asked": '"Can it?"',
        "Asked answer": "Yes.",
        "Used in": f'<a href="{SITE_URL}chapters/fundamentals/labels/">L</a>',
        "Address": f"{SITE_URL}chapters/fundamentals/data/#label-noise",
    }
    assert note.guid == anki_notes.guid("concept", "oldest")
    assert note.tags == ("handbook::chapter::fundamentals::data", "handbook::kind::card")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<strong>Diagnostic.</strong>", "<strong>Diagnose.</strong>", "is a card with the parts Define, Failure mode, Fix"),
        ('<em>"Can it?"</em>', "", "asks nothing"),
        ("<p><strong>Define.</strong>", "<p>Above.</p><p><strong>Define.</strong>", "stands above the parts"),
        ("<p>G.</p>", "<p>G.</p>lost", "is followed by words outside of any paragraph"),
        ("<h2 id=\"sources\">", "<h2 id=\"another\">", "1 cards are written and 2 stand on the built page; look at another"),
    ],
)  # fmt: skip
def test_a_card_that_would_lose_something_is_refused(old: str, new: str, message: str) -> None:
    assert old in CARD
    with pytest.raises(BookError, match=re.escape(message)):
        card_notes(CARD.replace(old, new))


def test_terms() -> None:
    article = '<dl><dt id="a"><a class="alias" id="old"></a>A<a class="headerlink" href="#a">¶</a></dt><dd>One. <a href="../x/">X</a></dd></dl><dl><dt id="b">B</dt><dd>Two.</dd></dl>'
    one, two = anki_notes.term_notes(page(article, "reference/glossary/"), "Glossary", ["a", "b"], SITE_URL)
    assert one.fields == {
        "Term": "A",
        "Definition": f'One. <a href="{SITE_URL}reference/x/">X</a>',
        "Address": f"{SITE_URL}reference/glossary/#a",
    }
    assert (one.guid, two.guid) == (anki_notes.guid("term", "old"), anki_notes.guid("term", "b"))
    with pytest.raises(BookError, match="1 terms are written and 2 stand"):
        anki_notes.term_notes(page(article, "reference/glossary/"), "Glossary", ["a"], SITE_URL)


def test_what_collections_hang_on_never_changes() -> None:
    """A learner's notes are found by these. When this test fails, the code is to be changed, not the test."""
    assert [anki_notes.guid("prompt", "high-auc-blocked-users"), anki_notes.guid("concept", "label-noise"), anki_notes.guid("term", "calibration")] == GUIDS  # fmt: skip
    assert {(kind, model.id, model.name, model.fields, tuple(name for name, _, _ in model.templates)) for kind, model in TYPES.items()} == {
        ("prompt", 1795824000001, "ML Interview Handbook: prompt", ("Question", "Title", "Facts", "Brief", "Opening line", "Answer", "How it is scored", "Follow-ups", "Go deeper", "Address"), ("Prompt",)),
        ("concept", 1795824000002, "ML Interview Handbook: concept", ("Title", "Facts", "Define", "Failure mode", "Diagnostic", "Fix", "Asked", "Asked answer", "Used in", "Address"), ("Concept", "Asked")),
        ("term", 1795824000003, "ML Interview Handbook: term", ("Term", "Definition", "Address"), ("Term",)),
    }  # fmt: skip
    assert anki.deck_id("ML Interview Handbook") == DECK
    assert anki_types.BOOK == "ML Interview Handbook"


GUIDS = ["CABhSK#e0[", "u>!lxzzBf^", "yc{(#h]v<B"]
DECK = 1700668459159


def note(
    kind: str = "term", id_: str = "a", changed: int = 1_800_000_000, deck: str = "Glossary", **fields: str
) -> Note:
    filled = {name: fields.get(name.lower().replace(" ", "_"), name) for name in TYPES[kind].fields}
    return Note(kind, id_, deck, filled, ("handbook::kind::term",), "reference/glossary.md", changed)


def rows(apkg: bytes, query: str) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(apkg)) as opened:
        database = sqlite3.connect(":memory:")
        database.deserialize(opened.read("collection.anki2"))
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_the_file() -> None:
    listed = [note(id_="a", changed=1_800_000_000), note("concept", "c", 1_800_000_005, "Fundamentals")]
    made = anki.package(listed, styled=1_790_000_000)
    assert made == anki.package(listed, styled=1_790_000_000)
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert [(entry.filename, entry.date_time, entry.external_attr >> 16) for entry in opened.infolist()] == [
            ("collection.anki2", (1980, 1, 1, 0, 0, 0), 0o100644),
            ("media", (1980, 1, 1, 0, 0, 0), 0o100644),
        ]
        assert opened.read("media") == b"{}"
    # Each note has its own date, rows are numbered from the newest, and note types have theirs.
    assert rows(made, "select guid, mod from notes order by id") == [
        (anki_notes.guid("term", "a"), 1_800_000_000),
        (anki_notes.guid("concept", "c"), 1_800_000_005),
    ]
    assert rows(made, "select min(id) from notes") == [(1_800_000_005_000,)]
    assert rows(made, "select due, ord, mod from cards order by id") == [(1, 0, 1_800_000_000), (2, 0, 1_800_000_005), (2, 1, 1_800_000_005)]  # fmt: skip
    ((models, decks),) = rows(made, "select models, decks from col")
    assert {model["mod"] for model in json.loads(str(models)).values()} == {1_790_000_000}
    assert {deck["name"] for deck in json.loads(str(decks)).values()} == {
        "Default", "ML Interview Handbook", "ML Interview Handbook::Glossary", "ML Interview Handbook::Fundamentals"
    }  # fmt: skip


def test_the_file_refuses() -> None:
    with pytest.raises(BookError, match="leave `::` out of the title"):
        anki.package([note(deck="A::B")])
    odd = note()
    with pytest.raises(BookError, match="the note has the fields Term; the note type has Term, Definition, Address"):
        anki.package([replace(odd, fields={"Term": "a"})])


def test_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A note is as old as its page, what the page shows, or what draws it, whichever changed last."""
    asked: list[tuple[str, ...]] = []
    when = {"docs/chapters/metrics/classification.md": 20, "docs/reference/glossary.md": None}

    def changed(*paths: str) -> int | None:
        asked.append(paths)
        return when.get(paths[0], anki_notes.FIRST + 10)

    monkeypatch.setattr(anki.dates, "changed", changed)
    page_ = "chapters/metrics/classification.md"
    assert [n.changed for n in anki.dated([replace(note(), page=page_), note()])] == [anki_notes.FIRST + 10] * 2
    assert "snippets/metrics/threshold.py" in next(paths for paths in asked if paths[0] == f"docs/{page_}")
    assert any(path.endswith(".svg") for paths in asked for path in paths) == bool(list(anki._figures(page_)))
    when[f"docs/{page_}"] = anki_notes.FIRST + 30
    assert [n.changed for n in anki.dated([replace(note(), page=page_), note()])] == [
        anki_notes.FIRST + 30,
        anki_notes.FIRST + 10,
    ]
    monkeypatch.setattr(anki.dates, "changed", lambda *paths: None)
    assert anki.dated([note()])[0].changed == anki_notes.FIRST


def test_a_note_that_quotes_the_glossary_is_as_new_as_the_glossary(monkeypatch: pytest.MonkeyPatch) -> None:
    """The link of a term holds its definition: a learner gets the new one, and notes without a term stay untouched."""
    glossary, page_ = "docs/reference/glossary.md", "chapters/metrics/classification.md"
    when = {glossary: anki_notes.FIRST + 50, f"docs/{page_}": anki_notes.FIRST + 30}
    monkeypatch.setattr(anki.dates, "changed", lambda *paths: when.get(paths[0]))
    plain = replace(note(), page=page_)
    link = '<a href="https://book.example/reference/glossary/#f1" class="term" title="F1: a mean">F1</a>'
    quoting = replace(plain, fields={**plain.fields, "Definition": link})
    assert [n.changed for n in anki.dated([plain, quoting])] == [anki_notes.FIRST + 30, anki_notes.FIRST + 50]


def test_what_the_dates_are_asked_of_exists() -> None:
    assert [path for path in anki.DRAWN_BY if not (ROOT / path).exists()] == []


def test_colors_are_those_of_the_site() -> None:
    """Light and night; the site's own test computes the contrast of every pair."""
    site = (ROOT / "overrides/theme/assets/stylesheets/handbook.css").read_text(encoding="utf-8")
    theirs = {name: (light, dark) for name, light, dark in re.findall(r"(--[\w-]+): var\(--l, (#\w+)\) var\(--d, (#\w+)\);", site)}  # fmt: skip
    light, night = re.findall(r"\{([^}]*color-scheme: \w+;)", anki_types.STYLE.read_text(encoding="utf-8"))
    found = [dict(re.findall(r"(--[\w-]+): (#\w+);", block)) for block in (light, night)]
    assert set(found[0]) == set(found[1])
    assert len(found[0]) >= 18
    assert {name: (found[0][name], found[1][name]) for name in found[0]} == {name: theirs[name] for name in found[0]}


def test_the_style_sheet_fetches_nothing_and_knows_what_a_card_holds() -> None:
    css = anki_types.STYLE.read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|@font-face|https?:", css)
    used = set(
        re.findall(
            r'class="([\w -]+)"',
            "".join(back + front for model in TYPES.values() for _, front, back in model.templates),
        )
    )
    used |= {
        "tab",
        "probe",
        "term",
        "nobr",
        "filename",
        "math-display",
        "table-scroll",
        "data",
        "figure-drawing",
        *filter(None, anki_html.TOKENS.values()),
    }
    assert [name for name in sorted(used) if not re.search(rf"\.{name}\b", css)] == []
