"""The figures of one page. Serves docs/chapters/experiments/designing.md. Two series differ by dash or marker as well as by color."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.experiments import worked_designing as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series


@figure("experiments/visible-by-weeks")
def visible_by_weeks() -> Figure:
    """Smallest visible change of purchases over weeks, for three metrics, and what fresh visitors would give."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    weeks = np.arange(1, 9)
    series: tuple[tuple[worked.Metric, str, str, str, str], ...] = (
        ("fees", "fees per visitor", GREEN, "-.", "^"),
        ("buyers", "share of visitors who buy", RED, "--", "s"),
        ("purchases", "purchases per search", BLUE, "-", "o"),
    )
    for metric, label, color, dash, marker in series:
        seen = [100 * worked.visible_purchases(metric, int(7 * week)) for week in weeks]
        ax.plot(weeks, seen, dash, color=color, marker=marker, label=label)
    fresh = [100 * worked.fresh_visible("purchases", int(7 * week)) for week in weeks]
    ax.plot(weeks, fresh, ":", color=palette.ink, label="purchases, if all came once")
    ax.axhline(100 * worked.worth_launching(), color=palette.muted, linewidth=1)
    ax.text(
        0.95,
        100 * worked.worth_launching() - 0.03,
        "worth launching",
        ha="left",
        va="top",
        fontsize=10.5,
        color=palette.ink,
    )
    ax.set(xlim=(0.8, 8.2), ylim=(0, 1.6), xlabel="weeks", ylabel="visible change of purchases, %")
    ax.legend(loc="upper right")
    return fig


@figure("experiments/one-stock")
def one_stock() -> Figure:
    """Share of a gain that a test reads over its length: by user, and by region for slow and fast goods."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    days = np.arange(1, 121)
    ax.plot(days, np.ones(len(days)), "-", color=RED, label="by user, any goods")
    series = (
        (worked.WHOLE, "by region, all goods", BLUE, "--", 0.25),
        (worked.PHONES, "by region, phones", GREEN, "-.", 0.05),
    )
    for stock, label, color, dash, lasts in series:
        ax.plot(days, [stock.after(0, float(day)) for day in days], dash, color=color, label=label)
        ax.axhline(lasts, color=color, linewidth=1, linestyle=(0, (1, 2)))
    for y, words in ((0.265, "lasts: all goods"), (0.065, "lasts: phones")):
        ax.text(1, y, words, ha="left", va="bottom", fontsize=10.5, color=palette.ink)
    ax.axvline(28, color=palette.muted, linewidth=1)
    ax.set(xlim=(0, 120), ylim=(0, 1.08), xlabel="days of the test", ylabel="share of the gain it reads")
    ax.set_xticks([0, 28, 56, 84, 112])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.legend(loc="center", bbox_to_anchor=(0.66, 0.385))
    return fig
