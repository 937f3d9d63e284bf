"""The rules of the source: the bank and its ledger, headings, embeds, and what each says when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handbook import bank, config, embeds, ledger, rules
from handbook.errors import BookError, BookErrors

Write = Callable[..., Path]
HERE = Path(__file__).parent
PROMPT = HERE.joinpath("test_grammar.py").read_text(encoding="utf-8").split('GOOD = """\\\n')[1].split('"""')[0]
PROMPT = PROMPT[PROMPT.index("///") : PROMPT.index("\nText below")]
FENCE = "```"


def said(errors: list[BookError]) -> list[str]:
    return [str(error) for error in errors]


# The bank


def test_the_bank_reads_pages_in_the_order_of_the_contents(book: Write) -> None:
    root = book(**{
        "docs/a.md": PROMPT.replace("high-auc", "in-a"),
        "docs/chapters/metrics/index.md": "---\ntitle: x\n---\n\n# M\n\n" + PROMPT,
        "docs/notes.txt": PROMPT,
    })  # fmt: skip
    assert [(p.id, p.page, p.line) for p in bank.read(root / "docs")] == [
        ("high-auc", "chapters/metrics/index.md", 7),
        ("in-a", "a.md", 1),
    ]


def test_a_page_with_a_byte_order_mark_and_windows_line_ends(book: Write) -> None:
    root = book()
    (root / "docs/a.md").write_bytes(b"\xef\xbb\xbf---\r\nt: x\r\n---\r\n\r\n" + PROMPT.replace("\n", "\r\n").encode())
    assert [(p.id, p.line, p.brief) for p in bank.read(root / "docs")] == [("high-auc", 5, "The brief.")]


def test_an_id_taken_on_another_page(book: Write) -> None:
    root = book(**{"docs/a.md": "# A\n\n" + PROMPT, "docs/b.md": "---\nt: x\n---\n# B\n\n" + PROMPT})
    with pytest.raises(BookErrors) as error:
        bank.read(root / "docs")
    assert (
        str(error.value) == "docs/b.md:6: prompt `high-auc`: the id `high-auc` is taken by docs/a.md:3; choose another"
    )


def test_an_alias_taken_on_another_page(book: Write) -> None:
    other = PROMPT.replace("high-auc", "other").replace("    level:", "    aliases: [high-auc]\n    level:")
    root = book(**{"docs/a.md": PROMPT, "docs/b.md": other})
    with pytest.raises(BookErrors, match=r"docs/b.md:1: prompt `other`: the id `high-auc` is taken by docs/a.md:1"):
        bank.read(root / "docs")


def test_errors_of_all_pages_come_at_once(book: Write) -> None:
    root = book(**{"docs/a.md": PROMPT.replace("mid", "x"), "docs/b.md": PROMPT.replace("minutes: 12", "minutes: 99")})
    with pytest.raises(BookErrors) as error:
        bank.read(root / "docs")
    assert [line.split(": ")[0] for line in str(error.value).split("\n")] == ["docs/a.md:4", "docs/b.md:6"]


# The ledger


def test_the_ledger_lists_every_prompt_by_chapter(book: Write) -> None:
    root = book(**{
        "docs/chapters/metrics/index.md": PROMPT + "\n" + PROMPT.replace("high-auc", "b"),
        "docs/practice/room.md": PROMPT.replace("high-auc", "c"),
    })  # fmt: skip
    text = ledger.render(bank.read(root / "docs"))
    assert text == ledger.render(bank.read(root / "docs"))
    assert "3 prompts so far" in text
    body = text[text.index("## ") :]
    row = "| decision | mid | MLE, applied scientist | 12 |\n"
    head = "| prompt | kind | level | roles | minutes |\n| --- | --- | --- | --- | ---: |\n"
    assert body == (
        "## Metrics {#metrics data-search-exclude=\"\"}\n\n" + head
        + "| [High AUC, blocked good users](../chapters/metrics/index.md#high-auc) " + row
        + "| [High AUC, blocked good users](../chapters/metrics/index.md#b) " + row
        + "\n## practice/room.md {#practice-room data-search-exclude=\"\"}\n\n" + head
        + "| [High AUC, blocked good users](room.md#c) " + row
    )  # fmt: skip


def test_the_ledger_is_written_when_stale_and_only_then(book: Write) -> None:
    root = book(**{"docs/chapters/metrics/index.md": PROMPT})
    path = root / "docs/practice/index.md"
    assert ledger.refresh(root / "docs") == ["docs/practice/index.md"]
    before = path.stat().st_mtime_ns
    assert ledger.refresh(root / "docs") == []
    assert path.stat().st_mtime_ns == before, "a watched file that is written for nothing rebuilds for ever"
    book(**{"docs/chapters/metrics/index.md": PROMPT.replace("minutes: 12", "minutes: 15")})
    assert ledger.refresh(root / "docs") == ["docs/practice/index.md"]
    assert "| 15 |" in path.read_text(encoding="utf-8")


def test_a_bar_in_a_title_never_reaches_the_ledger(book: Write) -> None:
    root = book(**{"docs/a.md": PROMPT.replace("High AUC, blocked", "High | blocked")})
    with pytest.raises(BookErrors, match="the title holds markup"):
        ledger.refresh(root / "docs")


def test_the_ledger_is_a_page_without_faults(book: Write) -> None:
    root = book(**{"docs/chapters/metrics/index.md": PROMPT})
    ledger.refresh(root / "docs")
    assert said(rules.page_errors("practice/index.md", root / "docs")) == []


# A page's source

PAGES = [
    ("# A\n\n## B\n", 3, "the heading “B” has no permanent id; write `## B {#short-words}`"),
    ("# A\n\n### B {.x}\n", 3, "has no permanent id"),
    ("# A\n\n## B {#B_b}\n", 3, "`#B_b` is no id; write lower-case words joined by `-`"),
    ("# A\n\n## B {#" + "a" * 41 + "}\n", 3, "40 characters at most"),
    ("# A\n\n## B $x$ {#b}\n", 3, "holds TeX, code, a link or a checked figure; write plain words"),
    ("# A\n\n## B `x` {#b}\n", 3, "holds TeX, code"),
    ("# A\n\n## B {{1 = x}} {#b}\n", 3, "checked figure; write plain words"),
    ("# A\n\n## [B](c.md) {#b}\n", 3, "a link"),
    ("# A\n\n# B\n", 3, "a page has one title `# …`; this one has 2"),
    ("Text.\n", 1, "a page has one title `# …`; this one has 0"),
    ("# A\n\n##B {#b}\n", 3, "is read as a heading; write `## …` with a space"),
    ("# A\n\n#1 of many\n", 3, "is read as a heading"),
    ("# A\n\nB\n---\n", 4, "“B” becomes a heading by the line below it; write `## B {#short-words}`"),
    ("# A\n\nB\n===\n", 4, "becomes a heading by the line below it"),
    ('# A\n\n!!! note "x"\n    y\n', 3, "is the older syntax; write a block: `/// note | Title`, `/// tab | Name`, `/// details | Title`"),
    ("# A\n\n!!! note\n    y\n", 3, "is the older syntax"),
    ("# A\n\n??? note\n    y\n", 3, "is the older syntax"),
    ("# A\n\n???+ note\n    y\n", 3, "is the older syntax"),
    ('# A\n\n=== "Tab"\n    y\n', 3, "is the older syntax"),
    ("---\nt: [x\n---\n# A\n", 1, "the front matter can't be read and prints as text"),
    ("---\njust words\n---\n# A\n", 1, "the front matter is no list of `name: value`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "says"), PAGES, ids=[text.replace("\n", "/")[:50] for text, _, _ in PAGES])
def test_a_rule_broken(book: Write, text: str, line: int, says: str) -> None:
    root = book(**{"docs/a.md": text})
    (error,) = said(rules.page_errors("a.md", root / "docs"))
    assert error.startswith(f"docs/a.md:{line}: ")
    assert says in error


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## B {#b}\n\n### C c {: #c-c }\n\n#### D {#d data-search-exclude}\n",
        "---\ntitle: x\n---\n\n# A\n",
        "# A\n\n```python\n# a remark\n## another\n!!! note\n```\n",
        "# A\n\n<!--\n## B\n# C\n-->\n",
        "# A\n\n<!-- ## B -->\n",
        "# A\n\n---\n\nText.\n",
        "# A\n\n| a |\n| --- |\n| b |\n",
        "# A\n\n\\#1 of many; a #hashtag\n",
        "# A\n\n- item\n\n---\n",
    ],
)
def test_rules_kept(book: Write, text: str) -> None:
    root = book(**{"docs/a.md": text})
    assert said(rules.page_errors("a.md", root / "docs")) == []


def test_a_figure_that_no_page_shows(book: Write) -> None:
    root = book(**{
        "docs/a.md": "# A\n\n![x](figures/m/shown.svg)\n",
        "docs/b/c.md": "![x](../figures/m/nested.svg 'c')\n",
        "docs/figures/m/shown.svg": "", "docs/figures/m/nested.svg": "", "docs/figures/m/idle.svg": "",
    })  # fmt: skip
    assert said(rules.figure_errors(root / "docs")) == [
        "docs/figures/m/idle.svg: no page shows this figure; embed it or remove its function"
    ]


def test_everything_at_once(book: Write) -> None:
    root = book(**{"docs/a.md": "# A\n\n## B\n\n" + PROMPT.replace("mid", "x")})
    assert [e.split(": ")[0] for e in said(rules.check(root / "docs")) if e.startswith("docs/a.md")] == [
        "docs/a.md:3",
        "docs/a.md:8",
    ]


# Embedded code

CODE = '"""By cost. Serves docs/a.md."""\n\n# --8<-- [start:search]\ndef f():\n    return 1\n# --8<-- [end:search]\n'
SHOWN = f'# A\n\n{FENCE}python title="x"\n--8<-- "m/t.py:search"\n{FENCE}\n'


def embedding(book: Write, **files: str) -> list[str]:
    root = book(**{"docs/a.md": SHOWN, "snippets/m/t.py": CODE, **files})
    return said(embeds.check(root / "docs", root / "snippets", root / "tests" / "snippets"))


SQL = "-- By cost. Serves docs/a.md.\ncreate table t (x int);\n\n-- --8<-- [start:sum]\nselect sum(x) from t\n-- --8<-- [end:sum]\n"
SHOWN_SQL = SHOWN + f'\n{FENCE}sql\n--8<-- "m/t.sql:sum"\n{FENCE}\n'
TEST = "# --8<-- [start:ties]\ndef test_ties():\n    pass\n# --8<-- [end:ties]\n"
SHOWN_TEST = SHOWN + f'\n{FENCE}python\n--8<-- "m/test_t.py:ties"\n{FENCE}\n'


def test_a_section_shown(book: Write) -> None:
    assert embedding(book) == []


@pytest.mark.parametrize(
    ("files", "where", "says"),
    [
        ({"snippets/m/t.py": CODE.replace("# --8<-- [end:search]\n", "")}, "snippets/m/t.py:3", "section `search` never ends; write `# --8<-- [end:search]`"),
        ({"snippets/m/t.py": CODE.replace("# --8<-- [start:search]\n", "")}, "snippets/m/t.py:5", "section `search` ends and never began"),
        ({"snippets/m/t.py": CODE + CODE.split('"""')[2]}, "snippets/m/t.py:9", "section `search` begins twice"),
        ({"snippets/m/t.py": CODE.replace("[end:search]", "[stop:search]")}, "snippets/m/t.py:6", "is no mark; write `# --8<-- [start:name]` or `[end:name]`"),
        ({"snippets/m/t.py": CODE.replace("search", "other")}, "docs/a.md:4", "`snippets/m/t.py` has no section `search`"),
        ({"snippets/m/t.py": CODE + "# --8<-- [start:idle]\n# --8<-- [end:idle]\n"}, "snippets/m/t.py", "section `idle` is shown on no page; embed it or remove its marks"),
        ({"docs/a.md": SHOWN.replace("m/t.py", "m/nosuch.py")}, "docs/a.md:4", "there is no file `snippets/m/nosuch.py`"),
        ({"docs/a.md": SHOWN.replace(":search", "")}, "docs/a.md:4", "`m/t.py` is embedded whole; name a section: `m/t.py:name`"),
        ({"docs/a.md": SHOWN.replace(":search", ":3:5")}, "docs/a.md:4", 'embeds nothing; write `--8<-- "chapter/module.py:section"`'),
        ({"docs/a.md": SHOWN.replace(":search", ":3")}, "docs/a.md:4", "`snippets/m/t.py` has no section `3`"),
        ({"docs/a.md": SHOWN.replace('"m/t.py:search"', "'m/t.py:search'")}, "docs/a.md:4", "embeds nothing"),
        ({"docs/a.md": SHOWN.replace(' "m/t.py:search"', "")}, "docs/a.md:4", "embeds nothing"),
        ({"docs/a.md": SHOWN.replace("--8<--", "-8<-")}, "docs/a.md:4", "embeds nothing"),
        ({"docs/a.md": SHOWN.replace(FENCE + "python", "").replace(FENCE, "")}, "docs/a.md:4", "is embedded outside a code fence and prints as prose; write “```python” above"),
        ({"docs/a.md": f"<!--\n{SHOWN}\n-->"}, "snippets/m/t.py", "section `search` is shown on no page"),
        ({"docs/a.md": SHOWN + '\n--8<-- "outputs/m/t/x.txt"\n'}, "docs/a.md:7", "there is no captured output `snippets/outputs/m/t/x.txt`; run `make figures`"),
        ({"snippets/outputs/m/t/x.txt": "1\n"}, "snippets/outputs/m/t/x.txt", "this output is shown on no page; embed it or remove its demo"),
        ({"snippets/m/t.py": CODE.replace("docs/a.md", "nothing")}, "snippets/m/t.py:1", "docstring does not name the page it serves"),
        ({"snippets/m/t.py": CODE.split('"""')[2]}, "snippets/m/t.py:1", "docstring does not name the page it serves"),
        ({"docs/b.md": "# B\n", "snippets/m/t.py": CODE.replace("docs/a.md", "docs/a.md and docs/b.md")}, "snippets/m/t.py:1", "the docstring says it serves docs/b.md, which shows or names nothing of it"),
        ({"docs/a.md": SHOWN_SQL, "snippets/m/t.sql": SQL.replace("docs/a.md", "nothing")}, "snippets/m/t.sql:1", "first comment does not name the page it serves"),
        ({"docs/a.md": SHOWN_SQL, "snippets/m/t.sql": SQL.split("\n", 1)[1]}, "snippets/m/t.sql:1", "first comment does not name the page it serves"),
        ({"snippets/m/t.sql": SQL}, "snippets/m/t.sql", "section `sum` is shown on no page"),
        ({"docs/a.md": SHOWN_SQL}, "docs/a.md:8", "there is no file `snippets/m/t.sql`"),
        ({"docs/a.md": SHOWN_SQL, "snippets/m/t.sql": SQL.replace("-- --8<-- [end:sum]\n", "")}, "snippets/m/t.sql:4", "never ends"),
        ({"docs/a.md": SHOWN_TEST}, "docs/a.md:8", "there is no file `tests/snippets/m/test_t.py`"),
        ({"tests/snippets/m/test_t.py": TEST}, "tests/snippets/m/test_t.py", "section `ties` is shown on no page"),
        ({"docs/a.md": SHOWN_TEST, "tests/snippets/m/test_t.py": TEST.replace("ties]", "other]")}, "docs/a.md:8", "`tests/snippets/m/test_t.py` has no section `ties`"),
        ({"docs/b.md": SHOWN}, "snippets/m/t.py:1", "docs/b.md:4 shows it, and its docstring does not name docs/b.md"),
    ],
)  # fmt: skip
def test_an_embed_broken(book: Write, files: dict[str, str], where: str, says: str) -> None:
    errors = embedding(book, **files)
    assert [e for e in errors if e.startswith(f"{where}: ") and says in e], errors


@pytest.mark.parametrize(
    "files",
    [
        {"docs/b.md": "# B\n\nThat is {{1 = m.t.f()}}.\n", "snippets/m/t.py": CODE.replace("docs/a.md", "docs/a.md, docs/b.md")},
        {"docs/a.md": SHOWN + '\n```text\n--8<-- "outputs/m/t/x.txt"\n```\n', "snippets/outputs/m/t/x.txt": "1\n"},
        {"docs/a.md": SHOWN_SQL, "snippets/m/t.sql": SQL},
        {"docs/a.md": SHOWN_TEST, "tests/snippets/m/test_t.py": TEST},
        {"snippets/_private.py": "x = 1\n"},
        {"docs/a.md": SHOWN + "\n;--8<-- \"m/t.py:nosuch\"\n"},
        {"docs/a.md": "---\nt: x\n---\n\n" + SHOWN},
    ],
)  # fmt: skip
def test_embeds_that_are_fine(book: Write, files: dict[str, str]) -> None:
    assert embedding(book, **files) == []


# The configuration


def test_the_contents_are_read_in_order() -> None:
    tree = {
        "nav": [{"Start": "index.md"}, {"Chapters": [{"Metrics": ["m/index.md", {"Ranking": "m/ranking.md"}]}]}, "x.md"]
    }
    assert config.nav(tree) == [
        (("Start",), "index.md"),
        (("Chapters", "Metrics"), "m/index.md"),
        (("Chapters", "Metrics", "Ranking"), "m/ranking.md"),
        ((), "x.md"),
    ]


def test_the_configuration_takes_its_address_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mkdocs.yml"
    file.write_text('site_url: !ENV [SITE_URL, "https://a.example/"]\n')
    monkeypatch.delenv("SITE_URL", raising=False)
    assert config.load(file) == {"site_url": "https://a.example/"}
    monkeypatch.setenv("SITE_URL", "https://b.example/")
    assert config.load(file) == {"site_url": "https://b.example/"}


@pytest.mark.parametrize("error", [BookError("docs/a.md:3", "wrong"), BookErrors([BookError("docs/a.md:3", "wrong")])])
def test_errors_say_where_however_they_are_printed(error: BookError) -> None:
    from mkdocs.exceptions import Abort, BuildError

    assert str(error) == "docs/a.md:3: wrong"
    assert isinstance(error, BuildError)
    assert not isinstance(error, Abort)
    assert error.format_message() == "docs/a.md:3: wrong"
