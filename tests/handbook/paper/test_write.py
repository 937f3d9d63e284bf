"""Nodes → Typst → PDF: the code written, and a page of everything that comes out whole."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import pypdf
import pytest
from handbook import config
from handbook.errors import BookError
from handbook.paper import offers, press
from handbook.paper.chapters import Chapter, chapters
from handbook.paper.nodes import (
    Box,
    Cell,
    Code,
    Figure,
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
    Styled,
    Table,
    Text,
    Token,
)
from handbook.paper.write import Writer, breakable, curly, groups_of, string, widths_of

SITE_URL = "https://book.example/handbook/"
CHAPTER = Chapter("a", "A", "Chapters", ("a.md",))


def writer(*blocks: object, address: str = "a/") -> Writer:
    return Writer([Page(address, tuple(blocks))], SITE_URL)  # type: ignore[arg-type]


def test_words_are_strings_and_quotation_marks_are_turned() -> None:
    paragraph = Paragraph((Text('Say "yes" to '), Styled("strong", (Text("both \\ 5 %"),))))
    assert writer().block(paragraph) == 'par({"Say “yes” to ";strong({"both \\\\ 5\u00a0%"})})'


def test_a_slanted_end_keeps_off_what_follows() -> None:
    assert (
        writer().block(Paragraph((Styled("emph", (Text('"Why?"'),)), Text(" So."))))
        == 'par({emph({"“Why?”"});h(0.09em);" So."})'
    )
    assert writer().block(Paragraph((Styled("emph", (Text("Why"),)), Text(" So.")))) == 'par({emph({"Why"});" So."})'


@pytest.mark.parametrize(
    ("straight", "printed"),
    [
        ("it's", "it’s"),
        ("'a' (\"b\")", "‘a’ (“b”)"),
        ("precision@10 of 5\" and 'n'", "precision@10 of 5” and ‘n’"),
        ('models\' "x"', "models’ “x”"),
    ],
)
def test_quotation_marks(straight: str, printed: str) -> None:
    assert curly(straight) == printed


def test_quotation_marks_see_across_markup() -> None:
    inlines = (Text('"'), Styled("emph", (Text("a"),)), Text('" and '), Code("x"), Text("'s"))
    assert writer().inlines(inlines) == '{"“";emph({"a"});"” and ";code("x");"’s"}'


def test_a_link_jumps_inside_the_file_and_says_the_page_or_leads_to_the_site() -> None:
    book = Writer([Page("a/", (Heading(2, "here", ()),)), Page("b/", (Item("src-x", ()),))], SITE_URL)  # type: ignore[arg-type]
    assert book.link(Link("a/#here", (Text("x"),))) == 'to("a/#here",{"x"});page-of("a/#here")'
    assert book.link(Link("b/#gone", (Text("x"),))) == 'to("b/",{"x"});page-of("b/")', "an unknown place: its page"
    assert book.link(Link("c/#d", (Text("x"),))) == f'out("{SITE_URL}c/#d",{{"x"}})'
    assert book.link(Link("https://x.org/", (Text("x"),))) == 'out("https://x.org/",{"x"})'
    assert "page-of" not in book.link(Link("b/#src-x", (Text("x"),)))


def test_sources_show_their_address() -> None:
    book = writer()

    def source(href: str, text: str) -> str:
        return book.item(Item("src-a", (Paragraph((Link(href, (Text(text),)),)),))).replace("\u200b", "")

    assert 'out("https://www.x.org/a/b","x.org/a/b")' not in source("https://www.y.org/a", "y")
    assert '"x.org/a/b")' in source("https://www.x.org/a/b", "x.org")
    assert '"arXiv:1"' in source("https://arxiv.org/abs/1", "arXiv:1")
    assert 'address(" (x.org/a/b)")' in source("https://x.org/a/b", "a review")


def test_how_the_numbers_came_about_is_said_on_the_cover() -> None:
    numbers = Numbers((Item("__how1", ()), Item("__how2", ())))
    book = writer(numbers)
    assert book.block(numbers) == ""
    assert not any("__how" in place for place in book.places)
    page = Page("a/", (Heading(1, "a", (Text("A"),)), numbers))
    assert "numbers:4," in press.document(CHAPTER, [page, page], "a4", SITE_URL, 0)


def test_code_that_a_lab_folds_away_is_a_line_and_other_disclosures_are_open() -> None:
    listing = Listing("", (Line((Token("draw()"),)), Line(()), Line((Token("show()"),))))
    folded = Box("details", "", (Text("Code"),), (listing,))
    said = writer().body([folded]).replace("\u200b", "")
    assert said == 'prose({folded(2,"book.example/handbook/a","https://book.example/handbook/a/")})'
    other = Box("details", "", (Text("The learner"),), (listing,))
    assert "draw()" in writer().body([other])
    answer = Box("details", "", (Text("Code"),), (Paragraph((Text("a"),)), listing))
    assert "draw()" in writer().body([answer])


def test_a_paragraph_with_a_wide_formula_is_not_stretched() -> None:
    def formula(width: int) -> Formula:
        return Formula(f'<svg viewBox="0 0 {width} 900"/>', "x", False)

    assert writer().block(Paragraph((formula(900),))) == "par({m0})"
    assert writer().block(Paragraph((Text("a "), formula(8000)))) == 'ragged(par({"a ";m0}))'


@pytest.mark.parametrize(
    ("height", "letters", "width"),
    [(266, 11, 311.0), (266, 5, 311.0), (569, 12, 264.4), (569, 10.5, 288.0)],
)
def test_a_high_drawing_shrinks_as_far_as_its_letters_allow(height: int, letters: float, width: float) -> None:
    svg = f'<svg viewBox="0 0 432 {height}"><text style="font-size: {letters}px">a</text></svg>'
    assert writer().block(Figure("", "a", (), svg)).endswith(f"{width}pt)")


def test_a_high_drawing_may_float_but_not_away_from_a_heading_right_above_it() -> None:
    def drawing(height: int) -> Figure:
        return Figure("", "a", (), f'<svg viewBox="0 0 432 {height}"/>')

    lead, heading = Paragraph((Text("See:"),)), Heading(2, "h", (Text("H"),))
    assert 'high("a/~1",288.0pt,picture(' in writer().body([lead, drawing(400)])
    assert "hold(" not in writer().body([lead, drawing(400)]), "what floats holds no paragraph"
    assert "high(" not in writer().body([heading, drawing(400)])
    low = writer().body([lead, drawing(300)])
    assert "high(" not in low
    assert "hold(" in low


def test_two_lines_stay_with_a_short_listing_and_leave_a_long_one() -> None:
    said = Paragraph((Text("One sentence says what was run. " * 5),))
    listings = [Listing("", (Line((Token("x"),)),) * count) for count in (14, 15)]
    assert [writer().body([said, listing]).startswith("hold(") for listing in listings] == [True, False]


def test_a_definition_keeps_its_head_and_docstring_and_a_bracket_what_it_opens() -> None:
    code = '''
x = 1
y = 2
z = 3
def f(
    a: int,
) -> int:
    """One.

    Two.
    """
    b = call(
        a,
    )
    c = b
    d = c
    return d
    '''
    lines = [Line((Token(line),)) if line.strip() else Line(()) for line in code.strip().split("\n")]
    firsts = [group[0][1].text.strip() for group in groups_of(lines)]
    assert firsts == ["x = 1", "def f(", "b = call(", "c = b"]


def test_a_table_of_short_cells_is_as_wide_as_they_are_and_a_long_column_gets_its_share() -> None:
    def table(*rows: tuple[str, ...]) -> Table:
        return Table((), tuple(tuple(Cell((Paragraph((Text(t),)),), False) for t in row) for row in rows))

    assert widths_of(table(("a", "12"), ("b", "7"))) == ["auto", "auto"]
    name, long, longer = (float(w.removesuffix("fr")) for w in widths_of(table(("name", "word " * 20, "word " * 80))))
    assert 6 < name < long < longer


def test_long_names_may_break_and_short_ones_may_not() -> None:
    assert breakable("metrics.worked.threshold_by_cost").split("\u200b") == [
        "metrics.",
        "worked.",
        "threshold_",
        "by_",
        "cost",
    ]
    assert breakable("f(x, y)") == "f(x, y)"
    assert "\u200bpy" not in breakable("snippets/metrics/worked_llm.py"), "no ending alone on a line"


def test_code_parts_between_definitions() -> None:
    text = "a\nb\n\n\ndef f():\n    x\n    y\n    z\n    w\n    v"
    lines = [Line((Token(line),) if line else ()) for line in text.split("\n")]
    groups = [[line.text.strip() for _, line in group] for group in groups_of(lines)]
    assert groups == [["a", "b", "def f():", "x", "y"], ["z", "w", "v"]] or groups[-1] == ["z", "w", "v"]
    assert sum(len(group) for group in groups) == 8


def test_strings_escape_what_typst_reads() -> None:
    assert string('a\\b"c\n') == '"a\\\\b\\"c\\n"'


def test_chapters_must_have_different_names() -> None:
    nav = [(("Chapters", "A"), "chapters/x.md"), (("Chapters", "B"), "chapters/x/index.md")]
    with pytest.raises(BookError, match="two chapters would be printed as `x`"):
        chapters(nav)  # type: ignore[arg-type]


EVERYTHING = """
<h2 id="sec">Alpha &amp; bravo</h2>
<p>Charlie <em>delta</em> <strong>echo</strong> H<sub>2</sub>O x<sup>2</sup> <kbd>Ctrl</kbd> <mark>foxtrot</mark> <del>golf</del>
<ins>hotel</ins> <code>india_juliet</code> <a href="#sec">kilo</a> <a href="../">lima</a> <a href="https://x.org/a">mike</a>
line<br>break → − × ≈ ≤ ≥ Σ √ ± ✓ ☑ … “n” ¶ é € ½</p>
<ol start="3"><li>november<ul><li>oscar</li></ul></li><li><p>papa</p><p>quebec</p></li></ol>
<ul class="task-list"><li class="task-list-item"><label class="task-list-control"><input type="checkbox" disabled checked><span
class="task-list-indicator"></span></label> romeo</li></ul>
<dl><dt>sierra</dt><dd>tango</dd></dl>
<blockquote><p>uniform</p></blockquote><hr>
<div class="admonition warning"><p class="admonition-title">victor</p><p>whiskey</p></div>
<details><summary>xray</summary><div class="highlight"><pre><code>yankee</code></pre></div></details>
<div class="tabbed-set tabbed-alternate" data-tabs="1:2"><input checked id="__tabbed_1_1" name="__tabbed_1" type="radio">
<input id="__tabbed_1_2" name="__tabbed_1" type="radio"><div class="tabbed-labels"><label for="__tabbed_1_1">zulu</label>
<label for="__tabbed_1_2">able</label></div><div class="tabbed-content"><div class="tabbed-block"><p>baker</p></div>
<div class="tabbed-block"><p>cast</p></div></div></div>
<div class="highlight"><span class="filename">dog.py</span><pre><span></span><code><span class="k">def</span> <span class="nf">easy</span>():
    <span class="sd">\"\"\"Fox.\"\"\"</span>

    <span class="hll"><span class="k">return</span> <span class="s2">"george"</span> <span class="c1"># how</span>
</span></code></pre></div>
<table class="data"><thead><tr><th scope="col">item</th><th scope="col" style="text-align: right;">jig</th></tr></thead><tbody>
<tr><th scope="row">king</th><td style="text-align: right;">1<br>2</td></tr><tr><td colspan="2">love<ul><li>mono</li></ul></td></tr></tbody></table>
<div class="math math-display" aria-label="x over y" role="img"><svg viewbox="0 -500 1000 700"><path d="M0 0h9v9z"/></svg></div>
<p>In a line <span class="math math-inline" aria-label="x" role="img"><svg style="vertical-align:-0.2ex" viewbox="0 -500 500 700"><path d="M0 0h9v9z"/></svg></span>.</p>
<figure class="figure" id="fig-a"><div class="figure-drawing"><svg role="img" aria-label="A drawing of nothing." viewbox="0 0 300 100"><text x="9" y="50"
style="font: 12px var(--figure-font, sans-serif)">nan →</text></svg></div><figcaption>Oboe.</figcaption></figure>
<p>Peter<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>
<section class="prompt"><a id="older" class="alias"></a><h3 id="prompt">Queen</h3><ul class="prompt-meta"><li><a class="badge badge-kind" href="../x/">roger</a></li></ul>
<p class="prompt-question">Sugar?</p><div class="prompt-brief"><p>Tare.</p></div><details class="answer"><summary>Model answer</summary>
<div class="answer-part" data-part="opening-line"><p>Uncle.</p></div><div class="answer-part" data-part="follow-ups"><p>Victory.</p></div>
<div class="answer-part" data-part="go-deeper"><p><a href="#older">William</a></p></div></details></section>
<h4 id="deep">Zebra</h4>
<div class="footnote"><hr><ol><li id="fn:1"><p>Yoke.&#160;<a class="footnote-backref" href="#fnref:1">↩</a></p></li></ol></div>
"""
ALL_WORDS = """
Alpha bravo Charlie delta echo Ctrl foxtrot golf hotel india_juliet kilo lima mike november oscar papa quebec romeo sierra tango
uniform victor whiskey xray yankee zulu able baker cast dog.py easy Fox george how item jig king love mono nan Oboe Peter Queen
roger Sugar Tare Uncle Victory William Zebra Yoke → − × ≈ ≤ ≥ Σ √ ± ✓ ☑ … ½
"""


@pytest.fixture
def everything(printed: Callable[..., bytes]) -> bytes:
    return printed(EVERYTHING)


def test_everything_goes_in_and_everything_comes_out(everything: bytes, said: Callable[[bytes], str]) -> None:
    text = said(everything)
    assert [word for word in ALL_WORDS.split() if word not in text] == []
    assert "Model answer" not in text, "the answer is open"


def test_everything_keeps_its_role_for_people_who_hear_it(everything: bytes) -> None:
    counts: Counter[str] = Counter()
    alternatives = []
    todo = [pypdf.PdfReader(io.BytesIO(everything)).trailer["/Root"]["/StructTreeRoot"]["/K"]]  # type: ignore[index]
    while todo:
        node = todo.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            todo += node
        elif isinstance(node, dict):
            counts[node.get("/S", "")] += 1
            alternatives.append(node.get("/Alt"))
            todo.append(node.get("/K", []))
    expected = {
        "/H1": 1,
        "/H2": 1,
        "/H3": 1,
        "/H4": 1,
        "/Table": 1,
        "/TH": 2,
        "/Formula": 2,
        "/Figure": 1,
        "/Note": 1,
        "/BlockQuote": 1,
    }
    assert {tag: counts[tag] for tag in expected} == expected
    assert {"x over y", "x", "A drawing of nothing."} <= set(alternatives)


def test_a_letter_that_no_font_has_stops_it(printed: Callable[..., bytes]) -> None:
    with pytest.raises(BookError, match="could not be displayed"):
        printed("<p>漢</p>")
    with pytest.raises(BookError, match="a figure is labeled with “漢”"):
        printed('<figure class="figure"><svg aria-label="x" viewbox="0 0 9 9"><text>漢</text></svg></figure>')


def test_the_same_goes_in_and_the_same_bytes_come_out(printed: Callable[..., bytes]) -> None:
    assert printed(EVERYTHING) == printed(EVERYTHING)


def test_a_page_without_a_title_stops_it() -> None:
    chapter = Chapter("x", "X", "Chapters", ("x.md", "y.md"))
    with pytest.raises(BookError, match="the page has no title"):
        press.document(chapter, [Page("x/", (Paragraph(()),)), Page("y/", ())], "a4", SITE_URL, 0)


def test_a_listing_is_as_large_as_its_longest_line_allows() -> None:
    short = writer().listing(Listing("", (Line((Token("x" * 20, "n"),)),)), wide=True)
    long = writer().listing(Listing("", (Line((Token("x" * 100, "n"),)),)), wide=True)
    assert '"code",8.20pt' in short
    assert '"code",7.49pt' in long


def test_what_a_program_said_is_framed_and_code_is_tinted() -> None:
    assert '"output"' in writer().listing(Listing("Model card", (Line((Token("auc 0.8"),)),)), wide=True)
    assert '"code"' in writer().listing(Listing("", (Line((Token("auc", "n"),)),)), wide=True)


def test_a_tall_drawing_shrinks_a_little() -> None:
    def width(height: int) -> float:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 {height}"/>'
        return float(writer().figure(Figure("f", "A drawing.", (), svg=svg)).rsplit(",", 1)[1].removesuffix("pt)"))

    assert width(200) == 288.0
    assert 244.7 <= width(900) < width(420) < 288.0


def test_a_list_with_paragraphs_has_room() -> None:
    tight = List(False, (Item("", (Paragraph((Text("a"),)),)),))
    loose = List(False, (Item("", (Paragraph((Text("a"),)), Paragraph((Text("b"),)))),))
    assert "tight:true" in writer().block(tight)
    assert "tight:false" in writer().block(loose)


def test_every_chapter_design_and_lab_is_printed() -> None:
    """Renaming a part of the table of contents must not take its PDF files away."""
    listed = {source for _, source in config.nav() if source.startswith(("chapters/", "systems/", "labs/"))}
    printed = [source for chapter in chapters() for source in chapter.sources]
    assert sorted(printed) == sorted(listed)
    assert len({chapter.part for chapter in chapters()}) == 3
    assert {chapter.part for chapter in chapters()} == set(offers.WHAT)
