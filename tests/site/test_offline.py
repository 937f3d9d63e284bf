"""The offline copy as a reader has it: unzipped into a folder with an awkward name, opened from there in a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import icalendar
import pytest
from handbook import bank, links
from handbook.editions import offline
from playwright.sync_api import Page, expect

FIELD = "input[data-md-component=search-query]"
META = ".md-search-result__meta"
pytestmark = pytest.mark.xdist_group("offline")


@pytest.fixture(scope="module")
def made(site: Path, site_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, made from a copy of the site, which other tests are reading."""
    own = tmp_path_factory.mktemp("offline") / "site"
    shutil.copytree(site, own, copy_function=os.link)
    (result,) = offline.make(own, site_url)
    assert result.kind == "offline"
    assert result.size == (own / result.path).stat().st_size < 8_000_000
    return own / result.path


@pytest.fixture(scope="module")
def folder(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("desk") / "Bücher & Ähnliches #1, 100 %25 neu?"
    with zipfile.ZipFile(made) as archive:
        archive.extractall(place)
    assert [path.name for path in place.iterdir()] == ["ml-interview-handbook"]
    return place / "ml-interview-handbook"


@pytest.fixture(scope="module")
def server(folder: Path) -> str:
    """No server: `visit` opens files, and nothing else may be asked for."""
    return folder.as_uri() + "/"


@pytest.fixture
def visit(visit: Callable, server: str) -> Callable:
    """As everywhere; and every file that is asked for lies in the folder."""

    def make(**options: object) -> object:
        watched = visit(**options)
        watched.asked = []
        watched.context.on("request", lambda request: watched.asked.append(request.url))
        # A page that forwards stops its own loading.
        watched.context.on(
            "requestfailed",
            lambda request: (
                None if "ERR_ABORTED" in request.failure else watched.errors.append(f"{request.failure}: {request.url}")
            ),
        )
        return watched

    return make


def inside(watched: object, server: str) -> bool:
    asked = [url for url in watched.asked if not url.startswith(("data:", "blob:"))]
    return bool(asked) and all(url.startswith(server) for url in asked)


def where(page: Page, server: str) -> str:
    return page.url.removeprefix(server)


def test_the_zip_is_the_site(made: Path, site: Path, site_url: str) -> None:
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {name.split("/")[0] for name in names} == {"ml-interview-handbook"}
        held = {name.partition("/")[2] for name in names}
        read_me = archive.read("ml-interview-handbook/READ-ME.txt").decode()
    pages_built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {name for name in held if name.endswith(".html")} == pages_built - {"404.html"}
    assert {name for name in held if name.startswith("q/")} == {
        f"q/{id_}/index.html" for prompt in bank.read() for id_ in (prompt.id, *prompt.aliases)
    }
    assert {name for name in held if name.endswith(".ipynb")} == {
        path.relative_to(site).as_posix() for path in site.rglob("*.ipynb")
    }
    assert {Path(name).suffix for name in held} == {".html", ".css", ".js", ".ics", ".ipynb", ".png", ".svg", ".txt"}
    assert len(read_me.splitlines()) == 3
    assert "index.html" in read_me and site_url in read_me


def test_the_same_site_gives_the_same_bytes(made: Path, site_url: str) -> None:
    before = made.read_bytes()
    offline.make(made.parents[1], site_url)
    assert made.read_bytes() == before


def test_every_link_names_a_file_and_every_fragment_an_id(folder: Path, site: Path, site_url: str) -> None:
    assert links.broken(folder, "https://elsewhere.invalid/") == []
    counted = absolute = 0
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for link in re.findall(r'(?:<(?:a|link|img|script)\s(?:[^>]*?\s)?(?:href|src)|data-script)="([^"]*)"', text):
            parts = urlsplit(link)
            assert parts.netloc or not parts.path or Path(parts.path).suffix, f"{path}: {link}"
            counted += bool(parts.path and not parts.netloc)
            absolute += link.startswith(site_url)
        if forward := re.search(r'http-equiv="refresh" content="0; url=([^"#]*)(#[^"]*)?"', text):
            assert (path.parent / forward[1]).is_file(), f"{path}: {forward[1]}"
            assert forward[2], path
    assert counted > 10_000
    assert absolute >= len(list((site / "pdf").glob("*.pdf"))), "what stays out is led to on the web"


def test_a_reader_opens_it_follows_links_and_searches(visit: Callable, server: str) -> None:
    watched = visit()
    page = watched.open("index.html")
    expect(page.locator("h1")).to_have_text(re.compile("Handbook"))
    page.locator("article a[href*='chapters/']").first.click()
    page.wait_for_url("**/chapters/**/index.html*")
    page.goto(server + "chapters/metrics/classification/index.html#ece")
    expect(page.locator("#ece")).to_be_in_viewport()
    page.locator(".md-footer__link--next").click()
    page.wait_for_url("**/chapters/metrics/ranking/index.html")
    page.locator(".md-logo").first.click()
    page.wait_for_url("**/ml-interview-handbook/index.html")
    assert not any("search_index" in url or "search-page" in url for url in watched.asked), "before first use"

    page.wait_for_timeout(150)  # the theme looks after itself
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()
    page.locator(FIELD).press_sequentially("expected calibraton eror")
    expect(page.locator(META)).to_contain_text("for “calibration error”")
    page.locator(FIELD).fill("")
    page.locator(FIELD).press_sequentially("ECE")
    expect(page.locator(META)).to_contain_text(re.compile(r"\d matching documents?$"))
    first = page.locator(".md-search-result__link:has(h2)").first
    assert re.sub(r"\?h=[^#]*", "", str(first.get_attribute("href"))).endswith(
        "chapters/metrics/classification/index.html#ece"
    )
    first.click()
    page.wait_for_url("**/classification/index.html#ece")
    expect(page.locator("#ece")).to_be_in_viewport()
    expect(page.locator("article mark[data-md-highlight]").first).to_be_attached()
    assert inside(watched, server)


def test_colors_are_kept_from_page_to_page(visit: Callable, server: str) -> None:
    watched = visit()
    page = watched.open("chapters/roles/index.html")
    scheme = page.locator("body")
    expect(scheme).to_have_attribute("data-md-color-scheme", "default")
    for _ in range(2):
        page.locator("label.md-header__button[for^=__palette]:not([hidden])").click()
    expect(scheme).to_have_attribute("data-md-color-scheme", "slate")
    page.goto(server + "reference/glossary/index.html")
    expect(scheme).to_have_attribute("data-md-color-scheme", "slate")
    assert inside(watched, server)


def test_a_plan_is_ticked_and_dated(visit: Callable, server: str, tmp_path: Path) -> None:
    watched = visit()
    page = watched.open("plan/mle-four-weeks/index.html")
    prompt = page.get_by_role("checkbox", name=re.compile("^Done: Decision, mid: High AUC, blocked good users"))
    prompt.check()
    stored = json.loads(page.evaluate("localStorage.getItem('handbook.plan')"))["done"]
    assert list(stored) == ["chapters/metrics/classification/#high-auc-blocked-users"], "as on the web"
    page.goto(server + "plan/mle-two-weeks/index.html")
    expect(prompt).to_be_checked()
    page.get_by_label("First day").fill("2027-02-01")
    with page.expect_download() as download:
        page.get_by_role("button", name="Calendar for these dates").click()
    download.value.save_as(tmp_path / "plan.ics")
    raw = (tmp_path / "plan.ics").read_bytes()
    calendar = icalendar.Calendar.from_ical(raw)
    assert min(event["DTSTART"].dt for event in calendar.walk("VEVENT")).date().isoformat() == "2027-02-01"
    assert raw.count(b"\n") == raw.count(b"\r\n"), "line ends as RFC 5545 has them"
    assert inside(watched, server)


def test_a_permanent_address_leads_to_its_prompt(visit: Callable, server: str) -> None:
    watched = visit()
    page = watched.open("q/high-auc-blocked-users/index.html")
    page.wait_for_url("**/classification/index.html#high-auc-blocked-users")
    expect(page.locator("#high-auc-blocked-users")).to_be_in_viewport()
    assert inside(watched, server)


@pytest.mark.parametrize("missing", ["search/search_index.js", "assets/javascripts/search-page-*.js"])
def test_missing_search_is_said(visit: Callable, folder: Path, missing: str) -> None:
    (script,) = folder.glob(missing)
    away = script.rename(script.with_suffix(".away"))
    try:
        watched = visit()
        page = watched.open("index.html")
        page.wait_for_timeout(150)
        page.keyboard.press("/")
        expect(page.locator(META)).to_contain_text("could not be loaded")
        assert any(script.name in error for error in watched.errors)
        watched.errors.clear()
    finally:
        away.rename(script)
