"""`handbook.tables`: input → output."""

from __future__ import annotations

from markdown import markdown

NUMBERS = """\
| threshold | *alarms* |
| --------- | -------: |
| 0.5       |       12 |
"""


def render(text: str) -> str:
    return markdown(text, extensions=["tables", "attr_list", "md_in_html", "handbook.tables"])


def test_a_table_stands_in_a_focusable_region_named_by_its_header() -> None:
    html = render(NUMBERS)
    opener = html[html.index("<div") : html.index(">") + 1]
    for attribute in ('class="table-scroll"', 'role="region"', 'tabindex="0"', 'aria-label="Table: threshold, alarms"'):
        assert attribute in opener
    assert '<table class="data">' in html
    assert '<th scope="col">threshold</th>' in html
    assert html.count("</table>") == 1
    assert html.index("</table>") < html.index("</div>")


def test_a_table_without_header_words_is_still_named() -> None:
    html = render("|  |  |\n| --- | --- |\n| weak | nothing |\n")
    assert 'aria-label="Table"' in html


def test_an_empty_corner_makes_the_first_column_name_the_rows() -> None:
    html = render("|  | cost |\n| --- | ---: |\n| *weak* | 12 |\n| strong | 7 |\n")
    assert '<th scope="row"><em>weak</em></th>' in html
    assert '<th scope="row">strong</th>' in html
    assert html.count('scope="col"') == 1
    assert "<td></td>" in html, "an empty cell heads nothing"
    assert 'scope="row"' not in render(NUMBERS)


def test_markup_in_the_header_is_read_as_words() -> None:
    html = render('| `p(x)` | a "quoted" [link](x.md) |\n| --- | --- |\n| 1 | 2 |\n')
    assert 'aria-label="Table: p(x), a &quot;quoted&quot; link"' in html


def test_text_behind_the_table_stays_behind_it() -> None:
    html = render(NUMBERS + "\nAfter.\n")
    assert html.index("</div>") < html.index("<p>After.</p>")


def test_tables_in_lists_and_quotes_are_wrapped_each_once() -> None:
    html = render(
        "> " + NUMBERS.replace("\n", "\n> ").rstrip("> ") + "\n\n- item\n\n    " + NUMBERS.replace("\n", "\n    ")
    )
    assert html.count("table-scroll") == html.count("<table") == 2


def test_a_table_with_a_class_of_its_own_is_left_alone() -> None:
    html = render('<table class="other" markdown="1"><tr><td>1</td></tr></table>\n')
    assert "table-scroll" not in html
