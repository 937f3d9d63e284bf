"""Pages in the order of the contents → files of the book, with every link led to the file that holds its place.

chapters/metrics/classification/ → text/chapters-metrics-classification.xhtml
                                   text/chapters-metrics-classification-2.xhtml    beyond `LARGEST`
                                   text/chapters-metrics-classification-answers.xhtml
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from handbook.editions.epub.write import Piece, Writer, escaped, heard
from handbook.errors import BookError
from handbook.paper.nodes import Heading, Page
from handbook.paper.write import curly

LARGEST = 240_000  # bytes of a file; old readers slow down or give up at 300,000
HOME = "start"  # the stem of the page whose address is empty
LINK = re.compile(r'href="book:([^"]*)"')
ID = re.compile(r'<[a-z][^>]*? id="([^"]*)"')


@dataclass(frozen=True)
class File:
    """A content document: `name` below the package's folder, its title, what stands in its body."""

    name: str
    title: str
    body: str


@dataclass(frozen=True)
class Entry:
    """A line of the contents, and those below it."""

    title: str
    href: str
    below: tuple[Entry, ...] = ()


@dataclass
class Book:
    """All of it. `sections` are the headings below each page's title, for the contents: address → title, id."""

    files: list[File] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)  # address → the file that begins its page
    sections: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # address#id → file


def stem_of(address: str) -> str:
    """The name of a page's files.

    >>> stem_of("chapters/metrics/"), stem_of("")
    ('chapters-metrics', 'start')
    """
    return address.strip("/").replace("/", "-") or HOME


def divided(pieces: Sequence[Piece], largest: int = LARGEST) -> list[str]:
    """Bodies of at most `largest` bytes, cut only where a section or a prompt begins; a longer section stays whole.

    >>> divided([Piece("<h1>a</h1>"), Piece("<h2>b</h2>", begins=True), Piece("<p>c</p>"), Piece("<h2>d</h2>", begins=True)], 22)
    ['<h1>a</h1>', '<h2>b</h2>\\n<p>c</p>', '<h2>d</h2>']
    """
    sections: list[list[str]] = []
    for piece in pieces:
        if piece.begins or not sections:
            sections.append([])
        sections[-1].append(piece.html)
    bodies: list[str] = []
    for section in sections:
        html = "\n".join(filter(None, section))
        if bodies and len((bodies[-1] + html).encode()) < largest:
            bodies[-1] += "\n" + html
        else:
            bodies.append(html)
    return bodies


def made(pages: Iterable[Page], site_url: str) -> Book:
    """The book, links resolved."""
    book = Book()
    owners: list[str] = []  # the address of each file's page
    for page in pages:
        stem = stem_of(page.address)
        title = curly(page.title)
        writer = Writer(page.address, stem, site_url)
        bodies = divided(writer.page(page.blocks))
        names = [f"text/{stem}.xhtml", *(f"text/{stem}-{number}.xhtml" for number in range(2, len(bodies) + 1))]
        files = [File(name, title, body) for name, body in zip(names, bodies, strict=True)]
        if writer.answers:
            title = f"Answers: {title}"
            answers = divided(
                [Piece(f"<h1>{escaped(title)}</h1>"), *(Piece(answer, begins=True) for answer in writer.answers)]
            )
            files += [
                File(f"text/{stem}-answers{f'-{number}' if number > 1 else ''}.xhtml", title, body)
                for number, body in enumerate(answers, 1)
            ]
        for file in files:
            for id_ in ID.findall(file.body):
                if book.places.setdefault(f"{page.address}#{id_}", file.name) != file.name:
                    raise BookError(page.address or "/", f"the id `{id_}` stands in two files of the EPUB; rename one")
        book.first[page.address] = names[0]
        book.files += files
        owners += [page.address] * len(files)
        book.pictures |= writer.pictures
        book.sections[page.address] = [
            (heard(block), block.id) for block in page.blocks if isinstance(block, Heading) and block.level == 2
        ]
    book.files = [
        replace(file, body=linked(file.body, file.name, owner, book, site_url))
        for file, owner in zip(book.files, owners, strict=True)
    ]
    return book


def linked(body: str, name: str, owner: str, book: Book, site_url: str) -> str:
    """A body whose links lead to files of the book, or to the web where the book doesn't hold what they name."""

    def lead(match: re.Match[str]) -> str:
        path, _, fragment = match[1].partition("#")
        if path not in book.first:
            return f'href="{site_url.rstrip("/")}/{match[1]}"'
        if not fragment:
            file = book.first[path]
            return f'href="{file.removeprefix("text/")}"'
        there = book.places.get(f"{path}#{fragment}")
        if there is None:
            raise BookError(
                owner or "/",
                f"a link leads to {path}#{fragment}, and nothing of that page has this id in the EPUB: "
                "`handbook/editions/epub/write.py` has left out what bears it",
            )
        file = "" if there == name else there.removeprefix("text/")
        return f'href="{file}#{quote(fragment, safe=SAFE)}"'

    return LINK.sub(lead, body)


SAFE = "-._~!$'()*+,;=:@/?&;"  # `&` is escaped already


def contents(listed: Iterable[tuple[tuple[str, ...], str]], book: Book) -> tuple[Entry, ...]:
    """Three levels: parts, chapters, and below these the pages of a folder or the sections of a lone page.

    `listed` has the titles from the top and the address of each page, in order.
    """
    tree: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
    top: list[Entry] = []
    for titles, address in listed:
        if len(titles) == 1:
            top.append(Entry(titles[0], book.first[address]))
        else:
            tree.setdefault(titles[0], {}).setdefault(titles[1], []).append((titles[2:], address))
    for part, chapters in tree.items():
        below: list[Entry] = []
        for chapter, pages in chapters.items():
            first = pages[0][1]
            if len(pages) == 1 and not pages[0][0]:
                rest = [Entry(title, f"{book.places[f'{first}#{id_}']}#{id_}") for title, id_ in book.sections[first]]
            else:
                rest = [Entry(titles[-1], book.first[address]) for titles, address in pages]
            below.append(Entry(chapter, book.first[first], tuple(rest)))
        top.append(Entry(part, below[0].href, tuple(below)))
    return tuple(top)
