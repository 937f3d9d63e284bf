"""Formulas: what is written, what stands in the page, what is refused; and the Node that prepares it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from handbook import config, math, node
from handbook.errors import BookError, BookErrors
from handbook.pages import ROOT, Page
from lxml import html as lxml_html
from material.plugins.search.plugin import Parser

Render = Callable[[str], lxml_html.HtmlElement]


class Speaks(dict[str, str]):
    """Has words for everything."""

    def get(self, tex: str, default: object = None) -> str:  # type: ignore[override]
        return f"spoken {tex}"


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math, "spoken", Speaks)


def convert(text: str, page: Page | None = None) -> str:
    return config.markdown(page or Page("chapters/some.md")).convert(text)


@pytest.fixture
def render(spoken: None) -> Render:
    return lambda text: lxml_html.fragment_fromstring(convert(text), create_parent="article")


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing drawn so far."""
    monkeypatch.setattr(math, "CACHE", tmp_path)
    monkeypatch.setattr(math, "_drawn", {})


def formulas(tree: lxml_html.HtmlElement) -> list[str]:
    return [element.get("data-tex") for element in tree.xpath("//*[@data-tex]")]


# What is written → what stands in the page


def test_inline(render: Render) -> None:
    (formula,) = render("Odds $\\frac{p}{1-p}$ rise.").xpath("./p/span")
    assert dict(formula.attrib) == {
        "class": "math math-inline",
        "role": "img",
        "aria-label": "spoken \\frac{p}{1-p}",
        "data-tex": "\\frac{p}{1-p}",
    }
    (svg,) = formula
    assert svg.tag == "svg" and svg.get("aria-hidden") == "true" and svg.get("fill") == "currentColor"
    assert [child.tag for child in svg] == ["path"] and formula.tail == " rise."


def test_display(render: Render) -> None:
    (formula,) = render("$$\n  a\n    < b\n$$").xpath("./div")
    assert formula.get("class") == "math math-display" and formula.get("data-tex") == "a < b"
    assert formula.get("tabindex") is None


def test_only_what_may_scroll_can_be_focused(render: Render) -> None:
    (formula,) = render("$$" + "a+" * 40 + "b$$").xpath("./div")
    assert formula.get("tabindex") == "0"


def test_display_between_lines_of_text(render: Render) -> None:
    tree = render("Above:\n$$x$$\nbelow.")
    assert [child.tag for child in tree] == ["p", "div", "p"]
    assert [tree[0].text, tree[2].text] == ["Above:", "below."]


@pytest.mark.parametrize(
    ("where", "text", "path"),
    [
        ("table cell", "| a | b |\n| - | - |\n| $P(y \\mid x)$ | $10 |", "//td[1]/span"),
        ("list item", "- item $P(y \\mid x)$", "//li/span"),
        ("list item, display", "- item\n\n    $$\n    P(y \\mid x)\n    $$\n", "//li/div"),
        ("quotation", "> $$ P(y \\mid x) $$", "//blockquote/div"),
        ("emphasis", "**$P(y \\mid x)$**", "//strong/span"),
        ("link", "[a $P(y \\mid x)$](https://example.org)", "//a/span"),
        ("note", "/// note | T\n$$\nP(y \\mid x)\n$$\n///", "//div[contains(@class, 'admonition')]/div"),
        ("details", "/// details | T\nA $P(y \\mid x)$ b.\n///", "//details/p/span"),
        ("tab", "/// tab | T\nA $P(y \\mid x)$ b.\n///", "//div[@class='tabbed-block']/p/span"),
    ],
)
def test_places(render: Render, where: str, text: str, path: str) -> None:
    (formula,) = render(text).xpath(path)
    assert formula.get("data-tex") == "P(y \\mid x)" and formula[0].tag == "svg"


def test_prompt(render: Render, prompt: Callable[..., str]) -> None:
    answer = (
        "As follows.\n\n$$t = \\frac{c_1}{c_1 + c_2}$$\n\n| when | then |\n| --- | --- |\n| $c_1$ is high | go up |"
    )
    tree = render("## Practice prompts {#practice}\n\n" + prompt("Given $c_1$.", answer=answer, probe="And if $c_2$?"))
    assert Counter(formulas(tree)) == {"c_1": 2, "t = \\frac{c_1}{c_1 + c_2}": 1, "c_2": 1}
    assert len(tree.xpath("//details[contains(@class, 'answer')]//*[@data-tex]")) == 3


@pytest.mark.parametrize(
    ("text", "unbroken"),
    [
        ("in ($x$), so", "(),"),
        ("$x$-means it", "-means"),
        ("the $x$th item", "th"),
        ("top-$x$.", "top-."),
        ("and $x$, so", ","),
        ("a long-winded-name-of-$x$", None),
        ("and $x$ so", None),
        ("_$x$_", None),
        ("[$x$](https://example.org)", None),
    ],
)
def test_the_line_is_not_broken_beside_what_touches_it(render: Render, text: str, unbroken: str | None) -> None:
    found = render(text).xpath("//span[@class='nobr']")
    assert [span.text_content() for span in found] == ([unbroken] if unbroken else [])
    assert formulas(render(text)) == ["x"]


def test_a_formula_that_may_fill_the_line_is_left_to_break(render: Render) -> None:
    assert not render("(" + "$" + "a+" * 40 + "b$).").xpath("//span[@class='nobr']")


# What is not a formula


@pytest.mark.parametrize(
    "text",
    [
        "costs $10 and $20",
        "$5-$10",
        "$5–$10 or $1M/$2M, $3,$4",
        "US$5 to US$6",
        "(from $1,200 to $3,400)",
        "it costs 5 $ or 6 $",
        "between $ 5 and 6 $",
    ],
)
def test_money_is_left_alone(render: Render, text: str) -> None:
    tree = render(text)
    assert tree.text_content() == text and not formulas(tree)


def test_escaped_dollar(render: Render) -> None:
    tree = render("\\$x and $\\$5$")
    assert tree.text_content().startswith("$x and") and formulas(tree) == ["\\$5"]


@pytest.mark.parametrize("text", ["`$x$`", "``$$x$$``", "```python\na = '$x$ $$y$$'\n```", "    $x$"])
def test_code_is_left_alone(render: Render, text: str) -> None:
    tree = render(text)
    assert "$x$" in tree.xpath("string(//code)") and not formulas(tree)


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A.\n\nB $\\nope$.", "`\\nope` is not TeX that MathJax can draw: Undefined control sequence \\nope"),
        ("A.\n\n$$\n\\frac{1}\n$$", "`\\frac{1}` is not TeX that MathJax can draw: Missing argument for \\frac"),
        ("A.\n\n$50%$", "`%` begins a comment"),
        ("A.\n\n$\\text{€}$", "no glyph for “€”"),
        ("A.\n\n$$x \\tag{1}$$", "equation numbers"),
        ("A.\n\n$\\begin{array}{c:c}a&b\\end{array}$", "does not draw <line>"),
        ("A.\n\n## B $x$ {#b}", "can't stand in the heading “B”"),
        ("A.\n\n![A picture that shows $x$ and more.](x.png)", "can't stand in a text alternative"),
        ("A.\n\n$$\na\n\nb\n$$", "with no blank line inside"),
        ("A.\n\nB $$x$$ c", "on lines of their own"),
        ("A.\n\n- B\n  $$x$$", "indented by four in a list"),
        ("A.\n\n| c | d |\n| - | - |\n| $P(a | b)$ | c |", "written `\\mid`"),
        ("A.\n\nB $x and c", "looks like a formula"),
        ("A.\n\n\\begin{align}x\\end{align}", "looks like a formula"),
    ],
)
def test_refused(spoken: None, text: str, message: str) -> None:
    with pytest.raises(BookError) as error:
        convert(text, Page("chapters/some.md", offset=4))
    assert message in str(error.value) and str(error.value).startswith(f"{error.value.where}: ")
    assert re.fullmatch(r"docs/chapters/some\.md(:[789])?", error.value.where)
    if "is not TeX" in message:
        assert error.value.where.endswith((":7", ":8"))


def test_not_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math, "spoken", dict)
    monkeypatch.delenv("HANDBOOK_SERVE", raising=False)
    with pytest.raises(BookError, match="run `make figures`"):
        convert("$x$")
    monkeypatch.setenv("HANDBOOK_SERVE", "1")
    assert 'aria-label="x"' in convert("$x$")


# The drawing


KINDS = [
    "x",
    "P(y=1\\mid x)",
    "\\frac{c_{FP}}{c_{FP}+c_{FN}}",
    "\\hat p",
    "\\sum_{i=1}^n",
    "\\mathbb{E}",
    "\\mathbf{w}^\\top\\boldsymbol\\theta",
    "\\operatorname*{arg\\,min}_\\theta",
    "\\begin{cases}1&\\text{if }x\\ge0\\\\0\\end{cases}",
    "\\begin{aligned}a&=b\\\\&=c\\end{aligned}",
    "\\left(\\begin{matrix}1\\\\2\\\\3\\\\4\\\\5\\end{matrix}\\right)",
    "\\underbrace{a+b+c+d+e+f+g}_{n}",
    "\\xrightarrow{\\text{long label}}",
    "\\begin{array}{c|c}a&b\\\\\\hline c&d\\end{array}",
    "\\boxed{x}",
    "\\sqrt[3]{x}",
]


@pytest.mark.parametrize("tex", KINDS)
def test_drawn_as_one_filled_outline(tex: str) -> None:
    svg = math.render(tex, display=True)
    assert re.fullmatch(
        r'<svg style="vertical-align:-?[\d.]+ex" width="[\d.]+ex" height="[\d.]+ex" viewBox="[-\d ]+" '
        r'fill="currentColor" aria-hidden="true"><path d="[mlhvcz\d -]+"/></svg>',
        svg,
    )
    left, top, right, bottom = bounds(svg)
    x, y, w, h = (float(n) for n in re.search(r'viewBox="([^"]*)"', svg)[1].split())  # type: ignore[index]
    assert x <= left and y <= top and right <= x + w and bottom <= y + h, "ink sticks out"
    assert right - left > 0.5 * w and bottom - top > 0.4 * h, "ink is missing"


Box = tuple[int, int, int, int]


def contours(svg: str) -> list[Box]:
    """Left, top, right, bottom of each closed part of the outline."""
    x = y = 0
    start = (0, 0)
    points: list[tuple[int, int]] = []
    boxes: list[Box] = []
    for letter, numbers in re.findall(r"([mlhvcz])([\d -]*)", re.search(r' d="([^"]*)"', svg)[1]):  # type: ignore[index]
        steps = [int(n) for n in re.findall(r"-?\d+", numbers)]
        if letter == "z":
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
            points = []
            x, y = start
        elif letter == "c":  # all three points count from where the curve begins
            for i in range(0, len(steps), 6):
                points += [(x + steps[i + k], y + steps[i + k + 1]) for k in (0, 2, 4)]
                x, y = points[-1]
        else:
            pairs = zip(steps[::2], steps[1::2])
            for dx, dy in pairs if letter in "ml" else [(n, 0) if letter == "h" else (0, n) for n in steps]:
                x, y = x + dx, y + dy
                points.append((x, y))
            if letter == "m":
                start = (x, y)
    return boxes


def bounds(svg: str) -> Box:
    """Left, top, right, bottom of the outline."""
    boxes = contours(svg)
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def test_sits_on_the_line() -> None:
    def below(tex: str) -> float:
        return float(re.search(r"vertical-align:(-?[\d.]+)ex", math.render(tex))[1])  # type: ignore[index]

    assert -0.05 < below("x") <= 0
    assert -0.6 < below("y") < -0.4
    assert below("\\frac{a}{b}") < -0.6


def test_a_bar_of_the_size_asked_for() -> None:
    assert bounds(math.render("\\rule{2em}{1em}")) == (0, -1000, 2000, 0)


def test_a_stretched_brace_has_no_gap_and_no_overhang() -> None:
    body = bounds(math.render("a+b+c+d+e+f+g+h+i+j+k", display=True))
    braced = math.render("\\underbrace{a+b+c+d+e+f+g+h+i+j+k}", display=True)
    pieces = sorted((left, right) for left, top, right, bottom in contours(braced) if top > body[3])
    reach = pieces[0][0]
    for left, right in pieces:
        assert left <= reach + 1, "a gap"
        reach = max(reach, right)
    assert abs((reach - pieces[0][0]) - (body[2] - body[0])) < 150


def test_nothing_on_a_page_can_collide(render: Render) -> None:
    text = "$x$ $x$ $\\hat x$\n\n$$\\hat x$$\n\n$$x$$"
    tree = render(text)
    assert len(formulas(tree)) == 5
    assert not tree.xpath("//*[@id] | //*[local-name() = 'use' or local-name() = 'defs' or local-name() = 'style']")
    assert "stroke" not in convert(text)


def test_same_bytes_from_another_engine() -> None:
    one, other = math.Engine(), math.Engine()
    try:
        first = [one.render(tex, True) for tex in KINDS]
        second = [other.render(tex, True) for tex in reversed(KINDS)]
    finally:
        one.close()
        other.close()
    assert first == second[::-1]


def test_search_sees_the_words_around_and_no_tex(render: Render) -> None:
    parser = Parser()
    parser.feed(convert("# T\n\nBefore $\\frac{p}{q}$ after.\n\n$$\\alpha$$"))
    text = " ".join("".join(section.text) for section in parser.data)
    assert "Before" in text and "after." in text
    assert not re.search(r"frac|alpha|spoken|svg|path", text)


# Cache, threads, exit


def test_what_was_drawn_starts_no_v8(cold: None, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = math.render("a+1"), math.render("a+1", display=True), math.render("\\sum_i", display=True)
    math._drawn.clear()

    def refuse(self: math.Engine) -> None:
        raise AssertionError("V8 was started")

    monkeypatch.setattr(math.Engine, "render", refuse)
    monkeypatch.setattr(math.Engine, "_start", refuse)
    assert (math.render("a+1"), math.render("a+1", display=True), math.render("\\sum_i", display=True)) == drawn
    with pytest.raises((AssertionError, TypeError)):
        math.render("\\sum_i")


def test_the_cache_forgets_with_the_bundle(cold: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    math.render("a")
    monkeypatch.setattr(node, "fingerprint", lambda: "other")
    with pytest.raises(BookError, match="make setup"):
        monkeypatch.setattr(math, "engine", math.Engine())
        math.render("a")


def test_threads_share_one_v8(cold: None, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, start, started = math.Engine(), math.Engine._start, []
    monkeypatch.setattr(math, "engine", engine)
    monkeypatch.setattr(math.Engine, "_start", lambda self: started.append(1) or start(self))
    texts = [f"x_{{{n}}}^{{{m}}}" for n in range(12) for m in (1, 2)] * 2
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(math.render, texts))
    engine.close()
    assert len(started) == 1
    assert drawn[:24] == drawn[24:] and len(set(drawn)) == 24


def test_python_exits(tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path; from handbook import math; math.CACHE = Path({str(tmp_path)!r}); "
        "print(len(math.render('x'))); print(math.engine._v8 is not None)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.split()[1] == "True", done.stderr


# In words


def test_speech() -> None:
    said = {
        "P(y=1\\mid x)": "P of open paren y equals 1 given x close paren",
        "P(A\\cap B)": "P of open paren A intersection B close paren",
        "N(N-1)": "N times open paren N minus 1 close paren",
        "c_{FP}/n": "c sub F P divided by n",
        "\\hat p.": "p hat",
        "\\mathbb{E}[X]": "E of X",
        "\\operatorname*{arg\\,min}_\\theta L(\\theta)": "the arg min over theta of L of theta",
        "F_\\beta": "F sub beta",
        "\\operatorname{logit}(p)": "logit of p",
        "X\\sim p": "X is distributed as p",
        "\\tilde x": "x tilde",
        "X^\\top": "X transpose",
        "x^{(i)}": "x superscript i",
        "\\lceil x\\rceil": "ceiling of x",
        "\\lVert w\\rVert_2": "the norm of w sub 2",
        "\\begin{aligned}a&=b\\\\&=c\\end{aligned}": "2 lines: Line 1: a equals b; Line 2: equals c",
        "\\begin{cases}1&x>0\\\\0\\end{cases}": "2 cases: Case 1: 1 x is greater than 0; Case 2: 0",
    }
    assert math.speech(list(said)) == said


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A book of two formulas; one is spoken, in someone's own words, and one is spoken and no longer used."""
    path = tmp_path / "spoken.json"
    path.write_text(json.dumps({"k": "the letter k", "old": "o l d"}))
    monkeypatch.setattr(math, "SPOKEN", path)
    monkeypatch.setattr(math, "ROOT", tmp_path)
    monkeypatch.setattr(math, "collect", lambda: {"x^2": ["docs/a.md:3"], "k": ["docs/b.md:4"]})
    return path


def test_speak_adds_drops_and_keeps(book: Path) -> None:
    assert math.speak(write=False) == ["docs/a.md:3: `x^2` is not spoken", "`old` is not used"]
    assert math.main(["speak", "--check"]) == 1
    assert math.speak() == ["spoken.json"]
    assert json.loads(book.read_text()) == {"k": "the letter k", "x^2": "x squared"}
    assert math.speak() == [] and math.speak(write=False) == [] and math.main(["speak", "--check"]) == 0


def test_speak_names_what_is_no_tex(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(math, "collect", lambda: {"\\nope": ["docs/a.md:3"]})
    with pytest.raises(BookErrors) as error:
        math.speak()
    assert error.value.errors[0].where == "docs/a.md:3"


def test_every_formula_of_the_book_is_drawn_and_spoken() -> None:
    for tex in math.collect():
        for display in (False, True):
            assert math.render(tex, display=display)
    assert math.speak(write=False) == []


def test_the_command_reads_what_the_extension_collects() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "handbook.math", "speak", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# Node


def test_packages_are_pinned_by_hash_and_name_no_server() -> None:
    lock = json.loads(node.LOCK.read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages and all("integrity" in entry and "resolved" not in entry for entry in packages.values())
    manifest = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d[\w.-]+", version) for version in manifest["devDependencies"].values())


def test_nothing_is_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "run", lambda *_, **__: pytest.fail("Node was started"))
    assert node.main([]) == 0


def test_a_failure_says_what_failed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BookError, match=r"(?s)failed:.*told you"):
        node.run("-e", "console.error('told you'); process.exit(3)")
    assert node.main(["no-such-tool"]) == 1
    assert "no-such-tool" in capsys.readouterr().err


def test_a_tool_runs_with_its_arguments(capfd: pytest.CaptureFixture[str]) -> None:
    assert node.main(["esbuild", "--version"]) == 0
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["esbuild"]
    assert capfd.readouterr().out.strip() == wanted
