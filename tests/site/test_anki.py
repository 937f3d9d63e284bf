"""The deck as Anki itself takes it: imported, imported again, updated, shown; nothing is lost on the way."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path

import pytest
from anki.collection import Card, Collection  # first: `anki.cards` can't be imported before it
from anki.collection import Note as AnkiNote
from anki.import_export_pb2 import ImportAnkiPackageOptions, ImportAnkiPackageRequest, ImportResponse
from handbook import bank, cards, glossary, ids
from handbook.editions import anki as deck
from handbook.editions import anki_notes, anki_types
from handbook.grammar import LABELS, Prompt
from handbook.html import BuiltPage
from handbook.paper.chapters import chapters
from lxml import etree
from lxml import html as lxml_html
from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("anki")


@pytest.fixture(scope="module")
def made(site: Path, site_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deck's file, beside a site that holds the built pages."""
    folder = tmp_path_factory.mktemp("anki")
    for name in ("chapters", "systems", "reference"):
        (folder / name).symlink_to(site / name)
    (one,) = deck.make(folder, site_url)
    assert (one.path, one.kind) == ("editions/ml-interview-handbook.apkg", "anki")
    assert one.size == (folder / one.path).stat().st_size < 2_000_000
    return folder / one.path


@pytest.fixture(scope="module")
def listed(site: Path, site_url: str) -> list[anki_notes.Note]:
    return deck.dated(anki_notes.notes(site, site_url))


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def full(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection with the deck in it, for tests that only look."""
    opened = Collection(str(tmp_path_factory.mktemp("full") / "collection.anki2"))
    log = take(opened, made)
    assert (len(log.new), len(log.conflicting), log.found_notes) == (opened.note_count(), 0, opened.note_count())
    yield opened
    opened.close()


def take(collection: Collection, file: Path | bytes) -> ImportResponse.Log:
    """Import as the dialog does it by default: notes and note types are updated if newer."""
    if isinstance(file, bytes):
        path = Path(collection.path).with_name("import.apkg")
        path.write_bytes(file)
        file = path
    options = ImportAnkiPackageOptions()
    return collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(file), options=options)).log


def find(collection: Collection, guid: str) -> AnkiNote:
    (id_,) = collection.db.list("select id from notes where guid = ?", guid)  # type: ignore[union-attr]
    return collection.get_note(id_)


def prompt_note(collection: Collection, prompt: Prompt) -> AnkiNote:
    return find(collection, anki_notes.guid("prompt", anki_notes.first_id(prompt.id, prompt.aliases)))


def at(collection: Collection, address: str) -> AnkiNote:
    """The note that leads to an address: the last field says it."""
    (id_,) = collection.db.list("select id from notes where flds like ?", f"%\x1f{address}")  # type: ignore[union-attr]
    return collection.get_note(id_)


def test_every_prompt_card_and_term_is_a_note(full: Collection, site_url: str) -> None:
    prompts, concepts, terms = bank.read(), cards.read(), glossary.read()
    expected = {f"{site_url}q/{prompt.id}/" for prompt in prompts}
    expected |= {f"{site_url}{bank.address(card.page)}#{card.id}" for card in concepts}
    expected |= {f"{site_url}reference/glossary/#{term.id}" for term in terms}
    assert len(expected) == len(prompts) + len(concepts) + len(terms) == full.note_count() > 400
    assert {fields.split("\x1f")[-1] for fields in full.db.list("select flds from notes")} == expected  # type: ignore[union-attr]
    assert full.card_count() == len(prompts) + 2 * len(concepts) + len(terms)
    for prompt in prompts:
        assert prompt_note(full, prompt)["Address"] == f"{site_url}q/{prompt.id}/"


def test_decks_and_tags(full: Collection) -> None:
    with_prompts = {prompt.page for prompt in bank.read()}
    names = {
        "System designs" if chapter.part == "System designs" else chapter.title
        for chapter in chapters()
        if with_prompts & set(chapter.sources)
    }
    names |= {"Fundamentals", "Glossary"}
    assert {"Metrics", "Coding", "System designs"} <= names
    assert {item.name for item in full.decks.all_names_and_ids()} == {
        "Default",
        "ML Interview Handbook",
        *(f"ML Interview Handbook::{name}" for name in names),
    }
    assert full.decks.card_count(full.decks.id_for_name("Default"), include_subdecks=False) == 0  # type: ignore[arg-type]
    for prompt in bank.read():
        for search in (f"kind::{prompt.kind}", f"level::{prompt.level}", *(f"role::{role}" for role in prompt.roles)):
            assert f"handbook::{search}" in prompt_note(full, prompt).tags
    assert (
        len(
            full.find_cards('deck:"ML Interview Handbook::Metrics" tag:handbook::role::mle tag:handbook::level::senior')
        )
        > 3
    )
    # New cards come in reading order.
    due = [full.get_card(id_).due for id_ in full.find_cards('deck:"ML Interview Handbook::Coding"', order="c.id")]
    assert due == sorted(due)
    assert len(set(due)) == len(due)


def test_two_makes_are_the_same_bytes(made: Path, listed: list[anki_notes.Note]) -> None:
    assert deck.package(listed, deck.dates.changed(*deck.STYLED_BY) or anki_notes.FIRST) == made.read_bytes()


def test_a_second_import_changes_nothing(collection: Collection, made: Path) -> None:
    first = take(collection, made)
    before = collection.db.all("select * from notes order by id"), collection.db.all("select * from cards order by id")  # type: ignore[union-attr]
    second = take(collection, made)
    assert (len(second.new), len(second.updated), len(second.duplicate)) == (0, 0, len(first.new))
    assert before == (
        collection.db.all("select * from notes order by id"),
        collection.db.all("select * from cards order by id"),
    )  # type: ignore[union-attr]


def test_an_update_changes_the_note_and_keeps_its_reviews(
    collection: Collection, listed: list[anki_notes.Note]
) -> None:
    place = next(place for place, note in enumerate(listed) if note.kind == "prompt")
    one, other = listed[place], listed[place + 1]
    # All dates lie before the import: a note keeps the date of its file.
    listed = [replace(note, changed=anki_notes.FIRST) for note in listed]
    original = deck.package(listed)
    take(collection, original)
    count = collection.note_count(), collection.card_count()
    card = find(collection, one.guid).cards()[0]
    review(collection, card)
    own = find(collection, other.guid)
    own["Title"] = "My own words"
    collection.update_note(own)

    changed = listed.copy()
    changed[place] = replace(one, fields={**one.fields, "Question": "Reworded?"}, changed=anki_notes.FIRST + 1)
    log = take(collection, deck.package(changed))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert (collection.note_count(), collection.card_count()) == count
    assert find(collection, one.guid)["Question"] == "Reworded?"
    after = collection.get_card(card.id)
    assert (after.reps, after.queue, after.due, after.did) == (card.reps, card.queue, card.due, card.did)
    assert after.reps == 1
    assert collection.db.list("select cid from revlog") == [card.id]  # type: ignore[union-attr]
    # What a learner wrote into a note stays until the book changes that note.
    assert find(collection, other.guid)["Title"] == "My own words"

    # An older file takes nothing back.
    assert len(take(collection, original).updated) == 0
    assert find(collection, one.guid)["Question"] == "Reworded?"


def review(collection: Collection, card: Card) -> None:
    """Answer a card “Good”, as the study screen does."""
    card.start_timer()
    collection.sched.answerCard(card, 3)
    card.load()


def test_a_renamed_prompt_is_the_note_it_was(
    collection: Collection, made: Path, site: Path, site_url: str, listed: list[anki_notes.Note]
) -> None:
    """The page with another id and the old one as an alias, as the author of a rename writes it."""
    prompt = next(prompt for prompt in bank.read() if not prompt.aliases)
    page = anki_notes.built(prompt.page, site)
    text = page.text.replace(f'<h3 id="{prompt.id}">', f'<a class="alias" id="{prompt.id}"></a><h3 id="a-new-name">')
    prompts = [other for other in bank.read() if other.page == prompt.page]
    place = prompts.index(prompt)
    prompts[place] = replace(prompt, id="a-new-name", aliases=(prompt.id,))
    old = next(note for note in listed if note.guid == anki_notes.guid("prompt", prompt.id))
    renamed = anki_notes.prompt_notes(
        BuiltPage(page.path, page.address, text), prompt.page, old.deck, prompts, site_url
    )[place]

    take(collection, made)
    count = collection.note_count()
    later = replace(renamed, changed=max(note.changed for note in listed) + 100)
    log = take(collection, deck.package([later if note is old else note for note in listed]))
    assert (len(log.new), len(log.updated), collection.note_count()) == (0, 1, count)
    assert find(collection, old.guid)["Address"] == f"{site_url}q/a-new-name/"


def oldest_first(aliases: tuple[str, ...], promised: list[str]) -> bool:
    """Whether old ids stand in the order in which they were published."""
    places = [promised.index(f"q/{alias}/") for alias in aliases]
    return places == sorted(places)


def test_aliases_stand_oldest_first() -> None:
    """A note's guid comes from the first of them."""
    assert oldest_first(("a", "b"), ["q/a/", "q/c/", "q/b/"])
    assert not oldest_first(("b", "a"), ["q/a/", "q/c/", "q/b/"])
    promised = ids.listed()
    assert [prompt.id for prompt in bank.read() if not oldest_first(prompt.aliases, promised)] == []


def test_a_newer_style_sheet_is_taken_over(
    collection: Collection, listed: list[anki_notes.Note], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [next(note for note in listed if note.kind == kind) for kind in anki_types.TYPES]
    take(collection, deck.package(few, styled=anki_notes.FIRST))
    monkeypatch.setattr(anki_types, "STYLE", tmp_path / "new.css")
    anki_types.STYLE.write_text(".card { color: #111 }", encoding="utf-8")
    for styled, taken in ((anki_notes.FIRST, False), (anki_notes.FIRST + 1, True)):
        log = take(collection, deck.package(few, styled=styled))
        assert (len(log.duplicate), len(log.conflicting)) == (len(few), 0)
        collection.models._clear_cache()
        for kind in anki_types.TYPES.values():
            model = collection.models.by_name(kind.name)
            assert model is not None
            assert ("#111" in model["css"]) == taken


def test_a_new_prompt_in_the_middle_is_the_one_new_note(
    collection: Collection, made: Path, listed: list[anki_notes.Note]
) -> None:
    take(collection, deck.package(listed[:10] + listed[11:]))
    log = take(collection, made)
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (1, 0, 0)
    assert collection.note_count() == len(listed)


# Nothing is lost: the site's HTML is counted here without the converter.

OUT_OF_SIGHT = {"headerlink", "prompt-report", "related", "alias"}
COUNTED = {"table", "tr", "td", "th", "li", "svg", "path", "use", "figure", "sub", "sup", "code", "p", "a"}


@dataclass
class Content:
    """What an element shows: how many of each thing, its letters in reading order, its code with every space."""

    things: Counter[str] = field(default_factory=Counter)
    letters: str = ""
    code: list[str] = field(default_factory=list)
    tabs: bool = False

    @classmethod
    def of(cls, elements: Iterable[etree._Element]) -> Content:
        found = cls()
        for element in elements:
            found.visit(element)
        # Tabs stand label by label on the site and one after the other on a card.
        found.letters = "".join(sorted(found.letters)) if found.tabs else found.letters
        return found

    @classmethod
    def of_fields(cls, note: AnkiNote, *names: str) -> Content:
        return cls.of(lxml_html.fragment_fromstring(note[name], create_parent="div") for name in names)

    def visit(self, element: etree._Element) -> None:
        classes = set((element.get("class") or "").split())
        if not isinstance(element.tag, str) or classes & OUT_OF_SIGHT:
            return
        self.tabs = self.tabs or bool(classes & {"tabbed-set", "tab"})
        in_label = element.tag == "a" and element.getparent().tag == "label"  # type: ignore[union-attr]
        if element.tag in COUNTED and "checked" not in classes and not in_label:
            self.things[element.tag] += 1
        if "math" in classes:
            self.things["formula"] += 1
            self.letters += squeezed(str(element.get("aria-label")))
        if element.tag == "pre":
            self.code.append("".join(map(str, element.itertext())).strip("\n"))
        self.letters += squeezed(element.text)
        for child in element:
            self.visit(child)
            self.letters += squeezed(child.tail)


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def same(shown: Content, card: Content, label: str = "") -> None:
    """The same but for the label, which the template says, and for a paragraph, which a field of one lacks."""
    expected = shown.letters
    if label and shown.tabs:
        expected = "".join(sorted((Counter(expected) - Counter(squeezed(f"{label}."))).elements()))
    elif label:
        assert expected.startswith(squeezed(f"{label}."))
        expected = expected.removeprefix(squeezed(f"{label}."))
    assert card.letters == expected
    assert card.code == shown.code
    paragraphs = shown.things.pop("p", 0), card.things.pop("p", 0)
    assert paragraphs[0] - 1 <= paragraphs[1] <= paragraphs[0]
    assert card.things == shown.things


def test_nothing_of_a_prompt_is_lost(full: Collection, site: Path) -> None:
    seen = 0
    by_id = {prompt.id: prompt for prompt in bank.read()}
    for page in dict.fromkeys(prompt.page for prompt in by_id.values()):
        for section in anki_notes.built(page, site).tree.iter("section"):
            if section.get("class") != "prompt":
                continue
            (heading,) = section.iterfind("h3")
            prompt = by_id[str(heading.get("id"))]
            note = prompt_note(full, prompt)
            assert note["Title"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == prompt.title
            same(Content.of(section.iterfind("div[@class='prompt-brief']")), Content.of_fields(note, "Brief"))
            parts = section.findall("details/div[@class='answer-part']")
            for label, part in zip(LABELS, parts, strict=True):
                same(Content.of([part]), Content.of_fields(note, label), label)
            seen += 1
    assert seen == len(by_id)


def test_nothing_of_a_card_or_a_term_is_lost(full: Collection, site: Path, site_url: str) -> None:
    articles = {page: anki_notes.built(page, site).tree for page in (*cards.pages(), glossary.PAGE)}
    for card in cards.read():
        heading = articles[card.page].get_element_by_id(card.id)
        below = list(takewhile(lambda e: e.tag not in ("h2", "nav", "footer", "details"), heading.itersiblings()))
        note = at(full, f"{site_url}{bank.address(card.page)}#{card.id}")
        said = Content.of_fields(note, *anki_types.TYPES["concept"].fields[2:-1])
        shown = Content.of(below)
        rest = shown.letters
        for label in cards.PARTS:
            rest = rest.replace(f"{squeezed(label)}.", "", 1)
        assert said.letters == rest
        shown.things.pop("p")
        said.things.pop("p", None)
        assert said.things == shown.things
    for name in articles[glossary.PAGE].iter("dt"):
        note = at(full, f"{site_url}reference/glossary/#{name.get('id')}")
        same(Content.of([name]), Content.of_fields(note, "Term"))
        same(Content.of([name.getnext()]), Content.of_fields(note, "Definition"))


def test_every_link_leads_to_a_place_of_the_site_or_out(full: Collection, site: Path, site_url: str) -> None:
    texts: dict[str, str] = {}
    links = 0
    for fields in full.db.list("select flds from notes"):  # type: ignore[union-attr]
        addresses = {html.unescape(address) for address in re.findall(r'href="([^"#][^"]*)"', fields)} | {
            fields.split("\x1f")[-1]
        }
        for address in addresses:
            assert re.match(r"https?://(?!127|localhost)", address), address
            if not address.startswith(site_url):
                continue
            path, _, fragment = address.removeprefix(site_url).partition("#")
            if path not in texts:
                file = site / path
                texts[path] = (file / "index.html").read_text(encoding="utf-8") if file.is_dir() else ""
                assert texts[path] or file.is_file(), address
            assert not fragment or f'id="{fragment}"' in texts[path], address
            links += 1
    assert links > 1000


def test_nothing_reaches_out(full: Collection) -> None:
    """No script, no picture or font from elsewhere, nothing that Anki would take for its own."""
    everything = "\n".join(full.db.list("select flds from notes"))  # type: ignore[union-attr]
    everything += "\n".join(str(model) for model in full.models.all() if model["name"].startswith(anki_types.BOOK))
    assert not re.search(
        r"<(script|iframe|img|link|style|object|embed|audio|video|input|form)\b|<[^>]+\s(on\w+|src)=|url\((?!#)|@import|\[sound:|\[\$",
        everything,
    )


# How it looks


def shown(card: Card, *, night: bool, answer: bool = True) -> str:
    """A card as Anki's reviewer shows it, with the rules of its own that meet ours."""
    classes = f"card card{card.ord + 1}{' nightMode' * night}"
    body = card.answer() if answer else card.question()
    style = "body { margin: 20px; overflow-wrap: break-word } body.nightMode { color: #fcfcfc; background: #2c2c2c } hr { margin: 1em; background: #ccc }"
    return f'<!doctype html><html><style>{style}</style><body class="{classes}"><div id="qa">{body}</div></body></html>'


COLORS = {False: ("rgb(31, 36, 41)", "rgb(253, 252, 249)"), True: ("rgb(222, 225, 228)", "rgb(22, 25, 29)")}
LOOK = """() => {
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
  const body = getComputedStyle(document.body);
  return {wide: document.documentElement.scrollWidth, ink: body.color, paper: body.backgroundColor,
          flat: [...document.querySelectorAll("svg")].filter((svg) => !svg.getBoundingClientRect().height).length};
}"""


def look(browser: Browser, cards_: list[Card], width: int, *, night: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    requests: list[str] = []
    try:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        for card in cards_:
            for answer in (False, True):
                page.set_content(shown(card, night=night, answer=answer))
                seen = page.evaluate(LOOK)
                about = card.note().fields[0]
                assert seen["wide"] <= width, f"{about} is {seen['wide']} wide"
                assert seen["flat"] == 0, f"{about} has a drawing without height"
                assert (seen["ink"], seen["paper"]) == COLORS[night]
    finally:
        context.close()
    assert [url for url in requests if not url.startswith(("about:", "data:"))] == []


def test_cards_fit_a_phone_and_fetch_nothing(full: Collection, browser: Browser) -> None:
    """The longest cards of each kind."""
    longest = full.db.list("select c.id from cards c, notes n where n.id = c.nid order by length(n.flds) desc")  # type: ignore[union-attr]
    picked: dict[int, list[Card]] = {}
    for id_ in longest:
        card = full.get_card(id_)
        picked.setdefault(card.note().mid, []).append(card)
    look(browser, [card for listed in picked.values() for card in listed[:5]], 360, night=True)
    look(browser, [listed[0] for listed in picked.values()], 1000, night=False)


@pytest.mark.slow
@pytest.mark.parametrize("night", [False, True])
def test_every_card_fits_a_phone(full: Collection, browser: Browser, night: bool) -> None:
    look(browser, [full.get_card(id_) for id_ in full.find_cards("")], 360, night=night)
