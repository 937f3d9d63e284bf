"""Figures made by code: one look for all of them, theme colors that follow light and dark, a stamp that shows staleness.

A figure is a function without arguments that returns a matplotlib `Figure`:

    @figure("metrics/pr-and-roc")
    def pr_and_roc() -> Figure: ...

It is drawn in placeholder colors. `to_svg` turns them into CSS variables of the theme (with a fallback for code hosts),
rounds coordinates and drops what an inlined SVG does not need. `refresh` writes `docs/figures/<name>.svg` with a stamp of
the code that drew it, and says which committed figures are stale.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from handbook.pages import DOCS, ROOT, SNIPPETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = DOCS / "figures"

# What a figure may be drawn with: placeholder → what stands in the page. The fallbacks are for a viewer without our styles.
INK, MUTED, GRID, PAPER = "#010203", "#010204", "#010205", "#010206"
SERIES = ("#0102a1", "#0102a2", "#0102a3", "#0102a4", "#0102a5")
COLORS = {
    INK: "currentColor",
    MUTED: "var(--figure-muted, #5b6470)",
    GRID: "var(--figure-grid, #d5d9df)",
    PAPER: "var(--figure-paper, #ffffff)",
    SERIES[0]: "var(--figure-1, #1f5fa8)",
    SERIES[1]: "var(--figure-2, #b3471d)",
    SERIES[2]: "var(--figure-3, #2d7a4a)",
    SERIES[3]: "var(--figure-4, #7b4aa3)",
    SERIES[4]: "var(--figure-5, #8a6a00)",
}

STYLE = {
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "figure.constrained_layout.use": True,
    "figure.dpi": 72,
    "figure.facecolor": "none",
    "figure.figsize": (6.0, 3.7),  # 432 × 266 units: still readable when 328 px wide on a phone
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.fontsize": 11.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 2.0,
    "patch.edgecolor": INK,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "svg.hashsalt": "handbook",
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 11,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 11,
}


class palette:
    """Colors to draw with. Two series must differ by dash or marker as well: print may be gray."""

    ink, muted, grid, paper = INK, MUTED, GRID, PAPER
    series = SERIES


@dataclass(frozen=True)
class Drawn:
    """A registered figure: its name below `docs/figures/`, the function and the module that draw it."""

    name: str
    draw: Callable[[], Figure]
    module: str

    @property
    def path(self) -> Path:
        return FIGURES / f"{self.name}.svg"


_registry: dict[str, Drawn] = {}


def figure(name: str) -> Callable[[Callable[[], Figure]], Callable[[], Figure]]:
    """Register a function as the maker of `docs/figures/<name>.svg`; it is drawn in the book's style."""

    def register(draw: Callable[[], Figure]) -> Callable[[], Figure]:
        def styled() -> Figure:
            import matplotlib as mpl
            from cycler import cycler

            with mpl.rc_context():
                mpl.rcdefaults()
                mpl.use("svg")
                mpl.rcParams.update(STYLE)
                mpl.rcParams["axes.prop_cycle"] = cycler(color=list(SERIES))
                return draw()

        styled.__doc__ = draw.__doc__
        _registry[name] = Drawn(name, styled, draw.__module__)
        return styled

    return register


def registered() -> list[Drawn]:
    """Every figure of the book: imports all modules named `figures…` below `snippets/`."""
    for path in sorted(SNIPPETS.rglob("figures*.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [_registry[name] for name in sorted(_registry)]


def to_svg(fig: Figure) -> str:
    """The figure as a compact SVG text that takes its colors and fonts from the page it is inlined in."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    with mpl.rc_context():
        mpl.rcParams.update(STYLE)
        out = io.StringIO()
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    plt.close(fig)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'(width|height)="([\d.]+)pt"', lambda m: f'{m[1]}="{float(m[2]):g}"', svg, count=2)
    # The font of the page; sizes stay. matplotlib writes `font: 12px 'DejaVu Sans', …` or separate properties.
    svg = re.sub(r"font: ([\w ]*?)([\d.]+px)[^;\"]*", r"font: \g<1>\g<2> var(--figure-font, sans-serif)", svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: var(--figure-font, sans-serif)", svg)
    # A style element would reach the whole page; what it says is inherited just as well.
    style = re.search(r"<style[^>]*>\*\{([^}]*)\}</style>", svg)
    if style:
        svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, count=1, flags=re.S)
        svg = svg.replace("<svg", f'<svg style="{style[1]}"', 1)
    for placeholder, color in COLORS.items():
        svg = svg.replace(placeholder, color)
    left = sorted(set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\([^)]*\)", "", svg))))
    if left:
        raise ValueError(f"a figure uses colors that are not in the palette: {', '.join(left)}")
    if "<image" in svg:
        raise ValueError("a figure holds pixels (imshow, rasterized), which no theme can color; draw patches instead")
    # Coordinates stand in tags, numbers between tags are words: `0.0099` on an axis stays.
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"-?\d+\.\d+(?:e-?\d+)?", _short, tag[0]), svg)
    svg = re.sub(r"[ \t]*\n\s*", "\n", svg)
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace("xlink:href", "href").strip() + "\n"


def _short(number: re.Match[str]) -> str:
    """A coordinate to two decimals, a small factor to three digits."""
    value = float(number[0])
    text = f"{value:.2f}" if abs(value) >= 1 else f"{float(f'{value:.3g}'):.5f}"
    return text.rstrip("0").rstrip(".").replace("-0", "0") if not float(text) else text.rstrip("0").rstrip(".")


_closures: dict[Path, dict[Path, int]] = {}


def imports_of(path: Path) -> list[Path]:
    """The files of ours that a module imports, itself first, followed through; remembered until one of them changes."""
    known = _closures.get(path)
    if known is None or any(_version(file) != version for file, version in known.items()):
        known = _closures[path] = {file: _version(file) for file in _followed(path)}
    return list(known)


def _version(file: Path) -> int:
    try:
        return os.stat(file).st_mtime_ns  # noqa: PTH116 - asked some ten thousand times for a page
    except FileNotFoundError:
        return 0


def _followed(path: Path) -> Iterator[Path]:
    seen: set[Path] = set()
    queue = [path]
    while queue:
        file = queue.pop(0)
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        yield file
        for name in _imported(file, _version(file)):
            parts = name.split(".")
            if parts[0] == "snippets":
                for end in range(1, len(parts) + 1):
                    queue += [
                        ROOT.joinpath(*parts[:end], "__init__.py"),
                        ROOT.joinpath(*parts[:end]).with_suffix(".py"),
                    ]


IMPORTED = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<base>\.*[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n#;]+)|import[ \t]+(?P<plain>[^\n#;]+))",
    re.M,
)


@lru_cache(maxsize=1024)
def _imported(file: Path, version: int) -> tuple[str, ...]:
    """The dotted names a file imports, once for each version of it; read off its lines, since parsing a whole module is slow.

    A line of a docstring that looks like an import counts as one: a file too many is asked, never one too few.
    """
    found: list[str] = []
    for match in IMPORTED.finditer(file.read_text(encoding="utf-8")):
        if match["plain"]:
            found += [name.split()[0] for name in match["plain"].split(",") if name.strip()]
            continue
        dots = len(match["base"]) - len(match["base"].lstrip("."))
        base = list(file.relative_to(ROOT).parts[:-dots]) if dots else []
        module = ".".join([*base, *filter(None, [match["base"].lstrip(".")])])
        names = re.sub(r"#[^\n]*", "", match["names"].strip("()"))
        found += [module, *(f"{module}.{name.split()[0]}" for name in names.split(",") if name.strip())]
    return tuple(found)


def stamp(drawn: Drawn) -> str:
    """What the figure is made from, as a short hash: code of its module and all of ours that it imports, and our style."""
    digest = hashlib.sha256()
    module = ROOT.joinpath(*drawn.module.split(".")).with_suffix(".py")
    for file in sorted(imports_of(module)):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:16]


def with_stamp(svg: str, mark: str) -> str:
    """Put the stamp behind the SVG as a comment."""
    return f"{svg.rstrip()}\n<!-- made from {mark} -->\n"


def is_stale(drawn: Drawn) -> bool:
    """True when the committed file is missing or was made from other code."""
    return not drawn.path.is_file() or f"<!-- made from {stamp(drawn)} -->" not in drawn.path.read_text(
        encoding="utf-8"
    )


def same_drawing(old: str, new: str, tolerance: float = 0.6) -> bool:
    """Whether two SVG texts draw the same: same structure and words, every coordinate within `tolerance` units.

    >>> same_drawing('<path d="M 1 2"/>', '<path d="M 1.2 2"/>')
    True
    >>> same_drawing('<path d="M 1 2"/>', '<path d="M 9 2"/>')
    False
    >>> same_drawing('<text x="1">0.4</text>', '<text x="1">0.5</text>')
    False
    """
    number = r"(?<![\w#.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w])"
    ids = r"""(id="|"#|url\(#)[^")]*"""
    old, new = (re.sub(ids, r"\1", re.sub(r"<!--.*?-->", "", svg, flags=re.S)).strip() for svg in (old, new))
    if re.findall(r">([^<]*)", old) != re.findall(r">([^<]*)", new):
        return False
    if re.sub(number, "0", old) != re.sub(number, "0", new):
        return False
    pairs = zip(re.findall(number, old), re.findall(number, new), strict=True)
    return all(abs(float(a) - float(b)) <= tolerance for a, b in pairs)


def refresh(*, everything: bool = False) -> list[str]:
    """Draw what is stale (or all), drop files no code makes any more; returns what was changed, as paths from the root."""
    changed: list[str] = []
    figures = registered()
    for drawn in figures:
        if everything or is_stale(drawn):
            svg = to_svg(drawn.draw())
            old = drawn.path.read_text(encoding="utf-8") if drawn.path.is_file() else ""
            # Same drawing from other code: keep its bytes and renew the stamp only, so that diffs show real changes.
            body = re.sub(r"<!-- made from .*?-->\s*$", "", old) if old and same_drawing(old, svg) else svg
            new = with_stamp(body, stamp(drawn))
            if new != old:
                drawn.path.parent.mkdir(parents=True, exist_ok=True)
                drawn.path.write_text(new, encoding="utf-8")
                changed.append(drawn.path.relative_to(ROOT).as_posix())
    made = {drawn.path for drawn in figures}
    for path in sorted(FIGURES.rglob("*.svg")):
        if path not in made and "<!-- made from " in path.read_text(encoding="utf-8"):
            path.unlink()
            changed.append(path.relative_to(ROOT).as_posix())
    return changed
