"""The picture that a link to the book shows in a chat: 1200 × 630, set by Typst while building, so that nothing binary is in git.

It is seen 300 pixels wide, so it says three things and says them large. Same input, same bytes: the fonts are those inside
the `typst` wheel, and what was drawn once is kept in `.build` under the hash of its code.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from pathlib import Path

import typst

from handbook.pages import CACHE, ROOT
from handbook.paper.write import string

PATH = "assets/images/preview.png"
SIZE = (1200, 630)
ALT = "The book's title and its mark: a curve with one point on it chosen."
MARK = ROOT / "overrides" / "theme" / "assets" / "images" / "favicon.svg"

CODE = """\
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: rgb("#fdfcf9"))
#set text(font: "Libertinus Serif", fill: rgb("#1d2327"), size: 100pt)
#set par(leading: 44pt)
#place(left + top, rect(width: 316pt, height: 100%, fill: rgb("#0b5a70")))
#place(left + horizon, dx: 18pt, image(bytes({mark}), format: "svg", width: 280pt))
#place(left + top, dx: 372pt, dy: 84pt, text(weight: "semibold")[Machine Learning\\ Interview\\ Handbook])
#place(left + bottom, dx: 376pt, dy: -70pt, text(size: 52pt, fill: rgb("#8a3a16"))[{prompts} prompts with model answers])
"""


def code(prompts: int, mark: str) -> str:
    """The Typst code of the picture, from how many prompts there are and the mark as SVG, whose ground is left out.

    >>> drawing = code(238, "<svg><rect rx='6'/><path d='M1'/></svg>")
    >>> print(drawing[drawing.index("image(") :][:46])
    image(bytes("<svg><path d='M1'/></svg>"), form
    """
    curve = re.sub(r"<rect\b[^>]*/>", "", mark)
    return CODE.format(width=SIZE[0], height=SIZE[1], mark=string(curve), prompts=prompts)


def picture(prompts: int) -> bytes:
    """The picture as PNG."""
    text = code(prompts, MARK.read_text(encoding="utf-8").strip())
    kept = CACHE / "preview" / f"{hashlib.sha256((version('typst') + text).encode()).hexdigest()[:16]}.png"
    if not kept.is_file():
        png = typst.compile(text.encode(), format="png", ppi=72.0, ignore_system_fonts=True)
        if not isinstance(png, bytes):
            raise TypeError("one picture was asked for")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(png)
    return kept.read_bytes()


def write(site: Path, prompts: int) -> None:
    """Put the picture into the site."""
    file = site / PATH
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture(prompts))
