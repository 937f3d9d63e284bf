"""What changed in the book since a tag, as Markdown for a release: prompts and pages added, renamed, moved, reworded, corrected.

`python -m handbook changes --since v1.0.0`. Both books are read from their sources alone, by the same few rules, so that the text of an
old tag is never judged by today's grammar. What the words mean:

- *corrected*: a new row of `docs/reference/corrections.md`: an error that could have changed an answer.
- *added*: a prompt whose id was neither an id nor an alias then.
- *renamed*: its id was another one, which is an alias now. *Joined*: two that were are one, which answers to both ids.
- *moved*: it stands on another page, and not because the whole page moved (front matter `moved_from`).
- *reworded*: other words in title, question, brief or answer, or another level, kind, role or time. A link's address and the code
  behind a number are no words, a number is one; embedded code is not looked at.
- *gone*: should never be. It is said first, so that nobody publishes it unseen.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import yaml

from handbook import bank, config
from handbook.dated import cells
from handbook.errors import BookError
from handbook.grammar import ROLES, Prompt, headings, visible
from handbook.pages import ROOT, front_matter_lines, lines_of

CORRECTIONS = "reference/corrections.md"
PROMISES = "tests/book/ids.txt"
GENERATED = ("plan/", "practice/")  # their sections follow from other pages

ORDER = (
    *("Gone", "Corrected", "Prompts added", "Prompts reworded", "Prompts renamed", "Prompts moved"),
    *("Pages added", "Pages renamed", "Pages moved", "Sections added"),
)
OPENER = re.compile(r"^(/{3,}) +prompt *\|(.*)$")
OPTION = re.compile(r"^ {4}\S")
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
Files = Mapping[str, str]  # path from the root → text


class Correction(NamedTuple):
    """A row of the table of corrections; its cells are Markdown."""

    date: str
    where: str
    said: str
    says: str


class Section(NamedTuple):
    """A heading below the title: its id and, behind it, those it had before; its words."""

    ids: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Leaf:
    """A page: its path below `docs/`, its title, the addresses it had before, its sections."""

    path: str
    title: str
    moved_from: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Book:
    """The book as its sources say it at one time: pages by path, prompts by id, corrections, promised addresses."""

    pages: Mapping[str, Leaf] = field(default_factory=dict)
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    promises: frozenset[str] = frozenset()


# Reading


def prompts_of(text: str, page: str) -> list[Prompt]:
    """The prompts in a page's text, read leniently: whatever grammar was in force, a prompt has a header, options and two halves.

    >>> (found,) = prompts_of("/// prompt | Why?\\n    id: why\\n    level: mid\\n\\nBrief.\\n\\n***\\n\\nAnswer.\\n///", "a.md")
    >>> found.id, found.question, found.brief, found.answer
    ('why', 'Why?', 'Brief.', 'Answer.')
    """
    lines = lines_of(text)
    shown = visible(lines)
    found: list[Prompt] = []
    number = 0
    while number < len(lines):
        match = OPENER.match(shown[number])
        number += 1
        if not match:
            continue
        start = number
        while number < len(lines) and OPTION.match(lines[number]):
            number += 1
        options = yaml.safe_load("\n".join(lines[start:number])) or {}
        body = number
        while number < len(lines) and shown[number].rstrip() != match[1]:
            number += 1
        half = next((n for n in range(body, number) if shown[n].strip() == "***"), number)
        found.append(
            Prompt(
                id=str(options.get("id", "")),
                title=str(options.get("title", "")),
                question=match[2].strip(),
                kind=str(options.get("kind", "")),
                level=str(options.get("level", "")),
                roles=tuple(role for role in ROLES if role in options.get("roles", ())),
                minutes=int(options.get("minutes", 0)),
                brief="\n".join(lines[body:half]).strip(),
                answer="\n".join(lines[half + 1 : number]).strip(),
                page=page,
                line=start,
                aliases=tuple(map(str, options.get("aliases", ()))),
            )
        )
    return found


def leaf(text: str, path: str) -> Leaf:
    """A page's title, earlier addresses and sections.

    >>> leaf('---\\nmoved_from: [b/]\\n---\\n\\n# A page\\n\\n## Part {#part aliases="old"}\\n', "a.md").sections
    (Section(ids=('part', 'old'), title='Part'),)
    """
    front = re.match(r"---\n(.*?)\n(?:---|\.\.\.)\n", text, flags=re.S)
    meta = yaml.safe_load(front[1]) if front else None
    old = meta.get("moved_from", ()) if isinstance(meta, dict) else ()
    lines = lines_of(text)[front_matter_lines(text) :]
    title = next((line[2:].strip() for line in visible(lines) if line.startswith("# ")), path)
    sections: list[Section] = []
    for heading in headings(lines):
        if heading.level > 1:
            aliases = re.search(r'aliases="([^"]*)"', lines[heading.line - 1])
            sections.append(Section((heading.id, *(aliases[1].split() if aliases else ())), heading.text))
    return Leaf(path, re.sub(r"\s*\{[^}]*\}$", "", title), tuple(map(str, old)), tuple(sections))


def corrections_of(text: str) -> tuple[Correction, ...]:
    """The rows of the table of corrections that have a date.

    >>> corrections_of("| date | where | said | says |\\n| --- | --- | --- | --- |\\n| 2027-01-02 | [x](y.md) | 1 | 2 |\\n| – | – | – | – |")
    (Correction(date='2027-01-02', where='[x](y.md)', said='1', says='2'),)
    """
    rows = [cells(line) for line in lines_of(text) if re.match(r"\| *\d{4}-\d\d-\d\d *\|", line)]
    return tuple(Correction(*row) for row in rows if len(row) == 4)


def read(files: Files, order: Iterable[str] = ()) -> Book:
    """The book in these files; its pages in the order given, others behind by name."""
    pages: dict[str, Leaf] = {}
    prompts: dict[str, Prompt] = {}
    names = {name.removeprefix("docs/"): name for name in files if re.fullmatch(r"docs/.*\.(md|ipynb)", name)}
    for path in dict.fromkeys([*(path for path in order if path in names), *sorted(names)]):
        text = files[names[path]]
        if path.endswith(".ipynb"):
            written = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
            text = "\n\n".join(source if isinstance(source, str) else "".join(source) for source in written)
        pages[path] = leaf(text, path)
        prompts |= {prompt.id: prompt for prompt in prompts_of(text, path)}
    promises = frozenset(line for line in files.get(PROMISES, "").splitlines() if line and not line.startswith("# "))
    return Book(pages, prompts, corrections_of(files.get(f"docs/{CORRECTIONS}", "")), promises)


def at(tag: str) -> Book:
    """The book as it was at a tag, or any commit, out of git."""
    command = ["git", "archive", "--format=tar", tag, "docs", PROMISES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise BookError(
            "",
            f"git can't read the book at `{tag}`: {done.stderr.decode(errors='replace').strip()}; is the tag fetched?",
        )
    files: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file and member.name.endswith((".md", ".ipynb", ".txt")):
                files[member.name] = file.read().decode("utf-8-sig")
    return read(files)


def now() -> Book:
    """The book as it lies here."""
    paths = [path for ending in ("md", "ipynb") for path in (ROOT / "docs").rglob(f"*.{ending}")] + [ROOT / PROMISES]
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8-sig") for path in paths if path.is_file()
    }
    return read(files, bank.sources())


# Comparing


def words(text: str) -> str:
    """What a reader reads of Markdown: no addresses behind links, no code behind numbers, no attributes, no line breaks.

    >>> words("At {{0.97 = f(x)}}, [read\\n  on](a.md#b){: .c }.")
    'At 0.97, read on.'
    """
    text = re.sub(r"\{\{\s*(.+?) = .+?\}\}", r"\1", text, flags=re.S)
    text = LINK.sub(r"\1", text)
    return " ".join(re.sub(r"\{[:#][^}\n]*\}", "", text).split())


def came_from(page: str, old: Book, new: Book) -> str:
    """The path that a page of the new book had in the old one, or nothing."""
    if page in old.pages:
        return page
    before = set(new.pages[page].moved_from) if page in new.pages else set()
    return next((path for path in old.pages if bank.address(path) in before), "")


def reworded(old: Prompt, new: Prompt) -> list[str]:
    """Which parts of a prompt changed, in a reader's words.

    >>> from dataclasses import replace
    >>> one = Prompt("a", "T", "Q?", "concept", "mid", ("mle",), 8, "B", "A", "p.md", 1)
    >>> reworded(one, replace(one, answer="Another", level="senior", minutes=12))
    ['answer', 'level: senior, was mid', 'minutes: 12, were 8']
    """
    said = [part for part in ("title", "question", "brief", "answer") if _words(old, part) != _words(new, part)]
    for part, verb in (("kind", "was"), ("level", "was"), ("roles", "were"), ("minutes", "were")):
        before, after = (
            ", ".join(value) if isinstance(value := getattr(one, part), tuple) else str(value) for one in (old, new)
        )
        if before != after:
            said.append(f"{part}: {after}, {verb} {before}")
    return said


def _count(count: int, part: str) -> str:
    """
    >>> _count(1, "Prompts added"), _count(2, "Pages moved"), _count(1, "Gone")
    ('1 prompt added', '2 pages moved', '1 gone')
    """
    what = part.lower()
    return f"{count} {re.sub('s ', ' ', what, count=1) if count == 1 else what}"


def _words(prompt: Prompt, part: str) -> str:
    return words(str(getattr(prompt, part)))


def between(old: Book, new: Book, site_url: str, since: str = "") -> str:
    """The change list: the new book against the old one, as Markdown whose links work anywhere."""
    base = site_url.rstrip("/") + "/"

    def to_page(path: str) -> str:
        return f"[{new.pages[path].title}]({base}{bank.address(path)})"

    def to_prompt(prompt: Prompt) -> str:
        return f"[{prompt.title}]({base}q/{prompt.id}/)"

    parts: dict[str, list[str]] = {}

    def tell(part: str, line: str) -> None:
        parts.setdefault(part, []).append(line)

    claimed: dict[str, list[Prompt]] = {id_: [] for id_ in new.prompts}
    for before in old.prompts.values():
        names = {before.id, *before.aliases}
        heir = new.prompts.get(before.id) or next((p for p in new.prompts.values() if names & set(p.aliases)), None)
        if heir:
            claimed[heir.id].append(before)
        else:
            tell("Gone", f"- prompt `{before.id}` ({before.title})")
    for path in old.pages:
        if not any(came_from(page, old, new) == path for page in new.pages):
            tell("Gone", f"- page `{path}` ({old.pages[path].title})")
    for promise in sorted(old.promises - new.promises):
        tell("Gone", f"- address `{promise}`")

    for row in new.corrections:
        if row not in old.corrections:
            where, was, says = (_stopped(_absolute(cell, base)) for cell in row[1:])
            tell("Corrected", f"- {row.date}, {where} It said: {was} It says now: {says}")

    above = ""
    for prompt in new.prompts.values():
        olds = claimed[prompt.id]
        if not olds:
            if above != prompt.page:
                above = prompt.page
                tell("Prompts added", f"\n{to_page(above)}\n")
            tell("Prompts added", f"- {to_prompt(prompt)} ({prompt.kind}, {prompt.level}): {words(prompt.question)}")
            continue
        same = next((one for one in olds if one.id == prompt.id), olds[0])
        for one in olds:
            if one is not same:
                tell("Prompts renamed", f"- {to_prompt(prompt)}: `{one.id}` was joined to it and leads here")
        if same.id != prompt.id:
            tell("Prompts renamed", f"- {to_prompt(prompt)}: `{same.id}` is now `{prompt.id}`, and still leads here")
        if came_from(prompt.page, old, new) != same.page:
            before_ = old.pages[same.page].title
            tell("Prompts moved", f"- {to_prompt(prompt)}: from “{before_}” to {to_page(prompt.page)}")
        if changed := reworded(same, prompt):
            tell("Prompts reworded", f"- {to_prompt(prompt)}: {'; '.join(changed)}")

    for path, page in new.pages.items():
        source = came_from(path, old, new)
        if not source:
            tell("Pages added", f"- {to_page(path)}")
            continue
        if source != path:
            tell("Pages moved", f"- {to_page(path)}: from `{bank.address(source)}`, which still leads here")
        if old.pages[source].title != page.title:
            tell("Pages renamed", f"- {to_page(path)}, until now “{old.pages[source].title}”")
        if not path.startswith(GENERATED):
            known = {id_ for section in old.pages[source].sections for id_ in section.ids}
            for section in page.sections:
                if not known & set(section.ids):
                    link = f"{base}{bank.address(path)}#{section.ids[0]}"
                    tell("Sections added", f"- {page.title}: [{words(section.title)}]({link})")

    counts = [_count(sum(line.startswith("- ") for line in parts[part]), part) for part in ORDER if part in parts]
    summary = ", ".join(counts) or "no change that a reader would see"
    summary = f"Since {since}: {summary}." if since else f"{summary[0].upper()}{summary[1:]}."
    if old.promises:
        kept, more = len(old.promises & new.promises), len(new.promises - old.promises)
        held = "All" if kept == len(old.promises) else f"{kept:,} of"
        summary += (
            f" {held} {len(old.promises):,} addresses promised until then still lead somewhere, {more:,} are new."
        )
    lines = [summary]
    for part in ORDER:
        if part in parts:
            lines += ["", f"## {part}", "", *"\n".join(parts[part]).strip("\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def first(new: Book, site_url: str) -> str:
    """The list of a first release, which has nothing to be compared with: what there is, page by page."""
    base = site_url.rstrip("/") + "/"
    held = {path: sum(prompt.page == path for prompt in new.prompts.values()) for path in new.pages}
    rows = [
        f"- [{page.title}]({base}{bank.address(path)})" + (f": {held[path]} prompts" if held[path] > 1 else "")
        for path, page in new.pages.items()
        if not path.startswith(GENERATED)
    ]
    return f"The first release: {len(new.prompts)} prompts on {len(rows)} pages.\n\n" + "\n".join(rows) + "\n"


def _absolute(text: str, base: str) -> str:
    """A cell of the corrections with links that work anywhere."""

    def link(match: re.Match[str]) -> str:
        target = match[2]
        if not re.match(r"[a-z]+:", target):
            path, _, fragment = target.partition("#")
            whole = ROOT.joinpath("docs", Path(CORRECTIONS).parent, path).resolve() if path else None
            page = whole.relative_to(ROOT / "docs").as_posix() if whole else CORRECTIONS
            target = base + bank.address(page) + (f"#{fragment}" if fragment else "")
        return f"[{match[1]}]({target})"

    return LINK.sub(link, text)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def report(since: str | None) -> str:
    """The change list since a tag, or the first release's."""
    site_url = str(config.load()["site_url"])
    return between(at(since), now(), site_url, since) if since else first(now(), site_url)
