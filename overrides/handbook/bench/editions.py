"""What the editions cost, nothing remembered: CPU seconds and the most memory, kind by kind, and of the dearest chapter."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from handbook.bench import Built, Row
from handbook.editions import Made

KINDS = ("chapters", "book", "sheets", "epub", "anki", "offline")
ALL, MEMORY, CHAPTER = (
    120,
    2.5,
    5.0,
)  # CPU seconds for everything, GB for anything, CPU seconds for a chapter on both sheets
ONE = """
import sys
from pathlib import Path
from handbook.bench import editions
editions.one(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
"""


def run(built: Built) -> list[Row]:
    """Every kind in a process of its own, over a copy of the site, into an empty memory."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        shutil.copytree(built.site, site)
        spent = {kind: _measured(kind, site, Path(folder), built.site_url) for kind in KINDS}
        dearest = max(_chapters(site), key=lambda slug: sum(f.stat().st_size for f in (site / "pdf").glob(f"{slug}-*")))
        one = _measured(f"chapter {dearest}", site, Path(folder), built.site_url)
    for kind, (seconds, gigabytes) in spent.items():
        rows.append(Row(f"editions: {kind}, CPU", seconds, unit="s"))
        rows.append(Row(f"editions: {kind}, most memory of a process", gigabytes, None, f"≤ {MEMORY}", "GB"))
    rows.append(Row(f"editions: the chapter {dearest}, a sheet, CPU", one[0] / 2, None, f"≤ {CHAPTER:g}", "s"))
    rows.append(Row("editions: all, CPU", sum(s for s, _ in spent.values()), None, f"≤ {ALL}", "s"))
    return rows


def _chapters(site: Path) -> list[str]:
    return [file.name.removesuffix("-a4.pdf") for file in (site / "pdf").glob("*-a4.pdf")]


def _measured(kind: str, site: Path, folder: Path, site_url: str) -> tuple[float, float]:
    memory = folder / "memory" / kind.replace(" ", "-")
    command = [sys.executable, "-c", ONE, kind, str(site), str(memory), site_url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, gigabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, gigabytes


def one(kind: str, site: Path, memory: Path, site_url: str) -> None:
    """Make one kind of edition, remembering nothing of earlier runs, and print what it took."""
    from handbook.editions import anki, book, epub, offline, sheets
    from handbook.paper import press

    setattr(press, "CACHE", memory)  # noqa: B010 - a constant to everybody else
    if kind == "chapters":
        press.editions(site, site_url)
    elif kind.startswith("chapter "):
        press.editions(site, site_url, [kind.removeprefix("chapter ")])
    else:
        makers: dict[str, Callable[[Path, str], Iterable[Made]]] = {
            "book": book.make,
            "sheets": sheets.make,
            "epub": epub.make,
            "anki": anki.make,
            "offline": offline.make,
        }
        list(makers[kind](site, site_url))
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime
    print(json.dumps([seconds, max(own.ru_maxrss, below.ru_maxrss) * 1024 / 1e9]))
