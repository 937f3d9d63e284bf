"""The glossary: terms with a definition each, and the first use of a term in a page as a link that tells it.

`docs/reference/glossary.md` is both the page and the data:

    Calibration {: #calibration also="calibrated" not="calibrated scale" }
    :   Of the cases that get a score of 10 %, 10 % are positive. [Reliability](../chapters/metrics/classification.md#ece)

In any other page the first `calibrated` becomes

    <a class="term" href="../../reference/glossary.md#calibration" title="Calibration: of the cases …">calibrated</a>

A browser shows the title; with script, keyboard and touch get it too, and Escape takes it away (`handbook.js`). Headings, links,
code, formulas, and the question and brief of a prompt stay as they are: a brief must not answer its own question.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from handbook import bank
from handbook.errors import BookError, BookErrors
from handbook.pages import DOCS, lines_of, page_at, page_of
from handbook.words import LINK

PAGE = "reference/glossary.md"
TAUGHT = re.compile(
    r"^(chapters|systems|labs)/|^reference/(cases|faq|numbers|making)\.md$"
)  # pages whose terms are linked
ENTRY = re.compile(
    r'^(?P<name>\S[^{}]*?) *\{: *#(?P<id>[a-z0-9-]+)(?: +also="(?P<also>[^"]*)")?(?: +not="(?P<never>[^"]*)")? *\}$'
)
MOST_WORDS, MOST_SENTENCES, LEAST_TERMS = 60, 2, 100
SKIPPED = {
    "a",
    "button",
    "code",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "kbd",
    "label",
    "nav",
    "pre",
}
SKIPPED |= {"script", "style", "summary", "svg", "th"}
SKIPPED_CLASSES = {"prompt-question", "prompt-brief", "prompt-meta", "related", "math", "filename", "admonition-title"}


@dataclass(frozen=True)
class Term:
    """A term: its name, further forms that mean it, the definition as Markdown, its line in the page's file, and phrases that
    hold a form and mean something else."""

    id: str
    name: str
    also: tuple[str, ...]
    definition: str
    line: int
    never: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.name, *self.also)

    @property
    def plain(self) -> str:
        """The definition as it is told: without markup and without the links at its end, which lead on.

        >>> Term("a", "A", (), "Of *ten*, one. [Taught](x.md#y) · [There](z.md#w)", 1).plain
        'Of ten, one.'
        """
        text = re.sub(r"(?:\s*·?\s*\[[^\]]*\]\([^)\s]+\))+\s*$", "", self.definition)
        return re.sub(r"[*`]", "", LINK.sub(r"\g<text>", text)).strip()


def parse(text: str, offset: int = 0) -> tuple[list[Term], list[tuple[int, str]]]:
    """The terms of a glossary's text and, for lines that should be one and are not, line and what to write."""
    terms: list[Term] = []
    wrong: list[tuple[int, str]] = []
    lines = lines_of(text)
    for number, line in enumerate(lines, 1):
        if not line.startswith(":   "):
            continue
        above = lines[number - 2] if number > 1 else ""
        match = ENTRY.match(above)
        if match is None:
            wrong.append(
                (number - 1 + offset, f'`{above[:50]}` names no term; write `Name {{: #name also="other form" }}`')
            )
            continue
        more = [line[4:]]
        for below in lines[number:]:
            if not below.startswith("    "):
                break
            more.append(below.strip())
        also, never = (
            tuple(form.strip() for form in (match[name] or "").split(",") if form.strip()) for name in ("also", "never")
        )
        terms.append(Term(match["id"], match["name"], also, " ".join(more), number - 1 + offset, never))
    return terms, wrong


def read(docs: Path = DOCS) -> list[Term]:
    """The book's terms in the order of the page; none where there is no glossary."""
    file = docs / PAGE
    return list(_read(file, file.stat().st_mtime)) if file.is_file() else []


@lru_cache(maxsize=4)
def _read(file: Path, mtime: float) -> tuple[Term, ...]:
    docs = file.parents[1]
    terms, wrong = parse(bank.body_of(PAGE, docs), page_at(PAGE, docs).offset)
    if wrong:
        raise BookErrors([BookError(f"docs/{PAGE}:{line}", message) for line, message in wrong])
    return tuple(terms)


def _form(form: str) -> str:
    """A form as a pattern: capitals inside count, the first letter's does not, and a plural is the same word.

    >>> bool(re.fullmatch(_form("label"), "Labels")), bool(re.fullmatch(_form("ROC"), "roc"))
    (True, False)
    """
    first, rest = form[0], re.escape(form[1:]).replace(r"\ ", r"[\s\u00a0]+")
    if form[1:] == form[1:].lower() and first.isalpha():
        first = f"[{first.lower()}{first.upper()}]"
    else:
        first = re.escape(first)
    return first + rest + ("s?" if form[-1].isalpha() and form[-1] != "s" else "")


def pattern(terms: list[Term]) -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for all forms, the longest first, and which group means which term."""
    forms = sorted(((form, term) for term in terms for form in term.forms), key=lambda pair: (-len(pair[0]), pair[0]))
    groups = {f"t{number}": term for number, (_, term) in enumerate(forms)}
    body = "|".join(f"(?P<t{number}>{_form(form)})" for number, (form, _) in enumerate(forms))
    return re.compile(rf"(?<![\w\u0002&/-])(?:{body})(?![\w\u0003/-])"), groups


class TermTreeprocessor(Treeprocessor):
    """Links each term where a page first uses it."""

    def run(self, root: etree.Element) -> None:
        page = page_of(self.md)
        if not TAUGHT.match(page.path):
            return
        terms = read()
        if terms:
            self._pattern, self._groups = _compiled(tuple(terms))
            self._seen: set[str] = set()
            self._page = page
            self._walk(root)

    def _walk(self, at: etree.Element) -> None:
        if at.tag in SKIPPED or set((at.get("class") or "").split()) & SKIPPED_CLASSES:
            return
        children = list(at)
        self._link(at, at.text, 0, None)
        for child in children:
            self._walk(child)
            self._link(at, child.tail, list(at).index(child) + 1, child)

    def _link(self, parent: etree.Element, text: str | None, place: int, before: etree.Element | None) -> None:
        """Replace the first uses in a piece of text, which is `parent`'s own or the tail of its child `before`."""
        if not text or isinstance(text, AtomicString):
            return
        at = 0
        for match in self._pattern.finditer(text):
            term = self._groups[str(match.lastgroup)]
            if term.id in self._seen or _means_something_else(term, text, match):
                continue
            self._seen.add(term.id)
            link = etree.Element("a", {"class": "term", "href": self._page.link_to(f"{PAGE}#{term.id}")})
            link.set("title", f"{term.name}: {term.plain}")
            link.text = AtomicString(match[0])
            if before is None:
                parent.text = text[at : match.start()]
            else:
                before.tail = text[at : match.start()]
            parent.insert(place, link)
            before, place, at = link, place + 1, match.end()
        if at and before is not None:
            before.tail = text[at:]


def _means_something_else(term: Term, text: str, match: re.Match[str]) -> bool:
    """Whether the form stands in one of the phrases that the term's `not` names: a token bucket holds no tokens of text."""
    low = text.lower()
    return any(
        found.start() <= match.start() and match.end() <= found.end()
        for phrase in term.never
        for found in re.finditer(re.escape(phrase.lower()), low)
    )


@lru_cache(maxsize=4)
def _compiled(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    return pattern(list(terms))


class AlsoTreeprocessor(Treeprocessor):
    """The forms of a term are for us, since a browser has no attributes `also` and `not`; its id gets a link, as headings have."""

    def run(self, root: etree.Element) -> None:
        for name in root.iter("dt"):
            name.attrib.pop("also", None)
            name.attrib.pop("not", None)
            if name.get("id") and page_of(self.md).path == PAGE:
                link = etree.SubElement(name, "a", {"class": "headerlink", "href": f"#{name.get('id')}"})
                link.set("title", "Link to this term")
                link.text = AtomicString("¶")


def check(docs: Path = DOCS, least: int = LEAST_TERMS) -> list[BookError]:
    """What is wrong with the glossary: too few, doubled or unsorted terms, long definitions, none that leads on, unused ones."""
    if not (docs / PAGE).is_file():
        return []
    try:
        terms = read(docs)
    except BookErrors as found:
        return found.errors
    texts = [bank.body_of(path, docs) for path in bank.sources(docs) if TAUGHT.match(path)]
    return [BookError(f"docs/{PAGE}:{line}", message) for line, message in faults(terms, texts, least)]


def faults(terms: list[Term], texts: list[str], least: int) -> Iterator[tuple[int, str]]:
    """Line and message of each fault; `texts` are the pages in which a term must occur."""
    if len(terms) < least:
        yield 1, f"{len(terms)} terms; the glossary promises at least {least}"
    taken: dict[str, Term] = {}
    for term in terms:
        for form in (f"#{term.id}", *(form.lower() for form in term.forms)):
            if taken.setdefault(form, term) is not term:
                yield term.line, f"`{form}` is taken by “{taken[form].name}”; one form means one term"
        sentences = len(re.findall(r"[.!?](?:\s|$)", re.sub(r"\b(?:e\.g|i\.e|vs)\.", "", term.plain)))
        words = len(term.plain.split())
        if not 1 <= sentences <= MOST_SENTENCES or not 6 <= words <= MOST_WORDS:
            yield (
                term.line,
                f"“{term.name}”: {sentences} sentences, {words} words; write one or two, {MOST_WORDS} words at most",
            )
        if not any("#" in match["target"] for match in LINK.finditer(term.definition)):
            yield term.line, f"“{term.name}” leads nowhere; end with a link to the section that teaches it"
        used = re.compile("|".join(rf"(?<!\w){_form(form)}(?!\w)" for form in term.forms))
        if not any(used.search(text) for text in texts):
            yield (
                term.line,
                f"no page uses “{term.name}” or its other forms; leave it out, or give the form that pages use",
            )
    names = [re.sub(r"\W", "", term.name.lower()) for term in terms]
    for term, name, following in zip(terms, names, names[1:], strict=False):
        if name > following:
            yield term.line, f"“{term.name}” stands before a term that comes earlier in the alphabet"


class GlossaryExtension(Extension):
    """Registers the links of terms: after inline parsing (20), attributes (8) and figures, before the builder resolves links (0)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(TermTreeprocessor(md), "handbook-terms", 3)
        md.treeprocessors.register(AlsoTreeprocessor(md), "handbook-term-forms", 4)


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return GlossaryExtension(**kwargs)
