"""What `make bench` measures and prints: each figure beside stock Material built from the same pages, in one run.

A bench is a module with `run(built: Built) -> list[Row]`; `BENCHES` lists them. A figure that must hold has its limit here
and its test in `tests/site/`; the others are for looking at.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from handbook.errors import BookError

BENCHES = ("build", "weight", "editions", "lighthouse", "search")
ON_REQUEST = ("search_misses",)


@dataclass(frozen=True)
class Row:
    """One figure: what is measured, ours, stock Material's (None where there is nothing to compare), and the limit if there is one."""

    what: str
    ours: float
    stock: float | None = None
    limit: str = ""
    unit: str = ""

    def __str__(self) -> str:
        """Columns for a terminal; the ratio is of the figures as measured."""
        ratio = f"{self.ours / self.stock:.2f} ×" if self.stock else ""
        stock = _show(self.stock) if self.stock is not None else ""
        return f"{self.what:<62}{_show(self.ours):>10}{stock:>10}{ratio:>9}  {self.unit:<9}{self.limit}".rstrip()


@dataclass(frozen=True)
class Built:
    """What all benches look at: our site and stock Material's, where they lie and the CPU seconds their builds took."""

    site: Path
    stock: Path
    cpu: float
    site_cpu: float  # of that, the pages alone, without our checks and the PDF editions
    stock_cpu: float
    site_url: str


def _show(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def main(names: Iterable[str] = ()) -> None:
    """Build both and print every bench's rows, or those asked for by name."""
    chosen = [name.replace("-", "_") for name in names] or list(BENCHES)
    if unknown := sorted(set(chosen) - {*BENCHES, *ON_REQUEST}):
        raise BookError("", f"there is no bench `{unknown[0]}`; there are {', '.join((*BENCHES, *ON_REQUEST))}")
    from handbook.bench import build

    built = build.both()
    print(f"{'':<62}{'ours':>10}{'stock':>10}{'ratio':>9}  {'unit':<9}limit")
    for name in chosen:
        for row in importlib.import_module(f"handbook.bench.{name}").run(built):
            print(row, flush=True)
