"""The figures of one page: the diagram to redraw, and two curves. Serves docs/chapters/lifecycle.md.

All closed forms. Two series always differ by dash or marker as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.lifecycle import worked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series

BOXES = (
    ("1 Goal", "who acts, worth what"),
    ("2 Framing", "target, metric, baseline"),
    ("3 Data", "labels, point in time"),
    ("4 Model", "train, validate, register"),
    ("5 Release", "shadow, canary, ramp"),
    ("6 Serve, log", "features as seen"),
    ("7 Monitor", "inputs, scores, money"),
    ("8 Respond", "owner, rule, runbook"),
)


def place(number: int) -> tuple[float, float]:
    """Center of a box, 1 to 8: a ring, left to right above and right to left below."""
    column = number - 1 if number <= 4 else 8 - number
    return 1.25 + 2.5 * column, 3.3 if number <= 4 else 0.7


def arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], label: str, color: str, dash: str) -> None:
    """An arrow with its label to the right of the middle."""
    style = {"arrowstyle": "-|>", "color": color, "linestyle": dash, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    ax.text(x + 0.1, y, label, ha="left", va="center", fontsize=11, color=palette.ink, linespacing=1.25)


@figure("lifecycle/eight-boxes")
def eight_boxes() -> Figure:
    """The lifecycle as a ring of eight boxes with four ways back."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyBboxPatch

    fig: Figure
    fig, ax = plt.subplots(figsize=(7.4, 3.9))
    for number, (name, content) in enumerate(BOXES, 1):
        x, y = place(number)
        ax.add_patch(
            FancyBboxPatch(
                (x - 1.02, y - 0.5),
                2.04,
                1.0,
                boxstyle="round,pad=0.02,rounding_size=0.12",
                facecolor=palette.paper,
                edgecolor=BLUE if number <= 5 else GREEN,
                linewidth=1.8,
            )
        )
        ax.text(x, y + 0.2, name, ha="center", va="center", fontsize=13, weight="bold", color=palette.ink)
        ax.text(x, y - 0.22, content, ha="center", va="center", fontsize=9.6, color=palette.ink)
    for number in (1, 2, 3, 5, 6, 7):
        (x, y), (to, _) = place(number), place(number + 1)
        side = 1 if to > x else -1
        arrow(ax, (x + side * 1.06, y), (to - side * 1.06, y), "", palette.ink, "-")
    (x, y), (_, to) = place(4), place(5)
    arrow(ax, (x, y - 0.55), (x, to + 0.55), "gate", palette.ink, "-")
    for start, end, label, color in (
        (6, 3, "log becomes\ntraining data", RED),
        (7, 2, "metric right,\nmoney wrong", RED),
        (8, 1, "stop, or a\nnew goal", RED),
    ):
        (x, y), (_, to) = place(start), place(end)
        arrow(ax, (x, y + 0.55), (x, to - 0.55), label, color, "--")
    (left, low), (right, _) = place(8), place(5)
    ax.plot([left, left], [low - 0.55, low - 0.95], color=RED, linestyle="--", linewidth=1.8)
    ax.plot([left, right], [low - 0.95, low - 0.95], color=RED, linestyle="--", linewidth=1.8)
    arrow(ax, (right, low - 0.95), (right, low - 0.55), "", RED, "--")
    ax.text((left + right) / 2, low - 1.2, "roll back: the last release", ha="center", va="center", fontsize=11)
    ax.set(xlim=(0.1, 9.95), ylim=(-0.7, 3.95))
    ax.axis("off")
    return fig


@figure("lifecycle/wait-by-utilization")
def wait_by_utilization() -> Figure:
    """Mean wait in service times over utilization, for 1, 4 and 16 servers behind one queue."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    used = np.linspace(0.02, 0.96, 95)
    for servers, dash, color in ((1, "-", RED), (4, "--", BLUE), (16, "-.", GREEN)):
        waits = [worked.waits_in_services(u, servers) for u in used]
        ax.plot(100 * used, waits, dash, color=color, label=f"{servers} server{'s' * (servers > 1)}, one queue")
        at = worked.waits_in_services(0.8, servers)
        ax.plot(80, at, "o" if servers == 1 else "s" if servers == 4 else "^", color=color)
        ax.annotate(f"{at:.2g}", (80, at), (-7, 5), textcoords="offset points", ha="right", fontsize=10.5)
    ax.axvline(80, color=palette.muted, linewidth=1, linestyle=(0, (2, 2)))
    ax.set(xlim=(0, 100), ylim=(0, 6))
    ax.set_xticks([0, 20, 40, 60, 80, 100], ["0", "20 %", "40 %", "60 %", "80 %", "100 %"])
    ax.set(xlabel="share of the time a server is busy", ylabel="mean wait, in service times")
    ax.legend(loc="upper left")
    return fig


@figure("lifecycle/retraining-cost")
def retraining_cost() -> Figure:
    """Dollars a day over the interval between retrainings, with and without hands in the run."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    days = np.geomspace(0.5, 30, 80)
    runs = (("three engineer hours a run", worked.RETRAIN_HANDS, "-", RED), ("no hands", 0.0, "--", BLUE))
    for label, hands, dash, color in runs:
        ax.plot(days, [worked.retraining(d, hands) for d in days], dash, color=color, label=label)
        for day, marker in ((1, "o"), (7, "s")):
            ax.plot(day, worked.retraining(day, hands), marker, color=color)
        best = worked.best_days(hands)
        ax.plot(best, worked.best_retraining(hands), "v", color=color)
        ax.annotate(
            f"best: {best:.1f} days",
            (best, worked.best_retraining(hands)),
            (0, -17),
            textcoords="offset points",
            ha="center",
            fontsize=10.5,
        )
    ax.set(xscale="log", xlim=(0.5, 30), ylim=(0, 500))
    ax.set_xticks([0.5, 1, 2, 7, 14, 30], ["0.5", "1", "2", "7", "14", "30"])
    ax.minorticks_off()
    ax.set(xlabel="days between retrainings", ylabel="dollars a day")
    ax.legend(loc="upper center")
    return fig
