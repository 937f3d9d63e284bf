"""From chapters of the built site to PDF files: `site/pdf/<chapter>-a4.pdf` and `-letter.pdf`.

The Typst code of a file, the compiler's version and the date are all a file is made from; what was made once is kept under
their hash in `.build/pdf`. Setting is reproducible to the byte: fonts are those inside the `typst` wheel, the date is the
last commit's of the chapter (or `SOURCE_DATE_EPOCH`).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import typst

from handbook.dates import changed
from handbook.dates import day as day_of
from handbook.errors import BookError
from handbook.html import BuiltPage
from handbook.pages import CACHE
from handbook.paper import read
from handbook.paper.chapters import Chapter, chapters
from handbook.paper.nodes import Numbers, Page, Prompt, walk
from handbook.paper.write import Writer, breakable_address, shown_address, string

LAYOUT = Path(__file__).with_name("layout.typ")
BOOK = "Machine Learning Interview Handbook"
AUTHOR = "The handbook’s authors"
# Sheets: Typst's name, its name for readers, margins that leave the same width for text on both.
SHEETS = {
    "a4": ("a4", "A4", "(x: 23mm, top: 24mm, bottom: 21mm)"),
    "letter": ("us-letter", "Letter", "(x: 25.95mm, top: 22mm, bottom: 19mm)"),
}


@dataclass(frozen=True)
class Edition:
    """A made file: `path` relative to the site's root, what sheet it is for, its pages and bytes."""

    chapter: Chapter
    path: str
    sheet: str
    pages: int
    size: int


def pages_of(chapter: Chapter, site: Path, site_url: str) -> list[Page]:
    """The chapter's pages as nodes."""
    found = []
    for address in chapter.addresses:
        file = site / address / "index.html"
        if not file.is_file():
            raise BookError(f"site/{address}", "is not built; run `make build` first")
        found.append(read.page(BuiltPage(file, address, file.read_text(encoding="utf-8")), site, site_url))
    return found


def document(chapter: Chapter, pages: Sequence[Page], sheet: str, site_url: str, date: int | None) -> str:
    """The Typst code of a chapter on a sheet: a pure function of its arguments and `layout.typ`."""
    writer = Writer(pages, site_url)
    single = len(pages) == 1
    body = "\n".join(writer.page(page, first=not index, titled=single) for index, page in enumerate(pages))
    title = pages[0].title if single else chapter.title
    prompts = sum(isinstance(node, Prompt) for page in pages for node in walk(page.blocks))
    kind = {"Chapters": "Chapter", "Labs": "Lab", "System designs": "System design"}.get(chapter.part, chapter.part)
    about = [kind, *([f"{prompts} practice prompt{'s' * (prompts != 1)} with model answers"] if prompts else [])]
    numbers = sum(len(node.items) for page in pages for node in walk(page.blocks) if isinstance(node, Numbers))
    day = [day_of(date)] if date is not None else []
    address = site_url.rstrip("/") + "/" + chapter.addresses[0]
    foot = " · ".join([BOOK, *day, shown_address(address)])
    info = (
        f"(document:{string(f'{title} · {BOOK}')},title:{string(title)},book:{string(BOOK)},author:{string(AUTHOR)},"
        f"description:{string(' · '.join(about))},parts:{str(not single).lower()},numbers:{numbers},"
        f"about:{{{string(' · '.join([*about, *day]))};linebreak();out({string(address)},{string(breakable_address(shown_address(address)))})}},"
        f"foot:{string(foot)})"
    )
    heading = "none"
    if single:
        first = next(block for block in pages[0].blocks if type(block).__name__ == "Heading")
        writer.address = pages[0].address
        heading = writer.block(first)
    check_letters(writer, f"paper edition of {chapter.slug}")
    paper, _, margin = SHEETS[sheet]
    return (
        f"{LAYOUT.read_text(encoding='utf-8')}\n{writer.definitions()}\n#let info = {info}\n"
        f"#show: body => edition({string(paper)},{margin},info,body)\n#cover(info,{heading},true)\n#{{\n{body}\n}}\n"
    )


def set_type(code: str, date: int | None, where: str) -> bytes:
    """Typst code → PDF/UA-1; an error names the chapter and what Typst says."""
    try:
        pdf = typst.compile(
            code.encode(), format="pdf", pdf_standards=["ua-1"], timestamp=date or 0, ignore_system_fonts=True
        )
    except typst.TypstError as error:
        said = "\n".join([str(error.message), *map(str, error.hints), str(error.diagnostic)[:1200]])
        raise BookError(where, f"Typst can't set it: {said}") from None
    if not isinstance(pdf, bytes):
        raise TypeError("one file was asked for")
    return pdf


def check_letters(writer: Writer, where: str) -> None:
    """Refuse a drawing with a letter that no font has: it would be dropped without a word."""
    if missing := letters_missing("".join(sorted(set("".join(writer.drawn_words))))):
        raise BookError(
            where,
            f"a figure is labeled with “{missing}”, which is in none of the paper edition's fonts; use another sign",
        )


@lru_cache(maxsize=256)
def letters_missing(text: str) -> str:
    """The letters that no font of ours has, by asking Typst; drawings would drop them without a word.

    >>> letters_missing("a → ≈ Σ ✓"), letters_missing("a 漢 b")
    ('', '漢')
    """
    left = "".join(sorted(set(text) - set(" \\n\\t")))
    missing = ""
    while left:
        code = (
            '#set document(title: "x")\n#set text(font: ("Libertinus Serif", "New Computer Modern Math", "DejaVu Sans Mono"), '
            f"fallback: false)\n#{{{string(left)}}}"
        )
        try:
            typst.compile(code.encode(), format="pdf", pdf_standards=["ua-1"], ignore_system_fonts=True)
        except typst.TypstError as error:
            match = re.search(r'`"(.)', str(error.message))
            if match is None or match[1] not in left:
                raise
            missing += match[1]
            left = left.replace(match[1], "")
        else:
            break
    return missing


def date_of(chapter: Chapter) -> int | None:
    """When the chapter's text or code was last changed, in seconds since 1970; None outside of a repository."""
    paths = [f"docs/{source}" for source in chapter.sources]
    for address in chapter.addresses:  # the two trees have one shape
        code = address.strip("/").removeprefix("chapters/").replace("-", "_")
        paths += [f"snippets/{code}", f"snippets/{code}.py"]
    return changed(*paths)


def kept(name: str, code: str, date: int | None, set_: Callable[[str, int | None], bytes]) -> Path:
    """The file in the cache under its name, set if it isn't there."""
    key = hashlib.sha256(f"{version('typst')}\0{date}\0{code}".encode()).hexdigest()[:40]
    file = CACHE / "pdf" / f"{name}-{key}.pdf"
    if not file.is_file():
        pdf = set_(code, date)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(pdf)
        for old in file.parent.glob(f"{name}-{'?' * 40}.pdf"):
            old.unlink(missing_ok=True)
        fresh.replace(file)
    return file


def made(chapter: Chapter, sheet: str, code: str, date: int | None) -> Path:
    """A chapter's file in the cache."""
    where = f"paper edition of {chapter.slug} ({sheet})"
    return kept(f"{chapter.slug}-{sheet}", code, date, lambda code, date: set_type(code, date, where))


@lru_cache(maxsize=1)
def machine() -> str:
    """What the paper edition is made by: our code, the layout, the compiler."""
    digest = hashlib.sha256(version("typst").encode())
    for file in sorted(Path(__file__).parent.iterdir()):
        if file.suffix in (".py", ".typ"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def known(chapter: Chapter, sheet: str, mark: str) -> Path | None:
    """The file that was made from just these built pages, if it is still there: then nothing has to be read again."""
    note = CACHE / "pdf" / f"{chapter.slug}-{sheet}.from"
    if not note.is_file():
        return None
    made_from, _, name = note.read_text(encoding="utf-8").partition(" ")
    file = note.with_name(name)
    return file if made_from == mark and file.is_file() else None


def editions(site: Path, site_url: str, only: Iterable[str] = ()) -> list[Edition]:
    """Make the files of all chapters, or of those named, below `site/pdf`."""
    listed = chapters()
    wanted = set(only)
    if unknown := sorted(wanted - {chapter.slug for chapter in listed}):
        raise BookError("", f"there is no chapter `{unknown[0]}`; there are {', '.join(c.slug for c in listed)}")
    found: list[Edition] = []
    with ThreadPoolExecutor(2) as threads:
        jobs: list[tuple[Chapter, str, str, Future[Path] | Path]] = []
        for chapter in listed:
            if wanted and chapter.slug not in wanted:
                continue
            date = date_of(chapter)
            html = b"".join(
                file.read_bytes() for address in chapter.addresses if (file := site / address / "index.html").is_file()
            )
            mark = hashlib.sha256(f"{machine()}\0{chapter}\0{site_url}\0{date}\0".encode() + html).hexdigest()
            pages: list[Page] = []
            for sheet in SHEETS:
                if kept := known(chapter, sheet, mark):
                    jobs.append((chapter, sheet, mark, kept))
                    continue
                pages = pages or pages_of(chapter, site, site_url)
                code = document(chapter, pages, sheet, site_url, date)
                jobs.append((chapter, sheet, mark, threads.submit(made, chapter, sheet, code, date)))
        for chapter, sheet, mark, job in jobs:
            file = job if isinstance(job, Path) else job.result()
            (CACHE / "pdf" / f"{chapter.slug}-{sheet}.from").write_text(f"{mark} {file.name}", encoding="utf-8")
            path = f"pdf/{chapter.slug}-{sheet}.pdf"
            (site / "pdf").mkdir(exist_ok=True)
            shutil.copyfile(file, site / path)
            found.append(Edition(chapter, path, SHEETS[sheet][1], count_pages(file.read_bytes()), file.stat().st_size))
    return found


def count_pages(pdf: bytes) -> int:
    """How many pages a file of ours has: the root of its page tree says it.

    >>> count_pages(b"<</Type/Pages/Count 3/Kids[1 0 R]>>")
    3
    """
    return max((int(count) for count in re.findall(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)", pdf)), default=0)
