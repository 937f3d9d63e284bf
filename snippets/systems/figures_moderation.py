"""The diagram of one design, and what the order of its queue is worth. Serves docs/systems/moderation.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.systems import moderation
from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board


@figure("systems/moderation")
def design() -> Figure:
    """A post's way on top, what is done with it in the middle, four kinds of labels, and training at the bottom."""
    board = Board(12, 14.9, (6.0, 7.45))
    board.box("Post", 1.3, 1.3, 2.2, below="347 a second")
    board.box("Copies", 4.2, 1.3, 2.4, below="known ones")
    board.box("Scores", 7.1, 1.3, 2.4, below="one a rule")
    board.box("Policy", 10.0, 1.3, 2.4, below="prices, floor")
    board.arrow("Post", "Copies", "Scores", "Policy")
    board.box("Action", 8.7, 4.0, 5.0, 1.9, below="nothing, limit,\nreview, remove", color=OCHRE)
    board.down("Policy", "Action", 10.0)
    board.box("Queue", 3.0, 4.0, 4.2, 1.9, below="by what a\nminute saves", color=OCHRE)
    board.arrow("Action", "Queue")
    board.box(
        "Decision log", 5.6, 6.9, 11.0, below="scores, views, action, its chance, guideline, release", color=GREEN
    )
    board.down("Action", "Decision log", 8.7)
    board.down("Queue", "Decision log", 3.0)
    labels = (
        ("verdicts", 1.5, "an hour"),
        ("random", 4.25, "views, a week"),
        ("appeals", 6.95, "days"),
        ("reports", 9.7, "hours"),
    )
    board.box("Labels", 5.6, 11.6, 11.0, below="facts and guideline version, weighted by chance", color=VIOLET)
    board.fan("Decision log", labels, "Labels", 9.4)
    board.box("Training", 3.0, 13.9, 4.2, below="by rule, language", color=VIOLET)
    board.box("Release", 8.3, 13.9, 4.2, below="shadow, cap, 5 %", color=VIOLET)
    board.down("Labels", "Training", 3.0, later=True)
    board.arrow("Training", "Release", later=True)
    board.route((10.4, 13.9), (11.75, 13.9), (11.75, 0.15), (7.1, 0.15), (7.1, 0.65))
    return board.fig


@figure("systems/moderation-queue")
def orders() -> Figure:
    """What a day's reviews save over the minutes used, the queue ordered by score or by gain."""
    minutes = [moderation.minutes_a_day() * part / 6 for part in range(1, 7)]
    fig = Figure(figsize=(6.0, 3.4))
    ax = fig.subplots()
    for order, name, color, dash, mark in (
        ("gain", "by what a minute saves", palette.series[0], "-", "o"),
        ("score", "by score", palette.series[1], "--", "s"),
    ):
        saved = [0.0] + [moderation.queue(order, m).saved / 1_000 for m in minutes]
        ax.plot([0.0, *minutes], saved, linestyle=dash, marker=mark, color=color)
        ax.annotate(name, (minutes[2], saved[3]), (4, -16), textcoords="offset points", color=palette.ink)
    ax.set(
        xlabel="minutes of review in a day",
        ylabel="saved, thousand dollars",
        xlim=(0, 22_500),
        ylim=(0, 48),
        xticks=range(0, 25_000, 5_000),
    )
    return fig
