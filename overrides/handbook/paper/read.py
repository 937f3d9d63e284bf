"""A built page's article → `nodes`. What it doesn't know stops it, with page, tag and class: nothing is lost without a word.

Input
    <article><h1 id="metrics">Metrics<a class="headerlink" …>¶</a></h1>
    <p>At <a class="checked" …>1 %</a> …</p></article>

Output
    Page("chapters/metrics/", (Heading(1, "metrics", …), Paragraph((Text("At "), Checked(…), Text(" …")))))

What belongs to the screen alone is dropped: permalinks, edit and report links, script's controls. A new tag or class gets a
line in `CLASSES` (known, and means nothing here) or in `DROPPED`, or a branch in `_Reader` when it means something.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from handbook.errors import BookError
from handbook.html import BuiltPage, text_of
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
    Token,
)

# What is for the screen: tag → classes; an element with one of them goes, with all that is in it.
DROPPED = {
    "a": {"headerlink", "md-content__button", "footnote-backref"},
    "footer": {"page-end"},
    "p": {"prompt-report", "editions", "related", "plan-calendar"},
    "li": {"needs-script"},
    "div": {"answers", "editions", "plan-controls", "shelf"},
    "button": {"md-clipboard"},
    "nav": {"md-code__nav", "md-path", "ways"},
}
ADMONITIONS = {"note", "tip", "warning", "example"}
# Tag within a line → how it is set (`write.STYLES`); nothing special where it is empty.
INLINE = {
    "strong": "strong",
    "b": "strong",
    "em": "emph",
    "i": "emph",
    "cite": "emph",
    "var": "emph",
    "dfn": "term",
    "sub": "sub",
    "sup": "super",
    "kbd": "key",
    "mark": "mark",
    "del": "deleted",
    "s": "deleted",
    "ins": "inserted",
    "u": "inserted",
    "small": "small",
    "q": "quoted",
    "abbr": "",
    "time": "",
    "wbr": "",
}


def _names(names: str) -> set[str]:
    return set(names.split())


# Tag → the classes it may carry; every tag may go without one. `*` stands for any (Pygments' names in code).
CLASSES: dict[str, set[str]] = {
    **{tag: set() for tag in _names("h1 h2 h3 h4 h5 h6 dl dt dd blockquote hr br img input svg pre summary")},
    **{tag: set() for tag in _names("thead tbody tfoot tr th figcaption")},
    **{tag: set() for tag in INLINE},
    "article": _names("md-content__inner md-typeset"),
    "a": _names("alias badge badge-kind badge-level badge-role badge-minutes checked checked-back footnote-ref term"),
    "code": {"*"},
    "details": _names("answer how-numbers") | ADMONITIONS,
    "div": _names(
        "admonition answer-part figure-drawing footnote highlight math math-display prompt-brief table-scroll"
    )
    | _names("plan-days plan-day")
    | _names("tabbed-set tabbed-alternate tabbed-labels tabbed-content tabbed-block")
    | ADMONITIONS,
    "figure": {"figure"},
    "label": {"task-list-control"},
    "li": {"task-list-item"},
    "ol": {"task-list"},
    "p": _names("plan-foot admonition-title lab-source prompt-question"),
    "section": _names("prompt plan-week plan-dense"),
    "span": _names("math math-inline nobr filename task-list-indicator"),
    "table": _names("data highlighttable"),
    "td": _names("linenos code"),
    "ul": _names("prompt-meta task-list"),
}
BLOCKS = _names("h1 h2 h3 h4 h5 h6 p ul ol dl div section details figure table pre blockquote hr img")
SKIPPED_STYLES = re.compile(r"text-align:\s*(left|right|center);?")


def page(built: BuiltPage, site: Path, site_url: str) -> Page:
    """The built page as nodes; `site` is where its pictures lie."""
    article = built.article
    if article is None:
        raise BookError(built.address or "/", "the page has no <article>")
    reader = _Reader(built.address, site, site_url, article)
    return Page(built.address, reader.blocks(article))


class _Reader:
    """Reads one page; holds what messages and links need."""

    def __init__(self, address: str, site: Path, site_url: str, article: etree._Element) -> None:
        self.address = address
        self.site = site
        self.base = urljoin(site_url.rstrip("/") + "/", address)
        self.root = site_url.rstrip("/") + "/"
        # A footnote's text stands at the page's end and is printed where it is called.
        self.footnotes = {
            str(item.get("id")): item for box in article.iter("div") if _is(box, "footnote") for item in box.iter("li")
        }

    # What is known

    def refuse(self, element: etree._Element, why: str) -> BookError:
        classes = f' class="{element.get("class")}"' if element.get("class") else ""
        about = text_of(element)[:50]
        return BookError(
            self.address or "/",
            f"<{element.tag}{classes}> {why}; teach `handbook/paper/read.py` what it is on paper, or leave it out of the page"
            + (f". It reads “{about}”" if about else ""),
        )

    def known(self, element: etree._Element) -> bool:
        """False for what paper leaves out; raises on what nobody has thought about."""
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            return False
        classes = set((element.get("class") or "").split())
        if classes & DROPPED.get(tag, set()):
            return False
        if tag not in CLASSES:
            raise self.refuse(element, "is a tag that the paper edition doesn't know")
        allowed = CLASSES[tag]
        for name in sorted(classes):
            if name not in allowed and "*" not in allowed and not (tag == "div" and name.startswith("language-")):
                raise self.refuse(element, f"has the class `{name}`, which the paper edition doesn't know")
        style = element.get("style")
        if style and tag != "svg" and not SKIPPED_STYLES.fullmatch(style.strip()):
            raise self.refuse(element, f"has the style `{style}`, which the paper edition doesn't know")
        return True

    # Blocks

    def blocks(self, parent: etree._Element, but: etree._Element | None = None) -> tuple[Block, ...]:
        """What stands in a container (`but` for its title): blocks, and paragraphs made of the words between them."""
        found: list[Block] = []
        words: list[Inline] = []

        def close() -> None:
            inlines = _trimmed(words)
            if any(not isinstance(inline, Anchor) for inline in inlines):
                found.append(Paragraph(inlines))
            else:
                found.extend(inline for inline in inlines if isinstance(inline, Anchor))
            words.clear()

        words.extend(_text(parent.text))
        for child in parent:
            if self.known(child) and child is not but:
                if child.tag in BLOCKS:
                    close()
                    found.extend(self.block(child))
                else:
                    words.extend(self.inline(child))
            words.extend(_text(child.tail))
        close()
        return tuple(found)

    def block(self, element: etree._Element) -> Iterable[Block]:
        tag = str(element.tag)
        id_ = element.get("id") or ""
        if re.fullmatch("h[1-6]", tag):
            return [Heading(int(tag[1]), id_, self.inlines(element))]
        if tag == "p":
            return self.paragraph(element, id_)
        if tag in ("ul", "ol"):
            return [List(tag == "ol", self.items(element), int(element.get("start") or 1))]
        if tag == "table":
            return [self.listing(element)] if _is(element, "highlighttable") else [self.table(element)]
        if tag == "figure":
            return [self.figure(element, id_)]
        special: dict[str, Callable[[], Iterable[Block]]] = {
            "dl": lambda: [Definitions(self.definitions(element))],
            "blockquote": lambda: [Quote(self.blocks(element))],
            "hr": lambda: [Rule()],
            "pre": lambda: [self.listing(element)],
            "img": lambda: [self.picture(element, id_, ())],
            "section": lambda: [self.prompt(element)] if _is(element, "prompt") else list(self.blocks(element)),
            "details": lambda: [self.details(element, id_)],
            "div": lambda: self.division(element, id_),
        }
        return special[tag]()

    def paragraph(self, element: etree._Element, id_: str) -> list[Block]:
        anchor: list[Block] = [Anchor(id_)] if id_ else []
        images = [child for child in element if child.tag == "img"]
        if len(images) == 1 and len(element) == 1 and not text_of(element):  # a picture in a paragraph of its own
            return [*anchor, *self.block(images[0])] if self.known(images[0]) else anchor
        inlines = self.inlines(element)
        if _is(element, "lab-source"):  # what to do with the address, said where it can be read
            inlines = tuple(Link(i.href, i.inlines, address=True) if isinstance(i, Link) else i for i in inlines)
        return [*anchor, Paragraph(inlines)] if inlines else anchor

    def division(self, element: etree._Element, id_: str) -> list[Block]:
        anchor: list[Block] = [Anchor(id_)] if id_ else []
        if _is(element, "math-display"):
            return [*anchor, self.formula(element, display=True)]
        if _is(element, "highlight"):
            return [*anchor, self.listing(element)]
        if _is(element, "admonition"):
            return [self.admonition(element, id_)]
        if _is(element, "tabbed-set"):
            return [*anchor, *self.tabs(element)]
        if _is(element, "footnote"):  # printed where they are called
            return []
        return [*anchor, *self.blocks(element)]

    def items(self, element: etree._Element) -> tuple[Item, ...]:
        found: list[Item] = []
        for child in element:
            if not self.known(child):
                continue
            if child.tag != "li":
                raise self.refuse(child, "stands in a list and is no item")
            box = child.find(".//input[@type='checkbox']") if _is(child, "task-list-item") else None
            ticked = None if box is None else "checked" in box.attrib
            found.append(Item(child.get("id") or "", self.blocks(child), ticked))
        return tuple(found)

    def definitions(self, element: etree._Element) -> tuple[tuple[tuple[Inline, ...], tuple[Block, ...]], ...]:
        found: list[tuple[tuple[Inline, ...], tuple[Block, ...]]] = []
        for child in element:
            if not self.known(child):
                continue
            if child.tag == "dt":
                anchor: tuple[Inline, ...] = (Anchor(str(child.get("id"))),) if child.get("id") else ()
                found.append((anchor + self.inlines(child), ()))
            elif child.tag == "dd" and found:
                found[-1] = (found[-1][0], found[-1][1] + self.blocks(child))
            else:
                raise self.refuse(child, "stands in a list of definitions and is neither term nor meaning")
        return tuple(found)

    def table(self, element: etree._Element) -> Table:
        head: list[tuple[Cell, ...]] = []
        body: list[tuple[Cell, ...]] = []
        for row in element.iter("tr"):
            above = row.getparent()
            cells = tuple(self.cell(cell) for cell in row if self.known(cell))
            (head if above is not None and above.tag == "thead" else body).append(cells)
        for child in element:
            if self.known(child) and child.tag not in ("thead", "tbody", "tfoot", "tr"):
                raise self.refuse(child, "stands in a table")
        return Table(tuple(head), tuple(body))

    def cell(self, element: etree._Element) -> Cell:
        if element.tag not in ("td", "th"):
            raise self.refuse(element, "stands in a table's row")
        align = re.search(r"text-align:\s*(\w+)", element.get("style") or "")
        return Cell(
            self.blocks(element),
            element.tag == "th",
            align[1] if align else str(element.get("align") or ""),
            int(element.get("colspan") or 1),
            int(element.get("rowspan") or 1),
        )

    def figure(self, element: etree._Element, id_: str) -> Figure:
        caption = element.find("figcaption")
        words = self.inlines(caption) if caption is not None else ()
        pictures = list(element.iter("svg", "img"))
        if len(pictures) != 1:
            raise self.refuse(element, f"holds {len(pictures)} pictures")
        for child in element.iterdescendants():
            if child is not pictures[0] and not any(above is pictures[0] for above in child.iterancestors()):
                self.known(child)
        return self.picture(pictures[0], id_, words)

    def picture(self, element: etree._Element, id_: str, caption: tuple[Inline, ...]) -> Figure:
        alternative = (element.get("aria-label") or element.get("alt") or "").strip()
        if not alternative:
            raise self.refuse(element, "is a picture without an alternative")
        id_ = id_ or element.get("id") or ""
        if element.tag == "svg":
            return Figure(id_, alternative, caption, svg=self.drawn(element))
        href = self.href(element.get("src") or "")
        file = self.site / href
        ending = file.suffix.lower().lstrip(".")
        if urlsplit(href).scheme or not file.is_file() or ending not in ("svg", "png", "jpg", "jpeg", "webp", "gif"):
            raise self.refuse(element, f"shows `{element.get('src')}`, which is no picture of the site")
        title = element.get("title")
        caption = caption or ((Text(title),) if title else ())
        if ending == "svg":
            return Figure(id_, alternative, caption, svg=self.drawn(etree.fromstring(file.read_bytes())))
        return Figure(id_, alternative, caption, data=file.read_bytes(), format="jpg" if ending == "jpeg" else ending)

    def drawn(self, element: etree._Element) -> str:
        try:
            return drawing.standing_alone(element)
        except drawing.UnknownTagError as error:
            raise BookError(
                self.address or "/",
                f"<svg> holds a <{error}>, which the paper edition doesn't know; see `handbook/paper/svg.py`",
            ) from None

    def details(self, element: etree._Element, id_: str) -> Block:
        if _is(element, "how-numbers"):
            listed = element.find("ol")
            return Numbers(self.items(listed) if listed is not None else ())
        summary = element.find("summary")
        title = self.inlines(summary) if summary is not None else ()
        kind = next((name for name in (element.get("class") or "").split() if name in ADMONITIONS), "details")
        return Box(kind, id_, title, self.blocks(element, summary))

    def admonition(self, element: etree._Element, id_: str) -> Box:
        first = element[0] if len(element) and _is(element[0], "admonition-title") else None
        kind = next((name for name in (element.get("class") or "").split() if name in ADMONITIONS), "note")
        return Box(kind, id_, self.inlines(first) if first is not None else (), self.blocks(element, first))

    def tabs(self, element: etree._Element) -> list[Block]:
        """Tabs stacked, each below its label."""
        labels = [label for box in element if _is(box, "tabbed-labels") for label in box]
        bodies = [body for box in element if _is(box, "tabbed-content") for body in box]
        for child in element:
            if self.known(child) and not (
                child.tag == "input" or _is(child, "tabbed-labels") or _is(child, "tabbed-content")
            ):
                raise self.refuse(child, "stands in a set of tabs")
        if len(labels) != len(bodies):
            raise self.refuse(element, f"has {len(labels)} labels and {len(bodies)} tabs")
        found: list[Block] = []
        for label, body in zip(labels, bodies, strict=True):
            inner = label.find("a") if label.find("a") is not None and len(label) == 1 else None
            words = self.inlines(inner if inner is not None and not (label.text or "").strip() else label)
            found.append(Box("tab", "", words, self.blocks(body)))
        return found

    def prompt(self, element: etree._Element) -> Prompt:
        heading: Heading | None = None
        aliases: list[str] = []
        meta: tuple[Link, ...] = ()
        question: tuple[Inline, ...] = ()
        brief: tuple[Block, ...] = ()
        answer: list[tuple[str, tuple[Block, ...]]] = []
        for child in element:
            if not self.known(child):
                continue
            if child.tag == "a" and _is(child, "alias"):
                aliases.append(child.get("id") or "")
            elif child.tag == "h3":
                heading = Heading(3, child.get("id") or "", self.inlines(child))
            elif _is(child, "prompt-meta"):
                meta = tuple(
                    Link(self.href(a.get("href") or ""), self.inlines(a)) for a in child.iter("a") if self.known(a)
                )
            elif _is(child, "prompt-question"):
                question = self.inlines(child)
            elif _is(child, "prompt-brief"):
                brief = self.blocks(child)
            elif child.tag == "details" and _is(child, "answer"):
                for part in child:
                    if not self.known(part) or part.tag == "summary":
                        continue
                    if not _is(part, "answer-part"):
                        raise self.refuse(part, "stands in an answer outside of its parts")
                    answer.append((part.get("data-part") or "", self.blocks(part)))
            else:
                raise self.refuse(child, "stands in a prompt")
        if heading is None or not question or not answer:
            raise self.refuse(element, "is a prompt without heading, question or answer")
        return Prompt(heading, tuple(aliases), meta, question, brief, tuple(answer))

    # Code

    def listing(self, element: etree._Element) -> Listing:
        """A block of code, with the file's name above it and numbers in front where the page has them."""
        title = next((text_of(e) for e in element.iter("span", "th") if _is(e, "filename")), "")
        pres = [element] if element.tag == "pre" else list(element.iter("pre"))
        numbers: list[str] = []
        code: etree._Element | None = None
        for pre in pres:
            above = pre.getparent()
            while above is not None and above is not element and above.tag != "td":
                above = above.getparent()
            if above is not None and above.tag == "td" and _is(above, "linenos"):
                numbers = text_of(pre).split()
            elif code is None:
                code = pre
            else:
                raise self.refuse(element, "holds two blocks of code")
        if code is None:
            raise self.refuse(element, "holds no code")
        for part in element.iterdescendants():
            if part.tag in ("span", "code", "pre", "table", "tbody", "tr", "td", "th", "div", "a") or not isinstance(
                part.tag, str
            ):
                continue
            if self.known(part):
                raise self.refuse(part, "stands in code")
        lines = _lines(code)
        if not numbers:
            return Listing(title, tuple(lines))
        if len(numbers) != len(lines):
            raise self.refuse(element, f"has {len(numbers)} line numbers and {len(lines)} lines")
        numbered = (Line(line.tokens, number, line.marked) for line, number in zip(lines, numbers, strict=True))
        return Listing(title, tuple(numbered))

    # Inlines

    def inlines(self, parent: etree._Element) -> tuple[Inline, ...]:
        """What stands in a line, without the space around it."""
        return _trimmed(self.within(parent))

    def within(self, parent: etree._Element) -> list[Inline]:
        found = _text(parent.text)
        for child in parent:
            if self.known(child):
                if child.tag in BLOCKS:
                    raise self.refuse(child, f"is a block within the line of a <{parent.tag}>")
                found += self.inline(child)
            found += _text(child.tail)
        return found

    def inline(self, element: etree._Element) -> list[Inline]:
        tag = str(element.tag)
        found: list[Inline] = [Anchor(str(element.get("id")))] if element.get("id") and tag != "a" else []
        if tag == "br":
            return [*found, Break()]
        if tag == "a":
            return self.link(element)
        if tag == "code":
            return [*found, Code("".join(str(part) for part in element.itertext()))]
        if tag == "span":
            if _is(element, "math"):
                return [*found, self.formula(element, display=False)]
            if _is(element, "nobr"):
                return [*found, Styled("unbroken", tuple(self.within(element)))]
            return found + self.within(element)
        if tag == "label" or tag == "input":  # a task's box; the item says whether it is ticked
            return found
        if tag == "sup" and element.find("a") is not None and _is(element.find("a"), "footnote-ref"):
            return [*found, self.footnote(element)]
        if tag in INLINE:
            within = self.within(element)
            if INLINE[tag] == "quoted":
                return [*found, Text("“"), *within, Text("”")]
            return [*found, Styled(INLINE[tag], tuple(within))] if INLINE[tag] else found + within
        raise self.refuse(element, "stands within a line")

    def link(self, element: etree._Element) -> list[Inline]:
        id_, href = element.get("id"), element.get("href")
        if _is(element, "checked"):
            how = (href or "").lstrip("#")
            return [Checked(id_ or "", how, tuple(self.within(element)))]
        found: list[Inline] = (
            [Anchor(id_)] if id_ else [Anchor(str(element.get("name")))] if element.get("name") else []
        )
        within = tuple(self.within(element))
        if href is None or _is(element, "term"):  # a word that the glossary tells: on paper it is a word
            return [*found, *within]
        return [*found, Link(self.href(href), within)]

    def footnote(self, element: etree._Element) -> Footnote:
        link = element.find("a")
        item = self.footnotes.get(unquote((link.get("href") if link is not None else "") or "").lstrip("#"))
        if item is None:
            raise self.refuse(element, "calls a footnote that isn't there")
        inlines: list[Inline] = []
        for block in self.blocks(item):
            if not isinstance(block, Paragraph):
                raise self.refuse(item, "is a footnote of more than words")
            inlines += [*([Break()] if inlines else []), *block.inlines]
        return Footnote(tuple(inlines))

    def formula(self, element: etree._Element, *, display: bool) -> Formula:
        svg = element.find("svg")
        spoken = element.get("aria-label")
        if svg is None or not spoken:
            raise self.refuse(element, "is a formula without a drawing or without a spoken alternative")
        style = svg.get("style") or ""
        drawn = drawing.without_hairlines(self.drawn(svg))
        shift = re.search(r"vertical-align:\s*(-?[\d.]+)ex", style)
        return Formula(drawn, spoken, display, float(shift[1]) if shift else 0.0)

    def href(self, href: str) -> str:
        """Relative to the site's root, or absolute where it leads out.

        `../#move` on `chapters/metrics/classification/` → `chapters/metrics/#move`.
        """
        full = urljoin(self.base, href.strip())
        if not full.startswith(self.root):
            return full
        path, hash_, fragment = full[len(self.root) :].partition("#")
        folder = path.endswith("/")
        plain = posixpath.normpath(unquote(path)) if path else ""
        return (
            ("" if plain == "." else plain)
            + ("/" if folder and plain not in ("", ".") else "")
            + hash_
            + unquote(fragment)
        )


def _is(element: etree._Element | None, name: str) -> bool:
    return element is not None and name in (element.get("class") or "").split()


def _text(text: str | None) -> list[Inline]:
    folded = re.sub(r"[ \t\r\n\f]+", " ", text or "")
    return [Text(folded)] if folded else []


def _trimmed(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """Without space at its ends and around line breaks.

    >>> _trimmed([Text(" a "), Break(), Text(" b ")])
    (Text(text='a'), Break(), Text(text='b'))
    """
    found: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text):
            text = inline.text
            if (
                not found
                or isinstance(found[-1], Break)
                or (isinstance(found[-1], Text) and found[-1].text.endswith(" "))
            ):
                text = text.lstrip(" ")
            if not text:
                continue
            inline = Text(text)
        elif isinstance(inline, Break):
            found = _closed(found)
        found.append(inline)
    return tuple(_closed(found))


def _closed(inlines: list[Inline]) -> list[Inline]:
    while inlines and isinstance(inlines[-1], Text):
        text = inlines[-1].text.rstrip(" ")
        if text:
            return [*inlines[:-1], Text(text)]
        inlines = inlines[:-1]
    return inlines


def _lines(code: etree._Element) -> list[Line]:
    """Pygments' spans → lines of tokens; a token that spans lines is cut.

    >>> from lxml import html
    >>> [line.text for line in _lines(html.fragment_fromstring('<pre><code><span class="k">if</span> x:\\n    y\\n</code></pre>'))]
    ['if x:', '    y']
    """
    rows: list[list[Token]] = [[]]
    marked: set[int] = set()
    shown: dict[int, str] = {}

    def put(text: str | None, kind: str) -> None:
        for number, piece in enumerate((text or "").split("\n")):
            if number:
                rows.append([])
            if piece:
                rows[-1].append(Token(piece, kind))

    def visit(element: etree._Element, kind: str) -> None:
        classes = (element.get("class") or "").split()
        if "linenos" in classes:  # numbers within the code (`linenums_style: inline`)
            shown[len(rows) - 1] = element.get("data-linenos", "").strip() or text_of(element)
            return
        if element.tag == "span" and "hll" in classes:
            first = len(rows) - 1
            inside(element, kind)
            marked.update(range(first, len(rows) if rows[-1] else len(rows) - 1))
            return
        name = classes[0] if element.tag == "span" and classes else kind
        inside(element, name)

    def inside(element: etree._Element, kind: str) -> None:
        put(element.text, kind)
        for child in element:
            if isinstance(child.tag, str):
                visit(child, kind)
            put(child.tail, kind)

    inside(code, "")
    while rows and not rows[-1]:
        rows.pop()
    return [Line(tuple(row), shown.get(number, ""), number in marked) for number, row in enumerate(rows)]
