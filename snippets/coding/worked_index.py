"""The minutes of a coding round, a plan and not a measurement. Serves docs/chapters/coding/index.md."""

MINUTES = 30
PLAN = {"contract": 4, "example": 3, "edges": 4, "code": 10, "test": 6, "cost": 3}


def step(name: str) -> int:
    """Minutes planned for a step."""
    return PLAN[name]


def before_code() -> int:
    """Minutes that pass before the first line of code."""
    steps = list(PLAN)
    return sum(PLAN[name] for name in steps[: steps.index("code")])
