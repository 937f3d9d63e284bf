"""The figures of one page. Serves docs/chapters/metrics/llm.md.

Both are drawn from the worked numbers of `worked_llm`; two series always differ by dash or marker as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.cases import assistant
from snippets.metrics import worked_llm as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series


@figure("metrics/abstention")
def abstention() -> Figure:
    """Dollars a question and questions a day for agents, over the confidence from which the assistant answers."""
    import matplotlib.pyplot as plt

    lows = sorted(b.low for b in worked.CONFIDENCE)
    policies = [worked.at_threshold(low) for low in lows]
    fig: Figure
    fig, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(6.0, 4.9))
    top.plot(lows, [p.per_question for p in policies], "o-", color=BLUE, markersize=5)
    top.plot(
        lows,
        [p.wrong * p.wrong_cost / p.asked for p in policies],
        "--",
        color=RED,
        linewidth=1.5,
    )
    top.plot(lows, [p.abstained * assistant.handover_cost / p.asked for p in policies], ":", color=GREEN)
    top.text(0.0, 2.25, "wrong answers", color=palette.ink, fontsize=10.5)
    top.text(0.9, 0.95, "handovers", ha="right", color=palette.ink, fontsize=10.5)
    top.annotate("both", (0.15, 3.75), color=palette.ink, fontsize=10.5)
    best = worked.best_threshold()
    top.plot(best, worked.at_threshold(best).per_question, "s", color=VIOLET, markersize=9)
    top.annotate(
        "cheapest: 0.7",
        (best, worked.at_threshold(best).per_question),
        (0, 12),
        textcoords="offset points",
        ha="center",
        fontsize=10.5,
    )
    top.set(ylim=(0, 4.6), ylabel="dollars a question")
    loads = [worked.agent_load(p.right) / 1_000 for p in policies]
    bottom.plot(lows, loads, "o-", color=BLUE, markersize=5)
    bottom.plot(best, worked.agent_load(worked.at_threshold(best).right) / 1_000, "s", color=VIOLET, markersize=9)
    capacity = assistant.handover_capacity / 1_000
    bottom.axhline(capacity, color=RED, linestyle="--", linewidth=1.5)
    bottom.text(0.0, capacity + 0.4, "what the agents can take", va="bottom", color=palette.ink, fontsize=10.5)
    bottom.set(ylim=(0, 19), ylabel="thousand a day\nend with an agent", xlabel="answer from this confidence upward")
    bottom.set_xticks(np.arange(0, 1.0, 0.1))
    return fig


@figure("metrics/cost-per-success")
def cost_per_success() -> Figure:
    """Dollars for a correct answer over the share of correct answers, at four token prices."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    shares = np.linspace(0.55, assistant.answerable_rate, 61)
    for factor, style, color in ((100, ":", VIOLET), (10, "-.", GREEN), (1, "-", BLUE), (0.1, "--", RED)):
        label = f"tokens × {factor:g}"
        ax.plot(shares, [worked.cost_at_success(s, factor) for s in shares], style, color=color, label=label)
    for policy, name, marker, offset, side in (
        (worked.candidate(), "candidate", "o", (-8, -14), "right"),
        (worked.cheaper(), "cheaper model", "D", (-8, -16), "right"),
    ):
        x, y = policy.right / policy.asked, policy.per_success
        ax.plot(x, y, marker, color=palette.ink, markersize=7)
        ax.annotate(name, (x, y), offset, textcoords="offset points", ha=side, fontsize=10.5)
    ax.legend(loc="upper right")
    ax.set(xlim=(0.55, 0.86), ylim=(0, 9))
    ax.set_xticks([0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85], ["55 %", "60 %", "65 %", "70 %", "75 %", "80 %", "85 %"])
    ax.set(xlabel="correct answers, of all questions", ylabel="dollars for a correct answer")
    return fig
