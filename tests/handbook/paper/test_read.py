"""A built page → nodes: what is kept, what is dropped, and that nothing else goes without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from handbook.errors import BookError
from handbook.paper.nodes import (
    Anchor,
    Box,
    Break,
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
    Paragraph,
    Prompt,
    Quote,
    Rule,
    Styled,
    Table,
    Text,
    Token,
    walk,
    words,
)
from lxml import html as lxml_html
from markdown import Markdown

Blocks = Callable[..., tuple[object, ...]]


def para(text: str) -> Paragraph:
    return Paragraph((Text(text),))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a</p><marquee class='fast'>news</marquee>", '<marquee class="fast"> is a tag that the paper edition'),
        ("<p>a <blink>b</blink></p>", "<blink> is a tag"),
        ('<p class="lead">a</p>', '<p class="lead"> has the class `lead`'),
        ('<div class="grid cards">a</div>', "has the class `cards`"),
        ('<ul class="prompt-meta wide"><li>a</li></ul>', "has the class `wide`"),
        ('<p>a <span class="fancy">b</span></p>', "has the class `fancy`"),
        ('<p style="color: red">a</p>', "has the style `color: red`"),
        ('<table class="data"><tr><td class="hot">1</td></tr></table>', "has the class `hot`"),
        ("<p>a<iframe src='x'></iframe></p>", "<iframe> is a tag"),
        ("<script>1</script>", "<script> is a tag"),
        ('<figure class="figure"><svg aria-label="x"><foreignObject/></svg></figure>', "holds a <foreignobject>"),
        ('<p><img src="gone.png" alt="A thing."></p>', "is no picture of the site"),
        ('<p><img src="a.png"></p>', "is a picture without an alternative"),
        ('<span class="math math-inline" data-tex="x"><svg/></span>', "without a spoken alternative"),
        ("<strong><p>a</p></strong>", "is a block within the line"),
        ('<section class="prompt"><h3 id="a">A</h3></section>', "without heading, question or answer"),
        ("<ul><p>a</p></ul>", "stands in a list and is no item"),
    ],
)
def test_what_is_not_known_stops_it_and_names_page_tag_and_class(blocks: Blocks, html: str, said: str) -> None:
    with pytest.raises(BookError) as error:
        blocks(html)
    assert said in str(error.value)
    assert str(error.value).startswith("chapters/metrics/page/: ")


def test_what_is_for_the_screen_is_left_out(blocks: Blocks) -> None:
    html = """
    <a class="md-content__button md-icon" href="edit">edit<svg/></a>
    <h2 id="a">A<a class="headerlink" href="#a">¶</a></h2><!-- note -->
    <p class="editions">This chapter as PDF</p><p>b</p><footer class="page-end">c</footer>
    <ul><li>d</li><li class="needs-script">e</li></ul>
    """
    assert blocks(html) == (Heading(2, "a", (Text("A"),)), para("b"), List(False, (Item("", (para("d"),)),)))


def test_words_fold_as_a_browser_folds_them(blocks: Blocks) -> None:
    (paragraph,) = blocks("<p>\n a  b <strong> c</strong>\n&nbsp;d<br>\n e &lt; &amp; </p>")
    assert words(paragraph) == "a b  c \u00a0d e < &"
    assert Break() in paragraph.inlines  # type: ignore[attr-defined]


def test_inline_markup(blocks: Blocks) -> None:
    (paragraph,) = blocks(
        "<p><em>a</em><sub>b</sub><sup>c</sup><kbd>d</kbd><mark>e</mark><del>f</del><ins>g</ins><small>h</small>"
        '<abbr title="x">i</abbr><code class="highlight"><span class="k">if</span> j</code><q>k</q></p>'
    )
    styles = [node.style for node in walk(paragraph) if isinstance(node, Styled)]
    assert styles == ["emph", "sub", "super", "key", "mark", "deleted", "inserted", "small"]
    assert Code("if j") in paragraph.inlines  # type: ignore[attr-defined]
    assert words(paragraph) == "abcdefghiif j“k”"


@pytest.mark.parametrize(
    ("href", "where"),
    [
        ("#move", "chapters/metrics/page/#move"),
        ("../#move", "chapters/metrics/#move"),
        ("../../../", ""),
        ("../../../reference/cases/#payments", "reference/cases/#payments"),
        ("https://book.example/handbook/q/x/", "q/x/"),
        ("https://arxiv.org/abs/1", "https://arxiv.org/abs/1"),
        ("mailto:a@b.org", "mailto:a@b.org"),
    ],
)
def test_links_are_relative_to_the_sites_root(blocks: Blocks, href: str, where: str) -> None:
    assert blocks(f'<p><a href="{href}">x</a></p>') == (Paragraph((Link(where, (Text("x"),)),)),)


def test_checked_figures_and_how_they_came_about(blocks: Blocks) -> None:
    html = """<p><a class="checked" data-n="1" href="#__how1" id="__n1">5</a> a</p>
    <details class="how-numbers" id="__numbers"><summary>How</summary><p>Each</p><ol>
    <li id="__how1"><a class="checked-back" href="#__n1">5</a> = <code>x</code></li></ol></details>"""
    paragraph, numbers = blocks(html)
    assert paragraph == Paragraph((Checked("__n1", "__how1", (Text("5"),)), Text(" a")))
    assert isinstance(numbers, Numbers)
    assert [item.id for item in numbers.items] == ["__how1"]


def test_formulas_keep_what_is_spoken_and_where_they_stand(blocks: Blocks) -> None:
    svg = '<svg style="vertical-align:-0.5ex" width="2ex" height="1ex" viewbox="0 0 800 400" fill="currentColor"><path d="M0 0"/></svg>'
    inline, display = blocks(
        f'<p><span class="nobr">(<span class="math math-inline" role="img" aria-label="p">{svg}</span>)</span></p>'
        f'<div class="math math-display" role="img" aria-label="q" tabindex="0">{svg}</div>'
    )
    formula = next(node for node in walk(inline) if isinstance(node, Formula))
    assert (formula.spoken, formula.shift, formula.display) == ("p", -0.5, False)
    assert 'viewBox="0 0 800 400"' in formula.svg
    assert "currentColor" not in formula.svg
    assert isinstance(display, Formula)
    assert display.display


def test_figures_stand_alone(blocks: Blocks) -> None:
    (figure,) = blocks(
        '<figure class="figure" id="fig-a"><div class="figure-drawing"><svg role="img" aria-label="A line." viewbox="0 0 2 1">'
        '<g clip-path="url(#c)"><path style="stroke: var(--figure-1, #000); fill: currentColor"/></g><clippath id="c"/></svg></div>'
        "<figcaption>A <em>line</em>.</figcaption></figure>"
    )
    assert isinstance(figure, Figure)
    assert (figure.id, figure.alternative, words(figure.caption)) == ("fig-a", "A line.", "A line.")
    assert "var(" not in figure.svg
    assert "<clipPath" in figure.svg
    assert "aria-label" not in figure.svg


def test_a_picture_in_a_paragraph_is_a_block(page: Callable[..., object], tmp_path: object) -> None:
    """It vanished without a word in the prototype: a picture within a paragraph drew nothing."""
    (tmp_path / "chapters/metrics/page").mkdir(parents=True)  # type: ignore[operator]
    (tmp_path / "chapters/metrics/page/a.png").write_bytes(b"png")  # type: ignore[operator]
    (figure,) = page('<p><img src="a.png" alt="A thing." title="Said."></p>').blocks  # type: ignore[attr-defined]
    assert isinstance(figure, Figure)
    assert (figure.data, figure.format, words(figure.caption)) == (b"png", "png", "Said.")


def test_prompts(blocks: Blocks) -> None:
    (prompt,) = blocks(
        """<section class="prompt"><a id="old" class="alias"></a><h3 id="new">Title<a class="headerlink" href="#new">¶</a></h3>
        <ul class="prompt-meta"><li><a class="badge badge-kind" href="../x/#kind-decision">decision</a></li>
        <li><a class="badge badge-minutes" href="../x/#minutes">12 min</a></li></ul>
        <p class="prompt-question">Why?</p><div class="prompt-brief"><p>Given.</p></div>
        <details class="answer"><summary>Model answer</summary>
        <div class="answer-part" data-part="opening-line"><p><strong>Opening line.</strong> "So."</p></div>
        <div class="answer-part" data-part="answer"><p>Because.</p></div>
        <p class="prompt-report"><a href="https://x">Report</a></p></details></section>"""
    )
    assert isinstance(prompt, Prompt)
    assert (prompt.heading.id, prompt.aliases) == ("new", ("old",))
    assert [words(fact) for fact in prompt.meta] == ["decision", "12 min"]
    assert [part for part, _ in prompt.answer] == ["opening-line", "answer"]
    assert "Report" not in words(prompt)


def _rendered(text: str) -> str:
    extensions = [
        *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
        *("pymdownx.superfences", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.tasklist", "pymdownx.mark"),
        *(
            "pymdownx.blocks.admonition",
            "pymdownx.blocks.details",
            "pymdownx.blocks.tab",
            "pymdownx.tilde",
            "pymdownx.caret",
        ),
    ]
    configs = {"pymdownx.tasklist": {"custom_checkbox": True}, "pymdownx.blocks.tab": {"alternate_style": True}}
    return Markdown(extensions=extensions, extension_configs=configs).convert(text)


def test_tabs_are_stacked_below_their_labels_nested_ones_too(blocks: Blocks) -> None:
    html = _rendered(
        "//// tab | Python\n\nA.\n\n/// tab | 3.11\n\nB.\n///\n\n/// tab | 3.12\n\nC.\n///\n////\n\n//// tab | SQL\n\nD.\n////\n"
    )
    first, second = blocks(html)
    assert isinstance(first, Box)
    assert (first.kind, words(first.title), words(second.title)) == ("tab", "Python", "SQL")
    assert [words(box.title) for box in first.blocks if isinstance(box, Box)] == ["3.11", "3.12"]
    assert words(first.blocks) == "A.3.11B.3.12C."


def test_admonitions_and_details_are_boxes(blocks: Blocks) -> None:
    html = _rendered(
        "/// note | Look\n\nA.\n///\n\n/// details | More\n    type: warning\n\nB.\n///\n\n> Quote\n\n---\n"
    )
    note, details, quote, rule = blocks(html)
    assert note == Box("note", "", (Text("Look"),), (para("A."),))
    assert details == Box("warning", "", (Text("More"),), (para("B."),))
    assert (quote, rule) == (Quote((para("Quote"),)), Rule())


def test_lists(blocks: Blocks) -> None:
    html = '<ol start="3"><li>a</li><li>b<ul><li><p>c</p><p>d</p></li></ul></li></ol>' + _rendered(
        "- [x] done\n- [ ] not\n\nBetween.\n\nterm\n:   meaning\n\n    more\n"
    )
    ordered, *_, definitions = blocks(html)
    assert isinstance(ordered, List)
    assert (ordered.ordered, ordered.start, words(ordered)) == (True, 3, "abcd")
    ticks = [item.ticked for node in walk(blocks(html)) if isinstance(node, List) for item in node.items]
    assert [tick for tick in ticks if tick is not None] == [True, False]
    assert isinstance(definitions, Definitions)
    assert words(definitions) == "termmeaningmore"


def test_footnotes_are_printed_where_they_are_called(blocks: Blocks) -> None:
    (paragraph,) = blocks(_rendered("A claim[^1].\n\n[^1]: Its *reason*.\n"))
    assert isinstance(paragraph, Paragraph)
    (footnote,) = [node for node in paragraph.inlines if isinstance(node, Footnote)]
    assert words(footnote).strip() == "Its reason."


def test_tables_know_their_head_alignment_and_what_is_in_a_cell(blocks: Blocks) -> None:
    (table,) = blocks(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Table: a, b"><table class="data"><thead><tr>'
        '<th scope="col">a</th><th style="text-align: right;">b</th></tr></thead><tbody><tr><th scope="row">x</th>'
        '<td style="text-align: right;" colspan="1">1<br>2<ul><li>c</li></ul></td></tr></tbody></table></div>'
    )
    assert isinstance(table, Table)
    assert (len(table.head), len(table.body)) == (1, 1)
    name, value = table.body[0]
    assert (name.header, value.header, value.align) == (True, False, "right")
    assert [type(block) for block in value.blocks] == [Paragraph, List]


@pytest.mark.parametrize("numbers", ["table", "inline", "pymdownx-inline"])
def test_code_keeps_title_lines_marks_and_numbers(blocks: Blocks, numbers: str) -> None:
    md = Markdown(
        extensions=["pymdownx.superfences", "pymdownx.highlight"],
        extension_configs={"pymdownx.highlight": {"linenums_style": numbers}},
    )
    html = md.convert(
        '```python title="a.py" linenums="7" hl_lines="2"\ndef f():\n    """One\n    two."""\n\n    return 1\n```'
    )
    (listing,) = blocks(html)
    assert isinstance(listing, Listing)
    assert listing.title == "a.py"
    assert [line.text for line in listing.lines] == ["def f():", '    """One', '    two."""', "", "    return 1"]
    assert [line.number for line in listing.lines] == ["7", "8", "9", "10", "11"]
    assert [line.marked for line in listing.lines] == [False, True, False, False, False]
    assert listing.lines[0].tokens[0] == Token("def", "k")
    assert all(token.kind == "sd" for line in listing.lines[1:3] for token in line.tokens if token.text.strip())


def test_plain_code_without_a_title(blocks: Blocks) -> None:
    (listing,) = blocks("<pre><code>a &lt; b\n\n  c\n</code></pre>")
    assert listing == Listing("", (Line((Token("a < b"),)), Line(()), Line((Token("  c"),))))


def test_ids_of_paragraphs_and_anchors_are_kept(blocks: Blocks) -> None:
    assert blocks('<p id="a">x</p><p><a id="b" class="alias"></a>y</p>') == (
        Anchor("a"),
        para("x"),
        Paragraph((Anchor("b"), Text("y"))),
    )


def test_the_parsers_of_the_book_agree(blocks: Blocks) -> None:
    """A heading read through lxml's document parser is the heading read through its fragment parser."""
    html = '<h2 id="a">A &amp; B</h2>'
    assert blocks(html)[0] == Heading(2, "a", (Text(lxml_html.fragment_fromstring(html).text_content()),))
