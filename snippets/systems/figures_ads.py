"""The diagram of one design. Serves docs/systems/ads.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/ads")
def ads() -> Figure:
    """Ads beside the organic stages, the auction where they meet, money on the right, the way back below."""
    board = Board(12, 15.0, (6.0, 7.5))
    board.box("Search", 4.0, 1.0, 3.4, color=OCHRE)
    board.box("Match", 2.1, 3.4, 3.2, below="4 million to 60")
    board.box("Organic", 6.0, 3.4, 3.2, below="1,000 to 24", color=OCHRE)
    board.box("Score", 2.1, 5.8, 3.4, below="p(click) × p(sale)")
    board.box("Auction", 4.0, 8.2, 5.4, below="reserve: what it displaces")
    board.box("Page", 4.0, 10.6, 4.6, below="24, the first 2 paid", color=OCHRE)
    board.box("Log", 4.0, 13.3, 5.8, below="all 60: bid, score, price", color=GREEN)
    board.box("Bids", 9.9, 8.2, 3.4, below="per sale, paced", color=VIOLET)
    board.box("Labels", 9.9, 13.3, 3.4, below="click, sale in 7 d", color=GREEN)
    board.box("Train", 9.9, 10.6, 3.4, below="daily, by age", color=VIOLET)
    board.box("Guard", 9.9, 5.8, 3.4, below="replay, own winners", color=VIOLET)
    board.arrow("Search", "Match")
    board.arrow("Search", "Organic")
    board.arrow("Match", "Score", "Auction")
    board.arrow("Organic", "Auction", "Page")
    board.arrow("Page", "Log", "Labels", "Train", later=True)
    board.route((11.6, 10.6), (11.85, 10.6), (11.85, 5.8), (11.6, 5.8))
    board.arrow("Guard", "Score", later=True)
    board.arrow("Bids", "Auction")
    return board.fig
