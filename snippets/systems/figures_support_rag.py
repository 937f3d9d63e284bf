"""The diagram of one design. Serves docs/systems/support-rag.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbook.plot import figure

from snippets.systems._draw import GREEN, OCHRE, VIOLET, Board

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@figure("systems/support-rag")
def support_rag() -> Figure:
    """The question's path downward with its one gate, the articles beside it, the log and the way back to a release."""
    board = Board(12, 15.6, (6.0, 7.8))
    board.box("Question", 3.9, 0.9, 6.6, below="session, rights, input filter", color=OCHRE)
    board.box("Words", 2.2, 3.2, 3.2, below="codes, names")
    board.box("Vectors", 5.7, 3.2, 3.2, below="exact search")
    board.box("Merge, rerank", 3.9, 5.4, 5.4, below="40, then 6 passages")
    board.box("Read, gate", 3.9, 7.6, 6.6, below="confidence by kind, before a word", color=OCHRE)
    board.box("Ask back", 1.5, 10.0, 2.6, below="if unclear")
    board.box("Answer", 4.5, 10.0, 2.8, below="cites spans")
    board.box("Agent", 7.2, 10.0, 2.2, below="with passages")
    board.box("Check", 4.5, 12.2, 5.2, below="strings before, judge after", color=VIOLET)
    board.box("Articles", 10.0, 0.9, 3.4, below="60 edits a day", color=VIOLET)
    board.box("Index", 10.0, 3.2, 3.4, below="rights, versions", color=VIOLET)
    board.box("Log", 3.9, 14.6, 7.2, below="passages, spans, release, outcome", color=GREEN)
    board.box("Grades", 10.0, 14.6, 3.0, below="people, judge", color=GREEN)
    board.box("Golden set", 10.0, 11.5, 3.0, below="old against new", color=GREEN)
    board.box("Release", 10.0, 7.6, 3.0, high=1.9, below="prompt, model,\nsettings, gates", color=VIOLET)
    board.arrow("Question", "Words")
    board.arrow("Question", "Vectors")
    board.arrow("Words", "Merge, rerank")
    board.arrow("Vectors", "Merge, rerank", "Read, gate", "Ask back")
    board.arrow("Read, gate", "Answer")
    board.arrow("Read, gate", "Agent")
    board.arrow("Answer", "Check")
    for name, x in (("Ask back", 1.2), ("Check", 4.5), ("Agent", 7.3)):
        board.down(name, "Log", x, later=True)
    board.arrow("Articles", "Index", later=True)
    board.text(10.0, 2.05, "minutes")
    board.arrow("Index", "Vectors")
    board.arrow("Log", "Grades", "Golden set", "Release", "Read, gate", later=True)
    board.route((11.5, 14.6), (11.9, 14.6), (11.9, 0.9), (11.7, 0.9))
    board.text(11.9, 5.4, "what is missing", upright=True)
    return board.fig
