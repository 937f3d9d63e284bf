"""How far each user came in a funnel whose steps have an order and a window. Serves docs/chapters/coding/events.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd

from snippets.coding.retention import Event

# --8<-- [start:plain]
STEPS = ("view", "cart", "buy")
WINDOW = timedelta(hours=24)


def funnel(events: Sequence[Event]) -> list[tuple[str, int]]:
    """(user, steps done): the most steps in order, all within 24 h of a view.

    Steps of the same instant are in order; exactly 24 hours is inside. Any view may
    start. Other kinds and rows without a user are left out. Ordered by user.
    O(n log n) time, O(n) memory.
    """
    by_user: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for event in events:
        if event.user_id is not None and event.kind in STEPS:
            at = event.happened_at.astimezone(UTC)
            by_user[event.user_id].append((at, STEPS.index(event.kind)))
    found = []
    for user, own in sorted(by_user.items()):
        begun: list[datetime | None] = [None] * len(STEPS)  # latest view behind a step
        for at, step in sorted(own):
            view = at if step == 0 else begun[step - 1]
            if view is not None and at - view <= WINDOW:
                begun[step] = view
        found.append((user, sum(view is not None for view in begun)))
    return found


# --8<-- [end:plain]


# --8<-- [start:pandas]
def funnel_frame(events: pd.DataFrame) -> pd.DataFrame:
    """The same for a frame with user_id, happened_at (UTC) and kind."""
    known = events.dropna(subset="user_id")
    known = known[known["kind"].isin(STEPS)].sort_values("happened_at")
    users = known.groupby("user_id").size().rename("done") * 0
    before = known.assign(view=known["happened_at"])[known["kind"] == STEPS[0]]
    users = users.add(before.groupby("user_id").size() > 0, fill_value=0)
    for step in STEPS[1:]:
        here = known[known["kind"] == step]
        past = before[["user_id", "happened_at", "view"]]
        here = pd.merge_asof(here, past, on="happened_at", by="user_id")
        before = here[here["happened_at"] - here["view"] <= WINDOW]
        users = users.add(before.groupby("user_id").size() > 0, fill_value=0)
    return users.sort_index().reset_index()


# --8<-- [end:pandas]
