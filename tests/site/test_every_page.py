"""What holds on every page: no violation of WCAG 2.2 AA, no sideways scrolling, a policy in force, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from handbook.html import pages
from handbook.site import script_hashes
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOR_RULES = ["color-contrast", "link-in-text-block"]


def addresses(site: Path) -> list[str]:
    """All but the redirects, and 404.html, whose links are absolute: it has a test of its own."""
    return [page.address for page in pages(site) if not page.is_redirect and page.address != "404.html"]


def is_further_plan(address: str) -> bool:
    return address.startswith("plan/") and address not in ("plan/", "plan/mle-four-weeks/")


def violations(page: Page, axe: str, rules: list[str] | None = None) -> list[str]:
    page.evaluate(axe)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    return [
        f"{v['id']}: {n['target']} {n.get('failureSummary', '')[:300]}" for v in found["violations"] for n in v["nodes"]
    ]


def wider_than_the_screen(page: Page) -> str:
    """What sticks out, answers open, or nothing."""
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if size[0] <= size[1]:
        return ""
    widest = page.evaluate(
        "w => [...document.querySelectorAll('article *')].filter(e => e.getBoundingClientRect().right > w + 1)"
        ".slice(0, 5).map(e => e.tagName + '.' + e.className)",
        size[1],
    )
    return f"{size[0]} > {size[1]} by {widest}"


# A scheme changes nothing but colors, so of a page that has passed every rule in the light, the dark asks the rules on color: of
# every third page here, of all with `make test-full`. Plans are made by one template: the longest is seen here, the others there.
# Halves, since two workers share the pages.
@pytest.mark.parametrize("half", [0, 1])
# A phone on every run; the wide pages, whose rules differ by the two sidebars only, with `make test-full`.
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_every_page_passes_axe_in_both_schemes_and_fits_a_phone(
    visit: Callable, site: Path, axe: str, width: int, half: int
) -> None:
    watched = visit(width=width, height=740)
    problems = []
    for index, address in enumerate(addresses(site)[half::2]):
        if width == 360 and is_further_plan(address):
            continue
        page = watched.open(address)
        problems += [f"{address}: {problem}" for problem in violations(page, axe)]
        if index % 3 == 0:
            page.emulate_media(color_scheme="dark")
            page.wait_for_selector("body[data-md-color-scheme=slate]")
            problems += [f"{address}, dark: {problem}" for problem in violations(page, axe, COLOR_RULES)]
        if width == 360 and (wide := wider_than_the_screen(page)):
            problems.append(f"{address}: {wide}")
        page.close()
    assert problems == []


@pytest.mark.slow
def test_further_plans_pass_axe_and_fit_a_phone(visit: Callable, site: Path, axe: str) -> None:
    watched = visit(width=360, height=740)
    problems = []
    for address in filter(is_further_plan, addresses(site)):
        page = watched.open(address)
        problems += [f"{address}: {problem}" for problem in violations(page, axe)]
        if wide := wider_than_the_screen(page):
            problems.append(f"{address}: {wide}")
        page.close()
    assert problems == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_passes_every_rule_in_the_dark(visit: Callable, site: Path, axe: str, width: int) -> None:
    watched = visit(width=width, scheme="dark")
    problems = []
    for address in addresses(site):
        page = watched.open(address)
        problems += [f"{address}: {problem}" for problem in violations(page, axe)]
        page.close()
    assert problems == []


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1280, "dark"),
        pytest.param(360, "dark", marks=pytest.mark.slow),  # the page itself is seen in dark above; here are its states
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_in_any_state(visit: Callable, axe: str, scheme: str, width: int) -> None:
    watched = visit(width=width, scheme=scheme)
    page = watched.open("chapters/metrics/classification/")
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    problems = [f"answers open: {p}" for p in violations(page, axe)]
    page.keyboard.press("/")
    page.locator("input[data-md-component=search-query]").press_sequentially("precision code")
    page.wait_for_selector(".md-search-result__link")
    page.wait_for_timeout(500)
    problems += [f"search open: {p}" for p in violations(page, axe)]
    page.close()
    if width == 360:
        page = watched.open("chapters/metrics/classification/")
        page.locator("label.md-header__button[for=__drawer]").click()
        page.wait_for_timeout(500)
        problems += [f"drawer open: {p}" for p in violations(page, axe)]
        page.close()
    page = watched.open("chapters/metrics/classification/")
    page.keyboard.press("Tab")
    problems += [f"skip link focused: {p}" for p in violations(page, axe)]
    assert problems == []


def test_axe_finds_nothing_on_404(visit: Callable, axe: str) -> None:
    watched = visit()
    page = watched.open("no/such/page/")
    assert (
        "404" in (page.title() + (page.text_content("main") or ""))
        or "not found" in (page.text_content("main") or "").lower()
    )
    assert violations(page, axe) == []
    watched.errors[:] = [e for e in watched.errors if "404 (" not in e]  # the page itself


def test_the_policy_is_in_force(visit: Callable, site: Path) -> None:
    for built in pages(site):
        policy = str(built.tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)"))
        scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
        assert "unsafe" not in scripts, built.address
        assert all(source in scripts for source in script_hashes(built.text)), built.address
        assert not built.tree.xpath("//*[@*[starts-with(name(), 'on')]]"), f"{built.address}: inline handler"
    watched = visit()
    page = watched.open("chapters/metrics/classification/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.injected = 1'; document.body.append(s) }"
    )
    assert page.evaluate("window.injected") is None
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in error for error in watched.errors)
    watched.errors.clear()  # both were meant to be refused


def test_no_page_asks_another_origin(site: Path, site_url: str) -> None:
    """What the browser tests see on the pages they open, here in the text of all pages, styles and scripts of ours."""
    for path in [*site.rglob("*.html"), *site.rglob("assets/stylesheets/*.css")]:
        text = path.read_text(encoding="utf-8")
        assert "fonts.googleapis" not in text, path
        assert "cdn." not in text, path
        assert "unpkg.com" not in text, path
    for built in pages(site):
        for value in built.tree.xpath(
            "//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon' or @rel='preload']/@href"
        ):
            assert urlsplit(str(value)).netloc in ("", urlsplit(site_url).netloc), f"{built.address}: {value}"


def test_the_site_is_readable_in_both_schemes_without_script(visit: Callable) -> None:
    for scheme in ("light", "dark"):
        page = visit(scheme=scheme, javascript=False).open("chapters/metrics/classification/")
        assert page.locator("article").is_visible()
