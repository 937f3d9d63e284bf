"""Figures, captured outputs and old ids: inlined, compared, and known to be stale."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handbook import config, figures, outputs, plot
from handbook.errors import BookError
from handbook.pages import Page
from lxml import html

Write = Callable[..., Path]
DRAWING = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><clipPath id="clip0"/><g clip-path="url(#clip0)"/></svg>\n<!-- made from x -->'
ALT = "Two curves that cross at a recall of 0.6."
SHOWN = f'![{ALT}](../../figures/metrics/pr.svg "Same data."){{#fig-pr}}'


@pytest.fixture
def show(book: Write, extensions: dict[str, Any]) -> Callable[..., html.HtmlElement]:
    """Markdown of a page `chapters/metrics/page.md` in a book that has the figures `metrics/pr` and `metrics/roc`."""
    root = book(**{"docs/figures/metrics/pr.svg": DRAWING, "docs/figures/metrics/roc.svg": DRAWING})
    ours = {
        **extensions,
        "markdown_extensions": [e for e in extensions["markdown_extensions"] if e != "handbook.figures"],
    }
    ours["markdown_extensions"] = [*ours["markdown_extensions"], {"handbook.figures": {"docs": str(root / "docs")}}]

    def convert(text: str, page: str = "chapters/metrics/page.md") -> html.HtmlElement:
        return html.fragment_fromstring(config.markdown(Page(page, 2), ours).convert(text), create_parent="article")

    return convert


def test_a_figure_is_inlined_with_alternative_caption_and_id(show: Any) -> None:
    (figure,) = show(f"Text.\n\n{SHOWN}\n\nMore.").xpath("./figure")
    (svg,) = figure.xpath("./div/svg")
    assert (figure.get("id"), svg.get("role"), svg.get("aria-label")) == ("fig-pr", "img", ALT)
    assert svg.getparent().getparent() is figure
    assert figure.xpath("string(./figcaption)") == "Same data."
    text = html.tostring(figure, encoding="unicode")
    assert 'id="metrics-pr-clip0"' in text
    assert "url(#metrics-pr-clip0)" in text
    assert "made from" not in text
    assert "<?xml" not in text


def test_ids_differ_between_figures_and_between_two_showings_of_one(show: Any) -> None:
    root = show(
        "\n\n".join(
            [
                SHOWN,
                SHOWN.replace("fig-pr", "fig-pr-again"),
                SHOWN.replace("/pr.", "/roc.").replace("#fig-pr", "#fig-roc"),
            ]
        )
    )
    ids = [str(i) for i in root.xpath("//@id")]
    assert ids == ["fig-pr", "metrics-pr-clip0", "fig-pr-again", "metrics-pr-2-clip0", "fig-roc", "metrics-roc-clip0"]


def test_a_caption_may_be_missing_and_quotes_are_safe(show: Any) -> None:
    figure = show(SHOWN.replace(' "Same data."', "").replace("recall of 0.6", "recall of 'a & b' <0.6>")).xpath(
        "./figure"
    )[0]
    assert not figure.xpath("./figcaption")
    assert figure.xpath("./div/svg")[0].get("aria-label") == "Two curves that cross at a recall of 'a & b' <0.6>."


@pytest.mark.parametrize(
    ("markdown", "says"),
    [
        (SHOWN.replace(ALT, ""), "needs a text alternative that says what it shows; write ![…](../../figures/metrics/pr.svg)"),
        (SHOWN.replace(ALT, "PR curve"), "needs a text alternative"),
        ("![](https://example.org/x.png)", "needs a text alternative"),
        (SHOWN.replace("/pr.", "/nosuch."), "there is no figure `docs/figures/metrics/nosuch.svg`; is its function registered? run `make figures`"),
        (SHOWN.replace("../../", "../"), "`../figures/metrics/pr.svg` does not lead from this page to the figure; write `../../figures/metrics/pr.svg`"),
        (SHOWN.replace("{#fig-pr}", ""), "needs a permanent id; write `{#fig-pr}` right behind it"),
        (f"See {SHOWN}", "must be a paragraph of its own"),
        (f"{SHOWN} and more", "must be a paragraph of its own"),
        (f"{SHOWN}\nand more", "must be a paragraph of its own"),
        (f"*x* {SHOWN}", "must be a paragraph of its own"),
        (f"{SHOWN} {SHOWN}", "must be a paragraph of its own"),
        (f"- {SHOWN}", "must be a paragraph of its own"),
    ],
)  # fmt: skip
def test_refused(show: Any, markdown: str, says: str) -> None:
    with pytest.raises(BookError) as error:
        show(f"Text.\n\n{markdown}\n")
    assert str(error.value).startswith("docs/chapters/metrics/page.md:5: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    "inside", ["<style>*{fill:red}</style>", "<script>1</script>", "<foreignObject><p>x</p></foreignObject>"]
)
def test_what_would_reach_the_whole_page_is_refused(show: Any, book: Write, inside: str) -> None:
    book(**{"docs/figures/metrics/pr.svg": DRAWING.replace("<g", f"{inside}<g")})
    with pytest.raises(BookError, match=r"page.md:3: `docs/figures/metrics/pr.svg` holds a style, a script or HTML"):
        show(SHOWN)


@pytest.mark.parametrize(
    ("svg", "out"),
    [
        ('<svg><g id="a"/><use href="#a"/></svg>', '<g id="p-a"/><use href="#p-a"/>'),
        ("<svg><g id='a'/><use xlink:href='#a'/></svg>", "<g id='p-a'/><use xlink:href='#p-a'/>"),
        ('<svg><g id="a"/><g style="clip-path: url(\'#a\')"/></svg>', "url('#p-a')"),
        ('<svg><g id="a"/><g style="fill:#abcdef"/></svg>', "fill:#abcdef"),
        ('<svg><title id="t">x</title><g aria-labelledby="t u"/></svg>', 'aria-labelledby="p-t u"'),
        ('<svg><g id="a"/><text>see #b</text></svg>', "see #b"),
        ('<svg role="graphics" aria-label="old"><g/></svg>', '<svg role="img" aria-label="A line."><g/>'),
    ],
)
def test_references_follow_their_ids(svg: str, out: str) -> None:
    assert out in figures.inline(svg, "p", "A line.")


# Drawing


def drawn(draw: Callable[[Any, Any], None]) -> str:
    import matplotlib.pyplot as plt

    @plot.figure("test/figure")
    def make() -> Any:
        fig, ax = plt.subplots()
        draw(fig, ax)
        return fig

    try:
        return plot.to_svg(plot._registry.pop("test/figure").draw())
    finally:
        plt.close("all")


@pytest.fixture(scope="module")
def line() -> str:
    def draw(fig: Any, ax: Any) -> None:
        ax.plot([0, 0.0099, 1], [0.1, 0.2, 0.3], label="FPR 0.98765")
        ax.fill_between([0, 1], [0, 0], [1, 1], color=plot.palette.series[1], alpha=0.2)
        ax.scatter([0.5], [0.5], edgecolor=plot.palette.paper)
        ax.annotate("12.3456 here", (0.5, 0.2))
        ax.legend()

    return drawn(draw)


def test_a_drawing_takes_colors_and_font_from_the_page(line: str) -> None:
    import re

    assert set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\([^)]*\)", "", line))) == set()
    for wanted in (
        "currentColor",
        "var(--figure-1, ",
        "var(--figure-2, ",
        "var(--figure-grid, ",
        "var(--figure-font, ",
    ):
        assert wanted in line
    for unwanted in ("DejaVu", "xlink", "<metadata", "<?xml", "<!DOCTYPE", "<style", "font: 12px '"):
        assert unwanted not in line


def test_a_drawing_is_compact_and_its_words_are_whole(line: str) -> None:
    import re

    assert len(line) < 16_000
    assert line.startswith("<svg ")
    assert 'width="432" height="266.4" viewBox="0 0 432 266.4"' in line
    assert ">FPR 0.98765<" in line, "numbers in words are not rounded"
    assert ">12.3456 here<" in line
    assert not [n for tag in re.findall(r"<path[^>]*>", line) for n in re.findall(r"\d\.\d{4,}", tag)]


def test_the_same_drawing_twice_is_the_same_text() -> None:
    def draw(fig: Any, ax: Any) -> None:
        ax.plot([1, 2], [1, 3])

    assert drawn(draw) == drawn(draw)


@pytest.mark.parametrize("color", ["red", "#123456", "white", "black", "C7"])
def test_a_color_outside_of_the_palette_is_refused(color: str) -> None:
    with pytest.raises(ValueError, match="colors that are not in the palette: #"):
        drawn(lambda fig, ax: ax.plot([1, 2], color="#7f7f7f" if color == "C7" else color))


def test_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"holds pixels \(imshow, rasterized\)"):
        drawn(lambda fig, ax: ax.imshow([[0, 1], [1, 0]], cmap="gray"))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('<path d="M 1 2"/>', '<path d="M 1.5 2"/>', True),
        ('<path d="M 1 2"/>', '<path d="M 1.7 2"/>', False),
        ('<path d="M 1 2"/>', '<path d="M 1 2 L 3 4"/>', False),
        ('<g id="m1a2"><use href="#m1a2"/></g>', '<g id="m3b4"><use href="#m3b4"/></g>', True),
        ("<text>0.71</text>", "<text>0.78</text>", False),
        ("<text>2</text>", "<text>1</text>", False),
        ("<svg/>\n<!-- made from a -->", "<svg/>\n<!-- made from b -->\n", True),
        ('<g style="fill: var(--figure-1, #1f5fa8)"/>', '<g style="fill: var(--figure-2, #b3471d)"/>', False),
    ],
)
def test_same_drawing(old: str, new: str, same: bool) -> None:
    assert plot.same_drawing(old, new) is same


# Staleness

DRAW = """\
from handbook.plot import figure
from snippets.metrics import base
from .other import two

@figure("metrics/line")
def line():
    import matplotlib.pyplot as plt
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, base.top()])
    return fig
"""


@pytest.fixture
def drawing(code: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """A book with one figure drawn by code that imports a module, which imports another."""
    root = tmp_path / "code"
    monkeypatch.setattr(plot, "ROOT", root)
    monkeypatch.setattr(plot, "SNIPPETS", root / "snippets")
    monkeypatch.setattr(plot, "FIGURES", root / "docs/figures")
    monkeypatch.setattr(plot, "_registry", {})
    code(**{
        "metrics/__init__.py": "",
        "metrics/figures.py": DRAW,
        "metrics/base.py": "import snippets.deep\n\ndef top():\n    return snippets.deep.VALUE\n",
        "metrics/other.py": "two = 2\n",
        "deep.py": "VALUE = 1\n",
        "unrelated.py": "x = 1\n",
    })  # fmt: skip
    return code


def test_a_figure_is_drawn_once_and_again_when_its_code_says_something_else(
    drawing: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    assert plot.refresh() == ["docs/figures/metrics/line.svg"]
    assert plot.refresh() == []
    (figure,) = plot.registered()
    old = figure.path.read_text(encoding="utf-8")

    drawing(**{"unrelated.py": "x = 2\n"})
    assert not plot.is_stale(figure)

    for path, text in (
        ("deep.py", "VALUE = 1  # imported by what it imports\n"),
        ("metrics/base.py", "import snippets.deep\n\ndef top():\n    return snippets.deep.VALUE + 0\n"),
        ("metrics/other.py", "two = 3\n"),
        ("metrics/__init__.py", '"""Runs as well."""\n'),
        ("metrics/figures.py", DRAW + "# a remark\n"),
    ):
        drawing(**{path: text})
        assert plot.is_stale(figure), path
        assert plot.refresh() == ["docs/figures/metrics/line.svg"], path
        new = figure.path.read_text(encoding="utf-8")
        assert new.split("<!-- made")[0] == old.split("<!-- made")[0], "the same drawing keeps its bytes"
        assert new.split("<!-- made")[1] != old.split("<!-- made")[1]
        assert not plot.is_stale(figure)

    drawing(**{"metrics/base.py": "def top():\n    return 900\n"})
    for name in [name for name in sys.modules if name.startswith("snippets")]:
        del sys.modules[name]
    assert plot.refresh() == ["docs/figures/metrics/line.svg"]
    assert figure.path.read_text(encoding="utf-8").split("<!-- made")[0] != old.split("<!-- made")[0]


def test_a_figure_that_no_code_draws_goes_and_one_drawn_by_hand_stays(drawing: Write) -> None:
    plot.refresh()
    hand, gone = plot.FIGURES / "metrics/by-hand.svg", plot.FIGURES / "metrics/gone.svg"
    hand.write_text("<svg/>\n", encoding="utf-8")
    gone.write_text("<svg/>\n<!-- made from 1234 -->\n", encoding="utf-8")
    assert plot.refresh() == ["docs/figures/metrics/gone.svg"]
    assert hand.is_file()
    assert not gone.exists()


def test_a_missing_figure_is_stale(drawing: Write) -> None:
    plot.refresh()
    (figure,) = plot.registered()
    figure.path.unlink()
    assert plot.is_stale(figure)
    assert plot.refresh() == ["docs/figures/metrics/line.svg"]


# Captured outputs


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("ece 0.12", "ece 0.12", True),
        ("ece 0.12000001", "ece 0.12", True),
        ("ece 0.12", "ece 0.13", False),
        ("p = 0.0000012", "p = 0.0000019", False),
        ("p = 1.2e-9", "p = 1.2e-8", False),
        ("zero 0.0", "zero -0.0", True),
        ("a 1", "b 1", False),
        ("a 1", "a 1 2", False),
        ("cost 1,000,000", "cost 1,000,001", False),
        ("cost 1234567.1", "cost 1234567.2", True),
        ("-3", "3", False),
    ],
)
def test_same_output(old: str, new: str, same: bool) -> None:
    assert outputs.same_output(old, new) is same


def test_outputs_are_written_once_renewed_when_wrong_and_dropped_without_code(
    code: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = code(**{
        "metrics/__init__.py": "",
        "metrics/threshold.py": textwrap.dedent('''
            def demo_by_cost():
                print("cost   0.25  ")
                print()

            def helper():
                print("no demo")
        '''),
        "metrics/uses.py": "from snippets.metrics.threshold import demo_by_cost\n",
    })  # fmt: skip
    monkeypatch.setattr(outputs, "SNIPPETS", package)
    monkeypatch.setattr(outputs, "OUTPUTS", package / "outputs")
    monkeypatch.setattr(outputs, "ROOT", package.parent)
    path = package / "outputs/metrics/threshold/by-cost.txt"
    assert outputs.refresh() == ["snippets/outputs/metrics/threshold/by-cost.txt"]
    assert path.read_text() == "cost   0.25\n"
    assert outputs.refresh() == []
    path.write_text("cost   0.2500000001\n")
    assert outputs.refresh() == []
    path.write_text("cost   0.26\n")
    stray = package / "outputs/metrics/threshold/gone.txt"
    stray.write_text("x\n")
    assert sorted(outputs.refresh()) == [
        "snippets/outputs/metrics/threshold/by-cost.txt",
        "snippets/outputs/metrics/threshold/gone.txt",
    ]
    assert path.read_text() == "cost   0.25\n"
    assert not stray.exists()


def test_a_demo_that_prints_nothing_is_refused() -> None:
    def demo_quiet() -> None:
        print("  ")

    with pytest.raises(ValueError, match="demo_quiet prints nothing"):
        outputs.capture(demo_quiet)


# Old ids, and ids of list items


def ids(root: html.HtmlElement) -> list[tuple[str, str | None]]:
    return [(element.tag, element.get("id")) for element in root.iter() if element.get("id")]


def test_an_old_id_of_a_heading_leads_to_it(render: Any) -> None:
    root = render('## New {#new aliases="old-1 old-2"}\n\nText.')
    assert ids(root) == [("a", "old-1"), ("a", "old-2"), ("h2", "new")]
    assert root.xpath("./a[@class='alias']")
    assert "aliases" not in html.tostring(root, encoding="unicode")


def test_an_old_id_within_a_list_or_a_table_makes_no_stray_child(render: Any) -> None:
    root = render(
        '- Elkan, *x*.\n    {#src-elkan aliases="src-old"}\n- b\n\n| a |\n| --- |\n| b {: #cell aliases="old-cell" } |\n'
    )
    for parent in root.iter("ul", "ol", "table", "tr", "tbody"):
        assert not parent.xpath("./a")
    assert {"src-old", "old-cell"} <= {str(i) for i in root.xpath("//a[@class='alias']/@id")}
    assert root.xpath("string(//li[1])").strip().startswith("Elkan")


@pytest.mark.parametrize(
    "item", ["Elkan, *x*, 2001. {#src-elkan}", "Elkan {#src-elkan}", "[Elkan](https://example.org) {#src-elkan}"]
)
def test_a_source_has_its_id(render: Any, item: str) -> None:
    for text in (f"- {item}\n- other\n", f"- {item}\n\n- other\n"):
        root = render(text)
        assert ids(root) == [("li", "src-elkan")]
        assert "{#" not in root.text_content()
