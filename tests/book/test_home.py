"""The start page: its reading paths keep to the ways, and every page of the contents can be reached from it."""

from __future__ import annotations

import re

import pytest
from handbook import bank, config, ways

HOME = bank.body_of("index.md")


def links(text: str) -> list[str]:
    """Pages that a text links, in order."""
    return [match[1] for match in re.finditer(r"\]\(([\w/.-]+\.(?:md|ipynb))", text)]


@pytest.mark.parametrize("role", ["mle", "applied-scientist", "ai-engineer"])
def test_a_path_has_nothing_before_what_it_builds_on(role: str) -> None:
    path = links(HOME.partition(f"{{#path-{role}}}")[2].partition("\n##")[0])
    assert len(path) > 10
    assert path[0] == "chapters/roles.md"
    assert path[-1] == "chapters/answering.md"
    for place, page in enumerate(path):
        late = set(ways.all_before(page)) & set(path[place + 1 :])
        assert not late - set(path[:place]), f"{page} comes before {late}"


def test_every_page_can_be_reached() -> None:
    """From the start page, or from the first page of its folder, which the start page links."""
    home = set(links(HOME))
    for _, page in config.nav():
        folder = page.rpartition("/")[0] + "/index.md"
        if page != "index.md" and page not in home:
            assert folder in home, page
            assert page.rpartition("/")[2] in links(bank.body_of(folder)), page
