"""Boxes and arrows for the designs' diagrams. Serves docs/systems/fraud.md and the designs beside it.

A board is a grid of whole units; a box is named by its first line and found by it. Solid arrows are the request's path,
dashed ones what happens later.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from handbook.plot import palette

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, OCHRE = palette.series


class Board:
    """A drawing of `wide` × `high` units; y counts from the top, as on a whiteboard."""

    def __init__(self, wide: float, high: float, inches: tuple[float, float] = (6.0, 6.0)) -> None:
        """An empty board."""
        import matplotlib.pyplot as plt

        self.fig: Figure
        self.fig, self.ax = plt.subplots(figsize=inches)
        self.ax.set(xlim=(0, wide), ylim=(high, 0))
        self.ax.axis("off")
        self.boxes: dict[str, tuple[float, float, float, float]] = {}

    def box(
        self, name: str, x: float, y: float, wide: float, high: float = 1.3, below: str = "", color: str = BLUE
    ) -> None:
        """A rounded box with its name, and smaller words below it, centered at x, y."""
        from matplotlib.patches import FancyBboxPatch

        corner = (x - wide / 2, y - high / 2)
        patch = FancyBboxPatch(corner, wide, high, boxstyle="round,pad=0,rounding_size=0.18", linewidth=1.7)
        patch.set(facecolor=palette.paper, edgecolor=color)
        self.ax.add_patch(patch)
        lines = below.count("\n") + 1 if below else 0
        self.ax.text(
            x,
            y - (0.27 if lines == 1 else 0.45 if lines else 0),
            name,
            ha="center",
            va="center",
            fontsize=12.5,
            weight="bold",
            color=palette.ink,
        )
        if below:
            self.ax.text(
                x, y + 0.3, below, ha="center", va="center", fontsize=10.5, color=palette.ink, linespacing=1.15
            )
        self.boxes[name.partition("\n")[0]] = (x, y, wide, high)

    def arrow(self, *names: str, later: bool = False) -> None:
        """From box to box in this order, edge to edge, each on the straight line between the centers."""
        for start, end in pairwise(names):
            (x0, y0, w0, h0), (x1, y1, w1, h1) = self.boxes[start], self.boxes[end]
            (ax, ay), (bx, by) = edge(x0, y0, w0, h0, x1, y1), edge(x1, y1, w1, h1, x0, y0)
            self._head((ax, ay), (bx, by), later)

    def fan(self, above: str, parts: Iterable[tuple[str, float, str]], below: str, y: float) -> None:
        """Boxes (name, x, words) side by side at y, each reached from the box above and leading to the one below, later."""
        for name, x, words in parts:
            self.box(name, x, y, 2.5, 1.35, below=words, color=GREEN)
            self.down(above, name, x, later=True)
            self.down(name, below, x, later=True)

    def down(self, start: str, end: str, x: float, later: bool = False) -> None:
        """Straight down at x, from the lower edge of one box to the upper edge of another."""
        (_, y0, _, h0), (_, y1, _, h1) = self.boxes[start], self.boxes[end]
        self._head((x, y0 + h0 / 2), (x, y1 - h1 / 2), later)

    def route(self, *points: tuple[float, float]) -> None:
        """A dashed way around the boxes, through the points, with an arrow at its end."""
        xs, ys = zip(*points, strict=True)
        self.ax.plot(xs[:-1], ys[:-1], color=RED, linestyle="--", linewidth=1.6)
        self._head(points[-2], points[-1], later=True)

    def _head(self, start: tuple[float, float], end: tuple[float, float], later: bool) -> None:
        style = {"arrowstyle": "-|>", "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
        look = {"color": RED, "linestyle": "--"} if later else {"color": palette.ink, "linestyle": "-"}
        self.ax.annotate("", end, start, arrowprops=style | look)

    def text(self, x: float, y: float, words: str, upright: bool = False) -> None:
        """Words on paper, so that a line behind them stays out of the letters."""
        patch = {"facecolor": palette.paper, "edgecolor": "none", "pad": 1.2}
        self.ax.text(
            x,
            y,
            words,
            ha="center",
            va="center",
            fontsize=10.5,
            color=palette.ink,
            bbox=patch,
            rotation=90 if upright else 0,
        )


def edge(x: float, y: float, wide: float, high: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Where the line from a box's center to another point leaves the box."""
    dx, dy = to_x - x, to_y - y
    scale = min(wide / 2 / abs(dx) if dx else float("inf"), high / 2 / abs(dy) if dy else float("inf"))
    return x + dx * scale, y + dy * scale
