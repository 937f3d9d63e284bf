"""The figures of the chapter on debugging. Serves docs/chapters/debugging/index.md.

The ladder is drawn, the curves are computed: `worked.signature` and `training_runs.order_run`, seeds included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.debugging import training_runs, worked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series

SPINE = (  # question, and what a no points to
    ("1  Rows and labels\nas meant?", "joins, units, duplicates, order:\nno number means anything yet"),
    ("2  Metric as meant?", "averages, empty groups, ties,\nanother set of rows"),
    ("3  Training beats\nthe baseline?", "data, labels, features,\nunderfitting, code"),
    (
        "4  Validation near\ntraining?",
        "overfitting, split mismatch,\nmemorized ids, regularization,\na leak into training only",
    ),
    ("5  Every slice near\nthe whole?", "too few rows, other labels,\nmissing signal, a dead source"),
    ("6, 7  Each feature\nearns its place?", "a leak common to both,\na dead column, twins"),
    ("8  Scores mean\nwhat they say?", "resampling, weights,\na moved base rate"),
    ("9  Production near\nvalidation?", "skew, freshness, drift,\nfeedback, metric mismatch"),
)


@figure("debugging/ladder")
def ladder() -> Figure:
    """The ladder as a diagram: eight questions down the left, what a no points to on the right."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyBboxPatch

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 7.9))
    ax.set(xlim=(0, 10), ylim=(-5.3, 12.2))
    ax.axis("off")

    def box(left: float, right: float, y: float, height: float, text: str, color: str, dash: str = "-") -> None:
        shape = FancyBboxPatch(
            (left, y - height / 2), right - left, height,
            boxstyle="round,pad=0,rounding_size=0.15", facecolor="none", edgecolor=color, linestyle=dash, linewidth=1.4,
        )  # fmt: skip
        ax.add_patch(shape)
        ax.text((left + right) / 2, y, text, ha="center", va="center", fontsize=10.5)

    arrow = {"arrowstyle": "-|>", "color": palette.ink, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    for i, (question, suspects) in enumerate(SPINE):
        y = 11.4 - 2 * i
        box(0.1, 4.2, y, 1.1, question, BLUE)
        box(5.1, 9.95, y, 1.4, suspects, RED, "--")
        ax.annotate("", (5.1, y), (4.2, y), arrowprops=arrow)
        ax.text(4.6, y + 0.12, "no", ha="center", va="bottom", fontsize=10.5)
        ax.annotate("", (2.15, y - 1.45), (2.15, y - 0.55), arrowprops=arrow)
        ax.text(2.35, y - 1.0, "yes", ha="left", va="center", fontsize=10.5)
    box(0.1, 4.2, 11.4 - 2 * len(SPINE), 1.1, "No bug: the ceiling", GREEN)
    ax.text(
        4.5, 11.4 - 2 * len(SPINE), "it wants new signal,\nnot more debugging", ha="left", va="center", fontsize=10.5
    )
    return fig


def curves(ax: Axes, name: str, title: str) -> None:
    """One panel: training and validation loss by epoch, and fresh rows like training at the end."""
    trial = worked.signature(name)
    epochs = np.arange(1, len(trial.curves) + 1)
    ax.plot(epochs, [e.train for e in trial.curves], "-", color=BLUE, label="training")
    ax.plot(epochs, [e.validation for e in trial.curves], "--", color=RED, label="validation")
    ax.plot(epochs[-1], trial.like_training, "s", color=GREEN, markersize=7, label="held out of training's rows")
    ax.axhline(float(np.log(2)), color=palette.muted, linewidth=1, linestyle=":")
    ax.set(title=title, ylim=(0, 1.25), xlim=(0, 62))
    ax.set_yticks([0, 0.5, 1])


@figure("debugging/signatures")
def signatures() -> Figure:
    """Four pairs of curves from one network, each with one thing wrong."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, axes = plt.subplots(2, 2, figsize=(6.0, 5.2), sharex=True, sharey=True)
    titles = ("A", "B", "C", "D")
    for ax, name, title in zip(axes.flat, worked.SIGNATURES[1:], titles, strict=True):
        curves(ax, name, title)
    for ax in axes[1]:
        ax.set_xlabel("epoch")
    for ax in axes[:, 0]:
        ax.set_ylabel("log-loss")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=10)
    return fig


@figure("debugging/saw")
def saw() -> Figure:
    """Training loss by step of the run whose file is in the order of its labels."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    losses = training_runs.order_run(True).losses
    ax.plot(losses, color=BLUE, linewidth=1.3)
    ax.axhline(training_runs.click_entropy(), color=palette.muted, linestyle="--", linewidth=1.2)
    ax.text(
        210, 1.0, "entropy of the click rate", fontsize=10.5, ha="center", va="center",
        bbox={"facecolor": palette.paper, "edgecolor": "none", "pad": 2},
    )  # fmt: skip
    ax.set(xlabel="step", ylabel="training loss", ylim=(0, None), xlim=(0, len(losses)))
    return fig
