"""The eight designs are all placed, on the side of the line that their delay says."""

from __future__ import annotations

import re

from handbook.pages import DOCS

from snippets.systems import figures_side_by_side as figures


def test_all_eight_are_placed_and_named() -> None:
    drawn = figures.delay_and_time()
    names = {text.get_text() for text in drawn.axes[0].texts}
    assert set(figures.PLACES) <= names
    pages = {path.stem for path in (DOCS / "systems").glob("*.md")} - {"index"}
    assert len(pages) == len(figures.PLACES) == 8
    assert {name for name in figures.PLACES if name != "search"} - {"support"} <= pages


def test_the_line_parts_days_from_weeks() -> None:
    line = figures.delay_and_time().axes[0].lines[0].get_xdata()[0]
    short = {name for name, (_, days, _) in figures.PLACES.items() if days < line}
    assert short == {"moderation", "forecasting", "support", "feed"}


def test_the_page_lists_every_design_in_each_table() -> None:
    text = (DOCS / "systems" / "index.md").read_text(encoding="utf-8")
    for section in ("labels", "metrics", "failures"):
        table = text.split(f"{{#{section}}}")[1].split("\n## ")[0]
        linked = set(re.findall(r"^\| \[[^\]]+\]\(([\w-]+)\.md#", table, re.M))
        assert len(linked) == 8, section
