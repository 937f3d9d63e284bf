"""The figures of the chapter. Serves docs/chapters/data-audit/leaks.md.

Closed forms or seeded simulations of the worked modules. Two series always differ by marker or dash as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.data_audit import dedup, planted, worked_labels, worked_splits
from snippets.metrics import worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series

LEAKS = {
    "user id": "a user's id, rows split",
    "copies": "rows logged twice",
    "second account": "second accounts",
    "selected before": "columns chosen on all rows",
    "future window": "window into the future",
    "after the fact": "support was contacted",
    "late update": "chargeback by event day",
    "target-derived": "refunded amount",
}


@figure("data-audit/what-leaks-buy")
def what_leaks_buy() -> Figure:
    """Validation score with the leak, production score with the leak, and the honest production score, for eight leaks."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    for place, name in enumerate(LEAKS):
        leaky, honest = planted.exhibit(name)
        ax.plot([leaky.production, leaky.validation], [place, place], color=palette.muted, linewidth=1.4)
        first = place == 0
        ax.plot(leaky.validation, place, "D", color=RED, label="validation says" if first else None)
        ax.plot(leaky.production, place, "o", color=BLUE, label="production gives" if first else None)
        ax.plot(
            honest.production,
            place,
            "|",
            color=GREEN,
            markersize=14,
            markeredgewidth=2.4,
            label="without the leak" if first else None,
        )
    ax.set_yticks(range(len(LEAKS)), list(LEAKS.values()))
    ax.set(xlim=(0.48, 1.0), xlabel="area under the ROC curve")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.3, 1.14), ncols=3, columnspacing=1.0, handletextpad=0.3)
    return fig


@figure("data-audit/attack-learned")
def attack_learned() -> Figure:
    """What a new attack looks like to a daily retrained model under three treatments of young rows."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    days = np.arange(1, 101)
    ax.plot(
        days,
        [worked_labels.learned(worked_labels.ATTACK_FRAUD, float(day)) for day in days],
        color=RED,
        label="all rows, as labeled",
    )
    waited = np.where(days > 90, worked_labels.ATTACK_FRAUD, 0.002)
    ax.plot(days, waited, "--", color=VIOLET, label="rows of 90 days and more")
    known = np.where(days >= worked_labels.noticed_by_maturity(), worked_labels.ATTACK_FRAUD, np.nan)
    ax.plot(days, known, "-.", color=GREEN, label="known over what could be known")
    line = worked.break_even_probability()
    ax.axhline(line, color=palette.muted, linewidth=1.2, linestyle=":")
    ax.text(1, line + 0.008, "break-even, 1 in 11", fontsize=10.5)
    ax.set(xlim=(0, 100), ylim=(0, 0.45), xlabel="days since the attack began", ylabel="probability of fraud learned")
    ax.legend(loc="upper left", bbox_to_anchor=(0.08, 0.86))
    return fig


@figure("data-audit/splits-and-production")
def splits_and_production() -> Figure:
    """What six splits say of one model, and what production then gives to three groups of users."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 4.0))
    found = worked_splits.split_table()
    rows = {
        "random": "rows at random",
        "time without gap": "time, no gap",
        "time": "time, 90-day gap",
        "users": "users",
        "time and users": "time and users",
        "time and regions": "time and regions",
    }
    for place, (name, label) in enumerate(reversed(rows.items())):
        error = 2 * found[f"se {name}"]
        ax.errorbar(found[name], place, xerr=error, fmt="D", color=RED, label="split says" if place == 0 else None)
        ax.text(0.575, place, label, va="center", ha="right", fontsize=11)
    groups = {"known users": (BLUE, "-"), "new users": (GREEN, "--"), "new region": (VIOLET, ":")}
    for name, (color, dash) in groups.items():
        ax.axvline(found[f"production, {name}"], color=color, linestyle=dash, label=f"production, {name}")
    ax.set(xlim=(0.58, 0.82), ylim=(-0.6, 5.6), xlabel="area under the ROC curve")
    ax.set_yticks([])
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, 1.24), ncols=2)
    return fig


@figure("data-audit/banding")
def banding() -> Figure:
    """Chance that MinHash with bands proposes a pair, over their similarity, for three settings, and a simulation of one."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    s = np.linspace(0, 1, 101)
    for (bands, rows), dash, color in zip(
        ((30, 3), (20, 5), (9, 10)), ("-", "--", "-."), (BLUE, RED, GREEN), strict=True
    ):
        ax.plot(s, [dedup.banding(x, bands, rows) for x in s], dash, color=color, label=f"{bands} bands of {rows}")
    same = np.arange(0, 19, 3)
    seen = [simulated_banding(int(k)) for k in same]
    ax.plot(same / (36 - same), seen, "o", color=BLUE, markersize=5, label="simulated, 30 of 3")
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="Jaccard similarity of two titles", ylabel="chance to be proposed")
    ax.legend(loc="lower right")
    return fig


def simulated_banding(same: int, times: int = 60) -> float:
    """Share of 60 seeded hash families under which two sets of 18 with so many in common become a candidate pair, 30 bands of 3."""
    a = {f"s{i}" for i in range(same)} | {f"a{i}" for i in range(18 - same)}
    b = {f"s{i}" for i in range(same)} | {f"b{i}" for i in range(18 - same)}
    pairs = [dedup.candidate_pairs([dedup.minhash(a, 90, k), dedup.minhash(b, 90, k)], 30) for k in range(times)]
    return sum(bool(found) for found in pairs) / times
