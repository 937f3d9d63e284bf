"""The diagram of one design. Serves docs/systems/forecasting.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/forecasting")
def forecasting() -> Figure:
    """A column from the history down to the shelf, what feeds it on the right, and the way back on the left."""
    board = Board(12, 15.0, (6.0, 7.5))
    board.box("History", 4.0, 1.0, 5.6, below="line, day, when known", color=GREEN)
    board.box("Rate", 4.0, 3.5, 5.6, below="one model, censored")
    board.box("Order", 4.0, 6.0, 5.6, below="quantile less stock, packs", color=OCHRE)
    board.box("Caps", 4.0, 8.5, 5.6, below="totals, lines moved")
    board.box("File", 4.0, 11.0, 5.6, below="by 02:00, final 04:00", color=OCHRE)
    board.box("Shelf", 4.0, 13.6, 5.6, below="sold, left, hour empty", color=GREEN)
    board.box("Backtest", 9.9, 1.0, 3.8, below="as known then", color=VIOLET)
    board.box("Known ahead", 9.9, 3.5, 3.8, below="plan, forecast", color=VIOLET)
    board.box("Prices", 9.9, 5.4, 3.8, below="short, left", color=VIOLET)
    board.box("Managers", 9.9, 7.3, 3.8, below="until 21:00", color=VIOLET)
    board.box("Fallback", 9.9, 9.5, 3.8, below="last week's order", color=VIOLET)
    board.arrow("History", "Rate", "Order", "Caps", "File", "Shelf")
    board.arrow("History", "Backtest", "Rate", later=True)
    board.arrow("Known ahead", "Rate")
    board.arrow("Prices", "Order")
    board.arrow("Managers", "Order")
    board.arrow("Fallback", "Caps")
    board.route((1.2, 13.6), (0.45, 13.6), (0.45, 1.0), (1.2, 1.0))
    board.text(0.45, 7.3, "only what was in stock is seen", upright=True)
    return board.fig
