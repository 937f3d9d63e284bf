"""Topic by role by depth, the loops that ask for it, and hours from a gap. Serves docs/chapters/roles.md.

The depths, minutes and hours are this book's judgment, kept as data so that the page, its plans and its tests agree.
"""

import math
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from snippets.roles.plan import allocate

ROLES = ("mle", "applied-scientist", "ai-engineer")
LEVELS = ("junior", "mid", "senior", "staff")


class Topic(NamedTuple):
    """One row: depths 0 to 3 asked of a senior candidate, in the order of ROLES."""

    label: str
    half_gap: int  # hours that close half of a gap
    depths: tuple[int, int, int]


TOPICS = {
    "coding": Topic("Coding, algorithms", 25, (2, 2, 2)),
    "sql": Topic("SQL, data manipulation", 5, (2, 2, 1)),
    "features": Topic("Feature pipelines, point in time", 5, (3, 1, 1)),
    "audit": Topic("Labels, leakage, splits", 5, (3, 3, 2)),
    "metrics": Topic("Metrics, thresholds", 4, (3, 3, 2)),
    "fundamentals": Topic("ML fundamentals", 8, (2, 3, 1)),
    "debugging": Topic("Model debugging", 5, (3, 2, 2)),
    "statistics": Topic("Probability, statistics, model assumptions", 10, (1, 3, 1)),
    "experiments": Topic("Experiments, causal thinking", 8, (2, 3, 1)),
    "ranking": Topic("Ranking, recommendation", 6, (2, 3, 1)),
    "design": Topic("System design", 8, (3, 2, 3)),
    "serving": Topic("Deployment, monitoring, rollback", 6, (3, 1, 3)),
    "retrieval": Topic("Retrieval, RAG", 6, (1, 1, 3)),
    "evals": Topic("Evaluation of LLM answers", 5, (1, 1, 3)),
    "llm-ops": Topic("LLM prompt versions, cost, latency, fallback, observability", 6, (1, 0, 3)),
    "safety": Topic("LLM safety, permissions", 3, (0, 0, 2)),
    "stories": Topic("Project deep dive, ownership", 3, (3, 3, 3)),
}

# What a level takes off or adds, by topic; depths stay between 0 and 3.
BY_SYSTEM = ("design", "serving", "llm-ops", "stories")
SHIFTS: dict[str, dict[str, int]] = {
    "junior": {key: -1 for key in TOPICS if key not in ("coding", "fundamentals")} | {"design": -2, "serving": -2},
    "mid": dict.fromkeys(BY_SYSTEM, -1),
    "senior": {},
    "staff": dict.fromkeys((*BY_SYSTEM, "audit", "metrics", "experiments"), 1),
}


def depth(topic: str, role: str, level: str = "senior") -> int:
    """Depth asked, 0 to 3: the printed one of a senior candidate, moved by the level.

    What a role does not ask of a senior (0) no level asks. An unknown key raises `KeyError` or `ValueError`. O(1).
    """
    printed = TOPICS[topic].depths[ROLES.index(role)]
    return min(3, max(0, printed + SHIFTS[level].get(topic, 0))) if printed else 0


def cells_that_change(lower: str, higher: str) -> int:
    """How many of the matrix's cells differ between two levels. O(topics · roles)."""
    return sum(depth(t, r, lower) != depth(t, r, higher) for t in TOPICS for r in ROLES)


class Slot(NamedTuple):
    """One scored round: its minutes and the topics it draws on."""

    name: str
    minutes: int
    topics: tuple[str, ...]


LOOPS: dict[str, tuple[Slot, ...]] = {
    "mle": (
        Slot("Coding screen", 60, ("coding",)),
        Slot("Data and ML coding", 60, ("sql", "features", "metrics")),
        Slot("ML depth and debugging", 60, ("fundamentals", "audit", "debugging")),
        Slot("ML system design", 60, ("design", "serving", "metrics", "ranking")),
        Slot("Project and behavior", 60, ("stories",)),
    ),
    "applied-scientist": (
        Slot("Coding screen", 60, ("coding", "statistics")),
        Slot("Science breadth", 60, ("fundamentals", "metrics", "audit")),
        Slot("Science depth", 60, ("ranking", "statistics", "stories")),
        Slot("Applied case", 60, ("experiments", "metrics", "design", "ranking")),
        Slot("Behavior", 45, ("stories",)),
    ),
    "ai-engineer": (
        Slot("Coding", 60, ("coding",)),
        Slot("AI deep dive", 60, ("retrieval", "evals", "fundamentals", "safety")),
        Slot("Take-home review", 60, ("retrieval", "evals", "coding")),
        Slot("LLM system design", 60, ("design", "llm-ops", "serving", "safety")),
        Slot("Behavior", 45, ("stories",)),
    ),
}


# --8<-- [start:minutes]
def minutes_by_topic(role: str) -> dict[str, float]:
    """Minutes of the loop for each topic, a round's minutes split evenly over its topics."""
    minutes = dict.fromkeys(TOPICS, 0.0)
    for slot in LOOPS[role]:
        for topic in slot.topics:
            minutes[topic] += slot.minutes / len(slot.topics)
    return minutes


def closed(stake: float, half_gap: float, hours: int) -> float:
    """Part of a stake that so many hours close: half of it after `half_gap`."""
    return stake * (1 - math.exp2(-hours / half_gap))


def plan_topics(
    role: str,
    yours: Mapping[str, int],
    hours: int,
    level: str = "senior",
) -> dict[str, int]:
    """Whole hours for each topic that gets any, from your depth in each (0 to 3).

    An hour on a topic closes part of the gap to the depth asked: half of it after
    `half_gap` hours. Each topic counts by its minutes, so a topic without minutes or
    without a gap gets nothing. A topic missing from `yours` counts as depth 0.
    """
    minutes = minutes_by_topic(role)
    stakes = {t: minutes[t] * max(0, depth(t, role, level) - yours.get(t, 0)) for t in TOPICS}
    open_topics = [t for t in TOPICS if stakes[t]]
    gains = [partial(closed, stakes[t], TOPICS[t].half_gap) for t in open_topics]
    given = allocate(gains, hours)
    return {t: h for t, h in zip(open_topics, given, strict=True) if h}


# --8<-- [end:minutes]
