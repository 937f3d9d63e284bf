"""The built site and the bank → the notes of the Anki deck, in reading order.

    section.prompt → Note("prompt", "high-auc-blocked-users", "Metrics", {"Question": …, …}, tags, page)

What stands in a prompt, a concept card or a term and finds no field is an error, and as many come out as the book has.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import genanki  # type: ignore[import-untyped]
from lxml import etree

from handbook import bank, cards, config, glossary
from handbook.editions.anki_html import Field
from handbook.editions.anki_types import BOOK
from handbook.errors import BookError
from handbook.grammar import LABELS, ROLE_NAMES, Prompt
from handbook.html import BuiltPage, text_of
from handbook.pages import DOCS
from handbook.paper.chapters import chapters

TAG = "handbook"
FIRST = 1_767_225_600  # 2026-01-01: before the book's first commit


@dataclass(frozen=True)
class Note:
    """A note: the `kind` of its type, the permanent `id` that its guid comes from, its deck, fields by name, tags, its
    page's source, and when it was last changed."""

    kind: str
    id: str
    deck: str
    fields: dict[str, str]
    tags: tuple[str, ...]
    page: str
    changed: int = FIRST

    @property
    def guid(self) -> str:
        return guid(self.kind, self.id)


def guid(kind: str, id_: str) -> str:
    """The name by which Anki knows a note again.

    >>> guid("prompt", "high-auc-blocked-users")
    'CABhSK#e0['
    >>> guid("prompt", "calibration") == guid("term", "calibration")
    False
    """
    return str(genanki.guid_for(BOOK, kind, id_))


def first_id(id_: str, aliases: Sequence[str]) -> str:
    """The id that something had when it was first published: `aliases` stand oldest first.

    >>> first_id("new", ("oldest", "older")), first_id("same", ())
    ('oldest', 'same')
    """
    return aliases[0] if aliases else id_


def notes(site: Path, site_url: str) -> list[Note]:
    """The book's notes in reading order: prompts, concept cards, terms."""
    decks = {
        source: deck
        for chapter in chapters()
        for source in chapter.sources
        for deck in [_deck(chapter.part, chapter.title)]
    }
    found: list[Note] = []
    by_page: dict[str, list[Prompt]] = {}
    for prompt in bank.read():
        by_page.setdefault(prompt.page, []).append(prompt)
    for page, prompts in by_page.items():
        if page not in decks:
            raise BookError(
                f"docs/{page}",
                "has prompts and belongs to no chapter; list it in `mkdocs.yml` below Chapters or System designs",
            )
        found += prompt_notes(built(page, site), page, decks[page], prompts, site_url)
    by_page_cards: dict[str, list[cards.Card]] = {}
    for card in cards.read():
        by_page_cards.setdefault(card.page, []).append(card)
    for page, listed in by_page_cards.items():
        found += card_notes(built(page, site), page, decks[page], listed, site_url)
    if (DOCS / glossary.PAGE).is_file():
        title = next(names[-1] for names, path in config.nav() if path == glossary.PAGE)
        found += term_notes(built(glossary.PAGE, site), title, [term.id for term in glossary.read()], site_url)
    taken: dict[str, Note] = {}
    for note in found:
        if taken.setdefault(note.guid, note) is not note:
            raise BookError(
                f"docs/{note.page}",
                f"the id `{note.id}` is that of a card on docs/{taken[note.guid].page} too; choose another",
            )
    return found


def _deck(part: str, title: str) -> str:
    """A deck a chapter; the designs, a few prompts each, share one."""
    return title if part == "Chapters" else part


def built(page: str, site: Path) -> BuiltPage:
    address = bank.address(page)
    file = site / address / "index.html"
    if not file.is_file():
        raise BookError(f"site/{address}", "is not built; run `make build` first")
    return BuiltPage(file, address, file.read_text(encoding="utf-8"))


def _article(page: BuiltPage) -> etree._Element:
    if page.article is None:
        raise BookError(page.address or "/", "the page has no <article>")
    article: etree._Element = page.article
    return article


def _has(element: etree._Element, name: str) -> bool:
    return name in (element.get("class") or "").split()


def _same(page: BuiltPage, what: str, written: Sequence[str], shown: Sequence[str]) -> None:
    """Count in = count out."""
    if list(written) != list(shown):
        odd = sorted(set(written) ^ set(shown)) or ["their order"]
        raise BookError(
            page.address or "/",
            f"{len(written)} {what} are written and {len(shown)} stand on the built page; "
            f"look at {', '.join(odd[:5])}, and run `make build`",
        )


def prompt_notes(page: BuiltPage, source: str, deck: str, prompts: Sequence[Prompt], site_url: str) -> list[Note]:
    """The prompts of a page."""
    field = Field(page.address, site_url)
    sections = [element for element in _article(page).iter("section") if _has(element, "prompt")]
    ids = ["".join(str(heading.get("id")) for heading in section.iterfind("h3")) for section in sections]
    _same(page, "prompts", [prompt.id for prompt in prompts], ids)
    found = []
    for prompt, section in zip(prompts, sections, strict=True):
        roles = ", ".join(ROLE_NAMES[role] for role in prompt.roles)
        facts = f"{prompt.kind} · {prompt.level} · {roles} · {prompt.minutes} min"
        parts = _prompt_parts(section, field)
        fields = {
            "Question": parts.pop("Question"),
            "Title": html.escape(prompt.title, quote=False),
            "Facts": facts,
            **parts,
            "Address": f"{site_url.rstrip('/')}/q/{prompt.id}/",
        }
        tags = [f"kind::{prompt.kind}", f"level::{prompt.level}", *(f"role::{role}" for role in prompt.roles)]
        found.append(Note("prompt", first_id(prompt.id, prompt.aliases), deck, fields, _tags(page, *tags), source))
    return found


def _prompt_parts(section: etree._Element, field: Field) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in section:
        if child.tag in ("h3", "a") or _has(child, "prompt-meta") or _has(child, "related"):
            continue  # heading and facts come from the bank, and related prompts are for who reads on
        if _has(child, "prompt-question"):
            found["Question"] = field.inner(child)
        elif _has(child, "prompt-brief"):
            found["Brief"] = field.inner(child)
        elif _has(child, "answer"):
            for part in child:
                if part.tag == "summary" or _has(part, "prompt-report"):
                    continue
                label = next(
                    (label for label in LABELS if label.lower().replace(" ", "-") == part.get("data-part")), ""
                )
                if not label:
                    raise field.refuse(part, "stands in an answer outside of its parts")
                _without_label(part, label, field)
                found[label] = follow_ups(part, field) if label == "Follow-ups" else _blocks(part, field)
        else:
            raise field.refuse(child, "stands in a prompt")
    if tuple(found) != ("Question", "Brief", *LABELS):
        raise field.refuse(section, f"is a prompt with the parts {', '.join(found)}")
    return found


def _without_label(part: etree._Element, label: str, field: Field) -> None:
    """Take the bold label off the part's first paragraph: the template says it. The tree is ours to change."""
    first = part[0]
    strong = first[0] if len(first) else None
    if first.tag != "p" or (first.text or "").strip() or strong is None or text_of(strong) != f"{label}.":
        raise field.refuse(part, f"does not begin with “{label}.”")
    first.text = (strong.tail or "").lstrip()
    first.remove(strong)
    if not first.text and not len(first):
        part.remove(first)


def _blocks(part: etree._Element, field: Field) -> str:
    """The blocks of a part; a part of one paragraph is its words."""
    if (part.text or "").strip() or any((child.tail or "").strip() for child in part):
        raise field.refuse(part, "has words outside of its paragraphs")
    return field.inner(part[0]) if len(part) == 1 and part[0].tag == "p" else field.outer(part)


def follow_ups(part: etree._Element, field: Field) -> str:
    """Each follow-up as a disclosure, so that one can answer it first.

    `<p><em>"Why?"</em> Because.</p>` → `<details class="probe"><summary>"Why?"</summary><p>Because.</p></details>`
    """
    questions: list[tuple[str, list[str]]] = []
    blocks = [item for child in part for item in (child if child.tag in ("ul", "ol") else [child])]
    for block in blocks:
        first = block[0] if len(block) else None
        if block.tag == "li" and first is not None and first.tag == "p":
            raise field.refuse(block, "is a follow-up of several paragraphs in a list; write it as paragraphs")
        asked = (
            first is not None
            and first.tag == "em"
            and not (block.text or "").strip()
            and text_of(first)[:1] in ('"', "“")
        )
        if asked and first is not None:
            question = field.inner(first)
            block.text = (first.tail or "").lstrip()
            block.remove(first)
            answer = field.inner(block)
            questions.append((question, [f"<p>{answer}</p>"] if answer else []))
        elif questions and block.tag != "li":
            questions[-1][1].append(field.element(block).strip())
        else:
            raise field.refuse(block, "is no follow-up: none begins with a question in quotes")
    return "\n".join(
        f'<details class="probe"><summary>{question}</summary>{"".join(answer)}</details>'
        for question, answer in questions
    )


def card_notes(page: BuiltPage, source: str, deck: str, listed: Sequence[cards.Card], site_url: str) -> list[Note]:
    """The concept cards of a page."""
    field = Field(page.address, site_url)
    article = _article(page)
    shown = [str(heading.get("id")) for heading in article.iterfind("h2") if heading.get("id") not in cards.NO_CARD]
    _same(page, "cards", [card.id for card in listed], shown)
    about = config.title(source).replace(": ", " · ")
    found = []
    for card in listed:
        heading = next(element for element in article.iterfind("h2") if element.get("id") == card.id)
        aliases = _aliases(heading)
        parts: dict[str, list[etree._Element]] = {}
        for element in _below(heading, field):
            strong = element[0] if element.tag == "p" and len(element) and not (element.text or "").strip() else None
            label = text_of(strong).removesuffix(".") if strong is not None and strong.tag == "strong" else ""
            if label in cards.PARTS:
                parts[label] = []
            elif not parts:
                raise field.refuse(element, f"stands above the parts of the card `{card.id}`")
            next(reversed(parts.values())).append(element)
        if tuple(parts) != cards.PARTS:
            raise field.refuse(heading, f"is a card with the parts {', '.join(parts)}")
        fields = {"Title": field.inner(heading), "Facts": html.escape(about, quote=False)}
        for label, elements in parts.items():
            box = etree.Element("div")
            box.extend(elements)
            for element in box:
                element.tail = "\n"
            _without_label(box, label, field)
            if label == "Asked":
                fields |= _asked(box, field)
            else:
                fields[label] = _blocks(box, field)
        fields["Address"] = f"{site_url.rstrip('/')}/{page.address}#{card.id}"
        found.append(Note("concept", first_id(card.id, aliases), deck, fields, _tags(page, "kind::card"), source))
    return found


def _below(heading: etree._Element, field: Field) -> list[etree._Element]:
    """What stands below a heading, up to the next one or the page's foot."""
    found: list[etree._Element] = []
    for element in heading.itersiblings():
        if element.tag in ("h2", "footer", "nav") or _has(element, "how-numbers"):
            break
        if (element.tail or "").strip():
            raise field.refuse(element, "is followed by words outside of any paragraph")
        if isinstance(element.tag, str) and not (element.tag == "a" and _has(element, "alias")):
            found.append(element)
    return found


def _aliases(heading: etree._Element) -> list[str]:
    """Old ids of a heading: anchors right before it, in the order in which they were written."""
    found: list[str] = []
    for element in heading.itersiblings(preceding=True):
        if element.tag != "a" or not _has(element, "alias"):
            break
        found.insert(0, str(element.get("id")))
    return found


def _asked(box: etree._Element, field: Field) -> dict[str, str]:
    """The question that interviewers ask, and its answer."""
    first = box[0][0] if len(box) and len(box[0]) else None
    if first is None or first.tag != "em" or (box[0].text or "").strip():
        raise field.refuse(box, "asks nothing: **Asked.** begins with the question in italics")
    question = field.inner(first)
    box[0].text = (first.tail or "").lstrip()
    box[0].remove(first)
    return {"Asked": question, "Asked answer": _blocks(box, field)}


def term_notes(page: BuiltPage, deck: str, ids: Sequence[str], site_url: str) -> list[Note]:
    """The terms of the glossary."""
    field = Field(page.address, site_url)
    terms: list[tuple[etree._Element, list[etree._Element]]] = []
    for listed in _article(page).iter("dl"):
        for child in listed:
            if child.tag == "dt":
                terms.append((child, []))
            elif child.tag == "dd" and terms:
                terms[-1][1].append(child)
            else:
                raise field.refuse(child, "stands in a list of terms")
    _same(page, "terms", ids, [str(name.get("id")) for name, _ in terms])
    found = []
    for name, meanings in terms:
        aliases = [str(anchor.get("id")) for anchor in name.iterfind("a") if _has(anchor, "alias")]
        id_ = str(name.get("id"))
        fields = {
            "Term": field.inner(name),
            "Definition": "\n".join(field.inner(meaning) for meaning in meanings),
            "Address": f"{site_url.rstrip('/')}/{page.address}#{id_}",
        }
        found.append(Note("term", first_id(id_, aliases), deck, fields, (f"{TAG}::kind::term",), glossary.PAGE))
    return found


def _tags(page: BuiltPage, *more: str) -> tuple[str, ...]:
    """`chapters/metrics/ranking/` → `handbook::chapter::metrics::ranking`, and what else is said of the note."""
    place = page.address.strip("/").removeprefix("chapters/").replace("/", "::")
    return tuple(sorted(f"{TAG}::{tag}" for tag in (f"chapter::{place}", *more)))
