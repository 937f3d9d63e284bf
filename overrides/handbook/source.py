"""The page's own text, kept while it is rendered, so that a message can name the line it is about."""

from __future__ import annotations

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from handbook import grammar
from handbook.pages import lines_of


class SourcePreprocessor(Preprocessor):
    """Keeps the text as it stands in the file, code and comments blanked: nothing is ever meant there."""

    def run(self, lines: list[str]) -> list[str]:
        self.md.handbook_source = grammar.visible(lines_of("\n".join(lines)))  # type: ignore[attr-defined]
        return lines


def keep_source(md: Markdown) -> None:
    """Ask for it, once however many extensions do; before the scan (90), snippets (32) and fences (25)."""
    if "handbook-source" not in md.preprocessors:
        md.preprocessors.register(SourcePreprocessor(md), "handbook-source", 91)
