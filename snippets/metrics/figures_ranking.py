"""The figures of one page. Serves docs/chapters/metrics/ranking.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.metrics.worked_ranking import CATALOG, recall_10, sample_that_agrees


@figure("metrics/sampled-recall")
def sampled_recall() -> Figure:
    """Expected recall@10 of two models against the number of sampled negatives."""
    fig = Figure()
    axes = fig.subplots()
    samples = sorted({round(10 ** (1 + 3 * step / 60)) for step in range(60)} | {CATALOG - 1})
    for model, dash, color in (("specialist", "-", palette.series[0]), ("generalist", "--", palette.series[1])):
        axes.plot(samples, [recall_10(model, sample) for sample in samples], dash, color=color)
    axes.axvline(sample_that_agrees(), color=palette.muted, linewidth=1, linestyle=":")
    axes.set_xscale("log")
    axes.set_xticks([10, 100, 1_000, 10_000], ["10", "100", "1,000", "10,000"])
    axes.set_ylim(0, 1.08)
    axes.set_xlabel("sampled negatives (log scale)")
    axes.set_ylabel("recall@10")
    axes.text(44, 0.34, "specialist: 0.30 in truth", color=palette.series[0])
    axes.text(60, 0.90, "generalist: 0 in truth", color=palette.series[1])
    axes.text(sample_that_agrees() * 1.08, 0.62, "order turns\nright here", color=palette.muted)
    return fig
