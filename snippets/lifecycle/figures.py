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
    """Center of a box, 1 to 8: down the left side, up the right."""
    row = number - 1 if number <= 4 else 8 - number
    return (1.45 if number <= 4 else 5.15), 5.4 - 1.55 * row


def arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str, dash: str) -> None:
    """A straight arrow between two points."""
    style = {"arrowstyle": "-|>", "color": color, "linestyle": dash, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)


@figure("lifecycle/eight-boxes")
def eight_boxes() -> Figure:
    """The lifecycle as a ring of eight boxes with four ways back."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyBboxPatch

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 5.4))
    wide, high = 1.15, 0.48  # half of a box
    for number, (name, content) in enumerate(BOXES, 1):
        x, y = place(number)
        shape = "round,pad=0,rounding_size=0.14"
        color = BLUE if number <= 5 else GREEN
        box = FancyBboxPatch((x - wide, y - high), 2 * wide, 2 * high, boxstyle=shape, linewidth=1.8)
        box.set(facecolor=palette.paper, edgecolor=color)
        ax.add_patch(box)
        ax.text(x, y + 0.19, name, ha="center", va="center", fontsize=13.5, weight="bold", color=palette.ink)
        ax.text(x, y - 0.2, content, ha="center", va="center", fontsize=11, color=palette.ink)
    for number in (1, 2, 3, 5, 6, 7):
        (x, y), (_, to) = place(number), place(number + 1)
        side = 1 if to > y else -1
        arrow(ax, (x, y + side * high), (x, to - side * high), palette.ink, "-")
    ways = (
        (4, 5, "gate", palette.ink, "-"),
        (6, 3, "logs train", RED, "--"),
        (7, 2, "reframe", RED, "--"),
        (8, 1, "stop", RED, "--"),
    )
    for start, end, label, color, dash in ways:
        (x, y), (to, _) = place(start), place(end)
        side = 1 if to > x else -1
        arrow(ax, (x + side * wide, y), (to - side * wide, y), color, dash)
        ax.text((x + to) / 2, y + 0.1, label, ha="center", va="bottom", fontsize=11, color=palette.ink)
    (x, top), (_, low) = place(8), place(5)
    edge, out = x + wide, x + wide + 0.45
    ax.plot([edge, out, out], [top, top, low], color=RED, linestyle="--", linewidth=1.8)
    arrow(ax, (out, low), (edge, low), RED, "--")
    ax.text(out + 0.16, (top + low) / 2, "roll back", ha="center", va="center", fontsize=11, rotation=90)
    ax.set(xlim=(0.2, 7.05), ylim=(0.1, 6.0))
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
        if servers < 16:  # the third number would stand on a curve; the caption has it
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
            (0, 9 if hands else -17),
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
