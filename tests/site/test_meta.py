"""What search engines and link previews find on the built site, and that a reader's report arrives in a form that takes it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from handbook import bank, dates, meta, preview
from handbook.html import BuiltPage, pages
from lxml import etree

FORMS = Path(".github") / "ISSUE_TEMPLATE"


@pytest.fixture(scope="module")
def built(site: Path) -> list[BuiltPage]:
    return list(pages(site))


def told(page: BuiltPage, name: str) -> list[str]:
    return [str(found) for found in page.tree.xpath("//meta[@name=$name or @property=$name]/@content", name=name)]


def test_every_page_has_its_own_description(built: list[BuiltPage]) -> None:
    own = [page for page in built if not page.is_redirect and page.address != "404.html"]
    assert len(own) > 50
    assert {page.address: len(told(page, "description")) for page in own} == {page.address: 1 for page in own}
    assert not [
        (page.address, said)
        for page in own
        for said in told(page, "description")
        if not 50 <= len(said) <= meta.LONGEST
    ]
    twice = [said for said, count in Counter(told(page, "description")[0] for page in own).items() if count > 1]
    assert twice == []


def test_every_page_has_one_address_and_a_preview_that_names_it(
    built: list[BuiltPage], site: Path, site_url: str
) -> None:
    shown = {page.address for page in built if not page.is_redirect}
    for page in built:
        canonical = [str(found) for found in page.tree.xpath("//link[@rel='canonical']/@href")]
        if page.address == "404.html":
            assert (canonical, told(page, "og:url"), told(page, "robots")) == ([], [], ["noindex"])
            continue
        assert told(page, "og:url") == [site_url + page.address]
        assert told(page, "og:image") == [site_url + preview.PATH]
        assert told(page, "twitter:card") == ["summary_large_image"]
        assert len(told(page, "og:title")[0]) > 3, page.address
        if page.is_redirect:
            assert (told(page, "robots"), len(canonical)) == ([], 1), page.address
            assert canonical[0].removeprefix(site_url) in shown, (
                "a page that the sitemap lists, so none with a fragment"
            )
        else:
            assert (canonical, told(page, "robots")) == ([site_url + page.address], [])
    assert (site / preview.PATH).read_bytes() == preview.picture(len(bank.read()))


def test_the_sitemap_lists_every_page_with_the_day_git_knows(built: list[BuiltPage], site: Path, site_url: str) -> None:
    tree = etree.parse(str(site / "sitemap.xml"))
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = {
        str(url.findtext("s:loc", namespaces=spaces)): url.findtext("s:lastmod", namespaces=spaces)
        for url in tree.xpath("//s:url", namespaces=spaces)
    }
    assert set(listed) == {
        site_url + page.address for page in built if not page.is_redirect and page.address != "404.html"
    }
    if dates.changed("docs/reference/glossary.md"):  # in a repository every page has a day
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day or "") for day in listed.values())
    assert (site / "robots.txt").read_text(encoding="utf-8").splitlines()[-1] == f"Sitemap: {site_url}sitemap.xml"


def test_what_a_report_link_fills_in_is_a_field_of_the_form_that_it_opens(built: list[BuiltPage], root: Path) -> None:
    fields = {}
    for file in (root / FORMS).glob("*.yml"):
        body = yaml.safe_load(file.read_text(encoding="utf-8")).get("body", [])
        fields[file.name] = {str(field["id"]) for field in body if "id" in field}
    opened: Counter[str] = Counter()
    for page in built:
        for link in re.findall(r'href="([^"]*/issues/new\?[^"]*)"', page.text):
            query = parse_qs(urlsplit(link.replace("&amp;", "&")).query, strict_parsing=True)
            (form,) = query.pop("template")
            assert form in fields, f"{page.address}: {form}"
            assert set(query) <= fields[form], f"{page.address}: {link}"
            opened[form] += 1
    assert set(opened) == {"error.yml", "unclear.yml", "link.yml"}
    assert opened["error.yml"] > len(bank.read()), "one a prompt, and one a page"


def test_what_may_be_cached_for_a_year_has_a_hash_in_its_name(site: Path, root: Path) -> None:
    """The rules that CONTRIBUTING.md gives for nginx and for `_headers`, held against the files."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = ["/" + path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    rule = re.search(r'"~(\^/assets/[^"]*)"', text)
    assert rule
    kept = {name for name in names if re.search(rule[1], name)}
    hashed = {name for name in names if re.search(r"[.-][0-9a-f]{8,}\.", name)}
    assert kept == hashed
    splats = re.findall(r"^(/assets/\S+)\*\n  Cache-Control", text, re.M)
    fitting = {name for name in names if name.startswith(tuple(splats))}
    assert fitting <= hashed
    assert len(splats) == 4
    assert all(any(name.startswith(splat) for name in names) for splat in splats)
