"""Checked figures: how a number may be written for a value, and what the author reads when text and code disagree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handbook import checked
from handbook.errors import BookError
from handbook.pages import ROOT
from lxml import html

Render = Callable[..., html.HtmlElement]
Pair = namedtuple("Pair", "low high")

RIGHT: list[tuple[str, Any]] = [
    # whole numbers and thousands
    ("7", 7),
    ("980", 980.4),
    ("9,980", 9980),
    ("9,980", 9979.6),
    ("1,000,000", 1e6),
    ("999", 999.4),
    ("0", 0.4),
    # decimals: the value rounded to those shown
    ("0.0099", 0.0099),
    ("0.0099", 0.00994),
    ("0.50", 0.4999),
    ("1,234.50", 1234.5),
    # half up and half to even are both honest
    ("2", 2.5),
    ("3", 2.5),
    ("0.12", 0.125),
    ("0.13", 0.125),
    ("−2", -2.5),
    ("−3", -2.5),
    ("0.3", 0.1 + 0.2),
    ("1.01", 1.005),
    # percent is the value × 100, with or without a space
    ("12.5 %", 0.125),
    ("12.5%", 0.125),
    ("12.5\u00a0%", 0.125),
    ("12.5\u202f%", 0.12549),
    ("0.2 %", 0.002),
    ("150 %", 1.5),
    ("1,200 %", 12.0),
    ("57 %", 0.57),
    # scales
    ("40k", 40_000),
    ("1.2 million", 1_234_000),
    ("1.2M", 1_150_001),
    ("3 bn", 3e9),
    ("3.1 billion", 3.14e9),
    ("2 thousand", 2000),
    # about: the significant digits shown, zeros at the end not counted
    ("≈10,000", 9_980),
    ("≈10,000", 10_400),
    ("≈9,900", 9_940),
    ("≈0.05", 0.0496),
    ("≈100", 98),
    ("≈1.0", 0.98),
    ("≈1 %", 0.0099),
    ("≈ 300", 312),
    ("~300", 312),
    ("≈0", 0),
    ("≈−300", -312),
    ("≈$12,000", 11_880),
    # sign and currency
    ("−3", -3),
    ("-3", -3),
    ("+3", 3),
    ("−0.0", -0.04),
    ("$1.20", 1.2),
    ("€3", 3),
    ("£40k", 40_000),
    ("−$1,200", -1200),
    ("$1.2 million", 1_200_000),
    # ranges
    ("0.03–0.06", (0.03, 0.06)),
    ("0.03 – 0.06", [0.031, 0.0599]),
    ("3–6 %", (0.03, 0.06)),
    ("3 %–6 %", (0.03, 0.06)),
    ("$3–5", (3, 5)),
    ("$3–$5", Pair(3, 5)),
    ("1–2 million", (1e6, 2e6)),
    ("−3–−1", (-3, -1)),
    ("≈300–500", (312, 489)),
    # texts, and numbers of other kinds
    ("weekly", "weekly"),
    ("3", np.int64(3)),
    ("0.5", np.float64(0.5)),
    ("0.5", Decimal("0.5")),
]


@pytest.mark.parametrize(("text", "value"), RIGHT, ids=[f"{t} {v}" for t, v in RIGHT])
def test_right(text: str, value: Any) -> None:
    checked.compare(text, value)


WRONG: list[tuple[str, Any, str]] = [
    ("9,981", 9980, "the text says 9,981 and the value is 9980.0; write 9,980"),
    ("9980", 9980, "“9980” is written with thousands commas: 9,980"),
    ("99,80", 9980, "“99,80” is written with thousands commas: 9,980"),
    ("1,00", 100, "“1,00” is written with thousands commas: 100"),
    ("1234.5", 1234.5, "“1234” is written with thousands commas: 1,234"),
    ("0.0100", 0.0099, "write 0.0099"),
    ("0.010", 0.0094, "write 0.009"),
    ("3", 2.4, "write 2"),
    ("2", 2.51, "write 3"),
    ("12 %", 0.13, "write 13 %"),
    ("12.5 %", 12.5, "write 1250.0 %".replace("1250", "1,250")),
    ("1.2 million", 1_300_000, "write 1.3 million"),
    ("40k", 40, "write 0k"),
    ("≈10,000", 9_400, "write ≈9,000"),
    ("≈9,900", 9_980, "write ≈10,000"),
    ("≈1.0", 1.4, "write ≈1.4"),
    ("≈0.05", 0.041, "write ≈0.04"),
    ("3", -3, "write −3"),
    ("−3", 3, "write 3"),
    ("$3", 4, "write $4"),
    ("$-5", -5, "can't be read as a number"),
    ("5 alerts", 5, "can't be read as a number; write digits with thousands commas, and `%`, `k`, `million` behind or `$`, `≈` in front; other units stay outside the braces"),
    ("5 ms", 5, "other units stay outside the braces"),
    ("about 5", 5, "can't be read as a number"),
    ("1.000,5", 1000.5, "can't be read as a number"),
    ("five", 5, "can't be read as a number"),
    ("3–6", 3, "can't be read as a number"),
    ("3", (3, 6), "a range is written `low–high` and needs a pair of values; got “3” and 3 to 6"),
    ("3-6", (3, 6), "a range is written `low–high`"),
    ("3–6", (3, 5, 6), "needs a pair of values"),
    ("3–6", (3, 7), "write 7"),
    ("weekly", "daily", "the text says “weekly” and the value is “daily”"),
    ("5", "5 ", "the text says “5”"),
    ("5", None, "the value is None, neither a number, a pair nor a text"),
    ("1", True, "the value is True, neither a number"),
    ("1", np.bool_(True), "neither a number"),
    ("1", 1j, "neither a number"),
    ("1", np.array([1, 2]), "neither a number"),
    ("0.1", float("nan"), "the value is nan"),
    ("1", float("inf"), "the value is inf"),
    ("0.123456", 123456789012.5, "write 123,456,789,012.500000"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "says"), WRONG, ids=[f"{t} {v}" for t, v, _ in WRONG])
def test_wrong(text: str, value: Any, says: str) -> None:
    with pytest.raises(ValueError) as error:
        checked.compare(text, value)
    assert says in str(error.value)


def test_what_the_message_says_to_write_is_right() -> None:
    """Whatever is said behind “write” passes, for values over many sizes and all ways of writing."""
    for text in ("1", "0.10", "1 %", "1.5k", "2 million", "≈100", "≈2.5", "−4", "$3.00"):
        for value in (0.0, 0.0123, -0.5, 0.995, 7.25, 99.96, 1234.5, -98765.4, 3.5e6, 2.25e9):
            try:
                checked.compare(text, value)
            except ValueError as error:
                checked.compare(str(error).rpartition("write ")[2], value)


# Expressions

MODULE = '''"""Serves docs/chapters/metrics/page.md."""
RATE = 0.25

def half(x: float = 1.0) -> float:
    """Half of a thing, which is
    what it is; more follows."""
    return x / 2

def bare():
    return 4

class Day:
    alarms = 9980
    def cost(self):
        """Dollars a day. Not more."""
        return 15.5

def day():
    """An expected day."""
    return Day()

def boom():
    raise RuntimeError("no data")

def nan():
    return float("nan")

def pair():
    """Low and high."""
    return 0.03, 0.06
'''


@pytest.fixture
def snippets(code: Callable[..., Path]) -> Callable[..., Path]:
    code(**{"metrics/__init__.py": "", "metrics/worked.py": MODULE, "cases.py": "volume = 1_000_000\n"})
    return code


@pytest.mark.parametrize(
    ("body", "value", "explanation"),
    [
        ("0.25 = metrics.worked.RATE", "0.25", ""),
        ("0.5 = metrics.worked.half()", "0.5", "Half of a thing, which is what it is"),
        ("2 = metrics.worked.half(x=4)", "2", "Half of a thing, which is what it is"),
        ("4 = metrics.worked.bare()", "4", ""),
        ("9,980 = metrics.worked.day().alarms", "9,980", "An expected day."),
        ("$15.50 = metrics.worked.day().cost()", "15.5", "Dollars a day."),
        ("3–6 % = metrics.worked.pair()", "0.03 to 0.06", "Low and high."),
        ("0.06 = metrics.worked.pair()[1]", "0.06", "Low and high."),
        ("1 million = cases.volume", "1,000,000", ""),
        ("250,000 = cases.volume * metrics.worked.RATE", "250,000", ""),
        ("6 = sum(x for x in [1, 2, 3])", "6", ""),
        ("0.333 = 1 / 3", "0.333333", ""),
        ("2.5 = round(metrics.worked.half(5), 1)", "2.5", ""),
        ("a = b = max(['a = b'])", "", ""),
    ],
)  # fmt: skip
def test_expressions(snippets: Any, body: str, value: str, explanation: str) -> None:
    if not value:
        with pytest.raises(ValueError):
            checked.check(body)
        return
    found = checked.check(body)
    assert (found.text, found.value, found.explanation) == (body.split(" = ")[0], value, explanation)


BODIES = [
    ("9,980", "write `{{number = expression}}`, with spaces around the first `=`"),
    ("9,980=cases.volume", "with spaces around the first `=`"),
    ("9,980 =", "write `{{number = expression}}`"),
    (" = cases.volume", "write `{{number = expression}}`"),
    ("9,980 = ", "write `{{number = expression}}`"),
    ("9,980 | cases.volume", "write `{{number = expression}}`"),
    ("1 = cases.", "is not a Python expression"),
    ("1 = x = 2", "is not a Python expression"),
    ("1 = import os", "is not a Python expression"),
    ("1 = nosuch.thing()", "names `nosuch`, and there is no module `snippets.nosuch`"),
    ("1 = metrics.nosuch.thing()", "fails with AttributeError"),
    (
        "1 = metrics.worked.nosuch()",
        "fails with AttributeError: module 'snippets.metrics.worked' has no attribute 'nosuch'",
    ),
    ("1 = metrics.worked.half(1, 2)", "fails with TypeError"),
    ("1 = metrics.worked.boom()", "fails with RuntimeError: no data"),
    ("1 = 1 / 0", "fails with ZeroDivisionError"),
    ("1 = metrics.worked.nan()", "the value of `metrics.worked.nan()` is nan"),
    ("1 = metrics.worked.half", "neither a number, a pair nor a text"),
    ("1 = open('/etc/hosts')", "there is no module `snippets.open`"),
]


@pytest.mark.parametrize(("body", "says"), BODIES, ids=[body for body, _ in BODIES])
def test_wrong_bodies(snippets: Any, body: str, says: str) -> None:
    with pytest.raises(ValueError) as error:
        checked.check(body)
    assert says in str(error.value)


@pytest.mark.parametrize("text", ["import nothing_of_the_kind\n", "def broken(:\n", "raise RuntimeError('early')\n"])
def test_a_module_that_does_not_import(code: Any, text: str) -> None:
    code(**{"late.py": text, "deep/__init__.py": "", "deep/late.py": text})
    for name in ("late", "deep.late"):
        with pytest.raises(ValueError, match=rf"needs `snippets.{name}`, which can't be imported"):
            checked.check(f"1 = {name}.x")


def test_a_deep_module_is_found_in_a_fresh_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from handbook import checked; print(checked.evaluate('metrics.confusion.__name__'))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "snippets.metrics.confusion\n", done.stderr


def test_an_edited_snippet_is_seen_on_the_next_page(snippets: Any, render: Render) -> None:
    """Under `make serve` the process lives on; its imported modules, and what is known of the code behind, must not."""
    render("{{0.5 = metrics.worked.half()}}")
    file = snippets(**{"metrics/worked.py": MODULE.replace("x / 2", "x / 4")}) / "metrics/worked.py"
    later = file.stat().st_mtime + 5
    os.utime(file, (later, later))
    with pytest.raises(BookError, match=r"is 0\.25; write 0\.3"):
        render("{{0.5 = metrics.worked.half()}}")
    # A module that is imported by the edited one, and one that imports it, are fresh as well.
    snippets(**{"top.py": "from snippets.metrics.worked import RATE\n"})
    os.utime(file.parents[1] / "top.py", (later + 5, later + 5))
    assert checked.evaluate("top.RATE") == 0.25
    snippets(**{"metrics/worked.py": MODULE.replace("0.25", "0.75")})
    os.utime(file, (later + 9, later + 9))
    assert checked.evaluate("top.RATE") == 0.75


# On the page


@pytest.mark.parametrize(
    "markdown",
    [
        "That is {{4 = len('four')}} a day.",
        "**That is {{4 = len('four')}} a day.**",
        "*{{4 = len('four')}}* a day.",
        "- one\n- {{4 = len('four')}} a day",
        "> {{4 = len('four')}} a day",
        "| a | b |\n| --- | --- |\n| x | {{4 = len('four')}} |",
        "/// note | A\n{{4 = len('four')}}\n///",
        "/// tab | A\n{{4 = len('four')}}\n///",
        "({{4 = len('four')}}), “{{4 = len('four')}}”",
        "{{4 = len('four')}} {{4 = len('four')}}{{4 = len('four')}}",
    ],
)
def test_wherever_it_stands_it_links_to_how_it_came_about(render: Render, markdown: str) -> None:
    root = render(markdown)
    links = root.xpath("//a[@class='checked']")
    assert len(links) == markdown.count("{{")
    for link in links:
        assert link.text == "4"
        (item,) = root.xpath(f"//li[@id='{link.get('href').removeprefix('#')}']")
        (back,) = item.xpath("./a[@class='checked-back']")
        assert back.get("href") == f"#{link.get('id')}"
        assert item.text_content() == "4 = len('four') = 4."
    assert len(set(root.xpath("//@id"))) == len(root.xpath("//@id"))
    assert "{{" not in root.text_content()


@pytest.mark.parametrize(
    "markdown",
    ["`{{4 = len('four')}}`", "``{{x}} ` ``", "```text\n{{4 = nothing}}\n```", "~~~\n{{\n~~~", "    {{4 = nothing}}\n", "<!-- {{4 = nothing}} -->"],
)  # fmt: skip
def test_code_is_left_alone(render: Render, markdown: str) -> None:
    root = render(f"Text.\n\n{markdown}\n")
    assert not root.xpath("//a[@class='checked']")
    assert not root.xpath("//details")


def test_numbers_are_listed_in_reading_order(snippets: Any, render: Render) -> None:
    root = render(
        "| a | {{1 = len('a')}} |\n| --- | --- |\n| **{{2 = len('ab')}}** | {{3 = len('abc')}} |\n\n"
        "- *{{4 = len('four')}}*, **x *{{5 = len('fives')}}***\n\n"
        "$15.50 and {{$15.50 = metrics.worked.day().cost()}}.\n"
    )
    assert [a.text for a in root.xpath("//a[@class='checked']")] == ["1", "2", "3", "4", "5", "$15.50"]
    assert [a.get("href") for a in root.xpath("//a[@class='checked']")] == [f"#__how{n}" for n in range(1, 7)]
    items = root.xpath("//details[@class='how-numbers']/ol/li")
    assert [item[0].text for item in items] == ["1", "2", "3", "4", "5", "$15.50"]
    assert items[5].text_content() == "$15.50 = metrics.worked.day().cost() = 15.5. Dollars a day."


def test_inside_a_prompt(render: Render) -> None:
    from_page = (ROOT / "tests/handbook/test_prompts.py").read_text(encoding="utf-8")
    prompt = from_page.split('PROMPT = """\\\n')[1].split('"""')[0].replace(" & blocked <good>", ", blocked good")
    text = (
        prompt.replace("BRIEF", "{{4 = len('four')}}")
        .replace("RUBRIC", "{{3 = len('abc')}}")
        .replace("LAST", "{{2 = len('ab')}}")
    )
    root = render(text)
    assert [a.text for a in root.xpath("//section//a[@class='checked']")] == ["4", "3", "2"]
    assert root.xpath("count(./details[@class='how-numbers'])") == 1


PAGES = [
    ("Text.\n\nThat is {{5 = len('four')}}.\n", 3, "checked figure `{{5 = len('four')}}`: the text says 5 and the value of `len('four')` is 4.0; write 4"),
    ("| a |\n| --- |\n| {{5 = len('four')}} |\n", 3, "write 4"),
    ("- a\n\n- {{5 = len('four')}}\n", 3, "write 4"),
    ("*a\nb {{5 = len('four')}}*\n", 2, "write 4"),
    ("Text `{{5 = len('four')}}`.\n\n```text\n{{5 = len('four')}}\n```\n\n{{5 = len('four')}}\n", 7, "write 4"),
    ("<!-- {{5 = len('four')}} -->\n\n{{5 = len('four')}}\n", 3, "write 4"),
    ("Right: {{4 = len('four')}}.\n\nAgain {{4 = len('four')}} and {{5 = len('four')}}.\n", 3, "write 4"),
    ("{{9,980}}\n", 1, "write `{{number = expression}}`"),
    ("x\n\n{{4 = 4\n", 3, "is half a checked figure and prints as text"),
    ("x\n\n4 = 4}}\n", 3, "is half a checked figure"),
    ("| a |\n| --- |\n| {{4 = 3 | 4}} |\n", 3, "is half a checked figure"),
    ("x\n\n{{4 = len(`four`)}}\n", 3, "checked figure `{{4 = len(`: no code span inside"),
    ("x\n\n## Costs {{4 = len('four')}}\n", 3, "a checked figure can't stand in the heading “Costs 4”"),
    ("x\n\n[see {{4 = len('four')}}](y.md)\n", 3, "a checked figure can't stand in the link"),
    ("x\n\n/// tab | {{4 = len('four')}}\nx\n///\n", 3, "a checked figure can't stand in the title"),
    ("x\n\n/// details | {{4 = len('four')}}\nx\n///\n", 3, "a checked figure can't stand in the title"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "says"), PAGES, ids=[text.replace("\n", "/") for text, _, _ in PAGES])
@pytest.mark.parametrize("offset", [0, 4])
def test_a_wrong_figure_stops_the_page(render: Render, text: str, line: int, says: str, offset: int) -> None:
    with pytest.raises(BookError) as error:
        render(text, offset=offset)
    assert str(error.value).startswith(f"docs/chapters/metrics/page.md:{line + offset}: ")
    assert says in str(error.value)


def test_one_page_does_not_know_the_numbers_of_another(render: Render) -> None:
    assert len(render("{{4 = len('four')}}").xpath("//ol/li")) == 1
    assert len(render("{{4 = len('four')}}").xpath("//ol/li")) == 1
    assert not render("None.").xpath("//ol")
