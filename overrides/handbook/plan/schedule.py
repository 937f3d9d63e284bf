"""From the book and the choices to days: a pure function, the same plan for the same input.

    make(book, choices, "mle", weeks=2)  →  Plan with 14 days, each at most 120 minutes, and what was left out

What is placed must fit a day, comes once, and comes after what it builds on: the sections and cards of a page after those of the
pages to read before it, a chapter's prompts after its sections, a design's sections after its prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from handbook.errors import BookError
from handbook.grammar import LEVELS
from handbook.plan.book import Book, Item
from handbook.plan.choices import Choices, Role, Topic

CORE, MUST, ALSO, THEN, LAB, FILL = range(6)
SCRAP = 8  # minutes at a day's end in which no other page is begun
WEEK = 6  # study days; the seventh reviews
READING = ("read", "card", "lab")


@dataclass
class Day:
    """A day of a plan: its week and number from 1, which part of the plan it belongs to (none reviews), its items."""

    week: int
    number: int
    part: int | None
    limit: int
    items: list[Item] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def room(self) -> int:
        return self.limit - self.minutes


@dataclass(frozen=True)
class Plan:
    """A role's plan: its days in order, and what the role's four weeks could hold and this plan leaves out."""

    role: Role
    weeks: int
    minutes: int
    level: str
    days: tuple[Day, ...]
    left_out: tuple[Item, ...]

    @property
    def items(self) -> list[Item]:
        return [item for day in self.days for item in day.items]

    @property
    def slug(self) -> str:
        words = {1: "one-week", 2: "two-weeks", 3: "three-weeks", 4: "four-weeks"}
        return f"{self.role.slug}-{words[self.weeks]}"

    def week(self, number: int) -> list[Day]:
        return [day for day in self.days if day.week == number]


Before = Callable[[str], tuple[str, ...]]


def make(
    book: Book,
    choices: Choices,
    role: str,
    *,
    weeks: int = 4,
    minutes: int | None = None,
    level: str | None = None,
    before: Before,
) -> Plan:
    """The plan of a role; raises `BookError` naming what does not fit when the time is too short for what must be there."""
    return _Maker(
        book, choices, choices.roles[role], weeks, minutes or choices.minutes, level or choices.level, before
    ).plan()


class _Maker:
    def __init__(
        self, book: Book, choices: Choices, role: Role, weeks: int, minutes: int, level: str, before: Before
    ) -> None:
        self.book, self.choices, self.role = book, choices, role
        self.weeks, self.minutes, self.level, self.before = weeks, minutes, level, before
        self.who = f"the plan for {role.short} over {weeks} week{'s' * (weeks != 1)} at {minutes} minutes a day"
        # A page's prompts follow where the page is taken last.
        self.home: dict[str, int] = {
            page: part for part, topics in enumerate(role.parts) for t in topics for page in t.pages
        }
        self.first = {page for topics in role.parts for t in topics if t.first for page in t.pages}
        self.lasting = set(choices.must) | set(role.also)
        self.fixed = {id_ for id_ in self.lasting if id_ in role.also or self._asked(book.prompts[id_])}
        # What stands first on a design's page is answered before the page is read.
        self.fixed |= {
            item.id
            for page in self.first
            for item in book.prompts_of(page)
            if item.prompt and item.prompt.kind == "design" and self._asked(item)
        }
        self.done: set[str] = set()
        self.flow: list[list[Item]] = []
        self.needs: dict[str, frozenset[str]] = {}
        self.read: dict[str, list[str]] = {}  # page → what is read of it, in its order
        self.opening: dict[str, set[str]] = {}  # page of a design → what is answered before it is read

    def _asked(self, item: Item) -> bool:
        return item.prompt is not None and self.role.id in item.prompt.roles

    # What there is

    def _reading(self, topic: Topic) -> list[Item]:
        """A topic's sections, cards or lab, in reading order, core ones marked."""
        found: list[Item] = []
        for page in topic.pages:
            if page in self.book.labs:
                found.append(self.book.labs[page].at(LAB))
                continue
            items = self.book.cards.get(page) or self.book.sections.get(page, ())
            for item in items:
                if item.id in topic.core:
                    found.append(item.at(CORE))
                elif topic.first and item.id == "what-if":
                    continue  # said aloud in the last part
                elif item.id in (topic.then or ()) or (topic.then is None and not self._elsewhere(item, topic)):
                    found.append(item.at(THEN))
        return found

    def _elsewhere(self, item: Item, here: Topic) -> bool:
        """Whether another topic of the role names this section as its own."""
        others = (topic for part in self.role.parts for topic in part if item.page in topic.pages and topic is not here)
        return any(item.id in topic.core or item.id in (topic.then or ()) for topic in others)

    def _prompts(self, topic: Topic, part: int) -> list[Item]:
        """The prompts of a topic's pages that must be there."""
        found = []
        for page in topic.pages:
            if self.home[page] != part:
                continue
            for item in self.book.prompts_of(page):
                if item.id in self.fixed:
                    found.append(item.at(MUST if item.id in self.choices.must and self._asked(item) else ALSO))
        return found

    def _ranked(self, part: int | None, kinds: Iterable[str], taken: set[str]) -> list[Item]:
        """Prompts to fill up with: of this role, nearest in level first, one page after the other."""
        kinds = set(kinds)
        columns = []
        for page in self.role.pages:
            if part is not None and self.home[page] != part:
                continue
            fitting = [
                item
                for item in self.book.prompts_of(page)
                if item.prompt
                and self._asked(item)
                and item.prompt.kind in kinds
                and item.id not in self.fixed
                and item.address not in taken
            ]
            columns.append(sorted(fitting, key=self._distance))
        return [item.at(FILL) for row in zip_longest(*columns) for item in row if item is not None]

    def _distance(self, item: Item) -> int:
        """How far a prompt's level is from the reader's: a step above counts less than one below."""
        step = LEVELS.index(item.prompt.level if item.prompt else self.level) - LEVELS.index(self.level)
        return 2 * step - 1 if step > 0 else -2 * step

    # What comes before what

    def _all_needs(self, item: Item) -> frozenset[str]:
        """Addresses of all that comes before an item, wherever in the plan."""
        if item.address not in self.needs:
            found = {address for page in self.before(item.page) for address in self.read.get(page, ())}
            mine = self.read.get(item.page, [])
            if item.kind in READING:
                found |= set(mine[: mine.index(item.address)])
                found |= self.opening.get(item.page, set())
            elif item.address not in self.opening.get(item.page, ()):
                found |= set(mine)
            self.needs[item.address] = frozenset(found)
        return self.needs[item.address]

    def _needs(self, item: Item, flow: Iterable[Item]) -> frozenset[str]:
        """Addresses among `flow` that come before the item."""
        return self._all_needs(item) & {other.address for other in flow}

    def _in_order(self, part: int, flow: list[Item]) -> list[Item]:
        """The part's items, moved back only behind what they build on; raises when that is in a later part."""
        later = [item for items in self.flow[part + 1 :] for item in items if item.kind in READING]
        for item in flow:
            for other in later:
                if other.page in self.before(item.page) and item.kind in READING:
                    raise BookError(
                        "overrides/handbook/plan/choices.yml",
                        f"{self.role.id}: {item.page} stands in part {part + 1} and builds on {other.page} (`{other.id}`), which "
                        "comes in a later part; move one of the two",
                    )
        needs = {item.address: self._needs(item, flow) for item in flow}
        done: set[str] = set()
        ordered: list[Item] = []
        left = list(flow)
        while left:
            ready = next((item for item in left if needs[item.address] <= done), None)
            if ready is None:
                raise BookError(
                    "overrides/handbook/plan/choices.yml",
                    f"{self.role.id}: {', '.join(sorted({item.page for item in left}))} build on each other in a circle",
                )
            left.remove(ready)
            done.add(ready.address)
            ordered.append(ready)
        return ordered

    # Placing

    def _place(self, days: list[Day], items: Sequence[Item]) -> list[Item]:
        """Fill the days in order, each with the earliest items that fit and are ready; returns what found no place."""
        left = list(items)
        waiting = {item.address: self._needs(item, items) for item in items}
        for day in days:
            while True:
                open_ = {item.address for item in left}
                room = day.room
                fitting = [item for item in left if item.minutes <= room and not waiting[item.address] & open_]
                item = self._next(day, left, fitting)
                if item is None:
                    break
                day.items.append(item)
                left.remove(item)
        return left

    def _next(self, day: Day, left: Sequence[Item], fitting: Sequence[Item]) -> Item | None:
        """The next in order; else what the day's last page still has; else a whole task; else the beginning of a page."""
        if not fitting or fitting[0] is left[0]:
            return fitting[0] if fitting else None
        page = day.items[-1].page if day.items else ""
        same = [item for item in fitting if item.page == page]
        whole = [item for item in fitting if item.kind != "read"]
        return (
            [*same, *whole, *(fitting if day.room >= SCRAP else [])][0] if same or whole or day.room >= SCRAP else None
        )

    def _add(self, days: list[Day], items: Iterable[Item]) -> None:
        """Put what still fits where there is room: not before what it builds on, not behind what builds on it."""
        where = {item.address: index for index, day in enumerate(days) for item in day.items}
        placed = [item for day in days for item in day.items]
        for item in items:
            if item.address in where:
                continue
            earliest = max((where[address] for address in self._all_needs(item) if address in where), default=0)
            behind = (where[other.address] for other in placed if item.address in self._all_needs(other))
            for index in range(earliest, min(behind, default=len(days) - 1) + 1):
                if item.minutes <= days[index].room:
                    days[index].items.append(item)
                    where[item.address] = index
                    placed.append(item)
                    break

    def _too_small(self, items: Sequence[Item]) -> BookError:
        names = "; ".join(f"“{item.title}” ({item.address}, {item.minutes} min)" for item in items)
        return BookError("", f"{self.who} has no room for what must be in it: {names}. Give it more weeks or minutes")

    def _required(self, item: Item) -> bool:
        return item.tier == CORE or (self.weeks >= 4 and item.tier in (MUST, ALSO))

    def _part(self, part: int, days: list[Day], reserved: set[str]) -> None:
        """Fill the days of one of the first three parts."""
        flow = self.flow[part]
        capacity = sum(day.limit for day in days)
        fixed = [item for item in flow if item.tier <= ALSO]
        chosen = [item for item in fixed if self._required(item)]
        if huge := [item for item in chosen if item.minutes > self.minutes]:
            raise self._too_small(huge)
        for item in sorted((item for item in fixed if item not in chosen), key=lambda item: item.tier):
            if sum(i.minutes for i in chosen) + item.minutes <= capacity:
                chosen.append(item)
        if sum(item.minutes for item in chosen) > capacity:
            raise self._too_small(chosen)
        spare = capacity - sum(item.minutes for item in chosen)
        share = int(spare * self.choices.reading[self.weeks])
        for item in self._by_turns([item for item in flow if item.tier in (THEN, LAB)]):
            if item.minutes <= share and (item.tier == THEN or self.weeks >= 4):
                chosen.append(item)
                share -= item.minutes
        fill = self._fill(part, days, reserved)
        spare = capacity - sum(item.minutes for item in chosen)
        for item in fill:
            if item.minutes <= spare:
                chosen.append(item)
                spare -= item.minutes
        while True:
            for day in days:
                day.items.clear()
            selected = [item for item in self._with_fill(flow, fill) if item in chosen]
            left = self._place(days, selected)
            wanted = [item for item in left if self._required(item)] or [
                item for item in left if item.tier <= (LAB if self.weeks >= 4 else ALSO)
            ]
            if not wanted:
                break
            urgent = self._required(wanted[0])
            worst = min(item.tier for item in wanted)
            loose = [
                item
                for item in selected
                if item not in left and not self._required(item) and (urgent or item.tier > max(worst, ALSO))
            ]
            if not loose:
                if urgent:
                    raise self._too_small(wanted)
                break
            chosen.remove(max(loose, key=lambda item: (item.tier, selected.index(item))))
        rest = [item for item in flow if item.tier <= ALSO]
        more = self._by_turns([item for item in flow if item.tier in (THEN, LAB)])
        rest += [*more, *fill] if self.weeks >= 4 else [*fill, *(item for item in more if item.tier == THEN)]
        self._add(days, rest)
        self.done |= {item.address for day in days for item in day.items}

    def _fill(self, part: int, days: list[Day], reserved: set[str]) -> list[Item]:
        """Prompts to fill the part with: its kinds first, then its pages' other kinds, then what earlier parts left."""
        kinds = (self.role.kinds or self.choices.kinds)[part]
        other = [kind for kind in ("coding", "decision", "debugging", "concept") if kind not in kinds]
        taken = self.done | reserved
        found = self._ranked(part, kinds, taken) + self._ranked(part, other, taken)
        for earlier in range(part):
            found += self._ranked(earlier, kinds, taken)
        return found

    def _with_fill(self, flow: list[Item], fill: list[Item]) -> list[Item]:
        """The flow with each filling prompt behind the last item of its page."""
        found = list(flow)
        for item in fill:
            places = [index for index, other in enumerate(found) if other.page == item.page]
            found.insert(places[-1] + 1 if places else len(found), item)
        return found

    def _by_turns(self, items: list[Item]) -> list[Item]:
        """In long plans as they come; in short ones, of pages with a core, each page's first before any page's second."""
        if self.choices.reading[self.weeks] >= 1:
            return items
        core = {item.page for item in self.flow[0] + self.flow[1] + self.flow[2] if item.tier == CORE}
        columns: dict[str, list[Item]] = {}
        for item in items:
            if item.page in core or self.home[item.page] == 3:
                columns.setdefault(item.page, []).append(item)
        return [item for row in zip_longest(*columns.values()) for item in row if item is not None]

    def _mixed(self, days: list[Day], queues: dict[str, list[Item]], aloud: list[Item], taken: set[str]) -> None:
        """The last part: each day a coding task, a debugging prompt, a design or a part of one, a story, and what is read."""
        if not days:
            return
        flow = self.flow[3]
        reading = [item for item in flow if item.kind in READING]
        if self.weeks < 4:
            reading = self._by_turns(reading)[
                : max(2, round(len(reading) * self.choices.reading[self.weeks] * len(days) / WEEK))
            ]
            reading = [item for item in flow if item in reading]
        fixed = [item for item in flow if item.kind not in READING]
        total = sum(item.minutes for item in reading)
        said = list(aloud)
        read_ = 0
        for index, day in enumerate(days):
            mine = [queues[kind][index] for kind in ("coding", "debugging", "story") if index < len(queues[kind])]
            if index % 2 == 0 and index // 2 < len(queues["design"]):
                mine.insert(2, queues["design"][index // 2])
            elif said:
                mine.insert(2, said.pop(0))
            mine = [*fixed[index :: len(days)], *mine]
            for item in mine:
                if item.minutes <= day.room:
                    day.items.append(item)
            due = total * (index + 1) / len(days)
            while reading and reading[0].minutes <= day.room and (read_ < due or index == len(days) - 1):
                read_ += reading[0].minutes
                day.items.insert(sum(i.kind in READING for i in day.items), reading.pop(0))
        used = taken | {item.address for day in days for item in day.items}
        late = self._ranked(None, ("decision", "debugging", "concept"), used)
        self._add(days, [*reading, *late, *said])

    # All of it

    def plan(self) -> Plan:
        counts = self.choices.days[self.weeks]
        parts = [part for part, count in enumerate(counts) for _ in range(count)]
        days = [Day(i // WEEK + 1, i % WEEK + 1, part, self.minutes) for i, part in enumerate(parts)]
        seen: set[str] = set()
        for part, topics in enumerate(self.role.parts):
            flow: list[Item] = []
            for topic in topics:
                prompts, reading = self._prompts(topic, part), self._reading(topic)
                items = [*prompts, *reading] if topic.first else [*reading, *prompts]
                flow += [item for item in items if item.address not in seen]
                seen |= {item.address for item in items}
            self.flow.append(flow)
            for item in flow:
                if item.kind in READING:
                    self.read.setdefault(item.page, []).append(item.address)
                elif item.page in self.first and item.prompt and item.prompt.kind == "design":
                    self.opening.setdefault(item.page, set()).add(item.address)
        self.flow = [self._in_order(part, flow) for part, flow in enumerate(self.flow)]
        queues = {
            kind: self._ranked(None, [kind], set())[: WEEK // 2 if kind == "design" else WEEK]
            for kind in ("coding", "debugging", "story", "design")
        }
        reserved = {item.address for queue in queues.values() for item in queue}
        for part in range(3):
            self._part(part, [day for day in days if day.part == part], reserved)
        designs = [page for page in self.role.pages if page.startswith("systems/")]
        aloud = [
            replace(item, kind="aloud", title=self.book.titles[page], minutes=self.choices.times.aloud, tier=FILL)
            for page in designs
            for item in self.book.sections[page]
            if item.id == "what-if"
        ]
        taken = {item.address for day in days for item in day.items} | reserved
        self._mixed([day for day in days if day.part == 3], queues, aloud, taken)
        for day in days:
            day.items = self._tidy(day.items)
        whole = self._with_reviews(days)
        placed = {item.address for day in whole for item in day.items}
        could = [item for flow in self.flow for item in flow]
        could += [item for queue in queues.values() for item in queue] + aloud
        return Plan(
            self.role,
            self.weeks,
            self.minutes,
            self.level,
            tuple(whole),
            tuple({item.address: item for item in could if item.address not in placed}.values()),
        )

    def _tidy(self, items: list[Item]) -> list[Item]:
        """A day's items with those of a page side by side, where nothing comes before what it builds on."""
        ordered: list[Item] = []
        left = list(items)
        needs = {item.address: self._all_needs(item) for item in items}
        while left:
            open_ = {item.address for item in left}
            ready = [item for item in left if not needs[item.address] & open_]
            last = ordered[-1] if ordered else None
            same = [
                item
                for item in ready
                if last and item.page == last.page and (item.kind == last.kind or last.kind in READING)
            ]
            chosen = (same or ready)[0]
            left.remove(chosen)
            ordered.append(chosen)
        return ordered

    def _with_reviews(self, days: list[Day]) -> list[Day]:
        """The days with a light seventh a week: the weakest prompts again, and what each page read promised."""
        times = self.choices.times
        whole: list[Day] = []
        checked: set[str] = set()
        limit = min(times.review, self.minutes)
        for week in range(1, self.weeks + 1):
            mine = [day for day in days if day.week == week]
            review = Day(week, WEEK + 1, None, limit)
            again = min(times.again, limit)
            review.items.append(
                Item("again", "plan/index.md", "again", "The two prompts you scored weakest, again", again)
            )
            for page in dict.fromkeys(item.page for day in mine for item in day.items):
                folder = page.rpartition("/")[0] + "/index.md"
                check = self.book.checks.get(page) or self.book.checks.get(folder)
                if check and check.address not in checked and check.minutes <= review.room:
                    checked.add(check.address)
                    review.items.append(replace(check, title=self.book.titles[check.page]))
            whole += [*mine, review]
        return whole
