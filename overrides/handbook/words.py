"""What a reader reads of Markdown: for the length of a card and the minutes of a section."""

from __future__ import annotations

import re

from handbook import checked

FORMULA = re.compile(r"\$\$[\s\S]+?\$\$|\$(?=\S)[^$\n]*?(?<=\S)\$(?!\d)")  # not the text between two prices
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
UNSEEN = re.compile(r"\{[^{}]*\}|<!--.*?-->", re.S)
WORD = re.compile(r"[\w$%][\w’'.,%$-]*")


def words(text: str) -> int:
    """Words of Markdown: a checked figure by its text, a formula as one, a link or drawing by its words, attributes and comments not at all.

    >>> words("At {{9,980 = f()}} alarms and $x + 1$, from $20 to $24 or $5–$7, see [the page](a.md#b).{#fig}")
    15
    """
    text = re.sub(checked.PATTERN, lambda match: match["body"].split(" = ")[0], text)
    text = LINK.sub(r"\g<text>", FORMULA.sub("x", text))
    return len(WORD.findall(UNSEEN.sub(" ", text)))
