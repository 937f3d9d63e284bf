"""What a page is made of once the theme is gone: blocks, and inlines within them.

Links are relative to the site's root (`chapters/metrics/#move`) or lead out (`https://…`). Ids are the page's own; together
with the page's address they name a place in the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Text:
    """Words; white space is folded as a browser folds it."""

    text: str


@dataclass(frozen=True)
class Styled:
    """Words set otherwise: `style` is one of strong, emph, sub, super, key, mark, deleted, inserted, small, term, unbroken."""

    style: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Code:
    """Code within a line."""

    text: str


@dataclass(frozen=True)
class Link:
    """A link; `href` is relative to the site's root or has a scheme. `address` asks for the address to be printed behind it."""

    href: str
    inlines: tuple[Inline, ...]
    address: bool = False


@dataclass(frozen=True)
class Checked:
    """A checked figure, with its number on the page; `id` names it so that its entry leads back."""

    id: str
    how: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Anchor:
    """A place that links lead to."""

    id: str


@dataclass(frozen=True)
class Break:
    """A new line."""


@dataclass(frozen=True)
class Formula:
    """A formula: MathJax's SVG, how it is spoken, whether it has a line of its own, and how far below the line it begins (ex)."""

    svg: str
    spoken: str
    display: bool
    shift: float = 0.0


@dataclass(frozen=True)
class Footnote:
    """A footnote, where it is called."""

    inlines: tuple[Inline, ...]


Inline = Text | Styled | Code | Link | Checked | Anchor | Break | Formula | Footnote


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is the page's (1 is its title)."""

    level: int
    id: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Item:
    """An item of a list; `ticked` is None unless it is a task."""

    id: str
    blocks: tuple[Block, ...]
    ticked: bool | None = None


@dataclass(frozen=True)
class List:
    """A list; numbered from `start` when `ordered`."""

    ordered: bool
    items: tuple[Item, ...]
    start: int = 1


@dataclass(frozen=True)
class Definitions:
    """Terms and what they mean."""

    items: tuple[tuple[tuple[Inline, ...], tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `align` is empty, left, center or right."""

    blocks: tuple[Block, ...]
    header: bool
    align: str = ""
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A table: rows of the head, which repeat on every page, and rows of the body."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Token:
    """A piece of a line of code, with what Pygments calls it (`k`, `s2`, …; empty for plain text)."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A line of code; `number` is shown unless empty, `marked` is highlighted."""

    tokens: tuple[Token, ...]
    number: str = ""
    marked: bool = False

    @property
    def text(self) -> str:
        return "".join(token.text for token in self.tokens)


@dataclass(frozen=True)
class Listing:
    """A block of code or of output, with the title above it."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Figure:
    """A picture: SVG that stands alone, or the bytes of a file in `format` (png, jpg); with alternative and caption."""

    id: str
    alternative: str
    caption: tuple[Inline, ...]
    svg: str = ""
    data: bytes = b""
    format: str = "svg"


@dataclass(frozen=True)
class Box:
    """An admonition (`kind` note, tip, warning, example), a disclosure (`details`) or a tab (`tab`), opened."""

    kind: str
    id: str
    title: tuple[Inline, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Rule:
    """A line across."""


@dataclass(frozen=True)
class Prompt:
    """A practice prompt. `meta` is what its badges say, kind first; `answer` is a part of the answer each, in order."""

    heading: Heading
    aliases: tuple[str, ...]
    meta: tuple[Link, ...]
    question: tuple[Inline, ...]
    brief: tuple[Block, ...]
    answer: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a page came about."""

    items: tuple[Item, ...]


Block = (
    Heading
    | Paragraph
    | List
    | Definitions
    | Table
    | Listing
    | Figure
    | Formula
    | Box
    | Quote
    | Rule
    | Prompt
    | Numbers
    | Anchor
)


@dataclass(frozen=True)
class Page:
    """A page: its address below the site's root, and what stands on it."""

    address: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The words of its first heading."""
        heading = next((block for block in self.blocks if isinstance(block, Heading)), None)
        return words(heading) if heading else self.address


def walk(node: object) -> Iterator[object]:
    """A node and all below it, in reading order."""
    if isinstance(node, tuple):
        for part in node:
            yield from walk(part)
    elif hasattr(node, "__dataclass_fields__"):
        yield node
        for field in fields(node):  # type: ignore[arg-type]
            yield from walk(getattr(node, field.name))


def words(node: object) -> str:
    """All text below a node, without formulas.

    >>> words((Text("a "), Styled("strong", (Text("b"),)), Code("c")))
    'a bc'
    """
    return "".join(
        part.text if isinstance(part, (Text, Code, Token)) else " " if isinstance(part, Break) else ""
        for part in walk(node)
    )
