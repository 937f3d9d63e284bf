"""What a page's blocks must look like, read from its text alone.

`pymdownx` blocks fail quietly: a misspelt name, option or fence prints as text, and an unclosed one swallows the page. So
every page is scanned first, line by line, and anything doubtful is an error that names file, line, id and what to write
instead. The scan is also how the bank reads prompts without rendering them.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from handbook.errors import BookError, BookErrors
from handbook.pages import Page

KINDS = ("concept", "debugging", "design", "decision", "coding", "story")
LEVELS = ("junior", "mid", "senior", "staff")
ROLES = ("mle", "applied-scientist", "ai-engineer")
LABELS = ("Opening line", "Answer", "How it is scored", "Follow-ups", "Go deeper")
GRADES = ("weak", "solid", "strong")

ROLE_NAMES = {"mle": "MLE", "applied-scientist": "applied scientist", "ai-engineer": "AI engineer"}

ADMONITIONS = ("admonition", "note", "tip", "warning", "example")
BLOCKS = ("prompt", "tab", "details", *ADMONITIONS)
NESTABLE = ("tab", *ADMONITIONS)

REQUIRED = ("id", "kind", "level", "roles", "minutes", "title")
OPTIONAL = ("aliases",)

FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
SLASHES = re.compile(r"^(?P<indent>[ \t]*)(?P<slashes>/{3,})(?P<rest>.*)$")
OPENER = re.compile(r"^[ \t]+(?P<name>[A-Za-z][\w-]*)[ \t]*(?:\|(?P<argument>.*))?$")
ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
LABEL = re.compile(r"^\*\*(?P<label>[^*]+?)(?P<dot>[.:]?)\*\*(?P<rest>.*)$")


@dataclass(frozen=True)
class Prompt:
    """A practice prompt as it stands in a page. `brief` and `answer` are Markdown."""

    id: str
    title: str
    question: str
    kind: str
    level: str
    roles: tuple[str, ...]
    minutes: int
    brief: str
    answer: str
    page: str
    line: int
    aliases: tuple[str, ...] = ()


@dataclass
class _Open:
    """A block that is still open."""

    name: str
    slashes: int
    line: int
    argument: str
    body: list[tuple[int, str]] = field(default_factory=list)


def code_lines(lines: list[str]) -> set[int]:
    """Numbers (from 1) of lines inside fenced code, the fences included, at any indentation or inside a quote."""
    inside: set[int] = set()
    fence = ""
    for number, line in enumerate(lines, 1):
        match = FENCE.match(re.sub(r"^(\s*>)+ ?", "", line))
        if fence:
            inside.add(number)
            if (
                match
                and match["fence"][0] == fence[0]
                and len(match["fence"]) >= len(fence)
                and not match["info"].strip()
            ):
                fence = ""
        elif match and "`" not in match["info"]:
            fence = match["fence"]
            inside.add(number)
    return inside


def scan(text: str, page: Page) -> list[Prompt]:
    """Read the prompts of a page's text; raise `BookErrors` with everything that is wrong with its blocks.

    Input
        /// prompt | Why?
            id: why-so
            …
        The brief.
        ***
        **Opening line.** …
        ///

    Output
        [Prompt(id="why-so", question="Why?", brief="The brief.", answer="**Opening line.** …", …)]
    """
    return _Scan(text, page).run()


class _Scan:
    def __init__(self, text: str, page: Page) -> None:
        self.lines = text.splitlines()
        self.page = page
        self.errors: list[BookError] = []
        self.prompts: list[Prompt] = []
        self.stack: list[_Open] = []

    def error(self, line: int | None, message: str) -> None:
        self.errors.append(BookError(self.page.where(line), message))

    def run(self) -> list[Prompt]:
        code = code_lines(self.lines)
        for number, line in enumerate(self.lines, 1):
            inside = [block for block in self.stack if block.name == "prompt"]
            match = None if number in code else SLASHES.match(line)
            if match is None:
                if number not in code and re.match(r"^\s*//\s*prompts?\b", line, flags=re.I):
                    self.error(
                        number,
                        f"`{line.strip()[:60]}` opens no block; a prompt begins with three slashes: `/// prompt | …`",
                    )
                if inside:
                    inside[0].body.append((number, line))
                continue
            rest = match["rest"]
            if not rest.strip():
                self._close(number, line, match, inside)
            else:
                self._open(number, line, match, inside)
        for block in self.stack:
            self.error(
                block.line,
                f"the block {_named(block)} is never closed; "
                f"write `{'/' * block.slashes}` on a line of its own after its last line",
            )
        self._ids()
        if self.errors:
            raise BookErrors(sorted(self.errors, key=lambda e: _line_number(e.where)))
        return self.prompts

    # Openers and closers

    def _open(self, number: int, line: str, match: re.Match[str], inside: list[_Open]) -> None:
        slashes = len(match["slashes"])
        opener = OPENER.match(match["rest"])
        if opener is None:
            self.error(number, f"`{line.strip()}` is no block; write `{match['slashes']} name | text`")
            return
        name = opener["name"]
        if name not in BLOCKS:
            close = difflib.get_close_matches(name.lower(), BLOCKS, 1, 0.5)
            hint = f"write `{close[0]}`" if close else f"one of {', '.join(BLOCKS)}"
            self.error(number, f"there is no block named `{name}`; {hint}")
            name = close[0] if close else name
        if name == "prompt" and match["indent"]:
            self.error(
                number, "a prompt begins at the start of the line, outside lists and quotes; remove the indentation"
            )
        if name == "prompt" and self.stack:
            outer = self.stack[-1]
            self.error(
                number,
                f"a prompt can't stand inside another block; close {_named(outer)} of line {self.page.offset + outer.line} "
                f"with `{'/' * outer.slashes}` first",
            )
            if outer.name == "prompt":
                self.stack.clear()  # most likely unclosed: read on with the new one
        elif self.stack:
            outer = self.stack[-1]
            if inside and name not in NESTABLE:
                self.error(number, f"`{name}` can't stand inside a prompt; only {', '.join(NESTABLE)} can")
            if slashes <= outer.slashes:
                self.error(
                    number,
                    f"`{line.strip()}` stands inside {_named(outer)} of line {self.page.offset + outer.line} and would close it early; "
                    f"open it with more slashes: `{'/' * (outer.slashes + 1)} {name}`, and close it alike",
                )
                return
        if inside:
            inside[0].body.append((number, line))
        self.stack.append(_Open(name, slashes, number, (opener["argument"] or "").strip()))

    def _close(self, number: int, line: str, match: re.Match[str], inside: list[_Open]) -> None:
        slashes = len(match["slashes"])
        if not self.stack:
            self.error(number, f"`{line.strip()}` closes no block; remove it, or open one above with a name")
            return
        block = self.stack[-1]
        if slashes != block.slashes:
            self.error(
                number,
                f"`{line.strip()}` does not close {_named(block)} of line {self.page.offset + block.line}; "
                f"write `{'/' * block.slashes}`",
            )
            if not any(slashes == outer.slashes for outer in self.stack):
                return
            while self.stack and self.stack[-1].slashes != slashes:
                self.stack.pop()
            block = self.stack[-1]
        self.stack.pop()
        if block.name == "prompt":
            if match["indent"]:
                self.error(
                    number, "the line that closes a prompt begins at the start of the line; remove the indentation"
                )
            self._prompt(block)
        elif inside:
            inside[0].body.append((number, line))

    # A prompt

    def _prompt(self, block: _Open) -> None:
        before = len(self.errors)
        options, body = self._options(block)
        name = str(options.get("id", "")) or "?"

        def wrong(line: int, message: str) -> None:
            self.error(line, f"prompt `{name}`: {message}")

        self._question(block, wrong)
        values = self._values(block, options, wrong)
        brief, answer = self._parts(block, body, wrong)
        if len(self.errors) == before:
            self.prompts.append(
                Prompt(
                    question=block.argument,
                    brief=brief,
                    answer=answer,
                    page=self.page.path,
                    line=block.line + self.page.offset,
                    **values,
                )
            )

    def _options(self, block: _Open) -> tuple[dict[str, Any], list[tuple[int, str]]]:
        """Split the indented options right below the header from the body."""
        count = 0
        for _, line in block.body:
            if not re.match(r"^ {4,}\S", line):
                break
            count += 1
        head, body = block.body[:count], block.body[count:]
        if not head:
            self.error(
                block.line,
                f"the prompt “{block.argument[:60]}” has no options; right below its header, indented by four spaces, "
                f"write {', '.join(REQUIRED)}",
            )
            return {}, body
        try:
            loaded = yaml.safe_load("\n".join(line for _, line in head))
        except yaml.YAMLError as error:
            problem = getattr(error, "problem", None) or "not valid YAML"
            mark = getattr(error, "problem_mark", None)
            at = head[min(mark.line, len(head) - 1)][0] if mark else block.line
            self.error(at, f"the prompt's options can't be read ({problem}); write `name: value`, a line each")
            return {}, body
        if not isinstance(loaded, dict):
            self.error(head[0][0], "the prompt's options can't be read; write `name: value`, a line each")
            return {}, body
        keys = [match[1] for _, line in head if (match := re.match(r"^ {4}([\w-]+):", line))]
        for key in {key for key in keys if keys.count(key) > 1}:
            self.error(block.line, f"prompt `{loaded.get('id', '?')}`: option `{key}` is given twice; keep one")
        return loaded, body

    def _question(self, block: _Open, wrong: Any) -> None:
        if not block.argument:
            wrong(block.line, "the header has no question; write `/// prompt | The question?`")
        elif re.search(r"[$`*\\]|\{\{|\]\(", block.argument):
            wrong(
                block.line,
                "the header holds markup; write the question in plain words, no TeX, code, links or emphasis",
            )

    def _values(self, block: _Open, options: dict[str, Any], wrong: Any) -> dict[str, Any]:
        def at(key: str) -> int:
            for number, line in block.body:
                if re.match(rf"^ {{4}}{re.escape(str(key))}\s*:", line):
                    return number
            return block.line

        known = (*REQUIRED, *OPTIONAL)
        for key in options:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, 1, 0.5)
                wrong(
                    at(key),
                    f"unknown option `{key}`; " + (f"write `{close[0]}`" if close else f"known are {', '.join(known)}"),
                )
        for key in REQUIRED:
            if options.get(key) in (None, "", []):
                wrong(block.line, f"option `{key}` is missing; write `    {key}: …` below the header")

        id_ = options.get("id")
        if id_ is not None and (not isinstance(id_, str) or not ID.match(id_) or id_.isdigit()):
            wrong(
                at("id"),
                f"malformed id `{id_}`; write lower-case words joined by `-`, such as `high-auc-blocked-users`",
            )
        for key, allowed in (("kind", KINDS), ("level", LEVELS)):
            value = options.get(key)
            if value is not None and value not in allowed:
                close = difflib.get_close_matches(str(value).lower(), allowed, 1, 0.5)
                hint = f"write `{close[0]}`" if close else f"write one of {', '.join(allowed)}"
                wrong(at(key), f"there is no {key} `{value}`; {hint}")
        roles = options.get("roles") or []
        if not isinstance(roles, list):
            wrong(at("roles"), f"roles must be a list; write `roles: [{roles}]`")
            roles = []
        for role in roles:
            if role not in ROLES:
                close = difflib.get_close_matches(str(role).lower(), ROLES, 1, 0.4)
                wrong(
                    at("roles"),
                    f"there is no role `{role}`; "
                    + (f"write `{close[0]}`" if close else f"write any of {', '.join(ROLES)}"),
                )
        if len(set(map(str, roles))) != len(roles):
            wrong(at("roles"), "a role is listed twice; keep one")
        minutes = options.get("minutes")
        if minutes is not None and (
            isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= 60
        ):
            wrong(at("minutes"), f"minutes must be a whole number from 1 to 60, not `{minutes}`")
        title = options.get("title")
        if title is not None:
            if not isinstance(title, str):
                wrong(at("title"), f'the title must be text; write it in quotes: `title: "{title}"`')
            elif len(title.split()) > 8:
                wrong(at("title"), f"the title has {len(title.split())} words; eight at most")
            elif re.search(r"[$`*\\<>\[\]{}]", title):
                wrong(at("title"), "the title holds markup; write plain words, no TeX or code")
        aliases = options.get("aliases") or []
        if not isinstance(aliases, list) or not all(isinstance(a, str) and ID.match(a) for a in aliases):
            wrong(at("aliases"), "aliases must be a list of ids; write `aliases: [old-id]`")
            aliases = []
        return {
            "id": id_,
            "title": title,
            "kind": options.get("kind"),
            "level": options.get("level"),
            "roles": tuple(role for role in ROLES if role in roles),
            "minutes": minutes,
            "aliases": tuple(aliases),
        }

    def _parts(self, block: _Open, body: list[tuple[int, str]], wrong: Any) -> tuple[str, str]:
        lines = [line for _, line in body]
        code = code_lines(lines)
        plain = [(index, line) for index, line in enumerate(lines) if index + 1 not in code]
        if lines and lines[0].strip():
            wrong(body[0][0], "a blank line is missing between the options and the brief")
        rules = [index for index, line in plain if line.strip() == "***"]
        if not rules:
            wrong(block.line, "no line `***` between the brief and the model answer; write it on a line of its own")
            return "", ""
        for index in rules[1:]:
            wrong(body[index][0], "a second `***`; the first one begins the model answer, remove this one")
        cut = rules[0]
        for index in (cut - 1, cut + 1):
            if 0 <= index < len(lines) and lines[index].strip():
                wrong(body[cut][0], "`***` needs a blank line before and after it")
                break
        brief = "\n".join(lines[:cut]).strip()
        answer = "\n".join(lines[cut + 1 :]).strip()
        if not brief:
            wrong(block.line, "the brief above `***` is empty; write the situation and the given numbers")
        for index, line in plain:
            if re.match(r"^ {0,3}#{1,6}\s", line):
                wrong(body[index][0], "a heading can't stand inside a prompt; its title is its heading")
            if re.search(r"\[\^[^\]]+\]", line):
                wrong(body[index][0], "a footnote can't stand inside a prompt; link to the page's sources instead")
        self._labels(block, body, plain, cut, wrong)
        return brief, answer

    def _labels(
        self, block: _Open, body: list[tuple[int, str]], plain: list[tuple[int, str]], cut: int, wrong: Any
    ) -> None:
        found: list[tuple[str, int]] = []
        for index, line in plain:
            match = LABEL.match(line)
            if match is None:
                continue
            label = match["label"].strip()
            if label in LABELS and match["dot"] != ".":
                wrong(body[index][0], f"write `**{label}.**`, with a full stop")
            if label in LABELS:
                if index < cut:
                    wrong(body[index][0], f"`{label}` stands above `***`; the model answer begins below it")
                if index and body[index - 1][1].strip():
                    wrong(body[index][0], f"`**{label}.**` begins a paragraph; leave a blank line above it")
                found.append((label, index))
            else:
                close = difflib.get_close_matches(label, LABELS, 1, 0.75)
                if close and index > cut:
                    wrong(body[index][0], f"`**{label}**` is no part of an answer; write `**{close[0]}.**`")
        names = [label for label, _ in found]
        for label in LABELS:
            if names.count(label) > 1:
                wrong(body[found[names.index(label)][1]][0], f"`{label}` stands {names.count(label)} times; keep one")
            elif label not in names:
                wrong(block.line, f"the answer has no `{label}`; write a paragraph that begins `**{label}.**`")
        if set(names) == set(LABELS) and len(names) == len(LABELS) and names != list(LABELS):
            first = next(i for i, (name, label) in enumerate(zip(names, LABELS, strict=True)) if name != label)
            wrong(body[found[first][1]][0], f"`{names[first]}` is out of order; the order is {', '.join(LABELS)}")
        elif names == list(LABELS):
            self._contents(block, body, found, wrong)

    def _contents(self, block: _Open, body: list[tuple[int, str]], found: list[tuple[str, int]], wrong: Any) -> None:
        starts = [index for _, index in found]
        for (label, start), end in zip(found, [*starts[1:], len(body)], strict=True):
            match = LABEL.match(body[start][1])
            first = match["rest"] if match else ""
            text = "\n".join([first, *(line for _, line in body[start + 1 : end])]).strip()
            if not text:
                wrong(body[start][0], f"`{label}` is empty")
            if label == "How it is scored" and text:
                rows = re.findall(r"^\|\s*\**(\w+)\**\s*\|", text, flags=re.M)
                grades = [row.lower() for row in rows if row.lower() in GRADES]
                if grades != list(GRADES):
                    wrong(
                        body[start][0],
                        "`How it is scored` needs a table whose rows begin `| weak |`, `| solid |`, `| strong |`",
                    )
            if label == "Follow-ups" and text:
                count = len(re.findall(r"^(?:[-\d.]+\s+)?\*[\"“]", text, flags=re.M))
                if not 3 <= count <= 5:
                    wrong(
                        body[start][0],
                        f"`Follow-ups` has {count} questions; write three to five, each a paragraph that begins "
                        '`*"Question?"*` with its answer behind it',
                    )

    def _ids(self) -> None:
        seen: dict[str, int] = {}
        for prompt in self.prompts:
            for id_ in (prompt.id, *prompt.aliases):
                if id_ in seen:
                    self.errors.append(
                        BookError(
                            f"docs/{prompt.page}:{prompt.line}" if prompt.page != "<text>" else f"<text>:{prompt.line}",
                            f"prompt `{prompt.id}`: the id `{id_}` is taken by the prompt of line {seen[id_]}; choose another",
                        )
                    )
                seen.setdefault(id_, prompt.line)


def _named(block: _Open) -> str:
    return f"`{block.name}`" + (f" “{block.argument[:50]}”" if block.argument else "")


def _line_number(place: str) -> int:
    tail = place.rsplit(":", 1)[-1]
    return int(tail) if tail.isdigit() else 0
