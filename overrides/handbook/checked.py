"""Checked figures: a number in running prose together with the expression over `snippets` that produces it.

Input
    At 1 % FPR that is {{9,980 = metrics.worked.false_alarms_per_day()}} false alarms a day.

Output
    … that is <a class="checked" id="__n1" href="#__how1">9,980</a> false alarms a day. …
    <details class="how-numbers">… <li id="__how1">9,980 = <code>metrics.worked.false_alarms_per_day()</code>: … </li></details>

The build fails, naming page and line, when the two disagree. The written form sets the precision:

- `9,980` whole, thousands grouped; `0.0099` to four decimals; `12.5 %` is the value × 100; `1.2 million`, `3 bn`, `40k`;
- `≈10,000` compares at the significant digits shown, zeros at the end not counted (`≈1.0` to one decimal); `$1.20`, `€3` carry their sign;
- `0.03–0.06` needs a pair; a text needs the same text.

A link to a list at the end of the page, rather than a tooltip: it works by keyboard, without script, and on paper.

Values are kept in `.build/` by expression and by the code they come from (`_Memory`), so that a page whose code did not change
costs nothing, however heavy its simulations.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import json
import math
import re
import sys
import threading
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from handbook.errors import BookError
from handbook.pages import CACHE, SNIPPETS, line_of, where
from handbook.plot import imports_of
from handbook.source import keep_source

PATTERN = r"\{\{(?P<body>(?:[^{}]|\{(?!\{)|\}(?!\}))*)\}\}"
SCALES = {"k": 3, "thousand": 3, "M": 6, "million": 6, "bn": 9, "billion": 9}
NUMBER = re.compile(
    r"^(?P<about>≈|~)?\s?(?P<sign>[-−+])?(?P<currency>[$€£])?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?:[ \u00a0\u202f]?(?P<unit>%|k|thousand|M|million|bn|billion))?$"
)
BUILTINS = {"abs": abs, "round": round, "min": min, "max": max, "len": len, "sum": sum, "sorted": sorted}

_lock = threading.RLock()
_loaded_at = 0.0


@dataclass(frozen=True)
class Checked:
    """A checked figure found right: what the reader sees, how it came about, and what the code says about it."""

    text: str
    expression: str
    value: str
    explanation: str


def check(body: str) -> Checked:
    """Read `text = expression`, evaluate, compare; raises `ValueError` with what to write instead.

    >>> check("4 = len([1, 2, 3, 4])").text
    '4'
    """
    text, sep, expression = body.partition(" = ")
    text, expression = text.strip(), expression.strip()
    if not sep or not text or not expression:
        raise ValueError(
            "write `{{number = expression}}`, with spaces around the first `=` (in TeX, keep the braces apart: `{ {a} }`)"
        )
    value, explanation = _memory.recall(expression)
    compare(text, value, expression)
    return Checked(text, expression, show(value), explanation)


class _Memory:
    """Values and explanations already worked out, a JSON line each: what was asked, of which code, what came out.

    Lines are only ever added, so two builds at once can't hurt each other; a line that can't be read is worked out again.
    """

    def __init__(self, path: Path = CACHE / "checked.jsonl") -> None:
        self.path = path
        self.known: dict[str, tuple[Any, str]] | None = None
        self.digests: dict[Path, tuple[int, str]] = {}
        self.behind: dict[frozenset[tuple[str, ...]], bytes] = {}

    def begin(self) -> None:
        """A page begins: ask the disk again which code is behind its numbers, once for all that name the same modules."""
        with _lock:
            self.behind.clear()

    def recall(self, expression: str) -> tuple[Any, str]:
        """The value of an expression and its explanation, from memory when the code behind it is the same."""
        with _lock:
            key = self._key(expression)
            if self.known is None:
                self.known = self._load()
            if key in self.known:
                return self.known[key]
            found = evaluate(expression), explain(expression)
            kept = _plain(found[0])
            if kept is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([key, kept, found[1]]) + "\n")
                self.known[key] = (kept, found[1])
            return found

    def _load(self) -> dict[str, tuple[Any, str]]:
        known: dict[str, tuple[Any, str]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else []:
            try:
                key, value, explanation = json.loads(line)
            except (ValueError, TypeError):
                continue
            known[str(key)] = (value, str(explanation))
        return known

    def _key(self, expression: str) -> str:
        names = _names(expression)
        if names not in self.behind:
            files = sorted(_files_of(names))
            # Relative, so that what one checkout worked out serves its copies.
            self.behind[names] = b"".join(
                file.relative_to(SNIPPETS).as_posix().encode() + self._digest(file).encode() for file in files
            )
        return hashlib.sha256(expression.encode() + self.behind[names]).hexdigest()

    def _digest(self, file: Path) -> str:
        changed = file.stat().st_mtime_ns
        if self.digests.get(file, (0, ""))[0] != changed:
            self.digests[file] = (changed, hashlib.sha256(file.read_bytes()).hexdigest())
        return self.digests[file][1]


def code_behind(*expressions: str) -> set[Path]:
    """The files of `snippets/` that values depend on: the modules they name and all that these import."""
    return _files_of(frozenset().union(*map(_names, expressions)))


def _names(expression: str) -> frozenset[tuple[str, ...]]:
    """Where an expression looks: its dotted names, each without its last part, which names a value and no module.

    >>> sorted(_names("metrics.worked.rate() / cases.payments.daily_volume"))
    [('cases',), ('cases', 'payments'), ('metrics',), ('metrics', 'worked')]
    """
    found = [name.split(".") for name in re.findall(r"(?<![\w.])[A-Za-z_][\w.]*", expression)]
    return frozenset(tuple(parts[:end]) for parts in found for end in range(1, max(2, len(parts))))


def _files_of(names: frozenset[tuple[str, ...]]) -> set[Path]:
    files: set[Path] = set()
    for dotted in names:
        for end in range(1, len(dotted) + 1):
            module = SNIPPETS.joinpath(*dotted[:end])
            for file in (module.with_suffix(".py"), module / "__init__.py"):
                files.update(imports_of(file) if file.is_file() else ())
    return files


def _plain(value: Any) -> Any:
    """A value as JSON keeps it, or None where it would not come back the same."""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return value if isinstance(value, (str, int)) else float(value)
    if isinstance(value, (tuple, list)) and all(_is_number(v) for v in value):
        return [float(v) for v in value]
    return None


def compare(text: str, value: Any, expression: str = "") -> None:
    """Raise `ValueError` unless `text` is what `value` looks like when written that way."""
    of = f" of `{expression}`" if expression else ""
    if isinstance(value, str):
        if text != value:
            raise ValueError(f"the text says “{text}” and the value{of} is “{value}”")
        return
    if isinstance(value, (tuple, list)):
        parts = re.split(r"\s?–\s?", text)
        if len(value) != 2 or len(parts) != 2:
            raise ValueError(
                f"a range is written `low–high` and needs a pair of values{of}; got “{text}” and {show(value)}"
            )
        low, high = parts
        unit = re.search(r"[ \u00a0\u202f]?(%|k|thousand|M|million|bn|billion)$", high)
        currency = re.search(r"[$€£]", low)
        if unit and not re.search(r"[%a-zM]$", low):
            low += unit[0]
        if currency and not re.search(r"[$€£]", high):
            high = currency[0] + high
        if re.match(r"[≈~]", low) and not re.match(r"[≈~]", high):
            high = low[0] + high
        compare(low, value[0], expression)
        compare(high, value[1], expression)
        return
    if type(value).__name__ in ("bool", "bool_") or not _is_number(value):
        raise ValueError(f"the value{of} is {value!r}, neither a number, a pair nor a text")
    match = NUMBER.match(text)
    if match is None:
        raise ValueError(
            f"“{text}” can't be read as a number; write digits with thousands commas, and `%`, `k`, `million` behind or `$`, `≈` in front; "
            "other units stay outside the braces"
        )
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"the value{of} is {number}")
    digits = match["digits"]
    whole = digits.split(".")[0]
    if "," in digits or len(whole) >= 4:
        grouped = f"{int(whole.replace(',', '')):,}"
        if whole != grouped:
            raise ValueError(f"“{whole}” is written with thousands commas: {grouped}")
    shift = 2 if match["unit"] == "%" else -SCALES.get(match["unit"] or "", 0)
    exact = Decimal(repr(number)).scaleb(shift)
    written = Decimal(digits.replace(",", ""))
    if match["sign"] in ("-", "−"):
        written = -written
    if match["about"] and "." not in digits:
        significant = len(digits.replace(",", "").rstrip("0")) or 1
        step = Decimal(1).scaleb(exact.adjusted() - significant + 1) if exact else Decimal(1)
    else:
        step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    # Half up or half to even: both are honest; a float's last bits must not decide.
    wide = Context(prec=400)
    near = exact.quantize(step * Decimal("1e-9"), context=wide)
    rounded = {
        (near / step).quantize(Decimal(1), mode, context=wide) * step for mode in (ROUND_HALF_EVEN, ROUND_HALF_UP)
    }
    if written not in rounded:
        right = _written_like(match, max(rounded, key=abs), digits)
        raise ValueError(f"the text says {text} and the value{of} is {number!r}; write {right}")


def _written_like(match: re.Match[str], value: Decimal, digits: str) -> str:
    places = len(digits.partition(".")[2])
    if match["about"] and not places:
        places = max(0, -int(value.normalize().as_tuple().exponent))
    sign = "−" if value < 0 else "+" if match["sign"] == "+" else ""
    tail = text[match.end("digits") :] if (text := match.string) else ""
    return f"{match['about'] or ''}{sign}{match['currency'] or ''}{abs(value):,.{places}f}{tail}"


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def show(value: Any) -> str:
    """A value as the list at the end of the page shows it: up to six significant digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return " to ".join(show(v) for v in value)
    number = float(value)
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    if abs(number) >= 1000:
        return f"{number:,.2f}"
    return f"{number:.6g}"


def evaluate(expression: str) -> Any:
    """The value of an expression over the modules of `snippets` (`cases`, `metrics.threshold`, …) and a few builtins."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"`{expression}` is not a Python expression: {getattr(error, 'msg', error)}") from None
    with _lock:
        _reload_when_edited()
        names: dict[str, Any] = {}
        importlib.import_module("snippets")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in BUILTINS and node.id not in names:
                bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
                if node.id not in bound:
                    names[node.id] = _module(node.id, expression)
            elif isinstance(node, ast.Attribute) and (path := _dotted(node)):
                _import_deep(path, expression)
        try:
            return eval(compile(tree, "<checked figure>", "eval"), {"__builtins__": BUILTINS, **names})
        except Exception as error:
            raise ValueError(f"`{expression}` fails with {type(error).__name__}: {error}") from None


def _module(name: str, expression: str) -> Any:
    if importlib.util.find_spec(f"snippets.{name}") is None:
        raise ValueError(f"`{expression}` names `{name}`, and there is no module `snippets.{name}`")
    return _import(f"snippets.{name}", expression)


def _import(name: str, expression: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise ValueError(f"`{expression}` needs `{name}`, which can't be imported: {error!r}") from None


def _dotted(node: ast.Attribute) -> list[str]:
    parts: list[str] = []
    at: ast.expr = node
    while isinstance(at, ast.Attribute):
        parts.append(at.attr)
        at = at.value
    return [at.id, *reversed(parts)] if isinstance(at, ast.Name) else []


def _import_deep(path: list[str], expression: str) -> None:
    """Import the longest prefix of a dotted name that is a module, so that `metrics.worked.x` needs no import line."""
    name = "snippets"
    for part in path:
        parent = sys.modules.get(name)
        name += f".{part}"
        if not hasattr(parent, "__path__") or importlib.util.find_spec(name) is None:
            return
        _import(name, expression)


def _reload_when_edited() -> None:
    """Forget the imported snippets when a file changed, so that `make serve` checks against the code as it is now."""
    global _loaded_at
    newest = max((path.stat().st_mtime for path in SNIPPETS.rglob("*.py")), default=0.0)
    if newest > _loaded_at:
        if _loaded_at:
            for name in [name for name in sys.modules if name == "snippets" or name.startswith("snippets.")]:
                del sys.modules[name]
            importlib.invalidate_caches()
        _loaded_at = newest


def explain(expression: str) -> str:
    """The first sentence of the docstring of the function that the expression calls, when it is one call of ours."""
    node = ast.parse(expression, mode="eval").body
    while isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.value, ast.Name):
        node = node.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    function = evaluate(ast.unparse(node.func))
    doc = inspect.getdoc(function) or ""
    first = re.split(r"(?<=[.;:])\s|\n\n", doc.strip(), maxsplit=1)[0]
    return re.sub(r"\s+", " ", first).rstrip(";:")


_memory = _Memory()


class CheckedInline(InlineProcessor):
    """`{{text = expression}}` in running text: checked where it stands."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]
        md: Any = self.md
        # A code span inside is stashed by now; what stands before it is enough to find the line.
        written = m[0].partition("\x02")[0]
        try:
            if written != m[0]:
                raise ValueError("no code span inside; write the expression without backticks")
            found = check(m["body"])
        except ValueError as error:
            raise BookError(where(self.md, line_of(self.md, written)), f"checked figure `{written}`: {error}") from None
        notes: list[Checked] = md.handbook_checked
        notes.append(found)
        number = len(notes)
        link = etree.Element(
            "a", {"class": "checked", "href": f"#__how{number}", "id": f"__n{number}", "data-n": str(number)}
        )
        link.text = AtomicString(found.text)
        return link, m.start(0), m.end(0)


class NumbersTreeprocessor(Treeprocessor):
    """Append the list of how the page's numbers came about; refuse a checked figure in a heading."""

    def run(self, root: etree.Element) -> None:
        self._look(root)
        notes: list[Checked] = self.md.handbook_checked  # type: ignore[attr-defined]
        if not notes:
            return
        for heading in root.iter():
            if (
                re.fullmatch(r"h[1-6]|summary|label|a", str(heading.tag))
                and heading.find(".//a[@class='checked']") is not None
            ):
                text = re.sub("\x02.*?\x03.*", "", "".join(heading.itertext())).strip()
                what = {"a": "link", "summary": "title", "label": "title"}.get(heading.tag, "heading")
                figure = next(link.text for link in heading.iter("a") if link.get("class") == "checked")
                raise BookError(
                    where(self.md, line_of(self.md, f"{{{{{figure} = ")),
                    f"a checked figure can't stand in the {what} “{text}”; write it into the text",
                )
        # Numbered in reading order: inline patterns run block by block, nested ones not always last.
        order: list[Checked] = []
        for link in root.iter("a"):
            if link.get("class") == "checked":
                order.append(notes[int(link.get("data-n", "1")) - 1])
                number = len(order)
                link.attrib.update({"href": f"#__how{number}", "id": f"__n{number}", "data-n": str(number)})
        box = etree.SubElement(root, "details", {"class": "how-numbers", "id": "__numbers", "data-search-exclude": ""})
        summary = etree.SubElement(box, "summary")
        summary.text = AtomicString("How the numbers on this page came about")
        lead = etree.SubElement(box, "p")
        lead.text = AtomicString(
            "Each was computed by the book's tested code when this page was built; the build fails when text and code disagree."
        )
        items = etree.SubElement(box, "ol")
        for number, note in enumerate(order, 1):
            item = etree.SubElement(items, "li", {"id": f"__how{number}"})
            back = etree.SubElement(item, "a", {"href": f"#__n{number}", "class": "checked-back"})
            back.text = AtomicString(note.text)
            back.tail = AtomicString(" = ")
            code = etree.SubElement(item, "code")
            code.text = AtomicString(note.expression)
            code.tail = AtomicString(f" = {note.value}. {note.explanation}".rstrip())

    def _look(self, at: etree.Element) -> None:
        """Nothing that was meant as a checked figure may be left as text."""
        if at.tag in ("code", "pre", "script", "style"):
            return
        for text in (at.text, *(child.tail for child in at)):
            left = re.search(r"\{\{.*|.*\}\}", text or "")
            if left and not isinstance(text, AtomicString):
                raise BookError(
                    where(self.md, line_of(self.md, left[0][:40])),
                    f"`{left[0][:40]}` is half a checked figure and prints as text; write `{{{{number = expression}}}}` on one "
                    "line, without a bar inside, or put braces that mean themselves into a code span",
                )
        for child in at:
            self._look(child)


class CheckedExtension(Extension):
    """Registers the inline pattern behind code spans, before math, escapes, links and emphasis."""

    def extendMarkdown(self, md: Markdown) -> None:
        self.md = md
        self.reset()
        md.registerExtension(self)
        keep_source(md)
        md.inlinePatterns.register(CheckedInline(PATTERN, md), "handbook-checked", 189.95)
        md.treeprocessors.register(
            NumbersTreeprocessor(md), "handbook-numbers", 6
        )  # before MkDocs collects anchors (5)

    def reset(self) -> None:
        _memory.begin()
        self.md.handbook_checked = []  # type: ignore[attr-defined]


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return CheckedExtension(**kwargs)
