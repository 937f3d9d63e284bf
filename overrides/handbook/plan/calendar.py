"""A calendar file (RFC 5545) for each plan, made from its built page, and the link to it below the page's title.

    site/plan/mle-four-weeks/index.html  →  site/plan/mle-four-weeks.ics, an event a day

Times float: 19:00 is 19:00 wherever the reader is. What a file is made from is the page, its date and the site's address; the same
input gives the same bytes. An event keeps its identity, so that a file with other dates moves the events of an earlier one.
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urljoin

import icalendar

from handbook.dates import changed
from handbook.errors import BookError
from handbook.html import BuiltPage, below_title, text_of
from handbook.pages import DOCS
from handbook.plan.write import FOLDER

START = time(19)
STUDY, REVIEW = timedelta(hours=2), timedelta(hours=1)
OLD = re.compile(r'\n?<p class="plan-calendar".*?</p><div class="plan-controls"></div>', re.S)
DAY = re.compile(r"week-(\d+)-day-(\d+)")
UNDATED = 1_767_225_600  # 2026-01-01: a copy without history


@dataclass(frozen=True)
class Calendar:
    """A file that was written: `path` relative to the site's root, its first day, how many events."""

    path: str
    first: date
    events: int


@dataclass(frozen=True)
class Task:
    """A line of a day: its words, and the addresses it leads to."""

    text: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """A day of the plan as the page has it: week and day from 1, title, tasks, anchor, and whether it is a light one."""

    week: int
    day: int
    title: str
    light: bool
    anchor: str
    tasks: tuple[Task, ...]


def events(page: BuiltPage, site_url: str) -> list[Event]:
    """The days of a built plan."""
    base = site_url.rstrip("/") + "/" + page.address
    found = []
    for section in page.tree.xpath("//div[@class='plan-day']"):
        heading = section.xpath(".//h3")[0]
        match = DAY.fullmatch(str(heading.get("id")))
        if match is None:
            raise BookError(f"site/{page.address}", f"the day “{text_of(heading)}” has the id `{heading.get('id')}`")
        name = text_of(heading).removesuffix("¶").strip()
        tasks = tuple(
            Task(text_of(item), tuple(urljoin(base, str(link)) for link in item.xpath(".//a/@href")))
            for item in section.xpath(".//li")
        )
        found.append(Event(int(match[1]), int(match[2]), name, ", light" in name, f"{base}#{heading.get('id')}", tasks))
    return found


def first_monday(stamp: datetime) -> date:
    """The first Monday after the day of the stamp.

    >>> first_monday(datetime(2026, 11, 30)), first_monday(datetime(2026, 11, 29))
    (datetime.date(2026, 12, 7), datetime.date(2026, 11, 30))
    """
    return stamp.date() + timedelta(days=7 - stamp.weekday())


def stamp() -> datetime:
    """When the plan was last changed: `SOURCE_DATE_EPOCH`, else the last commit to docs/plan."""
    return datetime.fromtimestamp(changed(f"docs/{FOLDER}") or UNDATED, UTC)


def make(name: str, slug: str, days: list[Event], first: date, made: datetime, site_url: str) -> bytes:
    """The calendar file of a plan that begins on `first`."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Machine Learning Interview Handbook//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    for event in days:
        begin = datetime.combine(first + timedelta(days=7 * (event.week - 1) + event.day - 1), START)
        entry = icalendar.Event()
        entry.add("uid", f"{slug}-week-{event.week}-day-{event.day}@ml-interview-handbook")
        entry.add("dtstamp", made)
        entry.add("dtstart", begin)
        entry.add("dtend", begin + (REVIEW if event.light else STUDY))
        entry.add("summary", f"{name}, week {event.week}, {event.title[0].lower()}{event.title[1:]}")
        entry.add("url", event.anchor)
        lines = [line for task in event.tasks for line in (f"□ {task.text}", *(f"  {link}" for link in task.links))]
        entry.add("description", "\n".join([*lines, "", f"The whole day: {event.anchor}"]))
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def write(site: Path, site_url: str) -> dict[str, Calendar]:
    """Lay a file beside each built plan; returns page address → file."""
    made = stamp()
    found: dict[str, Calendar] = {}
    for source in sorted((DOCS / FOLDER).glob("*.md")):
        address = f"{FOLDER}/{source.stem}/"
        file = site / address / "index.html"
        if source.stem == "index" or not file.is_file():
            continue
        page = BuiltPage(file, address, file.read_text(encoding="utf-8"))
        days = events(page, site_url)
        if not days:
            raise BookError(f"site/{address}", "has no days to put in a calendar")
        name = text_of(page.tree.xpath("//article//h1")[0]).removesuffix("¶").strip()
        first = first_monday(made)
        path = f"{FOLDER}/{source.stem}.ics"
        (site / path).write_bytes(make(name, source.stem, days, first, made, site_url))
        found[address] = Calendar(path, first, len(days))
    return found


def with_link(page: str, address: str, calendar: Calendar | None) -> str:
    """The page with the link to its calendar file below its title; an older link is replaced, and goes when there is no file."""
    page = OLD.sub("", page)
    if calendar is None:
        return page
    day = f"{calendar.first:%A}, {calendar.first.day} {calendar.first:%B %Y}"
    return below_title(
        page,
        f'<p class="plan-calendar" data-first="{calendar.first.isoformat()}">Calendar: '
        f'<a href="{html.escape(posixpath.relpath(calendar.path, address))}" type="text/calendar" download>{calendar.events} events '
        f'from {day}, 19:00</a></p><div class="plan-controls"></div>',
    )
