"""Wide tables scroll in a region of their own, which the keyboard can reach, with or without script.

Input
    | threshold | alarms |
    | --------- | -----: |
    | 0.5       |     12 |

Output
    <div class="table-scroll" role="region" tabindex="0" aria-label="Table: threshold, alarms">
    <table class="data">…</table></div>

A table without a class would be wrapped by Material's script in a box that scrolls but can't be focused; `data` keeps it
away. Header cells get their scope. Where the header's first cell is empty, the first column names the rows, and its cells
become header cells too: whoever hears the table is told the row. Our own script takes `tabindex` and `role` back while nothing is cut off.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

STASHED = re.compile("\u0002[^\u0003]*\u0003")


def _name(table: etree.Element) -> str:
    """What the region is called: the table's header cells. Stashed markup (formulas) has no words to give."""
    cells = [" ".join(STASHED.sub(" ", "".join(cell.itertext())).split()) for cell in table.findall("./thead/tr/th")]
    named = ", ".join(cell for cell in cells if cell)
    return f"Table: {named}" if named else "Table"


def _name_rows(table: etree.Element) -> None:
    """An empty corner means that the first column holds names."""
    corner = table.find("./thead/tr/th")
    if corner is None or len(corner) or (corner.text or "").strip():
        return
    corner.tag = "td"  # an empty header cell names nothing
    for cell in table.findall("./tbody/tr/td[1]"):
        cell.tag = "th"
        cell.set("scope", "row")


class TableTreeprocessor(Treeprocessor):
    """Wrap every table that has no class of its own."""

    def run(self, root: etree.Element) -> None:
        for parent in list(root.iter()):
            for index, table in enumerate(list(parent)):
                if table.tag != "table" or table.get("class"):
                    continue
                table.set("class", "data")
                _name_rows(table)
                for cell in table.findall("./thead/tr/th"):
                    cell.set("scope", "col")
                box = etree.Element(
                    "div", {"class": "table-scroll", "role": "region", "tabindex": "0", "aria-label": _name(table)}
                )
                box.tail, table.tail = table.tail, "\n"
                box.append(table)
                parent[index] = box


class TableExtension(Extension):
    """Registers the tree processor behind inline parsing, so that names are words and not their markup."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(TableTreeprocessor(md), "handbook-tables", 6)


def makeExtension(**kwargs: object) -> Extension:
    """Entry point of Python-Markdown."""
    return TableExtension(**kwargs)
