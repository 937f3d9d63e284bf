"""Addresses are promises: `tests/book/ids.txt` lists every `address#id` ever published, and only grows.

An id may be renamed when the old one stays as an alias, and a page may move when its old address leads to the new one.
Ids that begin with `__` (line numbers, numbered notes), and footnotes, are no promises.
"""

from __future__ import annotations

import re
from pathlib import Path

from handbook.html import BuiltPage, pages
from handbook.pages import ROOT

LEDGER = ROOT / "tests" / "book" / "ids.txt"
TRANSIENT = re.compile(r"^(__|fn:|fnref)")


def permanent(page: BuiltPage) -> list[str]:
    """The ids of a page's own content that a reader may have linked to."""
    if page.article is None:
        return []
    found: list[str] = []
    for element in page.article.iter():
        id_ = element.get("id") if isinstance(element.tag, str) else None
        if id_ and not TRANSIENT.match(id_) and not _inside_drawing(element):
            found.append(str(id_))
    return found


def _inside_drawing(element: object) -> bool:
    return any(ancestor.tag == "svg" for ancestor in element.iterancestors()) or element.tag == "svg"  # type: ignore[attr-defined]


def published(site: Path) -> set[str]:
    """Every `address` and `address#id` that the built site offers; an address that forwards offers what it leads to."""
    offered: set[str] = set()
    forwards: dict[str, str] = {}
    for page in pages(site):
        if page.is_redirect:
            target = page.tree.xpath("string(//link[@rel='canonical']/@data-target)")
            forwards[page.address] = str(target)
            offered.add(page.address)
            continue
        address = page.address or "/"  # the home page
        offered.add(address)
        offered.update(f"{address}#{id_}" for id_ in permanent(page))
    for address, target in forwards.items():
        base = target.partition("#")[0] or "/"
        offered.update(address + line[len(base) :] for line in list(offered) if line.startswith(f"{base}#"))
    return offered


def listed(path: Path = LEDGER) -> list[str]:
    """The promises made so far."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [line for line in lines if line and not line.startswith("# ")]


def compare(offered: set[str], promised: list[str]) -> tuple[list[str], list[str]]:
    """What was promised and is gone, and what is new, both sorted."""
    fresh = {line for line in offered - set(promised) if not line.startswith("q/") or "#" not in line}
    return sorted(set(promised) - offered), sorted(fresh)


def append(new: list[str], path: Path = LEDGER) -> None:
    """Add promises at the end; nothing is ever rewritten."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "# Every address#id ever published. Append-only: `handbook check` adds, nothing removes.\n",
            encoding="utf-8",
        )
    text = path.read_text(encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write("" if text.endswith("\n") else "\n")
        file.writelines(f"{line}\n" for line in new)
