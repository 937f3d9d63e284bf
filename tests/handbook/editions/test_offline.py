"""A page in, the page for a folder out."""

from __future__ import annotations

import doctest
import json
import re
import zipfile
from pathlib import Path

import pytest
from handbook.editions import offline
from handbook.errors import BookError

URL = "https://example.org/book/"
KEPT = {"index.html", "a/index.html", "a/b/index.html", "a/note.ipynb", "assets/x.css", "ü ber/index.html"}


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = tmp_path / "search-page-1.js"
    bundle.write_text("0")
    monkeypatch.setattr(offline.node, "search_bundle", lambda kind: bundle)


def test_docstrings() -> None:
    assert doctest.testmod(offline).failed == 0


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("b/", "b/index.html"),
        ("b", "b/index.html"),
        ("./b/#x", "b/index.html#x"),
        ("../a/b/?h=one+two#x", "../a/b/index.html?h=one+two#x"),
        ("..", "../index.html"),
        ("../", "../index.html"),
        (".", "index.html"),
        ("note.ipynb", "note.ipynb"),
        ("../assets/x.css?v=1", "../assets/x.css?v=1"),
        ("#x", "#x"),
        ("", ""),
        ("?q=x", "?q=x"),
        ("../%C3%BC%20ber/#%C3%A4", "../%C3%BC%20ber/index.html#%C3%A4"),
        (URL, "../index.html"),
        (f"{URL}a/b/#x", "../a/b/index.html#x"),
        ("https://example.org/book", "../index.html"),
        ("/book/a/b/", "../a/b/index.html"),
        ("/other/", "https://example.org/other/"),
        ("https://example.org/bookshop/", "https://example.org/bookshop/"),
        ("../pdf/a-a4.pdf#page=3", f"{URL}pdf/a-a4.pdf#page=3"),
        ("../editions/book.zip", f"{URL}editions/book.zip"),
        ("../404.html", f"{URL}404.html"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("data:text/plain,x", "data:text/plain,x"),
        ("//example.net/x", "//example.net/x"),
    ],
)
def test_a_link(link: str, wanted: str) -> None:
    assert offline.local(link, "a/", KEPT, URL) == wanted


def test_a_link_from_the_first_page() -> None:
    assert offline.local("a/b/", "", KEPT, URL) == "a/b/index.html"
    assert offline.local(".", "", KEPT, URL) == "index.html"
    assert offline.local(f"{URL}a/", "", KEPT, URL) == "a/index.html"


@pytest.mark.parametrize("link", ["../gone/", "gone.html", f"{URL}gone/", "../../outside/"])
def test_a_link_to_nothing_is_no_link(link: str) -> None:
    with pytest.raises(BookError, match="leads to no file"):
        offline.local(link, "a/", KEPT, URL)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("<a href=b/>x</a>", '<a href="b/index.html">x</a>'),
        ("<A HREF='b/' title=\"a > b\">", '<A HREF="b/index.html" title="a > b">'),
        ('<a data-href="b/" href="#x">', None),
        ('<a href="b/?h=1&amp;k=2#x">', '<a href="b/index.html?h=1&amp;k=2#x">'),
        ('<p title="<a href=gone/>">', None),
        ("<!-- <a href=gone/> -->", None),
        ('<script>var x = "<a href=gone/>"</script>', None),
        ("<style>a{}/* <a href=gone/> */</style>", None),
        ('<link rel="canonical" href="https://example.org/book/a/">', None),
        ('<link rel="next" href="b/">', '<link rel="next" href="b/index.html">'),
        (
            '<meta http-equiv="refresh" content="0; url=b/#x">',
            '<meta http-equiv="refresh" content="0; url=b/index.html#x">',
        ),
        ('<meta name="description" content="0; url=b/">', None),
        ('<svg><use xlink:href="#x"/></svg>', None),
        (
            '<script src="../assets/x.css" data-worker="../assets/javascripts/search-worker-1.js"></script>',
            '<script src="../assets/x.css" data-script="../assets/javascripts/search-page-1.js"></script>',
        ),
    ],
)
def test_a_page(given: str, wanted: str | None) -> None:
    assert offline.page(given, "a/", KEPT, URL) == (given if wanted is None else wanted)


def test_what_it_does_not_know_is_said() -> None:
    with pytest.raises(BookError, match=r"site/a/.*srcset"):
        offline.page('<img srcset="b.png 2x">', "a/", KEPT, URL)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The smallest built site."""
    texts = {
        "index.html": '<a href="plan/p/">p</a><a href="pdf/p.pdf">paper</a>',
        "plan/p/index.html": '<p class="plan-calendar" data-first="2026-11-30">Calendar: <a href="../p.ics" download>x</a></p>',
        "reference/editions/index.html": (
            '<p class="editions">This lab as PDF: <a href="../../pdf/p.pdf">x</a></p>'
            '<div class="shelf" data-kind="offline"><ul><li>5 MB</li></ul></div><div class="shelf" data-kind="epub">y</div>'
        ),
        "plan/p.ics": "BEGIN:VCALENDAR\r\nSUMMARY:a </script> b\r\n",
        "search/search_index.json": '{"config":{},"synonyms":{"same":[]},"docs":[{"location":"","title":"é"}]}',
        **dict.fromkeys(("404.html", "sitemap.xml", "robots.txt", ".nojekyll", "figures/a.svg", "pdf/p.pdf"), "x"),
        **dict.fromkeys(("assets/javascripts/search-worker-1.js", "assets/javascripts/bundle.1.min.js"), "x"),
        **dict.fromkeys(("assets/javascripts/bundle.1.min.js.map", "assets/javascripts/lunr/min/a.js"), "x"),
    }
    for path, text in texts.items():
        file = tmp_path / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return tmp_path / "site"


def test_the_zip(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    (made,) = offline.make(site, URL)
    assert (made.path, made.kind) == ("editions/ml-interview-handbook-offline.zip", "offline")
    with zipfile.ZipFile(site / made.path) as archive:
        held = {
            entry.filename.removeprefix("ml-interview-handbook/"): archive.read(entry) for entry in archive.infolist()
        }
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 9, 21, 14, 13, 20)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
    assert list(held) == [
        "READ-ME.txt",
        "assets/javascripts/bundle.1.min.js",
        "assets/javascripts/search-page-1.js",
        "index.html",
        "plan/p.ics",
        "plan/p/index.html",
        "reference/editions/index.html",
        "search/search_index.js",
    ]
    assert held["index.html"].decode() == f'<a href="plan/p/index.html">p</a><a href="{URL}pdf/p.pdf">paper</a>'
    assert held["reference/editions/index.html"].decode() == (
        f'<p class="editions">This lab as PDF, on the web: <a href="{URL}pdf/p.pdf">x</a></p>'
        '<div class="shelf" data-kind="offline"><p>You have it. The newest is '
        f'<a href="{URL}editions/ml-interview-handbook-offline.zip">on the web</a>.</p></div>'
        '<div class="shelf" data-kind="epub">y</div>'
    )
    assert held["search/search_index.js"].decode() == (
        'handbookIndex={"synonyms":{"same":[]},"docs":[{"location":"","title":"é"}]};'
    )
    assert re.search(r"Handbook, version \d+\.\d+\.\d+, 2026-09-21\. The newest", held["READ-ME.txt"].decode())
    _, _, block = held["plan/p/index.html"].decode().partition('id="plan-calendar-file">')
    assert block.count("</script>") == 1, "what the file holds closes no script"
    assert json.loads(block.removesuffix("</script>")) == (site / "plan/p.ics").read_bytes().decode()
    first = (site / made.path).read_bytes()
    assert (offline.make(site, URL)[0].size, (site / made.path).read_bytes()) == (made.size, first)


def test_a_file_of_a_new_kind_is_decided_about(site: Path) -> None:
    (site / "talk.mp4").write_bytes(b"x")
    with pytest.raises(BookError, match=r"talk\.mp4.*KINDS"):
        offline.make(site, URL)
    assert list((site / "editions").iterdir()) == [], "nothing half made stays"
