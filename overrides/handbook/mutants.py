"""Mutation testing of the book's code, by mutmut: outside `make test`, since a full run takes hours.

`python -m handbook mutants` does two things. It runs the exhibit of the page on testing, one function against a weak and a strong
test, and writes which mutants each of them misses into `snippets/coding/mutants.json`, which the page shows and a quick test
proves again. Then it draws a random sample of the mutants of all teaching code and says how many the tests kill, with an interval.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from handbook.errors import BookError
from handbook.pages import ROOT, SNIPPETS
from snippets.metrics.uncertainty import wilson_interval

WORK = ROOT / ".build" / "mutants"
EXHIBIT = SNIPPETS / "coding" / "mutants.json"
FUNCTION = "snippets/coding/lapsed.py"
TESTS = {
    name: f"tests/snippets/coding/test_lapsed.py::{test}"
    for name, test in {"weak": "test_covers_every_line", "strong": "test_each_edge_has_a_customer"}.items()
}
# Not taught: a page's arithmetic, its figures, what is wrong on purpose, the cases' premises.
NOT_TAUGHT = (
    "*/worked*",
    "*/figures*",
    "*/wrong_*",
    "*/_draw.py",
    "*/__init__.py",
    "snippets/labs/*",
    "snippets/cases.py",
)
SETTINGS = """\
[tool.mutmut]
source_paths = ["snippets"]
only_mutate = {only}
do_not_mutate = {never}
also_copy = ["snippets", "docs", "overrides", "mkdocs.yml", "README.md", "CONTRIBUTING.md", "REVIEWS.md", "Makefile"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "--import-mode=importlib", "-m", "not slow"]
pytest_add_cli_args_test_selection = ["{tests}"]
use_git_change_detection = false
# Workers of a process that ran no test: a value that an earlier run cached would hide a mutant.
process_isolation = "forkserver"
# A message's words are no behavior.
do_not_mutate_patterns = ["^\\\\s*raise ", "^\\\\s*print\\\\("]

[tool.pytest.ini_options]
pythonpath = [".", "tests/snippets/coding"]
markers = ["slow: belongs to make test-full"]
"""
KILLED, SURVIVED, NO_TEST, TIMEOUT = "killed", "survived", "no test", "timeout"
# mutmut's exit codes: pytest's own for the first two; 33 is its word for a mutant that no test reaches.
VERDICTS = {1: KILLED, 3: KILLED, 0: SURVIVED, 5: NO_TEST, 33: NO_TEST, 34: "skipped"}


class Mutant(NamedTuple):
    """One line of the exhibit's function, as it was and as the tool made it, and whether each test noticed."""

    line: str
    mutated: str
    weak: bool
    strong: bool


def changed_lines(diff: str) -> tuple[str, str]:
    """The line that a mutant's diff takes away and the one that it puts in.

    >>> changed_lines("--- a\\n+++ a\\n@@ -1 +1 @@\\n-x = 1\\n+x = 2")
    ('x = 1', 'x = 2')
    """
    body = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    gone, new = ([line[1:].strip() for line in body if line[0] == sign] for sign in "-+")
    if len(gone) != 1 or len(new) != 1:
        raise BookError("", f"a mutant of the exhibit should change one line, this one changes {len(gone)}:\n{diff}")
    return gone[0], new[0]


def verdict(code: int | None) -> str:
    """A mutant's fate from the exit code that mutmut noted; anything unknown was stopped by the clock or a signal.

    >>> verdict(1), verdict(0), verdict(33), verdict(-24)
    ('killed', 'survived', 'no test', 'timeout')
    """
    return VERDICTS.get(code if code is not None else 34, TIMEOUT)


def _prepare(folder: Path, tests: str, only: Sequence[str] = ()) -> None:
    """A copy of what is in git, with mutmut's settings: the tool writes beside what it reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    text = SETTINGS.format(only=json.dumps(list(only)), never=json.dumps(NOT_TAUGHT), tests=tests)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def _mutmut(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).replace("\r", "\n").splitlines()[-15:])
        raise BookError("", f"{' '.join(arguments[:2])}: mutmut gave up (`make mutants` installs it):\n{said}")
    return done.stdout


def fates(folder: Path) -> dict[str, str]:
    """Every mutant that a finished run left in a folder, and what became of it."""
    found: dict[str, str] = {}
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        found |= {name: verdict(code) for name, code in codes.items()}
    return found


def exhibit() -> list[str]:
    """Run both tests of the exhibit against all its mutants and write what was missed; returns what was changed."""
    noticed: dict[str, dict[str, str]] = {}
    lines: dict[str, tuple[str, str]] = {}
    for name, test in TESTS.items():
        folder = WORK / name
        _prepare(folder, test, [FUNCTION])
        _mutmut(folder, "run")
        noticed[name] = fates(folder)
        if not lines:
            lines = {mutant: changed_lines(_mutmut(folder, "show", mutant)) for mutant in noticed[name]}
    rows = [
        Mutant(*lines[name], *(noticed[test][name] == KILLED for test in TESTS))._asdict()
        for name in sorted(lines, key=lambda name: int(re.sub(r".*_", "", name)))
    ]
    text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    if EXHIBIT.is_file() and EXHIBIT.read_text(encoding="utf-8") == text:
        return []
    EXHIBIT.write_text(text, encoding="utf-8")
    return [EXHIBIT.relative_to(ROOT).as_posix()]


def table(found: dict[str, str], drawn: Iterable[str]) -> str:
    """What became of the drawn mutants, by chapter and in all, with the interval of the share killed.

    >>> print(table({"snippets.a.b.x": "killed", "snippets.a.c.x": "survived"}, ["snippets.a.b.x", "snippets.a.c.x"]))
    a: 1 killed, 1 survived
    killed 1 of 2, 50 % (9–91 %)
    """
    fate_by_chapter: dict[str, Counter[str]] = {}
    for name in drawn:
        fate_by_chapter.setdefault(name.split(".")[1], Counter())[found[name]] += 1
    lines = [
        f"{chapter}: " + ", ".join(f"{n} {fate}" for fate, n in sorted(count.items()))
        for chapter, count in sorted(fate_by_chapter.items())
    ]
    total = sum(fate_by_chapter.values(), Counter[str]())
    judged = total[KILLED] + total[SURVIVED] + total[NO_TEST]
    if judged:
        low, high = wilson_interval(total[KILLED], judged)
        lines.append(
            f"killed {total[KILLED]} of {judged}, {total[KILLED] / judged:.0%} ({low:.0%}–{high:.0%})".replace(
                "%", " %"
            ).replace(" %–", "–")
        )
    return "\n".join(lines)


def score(sample: int, seed: int = 1) -> str:
    """Kill rate of a random sample of all mutants of the teaching code, and a line for each survivor."""
    folder = WORK / "score"
    _prepare(folder, "tests/snippets")
    # Naming one mutant makes mutmut write them all and learn which tests reach which function.
    _mutmut(folder, "run", "snippets.coding.lapsed.x_lapsed__mutmut_1")
    everything = sorted(fates(folder))
    drawn = random.Random(seed).sample(everything, min(sample, len(everything)))
    _mutmut(folder, "run", *drawn)
    found = fates(folder)
    missed = [name for name in sorted(drawn) if found[name] in (SURVIVED, NO_TEST)]
    shown = [f"{name}\n  - {gone}\n  + {new}" for name in missed for gone, new in [_lines(folder, name)]]
    return "\n".join([f"{len(drawn)} of {len(everything)} mutants", *shown, table(found, drawn)])


def _lines(folder: Path, name: str) -> tuple[str, str]:
    try:
        return changed_lines(_mutmut(folder, "show", name))
    except BookError as error:
        return "several lines", str(error).splitlines()[-1]
