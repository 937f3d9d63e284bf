"""When something of the book was last changed: the date that files made from it carry, so that the same input gives the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess

from handbook.pages import ROOT


def changed(*paths: str) -> int | None:
    """Seconds since 1970 of the last commit to any of the paths, or `SOURCE_DATE_EPOCH`; None outside of a repository."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    if shutil.which("git") is None:
        return None
    command = ["git", "log", "-1", "--format=%ct", "--", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else None
