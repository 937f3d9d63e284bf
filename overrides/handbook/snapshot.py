"""The book's text as one file, a section a line, for the lab that searches it: `python -m handbook snapshot`.

The lab reads the committed file and nothing else, so that an edit of a page does not change what the lab found. The file is
renewed on purpose, from the built site; then the lab runs again, and its prose is read again. A section is what search knows
as one: its text with lists, tables, code of chapters and model answers, without drawings. Beside it stands what the book's own
search answered to the lab's questions, over the same sections, since that engine runs in Node and the lab does not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from handbook import node, search
from handbook.html import pages
from handbook.pages import ROOT, SNIPPETS

FILE = SNIPPETS / "labs" / "data" / "handbook-2026-11.jsonl"
ANSWERS = FILE.with_name("handbook-search-2026-11.json")
QUESTIONS = FILE.with_name("handbook-questions.yml")
PARTS = ("chapters/", "systems/", "labs/", "reference/")  # the start page and the bank only list what stands elsewhere
ITSELF = "labs/handbook-retrieval/"  # quotes the questions, and would be the best match for most of them
LEAST = 40  # characters; a heading without text of its own answers nobody


def sections(site: Path) -> list[dict[str, Any]]:
    """Every section with text, as `{page, id, path, text}`, in the order of the book; `path` holds the headings above it and its own.

    Input
        <article><h1>A</h1><p>…</p><h2 id="b">B</h2><h3 id="c">C</h3><p>…</p></article>

    Output
        [{"page": "chapters/a/", "id": "", "path": ["A"], …}, {"page": "chapters/a/", "id": "c", "path": ["A", "B", "C"], …}]
    """
    depth = {
        f"{page.address}#{heading.get('id')}": search.HEADINGS[heading.tag]
        for page in pages(site)
        if page.article is not None
        for heading in page.article.iter(*search.HEADINGS)
    }
    found: list[dict[str, Any]] = []
    above: list[str] = []
    for doc in json.loads((site / search.INDEX).read_text(encoding="utf-8"))["docs"]:
        page, _, fragment = doc["location"].partition("#")
        above = [*above[: depth[doc["location"]] - 1], doc["title"]] if fragment else [doc["title"]]
        if page.startswith(PARTS) and page != ITSELF and len(doc["text"]) >= LEAST:
            found.append({"page": page, "id": fragment, "path": above, "text": doc["text"]})
    return found


ASK = """
import { Engine } from "./overrides/search/engine.mjs";
let text = "";
for await (const part of process.stdin) text += part;
const { docs, synonyms, asks } = JSON.parse(text);
const found = {};
for (const [name, names] of [["as it is", synonyms], ["without synonyms", {}]]) {
  const engine = new Engine(docs, names);
  found[name] = {};
  for (const ask of asks) {
    const items = engine.search(ask).items.flat().sort((a, b) => b.score - a.score);
    found[name][ask] = items.slice(0, 20).map((item) => item.location);
  }
}
console.log(JSON.stringify(found, null, 1));
"""


def answers(site: Path, taken: list[dict[str, Any]], asks: list[str]) -> str:
    """What the book's search finds among the taken sections for each question, with its synonyms and without: JSON, best first."""
    index = json.loads((site / search.INDEX).read_text(encoding="utf-8"))
    addresses = {section["page"] + (f"#{section['id']}" if section["id"] else "") for section in taken}
    docs = [doc for doc in index["docs"] if doc["location"] in addresses]
    stdin = json.dumps({"docs": docs, "synonyms": index["synonyms"], "asks": asks})
    return node.run("--input-type=module", "--eval", ASK, stdin=stdin)


def write(site: Path, file: Path = FILE, answered: Path = ANSWERS) -> str:
    """Write the snapshot of the built site, and what its search answers; says what the snapshot holds."""
    taken = sections(site)
    lines = [json.dumps(section, ensure_ascii=False) for section in taken]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    asks = [row["ask"] for row in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    answered.write_text(answers(site, taken, asks), encoding="utf-8")
    name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    return f"{len(lines)} sections, {file.stat().st_size / 1e6:.2f} MB, in {name}"
