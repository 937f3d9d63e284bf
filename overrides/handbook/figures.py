"""Figures inlined, so that the page's colors, fonts and dark scheme reach into them.

Input
    ![Two curves that cross at a recall of 0.6.](../../figures/metrics/pr.svg "Same data, two pictures."){#fig-pr}

Output
    <figure class="figure" id="fig-pr"><svg role="img" aria-label="Two curves …" …>…</svg>
    <figcaption>Same data, two pictures.</figcaption></figure>

An `<img>` does not see the theme. Ids inside the SVG get the figure's name in front, since two figures of one page would
otherwise share `clip0`. The text alternative is required; on a code host the source is an ordinary picture.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from handbook.errors import BookError
from handbook.pages import DOCS, line_of, page_of, where
from handbook.source import keep_source

SOURCE = re.compile(r"^(?:\.\./)*(?:\./)?figures/(?P<name>[\w/-]+)\.svg$")
SHORTEST_ALTERNATIVE = 20


def inline(svg: str, name: str, alternative: str, prefix: str = "") -> str:
    """The SVG text ready to stand in a page: ids prefixed, named for screen readers, comments gone.

    >>> inline('<svg width="2" height="1"><path id="a"/><use href="#a"/></svg>', "m/x", "A line.")
    '<svg role="img" aria-label="A line." width="2" height="1"><path id="m-x-a"/><use href="#m-x-a"/></svg>'
    """
    prefix = prefix or name.replace("/", "-")
    svg = re.sub(r"<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.S).strip()
    root, rest = svg.split(">", 1)
    root = re.sub(r"\s(role|aria-label|aria-labelledby)=(\"[^\"]*\"|'[^']*')", "", root)
    svg = f"{root}>{rest}"
    ids = {match[2] for match in re.finditer(r"\sid=([\"'])(.*?)\1", svg)}
    # What may name an id: `id`, a reference `#id` in an attribute or style, and the ARIA relations.
    svg = re.sub(r"(\sid=[\"']|#)([\w:.-]+)", lambda m: f"{m[1]}{prefix}-{m[2]}" if m[2] in ids else m[0], svg)
    svg = re.sub(
        r"(\saria-(?:labelledby|describedby)=[\"'])([^\"']+)",
        lambda m: m[1] + " ".join(f"{prefix}-{id_}" if id_ in ids else id_ for id_ in m[2].split()),
        svg,
    )
    return svg.replace("<svg", f'<svg role="img" aria-label={quoteattr(alternative)}', 1)


class FigureTreeprocessor(Treeprocessor):
    """Replace pictures from `figures/` by what they are."""

    def __init__(self, md: Markdown, docs: Path) -> None:
        super().__init__(md)
        self.docs = docs

    def run(self, root: etree.Element) -> None:
        parents = {child: parent for parent in root.iter() for child in parent}
        used: dict[str, int] = {}
        for image in list(root.iter("img")):
            source = image.get("src", "")
            place = where(self.md, line_of(self.md, source))
            alternative = (image.get("alt") or "").strip()
            if len(alternative) < SHORTEST_ALTERNATIVE:
                raise BookError(
                    place,
                    f"the picture `{source}` needs a text alternative that says what it shows; write ![…]({source})",
                )
            match = SOURCE.match(source)
            if match is None:
                continue
            name = match["name"]
            file = self.docs / "figures" / f"{name}.svg"
            if not file.is_file():
                raise BookError(
                    place,
                    f"there is no figure `docs/figures/{name}.svg`; is its function registered? run `make figures`",
                )
            page = page_of(self.md)
            right = page.link_to(f"figures/{name}.svg")
            if page.path != "<text>" and source != right:
                raise BookError(place, f"`{source}` does not lead from this page to the figure; write `{right}`")
            paragraph = parents[image]
            if (
                paragraph.tag != "p"
                or len(paragraph) != 1
                or (paragraph.text or "").strip()
                or (image.tail or "").strip()
            ):
                raise BookError(place, f"the figure `{name}` must be a paragraph of its own")
            id_ = image.get("id")
            if not id_:
                raise BookError(
                    place,
                    f"the figure `{name}` needs a permanent id; write `{{#fig-{name.rsplit('/', 1)[-1]}}}` right behind it",
                )
            svg = file.read_text(encoding="utf-8")
            if re.search(r"<(style|script|foreignObject)\b", svg):
                raise BookError(
                    place,
                    f"`docs/figures/{name}.svg` holds a style, a script or HTML, which would reach the whole page; "
                    "write attributes on its elements instead",
                )
            used[name] = used.get(name, 0) + 1
            prefix = name.replace("/", "-") + (f"-{used[name]}" if used[name] > 1 else "")
            figure = etree.Element("figure", {"class": "figure", "id": id_})
            holder = etree.SubElement(figure, "div", {"class": "figure-drawing"})
            holder.text = self.md.htmlStash.store(inline(svg, name, alternative, prefix))
            caption = image.get("title")
            if caption:
                etree.SubElement(figure, "figcaption").text = caption
            figure.tail = paragraph.tail
            above = parents[paragraph]
            above[list(above).index(paragraph)] = figure


class FigureExtension(Extension):
    """Registers the tree processor behind inline parsing and attribute lists."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"docs": [str(DOCS), "The folder that holds `figures/`"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        keep_source(md)
        md.treeprocessors.register(FigureTreeprocessor(md, Path(self.getConfig("docs"))), "handbook-figures", 7.5)


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return FigureExtension(**kwargs)
