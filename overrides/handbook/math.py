"""Formulas: TeX in the source, SVG in the page, drawn by MathJax while the page is rendered.

Input
    The odds are $\\frac{p}{1-p}$.

Output
    … <span class="math math-inline" role="img" aria-label="p over 1 minus p" data-tex="\\frac{p}{1-p}"><svg …/></span>.

`$$…$$` on lines of their own give a `div.math.math-display`. No script runs in the reader's browser, no font is fetched, the
color is the text's, and a drawing has neither ids nor text: nothing collides and search sees no TeX. How a formula is
spoken stands in `spoken.json`, written by `make figures`; a better wording typed in there by hand stays.

`$` is read strictly, since a formula shown as text is worse than a failed build: it opens a formula when no space follows,
closes one when no space precedes and no digit follows, is money before a digit, and is an error otherwise (`\\$` is a
dollar sign).
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import sys
import threading
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, AtomicString

from handbook import node
from handbook.errors import BookError, BookErrors
from handbook.pages import CACHE, ROOT, line_of, page_at, where
from handbook.source import keep_source

SPOKEN = Path(__file__).parent / "spoken.json"
# What touches a formula, `(` before it or `,` `-means` `th` behind it: browsers would break the line in between.
BEFORE = r"(?P<before>(?:(?<![\w(“‘@±≈−/–\]-])(?:[^\W_]|[(“‘@±≈−/–-]){1,12})?)"
AFTER = r"(?P<after>[A-Za-z’'–-]{0,12}(?![A-Za-z])[,.;:)”]{0,3})"
INLINE = BEFORE + r"(?<![\\$])\$(?![\s$])(?P<tex>(?:\\.|[^\\$\x02\x03])+?)(?<!\s)\$(?![\d$])" + AFTER
DISPLAY = re.compile(r"^\$\$(?P<tex>(?:(?!\$\$).)+)\$\$[ ]*$", re.M | re.S)
STRAY = re.compile(r"\$\$|\$(?=[A-Za-z\\({|])|\\begin\{")
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
NARROW = 28.0  # ex: what fits into a nested list on a 320 px wide screen; anything wider may have to scroll
IN_STASH = HTML_PLACEHOLDER.split("%")[0]


class Engine:
    """MathJax in V8: one for the process, started by the first formula that is not in the cache, closed at exit.

    An open V8 keeps Python from exiting, hence `atexit`. Calls are serialized: builders may render pages in threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._v8: Any = None

    def render(self, tex: str, display: bool) -> str:
        """SVG, or `ValueError` with MathJax's message."""
        with self._lock:
            if self._v8 is None:
                self._v8 = self._start()
            answer = json.loads(self._v8.call("render", tex, display))
        if "error" in answer:
            raise ValueError(answer["error"])
        return str(answer["svg"])

    def _start(self) -> Any:
        from py_mini_racer import MiniRacer

        path = node.bundle_path()
        if not path.is_file():
            raise BookError("", "MathJax is not set up or has changed; run `make setup`")
        v8 = MiniRacer()
        v8.eval(path.read_text(encoding="utf-8"))
        return v8

    def close(self) -> None:
        """Stop V8; a later formula starts it again."""
        with self._lock:
            if self._v8 is not None:
                self._v8.close()
                self._v8 = None


engine = Engine()
atexit.register(engine.close)
_drawn: dict[str, str] = {}
_speech: tuple[float, dict[str, str]] = (0.0, {})
_found: dict[str, list[str]] | None = None


def render(tex: str, *, display: bool = False) -> str:
    """The formula as SVG text, from memory, from the cache on disk, or drawn; `ValueError` says what is wrong with it."""
    comment = COMMENT.search(tex)
    if comment:
        raise ValueError("`%` begins a comment in TeX and hides the rest; write `\\%`")
    key = hashlib.sha256(f"{node.fingerprint()}\0{display}\0{tex}".encode()).hexdigest()[:40]
    if key not in _drawn:
        path = CACHE / "math" / f"{key}.svg"
        try:
            _drawn[key] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            svg = engine.render(tex, display)
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            fresh.write_text(svg, encoding="utf-8")
            fresh.replace(path)
            _drawn[key] = svg
    return _drawn[key]


def spoken() -> dict[str, str]:
    """TeX → English, as committed."""
    global _speech
    edited = SPOKEN.stat().st_mtime if SPOKEN.is_file() else 0.0
    if edited != _speech[0]:
        _speech = (edited, json.loads(SPOKEN.read_text(encoding="utf-8")) if edited else {})
    return _speech[1]


def plain(tex: str) -> str:
    """TeX on one line, so that indentation makes no second formula of it.

    >>> plain(" a\\n    + b ")
    'a + b'
    """
    return " ".join(tex.split())


def element(md: Markdown, source: str, *, display: bool) -> tuple[etree.Element, float]:
    """The formula as an element of the page, and its width; raises `BookError` with place, TeX and reason."""
    tex = plain(source)
    first = next(line for line in source.splitlines() if line.strip()).strip()
    place = where(md, line_of(md, first if display else f"${first}"))
    if _found is not None:
        _found.setdefault(tex, []).append(place)
        return etree.Element("span"), 0.0
    try:
        svg = render(tex, display=display)
    except ValueError as error:
        raise BookError(place, f"the formula `{tex}` is not TeX that MathJax can draw: {error}") from None
    words = spoken().get(tex)
    if words is None:
        if not os.environ.get("HANDBOOK_SERVE"):
            raise BookError(place, f"the formula `{tex}` has no spoken alternative; run `make figures`")
        words = tex
    # One image with a name, for the eye and the ear. It can be focused only where it may be wider than the page, so that
    # the keyboard can scroll it.
    attributes = {"class": f"math math-{'display' if display else 'inline'}", "role": "img", "aria-label": words}
    if display and width(svg) > NARROW:
        attributes["tabindex"] = "0"
    result = etree.Element("div" if display else "span", {**attributes, "data-tex": tex})
    result.text = AtomicString(md.htmlStash.store(svg))
    return result, width(svg)


def width(svg: str) -> float:
    """How wide a drawing is, in ex.

    >>> width('<svg style="vertical-align:-.5ex" width="11.9ex" height="2ex">')
    11.9
    """
    match = re.search(r' width="([\d.]+)ex"', svg)
    return float(match[1]) if match else 0.0


class InlineMath(InlineProcessor):
    """`$…$` in running text, a table cell or a list item."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]
        formula, wide = element(self.md, m["tex"], display=False)
        if not (m["before"] or m["after"]):
            return formula, m.start(), m.end()
        if wide > NARROW:  # it may need the whole line
            return formula, m.end("before"), m.start("after")
        unbroken = etree.Element("span", {"class": "nobr"})
        unbroken.text, formula.tail = AtomicString(m["before"]), AtomicString(m["after"])
        unbroken.append(formula)
        return unbroken, m.start(), m.end()


class DisplayMath(BlockProcessor):
    """`$$…$$` on lines of their own; text right above or below stays a paragraph."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)

    def test(self, parent: etree.Element, block: str) -> bool:
        return DISPLAY.search(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = DISPLAY.search(block)
        if match is None:
            raise AssertionError("run without test")
        above, below = block[: match.start()].rstrip("\n"), block[match.end() :].lstrip("\n")
        if above:
            self.parser.parseBlocks(parent, [above])
        parent.append(element(self.parser.md, match["tex"], display=True)[0])
        if below:
            blocks.insert(0, below)


class StrayTreeprocessor(Treeprocessor):
    """Nothing that was meant as a formula may be left as text, and none may stand where it can't be drawn."""

    def run(self, root: etree.Element) -> None:
        if _found is None:
            self._look(root)

    def _look(self, at: etree.Element) -> None:
        if at.tag in ("code", "pre", "script", "style"):
            return
        if re.fullmatch(r"h[1-6]", str(at.tag)) and any("math" in (e.get("class") or "").split() for e in at.iter()):
            title = "".join(t for t in at.itertext() if IN_STASH not in t).strip()
            self._refuse(
                title, f"a formula can't stand in the heading “{title}”: contents and search would show its TeX"
            )
        for name, value in at.items():
            if value and IN_STASH in value:
                self._refuse(value, f"a formula can't stand in a text alternative, a caption or a title ({name})")
        self._read(at.text)
        for child in at:
            self._look(child)
            self._read(child.tail)

    def _read(self, text: str | None) -> None:
        stray = STRAY.search(text) if text else None
        if text and stray:
            rest = text[stray.start() :].splitlines()[0][:40]
            self._refuse(
                rest,
                f"`{rest}` looks like a formula and would show as text. Formulas are `$…$`, with no space inside the dollars, "
                "or `$$…$$` on lines of their own (indented by four in a list), with no blank line inside; in a table `|` is "
                "written `\\mid`; a dollar sign is `\\$`",
            )

    def _refuse(self, needle: str, message: str) -> None:
        raise BookError(where(self.md, line_of(self.md, needle)), message)


class MathExtension(Extension):
    """Takes `$` over, behind code spans and checked figures, before escapes."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        if "$" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS.append("$")
        keep_source(md)
        md.parser.blockprocessors.register(DisplayMath(md.parser), "handbook-math-display", 79.9)
        md.inlinePatterns.register(InlineMath(INLINE, md), "handbook-math-inline", 189.9)
        md.treeprocessors.register(StrayTreeprocessor(md), "handbook-math-stray", 6)


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return MathExtension(**kwargs)


@contextmanager
def collecting() -> Iterator[dict[str, list[str]]]:
    """While open, formulas are noted with their places instead of drawn."""
    global _found
    _found = {}
    try:
        yield _found
    finally:
        _found = None


def collect() -> dict[str, list[str]]:
    """Every formula of the book and the places it stands at.

    Read by the extensions that `mkdocs.yml` lists, but for those that reach outside of the page: a snippet or figure that is
    still missing does not keep formulas from being spoken.
    """
    from handbook import bank, config

    settings = config.load()
    settings["markdown_extensions"] = [
        item
        for item in settings["markdown_extensions"]
        if not re.match(r"handbook\.(?!math$)|pymdownx\.snippets$", item if isinstance(item, str) else next(iter(item)))
    ]
    with collecting() as found:
        for path in bank.sources():
            text = bank.body_of(path)
            if "$" in text:
                config.markdown(page_at(path), settings).convert(text)
    return found


def speech(formulas: list[str]) -> dict[str, str]:
    """English for each formula, by Speech Rule Engine in Node."""
    if not formulas:
        return {}
    node.install()
    answer = json.loads(node.run(node.SOURCES / "speech.mjs", stdin=json.dumps(formulas)))
    return dict(zip(formulas, answer, strict=True))


def speak(*, write: bool = True) -> list[str]:
    """Bring `spoken.json` up to date: new formulas added, unused ones dropped, the rest left as it is; returns what changed."""
    found = collect()
    known = spoken()
    new = sorted(set(found) - set(known))
    errors: list[BookError] = []
    for tex in new:
        try:
            render(tex)
        except ValueError as error:
            errors.append(BookError(found[tex][0], f"the formula `{tex}` is not TeX that MathJax can draw: {error}"))
    if errors:
        raise BookErrors(errors)
    if not write:
        unused = sorted(set(known) - set(found))
        return [f"{found[tex][0]}: `{tex}` is not spoken" for tex in new] + [f"`{tex}` is not used" for tex in unused]
    words = {tex: said for tex, said in {**known, **speech(new)}.items() if tex in found}
    text = json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if SPOKEN.is_file() and SPOKEN.read_text(encoding="utf-8") == text:
        return []
    SPOKEN.write_text(text, encoding="utf-8")
    return [SPOKEN.relative_to(ROOT).as_posix()]


def main(arguments: list[str]) -> int:
    """`python -m handbook.math speak [--check]`."""
    if arguments not in (["speak"], ["speak", "--check"]):
        print(main.__doc__, file=sys.stderr)
        return 2
    checking = "--check" in arguments
    try:
        changed = speak(write=not checking)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    for line in changed:
        print(line if checking else f"wrote {line}")
    if checking and changed:
        print("overrides/handbook/spoken.json is stale; run `make figures`", file=sys.stderr)
    return int(bool(changed) and checking)


if __name__ == "__main__":
    from handbook import math  # the module the extension is loaded from, not this second copy of it

    sys.exit(math.main(sys.argv[1:]))
