"""The safety page's figures show what its numbers say."""

import pytest

from snippets.llm_systems import figures_safety as figures
from snippets.llm_systems import worked_safety as worked


def test_every_way_in_and_out_crosses_a_boundary() -> None:
    (axes,) = figures.trust_boundaries().axes
    words = {text.get_text() for text in axes.texts}
    assert {"Customer", "Editors", "Anybody", "Model", "Tool gate", "Renderer", "Masking"} <= words
    dotted = [line for line in axes.lines if line.get_linestyle() == ":"]
    assert len(dotted) == 2


def test_retries_are_drawn_from_worked() -> None:
    (axes,) = figures.retries().axes
    independent, strikes, shared = (line.get_ydata() for line in axes.lines[:3])
    assert independent[13] == worked.passes(14)
    assert independent[-1] == pytest.approx(0.87, abs=0.005)
    assert list(strikes[:3]) == pytest.approx(list(independent[:3]))
    assert strikes[-1] == pytest.approx(1 - 0.95**3)
    assert list(shared) == pytest.approx([0.05] * 40)
