"""The book, the question sheets and the answer key, made of the built site: whole, in order, and every page number is true.

`make test` looks at a small book, `make test-full` at the whole one and at all sheets, with the same checks.
"""

from __future__ import annotations

import io
import itertools
import multiprocessing
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
import pypdfium2
import pytest
from handbook import config
from handbook.editions import book, sheets
from handbook.editions.book import LEFT_OUT, UNLISTED, edition_of
from handbook.grammar import ROLE_NAMES
from handbook.html import text_of
from handbook.paper import press
from handbook.paper.chapters import Chapter
from handbook.paper.nodes import words
from lxml import etree
from papers import (
    Paper,
    article_of,
    check_alternatives,
    check_counts,
    check_fonts,
    check_margins,
    check_standard,
    find,
    page_number,
    squeezed,
    tags_of,
    web_address,
)

DATE = 1_700_000_000
SMALL = (
    *("chapters/metrics/index.md", "chapters/metrics/classification.md", "chapters/monitoring.md", "systems/index.md"),
    *("systems/fraud.md", "labs/job-training.ipynb", "practice/index.md", "reference/glossary.md"),
)
LARGEST = 2.5 * 2**30  # bytes that setting the whole book may take
# What a made file is: "small" of SMALL, "whole" of all; on a sheet of paper. The tests of one go to one worker.
KINDS = [
    pytest.param(
        (kind, sheet),
        id=f"{kind}-{sheet}",
        marks=[pytest.mark.xdist_group(f"book-{kind}"), *([pytest.mark.slow] if kind == "whole" else [])],
    )
    for kind, sheet in (("small", "a4"), ("whole", "a4"), ("whole", "letter"))
]


def chapters_of(kind: str) -> list[Chapter]:
    nav = config.nav()
    return book.printed([(titles, source) for titles, source in nav if source in SMALL] if kind == "small" else nav)


@dataclass
class Line:
    """A line of the outline: its level, words and page."""

    level: int
    text: str
    page: int


@dataclass
class Heading:
    """A heading as the site has it: its place in the book (1 part, 2 chapter), what it is, its words and id."""

    level: int
    kind: str  # part, chapter, page, section, or below
    text: str
    id: str = ""


@dataclass
class Book(Paper):
    """The book, and what its pages say."""

    listed: list[Chapter] = field(default_factory=list)
    peak: int = 0  # bytes that the process took which set it

    @cached_property
    def texts(self) -> list[pypdfium2.PdfTextPage]:
        self.document = pypdfium2.PdfDocument(self.path)
        return [page.get_textpage() for page in self.document]

    @cached_property
    def outline(self) -> list[Line]:
        found: list[Line] = []

        def visit(items: list[Any], level: int) -> None:
            for item in items:
                if isinstance(item, list):
                    visit(item, level + 1)
                else:
                    number = self.reader.get_destination_page_number(item)
                    assert number is not None
                    found.append(Line(level, str(item.title).replace("\u00a0", " "), number + 1))

        visit(self.reader.outline, 1)
        return found

    @cached_property
    def headings(self) -> list[Heading]:
        """What the outline must be: parts, chapters, and the headings of the pages below them."""
        found: list[Heading] = []
        for chapter in self.listed:
            if not any(h.kind == "part" and h.text == chapter.part for h in found):
                found.append(Heading(1, "part", chapter.part))
            single = len(chapter.addresses) == 1
            if not single:
                found.append(Heading(2, "chapter", chapter.title))
            for address in chapter.addresses:
                for element in self.articles[address].iter("h1", "h2", "h3", "h4"):
                    level = int(element.tag[1])
                    kind = {1: "chapter" if single else "page", 2: "section"}.get(level, "below")
                    text = text_of(element).replace("'", "’")
                    found.append(Heading(level + (1 if single else 2), kind, text, element.get("id") or ""))
        return found

    @cached_property
    def links(self) -> list[tuple[int, tuple[float, ...], int]]:
        """Jumps: the page on which each stands, its box, the page it leads to."""
        return [
            (at, tuple(float(v) for v in annotation["/Rect"]), page_number(self.reader, annotation))
            for at, annotation in self.annotations
            if "/URI" not in annotation.get("/A", {})
        ]

    @cached_property
    def annotations(self) -> list[tuple[int, Any]]:
        return [
            (at, annotation.get_object())
            for at, sheet in enumerate(self.reader.pages)
            for annotation in sheet.get("/Annots", [])
        ]

    def said(self, at: int, box: tuple[float, ...]) -> str:
        return " ".join(self.texts[at].get_text_bounded(*box).split())

    def pages_with(self, lines: list[Line], kinds: set[str]) -> list[int]:
        return [line.page for line, heading in zip(lines, self.headings, strict=True) if heading.kind in kinds]


def _peak() -> int:
    """The most that this process took; 0 where the system doesn't say. Not `ru_maxrss`: it begins with the parent's."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text() if status.is_file() else "")
    return int(found[1]) * 1024 if found else 0


@pytest.fixture(scope="module", params=KINDS)
def paper(request: pytest.FixtureRequest, site: Path, site_url: str, tmp_path_factory: pytest.TempPathFactory) -> Book:
    kind, sheet = request.param
    listed = chapters_of(kind)
    pages = {page.address: page for chapter in listed for page in press.pages_of(chapter, site, site_url)}
    code = book.document(listed, pages, sheet, site_url, edition_of(DATE))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        pdf = process.submit(press.set_type, code, DATE, "a test").result()
        peak = process.submit(_peak).result()
    path = tmp_path_factory.mktemp("book") / f"{kind}-{sheet}.pdf"
    path.write_bytes(pdf)
    articles = {address: article_of(site, address) for chapter in listed for address in chapter.addresses}
    reader = pypdf.PdfReader(path)
    tags = tags_of(reader)
    whole = Chapter("book", "Book", "", tuple(source for chapter in listed for source in chapter.sources))
    return Book(kind, sheet, path, whole, articles, reader, tags, listed=listed, peak=peak)


def test_count_in_is_count_out(paper: Book) -> None:
    check_counts(paper)
    assert {name: count for name, count in Counter(tag for tag, _ in paper.tags).items() if re.match(r"H\d", name)} == {
        f"H{level}": count for level, count in Counter(heading.level for heading in paper.headings).items()
    }
    check_alternatives(paper)


def test_the_outline_is_the_headings_in_order(paper: Book) -> None:
    assert [(line.level, line.text) for line in paper.outline] == [(h.level, h.text) for h in paper.headings]
    assert [line.page for line in paper.outline] == sorted(line.page for line in paper.outline)


def test_the_contents_are_the_outline_down_to_sections_with_their_pages(paper: Book) -> None:
    expected = [
        (squeezed(heading.text), line.page)
        for line, heading in zip(paper.outline, paper.headings, strict=True)
        if heading.kind != "below" and heading.id not in UNLISTED
    ]
    first_part = paper.outline[0].page - 1
    found = []
    for at, box, number in paper.links:
        if 0 < at < first_part:
            title, _, printed = paper.said(at, box).rpartition(" ")
            assert printed == str(number)
            found.append((squeezed(title), number))
    assert found == expected


def test_a_part_begins_with_its_chapters_and_their_pages(paper: Book) -> None:
    for part in paper.pages_with(paper.outline, {"part"}):
        name = next(line.text for line in paper.outline if line.page == part)
        chapters = [
            (squeezed(h.text), line.page)
            for line, h, within in zip(paper.outline, paper.headings, _parts(paper.headings), strict=True)
            if within == name and h.kind == "chapter"
        ]
        found = []
        for at, box, number in paper.links:
            if at == part - 1:
                title, _, printed = paper.said(at, box).rpartition(" ")
                assert printed == str(number)
                found.append((squeezed(title), number))
        assert found == chapters, name


def _parts(headings: list[Heading]) -> Iterator[str]:
    part = ""
    for heading in headings:
        part = heading.text if heading.kind == "part" else part
        yield part


def test_a_page_named_behind_a_link_is_the_page_it_leads_to(paper: Book) -> None:
    jumps: dict[int, list[tuple[tuple[float, ...], int]]] = {}
    for at, box, number in paper.links:
        jumps.setdefault(at, []).append((box, number))
    said = 0
    wrong = []
    written = "".join(squeezed(article.text_content()) for article in paper.articles.values())
    for at, text in enumerate(paper.texts):
        whole = text.get_text_range()
        for match in re.finditer(r"\(p\.\s*(\d+)\s*\)", whole):
            before = len(whole[: match.start()].rstrip().rstrip("\u00a0 "))
            numbers = _lead_to(jumps.get(at, []), text, before - 1)
            if not numbers:  # the link ended the page before
                last = paper.texts[at - 1].get_text_range()
                numbers = {number for _, number in jumps.get(at - 1, [])} if last and before < 200 else set()
            context = whole[max(0, match.start() - 30) : match.end()]
            if (int(match[1]) not in numbers or int(match[1]) == at + 1) and squeezed(context) not in written:
                wrong.append((at + 1, context, sorted(numbers)))
            said += 1
    assert wrong == []
    assert said > (3000 if paper.slug == "whole" else 40)


def _lead_to(jumps: list[tuple[tuple[float, ...], int]], text: pypdfium2.PdfTextPage, at: int) -> set[int]:
    """Where the links lead whose box holds a letter."""
    left, bottom, right, top = text.get_charbox(at)
    x, y = (left + right) / 2, (bottom + top) / 2
    return {number for box, number in jumps if box[0] - 1 <= x <= box[2] + 1 and box[1] - 2 <= y <= box[3] + 2}


def test_the_index_has_every_prompt_with_its_page(paper: Book) -> None:
    begin = next(line.page for line in paper.outline if line.text == "Prompt bank")
    end = next((line.page for line in paper.outline if line.level <= 2 and line.page > begin), len(paper.texts) + 1)
    named = set()
    for at, annotation in paper.annotations:
        if begin - 1 <= at < end - 1 and isinstance(annotation.get("/Dest"), str):
            number = page_number(paper.reader, annotation)
            box = tuple(float(v) for v in annotation["/Rect"])
            # Behind the link its page, on the same line or the next.
            around = paper.texts[at].get_text_bounded(box[0] - 200, box[1] - 14, box[2] + 220, box[3] + 2)
            if re.search(rf"\(p\.\s*{number}\s*\)", around):
                named.add(annotation["/Dest"])
    assert _prompts(paper) <= named


def _prompts(paper: Book) -> set[str]:
    return {
        f"{address}#{heading.get('id')}"
        for address, article in paper.articles.items()
        for heading in article.iterfind(".//section[@class='prompt']/h3")
    }


def test_every_prompt_and_every_page_is_a_destination(paper: Book) -> None:
    prompts = _prompts(paper)
    assert prompts <= set(paper.reader.named_destinations)
    assert len(prompts) >= (200 if paper.slug == "whole" else 14)


def test_links_within_the_book_are_jumps(paper: Book, site_url: str) -> None:
    jumps = 0
    for at, annotation in paper.annotations:
        url = web_address(paper.reader, annotation)
        if url is None:
            jumps += 1
            continue
        parts = urlsplit(url)
        if url.startswith(site_url) and at > 0:  # the cover names the site
            address = url.removeprefix(site_url).partition("#")[0]
            folded = address.startswith("labs/") and "#" not in url  # the line in place of a lab's folded code
            numbers = parts.fragment == "__numbers" or parts.fragment.startswith(("cf-", "checked"))
            assert address not in paper.articles or folded or numbers, f"page {at + 1}: {url} should jump"
    # A link whose words wrap has a box for each line, so there may be more.
    assert jumps >= sum(
        _leads_inside(paper, address, link) for address, a in paper.articles.items() for link in a.iter("a")
    )


def _leads_inside(paper: Book, address: str, link: etree._Element) -> bool:
    href = link.get("href") or ""
    if any(name in (link.get("class") or "") for name in ("checked", "badge")):  # on paper a number and words
        return False
    if urlsplit(href).scheme or not href:
        return False
    path, _, fragment = href.partition("#")
    target = address
    if path:
        parts: list[str] = address.split("/")[:-1]
        for part in path.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        target = "/".join(parts) + "/" * bool(parts)
    return target in paper.articles and not fragment.startswith("__")


def test_what_is_left_out_is_what_is_said(paper: Book) -> None:
    wanted = {source for _, source in config.nav() if source != "index.md" and not source.endswith(LEFT_OUT)}
    if paper.slug == "small":
        wanted &= set(SMALL)
    assert set(paper.chapter.sources) == wanted


def test_nothing_stands_outside_of_its_margins(paper: Book) -> None:
    check_margins(paper)


def test_fonts_and_standard(paper: Book) -> None:
    check_fonts(paper)
    check_standard(paper)


def test_heads_name_the_chapter_and_the_section_that_the_page_ends_in(paper: Book) -> None:
    wrong = []
    state: dict[str, str] = {"chapter": "Contents"}
    marks = list(zip(paper.outline, paper.headings, strict=True))
    for at, text in enumerate(paper.texts[1:], 2):
        while marks and marks[0][0].page == at:
            _, heading = marks.pop(0)
            if heading.kind in ("part", "chapter"):
                state = {"chapter": heading.text}
            elif heading.kind == "page":
                state = {"chapter": state["chapter"], "page": heading.text}
            elif heading.kind == "section":
                state["section"] = heading.text
        width, height = paper.document[at - 1].get_size()
        head = text.get_text_bounded(left=0, right=width, bottom=height - 58, top=height)
        expected = "".join(
            squeezed(part)
            for part in (
                state["chapter"],
                *(["·", state["page"]] if "page" in state else []),
                *([state["section"]] if "section" in state else []),
            )
        )
        if squeezed(head) != expected:
            wrong.append((at, " ".join(head.split()), state))
    assert wrong == []


def test_every_page_says_version_date_and_number(paper: Book) -> None:
    assert edition_of(DATE).endswith("2023-11-14")
    total = len(paper.texts)
    for at, text in enumerate(paper.texts[1:], 2):  # the cover has no foot: it says it itself
        foot = " ".join(text.get_text_bounded(left=0, right=700, bottom=0, top=55).split())
        assert edition_of(DATE) in foot
        assert foot.endswith(f"{at} / {total}")
    assert edition_of(DATE).removeprefix("version ") in paper.texts[0].get_text_range()


def test_no_heading_ends_a_page_and_none_is_empty(paper: Book) -> None:
    titles = {squeezed(heading.text) for heading in paper.headings if heading.kind != "part"}
    begins = set(paper.pages_with(paper.outline, {"part", "chapter"}))
    for at, text in enumerate(paper.texts, 1):
        page = paper.document[at - 1]
        width, height = page.get_size()
        body = text.get_text_bounded(left=0, right=width, bottom=50, top=height - 55).strip()
        assert body, f"page {at} is empty"
        if at < paper.outline[0].page or at in begins:
            continue
        last = squeezed(body.splitlines()[-1])
        assert last not in titles, f"page {at} ends with the heading “{last}”"
        # The page before a chapter's first may end anywhere.
        if at + 1 not in begins and at < len(paper.texts):
            bottoms = [thing.get_bounds()[1] for thing in page.get_objects(max_depth=3)]
            lowest = min((bottom for bottom in bottoms if bottom > 50), default=height)
            assert lowest < 0.62 * height, f"page {at} is more than half empty"


def test_setting_the_book_takes_no_more_memory_than_a_small_machine_has(paper: Book) -> None:
    if not paper.peak:
        pytest.skip("the system doesn't say")
    assert 50e6 < paper.peak < (LARGEST if paper.slug == "whole" else 0.6e9)


# Question sheets and the answer key


@dataclass
class Set:
    """The key and the sheets of one kind of paper."""

    asked: list[sheets.Asked]
    listed: list[sheets.Sheet]
    paper: str
    made: dict[str, bytes]  # by the names of the files

    @cached_property
    def documents(self) -> dict[str, pypdfium2.PdfDocument]:
        return {name: pypdfium2.PdfDocument(pdf) for name, pdf in self.made.items()}

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        return {
            name: [page.get_textpage().get_text_range() for page in document]
            for name, document in self.documents.items()
        }

    @cached_property
    def readers(self) -> dict[str, pypdf.PdfReader]:
        return {name: pypdf.PdfReader(io.BytesIO(pdf)) for name, pdf in self.made.items()}

    def place(self, name: str, id_: str) -> int:
        """The page of a prompt in a file, from its outline."""
        return sheets.found_in(self.made[name])[id_] if name == sheets.KEY else self.places[name][id_]

    @cached_property
    def places(self) -> dict[str, dict[str, int]]:
        return {name: dict(sheets.found_in(pdf)) for name, pdf in self.made.items()}


SETS = [
    pytest.param(
        (kind, sheet),
        id=f"{kind}-{sheet}",
        marks=[pytest.mark.xdist_group(f"book-{kind}"), *([pytest.mark.slow] if kind == "whole" else [])],
    )
    for kind, sheet in (("small", "letter"), ("whole", "a4"), ("whole", "letter"))
]


@pytest.fixture(scope="module", params=SETS)
def questions(request: pytest.FixtureRequest, site: Path, site_url: str) -> Set:
    kind, sheet = request.param
    asked = sheets.asked_in(site, site_url, chapters_of(kind))
    made = sheets.files(asked, sheet, site_url, DATE, lambda name, code: press.set_type(code, DATE, name))
    return Set(asked, sheets.sheets_of(asked), sheet, {name: pdf for name, _, _, pdf in made})


def test_every_prompt_is_on_the_sheets_of_its_chapter_and_its_roles(questions: Set, site: Path) -> None:
    for each in questions.asked:
        on = {name.removeprefix("questions-") for name, places in questions.places.items() if each.id in places}
        folder = each.address.removeprefix("chapters/").partition("/")[0]
        article = article_of(site, each.address)
        (section,) = article.xpath(f".//section[h3[@id='{each.id}']]")
        (meta,) = find(section, ".prompt-meta")
        roles = {f"role-{role}" for role, name in ROLE_NAMES.items() if name in [text_of(li) for li in meta]}
        assert roles, each.id
        assert on == {sheets.KEY, folder, *roles}, each.id


def test_no_answer_stands_on_a_sheet(questions: Set) -> None:
    key = squeezed("".join(questions.texts[sheets.KEY]))
    openings = {}
    for each in questions.asked:
        first = words(each.prompt.answer[0][1])
        openings[each.id] = squeezed(first[:400])[30:70]
    assert all(openings.values())
    in_key = sum(opening in key for opening in openings.values())
    assert in_key > 0.8 * len(openings), "the openings are looked for as they are printed"
    for name, texts in questions.texts.items():
        if name != sheets.KEY:
            said = squeezed("".join(texts))
            assert [id_ for id_, opening in openings.items() if opening in said] == [], name


def test_sheet_and_key_name_each_others_pages(questions: Set) -> None:
    key = questions.places[sheets.KEY]
    for sheet in questions.listed:
        places = questions.places[f"questions-{sheet.slug}"]
        printed = [
            (at, int(number))
            for at, text in enumerate(questions.texts[f"questions-{sheet.slug}"], 1)
            for number in re.findall(r"answer key, p\.\s*(\d+)", text)
        ]
        assert sorted(printed) == sorted((places[each.id], key[each.id]) for each in sheet.asked), sheet.slug
    whole = squeezed(
        re.sub(r"(?m)^Machine Learning Interview Handbook · .*$", "", "\n".join(questions.texts[sheets.KEY]))
    )
    for each in questions.asked:
        asked_in = " · ".join(
            f"{sheet.short}, p. {questions.places[f'questions-{sheet.slug}'][each.id]}"
            for sheet in questions.listed
            if each in sheet.asked
        )
        page = squeezed(questions.texts[sheets.KEY][key[each.id] - 1])
        assert squeezed(f"Asked in {asked_in}") in page, each.id
        assert (
            squeezed(each.prompt.heading.inlines[0].text) in whole
            if hasattr(each.prompt.heading.inlines[0], "text")
            else True
        )


def test_there_is_room_to_write(questions: Set) -> None:
    """Below each question lines 8 mm apart, as many as its minutes ask for, or all that a page has."""
    for sheet in questions.listed:
        document = questions.documents[f"questions-{sheet.slug}"]
        lines: dict[int, list[float]] = {}
        for number, page in enumerate(document, 1):
            found = []
            for thing in page.get_objects(max_depth=4):
                left, bottom, right, top = thing.get_bounds()
                if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH and right - left > 440 and top - bottom < 1.1:
                    found.append(top)
            lines[number] = sorted(found)
        places = questions.places[f"questions-{sheet.slug}"]
        asked = {each.id: 5 if each.minutes <= 8 else 9 if each.minutes <= 15 else 14 for each in sheet.asked}
        for number, tops in list(lines.items())[1:]:  # behind the contents
            here = [each for each in sheet.asked if places[each.id] == number]
            assert len(tops) - 1 >= sum(asked[each.id] for each in here), (
                f"{sheet.slug}, page {number}"
            )  # 1: the head's
            steps = [round(above - below, 1) for below, above in itertools.pairwise(tops)]
            rows = [step for step in steps if step < 23]
            assert set(rows) <= {22.6, 22.7}, f"{sheet.slug}, page {number}: lines are not even"
            assert len(rows) >= sum(asked[each.id] - 1 for each in here)


def test_sheets_keep_the_standard_and_say_their_edition(questions: Set, tmp_path: Path) -> None:
    for name, pdf in questions.made.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(pdf)
        sheet = Paper(name, questions.paper, path, Chapter(name, "", "", ()), {}, questions.readers[name])
        check_standard(sheet)
        check_fonts(sheet)
        check_margins(sheet)
        assert all(edition_of(DATE) in " ".join(text.split()) for text in questions.texts[name]), name
