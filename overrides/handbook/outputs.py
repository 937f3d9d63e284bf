"""Captured outputs: what a snippet's `demo_…` function prints, committed and compared.

`demo_by_cost` in `snippets/metrics/threshold.py` prints into `snippets/outputs/metrics/threshold/by-cost.txt`, which a
page embeds. Numbers may differ by a relative 1e-6 between machines before a file counts as stale; text may not.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import math
import re
from collections.abc import Callable
from pathlib import Path

from handbook.pages import ROOT, SNIPPETS

OUTPUTS = SNIPPETS / "outputs"


def demos() -> dict[Path, Callable[[], None]]:
    """Output file → the function that prints it, for every `demo_…` of the book's code."""
    found: dict[Path, Callable[[], None]] = {}
    for path in sorted(SNIPPETS.rglob("*.py")):
        if "def demo_" not in path.read_text(encoding="utf-8"):
            continue
        relative = path.relative_to(SNIPPETS).with_suffix("")
        module = importlib.import_module(".".join(("snippets", *relative.parts)))
        for name, value in vars(module).items():
            if name.startswith("demo_") and callable(value) and value.__module__ == module.__name__:
                found[OUTPUTS / relative / f"{name.removeprefix('demo_').replace('_', '-')}.txt"] = value
    return found


def capture(demo: Callable[[], None]) -> str:
    """What a demo prints, without spaces at line ends."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        demo()
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"
    if not text.strip():
        raise ValueError(f"{demo.__module__}.{demo.__name__} prints nothing")
    return text


def same_output(old: str, new: str, tolerance: float = 1e-6) -> bool:
    """Equal text, and numbers equal within a relative tolerance.

    >>> same_output("ece 0.12000001", "ece 0.12"), same_output("ece 0.12", "ece 0.13")
    (True, False)
    """
    number = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
    if re.sub(number, "#", old) != re.sub(number, "#", new):
        return False
    pairs = zip(re.findall(number, old), re.findall(number, new), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=tolerance, abs_tol=1e-12) for a, b in pairs)


def refresh() -> list[str]:
    """Run every demo, write what is stale, drop what no demo prints; returns what was changed."""
    changed: list[str] = []
    made = demos()
    for path, demo in made.items():
        new = capture(demo)
        if not path.is_file() or not same_output(path.read_text(encoding="utf-8"), new):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            changed.append(path.relative_to(ROOT).as_posix())
    for path in sorted(OUTPUTS.rglob("*.txt")):
        if path not in made:
            path.unlink()
            changed.append(path.relative_to(ROOT).as_posix())
    return changed
