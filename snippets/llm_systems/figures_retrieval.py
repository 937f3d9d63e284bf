"""The figures of one page. Serves docs/chapters/llm-systems/retrieval.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.llm_systems import worked_retrieval as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series


@figure("llm-systems/approximate")
def approximate() -> Figure:
    """Share of the exact top six found over milliseconds, two indexes at two sizes, with exact search as the last point."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, axes = plt.subplots(1, 2, sharey=True, figsize=(6.0, 3.6))
    for ax, (passages, rows) in zip(axes, worked.MEASURED.items(), strict=True):
        for name, color, mark in (("inverted file", BLUE, "o-"), ("graph", RED, "s--")):
            mine = [row for row in rows if row.name == name]
            ax.plot(
                [r.median_ms for r in mine],
                [100 * r.recall for r in mine],
                mark,
                color=color,
                label=name,
                markersize=4.5,
            )
        exact = rows[0]
        ax.plot(exact.median_ms, 100, "D", color=GREEN, markersize=7, label="exact")
        ax.set(xscale="log", ylim=(0, 106), xlim=(0.02, 40), xlabel="ms a question")
        ax.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        ax.minorticks_off()
        ax.set_title(f"{passages:,} passages", fontsize=11.5)
    axes[0].set_ylabel("% of the exact six")
    axes[0].legend(loc="lower right", fontsize=10.5)
    return fig


@figure("llm-systems/filter-after")
def filter_after() -> Figure:
    """Recall at six over the share of the list around the question a customer may see: filtered before, and after three depths."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.6))
    shares = np.geomspace(0.01, 1, 60)
    ax.axhline(100 * worked.recall("vectors"), color=palette.muted, linewidth=1.4)
    ax.text(0.0105, 95.5, "filtered before", fontsize=10.5, color=palette.ink)
    for depth, color, style in ((200, GREEN, ":"), (worked.DEPTH, BLUE, "-"), (6, RED, "--")):
        recall = [100 * worked.after_filter(float(share), depth) for share in shares]
        ax.plot(shares, recall, style, color=color, label=f"after the top {depth}")
    ax.set(
        xscale="log",
        ylim=(0, 104),
        xlabel="share of the list around the question that may be seen",
        ylabel="recall@6, %",
    )
    ax.set_xticks([0.01, 0.05, 0.2, 0.5, 1], ["1 %", "5 %", "20 %", "50 %", "100 %"])
    ax.minorticks_off()
    ax.legend(loc="lower right", fontsize=10.5)
    return fig
