"""The figures of one page. Serves docs/chapters/llm-systems/safety.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure, palette

from snippets.llm_systems import worked_safety as worked
from snippets.llm_systems.red_team import passes_before_strikes
from snippets.systems._draw import BLUE, GREEN, OCHRE, RED, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("llm-systems/trust-boundaries")
def trust_boundaries() -> Figure:
    """Text that others write enters the model, what the model writes is untrusted again, and code stands on both sides."""
    board = Board(12, 12.4, (6.0, 6.2))
    board.box("Customer", 2.0, 1.1, 3.4, below="asks, own rights", color=OCHRE)
    board.box("Editors", 6.0, 1.1, 3.2, below="write articles", color=OCHRE)
    board.box("Anybody", 10.0, 1.1, 3.4, below="writes comments", color=RED)
    board.box("Rights filter", 6.0, 4.1, 6.4, below="groups from the session", color=GREEN)
    board.box("Model", 6.0, 6.9, 5.2, below="reads all, obeys anything", color=RED)
    board.box("Tool gate", 2.3, 9.6, 3.6, below="allow, ask, deny", color=GREEN)
    board.box("Renderer", 6.3, 9.6, 3.2, below="our links only", color=GREEN)
    board.box("Masking", 9.9, 9.6, 3.2, below="before it is kept", color=GREEN)
    board.box("Records", 2.3, 11.7, 3.6, color=BLUE)
    board.box("Screen", 6.3, 11.7, 3.2, color=BLUE)
    board.box("Log", 9.9, 11.7, 3.2, color=VIOLET)
    for name in ("Customer", "Editors", "Anybody"):
        board.arrow(name, "Rights filter")
    board.arrow("Rights filter", "Model")
    for name in ("Tool gate", "Renderer", "Masking"):
        board.arrow("Model", name)
    board.arrow("Tool gate", "Records")
    board.arrow("Renderer", "Screen")
    board.arrow("Masking", "Log")
    for y, words in ((2.55, "what others wrote"), (8.25, "what the model wrote")):
        board.ax.axhline(y, color=palette.muted, linestyle=":", linewidth=1.6)
        board.text(10.2 if y > 5 else 1.7, y + 0.02, words)
    return board.fig


@figure("llm-systems/retries")
def retries() -> Figure:
    """Chance that one attacker has passed a detector of 95 % recall, over the tries, for three kinds of tries."""
    import matplotlib.pyplot as plt

    fig: Figure
    fig, ax = plt.subplots(figsize=(6, 3.7))
    tries = range(1, 41)
    ax.plot(tries, [worked.passes(n) for n in tries], color=RED, label="independent tries")
    strikes = [passes_before_strikes(worked.RECALL, min(n, 3)) for n in tries]
    ax.plot(tries, strikes, color=BLUE, linestyle="--", label="account closed at 3 flags")
    ax.plot(tries, [1 - worked.RECALL] * len(tries), color=GREEN, linestyle=":", label="all tries share one fate")
    ax.plot(worked.tries_for_even(), worked.passes(worked.tries_for_even()), "o", color=RED)
    ax.annotate("14 tries: 51 %", (14, worked.passes(14)), (6, -14), textcoords="offset points", fontsize=11)
    ax.set(xlabel="tries by one attacker", ylabel="chance that one has passed", ylim=(0, 1), xlim=(0, 41))
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.legend(loc="upper left", frameon=False)
    return fig
