"""Where the eight designs lie: the delay of the label against the time to decide. Serves docs/systems/index.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure, palette

from snippets.cases import assistant, marketplace, payments
from snippets.systems import ads, feed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOUR, DAY = 3_600.0, 86_400.0
RECOMMENDATION_SECONDS = 0.15  # the brief of the recommendation design
SAID_DAY = 1.0  # days until a grader, a feed's own window or the next till has the last word
NIGHT_HOURS = 5.5  # from the last till to the final order file

# seconds to decide, days until the label is final, where the name stands
PLACES: dict[str, tuple[float, float, str]] = {
    "recommendation": (RECOMMENDATION_SECONDS, marketplace.attribution_days + marketplace.dispute_days, "above"),
    "search": (marketplace.search_p99_ms / 1e3, marketplace.attribution_days + marketplace.dispute_days, "below"),
    "ads": (ads.AD_MILLISECONDS / 1e3, marketplace.attribution_days, "below"),
    "feed": (feed.LATENCY / 1e3, SAID_DAY, "below"),
    "fraud": (payments.score_p99_ms / 1e3, payments.label_maturity_days, "below"),
    "moderation": (HOUR, HOUR / DAY, "above"),
    "forecasting": (NIGHT_HOURS * HOUR, SAID_DAY, "above"),
    "support": (assistant.first_token_p95_ms / 1e3, SAID_DAY, "above"),
}
WEEK = 7.0


@figure("systems/delay-and-time")
def delay_and_time() -> Figure:
    """One point a design, on logarithmic axes, and the line beyond which an alarm can't wait."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 4.4))
    ax.axvline(2.5, color=palette.series[1], linestyle="--", linewidth=1.5)
    ax.text(2.9, 6 * HOUR, "alarms without labels", color=palette.ink, fontsize=10.5)
    for name, (seconds, days, side) in PLACES.items():
        ax.plot(days, seconds, marker="o", markersize=8, color=palette.series[0], linestyle="none")
        up = side == "above"
        ax.annotate(
            name,
            (days, seconds),
            (0, 9 if up else -9),
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            color=palette.ink,
            fontsize=11,
        )
    ax.set(xscale="log", yscale="log", xlim=(0.015, 400), ylim=(0.02, 4 * DAY))
    ax.set_yticks([0.1, 1, 60, HOUR, DAY], ["0.1 s", "1 s", "1 min", "1 h", "1 day"])
    ax.set_xticks([HOUR / DAY, 1, WEEK, 30, 90], ["1 h", "1 day", "7 d", "30 d", "90 d"])
    ax.minorticks_off()
    ax.set(xlabel="until the label is final", ylabel="to decide")
    return fig
