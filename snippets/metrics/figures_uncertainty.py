"""The figures of one page. Serves docs/chapters/metrics/uncertainty.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.metrics.worked_uncertainty import (
    disagreement,
    forecast_cost,
    gain,
    paired_half_width,
    staffing_cost,
    unpaired_half_width,
)


@figure("metrics/paired-interval")
def paired_interval() -> Figure:
    """Half-width of the interval of a difference on 800 items against how often two models disagree."""
    fig = Figure()
    axes = fig.subplots()
    shares = [0.0095 + step * 0.0005 for step in range(582)]
    axes.plot([100 * s for s in shares], [100 * paired_half_width(s) for s in shares], color=palette.series[0])
    axes.axhline(100 * unpaired_half_width(), color=palette.series[1], linestyle="--")
    axes.axhline(100 * gain(), color=palette.muted, linewidth=1.2, linestyle=":")
    here = 100 * disagreement()
    axes.plot([here], [100 * paired_half_width()], "o", color=palette.series[0], markersize=7)
    axes.set_xlim(0, 30)
    axes.set_ylim(0, 4.2)
    axes.set_xlabel("items on which just one model is right, %")
    axes.set_ylabel("half-width, points")
    axes.text(9.6, 1.72, "this pair: 8.6 %", color=palette.series[0])
    axes.text(0.5, 3.68, "two separate test sets", color=palette.series[1])
    axes.text(17.5, 1.0, "lead: 0.9 points", color=palette.muted)
    return fig


@figure("metrics/staffing-cost")
def staffing_costs() -> Figure:
    """Cost of missing and idle agents against the level staffed, with what three losses choose."""
    fig = Figure()
    axes = fig.subplots()
    levels = [50 + step * 0.25 for step in range(121)]
    axes.plot(levels, [staffing_cost(level) / 1000 for level in levels], color=palette.series[0])
    for name, level, mark, shift in (
        ("MAE", 60.0, "s", 1.4),
        ("RMSE", 62.0, "^", 0.9),
        ("pinball 0.8", 67.0, "o", -2.6),
    ):
        key = {"MAE": "median", "RMSE": "mean", "pinball 0.8": "quantile"}[name]
        cost = forecast_cost(key) / 1000
        axes.plot([level], [cost], mark, color=palette.series[1], markersize=8)
        axes.text(level + 0.7, cost + shift, name, color=palette.series[1])
    axes.set_ylim(0, 31)
    axes.set_xlabel("staffed on each day, hundreds of questions")
    axes.set_ylabel("cost a day, thousands of dollars")
    return fig
