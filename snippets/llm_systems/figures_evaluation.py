"""The figure of one page. Serves docs/chapters/llm-systems/evaluation.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.cases import assistant
from snippets.llm_systems import worked_evaluation as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, *_ = palette.series


@figure("llm-systems/judge-worth")
def judge_worth() -> Figure:
    """What a day's grades by people are worth with a judge on every answer, over how well it follows people."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.4))
    rho = np.linspace(0, 0.96, 97)
    ax.plot(rho, [worked.grades_worth(correlation=float(r)) for r in rho], color=BLUE)
    ax.axhline(assistant.graded_per_day, color=RED, linestyle="--", linewidth=1.5)
    ax.text(0.0, assistant.graded_per_day + 60, "people alone", color=palette.ink, fontsize=11)
    here = worked.judge_correlation()
    for r, words, marker in ((here, "this judge: 534", "s"), (worked.correlation_for(10), "tenfold: 0.95", "o")):
        ax.plot(r, worked.grades_worth(correlation=r), marker, color=BLUE, markersize=8)
        ax.annotate(
            words,
            (r, worked.grades_worth(correlation=r)),
            (-10, 6),
            textcoords="offset points",
            ha="right",
            fontsize=11,
            color=palette.ink,
        )
    ax.set(ylim=(0, 3_600), xlabel="correlation of judge and people, answer by answer", ylabel="worth, in grades")
    return fig
