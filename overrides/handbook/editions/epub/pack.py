"""Files of the book → an EPUB 3: package document, contents, title page, cover, archive.

Packed here and not by EbookLib, which stamps the clock on each entry of the archive, passes every page through a parser of
its own, and would still need its lists of files filled in by us; what it saves is the package document and a loop. The standard's own
checker judges the result.

Beside the contents of EPUB 3 stands an NCX, which the standard allows and Adobe's older engine, in many e-ink readers, needs:
without one such a reader shows no contents at all.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typst

from handbook.editions import archive as zipped
from handbook.editions.book import edition_of
from handbook.editions.epub.book import Book, Entry, File
from handbook.editions.epub.write import MEDIA, escaped
from handbook.paper.write import string

HERE = Path(__file__).parent
XHTML = "application/xhtml+xml"

PAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en-US" xml:lang="en-US">
<head>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="{up}style.css"/>
</head>
<body{kind}>
{body}
</body>
</html>
"""
CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True)
class About:
    """What the book says of itself. `date` is the last change, in seconds since 1970; `rights` is plain text."""

    title: str
    author: str
    description: str
    rights: str
    address: str
    date: int
    prompts: int = 0
    computed: int = 0

    @property
    def day(self) -> str:
        return self.moment[:10]

    @property
    def moment(self) -> str:
        return f"{datetime.datetime.fromtimestamp(self.date, datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def page(title: str, body: str, up: str = "", kind: str = "") -> bytes:
    """A content document; `up` leads from it to the package's folder, `kind` is the body's class."""
    shown = f' class="{kind}"' if kind else ""
    return PAGE.format(title=escaped(title), body=body, up=up, kind=shown).encode()


def cover(about: About) -> bytes:
    """The cover as PNG: apps show it on their shelves, and none of them draws SVG there."""
    info = f"#let info = (title: {string(about.title)}, foot: {string(f'{about.author} · {about.day}')})\n"
    made = typst.compile(
        (info + (HERE / "cover.typ").read_text(encoding="utf-8")).encode(),
        format="png",
        ppi=72,
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError("one picture was asked for")
    return made


def title_page(about: About) -> str:
    """What the book is, which edition, and what differs from the web."""
    site = f'<a href="{escaped(about.address)}">{escaped(about.address.removeprefix("https://").rstrip("/"))}</a>'
    notes = [
        f"<li>Each of the {about.prompts} prompts links to its model answer, which stands after the end of its page and links back.</li>",
        f'<li><span class="computed">Numbers with a dotted underline</span>, {about.computed:,} in all, were computed by the book’s tested code. '
        "How each came about stands at the end of its page on the web.</li>",
        "<li>Search, the practice room, ticks in plans, calendars and the notebooks of the labs are on the web.</li>",
    ]
    return (
        f'<section epub:type="titlepage">\n<h1>{escaped(about.title)}</h1>\n<p>{escaped(about.description)}</p>\n'
        f"<p>{escaped(about.author)}</p>\n<p>{edition_of(about.date).capitalize()}</p>\n"
        f'<div class="about">\n<p>The book on the web: {site}</p>\n<ul>\n' + "\n".join(notes) + "\n</ul>\n"
        f"<p>{escaped(about.rights)}</p>\n</div>\n</section>"
    )


def nav(entries: Iterable[Entry], landmarks: Iterable[tuple[str, str, str]]) -> str:
    """The contents, for the reader and for the app; landmarks are type, title, file."""

    def listed(entries: Iterable[Entry]) -> str:
        return "<ol>\n" + "\n".join(map(line, entries)) + "\n</ol>"

    def line(entry: Entry) -> str:
        below = "\n" + listed(entry.below) + "\n" if entry.below else ""
        return f'<li><a href="{escaped(entry.href)}">{escaped(entry.title)}</a>{below}</li>'

    marks = "\n".join(
        f'<li><a epub:type="{kind}" href="{escaped(href)}">{escaped(title)}</a></li>' for kind, title, href in landmarks
    )
    return (
        f'<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>Contents</h1>\n{listed(entries)}\n</nav>\n'
        f'<nav epub:type="landmarks" hidden="hidden">\n<h2>Landmarks</h2>\n<ol>\n{marks}\n</ol>\n</nav>'
    )


def ncx(about: About, entries: Iterable[Entry]) -> bytes:
    """The contents as EPUB 2 had them; points that lead to one place share its number."""
    order: dict[str, int] = {}
    count = 0

    def point(entry: Entry) -> str:
        nonlocal count
        count += 1
        name = count
        place = order.setdefault(entry.href, len(order) + 1)
        below = "".join(map(point, entry.below))
        return (
            f'<navPoint id="point-{name}" playOrder="{place}"><navLabel><text>{escaped(entry.title)}</text></navLabel>'
            f'<content src="{escaped(entry.href)}"/>{below}</navPoint>\n'
        )

    points = "".join(map(point, entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="en-US">\n'
        f'<head><meta name="dtb:uid" content="{escaped(about.address)}"/><meta name="dtb:depth" content="3"/>'
        '<meta name="dtb:totalPageCount" content="0"/><meta name="dtb:maxPageNumber" content="0"/></head>\n'
        f"<docTitle><text>{escaped(about.title)}</text></docTitle>\n<navMap>\n{points}</navMap>\n</ncx>\n"
    ).encode()


def package(about: About, files: Iterable[File], pictures: Iterable[str]) -> bytes:
    """The package document: metadata, every file, the reading order."""
    accessible = [
        ("accessMode", "textual"),
        ("accessMode", "visual"),
        ("accessModeSufficient", "textual"),
        *(
            ("accessibilityFeature", feature)
            for feature in (
                "alternativeText",
                "describedMath",
                "displayTransformability",
                "readingOrder",
                "structuralNavigation",
                "tableOfContents",
            )
        ),
        ("accessibilityHazard", "none"),
        (
            "accessibilitySummary",
            "Figures have descriptions, formulas are spoken in words, tables have header cells, and the contents lead to every page.",
        ),
    ]
    metadata = [
        f'<dc:identifier id="id">{escaped(about.address)}</dc:identifier>',
        f"<dc:title>{escaped(about.title)}</dc:title>",
        "<dc:language>en-US</dc:language>",
        f'<dc:creator id="author">{escaped(about.author)}</dc:creator>',
        '<meta refines="#author" property="role" scheme="marc:relators">aut</meta>',
        f"<dc:description>{escaped(about.description)}</dc:description>",
        f"<dc:rights>{escaped(about.rights)}</dc:rights>",
        f"<dc:source>{escaped(about.address)}</dc:source>",
        f"<dc:date>{about.day}</dc:date>",
        *(f"<dc:subject>{subject}</dc:subject>" for subject in ("Machine learning", "Job interviews")),
        f'<meta property="dcterms:modified">{about.moment}</meta>',
        *(f'<meta property="schema:{name}">{value}</meta>' for name, value in accessible),
        '<meta name="cover" content="cover-image"/>',  # where readers of EPUB 2 look
    ]
    items = [
        '<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>',
        f'<item id="cover" href="cover.xhtml" media-type="{XHTML}"/>',
        f'<item id="title-page" href="title.xhtml" media-type="{XHTML}"/>',
        f'<item id="nav" href="nav.xhtml" media-type="{XHTML}" properties="nav"/>',
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
        '<item id="style" href="style.css" media-type="text/css"/>',
    ]
    spine = ["cover", "title-page", "nav"]
    for file in files:
        name = file.name.removeprefix("text/").removesuffix(".xhtml")
        drawn = ' properties="svg"' if "<svg" in file.body else ""
        items.append(f'<item id="text-{name}" href="{file.name}" media-type="{XHTML}"{drawn}/>')
        spine.append(f"text-{name}")
    for number, picture in enumerate(pictures, 1):
        items.append(f'<item id="picture-{number}" href="{picture}" media-type="{MEDIA[picture.rpartition(".")[2]]}"/>')
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en-US">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n' + "\n".join(metadata) + "\n</metadata>\n"
        "<manifest>\n" + "\n".join(items) + "\n</manifest>\n"
        '<spine toc="ncx">\n' + "\n".join(f'<itemref idref="{name}"/>' for name in spine) + "\n</spine>\n</package>\n"
    ).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """The archive: `mimetype` first and not compressed, as the standard wants it."""
    out = io.BytesIO()
    zipped.write(out, [("mimetype", b"application/epub+zip"), *files.items()], stored=("mimetype", ".png"))
    return out.getvalue()


def style() -> bytes:
    """The style sheet. A window's width is known to all apps, a table's in letters of the reader's size to newer ones only."""
    rows = (HERE / "rows.css").read_text(encoding="utf-8")
    narrow = rows.replace(".wide", ".narrow")
    return (
        (HERE / "style.css").read_text(encoding="utf-8")
        + f"\n@media (max-width: 34em) {{\n{rows}}}\n@container (max-width: 34em) {{\n{rows}}}\n@container (max-width: 18em) {{\n{narrow}}}\n"
    ).encode()


def packed(about: About, book: Book, entries: tuple[Entry, ...]) -> bytes:
    """The EPUB."""
    landmarks = [
        ("cover", "Cover", "cover.xhtml"),
        ("titlepage", "Title page", "title.xhtml"),
        ("toc", "Contents", "nav.xhtml"),
        ("bodymatter", "Beginning of the text", book.files[0].name),
        *([("glossary", "Glossary", book.first["reference/glossary/"])] if "reference/glossary/" in book.first else []),
    ]
    front = (Entry("Title page", "title.xhtml"), *entries)
    files = {
        "META-INF/container.xml": CONTAINER.encode(),
        "EPUB/package.opf": package(about, book.files, sorted(book.pictures)),
        "EPUB/nav.xhtml": page("Contents", nav(front, landmarks)),
        "EPUB/toc.ncx": ncx(about, front),
        "EPUB/style.css": style(),
        "EPUB/cover.xhtml": page(
            "Cover",
            f'<section epub:type="cover">\n<img src="cover.png" alt="{escaped(about.title)}"/>\n</section>',
            kind="cover",
        ),
        "EPUB/cover.png": cover(about),
        "EPUB/title.xhtml": page(about.title, title_page(about), kind="title-page"),
        **{f"EPUB/{file.name}": page(file.title, file.body, up="../") for file in book.files},
        **{f"EPUB/{name}": book.pictures[name] for name in sorted(book.pictures)},
    }
    return archive(files)
