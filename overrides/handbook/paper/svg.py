"""Drawings for paper: an SVG as it stands in a page, where styles reach into it, → one that needs nothing around it.

Input
    <svg viewbox="0 0 2 1"><text style="font: 12px var(--figure-font, sans-serif); fill: currentColor">…</text></svg>

Output
    <svg viewBox="0 0 2 1" xmlns="…"><text style="font: 12px 'Libertinus Serif'; fill: #1f2429">…</text></svg>

Colors are those of the light theme, made a little darker where gray printing asks for it. An HTML parser lower-cases names;
SVG readers want them as they were.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

INK = "#1f2429"
FONT = "Libertinus Serif"
# What the theme's style sheet gives the variables of a figure in the light scheme (`overrides/theme/…/handbook.css`).
VARIABLES = {
    "--figure-muted": "#545b64",
    "--figure-grid": "#ddd6c6",
    "--figure-paper": "#ffffff",
    "--figure-1": "#1f5fa8",
    "--figure-2": "#b3471d",
    "--figure-3": "#2d7a4a",
    "--figure-4": "#7b4aa3",
    "--figure-5": "#8a6a00",
    "--figure-font": f"'{FONT}'",
}
TAGS = """
svg g defs path rect circle ellipse line polyline polygon text tspan textPath use clipPath mask pattern marker symbol
linearGradient radialGradient stop title desc
"""
ATTRIBUTES = """
viewBox preserveAspectRatio gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform
clipPathUnits maskUnits maskContentUnits markerWidth markerHeight markerUnits refX refY textLength lengthAdjust pathLength
startOffset
"""
SPELLED_TAGS = {name.lower(): name for name in TAGS.split()}
SPELLED = {name.lower(): name for name in ATTRIBUTES.split()}
DROPPED = {
    "aria-label",
    "aria-hidden",
    "aria-labelledby",
    "aria-describedby",
    "role",
    "focusable",
    "class",
    "data-mml-node",
}


class UnknownTagError(ValueError):
    """An element of an SVG that has no place on paper."""


# How wide DejaVu Sans's letters from space to `~` are, in hundredths of an em: matplotlib places lines with it.
DEJAVU = """
32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 63 58 77 75
29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63
41 52 39 63 59 82 59 59 52 64 34 64 84
"""
ADVANCE = {chr(32 + at): int(width) / 100 for at, width in enumerate(DEJAVU.split())}


def centered(svg: etree._Element) -> None:
    """Lines of a centered label that matplotlib placed by their left ends in its own font, centered in any font.

    Two lines are centered when their middles fall together and their left ends don't.
    """
    for group in svg.iter("g", "{*}g"):
        texts = [child for child in group if isinstance(child.tag, str) and etree.QName(child).localname == "text"]
        places = [re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", text.get("transform") or "") for text in texts]
        sizes = [re.search(r"font(?:-size)?: (?:[\w ]+ )?([\d.]+)px", text.get("style") or "") for text in texts]
        if len(texts) < 2 or not all(places) or not all(sizes):
            continue
        left = [float(place[1]) for place in places if place]
        half = [
            sum(ADVANCE.get(letter, 0.6) for letter in text.text or "") * float(size[1]) / 2
            for text, size in zip(texts, sizes, strict=True)
            if size
        ]
        middles = [at + more for at, more in zip(left, half, strict=True)]
        if max(middles) - min(middles) > 0.05 * max(half) + 0.5 or max(left) - min(left) < 0.5 < max(half) - min(half):
            continue
        middle = sum(middles) / len(middles)
        for text, place in zip(texts, places, strict=True):
            assert place is not None
            text.set("transform", f"translate({middle:.2f} {place[2]})")
            text.set("style", f"{text.get('style')}; text-anchor: middle")


def standing_alone(svg: etree._Element) -> str:
    """The drawing as text, with its tags and attributes as SVG spells them.

    >>> from lxml import html
    >>> standing_alone(html.fragment_fromstring('<svg viewbox="0 0 2 1"><path fill="currentColor" d="M0 0"/></svg>'))
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path fill="#1f2429" d="M0 0"/></svg>'
    """
    centered(svg)
    return _element(svg)


def _element(element: etree._Element) -> str:
    tag = etree.QName(element).localname.lower()
    name = SPELLED_TAGS.get(tag)
    if name is None:
        raise UnknownTagError(tag)
    attributes = ['xmlns="http://www.w3.org/2000/svg"'] if name == "svg" else []
    for raw, raw_value in element.attrib.items():
        key, value = str(raw), str(raw_value)
        if key in DROPPED or key.startswith(("xmlns", "data-")):
            continue
        if name == "svg" and key == "style":  # `vertical-align` is for the page; what is inherited stays
            value = re.sub(r"vertical-align:[^;]*;?\s*", "", value)
            if not value:
                continue
        key = key.removeprefix("xlink:")
        attributes.append(f'{SPELLED.get(key, key)}="{_escape(_plain(value))}"')
    inner = _escape(element.text or "") + "".join(
        (_element(child) if isinstance(child.tag, str) else "") + _escape(child.tail or "") for child in element
    )
    opening = " ".join([name, *attributes])
    return f"<{opening}>{inner}</{name}>" if inner else f"<{opening}/>"


def _plain(value: str) -> str:
    """A value without variables: `var(--figure-1, #123)` is looked up, a variable of somebody else gets its fallback.

    >>> _plain("fill: var(--figure-1, #000); stroke: currentColor; x: var(--other, 3)")
    'fill: #1f5fa8; stroke: #1f2429; x: 3'
    """
    value = re.sub(
        r"var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)", lambda m: VARIABLES.get(m[1], (m[2] or INK).strip()), value
    )
    return re.sub("currentcolor", INK, value, flags=re.I)


@lru_cache(maxsize=4096)
def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def without_hairlines(svg: str) -> str:
    """MathJax writes `stroke-width="0"`, which PDF readers draw as a hairline: bold formulas.

    >>> without_hairlines('<g stroke="#1f2429" stroke-width="0" fill="#1f2429"/>')
    '<g fill="#1f2429"/>'
    """
    return re.sub(r' stroke="[^"]*" stroke-width="0"', "", svg)


def size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own units.

    >>> size('<svg viewBox="0 -10 20.5 30">')
    (20.5, 30.0)
    """
    match = re.search(r'viewBox="\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)\s*"', svg)
    if match:
        return float(match[1]), float(match[2])
    wide, high = (re.search(rf'<svg[^>]* {name}="([\d.]+)(?:px|pt)?"', svg) for name in ("width", "height"))
    if wide is None or high is None:
        raise ValueError("the drawing has neither a viewBox nor a width and a height")
    return float(wide[1]), float(high[1])


def smallest(svg: str) -> float:
    """The size of its smallest letters, in its own units; that of an ordinary figure if it says none.

    >>> smallest('<text style="font-size: 10.5px"/><text style="font: 12px serif"/>')
    10.5
    """
    return min((float(size) for size in re.findall(r"font(?:-size)?: (?:[\w ]+ )?([\d.]+)px", svg)), default=11.0)


def labels(svg: str) -> str:
    """The words drawn in it: a font without one of their letters would drop it without a word.

    >>> labels('<svg><title>x</title><text>a<tspan>b</tspan></text></svg>')
    'ab'
    """
    root = etree.fromstring(svg.encode())
    return "".join("".join(map(str, text.itertext())) for text in root.iter("{*}text"))
