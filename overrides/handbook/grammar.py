"""What a page's blocks must look like, read from its text alone.

`pymdownx` blocks fail quietly: a misspelt name, option or fence prints as text, and an unclosed one swallows the page. So
every page is scanned first, line by line, and anything doubtful is an error that names file, line, id and what to write
instead. The scan is also how the bank reads prompts without rendering them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from handbook.errors import BookError, BookErrors
from handbook.pages import Page, lines_of, without_code

KINDS = ("concept", "debugging", "design", "decision", "coding", "story")
LEVELS = ("junior", "mid", "senior", "staff")
ROLES = ("mle", "applied-scientist", "ai-engineer")
LABELS = ("Opening line", "Answer", "How it is scored", "Follow-ups", "Go deeper")
GRADES = ("weak", "solid", "strong")

ROLE_NAMES = {"mle": "MLE", "applied-scientist": "applied scientist", "ai-engineer": "AI engineer"}

YAML: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where the wheel has it: ten times as fast

ADMONITIONS = ("admonition", "note", "tip", "warning", "example")
BLOCKS = ("prompt", "tab", "details", *ADMONITIONS)
NESTABLE = ("tab", *ADMONITIONS)

REQUIRED = ("id", "kind", "level", "roles", "minutes", "title")
OPTIONAL = ("aliases",)

# A code fence as pymdownx.superfences reads it: any other header, and any other closing line, prints as text.
FENCE = re.compile(r"^(?P<indent>[ >]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
FENCE_INFO = re.compile(
    r"^ *(\.?[\w#.+-]+)?( +(title=\"[^\"]*\"|linenums=\"\d+\"|hl_lines=\"\d+(-\d+)?( +\d+(-\d+)?)*\"))* *$"
)
SLASHES = re.compile(r"^(?P<indent> *)(?P<slashes>/{3,})(?P<rest>.*)$")
OPENER = re.compile(r"^ +(?P<name>[A-Za-z][\w-]*) *(?:\|(?P<argument>.*))?$")
NEARLY_OPENER = re.compile(r"^\W*(?P<name>[A-Za-z][\w-]*)[^\w(]*(?P<argument>.*)$")
NEARLY_PROMPT = re.compile(r"^[^\w|`#]{1,12}(?P<name>[A-Za-z]+)\s*\|(?P<argument>.*)$")
BEHIND_MARKER = re.compile(r"^\s*(?:(?:>|[-*+]|\d+[.)])\s*)+/{3,}")
ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*\Z")
HEADING = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*#{1,6}(?!#)")
SOURCE_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*?)\s*(?:\{(?P<attributes>[^}]*)\})?\s*$")
EXPLICIT_ID = re.compile(r"(?:^|\s)#([\w-]+)")
FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
MARKUP = re.compile(
    r"[$`*\\|]|\{\{|\]\(|\{#|\[\^|~~|</?[A-Za-z]|&#?\w+;|(?<!\w)_+\w|\w_+(?!\w)"  # `a_b` and `a < b` are words
)
HTML_BLOCK = re.compile(
    r"</?(address|article|aside|blockquote|body|canvas|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|"
    r"footer|form|h[1-6]|head|header|hgroup|hr|html|iframe|li|link|main|math|menu|nav|ol|option|p|pre|script|section|select|"
    r"style|summary|svg|table|tbody|td|template|textarea|tfoot|th|thead|tr|ul|video)(?=[\s/>])",
    re.I,
)
QUESTION = re.compile(r"^(?:[-+*] +|\d+[.)] +)?\*[\"“]")
FOLLOW_UP = re.compile(r"^(?:[-+*] +|\d+[.)] +)?\*(?P<question>[\"“].+?[\"”])\*(?:\s+(?P<answer>.*))?$", re.S)


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
class _Line:
    """A line of a prompt's body; `plain` outside code and comments, `depth` is how many blocks inside the prompt are open."""

    number: int
    text: str
    plain: bool
    depth: int

    @property
    def top(self) -> bool:
        return self.plain and not self.depth


@dataclass
class _Open:
    """A block that is still open; `broken` when an error was found that makes judging its inside pointless."""

    name: str
    slashes: int
    line: int
    argument: str
    body: list[_Line] = field(default_factory=list)
    broken: bool = False


class Heading(NamedTuple):
    """A heading of a page's text: its line from 1, its level from 1, its words and its permanent id."""

    line: int
    level: int
    text: str
    id: str


@dataclass
class Regions:
    """Which lines (from 1) are fenced code, which a comment; and what is wrong with fences and comments."""

    code: set[int] = field(default_factory=set)
    comment: set[int] = field(default_factory=set)
    problems: list[tuple[int, str]] = field(default_factory=list)


def regions(lines: list[str]) -> Regions:
    """Find fenced code, at any indentation or inside a quote, and comments that begin a line, as the builders do.

    >>> regions(["a", "```text", "/// x", "```", "<!--", "-->"])
    Regions(code={2, 3, 4}, comment={5, 6}, problems=[])
    """
    found = Regions()
    fence, indent, start = "", "", 0
    comment = 0
    for number, line in enumerate(map(_expanded, lines), 1):
        if fence:
            found.code.add(number)
            if not line.strip() and ">" not in indent:
                continue
            if not line.startswith(indent.rstrip()) or (">" not in indent and not line.startswith(indent)):
                found.problems.append(
                    (
                        number,
                        f"this line leaves the code fence of line {start}, which would print as text; "
                        f"indent it as the fence is, or close the fence with “{fence}” above",
                    )
                )
                fence = ""
            elif re.fullmatch(rf"{re.escape(fence)} *", line[len(indent) :]):
                fence = ""
            continue
        if comment:
            found.comment.add(number)
            comment = 0 if "-->" in line else comment
            continue
        match = FENCE.match(line)
        if match:
            found.code.add(number)
            fence, indent, start = match["fence"], match["indent"], number
            if not FENCE_INFO.match(match["info"]):
                found.problems.append(
                    (
                        number,
                        f"“{line.strip()[:60]}” begins no code fence and prints as text; write "
                        f'“{match["fence"]}python” or “{match["fence"]}python title="path"”',
                    )
                )
            continue
        _, opener, after = without_code(line).rpartition("<!--")
        if re.match(r"^ {0,3}<!--", line):
            found.comment.add(number)
            comment = 0 if "-->" in after else number
        elif opener and "-->" not in after:
            found.problems.append(
                (number, "a comment of several lines begins at the start of a line; move `<!--` to a line of its own")
            )
    if fence:
        found.problems.append(
            (start, f"the code fence is never closed; write “{fence}” on a line of its own after its last line")
        )
    if comment:
        found.problems.append((comment, "the comment is never closed; write `-->` after its last word"))
    return found


def headings(lines: list[str]) -> Iterator[Heading]:
    """The headings with an id of their own, outside of code and comments.

    >>> list(headings(["## A card {#a-card .wide}", "<!--", "## Not {#not}", "-->"]))
    [Heading(line=1, level=2, text='A card', id='a-card')]
    """
    for number, line in enumerate(visible(lines), 1):
        match = SOURCE_HEADING.match(line)
        if match and (id_ := EXPLICIT_ID.search(match["attributes"] or "")):
            yield Heading(number, len(match["marks"]), match["text"], id_[1])


def code_lines(lines: list[str]) -> set[int]:
    """Numbers (from 1) of lines inside fenced code, the fences included, at any indentation or inside a quote."""
    return regions(lines).code


def visible(lines: list[str]) -> list[str]:
    """The lines with code and comments blanked, for finding where something stands."""
    found = regions(lines)
    hidden = found.code | found.comment
    return ["" if number in hidden else line for number, line in enumerate(lines, 1)]


def _expanded(line: str) -> str:
    """The line as the parser sees it: tabs are four wide, white space alone is nothing."""
    line = line.expandtabs(4)
    return line if line.strip(" ") else ""


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
    return list(_scanned(text, page))


@lru_cache(maxsize=512)
def _scanned(text: str, page: Page) -> tuple[Prompt, ...]:
    """The same text is asked for by the builder, the bank and search; what is wrong is never remembered."""
    return tuple(_Scan(text, page).run())


class _Scan:
    def __init__(self, text: str, page: Page) -> None:
        self.source = lines_of(text)
        self.lines = [_expanded(line) for line in self.source]
        self.page = page
        self.errors: list[BookError] = []
        self.prompts: list[Prompt] = []
        self.stack: list[_Open] = []
        self.hidden: set[int] = set()

    def error(self, line: int | None, message: str) -> None:
        self.errors.append(BookError(self.page.where(line), message))

    def run(self) -> list[Prompt]:
        found = regions(self.lines)
        self.hidden = found.code | found.comment
        for number, message in found.problems:
            self.error(number, message)
        for number, line in enumerate(self.lines, 1):
            match = None if number in self.hidden else SLASHES.match(line)
            if match is None:
                if number in self.hidden or not self._nearly(number, line):
                    self._keep(number, line)
            elif not match["rest"].strip(" "):
                self._close(number, line, match)
            else:
                self._open(number, line, match)
        # A fence or comment that runs to the end hides the line that closes the block.
        open_code = max((number for number, message in found.problems if "never closed" in message), default=0)
        for block in self.stack:
            if block.line < open_code:
                continue
            self.error(
                block.line,
                f"the block {_named(block)} is never closed; "
                f"write `{'/' * block.slashes}` on a line of its own after its last line",
            )
        self._ids()
        if self.errors:
            raise BookErrors(sorted(self.errors, key=lambda e: _line_number(e.where)))
        return self.prompts

    def _keep(self, number: int, line: str) -> None:
        """Remember a line as part of the prompt it stands in."""
        for depth, block in enumerate(reversed(self.stack)):
            if block.name == "prompt":
                block.body.append(_Line(number, line, number not in self.hidden, depth))
                return

    # Openers and closers

    def _nearly(self, number: int, line: str) -> bool:
        """Whether a line without three slashes in front looks as if it should open or close a block; an error then."""
        text = re.sub(r"<!--.*?-->", "", without_code(line))
        if BEHIND_MARKER.match(text):
            self.error(
                number,
                f"`{line.strip()[:60]}`: a block begins and ends on lines of its own, outside quotes and list markers",
            )
            return True
        match = NEARLY_PROMPT.match(text)
        named = match and difflib.get_close_matches(match["name"].lower(), ["prompt"], 1, 0.7)
        if not named and not re.search(r"/{2,}\s*prompts?\s*\|", text, flags=re.I):
            return False
        self.error(
            number,
            f"`{line.strip()[:60]}` opens no block; a prompt begins with three slashes at the start of the line: `/// prompt | …`",
        )
        if not self.stack:
            self.stack.append(_Open("prompt", 3, number, "", broken=True))
        return True

    def _open(self, number: int, line: str, match: re.Match[str]) -> None:
        slashes = len(match["slashes"])
        opener = OPENER.match(match["rest"])
        if opener is None:
            opener = NEARLY_OPENER.match(match["rest"])
            close = difflib.get_close_matches(opener["name"].lower(), BLOCKS, 1, 0.6) if opener else []
            name = close[0] if close else "name"
            if self.stack and not re.search(r"\w", match["rest"]):
                self.error(
                    number, f"`{line.strip()}` closes no block; write `{match['slashes']}` and nothing behind it"
                )
                self._close(number, line, match)
                return
            self.error(number, f"`{line.strip()[:60]}` opens no block; write `{match['slashes']} {name} | text`")
            if opener is None or not close:
                return
        else:
            name = opener["name"]
            if name not in BLOCKS:
                close = difflib.get_close_matches(name.lower(), BLOCKS, 1, 0.5)
                hint = f"write `{close[0]}`" if close else f"one of {', '.join(BLOCKS)}"
                self.error(number, f"there is no block named `{name}`; {hint}")
                name = close[0] if close else name
        inside = any(block.name == "prompt" for block in self.stack)
        broken = False
        if name == "prompt" and match["indent"]:
            self.error(
                number,
                "a prompt begins at the start of the line, outside lists and quotes; remove the indentation "
                "(to show one as an example, put it into a code fence)",
            )
        if name == "tab" and not (opener["argument"] or "").strip():
            self.error(number, f"a tab needs its name; write `{match['slashes']} tab | Name`")
        if name == "prompt" and self.stack:
            outer = self.stack[-1]
            self.error(
                number,
                f"a prompt can't stand inside another block; close {_named(outer)} of line {self._at(outer)} "
                f"with `{'/' * outer.slashes}` first",
            )
            if outer.name == "prompt":
                self.stack.clear()  # most likely unclosed: read on with the new one
        elif self.stack:
            outer = self.stack[-1]
            if inside and name in BLOCKS and name not in NESTABLE:
                self.error(number, f"`{name}` can't stand inside a prompt; only {', '.join(NESTABLE)} can")
            elif name in BLOCKS and slashes <= outer.slashes:
                broken = True
                self.error(
                    number,
                    f"`{line.strip()}` stands inside {_named(outer)} of line {self._at(outer)} and would close it early; "
                    f"open it with more slashes: `{'/' * (outer.slashes + 1)} {name}`, and close it alike",
                )
        self.stack.append(_Open(name, slashes, number, (opener["argument"] or "").strip(), broken=broken))
        if inside and name != "prompt":
            self._keep(number, line)

    def _close(self, number: int, line: str, match: re.Match[str]) -> None:
        slashes = len(match["slashes"])
        if not self.stack:
            self.error(number, f"`{line.strip()}` closes no block; remove it, or open one above with a name")
            return
        block = self.stack[-1]
        if slashes != block.slashes:
            self.error(
                number,
                f"`{line.strip()}` does not close {_named(block)} of line {self._at(block)}; "
                f"write `{'/' * block.slashes}`",
            )
            if not any(slashes == outer.slashes for outer in self.stack):
                return
            while self.stack and self.stack[-1].slashes != slashes:
                self.stack.pop()
            block = self.stack[-1]
            block.broken = True
        if block.name == "prompt":
            self.stack.pop()
            if match["indent"]:
                self.error(
                    number, "the line that closes a prompt begins at the start of the line; remove the indentation"
                )
            if not block.broken:
                self._prompt(block)
        else:
            self._keep(number, line)
            self.stack.pop()

    def _at(self, block: _Open) -> int:
        return self.page.offset + block.line

    # A prompt

    def _prompt(self, block: _Open) -> None:
        before = len(self.errors)
        head, body = self._split(block)
        guess = next((m[1] for line in head if (m := re.match(r"^ +id: *(\S+)", line.text))), "?")
        options, lines = self._options(block, head, guess)
        name = str(options.get("id", "?")) if options else guess

        def wrong(line: int, message: str) -> None:
            self.error(line, f"prompt `{name}`: {message}")

        self._question(block, wrong)
        values = self._values(block, options, lines, wrong) if options else {}
        brief, answer = self._parts(block, body, wrong)
        if len(self.errors) == before:
            self.prompts.append(
                Prompt(
                    question=block.argument,
                    brief=brief,
                    answer=answer,
                    page=self.page.path,
                    line=self._at(block),
                    **values,
                )
            )

    def _split(self, block: _Open) -> tuple[list[_Line], list[_Line]]:
        """The indented options right below the header, and the body below them."""
        count = 0
        for line in block.body:
            if not re.match(r"^ {4,}\S", line.text):
                break
            count += 1
        return block.body[:count], block.body[count:]

    def _options(self, block: _Open, head: list[_Line], name: str) -> tuple[dict[str, Any], dict[str, int]]:
        """The options as YAML has them, and the line each stands on; nothing when they can't be read."""
        if not head:
            self.error(
                block.line,
                f"the prompt “{block.argument[:60]}” has no options; right below its header, indented by four spaces, "
                f"write {', '.join(REQUIRED)}",
            )
            return {}, {}
        tab = next((line.number for line in head if "\t" in self.source[line.number - 1]), None)
        if tab is not None:
            self.error(tab, f"prompt `{name}`: the options hold a tab; write four spaces")
        text = "\n".join(line.text for line in head)
        try:
            loaded = yaml.load(text, Loader=YAML)  # noqa: S506 - a safe loader
        except (yaml.YAMLError, ValueError) as error:
            problem = getattr(error, "problem", None) or "not valid YAML"
            mark = getattr(error, "problem_mark", None)
            at = head[min(mark.line, len(head) - 1)].number if mark else head[0].number
            self.error(
                at,
                f"prompt `{name}`: the options can't be read ({problem}); write `name: value`, a line each, all indented "
                "alike, and put a value with a colon into quotes",
            )
            return {}, {}
        if not isinstance(loaded, dict):
            self.error(head[0].number, f"prompt `{name}`: the options can't be read; write `name: value`, a line each")
            return {}, {}
        lines: dict[str, int] = {}
        node = yaml.compose(text, Loader=YAML)
        for key, _ in node.value if node else ():
            number = head[min(key.start_mark.line, len(head) - 1)].number
            if lines.setdefault(str(key.value), number) != number:
                self.error(number, f"prompt `{loaded.get('id', '?')}`: option `{key.value}` is given twice; keep one")
        return loaded, lines

    def _question(self, block: _Open, wrong: Any) -> None:
        if not block.argument:
            wrong(block.line, "the header has no question; write `/// prompt | The question?`")
        elif MARKUP.search(block.argument):
            wrong(
                block.line,
                "the header holds markup; write the question in plain words, no TeX, code, links or emphasis",
            )

    def _values(self, block: _Open, options: dict[str, Any], lines: dict[str, int], wrong: Any) -> dict[str, Any]:
        def at(key: str) -> int:
            return lines.get(str(key), block.line)

        known = (*REQUIRED, *OPTIONAL)
        for key in options:
            if key not in known:
                close = difflib.get_close_matches(str(key).lower(), known, 1, 0.5)
                wrong(
                    at(key),
                    f"unknown option `{key}`; " + (f"write `{close[0]}`" if close else f"known are {', '.join(known)}"),
                )
        for key in REQUIRED:
            if options.get(key) in (None, "", []):
                wrong(at(key), f"option `{key}` is missing; write `    {key}: …` below the header")

        id_ = options.get("id")
        if id_ is not None and (not isinstance(id_, str) or not ID.match(id_)):
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
        if minutes is not None:
            # YAML takes `012` for ten and `1:30` for ninety: what is written must be what is meant.
            written = re.sub(r"^.*?: *| *(?: #.*)?$", "", self.lines[at("minutes") - 1])
            if not isinstance(minutes, int) or written != str(minutes) or not 1 <= minutes <= 60:
                wrong(at("minutes"), f"minutes must be a whole number from 1 to 60, not `{written}`")
        title = options.get("title")
        if title is not None:
            if not isinstance(title, str):
                wrong(at("title"), f'the title must be text; write it in quotes: `title: "{title}"`')
            elif not title.strip() or "\n" in title.strip():
                wrong(at("title"), "the title is one line of words")
            elif len(title.split()) > 8:
                wrong(at("title"), f"the title has {len(title.split())} words; eight at most")
            elif MARKUP.search(title) or re.search(r"[<>\[\]{}]", title):
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

    def _parts(self, block: _Open, body: list[_Line], wrong: Any) -> tuple[str, str]:
        if body and body[0].text:
            wrong(
                body[0].number,
                "a blank line is missing between the options and the brief; options are indented by four spaces",
            )
        self._forbidden(body, wrong)
        cut = next((index for index, line in enumerate(body) if line.top and line.text.rstrip() == "***"), None)
        rules = [index for index, line in enumerate(body) if line.plain and _is_rule(line.text) and index != cut]
        if cut is None:
            hint = f"`{body[rules[0]].text.strip()}` does not divide brief and answer" if rules else ""
            wrong(
                body[rules[0]].number if rules else block.line,
                f"{hint or 'no line `***` between the brief and the model answer'}; write `***` on a line of its own, "
                "not indented, outside other blocks",
            )
            return "", ""
        for index in rules:
            wrong(
                body[index].number,
                f"a second `{body[index].text.strip()}`; the one line `***` begins the model answer, remove this one",
            )
        if any(0 <= index < len(body) and body[index].text for index in (cut - 1, cut + 1)):
            wrong(body[cut].number, "`***` needs a blank line before and after it")
        if not _words(body[:cut]):
            wrong(block.line, "the brief above `***` is empty; write the situation and the given numbers")
        self._labels(block, body, cut, wrong)
        brief = "\n".join(line.text for line in body[:cut]).strip("\n")
        answer = "\n".join(line.text for line in body[cut + 1 :]).strip("\n")
        return brief, answer

    def _forbidden(self, body: list[_Line], wrong: Any) -> None:
        """What may stand nowhere inside a prompt."""
        for above, line in zip([None, *body], body):
            if not line.plain:
                continue
            text = without_code(line.text)
            under = above is not None and above.plain and above.text and not _is_rule(above.text)
            if HEADING.match(text) or (under and re.fullmatch(r"[=-]+ *", text)):
                wrong(
                    line.number,
                    "a heading can't stand inside a prompt; its title is its heading (a line that begins with `#`, or one "
                    "of `---` right below text, is a heading)",
                )
            if FOOTNOTE.search(re.sub(r"\$[^$]+\$", "", text)):
                wrong(line.number, "a footnote can't stand inside a prompt; link to the page's sources instead")
            tag = HTML_BLOCK.search(text)
            if tag:
                wrong(
                    line.number,
                    f"`{tag[0]}>` can't stand inside a prompt: raw HTML blocks may end the disclosure early; write Markdown",
                )

    def _labels(self, block: _Open, body: list[_Line], cut: int, wrong: Any) -> None:
        found: list[tuple[str, int]] = []
        nearly: list[tuple[str, int]] = []
        for index, line in enumerate(body):
            if not line.plain:
                continue
            label = next((label for label in LABELS if line.text.startswith(f"**{label}.**")), None)
            if label is None:
                guess = _nearly_label(line.text) if index > cut else None
                if guess:
                    nearly.append((guess, index))
                continue
            if line.depth:
                wrong(
                    line.number,
                    f"`**{label}.**` stands inside another block; a part of the answer begins outside of tabs",
                )
            if index < cut:
                wrong(line.number, f"`{label}` stands above `***`; the model answer begins below it")
            if index and body[index - 1].text:
                wrong(line.number, f"`**{label}.**` begins a paragraph; leave a blank line above it")
            found.append((label, index))
        names = [label for label, _ in found]
        for label in LABELS:
            # A marked line means it more than a sentence that happens to begin so.
            lines = [index for guess, index in nearly if guess == label]
            meant = min(lines, key=lambda index: (body[index].text[:1].isalpha(), index), default=None)
            if names.count(label) > 1:
                wrong(
                    body[[i for name, i in found if name == label][1]].number,
                    f"`{label}` stands {names.count(label)} times; keep one",
                )
            elif label in names:
                continue
            elif meant is not None:
                wrong(
                    body[meant].number,
                    f"`{body[meant].text.strip()[:40]}` begins no part of the answer; write `**{label}.**` at the start of the line",
                )
            else:
                wrong(block.line, f"the answer has no `{label}`; write a paragraph that begins `**{label}.**`")
        if sorted(names) == sorted(LABELS) and names != list(LABELS):
            first = next(i for i, (name, label) in enumerate(zip(names, LABELS, strict=True)) if name != label)
            wrong(body[found[first][1]].number, f"`{names[first]}` is out of order; the order is {', '.join(LABELS)}")
        elif names == list(LABELS):
            loose = next(
                (line for line in body[cut + 1 : found[0][1]] if line.text and line.number not in self.hidden), None
            )
            if loose:
                wrong(
                    loose.number, f"text stands between `***` and `**{LABELS[0]}.**`; move it into a part of the answer"
                )
            self._contents(body, found, wrong)

    def _contents(self, body: list[_Line], found: list[tuple[str, int]], wrong: Any) -> None:
        starts = [index for _, index in found]
        for (label, start), end in zip(found, [*starts[1:], len(body)], strict=True):
            line = body[start]
            rest = line.text[len(f"**{label}.**") :].strip()
            part = [_Line(line.number, rest, True, 0), *body[start + 1 : end]]
            if not _words(part):
                wrong(line.number, f"`{label}` is empty; write it, or the prompt is not ready")
            elif label == "How it is scored":
                self._rubric(part, wrong)
            elif label == "Follow-ups":
                self._follow_ups(part, wrong)

    def _rubric(self, part: list[_Line], wrong: Any) -> None:
        """The rubric is a table of two columns and three rows, and really is read as a table."""
        rows = [index for index, line in enumerate(part) if line.top and line.text.lstrip().startswith("|")]
        cells = [_cells(part[index].text) for index in rows]
        block = bool(rows) and rows == list(range(rows[0], rows[0] + 5)) and rows[0] > 1
        block = (
            block and not part[rows[0] - 1].text and not (part[rows[-1] + 1].text if rows[-1] + 1 < len(part) else "")
        )
        table = (
            block and all(len(row) == 2 for row in cells) and all(re.fullmatch(r":?-+:?", cell) for cell in cells[1])
        )
        if not table or [row[0].strip("*").lower() for row in cells[2:]] != list(GRADES):
            wrong(
                part[rows[0]].number if rows else part[0].number,
                "`How it is scored` needs a table whose rows begin `| weak |`, `| solid |`, `| strong |`, with two columns: "
                "a blank line, `| | |`, `| --- | --- |`, the three rows, a blank line",
            )
            return
        for index, row in zip(rows[2:], cells[2:]):
            if not row[1]:
                wrong(
                    part[index].number, f"the row `{row[0]}` of `How it is scored` is empty; write what it sounds like"
                )

    def _follow_ups(self, part: list[_Line], wrong: Any) -> None:
        starts = [index for index, line in enumerate(part) if line.top and QUESTION.match(line.text)]
        if not 3 <= len(starts) <= 5:
            wrong(
                part[0].number,
                f"`Follow-ups` has {len(starts)} questions; write three to five, each a paragraph that begins "
                '`*"Question?"*` with its answer behind it',
            )
        for start, end in zip(starts, [*starts[1:], len(part)]):
            line = part[start]
            match = FOLLOW_UP.match("\n".join(other.text for other in part[start:end]).strip())
            if match is None:
                wrong(
                    line.number, f'`{line.text[:40]}` is no follow-up; write `*"Question?"*` with its answer behind it'
                )
            elif not (match["answer"] or "").strip():
                wrong(line.number, f"the follow-up {match['question'][:40]} has no answer; write it right behind")
            elif start and part[start - 1].text and line.text.startswith("*") and not line.text.startswith("* "):
                wrong(
                    line.number,
                    f"the follow-up {match['question'][:40]} begins a paragraph; leave a blank line above it",
                )

    def _ids(self) -> None:
        seen: dict[str, Prompt] = {}
        for prompt in self.prompts:
            for id_ in (prompt.id, *prompt.aliases):
                other = seen.setdefault(id_, prompt)
                if id_ != prompt.id and other is prompt and (prompt.id, *prompt.aliases).count(id_) == 1:
                    continue
                if other is not prompt or (prompt.id, *prompt.aliases).count(id_) > 1:
                    line = prompt.line - self.page.offset
                    whose = f"taken by the prompt of line {other.line}" if other is not prompt else "given twice"
                    self.error(line, f"prompt `{prompt.id}`: the id `{id_}` is {whose}; choose another")
                    if other is prompt:
                        break


def _words(lines: list[_Line]) -> bool:
    """Whether there is anything to read besides comments."""
    return any(
        line.text and not line.text.lstrip().startswith("<!--") for line in lines if line.plain or "`" in line.text
    )


def _is_rule(text: str) -> bool:
    """Whether Markdown draws a line here: three or more of `*`, `-` or `_`, spaces between allowed; or nearly so.

    >>> [_is_rule(text) for text in ("***", "* * *", "    ---", "**", "- x")]
    [True, True, True, False, False]
    """
    marks = text.replace(" ", "")
    return len(marks) >= 3 and marks[0] in "*-_" and marks == marks[0] * len(marks)


def _nearly_label(text: str) -> str | None:
    """The label an author probably meant, where a line begins with something like one.

    >>> [_nearly_label(text) for text in ("**answer:** x", "### Go deeper", "Answer. x", "Answer the question.")]
    ['Answer', 'Go deeper', 'Answer', None]
    """
    match = re.match(
        r"^(?P<before>[\W_]*(?:\d+[.)]\s*|<\w+>)?[\W_]*)(?P<words>[A-Za-z][A-Za-z -]*)(?P<after>\W?)", text
    )
    if match is None or not (re.search(r"[*_#<|]", match["before"]) or match["after"] in (".", ":", "*", "_")):
        return None
    words = match["words"].strip().lower()
    if len(words) > 2 * len(max(LABELS, key=len)):  # too long to be like any, and comparing is slow
        return None
    for label in LABELS:
        pair = difflib.SequenceMatcher(None, words, label.lower())
        alike = min(pair.real_quick_ratio(), pair.quick_ratio()) >= 0.75 and pair.ratio() >= 0.75  # cheap bounds first
        longer = label.lower() in words and len(words.split()) <= len(label.split()) + 1
        if alike or longer:
            return label
    return None


def _cells(row: str) -> list[str]:
    """The cells of a table's row; a bar in a code span or behind a backslash divides nothing.

    >>> _cells("| weak | says `a|b` |")
    ['weak', 'says `a|b`']
    """
    row = row.strip()
    bars = [m.start() for m in re.finditer(r"(?<!\\)\|", without_code(row))]
    edges = [-1, *bars, len(row)]
    cells = [row[a + 1 : b].strip() for a, b in pairwise(edges)]
    return cells[1 if row.startswith("|") else 0 : -1 if row.endswith("|") else None]


def _named(block: _Open) -> str:
    return f"`{block.name}`" + (f" “{block.argument[:50]}”" if block.argument else "")


def _line_number(place: str) -> int:
    tail = place.rsplit(":", 1)[-1]
    return int(tail) if tail.isdigit() else 0
