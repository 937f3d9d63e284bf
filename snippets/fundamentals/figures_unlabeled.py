"""The drawing of one page of cards. Serves docs/chapters/fundamentals/unlabeled.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.fundamentals import unlabeled


@figure("fundamentals/one-map-for-two")
def one_map_for_two() -> Figure:
    """Two tables of three groups each, at one scale, and the map that both get."""
    fig = Figure(figsize=(4.8, 2.0))
    panels = fig.subplots(1, 3)
    tables = [unlabeled.groups(moved=moved) for moved in (False, True)]
    both = unlabeled.tsne_layout(unlabeled.tsne_similarities(tables[1], unlabeled.PERPLEXITY))
    for axes, rows, title in zip(panels, (*tables, both), ("one table", "another", "map of both"), strict=True):
        for group, (color, marker) in enumerate(zip(palette.series, "o^s", strict=False)):
            part = rows.reshape(3, unlabeled.GROUP, 2)[group]
            axes.scatter(*part.T, s=9, color=color, marker=marker, linewidths=0)
        axes.set_title(title)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(False)
        axes.spines[["top", "right"]].set_visible(True)
        axes.set_aspect("equal")
        low, high = rows.min(axis=0), rows.max(axis=0)
        if rows is not both:
            low, high = tables[1].min(axis=0), tables[1].max(axis=0)
        half = 0.55 * max(high - low)
        axes.set_xlim(*((low + high)[0] / 2 + side * half for side in (-1, 1)))
        axes.set_ylim(*((low + high)[1] / 2 + side * half for side in (-1, 1)))
    return fig
