"""The figures of one design. Serves docs/systems/feed.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure, palette

from snippets.systems import feed
from snippets.systems._draw import BLUE, GREEN, OCHRE, RED, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/feed")
def design() -> Figure:
    """Two sources, a light model, one network with ten heads, the value, the page; the log and two ways back."""
    board = Board(12, 15.2, (6.0, 7.6))
    board.box("Followed", 2.6, 1.0, 4.6, below="lists written ahead")
    board.box("Beyond", 8.2, 1.0, 4.4, below="vectors, friends' likes")
    board.box("Eligible", 5.2, 3.4, 5.6, below="safe, unseen, celebrities in", color=RED)
    board.box("Light model", 5.2, 5.7, 4.6, below="1,500, then 500 left")
    board.box("Heads", 5.2, 8.0, 4.6, below="one network, ten chances")
    board.box("Value", 5.2, 10.3, 4.6, below="weights: own release", color=OCHRE)
    board.box("Page", 5.2, 12.4, 5.0, below="20: caps, some explored", color=OCHRE)
    board.box("Log", 3.0, 14.5, 5.0, below="seen, place, chance", color=GREEN)
    board.box("Labels", 9.6, 14.5, 4.2, below="seconds to a day", color=GREEN)
    board.box("Train", 10.2, 8.0, 2.8, below="hours", color=VIOLET)
    board.box("Counts", 1.2, 8.0, 2.1, below="minutes", color=VIOLET)
    board.box("Survey", 10.2, 11.0, 2.8, below=f"{feed.answers_a_day():,.0f} a day", color=GREEN)
    board.arrow("Followed", "Eligible")
    board.arrow("Beyond", "Eligible", "Light model", "Heads", "Value", "Page")
    board.arrow("Page", "Log", "Labels", later=True)
    board.arrow("Page", "Survey", later=True)
    board.route((11.7, 14.5), (11.9, 14.5), (11.9, 8.0), (11.6, 8.0))
    board.arrow("Survey", "Train", "Heads", later=True)
    board.route((1.2, 13.85), (1.2, 11.0), (1.2, 8.65))
    board.arrow("Counts", "Heads", later=True)
    return board.fig


@figure("systems/feed-long-run")
def long_run() -> Figure:
    """All users' time over five years after the launch, with newcomers from outside or half of them invited."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.6))
    months = range(61)
    for invited, color, dash, label in (
        (0.0, BLUE, "-", "newcomers come anyway"),
        (0.5, OCHRE, "--", "half are invited by users"),
    ):
        ax.plot(
            months,
            [100 * feed.total_after(m, 0.03, -0.004, invited) for m in months],
            color=color,
            linestyle=dash,
            linewidth=2,
            label=label,
        )
    ax.axhline(0, color=palette.ink, linewidth=1)
    ax.axvline(2, color=palette.muted, linestyle=":", linewidth=1.5)
    ax.text(2.6, -3.6, "the test ends", color=palette.ink, fontsize=11)
    ax.set(xlabel="months after launch", ylabel="all users' time, % over today", xlim=(0, 60))
    ax.legend(frameon=False)
    return fig
