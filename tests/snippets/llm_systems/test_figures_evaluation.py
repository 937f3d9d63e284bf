"""The figure shows what the worked numbers say."""

import pytest

from snippets.llm_systems import figures_evaluation, worked_evaluation


def test_the_curve_starts_at_people_alone_and_passes_through_the_judge():
    (axes,) = figures_evaluation.judge_worth().axes
    curve = next(line for line in axes.lines if len(line.get_xdata()) > 50)
    x, y = curve.get_data()
    assert y[0] == 300
    assert y[80] == pytest.approx(300 / (1 - x[80] ** 2))
    points = {
        line.get_marker(): (line.get_xdata()[0], line.get_ydata()[0])
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }
    assert points["s"] == pytest.approx((worked_evaluation.judge_correlation(), 534), abs=0.1)
    assert points["o"][1] == pytest.approx(3_000)
