"""The diagram of one design. Serves docs/systems/recommendation.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/recommendation")
def recommendation() -> Figure:
    """From the log on the left to the page on the right and back."""
    board = Board(12, 14.6, (6.0, 7.3))
    board.box("User now", 6.0, 1.0, 6.0, below="last clicks, place, language", color=OCHRE)
    sources = (
        ("Alike", 1.4, "viewed"),
        ("Taste", 3.7, "two towers"),
        ("New", 6.0, "categories"),
        ("Saved", 8.3, "searches"),
        ("Loved", 10.6, "nearby"),
    )
    for name, x, below in sources:
        board.box(name, x, 3.6, 2.1, below=below)
        board.arrow("User now", name)
    board.box("Merge", 6.0, 6.1, 6.4, below="1,000, less sold and seen: 200")
    for name, *_ in sources:
        board.arrow(name, "Merge")
    board.box("Rank", 6.0, 8.4, 6.4, below="chance to buy × fee")
    board.box("Page", 6.0, 10.7, 6.4, below="24: varied, capped, explored", color=OCHRE)
    board.arrow("Merge", "Rank", "Page")
    board.box("Log", 6.0, 13.1, 6.4, below="on screen, place, source, chance", color=GREEN)
    board.arrow("Page", "Log", later=True)
    board.box("Train", 1.35, 10.7, 2.3, below="daily", color=VIOLET)
    board.box("Vectors", 1.35, 7.0, 2.3, below="in minutes", color=VIOLET, high=1.4)
    board.box("Counts", 10.7, 7.0, 2.3, below="seconds", color=VIOLET)
    board.box("Stream", 10.7, 10.7, 2.3, below="clicks, sales", color=VIOLET)
    board.arrow("Log", "Train", later=True)
    board.arrow("Log", "Stream", "Counts", later=True)
    board.arrow("Train", "Vectors", later=True)
    board.arrow("Train", "Rank", later=True)
    board.arrow("Counts", "Merge", later=True)
    board.arrow("Vectors", "Alike", later=True)
    return board.fig
