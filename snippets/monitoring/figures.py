"""The figures of one page. Serves docs/chapters/monitoring.md. Both are closed forms or Markov chains, without draws."""

from __future__ import annotations

import numpy as np
from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.monitoring import worked

BLUE, RED, GREEN, VIOLET, _ = palette.series


@figure("monitoring/days-to-find")
def days_to_find() -> Figure:
    """Average days until a lasting shift alarms, for three rules with equal false alarms."""
    fig = Figure()
    axes = fig.subplots()
    shifts = np.linspace(0.25, 4, 31)
    for rule, label, dash, color in (
        ("daily", "daily threshold", "-", BLUE),
        ("weekly", "weekly mean", "-.", GREEN),
        ("cusum", "CUSUM", "--", RED),
    ):
        days = [worked.days_to_find(rule, float(s), worked.PAGED_DAYS) for s in shifts]
        axes.plot(shifts, days, dash, color=color, label=label)
    for shift, mark in ((1.0, "o"), (3.0, "s")):
        for rule, color in (("daily", BLUE), ("cusum", RED)):
            axes.plot(shift, worked.days_to_find(rule, shift, worked.PAGED_DAYS), mark, color=color, markersize=6)
    axes.set(yscale="log", xlim=(0.25, 4), ylim=(0.9, 300))
    axes.set_yticks([1, 3, 10, 30, 100, 300], ["1", "3", "10", "30", "100", "300"])
    axes.minorticks_off()
    axes.set(xlabel="lasting shift, in standard errors of a day", ylabel="days until the alarm, mean")
    axes.legend(loc="upper right")
    return fig


@figure("monitoring/two-ways-to-be-wrong")
def two_ways_to_be_wrong() -> Figure:
    """Chance of an alarm on harmless data over the rows of a window: PSI above 0.1, and a test on a shift of 0.02."""
    fig = Figure()
    axes = fig.subplots()
    rows = np.unique(np.geomspace(100, 3_000_000, 120).round().astype(int))
    for bins, dash, color in ((10, "-", BLUE), (30, "--", GREEN)):
        chance = [worked.psi_above(bins, int(n)) for n in rows]
        axes.plot(rows, chance, dash, color=color, label=f"PSI above 0.1, {bins} bins, no change")
    axes.plot(rows, [worked.chi_power(int(n)) for n in rows], "-.", color=RED, label="test beyond 3.93, shift of 0.02")
    axes.set(xscale="log", xlim=(100, 3_000_000), ylim=(0, 1.02))
    axes.set_xticks([100, 1_000, 10_000, 100_000, 1_000_000], ["100", "1,000", "10,000", "100,000", "1 million"])
    axes.minorticks_off()
    axes.set(xlabel="rows in the window, and in the reference", ylabel="chance of an alarm")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=10)
    return fig
