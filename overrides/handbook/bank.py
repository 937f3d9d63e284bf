"""The bank: every prompt of the book, as data, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handbook import config, labs
from handbook.errors import BookError, BookErrors
from handbook.grammar import Prompt, scan
from handbook.pages import DOCS, lines_of, page_at


def sources(docs: Path = DOCS) -> Iterator[str]:
    """Every page and lab, relative to `docs`: those in the table of contents first, in its order."""
    listed = [path for _, path in config.nav()]
    yield from (path for path in listed if (docs / path).is_file())
    yield from sorted({p.relative_to(docs).as_posix() for p in docs.rglob("*.md")} - set(listed))
    yield from sorted(set(labs.sources(docs)) - set(listed))


def body_of(path: str, docs: Path = DOCS) -> str:
    """A page's text without its front matter; a lab's as the page it becomes."""
    if path.endswith(".ipynb"):
        return labs.to_markdown(labs.read(docs / path), (docs / path).stem).rstrip("\n")
    page = page_at(path, docs)
    return "\n".join(lines_of((docs / path).read_text(encoding="utf-8-sig"))[page.offset :])


def read(docs: Path = DOCS) -> list[Prompt]:
    """All prompts; raises `BookErrors` with what is wrong on any page, ids used twice in the book included."""
    prompts: list[Prompt] = []
    errors: list[BookError] = []
    for path in sources(docs):
        try:
            prompts += scan(body_of(path, docs), page_at(path, docs))
        except BookErrors as found:
            errors += found.errors
    taken: dict[str, Prompt] = {}
    for prompt in prompts:
        for id_ in (prompt.id, *prompt.aliases):
            other = taken.setdefault(id_, prompt)
            if other is not prompt:
                errors.append(
                    BookError(
                        f"docs/{prompt.page}:{prompt.line}",
                        f"prompt `{prompt.id}`: the id `{id_}` is taken by docs/{other.page}:{other.line}; choose another",
                    )
                )
    if errors:
        raise BookErrors(errors)
    return prompts


def address(page: str) -> str:
    """Where a source page is served, relative to the site's root.

    >>> address("chapters/metrics/index.md"), address("reference/faq.md"), address("index.md")
    ('chapters/metrics/', 'reference/faq/', '')
    """
    stem = page.removesuffix(".md").removesuffix(".ipynb")
    if stem == "index":
        return ""
    return stem.removesuffix("index") if stem.endswith("/index") else f"{stem}/"
