"""The point-in-time join with two clocks. Serves docs/chapters/data-audit/leaks.md."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple


# --8<-- [start:as-of]
class Fact(NamedTuple):
    """A value of an entity: when it became true, and when we could have read it."""

    entity: Hashable
    event_at: float
    known_at: float
    value: Any


def as_of(
    asked: Sequence[tuple[Hashable, float]],
    facts: Sequence[Fact],
    ttl: float,
) -> list[Fact | None]:
    """For each (entity, time) asked, the newest fact that could have been read then.

    Newest by event time; of two versions of one event, the one known last. A fact
    known at the very moment counts. Facts whose event is more than `ttl` old give
    None, and so does an entity without facts. A fact known before its event is a
    forecast, or a broken clock, and raises `ValueError`. Any order of input; one
    sweep over time, O((n + m) log (n + m)).
    """
    if early := next((fact for fact in facts if fact.known_at < fact.event_at), None):
        raise ValueError(f"known before it happened: {early}")
    newest: dict[Hashable, Fact] = {}
    found: list[Fact | None] = [None] * len(asked)
    arrivals = sorted(facts, key=lambda fact: (fact.known_at, fact.event_at))
    arrived = 0
    for row in sorted(range(len(asked)), key=lambda row: asked[row][1]):
        entity, now = asked[row]
        while arrived < len(arrivals) and arrivals[arrived].known_at <= now:
            fact = arrivals[arrived]
            held = newest.get(fact.entity)
            # late news of an old event changes nothing
            if held is None or fact.event_at >= held.event_at:
                newest[fact.entity] = fact
            arrived += 1
        best = newest.get(entity)
        if best is not None and now - best.event_at <= ttl:
            found[row] = best
    return found


# --8<-- [end:as-of]


def by_event_time(asked: Sequence[tuple[Hashable, float]], facts: Sequence[Fact], ttl: float) -> list[Fact | None]:
    """The join that leaks: the newest fact by event time, whenever it became known.

    What `as_of` gives when every fact is taken to be known at its event. Versions of one event: the last in known time.
    O((n + m) log (n + m)).
    """
    pretended = [fact._replace(known_at=fact.event_at, value=fact) for fact in sorted(facts, key=lambda f: f.known_at)]
    return [None if fact is None else fact.value for fact in as_of(asked, pretended, ttl)]
