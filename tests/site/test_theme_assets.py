"""The theme's own files: light in weight, readable in both schemes, nothing fetched from elsewhere. No browser needed."""

from __future__ import annotations

import itertools
import re

import pytest
from handbook.pages import ROOT

THEME = ROOT / "overrides" / "theme"
CSS = (THEME / "assets/stylesheets/handbook.css").read_text(encoding="utf-8")
JS = (THEME / "assets/javascripts/handbook.js").read_text(encoding="utf-8")

TOKEN = re.compile(r"--([\w-]+): var\(--l, (#[0-9a-f]{6,8})\) var\(--d, (#[0-9a-f]{6,8})\);")
TOKENS = {name: {"light": light, "dark": dark} for name, light, dark in TOKEN.findall(CSS)}
CODE = [name for name in TOKENS if name.startswith("code-")]
FIGURE = [name for name in TOKENS if name.startswith("figure-")]

# What is written on what. Code also stands on the wash of a highlighted line; `paper` is also what buttons are filled with.
TEXT = [
    *itertools.product(["ink", "ink-2", "link", "accent"], ["paper", "paper-2"]),
    *itertools.product(["ink", "ink-2", *CODE], ["paper-2", "hll"]),
    *itertools.product(["ink", "link", "ink-2"], ["wash"]),
    ("ink", "mark"),
    ("ink-2", "mark"),
    ("link", "mark"),
    ("paper", "ink"),
    ("paper", "accent"),
]


def rgb(color: str, below: str = "#000000") -> list[float]:
    """Red, green and blue from 0 to 255, laid over `below` when the color is translucent."""
    parts = [int(color[i : i + 2], 16) for i in range(1, len(color), 2)]
    alpha = parts[3] / 255 if len(parts) == 4 else 1.0
    return [
        alpha * c + (1 - alpha) * b
        for c, b in zip(parts[:3], (int(below[i : i + 2], 16) for i in (1, 3, 5)), strict=True)
    ]


def contrast(front: str, back: str, below: str) -> float:
    """WCAG 2's contrast ratio."""

    def luminance(color: str) -> float:
        linear = [
            c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(color, below)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted([luminance(front), luminance(back)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#ffffff", "#000000", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_on_what_it_stands_on(scheme: str) -> None:
    paper = TOKENS["paper"][scheme]
    ratios = {(f, b): contrast(TOKENS[f][scheme], TOKENS[b][scheme], paper) for f, b in TEXT}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_of_figures_stand_out(scheme: str) -> None:
    paper = TOKENS["paper"][scheme]
    ratios = {name: contrast(TOKENS[name][scheme], paper, paper) for name in FIGURE}
    assert len(ratios) == 5
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 3} == {}


def test_weight() -> None:
    assert len(CSS.encode()) <= 21_000
    assert len(JS.encode()) <= 8_000


def test_nothing_is_fetched() -> None:
    for path in THEME.rglob("*"):
        if path.suffix in (".css", ".js", ".html", ".svg"):
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            if path.name == "plan.js":  # the calendar file of its own page, as its link has it
                assert text.count("await fetch(link.href)") == 1
                text = text.replace("await fetch(link.href)", "")
            assert not re.search(r"@import|url\(|(?:src|href)=[\"'](?:https?:)?//|fetch\(|https?://", text), path


def test_no_python_among_what_is_published() -> None:
    assert not list(THEME.rglob("*.py"))


def test_the_script_needs_no_permission_of_the_policy() -> None:
    assert not re.search(r"\beval\b|new Function|\.innerHTML|\.on\w+ ?=|setAttribute\(\"on", JS)
    for path in THEME.rglob("*.html"):
        assert not re.search(r"\son\w+=|javascript:", path.read_text(encoding="utf-8")), path
