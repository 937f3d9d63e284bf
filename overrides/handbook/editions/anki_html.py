"""The built site's HTML → the HTML of an Anki field. What it doesn't know stops it, with page, tag and class.

Input, on `chapters/metrics/`
    <p>At <a class="checked" href="#__how7">1 %</a> see <a href="#move">the move</a>.</p>

Output
    <p>At 1 % see <a href="https://…/chapters/metrics/#move">the move</a>.</p>

- A link is absolute. A checked figure is a figure: how it came about stands on the page, in a list that each edit
  numbers anew.
- Tabs are disclosures, since Anki's cards have no script of ours and no two inputs of one name.
- Formulas and drawings stay SVG, drawn in the colors of the card's style sheet, with their spoken alternatives.
- Code keeps the spans that the style sheet colors, under six names (`TOKENS`); the others, four in five, only weigh.
- Anki reads `[sound:…]`, `[$]…` and the like in any text as its own; such a bracket becomes a character reference.
  `\\(` outside of code would be a formula of Anki's and is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from lxml import etree
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from handbook.errors import BookError
from handbook.html import text_of

# What is for the screen of the site: tag → classes; an element with one of them goes, with all that is in it.
DROPPED = {
    "a": {"headerlink", "alias"},
    "p": {"prompt-report", "related"},
}
ADMONITIONS = {"note", "tip", "warning", "example"}


def _names(names: str) -> set[str]:
    return set(names.split())


# Tag → the classes it may carry, which the style sheet knows; every tag may go without one.
CLASSES: dict[str, set[str]] = {
    **{tag: set() for tag in _names("p em strong b i cite var dfn sub sup kbd mark del s ins u small q abbr br wbr")},
    **{
        tag: set()
        for tag in _names("ul ol li dl dt dd blockquote hr thead tbody tfoot tr th td figcaption pre summary")
    },
    "p": {"admonition-title"},
    "a": _names("term checked"),
    "code": {"highlight"},
    "table": {"data"},
    "figure": {"figure"},
    "span": _names("math math-inline nobr filename"),
    "div": _names("math math-display table-scroll highlight figure-drawing admonition tabbed-set tabbed-alternate")
    | ADMONITIONS,
    "details": ADMONITIONS,
}
# Attributes that stay, on any tag, and those that go: ids, for links lead to the site, and what its script reads.
KEPT = _names("class start colspan rowspan scope role aria-label tabindex data-tex title open")
LEFT_OUT = _names("id name data-n data-tabs data-search-exclude rel")
STYLE = re.compile(r"text-align:\s*(left|right|center);?")
VOID = {"br", "hr", "wbr"}

# Tags of a drawing. Scripts, animation, pictures and foreign content are none of them.
DRAWN = _names(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc clippath marker"
)
REACHES_OUT = re.compile(r"url\(\s*['\"]?(?!#)|expression\(|@import", re.I)
ANKIS_FORMULA = re.compile(r"\\[(\[]")
ANKIS_OWN = re.compile(r"\[(?=/?\$|sound:|/?latex\]|anki:|\[type:)", re.I)

# Pygments' short names → one of six of ours, by how they begin; the longest beginning wins, empty is plain text.
TOKENS = {
    "k": "k", "ow": "k", "s": "s", "m": "m", "c": "c", "nf": "f", "fm": "f", "nc": "f", "nd": "f", "nb": "b", "bp": "b",
    "kc": "b", "se": "m", "si": "", "gd": "s", "gi": "s", "": "",
}  # fmt: skip
PYGMENTS = set(STANDARD_TYPES.values())


def token(name: str) -> str | None:
    """Our name of a Pygments class, empty for plain text; None for what is no class of Pygments.

    >>> token("kn"), token("kc"), token("n"), token("bold")
    ('k', 'b', '', None)
    """
    if name not in PYGMENTS:
        return None
    return TOKENS[max((start for start in TOKENS if name.startswith(start)), key=len)]


class Field:
    """Writes fields from elements of one built page; `base` is the page's public address."""

    def __init__(self, page: str, site_url: str) -> None:
        self.page = page
        self.base = urljoin(site_url.rstrip("/") + "/", page)

    def refuse(self, element: etree._Element, why: str) -> BookError:
        classes = f' class="{element.get("class")}"' if element.get("class") else ""
        about = text_of(element)[:50]
        return BookError(
            self.page or "/",
            f"<{element.tag}{classes}> {why}; "
            "teach `handbook/editions/anki_html.py` what it is on a card, or leave it out of the page"
            + (f". It reads “{about}”" if about else ""),
        )

    def outer(self, elements: Iterable[etree._Element]) -> str:
        """Elements one after another, without the words between them."""
        return "\n".join(filter(None, (self.element(element).strip() for element in elements)))

    def inner(self, parent: etree._Element) -> str:
        """What stands in an element, without the space around it."""
        return self.within(parent).strip()

    def within(self, parent: etree._Element) -> str:
        found = [self.words(parent, parent.text)]
        for child in parent:
            found += [self.element(child), self.words(parent, child.tail)]
        return "".join(found)

    def words(self, parent: etree._Element, text: str | None) -> str:
        """Text outside of code, which Anki's MathJax leaves alone."""
        if text and ANKIS_FORMULA.search(text):
            raise self.refuse(parent, r"holds `\(` or `\[`, which Anki would set as a formula; write it as code")
        return escaped(text)

    def element(self, element: etree._Element) -> str:
        """An element as a field has it, without its tail; raises on what nobody has thought about."""
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            return ""
        classes = (element.get("class") or "").split()
        if DROPPED.get(tag, set()).intersection(classes):
            return ""
        if tag == "svg":
            return self.drawing(element)
        if tag == "pre":
            return f"<pre>{self.code(element).rstrip()}</pre>"
        if tag not in CLASSES:
            raise self.refuse(element, "is a tag that the Anki deck doesn't know")
        for name in classes:
            if name not in CLASSES[tag] and not (tag == "div" and name.startswith("language-")):
                raise self.refuse(element, f"has the class `{name}`, which the Anki deck doesn't know")
        if "tabbed-set" in classes:
            return self.tabs(element)
        if "checked" in classes:
            text = self.within(element)
            return f'<span class="nobr">{text}</span>' if " " in text else text
        if tag == "a":
            return self.link(element)
        if "math" in classes and not (element.find("svg") is not None and element.get("aria-label")):
            raise self.refuse(element, "is a formula without a drawing or without a spoken alternative")
        if tag == "code":
            return f"<code>{self.code(element)}</code>"
        start = f"<{tag}{self.attributes(element)}>"
        return start if tag in VOID else f"{start}{self.within(element)}</{tag}>"

    def attributes(self, element: etree._Element) -> str:
        found = []
        for name, value in _attributes(element):
            if name == "style" and STYLE.fullmatch(value.strip()):
                found.append(f' style="{value.strip()}"')
            elif name in KEPT:
                found.append(f' {name}="{quoted(value)}"')
            elif name not in LEFT_OUT:
                raise self.refuse(
                    element, f'has the attribute {name}="{value[:40]}", which the Anki deck doesn\'t know'
                )
        return "".join(found)

    def link(self, element: etree._Element) -> str:
        href = element.get("href")
        if href is None:  # a place that links lead to
            return self.within(element)
        address = urljoin(self.base, href.strip())
        if urlsplit(address).scheme not in ("https", "http", "mailto"):
            raise self.refuse(element, f"leads to `{href}`")
        told = "".join(
            f' {name}="{quoted(str(element.get(name)))}"'
            for name in ("class", "title")
            if element.get(name) is not None
        )
        return f'<a href="{quoted(address)}"{told}>{self.within(element)}</a>'

    def tabs(self, element: etree._Element) -> str:
        """Each tab as a disclosure below its label; the one that the page shows is open."""
        inputs = [child for child in element if child.tag == "input"]
        boxes = {str(child.get("class")): list(child) for child in element if child.tag == "div"}
        if set(boxes) != {"tabbed-labels", "tabbed-content"} or len(inputs) + 2 != len(element):
            raise self.refuse(element, "is no set of inputs, labels and tabs")
        labels, bodies = boxes["tabbed-labels"], boxes["tabbed-content"]
        if not len(labels) == len(bodies) == len(inputs):
            raise self.refuse(element, f"has {len(labels)} labels and {len(bodies)} tabs")
        return "".join(
            f'<details class="tab"{" open" * ("checked" in chosen.attrib)}><summary>{escaped(text_of(label))}</summary>'
            f"{self.inner(body)}</details>"
            for chosen, label, body in zip(inputs, labels, bodies, strict=True)
        )

    def code(self, element: etree._Element) -> str:
        """What stands in code: text, and spans that the style sheet colors."""
        found = [escaped(element.text)]
        for child in element:
            if isinstance(child.tag, str):
                found.append(self.piece(child))
            found.append(escaped(child.tail))
        return "".join(found)

    def piece(self, element: etree._Element) -> str:
        inside = self.code(element)
        names = (element.get("class") or "").split()
        if element.tag == "code" and element.getparent().tag == "pre":  # type: ignore[union-attr]
            return f"<code>{inside}</code>"
        if element.tag != "span" or len(names) > 1:
            raise self.refuse(element, "stands in code")
        name = "hll" if names == ["hll"] else token(names[0]) if names else ""
        if name is None:
            raise self.refuse(element, f"has the class `{names[0]}`, which the Anki deck doesn't know in code")
        return f'<span class="{name}">{inside}</span>' if name and inside.strip() else inside

    def drawing(self, element: etree._Element) -> str:
        """An SVG as it is, when it draws and does nothing else."""
        for part in element.iter():
            if not isinstance(part.tag, str):
                raise self.refuse(element, "holds a comment")
            if part.tag.lower() not in DRAWN:
                raise self.refuse(part, "stands in a drawing")
            for name, value in _attributes(part):
                if name.startswith("on") or (name.endswith("href") and not value.startswith("#")):
                    raise self.refuse(part, f'has the attribute {name}="{value[:40]}" in a drawing')
                if REACHES_OUT.search(value):
                    raise self.refuse(part, f'reaches out of the drawing with {name}="{value[:40]}"')
        parent = element.getparent()
        spoken = element.get("aria-label") or (parent.get("aria-label") if parent is not None else None)
        if not (spoken or "").strip():
            raise self.refuse(element, "is a picture without an alternative")
        written = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
        return guarded(re.sub(r'\s+xmlns="[^"]*"|\n\s*', lambda match: "" if "xmlns" in match[0] else " ", written))


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def escaped(text: str | None) -> str:
    return guarded(html.escape(text, quote=False)) if text else ""


def quoted(value: str) -> str:
    """An attribute's value: on one line, for `genanki` takes a tag with a line break for a mistake."""
    return guarded(html.escape(" ".join(value.split()), quote=True))


def guarded(text: str) -> str:
    """Text in which Anki finds nothing that it would replace.

    >>> guarded("a[$] and [sound:x] and a[1]")
    'a&#91;$] and &#91;sound:x] and a[1]'
    """
    return ANKIS_OWN.sub("&#91;", text)
