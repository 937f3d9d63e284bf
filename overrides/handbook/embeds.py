"""Embedded code: only by named section, every section balanced and shown somewhere.

Code stands in `snippets/` as Python or SQL. A test that is the lesson is shown too: `tests/snippets/` is the second place
embeds are looked up in, for files named `test_…`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from handbook import bank, grammar
from handbook.errors import BookError
from handbook.pages import DOCS, ROOT, SNIPPETS, lines_of, page_at

TESTS = ROOT / "tests" / "snippets"

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


def sections(root: Path = SNIPPETS, tests: Path = TESTS) -> tuple[dict[str, str], list[BookError]]:
    """`path:section` → its source text, for all code below `root` and all tests; and what is wrong with the marks."""
    found: dict[str, str] = {}
    errors: list[BookError] = []
    code = [(path, root, "snippets") for path in root.rglob("*") if path.suffix in (".py", ".sql")]
    code += [(path, tests, "tests/snippets") for path in tests.rglob("test_*.py")]
    for path, base, place in sorted(code):
        name = path.relative_to(base).as_posix()
        opened: dict[str, int] = {}
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            match = MARK.match(line)
            at = f"{place}/{name}:{number}"
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
                    f"{place}/{name}:{number}", f"section `{section}` never ends; write `# --8<-- [end:{section}]`"
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


def is_test(path: str) -> bool:
    """Whether an embed's path is a test's.

    >>> is_test("coding/test_time.py"), is_test("coding/windows.py")
    (True, False)
    """
    return path.rpartition("/")[2].startswith("test_")


def check(docs: Path = DOCS, root: Path = SNIPPETS, tests: Path = TESTS) -> list[BookError]:
    """Everything wrong with embeds, sections, and the modules' word about which page they serve."""
    known, errors = sections(root, tests)
    used, more = embeds(docs)
    errors += more
    for embed in used:
        if embed.path.startswith("outputs/"):
            if not (root / embed.path).is_file():
                errors.append(
                    BookError(embed.where, f"there is no captured output `snippets/{embed.path}`; run `make figures`")
                )
        elif not (place_of(embed.path, root, tests) / embed.path).is_file():
            errors.append(
                BookError(embed.where, f"there is no file `{_shown_place(embed.path)}/{embed.path}`"),
            )
        elif not embed.section:
            errors.append(
                BookError(embed.where, f"`{embed.path}` is embedded whole; name a section: `{embed.path}:name`")
            )
        elif embed.section.isdigit() or f"{embed.path}:{embed.section}" not in known:
            errors.append(
                BookError(embed.where, f"`{_shown_place(embed.path)}/{embed.path}` has no section `{embed.section}`")
            )
    shown = {f"{embed.path}:{embed.section}" for embed in used}
    for key in sorted(set(known) - shown):
        errors.append(
            BookError(
                f"{_shown_place(key.split(':')[0])}/{key.split(':')[0]}",
                f"section `{key.split(':')[1]}` is shown on no page; embed it or remove its marks",
            )
        )
    outputs = {path.relative_to(root).as_posix() for path in (root / "outputs").rglob("*.txt")}
    for name in sorted(outputs - {embed.path for embed in used}):
        errors.append(BookError(f"snippets/{name}", "this output is shown on no page; embed it or remove its demo"))
    return sorted(errors + _serving(used, docs, root), key=str)


def place_of(path: str, root: Path = SNIPPETS, tests: Path = TESTS) -> Path:
    """The folder that an embed's path is relative to."""
    return tests if is_test(path) else root


def _shown_place(path: str) -> str:
    return "tests/snippets" if is_test(path) else "snippets"


def about(path: Path) -> str:
    """What a file says about itself: a module's docstring, or the comment that an SQL file begins with."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return ast.get_docstring(ast.parse(text)) or ""
    comment = re.match(r"(?:--(?! *-+8<-+).*\n)*", text)
    return re.sub(r"^-- ?", "", comment[0], flags=re.M) if comment else ""


def _serving(used: list[Embed], docs: Path, root: Path) -> list[BookError]:
    """A module's docstring names the pages it serves; the pages it names use it, and pages that embed it are named."""
    errors: list[BookError] = []
    texts = {page: bank.body_of(page, docs) for page in bank.sources(docs)}
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".sql")):
        name = path.relative_to(root).as_posix()
        if path.name.startswith("_"):
            continue
        where = f"snippets/{name}:1"
        doc = about(path)
        word = "docstring" if path.suffix == ".py" else "first comment"
        served = {link.removeprefix("docs/") for link in SERVES.findall(doc)}
        if not served:
            errors.append(
                BookError(
                    where,
                    f"the file's {word} does not name the page it serves, such as `docs/chapters/metrics/index.md`",
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
                    BookError(where, f"the {word} says it serves docs/{page}, which shows or names nothing of it")
                )
        for embed in used:
            if embed.path == name and embed.page not in served:
                errors.append(
                    BookError(where, f"{embed.where} shows it, and its {word} does not name docs/{embed.page}")
                )
    return errors
