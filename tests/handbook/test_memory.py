"""Values of checked figures are kept by expression and code, and never survive a change of either."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handbook import checked, plot


@pytest.fixture
def counted(code: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A module `cases` that imports `rates`, and how often an expression was really evaluated."""
    package = code(
        **{
            "cases.py": "from snippets.rates import RATE\n\n\ndef alarms():\n    'False alarms a day.'\n    return 100 * RATE\n",
            "rates.py": "RATE = 2\n",
        }
    )
    monkeypatch.setattr(plot, "ROOT", package.parent)
    seen: dict[str, Any] = {"times": 0, "package": package}
    real = checked.evaluate

    def evaluate(expression: str) -> Any:
        seen["times"] += expression == "cases.alarms()"
        return real(expression)

    monkeypatch.setattr(checked, "evaluate", evaluate)
    return seen


def again(path: Path) -> checked._Memory:
    """The memory of a later run."""
    return checked._Memory(path)


def test_a_value_is_worked_out_once(counted: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked.check("200 = cases.alarms()").explanation == "False alarms a day."
    monkeypatch.setattr(checked, "_memory", again(checked._memory.path))
    assert checked.check("200 = cases.alarms()") == checked.Checked(
        "200", "cases.alarms()", "200", "False alarms a day."
    )
    assert counted["times"] == 1


def test_a_change_of_imported_code_is_seen(counted: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    checked.check("200 = cases.alarms()")
    (counted["package"] / "rates.py").write_text("RATE = 3  # edited\n", encoding="utf-8")
    monkeypatch.setattr(checked, "_memory", again(checked._memory.path))
    monkeypatch.setattr(checked, "_loaded_at", 1.0)  # as in a later run: the modules are read again
    with pytest.raises(ValueError, match="write 300"):
        checked.check("200 = cases.alarms()")


def test_a_wrong_text_is_wrong_from_memory_too(counted: dict[str, Any]) -> None:
    checked.check("200 = cases.alarms()")
    with pytest.raises(ValueError, match="write 200"):
        checked.check("201 = cases.alarms()")


@pytest.mark.parametrize("line", ["{half a li", "[1, 2]", "null", '"text"', ""])
def test_a_spoilt_memory_is_worked_out_again(counted: dict[str, Any], line: str) -> None:
    checked._memory.path.write_text(line + "\n", encoding="utf-8")
    assert checked.check("200 = cases.alarms()").value == "200"
    assert json.loads(checked._memory.path.read_text(encoding="utf-8").splitlines()[-1])[1] == 200
