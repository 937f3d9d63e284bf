"""The figures of one page. Serves docs/chapters/roles.md.

Both are closed forms. Series differ by dash or marker as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.roles import worked
from snippets.roles.loop import RULES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, OCHER = palette.series


@figure("roles/odds-by-rule")
def odds_by_rule() -> Figure:
    """Chance of an offer over the pass rate of each of five rounds, under three rules, with the observed span of offers."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    rates = np.linspace(0.4, 0.98, 80)
    low, _, high = worked.OFFERS_PER_ONSITE
    ax.axhspan(low, high, color=palette.grid, alpha=0.5, linewidth=0)
    note = "offers per onsite,\n27 companies, 2019"
    ax.text(0.985, 0.17, note, ha="right", va="bottom", fontsize=10, color=palette.ink)
    styles = (("every round", RED, "-"), ("all but one", GREEN, "--"), ("average", BLUE, "-."))
    for name, color, dash in styles:
        ax.plot(rates, [RULES[name]([p] * 5) for p in rates], dash, color=color, label=name)
        ax.plot(0.8, worked.at_80(name), "o", color=color, markersize=6)
        ax.annotate(
            f"{worked.at_80(name):.0%}",
            (0.8, worked.at_80(name)),
            (7, -13),
            textcoords="offset points",
            fontsize=10.5,
        )
    ax.set(xlim=(0.4, 1), ylim=(0, 1))
    ax.set_xticks([0.4, 0.6, 0.8, 1], ["40 %", "60 %", "80 %", "100 %"])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.set(xlabel="pass rate of each of five rounds", ylabel="chance of an offer")
    ax.legend(loc="upper left")
    return fig


@figure("roles/hours-by-round")
def hours_by_round() -> Figure:
    """Hours that the best must-pass plan gives each of Mira's rounds, over the hours she has."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    totals = range(61)
    dashes = ("-", "--", "-.", ":", (0, (5, 1)))
    markers = ("o", "s", "^", "D", "v")
    for i, round_ in enumerate(worked.MIRA):
        given = [worked.mira_hours("every round", total)[i] for total in totals]
        ax.plot(
            totals,
            given,
            linestyle=dashes[i],
            color=palette.series[i],
            marker=markers[i],
            markevery=15,
            label=round_.name,
        )
    ax.axvline(worked.HOURS, color=palette.muted, linewidth=1, linestyle=(0, (2, 2)))
    ax.set(xlim=(0, 60), ylim=(0, 21), xlabel="hours before the loop", ylabel="hours given to the round")
    ax.set_yticks([0, 5, 10, 15, 20])
    ax.legend(loc="upper left")
    return fig
