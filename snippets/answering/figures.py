"""The figure of one page. Serves docs/chapters/answering.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("answering/board")
def board() -> Figure:
    """Nine boxes of a search design, numbered in the order in which they are drawn: the path, the log and its labels, the rest."""
    drawn = Board(12, 12.4, (6.0, 6.2))
    path = (
        ("1 Query", "278 a second", 1.2),
        ("3 Retrieve", "words, vectors: 1,000", 3.6),
        ("4 Rank", "light to 200, trees", 6.0),
        ("2 Page", "24, of one stock", 8.4),
    )
    for name, words, y in path:
        drawn.box(name, 3.0, y, 5.2, 1.6, below=words)
    drawn.arrow("1 Query", "3 Retrieve", "4 Rank", "2 Page")
    drawn.box("5 Log", 3.0, 11.0, 5.2, 1.6, below="shown, place, chance", color=GREEN)
    drawn.arrow("2 Page", "5 Log", later=True)
    drawn.box("6 Labels", 9.2, 11.0, 4.8, 1.6, below="0, 7, 21 days", color=GREEN)
    drawn.arrow("5 Log", "6 Labels", later=True)
    drawn.box("8 Sold set", 9.2, 8.4, 4.8, 1.6, below="seconds old", color=OCHRE)
    drawn.arrow("8 Sold set", "2 Page")
    drawn.box("7 Train", 9.2, 6.0, 4.8, 1.6, below="weighted by place", color=VIOLET)
    drawn.route((11.6, 11.0), (11.85, 11.0), (11.85, 6.0), (11.6, 6.0))
    drawn.arrow("7 Train", "4 Rank", later=True)
    drawn.box("9 Index", 9.2, 3.6, 4.8, 1.6, below="5 minutes behind", color=OCHRE)
    drawn.arrow("9 Index", "3 Retrieve")
    return drawn.fig
