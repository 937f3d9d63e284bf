"""Which page is being rendered, and which line of its file a line of its text is.

A Markdown extension is handed text, not a file. Both builders leave a trace of the page in the `Markdown` object, each
in its own place; the bank sets `md.handbook_page`. Where none is found (a unit test), places read `<text>:line`.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown import Markdown

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SNIPPETS = ROOT / "snippets"
CACHE = ROOT / ".cache" / "handbook"


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


def front_matter_lines(text: str) -> int:
    """How many lines the YAML front matter takes, both fences and the blank lines after it included.

    >>> front_matter_lines("---\\ntitle: x\\n---\\n\\n# Heading\\n")
    4
    """
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 2):
        if line.strip() in ("---", "..."):
            while number < len(lines) and not lines[number].strip():
                number += 1
            return number
    return 0


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
    """The first line of the page's own text that holds `needle` (source positions are lost after parsing)."""
    source: list[str] = getattr(md, "handbook_source", None) or []
    for number, line in enumerate(source, 1):
        if needle in line:
            return number
    return None
