"""After the build: links, promised ids, forwarding addresses and the Content-Security-Policy of a site in a folder."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from handbook import bank, checked, hooks, ids, links, search, site
from handbook.errors import BookError
from handbook.grammar import Prompt
from handbook.html import pages

URL = "https://book.example/handbook/"
Write = Callable[..., Path]


def page(body: str, head: str = "") -> str:
    return f"<!doctype html>\n<html><head><meta charset='utf-8'><title>x</title>{head}</head><body>{body}</body></html>"


TARGET = page(
    '<article><h1 id="a">A</h1><a name="raw"></a><a id="both" name="both"></a><details><p id="inside">x</p></details><p id="höhe">y</p></article>'
)


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., list[str]]:
    """Write a page `one/deep/` (or others) into a small site and return what is wrong with its links."""

    def check(body: str = "", head: str = "", **files: str) -> list[str]:
        all_files = {
            "index.html": page('<p id="top">x</p>'),
            "one/index.html": TARGET,
            "one/deep/index.html": page(body, head),
            "one/pic.png": "png",
            "file.txt": "text",
            **files,
        }
        for name, text in all_files.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return links.broken(tmp_path / "site", URL)

    return check


FAULTS = [
    ('<a href="../nosuch/">x</a>', "`../nosuch/` leads to no file"),
    ('<a href="../../nosuch.html">x</a>', "leads to no file"),
    ('<a href="../one.md">x</a>', "leads to no file"),
    ('<a href="../#nosuch">x</a>', "`../#nosuch` has no such anchor on one/"),
    ('<a href="#nosuch">x</a>', "has no such anchor on one/deep/"),
    ('<a href="../index.html#nosuch">x</a>', "has no such anchor"),
    ('<a href="../../one">x</a>', "lacks its closing slash"),
    ('<a href="../../one#a">x</a>', "lacks its closing slash"),
    ('<a href="/one/">x</a>', "leaves the site's base path /handbook/"),
    ('<a href="/handbook/nosuch/">x</a>', "leads to no file"),
    (f'<a href="{URL}nosuch/">x</a>', "leads to no file"),
    (f'<a href="{URL}one/#nosuch">x</a>', "has no such anchor"),
    ('<a href="../../../other/">x</a>', "leads out of the site"),
    ('<a href="javascript:void(0)">x</a>', "runs a script from a link"),
    ('<img src="../nosuch.png" alt="">', "leads to no file"),
    ('<img srcset="../pic.png 1x, ../nosuch.png 2x" src="../pic.png" alt="">', "`../nosuch.png` leads to no file"),
    ('<a href="../nosuch.txt" download>x</a>', "leads to no file"),
    ('<img src="https://cdn.example/x.png" alt="">', "is loaded from another origin"),
    ('<script src="https://cdn.example/x.js"></script>', "is loaded from another origin"),
    ('<script src="//cdn.example/x.js"></script>', "is loaded from another origin"),
    ('<iframe src="https://cdn.example/"></iframe>', "is loaded from another origin"),
    ('<svg><image href="https://cdn.example/x.png"/></svg>', "is loaded from another origin"),
    ('<svg><use href="#nosuch"/></svg>', "has no such anchor"),
    ('<video poster="https://cdn.example/x.png"></video>', "is loaded from another origin"),
    ('<form action="../nosuch/"></form>', "leads to no file"),
    ('<p id="twice">x</p><p id="twice">y</p>', "the id `twice` stands twice"),
    ('<p id="twice">x</p><a name="twice"></a>', "the id `twice` stands twice"),
]


@pytest.mark.parametrize(("body", "says"), FAULTS, ids=[body for body, _ in FAULTS])
def test_a_planted_fault_is_found(built: Callable[..., list[str]], body: str, says: str) -> None:
    (problem,) = built(body)
    assert problem.startswith("one/deep/: ")
    assert says in problem


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<link rel="alternate stylesheet" href="https://cdn.example/x.css">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<link rel="icon" href="https://cdn.example/x.png">',
        '<link rel="stylesheet" href="../nosuch.css">',
    ],
)
def test_a_fault_in_the_head_is_found(built: Callable[..., list[str]], head: str) -> None:
    assert len(built("", head)) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<a href="../">x</a><a href="..">x</a><a href="../#a">x</a><a href="../#raw">x</a><a href="../#both">x</a>',
        '<a href="../#inside">x</a><a href="../#h%C3%B6he">x</a><a href="../#höhe">x</a>',
        '<a href="../index.html#a">x</a><a href="../../">x</a><a href="../../#top">x</a><a href="../../index.html">x</a>',
        '<a href=".">x</a><a href="./">x</a><a href="">x</a><a href="#">x</a><a href="?q=x">x</a><a href="../?q=x#a">x</a>',
        f'<a href="/handbook/one/#a">x</a><a href="{URL}one/">x</a><a href="{URL}">x</a>',
        '<a href="https://other.example/nosuch/#x">x</a><a href="//other.example/">x</a>',
        '<a href="mailto:a@b.example">x</a><a href="tel:1">x</a><img src="data:image/png;base64,xx" alt="">',
        '<a href="/handbook/one/deep/../#a">x</a><a href="/handbook/./one/">x</a>',
        '<a href="../pic.png">x</a><img src="../pic.png" alt=""><a href="../../file.txt#L3">x</a>',
        '<a href="../#:~:text=x">x</a><a>no link</a>',
        '<p id="one">x</p><p id="one_1">y</p><svg><g id="g"/><use href="#g"/></svg>',
        '<script>var a = \'<a href="nosuch/">\'</script><!-- <a href="nosuch/">x</a> -->',
    ],
)
def test_no_false_alarm(built: Callable[..., list[str]], body: str) -> None:
    assert (
        built(body, f'<link rel="canonical" href="{URL}one/deep/"><link rel="license" href="https://cc.example/by/">')
        == []
    )


def test_404_is_shown_at_any_depth(built: Callable[..., list[str]]) -> None:
    good = page(f'<a href="/handbook/one/#a">x</a><a href="{URL}">y</a><a href="#x" id="x">z</a>')
    assert built(**{"404.html": good}) == []
    assert built(**{"404.html": page('<a href="one/">x</a>')}) == [
        "404.html: `one/` is relative, and 404.html is shown at any depth; write an absolute link"
    ]
    assert built(**{"404.html": page('<a href="/handbook/nosuch/">x</a>')}) == [
        "404.html: `/handbook/nosuch/` leads to no file"
    ]


# Promised ids


def test_what_a_page_promises(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/index.html").write_text(
        page(
            '<nav id="menu"></nav><article><h1 id="a">A</h1><a class="alias" id="old"></a><p id="__n1"></p><li id="fn:1"></li>'
            '<sup id="fnref:1"></sup><figure id="fig-x"><svg id="s"><g id="g"/></svg></figure></article><p id="foot"></p>'
        ),
        encoding="utf-8",
    )
    assert ids.published(tmp_path) == {"one/", "one/#a", "one/#old", "one/#fig-x"}


def test_the_home_page_promises_too(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(page('<article><h2 id="map">Map</h2></article>'), encoding="utf-8")
    assert ids.published(tmp_path) == {"/", "/#map"}


def test_a_moved_page_keeps_its_promises(tmp_path: Path) -> None:
    for name, text in {
        "new/index.html": TARGET,
        "old/index.html": site.forward("old/", "new/", "x", URL),
        "q/p/index.html": site.forward("q/p/", "new/#a", "x", URL),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    offered = ids.published(tmp_path)
    assert {"old/", "old/#a", "old/#inside", "q/p/", "new/#a"} <= offered
    gone, new = ids.compare(offered, ["old/", "old/#a", "old/#gone", "q/p/"])
    assert gone == ["old/#gone"]
    assert "q/p/#a" not in new
    assert "new/#a" in new


def test_a_renamed_id_is_missed_and_an_alias_saves_it() -> None:
    promised = ["one/", "one/#old"]
    assert ids.compare({"one/", "one/#new"}, promised) == (["one/#old"], ["one/#new"])
    assert ids.compare({"one/", "one/#new", "one/#old"}, promised) == ([], ["one/#new"])


def test_promises_are_only_ever_appended(tmp_path: Path) -> None:
    path = tmp_path / "book/ids.txt"
    ids.append(["one/", "one/#b"], path)
    first = path.read_text()
    assert first.startswith("# ")
    ids.append(["one/#a"], path)
    assert path.read_text() == first + "one/#a\n"
    assert ids.listed(path) == ["one/", "one/#b", "one/#a"]
    path.write_text(path.read_text().rstrip("\n"))  # an editor that cuts the last newline
    ids.append(["two/"], path)
    assert ids.listed(path) == ["one/", "one/#b", "one/#a", "two/"]
    assert ids.listed(tmp_path / "nosuch.txt") == []


# The policy


def hashed(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(text: str) -> str:
    (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return found


def test_every_inline_script_is_allowed_by_its_hash_and_nothing_else() -> None:
    text = page(
        '<script>a()</script><script src="x.js"></script><script type="application/json">{"a": 1}</script>'
        '<script type="application/ld+json">{}</script><SCRIPT data-src="y">b()\n</SCRIPT><script>a()</script>'
        '<script type="module">ä()</script>'
    )
    allowed = re.search(r"script-src ([^;]*);", policy(site.with_policy(text)))
    assert allowed is not None
    assert allowed[1].split() == ["'self'", hashed("a()"), hashed("b()\n"), hashed("ä()")]
    assert "unsafe-eval" not in policy(site.with_policy(text))


def test_the_policy_comes_right_behind_the_charset_and_before_any_script() -> None:
    text = site.with_policy(page("", "<script>a()</script>"))
    assert text.index("charset") < text.index("Content-Security-Policy") < text.index("<script>")
    assert text.encode().index(b"charset") < 1024


@pytest.mark.parametrize("head", ["<head>", '<head data-x="1 2">', "<head\n class=x>", "<HEAD>"])
def test_the_head_may_be_written_in_many_ways(head: str) -> None:
    text = site.with_policy(f"<html>{head}<title>x</title><header>x</header></html>")
    assert text.index("Content-Security-Policy") < text.index("<title>")


def test_it_is_idempotent_and_follows_the_script() -> None:
    once = site.with_policy(page("<script>a()</script>"))
    assert site.with_policy(once) == once
    changed = site.with_policy(once.replace("a()", "b()"))
    assert hashed("b()") in policy(changed)
    assert hashed("a()") not in changed
    with pytest.raises(ValueError, match="no <head>"):
        site.with_policy("<p>x</p>")


# Forwarding


def with_icon(root: Path) -> Path:
    """The folder of a site, with the icon that the theme puts there."""
    (root / "assets/images").mkdir(parents=True, exist_ok=True)
    (root / "assets/images/favicon.svg").write_text("<svg/>", encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("address", "target", "relative"),
    [
        ("q/high-auc/", "chapters/metrics/#high-auc", "../../chapters/metrics/#high-auc"),
        ("chapters/old/", "chapters/new/", "../new/"),
        ("chapters/metrics/old/", "chapters/metrics/", "../"),
        ("old/", "", "../"),
        ("a/b/c/", "a/x/y/#z", "../../x/y/#z"),
    ],
)
def test_a_forwarding_page_leads_to_its_target(tmp_path: Path, address: str, target: str, relative: str) -> None:
    text = site.forward(address, target, 'A "title" <b>', URL)
    assert f'url={relative}"' in text
    assert f'<a href="{relative}">' in text
    whole, _, _ = target.partition("#")
    assert f'<link rel="canonical" href="{URL}{whole}" data-target="{target}">' in text
    assert "noindex" not in text, "it would contradict the canonical address"
    assert "<b>" not in text
    icon = re.search(r'rel="icon" href="([^"]+)"', text)  # without it browsers ask for /favicon.ico, in vain
    assert icon
    assert posixpath.normpath(address + icon[1]) == "assets/images/favicon.svg"
    for name, body in ((address, text), (target.partition("#")[0], page('<p id="high-auc"></p><p id="z"></p>'))):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "index.html").write_text(body, encoding="utf-8")
    assert links.broken(with_icon(tmp_path), URL) == []
    assert next(p for p in pages(tmp_path) if p.address == address).is_redirect


PROMPT = Prompt(
    "new-id", "Title", "Q?", "decision", "mid", ("mle",), 5, "b", "a", "chapters/metrics/index.md", 3, ("old-id",)
)


def test_prompts_and_moved_pages_have_addresses_that_stay() -> None:
    assert site.forwards([PROMPT], {"chapters/old/": "chapters/roles.md"}) == {
        "q/new-id/": ("chapters/metrics/#new-id", "Title"),
        "q/old-id/": ("chapters/metrics/#new-id", "Title"),
        "chapters/old/": ("chapters/roles/", "chapters/roles.md"),
    }


def test_moved_from(book: Write) -> None:
    root = book(**{"docs/a.md": "---\nmoved_from: [old/, chapters/old-name/]\n---\n# A\n", "docs/b.md": "# B\n"})
    assert site.moved_pages(root / "docs") == {"old/": "a.md", "chapters/old-name/": "a.md"}


@pytest.mark.parametrize(
    "bad", ["chapters/old/", "[chapters/old]", "[/chapters/old/]", "[https://x.example/]", "[old.md]", "[../x/]", "5"]
)
def test_a_malformed_moved_from(book: Write, bad: str) -> None:
    root = book(**{"docs/a.md": f"---\nmoved_from: {bad}\n---\n# A\n"})
    with pytest.raises(
        BookError,
        match=r"docs/a.md:1: `moved_from: .*` is no list of addresses; write `moved_from: \[chapters/old-name/\]`",
    ):
        site.moved_pages(root / "docs")


def test_two_pages_can_not_have_moved_from_one(book: Write) -> None:
    root = book(
        **{"docs/a.md": "---\nmoved_from: [old/]\n---\n# A\n", "docs/b.md": "---\nmoved_from: [old/]\n---\n# B\n"}
    )
    with pytest.raises(BookError, match=r"docs/b.md:1: `moved_from: old/` stands on docs/a.md too"):
        site.moved_pages(root / "docs")


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bank, "read", lambda *_: [PROMPT])
    monkeypatch.setattr(site, "moved_pages", lambda *_: {"chapters/old/": "chapters/metrics/index.md"})
    out = tmp_path / "out"
    (out / "chapters/metrics").mkdir(parents=True)
    (out / "chapters/metrics/index.html").write_text(page('<p id="new-id"></p><script>a()</script>'), encoding="utf-8")
    return out


def test_finishing_a_site_twice_changes_nothing_more(finished: Path) -> None:
    assert site.finish(finished, URL) == 4
    first = {p.address: p.text for p in pages(finished)}
    assert set(first) == {"chapters/metrics/", "chapters/old/", "q/new-id/", "q/old-id/"}
    assert all(policy(text) for text in first.values())
    assert links.broken(with_icon(finished), URL) == []
    assert site.finish(finished, URL) == 4
    assert {p.address: p.text for p in pages(finished)} == first


def test_a_page_in_the_way_of_a_forwarding_address(finished: Path) -> None:
    (finished / "chapters/old").mkdir()
    (finished / "chapters/old/index.html").write_text(page("real"), encoding="utf-8")
    with pytest.raises(BookError, match="site/chapters/old/: a page stands where a forwarding address should"):
        site.finish(finished, URL)


# While serving


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimpleNamespace]:
    """A page with this text, built a while ago; the snippet and the figure are as old as given."""
    import os

    monkeypatch.setattr(hooks, "SERVING", True)
    monkeypatch.setattr(hooks, "SNIPPETS", tmp_path / "snippets")
    monkeypatch.setattr(checked, "SNIPPETS", tmp_path / "snippets")
    monkeypatch.setattr(hooks, "DOCS", tmp_path / "docs")

    def make(text: str, edited: str = "") -> SimpleNamespace:
        for name in (
            "snippets/m/x.py",
            "snippets/outputs/x.txt",
            "docs/figures/m/x.svg",
            "docs/a.md",
            "site/a/index.html",
        ):
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text if name == "docs/a.md" else "x = 1", encoding="utf-8")
            os.utime(file, (1000, 1000) if name != "site/a/index.html" else (2000, 2000))
        if edited:
            os.utime(tmp_path / edited, (3000, 3000))
        built = tmp_path / "site/a/index.html"
        file = SimpleNamespace(abs_src_path=str(tmp_path / "docs/a.md"), abs_dest_path=str(built))
        hooks.on_files(SimpleNamespace(documentation_pages=lambda: [file]), None)
        return SimpleNamespace(is_built=built.is_file())

    return make


SHOWS = {
    '```python\n--8<-- "m/x.py:s"\n```': "snippets/m/x.py",
    '```text\n--8<-- "outputs/x.txt"\n```': "snippets/outputs/x.txt",
    "{{1 = m.x.f()}}": "snippets/m/x.py",
    "![x](../figures/m/x.svg)": "docs/figures/m/x.svg",
}


@pytest.mark.parametrize(("text", "shown"), SHOWS.items())
@pytest.mark.parametrize("edited", sorted(set(SHOWS.values())))
def test_a_page_is_built_again_when_what_it_shows_was_edited(
    serving: Callable[..., SimpleNamespace], text: str, shown: str, edited: str
) -> None:
    assert serving(text).is_built
    assert serving(text, edited).is_built == (edited != shown)


def test_a_page_that_shows_no_code_is_left_alone(serving: Callable[..., SimpleNamespace]) -> None:
    assert serving("# Plain\n", "snippets/m/x.py").is_built


def test_a_build_that_does_not_serve_removes_nothing(
    serving: Callable[..., SimpleNamespace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "SERVING", False)
    assert serving("{{1 = m.x.f()}}", "snippets/m/x.py").is_built


def test_search_is_made_from_every_built_page_however_few_were_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search.bank, "read", list)
    monkeypatch.setattr(search.bank, "sources", lambda: ["b.md", "index.md"])
    monkeypatch.setattr(search.node, "search_bundle", lambda: tmp_path / "search-worker-1.js")
    (tmp_path / "search-worker-1.js").write_text("worker")
    path = tmp_path / "site/search/search_index.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"config": {"lang": ["en"]}, "docs": ["of the page that was built again"]}')
    (tmp_path / "site/index.html").write_text(
        '<article><a class="md-content__button">Edit</a><h1 id="a">A</h1><p>One &lt; <em>two</em>.</p><h2 id="c">C '
        '<code>x</code><a class="headerlink">¶</a></h2><ul><li>x</li><li>y<svg><text>drawn</text></svg></li></ul>'
        '<h3 id="gone" data-search-exclude="">Out</h3><p>out</p><h3 id="d">D</h3><details data-search-exclude=""><p>how</p>'
        "</details><section><h4 id='e'>E</h4><p>deep</p></section></article>"
    )
    (tmp_path / "site/b").mkdir()
    (tmp_path / "site/b/index.html").write_text("<article><h1>B</h1></article>")
    search.finish(tmp_path / "site")
    assert json.loads(path.read_text())["docs"] == [
        {"location": "b/", "title": "B", "text": ""},
        {"location": "", "title": "A", "text": "One < two."},
        {"location": "#c", "title": "C x", "text": "x\ny"},
        {"location": "#d", "title": "D", "text": "E\ndeep"},
    ]
    assert json.loads(path.read_text())["config"] == {"lang": ["en"]}
    assert (tmp_path / "site/assets/javascripts/search-worker-1.js").read_text() == "worker"
