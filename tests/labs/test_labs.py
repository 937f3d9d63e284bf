"""The labs: committed outputs against a re-run, their form, and their page."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from handbook import bank, html, labs, notebook
from handbook.errors import BookError
from handbook.pages import DOCS

LABS = list(labs.sources())
TEXT = {"output_type": "stream", "name": "stdout"}


def code(source: str, *outputs: dict, tags: tuple[str, ...] = ()) -> dict:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": list(outputs)}


def prose(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def book(*cells: dict) -> dict:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def flights() -> dict:
    return labs.read(DOCS / "labs" / "flights.ipynb")


@pytest.mark.parametrize("path", LABS)
def test_a_lab_is_tidy_and_its_outputs_belong_to_its_code(path: str) -> None:
    notebook_ = labs.read(DOCS / path)
    assert (DOCS / path).read_text(encoding="utf-8") == labs.normalized(notebook_), "run `make check`"
    assert not labs.is_stale(notebook_), "run `python -m handbook labs`, look at the diff, commit it"
    assert labs.errors(path) == []
    assert json.loads(labs.notes_path(DOCS / path).read_text(encoding="utf-8")) == labs.notes(notebook_)


# That outputs belong to their code is the test above; one lab runs again here, each of them with `make test-full`.
@pytest.mark.parametrize("path", [LABS[0], *(pytest.param(path, marks=pytest.mark.slow) for path in LABS[1:])])
def test_a_rerun_shows_what_is_committed(path: str) -> None:
    """Texts of cells before any model equal; numbers out of a model within 2 % or a last digit; drawings within 4 units."""
    assert labs.differences(labs.read(DOCS / path), labs.execute(DOCS / path)) == []


@pytest.mark.parametrize("path", LABS)
def test_every_noted_number_in_prose_exists_and_most_are_used(path: str) -> None:
    noted = set(labs.notes(labs.read(DOCS / path)))
    used = set(re.findall(r'noted\("(\w+)"\)', bank.body_of(path)))
    assert used <= noted
    assert len(used) >= 20


def test_a_planted_change_is_seen(flights: dict) -> None:
    assert labs.differences(flights, flights) == []
    text = labs.normalized(flights)
    for pattern, new in (
        (r"336,776 flights", "336,777 flights"),
        (r"\| 0\.773 \|", "| 0.823 |"),
        (r"M \d+\.\d+ ", "M 999.5 "),
    ):
        planted, count = re.subn(pattern, new, text, count=1)
        assert count == 1
        assert labs.differences(flights, json.loads(planted)), pattern
    planted = copy.deepcopy(flights)
    for cell in planted["cells"]:
        for output in cell.get("outputs", []):
            if "auc" in output.get("data", {}).get(notebook.NOTES, {}):
                output["data"][notebook.NOTES]["auc"] *= 1.03
    assert any("noted auc" in line for line in labs.differences(flights, planted))
    assert labs.is_stale(planted), "an output edited by hand makes the lab stale"
    within = copy.deepcopy(flights)
    for cell in within["cells"]:
        for output in cell.get("outputs", []):
            if "auc" in output.get("data", {}).get(notebook.NOTES, {}):
                output["data"][notebook.NOTES]["auc"] *= 1.01
    assert labs.differences(flights, within) == []


def test_changed_code_makes_a_lab_stale(flights: dict) -> None:
    planted = copy.deepcopy(flights)
    next(c for c in planted["cells"] if c["cell_type"] == "code")["source"] += ["\n1"]
    assert labs.is_stale(planted)
    rewritten = copy.deepcopy(flights)
    next(c for c in rewritten["cells"] if c["cell_type"] == "markdown")["source"] += ["\nMore prose."]
    assert not labs.is_stale(rewritten)


@pytest.mark.parametrize(
    ("old", "new", "tolerance", "same"),
    [
        ("a 1", "a 1", 0, True),
        ("a 1", "a 2", 0, False),
        ("saved 4,247", "saved 4,300", 0.02, True),
        ("saved 4,247", "saved 4,400", 0.02, False),
        ("0.05 of", "0.06 of", 0.02, True),
        ("0.05 of", "0.07 of", 0.02, False),
        ("12 to -3", "12 to −3", 0.02, True),
        ("one 1", "two 1", 0.02, False),
    ],
)
def test_tolerance(old: str, new: str, tolerance: float, same: bool) -> None:
    assert labs.same_text(old, new, tolerance) is same


def test_times_may_differ_and_words_may_not() -> None:
    def cell(text: str, *tags: str) -> dict:
        return book(code("1", {**TEXT, "text": text}, tags=tags))

    assert labs.differences(cell("words 0.02 ms\n", "timed"), cell("words 7 ms\n", "timed")) == []
    assert labs.differences(cell("words 0.02 ms\n", "model"), cell("words 7 ms\n", "model"))
    assert labs.differences(cell("words 0.02 ms\n", "timed"), cell("letters 7 ms\n", "timed"))

    def noting(value: float, *tags: str) -> dict:
        return book(code("1", {"output_type": "display_data", "data": {notebook.NOTES: {"ms": value}}}, tags=tags))

    assert labs.differences(noting(0, "timed"), noting(9, "timed")) == []
    assert labs.differences(noting(1, "model"), noting(9, "model"))


def test_changed_data_make_a_lab_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "snippets" / "labs"
    (folder / "data").mkdir(parents=True)
    (folder / "some.py").write_text('FILE = "book.jsonl"\n')
    for name in ("book.jsonl", "other.jsonl"):
        (folder / "data" / name).write_text("1")
    monkeypatch.setattr(labs, "ROOT", tmp_path)
    monkeypatch.setattr(labs.plot, "ROOT", tmp_path)
    source = book(code("from snippets.labs import some"))
    first = labs.stamp(source)
    (folder / "data" / "other.jsonl").write_text("2")
    assert labs.stamp(source) == first, "a file that the module does not name"
    (folder / "data" / "book.jsonl").write_text("2")
    assert labs.stamp(source) != first


def test_differences_of_form() -> None:
    one, two = (
        code("1", {**TEXT, "text": "1\n"}),
        code("1", {**TEXT, "text": "1\n"}, {"output_type": "display_data", "data": {"text/plain": "x"}}),
    )
    shown = code("1", {"output_type": "display_data", "data": {"text/markdown": "x"}})
    assert "cells became" in labs.differences(book(one), book(one, one))[0]
    assert "outputs became" in labs.differences(book(one), book(two))[0]
    assert "became display_data" in labs.differences(book(one), book(shown))[0]
    assert "became" in labs.differences(book(shown), book(code("1", two["outputs"][1])))[0]


def test_normalizing_drops_what_differs_between_runs() -> None:
    noisy = code(
        "1",
        {**TEXT, "text": "a\n"},
        {**TEXT, "text": "b\n"},
        {
            "output_type": "execute_result",
            "execution_count": 4,
            "data": {"text/plain": "1", "text/html": "<b>"},
            "metadata": {},
        },
    )
    noisy |= {
        "execution_count": 9,
        "id": "f00d",
        "metadata": {"execution": {"iopub.execute_input": "2026"}, "tags": []},
    }
    text = labs.normalized(book(prose("# A"), noisy))
    assert labs.normalized(json.loads(text)) == text
    assert "2026" not in text and "f00d" not in text and "<b>" not in text
    cell = json.loads(text)["cells"][1]
    assert cell["execution_count"] is None
    assert cell["outputs"][0]["text"] == ["a\n", "b\n"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (code("1", {"output_type": "display_data", "data": {"image/png": "x"}}), "image/png"),
        (code("1", {"output_type": "display_data", "data": {"text/html": "x"}}), "text/html"),
        (code("1", {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}, "metadata": {}}), "without id"),
        (code("1", {"output_type": "error", "ename": "ValueError", "evalue": "no"}), "ended with ValueError"),
        (code("1", {"output_type": "stream", "name": "stderr", "text": "warn"}), "stderr"),
        (code("1", tags=("hide",)), "tags"),
        (prose("## Last {#last}"), "ends with"),
    ],
)
def test_a_lab_out_of_form_is_refused(tmp_path: Path, cell: dict, message: str) -> None:
    (tmp_path / "labs").mkdir()
    cells = [prose("# A"), cell]
    if message != "ends with":
        cells.append(prose(f"## {labs.LAST_WORD} {{#in-the-room}}"))
    (tmp_path / "labs" / "a.ipynb").write_text(json.dumps(book(*cells)))
    found = labs.errors("labs/a.ipynb", tmp_path)
    assert len(found) == 1
    assert message in str(found[0])


def test_a_number_noted_twice_is_refused() -> None:
    noted = {"output_type": "display_data", "data": {notebook.NOTES: {"a": 1}}}
    with pytest.raises(BookError, match="`a` twice"):
        labs.notes(book(code("1", noted), code("1", noted)))


def test_what_the_page_is_made_of() -> None:
    svg = {"image/svg+xml": '<svg><path id="p"/></svg>', "text/plain": "x"}
    about = {"image/svg+xml": {"id": "fig-a", "alternative": "A <b> & more.", "caption": "A & B."}}
    made = labs.to_markdown(
        book(
            prose("# A"),
            code("x = '```'", {"output_type": "display_data", "data": svg, "metadata": about}, tags=("fold",)),
            code("note(a=1)", {"output_type": "display_data", "data": {notebook.NOTES: {"a": 1}}}, tags=("note",)),
            code(
                "2",
                {"output_type": "execute_result", "data": {"text/plain": "2"}},
                {"output_type": "display_data", "data": {"text/markdown": "| a |"}},
            ),
        ),
        "a",
    )
    assert "````python\nx = '```'\n````" in made
    assert made.index("/// details | Code") < made.index("````python")
    assert '<figure class="figure" id="fig-a"' in made and 'aria-label="A &lt;b&gt; &amp; more."' in made
    assert "<figcaption>A &amp; B.</figcaption>" in made and 'id="labs-a-fig-a-p"' in made
    assert "note(" not in made
    assert '```text title="Output"\n2\n```' in made and "\n| a |\n" in made


def test_tables_and_notes() -> None:
    assert notebook.markdown_table(["a", "b"], [["x|y", "1"]]).splitlines()[2] == "| x\\|y | 1 |"
    figure, axes = notebook.plot()
    axes.plot([0, 1])
    with pytest.raises(ValueError, match="no id"):
        notebook.show(figure, id="Fig 1", alternative="x" * 50 + ".", caption="c")
    with pytest.raises(ValueError, match="sentences"):
        notebook.show(figure, id="fig-a", alternative="short", caption="c")


# The page


@pytest.fixture(scope="module")
def page(site: Path) -> html.BuiltPage:
    return next(page for page in html.pages(site) if page.address == "labs/flights/")


def test_the_page_is_light_and_ours(page: html.BuiltPage, site: Path) -> None:
    article = page.text[
        page.text.index("<article") : page.text.index("</article>")
    ]  # what is around it is every page's
    assert len(re.sub(r'<figure class="figure".*?</figure>', "", article, flags=re.S).encode()) < 120_000
    assert "jp-" not in page.text and "mathjax" not in page.text.lower() and "cdn" not in page.text.lower()
    assert not page.tree.xpath("//article//script | //article//style[not(ancestor::svg)] | //article//img")
    assert "No description has been provided" not in page.text
    assert (site / "labs" / "flights" / "flights.ipynb").is_file()


def test_the_page_has_its_ids_formulas_and_drawings(page: html.BuiltPage) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert {
        "outcome",
        "known",
        "split",
        "cheating",
        "calibrate",
        "threshold",
        "slices",
        "in-the-room",
        "fig-slices",
    } <= set(page.ids)
    assert len(page.tree.xpath("//*[contains(@class, 'math ') and @data-tex]")) >= 3
    drawings = page.tree.xpath("//article//figure//svg[@role='img']")
    assert len(drawings) == 2
    assert all(len(svg.get("aria-label")) > 80 for svg in drawings)
    assert "var(--figure-1" in page.text
    prose = "".join(page.tree.xpath("//article//p//text()[not(ancestor::code)]"))
    assert not re.search(r"\$[^\d]|\{\{|--8<--", prose)


def test_its_sections_are_in_the_search_index(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {record["location"]: record for record in index["docs"]}
    assert "labs/flights/#cheating" in found
    assert "leak" in found["labs/flights/#cheating"]["text"].lower()
