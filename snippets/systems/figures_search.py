"""The diagram of one design. Serves docs/systems/search-ranking.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/search-ranking")
def search_ranking() -> Figure:
    """A funnel from the query down to the page, the index beside it, the log and the way back."""
    board = Board(12, 15.0, (6.0, 7.5))
    board.box("Query", 3.6, 1.0, 5.4, below="language, spelling, category", color=OCHRE)
    board.box("", 3.9, 3.5, 7.4, 2.0, color=VIOLET)
    board.box("By words", 2.1, 3.5, 3.2, below="inverted index")
    board.box("By meaning", 5.7, 3.5, 3.2, below="vectors")
    board.box("Merge", 3.6, 6.0, 4.6, below="1,000, then 200 left")
    board.box("Rank", 3.6, 8.4, 4.6, below="trees, 200 pairs")
    board.box("Page", 3.6, 10.8, 5.6, below="24: live, varied, explored", color=OCHRE)
    board.box("Listings", 10.0, 1.0, 3.2, below="120,000 a day", color=VIOLET)
    board.box("Index", 10.0, 3.5, 3.2, below="5 min behind", color=VIOLET)
    board.box("Sold set", 9.9, 10.8, 3.0, below="seconds", color=VIOLET)
    board.box("Log", 3.6, 13.6, 6.4, below="shown, place, chance, release", color=GREEN)
    board.box("Labels", 9.9, 13.6, 3.4, below="click, 7 d, 21 d", color=GREEN)
    board.box("Train", 9.9, 8.4, 3.0, below="by chance seen", color=VIOLET)
    board.arrow("Query", "By words")
    board.arrow("Query", "By meaning")
    board.arrow("By words", "Merge")
    board.arrow("By meaning", "Merge", "Rank", "Page")
    board.arrow("Page", "Log", later=True)
    board.arrow("Listings", "Index", "", later=True)
    board.arrow("Sold set", "Page")
    board.arrow("Log", "Labels", later=True)
    board.route((11.6, 13.6), (11.85, 13.6), (11.85, 8.4), (11.4, 8.4))
    board.arrow("Train", "Rank", later=True)
    return board.fig
