"""Nodes → Typst code that calls the functions of `layout.typ`.

Input
    Paragraph((Text('Say "yes" to '), Styled("strong", (Text("both"),))))

Output
    par({"Say “yes” to ";strong({"both"})})

Every word is a string literal in code mode: nothing to escape but a backslash and a quotation mark. A label is the page's
address and the id (`chapters/metrics/#move`), so pages can't collide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence

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
    Page,
    Paragraph,
    Prompt,
    Quote,
    Rule,
    Styled,
    Table,
    Text,
    walk,
    words,
)

UNIT = 1000  # MathJax draws 1,000 units to the em
EX = 0.442  # and reckons an ex as this many em
MONO = 0.602  # a letter of DejaVu Sans Mono is this many em wide
WIDE_CODE, NARROW_CODE = 451.0, 370.0  # points between the edges of a block of code, from the first axis and the second
POINTS = 0.72  # a figure's unit on paper; its 12-unit letters become those of a table
TALL, LEAST = (
    290.0,
    0.85,
)  # a higher drawing shrinks towards this many points, down to this part: it leaves a hole otherwise
HIGH = 230.0  # points: a higher drawing goes to the head of the next page where it doesn't fit, and the text flows on
STIFF = 7  # em: a paragraph with a wider formula isn't justified
LEGIBLE = 7.0  # points: the smallest letters of a drawing, if there is room
TOGETHER = 14  # lines of code, and rows of a table, that are not divided between pages
# Letters of a table's size that stand between the second axis and the right margin, on the whole width, between columns.
NARROW, WIDE, GAP = 104.0, 126.0, 2.8
PAGE_NUMBER = 8.0  # letters that " (p. 123)" takes
START = "/"  # the label of the page whose address is empty
ZERO_WIDTH_SPACE = "\u200b"

# How words are set → the function of Typst or of `layout.typ` that does it.
STYLES = {
    "strong": "strong",
    "emph": "emph",
    "sub": "sub",
    "super": "super",
    "key": "key",
    "mark": "marked",
    "deleted": "strike",
    "inserted": "underline",
    "small": "tiny",
    "term": "term",
    "unbroken": "unbroken",
}
# Pygments' names, by their beginning, → how a token is set (`tok` in layout.typ).
TOKENS = (
    *(("sd", "d"), ("s", "s"), ("c", "c"), ("ow", "k"), ("k", "k"), ("m", "m"), ("nf", "f"), ("fm", "f"), ("nc", "f")),
    *(
        ("nb", "b"),
        ("bp", "b"),
        ("nd", "b"),
        ("ne", "b"),
        ("gd", "c"),
        ("gi", "s"),
        ("gh", "k"),
        ("gu", "k"),
        ("gp", "c"),
    ),
)


class Writer:
    """Writes the pages of one file; knows which places are in it, and keeps each drawing of a formula once.

    How the numbers came about stays on the web, which the cover says, and so does code that is folded there.
    """

    def __init__(
        self,
        pages: Sequence[Page],
        site_url: str,
        *,
        indexes: Collection[str] = (),
        floats: bool = True,
        unlisted: Collection[str] = (),
    ) -> None:
        self.indexes = indexes  # addresses of pages whose tables tell the pages that they lead to
        self.floats = floats  # whether a high drawing may leave its place: for that, all is set once more
        self.unlisted = unlisted  # ids of headings that the contents leave out
        self.site_url = site_url.rstrip("/") + "/"
        self.places: set[str] = set()
        for page in pages:
            self.places |= _places(page)
        self.formulas: dict[Formula, str] = {}
        self.drawn_words: list[str] = []
        self.address = pages[0].address if pages else ""  # of the page being written
        self.before = ""  # the last letter written, which turns the next quotation mark
        self.in_table = self.in_heading = self.in_source = False
        self.depth = 0  # of boxes
        self.high = 0  # drawings that may float, so far

    # Places

    def name(self, id_: str) -> str:
        return f"{self.address}#{id_}" if id_ else ""

    def target(self, href: str) -> str:
        """The label in this file that a link leads to, or an empty string."""
        path, _, fragment = href.partition("#")
        if f"{path}#{fragment}" in self.places and fragment:
            return f"{path}#{fragment}"
        return (path or START) if (path or START) in self.places else ""

    # Pages

    def page(self, page: Page, *, first: bool, titled: bool) -> str:
        """A page; `titled`: its title is the file's and stands above the contents already."""
        self.address = page.address
        blocks = list(page.blocks)
        at = next((i for i, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1), None)
        if at is None:
            raise BookError(
                page.address or "/", "the page has no title; a page in the paper edition begins with `# Title`"
            )
        heading = blocks.pop(at)
        assert isinstance(heading, Heading)
        opened = (
            ""
            if titled
            else f"opening({string(self.name(heading.id))},{str(first).lower()},{self.heading_text(heading)})\n"
        )
        return f"at({string(page.address or START)})\n{opened}{self.body(blocks)}"

    def body(self, blocks: Sequence[Block]) -> str:
        """Blocks of a page's own level: what is read stands at the second axis, code and wide tables at the first."""
        out: list[str] = []
        prose: list[str] = []
        blocks = [_unfolded(block) for block in blocks]

        def close() -> None:
            if prose:
                out.append("prose({" + "\n".join(prose) + "})")
                prose.clear()

        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if _at_margin(block) or (isinstance(block, Table) and self.address in self.indexes):
                close()
                out.append(self.block(block, wide=True))
            elif self.floats and _floats(block, blocks[index - 1] if index else None):
                assert isinstance(block, Figure)
                height = _drawn(block)[1]
                close()
                self.high += 1
                out.append(f"high({string(f'{self.address}~{self.high}')},{height:.1f}pt,{self.block(block)})")
            elif (
                isinstance(block, Paragraph)
                and following is not None
                and leads(block, following)
                and not (self.floats and _floats(following, block))
            ):
                prose.append(f"hold({self.block(block)})")
                if _at_margin(following):  # a paragraph that is held must be the last of its column to hold on to it
                    lead = prose.pop()
                    close()
                    out.append(f"hold(prose({lead}))")
            else:
                prose.append(self.block(block))
        close()
        return "\n".join(filter(None, out))

    # Blocks

    def blocks(self, blocks: Sequence[Block], *, held: bool = False) -> str:
        """Blocks in a box; `held`: the last one stays with what follows."""
        codes = [self.block(block) for block in blocks]
        for index, block in enumerate(blocks):
            last = index + 1 == len(blocks)
            if isinstance(block, Paragraph) and (held if last else leads(block, blocks[index + 1])):
                codes[index] = f"hold({codes[index]})"
        return "{" + "\n".join(filter(None, codes)) + "}"

    def block(self, block: Block, *, wide: bool = False) -> str:
        match block:
            case Heading():
                listed = ",listed:false" if block.id in self.unlisted else ""
                return f"section({block.level},{self.heading_text(block)},{string(self.name(block.id))}{listed})"
            case Paragraph():
                code = f"par({self.inlines(block.inlines)})"
                return f"ragged({code})" if _stiff(block) else code
            case Anchor():
                return f"at({string(self.name(block.id))})"
            case List():
                return self.list(block)
            case Definitions():
                items = (f"terms.item({self.inlines(term)},{self.inner(meaning)})" for term, meaning in block.items)
                return f"terms({','.join(items)})"
            case Table():
                return self.table(block)
            case Listing():
                return self.listing(block, wide=wide)
            case Figure():
                return self.figure(block)
            case Formula():
                wide_em, _ = _em(block)
                return f"display({string(block.svg)},{wide_em},{string(block.spoken)})"
            case Box() if _folded(block):
                return self.folded(block)
            case Box():
                title = self.inlines(block.title) if block.title else "none"
                return self.labeled(f"framed({string(block.kind)},{title},{self.deeper(block.blocks)})", block.id)
            case Quote():
                return f"quotation({self.deeper(block.blocks)})"
            case Rule():
                return "divider"
            case Prompt():
                return self.prompt(block)
            case Numbers():
                return ""

    def deeper(self, blocks: Sequence[Block]) -> str:
        """Blocks within a box, where nothing reaches out to the left margin."""
        self.depth += 1
        code = self.blocks(blocks)
        self.depth -= 1
        return code

    def labeled(self, code: str, id_: str) -> str:
        return f"labeled({code},{string(self.name(id_))})" if id_ else code

    def heading_text(self, heading: Heading) -> str:
        self.in_heading = True
        text = self.inlines(heading.inlines)
        self.in_heading = False
        return text

    def list(self, block: List) -> str:
        if not block.items:
            return ""
        kind = "enum" if block.ordered else "list"
        tight = all(len([b for b in item.blocks if not isinstance(b, Anchor)]) <= 1 for item in block.items)
        options = [f"tight:{str(tight).lower()}"]
        if not tight:
            options.append("spacing:0.85em")
        if block.ordered and block.start != 1:
            options.append(f"start:{block.start}")
        if all(item.ticked is not None for item in block.items):
            options.append("marker:none")
        self.depth += 1
        items = [self.item(item) for item in block.items]
        self.depth -= 1
        if block.ordered:
            items = [f"enum.item({item})" for item in items]
        code = f"{kind}({','.join([*options, *items])})"
        return f"sources({code})" if all(item.id.startswith("src-") for item in block.items) else code

    def item(self, item: Item) -> str:
        self.in_source = item.id.startswith("src-")
        mark = "" if item.ticked is None else '"☑ ";' if item.ticked else '"☐ ";'
        anchor = f"at({string(self.name(item.id))});" if item.id else ""
        code = "{" + anchor + mark + self.inner(item.blocks) + "}"
        self.in_source = False
        return code

    def inner(self, blocks: Sequence[Block]) -> str:
        """The blocks of an item or a cell: a lone paragraph's words go in without one, as in a tight list."""
        if blocks and isinstance(blocks[0], Paragraph):
            rest = blocks[1:]
            first = self.inlines(blocks[0].inlines)
            return f"{{{first}\n{self.blocks(rest)}}}" if rest else first
        return self.blocks(blocks)

    def figure(self, block: Figure) -> str:
        caption = self.inlines(block.caption) if block.caption else "none"
        if block.svg:
            self.drawn_words.append(drawing.labels(block.svg))
            width = _drawn(block)[0]
            data = string(block.svg)
        else:
            width = _drawn(block)[0]
            data = "(" + ",".join(str(byte) for byte in block.data) + ",)"
        place = string(self.name(block.id))
        return f"picture({place},{string(block.alternative)},{caption},{data},{string(block.format)},{width:.1f}pt)"

    def prompt(self, block: Prompt) -> str:
        facts = [f"{self.inlines(link.inlines)}" for link in block.meta]
        anchors = "".join(f"at({string(self.name(alias))});" for alias in block.aliases)
        # *Go deeper* is a line: it takes the paragraph above it along to the next page.
        parts = ",".join(
            self.blocks(part, held=at + 2 == len(block.answer)) for at, (_, part) in enumerate(block.answer)
        )
        return (
            f"{anchors}prompt({string(self.name(block.heading.id))},{self.heading_text(block.heading)},"
            f"{{{';linebreak();'.join(facts)}}},{self.inlines(block.question)},{self.blocks(block.brief)},({parts},),{str(is_short(block)).lower()})"
        )

    def folded(self, block: Box) -> str:
        """A line in place of a lab's folded code."""
        (listing,) = block.blocks
        assert isinstance(listing, Listing)
        count = sum(bool(line.text.strip()) for line in listing.lines)
        url = self.site_url + self.address
        return f"folded({count},{string(breakable_address(shown_address(url)))},{string(url)})"

    # Code

    def listing(self, block: Listing, *, wide: bool) -> str:
        title = string(block.title) if block.title else "none"
        plain = not any(token.kind for line in block.lines for token in line.tokens)
        kind = "output" if plain or block.title.startswith("Output") else "code"
        # As large as the longest line allows: a smaller letter is easier to read than a broken line, down to 7 pt. Beyond
        # that, code within an answer or a list takes the column of notes as well.
        longest = max(
            (len(line.text) + (len(line.number) + 2 if line.number else 0) for line in block.lines), default=1
        )
        bleed = not wide and self.depth == 0 and longest > NARROW_CODE / MONO / 7.0
        room, largest = (WIDE_CODE, 8.2) if wide or bleed else (NARROW_CODE, 7.8)
        size = f"{min(largest, max(7.0, room / MONO / max(1, longest))):.2f}pt"
        digits = max((len(line.number) for line in block.lines), default=0)
        source = string("\n".join(line.text for line in block.lines))
        groups = "".join(
            f"({''.join(self.line(gap, line) + ',' for gap, line in group)}),"
            for group in groups_of(block.lines, output=kind == "output")
        )
        divide = str(len(block.lines) > TOGETHER).lower()
        return f"listing({title},{string(kind)},{size},{divide},{digits},{str(bleed).lower()},{source},({groups}))"

    def line(self, gap: float, line: Line) -> str:
        text = line.text
        indent = len(text) - len(text.lstrip(" "))
        tokens = ";".join(_token(token.kind, breakable(token.text, 60)) for token in line.tokens)
        return f"({gap:g},{indent},{str(line.marked).lower()},{string(line.number)},{{{tokens}}})"

    # Tables

    def table(self, block: Table) -> str:
        count = columns_of(block)
        widths = widths_of(block, paged=self.address in self.indexes)
        rows = [*block.head, *block.body]
        aligns = [
            next(
                (cell.align for row in rows for index, cell in enumerate(row) if index == column and cell.align), "left"
            )
            for column in range(count)
        ]
        self.in_table = True
        head = ",".join(self.row(row, head=not at) for at, row in enumerate(block.head))
        body = ",".join(self.row(row) for row in block.body)
        self.in_table = False
        divide = str(len(rows) > TOGETHER or len(words(block)) > 1800).lower()
        return f"grid-of(({','.join(widths)},),({','.join(aligns)},),{divide},({head}{',' if block.head else ''}),({body}{',' if block.body else ''}))"

    def row(self, row: Sequence[Cell], *, head: bool = False) -> str:
        return "(" + ",".join(self.cell(cell, head=head) for cell in row) + ",)"

    def cell(self, cell: Cell, *, head: bool = False) -> str:
        body = self.inner(cell.blocks)
        if head:
            body = f"{{head-of({body})}}"
        options = [f"colspan:{cell.columns}"] if cell.columns > 1 else []
        options += [f"rowspan:{cell.rows}"] if cell.rows > 1 else []
        if len(words(cell)) > 700:
            options.append("breakable:true")
        if not options:
            return f"[#{body}]" if body.startswith("{") else f"{{{body}}}"
        return f"table.cell({','.join(options)},{body})"

    # Inlines

    def inlines(self, inlines: Iterable[Inline]) -> str:
        self.before = ""
        return self.within(inlines)

    def within(self, inlines: Iterable[Inline]) -> str:
        return "{" + ";".join(filter(None, (self.inline(inline) for inline in inlines))) + "}"

    def inline(self, inline: Inline) -> str:
        match inline:
            case Text():
                text = re.sub(r"(?<=\d) (?=%)", "\u00a0", curly(inline.text, self.before))
                self.before = text[-1:] or self.before
                return string(text)
            case Styled():
                code = f"{STYLES[inline.style]}({self.within(inline.inlines)})"
                # A slanted end leans over the space behind it.
                leans = inline.style == "emph" and words(inline).endswith(('"', "'", "”", "’", "?", "!", ")"))
                return f"{code};h(0.09em)" if leans else code
            case Code():
                self.before = "x"
                return f"code({string(breakable(inline.text))})"
            case Break():
                self.before = ""
                return "linebreak()"
            case Anchor():
                return f"at({string(self.name(inline.id))})"
            case Formula():
                self.before = "x"
                return self.formula(inline)
            case Footnote():
                before = self.before
                code = f"footnote({self.inlines(inline.inlines)})"
                self.before = before
                return code
            case Checked():
                return self.checked(inline)
            case Link():
                return self.link(inline)

    def formula(self, formula: Formula) -> str:
        if formula not in self.formulas:
            self.formulas[formula] = f"m{len(self.formulas)}"
        return self.formulas[formula]

    def checked(self, inline: Checked) -> str:
        return f"number({self.within(inline.inlines)})"

    def link(self, inline: Link) -> str:
        outside = re.match(r"[a-z][a-z+.-]*:", inline.href) is not None
        place = "" if outside else self.target(inline.href)
        if place:
            # A source stands at its page's end, and a table has no room.
            here = (
                (self.in_table and self.address not in self.indexes)
                or self.in_heading
                or place == (self.address or START)
                or "#src-" in place
            )
            return f"to({string(place)},{self.within(inline.inlines)})" + ("" if here else f";page-of({string(place)})")
        url = inline.href if outside else self.site_url + inline.href
        said = words(inline.inlines)
        shown = shown_address(url)
        if self.in_source and outside and said and shown.startswith(said.removeprefix("www.")):
            # In Sources the link's own words are the beginning of its address; paper shows all of it.
            self.before = "x"
            return f"web(out({string(url)},{string(breakable_address(shown))}))"
        code = f"out({string(url)},{self.within(inline.inlines)})"
        if inline.address or (self.in_source and outside and not re.match(r"(?i)arxiv:|doi:", said)):
            code += f";address({string(f' ({breakable_address(shown)})')})"
        return code

    def definitions(self) -> str:
        """The drawings of formulas that stand in lines, once each."""
        out = []
        for formula, name in self.formulas.items():
            wide, high = _em(formula)
            depth = f"{-formula.shift * EX:.4f}em"
            out.append(f"#let {name} = formula({string(formula.svg)},{wide},{high},{depth},{string(formula.spoken)})")
        return "\n".join(out)


def _em(formula: Formula) -> tuple[str, str]:
    wide, high = drawing.size(formula.svg)
    return f"{wide / UNIT:.4f}em", f"{high / UNIT:.4f}em"


def _token(kind: str, text: str) -> str:
    style = next((style for begin, style in TOKENS if kind.startswith(begin)), "")
    return f"(tok.{style})({string(text)})" if style else string(text)


def _places(page: Page) -> set[str]:
    """The labels of a page: its address, and one for each id that is printed."""
    found = {page.address or START}
    for node in walk(page.blocks):
        ids = [getattr(node, "id", ""), *(node.aliases if isinstance(node, Prompt) else ())]
        found.update(f"{page.address}#{id_}" for id_ in ids if id_)
    for node in walk(page.blocks):
        if isinstance(node, Numbers):
            found.difference_update(f"{page.address}#{item.id}" for item in node.items)
        elif isinstance(node, Checked):
            found.discard(f"{page.address}#{node.id}")
    return found


def groups_of(lines: Sequence[Line], *, output: bool = False) -> list[list[tuple[float, Line]]]:
    """Lines that stay on one page, each with how many empty lines stand above it (at most one and a half).

    The first three and the last three of a block stay together, a definition's first three, and its head with the docstring
    when both are short: a page begins and ends with something to read. An empty line of an output is part of it and stays.

    >>> from handbook.paper.nodes import Token
    >>> lines = [Line((Token(x),)) if x else Line(()) for x in ["a", "b", "c", "x", "d", "", "", "e", " f", " g", " h"]]
    >>> [[(gap, line.text) for gap, line in group] for group in groups_of(lines)]
    [[(0, 'a'), (0, 'b'), (0, 'c')], [(0, 'x'), (0, 'd')], [(1.5, 'e'), (0, ' f'), (0, ' g'), (0, ' h')]]
    """
    rows: list[tuple[float, Line]] = []
    gap = 0
    for line in lines:
        if line.tokens or output:
            rows.append((min(gap, 1.5) if rows else 0, line))
            gap = 0
        else:
            gap += 1
    begins = [at for at, (above, line) in enumerate(rows) if above and not line.text.startswith(" ")]
    held = {1, 2, len(rows) - 2, len(rows) - 1} | {at + more for at in begins for more in (1, 2)}
    held |= {at - 1 for at in begins if at > 1}  # the last line of what stands before
    if not output:
        texts = [row[1].text.strip() for row in rows]
        held |= {at for at in range(1, len(rows)) if texts[at - 1].endswith(("(", "[", "{")) or texts[at][:1] in ")]}"}
        held |= {
            more for at in range(len(rows)) for more in range(at + 1, _head_ends([row[1].text for row in rows], at))
        }
    groups: list[list[tuple[float, Line]]] = []
    for at, row in enumerate(rows):
        if at and at in held:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _head_ends(lines: Sequence[str], at: int, longest: int = 10) -> int:
    """Where the head of a definition that begins at a line ends, docstring included; the line itself if there is none.

    >>> _head_ends(["def f(", "    x: int,", ") -> int:", "    return x"], 0)
    3
    """
    match = re.match(r"( *)(?:def|class|async def) ", lines[at])
    if match is None:
        return at
    indent = match[1]
    end = next((i for i in range(at, len(lines)) if re.match(rf"{indent}\S.*:$", lines[i])), None)
    if end is None:
        return at
    end += 1
    if end < len(lines) and (opening := re.match(r' *[rf]?"""', lines[end])):
        closes = next(
            (i for i in range(end, len(lines)) if '"""' in (lines[i][opening.end() :] if i == end else lines[i])), end
        )
        end = closes + 1
    return end if end - at <= longest else at


def is_short(prompt: Prompt) -> bool:
    """Whether a prompt's brief stays on one page with its question."""
    held = any(isinstance(node, (Listing, Figure)) for node in walk(prompt.brief))
    return len(words(prompt.brief)) < 1500 and not held


def leads(paragraph: Paragraph, following: Block) -> bool:
    """Whether a paragraph must not be parted from what follows: it announces it.

    >>> leads(Paragraph((Text("In numbers:"),)), Rule()), leads(Paragraph((Text("The end of it all."),)), Paragraph(()))
    (True, False)
    >>> leads(Paragraph((Styled("strong", (Text("Follow-ups."),)),)), Paragraph(()))
    True
    """
    said = words(paragraph).rstrip()
    label = len(paragraph.inlines) == 1 and isinstance(paragraph.inlines[0], Styled) and len(said) < 60
    if label or said.endswith(":") or (isinstance(following, Formula) and not said.endswith((".", "!", "?"))):
        return True
    short_listing = isinstance(following, Listing) and len(following.lines) <= TOGETHER
    return len(said) < (220 if short_listing else 90) and isinstance(following, (Table, Listing, Figure, List, Formula))


def _drawn(figure: Figure) -> tuple[float, float]:
    """Width and height of a drawing on paper, in points; a picture of dots is as wide as the column, its height unknown."""
    if not figure.svg:
        return 400.0, 0.0
    width, height = (side * POINTS for side in drawing.size(figure.svg))
    scale = max(LEAST, min(1.0, TALL / height), min(1.0, LEGIBLE / POINTS / drawing.smallest(figure.svg)))
    return width * scale, height * scale


def _floats(block: Block, before: Block | None) -> bool:
    """Whether a drawing may leave its place; one right below a heading, or below the line for a lab's code, stays with it."""
    stays = before is None or isinstance(before, Heading) or _folded(before)
    return isinstance(block, Figure) and not stays and _drawn(block)[1] > HIGH


def _stiff(paragraph: Paragraph) -> bool:
    """Whether its formulas would tear holes into justified lines: they don't break."""
    return any(isinstance(node, Formula) and drawing.size(node.svg)[0] > STIFF * UNIT for node in walk(paragraph))


def _folded(block: Block) -> bool:
    """Code that a lab folds away, as it does with what draws a figure."""
    return (
        isinstance(block, Box)
        and block.kind == "details"
        and words(block.title) == "Code"
        and len(block.blocks) == 1
        and isinstance(block.blocks[0], Listing)
    )


def _unfolded(block: Block) -> Block:
    """A disclosure that holds nothing but code is that code: on paper it is open anyway."""
    if _folded(block):
        return block
    if isinstance(block, Box) and block.kind == "details" and not block.id and len(block.blocks) == 1:
        (inner,) = block.blocks
        if isinstance(inner, Listing):
            title = " · ".join(filter(None, (words(block.title), inner.title)))
            return Listing(title, inner.lines)
    return block


def _at_margin(block: Block) -> bool:
    return isinstance(block, (Heading, Prompt, Numbers, Listing)) or (isinstance(block, Table) and is_wide(block))


def string(text: str) -> str:
    """A Typst string literal.

    >>> print(string('a "b" \\\\ c'))
    "a \\"b\\" \\\\ c"
    """
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "    ")
    return f'"{text}"'


def curly(text: str, before: str = "") -> str:
    """Straight quotation marks as a printer sets them; `before` is the character in front.

    >>> curly('"It\\'s 5," she said ("no")')
    '“It’s 5,” she said (“no”)'
    """

    out = ""
    for letter in text:
        if letter in "\"'":
            front = out[-1:] or before
            opens = not front or front in " \u00a0\u202f([{—–/“‘\n"
            out += ("“" if opens else "”") if letter == '"' else ("‘" if opens else "’")
        else:
            out += letter
    return out


def breakable(text: str, longest: int = 14) -> str:
    """Long names may break behind `_ . / = ( ,`: a zero-width space stands there.

    >>> breakable("a.b"), breakable("metrics.worked.gate").split(ZERO_WIDTH_SPACE)
    ('a.b', ['metrics.', 'worked.', 'gate'])
    """

    def cut(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) <= longest:
            return word
        # Not before an ending: `.py` alone on a line reads as nothing.
        return re.sub(r"(?<=[\w)\]])([_/=(,?&-]+(?=\w)|\.(?=\w{4}))", rf"\1{ZERO_WIDTH_SPACE}", word)

    return re.sub(r"\S+", cut, text)


def shown_address(url: str) -> str:
    """An address as paper shows it.

    >>> shown_address("https://www.nist.gov/publications/"), shown_address("mailto:a@b.org")
    ('nist.gov/publications', 'a@b.org')
    """
    return re.sub(r"^(?:https?://(?:www\.)?|mailto:)", "", url).rstrip("/")


def breakable_address(address: str) -> str:
    """An address may break behind a slash, and within a long part of it where there is a mark.

    >>> breakable_address("doi.org/10.1145/1143844").split(ZERO_WIDTH_SPACE)
    ['doi.org/', '10.1145/', '1143844']
    """
    parts = address.split("/")
    return f"/{ZERO_WIDTH_SPACE}".join(breakable(part, 24) for part in parts)


# How tables share the width


def columns_of(table: Table) -> int:
    return max((sum(cell.columns for cell in row) for row in (*table.head, *table.body)), default=1)


def _length(cell: Cell) -> float:
    """About how many letters wide a cell is when nothing wraps."""
    lines = 0.0
    for block in cell.blocks:
        formulas = sum(drawing.size(n.svg)[0] / UNIT / 0.45 for n in walk(block) if isinstance(n, Formula))
        code = sum(0.35 * len(n.text) for n in walk(block) if isinstance(n, Code))
        lines = max(lines, *(float(len(part)) for part in re.split("\n", words(block)) or [""])) + formulas + code
    return lines


def _longest_word(cell: Cell) -> float:
    return max((float(len(word)) for word in re.split(r"\s+|(?<=[-/–])", words(cell))), default=0.0)


def natural_widths(table: Table, *, paged: bool = False) -> list[float]:
    """For each column the letters of its longest cell; `paged`: a page number stands behind every link."""
    found = [0.0] * columns_of(table)
    for row in (*table.head, *table.body):
        for index, cell in enumerate(row):
            if cell.columns == 1 and index < len(found):
                links = sum(isinstance(node, Link) for node in walk(cell.blocks)) if paged else 0
                found[index] = max(found[index], _length(cell) + PAGE_NUMBER * links)
    return found


def is_wide(table: Table) -> bool:
    """Whether a table needs the whole width of the page: it would wrap badly at the second axis."""
    widths = natural_widths(table)
    return sum(widths) + GAP * len(widths) > NARROW + 6 and (len(widths) > 3 or sum(widths) > 240)


def widths_of(table: Table, *, paged: bool = False) -> list[str]:
    """Columns for Typst: as wide as their words when all fit in a line, else shares of the width.

    A column gets its longest word, and then its part of what is left in proportion to the square root of its text: names and
    numbers stay whole, and a column of sentences doesn't leave one of half-sentences a word wide.
    """
    natural = natural_widths(table, paged=paged)
    room = WIDE if paged or is_wide(table) else NARROW
    if sum(natural) + GAP * len(natural) <= room - 6:
        return ["1fr" if paged and not at else "auto" for at in range(len(natural))]
    columns = [
        [row[index] for row in (*table.head, *table.body) if index < len(row) and row[index].columns == 1]
        for index in range(len(natural))
    ]
    least = [
        max(min(width, 15.0), *(_longest_word(cell) * (1.2 if cell.header else 1.06) for cell in cells), 3.0)
        for width, cells in zip(natural, columns, strict=True)
    ]
    weights = [
        math.sqrt(sum(_length(cell) for cell in cells) / max(1, len(cells)) * width)
        for width, cells in zip(natural, columns, strict=True)
    ]
    widths = list(least)
    left = room - GAP * len(natural) - sum(least)
    while left > 0.5:  # share out, and share out again what a column that is full gives back
        open_ = [i for i in range(len(widths)) if natural[i] - widths[i] > 0.5]
        if not open_:
            break
        whole = sum(weights[i] for i in open_)
        given = [(i, min(natural[i] - widths[i], left * weights[i] / whole)) for i in open_]
        for i, more in given:
            widths[i] += more
        left -= sum(more for _, more in given)
    return [f"{width + GAP:.1f}fr" for width in widths]
