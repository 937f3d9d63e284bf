"""The figures of one page. Serves docs/chapters/llm-systems/serving.md.

Both are drawn from the worked numbers of `worked_serving`; two series always differ by dash or marker as well as by color.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from handbook.plot import figure, palette

from snippets.lifecycle import worked as lifecycle
from snippets.llm_systems import worked_serving as worked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, VIOLET, _ = palette.series


@figure("llm-systems/whole-by-rate")
def whole_by_rate() -> Figure:
    """95th percentile of the whole answer over questions a second on one machine, for three ways to run it."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.6))
    rates = (0.4, 0.8, 1.2, 1.6, 2.0)
    for name, label, look, color in (
        ("in turn", "prompts in turn", "s--", RED),
        ("chunks", "in chunks", "o-", BLUE),
        ("8 bits", "chunks, prefix, cap, 8 bits", "D-.", GREEN),
    ):
        ax.plot(rates, [worked.served(name, rate=r, count=600).whole for r in rates], look, color=color, label=label)
    ax.axhline(worked.whole_clock(), color=palette.muted, linestyle=":", linewidth=1.5)
    ax.text(2.02, worked.whole_clock() + 0.5, "6 s", ha="right", color=palette.ink, fontsize=10.5)
    ax.axvline(lifecycle.peak_questions(), color=palette.muted, linestyle=":", linewidth=1.5)
    ax.text(1.37, 27, "peak", ha="right", color=palette.ink, fontsize=10.5)
    ax.set(xlabel="questions a second on one machine", ylabel="whole answer, p95, seconds", ylim=(0, 30))
    ax.legend(loc="upper left", fontsize=10.5)
    return fig


@figure("llm-systems/speculative-by-batch")
def speculative_by_batch() -> Figure:
    """Speed-up by a draft over answers at once, for three lengths of context."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6.0, 3.3))
    batch = np.arange(1, 129)
    for context, look, color in ((0, "--", RED), (500, "-.", VIOLET), (worked.CONTEXT, "-", BLUE)):
        speed = [worked.faster(float(b), context) for b in batch]
        ax.plot(batch, speed, look, color=color, label=f"context of {context:,} tokens")
    ax.axhline(1, color=palette.muted, linestyle=":", linewidth=1.5)
    ax.set(xlabel="answers at once", ylabel="pace with a draft over pace without", ylim=(0, 2.2), xlim=(0, 130))
    ax.legend(loc="lower left", fontsize=10.5)
    return fig
