"""The plan of a coding round adds up."""

from snippets.coding import worked_index as w


def test_the_steps_fill_the_round():
    assert sum(w.step(name) for name in w.PLAN) == w.MINUTES
    assert w.before_code() == w.step("contract") + w.step("example") + w.step("edges")
    assert w.step("code") * 3 == w.MINUTES
