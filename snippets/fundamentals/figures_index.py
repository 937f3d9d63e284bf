"""How the groups of cards hang together. Serves docs/chapters/fundamentals/index.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("fundamentals/map")
def hang_together() -> Figure:
    """Eight groups of cards on the way from rows to a decision, and the way back."""
    board = Board(12, 11.6, (6.0, 5.8))
    board.box("Data", 3.0, 1.1, 5.0, below="may the rows be believed?", color=GREEN)
    board.box("Without labels", 9.2, 1.1, 4.6, below="what shape have they?", color=GREEN)
    board.box("Losses", 3.0, 3.7, 5.0, below="which answer is asked for?", color=VIOLET)
    board.box("Models for tables", 3.0, 6.3, 5.0, below="which shapes can it take?")
    board.box("Training networks", 9.0, 3.7, 5.0, below="does the signal arrive?")
    board.box("Architectures", 9.0, 6.3, 5.0, below="what is built in, or reused?")
    board.box("Generalization", 5.8, 8.6, 6.4, below="will it hold on other rows?", color=VIOLET)
    board.box("Measures and decisions", 5.8, 10.8, 6.4, below="is it good enough for whom?", color=OCHRE)
    board.arrow("Without labels", "Data")
    board.arrow("Data", "Losses", "Models for tables", "Generalization", "Measures and decisions")
    board.arrow("Losses", "Training networks", "Architectures", "Generalization")
    board.route((2.6, 10.8), (0.2, 10.8), (0.2, 1.1), (0.5, 1.1))
    board.text(0.2, 8.4, "decisions make the next rows", upright=True)
    return board.fig
