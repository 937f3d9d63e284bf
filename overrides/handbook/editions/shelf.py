"""The page `/reference/editions/`: which files this copy of the site has, with pages and sizes. Filled after the build.

Input
    <div class="shelf" data-kind="book">…</div>

Output
    <div class="shelf" data-kind="book"><table>… <td><a href="../../editions/ml-interview-handbook-a4.pdf" …>916 pages, 23.2 MB</a></td> …</div>

What was not made keeps the words between the tags, which say how to make it: no link leads to a file that isn't there.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from handbook.bank import address
from handbook.editions import SHELF, Made
from handbook.errors import BookError
from handbook.paper.offers import megabytes
from handbook.paper.press import Edition

PAGE = address(SHELF)
# A place may have been filled before, with a table in a `div` of its own.
PLACE = re.compile(
    r'(<div class="shelf" data-kind="(?P<kind>[\w-]+)">)(?P<within>(?:(?!</?div).|<div\b(?:(?!</?div).)*</div>)*)(</div>)',
    re.S,
)
TYPES = {
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".apkg": "application/octet-stream",
}


def of_chapters(editions: Iterable[Edition]) -> list[Made]:
    """The chapters' own files as things on the shelf."""
    return [Made(e.path, "chapter", e.chapter.title, e.size, e.pages, e.sheet) for e in editions]


def fill(site: Path, made: Iterable[Made]) -> None:
    """Put what was made on the page; raises when the page has no place for a kind."""
    file = site / PAGE / "index.html"
    if not file.is_file():
        raise BookError(f"docs/{SHELF}", "is gone; the editions are offered there")
    text = file.read_text(encoding="utf-8")
    new = filled(text, list(made))
    if new != text:
        file.write_text(new, encoding="utf-8")


def filled(page: str, made: list[Made]) -> str:
    """The page with its places filled.

    >>> print(filled('<div class="shelf" data-kind="anki">none</div>', [Made("editions/a.apkg", "anki", "All prompts", 2_000_000)]))
    <div class="shelf" data-kind="anki"><ul>
    <li><a href="../../editions/a.apkg" type="application/octet-stream" download>All prompts</a>, 2.0 MB</li>
    </ul></div>
    """
    kinds = dict.fromkeys(one.kind for one in made)
    for kind in kinds:
        if f'data-kind="{kind}"' not in page:
            raise BookError(
                f"docs/{SHELF}",
                f'has no place for `{kind}`; write `<div class="shelf" data-kind="{kind}">`',
            )

    def place(match: re.Match[str]) -> str:
        ours = [one for one in made if one.kind == match["kind"]]
        if not ours:
            return match[0]
        return match[1] + (_table(ours) if any(one.sheet for one in ours) else _list(ours)) + match[4]

    return PLACE.sub(place, page)


def _list(made: list[Made]) -> str:
    items = "\n".join(f"<li>{_link(one, one.title)}, {megabytes(one.size)}</li>" for one in made)
    return f"<ul>\n{items}\n</ul>"


def _table(made: list[Made]) -> str:
    """A row for each title, a column for each sheet. No `div`: a place that is filled once more ends at its first `</div>`."""
    sheets = list(dict.fromkeys(one.sheet for one in made))
    head = "".join(f'<th scope="col">{html.escape(sheet)}</th>' for sheet in sheets)
    rows = []
    for title in dict.fromkeys(one.title for one in made):
        cells = []
        for sheet in sheets:
            one = next((each for each in made if each.title == title and each.sheet == sheet), None)
            cells.append("<td></td>" if one is None else f"<td>{_link(one, _about(one))}</td>")
        rows.append(f'<tr><th scope="row">{html.escape(title)}</th>{"".join(cells)}</tr>')
    return (
        f'<section class="table-scroll" tabindex="0" role="region" aria-label="Files by paper"><table class="data"><thead><tr><th scope="col">what</th>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody></table></section>"
    )


def _about(one: Made) -> str:
    # Two lines at most in a narrow column, and no unit below its number.
    return f"{one.pages} page{'s' * (one.pages != 1)}, {megabytes(one.size)}".replace(" ", "\u00a0").replace(
        ",\u00a0", ", "
    )


def _link(one: Made, words: str) -> str:
    href = posixpath.relpath(one.path, PAGE)
    kind = TYPES[posixpath.splitext(one.path)[1]]
    label = (
        f' aria-label="{html.escape(f"{one.title}, {one.sheet}, PDF, {_about(one)}")}"' if one.sheet else " download"
    )
    return f'<a href="{html.escape(href)}" type="{kind}"{label}>{html.escape(words)}</a>'
