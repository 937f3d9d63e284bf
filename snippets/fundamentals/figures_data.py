"""The drawing of the card on selection bias. Serves docs/chapters/fundamentals/data.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.fundamentals.data import two_marks


@figure("fundamentals/chosen-by-sum")
def chosen_by_sum() -> Figure:
    """Two unrelated marks of 400 people, and the best tenth by their sum."""
    fig = Figure(figsize=(6.0, 3.4))
    axes = fig.subplots()
    marks, chosen = two_marks()
    axes.plot(*marks[~chosen].T, "o", color=palette.muted, markersize=3, label="rejected", alpha=0.6)
    axes.plot(*marks[chosen].T, "s", color=palette.series[1], markersize=4.5, label="hired")
    cut = marks[chosen].sum(axis=1).min()
    axes.plot([-1, 3.2], [cut + 1, cut - 3.2], "--", color=palette.ink, linewidth=1)
    axes.set_xlabel("test")
    axes.set_ylabel("interview")
    axes.set_xlim(-3.3, 3.3)
    axes.set_ylim(-3.3, 3.3)
    axes.legend(loc="lower left")
    return fig
