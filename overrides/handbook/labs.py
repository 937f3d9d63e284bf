"""Labs: notebooks on real data. Their page, their committed outputs, and the re-run that compares.

`mkdocs-jupyter` makes a notebook a page of the book, with the file beside it to download. What it would render it to weighs
over 600 KB, with foreign styles and scripts, and leaves formulas raw. So the page is rendered from Markdown instead:
`to_markdown` writes the notebook's cells and outputs as a page of the book would be written, and the extensions of
`mkdocs.yml` do the rest. Ids, formulas, checked figures, embedded code, links, search and print work as on every page.

A cell may carry tags: `fold` (its code stands in a disclosure), `note` (it only notes numbers and is not shown), `model` (its numbers come out of a fitted model, and a
re-run may differ by `TOLERANCE`; numbers of other cells may not differ at all), `timed` (its numbers are times of this machine, and a re-run may show any others).
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from handbook import figures, plot
from handbook.errors import BookError
from handbook.notebook import NOTES
from handbook.pages import DOCS, ROOT, SNIPPETS

TOLERANCE = 0.02  # relative, or one unit in the last place shown, whichever is more
DRAWING_TOLERANCE = 4.0  # units of a drawing that is about 430 wide; 0.6 where no model is behind it
NUMBER = re.compile(r"(?<![\w.#])[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
LAST_WORD = "What you would say about this plot in the room"
TAGS = {"fold", "model", "note", "timed"}
SHOWN = {"image/svg+xml", "text/markdown", "text/plain", NOTES}

Notebook = dict[str, Any]


def sources(docs: Path = DOCS) -> Iterator[str]:
    """Every lab, relative to `docs`."""
    yield from sorted(path.relative_to(docs).as_posix() for path in (docs / "labs").glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """A notebook as data."""
    loaded = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise BookError(str(path), "is no notebook")
    return loaded


def text_of(value: str | list[str]) -> str:
    """A notebook's multi-line text, which may be stored as a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def notes_path(path: Path) -> Path:
    """Where the numbers stand that a lab noted."""
    return SNIPPETS / "outputs" / "labs" / f"{path.stem}.json"


def notes(notebook: Notebook) -> dict[str, Any]:
    """Every number the lab noted; a name noted twice is an error."""
    found: dict[str, Any] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for name, value in output.get("data", {}).get(NOTES, {}).items():
                if name in found:
                    raise BookError("", f"the lab notes `{name}` twice")
                found[name] = value
    return found


# The page


def to_markdown(notebook: Notebook, name: str) -> str:
    """The notebook as a page's source; `name` is the file's, without its ending.

    >>> code = {"cell_type": "code", "metadata": {}, "source": "print(1)",
    ...         "outputs": [{"output_type": "stream", "name": "stdout", "text": "1\\n"}]}
    >>> print(to_markdown({"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# A lab"}, code]}, "a"))
    # A lab
    <BLANKLINE>
    <p class="lab-source"><a href="a.ipynb" download>Download this lab as a notebook</a></p>
    <BLANKLINE>
    ```python
    print(1)
    ```
    <BLANKLINE>
    ```text title="Output"
    1
    ```
    <BLANKLINE>
    """
    parts: list[str] = []
    for cell in notebook["cells"]:
        source = text_of(cell["source"]).strip("\n")
        if cell["cell_type"] == "markdown":
            parts.append(source)
            if len(parts) == 1:
                parts.append(
                    f'<p class="lab-source"><a href="{name}.ipynb" download>Download this lab as a notebook</a></p>'
                )
        elif cell["cell_type"] == "code" and "note" not in cell["metadata"].get("tags", []):
            code = _fence(source, "python")
            if "fold" in cell["metadata"].get("tags", []):
                code = f"/// details | Code\n\n{code}\n\n///"
            parts.append(code)
            parts += [shown for output in cell.get("outputs", []) if (shown := _output(output, name))]
    return "\n\n".join(parts) + "\n"


def _fence(text: str, language: str, title: str = "") -> str:
    marks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{marks}{language}{title}\n{text}\n{marks}"


def _output(output: dict[str, Any], name: str) -> str:
    if output["output_type"] == "stream":
        return _fence(text_of(output["text"]).rstrip("\n"), "text", ' title="Output"')
    data = output.get("data", {})
    if NOTES in data:
        return ""
    if "image/svg+xml" in data:
        about = output["metadata"]["image/svg+xml"]
        svg = figures.inline(text_of(data["image/svg+xml"]), f"labs/{name}/{about['id']}", about["alternative"])
        svg = re.sub(r"\n\s*\n", "\n", svg)
        return (
            f'<figure class="figure" id={quoteattr(about["id"])}><div class="figure-drawing">{svg}</div>'
            f"<figcaption>{escape(about['caption'])}</figcaption></figure>"
        )
    if "text/markdown" in data:
        return text_of(data["text/markdown"])
    return _fence(text_of(data.get("text/plain", "")).rstrip("\n"), "text", ' title="Output"')


def lighter(html: str) -> str:
    """A page's highlighted code without the marks that change nothing, and left out of search, where it crowds out prose.

    Names, brackets and spaces look like text; what code prints stays findable.

    >>> lighter('<div class="language-python highlight"><pre><span class="n">a</span><span class="o">=</span></pre></div>')
    '<div class="language-python highlight" data-search-exclude><pre>a<span class="o">=</span></pre></div>'
    """
    html = re.sub(
        r'(<div class="(?:language-python )?highlight")(?=>(?!<span class="filename">Output))',
        r"\1 data-search-exclude",
        html,
    )
    return re.sub(r'<span class="(?:n|p|w)">([^<]*)</span>', r"\1", html)


# The file


def normalized(notebook: Notebook) -> str:
    """The notebook's file text: no counters, no times, no machine; one line of text a line of the file, so that diffs read."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata: dict[str, Any] = {"kernelspec": kernel, "language_info": {"name": "python"}}
    if "handbook" in notebook.get("metadata", {}):
        metadata["handbook"] = notebook["metadata"]["handbook"]
    cells = []
    for number, cell in enumerate(notebook["cells"], 1):
        tags = sorted(cell.get("metadata", {}).get("tags", []))
        tidy: dict[str, Any] = {"cell_type": cell["cell_type"], "id": f"cell-{number}"}
        tidy["metadata"] = {"tags": tags} if tags else {}
        tidy["source"] = _lines(text_of(cell["source"]).strip("\n"))
        if cell["cell_type"] == "code":
            tidy["execution_count"] = None
            tidy["outputs"] = _tidy_outputs(cell.get("outputs", []))
        cells.append(tidy)
    tidy_notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(tidy_notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _tidy_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            text = text_of(output["text"])
            if found and found[-1]["output_type"] == "stream" and found[-1]["name"] == output["name"]:
                text = text_of(found.pop()["text"]) + text
            found.append({"name": output["name"], "output_type": "stream", "text": _lines(text)})
            continue
        if kind == "error":
            found.append({key: output[key] for key in ("ename", "evalue", "output_type")} | {"traceback": []})
            continue
        data = {
            mime: value if isinstance(value, dict) else _lines(text_of(value))
            for mime, value in output["data"].items()
            if mime != "text/html" or len(output["data"]) == 1
        }
        found.append({"data": data, "metadata": output.get("metadata", {}), "output_type": "display_data"})
    return found


def stamp(notebook: Notebook) -> str:
    """What the outputs were made from, as a short hash: the code cells, every module of ours that they import, and the data it names.

    Data are the files of the folder `data` beside a module whose names stand in it.
    """
    digest = hashlib.sha256()
    imported: set[Path] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = text_of(cell["source"]).strip("\n")
        digest.update(source.encode() + b"\0")
        for node in ast.walk(ast.parse(source)):
            module = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
            for name in [module, *(f"{module}.{alias.name}" for alias in getattr(node, "names", []) if module)]:
                if name.split(".")[0] == "snippets":
                    imported.update(plot.imports_of(ROOT.joinpath(*name.split(".")).with_suffix(".py")))
    for path in list(imported):
        text = path.read_text(encoding="utf-8")
        imported.update(file for file in (path.parent / "data").glob("*") if file.name in text)
    for path in sorted(imported):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def made(notebook: Notebook) -> dict[str, str]:
    """What is written into a lab's metadata: what its outputs were made from, and what they were."""
    outputs = [_tidy_outputs(cell.get("outputs", [])) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    text = json.dumps(outputs, sort_keys=True, ensure_ascii=False)
    return {"made_from": stamp(notebook), "outputs": hashlib.sha256(text.encode()).hexdigest()[:16]}


def is_stale(notebook: Notebook) -> bool:
    """True when code or a module behind the committed outputs has changed since they were made, or they were edited."""
    return bool(notebook.get("metadata", {}).get("handbook") != made(notebook))


def execute(path: Path) -> Notebook:
    """Run every cell in order, in a fresh kernel of its own process, and return the notebook with its outputs."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.ipynb"
        environment = {
            **os.environ,
            "JUPYTER_RUNTIME_DIR": folder,
            "IPYTHONDIR": folder,
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",  # the same sums in the same order; and threads that wait would starve a second worker
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        command = [sys.executable, "-W", "ignore", "-m", "handbook.labs", str(path), str(out)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BookError(f"docs/labs/{path.name}", f"the lab fails when it is run:\n{done.stderr[-3000:]}")
        return read(out)


def _run(source: Path, out: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": source.parent}}
    )
    client.execute()
    nbformat.write(notebook, out)  # type: ignore[no-untyped-call]


# The comparison


def same_text(old: str, new: str, tolerance: float) -> bool:
    """Equal words; numbers equal within a relative tolerance or one unit in the last place shown.

    Zero means equal texts, infinity that only the words count.

    >>> same_text("AUC 0.767, 4,230 saved", "AUC 0.769, 4,251 saved", 0.02), same_text("3 of 7", "3 of 8", 0)
    (True, False)
    """
    if tolerance == 0 or old == new:
        return old == new
    if NUMBER.sub("#", old) != NUMBER.sub("#", new):
        return False
    if tolerance == math.inf:
        return True

    def value(text: str) -> float:
        return float(text.replace(",", "").replace("−", "-"))

    for a, b in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
        unit = 10.0 ** -len(a.partition(".")[2]) if "e" not in a else 0.0
        if abs(value(a) - value(b)) > max(tolerance * abs(value(a)), 1.0001 * unit):
            return False
    return True


def differences(old: Notebook, new: Notebook) -> list[str]:
    """What a re-run shows otherwise than what is committed, beyond the stated tolerances; a line each."""
    found: list[str] = []
    if len(old["cells"]) != len(new["cells"]):
        return [f"{len(old['cells'])} cells became {len(new['cells'])}"]
    for number, (before, after) in enumerate(zip(old["cells"], new["cells"], strict=True), 1):
        if before["cell_type"] != "code":
            continue
        tags = before.get("metadata", {}).get("tags", [])
        tolerance = math.inf if "timed" in tags else TOLERANCE if "model" in tags else 0.0
        was, now = _tidy_outputs(before.get("outputs", [])), _tidy_outputs(after.get("outputs", []))
        if len(was) != len(now):
            found.append(f"cell {number}: {len(was)} outputs became {len(now)}")
            continue
        for a, b in zip(was, now, strict=True):
            found += [f"cell {number}: {reason}" for reason in _output_differences(a, b, tolerance)]
    return found


def _output_differences(old: dict[str, Any], new: dict[str, Any], tolerance: float) -> list[str]:
    if old["output_type"] != new["output_type"]:
        return [f"{old['output_type']} became {new['output_type']}"]
    if old["output_type"] == "stream":
        same = same_text(text_of(old["text"]), text_of(new["text"]), tolerance)
        return [] if same else [f"the text\n{text_of(old['text'])}became\n{text_of(new['text'])}"]
    was, now = old.get("data", {}), new.get("data", {})
    if set(was) != set(now):
        return [f"{sorted(was)} became {sorted(now)}"]
    found = []
    for mime in sorted(was):
        if mime == NOTES:
            found += _note_differences(was[mime], now[mime], tolerance)
        elif mime == "image/svg+xml":
            if not plot.same_drawing(
                text_of(was[mime]),
                text_of(now[mime]),
                math.inf if tolerance == math.inf else DRAWING_TOLERANCE if tolerance else 0.6,
            ):
                found.append("the drawing changed")
        elif not same_text(text_of(was[mime]), text_of(now[mime]), tolerance):
            found.append(f"the text\n{text_of(was[mime])}\nbecame\n{text_of(now[mime])}")
    return found


def _note_differences(old: dict[str, Any], new: dict[str, Any], tolerance: float) -> list[str]:
    if set(old) != set(new):
        return [f"noted {sorted(old)}, now {sorted(new)}"]
    found = []
    for name, value in old.items():
        pairs = zip(value, new[name], strict=True) if isinstance(value, list) else [(value, new[name])]
        for a, b in pairs:
            same = a == b if isinstance(a, str) else tolerance == math.inf or abs(a - b) <= tolerance * abs(a)
            if not same:
                found.append(f"noted {name} = {value}, now {new[name]}")
                break
    return found


# The rules


def errors(path: str, docs: Path = DOCS) -> list[BookError]:
    """What is wrong with a lab's file: its form, its outputs, its end."""
    where = f"docs/{path}"
    notebook = read(docs / path)
    found: list[BookError] = []
    for number, cell in enumerate(notebook["cells"], 1):
        unknown = set(cell.get("metadata", {}).get("tags", [])) - TAGS
        if unknown:
            found.append(BookError(where, f"cell {number} has the tags {sorted(unknown)}; known are {sorted(TAGS)}"))
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                found.append(BookError(where, f"cell {number} ended with {output['ename']}: {output['evalue']}"))
            elif output["output_type"] == "stream" and output["name"] != "stdout":
                found.append(BookError(where, f"cell {number} wrote to {output['name']}; a reader should not see that"))
            elif strange := set(output.get("data", {})) - SHOWN:
                found.append(
                    BookError(
                        where,
                        f"cell {number} shows {sorted(strange)}; use `show`, `table` or `print` of handbook.notebook",
                    )
                )
            elif "image/svg+xml" in output.get("data", {}) and set(
                output.get("metadata", {}).get("image/svg+xml", {})
            ) != {"alternative", "caption", "id"}:
                found.append(BookError(where, f"cell {number} shows a plot without id, text alternative and caption"))
    prose = "\n".join(text_of(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    if not re.search(rf"^## {LAST_WORD} \{{#", prose, re.M):
        found.append(BookError(where, f"a lab ends with `## {LAST_WORD} {{#in-the-room}}`"))
    return found


def refresh(*, everything: bool = False) -> list[str]:
    """Tidy every lab's file and run those that are stale (or all); returns what was changed, as paths from the root."""
    changed: list[str] = []
    kept: set[Path] = set()
    for name in sources():
        path = DOCS / name
        committed = read(path)
        notebook = committed
        if everything or is_stale(committed):
            notebook = execute(path)
            # The same within the tolerances: keep what is committed, so that diffs show real changes.
            if not differences(committed, notebook):
                notebook = committed
            notebook["metadata"] = {"handbook": made(notebook)}
        texts = {
            path: normalized(notebook),
            notes_path(path): json.dumps(notes(notebook), indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        }
        kept.add(notes_path(path))
        for file, text in texts.items():
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
                changed.append(file.relative_to(ROOT).as_posix())
    for file in sorted((SNIPPETS / "outputs" / "labs").glob("*.json")):
        if file not in kept:
            file.unlink()
            changed.append(file.relative_to(ROOT).as_posix())
    return changed


if __name__ == "__main__":
    _run(Path(sys.argv[1]), Path(sys.argv[2]))
