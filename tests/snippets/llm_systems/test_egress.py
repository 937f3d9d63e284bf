"""Rendering and fetching, against a real parser of HTML and the tricks that addresses know."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems.egress import may_fetch, render

quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)
ADDRESSES = {"a17": "https://help.shop.example/a17?x=1&y=2", 'q"<': "https://help.shop.example/q"}
pieces = st.sampled_from(
    [
        "[[a17]]",
        "[[a99]]",
        "[[",
        "]]",
        "<img src=//e.example>",
        "![x](https://e.example/?d=1)",
        "<a href=x>",
        '"',
        "&",
        '[[q"<]]',
    ]
)
answers = st.lists(pieces | st.text(max_size=5), max_size=8).map("".join)


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@quick
@given(answers)
def test_whatever_the_model_writes_the_only_tags_are_our_links(answer: str) -> None:
    seen = Seen(render(answer, ADDRESSES))
    for tag, attributes in seen.tags:
        assert tag == "a"
        assert [name for name, _ in attributes] == ["href"]
        assert attributes[0][1] in ADDRESSES.values()


@quick
@given(st.text("ab<>&\"'![]()", max_size=20))
def test_text_without_a_known_citation_is_shown_as_it_stands(answer: str) -> None:
    assert Seen(render(answer, {})).text == answer


def test_known_and_unknown_citations() -> None:
    assert render("x [[a17]] [[a99]]", {"a17": "https://h.example/?a&b"}) == (
        'x <a href="https://h.example/?a&amp;b">a17</a> [[a99]]'
    )
    assert render("", ADDRESSES) == ""


@pytest.mark.parametrize("address", ["https://help.shop.example/a", "https://HELP.shop.example/?q=1"])
def test_listed_hosts_may_be_fetched(address: str) -> None:
    assert may_fetch(address, {"help.shop.example"})


@pytest.mark.parametrize(
    "address",
    [
        "http://help.shop.example/",
        "//help.shop.example/",
        "https://help.shop.example.evil.example/",
        "https://evilhelp.shop.example/",
        "https://help.shop.example@evil.example/",
        "https://help.shop.example:8443/",
        "https://help.shop.example:port/",
        "https://evil.example\\@help.shop.example/",
        "https://help.shop.example /",
        "https://help.shop.example./",
        "https://[::1/",
        "https://169.254.169.254/",
        "javascript:alert(1)",
        "",
    ],
)
def test_tricks_are_refused(address: str) -> None:
    assert not may_fetch(address, {"help.shop.example"})


@pytest.mark.parametrize("address", ["https://shop.example/", "https://help/", "https://help.shop.example/"])
def test_a_list_of_hosts_given_as_one_string_is_refused_not_searched(address: str) -> None:
    with pytest.raises(TypeError, match="hosts"):
        may_fetch(address, "help.shop.example")
