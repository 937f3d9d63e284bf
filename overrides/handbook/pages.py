"""Which page is being rendered, and which line of its file a line of its text is.

A Markdown extension is handed text, not a file. Both builders leave a trace of the page in the `Markdown` object, each
in its own place; the bank sets `md.handbook_page`. Where none is found (a unit test), places read `<text>:line`.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown import Markdown

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SNIPPETS = ROOT / "snippets"
CACHE = ROOT / ".build"  # not `.cache`, which Zensical empties


@dataclass(frozen=True)
class Page:
    """A source page: `path` relative to `docs/` (POSIX), and how many lines of front matter its text lacks."""

    path: str
    offset: int = 0

    def where(self, line: int | None = None) -> str:
        """`docs/chapters/metrics/index.md:12`, the line counted in the file (`line` counts the text from 1)."""
        name = f"docs/{self.path}" if self.path != "<text>" else self.path
        return name if line is None else f"{name}:{line + self.offset}"

    def link_to(self, target: str) -> str:
        """A relative link from this page to another source page, both relative to `docs/`.

        >>> Page("chapters/metrics/index.md").link_to("reference/conventions.md#level-mid")
        '../../reference/conventions.md#level-mid'
        """
        path, _, fragment = target.partition("#")
        if self.path == "<text>":
            return target
        relative = posixpath.relpath(path, posixpath.dirname(self.path) or ".")
        return relative + (f"#{fragment}" if fragment else "")


@lru_cache(maxsize=512)
def _offset(path: Path, mtime: float) -> int:
    return front_matter_lines(path.read_text(encoding="utf-8-sig"))


def lines_of(text: str) -> list[str]:
    """A text's lines as Markdown and editors count them; `str.splitlines` also breaks at form feeds and the like.

    >>> lines_of("a\\r\\nb\\x0cc")
    ['a', 'b\\x0cc']
    """
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[:-1] if lines[-1] == "" else lines


def front_matter_lines(text: str) -> int:
    """How many lines at the top the builder drops: YAML front matter with both its fences, and empty lines.

    >>> front_matter_lines("---\\ntitle: x\\n---\\n\\n# Heading\\n")
    4
    """
    lines = lines_of(text)
    number = 0
    if lines and re.fullmatch(r"---[ \t]*", lines[0]):
        ends = (n for n, line in enumerate(lines[1:], 2) if re.fullmatch(r"(---|\.\.\.)[ \t]*", line))
        number = next(ends, 0)
    while number < len(lines) and not lines[number]:
        number += 1
    return number


def page_at(path: str, docs: Path = DOCS) -> Page:
    """The page at `path`, relative to `docs`, with the length of its front matter read from the file."""
    file = docs / path
    return Page(path, _offset(file, file.stat().st_mtime) if file.is_file() else 0)


def page_of(md: Markdown) -> Page:
    """The page that `md` is rendering."""
    page = getattr(md, "handbook_page", None)
    if isinstance(page, Page):
        return page
    for processor in md.treeprocessors:  # MkDocs
        file = getattr(processor, "file", None)
        if file is not None and hasattr(file, "src_uri"):
            docs = Path(file.src_dir) if getattr(file, "src_dir", None) else DOCS
            return page_at(file.src_uri, docs)
    for preprocessor in md.preprocessors:  # Zensical
        context = getattr(preprocessor, "page", None)
        if context is not None and hasattr(context, "path"):
            return page_at(str(context.path))
    return Page("<text>")


def where(md: Markdown, line: int | None = None) -> str:
    """File and line for a message."""
    return page_of(md).where(line)


def line_of(md: Markdown, needle: str) -> int | None:
    """The first line of the page's own text that holds `needle` outside code (source positions are lost after parsing)."""
    source: list[str] = getattr(md, "handbook_source", None) or []
    needle = needle.strip().split("\n")[0]
    inside_code = None
    for number, line in enumerate(source, 1):
        if needle in without_code(line):
            return number
        if inside_code is None and needle in line:
            inside_code = number
    return inside_code


def without_code(line: str) -> str:
    """The line with its code spans blanked, every other character where it was.

    >>> without_code("a `b` c")
    'a     c'
    """
    if "`" not in line:  # most lines, and this is asked of every line several times
        return line
    return re.sub(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)", lambda match: " " * len(match[0]), line)
