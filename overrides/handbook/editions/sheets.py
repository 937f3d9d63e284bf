"""Question sheets, a chapter's and a role's, with room to write; and the answer key. Each names the page of the other.

    prompts of the built pages ─→ ml-interview-handbook-questions-metrics-a4.pdf   "Key, p. 61"
                                  ml-interview-handbook-questions-role-mle-a4.pdf  "Key, p. 61"
                                  ml-interview-handbook-answers-a4.pdf             "Metrics, p. 3 · MLE, p. 40"

A page number takes a place of fixed height, so it moves nothing: the sheets are laid out once without the key's pages to learn
their own, the key is set with these, its outline tells where each answer stands, and the sheets are set with that.
"""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdf
import typst

from handbook import dates
from handbook.editions import FOLDER, NAME, Made
from handbook.editions.book import edition_of, printed
from handbook.errors import BookError
from handbook.grammar import ROLE_NAMES
from handbook.paper import press
from handbook.paper.chapters import Chapter
from handbook.paper.nodes import Page, Prompt, walk, words
from handbook.paper.write import Writer, is_short, shown_address, string

Pages = Mapping[str, int]  # a prompt's id → the page where it stands
KEY = "answers"


@dataclass(frozen=True)
class Asked:
    """A prompt, the address of its page, and the group that its chapter makes on the sheets."""

    prompt: Prompt
    address: str
    chapter: str

    @property
    def id(self) -> str:
        """Its permanent id."""
        return self.prompt.heading.id

    @property
    def place(self) -> str:
        """The label where it stands, as links name it."""
        return f"{self.address}#{self.id}"

    @property
    def facts(self) -> list[str]:
        """What its badges say: kind, level, roles, minutes."""
        return [words(link) for link in self.prompt.meta]

    @property
    def minutes(self) -> int:
        """How long an answer may take."""
        return next(int(fact.removesuffix(" min")) for fact in self.facts if fact.endswith(" min"))


@dataclass(frozen=True)
class Sheet:
    """A question sheet: the end of its file's name, its title, how the key calls it, its prompts."""

    slug: str
    title: str
    short: str
    asked: tuple[Asked, ...]


def asked_in(site: Path, site_url: str, book: Sequence[Chapter]) -> list[Asked]:
    """Every prompt of the book's chapters on the built site, in their order; the designs are one group."""
    found = []
    for chapter in book:
        group = chapter.part if chapter.part == "System designs" else chapter.title
        for page in press.pages_of(chapter, site, site_url):
            found += [Asked(node, page.address, group) for node in walk(page.blocks) if isinstance(node, Prompt)]
    return found


def sheets_of(asked: Sequence[Asked]) -> list[Sheet]:
    """A sheet for each chapter that has prompts, and one for each role.

    Chapters' sheets are named by the folder or page of the chapter: `questions-metrics`, `questions-systems`.
    """
    chapters: dict[str, list[Asked]] = {}
    for each in asked:
        chapters.setdefault(each.chapter, []).append(each)
    found = [
        Sheet(within[0].address.removeprefix("chapters/").split("/")[0], f"{title}: questions", title, tuple(within))
        for title, within in chapters.items()
    ]
    for role, name in ROLE_NAMES.items():
        of_role = tuple(each for each in asked if name in each.facts)
        if of_role:  # only the first letter is raised: MLE and AI stay as they are
            found.append(Sheet(f"role-{role}", f"{name[0].upper()}{name[1:]}: questions", name, of_role))
    return found


def questions(sheet: Sheet, paper: str, site_url: str, date: int | None, key: Pages) -> str:
    """The Typst code of a question sheet; without `key` the place of the page number stays empty."""
    writer = _writer(sheet.asked, site_url)
    body = []
    before = ""
    for each in sheet.asked:
        if each.chapter != before:
            body.append(f"sheet-chapter({string(each.chapter)})")
            before = each.chapter
        writer.address = each.address
        prompt = each.prompt
        facts = ";linebreak();".join(writer.inlines(link.inlines) for link in prompt.meta)
        body.append(
            f"ask({string(each.place)},{writer.heading_text(prompt.heading)},{{{facts}}},{writer.inlines(prompt.question)},"
            f"{writer.blocks(prompt.brief)},{string(str(key.get(each.id, '')))},{_room(each.minutes)},{str('design' in each.facts).lower()})"
        )
    minutes = sum(each.minutes for each in sheet.asked)
    about = (
        f"{len(sheet.asked)} prompts, {minutes:,} minutes in all. Answer aloud or in writing, then grade yourself against "
        "the answer key: it has the model answer, what is weak, solid and strong, and the follow-ups."
    )
    return _document(sheet.title, about, paper, site_url, date, writer, body, [each.place for each in sheet.asked])


def answers(asked: Sequence[Asked], where: Mapping[str, Pages], paper: str, site_url: str, date: int | None) -> str:
    """The Typst code of the answer key; `where` is for each sheet's short name the page of each prompt."""
    writer = _writer(asked, site_url)
    body = []
    before = ""
    for each in asked:
        if each.chapter != before:
            body.append(f"sheet-chapter({string(each.chapter)})")
            before = each.chapter
        writer.address = each.address
        prompt = each.prompt
        parts = ",".join(
            writer.blocks(part, held=at + 2 == len(prompt.answer)) for at, (_, part) in enumerate(prompt.answer)
        )
        places = " · ".join(f"{name}, p. {pages[each.id]}" for name, pages in where.items() if each.id in pages)
        body.append(
            f"answered({string(each.place)},{writer.heading_text(prompt.heading)},{writer.inlines(prompt.question)},"
            f"{writer.blocks(prompt.brief)},{str(is_short(prompt)).lower()},{string(places)},({parts},))"
        )
    about = (
        f"Briefs, model answers, rubrics and follow-ups of {len(asked)} prompts. Below each title stand the pages of the question sheets "
        "that ask it: its chapter's, and those of its roles."
    )
    return _document("Answer key", about, paper, site_url, date, writer, body, [each.place for each in asked])


def _writer(asked: Sequence[Asked], site_url: str) -> Writer:
    """A writer that knows no place but the prompts: what else they link to is on the web."""
    pages = [Page(each.address, (each.prompt,)) for each in asked]
    writer = Writer(pages, site_url, floats=False)
    writer.places = {place for place in writer.places if "#" in place}
    return writer


def _room(minutes: int) -> str:
    """Room to write at least, in Typst: more minutes, more lines of 8 mm; beyond twenty, the rest of a page of its own.

    >>> _room(6), _room(12), _room(30)
    ('40mm', '72mm', 'none')
    """
    return "40mm" if minutes <= 8 else "72mm" if minutes <= 15 else "112mm" if minutes <= 20 else "none"


def _document(
    title: str,
    about: str,
    paper: str,
    site_url: str,
    date: int | None,
    writer: Writer,
    body: Sequence[str],
    places: Sequence[str],
) -> str:
    press.check_letters(writer, f"paper edition “{title}”")
    foot = " · ".join([press.BOOK, edition_of(date), shown_address(site_url)])
    info = (
        f"(document:{string(f'{title} · {press.BOOK}')},title:{string(title)},book:{string(press.BOOK)},"
        f"author:{string(press.AUTHOR)},description:{string(about)},parts:false,numbers:0,about:{string(about)},foot:{string(foot)})"
    )
    name, _, margin = press.SHEETS[paper]
    lines = "\n".join(body)
    listed = ",".join(map(string, places))
    return (
        f"{press.LAYOUT.read_text(encoding='utf-8')}\n{writer.definitions()}\n#let info = {info}\n"
        f"#show: body => edition({string(name)},{margin},info,body)\n#cover(info,none,true)\n#{{\n{lines}\n}}\n"
        f"#context [#metadata(({listed},).map(name => locate(label(name)).page())) <pages>]\n"
    )


def laid_out(code: str, ids: Sequence[str], where: str) -> Pages:
    """The page of each prompt, without making a file."""
    try:
        said = typst.query(code.encode(), "<pages>", field="value", one=True, ignore_system_fonts=True)
    except RuntimeError as error:  # typst.TypstError is one; a query raises the plain kind
        raise BookError(where, f"Typst can't lay it out: {error}") from None
    return dict(zip(ids, json.loads(said), strict=True))


def found_in(pdf: bytes) -> Pages:
    """The page of each prompt of a made file, from its named places."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = {}
    for name, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        if number is not None:
            found[name.partition("#")[2]] = number + 1
    return found


def files(
    asked: Sequence[Asked], paper: str, site_url: str, date: int | None, set_: Callable[[str, str], bytes]
) -> Iterator[tuple[str, str, str, bytes]]:
    """Each file's name, kind, title and bytes, the key first; `set_` makes a file of its name and its code."""
    listed = sheets_of(asked)
    where = {}
    for sheet in listed:
        code = questions(sheet, paper, site_url, date, {})
        where[sheet.short] = laid_out(code, [each.id for each in sheet.asked], f"question sheet {sheet.slug}")
    made = set_(KEY, answers(asked, where, paper, site_url, date))
    key = found_in(made)
    if missing := [each.id for each in asked if each.id not in key]:
        raise BookError("answer key", f"has no place for `{missing[0]}`; see `answered` in `layout.typ`")
    yield KEY, "answers", "Answer key", made
    for sheet in listed:
        name = f"questions-{sheet.slug}"
        code = questions(sheet, paper, site_url, date, key)
        yield name, "questions", sheet.title.removesuffix(": questions"), set_(name, code)


def make(site: Path, site_url: str, papers: Sequence[str] = tuple(press.SHEETS)) -> Iterator[Made]:
    """All question sheets and the answer key, on each sheet of paper."""
    asked = asked_in(site, site_url, printed())
    date = dates.changed("docs", "snippets")
    for paper in papers:

        def kept(name: str, code: str, paper: str = paper) -> bytes:
            where = f"paper edition {name} ({paper})"
            set_ = functools.partial(press.set_type, where=where)
            return press.kept(f"{NAME}-{name}-{paper}", code, date, set_).read_bytes()

        for name, kind, title, made in files(asked, paper, site_url, date, kept):
            path = f"{FOLDER}/{NAME}-{name}-{paper}.pdf"
            (site / path).parent.mkdir(exist_ok=True)
            (site / path).write_bytes(made)
            yield Made(path, kind, title, len(made), press.count_pages(made), press.SHEETS[paper][1])
