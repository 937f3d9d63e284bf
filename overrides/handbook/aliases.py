"""Ids that Markdown can't give: old ids of headings, which stay alive, and ids of list items, which sources are.

Input
    ## Thresholds by cost {#threshold-cost aliases="cost-threshold"}
    - Elkan, *The Foundations of Cost-Sensitive Learning*. {#src-elkan}

Output
    <a class="alias" id="cost-threshold"></a><h2 id="threshold-cost">Thresholds by cost</h2>
    <ul><li id="src-elkan">Elkan, <em>The Foundations of Cost-Sensitive Learning</em>.</li></ul>
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

ITEM_ID = re.compile(r"\s*\{#([a-z0-9-]+)\}\s*$")


class ItemIdTreeprocessor(Treeprocessor):
    """`{#id}` at the end of a list item names the item; attribute lists would want it on a line of its own."""

    def run(self, root: etree.Element) -> None:
        for item in root.iter("li"):
            last = item[0] if len(item) == 1 and item[0].tag == "p" else item
            inline = [child for child in last if child.tag not in ("ul", "ol")]
            text = inline[-1].tail if inline else last.text
            match = ITEM_ID.search(text or "")
            if match and text:
                item.set("id", match[1])
                if inline:
                    inline[-1].tail = text[: match.start()]
                else:
                    last.text = text[: match.start()]


class AliasTreeprocessor(Treeprocessor):
    """Turn the attribute `aliases` into anchors right before the element, or inside it where none may stand before."""

    def run(self, root: etree.Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                for alias in (child.attrib.pop("aliases", None) or "").split():
                    anchor = etree.Element("a", {"class": "alias", "id": alias})
                    if parent.tag in ("ul", "ol", "dl", "table", "thead", "tbody", "tr"):
                        anchor.tail, child.text = child.text, None
                        child.insert(0, anchor)
                    else:
                        parent.insert(list(parent).index(child), anchor)


class AliasExtension(Extension):
    """Registers the tree processors around attribute lists (8)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(AliasTreeprocessor(md), "handbook-aliases", 7)
        md.treeprocessors.register(ItemIdTreeprocessor(md), "handbook-item-ids", 9)


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return AliasExtension(**kwargs)
