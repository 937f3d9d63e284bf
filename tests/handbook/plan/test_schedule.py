"""The plans of the book as it stands: hours, order, musts; and what is said when they can't be made."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import pytest
from handbook import ways
from handbook.errors import BookError, BookErrors
from handbook.plan import LENGTHS, ROLES
from handbook.plan import book as books
from handbook.plan import choices as chosen
from handbook.plan.book import Book, Item
from handbook.plan.choices import Choices
from handbook.plan.schedule import Plan, make

EACH = list(itertools.product(ROLES, LENGTHS))
READING = ("read", "card", "lab")


@pytest.fixture(scope="module")
def choices() -> Choices:
    return chosen.load()


@pytest.fixture(scope="module")
def book(choices: Choices) -> Book:
    """The book; a page of cards that is still being written has those that its headings promise."""
    whole = books.read(choices.times)
    for page, cards in whole.cards.items():
        if not cards:
            promised = [id_ for id_ in whole.headings[page] if id_ != "sources"]
            whole.cards[page] = tuple(Item("card", page, id_, id_, choices.times.card) for id_ in promised)
    return whole


@pytest.fixture(scope="module")
def plans(book: Book, choices: Choices) -> dict[tuple[str, int], Plan]:
    return {(role, weeks): make(book, choices, role, weeks=weeks, before=ways.all_before) for role, weeks in EACH}


def study(plan: Plan) -> list[Item]:
    return [item for day in plan.days if day.part is not None for item in day.items]


@pytest.mark.parametrize("key", EACH, ids=lambda key: f"{key[0]}-{key[1]}")
def test_hours_fit(plans: dict[tuple[str, int], Plan], choices: Choices, key: tuple[str, int]) -> None:
    plan = plans[key]
    assert [(day.week, day.number) for day in plan.days] == [(w, d) for w in range(1, key[1] + 1) for d in range(1, 8)]
    days = [day for day in plan.days if day.part is not None]
    assert all(sum(item.minutes for item in day.items) <= 120 for day in days)
    assert sum(day.minutes < 90 for day in days) <= 1, [day.minutes for day in days]
    light = [day for day in plan.days if day.part is None]
    assert [day.number for day in light] == [7] * key[1]
    assert all(0 < day.minutes <= choices.times.review for day in light)
    assert [day.part for day in days] == sorted(day.part for day in days)  # type: ignore[type-var]


@pytest.mark.parametrize("key", EACH, ids=lambda key: f"{key[0]}-{key[1]}")
def test_nothing_comes_twice(plans: dict[tuple[str, int], Plan], key: tuple[str, int]) -> None:
    addresses = [item.address for item in plans[key].items if item.kind != "again"]
    assert len(addresses) == len(set(addresses))
    assert not set(addresses) & {item.address for item in plans[key].left_out}


@pytest.mark.parametrize("key", EACH, ids=lambda key: f"{key[0]}-{key[1]}")
def test_what_is_built_on_comes_first(plans: dict[tuple[str, int], Plan], book: Book, key: tuple[str, int]) -> None:
    items = study(plans[key])
    place = {item.address: index for index, item in enumerate(items)}
    first = {page for part in plans[key].role.parts for topic in part if topic.first for page in topic.pages}
    last = {item.page: place[item.address] for item in items if item.kind in READING}
    for item in items:
        for page in ways.all_before(item.page):
            assert last.get(page, -1) < place[item.address], f"{item.address} before the last of {page}"
        if item.kind != "prompt" or item.prompt is None:
            continue
        sections = [place[other.address] for other in items if other.kind in READING and other.page == item.page]
        if item.page in first and item.prompt.kind == "design":
            assert all(index > place[item.address] for index in sections), f"{item.address} is answered before its page"
        else:
            assert all(index < place[item.address] for index in sections), f"{item.address} before its page was read"
    for part in range(4):  # a page may be begun in one part and finished in another
        read = [item for day in plans[key].days if day.part == part for item in day.items if item.kind == "read"]
        for page in {item.page for item in read}:
            mine = [item.id for item in read if item.page == page]
            assert mine == [id_ for id_ in book.headings[page] if id_ in mine], f"{page} is read in its order"


@pytest.mark.parametrize("role", ROLES)
def test_four_weeks_hold_every_must_of_the_role(
    plans: dict[tuple[str, int], Plan], book: Book, choices: Choices, role: str
) -> None:
    assert len(choices.must) == 18
    there = {item.id for item in plans[role, 4].items if item.kind == "prompt"}
    asked = {id_ for id_ in choices.must if role in book.prompts[id_].prompt.roles}  # type: ignore[union-attr]
    assert asked | set(choices.roles[role].also) <= there
    assert len(asked) == {"mle": 18, "applied-scientist": 14, "ai-engineer": 3}[role]


@pytest.mark.parametrize("key", EACH, ids=lambda key: f"{key[0]}-{key[1]}")
def test_every_task_leads_somewhere(plans: dict[tuple[str, int], Plan], book: Book, key: tuple[str, int]) -> None:
    for item in plans[key].items:
        if item.kind == "prompt":
            assert book.prompts[item.id].page == item.page
        elif item.kind == "lab":
            assert item.page in book.labs
        elif item.kind != "again":
            assert item.id in book.headings[item.page]


@pytest.mark.parametrize("role", ROLES)
def test_a_mixed_day_is_a_loop(plans: dict[tuple[str, int], Plan], role: str) -> None:
    for day in (day for day in plans[role, 4].days if day.part == 3):
        kinds = [item.prompt.kind if item.prompt else item.kind for item in day.items]
        assert {"coding", "debugging", "story"} <= set(kinds), (day.number, kinds)
        assert {"design", "aloud"} & set(kinds), (day.number, kinds)


@pytest.mark.parametrize("role", ROLES)
def test_week_three_opens_all_eight_systems(plans: dict[tuple[str, int], Plan], book: Book, role: str) -> None:
    opened = {item.page for day in plans[role, 4].week(3) for item in day.items}
    assert {page for page in book.titles if page.startswith("systems/")} <= opened


def test_the_roles_differ(plans: dict[tuple[str, int], Plan]) -> None:
    def minutes(role: str, start: str) -> int:
        return sum(item.minutes for item in plans[role, 4].items if item.page.startswith(start))

    assert max(ROLES, key=lambda role: minutes(role, "chapters/experiments/")) == "applied-scientist"
    assert max(ROLES, key=lambda role: minutes(role, "chapters/llm-systems/")) == "ai-engineer"
    assert max(ROLES, key=lambda role: minutes(role, "chapters/monitoring")) == "mle"
    coding = {role: sum(i.prompt.kind == "coding" for i in plans[role, 4].items if i.prompt) for role in ROLES}
    assert max(coding, key=lambda role: coding[role]) == "mle"


def test_the_same_input_gives_the_same_plan(book: Book, choices: Choices, plans: dict[tuple[str, int], Plan]) -> None:
    again = make(book, choices, "mle", weeks=2, before=ways.all_before)
    assert [day.items for day in again.days] == [day.items for day in plans["mle", 2].days]


@pytest.mark.parametrize("level", ["junior", "staff"])
def test_level_decides_what_fills_the_days(book: Book, choices: Choices, level: str) -> None:
    def share(at: str) -> float:
        plan = make(book, choices, "mle", level=at, before=ways.all_before)
        free = [item.prompt for item in plan.items if item.prompt and item.id not in choices.must]
        return sum(prompt.level == level for prompt in free) / len(free)

    assert share(level) > 1.3 * share("mid")  # few prompts are left to choose beside cards and musts


def test_other_hours_give_other_plans(book: Book, choices: Choices) -> None:
    for weeks, minutes in ((3, 120), (4, 180), (2, 90)):
        plan = make(book, choices, "applied-scientist", weeks=weeks, minutes=minutes, before=ways.all_before)
        assert max(day.minutes for day in plan.days) <= minutes
        assert len(plan.days) == 7 * weeks


@pytest.mark.parametrize(
    ("weeks", "minutes", "says"),
    [
        (4, 50, "“Real-time fraud with late labels” (systems/fraud.md#design-fraud-detection, 55 min)"),
        (4, 60, "has no room for what must be in it: "),
        (1, 5, "(chapters/metrics/classification.md#thresholds, "),
    ],
)
def test_too_little_time_names_what_has_no_room(
    book: Book, choices: Choices, weeks: int, minutes: int, says: str
) -> None:
    with pytest.raises(BookError) as error:
        make(book, choices, "mle", weeks=weeks, minutes=minutes, before=ways.all_before)
    assert says in str(error.value)
    assert f"the plan for MLE over {weeks} week{'s' * (weeks > 1)} at {minutes} minutes a day" in str(error.value)


# A small book

SMALL = {
    "times": {
        "words": 100, "listing": 1, "card": 4, "lab": 30, "score": 5, "score_design": 10, "aloud": 10, "leave_with": 5,
        "again": 20, "review": 40,
    },
    "minutes": 30, "level": "mid", "reading": {4: 1, 3: 1, 2: 0.5, 1: 0.5},
    "days": {4: [6, 6, 6, 6], 3: [4, 5, 5, 4], 2: [3, 3, 3, 3], 1: [1, 2, 2, 1]},
    "must": [], "parts": ["A", "B", "C", "D"], "kinds": [[], [], []], "reasons": {},
    "roles": {"mle": {"name": "M", "short": "M", "slug": "m", "also": [], "goals": ["", "", "", ""], "phases": [[], [], [], []]}},
}  # fmt: skip


@pytest.fixture
def small() -> Callable[..., tuple[Book, Choices]]:
    def build(*parts: list[dict[str, object]], **pages: list[int]) -> tuple[Book, Choices]:
        sections = {
            f"{page}.md": tuple(Item("read", f"{page}.md", f"s{n}", f"{page} {n}", m) for n, m in enumerate(minutes))
            for page, minutes in pages.items()
        }
        role = {**SMALL["roles"]["mle"], "phases": [*parts, *([] for _ in range(4 - len(parts)))]}  # type: ignore[index]
        headings = {page: tuple(item.id for item in items) for page, items in sections.items()}
        whole = Book({page: page for page in sections}, sections, {}, {}, {}, {}, headings)
        return whole, chosen.parse({**SMALL, "roles": {"mle": role}})

    return build


def test_a_long_page_is_divided_by_its_sections(small: Callable[..., tuple[Book, Choices]]) -> None:
    book, choices = small([{"page": "a.md"}], a=[10, 10, 15, 30, 10])
    plan = make(book, choices, "mle", before=lambda _: ())
    assert [[item.id for item in day.items] for day in plan.days[:4]] == [["s0", "s1"], ["s2"], ["s3"], ["s4"]]
    assert plan.left_out == ()


def test_a_prerequisite_moves_forward_within_a_part(small: Callable[..., tuple[Book, Choices]]) -> None:
    book, choices = small([{"page": "a.md"}, {"page": "b.md"}], a=[10, 10], b=[10])
    plan = make(book, choices, "mle", before=lambda page: ("b.md",) if page == "a.md" else ())
    assert [item.address for item in study(plan)] == ["b.md#s0", "a.md#s0", "a.md#s1"]


def test_a_prerequisite_in_a_later_part_is_an_error(small: Callable[..., tuple[Book, Choices]]) -> None:
    book, choices = small([{"page": "a.md"}], [{"page": "b.md"}], a=[10], b=[10])
    with pytest.raises(
        BookError, match=r"mle: a\.md stands in part 1 and builds on b\.md \(`s0`\), which comes in a later"
    ):
        make(book, choices, "mle", before=lambda page: ("b.md",) if page == "a.md" else ())


def test_what_has_no_room_is_listed_and_not_lost(small: Callable[..., tuple[Book, Choices]]) -> None:
    book, choices = small([{"page": "a.md", "core": ["s1"]}], a=[20] * 8)
    plan = make(book, choices, "mle", weeks=1, before=lambda _: ())
    there, gone = {item.id for item in study(plan)}, {item.id for item in plan.left_out}
    assert there == {"s1"}
    assert there | gone == {f"s{n}" for n in range(8)}


def test_unknown_pages_sections_and_prompts_are_named(book: Book, choices: Choices) -> None:
    role = choices.roles["mle"]
    bad = dataclasses.replace(
        role,
        also=("no-such-prompt",),
        parts=(
            (chosen.Topic(("chapters/gone.md",)), chosen.Topic(("chapters/roles.md",), core=("no-such-section",))),
            (),
            (),
            (),
        ),
    )
    with pytest.raises(BookErrors) as error:
        chosen.check(dataclasses.replace(choices, roles={"mle": bad}), book)
    text = str(error.value)
    assert "there is no prompt `no-such-prompt`" in text
    assert "mle: there is no page `chapters/gone.md`" in text
    assert "mle: chapters/roles.md has no section `no-such-section`" in text
    assert "no part takes systems/fraud.md, so the prompt `design-fraud-detection` has no place" in text
    chosen.check(choices, book)
