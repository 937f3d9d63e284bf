"""Reading the built site: its pages, their ids and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html


@dataclass
class BuiltPage:
    """A page of the built site: `address` relative to the site's root (`chapters/metrics/`, `404.html`)."""

    path: Path
    address: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> lxml_html.HtmlElement:
        return lxml_html.document_fromstring(self.text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))

    @cached_property
    def ids(self) -> list[str]:
        """Every `id`, and every `name` of an anchor that differs from its id, in document order; twice where it stands twice."""
        return [str(value) for value in self.tree.xpath("//@id | //a[not(@name = @id)]/@name")]

    @cached_property
    def article(self) -> lxml_html.HtmlElement | None:
        """The page's own content, without the theme around it."""
        found = self.tree.xpath("//article")
        return found[0] if found else None

    @cached_property
    def is_redirect(self) -> bool:
        return bool(self.tree.xpath("//meta[@http-equiv='refresh']"))


def pages(site: Path) -> Iterator[BuiltPage]:
    """Every HTML page below `site`, in a fixed order."""
    for path in sorted(site.rglob("*.html")):
        relative = path.relative_to(site).as_posix()
        address = relative.removesuffix("index.html") if relative.endswith("index.html") else relative
        yield BuiltPage(path, address, path.read_text(encoding="utf-8"))


def text_of(element: etree._Element) -> str:
    """All text below an element, white space folded."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def below_title(page: str, line: str) -> str:
    """The page's text with a line of HTML right below its title; raises when it has none.

    >>> below_title("<article><h1>A</h1><p>b</p></article>", "<p>c</p>")
    '<article><h1>A</h1>\\n<p>c</p><p>b</p></article>'
    """
    done, count = re.subn(r"(<article\b.*?</h1>)", lambda match: f"{match[1]}\n{line}", page, count=1, flags=re.S)
    if not count:
        raise ValueError(f"no title to put `{line[:40]}` below")
    return done
