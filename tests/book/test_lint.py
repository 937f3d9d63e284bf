"""CI calls `make test` and nothing else, so what `make check` lints is asked here too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from handbook.pages import ROOT

BIN = Path(sys.executable).parent
COMMANDS = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "markdown": [str(BIN / "rumdl"), "check", "."],
    "spelling": [sys.executable, "-m", "handbook.node", "cspell", "--no-progress", "--quiet"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_linters_are_content(name: str) -> None:
    done = subprocess.run(COMMANDS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
