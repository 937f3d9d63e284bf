"""Wrong on purpose: versions that pass the tests most people write. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from snippets.coding.actives import SPAN, Active
from snippets.coding.funnel import STEPS, WINDOW
from snippets.coding.retention import WEEK, Event, calendar, days_by_user
from snippets.coding.sessions import GAP, Click, Session
from snippets.coding.topk import ZONE, Best, Sale


# --8<-- [start:retention]
def day_7_share(events: Sequence[Event], through: date) -> float | None:
    """Share of the users who came back on day 7; None without users."""
    days = [own for own in days_by_user(events).values() if min(own) <= through]
    back = [
        own for own in days if min(own) + WEEK in own and min(own) + WEEK <= through
    ]
    return len(back) / len(days) if days else None


# --8<-- [end:retention]


# --8<-- [start:sessions]
def sessions_by_day(clicks: Sequence[Click]) -> list[Session]:
    """(user, first click, last click, clicks): split where more than 30 min pass."""
    by_user: defaultdict[tuple[str, date], set[tuple[datetime, int]]]
    by_user = defaultdict(set)
    for click in clicks:
        if click.user_id is not None:
            at = click.clicked_at.astimezone(UTC)
            by_user[click.user_id, at.date()].add((at, click.click_id))
    found: list[Session] = []
    for (user, _), own in sorted(by_user.items()):
        times = sorted(at for at, _ in own)
        start, last, n = times[0], times[0], 0
        for at in times:
            if at - last > GAP:
                found.append((user, start, last, n))
                start, n = at, 0
            last, n = at, n + 1
        found.append((user, start, last, n))
    return found


# --8<-- [end:sessions]


# --8<-- [start:actives]
def actives_added(
    visits: Sequence[Active], since: date, through: date
) -> list[tuple[date, int]]:
    """(day, distinct users of the 30 days that end with it), for every day."""
    seen = {(v.user_id, v.day) for v in visits if v.user_id is not None}
    daily = Counter(day for _, day in seen)
    return [
        (day, sum(n for d, n in daily.items() if day - SPAN < d <= day))
        for day in calendar(since, through)
    ]


# --8<-- [end:actives]


# --8<-- [start:funnel]
def funnel_of_firsts(events: Sequence[Event]) -> list[tuple[str, int]]:
    """(user, steps done): the most steps in order, all within 24 h of a view."""
    first: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for event in events:
        if event.user_id is not None and event.kind in STEPS:
            at, own = event.happened_at.astimezone(UTC), first[event.user_id]
            own[event.kind] = min(at, own.get(event.kind, at))
    found = []
    for user, own in sorted(first.items()):
        done, last = 0, datetime.min.replace(tzinfo=UTC)
        for step in STEPS:
            reached = own.get(step)
            if reached is None or reached < last or reached - own["view"] > WINDOW:
                break
            done, last = done + 1, reached
        found.append((user, done))
    return found


# --8<-- [end:funnel]


# --8<-- [start:topk]
def top_rows(sales: Sequence[Sale], k: int = 3) -> list[Best]:
    """(week, category, item, sales, rank): ranks 1 to k, everybody tied at k too."""
    counts: Counter[tuple[date, str | None, str]] = Counter()
    for sale in {sale.sale_id: sale for sale in sales}.values():
        day = sale.sold_at.astimezone(ZONE).date()
        week = day - timedelta(days=day.weekday())
        counts[week, sale.category, sale.item] += 1
    groups: defaultdict[tuple[date, str | None], list[tuple[int, str]]]
    groups = defaultdict(list)
    for (week, category, item), n in counts.items():
        groups[week, category].append((-n, item))
    found: list[Best] = []
    for week, category in sorted(groups, key=lambda g: (g[0], g[1] is None, g[1])):
        best = sorted(groups[week, category])[:k]
        for minus, item in best:
            rank = 1 + sum(other < minus for other, _ in best)
            found.append((week, category, item, -minus, rank))
    return found


# --8<-- [end:topk]
