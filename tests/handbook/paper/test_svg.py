"""Drawings on paper have the colors of the light theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from handbook.paper import svg
from lxml import html


def test_the_colors_of_figures_are_those_of_the_light_theme(root: Path) -> None:
    css = (root / "overrides/theme/assets/stylesheets/handbook.css").read_text(encoding="utf-8")
    light = dict(re.findall(r"(--[\w-]+): var\(--l, (#[0-9a-f]{6})\)", css))
    named = {
        name: light[target]
        for name, target in re.findall(r"(--figure-[\w-]+): var\((--[\w-]+)\)", css)
        if target in light
    }
    theme = {name: color for name, color in {**light, **named}.items() if name.startswith("--figure")}
    ours = {name: color for name, color in svg.VARIABLES.items() if name != "--figure-font"}
    assert ours == {**theme, "--figure-paper": "#ffffff"}, "paper is white; all else as in the theme"
    assert light["--ink"] == svg.INK


def test_an_element_without_a_place_on_paper_is_named() -> None:
    with pytest.raises(svg.UnknownTagError, match="animate"):
        svg.standing_alone(html.fragment_fromstring("<svg><animate/></svg>"))


def test_sizes_are_read_from_the_view_or_the_attributes() -> None:
    assert svg.size('<svg width="3px" height="2">') == (3.0, 2.0)
    with pytest.raises(ValueError, match="neither a viewBox"):
        svg.size("<svg>")


def label(*lines: tuple[float, str], style: str = "font-size: 10px") -> str:
    texts = "".join(
        f'<text style="{style}" transform="translate({x} {y})">{words}</text>' for y, (x, words) in enumerate(lines)
    )
    return svg.standing_alone(html.fragment_fromstring(f"<svg><g>{texts}</g></svg>"))


def test_lines_that_were_centered_in_another_font_are_centered() -> None:
    # In DejaVu Sans at 10 units, "mmmm" is 38.8 wide and "ii" 5.6: both have their middle at 20.
    drawn = label((0.6, "mmmm"), (17.2, "ii"))
    assert re.findall(r"translate\(([\d.]+) \d\)", drawn) == ["20.00", "20.00"]
    assert drawn.count("text-anchor: middle") == 2
    assert "text-anchor" not in label((0.6, "mmmm"), (0.6, "ii")), "lines that begin together stay so"
    assert "text-anchor" not in label((0.6, "mmmm"), (33.8, "ii")), "and those that end together"
    assert "text-anchor" not in label((0.6, "mmmm")), "one line has its anchor from matplotlib"
