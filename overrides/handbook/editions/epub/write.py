"""Nodes → XHTML as e-readers know it.

Input
    Paragraph((Text('Say "yes" to '), Styled("strong", (Text("both"),))))

Output
    <p>Say “yes” to <strong>both</strong></p>

Links within the book are written `href="book:chapters/metrics/#move"` and get their file when all files are known; a quotation
mark of the text is always escaped, so nothing else can look like one.

What a reading app does to a page shapes it: night modes repaint text and nothing else, so nothing here has a background but
drawings, which bring theirs; formulas take the color of the text. Drawings are files, since apps enlarge a picture at a
double tap and an inlined drawing not at all. Cells of a table say what their column is, so that the style sheet can lay a
row out as lines where there is no room: a wide table on a phone, a narrow one in large letters.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handbook.errors import BookError
from handbook.paper import svg as drawing
from handbook.paper.nodes import (
    Anchor,
    Block,
    Box,
    Break,
    Cell,
    Checked,
    Code,
    Definitions,
    Figure,
    Footnote,
    Formula,
    Heading,
    Inline,
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
from handbook.paper.write import EX, TOKENS, UNIT, columns_of, curly, natural_widths

STYLES = {
    "strong": "strong",
    "emph": "em",
    "sub": "sub",
    "super": "sup",
    "key": "kbd",
    "mark": "mark",
    "deleted": "del",
    "inserted": "ins",
    "small": "small",
    "term": "dfn",
}
BOXES = {"note": "Note", "tip": "Tip", "warning": "Warning", "example": "Example", "details": "", "tab": ""}
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
PHONE = 40.0  # letters of a table's size in a phone's line, less what stands between columns
GAP = 2.0
SHORT = 24  # letters of a cell with its column's name, beside which there is room for another
DEEPEST = 24  # a deeper indented line of code wraps as one of this depth


@dataclass(frozen=True)
class Piece:
    """A block of a page's own level, written. `begins`: a file may begin with it."""

    html: str
    begins: bool = False


class Writer:
    """Writes one page. Afterwards: `answers`, one for each prompt; `pictures`, name → bytes."""

    def __init__(self, address: str, stem: str, site_url: str) -> None:
        self.address = address
        self.stem = stem  # names what belongs to the page
        self.web = site_url.rstrip("/") + "/" + address
        self.answers: list[str] = []
        self.pictures: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.noted = 0
        self.before = ""  # the last letter written, which turns the next quotation mark

    # Pages

    def page(self, blocks: Sequence[Block]) -> list[Piece]:
        """The page's blocks; footnotes stand behind the block that calls them, where an app takes them for its pop-up."""
        found: list[Piece] = []
        after_heading = False
        for block in blocks:
            html = self.block(block)
            html += "".join(self.notes)
            self.notes.clear()
            begins = isinstance(block, Prompt) or (isinstance(block, Heading) and block.level <= 3)
            found.append(Piece(html, begins and not after_heading))
            after_heading = isinstance(block, Heading)
        return found

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n".join(filter(None, map(self.block, blocks)))

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return f"<h{block.level}{_id(block.id)}>{self.inlines(block.inlines)}</h{block.level}>"
            case Paragraph():
                return f"<p>{self.inlines(block.inlines)}</p>"
            case Anchor():
                return f"<div{_id(block.id)}></div>"
            case List():
                return self.list(block)
            case Definitions():
                pairs = (
                    f"<dt>{self.inlines(term)}</dt>\n<dd>{self.inner(meaning)}</dd>" for term, meaning in block.items
                )
                return "<dl>\n" + "\n".join(pairs) + "\n</dl>"
            case Table():
                return self.table(block)
            case Listing():
                return self.listing(block)
            case Figure():
                return self.figure(block)
            case Formula():
                return f'<div class="display">{self.formula(block)}</div>'
            case Box():
                return self.box(block)
            case Quote():
                return f"<blockquote>\n{self.blocks(block.blocks)}\n</blockquote>"
            case Rule():
                return "<hr/>"
            case Prompt():
                return self.prompt(block)
            case Numbers():  # stays on the web, as it does for paper; the title page says so
                return ""
        raise self.refuse(block)

    def refuse(self, node: object) -> BookError:
        return BookError(
            self.address or "/",
            f"a {type(node).__name__} has no form in the EPUB; teach `handbook/editions/epub/write.py` what it is there",
        )

    def list(self, block: List) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "\n".join(self.item(item) for item in block.items)
        return f"<{tag}{start}>\n{items}\n</{tag}>" if block.items else ""

    def item(self, item: Item) -> str:
        # The box of a task isn't written: nobody can tick it here.
        return f"<li{_id(item.id)}>{self.inner(item.blocks)}</li>"

    def inner(self, blocks: Sequence[Block]) -> str:
        """The blocks of an item or a cell: a paragraph that begins it goes in without a `<p>`, as in a tight list."""
        if blocks and isinstance(blocks[0], Paragraph):
            first = self.inlines(blocks[0].inlines)
            return "\n".join(filter(None, [first, self.blocks(blocks[1:])]))
        return self.blocks(blocks)

    def box(self, block: Box) -> str:
        if block.kind not in BOXES:
            raise BookError(
                self.address or "/",
                f"a box of the kind `{block.kind}` has no form in the EPUB; add it to `BOXES` in `handbook/editions/epub/write.py`",
            )
        if folded(block):
            count = sum(
                bool(line.text.strip()) for node in walk(block) if isinstance(node, Listing) for line in node.lines
            )
            return f'<p class="folded"><a href="{escaped(self.web)}">{count} lines of code</a> stand here on the web and in the notebook.</p>'
        title = self.inlines(block.title) or BOXES[block.kind]
        shown = f'<p class="box-title">{title}</p>\n' if title else ""
        return f'<div class="box {block.kind}"{_id(block.id)}>\n{shown}{self.blocks(block.blocks)}\n</div>'

    def figure(self, block: Figure) -> str:
        if block.format not in MEDIA:
            raise BookError(self.address or "/", f"a picture in the format `{block.format}` has no place in the EPUB")
        name = f"images/{self.stem}-{len(self.pictures) + 1}.{block.format}"
        size = ""
        if block.svg:
            wide, high = drawing.size(block.svg)
            size = f' width="{wide:.0f}" height="{high:.0f}"'
            self.pictures[name] = picture(block.svg)
        else:
            self.pictures[name] = block.data
        caption = f"\n<figcaption>{self.inlines(block.caption)}</figcaption>" if block.caption else ""
        source = posixpath.relpath(name, "text")
        return f'<figure{_id(block.id)}>\n<img src="{source}"{size} alt="{escaped(block.alternative)}"/>{caption}\n</figure>'

    def prompt(self, block: Prompt) -> str:
        """The question; its model answer is kept for the file of answers, and each leads to the other."""
        id_ = block.heading.id
        there = f"answer-{id_}"  # no id of the page begins so: `book` looks
        self.answers.append(self.answer(block, there))
        facts = " · ".join(escaped(words(link.inlines)) for link in block.meta)
        aliases = "".join(f"<span{_id(alias)}></span>" for alias in block.aliases)
        brief = self.blocks(block.brief)
        parts = [
            f'<section class="prompt">{aliases}',
            f"<h3{_id(id_)}>{self.inlines(block.heading.inlines)}</h3>",
            f'<p class="facts">{facts}</p>',
            f'<p class="question">{self.inlines(block.question)}</p>',
            brief,
            f'<p class="turn"><a href="book:{escaped(self.address)}#{there}">Model answer</a></p>',
            "</section>",
        ]
        return "\n".join(filter(None, parts))

    def answer(self, block: Prompt, there: str) -> str:
        back = f'<a href="book:{escaped(self.address)}#{escaped(block.heading.id)}">'
        body = "\n".join(self.blocks(part) for _, part in block.answer)
        notes = "".join(self.notes)
        self.notes.clear()
        return (
            f'<section class="answer">\n<h2{_id(there)}>{self.inlines(block.heading.inlines)}</h2>\n'
            f'<p class="turn">{back}The question</a></p>\n{body}\n{notes}<p class="turn">{back}Back to the question</a></p>\n</section>'
        )

    # Code

    def listing(self, block: Listing) -> str:
        title = f'<p class="code-title">{escaped(block.title)}</p>\n' if block.title else ""
        lines = "".join(self.line(line) for line in block.lines)
        return f'<div class="code">\n{title}<pre><code>{lines}</code></pre>\n</div>'

    def line(self, line: Line) -> str:
        """A line is a block whose second line, if it must wrap, hangs two letters behind its first."""
        indent = min(DEEPEST, len(line.text) - len(line.text.lstrip(" "))) // 2 * 2
        long = len(line.text) > 36
        code = "".join(_token(token, breaks=long) for token in line.tokens)
        marked = " marked" if line.marked else ""
        number = f'<span class="number">{escaped(line.number)} </span>' if line.number else ""
        return f'<span class="line i{indent}{marked}">{number}{code}\n</span>'

    # Tables

    def table(self, block: Table) -> str:
        columns = [_column(block, at) for at in range(len(block.head[0]))] if len(block.head) == 1 else []
        head = "\n".join(self.row(row, "col") for row in block.head)
        body = "\n".join(self.row(row, "row", columns) for row in block.body)
        head = f"<thead>\n{head}\n</thead>\n" if head else ""
        kind = ("narrow" if fits(block) else "wide") if columns else "plain"
        return f'<div class="table">\n<table class="{kind}">\n{head}<tbody>\n{body}\n</tbody>\n</table>\n</div>'

    def row(self, row: Sequence[Cell], scope: str, columns: Sequence[tuple[str, bool]] = ()) -> str:
        known = (
            columns if len(columns) == len(row) and all(cell.columns == 1 for cell in row) else [("", False)] * len(row)
        )
        cells = (self.cell(cell, scope, *column) for cell, column in zip(row, known, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    def cell(self, cell: Cell, scope: str, label: str, short: bool) -> str:
        inner = self.inner(cell.blocks)
        header = cell.header and bool(inner)  # an empty corner heads nothing
        options = f' scope="{scope}"' if header else ""
        kinds = [*([cell.align] if cell.align in ("right", "center") else []), *(["short"] if short else [])]
        options += f' class="{" ".join(kinds)}"' if kinds else ""
        options += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        options += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        options += f' data-label="{escaped(label)}"' if label and not header else ""
        tag = "th" if header else "td"
        return f"<{tag}{options}>{inner}</{tag}>"

    # Inlines

    def inlines(self, inlines: Iterable[Inline]) -> str:
        self.before = ""
        return self.within(inlines)

    def within(self, inlines: Iterable[Inline]) -> str:
        return "".join(map(self.inline, inlines))

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text():
                text = re.sub(r"(?<=\d) (?=%)", "\u00a0", curly(inline.text, self.before))
                self.before = text[-1:] or self.before
                return escaped(text)
            case Styled(style="unbroken"):
                return f'<span class="unbroken">{self.within(inline.inlines)}</span>'
            case Styled() if inline.style in STYLES:
                tag = STYLES[inline.style]
                return f"<{tag}>{self.within(inline.inlines)}</{tag}>"
            case Code():
                self.before = "x"
                return f"<code>{escaped(inline.text)}</code>"
            case Break():
                self.before = ""
                return "<br/>"
            case Anchor():
                return f"<span{_id(inline.id)}></span>"
            case Formula():
                self.before = "x"
                return self.formula(inline)
            case Footnote():
                return self.footnote(inline)
            case Checked():
                return f'<span class="computed">{self.within(inline.inlines)}</span>'
            case Link():
                outside = re.match(r"[a-z][a-z+.-]*:", inline.href) is not None
                href = inline.href if outside else f"book:{inline.href}"
                return f'<a href="{escaped(href)}">{self.within(inline.inlines)}</a>'
        raise self.refuse(inline)

    def formula(self, formula: Formula) -> str:
        """MathJax's drawing in the text's color and size; heard as it is spoken."""
        wide, high = drawing.size(formula.svg)
        svg = formula.svg.replace(drawing.INK, "currentColor")
        low = f";vertical-align:{formula.shift * EX:.3f}em" if formula.shift and not formula.display else ""
        opening = f'role="img" aria-label="{escaped(formula.spoken)}" style="width:{wide / UNIT:.3f}em;height:{high / UNIT:.3f}em{low}"'
        return re.sub(r' width="[^"]*ex" height="[^"]*ex"', f" {opening}", svg, count=1)

    def footnote(self, inline: Footnote) -> str:
        self.noted += 1
        number = self.noted
        before = self.before
        self.notes.append(
            f'\n<aside epub:type="footnote" role="doc-footnote" id="footnote-{number}"><p>{number}. {self.inlines(inline.inlines)}</p></aside>'
        )
        self.before = before
        return f'<a epub:type="noteref" role="doc-noteref" href="#footnote-{number}"><sup>{number}</sup></a>'


def folded(box: Box) -> bool:
    """Code that a lab folds away, as it does with what draws a figure: on paper and here a line stands in its place."""
    return box.kind == "details" and words(box.title) == "Code" and [type(b) for b in box.blocks] == [Listing]


def fits(table: Table) -> bool:
    """Whether a phone shows a table's columns side by side: in one line, or with no column narrower than two words or so."""
    widths = natural_widths(table)
    room = PHONE - GAP * len(widths)
    least = [0.0] * columns_of(table)
    for rows, two_words in ((table.head, 0.0), (table.body, 12.0)):
        for row in rows:
            for at, cell in enumerate(row[: len(least)]):
                said = heard(cell)
                longest = max(map(len, re.split(r"\s+|(?<=[-/–])", said)), default=0)
                least[at] = max(least[at], float(longest), min(float(len(said)), two_words))
    return sum(widths) <= room or sum(least) <= room


def heard(node: object) -> str:
    """The words of a node with quotation marks as printed, and its formulas as they are spoken.

    >>> heard((Text('the "rate" '), Formula("<svg/>", "x squared", display=False)))
    'the “rate” x squared'
    """
    parts = (
        part.spoken if isinstance(part, Formula) else part.text
        for part in walk(node)
        if isinstance(part, (Text, Code, Formula))
    )
    return curly("".join(parts))


def _column(table: Table, at: int) -> tuple[str, bool]:
    """A column's name, and whether its cells are so short that several go in one line; the first stands alone."""
    cells = [row[at] for row in table.body if at < len(row)]
    label = heard(table.head[0][at])
    return label, at > 0 and all(len(heard(cell)) + len(label) <= SHORT for cell in cells)


def picture(svg: str) -> bytes:
    """A drawing as a file of its own: paper's, in a font that every device has.

    >>> picture("<svg xmlns='…'><text style=\\"font-family: 'Libertinus Serif'\\">a</text></svg>").decode()
    '<svg xmlns=\\'…\\'><text style="font-family: sans-serif">a</text></svg>'
    """
    return svg.replace(f"'{drawing.FONT}'", "sans-serif").encode()


def _token(token: Token, *, breaks: bool) -> str:
    """A piece of code; `breaks`: a long chain of calls may go on in the next line before a dot or behind a bracket.

    >>> _token(Token("table.rows(", "n"), breaks=True), _token(Token("0.5", "mf"), breaks=True)
    ('table<wbr/>.rows(<wbr/>', '<span class="m">0.5</span>')
    """
    style = next((style for begin, style in TOKENS if token.kind.startswith(begin)), "")
    text = escaped(token.text)
    if style:
        return f'<span class="{style}">{text}</span>'
    return re.sub(r"\.(?=\w|$)", "<wbr/>.", text).replace("(", "(<wbr/>") if breaks else text


def _id(id_: str) -> str:
    return f' id="{escaped(id_)}"' if id_ else ""


def escaped(text: str) -> str:
    """Text or an attribute's value.

    >>> escaped('a < "b" & c')
    'a &lt; &quot;b&quot; &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
