"""Conveniences of `make serve` under MkDocs, the labs' pages, and search; no content hangs on them (other builders ignore hooks)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from handbook import checked, labs, search, site
from handbook.pages import DOCS, SNIPPETS

SERVING = bool(os.environ.get("HANDBOOK_SERVE"))


def on_config(config: Any) -> Any:
    """The templates learn the search worker's address."""
    config.extra["search_worker"] = search.worker()
    return config


def on_files(files: Any, config: Any) -> Any:
    """With `--dirty`, a page is built again as well when code or a figure that it shows or counts with was edited."""
    if SERVING:
        for file in files.documentation_pages():
            built = Path(file.abs_dest_path)
            if built.is_file():
                behind = shown_by(source_of(Path(file.abs_src_path)))
                if any(path.stat().st_mtime > built.stat().st_mtime for path in behind):
                    built.unlink()
    return files


def source_of(path: Path) -> str:
    """A page's text; a lab's as the page it becomes."""
    if path.suffix == ".ipynb":
        return labs.to_markdown(labs.read(path), path.stem)
    return path.read_text(encoding="utf-8")


def shown_by(text: str) -> set[Path]:
    """The files a page's text depends on: embedded code and outputs, figures, and the code behind its checked figures."""
    paths = {SNIPPETS / match[1] for match in re.finditer(r'--8<-- "([\w/.-]+)', text)}
    paths |= {DOCS / match[1] for match in re.finditer(r"\]\((?:\.\./)*(figures/[\w/-]+\.svg)", text)}
    # All at once: a page has hundreds of figures from a dozen modules, and every edit asks for every page.
    expressions = (match["body"].partition(" = ")[2].strip() for match in re.finditer(checked.PATTERN, text))
    paths |= checked.code_behind(*expressions)
    return {path for path in paths if path.is_file()}


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """A lab is rendered from Markdown, as every page is; see `handbook.labs`. `mkdocs-jupyter` had set its own renderer.

    The search plugin is to skip the page: the index is made from the built ones.
    """
    page.meta["search"] = {"exclude": True}
    path = Path(page.file.abs_src_path)
    if path.suffix != ".ipynb":
        return markdown
    vars(page).pop("render", None)
    return source_of(path)


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """A lab shows more code than any page; it goes without the marks that change nothing."""
    return labs.lighter(html) if page.file.src_uri.endswith(".ipynb") else html


def on_post_build(config: Any) -> None:
    """Search gets its worker and its index; while serving, forwarding addresses work as well."""
    folder = Path(config.site_dir)
    search.finish(folder)
    if SERVING:
        site.finish(folder, config.site_url, policy=False)
