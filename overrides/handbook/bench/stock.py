"""The same pages built by stock Material, to compare with: none of our extensions, theme files or passes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from handbook import config
from handbook.errors import BookError
from handbook.pages import CACHE, ROOT

PLACE = CACHE / "bench"


def stock(site: Path) -> dict[str, Any]:
    """A configuration with our pages, contents and stock extensions, and Material as it comes."""
    ours = config.load()
    extensions = [item for item in ours["markdown_extensions"] if not _name(item).startswith("handbook.")]
    notebooks = [item for item in ours["plugins"] if _name(item) == "mkdocs-jupyter"]
    return {
        **{key: ours[key] for key in ("site_name", "site_url", "nav")},
        "docs_dir": str(ROOT / "docs"),
        "site_dir": str(site),
        "theme": {"name": "material"},
        "plugins": ["search", *notebooks],
        "markdown_extensions": extensions,
    }


def ours(site: Path, docs: Path, nav: list[Any]) -> dict[str, Any]:
    """Our configuration for other pages: what is written relative to `mkdocs.yml` made absolute."""
    loaded = config.load()
    return {
        **loaded,
        "docs_dir": str(docs),
        "site_dir": str(site),
        "nav": nav,
        "hooks": [str(ROOT / path) for path in loaded["hooks"]],
        "watch": [],
        "theme": {**loaded["theme"], "custom_dir": str(ROOT / loaded["theme"]["custom_dir"])},
    }


def build(configuration: dict[str, Any]) -> float:
    """Build; returns the CPU seconds it took, of all processes."""
    PLACE.mkdir(parents=True, exist_ok=True)
    file = PLACE / f"{Path(configuration['site_dir']).name}.yml"
    file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return cpu_seconds([sys.executable, "-m", "mkdocs", "build", "--quiet", "--clean", "--config-file", str(file)])


def cpu_seconds(command: list[str]) -> float:
    """Run a command from the repository's root; the user and system time of it and its children."""
    before = os.times()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BookError("", f"`{' '.join(command[1:6])} …` failed:\n{done.stderr[-2000:]}")
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def _name(item: Any) -> str:
    return item if isinstance(item, str) else str(next(iter(item)))
