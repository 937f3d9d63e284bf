"""The figures of one page. Serves docs/chapters/metrics/classification.md.

All but the last are closed forms of `worked.Detector`; the last is a simulated day with its seed. Two series always differ
by dash or marker as well as by color.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette
from numpy.typing import NDArray

from snippets.cases import payments
from snippets.metrics import worked
from snippets.metrics._inputs import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series


def thousands(dollars: float) -> float:
    """Dollars in thousands, for an axis."""
    return dollars / 1_000


@figure("metrics/cost-over-threshold")
def cost_over_threshold() -> Figure:
    """Dollars a day over the threshold, with the thresholds that five rules choose."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    days = [worked.at_cut(cut) for cut in np.linspace(1.75, 4.0, 90)]
    ax.plot([d.probability for d in days], [thousands(d.cost) for d in days], color=BLUE)
    ax.axhline(thousands(payments.loss_without_model), color=palette.muted, linestyle="--", linewidth=1.2)
    ax.text(0.9, 304, "approve everything", ha="right", va="bottom", color=palette.ink, fontsize=10.5)
    marks = (
        ("1 % FPR", worked.at_rate(), (8, 4), "left"),
        ("break-even 1/11", worked.at_break_even(), (0, -16), "center"),
        ("review capacity", worked.at_alerts(), (10, -12), "left"),
        ("0.5", worked.at_probability(0.5), (-8, 6), "right"),
    )
    for label, day, offset, side in marks:
        ax.plot(day.probability, thousands(day.cost), "o", color=RED, markersize=6)
        ax.annotate(
            label, (day.probability, thousands(day.cost)), offset, textcoords="offset points", ha=side, fontsize=10.5
        )
    ax.set(xscale="log", xlim=(0.006, 1), ylim=(170, 400))
    ax.set_xticks([0.01, 0.1, 0.5, 1], ["0.01", "0.1", "0.5", "1"])
    ax.set(xlabel="decline at this fraud probability and above", ylabel="thousand dollars a day")
    ax.minorticks_off()
    return fig


@figure("metrics/action-by-probability")
def action_by_probability() -> Figure:
    """Expected cost of four actions on one payment over its fraud probability, and where each is cheapest."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    p = np.geomspace(0.001, 0.999, 90)
    dashes = ("-", "--", "-.", ":")
    colors = (BLUE, GREEN, VIOLET, RED)
    for action, dash, color in zip(worked.ACTIONS, dashes, colors, strict=True):
        ax.plot(p, [payments.expected_cost(action, x) for x in p], dash, color=color, label=action)
    edges = [worked.crossing(a, b) for a, b in pairwise(worked.ACTIONS)]
    for edge in edges:
        ax.axvline(edge, ymax=0.78, color=palette.muted, linewidth=1, linestyle=(0, (2, 2)))
        ax.text(edge, 0.058, f" {100 * edge:.1f} %", ha="left", va="bottom", fontsize=10, color=palette.ink)
    ax.set(xscale="log", yscale="log", xlim=(0.001, 1), ylim=(0.05, 300))
    ax.set_xticks([0.001, 0.01, 0.1, 1], ["0.1 %", "1 %", "10 %", "100 %"])
    ax.set_yticks([0.1, 1, 10, 100], ["$0.10", "$1", "$10", "$100"])
    ax.set(xlabel="probability of fraud", ylabel="expected cost of a payment")
    ax.minorticks_off()
    ax.legend(loc="upper left", ncols=2)
    return fig


@figure("metrics/roc-and-pr")
def roc_and_pr() -> Figure:
    """The ROC and the precision–recall curves of two models that cross, with the day's review queue on each."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, (roc, pr) = plt.subplots(1, 2, figsize=(7.2, 3.7))
    cuts = np.linspace(6.5, -2.5, 110)
    for label, model, dash, color in (("even", worked.MODEL, "-", BLUE), ("ring", worked.RING, "--", RED)):
        found = [model.recall(cut) for cut in cuts]
        rates = [model.false_positive_rate(cut) for cut in cuts]
        roc.plot(rates, found, dash, color=color, label=f"{label}, AUC {model.auc():.3f}")
        days = [worked.at_cut(cut, model) for cut in cuts]
        area = worked.average_precision_of(model)
        pr.plot(found, [d.precision for d in days], dash, color=color, label=f"{label}, AP {area:.2f}")
        queue = worked.at_alerts(model=model)
        roc.plot(queue.false_positive_rate, queue.recall, "o" if dash == "-" else "s", color=color)
        pr.plot(queue.recall, queue.precision, "o" if dash == "-" else "s", color=color)
    roc.set(xlabel="false-positive rate", ylabel="recall", xlim=(-0.01, 0.4), ylim=(0, 1.02), title="ROC")
    pr.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title="Precision–recall")
    roc.legend(loc="lower right")
    pr.legend(loc="upper right")
    return fig


@figure("metrics/precision-by-prevalence")
def precision_by_prevalence() -> Figure:
    """Precision over prevalence for three operating points of one model."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    shares = np.geomspace(0.0001, 0.5, 80)
    points = (
        ("1 % FPR", worked.at_rate(), "-", BLUE),
        ("break-even", worked.at_break_even(), "--", RED),
        ("capacity", worked.at_alerts(), "-.", GREEN),
    )
    for label, day, dash, color in points:
        rate = day.false_positive_rate
        values = [worked.precision_at(share, day.recall, rate) for share in shares]
        ax.plot(
            shares, values, dash, color=color, label=f"{label}: recall {100 * day.recall:.0f} %, FPR {100 * rate:.2f} %"
        )
    ax.axvline(payments.fraud_rate, color=palette.muted, linewidth=1, linestyle=(0, (2, 2)))
    ax.text(payments.fraud_rate, 1.01, "Payments, 0.2 %", ha="center", va="bottom", fontsize=10, color=palette.ink)
    ax.set(xscale="log", xlim=(0.0001, 0.5), ylim=(0, 1))
    ax.set_xticks([0.0001, 0.001, 0.01, 0.1, 0.5], ["0.01 %", "0.1 %", "1 %", "10 %", "50 %"])
    ax.set(xlabel="prevalence", ylabel="precision")
    ax.minorticks_off()
    ax.legend(loc="lower right", fontsize=10)
    return fig


@figure("metrics/reliability")
def reliability() -> Figure:
    """A reliability diagram on log axes of a simulated day, before and after undoing the sampling of good payments."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots()
    labels, _, truth = worked.simulate(998_000, 2_000, 7)
    ax.plot([1e-4, 1], [1e-4, 1], color=palette.muted, linewidth=1.2)
    for label, said, marker, color in (
        ("trained on 1 good payment in 20", worked.resampled(truth), "s", RED),
        ("the same, odds divided by 20", truth, "o", BLUE),
    ):
        mean, share, low, high = binned(said, labels)
        ax.errorbar(
            mean, share, [share - low, high - share], fmt=marker, color=color, label=label, markersize=5, linewidth=1.2
        )
    ax.set(xscale="log", yscale="log", xlim=(3e-4, 1.1), ylim=(5e-5, 1.1))
    ticks = [0.001, 0.01, 0.1, 1]
    ax.set_xticks(ticks, ["0.1 %", "1 %", "10 %", "100 %"])
    ax.set_yticks([0.0001, *ticks], ["0.01 %", "0.1 %", "1 %", "10 %", "100 %"])
    ax.set(xlabel="what the score says", ylabel="share that is fraud")
    ax.minorticks_off()
    ax.legend(loc="upper left", fontsize=10.5)
    return fig


def binned(said: FloatArray, labels: NDArray[np.int64]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mean score, share of frauds and its 95 % Wilson interval in bins a third of a decade wide; a bin needs 3 frauds."""
    rows = []
    edges = 10.0 ** np.arange(-4, 0.01, 1 / 3)
    for low, high in pairwise(edges):
        inside = (said >= low) & (said < high)
        frauds, total = int(labels[inside].sum()), int(inside.sum())
        if frauds >= 3:
            rows.append((float(said[inside].mean()), frauds / total, *worked.wilson(frauds, total)))
    mean, share, least, most = np.array(rows).T
    return mean, share, least, most
