"""Search under MkDocs: the index the book's own worker reads, the names of things, and the bundled worker.

The index is made from the built pages, whichever builder made them and however few of them it built again: plain text, a
section a record, with `overrides/search/synonyms.yml` beside. (The search plugin is told to skip every page: its parser took a
quarter of the build.) The worker is bundled from `overrides/search/*.mjs` at set-up, and copied
into the site; `overrides/theme/assets/javascripts/search.js` starts it when a reader first searches.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from handbook import bank, grammar, node
from handbook.errors import BookError
from handbook.html import BuiltPage, pages
from handbook.pages import ROOT

SOURCE = ROOT / "overrides" / "search"
SYNONYMS = SOURCE / "synonyms.yml"
INDEX = "search/search_index.json"
FOLDER = "assets/javascripts"
FURNITURE = {
    "Model answer",
    "Report an error in this prompt",
}  # what every prompt says; "Go deeper" names other sections


HEADINGS = {"h1": 1, "h2": 2, "h3": 3}  # those that the contents list, and so can be led to
BLOCKS = {
    "p",
    "li",
    "pre",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "div",
    "blockquote",
    "details",
    "summary",
    "tr",
    "table",
    "figure",
}
BLOCKS |= {"figcaption", "section", "h4", "h5", "h6", "br"}


def records(page: BuiltPage) -> list[dict[str, Any]]:
    """The page and its sections as `{location, title, text}`, text plain, a line a block; what is marked
    `data-search-exclude` is left out, drawings too. A heading so marked leaves out its whole section.

    Input
        <article><h1>A</h1><p>One &lt; <em>two</em>.</p><h2 id="b">B<a class="headerlink">¶</a></h2><ul><li>x</li><li>y</li></ul></article>

    Output
        [{"location": "a/", "title": "A", "text": "One < two."}, {"location": "a/#b", "title": "B", "text": "x\\ny"}]
    """
    if page.article is None:
        return []
    found: list[dict[str, Any]] = [{"location": page.address, "title": "", "text": []}]
    current: dict[str, Any] | None = found[0]

    def words(text: str | None) -> None:
        if current is not None and text:
            current["text"].append(text)

    def walk(element: Any) -> None:
        nonlocal current
        for child in element:
            if isinstance(child.tag, str) and (level := HEADINGS.get(child.tag)) and (level == 1 or child.get("id")):
                title = " ".join("".join(child.xpath(".//text()[not(ancestor::a[@class='headerlink'])]")).split())
                if level == 1 and not found[0]["title"]:
                    found[0]["title"] = title
                    current = found[0]
                elif child.get("data-search-exclude") is not None:
                    current = None
                else:
                    current = {"location": f"{page.address}#{child.get('id')}", "title": title, "text": []}
                    found.append(current)
            elif isinstance(child.tag, str) and not _left_out(child):
                block = child.tag in BLOCKS
                words("\n" if block else None)
                words(child.text)
                walk(child)
                words("\n" if block else None)
            words(child.tail)

    walk(page.article)
    for doc in found:
        lines = ("".join(doc["text"]).replace("\u200b", "")).split("\n")
        doc["text"] = "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
    return found


def _left_out(element: Any) -> bool:
    classes = (element.get("class") or "").split()
    return (
        element.tag in ("svg", "script", "style", "button", "template", "nav")
        or element.get("data-search-exclude") is not None
        or bool({"headerlink", "md-content__button", "prompt-report", "page-end"} & set(classes))
    )


def synonyms(path: Path = SYNONYMS) -> dict[str, list[list[str]]]:
    """The groups of names, `same` and `near`; raises when one is no list of texts, or a name stands in two groups."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: dict[str, list[list[str]]] = {"same": [], "near": []}
    seen: set[str] = set()
    for kind, groups in loaded.items():
        if kind not in found:
            raise BookError(path.name, f"`{kind}` is neither `same` nor `near`")
        for group in groups:
            if len(group) < 2 or not all(isinstance(name, str) and name.strip() for name in group):
                raise BookError(path.name, f"{group} must be two names or more, each a text; quote numbers and `no`")
            for name in group if kind == "same" else []:
                if name.lower() in seen:
                    raise BookError(path.name, f"`{name}` stands in two groups of `same`; make them one")
                seen.add(name.lower())
            found[kind].append(group)
    return found


def index(site: Path) -> list[dict[str, Any]]:
    """The records of every page in the order of the book, a prompt's facts as tags instead of text."""
    prompts = {f"{bank.address(prompt.page)}#{prompt.id}": prompt for prompt in bank.read()}
    order = {bank.address(path): place for place, path in enumerate(bank.sources())}
    built = [page for page in pages(site) if page.address != "404.html" and not page.is_redirect]
    docs = [
        doc for page in sorted(built, key=lambda page: order.get(page.address, len(order))) for doc in records(page)
    ]
    for doc in docs:
        if prompt := prompts.get(doc["location"]):
            roles = [grammar.ROLE_NAMES[role] for role in prompt.roles]
            doc["tags"] = [f"{prompt.kind} prompt", prompt.level, f"{prompt.minutes} min", *roles]
            said = {prompt.kind, prompt.level, f"{prompt.minutes} min", *roles, *FURNITURE}
            lines = doc["text"].split("\n")
            doc["text"] = "\n".join(line for line in lines if line not in said and not line.startswith("Go deeper."))
    return docs


def worker() -> str:
    """The worker's address in the site; its name changes with its content, so that no browser keeps an old one."""
    return f"{FOLDER}/{node.search_bundle().name}"


def finish(site: Path) -> None:
    """Write the index of what is built, and put the worker beside the theme's scripts."""
    path = site / INDEX
    written = json.loads(path.read_text(encoding="utf-8"))
    # `config` is for the theme's own worker, which steps in where our script could not be loaded.
    whole = {"config": written["config"], "synonyms": synonyms(), "docs": index(site)}
    path.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    target = site / worker()
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob("search-worker-*.js"):
        old.unlink()
    shutil.copyfile(node.search_bundle(), target)
