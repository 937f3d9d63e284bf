"""The grammar of a page's blocks: one good prompt, and what the author reads for every way to get it wrong.

Each case changes the good prompt in one place. It says on which line the message points and what the message tells to write
instead; a case that leads to more than one message says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from handbook.errors import BookErrors
from handbook.grammar import KINDS, LEVELS, ROLES, Prompt, scan
from handbook.pages import Page, front_matter_lines, line_of, lines_of

GOOD = """\
# Page

Text above.

/// prompt | Why does it decline good customers?
    id: high-auc
    kind: decision
    level: mid
    roles: [mle, applied-scientist]
    minutes: 12
    title: High AUC, blocked good users

The brief.

***

**Opening line.** "First, I ask."

**Answer.** One.

Two.

**How it is scored.**

| | |
| --- | --- |
| weak | a |
| solid | b |
| strong | c |

**Follow-ups.**

*"First?"* Yes.

*"Second?"* No.

*"Third?"* Perhaps.

**Go deeper.** A link.
///

Text below.
"""
OPTIONS = GOOD[GOOD.index("    id:") : GOOD.index("\nThe brief.")]
RUBRIC = GOOD[GOOD.index("| | |") : GOOD.index("\n**Follow-ups")]
FOLLOW_UPS = GOOD[GOOD.index('*"First') : GOOD.index("\n**Go deeper")]
PROMPT = GOOD[GOOD.index("///") : GOOD.index("\nText below")]
PAGE = Page("chapters/metrics/page.md")


def errors(text: str, page: Page = PAGE) -> list[str]:
    try:
        scan(text, page)
    except BookErrors as found:
        return [str(error) for error in found.errors]
    return []


def change(old: str, new: str) -> str:
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


@dataclass
class Case:
    """Replace `old` by `new`: the message points to the line that holds `at` and says `says`."""

    name: str
    old: str
    new: str
    at: str
    says: str
    more: bool = False

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def check(case: Case, inside: bool = True) -> None:
    text = change(case.old, case.new)
    found = errors(text)
    line = next(n for n, line in enumerate(lines_of(text), 1) if case.at in line)
    wanted = [e for e in found if e.startswith(f"docs/chapters/metrics/page.md:{line}: ") and case.says in e]
    assert wanted, f"wanted line {line} and “{case.says}”, got\n" + "\n".join(found)
    if not case.more:
        assert len(found) == 1, "\n".join(found)
    if inside:
        assert "prompt `high-auc`: " in wanted[0] or "id" in case.name


# What is right


def test_the_good_form_is_read_in_full() -> None:
    assert scan(GOOD, PAGE) == [
        Prompt(
            id="high-auc",
            title="High AUC, blocked good users",
            question="Why does it decline good customers?",
            kind="decision",
            level="mid",
            roles=("mle", "applied-scientist"),
            minutes=12,
            brief="The brief.",
            answer=GOOD[GOOD.index("**Opening") : GOOD.index("\n///\n\nText below")],
            page="chapters/metrics/page.md",
            line=5,
        )
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_kind_and_level(kind: str, level: str) -> None:
    text = change("kind: decision", f"kind: {kind}").replace("level: mid", f"level: {level}")
    assert [(p.kind, p.level) for p in scan(text, PAGE)] == [(kind, level)]


def test_roles_come_in_one_order_however_written() -> None:
    for written in (f"[{', '.join(reversed(ROLES))}]", "\n    - ai-engineer\n    - applied-scientist\n    - mle"):
        assert scan(change("[mle, applied-scientist]", written), PAGE)[0].roles == ROLES


INSERTED = "Two.\n"  # what the cases below put in place of the answer's second paragraph
FINE = {
    "windows line ends": GOOD.replace("\n", "\r\n"),
    "old mac line ends": GOOD.replace("\n", "\r"),
    "no newline at the end": GOOD[: GOOD.index("\n\nText below")],
    "space behind the closing line": change("link.\n///", "link.\n///  "),
    "text right behind the closing line": change("///\n\nText", "///\nText"),
    "text right above the header": change("above.\n\n", "above.\n"),
    "options indented by eight": change(OPTIONS, OPTIONS.replace("    ", "        ")),
    "a comment among the options": change("    level:", "    # as asked at two places\n    level:"),
    "an alias": change("    title:", "    aliases: [old-id]\n    title:"),
    "an underscore inside a word, a comparison": change(
        "customers?", "customers when fit_transform says AUC > 0.9 and p < 1?"
    ),
    "a quoted title with a colon": change("High AUC, blocked good users", '"High AUC: blocked"'),
    "grades capitalized and bold": change(RUBRIC, RUBRIC.replace("weak", "**Weak**").replace("solid", "Solid")),
    "words in the rubric's header": change("| | |", "| grade | what it sounds like |"),
    "a bar in code in the rubric": change("| weak | a |", "| weak | `a|b` |"),
    "follow-ups as a list": change(FOLLOW_UPS, "".join(f"- {line}\n" for line in FOLLOW_UPS.split("\n") if line)),
    "follow-ups numbered": change(FOLLOW_UPS, "".join(f"1. {line}\n" for line in FOLLOW_UPS.split("\n") if line)),
    "a follow-up's answer in the next paragraph": change('*"First?"* Yes.', '*"First?"*\n\nYes.'),
    "curly quotes": change(FOLLOW_UPS, FOLLOW_UPS.replace('*"', "*“").replace('"*', "”*")),
    "five follow-ups": change(FOLLOW_UPS, FOLLOW_UPS + '\n*"Fourth?"* x\n\n*"Fifth?"* y\n'),
    "text on the label's own line": change("**Follow-ups.**\n\n", "**Follow-ups.** "),
    "another bold paragraph": change(INSERTED, "**A caveat.** Two.\n"),
    "a tab": change(INSERTED, "//// tab | One\nTwo.\n////\n"),
    "a tab in a note": change(INSERTED, "//// note | One\n\n///// tab | A\n\nTwo.\n\n/////\n\n////\n"),
    "a block in a list": change(INSERTED, "- item\n\n    //// note | One\n    Two.\n    ////\n"),
    "an option of a tab": change(INSERTED, "//// tab | One\n    new: true\n\nTwo.\n////\n"),
    "a fence that shows a prompt": change(
        INSERTED, "```markdown\n/// prompt | x\n***\n## h\n**Answer.**\n///\n[^1]\n```\n"
    ),
    "a tilde fence": change(INSERTED, "~~~text\n/// prompt | x\n///\n~~~\n"),
    "a fence in a fence": change(INSERTED, "````text\n```\n/// prompt | x\n```\n````\n"),
    "a fence in a list": change(INSERTED, "- item\n\n    ```text\n    /// prompt | x\n\n    ///\n    ```\n"),
    "a fence in a quote": change(INSERTED, "> ```text\n> /// prompt | x\n> ```\n"),
    "a fence with title and lines": change(INSERTED, '```python title="a b" hl_lines="1 3-4" linenums="1"\nx\n```\n'),
    "a comment that shows a prompt": change(INSERTED, "<!--\n/// prompt | x\n\n***\n\n**Answer.**\n///\n-->\n"),
    "a comment within a line": change(INSERTED, "Two <!-- /// prompt | x --> three.\n"),
    "inline code that shows a block": change(INSERTED, "Write `/// prompt | x`, then `///` and `<!--`.\n"),
    "a footnote look-alike in code and math": change(INSERTED, "`[^a-z]` and $x[^2]$\n"),
    "a table row that begins with prompt": change("Text above.", "| prompt | kind |\n| --- | --- |\n| a | b |"),
    "an address with three slashes": change(INSERTED, "Open file:///etc/hosts or a///b.\n"),
    "a form feed is no line end": change("Text above.", "Text\x0cabove."),
}


@pytest.mark.parametrize("name", FINE)
def test_fine(name: str) -> None:
    assert errors(FINE[name]) == []
    assert [prompt.id for prompt in scan(FINE[name], PAGE)] == ["high-auc"]


def test_two_prompts_keep_their_places() -> None:
    text = GOOD + "\n" + PROMPT.replace("high-auc", "second-one")
    assert [(p.id, p.line) for p in scan(text, PAGE)] == [("high-auc", 5), ("second-one", 44)]


# What is wrong with the header and the closing line

HEADER = "/// prompt | Why"
CLOSE = "A link.\n///\n"
SLASHES = [
    Case("two slashes", HEADER, "// prompt | Why", "// prompt", "`/// prompt | …`"),
    Case("two slashes, no space", HEADER, "//prompt | Why", "//prompt", "`/// prompt | …`"),
    Case("one slash", HEADER, "/ prompt | Why", "/ prompt", "`/// prompt | …`"),
    Case("four slashes", HEADER, "//// prompt | Why", "A link.", "", more=True),
    Case("backslashes", HEADER, "\\\\\\ prompt | Why", "prompt |", "`/// prompt | …`"),
    Case("an escaped slash", HEADER, "\\/// prompt | Why", "prompt |", "`/// prompt | …`"),
    Case("colons", HEADER, "::: prompt | Why", "::: prompt", "`/// prompt | …`"),
    Case("an invisible space in front", HEADER, "\u200b/// prompt | Why", "prompt |", "`/// prompt | …`"),
    Case("text in front", HEADER, "Try: /// prompt | Why", "Try:", "`/// prompt | …`"),
    Case("no space", HEADER, "///prompt | Why", "///prompt", "write `/// prompt | text`"),
    Case("a no-break space", HEADER, "///\u00a0prompt | Why", "prompt |", "write `/// prompt | text`"),
    Case("no bar", HEADER, "/// prompt Why", "/// prompt", "write `/// prompt | text`"),
    Case("a colon for the bar", HEADER, "/// prompt: Why", "/// prompt:", "write `/// prompt | text`"),
    Case("a dash for the bar", HEADER, "/// prompt - Why", "/// prompt -", "write `/// prompt | text`"),
    Case("misspelt", HEADER, "/// promt | Why", "/// promt", "no block named `promt`; write `prompt`"),
    Case("plural", HEADER, "/// prompts | Why", "/// prompts", "no block named `prompts`; write `prompt`"),
    Case("capitalized", HEADER, "/// Prompt | Why", "/// Prompt", "no block named `Prompt`; write `prompt`"),
    Case("another word", HEADER, "/// exercise | Why", "/// exercise", "one of prompt, tab, details, admonition, note"),
    Case("indented by one", HEADER, " /// prompt | Why", " /// prompt", "remove the indentation"),
    Case("indented by four", HEADER, "    /// prompt | Why", "    /// prompt", "put it into a code fence"),
    Case("in a list", HEADER, "- /// prompt | Why", "- /// prompt", "outside quotes and list markers", more=True),
    Case("in a quote", HEADER, "> /// prompt | Why", "> /// prompt", "outside quotes and list markers", more=True),
    Case("unclosed", CLOSE, "A link.\n", HEADER, "never closed; write `///` on a line of its own after its last line"),
    Case("closed on the last line", CLOSE, "A link. ///\n", HEADER, "never closed; write `///` on a line of its own"),
    Case("closed by two", CLOSE, "A link.\n//\n", HEADER, "never closed; write `///`"),
    Case(
        "closed by four",
        CLOSE,
        "A link.\n////\n",
        "////",
        "does not close `prompt` “Why does it decline good customers?” of line 5; write `///`",
        more=True,
    ),
    Case("closed with a dot", CLOSE, "A link.\n///.\n", "///.", "write `///` and nothing behind it"),
    Case("closed with a word", CLOSE, "A link.\n/// end\n", "/// end", "there is no block named `end`", more=True),
    Case(
        "closed by an indented line",
        CLOSE,
        "A link.\n  ///\n",
        "  ///",
        "begins at the start of the line; remove the indentation",
    ),
    Case(
        "closed without having been opened",
        "Text above.",
        "Text above.\n\n///",
        "///",
        "`///` closes no block; remove it",
    ),
]


@pytest.mark.parametrize("case", SLASHES, ids=str)
def test_slashes(case: Case) -> None:
    if case.says:
        check(case, inside=False)
    else:
        assert errors(change(case.old, case.new))


def test_a_second_closing_line_points_to_itself() -> None:
    text = change(CLOSE, "A link.\n///\n\n///\n")
    assert errors(text) == [
        "docs/chapters/metrics/page.md:42: `///` closes no block; remove it, or open one above with a name"
    ]


def test_a_prompt_not_closed_before_the_next_one() -> None:
    text = change(CLOSE, "A link.\n") + "\n" + PROMPT.replace("high-auc", "second-one")
    assert errors(text) == [
        "docs/chapters/metrics/page.md:43: a prompt can't stand inside another block; close `prompt` “Why does it decline good "
        "customers?” of line 5 with `///` first"
    ]


def test_a_prompt_in_another_block() -> None:
    found = errors("/// note | A note\n\n" + PROMPT.replace("///", "////") + "\n\n///\n")
    assert any("<text>" not in e and ":3: a prompt can't stand inside another block; close `note`" in e for e in found)


# What is wrong with the options

OPTION = [
    Case("no options", OPTIONS, "", HEADER, "no options; right below its header, indented by four spaces, write id, kind, level, roles, minutes, title", more=True),
    Case("not indented", OPTIONS, OPTIONS.replace("    ", ""), HEADER, "no options; right below its header, indented by four spaces", more=True),
    Case("indented by two", OPTIONS, OPTIONS.replace("    ", "  "), HEADER, "indented by four spaces", more=True),
    Case("a blank line above", OPTIONS, "\n" + OPTIONS, HEADER, "right below its header"),
    Case("a blank line within", "    level:", "\n    level:", HEADER, "option `level` is missing", more=True),
    Case("front matter fences", OPTIONS, f"---\n{OPTIONS}---\n", HEADER, "right below its header, indented by four spaces", more=True),
    Case("tabs", OPTIONS, OPTIONS.replace("    ", "\t"), "id:", "the options hold a tab; write four spaces"),
    Case("one tab", "    level", "\tlevel", "level", "the options hold a tab; write four spaces"),
    Case("the last not indented", "    title:", "title:", "title:", "options are indented by four spaces", more=True),
    Case("brief right below", "users\n\nThe", "users\nThe", "The brief", "a blank line is missing between the options and the brief"),
    Case("no colon", "    level: mid", "    level = mid", "minutes", "", more=True),
    Case("a colon within a value", "High AUC, blocked", "High AUC: blocked", "title:", "put a value with a colon into quotes"),
    Case("uneven indentation", "    title:", "      title:", "title:", "all indented alike"),
    Case("a bracket not closed", "scientist]", "scientist", "minutes:", "the options can't be read"),
    Case("an unknown option", "    level:", "    levels: mid\n    level:", "levels:", "unknown option `levels`; write `level`"),
    Case("an unknown option, far off", "    level:", "    author: me\n    level:", "author:", "unknown option `author`; known are id, kind, level, roles, minutes, title, aliases"),
    Case("an option of the block syntax", "    level:", "    attrs: {class: x}\n    level:", "attrs:", "unknown option `attrs`"),
    Case("twice", "    level: mid", "    level: mid\n    level: staff", "level: staff", "option `level` is given twice; keep one"),
    *(
        Case(f"no {name}", line + "\n", "", HEADER, f"option `{name}` is missing; write `    {name}: …` below the header")
        for line in OPTIONS.strip("\n").split("\n")
        if (name := line.split(":")[0].strip()) != "id"
    ),
    Case("no id", "    id: high-auc\n", "", HEADER, "option `id` is missing; write `    id: …`"),
    Case("an empty id", "id: high-auc", "id:", "id:", "option `id` is missing"),
    *(
        Case(f"the id {bad}", "id: high-auc", f"id: {bad}", "id:", "malformed id")
        for bad in ("High-AUC", "high_auc", "high auc", "high--auc", "-high", "2024", "2024-01-01", "no", "[high-auc]", '"high-auc\\n"', "höhe")
    ),
    Case("a misspelt kind", "decision", "desicion", "kind:", "there is no kind `desicion`; write `decision`"),
    Case("no such kind", "decision", "quiz", "kind:", "write one of concept, debugging, design, decision, coding, story"),
    Case("two kinds", "decision", "[decision, design]", "kind:", "there is no kind"),
    Case("a capital level", "level: mid", "level: Mid", "level:", "there is no level `Mid`; write `mid`"),
    Case("no such level", "level: mid", "level: L5", "level:", "write one of junior, mid, senior, staff"),
    Case("no such role", "[mle,", "[data-scientist,", "roles:", "there is no role `data-scientist`; write `applied-scientist`"),
    Case("a role far off", "[mle,", "[xyz,", "roles:", "write any of mle, applied-scientist, ai-engineer"),
    Case("roles no list", "[mle, applied-scientist]", "mle, ai-engineer", "roles:", "write `roles: [mle, ai-engineer]`"),
    Case("no roles", "[mle, applied-scientist]", "[]", "roles:", "option `roles` is missing"),
    Case("a role twice", "[mle, applied-scientist]", "[mle, mle]", "roles:", "a role is listed twice"),
    *(
        Case(f"minutes {bad}", "minutes: 12", f"minutes: {bad}", "minutes:", f"a whole number from 1 to 60, not `{bad}`")
        for bad in ("'12'", "12.0", "10-15", "12 min", "0", "-3", "61", "012", "0:30", "true", ".inf")
    ),
    Case("a long title", "High AUC, blocked good users", "one two three four five six seven eight nine", "title:", "the title has 9 words; eight at most"),
    Case("a title that is a number", "High AUC, blocked good users", "2024", "title:", 'write it in quotes: `title: "2024"`'),
    Case("a title that is a list", "High AUC, blocked good users", "[a, b]", "title:", "the title must be text"),
    Case("a title that is blank", "High AUC, blocked good users", "' '", "title:", "one line of words"),
    *(
        Case(f"title with {bad}", "High AUC, blocked good users", f'"{bad}"', "title:", "the title holds markup; write plain words")
        for bad in ("$p$ of x", "`code`", "*so*", "_so_", "a | b", "[a](b)", "<b>a</b>", "a &amp; b", "{{1 = x}}", "x[^1]", "a [b]")
    ),
    Case("aliases no list", "    title:", "    aliases: old-id\n    title:", "aliases:", "write `aliases: [old-id]`"),
    Case("a malformed alias", "    title:", "    aliases: [Old Id]\n    title:", "aliases:", "aliases must be a list of ids"),
    Case("an alias twice", "    title:", "    aliases: [a, a]\n    title:", HEADER, "the id `a` is given twice"),
    Case("its own id as alias", "    title:", "    aliases: [high-auc]\n    title:", HEADER, "the id `high-auc` is given twice"),
    Case("no question", "| Why does it decline good customers?", "|", HEADER[:10], "the header has no question; write `/// prompt | The question?`"),
    *(
        Case(f"question with {bad}", "good customers", bad, "/// prompt", "the header holds markup; write the question in plain words")
        for bad in ("$p > 1$", "`x`", "*x*", "_x_", "[a](b)", "<b>x</b>", "\\alpha", "{{1 = x}}", "x &lt; y", "x[^1]", "a | b", "x {#id}", "~~x~~")
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", OPTION, ids=str)
def test_options(case: Case) -> None:
    if case.says:
        check(case, inside="prompt `high-auc`" in "".join(errors(change(case.old, case.new))))
    else:
        assert errors(change(case.old, case.new))


def test_an_id_taken_on_the_same_page_or_as_an_alias() -> None:
    second = PROMPT.replace("    level:", "    aliases: [old-one]\n    level:")
    assert errors(f"{GOOD}\n{PROMPT}") == [
        "docs/chapters/metrics/page.md:44: prompt `high-auc`: the id `high-auc` is taken by the prompt of line 5; choose another"
    ]
    other = second.replace("high-auc", "other")
    third = PROMPT.replace("high-auc", "old-one")
    assert "prompt `old-one`: the id `old-one` is taken by the prompt of line 1" in errors(f"{other}\n\n{third}")[0]


# What is wrong with brief, divider and answer

RULE = "\n***\n"
DIVIDER = [
    Case("no divider", RULE, "\n", HEADER, "no line `***` between the brief and the model answer"),
    *(
        Case(f"divider {bad.strip()} {len(bad)}", RULE, f"\n{bad}\n", bad, "write `***` on a line of its own, not indented")
        for bad in ("---", "___", "* * *", "****", "  ***", "    ***")
    ),
    Case("divider with text", RULE, "\n*** x\n", HEADER, "no line `***`"),
    Case("divider in a block", RULE, "\n//// note | x\n\n***\n\n////\n", "***", "outside other blocks"),
    Case("divider glued to the text above", "\n\n***", "\n***", "***", "`***` needs a blank line before and after it"),
    Case("divider glued to the text below", "***\n\n", "***\n", "***", "`***` needs a blank line before and after it", more=True),
    Case("a second divider", INSERTED, "Two.\n\n***\n\nThree.\n", "***", "", more=True),
    Case("another rule in the brief", "The brief.", "The brief.\n\n---\n\nMore.", "---", "a second `---`; the one line `***` begins the model answer"),
    Case("another rule in the answer", INSERTED, "Two.\n\n* * *\n\nThree.\n", "* * *", "a second `* * *`"),
    Case("empty brief", "The brief.\n\n", "", HEADER, "the brief above `***` is empty; write the situation"),
    Case("a comment for a brief", "The brief.", "<!-- later -->", HEADER, "the brief above `***` is empty"),
    Case("text before the opening line", "**Opening", "Well.\n\n**Opening", "Well.", "text stands between `***` and `**Opening line.**`"),
]  # fmt: skip
FORBIDDEN = [
    Case("a heading", INSERTED, "### Two\n", "### Two", "a heading can't stand inside a prompt"),
    Case("a heading in the brief", "The brief.", "## The brief", "## The", "a heading can't stand inside a prompt"),
    Case("a heading without a space", INSERTED, "##Two\n", "##Two", "a heading can't stand inside a prompt"),
    Case("a number sign at a line's start", INSERTED, "#1 of the reasons.\n", "#1", "a line that begins with `#`"),
    Case("a heading in a list", INSERTED, "- x\n\n    ## Two\n", "## Two", "a heading can't stand inside a prompt"),
    Case("a heading in a quote", INSERTED, "> ## Two\n", "> ## Two", "a heading can't stand inside a prompt"),
    Case("a heading by the line below", INSERTED, "Two.\n===\n", "===", "a heading can't stand inside a prompt"),
    Case("a heading in a tab", INSERTED, "//// tab | A\n## Two\n////\n", "## Two", "a heading can't stand inside a prompt"),
    Case("a footnote", INSERTED, "Two.[^1]\n", "[^1]", "a footnote can't stand inside a prompt; link to the page's sources instead"),
    Case("a footnote's text", INSERTED, "[^1]: Two.\n", "[^1]", "a footnote can't stand inside a prompt"),
    Case("raw details", INSERTED, "<details><summary>x</summary>Two.</details>\n", "<details", "`<details>` can't stand inside a prompt"),
    Case("a raw end tag", INSERTED, "Two.\n\n</details>\n", "</details", "raw HTML blocks may end the disclosure early; write Markdown"),
    Case("a raw div", INSERTED, '<div markdown="1">\n\nTwo.\n', "<div", "`<div>` can't stand inside a prompt"),
]  # fmt: skip
LABELS = [
    *(
        Case(f"no {label}", f"**{label}.**", "And", HEADER, f"the answer has no `{label}`; write a paragraph that begins `**{label}.**`")
        for label in ("Opening line", "Answer", "How it is scored", "Follow-ups", "Go deeper")
    ),
    *(
        Case(f"label written {bad}", "**Answer.**", bad, bad.strip() + " One", "begins no part of the answer; write `**Answer.**` at the start of the line")
        for bad in (
            "**Answer**", "**Answer:**", "**Answer**.", "**Answer**:", "**answer.**", "**ANSWER.**", "**Answers.**", "**Anwser.**",
            "**Model answer.**", "**The answer.**", "__Answer.__", "*Answer.*", "***Answer.***", "**Answer. **", "** Answer.**",
            "**Answer .**", "**Answer..**", "**Answer!**", "**Answer.", "Answer.", "- **Answer.**", "> **Answer.**", "  **Answer.**",
            "    **Answer.**", "1. **Answer.**",
        )
    ),
    Case("label as a heading", "**Answer.**", "### Answer\n\n", "### Answer", "write `**Answer.**`", more=True),
    Case("label misspelt: follow-up", "**Follow-ups.**", "**Follow ups.**", "**Follow ups", "write `**Follow-ups.**`"),
    Case("label misspelt: scored", "**How it is scored.**", "**How it's scored.**", "**How it's", "", more=True),
    Case("label above the divider", "The brief.", "**Answer.** Early.", "**Answer.** Early", "`Answer` stands above `***`; the model answer begins below it", more=True),
    Case("label twice", INSERTED, "**Answer.** Two.\n", "**Answer.** Two", "`Answer` stands 2 times; keep one"),
    Case("label in a tab", "**Answer.** One.\n", "//// tab | A\n\n**Answer.** One.\n\n////\n", "**Answer.**", "stands inside another block; a part of the answer begins outside of tabs"),
    Case("label glued to a paragraph", '"First, I ask."\n\n', '"First, I ask."\n', "**Answer.**", "`**Answer.**` begins a paragraph; leave a blank line above it"),
    Case("label glued to a table", RUBRIC + "\n", RUBRIC, "**Follow-ups.**", "leave a blank line above it", more=True),
    Case("empty part", "**Go deeper.** A link.", "**Go deeper.**", "**Go deeper.**", "`Go deeper` is empty"),
    Case("a comment for a part", "**Go deeper.** A link.", "**Go deeper.**\n\n<!-- later -->", "**Go deeper.**", "`Go deeper` is empty"),
]  # fmt: skip
TABLE = "needs a table whose rows begin `| weak |`, `| solid |`, `| strong |`"
PARTS = [
    Case("no rubric table", RUBRIC, "Listen for the first question.\n", "**How it is", TABLE),
    Case("a row short", "| solid | b |\n", "", "| | |", TABLE),
    Case("a row more", "| strong | c |", "| strong | c |\n| superb | d |", "| | |", TABLE),
    Case("rows in another order", "| weak | a |\n| solid | b |", "| solid | b |\n| weak | a |", "| | |", TABLE),
    Case("another grade", "| solid |", "| good |", "| | |", TABLE),
    Case("grades as columns", RUBRIC, "| weak | solid | strong |\n| --- | --- | --- |\n| a | b | c |\n", "| weak | solid", TABLE),
    Case("no line below the header", "| --- | --- |\n", "", "| | |", TABLE),
    Case("no header", "| | |\n| --- | --- |\n", "", "| weak", TABLE),
    Case("a gap in the table", "| solid |", "\n| solid |", "| | |", TABLE),
    Case("a table glued to its label", "scored.**\n\n", "scored.**\n", "| | |", TABLE),
    Case("a third column", "| weak | a |", "| weak | a | more |", "| | |", TABLE),
    Case("an empty cell", "| weak | a |", "| weak | |", "| weak", "the row `weak` of `How it is scored` is empty"),
    Case("two follow-ups", '*"Third?"* Perhaps.\n', "", "**Follow-ups.**", "`Follow-ups` has 2 questions; write three to five"),
    Case("six follow-ups", FOLLOW_UPS, FOLLOW_UPS + "\n" + FOLLOW_UPS, "**Follow-ups.**", "`Follow-ups` has 6 questions"),
    Case("follow-ups in bold", FOLLOW_UPS, FOLLOW_UPS.replace('*"', '**"').replace('"*', '"**'), "**Follow-ups.**", '`*"Question?"*` with its answer behind it'),
    Case("follow-ups without quotes", FOLLOW_UPS, FOLLOW_UPS.replace('"', ""), "**Follow-ups.**", '`*"Question?"*`'),
    Case("a follow-up not closed", '*"Second?"*', '*"Second?"', '*"Second', 'is no follow-up; write `*"Question?"*`'),
    Case("a follow-up without its answer", '*"Second?"* No.', '*"Second?"*', '*"Second', 'the follow-up "Second?" has no answer; write it right behind'),
    Case("follow-ups glued together", 'Yes.\n\n*"Sec', 'Yes.\n*"Sec', '*"Second', 'the follow-up "Second?" begins a paragraph; leave a blank line above it'),
]  # fmt: skip


@pytest.mark.parametrize("case", DIVIDER + FORBIDDEN + LABELS + PARTS, ids=str)
def test_brief_and_answer(case: Case) -> None:
    if case.says:
        check(case)
    else:
        assert errors(change(case.old, case.new))


def test_parts_in_another_order() -> None:
    opening, answer = '**Opening line.** "First, I ask."', "**Answer.** One."
    text = GOOD.replace(opening, "@").replace(answer, opening).replace("@", answer)
    assert errors(text) == [
        "docs/chapters/metrics/page.md:17: prompt `high-auc`: `Answer` is out of order; the order is Opening line, Answer, "
        "How it is scored, Follow-ups, Go deeper"
    ]


def test_a_second_divider_points_to_itself() -> None:
    found = errors(change(INSERTED, "Two.\n\n***\n\nThree.\n"))
    assert found == [
        "docs/chapters/metrics/page.md:23: prompt `high-auc`: a second `***`; the one line `***` begins the model answer, "
        "remove this one"
    ]


# Blocks within a prompt, code, comments

NESTED = [
    Case("an equal fence", INSERTED, "/// tab | A\nTwo.\n///\n", "/// tab", "would close it early; open it with more slashes: `//// tab`, and close it alike"),
    Case("an unclosed tab", INSERTED, "//// tab | A\nTwo.\n", "A link.", "", more=True),
    Case("a tab closed by three", INSERTED, "//// tab | A\nTwo.\n///\n", "A link.", "", more=True),
    Case("a tab without a name", INSERTED, "//// tab\nTwo.\n////\n", "//// tab", "a tab needs its name; write `//// tab | Name`"),
    Case("a tab without a bar", INSERTED, "//// tab One\nTwo.\n////\n", "//// tab", "write `//// tab | text`"),
    Case("a tab without a space", INSERTED, "////tab | A\nTwo.\n////\n", "////tab", "write `//// tab | text`"),
    Case("a misspelt tab", INSERTED, "//// tabs | A\nTwo.\n////\n", "//// tabs", "there is no block named `tabs`; write `tab`"),
    Case("details", INSERTED, "//// details | A\nTwo.\n////\n", "//// details", "`details` can't stand inside a prompt; only tab, admonition, note, tip, warning, example can"),
    Case("details by an equal fence", INSERTED, "/// details | A\nTwo.\n///\n", "/// details", "`details` can't stand inside a prompt"),
    Case("another builder's block", INSERTED, "//// html | div\nTwo.\n////\n", "//// html", "there is no block named `html`"),
    Case("an equal fence within a tab", INSERTED, "//// tab | A\n\n//// note | B\nTwo.\n////\n\n////\n", "//// note", "open it with more slashes: `///// note`"),
    Case("three slashes in a sentence", INSERTED, "It is written\n/// so to speak.\n", "/// so", "opens no block"),
    Case("a block in a quote", INSERTED, "> //// note | A\n> Two.\n> ////\n", "> //// note", "outside quotes and list markers", more=True),
    Case("a block behind a list marker", INSERTED, "- //// note | A\n- ////\n", "- //// note", "outside quotes and list markers", more=True),
    Case("a fence never closed", INSERTED, "```text\nTwo.\n", "```text", "the code fence is never closed; write “```” on a line of its own"),
    Case("a fence closed by a longer one", INSERTED, "```text\nTwo.\n````\n", "```text", "the code fence is never closed"),
    Case("a fence closed by a shorter one", INSERTED, "````text\nTwo.\n```\n", "````text", "write “````” on a line of its own"),
    Case("a fence closed with a language", INSERTED, "```text\nTwo.\n```text\n", "```text", "the code fence is never closed"),
    Case("a fence with a loose title", INSERTED, "```python title=a b\nTwo.\n```\n", "```python", 'write “```python” or “```python title="path"”'),
    Case("a fence with words", INSERTED, "```python as in the text\nTwo.\n```\n", "```python", "begins no code fence and prints as text"),
    Case("a fence with an unknown option", INSERTED, '```python name="x"\nTwo.\n```\n', "```python", "begins no code fence"),
    Case("a line that leaves an indented fence", INSERTED, "- x\n\n    ```text\nTwo.\n    ```\n", "Two.", "this line leaves the code fence of line 23", more=True),
    Case("a comment never closed", INSERTED, "<!-- Two.\n", "<!--", "the comment is never closed; write `-->`"),
    Case("a long comment within a line", INSERTED, "Two <!-- three\nfour -->\n", "<!--", "a comment of several lines begins at the start of a line"),
]  # fmt: skip


@pytest.mark.parametrize("case", NESTED, ids=str)
def test_nesting_code_and_comments(case: Case) -> None:
    if case.says:
        check(case, inside=False)
    else:
        assert errors(change(case.old, case.new))


def test_an_unclosed_tab_points_to_the_line_that_closes_the_prompt() -> None:
    text = change(INSERTED, "//// tab | A\nTwo.\n")
    assert errors(text) == ["docs/chapters/metrics/page.md:41: `///` does not close `tab` “A” of line 21; write `////`"]


def test_indented_code_that_shows_a_prompt_is_refused_with_a_way_out() -> None:
    assert (
        "(to show one as an example, put it into a code fence)" in errors("Text.\n\n    /// prompt | x\n    ///\n")[0]
    )


# Places, and the size of a book


@pytest.mark.parametrize(
    ("front", "lines"),
    [
        ("", 0),
        ("\n\n", 2),
        ("---\ntitle: x\n---\n", 3),
        ("---\ntitle: x\n---\n\n\n", 5),
        ("---\ntitle: x\n...\n", 3),
        ("---\n\n", 0),  # a rule, not front matter
    ],
)
def test_lines_are_those_of_the_file(front: str, lines: int) -> None:
    assert front_matter_lines(front + "# Page\n") == lines
    found = errors(change("level: mid", "level: mdi"), Page("x.md", lines))
    assert found == [f"docs/x.md:{8 + lines}: prompt `high-auc`: there is no level `mdi`; write `mid`"]


def test_every_line_end_counts_once() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = (
            change("level: mid", "level: mdi").replace("Text above.", "Text\x0c\x0b\u2028\x85above.").replace("\n", end)
        )
        assert errors(text)[0].startswith("docs/chapters/metrics/page.md:8: ")


def test_several_errors_come_in_the_order_of_the_page() -> None:
    text = (
        change("level: mid", "level: mdi")
        .replace("minutes: 12", "minutes: x")
        .replace("A link.\n///", "A link.\n///\n\n///")
    )
    assert [int(e.split(":")[1]) for e in errors(text)] == [8, 10, 42]


def test_a_long_page_is_scanned_in_a_moment() -> None:
    text = "\n\n".join(PROMPT.replace("high-auc", f"high-auc-{n}") for n in range(200))
    start = time.process_time()
    assert len(scan(text, PAGE)) == 200
    assert time.process_time() - start < 1


def test_line_of_prefers_text_to_code() -> None:
    class Parser:
        handbook_source = ("shown `{{4 = x}}` as code", "here {{4 = x}} it stands", "")

    assert line_of(Parser(), "{{4 = x}}") == 2  # type: ignore[arg-type]
    assert line_of(Parser(), "shown") == 1  # type: ignore[arg-type]
    assert line_of(Parser(), "nowhere") is None  # type: ignore[arg-type]
