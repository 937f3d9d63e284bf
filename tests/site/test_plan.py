"""The four-week plan as a reader has it: ticks that stay, a state that breaks nothing, a calendar for one's own dates, a sheet a week."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import icalendar
import pypdfium2
import pytest
from handbook import plan as plans
from handbook.html import pages
from handbook.plan.schedule import Plan
from playwright.sync_api import Page, expect

FOUR, TWO = "plan/mle-four-weeks/", "plan/mle-two-weeks/"
KEY = "handbook.plan"
STORED = f"localStorage.getItem('{KEY}')"


@pytest.fixture(scope="module")
def made() -> list[Plan]:
    return plans.plans()[2]


def boxes(page: Page) -> object:
    return page.locator(".plan-day input[type=checkbox]")


def done(page: Page) -> dict[str, str]:
    return json.loads(page.evaluate(STORED) or '{"done": {}}')["done"]


def test_ticks_stay_and_count_in_every_plan(visit: Callable, server: str) -> None:
    watched = visit()
    page = watched.open(FOUR)
    prompt = page.get_by_role("checkbox", name=re.compile("^Done: Decision, mid: High AUC, blocked good users"))
    week = page.locator(".plan-week", has=prompt)
    prompt.check()
    expect(week.locator(".plan-progress")).to_have_text(re.compile(r"^1 of \d+ tasks done$"))
    expect(page.locator("[role=status]", has_text=re.compile(r"^Week 1: 1 of \d+ tasks done$"))).to_be_attached()
    assert list(done(page)) == ["chapters/metrics/classification/#high-auc-blocked-users"], "by address, not by place"
    page.reload()
    expect(prompt).to_be_checked()
    page.goto(server + TWO)
    expect(prompt).to_be_checked()
    prompt.uncheck()
    assert done(page) == {}
    # A task of several sections is half done when some of them are.
    task = page.locator(".plan-day li", has=page.locator("a[href$='classification/#thresholds']"))
    page.evaluate(
        "key => localStorage.setItem(key, JSON.stringify({version: 1, done: {'chapters/metrics/classification/#thresholds': '2026-11-28', 'gone/#x': '2026-11-01'}}))",
        KEY,
    )
    page.reload()
    assert task.get_by_role("checkbox").evaluate("box => box.indeterminate")
    task.get_by_role("checkbox").check()
    assert {"gone/#x", "chapters/metrics/classification/#thresholds"} < set(done(page)), "what is not on the page stays"
    # The seventh day of each week is its own.
    again = page.get_by_role("checkbox", name=re.compile("scored weakest"))
    again.first.check()
    expect(again.last).not_to_be_checked()


def test_ticks_go_to_a_file_and_come_back(visit: Callable, server: str, tmp_path: Path) -> None:
    page = visit().open(FOUR)
    expect(page.get_by_role("button", name="Export ticks")).to_be_disabled()
    boxes(page).nth(0).check()
    boxes(page).nth(1).check()
    before = done(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export ticks").click()
    assert re.fullmatch(r"handbook-plan-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    file = tmp_path / "ticks.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"version": 1, "done": before}
    asked: list[str] = []
    page.on(
        "dialog",
        lambda dialog: (asked.append(dialog.message), dialog.dismiss() if len(asked) == 1 else dialog.accept()),
    )
    page.get_by_role("button", name="Clear ticks").click()
    assert done(page) == before, "asked first, and no means no"
    page.get_by_role("button", name="Clear ticks").click()
    expect(boxes(page).nth(0)).not_to_be_checked()
    assert done(page) == {}
    assert f"Clear {len(before)} ticks of this plan?" in asked[0]
    page.locator("input[type=file]").set_input_files(file)
    expect(boxes(page).nth(0)).to_be_checked()
    assert done(page) == before
    wrong = tmp_path / "holiday.json"
    wrong.write_text('{"version": 7, "done": {}}', encoding="utf-8")
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.locator(".plan-notices")).to_have_text(
        "“holiday.json” holds no ticks of this plan: its version is 7, this page knows 1. Nothing was changed."
    )
    assert done(page) == before


UNREADABLE = {
    "{bad": "it is no JSON",
    "[1]": "it is no object",
    "null": "it is no object",
    '{"version": 2, "done": {}, "more": 1}': "its version is 2, this page knows 1",
    '{"version": 1, "done": [1]}': "it has no ticks in `done`",
    '{"version": 1, "done": {"a/#b": 5}}': "the tick of “a/#b” has no day",
}


def test_a_state_that_cannot_be_read_is_kept_aside(visit: Callable) -> None:
    page = visit().open("plan/mle-one-week/")
    notice = page.locator(".plan-notices")
    for number, (raw, why) in enumerate(UNREADABLE.items(), 1):
        page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, raw])
        page.reload(wait_until="domcontentloaded")
        name = f"{KEY}.unread" + f"-{number}" * (number > 1)
        expect(notice).to_have_text(
            f"What this browser keeps as “{KEY}” can't be read: {why}. It is kept as it is under “{name}”, and ticks begin anew. "
            "Save what could not be read"
        )
    # None pushed out another, nor was one kept twice.
    kept = page.evaluate(
        "Object.entries(localStorage).filter(([name]) => name.includes('unread')).map(([, raw]) => raw)"
    )
    assert sorted(kept) == sorted(UNREADABLE)
    boxes(page).first.check()
    assert done(page), "and ticks begin anew"
    with page.expect_download() as download:
        notice.get_by_role("button").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == raw
    page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [KEY, raw])
    page.reload(wait_until="domcontentloaded")
    expect(notice).to_contain_text(name)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('unread')).length") == len(UNREADABLE)


@pytest.mark.parametrize("broken", ["getItem", "setItem"])
def test_forbidden_storage_is_said_and_breaks_nothing(visit: Callable, broken: str) -> None:
    watched = visit()
    watched.context.add_init_script(
        f"Storage.prototype.{broken} = function () {{ throw new DOMException('no', 'SecurityError') }}"
    )
    page = watched.open(FOUR)
    boxes(page).first.check()
    expect(page.locator(".plan-notices")).to_contain_text("SecurityError")
    expect(page.locator(".plan-notices")).to_contain_text("until you leave the page")
    expect(page.locator(".plan-progress").first).to_have_text(re.compile("^1 of"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Export ticks").click()
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["done"]


def test_without_script_the_plan_is_plain_and_complete(visit: Callable, site: Path) -> None:
    page = visit(javascript=False).open(FOUR)
    assert page.locator(".plan-day li").count() > 100
    assert page.locator("article input, article button").count() == 0
    link = page.locator(".plan-calendar a")
    expect(link).to_have_text(re.compile(r"^28 events from Monday, \d+ \w+ \d{4}, 19:00$"))
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "mle-four-weeks.ics"


def test_the_script_is_on_plans_only_and_mounts_once(visit: Callable, site: Path) -> None:
    for built in pages(site):
        has = "plan.js" in built.text
        assert has == bool(re.fullmatch(r"plan/[\w-]+/", built.address)), built.address
    page = visit().open(TWO)
    before = boxes(page).count()
    page.evaluate(
        "() => new Promise(done => { const s = document.createElement('script'); s.src = document.querySelector('script[src*=\"plan.js\"]').src + '?again'; s.onload = done; document.body.append(s) })"
    )
    assert boxes(page).count() == before > 20
    assert page.locator(".plan-tools").count() == 1


def test_the_files_are_calendars_of_the_pages(site: Path, site_url: str, made: list[Plan]) -> None:
    built = {page.address: page for page in pages(site)}
    for plan in made:
        raw = (site / f"plan/{plan.slug}.ics").read_bytes()
        assert max(map(len, raw.split(b"\r\n"))) <= 75
        events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
        assert len(events) == len({str(event["UID"]) for event in events}) == len(plan.days)
        for event, day in zip(events, plan.days, strict=True):
            links = re.findall(r"^  (https://\S+)$", str(event["DESCRIPTION"]), re.M)
            assert len(links) == len(day.items), (plan.slug, day.week, day.number)
            for link in [*links, str(event["URL"])]:
                address, _, id_ = link.removeprefix(site_url).partition("#")
                assert not id_ or id_ in built[address].ids, link


def test_a_calendar_for_ones_own_dates(visit: Callable, site: Path) -> None:
    page = visit().open(TWO)
    assert datetime.fromisoformat(page.get_by_label("First day").input_value()).weekday() == 0, "next Monday is offered"
    page.get_by_label("First day").fill("2027-03-27")  # over the night when clocks change
    page.get_by_label("at", exact=True).fill("06:30")
    with page.expect_download() as download:
        page.get_by_role("button", name="Calendar for these dates").click()
    assert download.value.suggested_filename == "mle-two-weeks-from-2027-03-27.ics"
    theirs = Path(download.value.path()).read_bytes()
    ours = (site / "plan/mle-two-weeks.ics").read_bytes()
    moved = icalendar.Calendar.from_ical(theirs).walk("VEVENT")
    first = datetime(2027, 3, 27, 6, 30)
    assert [event.decoded("DTSTART") for event in moved] == [first + timedelta(days=n) for n in range(14)]
    assert {event.decoded("DTEND") - event.decoded("DTSTART") for event in moved} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }
    stamped = re.compile(rb"^(DTSTART|DTEND|DTSTAMP):.*\r\n", re.M)
    assert stamped.sub(b"", theirs) == stamped.sub(b"", ours), "nothing else is touched"
    assert max(map(len, theirs.split(b"\r\n"))) <= 75
    old = icalendar.Calendar.from_ical(ours).walk("VEVENT")
    assert all(new.decoded("DTSTAMP") > was.decoded("DTSTAMP") for new, was in zip(moved, old, strict=True)), "newer"


def test_each_week_is_one_sheet(visit: Callable, made: list[Plan]) -> None:
    """All weeks of all plans in one document, printed as a plan is, so that Chromium sets them in one go."""
    page = visit().open(f"plan/{made[0].slug}/")
    boxes(page).first.check()  # what is ticked on the screen changes no line
    page.evaluate(
        """async (others) => {
            for (const other of others) {
                const text = await (await fetch(`../${other}/`)).text();
                const weeks = new DOMParser().parseFromString(text, "text/html").querySelectorAll(".plan-week");
                document.querySelector("article").append(...weeks);
            }
        }""",
        [plan.slug for plan in made[1:]],
    )
    weeks = [(plan, number) for plan in made for number in range(1, plan.weeks + 1)]
    for sheet in ("A4", "Letter"):
        printed = pypdfium2.PdfDocument(page.pdf(format=sheet))
        texts = [" ".join(paper.get_textpage().get_text_bounded().split()) for paper in printed]
        for (plan, number), text in zip(weeks, texts, strict=False):
            where = (sheet, plan.slug, number)
            assert text.startswith(f"Week {number}:"), (where, text[:80])
            assert f"week {number} of {plan.weeks}" in text, where
            assert all(f"Day {day.number}" in text for day in plan.week(number)), where
        assert len(texts) == len(weeks) == 21


def test_one_plan_prints_its_weeks_and_nothing_else(visit: Callable) -> None:
    page = visit(javascript=False).open(TWO)
    assert len(pypdfium2.PdfDocument(page.pdf(format="A4"))) == 2
    page.emulate_media(media="print")
    box = page.locator(".plan-day li").first.evaluate("li => getComputedStyle(li, '::before').borderTopWidth")
    assert float(box.removesuffix("px")) > 0, "a box to tick on paper"
