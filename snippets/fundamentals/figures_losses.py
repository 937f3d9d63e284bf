"""The drawing of one page of cards. Serves docs/chapters/fundamentals/losses.md."""

from __future__ import annotations

import numpy as np
from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.fundamentals import losses


@figure("fundamentals/kl-directions")
def kl_directions() -> Figure:
    """Two peaks, and the one normal nearest to them in each direction of the divergence."""
    fig = Figure()
    axes = fig.subplots()
    shown = np.abs(losses.GRID) <= 8
    x = losses.GRID[shown][::20]
    truth, covering, seeking = (
        np.exp(curve[shown][::20])
        for curve in (
            losses.log_peaks(),
            losses.log_normal(0, losses.covering_spread()),
            losses.log_normal(*losses.seeking()),
        )
    )
    axes.fill_between(x, truth, color=palette.muted, alpha=0.25, linewidth=0)
    axes.plot(x, truth, color=palette.muted, linewidth=1.2)
    axes.plot(x, covering, "--", color=palette.series[0])
    axes.plot(x, seeking, ":", color=palette.series[1], linewidth=2)
    axes.set_xlim(-8, 8)
    axes.set_ylim(0, 0.44)
    axes.set_yticks([])
    axes.set_xlabel("value")
    axes.text(-3, 0.21, "truth", color=palette.muted, ha="center")
    axes.text(0, 0.14, "covers", color=palette.series[0], ha="center")
    axes.text(4.1, 0.34, "picks a peak", color=palette.series[1])
    return fig
