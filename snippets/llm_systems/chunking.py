"""Articles to passages: keep structure, cut by it, remember where each piece came from.

Serves docs/chapters/llm-systems/retrieval.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from snippets.metrics._inputs import whole

HEADINGS = ("h1", "h2", "h3")
BLOCKS = (*HEADINGS, "p", "li", "tr")
SKIPPED = ("nav", "footer", "script", "style", "aside")


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or table row, with the headings it stands under."""

    path: tuple[str, ...]
    text: str


class Article(HTMLParser):
    """Collects blocks; a table row repeats its column names, so that it can stand alone."""

    def __init__(self) -> None:
        """No text yet."""
        super().__init__()
        self.blocks: list[Block] = []
        self.path: list[tuple[str, str]] = []  # heading level, heading
        self.words: list[str] = []
        self.cells: list[tuple[str, str]] = []  # th or td, text
        self.columns: list[str] = []
        self.skipping = 0
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Close what stood before; blocks within a cell belong to the cell."""
        self.skipping += tag in SKIPPED
        if tag in ("th", "td"):
            self.words, self.in_cell = [], True
        elif not self.in_cell and tag in (*BLOCKS, "table"):
            self.flush("p")
        if tag == "table":
            self.columns = []

    def handle_data(self, data: str) -> None:
        """Keep the words, unless they are decoration."""
        if not self.skipping:
            self.words += data.split()

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or a block."""
        self.skipping -= tag in SKIPPED
        if tag in ("th", "td"):
            self.cells.append((tag, " ".join(self.words)))
            self.words, self.in_cell = [], False
        elif not self.in_cell and tag in BLOCKS:
            self.flush(tag)

    def flush(self, tag: str) -> None:
        """End the open block: a heading changes the path, a row of names the columns, anything else is a block."""
        if tag == "tr" and all(kind == "th" for kind, _ in self.cells):
            self.columns = [name for _, name in self.cells]
        elif tag == "tr":
            names = self.columns + [""] * len(self.cells)
            row = [f"{name}: {text}" if name else text for name, (_, text) in zip(names, self.cells, strict=False)]
            self.words = "; ".join(row).split()
        text, self.words, self.cells = " ".join(self.words), [], []
        if text and tag in HEADINGS:
            self.path = [(level, name) for level, name in self.path if level < tag] + [(tag, text)]
        elif text:
            self.blocks.append(Block(tuple(name for _, name in self.path), text))


def parse(html: str) -> list[Block]:
    """The blocks of an article in reading order, navigation and scripts left out.

    Text outside any block counts as a paragraph; no text gives no block. Merged cells and nested tables are beyond
    it. O(n) for n characters.
    """
    reader = Article()
    reader.feed(html)
    reader.close()
    reader.flush("p")
    return reader.blocks


# --8<-- [start:chunk]
@dataclass(frozen=True)
class Passage:
    """What is indexed, with its provenance: where it stood, in which version."""

    article: str
    version: int
    path: tuple[str, ...]
    start: int  # word offsets within the article's blocks, end not included
    end: int
    text: str

    @property
    def key(self) -> str:
        """Names the content, not the place: equal text under equal headings keeps its vector."""
        content = "\x1f".join((self.article, *self.path, "", self.text))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def chunk(
    blocks: Sequence[Block],
    article: str,
    version: int = 1,
    size: int = 300,
    overlap: int = 60,
) -> list[Passage]:
    """Passages of at most `size` words that never cross a heading.

    Within a section neighbors share exactly `overlap` words, so any span of at most
    overlap + 1 words stands whole in some passage. A word stands for a token here.
    Offsets count all blocks' words. No block gives no passage; overlap must be
    below size, else `ValueError`. O(n).
    """
    whole(overlap, "overlap"), whole(size, "size", least=overlap + 1)
    sections: list[tuple[tuple[str, ...], list[str]]] = []
    for block in blocks:
        if not sections or sections[-1][0] != block.path:
            sections.append((block.path, []))
        sections[-1][1].extend(block.text.split())
    passages, before = [], 0
    for path, words in sections:
        for start in range(0, max(1, len(words) - overlap), size - overlap):
            text = " ".join(words[start : start + size])
            end = min(start + size, len(words))
            passages.append(Passage(article, version, path, before + start, before + end, text))
        before += len(words)
    return passages


# --8<-- [end:chunk]


def update(old: Sequence[Passage], new: Sequence[Passage]) -> tuple[list[str], list[Passage]]:
    """What an edit does to the index: keys to delete, passages to embed; what stays keeps its vector.

    Offsets and version of a passage that stays are rewritten beside its vector, without a model.
    No old passage embeds all, no new one deletes all. O(n).
    """
    was, now = {passage.key for passage in old}, {passage.key for passage in new}
    return sorted(was - now), [passage for passage in new if passage.key not in was]


SOURCE = """
<nav>Home Help Contact</nav>
<h1>Sync errors</h1>
<p>Each code names one cause. Note it before you restart.</p>
<h2>Codes</h2>
<table>
<tr><th>Code</th><th>Cause</th><th>Do</th></tr>
<tr><td>E-4127</td><td>clock is off</td><td>set the time, sync again</td></tr>
<tr><td>E-4172</td><td>plan expired</td><td>renew, then sign in</td></tr>
</table>
<h2>After an update</h2>
<p>Sign in again on each device.</p>
"""


def demo_passages() -> None:
    """Print the passages of a small article: headings, word offsets, text."""
    for passage in chunk(parse(SOURCE), "sync-errors", version=8, size=16, overlap=4):
        print(f"{' > '.join(passage.path)} [{passage.start}:{passage.end}]\n  {passage.text}")
