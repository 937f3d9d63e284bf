"""The `/// prompt` block: a practice prompt whose model answer is a disclosure.

Input
    /// prompt | Why does it decline good customers?
        id: high-auc-blocked-users
        kind: decision
        level: mid
        roles: [mle]
        minutes: 12
        title: High AUC, blocked good users

    The brief.

    ***

    **Opening line.** …
    ///

Output
    <section class="prompt" id…>
      <h3 id="high-auc-blocked-users">High AUC, blocked good users</h3>
      <ul class="prompt-meta">…</ul>
      <p class="prompt-question">Why does it decline good customers?</p>
      <div class="prompt-brief">…</div>
      <details class="answer"><summary>Model answer</summary>
        <div class="answer-part" data-part="opening-line">…</div> …
      </details>
    </section>

What may stand in a prompt is decided by `handbook.grammar`, on the page's text, before anything is rendered; the block
below only lays it out. A count after rendering proves that no prompt was lost on the way.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from typing import Any
from urllib.parse import urlencode

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from handbook import grammar, ways
from handbook.errors import BookError
from handbook.grammar import LABELS, ROLE_NAMES, Prompt
from handbook.pages import line_of, page_of, where
from handbook.source import keep_source

CONVENTIONS = "reference/conventions.md"


class ScanPreprocessor(Preprocessor):
    """Check the page's blocks before anything else touches its text."""

    def run(self, lines: list[str]) -> list[str]:
        md: Any = self.md
        text = "\n".join(lines)
        md.handbook_prompts = {p.id: p for p in grammar.scan(text, page_of(self.md))}
        return lines


class LeftoverTreeprocessor(Treeprocessor):
    """Prove that no block and no table was left as text, whatever the reason: both are refused without a word."""

    def run(self, root: etree.Element) -> None:
        for section in root.iter("section"):
            for heading in section.iter() if section.get("class") == "prompt" else ():
                if re.fullmatch("h[1-6]", str(heading.tag)) and heading not in list(section):
                    self._refuse(heading.text or "", "is a heading and can't stand inside a prompt")
        self._look(root)

    def _look(self, at: etree.Element) -> None:
        if at.tag in ("pre", "code"):
            return
        self._read(at.text)
        for child in at:
            self._look(child)
            self._read(child.tail)

    def _read(self, text: str | None) -> None:
        if text is None or isinstance(text, AtomicString):
            return
        block = re.search(r"^ {0,3}/{3,}.*", text, flags=re.M)
        if block:
            self._refuse(
                block[0],
                "was not read as a block and prints as text; known options, indented by four spaces right below it, are "
                "`new` and `select` for a tab, `type` for an admonition, `open` for details, none for a note",
            )
        rows = re.findall(r"^ {0,3}\|.*\|[ ]*$", text, flags=re.M)
        if rows:
            self._refuse(
                max(rows, key=lambda row: (bool(re.search(r"\w", row)), len(row))),
                "was not read as a table and prints as text; leave a blank line above the table and write `| --- |` below its header",
            )

    def _refuse(self, line: str, message: str) -> None:
        raise BookError(where(self.md, line_of(self.md, line)), f"`{line.strip()[:60]}` {message}")


class CountTreeprocessor(Treeprocessor):
    """Prove that what was written is what is rendered."""

    def run(self, root: etree.Element) -> None:
        md: Any = self.md
        written: dict[str, Prompt] = getattr(md, "handbook_prompts", {})
        rendered = [
            heading.get("id")
            for section in root.iter("section")
            if section.get("class") == "prompt"
            for heading in section
            if heading.tag == "h3"
        ]
        if sorted(written) != sorted(str(id_) for id_ in rendered):
            lost = sorted(set(written) - set(rendered)) or sorted(set(map(str, rendered)) - set(written))
            raise BookError(
                where(self.md),
                f"{len(written)} prompts are written and {len(rendered)} rendered; look around {', '.join(lost) or 'doubled ids'}",
            )


class PromptBlock(Block):  # type: ignore[misc]
    """Lays out one prompt. Options are permissive here: the scan has judged them, with better messages."""

    NAME = "prompt"
    ARGUMENT = None
    OPTIONS = dict.fromkeys((*grammar.REQUIRED, *grammar.OPTIONAL), ("", None))

    def on_create(self, parent: etree.Element) -> etree.Element:
        page = page_of(self.md)
        prompt = self.md.handbook_prompts.get(str(self.options["id"]))
        if prompt is None:
            raise BookError(
                where(self.md, line_of(self.md, "/// prompt")),
                f"the prompt `{self.options['id']}` is rendered and was not found in the page's source; "
                "a prompt stands in the page itself, not in an embedded file",
            )
        section = etree.SubElement(parent, "section", {"class": "prompt"})
        for alias in prompt.aliases:
            etree.SubElement(section, "a", {"id": alias, "class": "alias"})
        heading = etree.SubElement(section, "h3", {"id": prompt.id})
        heading.text = AtomicString(prompt.title)
        meta = etree.SubElement(section, "ul", {"class": "prompt-meta"})
        facts = [("kind", prompt.kind, prompt.kind), ("level", prompt.level, prompt.level)]
        facts += [("role", role, ROLE_NAMES[role]) for role in prompt.roles]
        facts += [("minutes", "", f"{prompt.minutes} min")]
        for name, value, label in facts:
            item = etree.SubElement(meta, "li")
            target = f"{CONVENTIONS}#{name}-{value}" if value else f"{CONVENTIONS}#{name}"
            link = etree.SubElement(item, "a", {"href": page.link_to(target), "class": f"badge badge-{name}"})
            link.text = AtomicString(label)
        question = etree.SubElement(section, "p", {"class": "prompt-question"})
        question.text = AtomicString(prompt.question)
        etree.SubElement(section, "div", {"class": "prompt-brief"})
        return section

    def on_add(self, block: etree.Element) -> etree.Element:
        return next(child for child in block if child.get("class") == "prompt-brief")

    def on_end(self, block: etree.Element) -> None:
        if any(child.tag == "details" for child in block):
            return  # it can fire more than once
        brief = next(child for child in block if child.get("class") == "prompt-brief")
        cut = next((index for index, child in enumerate(brief) if child.tag == "hr"), None)
        if cut is None:
            raise BookError(
                where(self.md, line_of(self.md, f"id: {self.options['id']}")),
                f"prompt `{self.options['id']}`: its `***` was not read as the line between brief and model answer",
            )
        below = list(brief)[cut + 1 :]
        for child in list(brief)[cut:]:
            brief.remove(child)
        details = etree.SubElement(block, "details", {"class": "answer"})
        summary = etree.SubElement(details, "summary")
        summary.text = AtomicString("Model answer")
        part = details
        for child in below:
            label = _label(child)
            if label:
                part = etree.SubElement(
                    details, "div", {"class": "answer-part", "data-part": label.lower().replace(" ", "-")}
                )
            part.append(child)
        _name_headers(details)
        self._relate(block)
        repo = str(self.config.get("repo_url") or "")
        if repo:
            page = page_of(self.md)
            id_ = str(self.options["id"])
            query = urlencode({"template": "error.yml", "page": page.path, "prompt": id_})
            foot = etree.SubElement(details, "p", {"class": "prompt-report"})
            link = etree.SubElement(foot, "a", {"href": f"{repo.rstrip('/')}/issues/new?{query}", "rel": "nofollow"})
            link.text = AtomicString("Report an error in this prompt")

    def _relate(self, block: etree.Element) -> None:
        """Outside the disclosure, so that it can be followed by who has answered without reading."""
        others = ways.related().get(str(self.options["id"]), [])
        if not others:
            return
        page = page_of(self.md)
        line = etree.SubElement(block, "p", {"class": "related", "data-search-exclude": ""})
        line.text = AtomicString("Related prompts: ")
        for place, other in enumerate(others):
            link = etree.SubElement(line, "a", {"href": page.link_to(f"{other['page']}#{other['id']}")})
            link.text = AtomicString(other["title"])
            link.tail = AtomicString(" · " if place + 1 < len(others) else "")


def _name_headers(details: etree.Element) -> None:
    """The rubric's rows are named by their grade, and its empty header cells get words, for people who hear the table."""
    for part in details:
        if part.get("data-part") != "how-it-is-scored":
            continue
        for cell, words in zip(part.iter("th"), ("Grade", "What it sounds like"), strict=False):
            cell.text = (cell.text or "").strip() or words
        for row in part.iter("tr"):
            if len(row) and row[0].tag == "td":
                row[0].tag = "th"
                row[0].set("scope", "row")


def _label(element: etree.Element) -> str:
    """The label a paragraph begins with (inline markup is still text at this point), or nothing."""
    match = re.match(r"\*\*(.+?)\.\*\*", element.text or "") if element.tag == "p" else None
    return match[1] if match and match[1] in LABELS else ""


class PromptExtension(BlocksExtension):  # type: ignore[misc]
    """Registers the block, the scan before it and the count after it."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"repo_url": ["", "Where errors are reported; no link when empty"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        keep_source(md)
        md.preprocessors.register(ScanPreprocessor(md), "handbook-scan", 90)  # before snippets (32) and fences (25)
        md.treeprocessors.register(LeftoverTreeprocessor(md), "handbook-leftover", 21)  # before inline parsing (20)
        md.treeprocessors.register(CountTreeprocessor(md), "handbook-count", 1)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:
        block_mgr.register(PromptBlock, self.getConfigs())


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return PromptExtension(**kwargs)
