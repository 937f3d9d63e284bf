"""The book's configuration, read from `mkdocs.yml` without a builder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from yaml_env_tag import construct_env_tag

from handbook.pages import ROOT, Page

BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where the wheel has it: ten times as fast


class _Loader(BASE):  # type: ignore[misc]
    """Understands `!ENV`; other tags (`!!python/name:…`) become the function they name."""


def _function(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    from importlib import import_module

    module, _, name = suffix.rpartition(".")
    return getattr(import_module(module), name)


_Loader.add_constructor("!ENV", construct_env_tag)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", _function)


def load(path: Path = ROOT / "mkdocs.yml") -> dict[str, Any]:
    """`mkdocs.yml` as a dictionary."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader with two tags more
    if not isinstance(loaded, dict):
        raise TypeError(f"{path.name} is no mapping")
    if loaded.get("site_url"):  # the builder adds the slash too; without it `…/book` would be how `…/bookstore/` begins
        loaded["site_url"] = str(loaded["site_url"]).rstrip("/") + "/"
    return loaded


def nav(config: dict[str, Any] | None = None) -> list[tuple[tuple[str, ...], str]]:
    """Pages in reading order, each with its titles from the top: `(("Chapters", "Metrics"), "chapters/metrics/index.md")`."""

    def walk(items: list[Any], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        for item in items:
            if isinstance(item, str):
                yield above, item
                continue
            for title, below in item.items():
                if isinstance(below, str):
                    yield (*above, title), below
                else:
                    yield from walk(below, (*above, title))

    return list(walk((config or load())["nav"], ()))


def title(page: str, between: str = ": ") -> str:
    """A page's name in the contents, with that of its folder unless it is the folder's first page; its path when it isn't listed.

    >>> title("chapters/metrics/classification.md"), title("chapters/metrics/index.md")
    ('Metrics: Classification', 'Choose metrics through decisions')
    """
    names = {path: names for names, path in nav()}.get(page, (page,))
    return names[-1] if page.endswith("/index.md") else between.join(names[1:] or names)


def markdown(page: Page, config: dict[str, Any] | None = None) -> Markdown:
    """A parser with the very extensions that `mkdocs.yml` lists, told which page it renders."""
    names: list[str] = []
    options: dict[str, dict[str, Any]] = {}
    for item in (config or load())["markdown_extensions"]:
        if isinstance(item, str):
            names.append(item)
        else:
            for name, values in item.items():
                names.append(name)
                options[name] = values or {}
    md = Markdown(extensions=[*dict.fromkeys(["toc", "tables", "fenced_code", *names])], extension_configs=options)
    md.handbook_page = page  # type: ignore[attr-defined]
    return md
