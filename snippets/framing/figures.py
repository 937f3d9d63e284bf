"""The figures of the chapter on framing, both closed forms. Serves docs/chapters/framing.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.framing import worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, _, _ = palette.series


@figure("framing/ladder")
def ladder() -> Figure:
    """What each pair of detector and action saves a day, in thousand dollars."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(5.0, 3.2))
    names = [name for name, _ in worked.LADDER]
    money = [value() / 1_000 for _, value in worked.LADDER]
    looks = {"rule": ("//", RED), "model": ("", BLUE), "perfect": ("..", GREEN)}
    for row, (name, dollars) in enumerate(zip(names, money, strict=True)):
        hatch, color = looks[name.split(",")[0]]
        ax.barh(row, dollars, color=color, hatch=hatch, edgecolor=palette.paper, height=0.66)
        side, shift = ("left", 8) if dollars > 0 else ("right", -8)
        ax.text(dollars + shift, row, f"{dollars:,.0f}", ha=side, va="center", color=palette.ink, fontsize=11)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.axvline(0, color=palette.muted, linewidth=1)
    ax.set(xlim=(-720, 400), xlabel="thousand dollars saved a day")
    ax.set_xticks([-600, -400, -200, 0, 200])
    ax.grid(axis="y", visible=False)
    return fig


@figure("framing/offer-by-reach")
def offer_by_reach() -> Figure:
    """What an offer earns over the share of customers it reaches, ranked by risk and by uplift."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    reach = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
    for by, dash, mark, color in (("uplift", "-", "o", BLUE), ("risk", "--", "s", RED)):
        earned = [worked.campaign_profit(by, share) / 1_000 for share in reach]
        ax.plot(100 * reach, earned, dash, marker=mark, markersize=5, color=color, label=f"ranked by {by}")
    ax.axhline(0, color=palette.muted, linewidth=1)
    ax.set(xlabel="share of customers who get the offer, %", ylabel="thousand dollars earned")
    ax.legend(loc="lower left")
    return fig
