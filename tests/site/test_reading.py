"""What a reader does, in a real browser: read, search, follow a link to a prompt, answer by keyboard, print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from handbook import bank
from handbook.html import pages
from playwright.sync_api import Page, expect

PROMPT = "high-auc-blocked-users"
CHAPTER = "chapters/metrics/classification/"


def search(page: Page, text: str) -> list[str]:
    """Type into the search field and return the links of the results, best first."""
    page.keyboard.press("/")
    field = page.locator("input[data-md-component=search-query]")
    expect(field).to_be_focused()
    field.clear()
    field.press_sequentially(text)
    meta = page.locator(".md-search-result__meta")
    expect(meta).to_contain_text(re.compile("match"))
    links = page.locator(".md-search-result__link")
    before: list[str] = []
    for _ in range(20):  # results come with the keystrokes: wait until they stay
        now = links.evaluate_all("links => links.map(a => a.href)")
        if now and now == before:
            return now
        before = now
        page.wait_for_timeout(150)
    return before


def path_of(link: str, server: str) -> str:
    """A result's address relative to the site, without the terms that search adds to it."""
    parts = urlsplit(link)
    return parts.path.removeprefix(urlsplit(server).path) + (f"#{parts.fragment}" if parts.fragment else "")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("blocked good users", f"{CHAPTER}#{PROMPT}"),  # a prompt's title
        ("predictive value prevalence", CHAPTER),  # a section
        ("prompt bank", "practice/"),
    ],
)
def test_search_finds_sections_and_prompts(visit: Callable, server: str, query: str, wanted: str) -> None:
    page = visit().open()
    found = [path_of(link, server) for link in search(page, query)]
    assert any(link.startswith(wanted) for link in found[:3]), found[:5]


def test_search_reads_question_and_answer(visit: Callable, server: str) -> None:
    """By words that stand in this prompt alone: three of its question, three of its answer."""
    prompt = next(p for p in bank.read() if p.id == PROMPT)
    book = " ".join(bank.body_of(page) for page in bank.sources()).lower()

    def rare(text: str) -> str:
        words = set(re.findall(r"(?<![\w#/-])[a-z]{6,}(?![\w.(/-])", re.sub(r"\{\{.*?\}\}", "", text).lower()))
        # Rare with all its forms, as search reads them: "shifted" is not rare where "shift" is not.
        return " ".join(sorted(words, key=lambda w: (book.count(w[:5]), w))[:3])

    page = visit().open()
    for terms in (rare(prompt.question), rare(prompt.answer)):
        found = [path_of(link, server) for link in search(page, terms)]
        assert f"{CHAPTER}#{PROMPT}" in found[:3], (terms, found[:5])


def test_a_search_result_lands_on_the_prompt(visit: Callable, server: str) -> None:
    page = visit().open()
    search(page, "High AUC blocked good users")
    page.locator(f".md-search-result__link[href*='#{PROMPT}']").first.click()
    page.wait_for_url(f"**#{PROMPT}")
    expect(page.locator(f"h3#{PROMPT}")).to_be_in_viewport()


def test_the_bank_does_not_crowd_search(visit: Callable, server: str) -> None:
    page = visit().open()
    for query in ("threshold", "calibration", "debugging senior MLE"):
        found = [path_of(link, server) for link in search(page, query)]
        assert sum(link.startswith("practice/") for link in found[:5]) <= 1, found[:5]


def test_a_prompt_opens_by_its_link(visit: Callable, server: str) -> None:
    watched = visit(width=360)
    page = watched.open(f"{CHAPTER}#{PROMPT}")
    heading = page.locator(f"h3#{PROMPT}")
    expect(heading).to_be_in_viewport()
    section = page.locator("section.prompt", has=heading)
    expect(section.locator(".prompt-question")).to_be_visible()
    expect(section.locator("details.answer")).not_to_have_attribute("open", "")
    # The permanent address that survives a move
    page.goto(f"{server}q/{PROMPT}/")
    page.wait_for_url(f"**/{CHAPTER}#{PROMPT}")
    expect(heading).to_be_in_viewport()


def test_every_permanent_address_leads_to_its_prompt(site: Path) -> None:
    built = {page.address: page for page in pages(site)}
    for prompt in bank.read():
        forward = built[f"q/{prompt.id}/"]
        target = str(forward.tree.xpath("string(//link[@rel='canonical']/@data-target)"))
        address, _, fragment = target.partition("#")
        assert fragment == prompt.id
        assert prompt.id in built[address].ids


def test_an_answer_opens_by_keyboard_and_stays_inside_its_disclosure(visit: Callable) -> None:
    page = visit().open(f"{CHAPTER}#{PROMPT}")
    section = page.locator("section.prompt", has=page.locator(f"h3#{PROMPT}"))
    summary = section.locator("details.answer > summary")
    last = section.get_by_text("Go deeper.")  # the answer's last part, wherever it landed
    expect(last).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(last).to_be_visible()
    page.keyboard.press("Space")
    expect(last).to_be_hidden()


def test_links_are_copied(visit: Callable, server: str) -> None:
    watched = visit(permissions=["clipboard-read", "clipboard-write"])
    page = watched.open(CHAPTER)
    for id_ in (PROMPT, "practice"):
        link = page.locator(f"#{id_} > a.headerlink")
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#{id_}")
        expect(page.locator("[aria-live=polite]", has_text=re.compile("copied", re.I)).first).to_be_attached()
        assert page.evaluate("navigator.clipboard.readText()") == f"{server}{CHAPTER}#{id_}"


def test_all_answers_open_and_close_at_once(visit: Callable) -> None:
    page = visit().open(CHAPTER)
    total = page.locator("details.answer").count()
    assert total >= 6
    page.get_by_role("button", name=re.compile("(expand|open) all", re.I)).first.click()
    expect(page.locator("details.answer[open]")).to_have_count(total)
    page.get_by_role("button", name=re.compile("(collapse|close) all", re.I)).first.click()
    expect(page.locator("details.answer[open]")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_answers_are_open_in_print(visit: Callable, javascript: bool) -> None:
    page = visit(javascript=javascript).open(CHAPTER)
    page.emulate_media(media="print")
    if javascript:
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    heights = [box.bounding_box() for box in page.locator("details.answer [data-part=go-deeper]").all()]
    assert len(heights) >= 6
    assert all(box and box["height"] > 10 for box in heights)
    numbers = page.locator("details.how-numbers li").first.bounding_box()
    assert numbers and numbers["height"] > 5


def test_a_checked_figure_shows_how_it_came_about(visit: Callable) -> None:
    page = visit().open(CHAPTER)
    number = page.locator("a.checked").first
    number.focus()
    page.keyboard.press("Enter")
    target = page.locator(f"[id='{(number.get_attribute('href') or '#')[1:]}']")
    expect(target).to_be_visible()
    expect(target).to_be_in_viewport()
    assert (number.text_content() or "") in (target.text_content() or "")


def test_a_page_is_complete_without_script(visit: Callable) -> None:
    page = visit(javascript=False).open(CHAPTER)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("figure svg").count() >= 4
    page.locator("details.answer > summary").first.click()
    expect(page.locator("[data-part=go-deeper]").first).to_be_visible()


def test_edit_and_report_links_carry_page_and_prompt(visit: Callable) -> None:
    page = visit().open(CHAPTER)
    links = page.locator("a").evaluate_all("links => links.map(a => a.href)")
    assert any(link.endswith("edit/main/docs/chapters/metrics/classification.md") for link in links)
    reports = [parse_qs(urlsplit(link).query) for link in links if "/issues/new?" in link]
    assert {"chapters/metrics/classification.md"} == {report["page"][0] for report in reports}
    assert PROMPT in {report.get("prompt", [""])[0] for report in reports}
    assert any("prompt" not in report for report in reports), "the page's own report link"


@pytest.mark.parametrize("value", ["{bad", '"foreign"', "[1,2]", "null", '{"index": 99, "color": 7}'])
def test_a_foreign_saved_state_breaks_nothing(visit: Callable, server: str, value: str) -> None:
    watched = visit()
    page = watched.open()
    base = urlsplit(server).path
    page.evaluate(
        "([base, value]) => { for (const k of ['__palette', '__tabs', '__outdated', '__prompts']) localStorage.setItem(base + '.' + k, value) }",
        [base, value],
    )
    page.goto(server + CHAPTER)
    expect(page.locator("h1")).to_be_visible()
    assert search(page, "precision")


def test_the_page_says_its_license(visit: Callable) -> None:
    page = visit().open()
    footer = page.locator("footer")
    expect(footer.get_by_text("CC BY 4.0").first).to_be_attached()
    expect(footer.get_by_text("MIT").first).to_be_attached()


def test_a_term_tells_its_definition(visit: Callable) -> None:
    """To the pointer, which may move onto it, and to the keyboard; Escape takes it away; the page does not move."""
    page = visit().open(CHAPTER)
    link, tip = page.locator("a.term").first, page.locator("#term-tip")
    assert "dashed" in link.evaluate(
        "link => getComputedStyle(link).textDecoration"
    )  # dotted are numbers, solid are links
    link.scroll_into_view_if_needed()
    before = link.bounding_box()
    link.hover()
    expect(tip).to_be_visible()
    words = tip.inner_text()
    assert len(words) > 30
    expect(link).to_have_attribute("aria-describedby", "term-tip")
    assert link.get_attribute("title") is None
    tip.hover()
    page.wait_for_timeout(400)
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(link).not_to_have_attribute("aria-describedby", "term-tip")
    page.mouse.move(0, 0)
    link.evaluate("link => { const at = document.createElement('button'); link.before(at); at.focus(); }")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(tip).to_have_text(words)
    box, view = tip.bounding_box(), page.viewport_size
    assert 0 <= box["x"] <= box["x"] + box["width"] <= view["width"]
    page.keyboard.press("Tab")
    expect(tip).to_be_hidden()
    assert abs(link.bounding_box()["y"] - before["y"]) < 60  # scrolled into view at most


def test_a_term_without_script_leads_to_the_glossary(visit: Callable) -> None:
    page = visit(javascript=False).open(CHAPTER)
    link = page.locator("a.term").first
    assert ": " in link.get_attribute("title")
    link.click()
    page.wait_for_url("**/reference/glossary/#*")
    assert page.locator(f"dt{page.url[page.url.index('#') :]}").is_visible()
