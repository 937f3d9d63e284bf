"""The figures of one page. Serves docs/chapters/experiments/analyzing.md."""

from __future__ import annotations

from handbook.plot import figure, palette
from matplotlib.figure import Figure

from snippets.experiments.worked_analyzing import DAY, DAYS, EFFECT, Z, bounds, draws, z_seen


@figure("experiments/covariates")
def covariates() -> Figure:
    """One simulated experiment's effect and interval by covariate, beside the true effect."""
    fig = Figure(figsize=(6.0, 3.2))
    axes = fig.subplots()
    found = draws()
    axes.axvline(100 * EFFECT, color=palette.muted, linestyle="--", linewidth=1.2)
    axes.axvline(0, color=palette.muted, linewidth=0.8)
    for row, (name, effect) in enumerate(found):
        wrong = name == "clicks during the test"
        axes.errorbar(
            [100 * effect.difference],
            [-row],
            xerr=[100 * Z * effect.error],
            fmt="s" if wrong else "o",
            color=palette.series[1] if wrong else palette.series[0],
            capsize=4,
            markersize=7,
        )
    axes.set_yticks([-row for row in range(len(found))], [name for name, _ in found])
    axes.set_ylim(0.6 - len(found), 1.0)
    axes.set_xlim(-1.8, 3.4)
    axes.set_xlabel("relative effect on purchases, %")
    axes.text(100 * EFFECT + 0.08, 0.55, "true effect", color=palette.muted)
    return fig


@figure("experiments/bounds")
def stopping_bounds() -> Figure:
    """The |z| at which three sequential rules stop, by day, with 1.96 and the result that stopped a test on day 5."""
    fig = Figure()
    axes = fig.subplots()
    days = range(1, DAYS + 1)
    for place, (rule, style, mark) in enumerate(
        (("O'Brien–Fleming", "-", "o"), ("Pocock", "--", "s"), ("always valid", "-.", "^"))
    ):
        axes.plot(days, bounds(rule), style, marker=mark, markersize=4, color=palette.series[place], label=rule)
    axes.axhline(Z, color=palette.muted, linestyle=":")
    axes.plot([DAY], [z_seen()], "*", color=palette.ink, markersize=12)
    axes.text(DAY + 0.3, 2.07, "p = 0.03, day 5", color=palette.ink)
    axes.text(1.0, 1.62, "1.96", color=palette.muted)
    axes.set_ylim(1.4, 6)
    axes.set_xlabel("day")
    axes.set_ylabel("|z| that stops the test")
    axes.legend(loc="upper right")
    return fig
