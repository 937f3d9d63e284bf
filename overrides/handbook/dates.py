"""When something of the book was last changed: the date that files made from it carry, so that the same input gives the same bytes."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess

from handbook.pages import ROOT


def changed(*paths: str) -> int | None:
    """Seconds since 1970 of the last commit to any of the paths, or `SOURCE_DATE_EPOCH`; None outside of a repository."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    said = _git("log", "-1", "--format=%ct", "--", *paths).strip()
    return int(said) if said else None


def each(folder: str) -> dict[str, int]:
    """The same for each file below a folder, in one call of git: path from the root → seconds since 1970. Empty outside of a repository."""
    said = _git(
        "-c", "core.quotePath=false", "log", "-c", "--format=@%ct", "--name-only", "--", folder
    )  # -c: merges that differ from both sides
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    found: dict[str, int] = {}
    seconds = 0
    for line in said.splitlines():
        if line.startswith("@"):
            seconds = int(line[1:])
        elif line:
            found[line] = int(epoch) if epoch else max(seconds, found.get(line, 0))
    return found


def day(seconds: int) -> str:
    """The day in UTC, as files and pages name it.

    >>> day(1_700_000_000)
    '2023-11-14'
    """
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.UTC):%Y-%m-%d}"


def _git(*arguments: str) -> str:
    """What git says, or nothing where it is not installed or this is no repository."""
    if (git := shutil.which("git")) is None:
        return ""
    done = subprocess.run([git, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout if done.returncode == 0 else ""
