"""Calendar files, read back by the library: an event a day, floating, folded, stable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from handbook.errors import BookError
from handbook.html import BuiltPage
from handbook.plan import calendar

MADE = datetime(2026, 11, 28, 12, tzinfo=UTC)
SITE = "https://example.org/book/"
DAY = """<div class="plan-day"><h3 id="week-{week}-day-{day}">{name}<a class="headerlink" href="#x">¶</a></h3><ul>
<li>Read, <em>Labels; all of them, slowly</em>: <a href="../../chapters/labels/#delay">Delay — über</a> · 10 min</li>
<li>Coding, mid: <a href="../../chapters/time/#windows">Windows</a> · 31 min</li></ul></div>"""


def page(*days: tuple[int, int, str]) -> BuiltPage:
    body = "".join(DAY.format(week=week, day=day, name=name) for week, day, name in days)
    return BuiltPage(
        Path("x"), "plan/mle-two-weeks/", f"<html><body><article><h1>MLE<a>¶</a></h1>{body}</article></body></html>"
    )


@pytest.fixture
def file() -> bytes:
    days = calendar.events(page((1, 1, "Day 1: 41 min"), (1, 7, "Day 7, light: 41 min"), (2, 2, "Day 2: 41 min")), SITE)
    return calendar.make("MLE", "mle-two-weeks", days, date(2026, 11, 30), MADE, SITE)


def test_an_event_a_day(file: bytes) -> None:
    read = icalendar.Calendar.from_ical(file)
    assert read["VERSION"] == "2.0"
    assert read["PRODID"]
    events = read.walk("VEVENT")
    begins = [event.decoded("DTSTART") for event in events]
    assert begins == [datetime(2026, 11, 30, 19), datetime(2026, 12, 6, 19), datetime(2026, 12, 8, 19)]
    assert all(begin.tzinfo is None for begin in begins), "19:00 wherever the reader is"
    assert [event.decoded("DTEND") - event.decoded("DTSTART") for event in events] == [
        timedelta(hours=2), timedelta(hours=1), timedelta(hours=2),
    ]  # fmt: skip
    assert all(event.decoded("DTSTAMP") == MADE for event in events)
    assert [str(event["UID"]) for event in events] == [
        f"mle-two-weeks-week-{w}-day-{d}@ml-interview-handbook" for w, d in ((1, 1), (1, 7), (2, 2))
    ]
    assert str(events[0]["SUMMARY"]) == "MLE, week 1, day 1: 41 min"
    assert str(events[2]["URL"]) == "https://example.org/book/plan/mle-two-weeks/#week-2-day-2"
    text = str(events[0]["DESCRIPTION"])
    assert "□ Read, Labels; all of them, slowly: Delay — über · 10 min\n" in text
    assert "https://example.org/book/chapters/labels/#delay\n" in text


def test_lines_are_folded_and_end_as_they_must(file: bytes) -> None:
    assert file.endswith(b"END:VCALENDAR\r\n")
    lines = file.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75, "octets, as RFC 5545 counts them"
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two
    assert sum(line.startswith((b"DTSTART:", b"DTEND:")) for line in lines) == 6, "the browser moves these lines"


def test_the_same_input_gives_the_same_bytes(file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    days = calendar.events(page((1, 1, "Day 1: 41 min"), (1, 7, "Day 7, light: 41 min"), (2, 2, "Day 2: 41 min")), SITE)
    assert calendar.make("MLE", "mle-two-weeks", days, date(2026, 11, 30), MADE, SITE) == file
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795867200")
    assert calendar.stamp() == MADE


def test_it_begins_on_the_next_monday() -> None:
    for day in range(1, 29):
        first = calendar.first_monday(datetime(2026, 2, day))
        assert first.weekday() == 0
        assert 1 <= (first - date(2026, 2, day)).days <= 7


def test_a_day_without_its_id_is_an_error() -> None:
    wrong = page((1, 1, "Day 1"))
    with pytest.raises(BookError, match="the day “Day 1¶” has the id `no-day`"):
        calendar.events(BuiltPage(wrong.path, wrong.address, wrong.text.replace("week-1-day-1", "no-day")), SITE)


def test_the_link_stands_below_the_title_once_and_goes_with_the_file() -> None:
    made = calendar.Calendar("plan/mle-two-weeks.ics", date(2026, 11, 30), 14)
    plain = "<article><h1>A</h1><p>B</p></article>"
    linked = calendar.with_link(plain, "plan/mle-two-weeks/", made)
    assert (
        linked.index("</h1>")
        < linked.index('href="../mle-two-weeks.ics" type="text/calendar" download>14 events')
        < linked.index("B")
    )
    assert "from Monday, 30 November 2026, 19:00</a>" in linked
    assert calendar.with_link(linked, "plan/mle-two-weeks/", made) == linked
    assert calendar.with_link(linked, "plan/mle-two-weeks/", None) == plain
    with pytest.raises(ValueError, match="no title"):
        calendar.with_link("<p>x</p>", "plan/x/", made)
