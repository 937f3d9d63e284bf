"""The figure of one page. Serves docs/chapters/llm-systems/generation.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure, palette

from snippets.llm_systems import worked_generation as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, _, _ = palette.series


@figure("llm-systems/risk-coverage")
def risk_coverage() -> Figure:
    """Share of answers that are wrong over the share of questions answered, beside a perfect order and none."""
    import matplotlib.pyplot as plt

    points = worked.curve()
    base = points[-1].risk
    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.4))
    ax.axhline(100 * base, color=GREEN, linestyle=":", linewidth=1.8)
    ax.plot([100 * p.coverage for p in points], [100 * p.risk for p in points], "o-", color=BLUE, markersize=5)
    shares = [0.5, 1 - base, 0.85, 0.9, 0.95, 1.0]
    ax.plot([100 * s for s in shares], [100 * max(0.0, 1 - (1 - base) / s) for s in shares], "--", color=RED)
    for point in points[:5]:
        place = (100 * point.coverage, 100 * point.risk)
        ax.annotate(f"{point.threshold:g}", place, (-5, 7), textcoords="offset points", ha="right", fontsize=11)
    ax.text(51, 100 * base - 1.9, "no order", color=palette.ink, fontsize=11)
    ax.text(87, 4.2, "perfect order", color=palette.ink, fontsize=11)
    ax.set(xlim=(50, 101), ylim=(-0.8, 23), xlabel="answered, % of questions", ylabel="wrong, % of answers")
    return fig
