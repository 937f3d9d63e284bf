"""The minutes of a coding round, a plan and not a measurement; what one busy key and one broadcast cost. Serves docs/chapters/coding/index.md."""

MINUTES = 30
SIDE = 10_000  # values compared with themselves, given
PLAN = {"contract": 4, "example": 3, "edges": 4, "code": 10, "test": 6, "cost": 3}


def step(name: str) -> int:
    """Minutes planned for a step."""
    return PLAN[name]


def before_code() -> int:
    """Minutes that pass before the first line of code."""
    steps = list(PLAN)
    return sum(PLAN[name] for name in steps[: steps.index("code")])


def span(name: str) -> tuple[int, int]:
    """Minutes of the round between which a step lies."""
    steps = list(PLAN)
    start = sum(PLAN[step] for step in steps[: steps.index(name)])
    return start, start + PLAN[name]


def pairs(rows: int, keys: int, busy: float = 0.0) -> int:
    """Rows of a self-join by key: the keys hold as equally many rows as can be, except one more key that holds the share `busy` of all."""
    alone = round(busy * rows)
    each, more = divmod(rows - alone, keys)
    return (keys - more) * each**2 + more * (each + 1) ** 2 + alone**2


def broadcast_megabytes() -> float:
    """Megabytes of the differences of all values to all values, in float64."""
    return SIDE**2 * 8 / 1e6
