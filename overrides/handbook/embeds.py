"""Embedded code: only by named section, every section balanced and shown somewhere."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from handbook import bank, grammar
from handbook.errors import BookError
from handbook.pages import DOCS, SNIPPETS, lines_of, page_at

MARK = re.compile(r"^\s*(?:#|--)\s*--8<--\s*\[(?P<what>start|end):(?P<name>[\w-]+)\]\s*$")
ANY_MARK = re.compile(r"--8<--")
EMBED = re.compile(r"^\s*--8<-- \"(?P<path>[\w/.-]+?)(?::(?P<section>[\w-]+))?\"\s*$")
SERVES = re.compile(r"docs/[\w/-]+\.(?:md|ipynb)")


@dataclass(frozen=True)
class Embed:
    """A place in a page that shows `path:section` of the book's code."""

    page: str
    line: int
    path: str
    section: str

    @property
    def where(self) -> str:
        return f"docs/{self.page}:{self.line}"


def sections(root: Path = SNIPPETS) -> tuple[dict[str, str], list[BookError]]:
    """`path:section` → its source text, for all code below `root`; and what is wrong with the marks."""
    found: dict[str, str] = {}
    errors: list[BookError] = []
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".sql")):
        name = path.relative_to(root).as_posix()
        opened: dict[str, int] = {}
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            match = MARK.match(line)
            at = f"snippets/{name}:{number}"
            if match is None:
                if ANY_MARK.search(line) and not line.lstrip().startswith(('"', "r'", 'r"')):
                    errors.append(
                        BookError(at, f"`{line.strip()}` is no mark; write `# --8<-- [start:name]` or `[end:name]`")
                    )
                continue
            section = match["name"]
            if match["what"] == "start":
                if section in opened or f"{name}:{section}" in found:
                    errors.append(BookError(at, f"section `{section}` begins twice; rename one"))
                opened[section] = number
            elif section not in opened:
                errors.append(
                    BookError(at, f"section `{section}` ends and never began; write `# --8<-- [start:{section}]` above")
                )
            else:
                found[f"{name}:{section}"] = "\n".join(lines[opened.pop(section) : number - 1])
        for section, number in opened.items():
            errors.append(
                BookError(
                    f"snippets/{name}:{number}", f"section `{section}` never ends; write `# --8<-- [end:{section}]`"
                )
            )
    return found, errors


def embeds(docs: Path = DOCS) -> tuple[list[Embed], list[BookError]]:
    """Every embed of the book, and lines that mean to embed and do not."""
    found: list[Embed] = []
    errors: list[BookError] = []
    for page in bank.sources(docs):
        offset = page_at(page, docs).offset
        lines = lines_of(bank.body_of(page, docs))
        found_in = grammar.regions(lines)
        for number, line in enumerate(lines, offset + 1):
            if not re.match(r"^\s*-+8<-+", line) or number - offset in found_in.comment:
                continue
            match = EMBED.match(line)
            if match is None:
                errors.append(
                    BookError(
                        f"docs/{page}:{number}",
                        f'`{line.strip()}` embeds nothing; write `--8<-- "chapter/module.py:section"`',
                    )
                )
                continue
            if number - offset not in found_in.code and match["path"].endswith((".py", ".sql")):
                errors.append(
                    BookError(
                        f"docs/{page}:{number}",
                        f"`{match['path']}` is embedded outside a code fence and prints as prose; write “```python” above",
                    )
                )
            found.append(Embed(page, number, match["path"], match["section"] or ""))
    return found, errors


def check(docs: Path = DOCS, root: Path = SNIPPETS) -> list[BookError]:
    """Everything wrong with embeds, sections, and the modules' word about which page they serve."""
    known, errors = sections(root)
    used, more = embeds(docs)
    errors += more
    for embed in used:
        if embed.path.startswith("outputs/"):
            if not (root / embed.path).is_file():
                errors.append(
                    BookError(embed.where, f"there is no captured output `snippets/{embed.path}`; run `make figures`")
                )
        elif not (root / embed.path).is_file():
            errors.append(BookError(embed.where, f"there is no file `snippets/{embed.path}`"))
        elif not embed.section:
            errors.append(
                BookError(embed.where, f"`{embed.path}` is embedded whole; name a section: `{embed.path}:name`")
            )
        elif embed.section.isdigit() or f"{embed.path}:{embed.section}" not in known:
            errors.append(BookError(embed.where, f"`snippets/{embed.path}` has no section `{embed.section}`"))
    shown = {f"{embed.path}:{embed.section}" for embed in used}
    for key in sorted(set(known) - shown):
        errors.append(
            BookError(
                f"snippets/{key.split(':')[0]}",
                f"section `{key.split(':')[1]}` is shown on no page; embed it or remove its marks",
            )
        )
    outputs = {path.relative_to(root).as_posix() for path in (root / "outputs").rglob("*.txt")}
    for name in sorted(outputs - {embed.path for embed in used}):
        errors.append(BookError(f"snippets/{name}", "this output is shown on no page; embed it or remove its demo"))
    return sorted(errors + _serving(used, docs, root), key=str)


def _serving(used: list[Embed], docs: Path, root: Path) -> list[BookError]:
    """A module's docstring names the pages it serves; the pages it names use it, and pages that embed it are named."""
    errors: list[BookError] = []
    texts = {page: bank.body_of(page, docs) for page in bank.sources(docs)}
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if path.name.startswith("_"):
            continue
        where = f"snippets/{name}:1"
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        served = {link.removeprefix("docs/") for link in SERVES.findall(doc)}
        if not served:
            errors.append(
                BookError(
                    where,
                    "the module's docstring does not name the page it serves, such as `docs/chapters/metrics/index.md`",
                )
            )
        dotted = name.removesuffix(".py").replace("/", ".")
        for page in sorted(served & set(texts)):
            uses = any(
                embed.page == page and embed.path in (name, f"outputs/{name.removesuffix('.py')}") for embed in used
            )
            uses = uses or f"outputs/{name.removesuffix('.py')}/" in texts[page]
            uses = uses or re.search(rf"\b{re.escape(dotted)}\b", texts[page]) is not None or name in texts[page]
            uses = uses or (path.stem.startswith("figures") and "/figures/" in texts[page])
            if not uses:
                errors.append(
                    BookError(where, f"the docstring says it serves docs/{page}, which shows or names nothing of it")
                )
        for embed in used:
            if embed.path == name and embed.page not in served:
                errors.append(
                    BookError(where, f"{embed.where} shows it, and its docstring does not name docs/{embed.page}")
                )
    return errors
