"""What the cells of a lab call: plots in the book's look, tables as Markdown, numbers noted for the prose.

    figure, axes = plot()
    show(figure, id="fig-months", alternative="A sentence that says what the plot says.", caption="Months.")
    table(frame, "{:.3f}")
    note(auc=0.77)

Everything a cell shows is text or SVG, so the committed notebook can be read in a diff and compared by a re-run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from handbook.plot import STYLE, palette, to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["note", "palette", "plot", "show", "table"]
NOTES = "application/json"


def plot(
    rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (6.0, 3.7), **options: Any
) -> tuple[Figure, Any]:
    """A figure in the book's style and its axes, as `plt.subplots` would give them."""
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib.figure import Figure

    from handbook.plot import SERIES

    mpl.rcdefaults()
    mpl.rcParams.update(STYLE)
    mpl.rcParams["axes.prop_cycle"] = cycler(color=list(SERIES))
    figure = Figure(figsize=size)
    return figure, figure.subplots(rows, columns, **options)


def show(figure: Figure, *, id: str, alternative: str, caption: str) -> None:
    """Show a plot under its permanent id, with a text alternative and a caption."""
    from IPython.display import display

    if not re.fullmatch(r"fig-[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ValueError(f"{id!r} is no id of a figure; write fig-short-words")
    if len(alternative) < 40 or not alternative.endswith("."):
        raise ValueError("the alternative must say in sentences what the plot says")
    data = {"image/svg+xml": to_svg(figure), "text/plain": alternative}
    display(data, raw=True, metadata={"image/svg+xml": {"alternative": alternative, "caption": caption, "id": id}})  # type: ignore[no-untyped-call]


def markdown_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A pipe table: the first column is text, the others are aligned right.

    >>> print(markdown_table(["month", "late"], [["October", "4.6 %"]]))
    | month | late |
    | --- | ---: |
    | October | 4.6 % |
    """
    names = [str(name) for name in head]
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def table(frame: Any, formats: Mapping[str, str] | None = None) -> None:
    """Show a data frame as a Markdown table, its index first; `formats` gives a column's format, such as `{:.1%}`."""
    from IPython.display import display

    formats = formats or {}
    rows = [
        [str(label), *("–" if value != value else formats.get(name, "{}").format(value) for name, value in row.items())]
        for label, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    text = markdown_table([frame.index.name or "", *map(str, frame.columns)], rows)
    display({"text/markdown": text, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def note(**numbers: Any) -> None:
    """Note numbers (or pairs) under names, so that prose can cite them as checked figures; the page does not show them."""
    from IPython.display import display

    plain = {
        name: [float(part) for part in value] if isinstance(value, (tuple, list)) else _number(value)
        for name, value in numbers.items()
    }
    display({NOTES: plain, "text/plain": "noted: " + ", ".join(plain)}, raw=True)  # type: ignore[no-untyped-call]


def _number(value: Any) -> int | float | str:
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)
