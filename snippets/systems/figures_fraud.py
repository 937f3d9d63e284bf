"""The diagram of one design. Serves docs/systems/fraud.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/fraud")
def fraud() -> Figure:
    """Request path on top, labels below, training at the bottom, and the two ways back up."""
    board = Board(12, 14.6, (6.0, 7.3))
    board.box("Checkout", 1.6, 1.3, 2.8, below="58 a second")
    board.box("Features", 4.9, 1.3, 2.6, below="5 reads")
    board.box("Score", 7.7, 1.3, 2.2, below="calibrated")
    board.box("Policy", 10.2, 1.3, 2.0, below="prices")
    board.arrow("Checkout", "Features", "Score", "Policy")
    board.box("Counters", 2.6, 3.5, 3.4, below="stream, 1 s behind", color=VIOLET)
    board.arrow("Checkout", "Counters", "Features", later=True)
    board.box("Action", 8.2, 3.9, 6.0, below="approve, challenge,\nreview, decline", high=1.9, color=OCHRE)
    board.down("Policy", "Action", 10.2)
    board.box(
        "Decision log", 5.6, 6.6, 11.0, below="features as seen, score, action and its chance, release", color=GREEN
    )
    board.down("Action", "Decision log", 8.2)
    labels = (
        ("chargeback", 1.5, "30–90 days"),
        ("challenge", 4.25, "minutes"),
        ("verdict", 6.95, "2 hours"),
        ("explored", 9.7, "2 % let by"),
    )
    board.box("Training rows", 5.6, 11.4, 11.0, below="known as of then, corrected for age, weighted", color=VIOLET)
    board.fan("Decision log", labels, "Training rows", 9.2)
    board.box("Backtest", 3.0, 13.7, 4.2, below="as of each day", color=VIOLET)
    board.box("Shadow", 8.3, 13.7, 4.2, below="then 5 % of cards", color=VIOLET)
    board.down("Training rows", "Backtest", 3.0, later=True)
    board.arrow("Backtest", "Shadow", later=True)
    board.route((10.4, 13.7), (11.75, 13.7), (11.75, 0.15), (7.7, 0.15), (7.7, 0.65))
    board.text(11.75, 8.0, "release or roll back", upright=True)
    return board.fig
