"""The figures show what the worked numbers say."""

import pytest

from snippets.lifecycle import figures, worked


def test_the_ring_has_eight_boxes_and_every_way_back():
    (axes,) = figures.eight_boxes().axes
    words = [text.get_text() for text in axes.texts if text.get_text()]
    assert [word.split()[0] for word in words if word[0].isdigit()] == [str(n) for n in range(1, 9)]
    assert {"gate", "logs train", "reframe", "stop", "roll back"} <= set(words)
    centers = {figures.place(number) for number in range(1, 9)}
    assert len(centers) == 8
    for back, front in ((8, 1), (7, 2), (6, 3), (5, 4)):  # ways back run level
        assert figures.place(back)[1] == figures.place(front)[1]


def test_waits_and_costs_are_drawn_from_worked():
    (axes,) = figures.wait_by_utilization().axes
    curves = [line for line in axes.lines if len(line.get_xdata()) > 50]
    assert len(curves) == 3
    for line, servers in zip(curves, (1, 4, 16), strict=True):
        x, y = line.get_data()
        assert y[40] == pytest.approx(worked.waits_in_services(x[40] / 100, servers))
    assert len({line.get_linestyle() for line in curves}) == 3
    (axes,) = figures.retraining_cost().axes
    curves = [line for line in axes.lines if len(line.get_xdata()) > 50]
    assert [min(line.get_ydata()) for line in curves] == pytest.approx(
        [worked.best_retraining(), worked.best_retraining(0)], rel=1e-3
    )
