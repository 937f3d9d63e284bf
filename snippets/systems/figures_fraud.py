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
    board = Board(12, 14.2, (6.0, 7.1))
    board.box("Checkout", 1.6, 1.3, 2.8, below="58 a second")
    board.box("Features", 4.9, 1.3, 2.6, below="5 reads")
    board.box("Score", 7.7, 1.3, 2.2, below="calibrated")
    board.box("Policy", 10.2, 1.3, 2.0, below="prices")
    for start, end in (("Checkout", "Features"), ("Features", "Score"), ("Score", "Policy")):
        board.arrow(start, end)
    board.box("Counters", 2.6, 3.5, 3.4, below="stream, 1 s behind", color=VIOLET)
    board.arrow("Checkout", "Counters", later=True)
    board.arrow("Counters", "Features", later=True)
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
    for name, x, below in labels:
        board.box(name, x, 9.2, 2.5, 1.35, below=below, color=GREEN)
        board.down("Decision log", name, x, later=True)
    board.box("Training rows", 2.35, 12.4, 4.3, 1.6, below="known as of then,\nmatured, weighted", color=VIOLET)
    board.box("Backtest", 6.6, 12.4, 2.9, 1.6, below="90-day gap", color=VIOLET)
    board.box("Shadow", 9.75, 12.4, 2.4, 1.6, below="then 5 %", color=VIOLET)
    for name, *_ in labels:
        board.arrow(name, "Training rows", later=True)
    board.arrow("Training rows", "Backtest", later=True)
    board.arrow("Backtest", "Shadow", later=True)
    board.route((10.95, 12.4), (11.75, 12.4), (11.75, 0.15), (7.7, 0.15), (7.7, 0.65))
    board.text(11.75, 8.0, "release or roll back", upright=True)
    return board.fig
