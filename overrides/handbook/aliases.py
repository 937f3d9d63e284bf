"""Old ids stay alive: a heading may list the ids it once had.

Input
    ## Thresholds by cost {#threshold-cost aliases="cost-threshold"}

Output
    <a class="alias" id="cost-threshold"></a><h2 id="threshold-cost">Thresholds by cost</h2>
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor


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
    """Registers the tree processor right behind attribute lists (8)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(AliasTreeprocessor(md), "handbook-aliases", 7)


def makeExtension(**kwargs: Any) -> Extension:
    """Entry point of Python-Markdown."""
    return AliasExtension(**kwargs)
