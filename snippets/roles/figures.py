"""The figures of one page. Serves docs/chapters/roles.md.

Both are closed forms. Series differ by dash or marker as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.roles import worked
from snippets.roles.loop import RULES
from snippets.roles.plan import plan_for_average

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, *_ = palette.series


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
    """Hours that the best plan gives Mira's coding screen under three rules, over the hours she has."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    totals = range(61)
    lines = (
        ("screen a gate, then mean of four", [worked.coding_if_gate_then_average(h) for h in totals], BLUE, "-.", "o"),
        ("five gates", [worked.mira_hours("all", h)[0] for h in totals], RED, "-", "s"),
        ("mean of all five", [plan_for_average(worked.MIRA, h)[0] for h in totals], GREEN, "--", "^"),
    )
    for label, given, color, dash, marker in lines:
        ax.plot(totals, given, linestyle=dash, color=color, marker=marker, markevery=10, label=label)
    ax.axvline(worked.HOURS, color=palette.muted, linewidth=1, linestyle=(0, (2, 2)))
    ax.set(xlim=(0, 60), ylim=(0, 50), xlabel="hours before the loop", ylabel="hours for the coding screen")
    ax.legend(loc="upper left")
    return fig
