"""Conveniences of `make serve` under MkDocs; the book's content hangs on none of them (other builders ignore hooks)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from handbook import site
from handbook.pages import DOCS, SNIPPETS

SERVING = bool(os.environ.get("HANDBOOK_SERVE"))
_index: dict[str, bytes] = {}


def on_files(files: Any, config: Any) -> Any:
    """With `--dirty`, a page is built again as well when a snippet or figure it shows was edited."""
    if SERVING:
        shown = [*SNIPPETS.rglob("*.py"), *SNIPPETS.rglob("*.txt"), *(DOCS / "figures").rglob("*.svg")]
        newest = max((path.stat().st_mtime for path in shown), default=0.0)
        for file in files.documentation_pages():
            built = Path(file.abs_dest_path)
            shows = re.search(r"--8<--|\{\{|/figures/", Path(file.abs_src_path).read_text(encoding="utf-8"))
            if shows and built.is_file() and built.stat().st_mtime < newest:
                built.unlink()
    return files


def on_post_build(config: Any) -> None:
    """While serving: forwarding addresses work, and a partial build leaves the search index as it was at the start."""
    if SERVING:
        site.finish(Path(config.site_dir), config.site_url, policy=False)
        path = Path(config.site_dir, "search", "search_index.json")
        if path.is_file():
            path.write_bytes(_index.setdefault(config.site_dir, path.read_bytes()))
