"""The figures of one page. Serves docs/chapters/experiments/observational.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.experiments.worked_observational import POLICIES, break_even, curve, curve_of


@figure("experiments/overlap")
def overlap() -> Figure:
    """Where users with and without alerts lie by activity, and the effect there beside what alerts must bring."""
    fig = Figure(figsize=(6.0, 4.0))
    people, effects = fig.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    x, weight, chance, _, effect = curve()
    scale = 1 / (x[1] - x[0])
    without, with_alerts = scale * weight * (1 - chance), scale * weight * chance
    people.fill_between(x, without, color=palette.series[0], alpha=0.25, linewidth=0)
    people.plot(x, without, color=palette.series[0], label="without alerts")
    people.plot(x, with_alerts, "--", color=palette.series[1], label="with alerts")
    inside = x[(chance > 0.1) & (chance < 0.9)]
    for axes in (people, effects):
        axes.axvspan(inside[0], inside[-1], color=palette.muted, alpha=0.15, linewidth=0)
    people.text((inside[0] + inside[-1]) / 2, 0.43, "chance 10–90 %", color=palette.ink, ha="center")
    people.set_ylim(0, 0.48)
    people.set_yticks([])
    people.set_ylabel("users")
    people.legend(loc="upper left")
    effects.plot(x, 100 * effect, color=palette.ink)
    effects.axhline(break_even(), color=palette.muted, linestyle=":")
    effects.text(-2.9, break_even() + 0.15, "pays from here", color=palette.muted)
    effects.set_ylabel("effect, points")
    effects.set_xlabel("activity, standard deviations from the mean")
    effects.set_xlim(-3, 3.5)
    return fig


@figure("experiments/bandit-loss")
def bandit_loss() -> Figure:
    """Clicks lost by four policies over the banner's life."""
    fig = Figure()
    axes = fig.subplots()
    shown = [policy for policy in POLICIES if policy not in ("UCB, clicks", "split, drop")]
    for place, (policy, style) in enumerate(zip(shown, (":", "--", "-.", "-"), strict=True)):
        views, loss = curve_of(policy)
        color = palette.series[place]
        axes.plot(views / 1_000, loss, style, color=color, label=policy)
    axes.set_xlabel("thousand views")
    axes.set_ylabel("clicks lost")
    axes.set_xlim(0, 15)
    axes.set_ylim(0, 210)
    axes.legend(loc="upper left")
    return fig
