"""Minutes from text, and a plan as a page: every task a link, everything left out by name."""

from __future__ import annotations

import re

import pytest
from handbook import plan as plans
from handbook.plan import book, choices, write
from handbook.plan.book import Times

TIMES = Times(100, 1, 4, 30, 5, 10, 10, 5, 20, 40)
TEXT = """\
# Page

## One {#one}

WORDS and [a link](x.md#y "title") with {{12 = f(1, 2)}}.

```python
--8<-- "a.py:b"
```

![What it shows](x.svg)

## Practice {#practice}

/// prompt | A question?
    id: x

Brief.

***

**Answer.** Many words.
///

## Two {#two}

/// prompt | Another?
    id: y
///
"""


def test_minutes_are_words_listings_and_figures() -> None:
    found = book.sections(TEXT.replace("WORDS", "word " * 194), "a.md", TIMES)
    # 194 words, "and a link with 12", two more minutes for what is shown; the alternative text is read by nobody else.
    assert [(item.id, item.minutes) for item in found] == [("one", 5)]
    assert book.sections(TEXT.replace("WORDS", "word " * 190), "a.md", TIMES)[0].minutes == 4 + (
        book.words("word " * 190 + "and a link with 12 ![What it shows](x.svg)") > 200
    )


@pytest.fixture(scope="module")
def made() -> tuple[book.Book, choices.Choices, list]:
    return plans.plans()


def test_every_task_is_a_line_with_links_and_minutes(made: tuple[book.Book, choices.Choices, list]) -> None:
    whole, chosen, all_ = made
    for plan in all_:
        text = write.page(plan, whole, chosen, all_)
        body = text[: text.index("{#left-out ")]
        lines = [line for line in body.split("\n") if line.startswith("- ")]
        assert all(re.fullmatch(r"- .*\[.+\]\(.+\).* ·\xa0\d+\xa0min", line) for line in lines)
        assert sum(int(line.split("\xa0")[-2]) for line in lines) == sum(day.minutes for day in plan.days)
        linked = set(re.findall(r"\]\(([^)]+)\)", "\n".join(lines)))
        here = write.Page(write.path(plan))
        assert linked == {here.link_to(item.address) for item in plan.items}
        for day in plan.days:
            assert f"{{#week-{day.week}-day-{day.number} " in body


def test_what_is_left_out_is_named_and_linked(made: tuple[book.Book, choices.Choices, list]) -> None:
    whole, chosen, all_ = made
    for plan in all_:
        text = write.page(plan, whole, chosen, all_)
        out = text[text.index("{#left-out ") :]
        here = write.Page(write.path(plan))
        opened = {item.page for item in plan.items}
        for item in plan.left_out:
            named = here.link_to(item.address) if item.page in opened else here.link_to(item.page)
            assert f"({named})" in out or f"({here.link_to(item.address)})" in out, item.address
        placed = {item.address for item in plan.items}
        for id_ in chosen.must:
            prompt = whole.prompts[id_]
            assert (prompt.address in placed) != (f"({here.link_to(prompt.address)})" in out), id_
        for page in whole.titles:
            if page.startswith(("chapters/", "systems/", "labs/")) and page not in opened:
                assert f"({here.link_to(page)}" in out, page


def test_the_index_links_all_nine_and_states_its_times(made: tuple[book.Book, choices.Choices, list]) -> None:
    whole, chosen, all_ = made
    text = write.index(all_, whole, chosen)
    assert all(f"({plan.slug}.md)" in text for plan in all_)
    assert f"its words at {chosen.times.words} a minute" in text
    assert re.search(r"^\| MLE, four weeks \| \d+ \| 18 of 18 \| \d+ \|$", text, re.M)
    for id_ in ("again", "use", "computed"):  # the plans lead there
        assert f"{{#{id_}}}" in text


def test_pages_are_written_when_stale_and_only_then(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    docs = Path(str(tmp_path))
    monkeypatch.setattr(plans, "pages", lambda *_: {"plan/a.md": "new\n"})
    assert plans.refresh(docs) == ["docs/plan/a.md"]
    before = (docs / "plan/a.md").stat().st_mtime_ns
    assert plans.refresh(docs) == []
    assert (docs / "plan/a.md").stat().st_mtime_ns == before
